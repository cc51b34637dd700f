//! The text of a page as it lies in the index: deflated, for snippets and for taking the page out again.

use crate::error::SearchError;
use rusqlite::{Connection, named_params};

/// Level 6 of deflate: the usual balance of time and size.
const LEVEL: u8 = 6;
/// A page never holds more text than this, bytes; a longer one is not one that was written here.
const MOST_PAGE_BYTES: usize = 64 << 20;

pub(crate) fn deflate(text: &str) -> Vec<u8> {
    miniz_oxide::deflate::compress_to_vec(text.as_bytes(), LEVEL)
}

/// The text of the page with this row.
pub(crate) fn stored_page(connection: &Connection, row: i64) -> Result<String, SearchError> {
    let deflated: Vec<u8> = connection
        .prepare_cached("SELECT text FROM pages WHERE row = :row")?
        .query_row(named_params! { ":row": row }, |row| row.get(0))?;
    let bytes = miniz_oxide::inflate::decompress_to_vec_with_limit(&deflated, MOST_PAGE_BYTES)
        .map_err(|_| SearchError::BadRow)?;
    String::from_utf8(bytes).map_err(|_| SearchError::BadRow)
}
