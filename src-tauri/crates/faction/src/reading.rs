//! How a document reads: what its edits amount to. That of a document for everybody in the space stands in the table `reading`, so
//! that nothing has to be merged to show it; what is sealed for readers of a paper is merged anew in each session.

use std::collections::BTreeMap;
use std::sync::Arc;

use minicbor::{Decode, Encode};
use rusqlite::{Connection, Transaction, named_params};
use sync_protocol::cbor::to_cbor;
use sync_protocol::class_key::KeyEpoch;
use sync_protocol::ids::{AudienceId, CouncilId, ItemId, UserId};

use crate::document::{TextPart, ValueField};
use crate::error::FactionError;
use crate::merging::{Edits, Kept, Merging};
use crate::outlines::Outline;
use crate::rows::{fixed, stored};
use crate::space::Space;
use crate::view::ClassKeys;

/// Unread documents that are many.
const MUCH: usize = 100;
/// Documents for which another core is not worth waking.
const LEAST_FOR_A_CORE: usize = 16;

/// What stands in a document now.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Reading {
    /// Texts that are not empty.
    pub texts: BTreeMap<TextPart, String>,
    /// Values that were set.
    pub values: BTreeMap<ValueField, String>,
    /// Who speaks, ascending.
    pub speakers: Vec<UserId>,
    /// Edits that are there and cannot be merged: damaged, or waiting for others.
    pub unmerged: usize,
    /// Class keys were asked for: nothing of it may outlast them.
    pub is_sealed: bool,
}

impl std::fmt::Debug for Reading {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Reading({} texts)", self.texts.len())
    }
}

/// A class key that was asked for, and whether it was held.
pub(crate) type Asked = (CouncilId, AudienceId, KeyEpoch, bool);

/// A reading in memory, as long as the same class keys are held.
#[derive(Debug, Clone)]
pub(crate) struct Read {
    pub(crate) reading: Arc<Reading>,
    pub(crate) asked: Vec<Asked>,
    /// It stands in the table.
    pub(crate) is_stored: bool,
}

impl Read {
    /// One that was stored.
    pub(crate) fn of_everybody(reading: Reading) -> Self {
        Self {
            reading: Arc::new(reading),
            asked: Vec::new(),
            is_stored: true,
        }
    }

    pub(crate) fn is_good(&self, class_keys: &ClassKeys<'_>) -> bool {
        self.asked
            .iter()
            .all(|(council, audience, epoch, was_held)| {
                class_keys(*council, *audience, *epoch).is_some() == *was_held
            })
    }
}

#[derive(Encode, Decode)]
#[cbor(map)]
struct StoredReading {
    #[n(0)]
    texts: Vec<(u8, String)>,
    #[n(1)]
    values: Vec<(u8, String)>,
    #[n(2)]
    speakers: Vec<UserId>,
}

fn to_stored(reading: &Reading) -> Vec<u8> {
    let texts = reading.texts.iter();
    let values = reading.values.iter();
    to_cbor(&StoredReading {
        texts: texts
            .map(|(part, text)| (part.number(), text.clone()))
            .collect(),
        values: values
            .map(|(field, value)| (field.number(), value.clone()))
            .collect(),
        speakers: reading.speakers.clone(),
    })
}

fn from_stored(bytes: &[u8]) -> Result<Reading, FactionError> {
    let read: StoredReading = stored(bytes)?;
    let texts = read.texts.into_iter();
    let values = read.values.into_iter();
    Ok(Reading {
        texts: texts
            .filter_map(|(number, text)| Some((TextPart::from_number(number)?, text)))
            .collect(),
        values: values
            .filter_map(|(number, value)| Some((ValueField::from_number(number)?, value)))
            .collect(),
        speakers: read.speakers,
        unmerged: 0,
        is_sealed: false,
    })
}

/// A further condition of SQL: this item alone, if it names one. Ids are hex digits.
pub(crate) fn only(item: Option<ItemId>) -> String {
    item.map_or(String::new(), |item| format!(" AND item = x'{item}'"))
}

/// All readings that are stored, or that of one document.
pub(crate) fn stored_readings(
    connection: &Connection,
    space: i64,
    item: Option<ItemId>,
) -> Result<Vec<(ItemId, Reading)>, FactionError> {
    let sql = format!(
        "SELECT item, bytes FROM reading WHERE space = :space{}",
        only(item)
    );
    let mut statement = connection.prepare(&sql)?;
    let rows = statement.query_map(named_params! {":space": space}, |row| {
        let item = ItemId::from_bytes(fixed(row, "item")?);
        Ok((item, row.get::<_, Vec<u8>>("bytes")?))
    })?;
    rows.map(|row| {
        let (item, bytes) = row?;
        Ok((item, from_stored(&bytes)?))
    })
    .collect()
}

fn store_reading(
    tx: &Transaction<'_>,
    space: i64,
    item: ItemId,
    reading: &Reading,
) -> Result<(), FactionError> {
    let sql = "INSERT OR REPLACE INTO reading (space, item, bytes) VALUES (:space, :item, :bytes)";
    tx.prepare_cached(sql)?.execute(named_params! {
        ":space": space, ":item": item.as_bytes(), ":bytes": to_stored(reading),
    })?;
    Ok(())
}

impl Space {
    /// What stands in a document now; one of [`Self::outlines`].
    ///
    /// Errors: the database.
    pub fn reading(
        &self,
        outline: &Outline,
        class_keys: &ClassKeys<'_>,
    ) -> Result<Arc<Reading>, FactionError> {
        if let Some(read) = self.read_before(outline.item)?
            && read.is_good(class_keys)
        {
            return Ok(read.reading);
        }
        let (read, _) = self.read_anew(outline, class_keys)?;
        self.keep_read(outline.item, read.clone());
        Ok(read.reading)
    }

    /// Result: the reading, and whether it may be stored: everybody in the space may read all of it, and it is whole.
    fn read_anew(
        &self,
        outline: &Outline,
        class_keys: &ClassKeys<'_>,
    ) -> Result<(Read, bool), FactionError> {
        Ok(read_of(self.merge(outline, class_keys)?).0)
    }

    /// Merges documents that are for everybody and have changed, and stores how they read.
    ///
    /// `most`: how many at a time. Result: whether there may be more. Errors: the database.
    pub fn read_ahead(&self, most: usize) -> Result<bool, FactionError> {
        let unread = self.unread_documents(most)?;
        if unread.is_empty() {
            return Ok(false);
        }
        let mut jobs = Vec::new();
        for outline in &unread {
            // What is open needs no key; what turns out to be sealed is read when it is shown.
            jobs.push(self.edits(outline, &|_, _, _| None, true)?);
        }
        let mut storable = Vec::new();
        for (outline, merged) in unread.iter().zip(read_all(jobs)) {
            let ((read, is_storable), keep) = match merged? {
                Some(read) => read,
                None => (self.read_anew(outline, &|_, _, _| None)?, None),
            };
            if is_storable {
                storable.push((outline.item, read, keep));
            } else {
                self.read_when_shown(outline.item);
            }
        }
        self.store.write(|tx| {
            for (item, read, keep) in &storable {
                store_reading(tx, self.row, *item, &read.reading)?;
                if let Some(kept) = keep {
                    self.keep_merged(tx, *item, kept)?;
                }
            }
            Ok(())
        })?;
        for (item, mut read, _) in storable {
            read.is_stored = true;
            self.keep_read(item, read);
        }
        Ok(unread.len() == most)
    }

    /// As [`Self::read_ahead`], if much has not been read, as after coming in: all of it at once is quicker than one by one.
    ///
    /// Errors: the database.
    pub fn read_if_much(&self) -> Result<(), FactionError> {
        if self.unread_documents(MUCH)?.len() == MUCH {
            while self.read_ahead(MUCH)? {}
        }
        Ok(())
    }
}

type ReadAhead = ((Read, bool), Option<Kept>);

fn read_of(merging: Merging) -> ReadAhead {
    let reading = Arc::new(Reading {
        texts: merging.merged.texts(),
        values: merging.merged.values(),
        speakers: merging.merged.speakers(),
        unmerged: merging.unmerged,
        is_sealed: !merging.asked.is_empty(),
    });
    let is_storable = merging.unmerged == 0 && merging.asked.is_empty();
    let read = Read {
        reading,
        asked: merging.asked,
        is_stored: false,
    };
    ((read, is_storable), merging.keep)
}

/// Merges each of them, on all cores. Result: in their order; `None` where everything is to be merged.
fn read_all(jobs: Vec<Edits>) -> Vec<Result<Option<ReadAhead>, FactionError>> {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let each = jobs.len().div_ceil(cores).max(LEAST_FOR_A_CORE);
    let mut parts = Vec::new();
    let mut jobs = jobs.into_iter();
    loop {
        let part: Vec<Edits> = jobs.by_ref().take(each).collect();
        if part.is_empty() {
            break;
        }
        parts.push(part);
    }
    let read = |part: Vec<Edits>| -> Vec<_> {
        let merged = part.into_iter().map(Edits::merge);
        merged.map(|one| Ok(one?.map(read_of))).collect()
    };
    std::thread::scope(|scope| {
        let (first, rest) = match parts.split_first_mut() {
            Some((first, rest)) => (std::mem::take(first), rest),
            None => return Vec::new(),
        };
        let started: Vec<_> = rest
            .iter_mut()
            .map(|part| {
                let part = std::mem::take(part);
                let count = part.len();
                (count, scope.spawn(move || read(part)))
            })
            .collect();
        let mut all = read(first);
        for (count, thread) in started {
            match thread.join() {
                Ok(part) => all.extend(part),
                Err(_) => all.extend((0..count).map(|_| Err(FactionError::Document))),
            }
        }
        all
    })
}
