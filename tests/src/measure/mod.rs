//! The parts of the measuring program: one file for each measurement, and what they share.

pub mod figures;
pub mod first_page;
pub mod first_sync;
pub mod memory;
pub mod nginx;
pub mod nothing_new;
pub mod proxy;
pub mod scroll;
pub mod supply;
