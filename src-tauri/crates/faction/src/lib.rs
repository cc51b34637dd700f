//! The faction space on one device: verified roster, seeds, what was said, what waits to be sent. It lies in `faction.db`, which
//! is precious: unsent edits and seeds exist nowhere else.
//! Not here: the network (crate `sync` carries bytes), private notes (only what `desk` copies into a [`Shareable`] enters), Tauri.
//!
//! ```text
//! take_links → take_boxes → take_envelopes      what came from the server, verified
//! say → next_upload → uploaded | was_refused    what goes to it, sealed with the newest seed at that moment
//! ```

mod digest;
mod document;
mod error;
mod exchange;
mod intent;
mod invitations;
mod invite;
mod items;
mod joining;
mod merging;
mod news;
mod outbox;
mod outlines;
mod positions;
mod reading;
mod receive;
mod rows;
mod schema;
mod shareable;
mod snapshots;
mod space;
mod store;
mod things;
mod view;

pub use document::{DocumentKind, DocumentView, Edit, TextPart, ValueField};
pub use error::FactionError;
pub use intent::{Intent, RosterUpload};
pub use invitations::{InvitationState, OpenInvitation};
pub use invite::{Invited, Newcomer};
pub use items::{Anchor, Readers};
pub use joining::{Join, Joining, Recovery};
pub use news::Arrival;
pub use outbox::Upload;
pub use outlines::Outline;
pub use reading::Reading;
pub use receive::{RefusedEnvelope, TakenEnvelopes, TakenLinks};
pub use shareable::{Copy, MarkCopy, Shareable, SharedRect};
pub use snapshots::{Gathered, SnapshotDraft};
pub use space::{Member, MemberDevice, Space};
pub use store::{FactionStore, Founded, SpaceRecord};
pub use view::{ClassKeys, Closed, Said, Shown};
