//! Snapshots: what the items here amount to, for a device that starts anew; and beginning from one.
//! Edits of a document for everybody become one; what is sealed for readers of a paper is handed on as it is.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::named_params;
use sync_protocol::cbor::from_cbor_lenient;
use sync_protocol::faction::content::{Item, kind};
use sync_protocol::faction::envelope::AuthorPosition;
use sync_protocol::faction::roster::Roster;
use sync_protocol::faction::seed::EpochSeed;
use sync_protocol::faction::snapshot::{Covered, Kept, KeptItem, SignedSnapshot, make_snapshot};
use sync_protocol::ids::{FactionDeviceId, ItemId};
use sync_protocol::sign::SigningKey;

use crate::document::{DocumentKind, Merged};
use crate::error::FactionError;
use crate::items::{Begin, ItemRow, in_order, insert_item, slice};
use crate::positions::store_position;
use crate::rows::signed;
use crate::space::Space;

/// Rows gathered at a time; five thousand take some 20 ms.
const SLICE: usize = 5_000;

/// A snapshot that is being made: what it covers stands firm from the beginning, and what comes meanwhile is not in it. Gathering
/// takes little at a time and [`Self::make`] needs no database, so that whoever looks at the space meanwhile does not wait.
pub struct SnapshotDraft {
    roster: Roster,
    seed: EpochSeed,
    device: FactionDeviceId,
    sign: SigningKey,
    upto: u64,
    covered: Vec<Covered>,
    /// The last item that was gathered, and the last that is to be.
    at: i64,
    last: i64,
    rows: Vec<ItemRow>,
}

impl std::fmt::Debug for SnapshotDraft {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SnapshotDraft({} items)", self.rows.len())
    }
}

/// How far a draft has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gathered {
    /// There is more to be gathered.
    More,
    /// It can be made.
    All,
    /// The roster has gone on, and may have taken things back: another one is to be begun.
    Outdated,
}

impl Space {
    /// Makes a snapshot of everything that was taken, without what waits here, at once.
    ///
    /// Errors: `SeedMissing`, [`SnapshotError`](sync_protocol::faction::snapshot::SnapshotError), the database.
    pub fn snapshot(&self) -> Result<SignedSnapshot, FactionError> {
        let mut draft = self.begin_snapshot()?;
        loop {
            match draft.gather(self)? {
                Gathered::More => {}
                Gathered::All => return draft.make(),
                Gathered::Outdated => return Err(FactionError::SnapshotOutdated),
            }
        }
    }

    /// Begins a snapshot of everything that was taken by now, without what waits here.
    ///
    /// Errors: `SeedMissing`, the database.
    pub fn begin_snapshot(&self) -> Result<SnapshotDraft, FactionError> {
        let last = self.store.read(|connection| {
            let sql = "SELECT coalesce(max(id), 0) FROM item";
            Ok(connection.query_row(sql, [], |row| row.get(0))?)
        })?;
        let covered = self.positions()?.into_iter();
        Ok(SnapshotDraft {
            roster: self.roster.clone(),
            seed: self.newest_seed()?,
            device: self.keys.device,
            sign: self.keys.sign.clone(),
            upto: self.fetched()?,
            covered: covered
                .map(|(device, position)| Covered { device, position })
                .collect(),
            at: 0,
            last,
            rows: Vec::new(),
        })
    }

    /// Begins with a snapshot; the device must have seen nothing yet.
    ///
    /// `upto`: place in the server's order that it was made at. Errors: `NotFresh`, `SeedMissing`,
    /// [`SnapshotError`](sync_protocol::faction::snapshot::SnapshotError), the database; the state is unchanged.
    pub fn begin_from(
        &mut self,
        snapshot: SignedSnapshot,
        upto: u64,
    ) -> Result<usize, FactionError> {
        if !self.positions()?.is_empty() {
            return Err(FactionError::NotFresh);
        }
        let verified = snapshot.verify(&self.roster, |_| AuthorPosition::START)?;
        // It may be tens of megabytes: each form of it goes as soon as the next is there.
        drop(snapshot);
        let seeds = self.seeds()?;
        let seed = seeds
            .get(&verified.epoch)
            .ok_or(FactionError::SeedMissing)?;
        let covered = verified.covered.clone();
        let kept = verified.into_kept(seed)?;
        let count = kept.items.len();
        self.all_have_changed();
        self.store.write(|tx| {
            for one in kept.items {
                let row = ItemRow {
                    author: one.author,
                    counter: one.counter,
                    at_ms: one.at_ms,
                    item: one.item,
                };
                insert_item(tx, self.row, &row)?;
            }
            for covered in &covered {
                store_position(tx, self.row, covered.device, &covered.position)?;
            }
            let sql = "UPDATE space SET fetched = :upto WHERE id = :space";
            tx.execute(
                sql,
                named_params! {":upto": signed(upto), ":space": self.row},
            )?;
            Ok(())
        })?;
        Ok(count)
    }
}

impl SnapshotDraft {
    /// Place in the server's order that it covers.
    pub fn upto(&self) -> u64 {
        self.upto
    }

    /// Gathers some of it from the space that it was begun in.
    ///
    /// Errors: the database.
    pub fn gather(&mut self, space: &Space) -> Result<Gathered, FactionError> {
        if self.roster.head() != space.roster.head() {
            return Ok(Gathered::Outdated);
        }
        let range = (self.at, self.last);
        let found = space
            .store
            .read(|connection| slice(connection, space.row, range, SLICE))?;
        let Some((rows, at)) = found else {
            return Ok(Gathered::All);
        };
        self.at = at;
        self.rows.extend(rows);
        Ok(Gathered::More)
    }

    /// Merges what was gathered, seals and signs it.
    ///
    /// Errors: [`SnapshotError`](sync_protocol::faction::snapshot::SnapshotError).
    pub fn make(self) -> Result<SignedSnapshot, FactionError> {
        let mut by_kind: BTreeMap<u32, Vec<ItemRow>> = BTreeMap::new();
        for row in self.rows {
            by_kind.entry(row.item.kind).or_default().push(row);
        }
        let documents = by_kind.get(&kind::DOCUMENT).into_iter().flatten();
        let messages: BTreeSet<ItemId> = documents
            .filter(|row| is_message(row))
            .map(|row| row.item.item)
            .collect();
        let mut items = Vec::new();
        // Kinds ascending: those that this version knows, then later ones.
        for (number, rows) in by_kind {
            let rows = in_order(rows);
            if number == kind::EDIT {
                items.extend(merge_edits(rows, &messages)?);
            } else {
                items.extend(rows.into_iter().map(kept));
            }
        }
        Ok(make_snapshot(
            &self.roster,
            &self.seed,
            self.device,
            &self.sign,
            self.covered,
            &Kept { items },
        )?)
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
    mut rows: Vec<ItemRow>,
    is_message: bool,
) -> Result<Vec<KeptItem>, FactionError> {
    let is_by_one = !is_message
        || rows.windows(2).all(|pair| match pair {
            [one, other] => one.author == other.author,
            _ => true,
        });
    let is_open = rows.iter().all(|row| row.item.body.is_some());
    let as_it_is = |rows: Vec<ItemRow>| Ok(rows.into_iter().map(kept).collect());
    if rows.len() < 2 || !is_by_one || !is_open {
        return as_it_is(rows);
    }
    let edits = rows.iter_mut().filter_map(|row| row.item.body.take());
    let edits: Vec<Vec<u8>> = edits.collect();
    let (document, unmerged) = Merged::of(&edits);
    let last = rows.iter().max_by_key(|row| (row.at_ms, row.counter));
    let (Some(last), 0) = (last, unmerged) else {
        for (row, body) in rows.iter_mut().zip(edits) {
            row.item.body = Some(body);
        }
        return as_it_is(rows);
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
