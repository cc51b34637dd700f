//! What can go wrong with an index. No text stands in an error.

use vault::DbError;

/// Why something was not indexed or searched.
#[derive(Debug, thiserror::Error)]
pub enum SearchError {
    /// A row that this app does not understand: the index should be deleted and begun anew.
    #[error("a row of the index cannot be read")]
    BadRow,
    /// More pages than an index can number.
    #[error("the document has too many pages")]
    TooManyPages,
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl SearchError {
    /// The stable code of this error.
    pub fn code(&self) -> &'static str {
        match self {
            Self::BadRow => "index_damaged",
            Self::TooManyPages => "index_too_many_pages",
            Self::Db(error) => error.code(),
        }
    }
}

impl From<rusqlite::Error> for SearchError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Db(error.into())
    }
}
