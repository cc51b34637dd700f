//! `01 ‖ salt 16 ‖ AES-256-GCM`: key and nonce by HKDF from a long-lived key, a fresh salt and a label, new for every seal.
//! Class keys and the epoch seeds of factions share it. Not here: labels and associated data. Source: SPEC A1.

use zeroize::Zeroizing;

use crate::primitive::{RandomUnavailable, derive, make_random, open_in_place, seal_in_place};

const VERSION: u8 = 1;
const SALT_LEN: usize = 16;

/// Why something was not sealed or opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// Shorter than an envelope can be.
    #[error("the sealed bytes are too short")]
    TooShort,
    /// A version that this program does not know.
    #[error("version {0} of the envelope is unknown")]
    UnknownVersion(u8),
    /// Wrong key, changed bytes, or bytes that belong to another place.
    #[error("the sealed bytes do not open with this key in this place")]
    DoesNotOpen,
    /// Too long to be sealed.
    #[error("the content is too long to be sealed")]
    TooLong,
    /// No randomness.
    #[error(transparent)]
    Random(#[from] RandomUnavailable),
}

/// Seals `plain`; `label` in parts, joined.
pub(crate) fn seal(
    key: &[u8; 32],
    label: &[&[u8]],
    aad: &[u8],
    plain: &[u8],
) -> Result<Vec<u8>, SealError> {
    let salt = make_random::<SALT_LEN>()?;
    let (message_key, nonce) = message_key(key, &salt, label);
    let mut buffer = plain.to_vec();
    seal_in_place(&message_key, nonce, aad, &mut buffer).map_err(|_| SealError::TooLong)?;
    let mut sealed = Vec::with_capacity(1 + SALT_LEN + buffer.len());
    sealed.push(VERSION);
    sealed.extend_from_slice(&salt);
    sealed.append(&mut buffer);
    Ok(sealed)
}

/// Opens what [`seal`] gave for the same key, label and associated data.
pub(crate) fn open(
    key: &[u8; 32],
    label: &[&[u8]],
    aad: &[u8],
    sealed: &[u8],
) -> Result<Vec<u8>, SealError> {
    let (version, rest) = sealed.split_first().ok_or(SealError::TooShort)?;
    if *version != VERSION {
        return Err(SealError::UnknownVersion(*version));
    }
    let (salt, ciphertext) = rest
        .split_first_chunk::<SALT_LEN>()
        .ok_or(SealError::TooShort)?;
    let (message_key, nonce) = message_key(key, salt, label);
    let mut buffer = ciphertext.to_vec();
    open_in_place(&message_key, nonce, aad, &mut buffer).map_err(|_| SealError::DoesNotOpen)?;
    Ok(buffer)
}

fn message_key(
    key: &[u8; 32],
    salt: &[u8; SALT_LEN],
    label: &[&[u8]],
) -> (Zeroizing<[u8; 32]>, [u8; 12]) {
    let derived = derive::<44>(salt, key, label);
    let mut message_key = Zeroizing::new([0u8; 32]);
    let mut nonce = [0u8; 12];
    for (to, from) in message_key
        .iter_mut()
        .chain(nonce.iter_mut())
        .zip(derived.iter())
    {
        *to = *from;
    }
    (message_key, nonce)
}
