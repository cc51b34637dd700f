//! Tables `blob` and `file_state`: which ciphertexts there are and which is the newest of each file.
//! The bytes lie in `blobs`.

use rusqlite::{Connection, OptionalExtension, Row, Transaction, named_params};
use sync_protocol::ids::{BlobId, Hash, ObjectId};

use super::{StoreError, id_of, signed, unsigned};

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct BlobRow {
    pub id: BlobId,
    pub plain_digest: Hash,
    pub audience_set: Hash,
    pub sealed_key: Vec<u8>,
    pub plain_len: u64,
    pub page_count: Option<u32>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FileStateRow {
    pub object: ObjectId,
    pub blob: BlobId,
    pub plain_digest: Hash,
    pub revision: u32,
    pub revision_of_date: Option<String>,
    /// Ids of 16 bytes each, ascending.
    pub audiences: Vec<u8>,
    pub origin_stamp: Option<String>,
}

pub(crate) fn put_blob(tx: &Transaction<'_>, row: &BlobRow, at_ms: i64) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO blob (id, plain_digest, audience_set, sealed_key, plain_len, page_count, stored_at_ms)
         VALUES (:id, :plain_digest, :audience_set, :sealed_key, :plain_len, :page_count, :at_ms)",
        named_params! {
            ":id": row.id.as_bytes(), ":plain_digest": row.plain_digest.as_bytes(),
            ":audience_set": row.audience_set.as_bytes(), ":sealed_key": row.sealed_key,
            ":plain_len": signed(row.plain_len), ":page_count": row.page_count, ":at_ms": at_ms,
        },
    )?;
    Ok(())
}

pub(crate) fn blob(c: &Connection, id: &BlobId) -> Result<Option<BlobRow>, StoreError> {
    let sql = "SELECT * FROM blob WHERE id = :id";
    Ok(
        c.query_row(sql, named_params! {":id": id.as_bytes()}, blob_row)
            .optional()?,
    )
}

/// Every ciphertext that is known, ascending.
pub(crate) fn all_blobs(c: &Connection) -> Result<Vec<BlobId>, StoreError> {
    let mut statement = c.prepare("SELECT id FROM blob ORDER BY id")?;
    let ids = statement.query_map([], |row| id_of(row, "id"))?;
    Ok(ids.collect::<Result<_, _>>()?)
}

/// The ciphertext of a plaintext that was sealed for the same audiences before.
pub(crate) fn blob_of_content(
    c: &Connection,
    plain_digest: &Hash,
    audience_set: &Hash,
) -> Result<Option<BlobRow>, StoreError> {
    let sql = "SELECT * FROM blob WHERE plain_digest = :plain_digest AND audience_set = :audience_set LIMIT 1";
    let place = named_params! {":plain_digest": plain_digest.as_bytes(), ":audience_set": audience_set.as_bytes()};
    Ok(c.query_row(sql, place, blob_row).optional()?)
}

/// Notes that a ciphertext may be read by others than it was sealed for.
pub(crate) fn set_audience_set(
    tx: &Transaction<'_>,
    id: &BlobId,
    audience_set: &Hash,
) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE blob SET audience_set = :audience_set WHERE id = :id",
        named_params! {":id": id.as_bytes(), ":audience_set": audience_set.as_bytes()},
    )?;
    Ok(())
}

fn blob_row(row: &Row<'_>) -> rusqlite::Result<BlobRow> {
    Ok(BlobRow {
        id: id_of(row, "id")?,
        plain_digest: id_of(row, "plain_digest")?,
        audience_set: id_of(row, "audience_set")?,
        sealed_key: row.get("sealed_key")?,
        plain_len: unsigned(row, "plain_len")?,
        page_count: row.get("page_count")?,
    })
}

/// Ciphertexts that no entry can open any more and no file names; their rows are deleted.
pub(crate) fn drop_unreferenced(tx: &Transaction<'_>) -> Result<(), StoreError> {
    tx.execute_batch(
        "DELETE FROM file_state WHERE blob IN (SELECT id FROM blob WHERE NOT EXISTS
             (SELECT 1 FROM entry WHERE entry.blob = blob.id AND wrapped_file_key IS NOT NULL));
         DELETE FROM blob WHERE NOT EXISTS
             (SELECT 1 FROM entry WHERE entry.blob = blob.id AND wrapped_file_key IS NOT NULL);",
    )?;
    Ok(())
}

pub(crate) fn state(c: &Connection, object: &ObjectId) -> Result<Option<FileStateRow>, StoreError> {
    let sql = "SELECT * FROM file_state WHERE object = :object";
    let found = c.query_row(sql, named_params! {":object": object.as_bytes()}, |row| {
        Ok(FileStateRow {
            object: id_of(row, "object")?,
            blob: id_of(row, "blob")?,
            plain_digest: id_of(row, "plain_digest")?,
            revision: row.get("revision")?,
            revision_of_date: row.get("revision_of_date")?,
            audiences: row.get("audiences")?,
            origin_stamp: row.get("origin_stamp")?,
        })
    });
    Ok(found.optional()?)
}

pub(crate) fn put_state(tx: &Transaction<'_>, row: &FileStateRow) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO file_state (object, blob, plain_digest, revision, revision_of_date, audiences, origin_stamp)
         VALUES (:object, :blob, :plain_digest, :revision, :revision_of_date, :audiences, :origin_stamp)
         ON CONFLICT (object) DO UPDATE SET blob = excluded.blob, plain_digest = excluded.plain_digest,
             revision = excluded.revision, revision_of_date = excluded.revision_of_date,
             audiences = excluded.audiences, origin_stamp = excluded.origin_stamp",
        named_params! {
            ":object": row.object.as_bytes(), ":blob": row.blob.as_bytes(),
            ":plain_digest": row.plain_digest.as_bytes(), ":revision": row.revision,
            ":revision_of_date": row.revision_of_date, ":audiences": row.audiences,
            ":origin_stamp": row.origin_stamp,
        },
    )?;
    Ok(())
}
