//! How far each database follows its chain.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, named_params};
use sync_protocol::chain::{ChainPosition, EntryHeader};
use sync_protocol::class_key::KeyEpoch;
use sync_protocol::ids::{AudienceId, Hash};
use sync_protocol::model::ObjectKind;

use super::StoreError;
use super::read::{id16, id32, number32, unsigned};

/// Adds how far a database follows its audience's chain; nothing before the first entry.
pub(crate) fn collect_positions(
    conn: &Connection,
    positions: &mut BTreeMap<AudienceId, ChainPosition>,
) -> Result<(), StoreError> {
    let mut statement = conn.prepare_cached("SELECT audience, seq, hash FROM chain_state")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let at = ChainPosition {
            seq: unsigned(row, "seq")?,
            hash: Hash::from_bytes(id32(row, "hash")?),
        };
        positions.insert(AudienceId::from_bytes(id16(row, "audience")?), at);
    }
    Ok(())
}

/// Adds the class keys under which entries are kept sealed in a database, which follows one chain. Entries of a kind that
/// only a later version of the app knows wait for that, whatever keys are here.
pub(crate) fn collect_sealed(
    conn: &Connection,
    sealed: &mut BTreeMap<AudienceId, BTreeSet<KeyEpoch>>,
) -> Result<(), StoreError> {
    let mut statement = conn.prepare_cached(
        "SELECT chain_state.audience, sealed_entries.key_epoch, sealed_entries.header FROM sealed_entries, chain_state",
    )?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let header: Vec<u8> = row.get("header")?;
        let header =
            EntryHeader::from_bytes(&header).map_err(|_| StoreError::BadRow { what: "header" })?;
        if matches!(header.object_kind, ObjectKind::Unknown(_)) {
            continue;
        }
        let audience = AudienceId::from_bytes(id16(row, "audience")?);
        let epoch = KeyEpoch(number32(row, "key_epoch")?);
        sealed.entry(audience).or_default().insert(epoch);
    }
    Ok(())
}

/// Moves a database to a position; the last statement of an apply.
pub(crate) fn set_position(
    tx: &Connection,
    audience: AudienceId,
    at: ChainPosition,
) -> Result<(), StoreError> {
    let seq = i64::try_from(at.seq).map_err(|_| StoreError::BadRow { what: "seq" })?;
    tx.prepare_cached(
        "INSERT INTO chain_state (audience, seq, hash) VALUES (:audience, :seq, :hash)
         ON CONFLICT (audience) DO UPDATE SET seq = excluded.seq, hash = excluded.hash",
    )?
    .execute(named_params! { ":audience": audience.as_bytes(), ":seq": seq, ":hash": at.hash.as_bytes() })?;
    Ok(())
}
