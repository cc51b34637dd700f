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
    /// The server speaks no TLS that is safe today, or somebody between wants an older one.
    #[error("no safe connection to the council server could be made")]
    TlsRefused,
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

/// Whether a handshake ended because of what the other side wanted. An answer that is no TLS at all is not among it: a hotel's
/// network answers like that, and it means no connection.
fn is_tls_refused(error: &reqwest::Error) -> bool {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = std::error::Error::source(error);
    while let Some(error) = cause {
        if let Some(tls) = error.downcast_ref::<rustls::Error>() {
            return matches!(
                tls,
                rustls::Error::PeerIncompatible(_)
                    | rustls::Error::PeerMisbehaved(_)
                    | rustls::Error::AlertReceived(rustls::AlertDescription::ProtocolVersion)
            );
        }
        // What an I/O error holds is not its source, but stands in its place.
        cause = match error.downcast_ref::<std::io::Error>() {
            Some(io) => io
                .get_ref()
                .map(|held| held as &(dyn std::error::Error + 'static)),
            None => error.source(),
        };
    }
    false
}

impl TransportError {
    fn from_http(error: reqwest::Error, seen: &SeenKey) -> Self {
        let error = error.without_url();
        if seen.was_refused() {
            Self::PinMismatch
        } else if is_tls_refused(&error) {
            Self::TlsRefused
        } else if error.is_connect() {
            Self::Offline(error)
        } else {
            Self::Interrupted(error)
        }
    }
}
