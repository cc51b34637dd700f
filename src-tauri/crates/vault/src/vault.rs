//! The vault of one data folder: created, unlocked, locked; the door to its databases and files.
//! Not the parts themselves: slots, keyring, databases and blobs each have their file.

use crate::atomic;
use crate::blobs::Blobs;
use crate::database::{self, Check, DbError};
use crate::kdf::KdfCost;
use crate::keyring::{Keyring, KeyringError};
use crate::passphrase::Passphrase;
use crate::quote::{self, QuoteError};
use crate::secret::{Purpose, SecretError, SecretKey};
use crate::slots::{SlotSecret, Slots};
use crate::slots_file::SlotsFile;
use crate::vault_error::{ChangeError, CreateError, UnlockError, VaultPart};
use rusqlite::Connection;
use std::fmt;
use std::fs::{File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use sync_protocol::class_key::derive_database_key;
use sync_protocol::ids::{AudienceId, CouncilId};
use sync_protocol::recovery::RecoveryCode;
use zeroize::Zeroizing;

const PRIVATE_DB: &str = "private.db";
const COUNCILS: &str = "councils";

/// Whether a data folder holds a vault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VaultStatus {
    /// No vault yet.
    Empty,
    /// A vault, or what is left of one: nothing may be created over it.
    Locked,
}

/// An unlocked vault. Dropping it wipes the keys; connections and readers opened through it must be dropped too.
pub struct Vault {
    folder: PathBuf,
    root: SecretKey,
    keyring: Keyring,
    is_private_db_checked: AtomicBool,
    rebuilt: Mutex<Vec<RebuiltCache>>,
    /// Held as long as the vault is open.
    _lock: File,
}

/// A cache that was damaged and begun anew; the next synchronisation fills it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RebuiltCache {
    /// Whose cache.
    pub council: CouncilId,
    /// The audience of a closed database; `None` for `council.db`.
    pub audience: Option<AudienceId>,
}

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Vault(unlocked)")
    }
}

impl Vault {
    /// Whether the folder holds a vault.
    pub fn status(folder: &Path) -> VaultStatus {
        if SlotsFile::in_folder(folder).exists() || folder.join(PRIVATE_DB).exists() {
            VaultStatus::Locked
        } else {
            VaultStatus::Empty
        }
    }

    /// Makes a new vault. The recovery code is shown once and not kept.
    ///
    /// Errors: [`CreateError`].
    pub fn create(
        folder: &Path,
        passphrase: &Passphrase,
    ) -> Result<(Self, RecoveryCode), CreateError> {
        Self::create_with(folder, passphrase, KdfCost::STANDARD)
    }

    /// Like [`Vault::create`] with another cost of guessing.
    ///
    /// Errors: [`CreateError`].
    pub fn create_with(
        folder: &Path,
        passphrase: &Passphrase,
        cost: KdfCost,
    ) -> Result<(Self, RecoveryCode), CreateError> {
        passphrase.check_strength()?;
        atomic::create_folder(folder)?;
        let lock = take_lock(folder)?.ok_or(CreateError::InUse)?;
        if Self::status(folder) == VaultStatus::Locked {
            return Err(CreateError::AlreadyExists);
        }
        let code = RecoveryCode::make().map_err(|_| CreateError::Seal)?;
        let root = SecretKey::make()?;
        let slots = Slots::new()
            .with_passphrase(passphrase, cost, &root)?
            .with_recovery_code(&code, &root)?;
        // The slots come last: with them the vault exists.
        let keyring = Keyring::create(folder, root.derive(Purpose::Keyring, b"")?)?;
        SlotsFile::in_folder(folder).replace(&slots)?;
        Ok((Self::new(folder, root, keyring, lock), code))
    }

    /// Opens the vault with the passphrase. Takes about 0.2 s and 64 MiB: not for the thread of a window.
    ///
    /// Errors: [`UnlockError`].
    pub fn unlock(folder: &Path, passphrase: &Passphrase) -> Result<Self, UnlockError> {
        Self::unlock_slot(folder, SlotSecret::Passphrase(passphrase))
    }

    /// Opens the vault with the printed recovery code.
    ///
    /// Errors: [`UnlockError`].
    pub fn unlock_with_recovery(folder: &Path, code: &RecoveryCode) -> Result<Self, UnlockError> {
        Self::unlock_slot(folder, SlotSecret::RecoveryCode(code))
    }

    /// After [`UnlockError::Damaged`] of the keyring: opens the vault, keeps the damaged file under another name and
    /// begins an empty keyring. Notes are all there; councils must be paired again.
    ///
    /// Errors: [`UnlockError`].
    pub fn unlock_without_keyring(
        folder: &Path,
        passphrase: &Passphrase,
    ) -> Result<Self, UnlockError> {
        match Self::unlock(folder, passphrase) {
            Err(UnlockError::Damaged {
                what: VaultPart::Keyring,
            }) => {}
            other => return other,
        }
        let lock = take_lock(folder)?.ok_or(UnlockError::InUse)?;
        let root = open_root(folder, SlotSecret::Passphrase(passphrase))?;
        database::move_aside(&Keyring::path_in(folder)).map_err(UnlockError::Io)?;
        let keyring =
            Keyring::create(folder, root.derive(Purpose::Keyring, b"")?).map_err(|error| {
                match error {
                    KeyringError::Io(error) => UnlockError::Io(error),
                    KeyringError::Full => UnlockError::Io(io::ErrorKind::StorageFull.into()),
                    _ => UnlockError::Derive,
                }
            })?;
        Ok(Self::new(folder, root, keyring, lock))
    }

    fn unlock_slot(folder: &Path, secret: SlotSecret<'_>) -> Result<Self, UnlockError> {
        if Self::status(folder) == VaultStatus::Empty {
            return Err(UnlockError::Missing);
        }
        let lock = take_lock(folder)?.ok_or(UnlockError::InUse)?;
        let root = open_root(folder, secret)?;
        let keyring = Keyring::open(folder, root.derive(Purpose::Keyring, b"")?)?;
        Ok(Self::new(folder, root, keyring, lock))
    }

    fn new(folder: &Path, root: SecretKey, keyring: Keyring, lock: File) -> Self {
        Self {
            folder: folder.to_owned(),
            root,
            keyring,
            is_private_db_checked: AtomicBool::new(false),
            rebuilt: Mutex::new(Vec::new()),
            _lock: lock,
        }
    }

    /// Makes `new` the only passphrase. The recovery code stays as it is.
    ///
    /// Errors: [`ChangeError`].
    pub fn change_passphrase(&self, new: &Passphrase) -> Result<(), ChangeError> {
        new.check_strength()?;
        let file = SlotsFile::in_folder(&self.folder);
        let slots = file.read()?;
        let cost = slots.passphrase_cost().unwrap_or(KdfCost::STANDARD);
        Ok(file.replace(&slots.with_passphrase(new, cost, &self.root)?)?)
    }

    /// Makes a new recovery code; the old one opens the vault no more.
    ///
    /// Errors: [`ChangeError`].
    pub fn replace_recovery_code(&self) -> Result<RecoveryCode, ChangeError> {
        let code = RecoveryCode::make().map_err(|_| ChangeError::Seal)?;
        let file = SlotsFile::in_folder(&self.folder);
        file.replace(&file.read()?.with_recovery_code(&code, &self.root)?)?;
        Ok(code)
    }

    /// Closes the vault and wipes its keys, as dropping it does.
    pub fn lock(self) {}

    /// The keyring.
    pub fn keyring(&self) -> &Keyring {
        &self.keyring
    }

    /// The data folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    fn council_folder(&self, council: CouncilId) -> PathBuf {
        self.folder.join(COUNCILS).join(council.to_string())
    }

    fn closed_path(&self, council: CouncilId, audience: AudienceId) -> PathBuf {
        self.council_folder(council)
            .join("closed")
            .join(format!("{audience}.db"))
    }

    /// A connection to the private database. The first one after unlocking checks every page.
    ///
    /// Errors: [`DbError::DamagedMovedAside`] once, if it was damaged; the next call begins a new one.
    pub fn open_private_db(&self) -> Result<Connection, DbError> {
        let key = self
            .root
            .derive(Purpose::PrivateDb, b"")
            .map_err(no_crypto)?;
        let check = if self.is_private_db_checked.load(Ordering::Acquire) {
            Check::Key
        } else {
            Check::AllPages
        };
        let connection = database::open_precious(&self.folder.join(PRIVATE_DB), &key, check)?;
        self.is_private_db_checked.store(true, Ordering::Release);
        Ok(connection)
    }

    /// A connection to a council's public cache. A damaged one is begun anew, see [`Vault::take_rebuilt`].
    ///
    /// Errors: [`DbError`].
    pub fn open_council_db(&self, council: CouncilId) -> Result<Connection, DbError> {
        let key = self
            .root
            .derive(Purpose::CouncilDb, council.as_bytes())
            .map_err(no_crypto)?;
        self.open_cache(
            &self.council_folder(council).join("council.db"),
            &key,
            council,
            None,
        )
    }

    /// A connection to the cache of one nonpublic audience; its key comes from the class key of the storage epoch.
    ///
    /// Errors: [`DbError::NoKey`] if no class key is held.
    pub fn open_closed_db(
        &self,
        council: CouncilId,
        audience: AudienceId,
    ) -> Result<Connection, DbError> {
        let class_key = self
            .keyring
            .storage_epoch(council, audience)
            .and_then(|epoch| self.keyring.class_key(council, audience, epoch))
            .ok_or(DbError::NoKey)?;
        let key = SecretKey::from_bytes(&derive_database_key(&class_key, &council, &audience));
        self.open_cache(
            &self.closed_path(council, audience),
            &key,
            council,
            Some(audience),
        )
    }

    fn open_cache(
        &self,
        path: &Path,
        key: &SecretKey,
        council: CouncilId,
        audience: Option<AudienceId>,
    ) -> Result<Connection, DbError> {
        let (connection, is_rebuilt) = database::open_cache(path, key)?;
        if is_rebuilt {
            self.rebuilt
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .push(RebuiltCache { council, audience });
        }
        Ok(connection)
    }

    /// Caches that were begun anew since the last call.
    pub fn take_rebuilt(&self) -> Vec<RebuiltCache> {
        std::mem::take(&mut *self.rebuilt.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Deletes a council's public cache. No connection to it may be open.
    ///
    /// Errors: [`DbError::Io`].
    pub fn delete_council_db(&self, council: CouncilId) -> Result<(), DbError> {
        Ok(database::delete(
            &self.council_folder(council).join("council.db"),
        )?)
    }

    /// Forgets a nonpublic audience: first its class keys, with which everything sealed under them is gone, then its
    /// database file. No connection to it may be open. Blobs are deleted by who knows which ones they are.
    ///
    /// Errors: [`KeyringError`]; after an error of the file system the keys are gone and the call can be repeated.
    pub fn forget_audience(
        &self,
        council: CouncilId,
        audience: AudienceId,
    ) -> Result<(), KeyringError> {
        self.keyring.delete_audience_keys(council, audience)?;
        Ok(database::delete(&self.closed_path(council, audience))?)
    }

    /// Audiences of a council that have a closed database on this device, with or without a key.
    ///
    /// Errors: the folder cannot be read.
    pub fn closed_audiences(&self, council: CouncilId) -> io::Result<Vec<AudienceId>> {
        let entries = match std::fs::read_dir(self.council_folder(council).join("closed")) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(error),
        };
        let mut audiences = Vec::new();
        for entry in entries {
            let name = entry?.file_name();
            audiences.extend(
                name.to_str()
                    .and_then(|name| name.strip_suffix(".db")?.parse::<AudienceId>().ok()),
            );
        }
        audiences.sort();
        Ok(audiences)
    }

    /// The file store of a council.
    pub fn blobs(&self, council: CouncilId) -> Blobs {
        Blobs::in_folder(self.council_folder(council).join("blobs"))
    }

    /// Seals a quotation from a nonpublic file under the newest class key held.
    ///
    /// Errors: [`QuoteError::QuoteLocked`] if no class key is held.
    pub fn seal_quote(
        &self,
        council: CouncilId,
        audience: AudienceId,
        plain: &[u8],
    ) -> Result<Vec<u8>, QuoteError> {
        quote::seal(&self.keyring, council, audience, plain)
    }

    /// Opens what [`Vault::seal_quote`] gave for the same audience.
    ///
    /// Errors: [`QuoteError::QuoteLocked`] if the class key of its epoch is not held, [`QuoteError::Damaged`].
    pub fn open_quote(
        &self,
        council: CouncilId,
        audience: AudienceId,
        sealed: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, QuoteError> {
        quote::open(&self.keyring, council, audience, sealed)
    }
}

fn no_crypto(_: SecretError) -> DbError {
    DbError::Io(io::Error::other(SecretError::Unavailable))
}

/// One open vault per folder: two keyrings would overwrite each other. `None` if another one is open.
fn take_lock(folder: &Path) -> io::Result<Option<File>> {
    let file = atomic::private_options()
        .append(true)
        .create(true)
        .open(folder.join("lock"))?;
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(TryLockError::WouldBlock) => Ok(None),
        // Some file systems know no locks; the app itself opens a folder only once.
        Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Unsupported => {
            Ok(Some(file))
        }
        Err(TryLockError::Error(error)) => Err(error),
    }
}

fn open_root(folder: &Path, secret: SlotSecret<'_>) -> Result<SecretKey, UnlockError> {
    Ok(SlotsFile::in_folder(folder).read()?.open(secret)?)
}
