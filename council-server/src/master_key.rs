//! The master key: it seals every key that the server keeps, its tables are encrypted under keys from it, and it lies in a file outside
//! the data folder. Whoever has a copy of the data folder alone can read nothing of it.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use sync_protocol::class_key::{
    ClassKey, ClassKeyError, derive_server_database_key, open_local, seal_local,
};
use sync_protocol::ids::{from_hex, to_hex};
use thiserror::Error;
use zeroize::Zeroizing;

use crate::durable::{folder_of, sync_folder};
use crate::server::DATABASE_FILE;
use crate::store::encryption::DatabaseKey;

/// Why the master key cannot be had.
#[derive(Debug, Error)]
pub enum MasterKeyError {
    #[error("Die Datei des Hauptschlüssels {path} ist nicht lesbar oder nicht anlegbar")]
    Io {
        path: PathBuf,
        #[source]
        source: io::Error,
    },
    #[error("Die Datei des Hauptschlüssels {path} enthält keinen Schlüssel")]
    NotAKey { path: PathBuf },
    #[error(
        "Die Datei des Hauptschlüssels {path} darf nicht im Datenordner liegen: eine Sicherung enthielte beides"
    )]
    InsideData { path: PathBuf },
    #[error(
        "Der Hauptschlüssel {path} fehlt, aber der Datenordner ist schon angelegt: bitte die Schlüsseldatei zurückholen"
    )]
    Missing { path: PathBuf },
    #[error("Das Betriebssystem gibt keine Zufallszahlen")]
    Random(#[from] sync_protocol::RandomUnavailable),
}

/// The key that seals keys. It prints nothing of itself.
#[derive(Clone)]
pub struct MasterKey {
    key: ClassKey,
}

impl std::fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("MasterKey(…)")
    }
}

impl MasterKey {
    /// A key that lives only in memory; for tests and stories.
    ///
    /// Errors: no randomness.
    pub fn make() -> Result<Self, MasterKeyError> {
        Ok(Self {
            key: ClassKey::make()?,
        })
    }

    /// Reads the key from `path`; at first start it is made there, readable by its owner only.
    ///
    /// Errors: `InsideData` where `path` lies in `data_dir`, `Missing` where that holds a council already, `NotAKey`, `Io`.
    pub fn load_or_make(path: &Path, data_dir: &Path) -> Result<Self, MasterKeyError> {
        let io_error = |source| MasterKeyError::Io {
            path: path.to_path_buf(),
            source,
        };
        if lies_inside(path, data_dir).map_err(io_error)? {
            return Err(MasterKeyError::InsideData {
                path: path.to_path_buf(),
            });
        }
        match Self::load(path) {
            Err(MasterKeyError::Io { source, .. }) if source.kind() == io::ErrorKind::NotFound => {
                if data_dir.join(DATABASE_FILE).exists() {
                    return Err(MasterKeyError::Missing {
                        path: path.to_path_buf(),
                    });
                }
                let made = Self::make()?;
                let text = Zeroizing::new(format!("{}\n", to_hex(made.key.expose())));
                write_private(path, text.as_bytes()).map_err(io_error)?;
                Ok(made)
            }
            loaded => loaded,
        }
    }

    /// Reads the key from `path`.
    ///
    /// Errors: `NotAKey`, `Io`.
    pub fn load(path: &Path) -> Result<Self, MasterKeyError> {
        let path_buf = || path.to_path_buf();
        let text = fs::read_to_string(path).map_err(|source| MasterKeyError::Io {
            path: path_buf(),
            source,
        })?;
        let text = Zeroizing::new(text);
        let bytes: [u8; 32] =
            from_hex(text.trim()).map_err(|_| MasterKeyError::NotAKey { path: path_buf() })?;
        Ok(Self {
            key: ClassKey::from_bytes(bytes),
        })
    }

    /// The key of a database file; for the server, and for whoever looks into its tables with a tool of her own.
    ///
    /// `file`: its name in the data folder.
    #[must_use]
    pub fn database_key(&self, file: &str) -> DatabaseKey {
        DatabaseKey::new(derive_server_database_key(&self.key, file))
    }

    /// Seals a secret; it opens only under the same label and place.
    pub(crate) fn seal(
        &self,
        label: &str,
        place: &[u8],
        secret: &[u8],
    ) -> Result<Vec<u8>, ClassKeyError> {
        seal_local(&self.key, label, place, secret)
    }

    /// Opens what [`Self::seal`] made.
    pub(crate) fn open(
        &self,
        label: &str,
        place: &[u8],
        sealed: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, ClassKeyError> {
        open_local(&self.key, label, place, sealed).map(Zeroizing::new)
    }
}

/// Creates a file that must not exist yet, readable by its owner only.
fn write_private(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    let mut file = options.open(path)?;
    let kept = file
        .write_all(bytes)
        .and_then(|()| file.sync_all())
        .and_then(|()| folder_of(path).map_or(Ok(()), sync_folder));
    if kept.is_err() {
        // A key that would not last must not encrypt anything; the next try makes another.
        fs::remove_file(path)?;
    }
    kept
}

fn lies_inside(path: &Path, data_dir: &Path) -> io::Result<bool> {
    let Ok(data_dir) = data_dir.canonicalize() else {
        return Ok(path.starts_with(data_dir));
    };
    let folder = match path.parent() {
        Some(folder) if folder.as_os_str().is_empty() => Path::new("."),
        Some(folder) => folder,
        None => return Ok(false),
    };
    Ok(folder.canonicalize()?.starts_with(data_dir))
}
