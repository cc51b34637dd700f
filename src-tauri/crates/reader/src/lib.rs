//! PDFs as pictures, text, running text, outline and links, by PDFium.
//!
//! A document arrives as `Read + Seek`; the crate knows no file name, no database, no vault and no window.
//! One thread owns PDFium (`worker.rs`) and takes jobs from a priority queue (`queue.rs`); what it has
//! drawn becomes WebP on a small pool (`encode.rs`) while it draws on. Callers block in [`Reader`], from
//! any thread, and can cancel by [`Ticket`]. Everything is bounded, see [`limits`].
//!
//! What a broken file can do: PDFium reports most damage, and it is `Damaged` here; sizes that cannot be
//! are replaced; a panic of the binding ends in `Damaged` and closes the document; a drawing is stopped
//! between two objects once nobody wants it; and a file over which PDFium broods elsewhere makes its
//! caller, and whoever waits behind it, return `Unresponsive`. What it can still do: keep the PDFium thread
//! at work until PDFium is through, for a thread cannot be stopped from outside (known: a form whose fields
//! double at every level *and* stand on the page), or, by an unknown fault in PDFium, end the process.
//! No process is started here, as Android allows none.

pub mod limits;

mod dark;
mod document;
mod encode;
mod error;
mod flow;
mod geometry;
mod hidden;
mod library;
mod links;
mod outline;
mod pdfium;
mod pixels;
mod queue;
mod reader;
mod reply;
mod source;
mod target;
mod text;
mod worker;

pub use document::Nature;
pub use encode::{Encoded, Timing};
pub use error::{ReaderError, Result};
pub use flow::{Block, BlockKind, PageFlow, Span};
pub use geometry::{DocId, PageGeometry, PageSize, Rect, Rotation, Ticket, TileRect};
pub use hidden::AnnotationPlace;
pub use links::Link;
pub use outline::{Outline, OutlineEntry};
pub use queue::Priority;
pub use reader::{Reader, RenderRequest};
pub use source::ReadSeekSend;
pub use target::{Destination, Refused, Target, WebAddress};
pub use text::{PageText, TextLine};
