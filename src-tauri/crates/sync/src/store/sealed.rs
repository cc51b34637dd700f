//! The table `sealed_entries`: what came, was verified, and cannot be read yet.

use rusqlite::Connection;
use sync_protocol::class_key::KeyEpoch;
use sync_protocol::ids::ObjectId;

use super::StoreError;
use super::read::{id16, number32};
use crate::plan::changes::SealedObject;

/// Everything kept sealed in one database.
pub(crate) fn all(conn: &Connection) -> Result<Vec<SealedObject>, StoreError> {
    let mut statement = conn.prepare_cached(
        "SELECT object_id, key_epoch, header, sealed_payload, wrapped_file_key FROM sealed_entries",
    )?;
    let mut rows = statement.query([])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(SealedObject {
            id: ObjectId::from_bytes(id16(row, "object_id")?),
            key_epoch: KeyEpoch(number32(row, "key_epoch")?),
            header: row.get("header")?,
            sealed_payload: row.get("sealed_payload")?,
            wrapped_file_key: row.get("wrapped_file_key")?,
        });
    }
    Ok(found)
}
