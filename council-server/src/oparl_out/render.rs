//! Public objects as JSON: OParl's names, types and formats. What is empty or not understood is left out.
//! It decides nothing about who may read; it is given what is public.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};
use serde_json::{Map, Value, json};
use sync_protocol::ids::ObjectId;
use sync_protocol::model::{
    AgendaItem, CouncilObject, File, Meeting, Membership, Organization, Paper, Person,
};

use super::address::Addresses;
use super::kind::Kind;
use super::shown::Shown;

/// The fields of one object.
pub(crate) type Fields = Map<String, Value>;

/// Since when an object has been shown, when that last changed, and whether it still is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stamp {
    pub kind: Kind,
    pub created_at_ms: i64,
    pub modified_at_ms: i64,
    pub is_withdrawn: bool,
}

/// The id under which the system itself is stamped.
pub(crate) const SYSTEM_ID: ObjectId = ObjectId::from_bytes([0; 16]);

/// Makes JSON of objects.
pub(crate) struct Render<'a> {
    pub shown: &'a Shown,
    pub addresses: &'a Addresses,
    /// `None`: without times, to see whether anything else has changed.
    pub stamps: Option<&'a BTreeMap<ObjectId, Stamp>>,
    /// Whether embedded lists may be left out (`omit_internal`).
    pub omit_internal: bool,
}

/// A moment as OParl writes it. Source: OParl 1.1, chapter 2.4.
pub(crate) fn date_time(at_ms: i64) -> String {
    let at = DateTime::<Utc>::from_timestamp_millis(at_ms).unwrap_or_default();
    at.to_rfc3339_opts(SecondsFormat::Secs, false)
}

/// What is left of an object that was withdrawn. Source: OParl 1.1, chapter 2.8.
pub(crate) fn withdrawn(addresses: &Addresses, id: &ObjectId, stamp: &Stamp) -> Value {
    json!({
        "id": addresses.object(stamp.kind, id), "type": stamp.kind.type_url(),
        "created": date_time(stamp.created_at_ms), "modified": date_time(stamp.modified_at_ms),
        "deleted": true,
    })
}

impl Render<'_> {
    /// One object with what OParl embeds in it; `None` where it is not shown.
    pub(crate) fn object(&self, id: &ObjectId) -> Option<Fields> {
        if *id == SYSTEM_ID {
            return Some(self.system());
        }
        if let Some(location) = self.shown.locations.get(id) {
            let mut out = self.begin(Kind::Location, id);
            put_text(&mut out, "description", location.description.as_deref());
            put_text(&mut out, "room", location.room.as_deref());
            put_text(&mut out, "subLocality", location.sub_locality.as_deref());
            if let Some(uses) = self.shown.uses.get(id) {
                self.put_urls(&mut out, "meetings", Kind::Meeting, &uses.meetings);
                self.put_urls(&mut out, "papers", Kind::Paper, &uses.papers);
            }
            return Some(out);
        }
        let object = self.shown.objects.get(id)?;
        let mut out = self.begin(Kind::of(object.kind())?, id);
        match object {
            CouncilObject::Body(body) => {
                out.insert("system".to_owned(), self.addresses.system().into());
                out.insert("name".to_owned(), body.name.as_str().into());
                put_text(&mut out, "contactName", body.contact.as_deref());
                self.body_lists(&mut out);
            }
            CouncilObject::Organization(o) => self.organization(&mut out, o),
            CouncilObject::Person(o) => self.person(&mut out, o),
            CouncilObject::Membership(o) => self.membership(&mut out, o),
            CouncilObject::LegislativeTerm(o) => {
                self.put_body(&mut out);
                put_text(&mut out, "name", Some(&o.name));
                put_date(&mut out, "startDate", o.start_date.as_deref());
                put_date(&mut out, "endDate", o.end_date.as_deref());
            }
            CouncilObject::Meeting(o) => self.meeting(&mut out, o),
            CouncilObject::AgendaItem(o) => self.item(&mut out, o),
            CouncilObject::Paper(o) => self.paper(&mut out, o),
            CouncilObject::Consultation(o) => {
                self.put_url(&mut out, "paper", Kind::Paper, Some(&o.paper));
                self.put_url(
                    &mut out,
                    "agendaItem",
                    Kind::AgendaItem,
                    o.agenda_item.as_ref(),
                );
                self.put_url(&mut out, "meeting", Kind::Meeting, o.meeting.as_ref());
                self.put_urls(
                    &mut out,
                    "organization",
                    Kind::Organization,
                    &o.organization,
                );
                out.insert("authoritative".to_owned(), o.authoritative.into());
                put_text(&mut out, "role", o.role.as_deref());
            }
            CouncilObject::File(o) => self.file(&mut out, o),
        }
        Some(out)
    }

    fn system(&self) -> Fields {
        let mut out = self.begin(Kind::System, &SYSTEM_ID);
        out.insert(
            "oparlVersion".to_owned(),
            "https://schema.oparl.org/1.1/".into(),
        );
        out.insert("body".to_owned(), self.addresses.list(Kind::Body).into());
        let body = self.shown.body.and_then(|id| self.shown.objects.get(&id));
        if let Some(CouncilObject::Body(body)) = body {
            put_text(&mut out, "name", Some(&body.name));
        }
        out
    }

    fn body_lists(&self, out: &mut Fields) {
        for (name, kind) in [
            ("organization", Kind::Organization),
            ("person", Kind::Person),
            ("meeting", Kind::Meeting),
            ("paper", Kind::Paper),
            ("agendaItem", Kind::AgendaItem),
            ("consultation", Kind::Consultation),
            ("file", Kind::File),
            ("locationList", Kind::Location),
            ("legislativeTermList", Kind::LegislativeTerm),
            ("membership", Kind::Membership),
        ] {
            out.insert(name.to_owned(), self.addresses.list(kind).into());
        }
        // The schema demands this list even where it is empty or where internal lists are not wanted.
        let terms: Vec<Value> = self.embedded(Kind::LegislativeTerm, &self.shown.terms);
        out.insert("legislativeTerm".to_owned(), terms.into());
    }

    fn organization(&self, out: &mut Fields, o: &Organization) {
        self.put_body(out);
        put_text(out, "name", Some(&o.name));
        put_text(out, "shortName", o.short_name.as_deref());
        put_text(out, "organizationType", o.organization_type.as_deref());
        put_text(out, "classification", o.classification.as_deref());
        put_date(out, "startDate", o.start_date.as_deref());
        put_date(out, "endDate", o.end_date.as_deref());
        let seats = self.shown.memberships.get(&o.id);
        self.put_urls(
            out,
            "membership",
            Kind::Membership,
            seats.into_iter().flatten(),
        );
    }

    fn person(&self, out: &mut Fields, o: &Person) {
        self.put_body(out);
        put_text(out, "name", Some(&o.name));
        put_text(out, "formOfAddress", o.form_of_address.as_deref());
        if let Some(title) = o.title.as_deref().filter(|title| !title.is_empty()) {
            out.insert("title".to_owned(), json!([title]));
        }
        self.put_list(
            out,
            "membership",
            Kind::Membership,
            self.shown.memberships.get(&o.id),
        );
    }

    fn membership(&self, out: &mut Fields, o: &Membership) {
        self.put_url(out, "person", Kind::Person, Some(&o.person));
        self.put_url(
            out,
            "organization",
            Kind::Organization,
            Some(&o.organization),
        );
        put_text(out, "role", o.role.as_deref());
        out.insert("votingRight".to_owned(), o.voting_right.into());
        put_date(out, "startDate", o.start_date.as_deref());
        put_date(out, "endDate", o.end_date.as_deref());
    }

    fn meeting(&self, out: &mut Fields, o: &Meeting) {
        put_text(out, "name", Some(&o.name));
        out.insert("cancelled".to_owned(), o.cancelled.into());
        put_moment(out, "start", Some(&o.start));
        put_moment(out, "end", o.end.as_deref());
        let place = self
            .shown
            .places
            .get(&o.id)
            .and_then(|places| places.first());
        self.put_embedded(out, "location", Kind::Location, place);
        self.put_urls(out, "organization", Kind::Organization, &o.organizations);
        self.put_embedded(out, "invitation", Kind::File, o.invitation.as_ref());
        self.put_embedded(
            out,
            "resultsProtocol",
            Kind::File,
            o.results_protocol.as_ref(),
        );
        self.put_list(out, "auxiliaryFile", Kind::File, Some(&o.auxiliary_files));
        self.put_list(
            out,
            "agendaItem",
            Kind::AgendaItem,
            self.shown.items.get(&o.id),
        );
    }

    fn item(&self, out: &mut Fields, o: &AgendaItem) {
        self.put_url(out, "meeting", Kind::Meeting, Some(&o.meeting));
        put_text(out, "number", o.number.as_deref());
        out.insert("order".to_owned(), o.order.into());
        put_text(out, "name", Some(&o.name));
        out.insert("public".to_owned(), o.public.into());
        self.put_url(
            out,
            "consultation",
            Kind::Consultation,
            o.consultation.as_ref(),
        );
        put_text(out, "result", o.result.as_deref());
        put_text(out, "resolutionText", o.resolution_text.as_deref());
        self.put_list(out, "auxiliaryFile", Kind::File, Some(&o.files));
    }

    fn paper(&self, out: &mut Fields, o: &Paper) {
        self.put_body(out);
        put_text(out, "name", Some(&o.name));
        put_text(out, "reference", o.reference.as_deref());
        put_date(out, "date", o.date.as_deref());
        put_text(out, "paperType", o.paper_type.as_deref());
        self.put_embedded(out, "mainFile", Kind::File, o.main_file.as_ref());
        self.put_list(out, "auxiliaryFile", Kind::File, Some(&o.auxiliary_files));
        self.put_list(
            out,
            "location",
            Kind::Location,
            self.shown.places.get(&o.id),
        );
        let stations = self.shown.consultations.get(&o.id);
        let stations = self.embedded(Kind::Consultation, stations.into_iter().flatten());
        if !stations.is_empty() {
            out.insert("consultation".to_owned(), stations.into());
        }
    }

    fn file(&self, out: &mut Fields, o: &File) {
        put_text(out, "name", Some(&o.name));
        put_text(out, "fileName", Some(&o.file_name));
        put_text(out, "mimeType", Some(&o.mime_type));
        put_date(out, "date", o.revision_of_date.as_deref());
        out.insert("size".to_owned(), o.byte_len.into());
        out.insert("accessUrl".to_owned(), self.addresses.access(&o.id).into());
        out.insert(
            "downloadUrl".to_owned(),
            self.addresses.download(&o.id).into(),
        );
        if let Some(uses) = self.shown.uses.get(&o.id) {
            self.put_urls(out, "meeting", Kind::Meeting, &uses.meetings);
            self.put_urls(out, "agendaItem", Kind::AgendaItem, &uses.items);
            self.put_urls(out, "paper", Kind::Paper, &uses.papers);
        }
    }

    fn begin(&self, kind: Kind, id: &ObjectId) -> Fields {
        let mut out = Fields::new();
        out.insert("id".to_owned(), self.addresses.object(kind, id).into());
        out.insert("type".to_owned(), kind.type_url().into());
        if let Some(stamp) = self.stamps.and_then(|stamps| stamps.get(id)) {
            out.insert("created".to_owned(), date_time(stamp.created_at_ms).into());
            out.insert(
                "modified".to_owned(),
                date_time(stamp.modified_at_ms).into(),
            );
        }
        out
    }

    fn is_there(&self, kind: Kind, id: &ObjectId) -> bool {
        match kind {
            Kind::System => false,
            Kind::Location => self.shown.locations.contains_key(id),
            kind => {
                let object = self.shown.objects.get(id);
                object.is_some_and(|object| Kind::of(object.kind()) == Some(kind))
            }
        }
    }

    fn put_body(&self, out: &mut Fields) {
        self.put_url(out, "body", Kind::Body, self.shown.body.as_ref());
    }

    /// The address of an object that is shown; of any other not even that.
    fn put_url(&self, out: &mut Fields, name: &str, kind: Kind, id: Option<&ObjectId>) {
        if let Some(id) = id.filter(|id| self.is_there(kind, id)) {
            out.insert(name.to_owned(), self.addresses.object(kind, id).into());
        }
    }

    fn put_urls<'i>(
        &self,
        out: &mut Fields,
        name: &str,
        kind: Kind,
        ids: impl IntoIterator<Item = &'i ObjectId>,
    ) {
        let there = ids.into_iter().filter(|id| self.is_there(kind, id));
        let urls: Vec<Value> = there
            .map(|id| self.addresses.object(kind, id).into())
            .collect();
        if !urls.is_empty() {
            out.insert(name.to_owned(), urls.into());
        }
    }

    fn embedded<'i>(&self, kind: Kind, ids: impl IntoIterator<Item = &'i ObjectId>) -> Vec<Value> {
        let there = ids.into_iter().filter(|id| self.is_there(kind, id));
        let found = there.filter_map(|id| self.object(id));
        found.map(Value::Object).collect()
    }

    fn put_embedded(&self, out: &mut Fields, name: &str, kind: Kind, id: Option<&ObjectId>) {
        if let Some(object) = self.embedded(kind, id).pop() {
            out.insert(name.to_owned(), object);
        }
    }

    /// An embedded list, unless such lists are not wanted.
    fn put_list(&self, out: &mut Fields, name: &str, kind: Kind, ids: Option<&Vec<ObjectId>>) {
        if self.omit_internal {
            return;
        }
        let list = self.embedded(kind, ids.into_iter().flatten());
        if !list.is_empty() {
            out.insert(name.to_owned(), list.into());
        }
    }
}

fn put_text(out: &mut Fields, name: &str, text: Option<&str>) {
    if let Some(text) = text.filter(|text| !text.trim().is_empty()) {
        out.insert(name.to_owned(), text.into());
    }
}

fn put_date(out: &mut Fields, name: &str, text: Option<&str>) {
    let day: Option<NaiveDate> = text.and_then(|text| text.parse().ok());
    if let Some(day) = day {
        out.insert(name.to_owned(), day.to_string().into());
    }
}

fn put_moment(out: &mut Fields, name: &str, text: Option<&str>) {
    let at = text.and_then(|text| DateTime::parse_from_rfc3339(text).ok());
    if let Some(at) = at {
        let text = at.to_rfc3339_opts(SecondsFormat::Secs, false);
        out.insert(name.to_owned(), text.into());
    }
}
