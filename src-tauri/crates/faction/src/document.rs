//! Documents that several write in, merged by Loro: a message, the position on an agenda item, a task. Each has its parts in
//! root containers alone, so two who begin the same one without network still write in the same one.
//! Not here: where the edits lie (`view`, `outbox`).

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

use loro::{ExportMode, ImportStatus, LoroDoc, LoroResult, LoroValue, UpdateOptions};
use sync_protocol::ids::{FactionDeviceId, Hash, ItemId, UserId};

use crate::error::FactionError;
use crate::items::Anchor;

/// Longest text of a part in bytes of UTF-8: an edit that writes all of it still fits into an envelope.
const MAX_TEXT_LEN: usize = 100 * 1024;

/// What a document is. A later kind is kept and shown as something this version does not know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DocumentKind {
    /// A message in a thread; only its author edits it.
    Message,
    /// The position on an agenda item.
    Position,
    /// A task.
    Task,
    /// Of a later version.
    Unknown(u32),
}

impl DocumentKind {
    /// Its number. Numbers never change and are never used again.
    pub fn number(self) -> u32 {
        match self {
            Self::Message => 1,
            Self::Position => 2,
            Self::Task => 3,
            Self::Unknown(number) => number,
        }
    }

    pub(crate) fn from_number(number: u32) -> Self {
        match number {
            1 => Self::Message,
            2 => Self::Position,
            3 => Self::Task,
            other => Self::Unknown(other),
        }
    }
}

/// A text that several write in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TextPart {
    /// The words of a message, or what is to be done.
    Body,
    /// What the faction is recommended to do.
    Recommendation,
    /// Reasons, for and against.
    Arguments,
}

impl TextPart {
    const ALL: [TextPart; 3] = [Self::Body, Self::Recommendation, Self::Arguments];

    /// Its number in `faction.db`; never changed.
    pub(crate) fn number(self) -> u8 {
        match self {
            Self::Body => 1,
            Self::Recommendation => 2,
            Self::Arguments => 3,
        }
    }

    pub(crate) fn from_number(number: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|part| part.number() == number)
    }

    fn name(self) -> &'static str {
        match self {
            Self::Body => "body",
            Self::Recommendation => "recommendation",
            Self::Arguments => "arguments",
        }
    }
}

/// A value of which the last one counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ValueField {
    /// `draft`, `agreed`, `done`.
    Status,
    /// Who does it: the hex of a person's id.
    Owner,
    /// Until when: a date, `2026-09-30`.
    Due,
}

impl ValueField {
    const ALL: [ValueField; 3] = [Self::Status, Self::Owner, Self::Due];

    /// Its number in `faction.db`; never changed.
    pub(crate) fn number(self) -> u8 {
        match self {
            Self::Status => 1,
            Self::Owner => 2,
            Self::Due => 3,
        }
    }

    pub(crate) fn from_number(number: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|field| field.number() == number)
    }

    fn name(self) -> &'static str {
        match self {
            Self::Status => "status",
            Self::Owner => "owner",
            Self::Due => "due",
        }
    }
}

/// One edit.
#[derive(Clone, PartialEq, Eq)]
pub enum Edit {
    /// The text shall read so; only what differs is changed, so others' words beside it stay.
    Text(TextPart, String),
    /// What was written since the text read like the first one: what came in meanwhile stays, too.
    Since(TextPart, String, String),
    /// The value shall be this one.
    Value(ValueField, String),
    /// Whether this person speaks.
    Speaker(UserId, bool),
}

impl std::fmt::Debug for Edit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Text(part, _) => write!(f, "Text({part:?})"),
            Self::Since(part, ..) => write!(f, "Since({part:?})"),
            Self::Value(field, _) => write!(f, "Value({field:?})"),
            Self::Speaker(..) => f.write_str("Speaker"),
        }
    }
}

/// A document as it reads now.
#[derive(Clone, PartialEq, Eq)]
pub struct DocumentView {
    /// Its id.
    pub item: ItemId,
    /// What it is.
    pub kind: DocumentKind,
    /// Who began it.
    pub author: UserId,
    /// When; ms UTC, her clock.
    pub at_ms: i64,
    /// What it is about.
    pub anchor: Option<Anchor>,
    /// What it answers.
    pub parent: Option<ItemId>,
    /// Who is mentioned.
    pub mentions: Vec<UserId>,
    /// Texts that are not empty.
    pub texts: BTreeMap<TextPart, String>,
    /// Values that were set.
    pub values: BTreeMap<ValueField, String>,
    /// Who speaks, ascending.
    pub speakers: Vec<UserId>,
    /// Edits that are there and cannot be merged: damaged, or waiting for others.
    pub unmerged: usize,
}

impl std::fmt::Debug for DocumentView {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "DocumentView({:?}, {:?})", self.item, self.kind)
    }
}

const VALUES: &str = "values";
const SPEAKERS: &str = "speakers";

/// A document being merged.
pub(crate) struct Merged(LoroDoc);

/// What became of an import.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Imported {
    Whole,
    /// It builds on edits that are not there.
    Waiting,
    /// The bytes are no edit.
    Damaged,
}

impl Merged {
    pub(crate) fn empty() -> Self {
        Self(LoroDoc::new())
    }

    /// Takes in an edit. Whoever shares the space can send any bytes, so the library's own panics are an answer, too.
    pub(crate) fn import(&mut self, bytes: &[u8]) -> Imported {
        imported(|| self.0.import(bytes))
    }

    /// A document made of what was kept of it and of edits in any order. Result: also how many of them cannot be merged.
    pub(crate) fn of(parts: &[Vec<u8>]) -> (Self, usize) {
        let merged = Self::empty();
        // All at once is much quicker than one after the other.
        if parts.is_empty() || imported(|| merged.0.import_batch(parts)) == Imported::Whole {
            return (merged, 0);
        }
        let mut merged = Self::empty();
        let mut rest: Vec<&Vec<u8>> = parts.iter().collect();
        // Twice: what came before the edit that it builds on is whole the second time.
        for _ in 0..2 {
            rest.retain(|bytes| merged.import(bytes) != Imported::Whole);
        }
        (merged, rest.len())
    }

    /// All of it as one import.
    pub(crate) fn export(&self) -> Result<Vec<u8>, FactionError> {
        self.0
            .export(ExportMode::Snapshot)
            .map_err(|_| FactionError::Document)
    }

    /// Edits, and gives what others must import. The device writes under one name for each document: its vault is open once.
    pub(crate) fn edit(
        &mut self,
        device: FactionDeviceId,
        item: ItemId,
        edits: &[Edit],
    ) -> Result<Vec<u8>, FactionError> {
        let no_edit = |_| FactionError::Document;
        self.0.set_peer_id(peer(device, item)).map_err(no_edit)?;
        let before = self.0.oplog_vv();
        for edit in edits {
            match edit {
                Edit::Text(part, text) => write(&self.0, *part, text)?,
                Edit::Since(part, before, text) => {
                    let now = self.0.get_text(part.name()).to_string();
                    write(&self.0, *part, &both(*part, before, &now, text)?)?;
                }
                Edit::Value(field, value) => {
                    if value.len() > 1024 {
                        return Err(FactionError::TooLong);
                    }
                    let values = self.0.get_map(VALUES);
                    values
                        .insert(field.name(), value.as_str())
                        .map_err(no_edit)?;
                }
                Edit::Speaker(user, speaks) => {
                    let speakers = self.0.get_map(SPEAKERS);
                    speakers
                        .insert(&user.to_string(), *speaks)
                        .map_err(no_edit)?;
                }
            }
        }
        self.0.commit();
        self.0
            .export(ExportMode::updates(&before))
            .map_err(|_| FactionError::Document)
    }

    pub(crate) fn texts(&self) -> BTreeMap<TextPart, String> {
        TextPart::ALL
            .into_iter()
            .map(|part| (part, self.0.get_text(part.name()).to_string()))
            .filter(|(_, text)| !text.is_empty())
            .collect()
    }

    pub(crate) fn values(&self) -> BTreeMap<ValueField, String> {
        let LoroValue::Map(values) = self.0.get_map(VALUES).get_value() else {
            return BTreeMap::new();
        };
        let value_of = |field: ValueField| match values.get(field.name()) {
            Some(LoroValue::String(value)) => Some((field, value.to_string())),
            _ => None,
        };
        ValueField::ALL.into_iter().filter_map(value_of).collect()
    }

    pub(crate) fn speakers(&self) -> Vec<UserId> {
        let LoroValue::Map(speakers) = self.0.get_map(SPEAKERS).get_value() else {
            return Vec::new();
        };
        let mut speaking: Vec<UserId> = speakers
            .iter()
            .filter(|(_, speaks)| matches!(speaks, LoroValue::Bool(true)))
            .filter_map(|(user, _)| user.parse().ok())
            .collect();
        speaking.sort();
        speaking
    }
}

fn imported(import: impl FnOnce() -> LoroResult<ImportStatus>) -> Imported {
    match catch_unwind(AssertUnwindSafe(import)) {
        Ok(Ok(status)) if status.pending.is_none() => Imported::Whole,
        Ok(Ok(_)) => Imported::Waiting,
        Ok(Err(_)) | Err(_) => Imported::Damaged,
    }
}

fn write(document: &LoroDoc, part: TextPart, text: &str) -> Result<(), FactionError> {
    if text.len() > MAX_TEXT_LEN {
        return Err(FactionError::TooLong);
    }
    let written = document
        .get_text(part.name())
        .update(text, UpdateOptions::default());
    written.map_err(|_| FactionError::Document)
}

/// A text with what two have made of it, as if neither had known of the other.
fn both(part: TextPart, before: &str, one: &str, other: &str) -> Result<String, FactionError> {
    if before == one {
        return Ok(other.to_owned());
    }
    let no_merge = |_| FactionError::Document;
    let common = LoroDoc::new();
    write(&common, part, before)?;
    common.commit();
    let begun = common
        .export(ExportMode::Snapshot)
        .map_err(|_| FactionError::Document)?;
    let made = |text: &str| -> Result<LoroDoc, FactionError> {
        let document = LoroDoc::new();
        document.import(&begun).map_err(no_merge)?;
        write(&document, part, text)?;
        document.commit();
        Ok(document)
    };
    let (one, other) = (made(one)?, made(other)?);
    let theirs = other
        .export(ExportMode::all_updates())
        .map_err(|_| FactionError::Document)?;
    one.import(&theirs).map_err(no_merge)?;
    Ok(one.get_text(part.name()).to_string())
}

/// The name under which a device writes in a document.
fn peer(device: FactionDeviceId, item: ItemId) -> u64 {
    let digest = Hash::of(&[device.as_bytes().as_slice(), item.as_bytes()].concat());
    let bytes = digest.as_bytes().first_chunk::<8>().copied();
    // The library keeps the highest number for itself.
    u64::from_be_bytes(bytes.unwrap_or_default()).min(u64::MAX - 1)
}
