//! The roster: the verified state of a space, and what it tells. Not here: how a link is checked and applied (`follow`).

use std::collections::{BTreeMap, BTreeSet};

use super::device::DeviceRecord;
use super::link::{Cut, Role};
pub use super::roster_error::RosterError;
use super::seed::{Epoch, SealedName, SealedSeed};
use crate::ids::{FactionDeviceId, FactionId, Hash, UserId};

/// Place and hash of the last link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RosterHead {
    /// Place, from 1.
    pub seq: u64,
    /// Hash.
    pub hash: Hash,
}

/// A person of the roster, present or gone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// Her id.
    pub user: UserId,
    /// Her role, the last one if she is gone.
    pub role: Role,
    /// Her name, sealed under the seed of `name_epoch`.
    pub name: SealedName,
    /// Which seed opens the name.
    pub name_epoch: Epoch,
    /// Link that brought her in.
    pub added_at: u64,
    /// Link that took her out.
    pub removed_at: Option<u64>,
}

/// How a device went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Removal {
    /// Link that took it out.
    pub seq: u64,
    /// Up to where its envelopes count.
    pub cut: Cut,
}

/// A device of the roster, present or gone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Device {
    /// Keys and name.
    pub record: DeviceRecord,
    /// Whose.
    pub user: UserId,
    /// Which seed opens the name.
    pub name_epoch: Epoch,
    /// Link that brought it in.
    pub added_at: u64,
    /// Whether and how it went.
    pub removal: Option<Removal>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct EpochMark {
    pub(super) commitment: Hash,
    /// The seed before, sealed under this one; `None` for the first.
    pub(super) previous: Option<SealedSeed>,
}

/// What held after a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HeadState {
    /// Place of the link.
    pub seq: u64,
    /// The epoch that counted.
    pub epoch: Epoch,
    /// Somebody had gone and no new epoch had begun: nothing may be sealed.
    pub is_rotation_due: bool,
    /// The space had ended.
    pub is_dissolved: bool,
}

/// The verified state of a space after its last known link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Roster {
    pub(super) faction: FactionId,
    pub(super) name: SealedName,
    pub(super) head: RosterHead,
    pub(super) users: BTreeMap<UserId, User>,
    pub(super) devices: BTreeMap<FactionDeviceId, Device>,
    /// Every signing key ever seen: none comes twice.
    pub(super) keys: BTreeSet<[u8; 32]>,
    pub(super) epochs: Vec<EpochMark>,
    pub(super) heads: BTreeMap<Hash, HeadState>,
    pub(super) is_rotation_due: bool,
    pub(super) is_dissolved: bool,
}

impl Roster {
    /// The space.
    pub fn faction(&self) -> FactionId {
        self.faction
    }

    /// Name of the space, sealed under the first seed.
    pub fn name(&self) -> &SealedName {
        &self.name
    }

    /// The last link.
    pub fn head(&self) -> RosterHead {
        self.head
    }

    /// The newest epoch.
    pub fn epoch(&self) -> Epoch {
        Epoch(u32::try_from(self.epochs.len()).unwrap_or(u32::MAX))
    }

    fn mark(&self, epoch: Epoch) -> Option<&EpochMark> {
        let place = usize::try_from(epoch.0).ok()?.checked_sub(1)?;
        self.epochs.get(place)
    }

    /// What the roster says of the seed of an epoch.
    pub fn commitment(&self, epoch: Epoch) -> Option<Hash> {
        self.mark(epoch).map(|mark| mark.commitment)
    }

    /// The seed before `epoch`, sealed under that of `epoch`.
    pub fn previous(&self, epoch: Epoch) -> Option<&SealedSeed> {
        self.mark(epoch)?.previous.as_ref()
    }

    /// Whether somebody has gone and nothing may be sealed until a new epoch begins.
    pub fn is_rotation_due(&self) -> bool {
        self.is_rotation_due
    }

    /// Whether the space has ended.
    pub fn is_dissolved(&self) -> bool {
        self.is_dissolved
    }

    /// Everybody, present and gone.
    pub fn users(&self) -> impl Iterator<Item = &User> {
        self.users.values()
    }

    /// Everybody who is there.
    pub fn present_users(&self) -> impl Iterator<Item = &User> {
        self.users.values().filter(|user| user.removed_at.is_none())
    }

    /// One person, present or gone.
    pub fn user(&self, user: &UserId) -> Option<&User> {
        self.users.get(user)
    }

    pub(super) fn present_user(&self, user: &UserId) -> Option<&User> {
        self.user(user).filter(|user| user.removed_at.is_none())
    }

    /// All devices and paper keys, present and gone, ascending by id.
    pub fn devices(&self) -> impl Iterator<Item = &Device> {
        self.devices.values()
    }

    /// All devices and paper keys that are there, ascending by id.
    pub fn present_devices(&self) -> impl Iterator<Item = &Device> {
        self.devices
            .values()
            .filter(|device| device.removal.is_none())
    }

    /// One device, present or gone.
    pub fn device(&self, device: &FactionDeviceId) -> Option<&Device> {
        self.devices.get(device)
    }

    pub(super) fn present_device(&self, device: &FactionDeviceId) -> Option<&Device> {
        self.device(device)
            .filter(|device| device.removal.is_none())
    }

    /// What held after the link with this hash; `None` if the roster has no such link.
    pub fn state_at(&self, head: &Hash) -> Option<HeadState> {
        self.heads.get(head).copied()
    }

    /// Place of the link with this hash.
    pub fn seq_of(&self, head: &Hash) -> Option<u64> {
        self.state_at(head).map(|state| state.seq)
    }
}
