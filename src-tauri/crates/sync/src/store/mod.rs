//! The store of one council's data on this device: `council.db` and every `closed/<audience>.db` read as one.
//!
//! Queries merge the databases: an object that several audiences list comes once, newest revision first,
//! the public one where revisions are equal. What is locked (access ended, lease over) is not opened at all.
//! Nothing here speaks to the network; the only writes are those of a synchronisation (`write`, `state`).

mod absence;
mod decode;
mod files;
pub(crate) mod freeing;
mod meetings;
mod papers;
mod people;
mod read;
pub(crate) mod receipts;
mod rows;
pub(crate) mod schema;
pub(crate) mod sealed;
pub(crate) mod state;
pub(crate) mod sweep;
pub(crate) mod write;

use rusqlite::Connection;
use sync_protocol::ids::{AudienceId, CouncilId, DeviceId};
use vault::{DbError, Vault};

use crate::council::{AudienceRow, CouncilError, KnownCouncil, Stand};

pub use absence::Absence;
pub(crate) use decode::{Columns, columns_of};
pub use rows::{FileRole, FileRow, FileUse, Held, MeetingFiles, ReceiptRow, StorageUsage};

/// Decrypted pages of one database that are kept in memory at most, KiB. 20,000 objects take about 10 MB.
const CACHE_KIB: i64 = 16_384;

/// Why the store could not answer.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// A database did not open, or a statement failed.
    #[error("the store of council data failed")]
    Database(#[from] DbError),
    /// The keyring does not describe the council.
    #[error(transparent)]
    Council(#[from] CouncilError),
    /// A row does not hold what the schema says it holds.
    #[error("a stored {what} does not decode")]
    BadRow {
        /// Column or kind of object.
        what: &'static str,
    },
    /// The file is not listed on this device, or its access has ended.
    #[error("no such file on this device")]
    NotFound,
    /// No class key on this device opens the file.
    #[error("the key of this file is not on this device")]
    NoKey,
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Database(error.into())
    }
}

impl StoreError {
    /// The stable code of this error.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Database(error) => error.code(),
            Self::Council(CouncilError::NotPaired) => "not_paired",
            Self::Council(CouncilError::BadRecord) => "vault_damaged",
            Self::BadRow { .. } => "database_damaged",
            Self::NotFound => "not_found",
            Self::NoKey => "no_key",
        }
    }
}

/// One database of the store.
struct ClosedDb {
    audience: AudienceId,
    conn: Connection,
}

/// A council's data on this device, open for reading.
///
/// Cheap to open (no key derivation from a passphrase); not `Sync`: one per thread, or behind a lock. It shows the
/// audiences that were readable when it was opened: open it anew after a synchronisation.
pub struct CouncilStore {
    known: KnownCouncil,
    /// `council.db`; also holds the receipts.
    public: Connection,
    /// `None` before the first run.
    public_audience: Option<AudienceId>,
    closed: Vec<ClosedDb>,
}

impl std::fmt::Debug for CouncilStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CouncilStore")
            .field("council", &self.council())
            .finish_non_exhaustive()
    }
}

impl CouncilStore {
    /// Opens what may be read now.
    ///
    /// * `now_ms` – this device's clock, ms UTC. Leases are judged by the later of it and the last signed time.
    ///
    /// A council that was never synchronised gives an empty store.
    ///
    /// Errors: [`StoreError::Database`] if `council.db` does not open or is newer than this app; a closed database
    /// whose key is gone is left out.
    pub fn open(vault: &Vault, council: CouncilId, now_ms: i64) -> Result<Self, StoreError> {
        let known = KnownCouncil::load(vault, council)?;
        let public = for_reading(open_public(vault, council)?)?;
        let mut closed = Vec::new();
        for audience in readable(&known, now_ms) {
            match open_closed(vault, council, audience) {
                Ok(conn) => closed.push(ClosedDb {
                    audience,
                    conn: for_reading(conn)?,
                }),
                Err(StoreError::Database(DbError::NoKey)) => {}
                Err(error) => return Err(error),
            }
        }
        let public_audience = known.public_audience();
        Ok(Self {
            known,
            public,
            public_audience,
            closed,
        })
    }

    /// The same store for a later moment, with what was read of it still in memory.
    ///
    /// * `now_ms` – as for [`CouncilStore::open`].
    ///
    /// Result: `None` if other audiences may be read now: then it has to be opened anew.
    ///
    /// Errors: as for [`CouncilStore::open`].
    pub fn at(self, vault: &Vault, now_ms: i64) -> Result<Option<Self>, StoreError> {
        let known = KnownCouncil::load(vault, self.council())?;
        let opened = self.closed.iter().map(|db| db.audience);
        let is_same =
            known.public_audience() == self.public_audience && opened.eq(readable(&known, now_ms));
        Ok(is_same.then_some(Self { known, ..self }))
    }

    /// The council whose data this is.
    #[must_use]
    pub fn council(&self) -> CouncilId {
        self.known.record.council
    }

    /// This device, as the council knows it.
    pub(crate) fn device(&self) -> DeviceId {
        self.known.record.device
    }

    /// All audiences the office has granted, and those it has ended within the last 7 days.
    #[must_use]
    pub fn audiences(&self) -> Vec<AudienceRow> {
        self.known.audiences()
    }

    /// When the device last heard from the council; `None` before the first run.
    #[must_use]
    pub fn stand(&self) -> Option<Stand> {
        self.known.stand()
    }

    /// Every readable database, the public one first: audience, whether it is public, connection.
    fn databases(&self) -> impl Iterator<Item = (AudienceId, bool, &Connection)> {
        let public = self
            .public_audience
            .map(|audience| (audience, true, &self.public));
        public
            .into_iter()
            .chain(self.closed.iter().map(|db| (db.audience, false, &db.conn)))
    }

    fn council_db(&self) -> &Connection {
        &self.public
    }
}

/// Room for decrypted pages: what a view has read once, the next need not decrypt again.
fn for_reading(conn: Connection) -> Result<Connection, StoreError> {
    conn.pragma_update(None, "cache_size", -CACHE_KIB)?;
    Ok(conn)
}

/// The closed audiences that may be read at `now_ms` of this device's clock.
pub(crate) fn readable(known: &KnownCouncil, now_ms: i64) -> Vec<AudienceId> {
    let time_ms = known.trusted_time_ms(now_ms);
    known
        .audiences()
        .into_iter()
        .filter(|row| !row.is_public() && row.is_readable_at(time_ms))
        .map(|row| row.audience)
        .collect()
}

/// `council.db`, migrated.
pub(crate) fn open_public(vault: &Vault, council: CouncilId) -> Result<Connection, StoreError> {
    let mut conn = vault.open_council_db(council)?;
    vault::migrate(&mut conn, schema::MIGRATIONS)?;
    Ok(conn)
}

/// The closed database of one audience, migrated; it is made if it is missing and a class key is there.
pub(crate) fn open_closed(
    vault: &Vault,
    council: CouncilId,
    audience: AudienceId,
) -> Result<Connection, StoreError> {
    let mut conn = vault.open_closed_db(council, audience)?;
    vault::migrate(&mut conn, schema::MIGRATIONS)?;
    Ok(conn)
}

#[cfg(test)]
mod tests;
