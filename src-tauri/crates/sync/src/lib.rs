//! Pairing with a council, pulling its data, and the store of that data on this device.
//!
//! Not here: private notes (this crate cannot reach them), what the window shows, and the formats themselves.
//!
//! The way of a run: [`SyncEngine::run`] asks for the signed head (`contact`), decides what to do (`plan`, pure),
//! fetches and verifies all of it (`pull`), stores it (`apply`), forgets what is over (`access`), fetches files
//! (`download`) and delivers receipts (`receipts`). [`store::CouncilStore`] reads what lies here; what is not wished
//! here any more leaves by `freeing`.

mod access;
mod apply;
mod cancel;
mod config;
mod contact;
mod council;
mod download;
mod engine;
mod error;
pub mod faction;
mod freeing;
#[cfg(any(test, fuzzing))]
pub mod fuzzing;
mod missing;
mod pairing;
mod plan;
mod presence;
mod progress;
mod pull;
mod receipts;
#[cfg(test)]
mod refusals;
mod remote;
#[cfg(test)]
mod simulation;
pub mod store;
#[cfg(test)]
mod testing;
mod time;
mod transport;

pub use access::{deletions, forget_due};
pub use cancel::CancelFlag;
pub use config::{Clock, SyncConfig, system_clock};
pub use council::{AudienceRow, CouncilError, GRACE_MS, Stand};
pub use download::{FailedFile, FileFailure};
pub use engine::{SyncEngine, SyncOutcome};
pub use error::SyncError;
pub use freeing::{Freed, free_unwanted, freed_by, unwanted_files};
pub use pairing::{PairRequest, Paired, pair};
pub use plan::PlanError;
pub use plan::changes::ChangeError;
pub use plan::wishes::{FileWish, Wishes};
pub use progress::{SyncPhase, SyncProgress};
pub use time::note_time;
pub use transport::{AddressError, Backoff, Refusal, TransportError};
