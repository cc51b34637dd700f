//! The key store of the operating system, as far as the vault needs one: small secrets by name, kept outside of the data folder.
//! Not a particular store (see crate `key-store`) and not what is kept there (see `door`, `tries`, `high_marks`).

use std::collections::BTreeMap;
use std::fmt;
use std::io;
use std::sync::{Mutex, PoisonError};
use zeroize::Zeroizing;

/// Why the key store did not do what it was asked for.
#[derive(Debug, thiserror::Error)]
pub enum KeyStoreError {
    /// This device has none, or none that runs.
    #[error("there is no key store")]
    Missing,
    /// It is locked, or the member or the system did not let the app in.
    #[error("the key store is locked")]
    Locked,
    /// It did not answer, or not in a way that can be understood.
    #[error("the key store failed")]
    Failed(#[source] io::Error),
}

impl KeyStoreError {
    /// The stable code of this error.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Missing => "key_store_missing",
            Self::Locked => "key_store_locked",
            Self::Failed(_) => "key_store_failed",
        }
    }
}

/// What keeps small secrets for this user on this device. A name is ASCII; a secret has at most some kilobytes. What is kept has to
/// be durable before a call returns, and no call may wait for the member.
pub trait KeyStore: Send + Sync {
    /// What is kept under a name; `None` for nothing.
    ///
    /// Errors: [`KeyStoreError`].
    fn get(&self, name: &str) -> Result<Option<Zeroizing<Vec<u8>>>, KeyStoreError>;

    /// Keeps a secret in place of what the name had before.
    ///
    /// Errors: [`KeyStoreError`]; what was there before still is.
    fn set(&self, name: &str, secret: &[u8]) -> Result<(), KeyStoreError>;

    /// Forgets what a name has; nothing happens if that is nothing.
    ///
    /// Errors: [`KeyStoreError`].
    fn remove(&self, name: &str) -> Result<(), KeyStoreError>;
}

/// How a [`KeyStoreInMemory`] answers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum StoreMood {
    /// As a good one.
    #[default]
    Open,
    /// As one that is not there.
    Missing,
    /// As one that the member has not unlocked.
    Locked,
}

/// A key store that ends with the program: for tests, which also say how it answers.
#[derive(Default)]
pub struct KeyStoreInMemory {
    kept: Mutex<BTreeMap<String, Zeroizing<Vec<u8>>>>,
    mood: Mutex<StoreMood>,
}

impl fmt::Debug for KeyStoreInMemory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("KeyStoreInMemory(hidden)")
    }
}

impl KeyStoreInMemory {
    /// From now on it answers like this.
    pub fn be(&self, mood: StoreMood) {
        *self.mood.lock().unwrap_or_else(PoisonError::into_inner) = mood;
    }

    /// The names that something is kept under.
    pub fn names(&self) -> Vec<String> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.keys().cloned().collect()
    }

    fn with<T>(
        &self,
        act: impl FnOnce(&mut BTreeMap<String, Zeroizing<Vec<u8>>>) -> T,
    ) -> Result<T, KeyStoreError> {
        match *self.mood.lock().unwrap_or_else(PoisonError::into_inner) {
            StoreMood::Open => {
                let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
                Ok(act(&mut kept))
            }
            StoreMood::Missing => Err(KeyStoreError::Missing),
            StoreMood::Locked => Err(KeyStoreError::Locked),
        }
    }
}

impl KeyStore for KeyStoreInMemory {
    fn get(&self, name: &str) -> Result<Option<Zeroizing<Vec<u8>>>, KeyStoreError> {
        self.with(|kept| kept.get(name).cloned())
    }

    fn set(&self, name: &str, secret: &[u8]) -> Result<(), KeyStoreError> {
        let secret = Zeroizing::new(secret.to_vec());
        self.with(|kept| kept.insert(name.to_owned(), secret))
            .map(drop)
    }

    fn remove(&self, name: &str) -> Result<(), KeyStoreError> {
        self.with(|kept| kept.remove(name)).map(drop)
    }
}
