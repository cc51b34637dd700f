//! What can keep a paper from being exported.

/// Why an export failed. None of them holds words of a paper or a note.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The file is protected by a password or by rights; adding to it would break the protection.
    #[error("the file is protected")]
    Protected,
    /// Its table of contents is damaged: readers get by with guessing, but nothing can be added behind it. A copy that PDFium
    /// writes anew can be.
    #[error("the file's cross-reference data is damaged")]
    NeedsRepair,
    /// It is no PDF that can be read.
    #[error("the file cannot be read")]
    Unreadable(#[source] lopdf::Error),
    /// It has no such page.
    #[error("page {page} of {page_count}")]
    NoSuchPage {
        /// Asked for, counted from 0.
        page: u32,
        /// What the file has.
        page_count: u32,
    },
    /// A page's own objects contradict each other.
    #[error("a page is damaged")]
    PageDamaged(#[source] lopdf::Error),
    /// The bundled letters could not be read; a mistake in this program.
    #[error("the font cannot be used")]
    Font,
    /// The result could not be put together in memory.
    #[error("the result cannot be written")]
    Write(#[source] std::io::Error),
    /// It holds more than what can be taken along in one file.
    #[error("too large")]
    TooLarge,
}

impl ExportError {
    /// A stable name for whoever acts on it.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Protected => "protected",
            Self::NeedsRepair => "needs_repair",
            Self::Unreadable(_) => "unreadable",
            Self::NoSuchPage { .. } => "no_such_page",
            Self::PageDamaged(_) => "page_damaged",
            Self::Font => "font",
            Self::Write(_) => "write",
            Self::TooLarge => "too_large",
        }
    }
}

/// What most functions here give.
pub(crate) type Result<T> = std::result::Result<T, ExportError>;
