//! Quotations from nonpublic files: sealed under the class key, so that they are forgotten with it.
//! Not where they are stored (see crate `notes`).
//!
//! `version 1 · key epoch 4, big endian · what sync_protocol::class_key::seal_local gives`

use crate::keyring::Keyring;
use sync_protocol::class_key::{ClassKeyError, KeyEpoch, open_local, seal_local};
use sync_protocol::ids::{AudienceId, CouncilId};
use zeroize::Zeroizing;

const VERSION: u8 = 1;
const LABEL: &str = "quote";

/// Why a quotation was not sealed or opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum QuoteError {
    /// The class key is not held: never granted, or forgotten. A new grant brings the quotation back.
    #[error("the key of this quotation is not there")]
    QuoteLocked,
    /// The sealed bytes were changed, or belong to another audience.
    #[error("the sealed quotation is damaged")]
    Damaged,
    /// The system's cryptography did not answer.
    #[error("the quotation could not be sealed")]
    NotSealed,
}

impl QuoteError {
    /// The stable code of this error.
    pub fn code(self) -> &'static str {
        match self {
            Self::QuoteLocked => "quote_locked",
            Self::Damaged => "quote_damaged",
            Self::NotSealed => "internal",
        }
    }
}

pub(crate) fn seal(
    keyring: &Keyring,
    council: CouncilId,
    audience: AudienceId,
    plain: &[u8],
) -> Result<Vec<u8>, QuoteError> {
    let (epoch, key) = keyring
        .newest_class_key(council, audience)
        .ok_or(QuoteError::QuoteLocked)?;
    let body = seal_local(&key, LABEL, &place(council, audience, epoch), plain)
        .map_err(|_| QuoteError::NotSealed)?;
    let mut sealed = vec![VERSION];
    sealed.extend_from_slice(&epoch.0.to_be_bytes());
    sealed.extend_from_slice(&body);
    Ok(sealed)
}

pub(crate) fn open(
    keyring: &Keyring,
    council: CouncilId,
    audience: AudienceId,
    sealed: &[u8],
) -> Result<Zeroizing<Vec<u8>>, QuoteError> {
    let rest = sealed.strip_prefix(&[VERSION]).ok_or(QuoteError::Damaged)?;
    let (epoch, body) = rest.split_first_chunk::<4>().ok_or(QuoteError::Damaged)?;
    let epoch = KeyEpoch(u32::from_be_bytes(*epoch));
    let key = keyring
        .class_key(council, audience, epoch)
        .ok_or(QuoteError::QuoteLocked)?;
    match open_local(&key, LABEL, &place(council, audience, epoch), body) {
        Ok(plain) => Ok(Zeroizing::new(plain)),
        Err(ClassKeyError::Random(_)) => Err(QuoteError::NotSealed),
        Err(_) => Err(QuoteError::Damaged),
    }
}

fn place(council: CouncilId, audience: AudienceId, epoch: KeyEpoch) -> Vec<u8> {
    [
        council.as_bytes().as_slice(),
        audience.as_bytes(),
        &epoch.0.to_be_bytes(),
    ]
    .concat()
}
