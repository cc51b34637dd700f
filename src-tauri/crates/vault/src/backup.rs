//! A backup of the private database: one file that leaves the device, sealed under a code of its own. Not where it is put and
//! not when it is made (see crate `desk`).
//!
//! The file is an age file (age-encryption.org/v1) with the code as its passphrase, so that it can be opened without this
//! program. In it: `"RMBACKUP" · version · length of the header, u32 big endian · CBOR header · the database`, encrypted by SQLCipher
//! under a key that stands in the header and nowhere else. So neither making nor reading one leaves plaintext on the disk.

use crate::atomic;
use crate::database::{self, Check, DbError};
use crate::put_in_place;
use crate::secret::{Purpose, SecretKey};
use crate::vault::{PRIVATE_DB, Vault};
use age::secrecy::SecretString;
use minicbor::{Decode, Encode};
use rusqlite::Connection;
use std::fs::File;
use std::io::{self, BufRead, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;
use sync_protocol::recovery::RecoveryCode;
use zeroize::{Zeroize, Zeroizing};

const MAGIC: &[u8; 8] = b"RMBACKUP";
/// What every age file begins with.
const AGE: &[u8] = b"age-encryption.org/";
const VERSION: u8 = 1;
/// The code has 160 bit: no slow derivation is needed. 2^14 blocks of 1 KiB, 16 MiB.
const WORK_FACTOR: u8 = 14;
/// A foreign file may ask for no more, 64 MiB.
const MOST_WORK_FACTOR: u8 = 16;
/// A longer header is none, bytes.
const MOST_HEADER: usize = 4_096;
const BEING_MADE: &str = "backup.db";
const AS_RECEIVED: &str = "restore.received";
const TO_BE_PUT: &str = "restore.db";

/// Why a backup was not made, read or put in place. What was there before is as it was.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// The file is none of these backups.
    #[error("the file is no backup")]
    NoBackup,
    /// The code opens it not.
    #[error("the code does not open the backup")]
    WrongCode,
    /// The file is cut off or changed.
    #[error("the backup is damaged")]
    Damaged,
    /// A newer version of the app has made it.
    #[error("the backup is of a newer version")]
    TooNew,
    /// The storage is full.
    #[error("the storage is full")]
    Full,
    /// The system's cryptography did not answer.
    #[error("the backup could not be sealed")]
    Seal,
    /// A database refused an operation.
    #[error(transparent)]
    Db(DbError),
    /// Any other failure of the file system.
    #[error("the backup cannot be read or written")]
    Io(#[source] io::Error),
}

/// What a backup says of itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BackupFacts {
    /// When it was made, ms UTC.
    pub made_at_ms: i64,
    /// How many notes and marks are in it.
    pub notes: u64,
}

#[derive(Encode, Decode)]
#[cbor(map)]
pub(crate) struct Header {
    #[n(0)]
    made_at_ms: i64,
    #[n(1)]
    notes: u64,
    /// `user_version` of the database.
    #[n(2)]
    schema: u32,
    /// Of the database that follows.
    #[cbor(n(3), with = "minicbor::bytes")]
    key: [u8; 32],
    #[n(4)]
    byte_len: u64,
}

impl Drop for Header {
    fn drop(&mut self) {
        self.key.zeroize();
    }
}

/// A backup that was read and checked as a whole; it counts once it is put in place.
#[derive(Debug)]
pub struct ReadBackup {
    facts: BackupFacts,
    /// Encrypted as this vault's own.
    path: PathBuf,
}

impl Vault {
    // Meets: O.Arch_4
    /// Writes a backup of the private database as it is now, compact: what was removed from it is not in it.
    ///
    /// * `out` – must not be used after an error.
    ///
    /// Errors: [`BackupError`].
    pub fn write_backup(
        &self,
        out: impl Write,
        code: &RecoveryCode,
        facts: BackupFacts,
    ) -> Result<(), BackupError> {
        let copy = Temporary::new(self.folder.join(BEING_MADE))?;
        let key = SecretKey::make().map_err(|_| BackupError::Seal)?;
        let schema = {
            let connection = self.open_private_db()?;
            copy_database(&connection, &copy.0, &key)
                .map_err(|error| looked_at(error, || self.reopen_private_db()))?
        };
        let mut database = File::open(&copy.0)?;
        let header = Header {
            made_at_ms: facts.made_at_ms,
            notes: facts.notes,
            schema,
            key: *key.bytes(),
            byte_len: database.metadata()?.len(),
        };
        let bytes = Zeroizing::new(minicbor::to_vec(&header).map_err(io::Error::other)?);
        let mut recipient = age::scrypt::Recipient::new(passphrase(code));
        recipient.set_work_factor(WORK_FACTOR);
        let encryptor =
            age::Encryptor::with_recipients(std::iter::once(&recipient as &dyn age::Recipient))
                .map_err(|_| BackupError::Seal)?;
        let mut sealed = encryptor.wrap_output(out)?;
        sealed.write_all(MAGIC)?;
        sealed.write_all(&[VERSION])?;
        sealed.write_all(&u32::try_from(bytes.len()).unwrap_or(u32::MAX).to_be_bytes())?;
        sealed.write_all(&bytes)?;
        io::copy(&mut database, &mut sealed)?;
        sealed.finish()?.flush()?;
        Ok(())
    }

    /// Reads a backup to its end and checks all of it, beside what is there.
    ///
    /// * `known` – the newest schema of the private database that this app knows.
    ///
    /// Errors: [`BackupError`].
    pub fn read_backup(
        &self,
        source: impl Read,
        code: &RecoveryCode,
        known: u32,
    ) -> Result<ReadBackup, BackupError> {
        let received = Temporary::new(self.folder.join(AS_RECEIVED))?;
        let mut identity = age::scrypt::Identity::new(passphrase(code));
        identity.set_max_work_factor(MOST_WORK_FACTOR);
        let mut source = io::BufReader::new(source);
        if !source.fill_buf()?.starts_with(AGE) {
            return Err(BackupError::NoBackup);
        }
        let decryptor = age::Decryptor::new(source).map_err(refusal)?;
        let mut opened = decryptor
            .decrypt(std::iter::once(&identity as &dyn age::Identity))
            .map_err(refusal)?;
        let header = read_header(&mut opened)?;
        if header.schema > known {
            return Err(BackupError::TooNew);
        }
        let mut file = atomic::private_options()
            .write(true)
            .create(true)
            .truncate(true)
            .open(&received.0)?;
        // To the end, or a file that was cut off behind what is needed would pass.
        let byte_len = copy_opened(&mut opened, &mut file)?;
        if byte_len != header.byte_len {
            return Err(BackupError::Damaged);
        }
        drop(file);
        let key = SecretKey::from_bytes(&header.key);
        let own = self
            .root
            .derive(Purpose::PrivateDb, b"")
            .map_err(|_| BackupError::Seal)?;
        let ready = Temporary::new(self.folder.join(TO_BE_PUT))?;
        let schema = {
            let open = || database::open_surely(&received.0, &key, Check::AllPages);
            let connection = open()?;
            copy_database(&connection, &ready.0, &own).map_err(|error| looked_at(error, open))?
        };
        if schema != header.schema {
            return Err(BackupError::Damaged);
        }
        Ok(ReadBackup {
            facts: BackupFacts {
                made_at_ms: header.made_at_ms,
                notes: header.notes,
            },
            path: ready.keep(),
        })
    }

    /// Puts a backup in the place of the private database, which is kept under another name. No connection to it may be open.
    ///
    /// Result: where the one before lies, if there was one.
    ///
    /// Errors: [`BackupError::Io`]; the next opening of the private database then finishes what was begun, or takes it back.
    pub fn put_backup(&self, backup: &ReadBackup) -> Result<Option<PathBuf>, BackupError> {
        // Whatever happens now, the next opening looks after what was begun.
        self.is_private_db_checked.store(false, Ordering::Release);
        let before = put_in_place::put(&self.folder.join(PRIVATE_DB), &backup.path)?;
        Ok(before)
    }
}

impl ReadBackup {
    /// What it says of itself.
    pub fn facts(&self) -> BackupFacts {
        self.facts
    }
}

impl Drop for ReadBackup {
    fn drop(&mut self) {
        // Put in place, it is not there any more; otherwise it is encrypted, and the next one takes its name.
        let _ = database::delete(&self.path);
    }
}

/// A file that goes when this is dropped, with a database's companions.
struct Temporary(PathBuf);

impl Temporary {
    fn new(path: PathBuf) -> io::Result<Self> {
        database::delete(&path)?;
        Ok(Self(path))
    }

    fn keep(self) -> PathBuf {
        let path = self.0.clone();
        std::mem::forget(self);
        path
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        // What stays is encrypted, and goes with the next backup.
        let _ = database::delete(&self.0);
    }
}

// Meets: O.Data_12
/// Copies all that a database holds into a new one under another key, without what was removed from it.
///
/// Result: its schema.
fn copy_database(from: &Connection, to: &Path, key: &SecretKey) -> Result<u32, BackupError> {
    let schema: u32 = from.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    // Created by hand, because SQLite would give a new file the rights of the umask.
    drop(
        atomic::private_options()
            .append(true)
            .create(true)
            .open(to)?,
    );
    from.execute(
        "ATTACH DATABASE ?1 AS copy KEY ?2",
        rusqlite::params![to.to_string_lossy(), database::raw_key(key).as_str()],
    )?;
    let copied = (|| {
        from.execute_batch("BEGIN")?;
        from.query_row("SELECT sqlcipher_export('copy')", [], |_| Ok(()))?;
        from.execute_batch(&format!("PRAGMA copy.user_version = {schema}; COMMIT"))
    })();
    if copied.is_err() && !from.is_autocommit() {
        // The first error is the one to tell; a transaction that does not end goes with its connection.
        let _ = from.execute_batch("ROLLBACK");
    }
    let detached = from.execute_batch("DETACH DATABASE copy");
    copied?;
    detached?;
    File::open(to)?.sync_all()?;
    Ok(schema)
}

/// An error while a database was copied, once it is known whether it opens anew.
fn looked_at(
    error: BackupError,
    reopen: impl FnOnce() -> Result<Connection, DbError>,
) -> BackupError {
    match error {
        BackupError::Damaged => DbError::Damaged.looked_at(reopen).0.into(),
        other => other,
    }
}

pub(crate) fn read_header(opened: &mut impl Read) -> Result<Header, BackupError> {
    let mut start = [0; 13];
    opened.read_exact(&mut start).map_err(cut)?;
    let (magic, rest) = start.split_at(MAGIC.len());
    if magic != MAGIC {
        return Err(BackupError::NoBackup);
    }
    let [version, length @ ..] = rest else {
        return Err(BackupError::NoBackup);
    };
    if *version > VERSION {
        return Err(BackupError::TooNew);
    }
    let length: [u8; 4] = length.try_into().map_err(|_| BackupError::NoBackup)?;
    let length = usize::try_from(u32::from_be_bytes(length)).unwrap_or(usize::MAX);
    if length > MOST_HEADER {
        return Err(BackupError::Damaged);
    }
    let mut bytes = Zeroizing::new(vec![0; length]);
    opened.read_exact(&mut bytes).map_err(cut)?;
    minicbor::decode(&bytes).map_err(|_| BackupError::Damaged)
}

/// Copies to the end; what the seal refuses is damage, what the disk refuses is not.
fn copy_opened(opened: &mut impl Read, file: &mut File) -> Result<u64, BackupError> {
    let mut buffer = vec![0; 1 << 16];
    let mut byte_len = 0;
    loop {
        let count = opened.read(&mut buffer).map_err(cut)?;
        let Some(bytes) = buffer.get(..count).filter(|bytes| !bytes.is_empty()) else {
            break;
        };
        file.write_all(bytes)?;
        byte_len += count as u64;
    }
    file.sync_all()?;
    Ok(byte_len)
}

/// The code as it is shown, which is how a person would type it into another program.
fn passphrase(code: &RecoveryCode) -> SecretString {
    SecretString::from(code.to_display().to_string())
}

/// While a sealed file is read: the seal says damage in these two ways.
fn cut(error: io::Error) -> BackupError {
    match error.kind() {
        io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof => BackupError::Damaged,
        _ => error.into(),
    }
}

fn refusal(error: age::DecryptError) -> BackupError {
    use age::DecryptError::*;
    match error {
        NoMatchingKeys | DecryptionFailed | KeyDecryptionFailed => BackupError::WrongCode,
        InvalidMac => BackupError::Damaged,
        Io(error) if error.kind() == io::ErrorKind::UnexpectedEof => BackupError::Damaged,
        Io(error) => error.into(),
        _ => BackupError::NoBackup,
    }
}

impl From<io::Error> for BackupError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::Full,
            _ => Self::Io(error),
        }
    }
}

impl From<DbError> for BackupError {
    fn from(error: DbError) -> Self {
        match error {
            DbError::Damaged => Self::Damaged,
            DbError::TooNew { .. } => Self::TooNew,
            DbError::Full => Self::Full,
            DbError::Io(error) => error.into(),
            other => Self::Db(other),
        }
    }
}

impl From<rusqlite::Error> for BackupError {
    fn from(error: rusqlite::Error) -> Self {
        DbError::from(error).into()
    }
}
