//! One meeting with its agenda, and one agenda item with everything on it.

use notes::NoteStore;
use sync::store::{FileRole, FileRow, Held, StoreError};
use sync_protocol::ids::ObjectId;
use sync_protocol::model::{AgendaItem, Meeting};

use super::cards::{count, file_card};
use super::item_notes::{item_notes, objects_at};
use super::own::Own;
use crate::dto::*;
use crate::error::{ErrorCode, Failure};
use crate::session::Council;
use crate::times;

/// Everything of one meeting.
pub(crate) fn meeting_detail(
    council: &Council,
    held: &Held<Meeting>,
    own: &Own,
) -> Result<MeetingDetail, Failure> {
    let store = &council.store;
    let meeting = &held.object;
    let card = council
        .facts
        .card(council, held, own)
        .ok_or(ErrorCode::NotFound)?;
    let mut rows = Vec::new();
    for item in store.agenda(meeting.id)? {
        rows.push(agenda_row(council, &item, own)?.0);
    }
    let mut files = Vec::new();
    let mut note_count = own.note_count(meeting.id);
    let mut own_files = store.files_of(meeting.id)?;
    // Invitation and minutes before what else there is.
    own_files.sort_by_key(|(role, _)| *role == FileRole::Auxiliary);
    for (role, row) in own_files {
        note_count += own.note_count(row.id());
        files.push(file_card(council, role, &row, own)?);
    }
    note_count += rows.iter().map(|row| row.note_count).sum::<u32>();
    let (public_items, nonpublic_items) = rows.into_iter().partition(|row| row.public);
    let receipt = store.receipt(meeting.id)?.map(|receipt| MeetingReceipt {
        at_ms: receipt.made_at_ms,
        server_at_ms: receipt.server_at_ms,
    });
    Ok(MeetingDetail {
        card,
        receipt,
        public_items,
        nonpublic_items,
        files,
        note_count,
    })
}

pub(super) type Files = Vec<(FileRole, FileRow)>;

/// The files of an agenda item: those of its paper, then its own.
pub(super) fn files_of_item(council: &Council, item: &AgendaItem) -> Result<Files, StoreError> {
    let mut files = match item.paper {
        Some(paper) => council.store.files_of(paper)?,
        None => Vec::new(),
    };
    files.extend(council.store.files_of(item.id)?);
    Ok(files)
}

/// The row of an agenda item, with the files it counted.
fn agenda_row(
    council: &Council,
    held: &Held<AgendaItem>,
    own: &Own,
) -> Result<(AgendaRow, Files), StoreError> {
    let item = &held.object;
    let files = files_of_item(council, item)?;
    let reference = match item.paper {
        Some(id) => council
            .store
            .paper(id)?
            .and_then(|paper| paper.object.reference),
        None => None,
    };
    let noted = objects_at(council, item, &files);
    let stamps = own.stamps(item.id);
    let note_count: u32 = noted.into_iter().map(|id| own.note_count(id)).sum();
    let row = AgendaRow {
        id: item.id.to_string(),
        meeting_id: item.meeting.to_string(),
        number: item.number.clone().unwrap_or_default(),
        name: item.name.clone(),
        public: item.public,
        role: item.role.clone(),
        file_count: count(files.len()),
        page_count: files.iter().filter_map(|(_, row)| row.page_count).sum(),
        note_count: note_count.saturating_sub(count(stamps.len())),
        badge: badge(council, held, &files, own),
        result: item.result.clone(),
        paper_reference: reference,
        tally: own.tally(item.id),
        stamps: stamps.to_vec(),
    };
    Ok((row, files))
}

/// Why an agenda item deserves a look: late before new before changed. Opening the item, or the file that changed,
/// is a look; that it came late stays said.
pub(super) fn badge(
    council: &Council,
    held: &Held<AgendaItem>,
    files: &Files,
    own: &Own,
) -> Option<Badge> {
    let (council, id) = (council.record.council, held.object.id);
    let is_new = own.is_news(council, held.first_received_at_ms, &[id]);
    let is_changed = own.is_news(council, held.changed_at_ms, &[id])
        || files
            .iter()
            .any(|(_, row)| own.is_news(council, row.changed_at_ms, &[id, row.id()]));
    match (held.object.late, is_new, is_changed) {
        (true, ..) => Some(Badge::Late),
        (_, true, _) => Some(Badge::New),
        (_, _, true) => Some(Badge::Changed),
        _ => None,
    }
}

/// Everything of one agenda item.
///
/// * `notes` – read for the notes at it.
pub(crate) fn agenda_item_detail(
    council: &Council,
    held: &Held<AgendaItem>,
    (own, notes): (&Own, &NoteStore),
    now_ms: i64,
) -> Result<AgendaItemDetail, Failure> {
    let store = &council.store;
    let (row, files) = agenda_row(council, held, own)?;
    let item = &held.object;
    let paper = match item.paper {
        Some(id) => store.paper(id)?.map(|held| held.object),
        None => None,
    };
    let consultations = match item.paper {
        Some(id) => consultations(council, id, Some(item.meeting), now_ms)?,
        None => Vec::new(),
    };
    let cards: Result<_, StoreError> = files
        .iter()
        .map(|(role, row)| file_card(council, *role, row, own))
        .collect();
    Ok(AgendaItemDetail {
        tally: row.tally,
        row,
        paper: paper.map(|paper| PaperCard {
            id: paper.id.to_string(),
            reference: paper.reference.unwrap_or_default(),
            name: paper.name,
            paper_type: paper.paper_type,
            originator: paper.originator,
            villages: paper.villages,
        }),
        consultations,
        files: cards?,
        notes: item_notes(council, item, &files, (own, notes), now_ms)?,
        resolution_text: item.resolution_text.clone(),
    })
}

/// The way of a paper through the organizations, earliest first; stations without a date come last.
pub(super) fn consultations(
    council: &Council,
    paper: ObjectId,
    here: Option<ObjectId>,
    now_ms: i64,
) -> Result<Vec<ConsultationCard>, StoreError> {
    let store = &council.store;
    let today_ms = times::day_start_ms(now_ms);
    let mut stations = Vec::new();
    for held in store.consultations_of_paper(paper)? {
        let station = held.object;
        let meeting = match station.meeting {
            Some(id) => store.meeting(id)?.map(|held| held.object),
            None => None,
        };
        let organization = match station.organization {
            Some(id) => store.organization(id)?.map(|held| held.object.name),
            None => None,
        };
        let result = match (station.result, station.agenda_item) {
            (None, Some(item)) => store.agenda_item(item)?.and_then(|held| held.object.result),
            (result, _) => result,
        };
        let start_ms = meeting
            .as_ref()
            .and_then(|meeting| times::moment_ms(&meeting.start));
        let state = match start_ms {
            _ if here.is_some() && station.meeting == here => ConsultationState::Here,
            _ if result.is_some() => ConsultationState::Done,
            Some(start_ms) if start_ms < today_ms => ConsultationState::Done,
            _ => ConsultationState::Coming,
        };
        let name = organization.or_else(|| meeting.as_ref().map(|meeting| meeting.name.clone()));
        stations.push((
            start_ms.unwrap_or(i64::MAX),
            ConsultationCard {
                organization_name: name.unwrap_or_default(),
                date: start_ms.map(times::day_iso),
                role: station.role,
                result,
                state,
                meeting_id: meeting.map(|meeting| meeting.id.to_string()),
            },
        ));
    }
    stations.sort_by_key(|(start_ms, _)| *start_ms);
    Ok(stations.into_iter().map(|(_, card)| card).collect())
}
