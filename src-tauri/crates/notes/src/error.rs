//! What can go wrong with notes. No text of a note stands in an error.

use crate::ink::InkError;
use vault::{DbError, QuoteError};

/// Why a note was not read or changed. A change that failed left nothing behind.
#[derive(Debug, thiserror::Error)]
pub enum NotesError {
    /// There is no such mark, or it has been deleted.
    #[error("there is no such mark")]
    NoSuchMark,
    /// A colour that this kind of mark does not have, or a change that it does not take.
    #[error("this kind of mark does not take this change")]
    NotForThisKind,
    /// A mark can move to another revision of its file, not to another object.
    #[error("a mark stays with its object")]
    AnchorElsewhere,
    /// A rectangle is not finite or turned inside out, or a page stands without a file.
    #[error("the place of the mark is not possible")]
    BadPlace,
    /// Text beyond 100,000 characters.
    #[error("the text is too long")]
    TextTooLong,
    /// The strokes cannot be stored.
    #[error(transparent)]
    Ink(#[from] InkError),
    /// The quotation could not be sealed.
    #[error(transparent)]
    Quote(QuoteError),
    /// A row that this app does not understand.
    #[error("a stored mark cannot be read")]
    BadRow,
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl NotesError {
    /// The stable code of this error.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoSuchMark => "mark_not_found",
            Self::NotForThisKind => "mark_not_for_kind",
            Self::AnchorElsewhere => "mark_anchor_elsewhere",
            Self::BadPlace => "mark_bad_place",
            Self::TextTooLong => "text_too_long",
            Self::Ink(_) => "ink_too_large",
            Self::Quote(error) => error.code(),
            Self::BadRow => "internal",
            Self::Db(error) => error.code(),
        }
    }
}

impl From<rusqlite::Error> for NotesError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Db(error.into())
    }
}
