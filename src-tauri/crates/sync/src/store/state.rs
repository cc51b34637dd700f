//! How far each database follows its chain.

use rusqlite::{Connection, named_params};
use sync_protocol::chain::ChainPosition;
use sync_protocol::ids::{AudienceId, Hash};

use super::read::{id32, unsigned};
use super::StoreError;

/// How far a database follows its audience's chain; `None` before the first entry.
pub(crate) fn position(conn: &Connection, audience: AudienceId) -> Result<Option<ChainPosition>, StoreError> {
    let mut statement = conn.prepare_cached("SELECT seq, hash FROM chain_state WHERE audience = :audience")?;
    let mut rows = statement.query(named_params! { ":audience": audience.as_bytes() })?;
    match rows.next()? {
        Some(row) => Ok(Some(ChainPosition { seq: unsigned(row, "seq")?, hash: Hash::from_bytes(id32(row, "hash")?) })),
        None => Ok(None),
    }
}

/// Moves a database to a position; the last statement of an apply.
pub(crate) fn set_position(tx: &Connection, audience: AudienceId, at: ChainPosition) -> Result<(), StoreError> {
    let seq = i64::try_from(at.seq).map_err(|_| StoreError::BadRow { what: "seq" })?;
    tx.prepare_cached(
        "INSERT INTO chain_state (audience, seq, hash) VALUES (:audience, :seq, :hash)
         ON CONFLICT (audience) DO UPDATE SET seq = excluded.seq, hash = excluded.hash",
    )?
    .execute(named_params! { ":audience": audience.as_bytes(), ":seq": seq, ":hash": at.hash.as_bytes() })?;
    Ok(())
}
