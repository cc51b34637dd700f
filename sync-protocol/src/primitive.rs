//! The only place that calls ring for hashing, key derivation, AES-256-GCM and randomness.
//! It knows no format: labels, nonces and associated data come from the format modules.

use ring::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use ring::{digest, hkdf, hmac, pbkdf2, rand};
use zeroize::Zeroizing;

/// Length of an AES-GCM tag in bytes.
pub(crate) const TAG_LEN: usize = 16;

/// The operating system gave no random bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the operating system gave no random bytes")]
pub struct RandomUnavailable;

/// An AEAD refused: wrong key, changed bytes or other associated data; or a length the cipher cannot take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Refused;

/// Makes `N` random bytes.
pub(crate) fn make_random<const N: usize>() -> Result<[u8; N], RandomUnavailable> {
    let mut bytes = [0u8; N];
    fill_random(&mut bytes)?;
    Ok(bytes)
}

/// Fills with random bytes what lies where it will stay.
pub(crate) fn fill_random(bytes: &mut [u8]) -> Result<(), RandomUnavailable> {
    rand::SecureRandom::fill(&rand::SystemRandom::new(), bytes).map_err(|_| RandomUnavailable)
}

/// SHA-256 of the parts, one after the other.
pub(crate) fn sha256(parts: &[&[u8]]) -> [u8; 32] {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update(part);
    }
    hasher.finish()
}

/// Incremental SHA-256.
pub(crate) struct Sha256(digest::Context);

impl Sha256 {
    pub(crate) fn new() -> Self {
        Self(digest::Context::new(&digest::SHA256))
    }

    pub(crate) fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    pub(crate) fn finish(self) -> [u8; 32] {
        let mut out = [0u8; 32];
        for (to, from) in out.iter_mut().zip(self.0.finish().as_ref()) {
            *to = *from;
        }
        out
    }
}

struct OkmLen(usize);

impl hkdf::KeyType for OkmLen {
    fn len(&self) -> usize {
        self.0
    }
}

/// HKDF-SHA256 with `N` ≤ 8160 bytes of output. Source: RFC 5869.
pub(crate) fn derive<const N: usize>(
    salt: &[u8],
    secret: &[u8],
    info: &[&[u8]],
) -> Zeroizing<[u8; N]> {
    const { assert!(N <= 255 * 32, "HKDF-SHA256 gives at most 8160 bytes") };
    let mut out = Zeroizing::new([0u8; N]);
    derive_into(salt, secret, info, out.as_mut_slice());
    out
}

/// [`derive`] for a length that is known late; at most 8160 bytes.
fn derive_into(salt: &[u8], secret: &[u8], info: &[&[u8]], out: &mut [u8]) {
    let prk = hkdf::Salt::new(hkdf::HKDF_SHA256, salt).extract(secret);
    // Both calls fail only above 8160 bytes or on a length mismatch, which the caller and the types exclude.
    if let Ok(okm) = prk.expand(info, OkmLen(out.len())) {
        let filled = okm.fill(out);
        debug_assert!(filled.is_ok());
    }
}

/// HMAC-SHA256 of the parts, one after the other.
pub(crate) fn mac(key: &[u8; 32], parts: &[&[u8]]) -> [u8; 32] {
    let mut context = hmac::Context::with_key(&hmac::Key::new(hmac::HMAC_SHA256, key));
    for part in parts {
        context.update(part);
    }
    let mut out = [0u8; 32];
    for (to, from) in out.iter_mut().zip(context.sign().as_ref()) {
        *to = *from;
    }
    out
}

/// Rounds of [`stretch`]: about 50 ms on a tablet; 2^32 tries of it are out of reach during a pairing.
const STRETCH_ROUNDS: std::num::NonZeroU32 = std::num::NonZeroU32::MIN.saturating_add(99_999);

/// PBKDF2-HMAC-SHA256 with 100,000 rounds. Source: RFC 8018.
pub(crate) fn stretch<const N: usize>(secret: &[u8], salt: &[u8]) -> [u8; N] {
    let mut out = [0u8; N];
    stretch_into(STRETCH_ROUNDS, secret, salt, &mut out);
    out
}

fn stretch_into(rounds: std::num::NonZeroU32, secret: &[u8], salt: &[u8], out: &mut [u8]) {
    pbkdf2::derive(pbkdf2::PBKDF2_HMAC_SHA256, rounds, salt, secret, out);
}

/// Constant-time equality of two 32-byte values.
pub(crate) fn bytes_equal(a: &[u8; 32], b: &[u8; 32]) -> bool {
    let mut difference = 0u8;
    for (x, y) in a.iter().zip(b) {
        difference |= x ^ y;
    }
    std::hint::black_box(difference) == 0
}

fn gcm_key(key: &[u8; 32]) -> Result<LessSafeKey, Refused> {
    Ok(LessSafeKey::new(
        UnboundKey::new(&AES_256_GCM, key).map_err(|_| Refused)?,
    ))
}

// Meets: O.Cryp_2, O.Cryp_3, MASVS-CRYPTO-1
/// Seals `buffer` in place and appends the tag.
pub(crate) fn seal_in_place(
    key: &[u8; 32],
    nonce: [u8; 12],
    aad: &[u8],
    buffer: &mut Vec<u8>,
) -> Result<(), Refused> {
    gcm_key(key)?
        .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(aad), buffer)
        .map_err(|_| Refused)
}

/// Opens `buffer` in place and cuts the tag off; on refusal the buffer is emptied.
pub(crate) fn open_in_place(
    key: &[u8; 32],
    nonce: [u8; 12],
    aad: &[u8],
    buffer: &mut Vec<u8>,
) -> Result<(), Refused> {
    let opened = gcm_key(key).and_then(|key| {
        key.open_in_place(Nonce::assume_unique_for_key(nonce), Aad::from(aad), buffer)
            .map(|plain| plain.len())
            .map_err(|_| Refused)
    });
    match opened {
        Ok(plain_len) => {
            buffer.truncate(plain_len);
            Ok(())
        }
        Err(refused) => {
            buffer.clear();
            Err(refused)
        }
    }
}

#[cfg(test)]
mod known_answers;
