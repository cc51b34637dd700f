//! What a disk may hold when its power fails: a record of everything that a program did to its folder, the folders that may be
//! found afterwards, and what must be found in each of them.

pub mod changing;
pub mod disk;
pub mod locked;
pub mod marked;
pub mod opened;
pub mod record;
pub mod round;
pub mod server;
