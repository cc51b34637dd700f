//! The folder of ciphertexts, behind one narrow module: content-addressed, written once, never changed.
//! It holds no plaintext and no key.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::PathBuf;
use std::time::Duration;

use sync_protocol::encrypted_file::{FileError, FileKey, make_salt, seal};
use sync_protocol::ids::BlobId;
use tempfile::NamedTempFile;
use thiserror::Error;

use crate::durable::{make_folder, sync_folder};

/// Letters of the folder that a ciphertext lies in: the first ones of its id.
const SHELF_NAME: usize = 2;

/// Why a ciphertext could not be stored.
#[derive(Debug, Error)]
pub enum BlobError {
    #[error("Eine Datei konnte nicht verschlüsselt abgelegt werden")]
    Seal(#[from] FileError),
    #[error("Die Ablage der Dateien ist nicht beschreibbar")]
    Io(#[from] io::Error),
    #[error("Das Betriebssystem gibt keine Zufallszahlen")]
    Random(#[from] sync_protocol::RandomUnavailable),
}

/// The folder `blobs`.
#[derive(Clone, Debug)]
pub(crate) struct Blobs {
    root: PathBuf,
}

impl Blobs {
    /// Opens or creates the folder; half-written files of a crash are swept away.
    pub(crate) fn open(root: PathBuf) -> io::Result<Self> {
        let incoming = root.join("incoming");
        make_folder(&incoming)?;
        for left_over in fs::read_dir(&incoming)?.flatten() {
            // Another process may be writing just now; only what nobody touched for a day is left over.
            let age = left_over
                .metadata()?
                .modified()?
                .elapsed()
                .unwrap_or_default();
            if age > Duration::from_secs(24 * 60 * 60) {
                fs::remove_file(left_over.path())?;
            }
        }
        Ok(Self { root })
    }

    /// A folder that is only read.
    pub(crate) fn at(root: PathBuf) -> Self {
        Self { root }
    }

    /// Stores a ciphertext durably that was made before; `id` is the hash of `bytes`.
    pub(crate) fn put_sealed(&self, id: &BlobId, bytes: &[u8]) -> io::Result<()> {
        let mut part = NamedTempFile::new_in(self.root.join("incoming"))?;
        part.write_all(bytes)?;
        part.as_file().sync_all()?;
        self.place(part, id)
    }

    /// Gives a whole file its name.
    fn place(&self, part: NamedTempFile, id: &BlobId) -> io::Result<()> {
        let path = self.path(id);
        let folder = path.parent().unwrap_or(&self.root);
        make_folder(folder)?;
        let part = part.into_temp_path();
        fs::rename(&part, &path)?;
        sync_folder(folder)
    }

    /// Encrypts `plain` under `key` and stores it durably. Result: the ciphertext's id.
    pub(crate) fn put(&self, key: &FileKey, plain: &[u8]) -> Result<BlobId, BlobError> {
        let part = NamedTempFile::new_in(self.root.join("incoming"))?;
        let mut out = BufWriter::new(part);
        let id = seal(key, make_salt()?, plain, plain.len() as u64, &mut out)?;
        out.flush()?;
        let part = out.into_inner().map_err(io::IntoInnerError::into_error)?;
        part.as_file().sync_all()?;
        self.place(part, &id)?;
        Ok(id)
    }

    /// Where a ciphertext lies.
    pub(crate) fn path(&self, id: &BlobId) -> PathBuf {
        let name = id.to_string();
        let shelf: String = name.chars().take(SHELF_NAME).collect();
        self.root.join(shelf).join(name)
    }

    /// Deletes every ciphertext that is not known any more: of this import, and what an end between commit and deletion left behind.
    ///
    /// Errors: the first of those that could not be deleted, where all others are; a folder that cannot be read, which ends it.
    pub(crate) fn sweep(&self, known: &BTreeSet<BlobId>) -> io::Result<()> {
        let mut failed = Ok(());
        for shelf in fs::read_dir(&self.root)? {
            let shelf = shelf?;
            if shelf.file_name().len() != SHELF_NAME {
                continue;
            }
            for file in fs::read_dir(shelf.path())? {
                let id = file?
                    .file_name()
                    .to_str()
                    .and_then(|name| name.parse().ok());
                if let Some(id) = id.filter(|id| !known.contains(id)) {
                    failed = failed.and(self.delete(&id));
                }
            }
        }
        failed
    }

    /// Deletes a ciphertext; one that is gone already is no error.
    pub(crate) fn delete(&self, id: &BlobId) -> io::Result<()> {
        match fs::remove_file(self.path(id)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }
}
