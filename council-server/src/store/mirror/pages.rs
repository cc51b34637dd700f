//! Tables `list` and `page`: which lists were read to their ends when, and which of their pages can be asked for
//! conditionally.

use rusqlite::{Connection, OptionalExtension, Transaction, named_params};

use super::{StoreError, Validators};

/// When the last walk began that reached the end of a list.
pub(crate) fn walked_at_ms(
    c: &Connection,
    source: i64,
    url: &str,
) -> Result<Option<i64>, StoreError> {
    let sql = "SELECT walked_at_ms FROM list WHERE source = :source AND url = :url";
    let place = named_params! {":source": source, ":url": url};
    Ok(c.query_row(sql, place, |row| row.get(0)).optional()?)
}

pub(crate) fn set_walked(
    tx: &Transaction<'_>,
    source: i64,
    url: &str,
    at_ms: i64,
) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO list (source, url, walked_at_ms) VALUES (:source, :url, :at_ms)
         ON CONFLICT (source, url) DO UPDATE SET walked_at_ms = excluded.walked_at_ms",
        named_params! {":source": source, ":url": url, ":at_ms": at_ms},
    )?;
    Ok(())
}

/// A page as it was read last.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct PageRow {
    pub validators: Validators,
    pub next: Option<String>,
}

pub(crate) fn page(c: &Connection, source: i64, url: &str) -> Result<Option<PageRow>, StoreError> {
    let sql = "SELECT etag, last_modified, next FROM page WHERE source = :source AND url = :url";
    let place = named_params! {":source": source, ":url": url};
    let found = c.query_row(sql, place, |row| {
        Ok(PageRow {
            validators: Validators {
                etag: row.get("etag")?,
                last_modified: row.get("last_modified")?,
            },
            next: row.get("next")?,
        })
    });
    Ok(found.optional()?)
}

pub(crate) fn put_page(
    tx: &Transaction<'_>,
    source: i64,
    url: &str,
    page: &PageRow,
) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO page (source, url, etag, last_modified, next) VALUES (:source, :url, :etag, :last_modified, :next)
         ON CONFLICT (source, url) DO UPDATE SET etag = excluded.etag, last_modified = excluded.last_modified,
             next = excluded.next",
        named_params! {
            ":source": source, ":url": url, ":etag": page.validators.etag,
            ":last_modified": page.validators.last_modified, ":next": page.next,
        },
    )?;
    Ok(())
}
