//! Keeping the snapshot that reaches furthest. Source: SPEC F31.

use std::collections::BTreeMap;

use rusqlite::Connection;
use sync_protocol::cbor::to_cbor;
use sync_protocol::faction::envelope::AuthorPosition;
use sync_protocol::faction::snapshot::{SignedSnapshot, VerifiedSnapshot};
use sync_protocol::faction::wire::PlacedSnapshot;
use sync_protocol::ids::{DeviceId, FactionDeviceId, FactionId};

use super::{FactionRefused, Standing};
use crate::server::Server;
use crate::store::StoreError;
use crate::store::faction::snapshots::Reach;
use crate::store::faction::{envelopes, snapshots, spaces};

impl Server {
    /// The snapshot that is kept, as CBOR of [`PlacedSnapshot`]; `None`: there is none.
    pub(crate) fn faction_snapshot(
        &self,
        device: &DeviceId,
        faction: &FactionId,
    ) -> Result<Option<Vec<u8>>, FactionRefused> {
        self.inner.store.read(|c| {
            let at = self.membership(c, device, faction)?;
            Ok(snapshots::bytes(c, at.space.number)?)
        })
    }

    /// Keeps a snapshot in place of the one before. The very same again is answered like the first time.
    ///
    /// `room`: what the space may take up, bytes.
    pub(crate) fn faction_keep_snapshot(
        &self,
        device: &DeviceId,
        faction: &FactionId,
        placed: &PlacedSnapshot,
        room: u64,
    ) -> Result<(), FactionRefused> {
        SignedSnapshot::from_bytes(&placed.snapshot.to_bytes())
            .map_err(FactionRefused::Snapshot)?;
        let bytes = to_cbor(placed);
        let seen = self.inner.store.read(|c| {
            let at = self.membership(c, device, faction)?;
            if is_kept(c, &at, placed.upto, &bytes)? {
                return Ok(None);
            }
            check_reach(c, &at, placed.upto)?;
            let ordered = ordered_at(c, &at, placed.upto)?;
            Ok::<_, FactionRefused>(Some((at, ordered)))
        })?;
        let Some((before, ordered)) = seen else {
            return Ok(());
        };
        // Hashing up to 64 MiB keeps nobody else waiting: no lock is held here.
        let start = AuthorPosition::START;
        let last = |device: &FactionDeviceId| ordered.get(device).copied().unwrap_or(start);
        let verified = placed
            .snapshot
            .verify(&before.roster, last)
            .map_err(FactionRefused::Snapshot)?;
        self.inner.store.write(|tx| {
            let at = self.membership(tx, device, faction)?;
            if at.space.head_hash != before.space.head_hash {
                return Err(FactionRefused::Conflict);
            }
            let kept = check_reach(tx, &at, placed.upto)?;
            check_covered(tx, &at, &verified)?;
            let byte_len = bytes.len() as u64;
            at.check_room(byte_len.saturating_sub(kept.byte_len), room)?;
            let number = at.space.number;
            snapshots::put(tx, number, placed.upto, &bytes)?;
            Ok(spaces::count_bytes(tx, number, byte_len, kept.byte_len)?)
        })
    }
}

fn is_kept(c: &Connection, at: &Standing, upto: u64, bytes: &[u8]) -> Result<bool, StoreError> {
    let kept = snapshots::reach(c, at.space.number)?;
    if kept.upto != upto || kept.byte_len != bytes.len() as u64 {
        return Ok(false);
    }
    Ok(snapshots::bytes(c, at.space.number)?.as_deref() == Some(bytes))
}

/// A snapshot that does not reach further came too late; one that reaches beyond everything is none.
fn check_reach(c: &Connection, at: &Standing, upto: u64) -> Result<Reach, FactionRefused> {
    let kept = snapshots::reach(c, at.space.number)?;
    if upto > at.space.last_place {
        return Err(FactionRefused::SnapshotBeyond);
    }
    if upto <= kept.upto {
        return Err(FactionRefused::Conflict);
    }
    Ok(kept)
}

/// How far every author was ordered at a place: whoever begins with the snapshot goes on after it.
fn ordered_at(
    c: &Connection,
    at: &Standing,
    upto: u64,
) -> Result<BTreeMap<FactionDeviceId, AuthorPosition>, StoreError> {
    let devices = at.roster.devices();
    devices
        .map(|device| {
            let device = device.record.claim.device;
            let position = envelopes::position_at(c, at.space.number, &device, upto)?;
            Ok((device, position))
        })
        .collect()
}

/// Nobody is covered beyond what was ordered of her, or with another history.
fn check_covered(
    c: &Connection,
    at: &Standing,
    verified: &VerifiedSnapshot,
) -> Result<(), FactionRefused> {
    for one in &verified.covered {
        let position = &one.position;
        if position.counter == 0 {
            continue;
        }
        let ordered = envelopes::hash_of(c, at.space.number, &one.device, position.counter)?;
        if ordered != Some(position.hash) {
            return Err(FactionRefused::SnapshotBeyond);
        }
    }
    Ok(())
}
