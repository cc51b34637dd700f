//! Founding a space, entering it as one of its devices, and appending links to its roster. Source: SPEC F28–F30.

use std::collections::BTreeSet;
use std::sync::Arc;

use rusqlite::{Connection, Transaction};
use sync_protocol::faction::envelope::AuthorPosition;
use sync_protocol::faction::link::SignedLink;
use sync_protocol::faction::relay::check_append;
use sync_protocol::faction::roster::Roster;
use sync_protocol::faction::seed_box::SeedBox;
use sync_protocol::faction::wire::{Append, Entry, Founding};
use sync_protocol::ids::{DeviceId, FactionDeviceId, FactionId};

use super::bells::Topic;
use super::{FactionRefused, ROOM_FOR_LINKS, Standing};
use crate::feed;
use crate::server::Server;
use crate::store::StoreError;
use crate::store::faction::spaces::{self, SpaceNumber};
use crate::store::faction::{envelopes, rosters};

/// Most spaces that one device of the council founds.
const MAX_FOUNDED: u64 = 16;
/// Most spaces that are named to whoever asks where a device belongs.
const MAX_NAMED: u32 = 64;
/// Longest sealed seed, bytes; K1's form has 1,169.
const MAX_BOX_LEN: usize = 2048;

impl Server {
    /// Founds a space. The same founding again is answered like the first time.
    pub(crate) fn faction_found(
        &self,
        device: &DeviceId,
        founding: &Founding,
    ) -> Result<(), FactionRefused> {
        let roster = Roster::begin(&founding.genesis, None)?;
        if !founding.entry.is_good(&roster, *device) {
            return Err(FactionRefused::Entry);
        }
        check_boxes(&roster, &founding.boxes)?;
        self.inner.store.write(|tx| {
            feed::live_device(tx, device)?;
            let own = &founding.entry.faction_device;
            // The id is the hash of the genesis: whoever is here with it has founded this very space.
            if let Some(known) = spaces::get(tx, &roster.faction())? {
                return Ok(spaces::put_access(tx, known.number, device, own)?);
            }
            if spaces::founded_count(tx, device)? >= MAX_FOUNDED {
                return Err(FactionRefused::NoRoom);
            }
            let space = spaces::insert(tx, &roster.faction(), device, roster.head())?;
            let links = std::slice::from_ref(&founding.genesis);
            insert_links(tx, space, 0, links, &founding.boxes, 0)?;
            spaces::hold(tx, space, own)?;
            Ok(spaces::put_access(tx, space, device, own)?)
        })
    }

    /// The spaces that hold a device now, ascending.
    pub(crate) fn faction_spaces_of(
        &self,
        device: &FactionDeviceId,
    ) -> Result<Vec<FactionId>, FactionRefused> {
        let found = |c: &Connection| spaces::holding(c, device, MAX_NAMED);
        Ok(self.inner.store.read(found)?)
    }

    /// From now on the device of the council is that device of the space.
    pub(crate) fn faction_enter(
        &self,
        device: &DeviceId,
        faction: &FactionId,
        entry: &Entry,
    ) -> Result<(), FactionRefused> {
        self.inner.store.write(|tx| {
            feed::live_device(tx, device)?;
            let space = spaces::get(tx, faction)?.ok_or(FactionRefused::NotMember)?;
            let roster = self.inner.rosters.of(tx, &space)?;
            if !entry.is_good(&roster, *device) {
                return Err(FactionRefused::NotMember);
            }
            // A device enters with every exchange: nothing is written then.
            let own = &entry.faction_device;
            if spaces::access(tx, space.number, device)?.as_ref() != Some(own) {
                spaces::put_access(tx, space.number, device, own)?;
            }
            Ok(())
        })
    }

    /// Whether a space holds a device now: such a one may send long bodies.
    pub(crate) fn is_in_faction(
        &self,
        device: &DeviceId,
        faction: &FactionId,
    ) -> Result<bool, FactionRefused> {
        self.inner
            .store
            .read(|c| self.is_member(c, device, faction))
    }

    /// Appends links all at once. The same ones again are answered like the first time, also to a device that went by them.
    ///
    /// `room`: what the space may take up, bytes.
    pub(crate) fn faction_append(
        &self,
        device: &DeviceId,
        faction: &FactionId,
        append: &Append,
        room: u64,
    ) -> Result<(), FactionRefused> {
        let appended = self.inner.store.write(|tx| {
            let at = self.standing(tx, device, faction)?;
            if is_appended(tx, &at, append)? {
                return Ok(None);
            }
            if !at.is_held() {
                return Err(FactionRefused::NotMember);
            }
            let positions = envelopes::positions(tx, at.space.number)?;
            let last = |device: &FactionDeviceId| {
                let position = positions.get(device).copied();
                position.unwrap_or(AuthorPosition::START)
            };
            let next = check_append(&at.roster, last, &append.after, &append.links)?;
            check_boxes(&next, &append.boxes)?;
            let links = append.links.iter().map(|link| link.as_bytes().len());
            let boxes = append.boxes.iter().map(|one| one.bytes.len());
            let byte_len = links.chain(boxes).sum::<usize>() as u64;
            at.check_room(byte_len, room.saturating_add(ROOM_FOR_LINKS))?;
            store_append(tx, &at, append, &next)?;
            if next.is_dissolved() {
                spaces::set_ended(tx, at.space.number, self.inner.clock.now_at_ms())?;
            }
            Ok::<_, FactionRefused>(Some(next))
        })?;
        if let Some(roster) = appended {
            self.inner.rosters.keep(Arc::new(roster));
            self.inner.bells.ring(Topic::Space(*faction));
        }
        Ok(())
    }
}

/// Whether these links stand already where they are meant to.
fn is_appended(c: &Connection, at: &Standing, append: &Append) -> Result<bool, StoreError> {
    let Some(after) = at.roster.seq_of(&append.after) else {
        return Ok(false);
    };
    if append.links.is_empty() || append.after == at.space.head_hash {
        return Ok(false);
    }
    let known = rosters::links_after(c, at.space.number, after, usize::MAX)?;
    Ok(known.starts_with(&append.links))
}

/// Boxes are for devices that the roster holds, one each, of its newest seed.
fn check_boxes(roster: &Roster, boxes: &[SeedBox]) -> Result<(), FactionRefused> {
    let mut seen = BTreeSet::new();
    let are_good = boxes.iter().all(|one| {
        let is_held = roster
            .device(&one.device)
            .is_some_and(|device| device.removal.is_none());
        is_held
            && seen.insert(one.device)
            && one.epoch == roster.epoch()
            && one.bytes.len() <= MAX_BOX_LEN
            && roster.seq_of(&one.head).is_some()
    });
    if are_good {
        Ok(())
    } else {
        Err(FactionRefused::Boxes)
    }
}

fn store_append(
    tx: &Transaction<'_>,
    at: &Standing,
    append: &Append,
    next: &Roster,
) -> Result<(), StoreError> {
    let (space, before) = (at.space.number, at.space.head_seq);
    let mut freed = 0;
    for device in next.devices() {
        let id = &device.record.claim.device;
        match &device.removal {
            Some(removal) if removal.seq > before => {
                spaces::hold_no_more(tx, space, id)?;
                freed += rosters::delete_boxes(tx, space, id)?;
            }
            None if device.added_at > before => spaces::hold(tx, space, id)?,
            _ => {}
        }
    }
    insert_links(tx, space, before, &append.links, &append.boxes, freed)?;
    spaces::set_head(tx, space, next.head())
}

/// Stores links after place `after`, and boxes; counts what they take up.
fn insert_links(
    tx: &Transaction<'_>,
    space: SpaceNumber,
    after: u64,
    links: &[SignedLink],
    boxes: &[SeedBox],
    freed: u64,
) -> Result<(), StoreError> {
    let mut byte_len = 0;
    for (seq, link) in (after.saturating_add(1)..).zip(links) {
        rosters::insert_link(tx, space, seq, link)?;
        byte_len += link.as_bytes().len();
    }
    for seed_box in boxes {
        if rosters::insert_box(tx, space, seed_box)? {
            byte_len += seed_box.bytes.len();
        }
    }
    spaces::count_bytes(tx, space, byte_len as u64, freed)
}
