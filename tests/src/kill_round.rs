//! What the tablet under test and the suite that kills it must agree on: where each round's marks stand, what each line
//! means, and what must be found afterwards. Kills nothing itself.

use std::collections::BTreeMap;

use notes::{Anchor, BlobId, MarkBody, NoteStore, ObjectId, Target, TargetKey};
use sync::store::CouncilStore;
use sync_protocol::ids::CouncilId;
use vault::Vault;

use crate::tablet::{holds, read_file};

/// The council that the tablet is paired with.
#[must_use]
pub fn council_of(vault: &Vault) -> Option<CouncilId> {
    Some(vault.keyring().councils().first()?.council)
}

/// A made-up file that the marks of one round stand on.
#[derive(Clone, Copy, Debug)]
pub struct Sheet {
    council: CouncilId,
    file: ObjectId,
}

impl Sheet {
    /// What marks are listed by.
    #[must_use]
    pub fn key(&self) -> TargetKey {
        TargetKey::file(self.council, self.file)
    }

    /// The file.
    #[must_use]
    pub fn object(&self) -> ObjectId {
        self.file
    }
}

fn sheet(council: CouncilId, kind: u8, round: u32) -> Sheet {
    let mut id = [kind; 16];
    for (byte, value) in id.iter_mut().zip(round.to_be_bytes()) {
        *byte = value;
    }
    Sheet {
        council,
        file: ObjectId::from_bytes(id),
    }
}

/// Where a round's notes stand.
#[must_use]
pub fn note_target(council: CouncilId, round: u32) -> Sheet {
    sheet(council, 1, round)
}

/// Where a round's ink stands, and whose reading place it moves.
#[must_use]
pub fn ink_target(council: CouncilId, round: u32) -> Sheet {
    sheet(council, 2, round)
}

/// An anchor on the first page.
#[must_use]
pub fn whole_page(sheet: &Sheet) -> Anchor {
    Anchor {
        council: sheet.council,
        target: Target::File {
            file: sheet.file,
            blob_id: BlobId::from_bytes([7; 32]),
            revision: 1,
        },
        page: Some(0),
        rects: Vec::new(),
        quote: None,
        sealed_class: None,
    }
}

/// What became of a note as far as it was told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    There,
    /// Its undoing was begun, or its making failed: either is right.
    Open,
    Gone,
}

/// Everything that one round told.
#[derive(Clone, Debug, Default)]
pub struct Told {
    pub notes: BTreeMap<String, Fate>,
    pub ink: usize,
    pub page: u32,
    /// The highest head counter that a finished synchronisation told.
    pub counter: u64,
    pub steps: usize,
    /// Strokes and places whose storing failed: they may be there all the same.
    pub unsure: u32,
}

impl Told {
    /// Takes the lines of a round.
    #[must_use]
    pub fn from_lines(lines: &[String]) -> Self {
        let mut told = Self::default();
        for line in lines {
            match line.split_once(' ') {
                Some(("note", text)) => {
                    told.notes.insert(text.to_owned(), Fate::There);
                }
                Some(("undoing" | "unsure", text)) => {
                    told.notes.insert(text.to_owned(), Fate::Open);
                }
                Some(("gone", text)) => {
                    told.notes.insert(text.to_owned(), Fate::Gone);
                }
                Some(("ink", count)) => told.ink = count.parse().unwrap(),
                Some(("page", page)) => told.page = page.parse().unwrap(),
                Some(("synced", counter)) => told.counter = counter.parse().unwrap(),
                _ if line == "step" => told.steps += 1,
                _ if line == "unsure" => told.unsure += 1,
                Some(("failed", _)) => {}
                _ => panic!("not a line of the tablet: {line}"),
            }
        }
        told
    }

    /// What was told and is not so. One step more than told may be stored: the one under way when the kill came.
    #[must_use]
    pub fn lost(&self, store: &NoteStore, council: CouncilId, round: u32) -> Vec<String> {
        let mut lost = Vec::new();
        let marks = store
            .list_for_target(note_target(council, round).key())
            .unwrap();
        let stored: Vec<&str> = marks.iter().filter_map(|mark| mark.body.text()).collect();
        for (text, fate) in &self.notes {
            let is_there = stored.contains(&text.as_str());
            match fate {
                Fate::There if !is_there => lost.push(format!("note {text} is gone")),
                Fate::Gone if is_there => lost.push(format!("note {text} came back")),
                _ => {}
            }
        }
        let untold = stored
            .iter()
            .filter(|text| !self.notes.contains_key(**text))
            .count();
        if untold > 1 {
            lost.push(format!("{untold} notes were stored and never told"));
        }
        let sheet = ink_target(council, round);
        let ink = store.list_for_target(sheet.key()).unwrap();
        if !(self.ink..=self.ink + 1 + self.unsure as usize).contains(&ink.len()) {
            lost.push(format!("{} strokes of {}", ink.len(), self.ink));
        }
        let is_whole = |body: &MarkBody| matches!(body, MarkBody::Ink { strokes, .. } if strokes.len() == 1 && strokes[0].len() == 40);
        if !ink.iter().all(|mark| is_whole(&mark.body)) {
            lost.push("a stroke is not whole".to_owned());
        }
        let page = store
            .place(council, sheet.object())
            .unwrap()
            .map_or(0, |place| place.page);
        if !(self.page..=self.page + 1 + self.unsure).contains(&page) {
            lost.push(format!("the place is page {page}, told was {}", self.page));
        }
        lost
    }
}

/// What is wrong with the council's data on a tablet that was killed: nothing may be half-done, though much may be missing.
///
/// * `counter` – the head that was told as accepted.
/// * `published` – a file's words in each of its revisions, by name of the file.
#[must_use]
pub fn half_done(
    vault: &Vault,
    now_ms: i64,
    counter: u64,
    published: &dyn Fn(&str, u32) -> Option<String>,
) -> Vec<String> {
    let mut wrong = Vec::new();
    let council = council_of(vault).unwrap();
    let record = vault.keyring().council(council).unwrap();
    if record.head_high_water.counter < counter {
        wrong.push(format!("head {} was accepted and is forgotten", counter));
    }
    let store = CouncilStore::open(vault, council, now_ms).unwrap();
    if !vault.take_rebuilt().is_empty() {
        wrong.push("a cache was damaged by the kill".to_owned());
    }
    for (id, row) in store.files().unwrap() {
        let Some(words) = published(&row.file.name, row.file.revision) else {
            continue;
        };
        if !row.present {
            continue;
        }
        match read_file(vault, &store, id) {
            Ok(bytes) if holds(&bytes, words.as_bytes()) => {}
            Ok(_) => wrong.push(format!(
                "file {id} shows another revision than its row says"
            )),
            Err(code) => wrong.push(format!("file {id} is marked present: {code}")),
        }
    }
    wrong
}
