//! Tables `faction_link` and `faction_box`: the links of each space, and the sealed seeds for its devices.

use rusqlite::{Connection, Transaction, named_params};
use sync_protocol::faction::link::SignedLink;
use sync_protocol::faction::seed::Epoch;
use sync_protocol::faction::seed_box::SeedBox;
use sync_protocol::ids::FactionDeviceId;

use super::spaces::SpaceNumber;
use crate::store::{StoreError, id_of, signed, unsigned};

pub(crate) fn insert_link(
    tx: &Transaction<'_>,
    space: SpaceNumber,
    seq: u64,
    link: &SignedLink,
) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO faction_link (space, seq, bytes) VALUES (:space, :seq, :bytes)",
        named_params! {":space": space.0, ":seq": signed(seq), ":bytes": link.as_bytes()},
    )?;
    Ok(())
}

/// The links after a place in their order, until they have more than `max_len` bytes; one always fits.
pub(crate) fn links_after(
    c: &Connection,
    space: SpaceNumber,
    seq: u64,
    max_len: usize,
) -> Result<Vec<SignedLink>, StoreError> {
    let mut statement = c.prepare(
        "SELECT bytes FROM faction_link WHERE space = :space AND seq > :seq ORDER BY seq",
    )?;
    let mut rows = statement.query(named_params! {":space": space.0, ":seq": signed(seq)})?;
    let (mut links, mut byte_len) = (Vec::new(), 0usize);
    while let Some(row) = rows.next()? {
        let bytes: Vec<u8> = row.get("bytes")?;
        byte_len = byte_len.saturating_add(bytes.len());
        if byte_len > max_len && !links.is_empty() {
            break;
        }
        links.push(SignedLink(bytes));
    }
    Ok(links)
}

/// Keeps a box; the first one of an epoch stays. Result: whether it was that.
pub(crate) fn insert_box(
    tx: &Transaction<'_>,
    space: SpaceNumber,
    seed_box: &SeedBox,
) -> Result<bool, StoreError> {
    let count = tx.execute(
        "INSERT INTO faction_box (space, device, epoch, head, bytes) VALUES (:space, :device, :epoch, :head, :bytes)
         ON CONFLICT (space, device, epoch) DO NOTHING",
        named_params! {
            ":space": space.0, ":device": seed_box.device.as_bytes(), ":epoch": seed_box.epoch.0,
            ":head": seed_box.head.as_bytes(), ":bytes": seed_box.bytes,
        },
    )?;
    Ok(count > 0)
}

/// The boxes for a device of later epochs than `after`, ascending.
pub(crate) fn boxes_after(
    c: &Connection,
    space: SpaceNumber,
    device: &FactionDeviceId,
    after: Option<Epoch>,
) -> Result<Vec<SeedBox>, StoreError> {
    let mut statement = c.prepare(
        "SELECT * FROM faction_box WHERE space = :space AND device = :device AND epoch > :after ORDER BY epoch",
    )?;
    let place = named_params! {
        ":space": space.0, ":device": device.as_bytes(), ":after": after.map_or(0, |epoch| epoch.0),
    };
    let rows = statement.query_map(place, |row| {
        Ok(SeedBox {
            device: id_of(row, "device")?,
            epoch: Epoch(row.get("epoch")?),
            head: id_of(row, "head")?,
            bytes: row.get("bytes")?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Deletes the boxes of a device that has gone. Result: bytes that they took.
pub(crate) fn delete_boxes(
    tx: &Transaction<'_>,
    space: SpaceNumber,
    device: &FactionDeviceId,
) -> Result<u64, StoreError> {
    let place = named_params! {":space": space.0, ":device": device.as_bytes()};
    let sum = "SELECT coalesce(sum(length(bytes)), 0) AS sum FROM faction_box WHERE space = :space AND device = :device";
    let byte_len = tx.query_row(sum, place, |row| unsigned(row, "sum"))?;
    tx.execute(
        "DELETE FROM faction_box WHERE space = :space AND device = :device",
        place,
    )?;
    Ok(byte_len)
}
