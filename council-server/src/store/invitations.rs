//! Tables `invitation` and `pairing`: letters that the office sent, and pairings that were begun.
//! What they allow is decided in `pairing`.

use rusqlite::{Connection, OptionalExtension, Row, Transaction, named_params};
use sync_protocol::ids::{DeviceId, Hash, InvitationId, ObjectId};

use super::{StoreError, id_of};

#[derive(Clone, Debug)]
pub(crate) struct InvitationRow {
    pub id: InvitationId,
    pub person: ObjectId,
    pub sealed_code: Option<Vec<u8>>,
    pub in_person: bool,
    pub created_at_ms: i64,
    pub expires_at_ms: i64,
    pub tries: u32,
    pub used_at_ms: Option<i64>,
}

#[derive(Clone, Debug)]
pub(crate) struct PairingRow {
    pub device: DeviceId,
    pub invitation: InvitationId,
    pub start_digest: Hash,
    pub sign_key: [u8; 32],
    pub box_key: Vec<u8>,
    pub hello: Vec<u8>,
    pub transcript: Hash,
    pub finished_mac: Option<Vec<u8>>,
}

pub(crate) fn insert(tx: &Transaction<'_>, row: &InvitationRow) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO invitation (id, person, sealed_code, in_person, created_at_ms, expires_at_ms)
         VALUES (:id, :person, :sealed_code, :in_person, :created_at_ms, :expires_at_ms)",
        named_params! {
            ":id": row.id.as_bytes(), ":person": row.person.as_bytes(), ":sealed_code": row.sealed_code,
            ":in_person": row.in_person, ":created_at_ms": row.created_at_ms, ":expires_at_ms": row.expires_at_ms,
        },
    )?;
    Ok(())
}

pub(crate) fn get(c: &Connection, id: &InvitationId) -> Result<Option<InvitationRow>, StoreError> {
    let sql = "SELECT * FROM invitation WHERE id = :id";
    let found = c.query_row(sql, named_params! {":id": id.as_bytes()}, |row| {
        Ok(InvitationRow {
            id: id_of(row, "id")?,
            person: id_of(row, "person")?,
            sealed_code: row.get("sealed_code")?,
            in_person: row.get("in_person")?,
            created_at_ms: row.get("created_at_ms")?,
            expires_at_ms: row.get("expires_at_ms")?,
            tries: row.get("tries")?,
            used_at_ms: row.get("used_at_ms")?,
        })
    });
    Ok(found.optional()?)
}

pub(crate) fn count_try(tx: &Transaction<'_>, id: &InvitationId) -> Result<(), StoreError> {
    let sql = "UPDATE invitation SET tries = tries + 1 WHERE id = :id";
    tx.execute(sql, named_params! {":id": id.as_bytes()})?;
    Ok(())
}

/// Marks an invitation as used and forgets its code.
pub(crate) fn use_up(
    tx: &Transaction<'_>,
    id: &InvitationId,
    at_ms: i64,
) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE invitation SET used_at_ms = :at_ms, sealed_code = NULL WHERE id = :id",
        named_params! {":id": id.as_bytes(), ":at_ms": at_ms},
    )?;
    Ok(())
}

/// Forgets the codes of invitations that ran out.
pub(crate) fn forget_expired(tx: &Transaction<'_>, now_at_ms: i64) -> Result<(), StoreError> {
    let sql = "UPDATE invitation SET sealed_code = NULL WHERE expires_at_ms < :now";
    tx.execute(sql, named_params! {":now": now_at_ms})?;
    Ok(())
}

pub(crate) fn insert_pairing(
    tx: &Transaction<'_>,
    row: &PairingRow,
    at_ms: i64,
) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO pairing (device, invitation, start_digest, sign_key, box_key, hello, transcript, created_at_ms)
         VALUES (:device, :invitation, :start_digest, :sign_key, :box_key, :hello, :transcript, :at_ms)",
        named_params! {
            ":device": row.device.as_bytes(), ":invitation": row.invitation.as_bytes(),
            ":start_digest": row.start_digest.as_bytes(), ":sign_key": row.sign_key, ":box_key": row.box_key,
            ":hello": row.hello, ":transcript": row.transcript.as_bytes(), ":at_ms": at_ms,
        },
    )?;
    Ok(())
}

pub(crate) fn pairing(c: &Connection, device: &DeviceId) -> Result<Option<PairingRow>, StoreError> {
    let sql = "SELECT * FROM pairing WHERE device = :device";
    Ok(c.query_row(
        sql,
        named_params! {":device": device.as_bytes()},
        pairing_row,
    )
    .optional()?)
}

/// The pairing that the same start message began.
pub(crate) fn pairing_of_start(
    c: &Connection,
    invitation: &InvitationId,
    start_digest: &Hash,
) -> Result<Option<PairingRow>, StoreError> {
    let sql = "SELECT * FROM pairing WHERE invitation = :invitation AND start_digest = :digest";
    let place =
        named_params! {":invitation": invitation.as_bytes(), ":digest": start_digest.as_bytes()};
    Ok(c.query_row(sql, place, pairing_row).optional()?)
}

fn pairing_row(row: &Row<'_>) -> rusqlite::Result<PairingRow> {
    Ok(PairingRow {
        device: id_of(row, "device")?,
        invitation: id_of(row, "invitation")?,
        start_digest: id_of(row, "start_digest")?,
        sign_key: row.get("sign_key")?,
        box_key: row.get("box_key")?,
        hello: row.get("hello")?,
        transcript: id_of(row, "transcript")?,
        finished_mac: row.get("finished_mac")?,
    })
}

/// Remembers the proof that finished a pairing, and forgets all other pairings of the invitation.
pub(crate) fn finish_pairing(
    tx: &Transaction<'_>,
    device: &DeviceId,
    invitation: &InvitationId,
    mac: &[u8],
) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE pairing SET finished_mac = :mac WHERE device = :device",
        named_params! {":device": device.as_bytes(), ":mac": mac},
    )?;
    tx.execute(
        "DELETE FROM pairing WHERE invitation = :invitation AND device <> :device",
        named_params! {":invitation": invitation.as_bytes(), ":device": device.as_bytes()},
    )?;
    Ok(())
}
