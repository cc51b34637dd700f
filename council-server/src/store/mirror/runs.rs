//! Table `run`: what came of the imports. The last few of each address are kept.

use rusqlite::{Connection, Transaction, named_params};

use super::StoreError;

/// How many runs of one address are kept: a day of imports every quarter of an hour.
const KEPT: u32 = 100;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RunRow {
    pub url: String,
    pub started_at_ms: i64,
    pub finished_at_ms: i64,
    pub error: Option<String>,
    /// JSON.
    pub report: String,
}

pub(crate) fn put(tx: &Transaction<'_>, row: &RunRow) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO run (url, started_at_ms, finished_at_ms, error, report)
         VALUES (:url, :started_at_ms, :finished_at_ms, :error, :report)",
        named_params! {
            ":url": row.url, ":started_at_ms": row.started_at_ms, ":finished_at_ms": row.finished_at_ms,
            ":error": row.error, ":report": row.report,
        },
    )?;
    tx.execute(
        "DELETE FROM run WHERE url = :url AND number <=
             (SELECT number FROM run WHERE url = :url ORDER BY number DESC LIMIT 1 OFFSET :kept)",
        named_params! {":url": row.url, ":kept": KEPT},
    )?;
    Ok(())
}

/// The last run of each address.
pub(crate) fn last(c: &Connection) -> Result<Vec<RunRow>, StoreError> {
    let sql =
        "SELECT * FROM run WHERE number IN (SELECT max(number) FROM run GROUP BY url) ORDER BY url";
    let mut statement = c.prepare(sql)?;
    let rows = statement.query_map([], |row| {
        Ok(RunRow {
            url: row.get("url")?,
            started_at_ms: row.get("started_at_ms")?,
            finished_at_ms: row.get("finished_at_ms")?,
            error: row.get("error")?,
            report: row.get("report")?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}
