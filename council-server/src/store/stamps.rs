//! Table `public_stamp`: since when an object has been shown publicly, and when that last changed.
//! What is public is decided by the chains; this table holds no content.

use rusqlite::{Connection, Transaction, named_params};
use sync_protocol::ids::{Hash, ObjectId};

use super::{StoreError, id_of, id_or_none};

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct StampRow {
    pub object: ObjectId,
    pub kind: u32,
    pub created_at_ms: i64,
    pub modified_at_ms: i64,
    /// `None`: withdrawn.
    pub digest: Option<Hash>,
}

pub(crate) fn all(c: &Connection) -> Result<Vec<StampRow>, StoreError> {
    let mut statement = c.prepare("SELECT * FROM public_stamp ORDER BY object")?;
    let rows = statement.query_map([], |row| {
        Ok(StampRow {
            object: id_of(row, "object")?,
            kind: row.get("kind")?,
            created_at_ms: row.get("created_at_ms")?,
            modified_at_ms: row.get("modified_at_ms")?,
            digest: id_or_none(row, "digest")?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(crate) fn put(tx: &Transaction<'_>, row: &StampRow) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO public_stamp (object, kind, created_at_ms, modified_at_ms, digest)
         VALUES (:object, :kind, :created_at_ms, :modified_at_ms, :digest)
         ON CONFLICT (object) DO UPDATE SET modified_at_ms = excluded.modified_at_ms, digest = excluded.digest",
        named_params! {
            ":object": row.object.as_bytes(), ":kind": row.kind,
            ":created_at_ms": row.created_at_ms, ":modified_at_ms": row.modified_at_ms,
            ":digest": row.digest.as_ref().map(|d| d.as_bytes().as_slice()),
        },
    )?;
    Ok(())
}
