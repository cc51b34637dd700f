//! What a space shows, held in memory: read from the tables once, and afterwards only what has changed. Twenty thousand
//! contributions would otherwise be read and merged for every answer. What is sealed stays sealed here, too: it is opened for
//! each answer with the class keys of that moment.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rusqlite::{Connection, named_params};
use sync_protocol::cbor::from_cbor_lenient;
use sync_protocol::faction::content::{Item, kind};
use sync_protocol::ids::{FactionDeviceId, ItemId, UserId};

use crate::error::FactionError;
use crate::items::{ItemRow, about, of_kind, waiting};
use crate::outlines::Outline;
use crate::reading::{Read, only, stored_readings};
use crate::rows::fixed;
use crate::space::Space;
use crate::view::{ClassKeys, Said};

/// Changed things from which on all of them are read again: one by one would take longer.
const TOO_MANY: usize = 2_000;

/// The items of these kinds that make a thing.
const KINDS: [u32; 3] = [kind::SHARE, kind::WITHDRAW, kind::DOCUMENT];

/// A body for everybody, already read, or one for readers of a paper.
#[derive(Debug)]
pub(crate) enum Words<T> {
    Open(Arc<T>),
    Sealed(Item),
}

/// The last that others have said about a thing.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Arrived {
    /// Row of the item.
    pub(crate) row: i64,
    pub(crate) author: UserId,
    pub(crate) at_ms: i64,
}

/// What was said under one id.
#[derive(Debug, Default)]
pub(crate) struct Thing {
    /// Copies that were shared, with their authors, in an order that is the same on every device; withdrawn ones are among them.
    pub(crate) shares: Vec<(UserId, Words<Said>)>,
    pub(crate) withdrawn_by: BTreeSet<UserId>,
    /// Beginnings of a document, in that order; usually one.
    pub(crate) begins: Vec<(FactionDeviceId, Words<Outline>)>,
    pub(crate) read: Option<Read>,
    /// It was tried to read it ahead: that is not for everybody, or not whole.
    is_read_when_shown: bool,
    pub(crate) arrived: Option<Arrived>,
}

impl Thing {
    fn add(&mut self, row: ItemRow, owner: UserId) {
        let item = row.item.item;
        match (row.item.kind, &row.item.body) {
            (kind::WITHDRAW, _) => {
                self.withdrawn_by.insert(owner);
            }
            (kind::SHARE, Some(body)) => {
                if let Ok(copy) = from_cbor_lenient(body) {
                    let author = owner;
                    let is_sealed = false;
                    let said = Arc::new(Said {
                        item,
                        author,
                        copy,
                        is_sealed,
                    });
                    self.shares.push((owner, Words::Open(said)));
                }
            }
            (kind::SHARE, None) => self.shares.push((owner, Words::Sealed(row.item))),
            (kind::DOCUMENT, Some(body)) => {
                if let Some(outline) = Outline::read(item, row.author, owner, body) {
                    self.begins
                        .push((row.author, Words::Open(Arc::new(outline))));
                }
            }
            (kind::DOCUMENT, None) => self.begins.push((row.author, Words::Sealed(row.item))),
            _ => {}
        }
    }

    fn is_empty(&self) -> bool {
        self.shares.is_empty() && self.begins.is_empty()
    }
}

/// All things of a space.
#[derive(Debug, Default)]
pub(crate) struct Things {
    held: BTreeMap<ItemId, Thing>,
    is_read: bool,
    stale: BTreeSet<ItemId>,
}

impl Space {
    /// These things have changed: they are read again before they are shown.
    pub(crate) fn have_changed(&self, items: impl IntoIterator<Item = ItemId>) {
        let mut things = self.things.borrow_mut();
        if things.is_read {
            things.stale.extend(items);
        }
    }

    /// Anything may have changed.
    pub(crate) fn all_have_changed(&self) {
        *self.things.borrow_mut() = Things::default();
    }

    /// All things as they are now. `look` must ask nothing that looks at the things itself.
    pub(crate) fn with_things<T>(
        &self,
        look: impl FnOnce(&BTreeMap<ItemId, Thing>) -> T,
    ) -> Result<T, FactionError> {
        self.refresh()?;
        Ok(look(&self.things.borrow().held))
    }

    pub(crate) fn read_before(&self, item: ItemId) -> Result<Option<Read>, FactionError> {
        self.with_things(|held| held.get(&item).and_then(|thing| thing.read.clone()))
    }

    pub(crate) fn keep_read(&self, item: ItemId, read: Read) {
        if let Some(thing) = self.things.borrow_mut().held.get_mut(&item) {
            thing.read = Some(read);
        }
    }

    pub(crate) fn read_when_shown(&self, item: ItemId) {
        if let Some(thing) = self.things.borrow_mut().held.get_mut(&item) {
            thing.is_read_when_shown = true;
        }
    }

    /// Documents for everybody whose reading is not stored since they changed; at most so many.
    pub(crate) fn unread_documents(&self, most: usize) -> Result<Vec<Arc<Outline>>, FactionError> {
        self.with_things(|held| {
            let unread = held.values().filter(|thing| {
                let is_stored = thing.read.as_ref().is_some_and(|read| read.is_stored);
                !is_stored && !thing.is_read_when_shown
            });
            let open = unread.filter_map(|thing| match thing.begins.first() {
                Some((_, Words::Open(outline))) => Some(Arc::clone(outline)),
                _ => None,
            });
            open.take(most).collect()
        })
    }

    /// How a document began. `None`: there is none, or its paper is locked.
    pub(crate) fn outline(
        &self,
        item: ItemId,
        class_keys: &ClassKeys<'_>,
    ) -> Result<Option<Arc<Outline>>, FactionError> {
        self.with_things(|held| {
            let begins = held.get(&item).map_or(&[][..], |thing| &thing.begins);
            begins.iter().find_map(|(device, begin)| match begin {
                Words::Open(outline) => Some(Arc::clone(outline)),
                Words::Sealed(sealed) => self.opened_outline(*device, sealed, class_keys).ok()?,
            })
        })
    }

    fn refresh(&self) -> Result<(), FactionError> {
        let mut things = self.things.borrow_mut();
        if !things.is_read || things.stale.len() > TOO_MANY {
            *things = Things {
                held: self.read_all()?,
                is_read: true,
                stale: BTreeSet::new(),
            };
            return Ok(());
        }
        if things.stale.is_empty() {
            return Ok(());
        }
        let waiting = self
            .store
            .read(|connection| waiting(connection, self.row, self.keys.device))?;
        for item in things.stale.clone() {
            let thing = self.read_one(item, &waiting)?;
            if thing.is_empty() {
                things.held.remove(&item);
            } else {
                things.held.insert(item, thing);
            }
        }
        things.stale.clear();
        Ok(())
    }

    fn read_all(&self) -> Result<BTreeMap<ItemId, Thing>, FactionError> {
        let mut held: BTreeMap<ItemId, Thing> = BTreeMap::new();
        self.store.read(|connection| {
            let mut add = |row: ItemRow| {
                if let Some(owner) = self.owner(&row.author) {
                    held.entry(row.item.item).or_default().add(row, owner);
                }
            };
            for kind in KINDS {
                let rows = of_kind(connection, self.row, kind)?;
                rows.into_iter().for_each(&mut add);
            }
            let waiting = waiting(connection, self.row, self.keys.device)?;
            waiting.into_iter().for_each(&mut add);
            held.retain(|_, thing| !thing.is_empty());
            for (item, reading) in stored_readings(connection, self.row, None)? {
                if let Some(thing) = held.get_mut(&item) {
                    thing.read = Some(Read::of_everybody(reading));
                }
            }
            for (item, arrived) in self.read_arrived(connection, None)? {
                if let Some(thing) = held.get_mut(&item) {
                    thing.arrived = Some(arrived);
                }
            }
            Ok(())
        })?;
        Ok(held)
    }

    fn read_one(&self, item: ItemId, waiting: &[ItemRow]) -> Result<Thing, FactionError> {
        let mut thing = Thing::default();
        self.store.read(|connection| {
            for kind in KINDS {
                for row in about(connection, self.row, item, kind)? {
                    if let Some(owner) = self.owner(&row.author) {
                        thing.add(row, owner);
                    }
                }
            }
            for row in waiting.iter().filter(|row| row.item.item == item) {
                thing.add(row.clone(), self.user);
            }
            let reading = stored_readings(connection, self.row, Some(item))?.pop();
            thing.read = reading.map(|(_, reading)| Read::of_everybody(reading));
            let arrived = self.read_arrived(connection, Some(item))?;
            thing.arrived = arrived.into_iter().next().map(|(_, arrived)| arrived);
            Ok(thing)
        })
    }

    /// The last that others have said about each thing, or about one; read signs do not count.
    fn read_arrived(
        &self,
        connection: &Connection,
        item: Option<ItemId>,
    ) -> Result<Vec<(ItemId, Arrived)>, FactionError> {
        // SQLite gives the other columns of the row that has the greatest id. Ids are hex digits.
        let own: Vec<String> = self
            .roster
            .devices()
            .filter(|device| device.user == self.user)
            .map(|device| format!("x'{}'", device.record.claim.device))
            .collect();
        let one = only(item);
        let sql = format!(
            "SELECT item, author, at_ms, max(id) AS id FROM item INDEXED BY item_by_id
             WHERE space = :space{one} AND kind BETWEEN 1 AND 4 AND author NOT IN ({}) GROUP BY item",
            own.join(", ")
        );
        let mut statement = connection.prepare(&sql)?;
        let rows = statement.query_map(named_params! {":space": self.row}, |row| {
            Ok((
                ItemId::from_bytes(fixed(row, "item")?),
                FactionDeviceId::from_bytes(fixed(row, "author")?),
                row.get("at_ms")?,
                row.get("id")?,
            ))
        })?;
        let mut arrived = Vec::new();
        for row in rows {
            let (item, device, at_ms, row) = row?;
            if let Some(author) = self.owner(&device) {
                arrived.push((item, Arrived { row, author, at_ms }));
            }
        }
        Ok(arrived)
    }
}
