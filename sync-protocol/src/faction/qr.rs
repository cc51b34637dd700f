//! The QR code that somebody shows in the room: which space, by its genesis, from whose device, with a secret of its own.
//! Not here: what both sides then say (`join`). Source: SPEC F20.

use zeroize::Zeroizing;

use super::device::Fingerprint;
use super::join::JoinKey;
use crate::code::{self, CodeError};
use crate::ids::{FactionId, Hash};
use crate::primitive::{RandomUnavailable, derive, make_random};

const QR_PREFIX: &str = "RATSMAPPE1:";
const QR_VERSION: u8 = 1;
const QR_LEN: usize = 95;

/// What a QR code in the room tells.
#[derive(Clone, PartialEq, Eq)]
pub struct QrInvitation {
    /// The space, by the hash of its genesis.
    pub faction: FactionId,
    /// Keys of the device that shows the code.
    pub inviter: Fingerprint,
    /// Until when; ms UTC, the inviter's clock.
    pub expires_at_ms: i64,
    secret: Zeroizing<[u8; 20]>,
}

impl std::fmt::Debug for QrInvitation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "QrInvitation({:?})", self.faction)
    }
}

/// Why a scanned text is no invitation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum QrError {
    /// Something else was scanned.
    #[error("this is no invitation to a faction")]
    NotAnInvitation,
    /// A newer program has made it.
    #[error("the invitation is of version {0}, which this program does not know")]
    UnknownVersion(u8),
    /// It was not read whole.
    #[error("the invitation was not read whole")]
    Code(#[from] CodeError),
    /// The bytes contradict themselves.
    #[error("the invitation is damaged")]
    Damaged,
}

impl QrInvitation {
    /// Makes an invitation with a fresh secret.
    ///
    /// Errors: no randomness.
    pub fn make(
        faction: FactionId,
        inviter: Fingerprint,
        expires_at_ms: i64,
    ) -> Result<Self, RandomUnavailable> {
        Ok(Self::from_parts(
            faction,
            inviter,
            expires_at_ms,
            make_random()?,
        ))
    }

    /// An invitation of known parts.
    pub fn from_parts(
        faction: FactionId,
        inviter: Fingerprint,
        expires_at_ms: i64,
        secret: [u8; 20],
    ) -> Self {
        Self {
            faction,
            inviter,
            expires_at_ms,
            secret: Zeroizing::new(secret),
        }
    }

    /// What both sides know.
    pub fn join_key(&self) -> JoinKey {
        let label = b"ratsmappe/faction/join/qr/1";
        JoinKey::from_bytes(*derive::<32>(&[], self.secret.as_slice(), &[label]))
    }

    /// The text in the QR code; only characters of its alphanumeric mode. Source: SPEC F20.
    pub fn to_text(&self) -> Zeroizing<String> {
        let mut bytes = Zeroizing::new(Vec::with_capacity(QR_LEN));
        bytes.push(QR_VERSION);
        bytes.extend_from_slice(self.faction.as_bytes());
        bytes.extend_from_slice(self.inviter.0.as_bytes());
        bytes.extend_from_slice(self.secret.as_slice());
        bytes.extend_from_slice(&self.expires_at_ms.to_be_bytes());
        bytes.resize(QR_LEN, 0);
        let mut text = Zeroizing::new(String::from(QR_PREFIX));
        text.push_str(&code::encode(&bytes));
        text
    }

    /// Reads what was scanned.
    ///
    /// Errors: see [`QrError`]; they never repeat the text. Source: SPEC F20.
    pub fn parse(text: &str) -> Result<Self, QrError> {
        let code = text
            .trim()
            .strip_prefix(QR_PREFIX)
            .ok_or(QrError::NotAnInvitation)?;
        let bytes = code::decode::<QR_LEN>(code)?;
        let (version, rest) = bytes.split_first().ok_or(QrError::Damaged)?;
        if *version != QR_VERSION {
            return Err(QrError::UnknownVersion(*version));
        }
        let parts = || {
            let (faction, rest) = rest.split_first_chunk::<32>()?;
            let (inviter, rest) = rest.split_first_chunk::<32>()?;
            let (secret, rest) = rest.split_first_chunk::<20>()?;
            let (expires, rest) = rest.split_first_chunk::<8>()?;
            let is_whole = rest.iter().all(|byte| *byte == 0);
            is_whole.then(|| {
                Self::from_parts(
                    FactionId::from_bytes(*faction),
                    Fingerprint(Hash::from_bytes(*inviter)),
                    i64::from_be_bytes(*expires),
                    *secret,
                )
            })
        };
        parts().ok_or(QrError::Damaged)
    }
}
