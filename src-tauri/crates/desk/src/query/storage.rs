//! What lies on the device, meeting by meeting, and what a choice of it comes to. Reads, frees nothing.

use std::collections::{HashMap, HashSet};

use sync::store::FileRow;
use sync_protocol::ids::{BlobId, ObjectId};

use super::cards::count;
use super::shelf::{Shelf, ShelfMeeting};
use crate::dto::{StorageCouncil, StorageFiles, StorageMeeting, StorageState};
use crate::session::Council;

/// One council's files by meeting.
pub(crate) fn storage_council(council: &Council, shelf: &Shelf) -> StorageCouncil {
    let mut meetings: Vec<StorageMeeting> = shelf
        .meetings
        .iter()
        .map(|meeting| meeting_row(shelf, Some(meeting), shelf.rows_of(meeting.id)))
        .filter(|row| row.file_count > 0)
        .collect();
    let rest = meeting_row(shelf, None, shelf.of_no_meeting());
    meetings.extend((rest.file_count > 0).then_some(rest));
    let here = shelf.files.values().filter(|row| row.present);
    let blobs: HashMap<BlobId, u64> = here
        .clone()
        .map(|row| (row.blob_id, row.byte_len))
        .collect();
    StorageCouncil {
        id: council.record.council.to_string(),
        name: council.record.name.clone(),
        files_here: count(here.count()),
        bytes_here: blobs.values().sum(),
        meetings,
    }
}

fn meeting_row<'a>(
    shelf: &Shelf,
    meeting: Option<&ShelfMeeting>,
    files: impl Iterator<Item = &'a FileRow>,
) -> StorageMeeting {
    let mut row = StorageMeeting {
        id: meeting.map(|meeting| meeting.id.to_string()),
        name: meeting.map_or_else(String::new, |meeting| meeting.name.clone()),
        start_at_ms: meeting.and_then(|meeting| meeting.start_at_ms),
        coming: meeting.is_some_and(|meeting| meeting.is_coming),
        file_count: 0,
        files_here: 0,
        files_freed: 0,
        files_kept: 0,
        bytes: 0,
        bytes_here: 0,
    };
    for file in files {
        row.file_count += 1;
        row.bytes += file.byte_len;
        row.files_kept += u32::from(shelf.is_kept(file.id()));
        match shelf.state(file) {
            StorageState::Here => {
                row.files_here += 1;
                row.bytes_here += file.byte_len;
            }
            StorageState::Freed => row.files_freed += 1,
            StorageState::Awaited => {}
        }
    }
    row
}

/// The files of a meeting, or of none, by name.
pub(crate) fn storage_files(shelf: &Shelf, meeting: Option<ObjectId>) -> StorageFiles {
    let mut files: Vec<_> = match meeting {
        Some(id) => shelf
            .rows_of(id)
            .map(|row| shelf.border_file(row, true))
            .collect(),
        None => shelf
            .of_no_meeting()
            .map(|row| shelf.border_file(row, false))
            .collect(),
    };
    files.sort_by(|a, b| (&a.name, &a.id).cmp(&(&b.name, &b.id)));
    StorageFiles { files }
}

/// A choice, its ids read.
#[derive(Default)]
pub(crate) struct Choice {
    pub(crate) files: HashSet<ObjectId>,
    pub(crate) meetings: HashSet<ObjectId>,
    /// All meetings that began before this, ms UTC.
    pub(crate) before_ms: Option<i64>,
}

/// What a choice comes to in one council.
#[derive(Default)]
pub(crate) struct Chosen {
    pub(crate) files: Vec<(ObjectId, BlobId)>,
    pub(crate) kept: u32,
    pub(crate) needed: u32,
    pub(crate) coming: u32,
    pub(crate) marked: u32,
}

/// The files on the device that a choice would free: what is kept stays, and what is chosen by its meeting stays as long
/// as another meeting needs it. A file goes together with all that have its very bytes, or not at all.
pub(crate) fn chosen(shelf: &Shelf, choice: &Choice) -> Chosen {
    let mut chosen = Chosen::default();
    let is_before = |meeting: &&ShelfMeeting| {
        !meeting.is_coming && meeting.start_at_ms < choice.before_ms && choice.before_ms.is_some()
    };
    let mut meetings = choice.meetings.clone();
    let before = shelf.meetings.iter().filter(is_before);
    meetings.extend(before.map(|meeting| meeting.id));
    let by_meeting: HashSet<ObjectId> = meetings
        .iter()
        .flat_map(|meeting| shelf.rows_of(*meeting))
        .map(FileRow::id)
        .collect();
    // With a date, every meeting after it counts; meetings chosen by hand give way only to what is still to come.
    let needs = |meeting: &ShelfMeeting| {
        !meetings.contains(&meeting.id) && (meeting.is_coming || choice.before_ms.is_some())
    };
    let mut going: HashMap<ObjectId, &FileRow> = HashMap::new();
    for id in by_meeting.union(&choice.files) {
        let Some(row) = shelf.files.get(id).filter(|row| row.present) else {
            continue;
        };
        if shelf.is_kept(*id) {
            chosen.kept += 1;
        } else if !choice.files.contains(id) && shelf.meetings_of(*id).any(needs) {
            chosen.needed += 1;
        } else {
            going.insert(*id, row);
        }
    }
    // A file chosen by itself takes with it what has its very bytes under another name, as minutes on the next agenda.
    let named: HashSet<BlobId> = going
        .values()
        .filter(|row| choice.files.contains(&row.id()))
        .map(|row| row.blob_id)
        .collect();
    let is_twin = |row: &&FileRow| row.present && named.contains(&row.blob_id);
    for row in shelf.files.values().filter(is_twin) {
        if !shelf.is_kept(row.id()) {
            going.insert(row.id(), row);
        }
    }
    let wanted_blobs: HashSet<BlobId> = shelf
        .files
        .values()
        .filter(|row| !going.contains_key(&row.id()) && !shelf.is_unwanted(row.id()))
        .map(|row| row.blob_id)
        .collect();
    let before = going.len();
    going.retain(|_, row| !wanted_blobs.contains(&row.blob_id));
    chosen.needed += count(before - going.len());
    let is_coming = |id: &ObjectId| shelf.meetings_of(*id).any(|meeting| meeting.is_coming);
    chosen.coming = count(going.keys().filter(|id| is_coming(id)).count());
    chosen.marked = count(going.keys().filter(|id| shelf.marks(**id) > 0).count());
    chosen.files = going
        .into_iter()
        .map(|(id, row)| (id, row.blob_id))
        .collect();
    chosen.files.sort();
    chosen
}
