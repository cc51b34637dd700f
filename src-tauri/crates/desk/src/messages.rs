//! What people read when something fails: what happened, whether anything is lost, what to do next.
//!
//! German is the source, English complete; both tables are exhaustive, so a new code does not compile without its
//! sentences. No other user text lives in desk, except the few words of `words.rs`.

mod english;
mod german;

use crate::error::ErrorCode;

/// The language that messages are made in, once "system" is decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Speech {
    De,
    En,
}

/// The three things that every failure is told with; one sentence each, with its full stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Told {
    pub happened: &'static str,
    /// What is not lost, or not changed.
    pub kept: &'static str,
    /// What to do now, or who helps.
    pub next: &'static str,
}

impl Told {
    /// All three in a row.
    pub fn text(&self) -> String {
        [self.happened, self.kept, self.next].join(" ")
    }
}

/// A table of texts: each code, what happened, what is kept, what next.
macro_rules! texts {
    ($($code:ident $happened:literal $kept:literal $next:literal;)*) => {
        pub(super) fn told(code: crate::error::ErrorCode) -> super::Told {
            match code {
                $(crate::error::ErrorCode::$code => super::Told {
                    happened: $happened,
                    kept: $kept,
                    next: $next,
                },)*
            }
        }
    };
}
use texts;

/// What is said of a code.
pub fn told(code: ErrorCode, speech: Speech) -> Told {
    match speech {
        Speech::De => german::told(code),
        Speech::En => english::told(code),
    }
}

// Meets: O.Source_4
/// The same as one text.
pub fn message(code: ErrorCode, speech: Speech) -> String {
    told(code, speech).text()
}
