//! The vault of one data folder: created, unlocked, locked, its passphrase changed.
//! Not its databases and files (see `domains`); slots and keyring each have their file.

use crate::atomic;
use crate::domains::RebuiltCache;
use crate::door::Door;
use crate::high_marks::SetBack;
use crate::kdf::KdfCost;
use crate::key_store::KeyStoreError;
use crate::keyring::Keyring;
use crate::passphrase::Passphrase;
use crate::pin::Pin;
use crate::quote::{self, QuoteError};
use crate::secret::{ScrubStack, SecretKey};
use crate::slots::SlotSecret;
use crate::slots_file::SlotsFile;
use crate::stopwatch::{Moment, system_moment};
use crate::vault_error::{ChangeError, CreateError, UnlockError};
use std::collections::HashSet;
use std::fmt;
use std::fs::{File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};
use sync_protocol::ids::{AudienceId, CouncilId, FactionId};
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
    door: Door,
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
    _lock: LockFile,
    _scrub: ScrubStack,
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

    /// [`Door::create_with`] without a key store, at the usual cost.
    ///
    /// Errors: [`CreateError`].
    pub fn create(
        folder: &Path,
        passphrase: &Passphrase,
    ) -> Result<(Self, RecoveryCode), CreateError> {
        Self::create_with(folder, passphrase, KdfCost::for_this_device())
    }

    /// Like [`Vault::create`] with another cost of guessing.
    ///
    /// Errors: [`CreateError`].
    pub fn create_with(
        folder: &Path,
        passphrase: &Passphrase,
        cost: KdfCost,
    ) -> Result<(Self, RecoveryCode), CreateError> {
        Door::new(folder, None).create_with(passphrase, cost)
    }

    /// [`Door::unlock`] without a key store, by the stopwatch of the device.
    ///
    /// Errors: [`UnlockError`].
    pub fn unlock(folder: &Path, passphrase: &Passphrase) -> Result<Self, UnlockError> {
        Door::new(folder, None).unlock(passphrase, system_moment())
    }

    /// [`Door::unlock_with_recovery`] without a key store, by the stopwatch of the device.
    ///
    /// Errors: [`UnlockError`].
    pub fn unlock_with_recovery(folder: &Path, code: &RecoveryCode) -> Result<Self, UnlockError> {
        Door::new(folder, None).unlock_with_recovery(code, system_moment())
    }

    /// [`Door::unlock_without_keyring`] without a key store, by the stopwatch of the device.
    ///
    /// Errors: [`UnlockError`].
    pub fn unlock_without_keyring(
        folder: &Path,
        passphrase: &Passphrase,
    ) -> Result<Self, UnlockError> {
        Door::new(folder, None).unlock_without_keyring(passphrase, system_moment())
    }

    pub(crate) fn new(door: Door, root: SecretKey, keyring: Keyring, lock: LockFile) -> Self {
        Self {
            folder: door.folder.clone(),
            door,
            root,
            keyring,
            is_private_db_checked: AtomicBool::new(false),
            is_faction_db_checked: AtomicBool::new(false),
            slots: Mutex::default(),
            rebuilt: Mutex::default(),
            checked_caches: Mutex::default(),
            _lock: lock,
            _scrub: ScrubStack,
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
        let secret = SlotSecret::Passphrase(passphrase);
        self.door.try_slot(secret, now).map(drop)
    }

    /// Makes `pin` the only PIN. Whoever asks for it has just said the passphrase.
    ///
    /// Errors: [`ChangeError`]; `KeyStore` where no secret can be kept for it.
    pub fn set_pin(&self, pin: &Pin) -> Result<(), ChangeError> {
        let _one = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        self.door.set_pin(pin, &self.root)
    }

    /// Takes the PIN away.
    ///
    /// Errors: [`ChangeError`]; with `KeyStore` no PIN opens the vault any more, but the secret that belonged to it still lies in
    /// the key store.
    pub fn remove_pin(&self) -> Result<(), ChangeError> {
        let _one = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        self.door.remove_pin()
    }

    /// What of the keyring is older than what the key store has seen; empty without a key store.
    pub fn set_back(&self) -> Vec<SetBack> {
        self.keyring.set_back()
    }

    /// What there is now counts as the newest.
    ///
    /// Errors: the key store did not take it.
    pub fn accept_set_back(&self) -> Result<(), KeyStoreError> {
        self.keyring.accept_set_back()
    }

    /// Keeps in the key store how far the roster of a space has come, and tells whether it had come further before: then an older
    /// database of spaces lies here.
    ///
    /// * `links` – how many links the roster has here.
    ///
    /// Errors: the key store did not take it.
    pub fn keep_roster(
        &self,
        faction: FactionId,
        links: u64,
    ) -> Result<Option<SetBack>, KeyStoreError> {
        let Some(marks) = self.keyring.marks() else {
            return Ok(None);
        };
        marks.keep_roster(faction, links)?;
        let is_older = marks.is_roster_set_back(faction, links);
        Ok(is_older.then_some(SetBack::Roster { faction }))
    }

    /// Forgets how far a roster had come, with its space.
    ///
    /// Errors: the key store did not take it.
    pub fn forget_roster(&self, faction: FactionId) -> Result<(), KeyStoreError> {
        match self.keyring.marks() {
            Some(marks) => marks.forget_roster(faction),
            None => Ok(()),
        }
    }

    /// Makes `new` the only passphrase. The recovery code stays as it is.
    ///
    /// Errors: [`ChangeError`].
    pub fn change_passphrase(&self, new: &Passphrase) -> Result<(), ChangeError> {
        new.check_strength()?;
        let _one = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        let file = SlotsFile::in_folder(&self.folder);
        let slots = file.read()?;
        let cost = slots.passphrase_cost();
        let cost = cost.map_or_else(KdfCost::for_this_device, KdfCost::renewed);
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

/// One open vault per folder: two keyrings would overwrite each other.
pub(crate) struct LockFile(#[expect(dead_code, reason = "held")] File);

impl LockFile {
    /// `None` if another one is open.
    pub(crate) fn take(folder: &Path) -> io::Result<Option<Self>> {
        let file = atomic::private_options()
            .append(true)
            .create(true)
            .open(folder.join("lock"))?;
        let begun = Instant::now();
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(Some(Self(file))),
                Err(TryLockError::WouldBlock) if begun.elapsed() < LOCK_PATIENCE => {
                    std::thread::sleep(Duration::from_millis(10));
                }
                Err(TryLockError::WouldBlock) => return Ok(None),
                // Some file systems know no locks; the app itself opens a folder only once.
                Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Unsupported => {
                    return Ok(Some(Self(file)));
                }
                Err(TryLockError::Error(error)) => return Err(error),
            }
        }
    }
}
