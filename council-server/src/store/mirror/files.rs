//! Table `file`: which version of a file was fetched last, and what could not be had.

use rusqlite::{Connection, OptionalExtension, Row, Transaction, named_params};

use super::{StoreError, Validators};

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FetchedRow {
    pub path: String,
    pub stamp: String,
    pub url: String,
    pub is_pdf: bool,
    pub validators: Validators,
    pub problem: Option<String>,
}

pub(crate) fn get(
    c: &Connection,
    source: i64,
    path: &str,
) -> Result<Option<FetchedRow>, StoreError> {
    let mut statement =
        c.prepare_cached("SELECT * FROM file WHERE source = :source AND path = :path")?;
    let place = named_params! {":source": source, ":path": path};
    Ok(statement.query_row(place, fetched_row).optional()?)
}

/// What could not be had.
pub(crate) fn failed(c: &Connection, source: i64) -> Result<Vec<FetchedRow>, StoreError> {
    let sql = "SELECT * FROM file WHERE source = :source AND problem IS NOT NULL ORDER BY path";
    let mut statement = c.prepare(sql)?;
    let rows = statement.query_map(named_params! {":source": source}, fetched_row)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn fetched_row(row: &Row<'_>) -> rusqlite::Result<FetchedRow> {
    Ok(FetchedRow {
        path: row.get("path")?,
        stamp: row.get("stamp")?,
        url: row.get("url")?,
        is_pdf: row.get("is_pdf")?,
        validators: Validators {
            etag: row.get("etag")?,
            last_modified: row.get("last_modified")?,
        },
        problem: row.get("problem")?,
    })
}

pub(crate) fn put(tx: &Transaction<'_>, source: i64, row: &FetchedRow) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO file (source, path, stamp, url, is_pdf, etag, last_modified, problem)
         VALUES (:source, :path, :stamp, :url, :is_pdf, :etag, :last_modified, :problem)
         ON CONFLICT (source, path) DO UPDATE SET stamp = excluded.stamp, url = excluded.url,
             is_pdf = excluded.is_pdf, etag = excluded.etag, last_modified = excluded.last_modified,
             problem = excluded.problem",
        named_params! {
            ":source": source, ":path": row.path, ":stamp": row.stamp, ":url": row.url, ":is_pdf": row.is_pdf,
            ":etag": row.validators.etag, ":last_modified": row.validators.last_modified, ":problem": row.problem,
        },
    )?;
    Ok(())
}

/// Forgets a failure of a file that nothing names any more.
pub(crate) fn forget(tx: &Transaction<'_>, source: i64, path: &str) -> Result<(), StoreError> {
    let sql = "DELETE FROM file WHERE source = :source AND path = :path";
    tx.execute(sql, named_params! {":source": source, ":path": path})?;
    Ok(())
}
