//! What is public, read from the public chain's live entries and from nothing else: the bytes that every tablet gets.
//! There is no way in for what is nonpublic: other chains' entries are sealed under other keys, and what names
//! something that is not here is shown without that name.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::Connection;
use sync_protocol::chain::{EntryHeader, Op};
use sync_protocol::class_key::{KeyEpoch, open_payload};
use sync_protocol::ids::{BlobId, CouncilId, ObjectId};
use sync_protocol::model::{CouncilObject, ModelError};

use super::location::{Location, LocationIds};
use crate::error::ServerError;
use crate::keys::Keys;
use crate::store::audiences::{self, AudienceFor, AudienceRow};
use crate::store::chain;

/// A file's ciphertext and its key as they stand in the public chain.
#[derive(Clone, Debug)]
pub(crate) struct SealedFile {
    pub blob: BlobId,
    pub revision: u32,
    pub key_epoch: KeyEpoch,
    pub wrapped_key: Vec<u8>,
}

/// What points at a file or a location.
#[derive(Clone, Debug, Default)]
pub(crate) struct Uses {
    pub meetings: BTreeSet<ObjectId>,
    pub items: BTreeSet<ObjectId>,
    pub papers: BTreeSet<ObjectId>,
}

/// All public objects, and what belongs to what.
#[derive(Debug, Default)]
pub(crate) struct Shown {
    pub objects: BTreeMap<ObjectId, CouncilObject>,
    pub files: BTreeMap<ObjectId, SealedFile>,
    pub locations: BTreeMap<ObjectId, Location>,
    pub body: Option<ObjectId>,
    pub terms: Vec<ObjectId>,
    /// By meeting, in the order of the agenda.
    pub items: BTreeMap<ObjectId, Vec<ObjectId>>,
    /// By paper.
    pub consultations: BTreeMap<ObjectId, Vec<ObjectId>>,
    /// By person and by organization.
    pub memberships: BTreeMap<ObjectId, Vec<ObjectId>>,
    /// By meeting and by paper.
    pub places: BTreeMap<ObjectId, Vec<ObjectId>>,
    /// By file and by location.
    pub uses: BTreeMap<ObjectId, Uses>,
}

/// The one public audience.
pub(crate) fn public_audience(c: &Connection) -> Result<AudienceRow, ServerError> {
    let mut rows = audiences::all(c)?.into_iter();
    rows.find(|row| row.is_for == AudienceFor::Public)
        .ok_or(ServerError::WrongMasterKey)
}

impl Shown {
    /// Opens the public chain.
    ///
    /// Errors: storage, an entry that does not open or is none of the public chain's.
    pub(crate) fn read(
        c: &Connection,
        keys: &Keys,
        council: CouncilId,
        audience: &AudienceRow,
    ) -> Result<Self, ServerError> {
        let mut class_keys = BTreeMap::new();
        let mut objects = Vec::new();
        let mut files = BTreeMap::new();
        for entry in chain::live(c, &audience.id)? {
            let header = EntryHeader::from_bytes(&entry.header_bytes)?;
            let (Op::Upsert, Some(sealed)) = (header.op, &entry.sealed_payload) else {
                continue;
            };
            if let std::collections::btree_map::Entry::Vacant(empty) =
                class_keys.entry(header.key_epoch)
            {
                empty.insert(keys.class_key(c, &audience.id, header.key_epoch)?);
            }
            let Some(key) = class_keys.get(&header.key_epoch) else {
                continue;
            };
            let payload = open_payload(key, &header.context(council), sealed)?;
            match CouncilObject::from_payload(header.object_kind, header.object, &payload) {
                Ok(object) => objects.push(object),
                Err(ModelError::UnknownKind(_)) => continue,
                Err(_) => return Err(ServerError::DamagedObject),
            }
            if let (Some(blob), Some(wrapped_key)) = (header.blob_id, entry.wrapped_file_key) {
                let sealed_file = SealedFile {
                    blob,
                    revision: header.revision,
                    key_epoch: header.key_epoch,
                    wrapped_key,
                };
                files.insert(header.object, sealed_file);
            }
        }
        let ids = LocationIds::new(keys.digest(c)?);
        let mut shown = Self::of(objects, &ids);
        shown.files = files;
        Ok(shown)
    }

    /// Keeps what may be shown and notes what belongs to what.
    pub(crate) fn of(objects: Vec<CouncilObject>, ids: &LocationIds) -> Self {
        let mut shown = Self {
            objects: objects
                .into_iter()
                .filter(says_public)
                .map(|object| (object.id(), object))
                .collect(),
            ..Self::default()
        };
        shown.drop_hollow();
        shown.note_belonging(ids);
        shown
    }

    /// A station of a paper that is not public, and a seat of nobody, say nothing but that there is something hidden.
    fn drop_hollow(&mut self) {
        let there: BTreeSet<ObjectId> = self.objects.keys().copied().collect();
        self.objects.retain(|_, object| match object {
            CouncilObject::Consultation(o) => {
                there.contains(&o.paper)
                    && o.agenda_item.is_none_or(|item| there.contains(&item))
                    && o.meeting.is_none_or(|meeting| there.contains(&meeting))
            }
            CouncilObject::Membership(o) => {
                there.contains(&o.person) && there.contains(&o.organization)
            }
            CouncilObject::AgendaItem(o) => there.contains(&o.meeting),
            _ => true,
        });
    }

    fn note_belonging(&mut self, ids: &LocationIds) {
        for (id, object) in &self.objects {
            let id = *id;
            match object {
                CouncilObject::Body(_) => self.body = Some(id),
                CouncilObject::LegislativeTerm(_) => self.terms.push(id),
                CouncilObject::AgendaItem(o) => {
                    self.items.entry(o.meeting).or_default().push(id);
                    for file in &o.files {
                        self.uses.entry(*file).or_default().items.insert(id);
                    }
                }
                CouncilObject::Consultation(o) => {
                    self.consultations.entry(o.paper).or_default().push(id);
                }
                CouncilObject::Membership(o) => {
                    self.memberships.entry(o.person).or_default().push(id);
                    self.memberships.entry(o.organization).or_default().push(id);
                }
                CouncilObject::Meeting(o) => {
                    for file in o.files() {
                        self.uses.entry(*file).or_default().meetings.insert(id);
                    }
                    if let Some(location) = Location::of_meeting(o) {
                        let place = ids.id_of(&location);
                        self.uses.entry(place).or_default().meetings.insert(id);
                        self.places.entry(id).or_default().push(place);
                        self.locations.insert(place, location);
                    }
                }
                CouncilObject::Paper(o) => {
                    for file in o.main_file.iter().chain(&o.auxiliary_files) {
                        self.uses.entry(*file).or_default().papers.insert(id);
                    }
                    for location in o.villages.iter().filter_map(|v| Location::of_village(v)) {
                        let place = ids.id_of(&location);
                        self.uses.entry(place).or_default().papers.insert(id);
                        self.places.entry(id).or_default().push(place);
                        self.locations.insert(place, location);
                    }
                }
                CouncilObject::Organization(_)
                | CouncilObject::Person(_)
                | CouncilObject::File(_) => {}
            }
        }
        let order = |id: &ObjectId| match self.objects.get(id) {
            Some(CouncilObject::AgendaItem(item)) => (item.order, *id),
            _ => (u32::MAX, *id),
        };
        for items in self.items.values_mut() {
            items.sort_by_key(order);
        }
    }
}

/// A second lock: what calls itself nonpublic is not shown, whatever chain it stands in.
fn says_public(object: &CouncilObject) -> bool {
    match object {
        CouncilObject::AgendaItem(item) => item.public,
        CouncilObject::Paper(paper) => paper.public,
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use sync_protocol::model::{AgendaItem, Consultation, Meeting, Paper};

    use super::*;

    fn id(number: u8) -> ObjectId {
        ObjectId::from_bytes([number; 16])
    }

    fn meeting() -> CouncilObject {
        CouncilObject::Meeting(Meeting {
            id: id(1),
            name: "Sitzung".to_owned(),
            start: "2026-03-11T17:00:00+01:00".to_owned(),
            end: None,
            location: None,
            room: None,
            organizations: Vec::new(),
            cancelled: false,
            invitation: None,
            invitation_revision: 0,
            results_protocol: None,
            number: None,
            auxiliary_files: Vec::new(),
        })
    }

    fn item(number: u8, public: bool) -> CouncilObject {
        CouncilObject::AgendaItem(AgendaItem {
            id: id(number),
            meeting: id(1),
            number: None,
            order: u32::from(100 - number),
            name: "Punkt".to_owned(),
            public,
            consultation: Some(id(30)),
            paper: Some(id(20)),
            result: None,
            resolution_text: None,
            role: None,
            late: false,
            files: Vec::new(),
        })
    }

    fn paper(public: bool) -> CouncilObject {
        CouncilObject::Paper(Paper {
            id: id(20),
            reference: None,
            name: "Vorlage".to_owned(),
            paper_type: None,
            date: None,
            public,
            main_file: None,
            auxiliary_files: Vec::new(),
            originator: None,
            villages: Vec::new(),
            superseded_note: None,
        })
    }

    fn station() -> CouncilObject {
        CouncilObject::Consultation(Consultation {
            id: id(30),
            paper: id(20),
            agenda_item: Some(id(10)),
            meeting: Some(id(1)),
            organization: None,
            role: None,
            authoritative: false,
            result: None,
        })
    }

    #[test]
    fn what_calls_itself_nonpublic_is_not_shown_even_in_the_public_chain() {
        let ids = LocationIds::for_tests();
        let all = |public| {
            vec![
                meeting(),
                item(10, public),
                item(11, true),
                paper(public),
                station(),
            ]
        };
        let open = Shown::of(all(true), &ids);
        assert_eq!(open.objects.len(), 5);
        assert_eq!(
            open.items.get(&id(1)),
            Some(&vec![id(11), id(10)]),
            "by the agenda"
        );
        let closed = Shown::of(all(false), &ids);
        let left: Vec<ObjectId> = closed.objects.keys().copied().collect();
        assert_eq!(
            left,
            [id(1), id(11)],
            "the station of a hidden paper goes with it"
        );
    }
}
