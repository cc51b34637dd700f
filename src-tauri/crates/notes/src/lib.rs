//! The member's private notes, marks and reading places: they never leave the device.
//! Not here: network, PDF, council data. A mark knows ids of council objects and nothing else of them.
//!
//! All of it lies in `private.db`. Every change is one transaction and durable when the call returns.

mod anchor;
mod backing_up;
mod body_columns;
mod error;
mod history;
mod ink;
mod kept_versions;
mod kept_words;
mod kind;
mod lists;
mod mark;
mod marks;
mod page_words;
mod passwords;
mod reading;
mod salvage;
mod schema;
mod settings;
mod shared;
mod store;
mod sync_log;
mod tally;
mod transfer;
mod transfers;
mod versions;
mod wishes;

pub use anchor::{Anchor, Quote, Rect, Target, TargetKey, TargetKind};
pub use backing_up::NotesCount;
pub use error::NotesError;
pub use history::{Action, Done, HistoryState};
pub use ink::{InkError, InkPoint, Stroke, decode_ink, encode_ink};
pub use kept_words::FileVersion;
pub use kind::{Color, MarkKind, Stamp};
pub use mark::{Mark, MarkBody, MarkChange, MarkDraft, MarkId, Markup, Shape};
pub use marks::Deed;
pub use page_words::{PageLetters, PageWords};
pub use reading::{Place, ReadingPlace};
pub use salvage::Salvaged;
pub use shared::SharedCopy;
pub use store::NoteStore;
pub use sync_log::{FailureReason, FileFailure, RUNS_KEPT, SyncRun};
pub use tally::Tally;
pub use transfer::{Found, How, NewPages, OldPages, plan_transfer};
pub use transfers::{Placed, Transfer};
pub use vault::{AudienceId, BlobId, CouncilId, ObjectId};
pub use wishes::FileWish;
