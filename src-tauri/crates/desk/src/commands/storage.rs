//! What lies on the device: shown, kept, freed, and the rule that frees by itself. Loading again is `fetch`.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

use notes::FileWish;
use sync_protocol::ids::{BlobId, CouncilId, ObjectId};

use crate::Desk;
use crate::dto::*;
use crate::error::{ErrorCode, Failure};
use crate::query::{Choice, Chosen, Shelf, chosen, object_id, storage_council, storage_files};
use crate::session::Session;
use crate::wishes;

impl Desk {
    pub(crate) fn storage_details(&self, _: Empty) -> Result<StorageDetails, Failure> {
        let (session, now_ms) = (self.session()?, self.now_ms());
        let mut councils = Vec::new();
        for council in session.councils(now_ms)?.iter() {
            let shelf = Shelf::read(&session.vault, &session.notes, council, now_ms)?;
            councils.push(storage_council(council, &shelf));
        }
        let sizes = Sizes::of(self.data_dir())?;
        Ok(StorageDetails {
            papers_bytes: councils.iter().map(|council| council.bytes_here).sum(),
            notes_bytes: sizes.notes,
            index_bytes: sizes.index,
            lists_bytes: sizes.lists,
            // A system that does not say it is no reason to show nothing.
            free_bytes: fs4::available_space(self.data_dir()).ok(),
            rule: wishes::rule(&session.notes)?,
            councils,
        })
    }

    pub(crate) fn storage_files(
        &self,
        request: StorageFilesRequest,
    ) -> Result<StorageFiles, Failure> {
        let (session, now_ms) = (self.session()?, self.now_ms());
        let meeting = request.meeting.as_deref().map(object_id).transpose()?;
        for council in session.councils(now_ms)?.iter() {
            if council.record.council.to_string() == request.council {
                let shelf = Shelf::read(&session.vault, &session.notes, council, now_ms)?;
                return Ok(storage_files(&shelf, meeting));
            }
        }
        Err(ErrorCode::NotFound.into())
    }

    pub(crate) fn storage_preview(
        &self,
        request: StorageSelection,
    ) -> Result<StoragePreview, Failure> {
        let (session, now_ms) = (self.session()?, self.now_ms());
        let mut preview = empty_preview();
        for (id, _, chosen) in chosen_of(&session, &request, now_ms)? {
            let mut wished = wishes::of_council(&session.notes, id, now_ms)?;
            let free =
                |&(file, blob_id): &(ObjectId, BlobId)| (file, sync::FileWish::Free { blob_id });
            wished.files.extend(chosen.files.iter().map(free));
            let freed = sync::freed_by(&session.vault, id, &wished, now_ms)?;
            preview.files += number(freed.files);
            preview.bytes += freed.bytes;
            preview.kept += chosen.kept;
            preview.needed += chosen.needed;
            preview.coming += chosen.coming;
            preview.marked += chosen.marked;
        }
        Ok(preview)
    }

    pub(crate) fn storage_free(&self, request: StorageSelection) -> Result<StorageFreed, Failure> {
        let (session, now_ms) = (self.session()?, self.now_ms());
        let mut freed = StorageFreed {
            files: 0,
            bytes: 0,
            file_ids: Vec::new(),
        };
        for (id, _, chosen) in chosen_of(&session, &request, now_ms)? {
            // The wish first: whatever happens then, the next synchronisation goes by it.
            let wished: Vec<_> = chosen
                .files
                .iter()
                .map(|&(file, blob_id)| (file, Some(FileWish::Free { blob_id })))
                .collect();
            session.notes.wishes_set(id, &wished, now_ms)?;
            let gone = wishes::apply(&session, id, now_ms)?;
            freed.files += number(gone.files);
            freed.bytes += gone.bytes;
            let ids = chosen.files.iter().map(|(file, _)| file.to_string());
            freed.file_ids.extend(ids);
        }
        Ok(freed)
    }

    pub(crate) fn storage_keep(&self, request: StorageKeepRequest) -> Result<Empty, Failure> {
        let (session, now_ms) = (self.session()?, self.now_ms());
        let choice = choice(&request.files, &request.meetings)?;
        for council in session.councils(now_ms)?.iter() {
            let shelf = Shelf::read(&session.vault, &session.notes, council, now_ms)?;
            let wished: Vec<_> = listed(&shelf, &choice)
                .into_iter()
                .filter(|file| shelf.is_kept(*file) != request.kept)
                // Keeping what is here brings nothing back that was freed.
                .filter(|file| !request.kept || !is_freed(&shelf, *file))
                .map(|file| (file, request.kept.then_some(FileWish::Keep)))
                .collect();
            session
                .notes
                .wishes_set(council.record.council, &wished, now_ms)?;
        }
        Ok(Empty {})
    }

    pub(crate) fn storage_rule_preview(
        &self,
        request: StorageRule,
    ) -> Result<StoragePreview, Failure> {
        let (session, now_ms) = (self.session()?, self.now_ms());
        let mut preview = empty_preview();
        for record in session.vault.keyring().councils() {
            let wished = wishes::with_rule(&session.notes, record.council, &request, now_ms)?;
            let freed = sync::freed_by(&session.vault, record.council, &wished, now_ms)?;
            preview.files += number(freed.files);
            preview.bytes += freed.bytes;
        }
        Ok(preview)
    }

    pub(crate) fn storage_rule_set(&self, request: StorageRule) -> Result<StorageFreed, Failure> {
        let (session, now_ms) = (self.session()?, self.now_ms());
        let is_offered = |months: &u32| wishes::MONTHS_OFFERED.contains(months);
        if !request.months.as_ref().is_none_or(is_offered) {
            return Err(ErrorCode::BadRequest.into());
        }
        wishes::set_rule(&session.notes, &request)?;
        let mut freed = StorageFreed {
            files: 0,
            bytes: 0,
            file_ids: Vec::new(),
        };
        for record in session.vault.keyring().councils() {
            let gone = wishes::apply(&session, record.council, now_ms)?;
            freed.files += number(gone.files);
            freed.bytes += gone.bytes;
        }
        Ok(freed)
    }
}

/// A choice as the page sends it.
///
/// Errors: `not_found`.
pub(super) fn choice(files: &[String], meetings: &[String]) -> Result<Choice, Failure> {
    let read = |ids: &[String]| {
        ids.iter()
            .map(|id| object_id(id))
            .collect::<Result<HashSet<ObjectId>, Failure>>()
    };
    Ok(Choice {
        files: read(files)?,
        meetings: read(meetings)?,
        before_ms: None,
    })
}

/// Every file of a choice that the council lists, here or not.
pub(super) fn listed(shelf: &Shelf, choice: &Choice) -> HashSet<ObjectId> {
    let by_meeting = choice
        .meetings
        .iter()
        .flat_map(|meeting| shelf.rows_of(*meeting))
        .map(|row| row.id());
    let by_name = choice.files.iter().copied();
    by_name
        .filter(|file| shelf.files.contains_key(file))
        .chain(by_meeting)
        .collect()
}

fn is_freed(shelf: &Shelf, file: ObjectId) -> bool {
    let row = shelf.files.get(&file);
    row.is_some_and(|row| shelf.state(row) == StorageState::Freed)
}

/// What a selection comes to, council by council; those that it does not touch are left out.
fn chosen_of(
    session: &Session,
    request: &StorageSelection,
    now_ms: i64,
) -> Result<Vec<(CouncilId, Shelf, Chosen)>, Failure> {
    let asked: Option<CouncilId> = match &request.council {
        Some(id) => Some(id.parse().map_err(|_| ErrorCode::NotFound)?),
        None => None,
    };
    let named = choice(&request.files, &request.meetings)?;
    let mut found = Vec::new();
    for council in session.councils(now_ms)?.iter() {
        let is_asked = asked.is_none_or(|asked| asked == council.record.council);
        let choice = Choice {
            files: named.files.clone(),
            meetings: named.meetings.clone(),
            before_ms: request.before_ms.filter(|_| is_asked),
        };
        let shelf = Shelf::read(&session.vault, &session.notes, council, now_ms)?;
        let chosen = chosen(&shelf, &choice);
        if !chosen.files.is_empty() || chosen.kept > 0 || chosen.needed > 0 {
            found.push((council.record.council, shelf, chosen));
        }
    }
    Ok(found)
}

fn empty_preview() -> StoragePreview {
    StoragePreview {
        files: 0,
        bytes: 0,
        kept: 0,
        needed: 0,
        coming: 0,
        marked: 0,
    }
}

fn number(count: u64) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// Lengths of the databases with their write-ahead logs, bytes.
#[derive(Default)]
struct Sizes {
    notes: u64,
    index: u64,
    lists: u64,
}

impl Sizes {
    fn of(data_dir: &Path) -> Result<Self, Failure> {
        let mut sizes = Self::default();
        for path in files_in(data_dir)? {
            if name_of(&path).starts_with("private.db") {
                sizes.notes += byte_len(&path);
            }
        }
        for council in files_in(&data_dir.join("councils"))? {
            let closed = files_in(&council.join("closed"))?;
            for path in files_in(&council)?.into_iter().chain(closed) {
                if name_of(&path).contains("search.db") {
                    sizes.index += byte_len(&path);
                } else if name_of(&path).contains(".db") {
                    sizes.lists += byte_len(&path);
                }
            }
        }
        Ok(sizes)
    }
}

fn name_of(path: &Path) -> std::borrow::Cow<'_, str> {
    path.file_name()
        .map(|name| name.to_string_lossy())
        .unwrap_or_default()
}

/// 0 for what has gone meanwhile, and for a folder.
fn byte_len(path: &Path) -> u64 {
    let found = fs::metadata(path).ok().filter(fs::Metadata::is_file);
    found.map_or(0, |found| found.len())
}

/// What stands in a folder; nothing if there is none.
fn files_in(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    match fs::read_dir(folder) {
        Ok(entries) => Ok(entries
            .map(|entry| entry.map(|entry| entry.path()))
            .collect::<Result<_, _>>()?),
        Err(error)
            if matches!(
                error.kind(),
                std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory
            ) =>
        {
            Ok(Vec::new())
        }
        Err(error) => Err(error.into()),
    }
}
