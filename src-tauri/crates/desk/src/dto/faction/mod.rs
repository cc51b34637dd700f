//! Border types of faction spaces: who belongs to one, what is shared and written there, and what of it is new.

mod news;
mod people;
mod share;
mod talk;

pub use news::*;
pub use people::*;
pub use share::*;
pub use talk::*;
