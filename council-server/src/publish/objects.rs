//! The objects that a draft wants published, each with its readers: OParl's names, our ids.
//! It compares nothing with what is published already.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rusqlite::Transaction;
use sync_protocol::ids::ObjectId;
use sync_protocol::model::{
    AgendaItem, Body, Consultation, CouncilObject, LegislativeTerm, Meeting, Membership,
    ObjectKind, Organization, Paper, Person,
};

use super::book::Book;
use super::people::membership_rows;
use super::reach::{AudienceSet, Reaches};
use super::stage::Staging;
use crate::draft::{CouncilDraft, FileDraft, ItemDraft, MeetingDraft, PaperDraft};
use crate::error::ServerError;

/// An object, its readers and, for a file, its sealed key.
#[derive(Clone, Debug)]
pub(crate) struct WantedObject {
    pub object: CouncilObject,
    pub readers: AudienceSet,
    pub sealed_file_key: Option<Vec<u8>>,
}

/// Everything that the draft wants.
pub(crate) fn wanted(
    tx: &Transaction<'_>,
    book: &mut Book,
    draft: &CouncilDraft,
    reaches: &Reaches,
    staging: &Staging<'_>,
) -> Result<Vec<WantedObject>, ServerError> {
    let mut build = Build {
        tx,
        book,
        reaches,
        staging,
        found: BTreeMap::new(),
    };
    build.council(draft)?;
    for paper in &draft.papers {
        build.paper(paper)?;
    }
    for meeting in &draft.meetings {
        build.meeting(meeting)?;
    }
    Ok(build
        .found
        .into_values()
        .filter(|wanted| !wanted.readers.is_empty())
        .collect())
}

struct Build<'a, 'b> {
    tx: &'a Transaction<'b>,
    book: &'a mut Book,
    reaches: &'a Reaches,
    staging: &'a Staging<'a>,
    found: BTreeMap<ObjectId, WantedObject>,
}

impl Build<'_, '_> {
    fn id(&mut self, kind: ObjectKind, key: &str) -> Result<ObjectId, ServerError> {
        self.book.id(self.tx, kind, key)
    }

    fn want(&mut self, object: impl Into<CouncilObject>, readers: AudienceSet) {
        let object = object.into();
        self.found.insert(
            object.id(),
            WantedObject {
                object,
                readers,
                sealed_file_key: None,
            },
        );
    }

    fn want_public(&mut self, object: impl Into<CouncilObject>) {
        self.want(object, self.reaches.public.clone());
    }

    fn council(&mut self, draft: &CouncilDraft) -> Result<(), ServerError> {
        if let Some(body) = &draft.body {
            let id = self.id(ObjectKind::Body, "body")?;
            self.want_public(Body {
                id,
                name: body.name.clone(),
                contact: body.contact.clone(),
            });
        }
        for term in &draft.terms {
            let id = self.id(ObjectKind::LegislativeTerm, &term.key)?;
            self.want_public(LegislativeTerm {
                id,
                name: term.name.clone(),
                start_date: text(term.start_date),
                end_date: text(term.end_date),
            });
        }
        for organization in &draft.organizations {
            let id = self.id(ObjectKind::Organization, &organization.key)?;
            self.want_public(Organization {
                id,
                name: organization.name.clone(),
                short_name: organization.short_name.clone(),
                organization_type: organization.organization_type.clone(),
                classification: organization.classification.clone(),
                term: None,
                start_date: text(organization.start_date),
                end_date: text(organization.end_date),
            });
        }
        for person in &draft.persons {
            let id = self.id(ObjectKind::Person, &person.key)?;
            self.want_public(Person {
                id,
                name: person.name.clone(),
                form_of_address: person.form_of_address.clone(),
                title: person.title.clone(),
            });
        }
        for row in membership_rows(self.tx, self.book, draft)? {
            self.want_public(Membership {
                id: row.id,
                person: row.person,
                organization: row.organization,
                role: row.role,
                voting_right: row.voting_right.unwrap_or(false),
                start_date: text(row.start_date),
                end_date: text(row.end_date),
            });
        }
        Ok(())
    }

    fn paper(&mut self, paper: &PaperDraft) -> Result<(), ServerError> {
        let reach = self.reaches.paper(paper);
        let id = self.id(ObjectKind::Paper, &paper.key)?;
        let main_file = self.file(paper.main.as_ref(), |file| reach.of_file(file))?;
        let mut auxiliary_files = Vec::new();
        for attachment in &paper.attachments {
            auxiliary_files.extend(self.file(Some(attachment), |file| reach.of_file(file))?);
        }
        let object = Paper {
            id,
            reference: paper.reference.clone(),
            name: paper.name.clone(),
            paper_type: paper.paper_type.clone(),
            date: text(paper.date),
            public: reach.is_public,
            main_file,
            auxiliary_files,
            originator: paper.originator.clone(),
            villages: paper.villages.clone(),
            superseded_note: paper.superseded.clone(),
        };
        self.want(object, reach.readers);
        Ok(())
    }

    fn meeting(&mut self, meeting: &MeetingDraft) -> Result<(), ServerError> {
        // OParl knows meetings without a time, for example deleted ones; nobody can attend those.
        let Some(start) = meeting.start.clone() else {
            return Ok(());
        };
        let id = self.id(ObjectKind::Meeting, &meeting.key)?;
        let reach = self.reaches.meeting(meeting);
        let invitation = self.file(meeting.invitation.as_ref(), |file| reach.of_file(file))?;
        let results_protocol = self.file(meeting.minutes.as_ref(), |file| reach.of_file(file))?;
        let mut auxiliary_files = Vec::new();
        for file in &meeting.other_files {
            auxiliary_files.extend(self.file(Some(file), |file| reach.of_file(file))?);
        }
        let invitation_file = invitation.and_then(|file| self.staging.file(&file));
        let invitation_revision = invitation_file.map_or(0, |staged| staged.file.revision);
        let mut organizations = Vec::new();
        for key in &meeting.organizations {
            organizations.extend(self.book.organization(self.tx, key)?);
        }
        let leading = organizations.first().copied();
        self.want_public(Meeting {
            id,
            name: meeting.name.clone(),
            start,
            end: meeting.end.clone(),
            location: meeting.location.clone(),
            room: meeting.room.clone(),
            organizations,
            cancelled: meeting.cancelled,
            invitation,
            invitation_revision,
            results_protocol,
            number: meeting.number.clone(),
            auxiliary_files,
        });
        for item in &meeting.items {
            self.item(item, id, leading)?;
        }
        Ok(())
    }

    fn item(
        &mut self,
        item: &ItemDraft,
        meeting: ObjectId,
        organization: Option<ObjectId>,
    ) -> Result<(), ServerError> {
        let reach = self.reaches.item(item);
        let id = self.id(ObjectKind::AgendaItem, &item.key)?;
        let mut files = Vec::new();
        for file in &item.files {
            files.extend(self.file(Some(file), |file| reach.of_file(file))?);
        }
        let paper = match &item.paper {
            Some(key) => Some(self.id(ObjectKind::Paper, key)?),
            None => None,
        };
        let mut consultation = None;
        if let Some(paper) = paper {
            let station = self.id(ObjectKind::Consultation, &item.key)?;
            consultation = Some(station);
            let object = Consultation {
                id: station,
                paper,
                agenda_item: Some(id),
                meeting: Some(meeting),
                organization,
                role: item.role.clone(),
                authoritative: matches!(item.role.as_deref(), Some("Entscheidung" | "Beschluss")),
                result: item.result.clone(),
            };
            self.want(object, reach.readers.clone());
        }
        let object = AgendaItem {
            id,
            meeting,
            number: item.number.clone(),
            order: item.order,
            name: item.name.clone(),
            public: item.public,
            consultation,
            paper,
            result: item.result.clone(),
            resolution_text: item.resolution_text.clone(),
            role: item.role.clone(),
            late: item.late,
            files,
        };
        self.want(object, reach.readers);
        Ok(())
    }

    /// The id of a file that could be staged; what hangs on several things gathers their readers.
    fn file<'r>(
        &mut self,
        file: Option<&FileDraft>,
        readers: impl FnOnce(&FileDraft) -> &'r AudienceSet,
    ) -> Result<Option<ObjectId>, ServerError> {
        let Some(file) = file else { return Ok(None) };
        let id = self.id(ObjectKind::File, &file.key)?;
        let Some(staged) = self.staging.file(&id) else {
            return Ok(None);
        };
        let wanted = self.found.entry(id).or_insert_with(|| WantedObject {
            object: staged.file.clone().into(),
            readers: AudienceSet::new(),
            sealed_file_key: Some(staged.sealed_key.clone()),
        });
        wanted.readers.extend(readers(file));
        Ok(Some(id))
    }
}

fn text(day: Option<NaiveDate>) -> Option<String> {
    day.map(|day| day.to_string())
}
