//! The server the tablets sync from: one process, one council. It imports what the council office publishes, seals it,
//! appends it to the chains of those who may read it, and serves chains, keys and ciphertext to paired devices.
//!
//! The way of a document: `intake` or `oparl` reads it into a `draft`; `publish` seals and appends; `feed` decides what
//! a device gets, `oparl_out` what everybody gets; `http` carries it. `rights` decides who may read, `entitlement` applies that, `office` is what the
//! council office does, `audit` notes it, `backup` keeps a second copy; `faction` carries what faction spaces say among themselves. SQL stands in `store` only, ciphertext files in `blobs` only.

mod audit;
mod backup;
mod blobs;
pub mod cli;
pub mod clock;
pub mod draft;
mod durable;
mod entitlement;
mod error;
mod faction;
mod faults;
mod feed;
pub mod http;
mod identity;
pub mod intake;
mod keys;
mod master_key;
#[cfg(target_os = "linux")]
pub mod no_dump;
mod office;
pub mod oparl;
mod oparl_out;
mod pairing;
pub mod pdf;
mod publish;
pub mod rights;
mod server;
mod store;
mod tls;

pub use audit::{AuditBroken, AuditHead, AuditState};
pub use backup::{BackupContents, BackupError, restore};
pub use clock::Clock;
pub use error::ServerError;
pub use faults::FaultSwitch;
pub use feed::LEASE_MS;
pub use http::{Limits, ServeOptions, ServerHandle};
pub use master_key::{MasterKey, MasterKeyError};
pub use office::{DeviceInfo, Invitation, MembershipInfo, NewMembership, PersonInfo, ReceiptInfo};
pub use publish::ImportOutcome;
pub use server::Server;
pub use store::audit::AuditEntry;
pub use store::encryption::DatabaseKey;
pub use tls::Certificate;
