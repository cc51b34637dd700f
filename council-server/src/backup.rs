//! Backups of the data folder, and how one becomes a data folder again. A backup is as encrypted as the folder itself and does not hold
//! the master key. It is made while the server serves; imports wait until it is done, so that no file goes from under it.
//! Not here: telling the tablets that an older state counts (`Server::begin_generation`).

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use sync_protocol::ids::{BlobId, Hash};
use thiserror::Error;

use crate::audit;
use crate::blobs::Blobs;
use crate::durable::{folder_of, sync_folder};
use crate::error::ServerError;
use crate::identity;
use crate::keys::Keys;
use crate::master_key::MasterKey;
use crate::oparl::PLAN_FILE;
use crate::publish::importing_turn;
use crate::server::{DATABASE_FILE, Server, make_private_folder};
use crate::store::{Store, StoreError, encryption, files, mirror};

/// What a backup is; another one is refused.
const FORMAT: u32 = 1;
/// Written last: a folder without it is no whole backup.
const CONTENTS_FILE: &str = "backup.json";

/// Why a backup cannot be made or brought back. Nothing was changed then.
#[derive(Debug, Error)]
pub enum BackupError {
    #[error(
        "Der Ordner {path} ist nicht leer. Nichts wurde verändert. Bitte einen neuen oder leeren Ordner angeben"
    )]
    NotEmpty { path: PathBuf },
    #[error(
        "Der Ordner {path} liegt im Datenordner: mit ihm ginge auch die Sicherung verloren. Bitte einen Ordner außerhalb angeben"
    )]
    InsideData { path: PathBuf },
    #[error(
        "In {path} liegt keine vollständige Sicherung (die Datei backup.json fehlt oder ist nicht lesbar). Nichts wurde verändert"
    )]
    NoBackup { path: PathBuf },
    #[error(
        "Die Sicherung ist von einer neueren Fassung des Servers. Nichts wurde verändert. Bitte den Server erst aktualisieren"
    )]
    TooNew,
    #[error(
        "Die Datei {name} der Sicherung ist beschädigt oder fehlt. Nichts wurde verändert. Bitte eine andere Sicherung nehmen"
    )]
    Damaged { name: String },
    #[error(
        "{count} verschlüsselte Dateien im Datenordner sind beschädigt oder fehlen, die erste ist {first}. Die Sicherung wurde nicht fertig. Bitte die letzte gute Sicherung zurückspielen oder die Unterlagen neu übernehmen"
    )]
    DamagedBlobs { count: usize, first: BlobId },
    #[error("{path} ist nicht les- oder schreibbar. Es wurde nichts fertig und nichts verändert")]
    Io {
        path: PathBuf,
        #[source]
        source: io::Error,
    },
}

/// What a backup holds; names no content.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BackupContents {
    format: u32,
    /// When it was made, ms UTC.
    pub made_at_ms: i64,
    /// The generation that counted then.
    pub generation: u32,
    /// Where the audit ended then: it goes on through this place for ever (`AuditHead` as text).
    #[serde(default)]
    pub audit_head: Option<String>,
    /// Encrypted files.
    pub blob_count: usize,
    /// Name and SHA-256 of everything else.
    files: Vec<(String, String)>,
}

impl Server {
    /// Copies everything into the folder `to`, which must not be there yet or be empty. It appears there whole or not at all.
    ///
    /// Errors: see [`BackupError`]; storage.
    pub fn backup(&self, to: &Path) -> Result<BackupContents, ServerError> {
        let inner = &*self.inner;
        let place = Place::new(to)?;
        if lies_inside(to, &inner.dir) {
            return Err(BackupError::InsideData { path: to.into() }.into());
        }
        let _turn = importing_turn(&inner.dir)?;
        let part = &place.part;
        let beside = self.beside()?;
        let database = part.join(DATABASE_FILE);
        beside
            .inner
            .store
            .copy_to(&database, &inner.keys.master().database_key(DATABASE_FILE))?;
        if inner.dir.join(mirror::DATABASE_FILE).exists() {
            let key = inner.keys.master().database_key(mirror::DATABASE_FILE);
            mirror::open(&inner.dir, inner.keys.master())?
                .copy_to(&part.join(mirror::DATABASE_FILE), &key)?;
        }
        if inner.dir.join(PLAN_FILE).exists() {
            copy(&inner.dir.join(PLAN_FILE), &part.join(PLAN_FILE))?;
        }
        // What the copy of the tables names, and nothing that came later.
        let copied = Store::open(&database, &inner.keys.master().database_key(DATABASE_FILE))?;
        let (blobs, generation, audit_head) = copied.read(|c| {
            let head = audit::head(c, &inner.keys)?;
            Ok::<_, ServerError>((files::all_blobs(c)?, identity::generation(c)?, head))
        })?;
        copied.close_whole()?;
        let target = Blobs::open(part.join("blobs"))?;
        let damaged = copy_blobs(&inner.blobs, &target, &blobs)?;
        if let Some(first) = damaged.first() {
            let count = damaged.len();
            return Err(BackupError::DamagedBlobs {
                count,
                first: *first,
            }
            .into());
        }
        let contents = BackupContents {
            format: FORMAT,
            made_at_ms: inner.clock.now_at_ms(),
            generation,
            audit_head: audit_head.map(|head| head.to_string()),
            blob_count: blobs.len(),
            files: digests(part)?,
        };
        place.finish(Some(&contents))?;
        Ok(contents)
    }
}

/// Makes a data folder `data` of the backup in `from`. The tablets refuse it until a new generation has begun.
///
/// Errors: see [`BackupError`]; `WrongMasterKey`.
pub fn restore(
    from: &Path,
    data: &Path,
    master: &MasterKey,
) -> Result<BackupContents, ServerError> {
    let no_backup = || BackupError::NoBackup { path: from.into() };
    let text = fs::read(from.join(CONTENTS_FILE)).map_err(|_| no_backup())?;
    let contents: BackupContents = serde_json::from_slice(&text).map_err(|_| no_backup())?;
    if contents.format > FORMAT {
        return Err(BackupError::TooNew.into());
    }
    let place = Place::new(data)?;
    for (name, digest) in &contents.files {
        let damaged = || BackupError::Damaged { name: name.clone() };
        // A name from a file is no path.
        if Path::new(name).file_name() != Some(name.as_ref()) {
            return Err(damaged().into());
        }
        let target = place.part.join(name);
        copy(&from.join(name), &target).map_err(|_| damaged())?;
        if digest_of(&target)? != *digest {
            return Err(damaged().into());
        }
    }
    let keys = Keys::new(master.clone());
    let path = place.part.join(DATABASE_FILE);
    let store =
        Store::open(&path, &master.database_key(DATABASE_FILE)).map_err(|error| match error {
            StoreError::WrongKey => ServerError::WrongMasterKey,
            error => error.into(),
        })?;
    let blobs = store.read(|c| {
        identity::prove(c, &keys)?;
        Ok::<_, ServerError>(files::all_blobs(c)?)
    })?;
    store.close_whole()?;
    let (source, target) = (
        Blobs::at(from.join("blobs")),
        Blobs::open(place.part.join("blobs"))?,
    );
    if let Some(first) = copy_blobs(&source, &target, &blobs)?.first() {
        let name = first.to_string();
        return Err(BackupError::Damaged { name }.into());
    }
    place.finish(None)?;
    Ok(contents)
}

/// A folder that appears under its name when it is whole. What did not become whole is taken away.
struct Place {
    part: PathBuf,
    whole: PathBuf,
    is_finished: bool,
}

impl Place {
    fn new(whole: &Path) -> Result<Self, ServerError> {
        let path = || whole.to_path_buf();
        let is_empty = match fs::read_dir(whole) {
            Ok(mut entries) => entries.next().is_none(),
            Err(error) if error.kind() == io::ErrorKind::NotFound => true,
            Err(source) => {
                return Err(BackupError::Io {
                    path: path(),
                    source,
                }
                .into());
            }
        };
        if !is_empty {
            return Err(BackupError::NotEmpty { path: path() }.into());
        }
        let mut part = whole.as_os_str().to_owned();
        part.push(".part");
        let part = PathBuf::from(part);
        // Left by one that was killed.
        let swept = match fs::remove_dir_all(&part) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        };
        swept.map_err(|source| BackupError::Io {
            path: part.clone(),
            source,
        })?;
        make_private_folder(&part).map_err(|error| match error {
            ServerError::Io(source) => BackupError::Io {
                path: part.clone(),
                source,
            }
            .into(),
            error => error,
        })?;
        Ok(Self {
            part,
            whole: path(),
            is_finished: false,
        })
    }

    /// Durably under its name; the list of contents comes last.
    fn finish(mut self, contents: Option<&BackupContents>) -> Result<(), ServerError> {
        if let Some(contents) = contents {
            let text = serde_json::to_vec_pretty(contents).map_err(io::Error::from)?;
            let mut file = File::create(self.part.join(CONTENTS_FILE))?;
            file.write_all(&text)?;
            file.sync_all()?;
        }
        sync_folder(&self.part)?;
        match fs::remove_dir(&self.whole) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error.into()),
            _ => {}
        }
        fs::rename(&self.part, &self.whole)?;
        self.is_finished = true;
        Ok(folder_of(&self.whole).map_or(Ok(()), sync_folder)?)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if !self.is_finished {
            // The next one sweeps it away if that does not work now.
            let _ = fs::remove_dir_all(&self.part);
        }
    }
}

/// Copies encrypted files and reads them back: each is named by the hash of its bytes. Result: those that are damaged or missing.
fn copy_blobs(from: &Blobs, to: &Blobs, ids: &[BlobId]) -> Result<Vec<BlobId>, ServerError> {
    let mut damaged = Vec::new();
    for id in ids {
        match fs::read(from.path(id)) {
            Ok(bytes) if BlobId::of(&bytes) == *id => to.put_sealed(id, &bytes)?,
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error.into()),
            _ => damaged.push(*id),
        }
    }
    Ok(damaged)
}

fn digests(folder: &Path) -> Result<Vec<(String, String)>, ServerError> {
    let mut found = Vec::new();
    for name in [DATABASE_FILE, mirror::DATABASE_FILE, PLAN_FILE] {
        let path = folder.join(name);
        if path.exists() {
            found.push((name.to_owned(), digest_of(&path)?));
        }
    }
    Ok(found)
}

fn digest_of(path: &Path) -> Result<String, ServerError> {
    Ok(Hash::of(&fs::read(path)?).to_string())
}

fn copy(from: &Path, to: &Path) -> io::Result<()> {
    fs::copy(from, to)?;
    File::open(to)?.sync_all()
}

fn lies_inside(path: &Path, data: &Path) -> bool {
    let Ok(data) = data.canonicalize() else {
        return false;
    };
    path.ancestors()
        .find_map(|folder| match folder.as_os_str().is_empty() {
            true => Path::new(".").canonicalize().ok(),
            false => folder.canonicalize().ok(),
        })
        .is_some_and(|folder| folder.starts_with(data))
}

impl Store {
    /// Writes all tables, as they are at one moment, into a new file under `key`.
    pub(crate) fn copy_to(
        &self,
        path: &Path,
        key: &encryption::DatabaseKey,
    ) -> Result<(), StoreError> {
        self.with_connection(|c: &Connection| encryption::copy(c, path, key))
    }
}
