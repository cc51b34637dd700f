//! Tables `faction_envelope` and `faction_author`: what was said in the server's order, and how far each author was ordered.

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension, Row, Transaction, named_params};
use sync_protocol::faction::envelope::{AuthorPosition, SignedEnvelope};
use sync_protocol::ids::{FactionDeviceId, Hash};

use super::spaces::SpaceNumber;
use crate::store::{StoreError, id_of, signed, unsigned};

/// Orders an envelope at `place`; `position` is its author's then.
pub(crate) fn insert(
    tx: &Transaction<'_>,
    space: SpaceNumber,
    place: u64,
    device: &FactionDeviceId,
    position: &AuthorPosition,
    envelope: &SignedEnvelope,
) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO faction_envelope (space, place, device, counter, hash, bytes)
         VALUES (:space, :place, :device, :counter, :hash, :bytes)",
        named_params! {
            ":space": space.0, ":place": signed(place), ":device": device.as_bytes(),
            ":counter": signed(position.counter), ":hash": position.hash.as_bytes(), ":bytes": envelope.as_bytes(),
        },
    )?;
    tx.execute(
        "INSERT INTO faction_author (space, device, counter, hash, roster_seq)
         VALUES (:space, :device, :counter, :hash, :roster_seq)
         ON CONFLICT (space, device) DO UPDATE
         SET counter = excluded.counter, hash = excluded.hash, roster_seq = excluded.roster_seq",
        named_params! {
            ":space": space.0, ":device": device.as_bytes(), ":counter": signed(position.counter),
            ":hash": position.hash.as_bytes(), ":roster_seq": signed(position.roster_seq),
        },
    )?;
    Ok(())
}

/// The place of an envelope that was ordered.
pub(crate) fn place_of(
    c: &Connection,
    space: SpaceNumber,
    device: &FactionDeviceId,
    counter: u64,
) -> Result<u64, StoreError> {
    let sql = "SELECT place FROM faction_envelope WHERE space = :space AND device = :device AND counter = :counter";
    let place = named_params! {":space": space.0, ":device": device.as_bytes(), ":counter": signed(counter)};
    Ok(c.query_row(sql, place, |row| unsigned(row, "place"))?)
}

/// The hash of an envelope, if it was ordered.
pub(crate) fn hash_of(
    c: &Connection,
    space: SpaceNumber,
    device: &FactionDeviceId,
    counter: u64,
) -> Result<Option<Hash>, StoreError> {
    let sql = "SELECT hash FROM faction_envelope WHERE space = :space AND device = :device AND counter = :counter";
    let place = named_params! {":space": space.0, ":device": device.as_bytes(), ":counter": signed(counter)};
    Ok(c.query_row(sql, place, |row| id_of(row, "hash"))
        .optional()?)
}

/// The envelopes after a place in their order: at most `limit`, until they have more than `max_len` bytes; one always fits.
pub(crate) fn after(
    c: &Connection,
    space: SpaceNumber,
    place: u64,
    limit: usize,
    max_len: usize,
) -> Result<Vec<SignedEnvelope>, StoreError> {
    let mut statement = c.prepare(
        "SELECT bytes FROM faction_envelope WHERE space = :space AND place > :place ORDER BY place",
    )?;
    let mut rows = statement.query(named_params! {":space": space.0, ":place": signed(place)})?;
    let (mut envelopes, mut byte_len) = (Vec::new(), 0usize);
    while envelopes.len() < limit {
        let Some(row) = rows.next()? else {
            break;
        };
        let bytes: Vec<u8> = row.get("bytes")?;
        byte_len = byte_len.saturating_add(bytes.len());
        if byte_len > max_len && !envelopes.is_empty() {
            break;
        }
        envelopes.push(SignedEnvelope(bytes));
    }
    Ok(envelopes)
}

/// How far one author was ordered.
pub(crate) fn position(
    c: &Connection,
    space: SpaceNumber,
    device: &FactionDeviceId,
) -> Result<AuthorPosition, StoreError> {
    let sql = "SELECT * FROM faction_author WHERE space = :space AND device = :device";
    let place = named_params! {":space": space.0, ":device": device.as_bytes()};
    let found = c.query_row(sql, place, position_row).optional()?;
    Ok(found.map_or(AuthorPosition::START, |(_, position)| position))
}

/// How far all authors were ordered.
pub(crate) fn positions(
    c: &Connection,
    space: SpaceNumber,
) -> Result<BTreeMap<FactionDeviceId, AuthorPosition>, StoreError> {
    let mut statement = c.prepare("SELECT * FROM faction_author WHERE space = :space")?;
    let rows = statement.query_map(named_params! {":space": space.0}, position_row)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn position_row(row: &Row<'_>) -> rusqlite::Result<(FactionDeviceId, AuthorPosition)> {
    let position = AuthorPosition {
        counter: unsigned(row, "counter")?,
        hash: id_of(row, "hash")?,
        roster_seq: unsigned(row, "roster_seq")?,
    };
    Ok((id_of(row, "device")?, position))
}

/// How far an author was ordered by a place of the order; counter and hash alone.
pub(crate) fn position_at(
    c: &Connection,
    space: SpaceNumber,
    device: &FactionDeviceId,
    place: u64,
) -> Result<AuthorPosition, StoreError> {
    let sql = "SELECT counter, hash FROM faction_envelope
               WHERE space = :space AND device = :device AND place <= :place ORDER BY counter DESC LIMIT 1";
    let at =
        named_params! {":space": space.0, ":device": device.as_bytes(), ":place": signed(place)};
    let found = c.query_row(sql, at, |row| {
        Ok(AuthorPosition {
            counter: unsigned(row, "counter")?,
            hash: id_of(row, "hash")?,
            roster_seq: 0,
        })
    });
    Ok(found.optional()?.unwrap_or(AuthorPosition::START))
}
