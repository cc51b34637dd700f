//! What can go wrong in this crate, by name. Holds no title, text or key of a document.

use std::path::PathBuf;
use std::sync::Arc;

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
    /// PDFium has worked on one job for longer than the limit. Its helper was ended, and the next job gets a new one; in this
    /// process the document at fault is closed as soon as PDFium comes back.
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
        source: Arc<dyn std::error::Error + Send + Sync>,
    },
    /// The program that PDFium runs in could not be started from this path.
    #[error("the PDF helper cannot be started from {}", path.display())]
    HelperMissing {
        /// Where the program was looked for.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: Arc<std::io::Error>,
    },
    /// A rule that keeps PDFium from the device could not be set up, so PDFium was not started.
    #[error("the PDF helper cannot be kept from the device: {0}")]
    CageOpen(&'static str),
    /// The helper ended while it worked on this: PDFium crashed, tried what it may not, or the system ended it. The next job
    /// gets a new one.
    #[error("the PDF helper ended over this")]
    HelperEnded,
    /// The helper answered what cannot be, so it was ended. The next job gets a new one.
    #[error("the PDF helper cannot be believed")]
    Distrusted,
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
            Self::HelperMissing { .. } => "helper_missing",
            Self::CageOpen(_) => "cage_open",
            Self::HelperEnded => "helper_ended",
            Self::Distrusted => "helper_distrusted",
            Self::NoThread(_) => "internal",
        }
    }
}

/// The result of everything here.
pub type Result<T> = std::result::Result<T, ReaderError>;
