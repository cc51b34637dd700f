//! Table `object`: every object as it was fetched, compressed; stand-ins for those that could not be had.

use std::io::{Read, Write};

use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;
use rusqlite::{Connection, OptionalExtension, Row, Transaction, named_params};

use super::{StoreError, Validators};

/// JSON shorter than this is kept as it is: compressing would save little.
const COMPRESSED_FROM: usize = 400;
const PLAIN: u8 = 0;
const DEFLATED: u8 = 1;

/// Whether an object is to be deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Going {
    No = 0,
    /// The source says that it is deleted.
    Said = 1,
    /// What held it holds it no longer.
    Dropped = 2,
}

/// Where an object was had from; a later one knows more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub(crate) enum Origin {
    Embedded = 0,
    List = 1,
    OwnAddress = 2,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum State {
    /// Named by others, could not be had so far.
    StandIn = 0,
    Present = 1,
    Deleted = 2,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ObjectRow {
    pub path: String,
    pub kind: u8,
    pub url: String,
    pub parent: Option<String>,
    pub origin: Origin,
    pub state: State,
    pub going: Going,
    pub modified: Option<String>,
    pub digest: Option<Vec<u8>>,
    /// Uncompressed.
    pub json: Option<Vec<u8>>,
    pub validators: Validators,
    pub problem: Option<String>,
}

pub(crate) fn get(
    c: &Connection,
    source: i64,
    path: &str,
) -> Result<Option<ObjectRow>, StoreError> {
    let mut statement =
        c.prepare_cached("SELECT * FROM object WHERE source = :source AND path = :path")?;
    let place = named_params! {":source": source, ":path": path};
    Ok(statement.query_row(place, object_row).optional()?)
}

/// Hands every present object of a kind to `act`, one at a time, in the order of their paths.
pub(crate) fn each_present<E: From<StoreError>>(
    c: &Connection,
    source: i64,
    kind: u8,
    mut act: impl FnMut(ObjectRow) -> Result<(), E>,
) -> Result<(), E> {
    let mut statement = c
        .prepare_cached(
            "SELECT * FROM object WHERE source = :source AND kind = :kind AND state = 1 ORDER BY path",
        )
        .map_err(StoreError::from)?;
    let mut rows = statement
        .query(named_params! {":source": source, ":kind": kind})
        .map_err(StoreError::from)?;
    while let Some(row) = rows.next().map_err(StoreError::from)? {
        act(object_row(row).map_err(StoreError::from)?)?;
    }
    Ok(())
}

/// What is to be fetched in this run: path, address, kind, what it was asked for with last, and whether it is there.
pub(crate) fn due(c: &Connection, source: i64, limit: u32) -> Result<Vec<ObjectRow>, StoreError> {
    let sql =
        "SELECT * FROM object WHERE source = :source AND is_due = 1 ORDER BY path LIMIT :limit";
    let mut statement = c.prepare_cached(sql)?;
    let rows = statement.query_map(
        named_params! {":source": source, ":limit": limit},
        object_row,
    )?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(crate) fn put(
    tx: &Transaction<'_>,
    source: i64,
    row: &ObjectRow,
    fetched_at_ms: i64,
) -> Result<(), StoreError> {
    let json = row.json.as_deref().map(packed);
    let mut statement = tx.prepare_cached(
        "INSERT INTO object (source, path, kind, url, parent, origin, state, is_due, is_going, modified, digest, json,
             etag, last_modified, problem, fetched_at_ms)
         VALUES (:source, :path, :kind, :url, :parent, :origin, :state, 0, :is_going, :modified, :digest, :json,
             :etag, :last_modified, :problem, :fetched_at_ms)
         ON CONFLICT (source, path) DO UPDATE SET kind = excluded.kind, url = excluded.url, parent = excluded.parent,
             origin = excluded.origin, state = excluded.state, is_due = 0, is_going = excluded.is_going,
             modified = excluded.modified, digest = excluded.digest, json = excluded.json, etag = excluded.etag,
             last_modified = excluded.last_modified, problem = excluded.problem,
             fetched_at_ms = excluded.fetched_at_ms",
    )?;
    statement.execute(named_params! {
        ":source": source, ":path": row.path, ":kind": row.kind, ":url": row.url, ":parent": row.parent,
        ":origin": row.origin as u8, ":state": row.state as u8, ":is_going": row.going as u8, ":modified": row.modified,
        ":digest": row.digest, ":json": json, ":etag": row.validators.etag,
        ":last_modified": row.validators.last_modified, ":problem": row.problem, ":fetched_at_ms": fetched_at_ms,
    })?;
    Ok(())
}

/// Makes a stand-in for an object that is named, unless it is known. Result: whether it was made.
pub(crate) fn stand_in(
    tx: &Transaction<'_>,
    source: i64,
    path: &str,
    kind: u8,
    url: &str,
    parent: Option<&str>,
) -> Result<bool, StoreError> {
    let mut statement = tx.prepare_cached(
        "INSERT OR IGNORE INTO object (source, path, kind, url, parent, origin, state, is_due, is_going, fetched_at_ms)
         VALUES (:source, :path, :kind, :url, :parent, 2, 0, 1, 0, 0)",
    )?;
    let made = statement.execute(named_params! {
        ":source": source, ":path": path, ":kind": kind, ":url": url, ":parent": parent,
    })?;
    Ok(made > 0)
}

/// Marks an object that stands at its own address to be fetched again.
pub(crate) fn set_due(tx: &Transaction<'_>, source: i64, path: &str) -> Result<(), StoreError> {
    let mut statement = tx.prepare_cached(
        "UPDATE object SET is_due = 1 WHERE source = :source AND path = :path AND origin = 2 AND state < 2",
    )?;
    statement.execute(named_params! {":source": source, ":path": path})?;
    Ok(())
}

/// Marks all stand-ins to be fetched; with `also_present`, also all objects that stand at their own address.
pub(crate) fn set_all_due(
    tx: &Transaction<'_>,
    source: i64,
    also_present: bool,
) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE object SET is_due = 1 WHERE source = :source AND (state = 0 OR (:also AND state = 1 AND origin = 2))",
        named_params! {":source": source, ":also": also_present},
    )?;
    Ok(())
}

/// Notes that an object was asked for: unchanged, or why it could not be had.
pub(crate) fn set_tried(
    tx: &Transaction<'_>,
    source: i64,
    path: &str,
    problem: Option<&str>,
) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE object SET is_due = 0, problem = :problem WHERE source = :source AND path = :path",
        named_params! {":source": source, ":path": path, ":problem": problem},
    )?;
    Ok(())
}

/// Takes an object off the list of those to be fetched.
pub(crate) fn clear_due(tx: &Transaction<'_>, source: i64, path: &str) -> Result<(), StoreError> {
    let mut statement =
        tx.prepare_cached("UPDATE object SET is_due = 0 WHERE source = :source AND path = :path")?;
    statement.execute(named_params! {":source": source, ":path": path})?;
    Ok(())
}

/// Notes that the source says an object is deleted, or that it is there after all.
pub(crate) fn set_going(
    tx: &Transaction<'_>,
    source: i64,
    path: &str,
    going: Going,
) -> Result<(), StoreError> {
    let mut statement = tx.prepare_cached(
        "UPDATE object SET is_going = :is_going, is_due = 0 WHERE source = :source AND path = :path",
    )?;
    statement
        .execute(named_params! {":source": source, ":path": path, ":is_going": going as u8})?;
    Ok(())
}

/// How many objects are present, and how many of them are said to be deleted.
pub(crate) fn count(c: &Connection, source: i64) -> Result<(usize, usize), StoreError> {
    let sql = "SELECT count(*), coalesce(sum(is_going > 0), 0) FROM object WHERE source = :source AND state = 1";
    let counts = c.query_row(sql, named_params! {":source": source}, |row| {
        Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?))
    })?;
    let size = |n: i64| usize::try_from(n).unwrap_or(0);
    Ok((size(counts.0), size(counts.1)))
}

/// Carries out the deletions, with the memberships, items, consultations and files that the deleted objects held.
/// Contents are erased; only a file that another object may hold too keeps its own. Result: how many.
pub(crate) fn delete_going(tx: &Transaction<'_>, source: i64) -> Result<usize, StoreError> {
    let sql = "WITH RECURSIVE gone (path) AS (
                   SELECT path FROM object WHERE source = :source AND is_going > 0
                   UNION SELECT object.path FROM object JOIN gone ON object.parent = gone.path
                   WHERE object.source = :source AND object.state < 2 AND object.kind IN (5, 7, 9, 10))
               UPDATE object SET state = 2, is_due = 0, digest = NULL, problem = NULL,
                   json = CASE WHEN kind = 10 AND is_going <> 1 THEN json END,
                   modified = CASE WHEN is_going = 1 THEN modified END, is_going = 0
               WHERE source = :source AND state < 2 AND path IN gone";
    Ok(tx.execute(sql, named_params! {":source": source})?)
}

/// Paths of all objects that are deleted.
pub(crate) fn deleted(c: &Connection, source: i64) -> Result<Vec<String>, StoreError> {
    let sql = "SELECT path FROM object WHERE source = :source AND state = 2 ORDER BY path";
    let mut statement = c.prepare(sql)?;
    let rows = statement.query_map(named_params! {":source": source}, |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// What could not be had: address and reason.
pub(crate) fn failed(c: &Connection, source: i64) -> Result<Vec<(String, String)>, StoreError> {
    let sql = "SELECT url, problem FROM object WHERE source = :source AND problem IS NOT NULL ORDER BY path";
    let mut statement = c.prepare(sql)?;
    let rows = statement.query_map(named_params! {":source": source}, |row| {
        Ok((row.get(0)?, row.get(1)?))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn object_row(row: &Row<'_>) -> rusqlite::Result<ObjectRow> {
    let json: Option<Vec<u8>> = row.get("json")?;
    Ok(ObjectRow {
        path: row.get("path")?,
        kind: row.get("kind")?,
        url: row.get("url")?,
        parent: row.get("parent")?,
        origin: match row.get::<_, u8>("origin")? {
            0 => Origin::Embedded,
            1 => Origin::List,
            _ => Origin::OwnAddress,
        },
        state: match row.get::<_, u8>("state")? {
            0 => State::StandIn,
            1 => State::Present,
            _ => State::Deleted,
        },
        going: match row.get::<_, u8>("is_going")? {
            0 => Going::No,
            1 => Going::Said,
            _ => Going::Dropped,
        },
        modified: row.get("modified")?,
        digest: row.get("digest")?,
        json: json.and_then(|packed| unpacked(&packed)),
        validators: Validators {
            etag: row.get("etag")?,
            last_modified: row.get("last_modified")?,
        },
        problem: row.get("problem")?,
    })
}

fn packed(json: &[u8]) -> Vec<u8> {
    if json.len() >= COMPRESSED_FROM {
        let mut encoder = DeflateEncoder::new(vec![DEFLATED], Compression::fast());
        if encoder.write_all(json).is_ok()
            && let Ok(packed) = encoder.finish()
        {
            return packed;
        }
    }
    [&[PLAIN], json].concat()
}

/// `None` for bytes that cannot be unpacked: the object is fetched again then.
fn unpacked(packed: &[u8]) -> Option<Vec<u8>> {
    match packed.split_first()? {
        (&PLAIN, json) => Some(json.to_vec()),
        (&DEFLATED, deflated) => {
            let mut json = Vec::with_capacity(deflated.len() * 4);
            DeflateDecoder::new(deflated).read_to_end(&mut json).ok()?;
            Some(json)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_is_packed_and_unpacked() {
        for json in [b"{}".to_vec(), vec![b' '; 5000]] {
            let packed = packed(&json);
            assert!(packed.len() < 400);
            assert_eq!(unpacked(&packed).unwrap(), json);
        }
        assert_eq!(unpacked(b""), None);
    }
}
