//! Table `object_id`: which id an intake's own key got. Ids are random and never change.

use rusqlite::{Connection, OptionalExtension, Transaction, named_params};
use sync_protocol::ids::{Hash, ObjectId};

use super::{StoreError, id_of};

/// The id of a key's digest, if it has one.
pub(crate) fn id_of_key(c: &Connection, key_digest: &Hash) -> Result<Option<ObjectId>, StoreError> {
    let sql = "SELECT id FROM object_id WHERE key_digest = :digest";
    let found = c.query_row(
        sql,
        named_params! {":digest": key_digest.as_bytes()},
        |row| id_of(row, "id"),
    );
    Ok(found.optional()?)
}

/// Gives a key its id.
pub(crate) fn put_id(
    tx: &Transaction<'_>,
    key_digest: &Hash,
    id: &ObjectId,
    kind: u32,
    source: &str,
) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO object_id (key_digest, id, kind, source) VALUES (:digest, :id, :kind, :source)",
        named_params! {":digest": key_digest.as_bytes(), ":id": id.as_bytes(), ":kind": kind, ":source": source},
    )?;
    Ok(())
}
