//! The only place where the program prints: text for people, or one JSON value for machines.
//! Errors and progress go to the error stream, so that the answer stays readable by machines.

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
    #[allow(clippy::print_stdout, reason = "this module is the one that prints")]
    pub fn say(&self, text: &str, value: &Value) {
        if self.json { println!("{value}") } else { println!("{text}") }
    }

    /// Tells about progress; never part of the answer.
    pub fn progress(&self, text: &str) {
        eprintln!("{text}");
    }

    /// Prints an error with its causes.
    pub fn failed(error: &anyhow::Error) {
        eprintln!("{error}");
        for cause in error.chain().skip(1) {
            eprintln!("  weil: {cause}");
        }
    }
}
