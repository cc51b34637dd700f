//! What can go wrong in this crate, by name. Holds no title, text or key of a document.

use std::path::PathBuf;
use std::sync::Arc;

use pdfium_render::prelude::PdfiumError;

/// Every failure a caller of [`crate::Reader`] can meet.
#[derive(Debug, Clone, thiserror::Error)]
pub enum ReaderError {
    /// The file, or the page asked for, cannot be read as PDF. A file without pages counts too.
    #[error("the document is damaged")]
    Damaged,
    /// The file opens only with a password, and the reader was given none, or another.
    #[error("the document is protected by a password")]
    PasswordProtected,
    /// The file, its page count or the requested image is beyond the limits of [`crate::limits`].
    #[error("the document or the requested image is too large")]
    TooLarge,
    /// The page number is not in the document.
    #[error("the document has no such page")]
    PageOutOfRange,
    /// The document was never opened, was closed, or gave way to newer ones. Open it again.
    #[error("the document is not open")]
    UnknownDocument,
    /// The request makes no sense: a scale that is no positive number, a tile outside the page.
    #[error("the request names no part of the page")]
    BadRequest,
    /// The request was withdrawn by its ticket.
    #[error("the request was cancelled")]
    Cancelled,
    /// PDFium has worked on one job for longer than the limit. The document at fault is closed
    /// as soon as PDFium comes back; until then every request ends with this error.
    #[error("the document takes too long")]
    Unresponsive,
    /// The reader has ended.
    #[error("the reader has stopped")]
    Stopped,
    /// PDFium could not be loaded from this path.
    #[error("PDFium cannot be loaded from {}", path.display())]
    LibraryMissing {
        /// Where the library was looked for.
        path: PathBuf,
        /// What the loader said.
        #[source]
        source: Arc<PdfiumError>,
    },
    /// The operating system gave no thread.
    #[error("the reader's thread cannot be started")]
    NoThread(#[source] Arc<std::io::Error>),
}

impl ReaderError {
    /// A stable word for the page to act on.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Damaged => "document_damaged",
            Self::PasswordProtected => "document_password",
            Self::TooLarge => "document_too_large",
            Self::PageOutOfRange => "page_out_of_range",
            Self::UnknownDocument => "document_not_open",
            Self::BadRequest => "bad_request",
            Self::Cancelled => "cancelled",
            Self::Unresponsive => "document_too_slow",
            Self::Stopped => "reader_stopped",
            Self::LibraryMissing { .. } => "pdfium_missing",
            Self::NoThread(_) => "internal",
        }
    }
}

/// The result of everything here.
pub type Result<T> = std::result::Result<T, ReaderError>;
