//! Tables `faction_space`, `faction_held` and `faction_access`: which spaces there are, and which device is whose.

use rusqlite::{Connection, OptionalExtension, Row, Transaction, named_params};
use sync_protocol::faction::roster::RosterHead;
use sync_protocol::ids::{DeviceId, FactionDeviceId, FactionId, Hash};

use crate::store::{StoreError, id_of, signed, unsigned};

/// Number of a space in all tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct SpaceNumber(pub i64);

#[derive(Clone, Debug)]
pub(crate) struct SpaceRow {
    pub number: SpaceNumber,
    pub id: FactionId,
    pub head_seq: u64,
    pub head_hash: Hash,
    /// Place of its last envelope; 0: none.
    pub last_place: u64,
    /// What it takes up.
    pub byte_len: u64,
}

pub(crate) fn insert(
    tx: &Transaction<'_>,
    id: &FactionId,
    founded_by: &DeviceId,
    head: RosterHead,
) -> Result<SpaceNumber, StoreError> {
    tx.execute(
        "INSERT INTO faction_space (id, founded_by, head_seq, head_hash, byte_len)
         VALUES (:id, :founded_by, :head_seq, :head_hash, 0)",
        named_params! {
            ":id": id.as_bytes(), ":founded_by": founded_by.as_bytes(), ":head_seq": signed(head.seq),
            ":head_hash": head.hash.as_bytes(),
        },
    )?;
    Ok(SpaceNumber(tx.last_insert_rowid()))
}

pub(crate) fn get(c: &Connection, id: &FactionId) -> Result<Option<SpaceRow>, StoreError> {
    let sql = "SELECT * FROM faction_space WHERE id = :id";
    Ok(
        c.query_row(sql, named_params! {":id": id.as_bytes()}, space_row)
            .optional()?,
    )
}

/// The space that an invitation belongs to.
pub(crate) fn of_number(c: &Connection, number: SpaceNumber) -> Result<SpaceRow, StoreError> {
    let sql = "SELECT * FROM faction_space WHERE number = :number";
    Ok(c.query_row(sql, named_params! {":number": number.0}, space_row)?)
}

fn space_row(row: &Row<'_>) -> rusqlite::Result<SpaceRow> {
    Ok(SpaceRow {
        number: SpaceNumber(row.get("number")?),
        id: id_of(row, "id")?,
        head_seq: unsigned(row, "head_seq")?,
        head_hash: id_of(row, "head_hash")?,
        last_place: unsigned(row, "last_place")?,
        byte_len: unsigned(row, "byte_len")?,
    })
}

/// The spaces of which nobody has noted that they ended.
pub(crate) fn going_on(c: &Connection) -> Result<Vec<SpaceRow>, StoreError> {
    let mut statement =
        c.prepare("SELECT * FROM faction_space WHERE ended_at_ms IS NULL ORDER BY number")?;
    let rows = statement.query_map([], space_row)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The spaces that ended before a moment.
pub(crate) fn ended_before(c: &Connection, at_ms: i64) -> Result<Vec<SpaceRow>, StoreError> {
    let mut statement =
        c.prepare("SELECT * FROM faction_space WHERE ended_at_ms < :at_ms ORDER BY number")?;
    let rows = statement.query_map(named_params! {":at_ms": at_ms}, space_row)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(crate) fn set_ended(
    tx: &Transaction<'_>,
    space: SpaceNumber,
    at_ms: i64,
) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE faction_space SET ended_at_ms = :at_ms WHERE number = :space AND ended_at_ms IS NULL",
        named_params! {":at_ms": at_ms, ":space": space.0},
    )?;
    Ok(())
}

/// Deletes a space with everything that belongs to it; the one place where that is done.
pub(crate) fn delete(tx: &Transaction<'_>, space: SpaceNumber) -> Result<(), StoreError> {
    for table in [
        "link",
        "held",
        "access",
        "box",
        "author",
        "envelope",
        "snapshot",
        "invitation",
    ] {
        let sql = format!("DELETE FROM faction_{table} WHERE space = :space");
        tx.execute(&sql, named_params! {":space": space.0})?;
    }
    let sql = "DELETE FROM faction_space WHERE number = :space";
    tx.execute(sql, named_params! {":space": space.0})?;
    Ok(())
}

/// How many spaces a device of the council has founded.
pub(crate) fn founded_count(c: &Connection, device: &DeviceId) -> Result<u64, StoreError> {
    let sql = "SELECT count(*) AS count FROM faction_space WHERE founded_by = :device";
    let place = named_params! {":device": device.as_bytes()};
    Ok(c.query_row(sql, place, |row| unsigned(row, "count"))?)
}

pub(crate) fn set_head(
    tx: &Transaction<'_>,
    space: SpaceNumber,
    head: RosterHead,
) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE faction_space SET head_seq = :seq, head_hash = :hash WHERE number = :space",
        named_params! {":seq": signed(head.seq), ":hash": head.hash.as_bytes(), ":space": space.0},
    )?;
    Ok(())
}

pub(crate) fn set_last_place(
    tx: &Transaction<'_>,
    space: SpaceNumber,
    place: u64,
) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE faction_space SET last_place = :place WHERE number = :space",
        named_params! {":place": signed(place), ":space": space.0},
    )?;
    Ok(())
}

/// `byte_len` bytes came, `freed` bytes went.
pub(crate) fn count_bytes(
    tx: &Transaction<'_>,
    space: SpaceNumber,
    byte_len: u64,
    freed: u64,
) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE faction_space SET byte_len = max(0, byte_len + :byte_len - :freed) WHERE number = :space",
        named_params! {":byte_len": signed(byte_len), ":freed": signed(freed), ":space": space.0},
    )?;
    Ok(())
}

pub(crate) fn hold(
    tx: &Transaction<'_>,
    space: SpaceNumber,
    device: &FactionDeviceId,
) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO faction_held (device, space) VALUES (:device, :space)",
        named_params! {":device": device.as_bytes(), ":space": space.0},
    )?;
    Ok(())
}

pub(crate) fn hold_no_more(
    tx: &Transaction<'_>,
    space: SpaceNumber,
    device: &FactionDeviceId,
) -> Result<(), StoreError> {
    tx.execute(
        "DELETE FROM faction_held WHERE device = :device AND space = :space",
        named_params! {":device": device.as_bytes(), ":space": space.0},
    )?;
    Ok(())
}

/// The spaces that hold a device now, at most `limit`, ascending.
pub(crate) fn holding(
    c: &Connection,
    device: &FactionDeviceId,
    limit: u32,
) -> Result<Vec<FactionId>, StoreError> {
    let mut statement = c.prepare(
        "SELECT faction_space.id AS id FROM faction_held JOIN faction_space ON number = space
         WHERE device = :device ORDER BY faction_space.id LIMIT :limit",
    )?;
    let place = named_params! {":device": device.as_bytes(), ":limit": limit};
    let rows = statement.query_map(place, |row| id_of(row, "id"))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// From now on a device of the council is this device of the space.
pub(crate) fn put_access(
    tx: &Transaction<'_>,
    space: SpaceNumber,
    device: &DeviceId,
    faction_device: &FactionDeviceId,
) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO faction_access (space, device, faction_device) VALUES (:space, :device, :faction_device)
         ON CONFLICT (space, device) DO UPDATE SET faction_device = excluded.faction_device",
        named_params! {
            ":space": space.0, ":device": device.as_bytes(), ":faction_device": faction_device.as_bytes(),
        },
    )?;
    Ok(())
}

/// Which device of the space a device of the council is.
pub(crate) fn access(
    c: &Connection,
    space: SpaceNumber,
    device: &DeviceId,
) -> Result<Option<FactionDeviceId>, StoreError> {
    let sql = "SELECT faction_device FROM faction_access WHERE space = :space AND device = :device";
    let place = named_params! {":space": space.0, ":device": device.as_bytes()};
    Ok(c.query_row(sql, place, |row| id_of(row, "faction_device"))
        .optional()?)
}

/// Forgets which devices of spaces a device of the council was, and the invitations it has opened.
pub(crate) fn forget_device(tx: &Transaction<'_>, device: &DeviceId) -> Result<(), StoreError> {
    let place = named_params! {":device": device.as_bytes()};
    tx.execute("DELETE FROM faction_access WHERE device = :device", place)?;
    tx.execute(
        "DELETE FROM faction_invitation WHERE opened_by = :device",
        place,
    )?;
    Ok(())
}
