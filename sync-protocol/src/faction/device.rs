//! A device in a faction: its key pairs, separate from those for the council, and the record by which the roster knows it.
//! Not here: whether the roster holds it. Source: SPEC F2, F3.

use minicbor::{Decode, Encode};

use super::seed::SealedName;
use super::weak_keys::{is_weak_box_key, is_weak_signing_key};
use crate::cbor::to_cbor;
use crate::ids::{FactionDeviceId, FactionId, Hash, UserId, to_hex};
use crate::key_box::{DeviceBoxKey, DeviceBoxPublic, KeyBoxError};
use crate::primitive::{RandomUnavailable, sha256};
use crate::sign::{Domain, PublicKey, SignError, Signature, SigningKey};

const FINGERPRINT_DOMAIN: &[u8] = b"ratsmappe/faction/fingerprint/1\0";

/// The private halves of one device in one faction. One key, one purpose: neither signs requests nor opens key boxes.
#[derive(Debug, Clone)]
pub struct FactionKeys {
    /// The device's id in this faction.
    pub device: FactionDeviceId,
    /// Signs links, envelopes and snapshots.
    pub sign: SigningKey,
    /// Opens seed boxes.
    pub boxes: DeviceBoxKey,
}

impl FactionKeys {
    /// Makes the keys of a device that founds or joins a faction.
    ///
    /// Errors: no randomness.
    pub fn make() -> Result<Self, RandomUnavailable> {
        Ok(Self {
            device: FactionDeviceId::make()?,
            sign: SigningKey::make()?,
            boxes: DeviceBoxKey::make()?,
        })
    }

    /// The public halves, with this device's word that they are its own and whose device it is.
    ///
    /// `faction`: `None` for the genesis alone. Errors: the keys are not usable.
    pub fn claim(
        &self,
        faction: Option<FactionId>,
        user: UserId,
        kind: DeviceKind,
    ) -> Result<DeviceClaim, DeviceKeyError> {
        let statement = Statement {
            faction,
            user,
            device: self.device,
            sign: self.sign.public()?,
            boxes: self.boxes.public()?,
            kind,
        };
        let proof = self
            .sign
            .sign(Domain::FactionDevice, &to_cbor(&statement))?;
        Ok(DeviceClaim {
            device: statement.device,
            sign: statement.sign,
            boxes: statement.boxes,
            kind,
            proof,
        })
    }
}

/// What a device is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Encode, Decode)]
#[cbor(index_only)]
pub enum DeviceKind {
    /// Something that its owner reads and writes with.
    #[n(0)]
    Tablet,
    /// A printed key: it lets a new device in, and says nothing.
    #[n(1)]
    Paper,
}

/// The public half of a device.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct DeviceClaim {
    /// Its id.
    #[n(0)]
    pub device: FactionDeviceId,
    /// Checks its signatures.
    #[n(1)]
    pub sign: PublicKey,
    /// Seed boxes are made for it.
    #[n(2)]
    pub boxes: DeviceBoxPublic,
    /// Tablet or paper.
    #[n(3)]
    pub kind: DeviceKind,
    /// The device's signature over all of this, the faction and its user.
    #[n(4)]
    pub proof: Signature,
}

/// A device as a link brings it into the roster.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct DeviceRecord {
    /// Keys and proof.
    #[n(0)]
    pub claim: DeviceClaim,
    /// What its owner calls it.
    #[n(1)]
    pub name: SealedName,
}

#[derive(Encode)]
#[cbor(map)]
struct Statement {
    #[n(0)]
    faction: Option<FactionId>,
    #[n(1)]
    user: UserId,
    #[n(2)]
    device: FactionDeviceId,
    #[n(3)]
    sign: PublicKey,
    #[n(4)]
    boxes: DeviceBoxPublic,
    #[n(5)]
    kind: DeviceKind,
}

/// Why the keys of a device are refused.
#[derive(Debug, thiserror::Error)]
pub enum DeviceKeyError {
    /// The signing key is a point of small order: anybody could sign for it.
    #[error("the device's signing key is weak")]
    WeakSigningKey,
    /// The X25519 half of the box key is a point of small order: anybody could open its boxes' half.
    #[error("the device's box key is weak")]
    WeakBoxKey,
    /// The box key is no key.
    #[error("the device's box key is not valid")]
    BoxKey(#[from] KeyBoxError),
    /// The device has not said that these are its keys, in this faction, for this user.
    #[error("the device has not signed its keys")]
    Proof(#[from] SignError),
}

impl DeviceClaim {
    /// Checks the keys, and that the device itself has said whose they are.
    ///
    /// Errors: see [`DeviceKeyError`]. Source: SPEC F2, F3.
    pub fn check(&self, faction: Option<FactionId>, user: UserId) -> Result<(), DeviceKeyError> {
        if is_weak_signing_key(self.sign.as_bytes()) {
            return Err(DeviceKeyError::WeakSigningKey);
        }
        self.boxes.check()?;
        if is_weak_box_key(&self.boxes.0) {
            return Err(DeviceKeyError::WeakBoxKey);
        }
        let statement = Statement {
            faction,
            user,
            device: self.device,
            sign: self.sign,
            boxes: self.boxes.clone(),
            kind: self.kind,
        };
        self.sign
            .verify(Domain::FactionDevice, &to_cbor(&statement), &self.proof)?;
        Ok(())
    }

    /// What two people compare to know that they mean the same keys.
    pub fn fingerprint(&self) -> Fingerprint {
        Fingerprint::of(&self.sign, &self.boxes)
    }
}

/// SHA-256 over both public keys of a device.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(transparent)]
pub struct Fingerprint(#[n(0)] pub Hash);

impl Fingerprint {
    /// Of two public keys.
    pub fn of(sign: &PublicKey, boxes: &DeviceBoxPublic) -> Self {
        Self(Hash::from_bytes(sha256(&[
            FINGERPRINT_DOMAIN,
            sign.as_bytes(),
            &boxes.0,
        ])))
    }

    /// Eight groups of four hex digits: the first 128 bits, to be read aloud and compared.
    pub fn to_display(&self) -> String {
        let digits = to_hex(self.0.as_bytes());
        let mut shown = String::with_capacity(39);
        for (at, digit) in digits.chars().take(32).enumerate() {
            if at > 0 && at % 4 == 0 {
                shown.push(' ');
            }
            shown.push(digit);
        }
        shown
    }
}
