//! The program `council-server`: reads the command line and does it. Everything else is in the library.

use std::process::ExitCode;

use clap::Parser;
use council_server::cli::{self, Arguments, out::Out};

fn main() -> ExitCode {
    match cli::run(Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            Out::failed(&error);
            ExitCode::FAILURE
        }
    }
}
