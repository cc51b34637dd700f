//! The keyring: paired councils, this device's keys, class keys. Every change is on disk, whole, before it counts.
//! Not the file's form (see `keyring_file`) and not the decision when a key is forgotten (see crate `sync`).

use crate::atomic;
use crate::high_marks::{HighMarks, SetBack};
use crate::key_store::KeyStoreError;
use crate::keyring_file::{
    ClassKeyEntry, CouncilEntry, CouncilRecord, KeyringContent, KeyringFileError,
};
use crate::secret::SecretKey;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use sync_protocol::RandomUnavailable;
use sync_protocol::class_key::{ClassKey, KeyEpoch};
use sync_protocol::ids::{AudienceId, CouncilId};
use sync_protocol::key_box::DeviceBoxKey;
use sync_protocol::sign::SigningKey;

const FILE_NAME: &str = "keyring";

/// Why the keyring did not change. What it held before still holds.
#[derive(Debug, thiserror::Error)]
pub enum KeyringError {
    /// The device is paired with this council already.
    #[error("this council is in the keyring already")]
    CouncilExists,
    /// The device is not paired with this council.
    #[error("this council is not in the keyring")]
    NoSuchCouncil,
    /// The storage is full.
    #[error("the storage is full")]
    Full,
    /// The system's cryptography did not answer.
    #[error("the keyring could not be sealed")]
    Seal,
    /// Any other failure of the file system.
    #[error("the keyring could not be written")]
    Io(#[source] io::Error),
}

impl KeyringError {
    /// The stable code of this error.
    pub fn code(&self) -> &'static str {
        match self {
            Self::CouncilExists => "council_exists",
            Self::NoSuchCouncil => "no_such_council",
            Self::Full => "disk_full",
            Self::Seal => "internal",
            Self::Io(_) => "io",
        }
    }
}

impl From<io::Error> for KeyringError {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::StorageFull {
            Self::Full
        } else {
            Self::Io(error)
        }
    }
}

/// The private halves of this device's keys for one council.
#[derive(Debug, Clone)]
pub struct DeviceKeys {
    /// Signs requests and receipts.
    pub signing_key: SigningKey,
    /// Opens key boxes.
    pub box_key: DeviceBoxKey,
}

/// Makes the keys of this device for a council it is about to be paired with.
///
/// Errors: no randomness.
pub fn make_device_keys() -> Result<DeviceKeys, RandomUnavailable> {
    Ok(DeviceKeys {
        signing_key: SigningKey::make()?,
        box_key: DeviceBoxKey::make()?,
    })
}

/// The keyring of an unlocked vault. Its keys are wiped when it is dropped.
pub struct Keyring {
    path: PathBuf,
    key: SecretKey,
    content: Mutex<KeyringContent>,
    /// What the key store remembers of the newest things seen.
    marks: Option<HighMarks>,
}

impl fmt::Debug for Keyring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Keyring(hidden)")
    }
}

#[derive(Debug, thiserror::Error)]
pub(crate) enum OpenKeyringError {
    #[error(transparent)]
    File(#[from] KeyringFileError),
    #[error(transparent)]
    Io(#[from] io::Error),
}

impl Keyring {
    pub(crate) fn path_in(folder: &Path) -> PathBuf {
        folder.join(FILE_NAME)
    }

    /// Writes an empty keyring.
    pub(crate) fn create(
        folder: &Path,
        key: SecretKey,
        marks: Option<HighMarks>,
    ) -> Result<Self, KeyringError> {
        let keyring = Self {
            path: Self::path_in(folder),
            key,
            content: Mutex::new(KeyringContent::new()),
            marks,
        };
        keyring.change(|_| Ok(()))?;
        Ok(keyring)
    }

    pub(crate) fn open(
        folder: &Path,
        key: SecretKey,
        marks: Option<HighMarks>,
    ) -> Result<Self, OpenKeyringError> {
        let path = Self::path_in(folder);
        let content = match std::fs::read(&path) {
            Ok(bytes) => KeyringContent::open(&key, &bytes)?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                Err(KeyringFileError::Damaged)?
            }
            Err(error) => Err(error)?,
        };
        Ok(Self {
            path,
            key,
            content: Mutex::new(content),
            marks,
        })
    }

    fn content(&self) -> MutexGuard<'_, KeyringContent> {
        // A change replaces the content as a whole, so it is consistent even after a panic elsewhere.
        self.content.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Makes a changed copy, writes it, and only then lets it count.
    fn change<T>(
        &self,
        edit: impl FnOnce(&mut KeyringContent) -> Result<T, KeyringError>,
    ) -> Result<T, KeyringError> {
        let mut content = self.content();
        let mut changed = content.clone();
        let answer = edit(&mut changed)?;
        let bytes = changed.seal(&self.key).map_err(|_| KeyringError::Seal)?;
        atomic::write_file(&self.path, &bytes)?;
        if let Some(marks) = &self.marks {
            marks.keep_heads(&content, &changed);
        }
        *content = changed;
        Ok(answer)
    }

    /// What the key store has seen newer than this keyring has it: somebody put an older file back, or it was restored.
    pub(crate) fn set_back(&self) -> Vec<SetBack> {
        let marks = self.marks.as_ref();
        marks.map_or(Vec::new(), |marks| marks.set_back(&self.content()))
    }

    pub(crate) fn marks(&self) -> Option<&HighMarks> {
        self.marks.as_ref()
    }

    /// What there is now counts as the newest.
    ///
    /// Errors: the key store did not take it.
    pub(crate) fn accept_set_back(&self) -> Result<(), KeyStoreError> {
        match &self.marks {
            Some(marks) => marks.accept(&self.content()),
            None => Ok(()),
        }
    }

    /// All councils this device is paired with, in the order of pairing.
    pub fn councils(&self) -> Vec<CouncilRecord> {
        self.content()
            .councils
            .iter()
            .map(|entry| entry.record.clone())
            .collect()
    }

    /// One council.
    pub fn council(&self, council: CouncilId) -> Option<CouncilRecord> {
        self.content()
            .council(council)
            .map(|entry| entry.record.clone())
    }

    /// Keeps a council after pairing, with the keys it was paired with.
    ///
    /// Errors: [`KeyringError::CouncilExists`], or the file could not be written.
    pub fn add_council(
        &self,
        record: CouncilRecord,
        keys: &DeviceKeys,
    ) -> Result<(), KeyringError> {
        self.change(|content| {
            if content.council(record.council).is_some() {
                return Err(KeyringError::CouncilExists);
            }
            content.councils.push(CouncilEntry {
                record,
                signing_key: SecretKey::from_bytes(keys.signing_key.expose()),
                box_key: SecretKey::from_bytes(keys.box_key.expose()),
            });
            Ok(())
        })
    }

    /// Changes a council's record. The id cannot be changed: an edit of it is undone.
    ///
    /// Errors: [`KeyringError::NoSuchCouncil`], or the file could not be written.
    pub fn update_council(
        &self,
        council: CouncilId,
        edit: impl FnOnce(&mut CouncilRecord),
    ) -> Result<(), KeyringError> {
        self.change(|content| {
            let entry = content
                .councils
                .iter_mut()
                .find(|entry| entry.record.council == council)
                .ok_or(KeyringError::NoSuchCouncil)?;
            edit(&mut entry.record);
            entry.record.council = council;
            Ok(())
        })
    }

    // Meets: O.Data_17
    /// Forgets a council, its device keys and all its class keys. Its caches are not touched.
    ///
    /// Errors: the file could not be written.
    pub fn remove_council(&self, council: CouncilId) -> Result<(), KeyringError> {
        self.change(|content| {
            content
                .councils
                .retain(|entry| entry.record.council != council);
            content.class_keys.retain(|entry| entry.council != council);
            Ok(())
        })
    }

    /// The key that signs requests and receipts to a council.
    pub fn device_signing_key(&self, council: CouncilId) -> Option<SigningKey> {
        self.content()
            .council(council)
            .map(|entry| SigningKey::from_bytes(*entry.signing_key.bytes()))
    }

    /// The key that opens key boxes of a council.
    pub fn device_box_key(&self, council: CouncilId) -> Option<DeviceBoxKey> {
        self.content()
            .council(council)
            .map(|entry| DeviceBoxKey::from_bytes(*entry.box_key.bytes()))
    }

    /// Audiences of a council with at least one key, in order of their ids.
    pub fn audiences(&self, council: CouncilId) -> Vec<AudienceId> {
        let content = self.content();
        let mut audiences: Vec<AudienceId> = content
            .class_keys
            .iter()
            .filter(|entry| entry.council == council)
            .map(|entry| entry.audience)
            .collect();
        audiences.sort();
        audiences.dedup();
        audiences
    }

    /// The class key of an audience in one epoch.
    pub fn class_key(
        &self,
        council: CouncilId,
        audience: AudienceId,
        epoch: KeyEpoch,
    ) -> Option<ClassKey> {
        let content = self.content();
        content
            .of_audience(council, audience)
            .find(|entry| entry.epoch == epoch)
            .map(ClassKeyEntry::class_key)
    }

    /// The class key of the newest epoch held.
    pub fn newest_class_key(
        &self,
        council: CouncilId,
        audience: AudienceId,
    ) -> Option<(KeyEpoch, ClassKey)> {
        let content = self.content();
        let newest = content
            .of_audience(council, audience)
            .max_by_key(|entry| entry.epoch)?;
        Some((newest.epoch, newest.class_key()))
    }

    /// Epochs of an audience whose keys are held, ascending.
    pub fn epochs(&self, council: CouncilId, audience: AudienceId) -> Vec<KeyEpoch> {
        let content = self.content();
        let mut epochs: Vec<KeyEpoch> = content
            .of_audience(council, audience)
            .map(|entry| entry.epoch)
            .collect();
        epochs.sort();
        epochs
    }

    /// The epoch whose key the audience's closed database is encrypted with: the first one received.
    pub fn storage_epoch(&self, council: CouncilId, audience: AudienceId) -> Option<KeyEpoch> {
        self.content()
            .of_audience(council, audience)
            .next()
            .map(|entry| entry.epoch)
    }

    // Meets: O.Arch_3
    /// Keeps class keys. One that is held already stays as it is, so that a second box for an epoch cannot replace it.
    ///
    /// Errors: the file could not be written; then none of them is kept.
    pub fn put_class_keys(
        &self,
        council: CouncilId,
        keys: &[(AudienceId, KeyEpoch, ClassKey)],
    ) -> Result<(), KeyringError> {
        self.change(|content| {
            for (audience, epoch, key) in keys {
                if content
                    .of_audience(council, *audience)
                    .all(|entry| entry.epoch != *epoch)
                {
                    content.class_keys.push(ClassKeyEntry {
                        council,
                        audience: *audience,
                        epoch: *epoch,
                        key: SecretKey::from_bytes(key.expose()),
                    });
                }
            }
            Ok(())
        })
    }

    /// Forgets every class key of an audience: what it sealed cannot be opened any more.
    ///
    /// Errors: the file could not be written; then all of them are still held.
    pub fn delete_audience_keys(
        &self,
        council: CouncilId,
        audience: AudienceId,
    ) -> Result<(), KeyringError> {
        self.change(|content| {
            content
                .class_keys
                .retain(|entry| entry.council != council || entry.audience != audience);
            Ok(())
        })
    }
}

impl KeyringContent {
    fn council(&self, council: CouncilId) -> Option<&CouncilEntry> {
        self.councils
            .iter()
            .find(|entry| entry.record.council == council)
    }

    /// Class keys of one audience in the order in which they were received.
    fn of_audience(
        &self,
        council: CouncilId,
        audience: AudienceId,
    ) -> impl Iterator<Item = &ClassKeyEntry> {
        self.class_keys
            .iter()
            .filter(move |entry| entry.council == council && entry.audience == audience)
    }
}

impl ClassKeyEntry {
    fn class_key(&self) -> ClassKey {
        ClassKey::from_bytes(*self.key.bytes())
    }
}
