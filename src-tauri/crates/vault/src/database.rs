//! Opening SQLCipher files: raw key, settings, telling damage from other trouble.
//! Not which file has which key (see `vault`) and no table of any domain.

use crate::secret::SecretKey;
use crate::{atomic, pages};
use rusqlite::{Connection, ErrorCode, OpenFlags};
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use zeroize::Zeroizing;

/// How long a connection waits for another one's write, ms.
const BUSY_TIMEOUT_MS: u64 = 10_000;

/// Why a database cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum DbError {
    /// A cache file was damaged again right after it had been rebuilt: the storage itself is at fault.
    #[error("the database is damaged")]
    Damaged,
    /// A file that exists nowhere else was damaged. It was kept under `path`; the next opening starts a new one.
    #[error("the database was damaged and has been moved aside")]
    DamagedMovedAside {
        /// Where the damaged file lies now.
        path: PathBuf,
    },
    /// A newer version of the app has written this database; it is left as it is.
    #[error("the database has version {found}, this app knows version {known}")]
    TooNew {
        /// Version of the file.
        found: u32,
        /// Newest version this app knows.
        known: u32,
    },
    /// The key of this database is not in the keyring: never granted, or forgotten.
    #[error("the key of the database is not there")]
    NoKey,
    /// The storage is full.
    #[error("the storage is full")]
    Full,
    /// Any other failure of the file system.
    #[error("the database file cannot be reached")]
    Io(#[source] io::Error),
    /// Any other failure of SQLite.
    #[error("the database refused an operation")]
    Sql(#[source] rusqlite::Error),
}

impl DbError {
    /// The stable code of this error.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Damaged => "database_damaged",
            Self::DamagedMovedAside { .. } => "database_moved_aside",
            Self::TooNew { .. } => "newer_data",
            Self::NoKey => "no_key",
            Self::Full => "disk_full",
            Self::Io(_) => "io",
            Self::Sql(_) => "internal",
        }
    }
}

impl DbError {
    /// What an error of a connection is, once it is known whether the file opens anew: a file that does was not damaged, the disk
    /// has failed for a moment.
    ///
    /// * `reopen` – asked only after [`DbError::Damaged`].
    pub fn looked_at<T>(self, reopen: impl FnOnce() -> Result<T, Self>) -> (Self, Option<T>) {
        if !matches!(self, Self::Damaged) {
            return (self, None);
        }
        match reopen() {
            Ok(opened) => {
                let error = io::Error::other("a page could not be read");
                (Self::Io(error), Some(opened))
            }
            Err(error) => (error, None),
        }
    }
}

impl From<io::Error> for DbError {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::StorageFull {
            Self::Full
        } else {
            Self::Io(error)
        }
    }
}

impl From<rusqlite::Error> for DbError {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt) => Self::Damaged,
            Some(ErrorCode::DiskFull) => Self::Full,
            Some(ErrorCode::SystemIoFailure | ErrorCode::CannotOpen) => {
                Self::Io(io::Error::other(error))
            }
            _ => Self::Sql(error),
        }
    }
}

/// How thoroughly a file is looked at when it is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Check {
    /// The first page opens with the key.
    Key,
    /// Every page carries its right authentication code.
    AllPages,
}

/// Opens a file that exists nowhere else. Damage: the file is moved aside with its companions and reported.
pub(crate) fn open_precious(
    path: &Path,
    key: &SecretKey,
    check: Check,
) -> Result<Connection, DbError> {
    match open_surely(path, key, check) {
        Err(DbError::Damaged) => Err(DbError::DamagedMovedAside {
            path: move_aside(path)?,
        }),
        other => other,
    }
}

/// Opens a cache file. Damage, or a file of another key: it is deleted and begun anew; `true` tells so.
pub(crate) fn open_cache(
    path: &Path,
    key: &SecretKey,
    check: Check,
) -> Result<(Connection, bool), DbError> {
    match open_surely(path, key, check) {
        Err(DbError::Damaged) => {
            delete(path)?;
            Ok((open(path, key, Check::Key)?, true))
        }
        other => Ok((other?, false)),
    }
}

/// Deletes a database with its companions. No connection to it may be open.
pub(crate) fn delete(path: &Path) -> io::Result<()> {
    for file in with_companions(path) {
        atomic::remove_file(&file)?;
    }
    Ok(())
}

/// Opens a file; what looks like damage is looked at twice. SQLCipher takes a page that the disk did not give for one that was
/// changed: so the file is read by other means in between, and only what was read and still does not open is damaged.
pub(crate) fn open_surely(
    path: &Path,
    key: &SecretKey,
    check: Check,
) -> Result<Connection, DbError> {
    match open(path, key, check) {
        Err(DbError::Damaged) => {
            read_whole(path)?;
            open(path, key, check)
        }
        other => other,
    }
}

/// Reads a database and its log, and keeps nothing of them.
fn read_whole(path: &Path) -> io::Result<()> {
    for file in [path.to_owned(), atomic::with_suffix(path, "-wal")] {
        match File::open(file) {
            Ok(mut file) => drop(io::copy(&mut file, &mut io::sink())?),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

pub(crate) fn open(path: &Path, key: &SecretKey, check: Check) -> Result<Connection, DbError> {
    if let Some(folder) = path.parent() {
        atomic::create_folder(folder)?;
    }
    // Created by hand, because SQLite would give a new file the rights of the umask.
    atomic::private_options()
        .append(true)
        .create(true)
        .open(path)?;
    first_connection_alone()?;
    let connection = Connection::open_with_flags(
        path,
        OpenFlags::SQLITE_OPEN_READ_WRITE
            | OpenFlags::SQLITE_OPEN_NO_MUTEX
            | OpenFlags::SQLITE_OPEN_PRIVATE_CACHE,
    )?;
    configure(&connection, key)?;
    if check == Check::AllPages && !all_pages_are_good(&connection, path, key)? {
        return Err(DbError::Damaged);
    }
    Ok(connection)
}

/// SQLCipher adds its functions after SQLite has told other threads that it is ready: what they open in between lacks
/// `sqlcipher_export` for good.
fn first_connection_alone() -> Result<(), rusqlite::Error> {
    static IS_READY: Mutex<bool> = Mutex::new(false);
    let mut is_ready = IS_READY.lock().unwrap_or_else(PoisonError::into_inner);
    if !*is_ready {
        drop(Connection::open_in_memory()?);
        *is_ready = true;
    }
    Ok(())
}

// Meets: O.Data_2, O.Data_14, MASVS-STORAGE-1
/// Source: DESIGN, storage rules. The key comes before everything that touches the file.
fn configure(connection: &Connection, key: &SecretKey) -> Result<(), DbError> {
    connection.busy_timeout(Duration::from_millis(BUSY_TIMEOUT_MS))?;
    // Before the key, or a wrong one is complained about on standard error.
    connection.execute_batch("PRAGMA cipher_log_level = NONE;")?;
    connection.execute_batch(&key_statement(key))?;
    connection.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))?;
    connection.execute_batch(
        "PRAGMA journal_mode = WAL;
         PRAGMA synchronous = FULL;
         PRAGMA temp_store = MEMORY;
         PRAGMA secure_delete = ON;
         PRAGMA foreign_keys = ON;
         PRAGMA trusted_schema = OFF;",
    )?;
    Ok(())
}

fn key_statement(key: &SecretKey) -> Zeroizing<String> {
    let mut text = Zeroizing::new(String::with_capacity(96));
    text.push_str("PRAGMA key = \"");
    text.push_str(&raw_key(key));
    text.push_str("\";");
    text
}

/// A raw key as SQLCipher reads it.
pub(crate) fn raw_key(key: &SecretKey) -> Zeroizing<String> {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut text = Zeroizing::new(String::with_capacity(67));
    text.push_str("x'");
    for byte in key.bytes() {
        for digit in [byte >> 4, byte & 15] {
            text.push(
                DIGITS
                    .get(usize::from(digit))
                    .copied()
                    .map_or('0', char::from),
            );
        }
    }
    text.push('\'');
    text
}

fn all_pages_are_good(
    connection: &Connection,
    path: &Path,
    key: &SecretKey,
) -> Result<bool, DbError> {
    // The check reads the file past the log. A crash while the log was being copied leaves torn pages there that the
    // log still heals: so the log is copied first.
    connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
    // What does not fit, or cannot be read, the other check tells what it is.
    if matches!(pages::all_fit(path, key), Ok(true)) {
        return Ok(true);
    }
    // One row for each page that fails; none is good.
    let mut statement = connection.prepare("PRAGMA cipher_integrity_check")?;
    Ok(!statement.exists([])?)
}

fn with_companions(path: &Path) -> [PathBuf; 3] {
    [
        path.to_owned(),
        atomic::with_suffix(path, "-wal"),
        atomic::with_suffix(path, "-shm"),
    ]
}

/// Renames a file with its companions out of the way, keeping every byte, and tells the new name.
pub(crate) fn move_aside(path: &Path) -> io::Result<PathBuf> {
    move_as(path, "damaged")
}

/// The same with a whole file that gives its place to another one.
pub(crate) fn move_replaced(path: &Path) -> io::Result<PathBuf> {
    move_as(path, REPLACED)
}

/// Gives a file its write-ahead log back, if a kill came after [`move_replaced`] had moved the log and before it moved the file.
pub(crate) fn take_back_log(path: &Path) -> io::Result<()> {
    let log = atomic::with_suffix(path, "-wal");
    let (Some(folder), Some(name)) = (path.parent(), path.file_name()) else {
        return Ok(());
    };
    let begun = format!("{}.{REPLACED}-", name.to_string_lossy());
    for entry in std::fs::read_dir(folder)? {
        let moved = entry?.path();
        let name = moved.file_name().unwrap_or_default().to_string_lossy();
        let Some(file) = name.strip_suffix("-wal") else {
            continue;
        };
        if file.starts_with(&begun) && !folder.join(file).exists() && !log.exists() {
            std::fs::rename(&moved, &log)?;
            atomic::sync_parent(&log)?;
        }
    }
    Ok(())
}

/// In the name of a file that gave its place away.
const REPLACED: &str = "replaced";

fn move_as(path: &Path, why: &str) -> io::Result<PathBuf> {
    let now_ms = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_millis());
    let mut aside = atomic::with_suffix(path, &format!(".{why}-{now_ms}"));
    for count in 1.. {
        if !aside.exists() {
            break;
        }
        aside = atomic::with_suffix(path, &format!(".{why}-{now_ms}-{count}"));
    }
    // The write-ahead log first: left behind, it would be taken for the new file's.
    for (from, to) in with_companions(path)
        .iter()
        .zip(with_companions(&aside))
        .rev()
    {
        match std::fs::rename(from, &to) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    atomic::sync_parent(path)?;
    Ok(aside)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn filled(path: &Path, key: &SecretKey) {
        let connection = open_precious(path, key, Check::AllPages).unwrap();
        connection
            .execute_batch("CREATE TABLE t(a TEXT NOT NULL) STRICT")
            .unwrap();
        for n in 0..500 {
            connection
                .execute(
                    "INSERT INTO t VALUES (?1)",
                    [format!("row {n} {}", "x".repeat(200))],
                )
                .unwrap();
        }
    }

    fn pragma(connection: &Connection, name: &str) -> String {
        connection
            .query_row(&format!("PRAGMA {name}"), [], |row| {
                row.get::<_, rusqlite::types::Value>(0)
                    .map(|value| format!("{value:?}"))
            })
            .unwrap()
    }

    #[test]
    fn the_storage_rules_hold_on_every_connection() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("private.db");
        let key = SecretKey::make().unwrap();
        for _ in 0..2 {
            let connection = open_precious(&path, &key, Check::AllPages).unwrap();
            assert_eq!(pragma(&connection, "journal_mode"), "Text(\"wal\")");
            assert_eq!(pragma(&connection, "synchronous"), "Integer(2)", "FULL");
            assert_eq!(pragma(&connection, "temp_store"), "Integer(2)", "MEMORY");
            assert_eq!(pragma(&connection, "secure_delete"), "Integer(1)");
            assert_eq!(pragma(&connection, "foreign_keys"), "Integer(1)");
            assert_eq!(pragma(&connection, "trusted_schema"), "Integer(0)");
            connection
                .execute_batch("CREATE TABLE IF NOT EXISTS t(a) ")
                .unwrap();
        }
        assert_ne!(
            &fs::read(&path).unwrap()[..6],
            b"SQLite",
            "the file must be encrypted"
        );
    }

    #[test]
    fn a_damaged_precious_file_is_kept_aside_and_a_new_one_begins() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("private.db");
        let key = SecretKey::make().unwrap();
        filled(&path, &key);
        let mut bytes = fs::read(&path).unwrap();
        bytes[100] ^= 1;
        fs::write(&path, &bytes).unwrap();
        let Err(DbError::DamagedMovedAside { path: aside }) =
            open_precious(&path, &key, Check::Key)
        else {
            panic!("damage must be reported")
        };
        assert_eq!(fs::read(&aside).unwrap(), bytes, "kept byte for byte");
        assert!(
            open_precious(&path, &key, Check::AllPages).is_ok(),
            "the next opening starts anew"
        );
    }

    #[test]
    fn damage_far_inside_shows_in_the_check_of_all_pages() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("private.db");
        let key = SecretKey::make().unwrap();
        filled(&path, &key);
        let mut bytes = fs::read(&path).unwrap();
        let at = bytes.len() - 2000;
        bytes[at] ^= 1;
        fs::write(&path, &bytes).unwrap();
        assert!(
            open_precious(&path, &key, Check::Key).is_ok(),
            "the first page alone does not show it"
        );
        assert!(matches!(
            open_precious(&path, &key, Check::AllPages),
            Err(DbError::DamagedMovedAside { .. })
        ));
    }

    /// Power may fail while pages are copied from the log into the file: the page there is torn, the log still whole.
    #[test]
    fn a_page_torn_while_the_log_was_copied_is_healed_and_no_damage() {
        let folder = tempfile::tempdir().unwrap();
        let (path, crashed) = (
            folder.path().join("private.db"),
            folder.path().join("crashed.db"),
        );
        let key = SecretKey::make().unwrap();
        filled(&path, &key);
        let connection = open_precious(&path, &key, Check::AllPages).unwrap();
        connection
            .execute_batch("PRAGMA wal_autocheckpoint = 0; UPDATE t SET a = a || '!'")
            .unwrap();
        // The files as they are after a crash: torn is every page that stands in the log. (Its frames follow a header of
        // 32 bytes and begin with the number of the page.)
        let log = fs::read(atomic::with_suffix(&path, "-wal")).unwrap();
        let mut bytes = fs::read(&path).unwrap();
        for frame in log[32..].chunks(24 + 4096) {
            let page = u32::from_be_bytes(frame[..4].try_into().unwrap()) as usize;
            bytes[page * 4096 - 2096..page * 4096].fill(0);
        }
        fs::write(&crashed, &bytes).unwrap();
        fs::write(atomic::with_suffix(&crashed, "-wal"), &log).unwrap();
        let healed = open_precious(&crashed, &key, Check::AllPages).unwrap();
        let count: i64 = healed
            .query_row("SELECT count(*) FROM t WHERE a LIKE '%!'", [], |row| {
                row.get(0)
            })
            .unwrap();
        assert_eq!(count, 500);
    }

    #[test]
    fn a_damaged_cache_is_rebuilt_and_says_so() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("council.db");
        let key = SecretKey::make().unwrap();
        filled(&path, &key);
        assert!(!open_cache(&path, &key, Check::Key).unwrap().1);
        fs::write(&path, b"this is no database, but it is longer than nothing").unwrap();
        let (connection, rebuilt) = open_cache(&path, &key, Check::Key).unwrap();
        assert!(rebuilt);
        assert!(connection.prepare("SELECT a FROM t").is_err(), "begun anew");
        drop(connection);
        assert!(
            open_cache(&path, &SecretKey::make().unwrap(), Check::Key)
                .unwrap()
                .1,
            "another key cannot read it either"
        );
    }

    #[test]
    fn trouble_with_the_file_system_is_not_damage() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("private.db");
        fs::create_dir(&path).unwrap();
        let key = SecretKey::make().unwrap();
        assert!(matches!(
            open_precious(&path, &key, Check::Key),
            Err(DbError::Io(_))
        ));
        assert!(path.is_dir(), "nothing was moved");
    }
}
