//! What of a council is to be found: one document for each object, by the index it belongs to. Reads the store, writes
//! nothing; the pages of files come later, from the reader.

use std::collections::{HashMap, HashSet};

use search::{Content, Document, Fields, Id, Kind};
use sync::store::{CouncilStore, FileRole, FileRow, Held, StoreError};
use sync_protocol::ids::{AudienceId, BlobId, Hash, ObjectId};
use sync_protocol::model::{AgendaItem, Meeting};

use crate::times;

/// `None`: the index of what is public.
pub(crate) type IndexName = Option<AudienceId>;

/// One document, and the file whose pages are its text.
pub(super) struct Text {
    pub(super) index: IndexName,
    /// Its content is empty where there is a file.
    pub(super) document: Document,
    pub(super) file: Option<FileRow>,
    /// The file is not on this device: what is known of its pages stays, and cannot be read anew.
    pub(super) is_away: bool,
}

/// How much of the stamp of a file's text says which version it is of, bytes.
const VERSION_LEN: usize = 16;

/// Whether the stamp of a file's text is of this version.
pub(super) fn is_of(stamp: &[u8], version: BlobId) -> bool {
    let version = version.as_bytes();
    stamp.get(..VERSION_LEN) == version.get(..VERSION_LEN)
}

impl Text {
    /// Whether a stamp in the index stands for what would be put in now. Of a file that is away the version is enough:
    /// its text is still true.
    pub(super) fn is_in(&self, stamp: Option<&Vec<u8>>) -> bool {
        let Some(stamp) = stamp else { return false };
        let own = &self.document.stamp;
        match self.is_away {
            true => own.get(..VERSION_LEN) == stamp.get(..VERSION_LEN),
            false => stamp == own,
        }
    }
}

/// Where an object is dealt with.
#[derive(Clone, Default)]
struct Station {
    meeting: Option<ObjectId>,
    paper: Option<ObjectId>,
    organizations: Vec<ObjectId>,
    date_ms: Option<i64>,
}

impl Station {
    fn fields(&self) -> Fields {
        Fields {
            organizations: self.organizations.iter().copied().map(id).collect(),
            meeting: self.meeting.map(id),
            paper: self.paper.map(id),
            date_ms: self.date_ms,
        }
    }
}

fn id(object: ObjectId) -> Id {
    Id(*object.as_bytes())
}

/// All that can be found of a council on this device. Files come last, those of the latest meetings first.
pub(super) fn of_council(store: &CouncilStore) -> Result<Vec<Text>, StoreError> {
    let reading = Reading::new(store)?;
    let mut texts = Vec::new();
    reading.meetings(&mut texts);
    reading.items_and_papers(store, &mut texts)?;
    reading.people(store, &mut texts)?;
    reading.files(store, &mut texts)?;
    Ok(texts)
}

/// What is read once for all documents.
struct Reading {
    public: HashSet<AudienceId>,
    meetings: HashMap<ObjectId, Held<Meeting>>,
    items: Vec<Held<AgendaItem>>,
    /// The last meeting that deals with a paper.
    papers: HashMap<ObjectId, Station>,
}

impl Reading {
    fn new(store: &CouncilStore) -> Result<Self, StoreError> {
        let public = store.audiences().into_iter().filter(|row| row.is_public());
        let mut reading = Self {
            public: public.map(|row| row.audience).collect(),
            meetings: store
                .meetings()?
                .into_iter()
                .map(|held| (held.object.id, held))
                .collect(),
            items: store.agenda_items()?,
            papers: HashMap::new(),
        };
        for item in &reading.items {
            if let Some(paper) = item.object.paper {
                let station = Station {
                    paper: Some(paper),
                    ..reading.station_of(item.object.meeting)
                };
                let known = reading.papers.entry(paper).or_default();
                // The same whatever day it is asked: the index is not written anew because time passes.
                if (station.date_ms, station.meeting) >= (known.date_ms, known.meeting) {
                    *known = station;
                }
            }
        }
        Ok(reading)
    }

    fn station_of(&self, meeting: ObjectId) -> Station {
        self.meetings
            .get(&meeting)
            .map_or_else(Station::default, |held| Station {
                meeting: Some(meeting),
                paper: None,
                organizations: held.object.organizations.clone(),
                date_ms: CouncilStore::meeting_start_ms(&held.object),
            })
    }

    fn index_of(&self, audience: AudienceId) -> IndexName {
        (!self.public.contains(&audience)).then_some(audience)
    }

    fn text<T>(
        &self,
        held: &Held<T>,
        (owner, kind): (ObjectId, Kind),
        station: &Station,
        (title, body): (&str, String),
    ) -> Text {
        let document = Document {
            owner: id(owner),
            kind,
            stamp: Vec::new(),
            title: title.to_owned(),
            content: Content::Body(body),
            fields: station.fields(),
        };
        Text {
            index: self.index_of(held.audience),
            document: stamped(document, &held.revision.to_be_bytes()),
            file: None,
            is_away: false,
        }
    }

    fn meetings(&self, texts: &mut Vec<Text>) {
        for held in self.meetings.values() {
            let meeting = &held.object;
            let body = words([&meeting.room, &meeting.location, &meeting.number]);
            let station = self.station_of(meeting.id);
            texts.push(self.text(
                held,
                (meeting.id, Kind::Meeting),
                &station,
                (&meeting.name, body),
            ));
        }
    }

    fn items_and_papers(
        &self,
        store: &CouncilStore,
        texts: &mut Vec<Text>,
    ) -> Result<(), StoreError> {
        for held in &self.items {
            let item = &held.object;
            let station = Station {
                paper: item.paper,
                ..self.station_of(item.meeting)
            };
            let body = words([&item.resolution_text, &item.result]);
            texts.push(self.text(
                held,
                (item.id, Kind::AgendaItem),
                &station,
                (&item.name, body),
            ));
        }
        for held in store.papers()? {
            let paper = &held.object;
            let mut station = self.papers.get(&paper.id).cloned().unwrap_or_default();
            station.paper = Some(paper.id);
            if station.date_ms.is_none() {
                station.date_ms = paper.date.as_deref().and_then(times::date_ms);
            }
            let mut body = words([&paper.reference, &paper.paper_type, &paper.originator]);
            for village in &paper.villages {
                body.push(' ');
                body.push_str(village);
            }
            texts.push(self.text(
                &held,
                (paper.id, Kind::Paper),
                &station,
                (&paper.name, body),
            ));
        }
        Ok(())
    }

    fn people(&self, store: &CouncilStore, texts: &mut Vec<Text>) -> Result<(), StoreError> {
        let mut sits_in: HashMap<ObjectId, Vec<ObjectId>> = HashMap::new();
        for held in store.memberships()? {
            let membership = held.object;
            sits_in
                .entry(membership.person)
                .or_default()
                .push(membership.organization);
        }
        for held in store.persons()? {
            let person = &held.object;
            let mut organizations = sits_in.remove(&person.id).unwrap_or_default();
            organizations.sort();
            let station = Station {
                organizations,
                ..Station::default()
            };
            let body = words([&person.form_of_address, &person.title]);
            texts.push(self.text(
                &held,
                (person.id, Kind::Person),
                &station,
                (&person.name, body),
            ));
        }
        for held in store.organizations()? {
            let organization = &held.object;
            let station = Station {
                organizations: vec![organization.id],
                ..Station::default()
            };
            let body = words([
                &organization.short_name,
                &organization.organization_type,
                &organization.classification,
            ]);
            texts.push(self.text(
                &held,
                (organization.id, Kind::Organization),
                &station,
                (&organization.name, body),
            ));
        }
        Ok(())
    }

    fn files(&self, store: &CouncilStore, texts: &mut Vec<Text>) -> Result<(), StoreError> {
        let items: HashMap<ObjectId, &AgendaItem> = self
            .items
            .iter()
            .map(|held| (held.object.id, &held.object))
            .collect();
        let mut stations: HashMap<ObjectId, Station> = HashMap::new();
        for used in store.file_uses()? {
            let station = match used.role {
                FileRole::Main | FileRole::Auxiliary => self
                    .papers
                    .get(&used.owner)
                    .cloned()
                    .unwrap_or_else(|| self.station_of(used.owner)),
                FileRole::AgendaItem => items
                    .get(&used.owner)
                    .map_or_else(Station::default, |item| self.station_of(item.meeting)),
                FileRole::Invitation | FileRole::Minutes => self.station_of(used.owner),
            };
            let known = stations.entry(used.file).or_default();
            if (station.date_ms, station.meeting) >= (known.date_ms, known.meeting) {
                *known = station;
            }
        }
        let mut found: Vec<Text> = Vec::new();
        for (owner, row) in store.files()? {
            let station = stations.remove(&owner).unwrap_or_default();
            let document = Document {
                owner: id(owner),
                kind: Kind::File,
                stamp: Vec::new(),
                title: row.file.name.clone(),
                content: Content::Unreadable,
                fields: station.fields(),
            };
            let mut document = stamped(document, row.blob_id.as_bytes());
            let version = row.blob_id.as_bytes().iter().take(VERSION_LEN);
            document.stamp = version.chain(&document.stamp).copied().collect();
            found.push(Text {
                index: self.index_of(row.audience),
                document,
                is_away: !row.present,
                file: Some(row),
            });
        }
        found.sort_by_key(|text| {
            (
                std::cmp::Reverse(text.document.fields.date_ms),
                text.document.owner,
            )
        });
        texts.append(&mut found);
        Ok(())
    }
}

/// Says when a document must be put in again: its content, its title or what it is filtered by is another.
fn stamped(mut document: Document, content: &[u8]) -> Document {
    let fields = &document.fields;
    let mut known = Vec::new();
    for part in [content, document.title.as_bytes()] {
        known.extend_from_slice(&(part.len() as u64).to_be_bytes());
        known.extend_from_slice(part);
    }
    if let Content::Body(body) = &document.content {
        known.extend_from_slice(&(body.len() as u64).to_be_bytes());
        known.extend_from_slice(body.as_bytes());
    }
    for one in fields.organizations.iter().map(Some).chain([
        None,
        fields.meeting.as_ref(),
        None,
        fields.paper.as_ref(),
    ]) {
        known.push(u8::from(one.is_some()));
        known.extend(one.iter().flat_map(|one| one.0));
    }
    known.extend_from_slice(&fields.date_ms.unwrap_or(i64::MIN).to_be_bytes());
    let hash = Hash::of(&known);
    document.stamp = hash.as_bytes().iter().take(16).copied().collect();
    document
}

fn words<const N: usize>(parts: [&Option<String>; N]) -> String {
    let parts: Vec<&str> = parts
        .into_iter()
        .flatten()
        .map(String::as_str)
        .filter(|part| !part.trim().is_empty())
        .collect();
    parts.join(" · ")
}
