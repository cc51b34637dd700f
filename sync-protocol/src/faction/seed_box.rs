//! Seed boxes: the seed of an epoch sealed to one device of the roster with HPKE, suite 1 as for key boxes.
//! Nobody signs a box: the roster's commitment says which seed is the right one. Source: SPEC F13.

use minicbor::{Decode, Encode};

use super::roster::Roster;
use super::seed::{Epoch, EpochSeed};
use crate::cbor::to_cbor;
use crate::ids::{FactionDeviceId, FactionId, Hash};
use crate::key_box::{DeviceBoxKey, KeyBoxError, open_with, seal_to};

const INFO: &[u8] = b"ratsmappe/faction/seed-box/1";

/// A sealed seed with its place.
#[derive(Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct SeedBox {
    /// For whom.
    #[n(0)]
    pub device: FactionDeviceId,
    /// Which seed.
    #[n(1)]
    pub epoch: Epoch,
    /// Head of the roster in which its maker saw the device.
    #[n(2)]
    pub head: Hash,
    /// `suite 1 ‖ encapsulated key 1120 ‖ sealed seed 48`.
    #[cbor(n(3), with = "minicbor::bytes")]
    pub bytes: Vec<u8>,
}

impl std::fmt::Debug for SeedBox {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SeedBox({:?}, {:?})", self.device, self.epoch)
    }
}

#[derive(Encode)]
#[cbor(map)]
struct SeedBoxContext {
    #[n(0)]
    faction: FactionId,
    #[n(1)]
    epoch: Epoch,
    #[n(2)]
    device: FactionDeviceId,
    #[n(3)]
    head: Hash,
}

/// Why a seed box was not made or opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SeedBoxError {
    /// The roster does not hold this device any more, or never did.
    #[error("the device does not belong to the roster")]
    NotInRoster,
    /// Made for another device than this one.
    #[error("the seed box belongs to another device")]
    ForeignDevice,
    /// The roster knows no such epoch, or the box names a head that is not in it.
    #[error("the roster knows no such epoch or head")]
    UnknownEpoch,
    /// The seed is not the one that the roster has committed to.
    #[error("the seed is not the one the roster names")]
    WrongSeed,
    /// The box itself.
    #[error(transparent)]
    Box(#[from] KeyBoxError),
}

/// Boxes of the newest seed for every device that the verified roster holds, `except` the own one.
///
/// Errors: `WrongSeed` if `seed` is not the newest one, [`KeyBoxError`]. Source: SPEC F13.
pub fn make_seed_boxes(
    roster: &Roster,
    seed: &EpochSeed,
    except: Option<FactionDeviceId>,
) -> Result<Vec<SeedBox>, SeedBoxError> {
    let devices: Vec<_> = roster
        .present_devices()
        .map(|device| device.record.claim.device)
        .filter(|device| Some(*device) != except)
        .collect();
    devices
        .into_iter()
        .map(|device| make_seed_box(roster, seed, device))
        .collect()
}

/// The box of the newest seed for one device of the verified roster.
///
/// Errors: `NotInRoster`, `WrongSeed`, [`KeyBoxError`]. Source: SPEC F13.
pub fn make_seed_box(
    roster: &Roster,
    seed: &EpochSeed,
    device: FactionDeviceId,
) -> Result<SeedBox, SeedBoxError> {
    let newest = roster.epoch();
    if roster.commitment(newest) != Some(seed.commitment()) {
        return Err(SeedBoxError::WrongSeed);
    }
    let held = roster
        .device(&device)
        .filter(|held| held.removal.is_none())
        .ok_or(SeedBoxError::NotInRoster)?;
    let context = SeedBoxContext {
        faction: roster.faction(),
        epoch: newest,
        device,
        head: roster.head().hash,
    };
    Ok(SeedBox {
        device,
        epoch: newest,
        head: context.head,
        bytes: seal_to(
            &held.record.claim.boxes,
            INFO,
            &to_cbor(&context),
            seed.expose(),
        )?,
    })
}

/// Opens a box made for this device, and compares the seed with the roster's commitment.
///
/// Errors: `ForeignDevice`, `UnknownEpoch`, `WrongSeed`, [`KeyBoxError`]. Source: SPEC F13.
pub fn open_seed_box(
    roster: &Roster,
    key: &DeviceBoxKey,
    device: FactionDeviceId,
    seed_box: &SeedBox,
) -> Result<EpochSeed, SeedBoxError> {
    if seed_box.device != device {
        return Err(SeedBoxError::ForeignDevice);
    }
    let commitment = roster
        .commitment(seed_box.epoch)
        .filter(|_| roster.seq_of(&seed_box.head).is_some())
        .ok_or(SeedBoxError::UnknownEpoch)?;
    let context = SeedBoxContext {
        faction: roster.faction(),
        epoch: seed_box.epoch,
        device,
        head: seed_box.head,
    };
    let bytes = open_with(key, INFO, &to_cbor(&context), &seed_box.bytes)?;
    let seed = EpochSeed::from_bytes(*bytes);
    if seed.commitment() == commitment {
        Ok(seed)
    } else {
        Err(SeedBoxError::WrongSeed)
    }
}
