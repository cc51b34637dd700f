//! PDFium in helper processes, on Linux. The host (`host.rs`, `process.rs`) starts the program `ratsmappe-pdf`, gives it bytes of the
//! document when it asks, and takes its answers after checking them (`believe.rs`); the helper (`helper.rs`) closes its cage
//! (`door.rs`) before it sees the first byte. They talk in messages with a length (`frame.rs`, `wire.rs`); pixels lie in memory
//! of a fixed size that both have (`picture.rs`).

mod believe;
mod door;
mod flat;
mod frame;
#[cfg(any(test, fuzzing))]
pub mod fuzzing;
pub mod helper;
mod host;
mod picture;
mod process;
#[cfg(test)]
mod tests;
mod wire;

pub(crate) use host::Caged;
pub(crate) use process::HelperPlan;
