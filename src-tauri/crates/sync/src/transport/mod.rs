//! Requests to one council server: pinned TLS, signed by the device, tried again where that helps, counted.
//!
//! Knows paths and bytes, not what they mean.

mod address;
mod client;
mod pin;
mod retry;

use sync_protocol::RandomUnavailable;
use sync_protocol::sign::SignError;

pub(crate) use address::Address;
pub use address::AddressError;
pub(crate) use client::{Client, Signer};
pub(crate) use pin::PinPolicy;
use pin::SeenKey;
pub use retry::Backoff;

/// What the server said instead of answering.
#[derive(Clone, PartialEq, Eq)]
pub struct Refusal {
    /// HTTP status.
    pub status: u16,
    /// Stable code, one of `sync_protocol::wire::error_code`; empty if the answer was not the council server's.
    pub code: String,
    /// The server's time, ms UTC; 0 if it said none.
    pub server_at_ms: i64,
}

impl std::fmt::Debug for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Refusal({} {})", self.status, self.code)
    }
}

/// Why a request has no answer.
#[derive(Debug, thiserror::Error)]
pub enum TransportError {
    /// No connection.
    #[error("the council server cannot be reached")]
    Offline(#[source] reqwest::Error),
    /// The connection ended in the middle.
    #[error("the connection to the council server was interrupted")]
    Interrupted(#[source] reqwest::Error),
    /// The server showed a TLS key that is not pinned.
    #[error("the server is not the one this device was paired with")]
    PinMismatch,
    /// The address is none.
    #[error(transparent)]
    Address(#[from] AddressError),
    /// The server said no.
    #[error("the council server refused the request")]
    Refused(Refusal),
    /// The answer is longer than such an answer can be.
    #[error("the answer of the council server is too long")]
    TooLarge,
    /// The server answered with another part of the file than asked for.
    #[error("the council server sent another part of the file than asked for")]
    BadRange,
    /// TLS could not be set up on this device.
    #[error("TLS could not be set up")]
    Setup,
    /// The device key does not sign.
    #[error("the request could not be signed")]
    Signing(#[source] SignError),
    /// No randomness.
    #[error(transparent)]
    Random(#[from] RandomUnavailable),
    /// Cancelled by the member.
    #[error("cancelled")]
    Cancelled,
}

impl TransportError {
    fn from_http(error: reqwest::Error, seen: &SeenKey) -> Self {
        let error = error.without_url();
        if seen.was_refused() {
            Self::PinMismatch
        } else if error.is_connect() {
            Self::Offline(error)
        } else {
            Self::Interrupted(error)
        }
    }
}
