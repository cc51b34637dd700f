//! The member's notes at one agenda item: its own, those that other items with the same paper brought along, those on the
//! paper and on all files. They are never doubled: each stays where it was made, and says so.

use notes::NoteStore;
use sync_protocol::ids::ObjectId;
use sync_protocol::model::AgendaItem;

use super::agenda::Files;
use super::cards::count;
use super::handwriting::{Piece, pieces};
use super::notes::{made_elsewhere, note_row, top_pt};
use super::own::Own;
use crate::dto::NoteRow;
use crate::error::Failure;
use crate::session::Council;

/// What stands before what at an agenda item.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    Here,
    /// Another agenda item with the same paper: when its meeting starts, ms UTC.
    OtherItem(Option<i64>),
    Paper,
    /// Turn of the file at this item.
    File(usize),
}

/// Whatever may carry notes that show at an agenda item.
///
/// * `files` – those of its paper and its own, in the order they show.
pub(super) fn objects_at(council: &Council, item: &AgendaItem, files: &Files) -> Vec<ObjectId> {
    let paper_items = item.paper.iter();
    let others = paper_items.flat_map(|paper| council.facts.items_of_paper(*paper));
    let mut objects = vec![item.id];
    objects.extend(others.filter(|other| **other != item.id));
    objects.extend(item.paper);
    objects.extend(files.iter().map(|(_, row)| row.id()));
    objects
}

/// All notes at an agenda item, in the order they show.
///
/// * `files` – those of its paper and its own, in the order they show.
pub(super) fn item_notes(
    council: &Council,
    item: &AgendaItem,
    files: &Files,
    (own, notes): (&Own, &NoteStore),
    now_ms: i64,
) -> Result<Vec<NoteRow>, Failure> {
    let mut objects = objects_at(council, item, files);
    objects.retain(|object| own.has_notes(*object));
    let marks = notes.list_for_meeting(council.record.council, &objects)?;
    let mut known = council.facts.note_places(now_ms);
    let mut found = Vec::new();
    for piece in pieces(marks) {
        let mark = &piece.mark;
        let stand = known.stand(&council.store, mark.anchor.key(), now_ms)?;
        let origin = match made_elsewhere(mark, Some(item.id)) {
            Some(other) => known.origin(&council.store, other)?,
            None => None,
        };
        let target = mark.anchor.target;
        let place = match target {
            notes::Target::AgendaItem(id) if id == item.id => Place::Here,
            notes::Target::AgendaItem(_) | notes::Target::Meeting(_) => {
                Place::OtherItem(origin.as_ref().and_then(|origin| origin.start_at_ms))
            }
            notes::Target::Paper(_) => Place::Paper,
            notes::Target::File { file, .. } => {
                let turn = files.iter().position(|(_, row)| row.id() == file);
                Place::File(turn.unwrap_or(files.len()))
            }
        };
        // Whole points are near enough; the sign turns "from the bottom" into "from the top".
        #[expect(clippy::cast_possible_truncation, reason = "`as` keeps to the range")]
        let from_top = -(top_pt(mark) as i64);
        let turn = (
            (place, target.object()),
            (mark.anchor.page, from_top),
            (mark.created_at_ms, mark.id),
        );
        let mut row = note_row(piece, &stand, 0, origin.as_deref());
        match place {
            Place::Here => row.label = None,
            Place::OtherItem(_) => {}
            // A file of several meetings is shown at this one.
            Place::Paper | Place::File(_) => {
                row.meeting_id = Some(item.meeting.to_string());
                row.agenda_item_id = Some(item.id.to_string());
            }
        }
        if let Place::File(at) = place
            && let Some((_, file)) = files.get(at)
        {
            row.label = Some(file.file.name.clone());
            row.annex = None;
        }
        found.push((turn, row));
    }
    found.sort_by_key(|(turn, _)| *turn);
    let rows = found.into_iter().enumerate().map(|(at, (_, row))| NoteRow {
        place_rank: count(at),
        ..row
    });
    Ok(rows.collect())
}

/// The notes on a meeting itself, oldest first.
pub(super) fn meeting_notes(
    council: &Council,
    meeting: ObjectId,
    notes: &NoteStore,
    now_ms: i64,
) -> Result<Vec<NoteRow>, Failure> {
    let mut marks = notes.list_for_meeting(council.record.council, &[meeting])?;
    marks.sort_by_key(|mark| (mark.created_at_ms, mark.id));
    let mut known = council.facts.note_places(now_ms);
    let mut rows = Vec::new();
    for (at, piece) in marks.into_iter().map(Piece::of).enumerate() {
        let stand = known.stand(&council.store, piece.mark.anchor.key(), now_ms)?;
        rows.push(note_row(piece, &stand, count(at), None));
    }
    Ok(rows)
}
