//! The encrypted files of one council on disk: arriving in parts, checked by their hash, kept, listed, deleted.
//! Not fetching them (see crate `sync`) and not which one belongs to which document.
//!
//! ```text
//! blobs/ab/ab12….       64 hex digits: complete, hash checked, durable
//! blobs/ab/ab12….part   arriving; what is there counts as received and is hashed again when it is continued
//! ```

use crate::atomic;
use crate::encrypted_reader::{EncryptedReader, ReadError};
use ring::digest::{Context, SHA256};
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use sync_protocol::encrypted_file::FileKey;
use sync_protocol::ids::BlobId;

const PART: &str = ".part";
/// How much of a part is hashed at once when it is continued, bytes.
const HASH_STEP: usize = 256 * 1024;

/// Why a blob cannot be stored or opened.
#[derive(Debug, thiserror::Error)]
pub enum BlobError {
    /// The file is not on this device.
    #[error("the file is not on this device")]
    NotHere,
    /// What arrived is not what was asked for; the part is deleted.
    #[error("the file that arrived has a wrong hash")]
    WrongHash,
    /// The storage is full; what arrived so far is kept.
    #[error("the storage is full")]
    Full,
    /// The file is there but cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// Any other failure of the file system.
    #[error("the file store cannot be reached")]
    Io(#[source] io::Error),
}

impl BlobError {
    /// The stable code of this error.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotHere => "file_not_here",
            Self::WrongHash => "blob_wrong_hash",
            Self::Full => "disk_full",
            Self::Read(error) => error.code(),
            Self::Io(_) => "io",
        }
    }
}

impl From<io::Error> for BlobError {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::StorageFull {
            Self::Full
        } else {
            Self::Io(error)
        }
    }
}

/// The file store of one council.
#[derive(Debug, Clone)]
pub struct Blobs {
    folder: PathBuf,
}

/// A complete blob.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct StoredBlob {
    /// SHA-256 of its bytes.
    pub blob_id: BlobId,
    /// Length of its ciphertext, bytes.
    pub byte_len: u64,
}

impl Blobs {
    pub(crate) fn in_folder(folder: PathBuf) -> Self {
        Self { folder }
    }

    fn path(&self, blob_id: BlobId) -> PathBuf {
        let name = blob_id.to_string();
        let first_two: String = name.chars().take(2).collect();
        self.folder.join(first_two).join(name)
    }

    /// Where the bytes of an unfinished blob lie.
    pub fn part_path(&self, blob_id: BlobId) -> PathBuf {
        atomic::with_suffix(&self.path(blob_id), PART)
    }

    /// Whether the blob is complete on this device.
    pub fn has(&self, blob_id: BlobId) -> bool {
        self.path(blob_id).is_file()
    }

    /// How much of an unfinished blob is there, bytes; 0 if nothing is.
    ///
    /// Errors: [`BlobError::Io`].
    pub fn part_len(&self, blob_id: BlobId) -> Result<u64, BlobError> {
        match fs::metadata(self.part_path(blob_id)) {
            Ok(meta) => Ok(meta.len()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(0),
            Err(error) => Err(error.into()),
        }
    }

    /// Goes on with an unfinished blob, or begins it. What is there already is read once and hashed.
    ///
    /// One writer at a time for one blob: the caller sees to it.
    /// Errors: [`BlobError::Io`].
    pub fn resume(&self, blob_id: BlobId) -> Result<PartWriter, BlobError> {
        let path = self.part_path(blob_id);
        if let Some(folder) = path.parent() {
            atomic::create_folder(folder)?;
        }
        let mut file = atomic::private_options()
            .read(true)
            .append(true)
            .create(true)
            .open(&path)?;
        let mut hash = Context::new(&SHA256);
        let mut byte_len = 0;
        let mut step = vec![0; HASH_STEP];
        loop {
            let count = file.read(&mut step)?;
            let Some(read) = step.get(..count).filter(|read| !read.is_empty()) else {
                break;
            };
            hash.update(read);
            byte_len += count as u64;
        }
        Ok(PartWriter {
            blob_id,
            part: path,
            complete: self.path(blob_id),
            file,
            hash,
            byte_len,
        })
    }

    /// Deletes a blob and whatever has arrived of it. One that is not there counts as deleted.
    ///
    /// Errors: [`BlobError::Io`].
    pub fn delete(&self, blob_id: BlobId) -> Result<(), BlobError> {
        atomic::remove_file(&self.part_path(blob_id))?;
        Ok(atomic::remove_file(&self.path(blob_id))?)
    }

    /// Deletes a complete blob; what is arriving of it anew stays. One that is not there counts as deleted.
    ///
    /// Errors: [`BlobError::Io`].
    pub fn delete_whole(&self, blob_id: BlobId) -> Result<(), BlobError> {
        Ok(atomic::remove_file(&self.path(blob_id))?)
    }

    /// Opens a complete blob for reading its plaintext.
    ///
    /// Errors: [`BlobError::NotHere`], [`BlobError::Read`].
    pub fn open(&self, blob_id: BlobId, key: &FileKey) -> Result<EncryptedReader, BlobError> {
        match File::open(self.path(blob_id)) {
            Ok(file) => Ok(EncryptedReader::open(file, key)?),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Err(BlobError::NotHere),
            Err(error) => Err(error.into()),
        }
    }

    /// Deletes a complete blob whose bytes are no longer what its id says, so that it can be fetched again.
    ///
    /// Result: whether it was damaged, or is not there any more.
    /// Errors: [`BlobError::Io`].
    pub fn discard_if_damaged(&self, blob_id: BlobId) -> Result<bool, BlobError> {
        let mut file = match File::open(self.path(blob_id)) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(true),
            Err(error) => return Err(error.into()),
        };
        let (mut hash, mut step) = (Context::new(&SHA256), vec![0; HASH_STEP]);
        loop {
            let count = file.read(&mut step)?;
            match step.get(..count) {
                Some(read) if !read.is_empty() => hash.update(read),
                _ => break,
            }
        }
        if hash.finish().as_ref() == blob_id.as_bytes() {
            return Ok(false);
        }
        drop(file);
        self.delete(blob_id)?;
        Ok(true)
    }

    /// All complete blobs, in order of their ids.
    ///
    /// Errors: [`BlobError::Io`].
    pub fn list(&self) -> Result<Vec<StoredBlob>, BlobError> {
        self.files(|name| name.parse().ok())
    }

    /// All unfinished blobs with what has arrived of them.
    ///
    /// Errors: [`BlobError::Io`].
    pub fn list_parts(&self) -> Result<Vec<StoredBlob>, BlobError> {
        self.files(|name| name.strip_suffix(PART)?.parse().ok())
    }

    fn files(&self, id_of: impl Fn(&str) -> Option<BlobId>) -> Result<Vec<StoredBlob>, BlobError> {
        let mut found = Vec::new();
        for folder in entries(&self.folder)? {
            for path in entries(&folder)? {
                let id = path
                    .file_name()
                    .and_then(|name| name.to_str())
                    .and_then(&id_of);
                if let Some(blob_id) = id {
                    found.push(StoredBlob {
                        blob_id,
                        byte_len: fs::metadata(&path)?.len(),
                    });
                }
            }
        }
        found.sort();
        Ok(found)
    }
}

/// Paths in a folder; none if there is no such folder.
fn entries(folder: &Path) -> io::Result<Vec<PathBuf>> {
    match fs::read_dir(folder) {
        Ok(entries) => entries
            .map(|entry| entry.map(|entry| entry.path()))
            .collect(),
        Err(error)
            if matches!(
                error.kind(),
                io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
            ) =>
        {
            Ok(Vec::new())
        }
        Err(error) => Err(error),
    }
}

/// A blob that is arriving.
pub struct PartWriter {
    blob_id: BlobId,
    part: PathBuf,
    complete: PathBuf,
    file: File,
    hash: Context,
    byte_len: u64,
}

impl std::fmt::Debug for PartWriter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PartWriter")
            .field("byte_len", &self.byte_len)
            .finish_non_exhaustive()
    }
}

impl PartWriter {
    /// How much has arrived, bytes: where to go on.
    pub fn byte_len(&self) -> u64 {
        self.byte_len
    }

    /// Appends what arrived next.
    ///
    /// Errors: [`BlobError::Full`], [`BlobError::Io`]; this writer is then of no more use, the part is.
    pub fn append(&mut self, bytes: &[u8]) -> Result<(), BlobError> {
        self.file.write_all(bytes)?;
        self.hash.update(bytes);
        self.byte_len += bytes.len() as u64;
        Ok(())
    }

    /// Forgets what arrived, for a server that sends the whole file again.
    ///
    /// Errors: [`BlobError::Io`].
    pub fn restart(&mut self) -> Result<(), BlobError> {
        self.file.set_len(0)?;
        self.hash = Context::new(&SHA256);
        self.byte_len = 0;
        Ok(())
    }

    /// Checks the hash and makes the blob complete: fsync, rename, fsync of the folder. Only then may a row say it is present.
    ///
    /// Errors: [`BlobError::WrongHash`] (the part is deleted), [`BlobError::Full`], [`BlobError::Io`] (the part is kept).
    pub fn finish(self) -> Result<(), BlobError> {
        if self.hash.finish().as_ref() != self.blob_id.as_bytes() {
            drop(self.file);
            atomic::remove_file(&self.part)?;
            return Err(BlobError::WrongHash);
        }
        self.file.sync_all()?;
        drop(self.file);
        fs::rename(&self.part, &self.complete)?;
        Ok(atomic::sync_parent(&self.complete)?)
    }
}
