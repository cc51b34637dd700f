//! The vault of one data folder: created, unlocked, locked, its passphrase changed.
//! Not its databases and files (see `domains`); slots and keyring each have their file.

use crate::atomic;
use crate::database;
use crate::domains::RebuiltCache;
use crate::kdf::KdfCost;
use crate::keyring::{Keyring, KeyringError};
use crate::passphrase::Passphrase;
use crate::quote::{self, QuoteError};
use crate::secret::{Purpose, SecretKey};
use crate::slots::{SlotSecret, Slots};
use crate::slots_file::SlotsFile;
use crate::stopwatch::{Moment, system_moment};
use crate::tries::{Tries, TriesLeft};
use crate::vault_error::{ChangeError, CreateError, UnlockError, VaultPart};
use std::collections::HashSet;
use std::fmt;
use std::fs::{File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};
use sync_protocol::ids::{AudienceId, CouncilId};
use sync_protocol::recovery::RecoveryCode;
use zeroize::Zeroizing;

pub(crate) const PRIVATE_DB: &str = "private.db";
pub(crate) const FACTION_DB: &str = "faction.db";

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
    pub(crate) folder: PathBuf,
    pub(crate) root: SecretKey,
    pub(crate) keyring: Keyring,
    pub(crate) is_private_db_checked: AtomicBool,
    pub(crate) is_faction_db_checked: AtomicBool,
    /// Held while a secret is checked or changed: tries are counted one after the other.
    slots: Mutex<()>,
    pub(crate) rebuilt: Mutex<Vec<RebuiltCache>>,
    /// Caches whose pages have all been checked since unlocking.
    pub(crate) checked_caches: Mutex<HashSet<PathBuf>>,
    /// Held as long as the vault is open.
    _lock: File,
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
        Tries::in_folder(folder).reset(system_moment())?;
        SlotsFile::in_folder(folder).replace(&slots)?;
        Ok((Self::new(folder, root, keyring, lock), code))
    }

    /// How many tries at the passphrase are left. It does not need the passphrase.
    ///
    /// Errors: the counter cannot be read or written.
    pub fn tries_left(folder: &Path, now: Moment) -> io::Result<TriesLeft> {
        Tries::in_folder(folder).left(now)
    }

    /// [`Vault::unlock_at`] by the stopwatch of the device.
    ///
    /// Errors: [`UnlockError`].
    pub fn unlock(folder: &Path, passphrase: &Passphrase) -> Result<Self, UnlockError> {
        Self::unlock_at(folder, passphrase, system_moment())
    }

    /// Opens the vault with the passphrase. Takes about 0.2 s and 64 MiB: not for the thread of a window. A wrong one counts,
    /// see [`UnlockError::Waiting`].
    ///
    /// Errors: [`UnlockError`].
    pub fn unlock_at(
        folder: &Path,
        passphrase: &Passphrase,
        now: Moment,
    ) -> Result<Self, UnlockError> {
        let (lock, root) = Self::open_slot(folder, SlotSecret::Passphrase(passphrase), now)?;
        let keyring = Keyring::open(folder, root.derive(Purpose::Keyring, b"")?)?;
        Ok(Self::new(folder, root, keyring, lock))
    }

    /// Opens the vault with the printed recovery code, however often a passphrase was tried. Wrong codes do not count: nobody
    /// guesses 160 bit.
    ///
    /// Errors: [`UnlockError`].
    pub fn unlock_with_recovery(folder: &Path, code: &RecoveryCode) -> Result<Self, UnlockError> {
        let (lock, root) =
            Self::open_slot(folder, SlotSecret::RecoveryCode(code), system_moment())?;
        let keyring = Keyring::open(folder, root.derive(Purpose::Keyring, b"")?)?;
        Ok(Self::new(folder, root, keyring, lock))
    }

    /// [`Vault::unlock_without_keyring_at`] by the stopwatch of the device.
    ///
    /// Errors: [`UnlockError`].
    pub fn unlock_without_keyring(
        folder: &Path,
        passphrase: &Passphrase,
    ) -> Result<Self, UnlockError> {
        Self::unlock_without_keyring_at(folder, passphrase, system_moment())
    }

    /// After [`UnlockError::Damaged`] of the keyring: opens the vault, keeps the damaged file under another name and
    /// begins an empty keyring. Notes are all there; councils must be paired again.
    ///
    /// Errors: [`UnlockError`].
    pub fn unlock_without_keyring_at(
        folder: &Path,
        passphrase: &Passphrase,
        now: Moment,
    ) -> Result<Self, UnlockError> {
        let (lock, root) = Self::open_slot(folder, SlotSecret::Passphrase(passphrase), now)?;
        let opened = Keyring::open(folder, root.derive(Purpose::Keyring, b"")?);
        let keyring = match opened.map_err(UnlockError::from) {
            Err(UnlockError::Damaged {
                what: VaultPart::Keyring,
            }) => {
                database::move_aside(&Keyring::path_in(folder)).map_err(UnlockError::Io)?;
                Keyring::create(folder, root.derive(Purpose::Keyring, b"")?).map_err(|error| {
                    match error {
                        KeyringError::Io(error) => UnlockError::Io(error),
                        KeyringError::Full => UnlockError::Io(io::ErrorKind::StorageFull.into()),
                        _ => UnlockError::Derive,
                    }
                })?
            }
            other => other?,
        };
        Ok(Self::new(folder, root, keyring, lock))
    }

    /// The root key, by a secret that is counted where it can be guessed.
    fn open_slot(
        folder: &Path,
        secret: SlotSecret<'_>,
        now: Moment,
    ) -> Result<(File, SecretKey), UnlockError> {
        if Self::status(folder) == VaultStatus::Empty {
            return Err(UnlockError::Missing);
        }
        let lock = take_lock(folder)?.ok_or(UnlockError::InUse)?;
        Ok((lock, try_slot(folder, secret, now)?))
    }

    fn new(folder: &Path, root: SecretKey, keyring: Keyring, lock: File) -> Self {
        Self {
            folder: folder.to_owned(),
            root,
            keyring,
            is_private_db_checked: AtomicBool::new(false),
            is_faction_db_checked: AtomicBool::new(false),
            slots: Mutex::default(),
            rebuilt: Mutex::default(),
            checked_caches: Mutex::default(),
            _lock: lock,
        }
    }

    /// Whether `passphrase` opens this vault, for whoever wants to change something of the lock. A wrong one counts as it does
    /// at the locked vault.
    ///
    /// Errors: [`UnlockError`].
    pub fn check_passphrase(
        &self,
        passphrase: &Passphrase,
        now: Moment,
    ) -> Result<(), UnlockError> {
        let _one = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        try_slot(&self.folder, SlotSecret::Passphrase(passphrase), now).map(drop)
    }

    /// Makes `new` the only passphrase. The recovery code stays as it is.
    ///
    /// Errors: [`ChangeError`].
    pub fn change_passphrase(&self, new: &Passphrase) -> Result<(), ChangeError> {
        new.check_strength()?;
        let _one = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
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
        let _one = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
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

/// How long the lock of a vault that was just let go may still be held by a program that is being started: until then it
/// has what this process has open.
const LOCK_PATIENCE: Duration = Duration::from_secs(1);

/// One open vault per folder: two keyrings would overwrite each other. `None` if another one is open.
fn take_lock(folder: &Path) -> io::Result<Option<File>> {
    let file = atomic::private_options()
        .append(true)
        .create(true)
        .open(folder.join("lock"))?;
    let begun = Instant::now();
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(Some(file)),
            Err(TryLockError::WouldBlock) if begun.elapsed() < LOCK_PATIENCE => {
                std::thread::sleep(Duration::from_millis(10));
            }
            Err(TryLockError::WouldBlock) => return Ok(None),
            // Some file systems know no locks; the app itself opens a folder only once.
            Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Unsupported => {
                return Ok(Some(file));
            }
            Err(TryLockError::Error(error)) => return Err(error),
        }
    }
}

/// Opens a slot. A secret that can be guessed is counted first, and the count goes with the first one that is right.
fn try_slot(folder: &Path, secret: SlotSecret<'_>, now: Moment) -> Result<SecretKey, UnlockError> {
    // Damage is told before anything is counted.
    let slots = SlotsFile::in_folder(folder).read()?;
    let tries = Tries::in_folder(folder);
    if matches!(secret, SlotSecret::Passphrase(_)) {
        tries.count(now)?;
    }
    let root = slots.open(secret)?;
    tries.reset(now)?;
    Ok(root)
}
