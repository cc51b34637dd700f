//! The cards of meetings and files, and where a file or a note belongs.

use sync::store::{CouncilStore, FileRole, FileRow, FileUse, Held, StoreError};
use sync_protocol::ids::ObjectId;
use sync_protocol::model::{AgendaItem, Meeting};

use super::Own;
use super::facts::CouncilFacts;
use crate::dto::{FileCard, FileKind, MeetingCard, TargetKind};
use crate::error::Failure;
use crate::session::Council;
use crate::times;

impl CouncilFacts {
    /// The card of a meeting; `None` if the council's date cannot be read.
    pub(super) fn card(
        &self,
        council: &Council,
        held: &Held<Meeting>,
        own: &Own,
    ) -> Option<MeetingCard> {
        let meeting = &held.object;
        let fact = self.meeting(meeting.id);
        let files = fact.map(|fact| fact.files.as_slice()).unwrap_or_default();
        Some(MeetingCard {
            id: meeting.id.to_string(),
            council_id: council.record.council.to_string(),
            name: meeting.name.clone(),
            start_at_ms: CouncilStore::meeting_start_ms(meeting)?,
            end_at_ms: meeting.end.as_deref().and_then(times::moment_ms),
            room: meeting.room.clone(),
            location: meeting.location.clone(),
            number: meeting.number.clone(),
            cancelled: meeting.cancelled,
            public: held.public
                && fact.is_none_or(|fact| fact.items.is_empty() || fact.has_public_item),
            committee_ids: meeting
                .organizations
                .iter()
                .map(ToString::to_string)
                .collect(),
            agenda_count: count(fact.map_or(0, |fact| fact.items.len())),
            page_count: files.iter().filter_map(|file| file.page_count).sum(),
            pages_read: files.iter().map(|file| own.pages_read(file)).sum(),
            file_count: count(files.len()),
            files_present: count(files.iter().filter(|file| file.present).count()),
            has_invitation: meeting.invitation.is_some(),
            is_mine: self.is_my_meeting(meeting),
            late: fact.is_some_and(|fact| fact.late),
            clashes: Vec::new(),
        })
    }
}

/// Cards of the meetings of all councils that start at a moment or later, earliest first.
pub(crate) fn cards_from(
    councils: &[Council],
    own: &Own,
    from_ms: i64,
) -> Result<Vec<MeetingCard>, Failure> {
    let mut cards = Vec::new();
    for council in councils {
        for held in meetings_from(council, from_ms)? {
            cards.extend(council.facts.card(council, &held, own));
        }
    }
    sort(&mut cards);
    Ok(cards)
}

/// Meetings that start at a moment or later, in no order.
pub(super) fn meetings_from(
    council: &Council,
    from_ms: i64,
) -> Result<Vec<Held<Meeting>>, Failure> {
    let mut meetings = Vec::new();
    for id in council.facts.starting_from(from_ms) {
        meetings.extend(council.store.meeting(id)?);
    }
    Ok(meetings)
}

fn sort(cards: &mut [MeetingCard]) {
    cards.sort_by(|a, b| (a.start_at_ms, &a.id).cmp(&(b.start_at_ms, &b.id)));
}

/// Cards of all meetings of all councils whose date can be read, earliest first.
pub(crate) fn meeting_cards(councils: &[Council], own: &Own) -> Result<Vec<MeetingCard>, Failure> {
    let mut cards = Vec::new();
    for council in councils {
        cards.extend(
            council
                .store
                .meetings()?
                .iter()
                .filter_map(|held| council.facts.card(council, held, own)),
        );
    }
    sort(&mut cards);
    Ok(cards)
}

/// The card of a file.
pub(crate) fn file_card(
    council: &Council,
    role: FileRole,
    row: &FileRow,
    own: &Own,
) -> Result<FileCard, StoreError> {
    let audience = if row.public {
        None
    } else {
        audience_name(council, row)?
    };
    Ok(FileCard {
        id: row.id().to_string(),
        name: row.file.name.clone(),
        kind: file_kind(role),
        revision: row.file.revision,
        page_count: row.page_count,
        byte_len: row.byte_len,
        present: row.present,
        public: row.public,
        audience,
        read_to_page: own.last_page(row),
        note_count: own.note_count(row.id()),
        change_note: row.file.change_note.clone(),
    })
}

/// What a file is to the member.
pub(super) fn file_kind(role: FileRole) -> FileKind {
    match role {
        FileRole::Main => FileKind::Main,
        FileRole::Auxiliary | FileRole::AgendaItem => FileKind::Auxiliary,
        FileRole::Invitation => FileKind::Invitation,
        FileRole::Minutes => FileKind::Minutes,
    }
}

/// Who may read a nonpublic file, as far as its meetings tell: the organizations that deal with it.
fn audience_name(council: &Council, row: &FileRow) -> Result<Option<String>, StoreError> {
    let store = &council.store;
    let mut names: Vec<String> = Vec::new();
    for item in items_of_file(store, &store.uses_of_file(row.id())?)? {
        let Some(meeting) = store.meeting(item.object.meeting)? else {
            continue;
        };
        for organization in meeting.object.organizations {
            if let Some(held) = store.organization(organization)? {
                let name = held.object.short_name.unwrap_or(held.object.name);
                if !names.contains(&name) {
                    names.push(name);
                }
            }
        }
    }
    Ok((!names.is_empty()).then(|| names.join(", ")))
}

/// The agenda items under which a file is dealt with, by its uses.
fn items_of_file(
    store: &CouncilStore,
    uses: &[FileUse],
) -> Result<Vec<Held<AgendaItem>>, StoreError> {
    let mut items = Vec::new();
    for used in uses {
        match used.role {
            FileRole::Main | FileRole::Auxiliary => {
                items.extend(store.agenda_items_of_paper(used.owner)?)
            }
            FileRole::AgendaItem => items.extend(store.agenda_item(used.owner)?),
            FileRole::Invitation | FileRole::Minutes => {}
        }
    }
    Ok(items)
}

/// Where something belongs: which meeting and agenda item it is shown under, and its short name.
#[derive(Clone, Default)]
pub(crate) struct Placed {
    pub(crate) meeting: Option<ObjectId>,
    pub(crate) agenda_item: Option<ObjectId>,
    /// Place of the agenda item in its agenda.
    pub(crate) order: Option<u32>,
    pub(crate) label: String,
    pub(crate) public: bool,
    /// It is the main file of a paper.
    pub(crate) is_main_file: bool,
}

/// Where a file belongs. One that several meetings deal with belongs to the next of them, or else to the latest.
pub(crate) fn placed_file(
    store: &CouncilStore,
    row: &FileRow,
    now_ms: i64,
) -> Result<Placed, StoreError> {
    let uses = store.uses_of_file(row.id())?;
    let mut stations = Vec::new();
    for item in items_of_file(store, &uses)? {
        if let Some(meeting) = store.meeting(item.object.meeting)? {
            stations.push((
                CouncilStore::meeting_start_ms(&meeting.object).unwrap_or(i64::MIN),
                item,
            ));
        }
    }
    let today_ms = times::day_start_ms(now_ms);
    // Coming ones before past ones, and of each the nearest.
    let station = stations
        .into_iter()
        .min_by_key(|(start, _)| (*start < today_ms, start.abs_diff(today_ms)));
    let mut placed = Placed {
        public: row.public,
        label: row.file.name.clone(),
        is_main_file: uses.iter().any(|used| used.role == FileRole::Main),
        ..Placed::default()
    };
    if let Some((_, item)) = station {
        let reference = match item.object.paper {
            Some(paper) => store.paper(paper)?.and_then(|held| held.object.reference),
            None => None,
        };
        placed.meeting = Some(item.object.meeting);
        placed.agenda_item = Some(item.object.id);
        placed.order = Some(item.object.order);
        placed.label = file_label(
            item.object.number.as_deref(),
            reference.as_deref(),
            &row.file.name,
        );
    } else {
        for used in uses {
            let is_of_meeting = match used.role {
                FileRole::Invitation | FileRole::Minutes => true,
                FileRole::Auxiliary => store.meeting(used.owner)?.is_some(),
                FileRole::Main | FileRole::AgendaItem => false,
            };
            if is_of_meeting {
                placed.meeting = Some(used.owner);
                break;
            }
        }
    }
    Ok(placed)
}

/// The short name of a file: "TOP 4 · 2026/184", or its own name where there is no more.
pub(crate) fn file_label(number: Option<&str>, reference: Option<&str>, name: &str) -> String {
    let number = number
        .map(str::trim)
        .filter(|number| !number.is_empty())
        .map(|number| format!("TOP {number}"));
    match (number, reference) {
        (Some(number), Some(reference)) => format!("{number} · {reference}"),
        (Some(number), None) => format!("{number} · {name}"),
        (None, Some(reference)) => reference.to_owned(),
        (None, None) => name.to_owned(),
    }
}

/// Where a note's target belongs; `None` when it is not on this device (any more).
pub(crate) fn placed_target(
    store: &CouncilStore,
    kind: TargetKind,
    id: ObjectId,
    now_ms: i64,
) -> Result<Option<Placed>, StoreError> {
    Ok(match kind {
        TargetKind::File => match store.file(id)? {
            Some(row) => Some(placed_file(store, &row, now_ms)?),
            None => None,
        },
        TargetKind::Meeting => store.meeting(id)?.map(|held| Placed {
            meeting: Some(id),
            label: held.object.name,
            public: held.public,
            ..Placed::default()
        }),
        TargetKind::AgendaItem => store.agenda_item(id)?.map(|held| Placed {
            meeting: Some(held.object.meeting),
            agenda_item: Some(id),
            order: Some(held.object.order),
            label: file_label(held.object.number.as_deref(), None, &held.object.name),
            public: held.object.public,
            is_main_file: false,
        }),
        TargetKind::Paper => match store.paper(id)? {
            Some(held) => {
                let item = store.agenda_items_of_paper(id)?.into_iter().next();
                Some(Placed {
                    meeting: item.as_ref().map(|item| item.object.meeting),
                    order: item.as_ref().map(|item| item.object.order),
                    agenda_item: item.map(|item| item.object.id),
                    label: held.object.reference.unwrap_or(held.object.name),
                    public: held.object.public,
                    is_main_file: false,
                })
            }
            None => None,
        },
    })
}

pub(super) fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_called_by_its_place_on_the_agenda() {
        assert_eq!(
            file_label(Some("Ö 4"), Some("2026/184"), "Vorlage"),
            "TOP Ö 4 · 2026/184"
        );
        assert_eq!(file_label(Some("4"), None, "Lageplan"), "TOP 4 · Lageplan");
        assert_eq!(file_label(None, Some("2026/184"), "Vorlage"), "2026/184");
        assert_eq!(file_label(Some(" "), None, "Einladung"), "Einladung");
    }
}
