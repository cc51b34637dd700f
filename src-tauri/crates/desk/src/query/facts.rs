//! What the cards of a council's meetings are made from, read in one pass over its store.

use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, MutexGuard};

use sync::store::{CouncilStore, StoreError};
use sync_protocol::ids::{BlobId, ObjectId};
use sync_protocol::model::Meeting;

use super::clash::Span;
use super::member::own_organizations;
use super::note_places::NotePlaces;
use crate::desk::lock;
use crate::session::Council;

/// A file of a meeting, as far as its card needs it.
#[derive(Clone, Copy)]
pub(crate) struct FileFact {
    pub(crate) id: ObjectId,
    pub(crate) blob_id: BlobId,
    pub(crate) page_count: Option<u32>,
    pub(crate) changed_at_ms: i64,
    pub(super) present: bool,
}

/// What the card of one meeting is made from.
#[derive(Default)]
pub(crate) struct MeetingFact {
    /// Agenda items, and the papers they name.
    pub(crate) items: Vec<(ObjectId, Option<ObjectId>)>,
    pub(crate) files: Vec<FileFact>,
    pub(super) late: bool,
    pub(super) has_public_item: bool,
    /// When it begins, ms UTC; `None` if its date cannot be read.
    pub(crate) start_ms: Option<i64>,
    /// When it takes place; `None` if it was cancelled, or its date cannot be read.
    pub(crate) span: Option<Span>,
    /// As [`CouncilFacts::is_my_meeting`].
    pub(crate) is_mine: bool,
}

/// What the cards of one council's meetings are made from; one pass over the whole store, so a session keeps it until
/// a synchronisation changes something. Ids and numbers; no words but those that say where own notes stand.
#[derive(Default)]
pub(crate) struct CouncilFacts {
    meetings: HashMap<ObjectId, MeetingFact>,
    /// Under which agenda items each paper is dealt with.
    items_of_paper: HashMap<ObjectId, Vec<ObjectId>>,
    /// Organizations the member sits in; empty when the council does not say.
    mine: HashSet<ObjectId>,
    note_places: Mutex<NotePlaces>,
}

impl CouncilFacts {
    pub(crate) fn read(council: &Council) -> Result<Self, StoreError> {
        let store = &council.store;
        let mut meetings: HashMap<ObjectId, MeetingFact> = HashMap::new();
        let mut items_of_paper: HashMap<ObjectId, Vec<ObjectId>> = HashMap::new();
        for held in store.agenda_items()? {
            if let Some(paper) = held.object.paper {
                items_of_paper
                    .entry(paper)
                    .or_default()
                    .push(held.object.id);
            }
            let fact = meetings.entry(held.object.meeting).or_default();
            fact.items.push((held.object.id, held.object.paper));
            fact.late |= held.object.late;
            fact.has_public_item |= held.object.public;
        }
        let files = store.files()?;
        for (meeting, named) in store.files_by_meeting()? {
            let facts = named
                .iter()
                .filter_map(|id| files.get(id))
                .map(|row| FileFact {
                    id: row.id(),
                    blob_id: row.blob_id,
                    page_count: row.page_count,
                    changed_at_ms: row.changed_at_ms,
                    present: row.present,
                });
            meetings.entry(meeting).or_default().files.extend(facts);
        }
        let mut facts = Self {
            meetings,
            items_of_paper,
            mine: own_organizations(council)?,
            note_places: Mutex::default(),
        };
        for held in store.meetings()? {
            let is_mine = facts.is_my_meeting(&held.object);
            let fact = facts.meetings.entry(held.object.id).or_default();
            fact.start_ms = CouncilStore::meeting_start_ms(&held.object);
            fact.span = Span::of(&held.object);
            fact.is_mine = is_mine;
        }
        Ok(facts)
    }

    /// Meetings that start at a moment or later, in no order.
    pub(crate) fn starting_from(&self, from_ms: i64) -> impl Iterator<Item = ObjectId> {
        self.meetings
            .iter()
            .filter(move |(_, fact)| fact.start_ms.is_some_and(|at_ms| at_ms >= from_ms))
            .map(|(id, _)| *id)
    }

    /// Every meeting.
    pub(crate) fn meetings(&self) -> impl Iterator<Item = (ObjectId, &MeetingFact)> {
        self.meetings.iter().map(|(id, fact)| (*id, fact))
    }

    /// Whether the council says where the member sits.
    pub(crate) fn is_seat_known(&self) -> bool {
        !self.mine.is_empty()
    }

    /// Where own notes and what a faction says stand, as far as it was looked up today.
    pub(super) fn note_places(&self, now_ms: i64) -> MutexGuard<'_, NotePlaces> {
        let mut places = lock(&self.note_places);
        places.on_day_of(now_ms);
        places
    }

    pub(crate) fn meeting(&self, id: ObjectId) -> Option<&MeetingFact> {
        self.meetings.get(&id)
    }

    /// The agenda items that deal with a paper, of all meetings, in no order.
    pub(crate) fn items_of_paper(&self, paper: ObjectId) -> &[ObjectId] {
        self.items_of_paper.get(&paper).map_or(&[], Vec::as_slice)
    }

    /// Whether the member sits in this organization.
    pub(crate) fn is_mine(&self, organization: ObjectId) -> bool {
        self.mine.contains(&organization)
    }

    /// Whether the member sits in one of the meeting's organizations; all are, when the council does not say.
    pub(crate) fn is_my_meeting(&self, meeting: &Meeting) -> bool {
        self.mine.is_empty() || meeting.organizations.iter().any(|org| self.is_mine(*org))
    }

    /// Where the member sits.
    pub(crate) fn mine(&self) -> impl Iterator<Item = ObjectId> + '_ {
        self.mine.iter().copied()
    }
}
