//! Reading a damaged database as far as it opens. Not what is brought back from it (see crate `notes`).

use crate::atomic;
use crate::database::{Check, DbError, delete, open};
use crate::secret::SecretKey;
use rusqlite::Connection;
use std::path::{Path, PathBuf};

/// A damaged database, readable as far as its pages open, through a copy that goes when this is dropped.
#[derive(Debug)]
pub struct MovedAside {
    copy: PathBuf,
    key: SecretKey,
}

impl MovedAside {
    pub(crate) fn copy(path: &Path, key: SecretKey) -> Result<Self, DbError> {
        let copy = atomic::with_suffix(path, ".reading");
        delete(&copy)?;
        std::fs::copy(path, &copy)?;
        let log = atomic::with_suffix(path, "-wal");
        if log.exists() {
            std::fs::copy(&log, atomic::with_suffix(&copy, "-wal"))?;
        }
        Ok(Self { copy, key })
    }

    /// A connection to it. After a page that does not open, SQLCipher lets it read nothing more: take a new one.
    ///
    /// Errors: [`DbError::Damaged`] if not even the first page opens.
    pub fn open(&self) -> Result<Connection, DbError> {
        open(&self.copy, &self.key, Check::Key)
    }
}

impl Drop for MovedAside {
    fn drop(&mut self) {
        // What stays behind after an error is encrypted, and deleted when the file is read again.
        let _ = delete(&self.copy);
    }
}
