//! Tables `entry` and `listed`: the chains and what they amount to.
//! Making entries is `sync_protocol::chain`'s, deciding on them `publish`'s.

use std::collections::BTreeMap;

use rusqlite::{Connection, Row, Transaction, named_params};
use sync_protocol::chain::{Entry, EntryHeader, Op};
use sync_protocol::ids::{AudienceId, BlobId, ObjectId};

use super::{StoreError, id_of, signed};

/// The newest upsert of an object in one chain.
#[derive(Clone, Debug)]
pub(crate) struct ListedRow {
    pub audience: AudienceId,
    pub object: ObjectId,
    pub entry: Entry,
    /// The intake that brought the object.
    pub source: String,
}

/// Appends an entry and keeps `listed` in step.
pub(crate) fn append(
    tx: &Transaction<'_>,
    header: &EntryHeader,
    entry: &Entry,
) -> Result<(), StoreError> {
    let (audience, object) = (
        header.audience.as_bytes().as_slice(),
        header.object.as_bytes().as_slice(),
    );
    let seq = signed(header.seq);
    tx.execute(
        "INSERT INTO entry (audience, seq, header, is_tombstone, kind, object, revision, key_epoch, blob,
                            sealed_payload, wrapped_file_key)
         VALUES (:audience, :seq, :header, :is_tombstone, :kind, :object, :revision, :key_epoch, :blob,
                 :sealed_payload, :wrapped_file_key)",
        named_params! {
            ":audience": audience, ":seq": seq, ":header": entry.header_bytes,
            ":is_tombstone": header.op == Op::Tombstone, ":kind": header.object_kind.number(), ":object": object,
            ":revision": header.revision, ":key_epoch": header.key_epoch.0,
            ":blob": header.blob_id.as_ref().map(|b| b.as_bytes().as_slice()),
            ":sealed_payload": entry.sealed_payload, ":wrapped_file_key": entry.wrapped_file_key,
        },
    )?;
    let place = named_params! {":audience": audience, ":object": object};
    match header.op {
        Op::Tombstone => tx.execute(
            "DELETE FROM listed WHERE audience = :audience AND object = :object",
            place,
        )?,
        Op::Upsert => tx.execute(
            "INSERT INTO listed (audience, object, seq) VALUES (:audience, :object, :seq)
             ON CONFLICT (audience, object) DO UPDATE SET seq = excluded.seq",
            named_params! {":audience": audience, ":object": object, ":seq": seq},
        )?,
    };
    Ok(())
}

/// Erases payload and wrapped key of all entries of an object in one chain; the chain stays verifiable.
pub(crate) fn erase(
    tx: &Transaction<'_>,
    audience: &AudienceId,
    object: &ObjectId,
) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE entry SET sealed_payload = NULL, wrapped_file_key = NULL
         WHERE audience = :audience AND object = :object",
        named_params! {":audience": audience.as_bytes(), ":object": object.as_bytes()},
    )?;
    Ok(())
}

/// Erases what one chain still holds of one ciphertext of a file.
pub(crate) fn erase_blob(
    tx: &Transaction<'_>,
    audience: &AudienceId,
    object: &ObjectId,
    blob: &BlobId,
) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE entry SET sealed_payload = NULL, wrapped_file_key = NULL
         WHERE audience = :audience AND object = :object AND blob = :blob",
        named_params! {":audience": audience.as_bytes(), ":object": object.as_bytes(), ":blob": blob.as_bytes()},
    )?;
    Ok(())
}

/// The entries after a position, at most `limit`.
pub(crate) fn after(
    c: &Connection,
    audience: &AudienceId,
    seq: u64,
    limit: usize,
) -> Result<Vec<Entry>, StoreError> {
    let mut statement = c.prepare(
        "SELECT header, sealed_payload, wrapped_file_key FROM entry
         WHERE audience = :audience AND seq > :seq ORDER BY seq LIMIT :limit",
    )?;
    let rows = statement.query_map(
        named_params! {
            ":audience": audience.as_bytes(), ":seq": signed(seq), ":limit": i64::try_from(limit).unwrap_or(i64::MAX),
        },
        entry_row,
    )?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The newest upsert of each object that is there, ascending by position.
pub(crate) fn live(c: &Connection, audience: &AudienceId) -> Result<Vec<Entry>, StoreError> {
    let mut statement = c.prepare(
        "SELECT header, sealed_payload, wrapped_file_key FROM listed
         JOIN entry USING (audience, seq) WHERE audience = :audience ORDER BY seq",
    )?;
    let rows = statement.query_map(named_params! {":audience": audience.as_bytes()}, entry_row)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Everything that all chains amount to.
pub(crate) fn listed(
    c: &Connection,
) -> Result<BTreeMap<(AudienceId, ObjectId), ListedRow>, StoreError> {
    let mut statement = c.prepare(
        "SELECT listed.audience, listed.object, header, sealed_payload, wrapped_file_key, source
         FROM listed
         JOIN entry ON entry.audience = listed.audience AND entry.seq = listed.seq
         JOIN object_id ON object_id.id = listed.object",
    )?;
    let rows = statement.query_map([], |row| {
        Ok(ListedRow {
            audience: id_of(row, "audience")?,
            object: id_of(row, "object")?,
            entry: entry_row(row)?,
            source: row.get("source")?,
        })
    })?;
    let mut listed = BTreeMap::new();
    for row in rows {
        let row = row?;
        listed.insert((row.audience, row.object), row);
    }
    Ok(listed)
}

fn entry_row(row: &Row<'_>) -> rusqlite::Result<Entry> {
    Ok(Entry {
        header_bytes: row.get("header")?,
        sealed_payload: row.get("sealed_payload")?,
        wrapped_file_key: row.get("wrapped_file_key")?,
    })
}

/// The highest revision of an object in any chain, tombstones included; 0 where it never was.
pub(crate) fn highest_revision(c: &Connection, object: &ObjectId) -> Result<u32, StoreError> {
    let sql = "SELECT coalesce(max(revision), 0) FROM entry WHERE object = :object";
    Ok(
        c.query_row(sql, named_params! {":object": object.as_bytes()}, |row| {
            row.get(0)
        })?,
    )
}

/// The audiences in which a ciphertext can still be opened.
pub(crate) fn audiences_of_blob(
    c: &Connection,
    blob: &BlobId,
) -> Result<Vec<AudienceId>, StoreError> {
    let mut statement = c.prepare(
        "SELECT DISTINCT audience FROM entry WHERE blob = :blob AND wrapped_file_key IS NOT NULL",
    )?;
    let rows = statement.query_map(named_params! {":blob": blob.as_bytes()}, |row| {
        id_of(row, "audience")
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}
