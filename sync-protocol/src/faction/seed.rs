//! Epoch seeds: one secret for everything that is said between two changes of who may hear it.
//! Each seals the one before, so whoever holds the newest reads everything older, and nobody reads forwards.
//! Not here: how a seed comes to a device (`seed_box`). Source: SPEC F11, F12.

use minicbor::{Decode, Encode};
use zeroize::Zeroizing;

use super::pad::{pad, unpad};
use crate::cbor::to_cbor;
use crate::ids::{FactionId, Hash};
use crate::primitive::derive;
use crate::salted;
pub use crate::salted::SealError;
use crate::secret::secret_key;

const COMMITMENT_LABEL: &[u8] = b"ratsmappe/faction/commitment/1";
const PREVIOUS_LABEL: &[u8] = b"ratsmappe/faction/previous/1";
const NAME_LABEL: &[u8] = b"ratsmappe/faction/name/1";

secret_key!(
    /// The secret of one epoch. It encrypts nothing itself: every purpose has its own key by HKDF.
    EpochSeed
);

/// Counts the seeds of a space, from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(transparent)]
pub struct Epoch(#[n(0)] pub u32);

impl Epoch {
    /// The epoch that the genesis begins.
    pub const FIRST: Epoch = Epoch(1);

    /// The one after; `None` at the end of all numbers.
    pub fn next(self) -> Option<Epoch> {
        self.0.checked_add(1).map(Epoch)
    }
}

impl EpochSeed {
    /// What the roster says of a seed without telling it: a seed that came from anywhere is compared with this.
    pub fn commitment(&self) -> Hash {
        Hash::from_bytes(*derive::<32>(&[], self.expose(), &[COMMITMENT_LABEL]))
    }

    /// Seals content under this seed, padded.
    pub(super) fn seal_padded(
        &self,
        label: &[u8],
        aad: &[u8],
        plain: &[u8],
    ) -> Result<Vec<u8>, SealError> {
        let padded = Zeroizing::new(pad(plain).ok_or(SealError::TooLong)?);
        salted::seal(self.expose(), &[label], aad, &padded)
    }

    /// Opens what [`Self::seal_padded`] sealed; padding that is not exact does not open.
    pub(super) fn open_padded(
        &self,
        label: &[u8],
        aad: &[u8],
        sealed: &[u8],
    ) -> Result<Vec<u8>, SealError> {
        let padded = salted::open(self.expose(), &[label], aad, sealed)?;
        unpad(padded).ok_or(SealError::DoesNotOpen)
    }
}

/// A newtype over sealed bytes, a byte string in CBOR.
macro_rules! sealed_bytes {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
        #[cbor(transparent)]
        pub struct $name(#[cbor(n(0), with = "minicbor::bytes")] pub Vec<u8>);

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, "{}({} bytes)", stringify!($name), self.0.len())
            }
        }
    };
}
pub(crate) use sealed_bytes;

sealed_bytes!(
    /// The seed of the epoch before, sealed under the next one.
    SealedSeed
);
sealed_bytes!(
    /// A name of a space, person or device, sealed under the seed of the epoch it was given in.
    SealedName
);

#[derive(Encode)]
#[cbor(map)]
struct PreviousContext {
    #[n(0)]
    faction: FactionId,
    #[n(1)]
    epoch: Epoch,
}

/// Seals `previous`, the seed of `epoch`, under the seed of the next one.
///
/// Errors: no randomness. Source: SPEC F12.
pub fn seal_previous(
    next: &EpochSeed,
    faction: &FactionId,
    epoch: Epoch,
    previous: &EpochSeed,
) -> Result<SealedSeed, SealError> {
    let faction = *faction;
    let aad = to_cbor(&PreviousContext { faction, epoch });
    salted::seal(next.expose(), &[PREVIOUS_LABEL], &aad, previous.expose()).map(SealedSeed)
}

/// Opens the seed of `epoch` with the seed of the next one. The caller compares its commitment.
///
/// Errors: too short, unknown version, `DoesNotOpen`. Source: SPEC F12.
pub fn open_previous(
    next: &EpochSeed,
    faction: &FactionId,
    epoch: Epoch,
    sealed: &SealedSeed,
) -> Result<EpochSeed, SealError> {
    let faction = *faction;
    let aad = to_cbor(&PreviousContext { faction, epoch });
    let plain = Zeroizing::new(salted::open(
        next.expose(),
        &[PREVIOUS_LABEL],
        &aad,
        &sealed.0,
    )?);
    <[u8; 32]>::try_from(plain.as_slice())
        .map(EpochSeed::from_bytes)
        .map_err(|_| SealError::DoesNotOpen)
}

/// Whose name it is; bound into the seal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Named {
    /// The space itself.
    Faction,
    /// A person.
    User(crate::ids::UserId),
    /// A device.
    Device(crate::ids::FactionDeviceId),
}

impl Named {
    fn aad(self) -> Vec<u8> {
        match self {
            Named::Faction => vec![0],
            Named::User(user) => [&[1], user.as_bytes().as_slice()].concat(),
            Named::Device(device) => [&[2], device.as_bytes().as_slice()].concat(),
        }
    }
}

/// Seals a name of at most [`super::MAX_NAME_LEN`] bytes.
///
/// Errors: `TooLong`, no randomness. Source: SPEC F12.
pub fn seal_name(seed: &EpochSeed, named: Named, name: &str) -> Result<SealedName, SealError> {
    if name.len() > super::MAX_NAME_LEN {
        return Err(SealError::TooLong);
    }
    seed.seal_padded(NAME_LABEL, &named.aad(), name.as_bytes())
        .map(SealedName)
}

/// Opens a name; what is no text does not open.
///
/// Errors: too short, unknown version, `DoesNotOpen`. Source: SPEC F12.
pub fn open_name(seed: &EpochSeed, named: Named, sealed: &SealedName) -> Result<String, SealError> {
    let plain = seed.open_padded(NAME_LABEL, &named.aad(), &sealed.0)?;
    String::from_utf8(plain).map_err(|_| SealError::DoesNotOpen)
}
