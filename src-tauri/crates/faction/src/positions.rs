//! How far each author was followed, and what is forgotten when a removal lets less of one count.

use std::collections::BTreeMap;

use rusqlite::{Transaction, named_params};
use sync_protocol::faction::content::kind;
use sync_protocol::faction::envelope::AuthorPosition;
use sync_protocol::faction::roster::Roster;
use sync_protocol::ids::{FactionDeviceId, ItemId};

use crate::error::FactionError;
use crate::rows::signed;

/// Forgets what was made of a document that an item of this kind has come to. After an edit what is kept merged stays, the edit is
/// merged on top of it; another beginning may change whose edits count.
pub(crate) fn forget_made(
    tx: &Transaction<'_>,
    space: i64,
    (item, kind): (ItemId, u32),
) -> Result<(), FactionError> {
    let tables = match kind {
        kind::EDIT => &["reading"][..],
        kind::DOCUMENT => &["reading", "document"],
        _ => &[],
    };
    for table in tables {
        let sql = format!("DELETE FROM {table} WHERE space = :space AND item = :item");
        tx.prepare_cached(&sql)?
            .execute(named_params! {":space": space, ":item": item.as_bytes()})?;
    }
    Ok(())
}

pub(crate) fn store_position(
    tx: &Transaction<'_>,
    space: i64,
    device: FactionDeviceId,
    position: &AuthorPosition,
) -> Result<(), FactionError> {
    tx.prepare_cached(
        "INSERT OR REPLACE INTO author (space, device, counter, hash, roster_seq)
         VALUES (:space, :device, :counter, :hash, :roster_seq)",
    )?
    .execute(named_params! {
        ":space": space, ":device": device.as_bytes(), ":counter": signed(position.counter),
        ":hash": position.hash.as_bytes(), ":roster_seq": signed(position.roster_seq),
    })?;
    Ok(())
}

/// Forgets what was taken of a device beyond its cut: whoever took it out had not seen it, so it counts nowhere.
pub(crate) fn cut_back(
    tx: &Transaction<'_>,
    space: i64,
    roster: &Roster,
    positions: &BTreeMap<FactionDeviceId, AuthorPosition>,
) -> Result<(), FactionError> {
    for device in roster.devices() {
        let claim = &device.record.claim;
        let (Some(removal), Some(position)) = (&device.removal, positions.get(&claim.device))
        else {
            continue;
        };
        if position.counter <= removal.cut.counter {
            continue;
        }
        let beyond = named_params! {
            ":space": space, ":device": claim.device.as_bytes(), ":counter": signed(removal.cut.counter),
        };
        for table in ["document", "reading"] {
            let sql = format!(
                "DELETE FROM {table} WHERE space = :space AND item IN (SELECT item FROM item
                 WHERE space = :space AND author = :device AND counter > :counter)"
            );
            tx.execute(&sql, beyond)?;
        }
        tx.execute(
            "DELETE FROM item WHERE space = :space AND author = :device AND counter > :counter",
            beyond,
        )?;
        if removal.cut.counter == 0 {
            tx.execute(
                "DELETE FROM author WHERE space = :space AND device = :device",
                named_params! {":space": space, ":device": claim.device.as_bytes()},
            )?;
        } else {
            let kept = AuthorPosition {
                counter: removal.cut.counter,
                hash: removal.cut.hash,
                roster_seq: position.roster_seq.min(removal.seq),
            };
            store_position(tx, space, claim.device, &kept)?;
        }
    }
    Ok(())
}
