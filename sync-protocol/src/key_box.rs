//! Key boxes: a class key sealed to one device with HPKE, suite 1 = X-Wing (ML-KEM-768 + X25519), HKDF-SHA256, ChaCha20-Poly1305.
//! One suite, no negotiation. Source: SPEC K1–K4, RFC 9180, draft-ietf-hpke-pq.

use hpke::aead::ChaCha20Poly1305;
use hpke::kdf::HkdfSha256;
use hpke::kem::XWing;
use hpke::rand_core::{Infallible, TryCryptoRng, TryRng};
use hpke::{Deserializable, Kem, OpModeR, OpModeS, Serializable};
use minicbor::{Decode, Encode};
use zeroize::Zeroizing;

use crate::cbor::to_cbor;
use crate::class_key::{ClassKey, KeyEpoch};
use crate::ids::{AudienceId, CouncilId, DeviceId};
use crate::primitive::{RandomUnavailable, make_random};
use crate::secret::secret_key;

/// Length of a device's public box key in bytes.
pub const PUBLIC_LEN: usize = 1216;
/// Length of a key box in bytes: suite, encapsulated key, sealed class key.
pub const KEY_BOX_LEN: usize = 1 + ENCAPPED_LEN + 32 + 16;

const SUITE: u8 = 1;
const ENCAPPED_LEN: usize = 1120;
const INFO: &[u8] = b"ratsmappe/key-box/1";

/// Why a key box was not made or opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyBoxError {
    /// The public key is not a valid one.
    #[error("the device's public box key is not valid")]
    BadPublicKey,
    /// A suite that this program does not know.
    #[error("key box suite {0} is unknown")]
    UnknownSuite(u8),
    /// Another length than a key box has.
    #[error("the key box has a wrong length")]
    WrongLength,
    /// Made for another device, place or epoch, or changed.
    #[error("the key box does not open")]
    DoesNotOpen,
    /// Sealing failed.
    #[error("the key box could not be made")]
    NotMade,
    /// No randomness.
    #[error(transparent)]
    Random(#[from] RandomUnavailable),
}

/// For whom and what a box is made; bound into the seal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct KeyBoxContext {
    /// The council.
    #[n(0)]
    pub council: CouncilId,
    /// The device.
    #[n(1)]
    pub device: DeviceId,
    /// The audience.
    #[n(2)]
    pub audience: AudienceId,
    /// Epoch of the class key.
    #[n(3)]
    pub epoch: KeyEpoch,
}

secret_key!(
    /// A device's private box key: the 32-byte X-Wing seed.
    DeviceBoxKey
);

impl DeviceBoxKey {
    fn private(&self) -> Result<<XWing as Kem>::PrivateKey, KeyBoxError> {
        <XWing as Kem>::PrivateKey::from_bytes(self.expose()).map_err(|_| KeyBoxError::DoesNotOpen)
    }

    /// The public half.
    ///
    /// Errors: `DoesNotOpen` if the library refuses the seed; does not happen with 32 bytes.
    pub fn public(&self) -> Result<DeviceBoxPublic, KeyBoxError> {
        Ok(DeviceBoxPublic(
            XWing::sk_to_pk(&self.private()?).to_bytes().to_vec(),
        ))
    }
}

/// A device's public box key, 1216 bytes.
#[derive(Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(transparent)]
pub struct DeviceBoxPublic(#[cbor(n(0), with = "minicbor::bytes")] pub Vec<u8>);

impl DeviceBoxPublic {
    /// Refuses what is not a valid X-Wing public key; the server calls it at pairing.
    ///
    /// Errors: `BadPublicKey`.
    pub fn check(&self) -> Result<(), KeyBoxError> {
        self.key().map(|_| ())
    }

    fn key(&self) -> Result<<XWing as Kem>::PublicKey, KeyBoxError> {
        if self.0.len() != PUBLIC_LEN {
            return Err(KeyBoxError::BadPublicKey);
        }
        <XWing as Kem>::PublicKey::from_bytes(&self.0).map_err(|_| KeyBoxError::BadPublicKey)
    }
}

impl std::fmt::Debug for DeviceBoxPublic {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "DeviceBoxPublic({} bytes)", self.0.len())
    }
}

/// A sealed class key with its place.
#[derive(Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct KeyBox {
    /// The audience.
    #[n(0)]
    pub audience: AudienceId,
    /// Epoch of the class key.
    #[n(1)]
    pub epoch: KeyEpoch,
    /// `suite 1 ‖ encapsulated key 1120 ‖ sealed class key 48`.
    #[cbor(n(2), with = "minicbor::bytes")]
    pub bytes: Vec<u8>,
}

impl std::fmt::Debug for KeyBox {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "KeyBox({:?}, {:?})", self.audience, self.epoch)
    }
}

/// The answer of `GET /v1/keys`.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct KeyBoxes {
    /// Boxes for the asking device.
    #[n(0)]
    pub boxes: Vec<KeyBox>,
}

/// Random bytes drawn before the library asks, so that missing randomness is an error and not a panic.
struct Drawn {
    pool: Zeroizing<[u8; Drawn::LEN]>,
    used: usize,
}

impl Drawn {
    /// X-Wing takes 64 bytes for one encapsulation.
    const LEN: usize = 128;

    fn make() -> Result<Self, RandomUnavailable> {
        Ok(Self {
            pool: Zeroizing::new(make_random()?),
            used: 0,
        })
    }

    fn take(&mut self) -> u8 {
        let byte = self.pool.get(self.used).copied().unwrap_or(0);
        self.used += 1;
        byte
    }

    /// Whether more was taken than drawn; such a box is never given out.
    fn is_overdrawn(&self) -> bool {
        self.used > Self::LEN
    }
}

impl TryRng for Drawn {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok(u32::from_le_bytes(std::array::from_fn(|_| self.take())))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(u64::from_le_bytes(std::array::from_fn(|_| self.take())))
    }

    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), Infallible> {
        out.iter_mut().for_each(|byte| *byte = self.take());
        Ok(())
    }
}

impl TryCryptoRng for Drawn {}

// Meets: O.Cryp_2, O.Cryp_3, MASVS-CRYPTO-1
/// Seals 32 secret bytes to a device: `suite 1 ‖ encapsulated key 1120 ‖ sealed 48`.
///
/// `info`: what boxes of this kind are for; `aad`: where this one belongs. Errors: `BadPublicKey`, no randomness. Source: SPEC K1.
pub(crate) fn seal_to(
    public: &DeviceBoxPublic,
    info: &[u8],
    aad: &[u8],
    secret: &[u8; 32],
) -> Result<Vec<u8>, KeyBoxError> {
    let mut random = Drawn::make()?;
    let (encapped, sealed) =
        hpke::single_shot_seal_with_rng::<ChaCha20Poly1305, HkdfSha256, XWing>(
            &OpModeS::Base,
            &public.key()?,
            info,
            secret,
            aad,
            &mut random,
        )
        .map_err(|_| KeyBoxError::NotMade)?;
    if random.is_overdrawn() {
        return Err(KeyBoxError::NotMade);
    }
    let mut bytes = Vec::with_capacity(KEY_BOX_LEN);
    bytes.push(SUITE);
    bytes.extend_from_slice(&encapped.to_bytes());
    bytes.extend_from_slice(&sealed);
    Ok(bytes)
}

/// Opens what [`seal_to`] made for this key with the same `info` and `aad`.
///
/// Errors: `UnknownSuite`, `WrongLength`, `DoesNotOpen`. Source: SPEC K1, K3, K4.
pub(crate) fn open_with(
    key: &DeviceBoxKey,
    info: &[u8],
    aad: &[u8],
    bytes: &[u8],
) -> Result<Zeroizing<[u8; 32]>, KeyBoxError> {
    let (suite, rest) = bytes.split_first().ok_or(KeyBoxError::WrongLength)?;
    if *suite != SUITE {
        return Err(KeyBoxError::UnknownSuite(*suite));
    }
    if bytes.len() != KEY_BOX_LEN {
        return Err(KeyBoxError::WrongLength);
    }
    let (encapped, sealed) = rest
        .split_at_checked(ENCAPPED_LEN)
        .ok_or(KeyBoxError::WrongLength)?;
    let encapped =
        <XWing as Kem>::EncappedKey::from_bytes(encapped).map_err(|_| KeyBoxError::WrongLength)?;
    let plain = Zeroizing::new(
        hpke::single_shot_open::<ChaCha20Poly1305, HkdfSha256, XWing>(
            &OpModeR::Base,
            &key.private()?,
            &encapped,
            info,
            sealed,
            aad,
        )
        .map_err(|_| KeyBoxError::DoesNotOpen)?,
    );
    <[u8; 32]>::try_from(plain.as_slice())
        .map(Zeroizing::new)
        .map_err(|_| KeyBoxError::DoesNotOpen)
}

/// Seals a class key to a device.
///
/// Errors: `BadPublicKey`, no randomness. Source: SPEC K1, K2.
pub fn make_key_box(
    public: &DeviceBoxPublic,
    context: &KeyBoxContext,
    class_key: &ClassKey,
) -> Result<KeyBox, KeyBoxError> {
    Ok(KeyBox {
        audience: context.audience,
        epoch: context.epoch,
        bytes: seal_to(public, INFO, &to_cbor(context), class_key.expose())?,
    })
}

/// Opens a box that was made for this device.
///
/// `council`, `device`: the own ones; audience and epoch come from the box and are authenticated.
/// Errors: `UnknownSuite`, `WrongLength`, `DoesNotOpen`. Source: SPEC K2–K4.
pub fn open_key_box(
    key: &DeviceBoxKey,
    council: &CouncilId,
    device: &DeviceId,
    key_box: &KeyBox,
) -> Result<ClassKey, KeyBoxError> {
    let context = KeyBoxContext {
        council: *council,
        device: *device,
        audience: key_box.audience,
        epoch: key_box.epoch,
    };
    let bytes = open_with(key, INFO, &to_cbor(&context), &key_box.bytes)?;
    Ok(ClassKey::from_bytes(*bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_library_gets_every_drawn_byte_once() {
        let mut random = Drawn::make().unwrap();
        let pool = random.pool.clone();
        let mut taken = [0u8; Drawn::LEN - 12];
        let Ok(()) = random.try_fill_bytes(&mut taken);
        let Ok(word) = random.try_next_u32();
        let Ok(long) = random.try_next_u64();
        let all: Vec<u8> = taken
            .into_iter()
            .chain(word.to_le_bytes())
            .chain(long.to_le_bytes())
            .collect();
        assert_eq!(all, pool.as_slice(), "in order, none twice");
        assert!(!random.is_overdrawn());
        let Ok(_) = random.try_next_u32();
        assert!(
            random.is_overdrawn(),
            "what comes after is not random and must show"
        );
    }
}

#[cfg(test)]
mod known_answers;
