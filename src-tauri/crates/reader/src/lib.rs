//! PDFs as pictures, text, running text, outline and links, by PDFium.
//!
//! A document arrives as `Read + Seek`; the crate knows no file name, no database, no vault and no window.
//! Lanes (`lane.rs`) take jobs from one priority queue (`queue.rs`) and give each to an engine: on Linux a helper process in a
//! cage (`caged`), elsewhere PDFium in this process (`in_process.rs`). What was drawn becomes PNG on a small pool
//! (`encode.rs`) while the next is drawn. Callers block in [`Reader`], from any thread, and can cancel by [`Ticket`].
//! Everything is bounded, see [`limits`].
//!
//! What a broken file can do: PDFium reports most damage, and it is `Damaged` here; sizes that cannot be
//! are replaced; a panic of the binding ends in `Damaged` and closes the document; a drawing is stopped
//! between two objects once nobody wants it. In a helper that is all: one that crashes, hangs or breaks a rule is ended, its job
//! gets an error with a name, and the next job a new helper that opens its document again. In process a file over which PDFium
//! broods keeps it at work until it is through, and an unknown fault in PDFium ends the process.

pub mod limits;

#[cfg(target_os = "linux")]
mod caged;
mod dark;
mod document;
mod encode;
mod engine;
mod error;
mod flow;
mod geometry;
mod guard;
mod hidden;
mod in_process;
mod lane;
mod library;
mod links;
mod outline;
mod paper;
mod pdfium;
mod pixels;
mod queue;
mod reader;
mod reply;
mod shared;
mod source;
mod start;
mod target;
mod text;

#[cfg(all(target_os = "linux", fuzzing))]
pub use caged::fuzzing;
#[cfg(target_os = "linux")]
#[doc(hidden)]
pub use caged::helper;
pub use document::Nature;
pub use encode::{Encoded, Timing};
pub use error::{ReaderError, Result};
pub use flow::{Block, BlockKind, PageFlow, Span};
pub use geometry::{DocId, PageGeometry, PageSize, Rect, Rotation, Ticket, TileRect};
pub use guard::Guard;
pub use hidden::AnnotationPlace;
pub use links::Link;
pub use outline::{Outline, OutlineEntry};
pub use queue::Priority;
pub use reader::{Home, Reader, ReaderConfig, RenderRequest};
pub use source::ReadSeekSend;
pub use target::{Destination, Refused, Target, WebAddress};
pub use text::{PageText, TextLine};
