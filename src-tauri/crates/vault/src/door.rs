//! The door of one data folder: its slots, the counter of tries, and the key store of the system, where there is one.
//! Not what lies behind it (see `vault`) and not the form of the slots (see `slots`).
//!
//! ```text
//! ratsmappe/<id>/tries       the counter once more: a file that was put back gives no try back
//! ratsmappe/<id>/pin/<salt>  32 random bytes without which the PIN opens nothing
//! ratsmappe/<id>/marks       high-water marks, sealed by the root key
//! ```

use crate::atomic;
use crate::database;
use crate::high_marks::HighMarks;
use crate::kdf::KdfCost;
use crate::key_store::{KeyStore, KeyStoreError};
use crate::keyring::{Keyring, KeyringError};
use crate::passphrase::Passphrase;
use crate::pin::Pin;
use crate::secret::{Purpose, SecretKey, fill_random};
use crate::slots::{SlotSecret, Slots};
use crate::slots_file::SlotsFile;
use crate::stopwatch::{Moment, system_moment};
use crate::tries::{Guess, Mirror, Tries, TriesLeft};
use crate::vault::{LockFile, Vault, VaultStatus};
use crate::vault_error::{ChangeError, CreateError, UnlockError, VaultPart};
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use sync_protocol::ids::to_hex;
use sync_protocol::recovery::RecoveryCode;

/// What a vault is opened by.
#[derive(Clone)]
pub struct Door {
    pub(crate) folder: PathBuf,
    key_store: Option<Arc<dyn KeyStore>>,
}

impl fmt::Debug for Door {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Door")
    }
}

/// What there is of a PIN at a door.
#[derive(Debug)]
pub struct PinState {
    /// A PIN was chosen.
    pub is_set: bool,
    /// Whether the key store answers; without it no PIN opens anything and none can be chosen.
    pub key_store: Result<(), KeyStoreError>,
}

impl Door {
    /// * `folder` – the data folder.
    /// * `key_store` – the system's, if there is one.
    pub fn new(folder: &Path, key_store: Option<Arc<dyn KeyStore>>) -> Self {
        Self {
            folder: folder.to_owned(),
            key_store,
        }
    }

    fn slots_file(&self) -> SlotsFile {
        SlotsFile::in_folder(&self.folder)
    }

    fn tries(&self, slots: Option<&Slots>) -> Tries {
        let id = slots.and_then(Slots::id);
        let mirror = self.key_store.clone().zip(id);
        let mirror = mirror.map(|(store, id)| Mirror {
            store,
            name: name_in_store(&id, "tries"),
        });
        Tries::new(&self.folder, mirror)
    }

    fn marks(&self, slots: &Slots, root: &SecretKey) -> Result<Option<HighMarks>, UnlockError> {
        let Some((store, id)) = self.key_store.clone().zip(slots.id()) else {
            return Ok(None);
        };
        let key = root.derive(Purpose::Marks, b"")?;
        let name = name_in_store(&id, "marks");
        Ok(Some(HighMarks::open(store, name, key)))
    }

    /// Makes a new vault. The recovery code is shown once and not kept.
    ///
    /// Errors: [`CreateError`].
    pub fn create_with(
        &self,
        passphrase: &Passphrase,
        cost: KdfCost,
    ) -> Result<(Vault, RecoveryCode), CreateError> {
        passphrase.check_strength()?;
        atomic::create_folder(&self.folder)?;
        let lock = LockFile::take(&self.folder)?.ok_or(CreateError::InUse)?;
        if Vault::status(&self.folder) == VaultStatus::Locked {
            return Err(CreateError::AlreadyExists);
        }
        let code = RecoveryCode::make().map_err(|_| CreateError::Seal)?;
        let root = SecretKey::make()?;
        let slots = Slots::new(make_id().map_err(|_| CreateError::Seal)?)
            .with_passphrase(passphrase, cost, &root)?
            .with_recovery_code(&code, &root)?;
        // The slots come last: with them the vault exists.
        let marks = self.marks(&slots, &root).map_err(|_| CreateError::Seal)?;
        let key = root.derive(Purpose::Keyring, b"")?;
        let keyring = Keyring::create(&self.folder, key, marks)?;
        self.tries(Some(&slots)).reset(system_moment())?;
        self.slots_file().replace(&slots)?;
        Ok((Vault::new(self.clone(), root, keyring, lock), code))
    }

    /// How many tries are left. It needs no secret.
    ///
    /// Errors: the counter cannot be read or written.
    pub fn tries_left(&self, now: Moment) -> io::Result<TriesLeft> {
        // Damaged slots are told with the next try.
        self.tries(self.slots_file().peek().ok().as_ref()).left(now)
    }

    /// What there is of a PIN. It needs no secret.
    pub fn pin_state(&self) -> PinState {
        let slots = self.slots_file().peek().ok();
        let salt = slots.as_ref().and_then(Slots::pin_salt);
        let key_store = match &self.key_store {
            Some(store) => store.get("ratsmappe").map(drop),
            None => Err(KeyStoreError::Missing),
        };
        PinState {
            is_set: salt.is_some(),
            key_store,
        }
    }

    /// Opens the vault with the passphrase. Takes about 0.2 s and 64 MiB: not for the thread of a window. A wrong one counts,
    /// see [`UnlockError::Waiting`].
    ///
    /// Errors: [`UnlockError`].
    pub fn unlock(&self, passphrase: &Passphrase, now: Moment) -> Result<Vault, UnlockError> {
        self.open(SlotSecret::Passphrase(passphrase), now)
    }

    /// Opens the vault with the PIN and what the key store keeps for it. A wrong one counts as a wrong passphrase does.
    ///
    /// Errors: [`UnlockError`]; `PinUnset`, `PinRefused`, `PinLost` and `KeyStore` say that the passphrase is needed.
    pub fn unlock_with_pin(&self, pin: &Pin, now: Moment) -> Result<Vault, UnlockError> {
        let stored = self.pin_secret()?;
        self.open(SlotSecret::Pin(pin, &stored), now)
    }

    /// Opens the vault with the printed recovery code, however often a passphrase was tried. Wrong codes do not count: nobody
    /// guesses 160 bit.
    ///
    /// Errors: [`UnlockError`].
    pub fn unlock_with_recovery(
        &self,
        code: &RecoveryCode,
        now: Moment,
    ) -> Result<Vault, UnlockError> {
        self.open(SlotSecret::RecoveryCode(code), now)
    }

    fn open(&self, secret: SlotSecret<'_>, now: Moment) -> Result<Vault, UnlockError> {
        let (lock, slots, root) = self.open_slot(secret, now)?;
        let marks = self.marks(&slots, &root)?;
        let keyring = Keyring::open(&self.folder, root.derive(Purpose::Keyring, b"")?, marks)?;
        Ok(Vault::new(self.clone(), root, keyring, lock))
    }

    /// After [`UnlockError::Damaged`] of the keyring: opens the vault, keeps the damaged file under another name and
    /// begins an empty keyring. Notes are all there; councils must be paired again.
    ///
    /// Errors: [`UnlockError`].
    pub fn unlock_without_keyring(
        &self,
        passphrase: &Passphrase,
        now: Moment,
    ) -> Result<Vault, UnlockError> {
        let (lock, slots, root) = self.open_slot(SlotSecret::Passphrase(passphrase), now)?;
        let key = || root.derive(Purpose::Keyring, b"");
        let opened = Keyring::open(&self.folder, key()?, self.marks(&slots, &root)?);
        let keyring = match opened.map_err(UnlockError::from) {
            Err(UnlockError::Damaged {
                what: VaultPart::Keyring,
            }) => {
                database::move_aside(&Keyring::path_in(&self.folder)).map_err(UnlockError::Io)?;
                let marks = self.marks(&slots, &root)?;
                let fresh = Keyring::create(&self.folder, key()?, marks);
                let fresh = fresh.map_err(|error| match error {
                    KeyringError::Io(error) => UnlockError::Io(error),
                    KeyringError::Full => UnlockError::Io(io::ErrorKind::StorageFull.into()),
                    _ => UnlockError::Derive,
                })?;
                // What is gone has been told; a key store that does not answer tells it once more.
                let _ = fresh.accept_set_back();
                fresh
            }
            other => other?,
        };
        Ok(Vault::new(self.clone(), root, keyring, lock))
    }

    /// The root key, by a secret that is counted where it can be guessed.
    fn open_slot(
        &self,
        secret: SlotSecret<'_>,
        now: Moment,
    ) -> Result<(LockFile, Slots, SecretKey), UnlockError> {
        if Vault::status(&self.folder) == VaultStatus::Empty {
            return Err(UnlockError::Missing);
        }
        let lock = LockFile::take(&self.folder)?.ok_or(UnlockError::InUse)?;
        let (mut slots, root) = self.try_slot(secret, now)?;
        if slots.id().is_none() && self.key_store.is_some() {
            let named = slots.with_id(make_id().map_err(|_| UnlockError::Derive)?);
            // Where it cannot be written it stays without a name, and goes without the key store until the next time.
            if self.slots_file().replace(&named).is_ok() {
                slots = named;
            }
        }
        Ok((lock, slots, root))
    }

    /// Opens a slot. A secret that can be guessed is counted first, and the count goes with the first one that is right.
    pub(crate) fn try_slot(
        &self,
        secret: SlotSecret<'_>,
        now: Moment,
    ) -> Result<(Slots, SecretKey), UnlockError> {
        // Damage is told before anything is counted.
        let slots = self.slots_file().read()?;
        let tries = self.tries(Some(&slots));
        match secret {
            SlotSecret::Passphrase(_) => tries.count(now, Guess::Passphrase)?,
            SlotSecret::Pin(..) => tries.count(now, Guess::Pin)?,
            SlotSecret::RecoveryCode(_) => {}
        }
        let root = slots.open(secret)?;
        tries.reset(now)?;
        Ok((slots, root))
    }

    fn pin_secret(&self) -> Result<SecretKey, UnlockError> {
        let slots = self.slots_file().peek()?;
        let name = pin_name(&slots).ok_or(UnlockError::PinUnset)?;
        let store = self.key_store.as_ref().ok_or(KeyStoreError::Missing)?;
        let kept = store.get(&name)?.ok_or(UnlockError::PinLost)?;
        let bytes = kept.as_slice().try_into();
        let bytes = bytes.map_err(|_| UnlockError::PinLost)?;
        Ok(SecretKey::from_bytes(bytes))
    }

    /// Makes `pin` the only PIN, with a new secret in the key store. The one before is gone from there first, so that slots which
    /// somebody puts back open with nothing.
    pub(crate) fn set_pin(&self, pin: &Pin, root: &SecretKey) -> Result<(), ChangeError> {
        pin.check_strength()?;
        let store = self.key_store.as_ref().ok_or(KeyStoreError::Missing)?;
        let mut slots = self.slots_file().read()?;
        if slots.id().is_none() {
            slots = slots.with_id(make_id().map_err(|_| ChangeError::Seal)?);
        }
        let stored = SecretKey::make().map_err(|_| ChangeError::Seal)?;
        let cost = slots.passphrase_cost().unwrap_or(KdfCost::STANDARD);
        let next = slots.with_pin(pin, &stored, cost, root)?;
        if let Some(old) = pin_name(&slots) {
            store.remove(&old)?;
        }
        let name = pin_name(&next).ok_or(ChangeError::Seal)?;
        store.set(&name, stored.bytes())?;
        let kept = store.get(&name)?;
        if kept.is_none_or(|kept| kept.as_slice() != stored.bytes()) {
            return Err(ChangeError::NotKept);
        }
        Ok(self.slots_file().replace(&next)?)
    }

    /// Takes the PIN away, from the slots in any case.
    pub(crate) fn remove_pin(&self) -> Result<(), ChangeError> {
        let slots = self.slots_file().read()?;
        let Some(name) = pin_name(&slots) else {
            return Ok(());
        };
        let forgotten = match &self.key_store {
            Some(store) => store.remove(&name),
            None => Err(KeyStoreError::Missing),
        };
        self.slots_file().replace(&slots.without_pin())?;
        Ok(forgotten?)
    }
}

fn make_id() -> Result<[u8; 16], crate::secret::SecretError> {
    let mut id = [0; 16];
    fill_random(&mut id)?;
    Ok(id)
}

pub(crate) fn name_in_store(id: &[u8; 16], what: &str) -> String {
    format!("ratsmappe/{}/{what}", to_hex(id))
}

/// Each PIN that was chosen has a name of its own.
fn pin_name(slots: &Slots) -> Option<String> {
    let (id, salt) = slots.id().zip(slots.pin_salt())?;
    Some(name_in_store(&id, &format!("pin/{}", to_hex(&salt))))
}
