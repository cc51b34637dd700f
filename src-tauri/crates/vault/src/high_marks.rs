//! High-water marks in the key store: how far the heads of the councils and the rosters of the spaces had come. An older keyring or
//! database that somebody puts back in the data folder, or that a restored backup of the device brings, is found by them.
//! Not the marks that a server is measured by: those stand in the keyring and in `faction.db`.

use crate::key_store::{KeyStore, KeyStoreError};
use crate::keyring_file::KeyringContent;
use crate::secret::SecretKey;
use minicbor::{Decode, Encode};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use sync_protocol::ids::{CouncilId, DeviceId, FactionId};

const VERSION: u8 = 1;
const AAD: &[u8] = b"RMMARKS\x01";

/// Something in the data folder that is older than what was there before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SetBack {
    /// The keyring knows an older head of this council than the device had seen.
    Head {
        /// Whose.
        council: CouncilId,
    },
    /// The keyring does not know a council that the device was paired with.
    Council {
        /// Which one.
        council: CouncilId,
    },
    /// The database of spaces knows an older roster than the device had seen.
    Roster {
        /// Of which space.
        faction: FactionId,
    },
}

#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
struct HeadMark {
    #[n(0)]
    council: CouncilId,
    #[n(1)]
    generation: u32,
    #[n(2)]
    counter: u64,
}

#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
struct Marks {
    #[n(0)]
    version: u8,
    /// By device: after a new pairing a council counts from the beginning.
    #[n(1)]
    heads: BTreeMap<DeviceId, HeadMark>,
    /// Links of the roster, counted.
    #[n(2)]
    rosters: BTreeMap<FactionId, u64>,
}

/// The marks of one vault.
pub(crate) struct HighMarks {
    store: Arc<dyn KeyStore>,
    name: String,
    key: SecretKey,
    /// `None` until the key store has answered.
    kept: Mutex<Option<Marks>>,
    /// How far the rosters are that were told since unlocking.
    rosters: Mutex<BTreeMap<FactionId, u64>>,
}

impl Marks {
    fn new() -> Self {
        Self {
            version: VERSION,
            heads: BTreeMap::new(),
            rosters: BTreeMap::new(),
        }
    }

    fn raise(&mut self, content: &KeyringContent) {
        for entry in &content.councils {
            let seen = &entry.record.head_high_water;
            let mark = self.heads.entry(entry.record.device).or_insert(HeadMark {
                council: entry.record.council,
                generation: 0,
                counter: 0,
            });
            let newest = (mark.generation, mark.counter).max((seen.generation, seen.counter));
            (mark.generation, mark.counter) = newest;
        }
    }
}

impl HighMarks {
    /// Reads what the key store has; one that does not answer now is asked again with the next change.
    pub(crate) fn open(store: Arc<dyn KeyStore>, name: String, key: SecretKey) -> Self {
        let marks = Self {
            store,
            name,
            key,
            kept: Mutex::default(),
            rosters: Mutex::default(),
        };
        let read = marks.read().ok();
        *marks.kept.lock().unwrap_or_else(PoisonError::into_inner) = read;
        marks
    }

    /// What does not open with this vault's key, or is of a newer version, says nothing.
    fn read(&self) -> Result<Marks, KeyStoreError> {
        let sealed = self.store.get(&self.name)?;
        let plain = sealed.and_then(|sealed| self.key.open(AAD, &sealed).ok());
        let marks = plain.and_then(|plain| minicbor::decode::<Marks>(&plain).ok());
        let known = marks.filter(|marks| marks.version == VERSION);
        Ok(known.unwrap_or_else(Marks::new))
    }

    /// Changes the marks here and in the key store.
    fn change(&self, edit: impl FnOnce(&mut Marks)) -> Result<(), KeyStoreError> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let old = match kept.take() {
            Some(marks) => marks,
            None => self.read()?,
        };
        let mut new = old.clone();
        edit(&mut new);
        let written = if new == old { Ok(()) } else { self.write(&new) };
        // What was not written is forgotten here, too: the next change reads and tries again.
        *kept = written.is_ok().then_some(new);
        written
    }

    fn write(&self, marks: &Marks) -> Result<(), KeyStoreError> {
        let failed = |error| KeyStoreError::Failed(error);
        let plain =
            minicbor::to_vec(marks).map_err(|error| failed(std::io::Error::other(error)))?;
        let sealed = self
            .key
            .seal(AAD, &plain)
            .map_err(|error| failed(std::io::Error::other(error)))?;
        self.store.set(&self.name, &sealed)
    }

    /// After a change of the keyring: heads that came further, and councils that the member forgot. A key store that does not
    /// answer stays behind, which makes it no less true, until the next change.
    pub(crate) fn keep_heads(&self, old: &KeyringContent, new: &KeyringContent) {
        let device = |content: &KeyringContent| -> Vec<DeviceId> {
            let councils = content.councils.iter();
            councils.map(|entry| entry.record.device).collect()
        };
        let held = device(new);
        let forgotten: Vec<DeviceId> = device(old)
            .into_iter()
            .filter(|device| !held.contains(device))
            .collect();
        let _ = self.change(|marks| {
            marks.heads.retain(|device, mark| {
                let paired_anew = new.councils.iter().any(|entry| {
                    entry.record.council == mark.council && entry.record.device != *device
                });
                !forgotten.contains(device) && !paired_anew
            });
            marks.raise(new);
        });
    }

    /// How far a roster has come; a lower number than before changes nothing.
    ///
    /// Errors: the key store did not take it.
    pub(crate) fn keep_roster(&self, faction: FactionId, links: u64) -> Result<(), KeyStoreError> {
        let mut told = self.rosters.lock().unwrap_or_else(PoisonError::into_inner);
        told.insert(faction, links);
        drop(told);
        self.change(|marks| {
            let mark = marks.rosters.entry(faction).or_default();
            *mark = links.max(*mark);
        })
    }

    /// Whether a roster had come further than to `links`.
    pub(crate) fn is_roster_set_back(&self, faction: FactionId, links: u64) -> bool {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let mark = kept.as_ref().and_then(|marks| marks.rosters.get(&faction));
        mark.is_some_and(|mark| *mark > links)
    }

    pub(crate) fn forget_roster(&self, faction: FactionId) -> Result<(), KeyStoreError> {
        self.change(|marks| {
            marks.rosters.remove(&faction);
        })
    }

    pub(crate) fn set_back(&self, content: &KeyringContent) -> Vec<SetBack> {
        let told = self.rosters.lock().unwrap_or_else(PoisonError::into_inner);
        let older: Vec<SetBack> = told
            .iter()
            .filter(|(faction, links)| self.is_roster_set_back(**faction, **links))
            .map(|(faction, _)| SetBack::Roster { faction: *faction })
            .collect();
        drop(told);
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let heads = kept.iter().flat_map(|marks| &marks.heads);
        heads
            .filter_map(|(device, mark)| {
                let council = mark.council;
                let mut councils = content.councils.iter();
                let Some(entry) = councils.find(|entry| entry.record.device == *device) else {
                    return Some(SetBack::Council { council });
                };
                let seen = &entry.record.head_high_water;
                let is_older = (seen.generation, seen.counter) < (mark.generation, mark.counter);
                is_older.then_some(SetBack::Head { council })
            })
            .chain(older)
            .collect()
    }

    /// Begins anew from what the keyring holds.
    pub(crate) fn accept(&self, content: &KeyringContent) -> Result<(), KeyStoreError> {
        self.change(|marks| {
            *marks = Marks::new();
            marks.raise(content);
        })
    }
}
