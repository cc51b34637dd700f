//! The server's tables, behind one narrow module: SQLite by default. Each table has a file of its own.
//! The file is encrypted under a key from the master key (`encryption`). No decisions here: what may be read, published or paired is decided by the callers.

pub(crate) mod audiences;
pub(crate) mod audit;
pub(crate) mod chain;
pub(crate) mod council;
pub(crate) mod devices;
pub(crate) mod encryption;
pub(crate) mod faction;
pub(crate) mod files;
pub(crate) mod invitations;
pub(crate) mod meta;
pub(crate) mod mirror;
pub(crate) mod people;
pub(crate) mod receipts;
pub(crate) mod stamps;

use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags, Row, Transaction, TransactionBehavior};
use thiserror::Error;

use encryption::DatabaseKey;

/// How much of the file may stay opened in memory, KiB: what is read again is not decrypted again.
const CACHE_KIB: u32 = 16 * 1024;

/// All released schemas in order; the number of one is its place, counted from 1.
const MIGRATIONS: &[&str] = &[
    include_str!("schema_1.sql"),
    include_str!("schema_2.sql"),
    include_str!("schema_3.sql"),
    include_str!("schema_4.sql"),
    include_str!("schema_5.sql"),
];

/// What can go wrong with the tables.
#[derive(Debug, Error)]
pub enum StoreError {
    #[error("Die Datenbank des Servers antwortet nicht wie erwartet")]
    Sqlite(#[from] rusqlite::Error),
    #[error(
        "Die Datenbank ist von einer neueren Fassung des Servers (Schema {found}, bekannt bis {known})"
    )]
    TooNew { found: u32, known: u32 },
    #[error("Die Datenbank lässt sich mit diesem Schlüssel nicht öffnen, oder sie ist beschädigt")]
    WrongKey,
    #[error(
        "Die Datenbank soll verschlüsselt werden, und ein anderer Prozess arbeitet noch mit ihr: bitte ihn erst beenden"
    )]
    InUse,
    #[error(
        "Die verschlüsselte Datenbank ist nicht vollständig geworden; die bisherige gilt weiter"
    )]
    Incomplete,
    #[error("Der Name des Datenordners ist kein lesbarer Text")]
    NoName,
    #[error("Die Datei der Datenbank ist nicht les- oder schreibbar")]
    Io(#[from] std::io::Error),
}

/// The open database. One writer at a time; other processes wait for their turn.
pub(crate) struct Store {
    connection: Mutex<Connection>,
}

impl Store {
    /// Opens or creates the database file and brings its schema up to date.
    ///
    /// Errors: `WrongKey`, `TooNew`, disk.
    pub(crate) fn open(path: &Path, key: &DatabaseKey) -> Result<Self, StoreError> {
        Self::open_schema(path, key, MIGRATIONS)
    }

    /// As [`Self::open`]; a file that lies in the clear is encrypted first, if `fits` finds that the key belongs to it.
    pub(crate) fn open_or_encrypt<E: From<StoreError>>(
        path: &Path,
        key: &DatabaseKey,
        fits: impl FnOnce(&Connection) -> Result<(), E>,
    ) -> Result<Self, E> {
        encryption::encrypt_plain(path, key, count(MIGRATIONS), fits)?;
        Ok(Self::open(path, key)?)
    }

    /// As [`Self::open`], with the schemas of another database.
    pub(crate) fn open_schema(
        path: &Path,
        key: &DatabaseKey,
        migrations: &[&str],
    ) -> Result<Self, StoreError> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
            | OpenFlags::SQLITE_OPEN_CREATE
            | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let mut connection = encryption::open(path, flags)?;
        // 30 s: an import of a whole term may hold the write lock while the office confirms a device.
        connection.busy_timeout(Duration::from_secs(30))?;
        encryption::unlock(&connection, key)?;
        connection.pragma_update(None, "cache_size", -i64::from(CACHE_KIB))?;
        connection.execute_batch(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;
             PRAGMA secure_delete = ON; PRAGMA trusted_schema = OFF; PRAGMA temp_store = MEMORY;",
        )?;
        migrate(&mut connection, migrations)?;
        Ok(Self {
            connection: Mutex::new(connection),
        })
    }

    /// Reads in one consistent view.
    pub(crate) fn read<T, E: From<StoreError>>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut connection = self.lock();
        let transaction = connection.transaction().map_err(StoreError::from)?;
        work(&transaction)
    }

    /// Writes in one transaction: all of `work` or nothing.
    pub(crate) fn write<T, E: From<StoreError>>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut connection = self.lock();
        let transaction = connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(StoreError::from)?;
        let done = work(&transaction)?;
        transaction.commit().map_err(StoreError::from)?;
        Ok(done)
    }

    /// Lends the connection outside of a transaction, as attaching another file needs.
    pub(crate) fn with_connection<T>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        work(&self.lock())
    }

    /// Closes the database so that the file alone holds everything.
    pub(crate) fn close_whole(self) -> Result<(), StoreError> {
        let connection = self
            .connection
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner);
        connection.query_row("PRAGMA journal_mode = DELETE", [], |_| Ok(()))?;
        connection.close().map_err(|(_, error)| error.into())
    }

    fn lock(&self) -> MutexGuard<'_, Connection> {
        // A panic elsewhere rolled its transaction back, so the connection is as good as before.
        self.connection
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

fn migrate(connection: &mut Connection, migrations: &[&str]) -> Result<(), StoreError> {
    let known = count(migrations);
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let found: u32 = transaction.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    if found > known {
        return Err(StoreError::TooNew { found, known });
    }
    for (number, sql) in (1u32..).zip(migrations) {
        if number > found {
            transaction.execute_batch(sql)?;
            transaction.pragma_update(None, "user_version", number)?;
        }
    }
    transaction.commit()?;
    Ok(())
}

fn count(migrations: &[&str]) -> u32 {
    u32::try_from(migrations.len()).unwrap_or(u32::MAX)
}

/// An id out of a row.
pub(crate) fn id_of<T>(row: &Row<'_>, column: &str) -> rusqlite::Result<T>
where
    T: for<'b> TryFrom<&'b [u8]>,
    for<'b> <T as TryFrom<&'b [u8]>>::Error: std::error::Error + Send + Sync + 'static,
{
    let value = row.get_ref(column)?;
    to_id(value.as_blob().map_err(conversion)?).map_err(conversion)
}

/// An id out of a row that may hold none.
pub(crate) fn id_or_none<T>(row: &Row<'_>, column: &str) -> rusqlite::Result<Option<T>>
where
    T: for<'b> TryFrom<&'b [u8]>,
    for<'b> <T as TryFrom<&'b [u8]>>::Error: std::error::Error + Send + Sync + 'static,
{
    match row.get_ref(column)? {
        rusqlite::types::ValueRef::Null => Ok(None),
        _ => id_of(row, column).map(Some),
    }
}

#[derive(Debug, Error)]
#[error("an id of another length was stored")]
struct BadId;

fn to_id<T: for<'b> TryFrom<&'b [u8]>>(bytes: &[u8]) -> Result<T, BadId> {
    T::try_from(bytes).map_err(|_| BadId)
}

fn conversion(error: impl std::error::Error + Send + Sync + 'static) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(0, rusqlite::types::Type::Blob, Box::new(error))
}

/// A number that SQLite holds signed and the formats unsigned.
pub(crate) fn unsigned(row: &Row<'_>, column: &str) -> rusqlite::Result<u64> {
    let value: i64 = row.get(column)?;
    u64::try_from(value).map_err(conversion)
}

/// The other way round; the schemas' numbers stay far below the limit.
pub(crate) fn signed(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use sync_protocol::faction::roster::RosterHead;
    use sync_protocol::ids::{DeviceId, FactionDeviceId, FactionId, Hash};

    use super::*;

    /// As the server opens it: what was written before there was a key is encrypted first.
    fn opened(path: &Path) -> Store {
        let key = DatabaseKey::new(zeroize::Zeroizing::new([3; 32]));
        Store::open_or_encrypt::<StoreError>(path, &key, |_| Ok(())).unwrap()
    }

    #[test]
    fn a_database_of_the_first_schema_is_brought_up_to_date_with_its_rows() {
        let folder = tempfile::TempDir::new().unwrap();
        let path = folder.path().join("server.db");
        let old = Connection::open(&path).unwrap();
        old.execute_batch(include_str!("schema_1.sql")).unwrap();
        old.execute_batch(
            "INSERT INTO meta (name, value) VALUES ('council_name', x'526174');
             PRAGMA user_version = 1;",
        )
        .unwrap();
        drop(old);
        let store = opened(&path);
        let space = FactionId::from_bytes([7; 32]);
        let (name, stamps, spaces, version) = store
            .read(|c| {
                let version: u32 = c.query_row("PRAGMA user_version", [], |row| row.get(0))?;
                Ok::<_, StoreError>((
                    meta::text(c, meta::name::COUNCIL_NAME)?,
                    stamps::all(c)?,
                    faction::spaces::get(c, &space)?,
                    version,
                ))
            })
            .unwrap();
        assert_eq!(name.as_deref(), Some("Rat"), "what was there stays");
        assert_eq!(
            (stamps.len(), spaces.is_none(), version),
            (0, true, count(MIGRATIONS)),
            "and the new tables are there, empty"
        );
    }

    #[test]
    fn a_database_of_the_second_schema_is_brought_up_to_date_with_its_rows() {
        let folder = tempfile::TempDir::new().unwrap();
        let path = folder.path().join("server.db");
        let old = Connection::open(&path).unwrap();
        old.execute_batch(include_str!("schema_1.sql")).unwrap();
        old.execute_batch(include_str!("schema_2.sql")).unwrap();
        old.execute_batch(
            "INSERT INTO device (id, person, sign_key, box_key, sealed_words, paired_at_ms)
             VALUES (zeroblob(16), zeroblob(16), zeroblob(32), x'00', x'00', 5);
             INSERT INTO public_stamp (object, kind, created_at_ms, modified_at_ms) VALUES (zeroblob(16), 1, 2, 3);
             PRAGMA user_version = 2;",
        )
        .unwrap();
        drop(old);
        let store = opened(&path);
        let device = DeviceId::from_bytes([0; 16]);
        let head = RosterHead {
            seq: 1,
            hash: Hash::ZERO,
        };
        let faction_device = FactionDeviceId::from_bytes([9; 16]);
        let (stamps, paired, access, after) = store
            .write(|tx| {
                let id = FactionId::from_bytes([7; 32]);
                let space = faction::spaces::insert(tx, &id, &device, head)?;
                faction::spaces::put_access(tx, space, &device, &faction_device)?;
                let access = faction::spaces::access(tx, space, &device)?;
                devices::revoke(tx, &device, 9)?;
                Ok::<_, StoreError>((
                    stamps::all(tx)?,
                    devices::get(tx, &device)?,
                    access,
                    faction::spaces::access(tx, space, &device)?,
                ))
            })
            .unwrap();
        assert_eq!(stamps.len(), 1, "what was there stays");
        assert_eq!(paired.map(|row| row.paired_at_ms), Some(5));
        assert_eq!(
            access,
            Some(faction_device),
            "and its devices enter the new spaces"
        );
        assert_eq!(after, None, "until they are revoked");
    }
}
