//! Search over plain text on the device: German words in all their forms, parts of compounds, slips, phrases.
//! Not here: network, PDF, what the ids mean. Texts and opaque ids come in, ids and snippets go out.

mod distance;
mod fold;
mod matching;
mod query;
mod snippet;
mod stem;

pub use query::{Query, Typing};
pub use snippet::Snippet;
