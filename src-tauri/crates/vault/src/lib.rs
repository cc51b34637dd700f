//! What protects the member's data on this device: key slots, keyring, SQLCipher databases, encrypted files.
//! Not here: network, PDF, and the tables of any domain.
//!
//! ```text
//! <data folder>/slots                       the root key, wrapped by passphrase, recovery code and PIN
//!              /keyring                     device keys, class keys, pins, high-water marks
//!              /lock                        held while the vault is open
//!              /tries                       how often a passphrase was tried since the vault was open last
//!              /private.db                  precious: moved aside when damaged, kept when a backup takes its place
//!              /faction.db                  precious, too
//!              /councils/<id>/council.db    cache: begun anew when damaged
//!                            /search.db      cache: the index over it
//!                            /closed/<audience>.db, <audience>.search.db
//!                            /blobs/ab/<blob id>
//! ```

pub mod atomic;
mod backup;
mod blobs;
mod database;
mod domains;
mod door;
mod encrypted_reader;
#[cfg(any(test, fuzzing))]
pub mod fuzzing;
#[cfg(test)]
mod guessing;
mod high_marks;
mod kdf;
mod key_store;
mod keyring;
mod keyring_file;
#[cfg(test)]
#[cfg(target_os = "linux")]
mod memory;
mod migration;
mod moved_aside;
mod pages;
mod passphrase;
mod pin;
mod put_in_place;
mod quote;
mod secret;
mod slots;
mod slots_file;
mod stopwatch;
mod tries;
mod vault;
mod vault_error;
mod words;

pub use backup::{BackupError, BackupFacts, ReadBackup};
pub use blobs::{BlobError, Blobs, PartWriter, StoredBlob};
pub use database::DbError;
pub use domains::RebuiltCache;
pub use door::{Door, PinState};
pub use encrypted_reader::{EncryptedReader, ReadError};
pub use high_marks::SetBack;
pub use kdf::{CostOutOfRange, KdfCost, LEAST_MEMORY_KIB};
pub use key_store::{KeyStore, KeyStoreError, KeyStoreInMemory, StoreMood};
pub use keyring::{DeviceKeys, Keyring, KeyringError, make_device_keys};
pub use keyring_file::{CouncilRecord, Deletion, DeletionCause, EndedAudience, Forgetting};
pub use migration::{Migration, migrate};
pub use moved_aside::MovedAside;
pub use passphrase::{
    LEAST_CHARS, LEAST_WORDS, NoRandomness, Passphrase, WeakPassphrase, suggest_passphrase,
};
pub use pin::{LEAST_DIGITS, MOST_DIGITS, Pin, WeakPin};
pub use quote::QuoteError;
pub use secret::scrub_stack;
pub use stopwatch::{Moment, Stopwatch, system_moment, system_stopwatch};
pub use sync_protocol::ids::{AudienceId, BlobId, CouncilId, ObjectId};
pub use sync_protocol::recovery::RecoveryCode;
pub use tries::{FREE_TRIES, MOST_TRIES, PIN_TRIES, TriesLeft};
pub use vault::{Vault, VaultStatus};
pub use vault_error::{ChangeError, CreateError, UnlockError, VaultPart};
