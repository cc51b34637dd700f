//! What the stories share: programs that end with their owner, the window's driver. No product code.

pub mod council;
pub mod process;
pub mod story;
pub mod window;
