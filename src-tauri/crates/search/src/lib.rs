//! Search over plain text on the device: German words in all their forms, parts of compounds, slips, phrases.
//! Not here: network, PDF, what the ids mean. Texts and opaque ids come in, ids and snippets go out.
//!
//! One index is one encrypted file per trust domain, so that forgetting a domain forgets its index; [`search`] merges them.

mod batch;
mod catalog;
mod distance;
mod document;
mod error;
mod expression;
mod find;
mod fold;
mod hits;
mod index;
mod matching;
mod page_rows;
mod query;
mod rank;
mod schema;
mod search;
mod snippet;
mod stem;
mod stored;
mod texts;
mod vocabulary;

pub use batch::Batch;
pub use document::{Content, Document, Fields, Id, Kind, State};
pub use error::SearchError;
pub use hits::{Filter, Hit, Hits, Limits, Nearness, PageHit, Request};
pub use index::{Index, Progress};
pub use matching::Slips;
pub use query::{Query, Typing};
pub use search::search;
pub use snippet::Snippet;
pub use texts::Texts;
