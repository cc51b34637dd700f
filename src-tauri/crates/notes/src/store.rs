//! The store of notes: one connection to `private.db`, one change at a time. The operations stand in their own files.

use crate::error::NotesError;
use crate::kept_versions::KeptVersions;
use crate::schema::MIGRATIONS;
use rusqlite::{Connection, Transaction, TransactionBehavior};
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use vault::{DbError, Vault};

/// The member's private notes. Can be shared between threads; drop it before the vault is locked.
pub struct NoteStore {
    pub(crate) vault: Arc<Vault>,
    pub(crate) bodies: KeptVersions,
    connection: Mutex<Connection>,
}

impl fmt::Debug for NoteStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("NoteStore(hidden)")
    }
}

/// Decrypted pages that are kept in memory at most, KiB: thousands of marks with handwriting are listed without decrypting
/// them again.
const CACHE_KIB: i64 = 8_192;

impl NoteStore {
    /// Opens `private.db` and brings it to the newest schema.
    ///
    /// Errors: [`DbError::DamagedMovedAside`] once, if it was damaged: opening again begins a new one;
    /// [`DbError::TooNew`] if a newer app has written it.
    pub fn open(vault: Arc<Vault>) -> Result<Self, DbError> {
        let mut connection = vault.open_private_db()?;
        vault::migrate(&mut connection, MIGRATIONS)
            .map_err(|error| error.looked_at(|| vault.reopen_private_db()).0)?;
        Ok(Self {
            vault,
            bodies: KeptVersions::default(),
            connection: Mutex::new(for_notes(connection)?),
        })
    }

    fn connection(&self) -> MutexGuard<'_, Connection> {
        // A panic elsewhere rolls its transaction back; the connection stays usable.
        self.connection
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Reads.
    pub(crate) fn read<T>(
        &self,
        query: impl FnOnce(&Connection) -> Result<T, NotesError>,
    ) -> Result<T, NotesError> {
        let mut connection = self.connection();
        let answer = query(&connection);
        self.look_again(&mut connection, answer)
    }

    /// Changes something in one transaction, durable when this returns.
    pub(crate) fn write<T>(
        &self,
        change: impl FnOnce(&Transaction<'_>) -> Result<T, NotesError>,
    ) -> Result<T, NotesError> {
        let mut connection = self.connection();
        let answer = change_in(&mut connection, change);
        self.look_again(&mut connection, answer)
    }

    /// A connection that says that the file is damaged may have met a disk that failed once: then another one goes on in its
    /// place, and the error is that of the disk.
    fn look_again<T>(
        &self,
        connection: &mut Connection,
        answer: Result<T, NotesError>,
    ) -> Result<T, NotesError> {
        answer.map_err(|error| match error {
            NotesError::Db(error) => {
                let (error, other) = error.looked_at(|| for_notes(self.vault.reopen_private_db()?));
                if let Some(other) = other {
                    *connection = other;
                }
                error.into()
            }
            error => error,
        })
    }
}

fn for_notes(connection: Connection) -> Result<Connection, DbError> {
    connection.pragma_update(None, "cache_size", -CACHE_KIB)?;
    Ok(connection)
}

fn change_in<T>(
    connection: &mut Connection,
    change: impl FnOnce(&Transaction<'_>) -> Result<T, NotesError>,
) -> Result<T, NotesError> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let answer = change(&transaction)?;
    transaction.commit()?;
    Ok(answer)
}
