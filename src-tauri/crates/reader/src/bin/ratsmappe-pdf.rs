//! The program that PDFium runs in on Linux, started by the app and of no use by hand: see `reader::caged`.

use std::process::ExitCode;

#[cfg(target_os = "linux")]
fn main() -> ExitCode {
    let library = std::env::args_os().nth(1).unwrap_or_default();
    reader::helper::run(library.as_ref())
}

/// Elsewhere PDFium runs in the app.
#[cfg(not(target_os = "linux"))]
fn main() -> ExitCode {
    ExitCode::FAILURE
}
