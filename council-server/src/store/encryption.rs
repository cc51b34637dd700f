//! Encrypted at rest: the key of a database file, and what becomes of a file that an earlier version wrote in the clear. It is written
//! anew under the key and takes the old one's place, as a whole or not at all; killed in between, the old one is still there, whole.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, OpenFlags};
use zeroize::Zeroizing;

use super::StoreError;

/// How every file begins that is not encrypted. Source: SQLite's file format, 1.3.1.
const PLAIN_MAGIC: &[u8; 16] = b"SQLite format 3\0";
/// How long another process may still use a file that is to be encrypted.
const PATIENCE: Duration = Duration::from_secs(5);

/// The raw key of one database file. It prints nothing of itself.
pub struct DatabaseKey(Zeroizing<[u8; 32]>);

impl std::fmt::Debug for DatabaseKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("DatabaseKey(…)")
    }
}

impl DatabaseKey {
    pub(crate) fn new(bytes: Zeroizing<[u8; 32]>) -> Self {
        Self(bytes)
    }

    /// As `PRAGMA key` and `ATTACH … KEY` read it: raw, so that opening derives nothing.
    #[must_use]
    pub fn as_sql(&self) -> Zeroizing<String> {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        let mut text = Zeroizing::new(String::with_capacity(67));
        text.push_str("x'");
        for byte in self.0.iter() {
            for digit in [byte >> 4, byte & 15] {
                let digit = DIGITS.get(usize::from(digit)).copied();
                text.push(digit.map_or('0', char::from));
            }
        }
        text.push('\'');
        text
    }
}

/// Opens a database file. The first connection of the process is made alone: SQLCipher adds its functions after SQLite has told
/// other threads that it is ready, and what they open in between lacks them for good.
pub(crate) fn open(path: &Path, flags: OpenFlags) -> Result<Connection, rusqlite::Error> {
    static IS_READY: Mutex<bool> = Mutex::new(false);
    let mut is_ready = IS_READY.lock().unwrap_or_else(PoisonError::into_inner);
    if !*is_ready {
        drop(Connection::open_in_memory()?);
        *is_ready = true;
    }
    drop(is_ready);
    Connection::open_with_flags(path, flags)
}

/// Gives a fresh connection its key and proves that it fits.
///
/// Errors: `WrongKey` where the file is of another key, or no database.
pub(crate) fn unlock(connection: &Connection, key: &DatabaseKey) -> Result<(), StoreError> {
    // Before the key, or a wrong one is complained about on standard error.
    connection.execute_batch("PRAGMA cipher_log_level = NONE;")?;
    let statement = Zeroizing::new(format!("PRAGMA key = \"{}\";", key.as_sql().as_str()));
    connection.execute_batch(&statement)?;
    let opened = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()));
    match opened {
        Err(error) if error.sqlite_error_code() == Some(ErrorCode::NotADatabase) => {
            Err(StoreError::WrongKey)
        }
        opened => Ok(opened?),
    }
}

/// Encrypts a file that lies in the clear; any other is left alone.
///
/// * `known` – the newest schema that this version knows; a newer file is left as it is.
/// * `fits` – looks into the file before it is touched, if a schema is in it: whether the key belongs to it.
///
/// Errors: `TooNew`, `InUse` where another process works with the file, disk; it is as before then.
pub(crate) fn encrypt_plain<E: From<StoreError>>(
    path: &Path,
    key: &DatabaseKey,
    known: u32,
    fits: impl FnOnce(&Connection) -> Result<(), E>,
) -> Result<(), E> {
    if !is_plain(path).map_err(StoreError::from)? {
        return Ok(());
    }
    // One process at a time; a second one finds the work done.
    let turn = File::create(beside(path, "-encrypting.lock")).map_err(StoreError::from)?;
    turn.lock().map_err(StoreError::from)?;
    if !is_plain(path).map_err(StoreError::from)? {
        return Ok(());
    }
    let part = beside(path, "-encrypting");
    {
        let plain = open_alone(path)?;
        let found: u32 = plain
            .query_row("PRAGMA user_version", [], |row| row.get(0))
            .map_err(StoreError::from)?;
        if found > known {
            return Err(StoreError::TooNew { found, known }.into());
        }
        if found > 0 {
            fits(&plain)?;
        }
        remove_file(&part).map_err(StoreError::from)?;
        export(&plain, &part, key, found)?;
    }
    check(&part, key)?;
    put_in_place(&part, path).map_err(|e| E::from(StoreError::from(e)))
}

/// Whether a file is there and lies in the clear.
fn is_plain(path: &Path) -> io::Result<bool> {
    let mut magic = [0; 16];
    match File::open(path).and_then(|mut file| file.read_exact(&mut magic)) {
        Ok(()) => Ok(&magic == PLAIN_MAGIC),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        // Shorter than any database.
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(false),
        Err(error) => Err(error),
    }
}

/// The only connection to a file in the clear; its log is copied into it, so that one file holds everything.
fn open_alone(path: &Path) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let plain = open(path, flags)?;
    plain.busy_timeout(PATIENCE)?;
    let alone = plain
        .query_row("PRAGMA journal_mode = DELETE", [], |row| {
            row.get::<_, String>(0)
        })
        .and_then(|_| {
            plain.execute_batch(
                "PRAGMA trusted_schema = OFF; PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; COMMIT;",
            )
        });
    match alone {
        Err(error) if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy) => {
            Err(StoreError::InUse)
        }
        alone => {
            alone?;
            Ok(plain)
        }
    }
}

/// Writes everything that a connection shows at one moment into a new file under the key, durably.
///
/// Errors: disk; what was begun stays there.
pub(crate) fn copy(from: &Connection, part: &Path, key: &DatabaseKey) -> Result<(), StoreError> {
    let version = from.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    export(from, part, key, version)?;
    check(part, key)
}

/// Writes everything into a new file under the key, durably, and counts it there again.
fn export(
    plain: &Connection,
    part: &Path,
    key: &DatabaseKey,
    version: u32,
) -> Result<(), StoreError> {
    let name = part.to_str().ok_or(StoreError::NoName)?;
    // The connection may create no file.
    File::create(part)?;
    plain.execute(
        "ATTACH DATABASE ?1 AS encrypted KEY ?2",
        rusqlite::params![name, key.as_sql().as_str()],
    )?;
    let exported = export_attached(plain, version);
    // Detached also after a failure: the connection is used on.
    let is_open = !plain.is_autocommit();
    if is_open {
        plain.execute_batch("ROLLBACK")?;
    }
    plain.execute_batch("DETACH DATABASE encrypted")?;
    exported?;
    Ok(File::open(part)?.sync_all()?)
}

/// In one transaction, so that all tables are of one moment, whoever writes meanwhile.
fn export_attached(plain: &Connection, version: u32) -> Result<(), StoreError> {
    plain.execute_batch("PRAGMA encrypted.synchronous = FULL; BEGIN;")?;
    plain.query_row("SELECT sqlcipher_export('encrypted')", [], |_| Ok(()))?;
    plain.pragma_update(Some("encrypted"), "user_version", version)?;
    for table in tables(plain)? {
        let count = |schema: &str| -> Result<i64, rusqlite::Error> {
            let sql = format!("SELECT count(*) FROM {schema}.\"{table}\"");
            plain.query_row(&sql, [], |row| row.get(0))
        };
        if count("main")? != count("encrypted")? {
            return Err(StoreError::Incomplete);
        }
    }
    Ok(plain.execute_batch("COMMIT")?)
}

fn tables(c: &Connection) -> Result<Vec<String>, rusqlite::Error> {
    let mut statement = c.prepare("SELECT name FROM main.sqlite_schema WHERE type = 'table'")?;
    let names = statement.query_map([], |row| row.get(0))?;
    names.collect()
}

/// Opens the new file as it will be opened from now on, and reads all of it.
fn check(part: &Path, key: &DatabaseKey) -> Result<(), StoreError> {
    let written = open(part, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    unlock(&written, key)?;
    let is_damaged = written
        .prepare("PRAGMA cipher_integrity_check")?
        .exists([])?;
    let said: String = written.query_row("PRAGMA integrity_check", [], |row| row.get(0))?;
    if is_damaged || said != "ok" {
        return Err(StoreError::Incomplete);
    }
    Ok(())
}

/// From here on the file is the encrypted one; what lay in the clear has no name any more.
fn put_in_place(part: &Path, path: &Path) -> io::Result<()> {
    // Empty by now; what stood in them would be taken for the new file's.
    for suffix in ["-journal", "-wal", "-shm"] {
        remove_file(&beside(path, suffix))?;
        remove_file(&beside(part, suffix))?;
    }
    fs::rename(part, path)?;
    match path.parent() {
        // Folders can be synced on Unix only; elsewhere the file system's own journal has to do.
        Some(folder) if cfg!(unix) => File::open(folder)?.sync_all(),
        _ => Ok(()),
    }
}

fn remove_file(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// `server.db` → `server.db-encrypting`.
fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}
