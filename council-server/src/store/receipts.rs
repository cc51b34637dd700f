//! Table `receipt`: what devices signed about invitations that lie on them, with the server's time.

use rusqlite::{Connection, OptionalExtension, Row, Transaction, named_params};
use sync_protocol::ids::{DeviceId, Hash, ObjectId};
use sync_protocol::receipt::{Receipt, SignedReceipt};

use super::{StoreError, id_of};

#[derive(Clone, Debug)]
pub(crate) struct ReceiptRow {
    pub device: DeviceId,
    pub meeting: ObjectId,
    pub invitation_revision: u32,
    pub signed: SignedReceipt,
    pub device_at_ms: i64,
    pub server_at_ms: i64,
}

/// Stores a receipt once; the same one again keeps its first time. Result: the server's time for it.
pub(crate) fn put(
    tx: &Transaction<'_>,
    receipt: &Receipt,
    signed: &SignedReceipt,
    now_at_ms: i64,
) -> Result<i64, StoreError> {
    let digest = Hash::of(signed.as_bytes());
    let digest = digest.as_bytes().as_slice();
    let known = "SELECT server_at_ms FROM receipt WHERE digest = :digest";
    let known: Option<i64> = tx
        .query_row(known, named_params! {":digest": digest}, |row| row.get(0))
        .optional()?;
    if let Some(at_ms) = known {
        return Ok(at_ms);
    }
    tx.execute(
        "INSERT INTO receipt (digest, device, meeting, invitation_revision, signed, device_at_ms, server_at_ms)
         VALUES (:digest, :device, :meeting, :invitation_revision, :signed, :device_at_ms, :now)",
        named_params! {
            ":digest": digest, ":device": receipt.device.as_bytes(), ":meeting": receipt.meeting.as_bytes(),
            ":invitation_revision": receipt.invitation_revision, ":signed": signed.as_bytes(),
            ":device_at_ms": receipt.at_ms, ":now": now_at_ms,
        },
    )?;
    Ok(now_at_ms)
}

pub(crate) fn of_device(c: &Connection, device: &DeviceId) -> Result<Vec<ReceiptRow>, StoreError> {
    let mut statement =
        c.prepare("SELECT * FROM receipt WHERE device = :device ORDER BY server_at_ms, digest")?;
    let rows = statement.query_map(named_params! {":device": device.as_bytes()}, receipt_row)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(crate) fn all(c: &Connection) -> Result<Vec<ReceiptRow>, StoreError> {
    let mut statement = c.prepare("SELECT * FROM receipt ORDER BY server_at_ms, digest")?;
    let rows = statement.query_map([], receipt_row)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn receipt_row(row: &Row<'_>) -> rusqlite::Result<ReceiptRow> {
    Ok(ReceiptRow {
        device: id_of(row, "device")?,
        meeting: id_of(row, "meeting")?,
        invitation_revision: row.get("invitation_revision")?,
        signed: SignedReceipt(row.get("signed")?),
        device_at_ms: row.get("device_at_ms")?,
        server_at_ms: row.get("server_at_ms")?,
    })
}
