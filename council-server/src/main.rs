//! The program `council-server`: reads the command line and does it. Everything else is in the library.

use std::process::ExitCode;

use clap::Parser;
use council_server::cli::{self, Arguments, out::Out};

fn main() -> ExitCode {
    #[cfg(target_os = "linux")]
    if let Err(error) = council_server::no_dump::refuse() {
        eprintln!("council-server: a crash may leave a dump of its memory: {error}");
    }
    match cli::run(Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            Out::failed(&error);
            ExitCode::FAILURE
        }
    }
}
