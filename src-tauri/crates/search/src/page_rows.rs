//! Numbers of pages: they ascend with the date of the document, so that reading the index backwards meets the coming and
//! newest meetings first and can stop early. Pages of one document follow each other.

use crate::error::SearchError;
use rusqlite::{Connection, OptionalExtension, named_params};

/// Documents of one week share a bucket of this many numbers; a fuller week flows over into the next one.
const ROWS_PER_WEEK: i64 = 1 << 15;
const WEEK_MS: i64 = 7 * 24 * 3_600_000;
/// Weeks since 1970 that can be told apart: up to the year 2200.
const MOST_WEEKS: i64 = 12_000;
/// Pages of one document that are indexed at most.
pub(crate) const MOST_PAGES: usize = 20_000;

/// The bucket's first row for a date; documents without a date come before all others.
pub(crate) fn bucket_of(date_ms: Option<i64>) -> i64 {
    let week = date_ms.map_or(0, |ms| ms.div_euclid(WEEK_MS).clamp(1, MOST_WEEKS));
    week * ROWS_PER_WEEK
}

/// Rows that documents of a span of time can have, with a bucket to spare on either side.
pub(crate) fn rows_between(from_ms: Option<i64>, to_ms: Option<i64>) -> (i64, i64) {
    (
        from_ms.map_or(0, |ms| bucket_of(Some(ms)) - ROWS_PER_WEEK),
        to_ms.map_or(i64::MAX, |ms| bucket_of(Some(ms)) + 8 * ROWS_PER_WEEK),
    )
}

/// The first of `count` free numbers that follow each other, as near to the date as there are.
pub(crate) fn free_rows(
    connection: &Connection,
    date_ms: Option<i64>,
    count: usize,
) -> Result<i64, SearchError> {
    let count = i64::try_from(count).map_err(|_| SearchError::TooManyPages)?;
    let mut bucket = bucket_of(date_ms);
    loop {
        // The last document that begins before the end of this bucket.
        let end: i64 = connection
            .prepare_cached(
                "SELECT first_row + page_count FROM owners
                 WHERE page_count > 0 AND first_row < :end ORDER BY first_row DESC LIMIT 1",
            )?
            .query_row(named_params! { ":end": bucket + ROWS_PER_WEEK }, |row| {
                row.get(0)
            })
            .optional()?
            .unwrap_or(0);
        let first = end.max(bucket);
        let next: i64 = connection
            .prepare_cached(
                "SELECT first_row FROM owners
                 WHERE page_count > 0 AND first_row >= :first ORDER BY first_row LIMIT 1",
            )?
            .query_row(named_params! { ":first": first }, |row| row.get(0))
            .optional()?
            .unwrap_or(i64::MAX);
        if first < bucket + ROWS_PER_WEEK && first + count <= next {
            return Ok(first);
        }
        bucket += ROWS_PER_WEEK;
    }
}
