//! What the stories share: programs that end with their owner, the window's driver. No product code.

pub mod annotating;
pub mod app;
pub mod barriers;
pub mod council;
pub mod faction_story;
pub mod faction_writer;
pub mod intake;
pub mod kill_round;
pub mod large_text;
pub mod locking;
pub mod meetings_story;
pub mod new_version;
pub mod own_notes;
pub mod pdf;
pub mod process;
pub mod reading_views;
pub mod second_council;
pub mod sizing;
pub mod special_files;
pub mod storage_steps;
pub mod story;
pub mod tablet;
pub mod taking_along;
pub mod town;
pub mod ways;
pub mod window;
