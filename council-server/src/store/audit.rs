//! Table `audit`: who did what when, each entry with its place in a chain. What the chain means stands in `crate::audit`.

use rusqlite::{Connection, Row, Transaction, named_params};
use sync_protocol::ids::{DeviceId, Hash};

use super::{StoreError, id_or_none, signed, unsigned};

/// One thing that was done. It names no content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditEntry {
    /// Its place, from 1.
    pub number: u64,
    pub at_ms: i64,
    /// A fixed word, such as `device_confirmed`.
    pub action: String,
    pub device: Option<DeviceId>,
    /// How many, where that is a number of something.
    pub count: Option<i64>,
}

/// An entry and what was stored as its hash.
#[derive(Clone, Debug)]
pub(crate) struct AuditRow {
    pub entry: AuditEntry,
    /// `None`: from before there was a chain.
    pub hash: Option<Hash>,
}

pub(crate) fn insert(
    tx: &Transaction<'_>,
    entry: &AuditEntry,
    hash: &Hash,
) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO audit (number, at_ms, action, device, count, hash)
         VALUES (:number, :at_ms, :action, :device, :count, :hash)",
        named_params! {
            ":number": signed(entry.number),
            ":at_ms": entry.at_ms,
            ":action": entry.action,
            ":device": entry.device.as_ref().map(|d| d.as_bytes().as_slice()),
            ":count": entry.count,
            ":hash": hash.as_bytes(),
        },
    )?;
    Ok(())
}

/// Everything that is kept, oldest first.
pub(crate) fn all(c: &Connection) -> Result<Vec<AuditRow>, StoreError> {
    let mut statement = c.prepare("SELECT * FROM audit ORDER BY number")?;
    let rows = statement.query_map([], audit_row)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The entries before the first one that is of `since_at_ms` or later.
pub(crate) fn older_than(c: &Connection, since_at_ms: i64) -> Result<Vec<AuditRow>, StoreError> {
    let mut statement = c.prepare(
        "SELECT * FROM audit
         WHERE number < coalesce((SELECT min(number) FROM audit WHERE at_ms >= :since), 9223372036854775807)
         ORDER BY number",
    )?;
    let rows = statement.query_map(named_params! {":since": since_at_ms}, audit_row)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Whether there is an entry of this number.
pub(crate) fn has(c: &Connection, number: u64) -> Result<bool, StoreError> {
    let sql = "SELECT EXISTS (SELECT 1 FROM audit WHERE number = :number)";
    Ok(
        c.query_row(sql, named_params! {":number": signed(number)}, |row| {
            row.get(0)
        })?,
    )
}

/// Deletes the entries up to `number`.
pub(crate) fn delete_until(tx: &Transaction<'_>, number: u64) -> Result<(), StoreError> {
    tx.execute(
        "DELETE FROM audit WHERE number <= :number",
        named_params! {":number": signed(number)},
    )?;
    Ok(())
}

pub(crate) fn delete_all(tx: &Transaction<'_>) -> Result<(), StoreError> {
    tx.execute("DELETE FROM audit", [])?;
    Ok(())
}

fn audit_row(row: &Row<'_>) -> rusqlite::Result<AuditRow> {
    Ok(AuditRow {
        entry: AuditEntry {
            number: unsigned(row, "number")?,
            at_ms: row.get("at_ms")?,
            action: row.get("action")?,
            device: id_or_none(row, "device")?,
            count: row.get("count")?,
        },
        hash: id_or_none(row, "hash")?,
    })
}
