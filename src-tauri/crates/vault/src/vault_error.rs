//! Why a vault was not created, unlocked or changed, with the stable codes. Not the errors of databases and blobs.

use crate::kdf::KdfError;
use crate::key_store::KeyStoreError;
use crate::keyring::{KeyringError, OpenKeyringError};
use crate::keyring_file::KeyringFileError;
use crate::passphrase::WeakPassphrase;
use crate::pin::WeakPin;
use crate::secret::SecretError;
use crate::slots::SlotsError;
use crate::tries::TriesError;
use std::io;

/// A part of the vault's own files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VaultPart {
    /// The wrapped root key: without it nothing can be opened.
    Slots,
    /// Device and class keys: without it the notes can be opened, and councils must be paired again.
    Keyring,
}

/// Why a vault was not created.
#[derive(Debug, thiserror::Error)]
pub enum CreateError {
    /// The passphrase is too weak.
    #[error(transparent)]
    Weak(#[from] WeakPassphrase),
    /// There is a vault, or what is left of one.
    #[error("there is a vault in this folder already")]
    AlreadyExists,
    /// Another instance of the app uses the folder.
    #[error("another instance of the app uses this folder")]
    InUse,
    /// The system's cryptography did not answer.
    #[error("the vault could not be sealed")]
    Seal,
    /// The storage is full.
    #[error("the storage is full")]
    Full,
    /// Any other failure of the file system.
    #[error("the vault could not be written")]
    Io(#[source] io::Error),
}

/// Why a vault was not unlocked. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum UnlockError {
    /// The vault is whole, the passphrase or code is another one.
    #[error("the passphrase or code does not open the vault")]
    WrongSecret,
    /// Too many wrong tries: the next one has to wait. This one was not looked at.
    #[error("the next try has to wait")]
    Waiting {
        /// How long, ms.
        wait_ms: u64,
    },
    /// Too many wrong tries: only the recovery code opens the vault, and gives all tries back.
    #[error("only the recovery code opens the vault")]
    OnlyRecovery,
    /// No PIN was chosen.
    #[error("no PIN was chosen")]
    PinUnset,
    /// After five wrong PINs the passphrase has to come first.
    #[error("after wrong PINs the passphrase has to come first")]
    PinRefused,
    /// The key store has lost what belongs to the PIN: it has to be chosen anew.
    #[error("the key store has lost what belongs to the PIN")]
    PinLost,
    /// The key store did not answer, so no PIN can be judged; nothing was counted unless it failed while counting.
    #[error(transparent)]
    KeyStore(#[from] KeyStoreError),
    /// A file of the vault is damaged or gone; no passphrase can be judged by it.
    #[error("a file of the vault is damaged")]
    Damaged {
        /// Which one.
        what: VaultPart,
    },
    /// There is no vault in this folder.
    #[error("there is no vault in this folder")]
    Missing,
    /// A newer version of the app has written the vault.
    #[error("the vault is of a newer version")]
    TooNew,
    /// Another instance of the app, or a vault of this one that is still open, uses the folder.
    #[error("the vault is in use")]
    InUse,
    /// The system's cryptography did not answer, for example because memory is short.
    #[error("the key could not be derived")]
    Derive,
    /// The file system failed.
    #[error("the vault cannot be read")]
    Io(#[source] io::Error),
}

/// Why a passphrase or recovery code was not replaced. The old one still counts.
#[derive(Debug, thiserror::Error)]
pub enum ChangeError {
    /// The new passphrase is too weak.
    #[error(transparent)]
    Weak(#[from] WeakPassphrase),
    /// The digits are no PIN.
    #[error(transparent)]
    WeakPin(#[from] WeakPin),
    /// The key store did not do its part.
    #[error(transparent)]
    KeyStore(#[from] KeyStoreError),
    /// The slots file is damaged.
    #[error("a file of the vault is damaged")]
    Damaged,
    /// The system's cryptography did not answer.
    #[error("the vault could not be sealed")]
    Seal,
    /// The storage is full, or did not keep what was written.
    #[error("the storage did not take the change")]
    NotKept,
    /// The file system failed.
    #[error("the vault could not be written")]
    Io(#[source] io::Error),
}

impl CreateError {
    /// The stable code of this error.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Weak(_) => "weak_passphrase",
            Self::AlreadyExists => "vault_exists",
            Self::InUse => "vault_in_use",
            Self::Seal => "internal",
            Self::Full => "disk_full",
            Self::Io(_) => "io",
        }
    }
}

impl UnlockError {
    /// The stable code of this error.
    pub fn code(&self) -> &'static str {
        match self {
            Self::WrongSecret => "wrong_passphrase",
            Self::Waiting { .. } => "unlock_wait",
            Self::OnlyRecovery => "unlock_only_recovery",
            Self::PinUnset => "pin_unset",
            Self::PinRefused => "pin_refused",
            Self::PinLost => "pin_lost",
            Self::KeyStore(error) => error.code(),
            Self::Damaged { .. } => "vault_damaged",
            Self::Missing => "vault_missing",
            Self::TooNew => "newer_data",
            Self::InUse => "vault_in_use",
            Self::Derive => "internal",
            Self::Io(_) => "io",
        }
    }
}

impl ChangeError {
    /// The stable code of this error.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Weak(_) => "weak_passphrase",
            Self::WeakPin(weak) => weak.code(),
            Self::KeyStore(error) => error.code(),
            Self::Damaged => "vault_damaged",
            Self::Seal => "internal",
            Self::NotKept => "disk_full",
            Self::Io(_) => "io",
        }
    }
}

impl From<io::Error> for UnlockError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

impl From<TriesError> for UnlockError {
    fn from(error: TriesError) -> Self {
        match error {
            TriesError::Waiting { wait_ms } => Self::Waiting { wait_ms },
            TriesError::UsedUp => Self::OnlyRecovery,
            TriesError::PinRefused => Self::PinRefused,
            TriesError::KeyStore(error) => Self::KeyStore(error),
            TriesError::Io(error) => Self::Io(error),
        }
    }
}

impl From<SecretError> for UnlockError {
    fn from(_: SecretError) -> Self {
        Self::Derive
    }
}

impl From<SlotsError> for UnlockError {
    fn from(error: SlotsError) -> Self {
        match error {
            SlotsError::WrongSecret => Self::WrongSecret,
            // A vault without slots was there once, or `Missing` would have been said before.
            SlotsError::Missing | SlotsError::Damaged | SlotsError::Kdf(KdfError::Cost(_)) => {
                Self::Damaged {
                    what: VaultPart::Slots,
                }
            }
            SlotsError::TooNew => Self::TooNew,
            SlotsError::Kdf(KdfError::Secret(_)) | SlotsError::Secret(_) => Self::Derive,
            SlotsError::NotKept => Self::Io(io::Error::other(SlotsError::NotKept)),
            SlotsError::Io(error) => Self::Io(error),
        }
    }
}

impl From<OpenKeyringError> for UnlockError {
    fn from(error: OpenKeyringError) -> Self {
        match error {
            OpenKeyringError::File(KeyringFileError::Damaged) => Self::Damaged {
                what: VaultPart::Keyring,
            },
            OpenKeyringError::File(KeyringFileError::TooNew) => Self::TooNew,
            OpenKeyringError::File(KeyringFileError::Secret(_)) => Self::Derive,
            OpenKeyringError::Io(error) => Self::Io(error),
        }
    }
}

impl From<io::Error> for CreateError {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::StorageFull {
            Self::Full
        } else {
            Self::Io(error)
        }
    }
}

impl From<SecretError> for CreateError {
    fn from(_: SecretError) -> Self {
        Self::Seal
    }
}

impl From<KeyringError> for CreateError {
    fn from(error: KeyringError) -> Self {
        match error {
            KeyringError::Io(error) => Self::Io(error),
            KeyringError::Full => Self::Full,
            _ => Self::Seal,
        }
    }
}

impl From<SlotsError> for CreateError {
    fn from(error: SlotsError) -> Self {
        match error {
            SlotsError::Io(error) => error.into(),
            SlotsError::NotKept => Self::Io(io::Error::other(SlotsError::NotKept)),
            _ => Self::Seal,
        }
    }
}

impl From<SlotsError> for ChangeError {
    fn from(error: SlotsError) -> Self {
        match error {
            SlotsError::Io(error) if error.kind() == io::ErrorKind::StorageFull => Self::NotKept,
            SlotsError::Io(error) => Self::Io(error),
            SlotsError::NotKept => Self::NotKept,
            SlotsError::Missing | SlotsError::Damaged | SlotsError::TooNew => Self::Damaged,
            SlotsError::WrongSecret | SlotsError::Kdf(_) | SlotsError::Secret(_) => Self::Seal,
        }
    }
}
