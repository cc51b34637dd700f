//! Table `audit`: who did what when. It names no content, and it forgets.

use rusqlite::{Connection, Transaction, named_params};
use sync_protocol::ids::DeviceId;

use super::{StoreError, id_or_none};
use crate::clock::DAY_MS;

/// How long an entry is kept: logs of logins and retrievals are personal data.
const KEPT_DAYS: i64 = 90;

/// One thing that was done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditEntry {
    pub at_ms: i64,
    /// A fixed word, such as `device_confirmed`.
    pub action: String,
    pub device: Option<DeviceId>,
    /// How many, where that is a number of something.
    pub count: Option<i64>,
}

// Meets: O.Plat_14
/// Notes what was done, and forgets what is too old.
pub(crate) fn note(
    tx: &Transaction<'_>,
    at_ms: i64,
    action: &str,
    device: Option<&DeviceId>,
    count: Option<usize>,
) -> Result<(), StoreError> {
    tx.execute(
        "DELETE FROM audit WHERE at_ms < :old",
        named_params! {":old": at_ms - KEPT_DAYS * DAY_MS},
    )?;
    tx.execute(
        "INSERT INTO audit (at_ms, action, device, count) VALUES (:at_ms, :action, :device, :count)",
        named_params! {
            ":at_ms": at_ms,
            ":action": action,
            ":device": device.map(|d| d.as_bytes().as_slice()),
            ":count": count.map(|n| i64::try_from(n).unwrap_or(i64::MAX)),
        },
    )?;
    Ok(())
}

/// Everything that is kept, oldest first.
pub(crate) fn all(c: &Connection) -> Result<Vec<AuditEntry>, StoreError> {
    let mut statement =
        c.prepare("SELECT at_ms, action, device, count FROM audit ORDER BY number")?;
    let rows = statement.query_map([], |row| {
        Ok(AuditEntry {
            at_ms: row.get("at_ms")?,
            action: row.get("action")?,
            device: id_or_none(row, "device")?,
            count: row.get("count")?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}
