//! Why a pairing or a synchronisation ended early, with the stable codes that the window acts on.
//!
//! No text here holds a name, a title or an address.

use sync_protocol::chain::ChainError;
use sync_protocol::head::HeadError;
use sync_protocol::key_box::KeyBoxError;
use sync_protocol::pairing::{CodeError, PairError};
use sync_protocol::root::RootError;
use sync_protocol::sign::SignError;
use sync_protocol::snapshot::SnapshotError;
use sync_protocol::wire::error_code;
use vault::{BlobError, KeyringError};

use crate::council::CouncilError;
use crate::plan::PlanError;
use crate::plan::changes::ChangeError;
use crate::store::StoreError;
use crate::transport::{AddressError, Refusal, TransportError};

/// Why a pairing or synchronisation ended early. What lay on the device before lies there still.
#[derive(Debug, thiserror::Error)]
pub enum SyncError {
    /// The member cancelled it.
    #[error("cancelled")]
    Cancelled,
    /// A synchronisation of this council runs already.
    #[error("a synchronisation of this council runs already")]
    AlreadyRunning,
    /// The office has revoked this device; what is nonpublic was locked.
    #[error("the council office has revoked this device")]
    DeviceRevoked,
    /// No answer.
    #[error(transparent)]
    Transport(TransportError),
    /// An answer is not the CBOR it should be.
    #[error("the council server sent something unreadable")]
    Malformed,
    /// The root document is refused.
    #[error(transparent)]
    Root(#[from] RootError),
    /// The head is refused.
    #[error(transparent)]
    Head(#[from] HeadError),
    /// The head contradicts what lies here.
    #[error(transparent)]
    Plan(#[from] PlanError),
    /// A chain is refused.
    #[error(transparent)]
    Chain(#[from] ChainError),
    /// A snapshot is refused.
    #[error(transparent)]
    Snapshot(#[from] SnapshotError),
    /// A snapshot is good in itself, but does not lead to the head.
    #[error("the snapshot does not lead to the position of the head")]
    SnapshotMismatch,
    /// A key box is refused.
    #[error(transparent)]
    KeyBox(#[from] KeyBoxError),
    /// The class key that the head names was not among the boxes.
    #[error("the council server gave no key for an audience it lists")]
    KeyMissing,
    /// An entry is refused.
    #[error(transparent)]
    Change(#[from] ChangeError),
    /// The invitation code is mistyped.
    #[error(transparent)]
    Code(#[from] CodeError),
    /// The other side of a pairing did not prove itself.
    #[error(transparent)]
    Pair(#[from] PairError),
    /// The keyring does not describe the council.
    #[error(transparent)]
    Council(#[from] CouncilError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The keyring failed.
    #[error(transparent)]
    Keyring(#[from] KeyringError),
    /// The file store failed.
    #[error(transparent)]
    Blob(#[from] BlobError),
    /// The device key does not sign.
    #[error("this device's key does not sign")]
    Signing(#[from] SignError),
    /// A part of the run ended without an answer.
    #[error("a part of the synchronisation ended without an answer")]
    Worker,
}

impl From<TransportError> for SyncError {
    fn from(error: TransportError) -> Self {
        match error {
            TransportError::Cancelled => Self::Cancelled,
            TransportError::Refused(refusal) if refusal.code == error_code::DEVICE_REVOKED => {
                Self::DeviceRevoked
            }
            other => Self::Transport(other),
        }
    }
}

impl SyncError {
    /// The stable code of this error, for the window.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Cancelled => "cancelled",
            Self::AlreadyRunning => "already_running",
            Self::DeviceRevoked => "device_revoked",
            Self::Transport(error) => transport_code(error),
            Self::Malformed => "malformed",
            Self::Root(error) => root_code(error),
            Self::Head(error) => head_code(error),
            Self::Plan(PlanError::SeqTooLow) => "seq_too_low",
            Self::Plan(PlanError::Fork) => "fork",
            Self::Chain(error) => chain_code(error),
            Self::Snapshot(error) => snapshot_code(error),
            Self::SnapshotMismatch => "snapshot_mismatch",
            Self::KeyBox(_) | Self::KeyMissing => "bad_key_box",
            Self::Change(_) => "bad_entry",
            Self::Code(_) => "code_invalid",
            Self::Pair(PairError::Root(error)) => root_code(error),
            Self::Pair(_) => "code_invalid",
            Self::Council(CouncilError::NotPaired) => "not_paired",
            Self::Council(CouncilError::BadRecord) => "vault_damaged",
            Self::Store(error) => error.code(),
            Self::Keyring(error) => error.code(),
            Self::Blob(error) => error.code(),
            Self::Signing(_) | Self::Worker => "internal",
        }
    }
}

fn transport_code(error: &TransportError) -> &'static str {
    match error {
        TransportError::Offline(_) | TransportError::Interrupted(_) => "offline",
        TransportError::PinMismatch => "pin_mismatch",
        TransportError::TlsRefused => "tls_refused",
        TransportError::Address(AddressError::NotHttps) => "address_not_https",
        TransportError::Address(_) => "address_invalid",
        TransportError::Refused(refusal) => refusal_code(refusal),
        TransportError::TooLarge | TransportError::BadRange => "malformed",
        TransportError::Cancelled => "cancelled",
        TransportError::Setup | TransportError::Signing(_) | TransportError::Random(_) => {
            "internal"
        }
    }
}

fn refusal_code(refusal: &Refusal) -> &'static str {
    const KNOWN: [&str; 13] = [
        error_code::UNAUTHENTICATED,
        error_code::CLOCK_SKEW,
        error_code::REPLAYED,
        error_code::NOT_ENTITLED,
        error_code::NOT_FOUND,
        error_code::TOO_MANY_REQUESTS,
        error_code::CODE_INVALID,
        error_code::CODE_USED,
        error_code::CODE_EXPIRED,
        error_code::FACTION_CONFLICT,
        error_code::FACTION_NOT_MEMBER,
        error_code::FACTION_REFUSED,
        error_code::FACTION_NO_ROOM,
    ];
    KNOWN
        .into_iter()
        .find(|known| *known == refusal.code)
        .unwrap_or("server_error")
}

fn root_code(error: &RootError) -> &'static str {
    match error {
        RootError::Sign(_) => "bad_signature",
        RootError::Form(_) => "malformed",
        RootError::PinMismatch => "pin_mismatch",
        RootError::ForeignCouncil => "foreign_council",
        RootError::SerialTooLow => "serial_too_low",
        RootError::SerialReused => "serial_reused",
        RootError::GenerationTooLow => "generation_too_low",
    }
}

fn head_code(error: &HeadError) -> &'static str {
    match error {
        HeadError::Sign(_) => "bad_signature",
        HeadError::Form(_) => "malformed",
        HeadError::ForeignCouncil => "foreign_council",
        HeadError::ForeignDevice => "foreign_device",
        HeadError::GenerationTooLow => "generation_too_low",
        HeadError::GenerationUnknown => "generation_unknown",
        HeadError::CounterTooLow => "counter_too_low",
        HeadError::CounterReused => "counter_reused",
        HeadError::BadTimes => "bad_times",
        HeadError::AudiencesNotSorted => "malformed",
        HeadError::SeqTooLow { .. } => "seq_too_low",
        HeadError::Fork { .. } => "fork",
        HeadError::EpochTooLow { .. } => "epoch_too_low",
    }
}

fn chain_code(error: &ChainError) -> &'static str {
    match error {
        ChainError::Gap { .. } | ChainError::Incomplete => "gap",
        ChainError::BrokenLink { .. } | ChainError::Fork => "fork",
        ChainError::PayloadMismatch { .. } => "payload_mismatch",
        _ => "bad_chain",
    }
}

fn snapshot_code(error: &SnapshotError) -> &'static str {
    match error {
        SnapshotError::Sign(_) => "bad_signature",
        SnapshotError::Form(_) => "malformed",
        SnapshotError::Foreign | SnapshotError::Contradiction => "snapshot_mismatch",
        SnapshotError::Entry(error) => chain_code(error),
    }
}
