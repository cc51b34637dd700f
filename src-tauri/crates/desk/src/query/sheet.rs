//! The speaking sheet of a meeting: its agenda with what the member noted. What goes on a sheet that may lie on the table is
//! decided here, and nothing nonpublic passes by any way: not as an item, a note, a quotation, or where a note came from.

use notes::NoteStore;
use sync::store::{CouncilStore, Held};
use sync_protocol::ids::ObjectId;
use sync_protocol::model::{AgendaItem, Meeting};

use super::agenda::files_of_item;
use super::cards::count;
use super::item_notes::{item_notes, meeting_notes};
use super::own::Own;
use crate::dto::{MarkKind, NoteRow, SheetChoice, SheetItem, SpeakingSheet, TargetKind};
use crate::error::Failure;
use crate::session::Council;

/// What is asked of a sheet.
pub(crate) struct SheetWish<'a> {
    pub(crate) with_nonpublic: bool,
    /// `None`: the items with anything of the member's own.
    pub(crate) items: Option<&'a [ObjectId]>,
}

/// The sheet of one meeting.
///
/// * `council_name` – as the device shows it.
pub(crate) fn speaking_sheet(
    (council, council_name): (&Council, &str),
    held: &Held<Meeting>,
    (own, notes): (&Own, &NoteStore),
    wish: &SheetWish<'_>,
    now_ms: i64,
) -> Result<SpeakingSheet, Failure> {
    let meeting = &held.object;
    let may_show = |is_public: bool| is_public || wish.with_nonpublic;
    let mut left_out = 0;
    let mut sift = |rows: Vec<NoteRow>, item: Option<&str>| -> Vec<NoteRow> {
        let rows = rows.into_iter().filter(says_something);
        let (shown, hidden): (Vec<_>, Vec<_>) =
            rows.partition(|row| may_show(is_public_note(row, item)));
        left_out += hidden.len();
        shown
    };
    let on_meeting = meeting_notes(council, meeting.id, notes, now_ms)?;
    let on_meeting = sift(on_meeting, None);
    let mut items = Vec::new();
    let mut agenda = Vec::new();
    let mut hidden_items = 0;
    for item in council.store.agenda(meeting.id)? {
        let is_public = item.public && item.object.public;
        let files = files_of_item(council, &item.object)?;
        let rows = item_notes(council, &item.object, &files, (own, notes), now_ms)?;
        if !may_show(is_public) {
            let has_own = rows.iter().any(says_something) || has_decided(own, &item.object);
            hidden_items += usize::from(has_own);
            continue;
        }
        let shown = sheet_item(council, (&item.object, is_public), own, |id| {
            sift(rows, Some(id))
        })?;
        let has_own = !shown.notes.is_empty() || !shown.stamps.is_empty() || shown.tally.is_some();
        let is_chosen = wish
            .items
            .map_or(has_own, |chosen| chosen.contains(&item.object.id));
        agenda.push(SheetChoice {
            id: shown.id.clone(),
            number: shown.number.clone(),
            name: shown.name.clone(),
            public: is_public,
            has_own,
            chosen: is_chosen,
        });
        if is_chosen {
            items.push(shown);
        }
    }
    let is_public = held.public
        && on_meeting.iter().all(|row| is_public_note(row, None))
        && items.iter().all(|item| {
            item.public
                && item
                    .notes
                    .iter()
                    .all(|row| is_public_note(row, Some(&item.id)))
        });
    Ok(SpeakingSheet {
        meeting_id: meeting.id.to_string(),
        council_name: council_name.to_owned(),
        meeting_name: may_show(held.public).then(|| meeting.name.clone()),
        start_at_ms: CouncilStore::meeting_start_ms(meeting),
        public: is_public || !wish.with_nonpublic,
        agenda,
        notes: on_meeting,
        items,
        left_out: count(left_out + hidden_items),
    })
}

fn sheet_item(
    council: &Council,
    (item, public): (&AgendaItem, bool),
    own: &Own,
    notes: impl FnOnce(&str) -> Vec<NoteRow>,
) -> Result<SheetItem, Failure> {
    let paper = match item.paper {
        Some(id) => council.store.paper(id)?,
        None => None,
    };
    // Of a public item the paper may be nonpublic all the same.
    let paper = paper.filter(|paper| !public || (paper.public && paper.object.public));
    let reference = paper.and_then(|paper| paper.object.reference);
    let id = item.id.to_string();
    Ok(SheetItem {
        notes: notes(&id),
        id,
        number: item.number.clone().unwrap_or_default(),
        name: item.name.clone(),
        public,
        paper_reference: reference,
        role: item.role.clone(),
        tally: own.tally(item.id),
        stamps: own.stamps(item.id).to_vec(),
    })
}

/// Whether the member stamped an item or leans to a vote.
fn has_decided(own: &Own, item: &AgendaItem) -> bool {
    !own.stamps(item.id).is_empty() || own.tally(item.id).is_some()
}

/// Whether a note says something away from its page. Stamps on an item without words stand beside its name.
fn says_something(row: &NoteRow) -> bool {
    match row.kind {
        MarkKind::Note
        | MarkKind::Highlight
        | MarkKind::Underline
        | MarkKind::StrikeOut
        | MarkKind::Squiggly
        | MarkKind::Ink
        | MarkKind::TextBox => true,
        MarkKind::Stamp => {
            row.target.kind != TargetKind::AgendaItem || row.text.is_some() || row.origin.is_some()
        }
        MarkKind::Brush
        | MarkKind::Rectangle
        | MarkKind::Ellipse
        | MarkKind::Line
        | MarkKind::Arrow => false,
    }
}

// Meets: O.Purp_9
/// Whether a note stands on something public and was made at something public. Where it was made may be gone since, and may
/// have been nonpublic.
///
/// * `item` – where it shows.
fn is_public_note(row: &NoteRow, item: Option<&str>) -> bool {
    let is_made_here = row.made_at_item.is_none() || row.made_at_item.as_deref() == item;
    row.public
        && match &row.origin {
            Some(origin) => origin.public,
            None => is_made_here,
        }
}
