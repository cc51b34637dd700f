//! Table `faction_snapshot`: of each space the snapshot that reaches furthest.

use rusqlite::{Connection, OptionalExtension, Transaction, named_params};

use super::spaces::SpaceNumber;
use crate::store::{StoreError, signed, unsigned};

/// What is known of a snapshot without reading it.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Reach {
    /// Place that it covers; 0: there is none.
    pub upto: u64,
    pub byte_len: u64,
}

pub(crate) fn reach(c: &Connection, space: SpaceNumber) -> Result<Reach, StoreError> {
    let sql = "SELECT upto, length(bytes) AS byte_len FROM faction_snapshot WHERE space = :space";
    let found = c.query_row(sql, named_params! {":space": space.0}, |row| {
        Ok(Reach {
            upto: unsigned(row, "upto")?,
            byte_len: unsigned(row, "byte_len")?,
        })
    });
    Ok(found.optional()?.unwrap_or_default())
}

/// The bytes, as they were put.
pub(crate) fn bytes(c: &Connection, space: SpaceNumber) -> Result<Option<Vec<u8>>, StoreError> {
    let sql = "SELECT bytes FROM faction_snapshot WHERE space = :space";
    Ok(
        c.query_row(sql, named_params! {":space": space.0}, |row| row.get(0))
            .optional()?,
    )
}

/// Takes the place of the one before.
pub(crate) fn put(
    tx: &Transaction<'_>,
    space: SpaceNumber,
    upto: u64,
    bytes: &[u8],
) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO faction_snapshot (space, upto, bytes) VALUES (:space, :upto, :bytes)
         ON CONFLICT (space) DO UPDATE SET upto = excluded.upto, bytes = excluded.bytes",
        named_params! {":space": space.0, ":upto": signed(upto), ":bytes": bytes},
    )?;
    Ok(())
}
