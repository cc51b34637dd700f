//! The only place where the program prints: text for people, or one JSON value for machines.
//! Errors and progress go to the error stream, so that the answer stays readable by machines.

use std::io::{IsTerminal, Write};

use serde_json::Value;

/// How answers are printed.
#[derive(Clone, Copy, Debug)]
pub struct Out {
    json: bool,
}

impl Out {
    #[must_use]
    pub fn new(json: bool) -> Self {
        Self { json }
    }

    /// Prints an answer: `text` for people, `value` for machines.
    pub fn say(&self, text: &str, value: &Value) {
        let mut stderr = std::io::stderr().lock();
        if stderr.is_terminal() {
            let _ = write!(stderr, "\r\u{1b}[K");
        }
        drop(stderr);
        let mut stdout = std::io::stdout().lock();
        // Whoever closed the pipe wants no answer; that is no failure of the command.
        let _ = if self.json {
            writeln!(stdout, "{value}")
        } else {
            writeln!(stdout, "{text}")
        };
        let _ = stdout.flush();
    }

    /// Tells about progress; never part of the answer.
    pub fn progress(&self, text: &str) {
        let mut stderr = std::io::stderr().lock();
        // In a terminal one line is enough; in a log each step has its own.
        let is_terminal = stderr.is_terminal();
        let _ = if is_terminal {
            write!(stderr, "\r\u{1b}[K{text}")
        } else {
            writeln!(stderr, "{text}")
        };
        let _ = stderr.flush();
    }

    /// Prints an error with its causes.
    pub fn failed(error: &anyhow::Error) {
        eprintln!("{error}");
        for cause in error.chain().skip(1) {
            eprintln!("  weil: {cause}");
        }
    }
}
