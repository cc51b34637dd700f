//! Table `faction_invitation`: the messages of somebody who comes in, until the invitation ends.

use rusqlite::{Connection, OptionalExtension, Transaction, named_params};
use sync_protocol::faction::wire::JoinStep;
use sync_protocol::ids::{DeviceId, InvitationId};

use super::spaces::SpaceNumber;
use crate::store::{StoreError, id_of, id_or_none, unsigned};

#[derive(Clone, Debug)]
pub(crate) struct InvitationRow {
    pub space: SpaceNumber,
    /// Device of the council.
    pub opened_by: DeviceId,
    pub expires_at_ms: i64,
    pub start_count: u32,
    /// Device of the council whose start counts.
    pub newcomer: Option<DeviceId>,
    pub start: Option<Vec<u8>>,
    pub hello: Option<Vec<u8>>,
    pub finish: Option<Vec<u8>>,
}

impl InvitationRow {
    pub(crate) fn step(&self, step: JoinStep) -> Option<&[u8]> {
        match step {
            JoinStep::Start => self.start.as_deref(),
            JoinStep::Hello => self.hello.as_deref(),
            JoinStep::Finish => self.finish.as_deref(),
        }
    }
}

pub(crate) fn get(c: &Connection, id: &InvitationId) -> Result<Option<InvitationRow>, StoreError> {
    let sql = "SELECT * FROM faction_invitation WHERE id = :id";
    let found = c.query_row(sql, named_params! {":id": id.as_bytes()}, |row| {
        Ok(InvitationRow {
            space: SpaceNumber(row.get("space")?),
            opened_by: id_of(row, "opened_by")?,
            expires_at_ms: row.get("expires_at_ms")?,
            start_count: row.get("start_count")?,
            newcomer: id_or_none(row, "newcomer")?,
            start: row.get("start")?,
            hello: row.get("hello")?,
            finish: row.get("finish")?,
        })
    });
    Ok(found.optional()?)
}

pub(crate) fn insert(
    tx: &Transaction<'_>,
    id: &InvitationId,
    space: SpaceNumber,
    opened_by: &DeviceId,
    expires_at_ms: i64,
) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO faction_invitation (id, space, opened_by, expires_at_ms) VALUES (:id, :space, :opened_by, :end)",
        named_params! {
            ":id": id.as_bytes(), ":space": space.0, ":opened_by": opened_by.as_bytes(), ":end": expires_at_ms,
        },
    )?;
    Ok(())
}

pub(crate) fn count(c: &Connection, space: SpaceNumber) -> Result<u64, StoreError> {
    let sql = "SELECT count(*) AS count FROM faction_invitation WHERE space = :space";
    let place = named_params! {":space": space.0};
    Ok(c.query_row(sql, place, |row| unsigned(row, "count"))?)
}

/// A newcomer begins: what was answered to an earlier one is emptied.
pub(crate) fn begin(
    tx: &Transaction<'_>,
    id: &InvitationId,
    newcomer: &DeviceId,
    start: &[u8],
) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE faction_invitation SET newcomer = :newcomer, start = :start, hello = NULL, finish = NULL,
         start_count = start_count + 1 WHERE id = :id",
        named_params! {":newcomer": newcomer.as_bytes(), ":start": start, ":id": id.as_bytes()},
    )?;
    Ok(())
}

/// The inviter's answer.
pub(crate) fn set_hello(
    tx: &Transaction<'_>,
    id: &InvitationId,
    hello: &[u8],
) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE faction_invitation SET hello = :hello WHERE id = :id",
        named_params! {":hello": hello, ":id": id.as_bytes()},
    )?;
    Ok(())
}

/// The newcomer's end.
pub(crate) fn set_finish(
    tx: &Transaction<'_>,
    id: &InvitationId,
    finish: &[u8],
) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE faction_invitation SET finish = :finish WHERE id = :id",
        named_params! {":finish": finish, ":id": id.as_bytes()},
    )?;
    Ok(())
}

pub(crate) fn forget(tx: &Transaction<'_>, id: &InvitationId) -> Result<(), StoreError> {
    tx.execute(
        "DELETE FROM faction_invitation WHERE id = :id",
        named_params! {":id": id.as_bytes()},
    )?;
    Ok(())
}

/// Forgets all that have ended.
pub(crate) fn forget_ended(tx: &Transaction<'_>, now_at_ms: i64) -> Result<(), StoreError> {
    tx.execute(
        "DELETE FROM faction_invitation WHERE expires_at_ms <= :now",
        named_params! {":now": now_at_ms},
    )?;
    Ok(())
}
