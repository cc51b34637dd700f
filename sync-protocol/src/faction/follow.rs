//! Following a roster: from its genesis link by link. A link is checked as a whole before anything changes.
//! Not here: what the state tells (`roster`), the forms of links (`link`), who may do what (`permit`). Source: SPEC F6–F10.

use std::collections::{BTreeMap, BTreeSet};

use super::device::{DeviceKind, DeviceRecord};
use super::link::{Change, Cut, Genesis, Link, Role, SUITE, SignedLink};
use super::permit::{Denied, Signer, Situation, permit};
use super::roster::{Device, EpochMark, HeadState, Removal, Roster, RosterHead, User};
use super::roster_error::RosterError;
use super::seed::Epoch;
use super::{MAX_DEVICES, MAX_USERS};
use crate::ids::{FactionDeviceId, FactionId, Hash, UserId};

impl Roster {
    /// Begins with a genesis.
    ///
    /// `expected`: the space that is meant, from an invitation or from before. Errors: see [`RosterError`]. Source: SPEC F1, F5.
    pub fn begin(genesis: &SignedLink, expected: Option<&FactionId>) -> Result<Self, RosterError> {
        let link = genesis.read()?;
        let hash = genesis.hash()?;
        let faction = FactionId::from_bytes(*hash.as_bytes());
        if expected.is_some_and(|expected| *expected != faction) {
            return Err(RosterError::ForeignFaction);
        }
        let Change::Genesis(begun) = link.change else {
            return Err(RosterError::NoGenesis);
        };
        if link.faction.is_some() || link.seq != 1 || link.prev != Hash::ZERO {
            return Err(RosterError::NoGenesis);
        }
        if begun.suite != SUITE {
            return Err(RosterError::UnknownSuite(begun.suite));
        }
        let claim = &begun.device.claim;
        if claim.device != link.author || claim.kind != DeviceKind::Tablet {
            return Err(RosterError::UnknownSigner);
        }
        claim.check(None, begun.user)?;
        genesis.check_signature(&claim.sign)?;
        Ok(Self::founded(faction, hash, *begun))
    }

    fn founded(faction: FactionId, hash: Hash, begun: Genesis) -> Self {
        let user = User {
            user: begun.user,
            role: Role::Admin,
            name: begun.user_name,
            name_epoch: Epoch::FIRST,
            added_at: 1,
            removed_at: None,
        };
        let mut roster = Self {
            faction,
            name: begun.name,
            head: RosterHead { seq: 1, hash },
            users: BTreeMap::from([(begun.user, user)]),
            devices: BTreeMap::new(),
            keys: BTreeSet::new(),
            epochs: vec![EpochMark {
                commitment: begun.commitment,
                previous: None,
            }],
            heads: BTreeMap::new(),
            is_rotation_due: false,
            is_dissolved: false,
        };
        roster.insert_device(begun.user, begun.device, 1);
        roster.remember_head();
        roster
    }

    /// Verifies a whole roster from its genesis.
    ///
    /// Errors: see [`RosterError`]. Source: SPEC F6–F10.
    pub fn verify(links: &[SignedLink], expected: Option<&FactionId>) -> Result<Self, RosterError> {
        let (genesis, rest) = links.split_first().ok_or(RosterError::Empty)?;
        let mut roster = Self::begin(genesis, expected)?;
        for link in rest {
            roster.append(link)?;
        }
        Ok(roster)
    }

    /// Takes the next link; on an error nothing has changed.
    ///
    /// Errors: see [`RosterError`]. Source: SPEC F6–F10.
    pub fn append(&mut self, signed: &SignedLink) -> Result<(), RosterError> {
        let link = signed.read()?;
        let hash = signed.hash()?;
        self.check_place(&link)?;
        let signer = self.check_signer(&link, signed)?;
        self.check_change(&link.change, &signer)?;
        self.apply(link.change, link.seq);
        self.head = RosterHead {
            seq: link.seq,
            hash,
        };
        self.remember_head();
        Ok(())
    }

    fn check_place(&self, link: &Link) -> Result<(), RosterError> {
        if matches!(link.change, Change::Genesis(_)) {
            return Err(RosterError::NoGenesis);
        }
        if link.faction != Some(self.faction) {
            return Err(RosterError::ForeignFaction);
        }
        let expected = self.head.seq.saturating_add(1);
        if link.seq != expected {
            let found = link.seq;
            return Err(RosterError::Gap { expected, found });
        }
        if link.prev != self.head.hash {
            return Err(RosterError::Fork);
        }
        if self.is_dissolved {
            return Err(RosterError::Dissolved);
        }
        Ok(())
    }

    fn check_signer(&self, link: &Link, signed: &SignedLink) -> Result<Signer, RosterError> {
        let device = self
            .devices
            .get(&link.author)
            .ok_or(RosterError::UnknownSigner)?;
        signed.check_signature(&device.record.claim.sign)?;
        if device.removal.is_some() {
            return Err(RosterError::RemovedSigner);
        }
        let user = self
            .users
            .get(&device.user)
            .ok_or(RosterError::UnknownSigner)?;
        Ok(Signer {
            user: user.user,
            role: user.role,
            kind: device.record.claim.kind,
        })
    }

    fn check_change(&self, change: &Change, signer: &Signer) -> Result<(), RosterError> {
        let owner_of_removed = match change {
            Change::RemoveDevice(cut) => self.present_device(&cut.device).map(|held| held.user),
            _ => None,
        };
        let situation = Situation {
            owner_of_removed,
            is_rotation_due: self.is_rotation_due,
        };
        permit(signer, change, &situation).map_err(|denied| match denied {
            Denied::Role => RosterError::InsufficientRole,
            Denied::Paper => RosterError::PaperKey,
        })?;
        match change {
            Change::Genesis(_) => Err(RosterError::NoGenesis),
            Change::AddUser(add) => {
                if self.users.contains_key(&add.user) {
                    return Err(RosterError::WrongUser);
                }
                if self.present_users().count() >= MAX_USERS {
                    return Err(RosterError::Full);
                }
                if add.device.claim.kind != DeviceKind::Tablet {
                    return Err(RosterError::WrongDevice);
                }
                self.check_new_device(&add.device, add.user)
            }
            Change::AddDevice(add) => self.check_new_device(&add.device, add.user),
            Change::RemoveDevice(cut) => {
                check_cut(cut)?;
                let held = self.present_device(&cut.device);
                let owner = held.ok_or(RosterError::WrongDevice)?.user;
                self.check_admin_left(|user, device| user != owner || device != Some(cut.device))
            }
            Change::RemoveUser(remove) | Change::Leave(remove) => {
                self.present_user(&remove.user)
                    .ok_or(RosterError::WrongUser)?;
                remove.cuts.iter().try_for_each(check_cut)?;
                let going = self
                    .present_devices()
                    .filter(|device| device.user == remove.user)
                    .map(|device| device.record.claim.device);
                if !going.eq(remove.cuts.iter().map(|cut| cut.device)) {
                    return Err(RosterError::WrongCut);
                }
                self.check_admin_left(|user, _| user != remove.user)
            }
            Change::SetRole(set) => {
                self.present_user(&set.user).ok_or(RosterError::WrongUser)?;
                self.check_admin_left(|user, _| set.role == Role::Admin || user != set.user)
            }
            Change::Rotate(rotate) => {
                if self.epoch().next() == Some(rotate.epoch) {
                    Ok(())
                } else {
                    Err(RosterError::WrongEpoch)
                }
            }
            Change::Dissolve => Ok(()),
        }
    }

    fn check_new_device(&self, device: &DeviceRecord, user: UserId) -> Result<(), RosterError> {
        // Her box would hold a seed that those who went hold too, and nothing may be said under it.
        if self.is_rotation_due {
            return Err(RosterError::RotationDue);
        }
        if self.devices.len() >= MAX_DEVICES {
            return Err(RosterError::Full);
        }
        let claim = &device.claim;
        if self.devices.contains_key(&claim.device) || self.keys.contains(claim.sign.as_bytes()) {
            return Err(RosterError::WrongDevice);
        }
        Ok(claim.check(Some(self.faction), user)?)
    }

    /// Whether an admin with a device stays, among those whom `stays` says yes to.
    fn check_admin_left(
        &self,
        stays: impl Fn(UserId, Option<FactionDeviceId>) -> bool,
    ) -> Result<(), RosterError> {
        let is_left = self.present_devices().any(|device| {
            self.present_user(&device.user)
                .is_some_and(|user| user.role == Role::Admin)
                && stays(device.user, Some(device.record.claim.device))
        });
        if is_left {
            Ok(())
        } else {
            Err(RosterError::LastAdmin)
        }
    }

    /// Infallible: everything was checked.
    fn apply(&mut self, change: Change, seq: u64) {
        match change {
            Change::Genesis(_) => {}
            Change::AddUser(add) => {
                let add = *add;
                let user = User {
                    user: add.user,
                    role: add.role,
                    name: add.name,
                    name_epoch: self.epoch(),
                    added_at: seq,
                    removed_at: None,
                };
                self.users.insert(add.user, user);
                self.insert_device(add.user, add.device, seq);
            }
            Change::AddDevice(add) => self.insert_device(add.user, add.device, seq),
            Change::RemoveDevice(cut) => self.remove_device(cut, seq),
            Change::RemoveUser(remove) | Change::Leave(remove) => {
                if let Some(user) = self.users.get_mut(&remove.user) {
                    user.removed_at = Some(seq);
                }
                for cut in remove.cuts {
                    self.remove_device(cut, seq);
                }
            }
            Change::SetRole(set) => {
                if let Some(user) = self.users.get_mut(&set.user) {
                    user.role = set.role;
                }
            }
            Change::Rotate(rotate) => {
                self.epochs.push(EpochMark {
                    commitment: rotate.commitment,
                    previous: Some(rotate.previous),
                });
                self.is_rotation_due = false;
            }
            Change::Dissolve => self.is_dissolved = true,
        }
    }

    fn insert_device(&mut self, user: UserId, record: DeviceRecord, seq: u64) {
        self.keys.insert(*record.claim.sign.as_bytes());
        let device = Device {
            user,
            name_epoch: self.epoch(),
            added_at: seq,
            removal: None,
            record,
        };
        self.devices.insert(device.record.claim.device, device);
    }

    fn remove_device(&mut self, cut: Cut, seq: u64) {
        if let Some(device) = self.devices.get_mut(&cut.device) {
            device.removal = Some(Removal { seq, cut });
            self.is_rotation_due = true;
        }
    }

    fn remember_head(&mut self) {
        let state = HeadState {
            seq: self.head.seq,
            epoch: self.epoch(),
            is_rotation_due: self.is_rotation_due,
            is_dissolved: self.is_dissolved,
        };
        self.heads.insert(self.head.hash, state);
    }
}

/// A cut at nothing has no hash, every other one has.
fn check_cut(cut: &Cut) -> Result<(), RosterError> {
    if (cut.counter == 0) == (cut.hash == Hash::ZERO) {
        Ok(())
    } else {
        Err(RosterError::WrongCut)
    }
}
