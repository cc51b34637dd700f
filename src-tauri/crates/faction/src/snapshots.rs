//! Snapshots: what the items here amount to, for a device that starts anew; and beginning from one.
//! Edits of a document for everybody become one; what is sealed for readers of a paper is handed on as it is.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::named_params;
use sync_protocol::cbor::from_cbor_lenient;
use sync_protocol::faction::content::{Item, kind};
use sync_protocol::faction::envelope::AuthorPosition;
use sync_protocol::faction::snapshot::{Covered, Kept, KeptItem, SignedSnapshot, make_snapshot};
use sync_protocol::ids::ItemId;

use crate::document::{DocumentKind, Imported, Merged};
use crate::error::FactionError;
use crate::items::{Begin, ItemRow, insert_item, of_kind};
use crate::positions::store_position;
use crate::rows::signed;
use crate::space::Space;

/// Kinds in the order in which they are kept. Later kinds are handed on too, see [`Space::snapshot`].
const KNOWN: [u32; 6] = [
    kind::SHARE,
    kind::WITHDRAW,
    kind::DOCUMENT,
    kind::EDIT,
    kind::READ,
    kind::UNREAD,
];

impl Space {
    /// Makes a snapshot of everything that was taken, without what waits here.
    ///
    /// Errors: `SeedMissing`, [`SnapshotError`](sync_protocol::faction::snapshot::SnapshotError), the database.
    pub fn snapshot(&self) -> Result<SignedSnapshot, FactionError> {
        let mut items = Vec::new();
        let mut messages = BTreeSet::new();
        for number in KNOWN {
            let rows = self
                .store
                .read(|connection| of_kind(connection, self.row, number))?;
            if number == kind::DOCUMENT {
                messages = rows
                    .iter()
                    .filter(|row| is_message(row))
                    .map(|row| row.item.item)
                    .collect();
            }
            if number == kind::EDIT {
                items.extend(merge_edits(rows, &messages)?);
            } else {
                items.extend(rows.into_iter().map(kept));
            }
        }
        items.extend(self.later_items()?.into_iter().map(kept));
        let covered = self
            .positions()?
            .into_iter()
            .map(|(device, position)| Covered { device, position })
            .collect();
        Ok(make_snapshot(
            &self.roster,
            &self.newest_seed()?,
            self.keys.device,
            &self.keys.sign,
            covered,
            &Kept { items },
        )?)
    }

    fn later_items(&self) -> Result<Vec<ItemRow>, FactionError> {
        self.store.read(|connection| {
            let mut statement = connection
                .prepare("SELECT DISTINCT kind FROM item WHERE space = :space AND kind > :known")?;
            let params = named_params! {":space": self.row, ":known": kind::UNREAD};
            let kinds = statement.query_map(params, |row| row.get(0))?;
            let kinds: Vec<u32> = kinds.collect::<Result<_, _>>()?;
            let mut rows = Vec::new();
            for kind in kinds {
                rows.extend(of_kind(connection, self.row, kind)?);
            }
            Ok(rows)
        })
    }

    /// Begins with a snapshot; the device must have seen nothing yet.
    ///
    /// `upto`: place in the server's order that it was made at. Errors: `NotFresh`, `SeedMissing`,
    /// [`SnapshotError`](sync_protocol::faction::snapshot::SnapshotError), the database; the state is unchanged.
    pub fn begin_from(
        &mut self,
        snapshot: &SignedSnapshot,
        upto: u64,
    ) -> Result<usize, FactionError> {
        if !self.positions()?.is_empty() {
            return Err(FactionError::NotFresh);
        }
        let verified = snapshot.verify(&self.roster, |_| AuthorPosition::START)?;
        let seeds = self.seeds()?;
        let seed = seeds
            .get(&verified.epoch)
            .ok_or(FactionError::SeedMissing)?;
        let kept = verified.open(seed)?;
        self.all_have_changed();
        self.store.write(|tx| {
            for one in &kept.items {
                let row = ItemRow {
                    author: one.author,
                    counter: one.counter,
                    at_ms: one.at_ms,
                    item: one.item.clone(),
                };
                insert_item(tx, self.row, &row)?;
            }
            for covered in &verified.covered {
                store_position(tx, self.row, covered.device, &covered.position)?;
            }
            let sql = "UPDATE space SET fetched = :upto WHERE id = :space";
            tx.execute(
                sql,
                named_params! {":upto": signed(upto), ":space": self.row},
            )?;
            Ok(())
        })?;
        Ok(kept.items.len())
    }
}

fn kept(row: ItemRow) -> KeptItem {
    KeptItem {
        item: row.item,
        author: row.author,
        counter: row.counter,
        at_ms: row.at_ms,
    }
}

fn is_message(row: &ItemRow) -> bool {
    let begin = row.item.body.as_deref().map(from_cbor_lenient::<Begin>);
    matches!(begin, Some(Ok(begin)) if begin.kind == DocumentKind::Message.number())
}

/// One edit for each document in place of many. In a message only its author's edits count, so it is left as it is if others
/// have written into it.
fn merge_edits(
    rows: Vec<ItemRow>,
    messages: &BTreeSet<ItemId>,
) -> Result<Vec<KeptItem>, FactionError> {
    let mut by_document: BTreeMap<ItemId, Vec<ItemRow>> = BTreeMap::new();
    for row in rows {
        by_document.entry(row.item.item).or_default().push(row);
    }
    let mut merged = Vec::new();
    for (item, rows) in by_document {
        merged.extend(merge_document(item, rows, messages.contains(&item))?);
    }
    Ok(merged)
}

fn merge_document(
    item: ItemId,
    rows: Vec<ItemRow>,
    is_message: bool,
) -> Result<Vec<KeptItem>, FactionError> {
    let is_by_one = !is_message
        || rows.windows(2).all(|pair| match pair {
            [one, other] => one.author == other.author,
            _ => true,
        });
    let mut document = Merged::empty();
    // Twice: what came before the edit that it builds on is whole the second time.
    for row in &rows {
        row.item.body.as_ref().map(|body| document.import(body));
    }
    let is_whole = rows.iter().all(|row| {
        let body = row.item.body.as_ref();
        body.is_some_and(|body| document.import(body) == Imported::Whole)
    });
    let last = rows.iter().max_by_key(|row| (row.at_ms, row.counter));
    let (Some(last), true, true) = (last, is_by_one, is_whole) else {
        return Ok(rows.into_iter().map(kept).collect());
    };
    Ok(vec![KeptItem {
        item: Item {
            item,
            kind: kind::EDIT,
            body: Some(document.export()?),
            inner: None,
        },
        author: last.author,
        counter: last.counter,
        at_ms: last.at_ms,
    }])
}
