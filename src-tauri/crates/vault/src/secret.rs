//! The root key and what is derived from it, and the one AEAD that the vault's own files are sealed with.
//! Not the formats shared with the server: those live in `sync_protocol`.

use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::hkdf::{HKDF_SHA256, KeyType, Salt};
use ring::rand::{SecureRandom, SystemRandom};
use std::fmt;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

// Meets: O.Source_5, O.Source_7, O.Plat_12
/// 32 secret bytes in one place of the heap, so that moving them leaves no copy; wiped when dropped, never shown.
#[derive(Clone)]
pub(crate) struct SecretKey(Box<[u8; 32]>);

impl Drop for SecretKey {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl ZeroizeOnDrop for SecretKey {}

/// Why sealing, opening or deriving did not work. Says nothing about keys or content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum SecretError {
    /// Another key, or bytes that were changed.
    #[error("the sealed bytes do not open with this key")]
    DoesNotOpen,
    /// The system gave no randomness, or a primitive refused its input.
    #[error("the system's cryptography did not answer")]
    Unavailable,
}

// Meets: O.Cryp_4, MASVS-CRYPTO-2
/// What a derived key is for: one key, one purpose.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Purpose {
    /// Seals the keyring file.
    Keyring,
    /// SQLCipher key of `private.db`.
    PrivateDb,
    /// SQLCipher key of `faction.db`.
    FactionDb,
    /// SQLCipher key of a council's `council.db`; context: the council's id. (A closed one has its key from a class key.)
    CouncilDb,
    /// SQLCipher key of a council's `search.db`; context: the council's id. (A closed one has its key from a class key.)
    SearchDb,
    /// Wraps the root key in a slot, derived from what Argon2id makes of the member's secret.
    SlotWrap,
    /// Wraps the root key in the slot of the PIN, derived from what Argon2id makes of it and the secret of the key store.
    PinWrap,
    /// Seals the high-water marks in the key store.
    Marks,
}

impl Purpose {
    fn label(self) -> &'static [u8] {
        match self {
            Self::Keyring => b"ratsmappe vault 1 keyring",
            Self::PrivateDb => b"ratsmappe vault 1 private.db",
            Self::FactionDb => b"ratsmappe vault 1 faction.db",
            Self::CouncilDb => b"ratsmappe vault 1 council.db",
            Self::SearchDb => b"ratsmappe vault 1 search.db",
            Self::SlotWrap => b"ratsmappe vault 1 slot wrap",
            Self::PinWrap => b"ratsmappe vault 1 pin wrap",
            Self::Marks => b"ratsmappe vault 1 marks",
        }
    }
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretKey(hidden)")
    }
}

struct Len32;

impl KeyType for Len32 {
    fn len(&self) -> usize {
        32
    }
}

impl SecretKey {
    // Meets: O.Cryp_1
    /// A fresh random key.
    pub(crate) fn make() -> Result<Self, SecretError> {
        let mut key = Self(Box::default());
        fill_random(key.0.as_mut())?;
        Ok(key)
    }

    pub(crate) fn from_bytes(bytes: &[u8; 32]) -> Self {
        let mut key = Self(Box::default());
        key.0.copy_from_slice(bytes);
        key
    }

    pub(crate) fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// HKDF-SHA256 with the purpose as label and `context` beside it.
    ///
    /// Source: RFC 5869; every context has one fixed length per purpose, so label and context cannot run into each other.
    pub(crate) fn derive(&self, purpose: Purpose, context: &[u8]) -> Result<Self, SecretError> {
        derive_from(self.0.as_slice(), purpose, context)
    }

    /// The same of two keys, both of which are needed.
    pub(crate) fn derive_with(&self, other: &Self, purpose: Purpose) -> Result<Self, SecretError> {
        let mut both = Zeroizing::new([0; 64]);
        let (first, second) = both.split_at_mut(32);
        first.copy_from_slice(self.0.as_slice());
        second.copy_from_slice(other.0.as_slice());
        derive_from(both.as_slice(), purpose, b"")
    }

    fn aead(&self) -> Result<LessSafeKey, SecretError> {
        UnboundKey::new(&AES_256_GCM, self.0.as_slice())
            .map(LessSafeKey::new)
            .map_err(|_| SecretError::Unavailable)
    }

    // Meets: O.Cryp_2, O.Cryp_3, MASVS-CRYPTO-1
    /// AES-256-GCM with a random nonce, which stands first in the result.
    ///
    /// Random 96-bit nonces are safe here: a keyring is rewritten far fewer than 2^32 times.
    pub(crate) fn seal(&self, aad: &[u8], plain: &[u8]) -> Result<Vec<u8>, SecretError> {
        let mut nonce = [0u8; NONCE_LEN];
        fill_random(&mut nonce)?;
        // The plaintext is encrypted where it lies, in a buffer that is wiped if anything fails.
        let mut buffer = Zeroizing::new(Vec::with_capacity(plain.len() + AES_256_GCM.tag_len()));
        buffer.extend_from_slice(plain);
        let tag = self
            .aead()?
            .seal_in_place_separate_tag(
                Nonce::assume_unique_for_key(nonce),
                Aad::from(aad),
                &mut buffer,
            )
            .map_err(|_| SecretError::Unavailable)?;
        let mut sealed = Vec::with_capacity(NONCE_LEN + buffer.len() + AES_256_GCM.tag_len());
        sealed.extend_from_slice(&nonce);
        sealed.extend_from_slice(&buffer);
        sealed.extend_from_slice(tag.as_ref());
        Ok(sealed)
    }

    /// The reverse of [`SecretKey::seal`].
    pub(crate) fn open(
        &self,
        aad: &[u8],
        sealed: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, SecretError> {
        let (nonce, body) = sealed
            .split_first_chunk::<NONCE_LEN>()
            .ok_or(SecretError::DoesNotOpen)?;
        let mut buffer = Zeroizing::new(body.to_vec());
        let plain_len = self
            .aead()?
            .open_in_place(
                Nonce::assume_unique_for_key(*nonce),
                Aad::from(aad),
                &mut buffer,
            )
            .map_err(|_| SecretError::DoesNotOpen)?
            .len();
        buffer.truncate(plain_len);
        Ok(buffer)
    }
}

fn derive_from(secret: &[u8], purpose: Purpose, context: &[u8]) -> Result<SecretKey, SecretError> {
    let mut derived = SecretKey(Box::default());
    Salt::new(HKDF_SHA256, b"ratsmappe vault 1")
        .extract(secret)
        .expand(&[purpose.label(), b"\0", context], Len32)
        .and_then(|okm| okm.fill(derived.0.as_mut()))
        .map_err(|_| SecretError::Unavailable)?;
    Ok(derived)
}

/// Room that the calls of this crate and of the libraries below it take, bytes.
const STACK_SCRUBBED: usize = 256 * 1024;

/// Overwrites what calls that have ended left on the stack of this thread below the caller: values that were moved, and what *ring* and
/// SQLCipher keep there of a key while they work with it. Whoever runs commands on threads of its own calls it after each.
#[inline(never)]
pub fn scrub_stack() {
    let mut room = [0u8; STACK_SCRUBBED];
    room.zeroize();
    std::hint::black_box(&mut room);
}

/// Scrubs when it is dropped; the last field of what holds keys.
pub(crate) struct ScrubStack;

impl Drop for ScrubStack {
    fn drop(&mut self) {
        scrub_stack();
    }
}

// Meets: O.Rand_1
/// Fills `bytes` from the system's random source.
pub(crate) fn fill_random(bytes: &mut [u8]) -> Result<(), SecretError> {
    SystemRandom::new()
        .fill(bytes)
        .map_err(|_| SecretError::Unavailable)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sealed_bytes_open_only_with_key_and_context() {
        let key = SecretKey::make().unwrap();
        let sealed = key.seal(b"context", b"plain").unwrap();
        assert_eq!(key.open(b"context", &sealed).unwrap().as_slice(), b"plain");
        assert_eq!(
            key.open(b"other", &sealed).unwrap_err(),
            SecretError::DoesNotOpen
        );
        assert_eq!(
            SecretKey::make()
                .unwrap()
                .open(b"context", &sealed)
                .unwrap_err(),
            SecretError::DoesNotOpen
        );
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert!(
                key.open(b"context", &changed).is_err(),
                "a changed byte {at} must show"
            );
            assert!(
                key.open(b"context", &sealed[..at]).is_err(),
                "cut at {at} must show"
            );
        }
    }

    // Shows: O.Cryp_4, MASVS-CRYPTO-2
    #[test]
    fn each_purpose_and_context_has_its_own_key() {
        let root = SecretKey::from_bytes(&[7; 32]);
        let keys = [
            root.derive(Purpose::Keyring, b"").unwrap(),
            root.derive(Purpose::PrivateDb, b"").unwrap(),
            root.derive(Purpose::FactionDb, b"").unwrap(),
            root.derive(Purpose::CouncilDb, &[1; 16]).unwrap(),
            root.derive(Purpose::CouncilDb, &[2; 16]).unwrap(),
            root.derive(Purpose::SearchDb, &[1; 16]).unwrap(),
            root.derive(Purpose::SlotWrap, b"").unwrap(),
            root.derive(Purpose::PinWrap, b"").unwrap(),
            root.derive(Purpose::Marks, b"").unwrap(),
            root.derive_with(&root, Purpose::PinWrap).unwrap(),
        ];
        for (i, a) in keys.iter().enumerate() {
            for b in &keys[i + 1..] {
                assert_ne!(a.bytes(), b.bytes());
            }
        }
    }

    /// The vector stays for ever: another answer would lock every existing vault.
    #[test]
    fn derivation_is_frozen() {
        let key = SecretKey::from_bytes(&[7; 32])
            .derive(Purpose::PrivateDb, b"")
            .unwrap();
        let hex: String = key.bytes().iter().map(|b| format!("{b:02x}")).collect();
        assert_eq!(
            hex,
            "4cad193e33a31df2b1d9233e15392f43eb843193c5a3f4462ebc1f88e975f44a"
        );
    }

    /// The vector stays for ever, too. Source: RFC 5869 computed by another implementation over the joined keys.
    #[test]
    fn derivation_of_two_keys_is_frozen() {
        let (stretched, stored) = (
            SecretKey::from_bytes(&[7; 32]),
            SecretKey::from_bytes(&[8; 32]),
        );
        let key = stretched.derive_with(&stored, Purpose::PinWrap).unwrap();
        let hex: String = key.bytes().iter().map(|b| format!("{b:02x}")).collect();
        assert_eq!(
            hex,
            "deb734ecc25040bcea538528f61d1d1b907c8bf8366a2e832bb6e8f36ab2f150"
        );
        let swapped = stored.derive_with(&stretched, Purpose::PinWrap).unwrap();
        assert_ne!(key.bytes(), swapped.bytes());
    }

    // Shows: O.Source_5, O.Source_7, O.Plat_12
    /// Wiping itself cannot be observed from safe Rust; that the types do it can.
    #[test]
    fn keys_are_wiped_when_dropped() {
        fn is_wiped<T: ZeroizeOnDrop>() {}
        is_wiped::<SecretKey>();
        is_wiped::<Zeroizing<[u8; 32]>>();
    }

    #[test]
    fn debug_shows_nothing() {
        assert_eq!(
            format!("{:?}", SecretKey::from_bytes(&[7; 32])),
            "SecretKey(hidden)"
        );
    }
}

#[cfg(test)]
mod known_answers;
