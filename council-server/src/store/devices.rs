//! Tables `device` and `key_box`: paired tablets and the class keys boxed for them.
//! What a device may do is decided by the callers.

use rusqlite::{Connection, OptionalExtension, Row, Transaction, named_params};
use sync_protocol::class_key::KeyEpoch;
use sync_protocol::ids::{AudienceId, DeviceId, ObjectId};
use sync_protocol::key_box::{DeviceBoxPublic, KeyBox};
use sync_protocol::sign::PublicKey;

use super::{StoreError, faction, id_of, signed, unsigned};

#[derive(Clone, Debug)]
pub(crate) struct DeviceRow {
    pub id: DeviceId,
    pub person: ObjectId,
    pub sign_key: PublicKey,
    pub box_key: DeviceBoxPublic,
    pub sealed_words: Vec<u8>,
    pub confirm_tries: u32,
    pub paired_at_ms: i64,
    pub confirmed_at_ms: Option<i64>,
    pub revoked_at_ms: Option<i64>,
    pub seen_at_ms: Option<i64>,
    pub head_counter: u64,
}

impl DeviceRow {
    /// Whether nonpublic audiences are open to it at all.
    pub(crate) fn is_confirmed(&self) -> bool {
        self.confirmed_at_ms.is_some() && self.revoked_at_ms.is_none()
    }
}

pub(crate) fn insert(tx: &Transaction<'_>, row: &DeviceRow) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO device (id, person, sign_key, box_key, sealed_words, paired_at_ms, confirmed_at_ms)
         VALUES (:id, :person, :sign_key, :box_key, :sealed_words, :paired_at_ms, :confirmed_at_ms)",
        named_params! {
            ":id": row.id.as_bytes(), ":person": row.person.as_bytes(), ":sign_key": row.sign_key.as_bytes(),
            ":box_key": row.box_key.0, ":sealed_words": row.sealed_words, ":paired_at_ms": row.paired_at_ms,
            ":confirmed_at_ms": row.confirmed_at_ms,
        },
    )?;
    Ok(())
}

pub(crate) fn get(c: &Connection, id: &DeviceId) -> Result<Option<DeviceRow>, StoreError> {
    let sql = "SELECT * FROM device WHERE id = :id";
    Ok(
        c.query_row(sql, named_params! {":id": id.as_bytes()}, device_row)
            .optional()?,
    )
}

pub(crate) fn all(c: &Connection) -> Result<Vec<DeviceRow>, StoreError> {
    let mut statement = c.prepare("SELECT * FROM device ORDER BY paired_at_ms, id")?;
    let rows = statement.query_map([], device_row)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn device_row(row: &Row<'_>) -> rusqlite::Result<DeviceRow> {
    Ok(DeviceRow {
        id: id_of(row, "id")?,
        person: id_of(row, "person")?,
        sign_key: PublicKey(row.get("sign_key")?),
        box_key: DeviceBoxPublic(row.get("box_key")?),
        sealed_words: row.get("sealed_words")?,
        confirm_tries: row.get("confirm_tries")?,
        paired_at_ms: row.get("paired_at_ms")?,
        confirmed_at_ms: row.get("confirmed_at_ms")?,
        revoked_at_ms: row.get("revoked_at_ms")?,
        seen_at_ms: row.get("seen_at_ms")?,
        head_counter: unsigned(row, "head_counter")?,
    })
}

pub(crate) fn confirm(tx: &Transaction<'_>, id: &DeviceId, at_ms: i64) -> Result<(), StoreError> {
    let sql =
        "UPDATE device SET confirmed_at_ms = coalesce(confirmed_at_ms, :at_ms) WHERE id = :id";
    tx.execute(sql, named_params! {":id": id.as_bytes(), ":at_ms": at_ms})?;
    Ok(())
}

pub(crate) fn count_confirm_try(tx: &Transaction<'_>, id: &DeviceId) -> Result<(), StoreError> {
    let sql = "UPDATE device SET confirm_tries = confirm_tries + 1 WHERE id = :id";
    tx.execute(sql, named_params! {":id": id.as_bytes()})?;
    Ok(())
}

/// Ends a device's access; its boxes are deleted, and what it was in faction spaces is forgotten.
pub(crate) fn revoke(tx: &Transaction<'_>, id: &DeviceId, at_ms: i64) -> Result<(), StoreError> {
    let place = named_params! {":id": id.as_bytes(), ":at_ms": at_ms};
    tx.execute(
        "UPDATE device SET revoked_at_ms = coalesce(revoked_at_ms, :at_ms) WHERE id = :id",
        place,
    )?;
    tx.execute(
        "DELETE FROM key_box WHERE device = :id",
        named_params! {":id": id.as_bytes()},
    )?;
    faction::spaces::forget_device(tx, id)
}

pub(crate) fn set_head_counter(
    tx: &Transaction<'_>,
    id: &DeviceId,
    counter: u64,
    at_ms: i64,
) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE device SET head_counter = :counter, seen_at_ms = :at_ms WHERE id = :id",
        named_params! {":id": id.as_bytes(), ":counter": signed(counter), ":at_ms": at_ms},
    )?;
    Ok(())
}

pub(crate) fn key_box(
    c: &Connection,
    device: &DeviceId,
    audience: &AudienceId,
    epoch: KeyEpoch,
) -> Result<Option<KeyBox>, StoreError> {
    let sql = "SELECT bytes FROM key_box WHERE device = :device AND audience = :audience AND epoch = :epoch";
    let place = named_params! {":device": device.as_bytes(), ":audience": audience.as_bytes(), ":epoch": epoch.0};
    let bytes: Option<Vec<u8>> = c.query_row(sql, place, |row| row.get(0)).optional()?;
    Ok(bytes.map(|bytes| KeyBox {
        audience: *audience,
        epoch,
        bytes,
    }))
}

pub(crate) fn put_key_box(
    tx: &Transaction<'_>,
    device: &DeviceId,
    made: &KeyBox,
) -> Result<(), StoreError> {
    tx.execute(
        "INSERT OR REPLACE INTO key_box (device, audience, epoch, bytes)
         VALUES (:device, :audience, :epoch, :bytes)",
        named_params! {
            ":device": device.as_bytes(), ":audience": made.audience.as_bytes(), ":epoch": made.epoch.0,
            ":bytes": made.bytes,
        },
    )?;
    Ok(())
}
