//! Rows to values: ids, CBOR, numbers that SQLite holds signed.

use minicbor::{Decode, Encode};
use rusqlite::Row;
use rusqlite::types::Type;
use sync_protocol::cbor::from_cbor_exact;

use crate::error::FactionError;

/// `N` bytes of a column.
pub(crate) fn fixed<const N: usize>(row: &Row<'_>, column: &str) -> rusqlite::Result<[u8; N]> {
    let bytes: Vec<u8> = row.get(column)?;
    let found = bytes.len();
    bytes.try_into().map_err(|_| {
        let error = std::io::Error::other(format!("{found} bytes where {N} stand"));
        rusqlite::Error::FromSqlConversionFailure(0, Type::Blob, Box::new(error))
    })
}

/// A column that is never negative.
pub(crate) fn number(row: &Row<'_>, column: &str) -> rusqlite::Result<u64> {
    let value: i64 = row.get(column)?;
    u64::try_from(value).map_err(|error| {
        rusqlite::Error::FromSqlConversionFailure(0, Type::Integer, Box::new(error))
    })
}

/// The other way round; counters end before SQLite's numbers do.
pub(crate) fn signed(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

/// What was stored as CBOR.
pub(crate) fn stored<T>(bytes: &[u8]) -> Result<T, FactionError>
where
    T: Encode<()> + for<'b> Decode<'b, ()>,
{
    from_cbor_exact(bytes).map_err(FactionError::Stored)
}
