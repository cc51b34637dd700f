//! `created` and `modified`: noted with each publishing, by comparing what is shown now with what was shown before.
//! An object's `modified` moves whenever anything moves that stands in it, embedded objects included; so a client that
//! asks for changes misses none.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::Transaction;
use sync_protocol::chain::ChainPosition;
use sync_protocol::ids::{CouncilId, Hash, ObjectId};

use super::address::Addresses;
use super::kind::Kind;
use super::render::{Render, SYSTEM_ID, Stamp};
use super::shown::{Shown, public_audience};
use crate::error::ServerError;
use crate::keys::Keys;
use crate::store::meta::{self, name};
use crate::store::stamps::{self, StampRow};

/// Rises when objects are written differently: then all of them count as modified once.
const SHAPE: u32 = 1;

/// What the stamps stand for: the public chain's end and the way of writing.
pub(crate) fn mark_of(position: &ChainPosition) -> String {
    format!("{SHAPE} {} {}", position.seq, position.hash)
}

/// Brings the stamps up to the public chain's end. The last step of a publishing, so that the time is that of its end:
/// whoever read before sees the change in the next asking.
///
/// Errors: storage, keys.
pub(crate) fn settle(
    tx: &Transaction<'_>,
    keys: &Keys,
    council: CouncilId,
    now_at_ms: i64,
) -> Result<(), ServerError> {
    let audience = public_audience(tx)?;
    let mark = mark_of(&audience.position);
    if meta::text(tx, name::STAMPED_AT)?.as_deref() == Some(mark.as_str()) {
        return Ok(());
    }
    let shown = Shown::read(tx, keys, council, &audience)?;
    let before: BTreeMap<ObjectId, StampRow> = stamps::all(tx)?
        .into_iter()
        .map(|row| (row.object, row))
        .collect();
    for row in changed(&before, &digests(&shown), now_at_ms) {
        stamps::put(tx, &row)?;
    }
    Ok(meta::put(tx, name::STAMPED_AT, mark.as_bytes())?)
}

/// Rows as the interface needs them; kinds of later versions are left out.
pub(crate) fn by_object(rows: Vec<StampRow>) -> BTreeMap<ObjectId, Stamp> {
    let stamp = |row: StampRow| {
        let stamp = Stamp {
            kind: Kind::from_number(row.kind)?,
            created_at_ms: row.created_at_ms,
            modified_at_ms: row.modified_at_ms,
            is_withdrawn: row.digest.is_none(),
        };
        Some((row.object, stamp))
    };
    rows.into_iter().filter_map(stamp).collect()
}

/// The digest of what is shown of each object, its times left aside.
fn digests(shown: &Shown) -> BTreeMap<ObjectId, (Kind, Hash)> {
    let addresses = Addresses::relative();
    let render = Render {
        shown,
        addresses: &addresses,
        stamps: None,
        omit_internal: false,
    };
    let objects = shown.objects.iter();
    let kinds = objects.filter_map(|(id, object)| Some((*id, Kind::of(object.kind())?)));
    let locations = shown.locations.keys().map(|id| (*id, Kind::Location));
    let mut found = BTreeMap::new();
    for (id, kind) in kinds.chain(locations).chain([(SYSTEM_ID, Kind::System)]) {
        if let Some(fields) = render.object(&id) {
            let text = serde_json::Value::Object(fields).to_string();
            found.insert(id, (kind, hash_of(&shown.files, &id, &text)));
        }
    }
    found
}

/// A file's bytes count as part of it: another ciphertext is another file to fetch.
fn hash_of(
    files: &BTreeMap<ObjectId, super::shown::SealedFile>,
    id: &ObjectId,
    text: &str,
) -> Hash {
    let mut bytes = text.as_bytes().to_vec();
    if let Some(file) = files.get(id) {
        bytes.extend_from_slice(file.blob.as_bytes());
    }
    Hash::of(&bytes)
}

/// The rows to write: what is new, what is shown differently, what is withdrawn.
fn changed(
    before: &BTreeMap<ObjectId, StampRow>,
    shown: &BTreeMap<ObjectId, (Kind, Hash)>,
    now_at_ms: i64,
) -> Vec<StampRow> {
    let mut rows = Vec::new();
    let ids: BTreeSet<&ObjectId> = before.keys().chain(shown.keys()).collect();
    for id in ids {
        let (old, new) = (before.get(id), shown.get(id));
        let digest = new.map(|(_, digest)| *digest);
        let kind = match (old, new) {
            (Some(old), _) => old.kind,
            (None, Some((kind, _))) => kind.number(),
            (None, None) => continue,
        };
        if old.is_some_and(|old| old.digest == digest) {
            continue;
        }
        rows.push(StampRow {
            object: *id,
            kind,
            created_at_ms: old.map_or(now_at_ms, |old| old.created_at_ms),
            // A clock that was set back must not hide the change from those who know the later time.
            modified_at_ms: old.map_or(now_at_ms, |old| old.modified_at_ms.max(now_at_ms)),
            digest,
        });
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(number: u8) -> ObjectId {
        ObjectId::from_bytes([number; 16])
    }

    fn row(number: u8, digest: Option<&[u8]>) -> (ObjectId, StampRow) {
        let row = StampRow {
            object: id(number),
            kind: Kind::Paper.number(),
            created_at_ms: 100,
            modified_at_ms: 200,
            digest: digest.map(Hash::of),
        };
        (id(number), row)
    }

    #[test]
    fn only_what_is_shown_differently_gets_a_new_time() {
        let before = BTreeMap::from([
            row(1, Some(b"same")),
            row(2, Some(b"old")),
            row(3, Some(b"gone")),
            row(4, None),
            row(5, None),
        ]);
        let shown = [(1, "same"), (2, "new"), (5, "back"), (6, "first")]
            .map(|(number, text)| (id(number), (Kind::Paper, Hash::of(text.as_bytes()))));
        let rows = changed(&before, &BTreeMap::from(shown), 300);
        let said: Vec<_> = rows
            .iter()
            .map(|r| {
                (
                    r.object,
                    r.created_at_ms,
                    r.modified_at_ms,
                    r.digest.is_some(),
                )
            })
            .collect();
        assert_eq!(
            said,
            [
                (id(2), 100, 300, true),
                (id(3), 100, 300, false),
                (id(5), 100, 300, true),
                (id(6), 300, 300, true),
            ],
            "what stays as it was, or stays withdrawn, keeps its time"
        );
    }

    #[test]
    fn a_clock_set_back_takes_no_time_back() {
        let before = BTreeMap::from([row(1, Some(b"old"))]);
        let shown = BTreeMap::from([(id(1), (Kind::Paper, Hash::of(b"new")))]);
        let rows = changed(&before, &shown, 50);
        assert_eq!(rows.first().map(|r| r.modified_at_ms), Some(200));
    }
}
