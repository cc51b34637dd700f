//! The files of one council as storage and synchronising look at them: which lie here, which meetings deal with them,
//! what is wished. Read once for each command.

use std::collections::{HashMap, HashSet};

use notes::{NoteStore, TargetKind};
use sync::Wishes;
use sync::store::{CouncilStore, FileRow};
use sync_protocol::ids::ObjectId;

use crate::dto::{StorageFile, StorageState};
use crate::error::Failure;
use crate::session::Council;
use crate::{times, wishes};

/// A meeting as far as its files need it.
pub(crate) struct ShelfMeeting {
    pub(crate) id: ObjectId,
    pub(crate) name: String,
    /// ms UTC; `None` if the council's date does not parse.
    pub(crate) start_at_ms: Option<i64>,
    /// It is today or later, or its time is not known.
    pub(crate) is_coming: bool,
}

/// All files of a council.
pub(crate) struct Shelf {
    pub(crate) files: HashMap<ObjectId, FileRow>,
    /// Coming ones first, the nearest first; then past ones, the latest first.
    pub(crate) meetings: Vec<ShelfMeeting>,
    pub(crate) of_meeting: HashMap<ObjectId, HashSet<ObjectId>>,
    /// The meetings that deal with each file, in the order of `meetings`.
    pub(crate) meetings_of: HashMap<ObjectId, Vec<usize>>,
    pub(crate) wishes: Wishes,
    /// Files that are not wanted here, by choice or by the rule.
    unwanted: HashSet<ObjectId>,
    marks: HashMap<ObjectId, u32>,
}

impl Shelf {
    pub(crate) fn read(
        vault: &vault::Vault,
        notes: &NoteStore,
        council: &Council,
        now_ms: i64,
    ) -> Result<Self, Failure> {
        let (store, id) = (&council.store, council.record.council);
        let today_ms = times::day_start_ms(now_ms);
        let mut meetings: Vec<ShelfMeeting> = store
            .meetings()?
            .into_iter()
            .map(|held| {
                let start_at_ms = CouncilStore::meeting_start_ms(&held.object);
                ShelfMeeting {
                    id: held.object.id,
                    name: held.object.name,
                    start_at_ms,
                    is_coming: start_at_ms.is_none_or(|start| start >= today_ms),
                }
            })
            .collect();
        meetings.sort_by_key(|meeting| {
            let start = meeting.start_at_ms.unwrap_or(i64::MAX);
            let distance = if meeting.is_coming { start } else { -start };
            (!meeting.is_coming, distance, meeting.id)
        });
        let of_meeting = store.files_by_meeting()?;
        let mut meetings_of: HashMap<ObjectId, Vec<usize>> = HashMap::new();
        for (place, meeting) in meetings.iter().enumerate() {
            for file in of_meeting.get(&meeting.id).into_iter().flatten() {
                meetings_of.entry(*file).or_default().push(place);
            }
        }
        let wishes = wishes::of_council(notes, id, now_ms)?;
        let marks = notes.counts_by_target(id)?.into_iter();
        Ok(Self {
            files: store.files()?,
            meetings,
            of_meeting,
            meetings_of,
            unwanted: sync::unwanted_files(vault, id, &wishes, now_ms)?,
            wishes,
            marks: marks
                .filter(|(key, _)| key.kind == TargetKind::File)
                .map(|(key, count)| (key.object, count))
                .collect(),
        })
    }

    /// The meetings that deal with a file.
    pub(crate) fn meetings_of(&self, file: ObjectId) -> impl Iterator<Item = &ShelfMeeting> {
        let places = self.meetings_of.get(&file).into_iter().flatten();
        places.filter_map(|place| self.meetings.get(*place))
    }

    /// Files that no meeting deals with.
    pub(crate) fn of_no_meeting(&self) -> impl Iterator<Item = &FileRow> {
        self.files
            .values()
            .filter(|row| !self.meetings_of.contains_key(&row.id()))
    }

    /// The files of a meeting.
    pub(crate) fn rows_of(&self, meeting: ObjectId) -> impl Iterator<Item = &FileRow> {
        let files = self.of_meeting.get(&meeting).into_iter().flatten();
        files.filter_map(|id| self.files.get(id))
    }

    pub(crate) fn state(&self, row: &FileRow) -> StorageState {
        if row.present {
            StorageState::Here
        } else if self.unwanted.contains(&row.id()) {
            StorageState::Freed
        } else {
            StorageState::Awaited
        }
    }

    pub(crate) fn is_unwanted(&self, file: ObjectId) -> bool {
        self.unwanted.contains(&file)
    }

    pub(crate) fn is_kept(&self, file: ObjectId) -> bool {
        self.wishes.files.get(&file) == Some(&sync::FileWish::Keep)
    }

    /// Own notes, marks and ink on a file.
    pub(crate) fn marks(&self, file: ObjectId) -> u32 {
        self.marks.get(&file).copied().unwrap_or(0)
    }

    /// A file as the page shows it in the list of one meeting, or of no meeting.
    pub(crate) fn border_file(&self, row: &FileRow, is_of_meeting: bool) -> StorageFile {
        let meetings = self.meetings_of.get(&row.id()).map_or(0, Vec::len);
        let others = meetings.saturating_sub(usize::from(is_of_meeting));
        StorageFile {
            id: row.id().to_string(),
            name: row.file.name.clone(),
            byte_len: row.byte_len,
            page_count: row.page_count,
            public: row.public,
            state: self.state(row),
            kept: self.is_kept(row.id()),
            note_count: self.marks(row.id()),
            other_meetings: u32::try_from(others).unwrap_or(u32::MAX),
        }
    }
}
