//! The start page: the next meeting, what is new, one's own open notes, where to go on reading.

use notes::{MarkBody, NoteStore, Stamp};
use sync::store::{CouncilStore, Held};
use sync_protocol::ids::{CouncilId, ObjectId};
use sync_protocol::model::{AgendaItem, Meeting};

use super::agenda::{badge, files_of_item};
use super::cards::{cards_from, meetings_from, placed_file, placed_target};
use super::clash::mark_clashes;
use super::own::Own;
use crate::border_marks::{stamp_name, target_kind};
use crate::dto::*;
use crate::error::Failure;
use crate::session::Council;
use crate::times;

/// News shown at most.
const MOST_NEWS: usize = 20;
/// How long after a meeting its minutes and results are still news, ms (60 days).
const NEWS_BACK_MS: i64 = 60 * 24 * 60 * 60 * 1000;
/// Own notes shown at most.
const MOST_OPEN: usize = 6;

/// The start page.
///
/// * `notes` – read for the notes on coming meetings.
pub(crate) fn today(
    councils: &[Council],
    own: &Own,
    notes: &NoteStore,
    now_ms: i64,
) -> Result<Today, Failure> {
    let today_ms = times::day_start_ms(now_ms);
    let mut coming = cards_from(councils, own, today_ms)?;
    mark_clashes(councils, &mut coming, now_ms)?;
    let (mine, others): (Vec<_>, Vec<_>) = coming
        .into_iter()
        .partition(|card| card.is_mine && !card.cancelled && !is_over(card, now_ms));
    let mut mine = mine.into_iter();
    let next_meeting = mine.next();
    let mut later: Vec<MeetingCard> = mine.chain(others).collect();
    later.sort_by(|a, b| (a.start_at_ms, &a.id).cmp(&(b.start_at_ms, &b.id)));
    Ok(Today {
        date_iso: times::day_iso(now_ms),
        next_meeting,
        new_items: new_items(councils, own, today_ms - NEWS_BACK_MS)?,
        open_items: open_items(councils, (own, notes), today_ms, now_ms)?,
        later,
        continue_reading: continue_reading(councils, own, now_ms)?,
    })
}

/// A meeting that says when it ends is over then; one that does not, with its day.
fn is_over(card: &MeetingCard, now_ms: i64) -> bool {
    card.end_at_ms.is_some_and(|end_ms| end_ms < now_ms)
}

fn new_items(councils: &[Council], own: &Own, from_ms: i64) -> Result<Vec<NewItem>, Failure> {
    let mut found: Vec<(i64, NewItem)> = Vec::new();
    for council in councils {
        for meeting in meetings_from(council, from_ms)? {
            let Some(start_at_ms) = CouncilStore::meeting_start_ms(&meeting.object) else {
                continue;
            };
            let (whole, id) = (council.record.council, meeting.object.id);
            if own.is_news(whole, meeting.first_received_at_ms, &[id]) {
                // All of it is new: one line says so.
                found.push((
                    meeting.first_received_at_ms,
                    meeting_news(whole, Badge::New, &meeting, start_at_ms),
                ));
                continue;
            }
            if own.is_news(whole, meeting.changed_at_ms, &[id]) {
                found.push((
                    meeting.changed_at_ms,
                    meeting_news(whole, Badge::Changed, &meeting, start_at_ms),
                ));
            }
            let files = council
                .facts
                .meeting(id)
                .map(|fact| fact.files.as_slice())
                .unwrap_or_default();
            let is_file_fresh = files
                .iter()
                .any(|file| own.is_news(whole, file.changed_at_ms, &[file.id]));
            for item in council.store.agenda(id)? {
                if is_file_fresh || own.is_news(whole, item.changed_at_ms, &[item.object.id]) {
                    found.extend(item_news(council, (&meeting, start_at_ms), &item, own)?);
                }
            }
        }
    }
    found.sort_by_key(|(at_ms, _)| std::cmp::Reverse(*at_ms));
    Ok(found
        .into_iter()
        .take(MOST_NEWS)
        .map(|(_, item)| item)
        .collect())
}

fn meeting_news(
    council: CouncilId,
    badge: Badge,
    meeting: &Held<Meeting>,
    start_at_ms: i64,
) -> NewItem {
    NewItem {
        council_id: council.to_string(),
        badge,
        meeting_id: meeting.object.id.to_string(),
        meeting_name: meeting.object.name.clone(),
        meeting_start_at_ms: start_at_ms,
        agenda_item_id: None,
        agenda_item_number: None,
        file_id: meeting.object.invitation.map(|id| id.to_string()),
        title: meeting.object.name.clone(),
        public: meeting.public,
        change_note: None,
    }
}

/// The line of an agenda item, if something about it has not been looked at yet, and when that came.
fn item_news(
    council: &Council,
    (meeting, start_at_ms): (&Held<Meeting>, i64),
    item: &Held<AgendaItem>,
    own: &Own,
) -> Result<Option<(i64, NewItem)>, Failure> {
    let whole = council.record.council;
    let files = files_of_item(council, &item.object)?;
    let fresh = files
        .iter()
        .filter(|(_, row)| own.is_news(whole, row.changed_at_ms, &[item.object.id, row.id()]));
    // Of files that came together the one that says what changed, else the first: the main file.
    let file = fresh
        .rev()
        .max_by_key(|(_, row)| (row.changed_at_ms, row.file.change_note.is_some()));
    let file = file.map(|(_, row)| row);
    let is_item_fresh = own.is_news(whole, item.changed_at_ms, &[item.object.id]);
    let at_ms = match (file, is_item_fresh) {
        (Some(row), true) => row.changed_at_ms.max(item.changed_at_ms),
        (Some(row), false) => row.changed_at_ms,
        (None, true) => item.changed_at_ms,
        (None, false) => return Ok(None),
    };
    let line = NewItem {
        council_id: whole.to_string(),
        badge: badge(council, item, &files, own).unwrap_or(Badge::Changed),
        meeting_id: meeting.object.id.to_string(),
        meeting_name: meeting.object.name.clone(),
        meeting_start_at_ms: start_at_ms,
        agenda_item_id: Some(item.object.id.to_string()),
        agenda_item_number: item.object.number.clone(),
        file_id: file.map(|row| row.id().to_string()),
        title: item.object.name.clone(),
        public: item.object.public,
        change_note: file.and_then(|row| row.file.change_note.clone()),
    };
    Ok(Some((at_ms, line)))
}

/// Own notes, questions and things to follow up on coming meetings, changed last first; nothing of an agenda item that the
/// member stamped as done.
fn open_items(
    councils: &[Council],
    (own, notes): (&Own, &NoteStore),
    today_ms: i64,
    now_ms: i64,
) -> Result<Vec<OpenItem>, Failure> {
    let mut found: Vec<(i64, OpenItem)> = Vec::new();
    for council in councils {
        for meeting in meetings_from(council, today_ms)? {
            let noted = noted_objects(council, &meeting.object, own);
            for mark in notes.list_for_meeting(council.record.council, &noted)? {
                found.extend(
                    open_item(council, &meeting.object, &mark, own, now_ms)?
                        .map(|item| (mark.updated_at_ms, item)),
                );
            }
        }
    }
    // A note on a file that two meetings deal with stands once.
    found.sort_by(|(a_ms, a), (b_ms, b)| (b_ms, &a.mark_id).cmp(&(a_ms, &b.mark_id)));
    found.dedup_by(|(_, a), (_, b)| a.mark_id == b.mark_id);
    Ok(found
        .into_iter()
        .take(MOST_OPEN)
        .map(|(_, item)| item)
        .collect())
}

/// What of a meeting carries notes: itself, its agenda items, their papers, all their files.
fn noted_objects(council: &Council, meeting: &Meeting, own: &Own) -> Vec<ObjectId> {
    let fact = council.facts.meeting(meeting.id);
    let items = fact.into_iter().flat_map(|fact| {
        fact.items
            .iter()
            .flat_map(|(item, paper)| [Some(*item), *paper])
    });
    let files = fact
        .into_iter()
        .flat_map(|fact| fact.files.iter().map(|file| Some(file.id)));
    [Some(meeting.id)]
        .into_iter()
        .chain(items)
        .chain(files)
        .flatten()
        .filter(|id| own.has_notes(*id))
        .collect()
}

/// The line of a note or of a stamp that asks for something; `None` for all else, and for what is done.
fn open_item(
    council: &Council,
    meeting: &Meeting,
    mark: &notes::Mark,
    own: &Own,
    now_ms: i64,
) -> Result<Option<OpenItem>, Failure> {
    let (text, stamp) = match &mark.body {
        MarkBody::Note { text } => (text.clone(), None),
        MarkBody::Stamp {
            stamp: stamp @ (Stamp::Question | Stamp::FollowUp),
            text,
        } => (text.clone().unwrap_or_default(), Some(stamp_name(*stamp))),
        _ => return Ok(None),
    };
    let (target, store) = (&mark.anchor.target, &council.store);
    let Some(placed) = placed_target(store, target_kind(target.kind()), target.object(), now_ms)?
    else {
        return Ok(None);
    };
    let is_done = |id: ObjectId| own.stamps(id).contains(&StampName::Done);
    if placed.agenda_item.is_some_and(is_done) || is_done(target.object()) {
        return Ok(None);
    }
    let item = placed
        .agenda_item
        .map(|id| store.agenda_item(id))
        .transpose()?
        .flatten();
    let is_on_file = matches!(target.kind(), notes::TargetKind::File);
    Ok(Some(OpenItem {
        council_id: council.record.council.to_string(),
        mark_id: mark.id.to_string(),
        text,
        stamp,
        meeting_id: meeting.id.to_string(),
        meeting_name: meeting.name.clone(),
        agenda_item_id: placed.agenda_item.map(|id| id.to_string()),
        agenda_item_number: item.and_then(|item| item.object.number),
        file_id: is_on_file.then(|| target.object().to_string()),
        page: mark.anchor.page,
        label: placed.label,
        public: placed.public && mark.anchor.sealed_class.is_none(),
    }))
}

/// The document read last that lies on the device.
fn continue_reading(
    councils: &[Council],
    own: &Own,
    now_ms: i64,
) -> Result<Option<ContinueReading>, Failure> {
    for place in own.latest_places() {
        for council in councils
            .iter()
            .filter(|council| council.record.council == place.council)
        {
            let Some(row) = council.store.file(place.file)?.filter(|row| row.present) else {
                continue;
            };
            let placed = placed_file(&council.store, &row, now_ms)?;
            return Ok(Some(ContinueReading {
                council_id: place.council.to_string(),
                file_id: row.id().to_string(),
                label: placed.label,
                page: own.last_page(&row).unwrap_or(0),
                page_count: row.page_count,
                meeting_id: placed.meeting.map(|id| id.to_string()),
                agenda_item_id: placed.agenda_item.map(|id| id.to_string()),
                public: row.public,
            }));
        }
    }
    Ok(None)
}
