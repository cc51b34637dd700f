//! OParl objects as drafts: one function for each kind, pure. Files come as addresses to be fetched.

use serde_json::Value;

use super::read::{date, flag, moment, reference, text, values};
use crate::draft::{
    BodyDraft, FileContent, FileDraft, ItemDraft, MeetingDraft, MembershipDraft, OrganizationDraft,
    PaperDraft, PersonDraft, TermDraft,
};

/// A file to be fetched.
#[derive(Clone, Debug)]
pub(crate) struct RemoteFile {
    pub draft: FileDraft,
    pub url: String,
}

/// An agenda item and what it points at.
#[derive(Clone, Debug)]
pub(crate) struct MappedItem {
    pub draft: ItemDraft,
    /// An address or an embedded object.
    pub consultation: Option<Value>,
    /// Addresses or embedded objects.
    pub files: Vec<Value>,
}

pub(crate) fn body(object: &Value) -> Option<BodyDraft> {
    let contact: Vec<String> = ["contactName", "contactEmail"]
        .iter()
        .filter_map(|name| text(object, name))
        .collect();
    let contact = Some(contact.join(", ")).filter(|c| !c.is_empty());
    Some(BodyDraft {
        name: text(object, "name")?,
        contact,
    })
}

pub(crate) fn term(object: &Value) -> Option<TermDraft> {
    let key = text(object, "id")?;
    Some(TermDraft {
        name: text(object, "name").unwrap_or_else(|| "Wahlperiode".to_owned()),
        start_date: date(object, "startDate"),
        end_date: date(object, "endDate"),
        key,
    })
}

pub(crate) fn organization(object: &Value) -> Option<OrganizationDraft> {
    Some(OrganizationDraft {
        key: text(object, "id")?,
        name: text(object, "name").or_else(|| text(object, "shortName"))?,
        short_name: text(object, "shortName"),
        organization_type: text(object, "organizationType"),
        classification: text(object, "classification"),
        start_date: date(object, "startDate"),
        end_date: date(object, "endDate"),
        villages: Vec::new(),
    })
}

pub(crate) fn person(object: &Value) -> Option<PersonDraft> {
    let parts: Vec<String> = ["givenName", "familyName"]
        .iter()
        .filter_map(|name| text(object, name))
        .collect();
    let spoken = Some(parts.join(" ")).filter(|name| !name.is_empty());
    let titles: Vec<String> = values(object, "title")
        .into_iter()
        .filter_map(Value::as_str)
        .map(str::to_owned)
        .collect();
    Some(PersonDraft {
        key: text(object, "id")?,
        name: spoken.or_else(|| text(object, "name"))?,
        form_of_address: text(object, "formOfAddress"),
        title: Some(titles.join(" ")).filter(|title| !title.is_empty()),
    })
}

/// `person`: the id of whom the membership came with, where it does not say so itself.
pub(crate) fn membership(object: &Value, person: Option<&str>) -> Option<MembershipDraft> {
    Some(MembershipDraft {
        key: text(object, "id")?,
        person: object
            .get("person")
            .and_then(reference)
            .or_else(|| person.map(str::to_owned))?,
        organization: object.get("organization").and_then(reference)?,
        role: text(object, "role"),
        voting_right: flag(object, "votingRight"),
        start_date: date(object, "startDate"),
        end_date: date(object, "endDate"),
    })
}

/// Without its items and files.
pub(crate) fn meeting(object: &Value) -> Option<MeetingDraft> {
    let location = object.get("location").filter(|l| l.is_object());
    let address = location.and_then(|l| {
        let parts: Vec<String> = ["streetAddress", "postalCode", "locality"]
            .iter()
            .filter_map(|name| text(l, name))
            .collect();
        text(l, "description").or_else(|| Some(parts.join(", ")).filter(|p| !p.is_empty()))
    });
    let state = text(object, "meetingState")
        .unwrap_or_default()
        .to_lowercase();
    Some(MeetingDraft {
        key: text(object, "id")?,
        name: text(object, "name").unwrap_or_else(|| "Sitzung".to_owned()),
        number: None,
        start: moment(object, "start"),
        end: moment(object, "end"),
        room: location.and_then(|l| text(l, "room")),
        location: address,
        organizations: values(object, "organization")
            .into_iter()
            .filter_map(reference)
            .collect(),
        cancelled: flag(object, "cancelled").unwrap_or(false) || state.starts_with("abgesagt"),
        invitation: None,
        minutes: None,
        items: Vec::new(),
    })
}

/// `order`: the place in the list, for vendors that leave it out.
pub(crate) fn item(object: &Value, order: usize) -> Option<MappedItem> {
    let mut files: Vec<Value> = values(object, "resolutionFile")
        .into_iter()
        .cloned()
        .collect();
    files.extend(values(object, "auxiliaryFile").into_iter().cloned());
    let draft = ItemDraft {
        key: text(object, "id")?,
        number: text(object, "number"),
        order: u32::try_from(order).unwrap_or(u32::MAX),
        name: text(object, "name").unwrap_or_else(|| "Tagesordnungspunkt".to_owned()),
        public: flag(object, "public").unwrap_or(true),
        result: text(object, "result"),
        resolution_text: text(object, "resolutionText"),
        ..ItemDraft::default()
    };
    Some(MappedItem {
        draft,
        consultation: object.get("consultation").cloned(),
        files,
    })
}

/// Without its files.
pub(crate) fn paper(object: &Value, originator: Option<String>) -> Option<PaperDraft> {
    let villages = values(object, "location");
    Some(PaperDraft {
        key: text(object, "id")?,
        reference: text(object, "reference"),
        name: text(object, "name").or_else(|| text(object, "reference"))?,
        paper_type: text(object, "paperType"),
        date: date(object, "date"),
        // OParl has public things only.
        public: Some(true),
        originator,
        villages: villages
            .into_iter()
            .filter_map(|l| text(l, "subLocality"))
            .collect(),
        ..PaperDraft::default()
    })
}

/// A file that has an address.
pub(crate) fn file(object: &Value) -> Option<RemoteFile> {
    let url = text(object, "downloadUrl").or_else(|| text(object, "accessUrl"))?;
    let from_url = url
        .split(['?', '#'])
        .next()
        .and_then(|path| path.rsplit('/').next())
        .map(str::to_owned);
    let file_name = text(object, "fileName").or(from_url.filter(|name| name.contains('.')));
    let mime_type = mime_type(text(object, "mimeType"), file_name.as_deref());
    let name = text(object, "name")
        .or_else(|| file_name.clone())
        .unwrap_or_else(|| "Datei".to_owned());
    // Only what says when it changed can be spared the next time.
    let stamp = text(object, "modified").map(|modified| format!("{modified} {url}"));
    let draft = FileDraft {
        key: text(object, "id").unwrap_or_else(|| url.clone()),
        name,
        file_name,
        mime_type: Some(mime_type),
        revision: None,
        revision_of_date: text(object, "date").and_then(|d| d.get(..10).map(str::to_owned)),
        change_note: None,
        public: true,
        origin_stamp: stamp,
        content: FileContent::AsPublished,
    };
    Some(RemoteFile { draft, url })
}

/// Some vendors write `pdf` for a media type.
fn mime_type(given: Option<String>, file_name: Option<&str>) -> String {
    match given {
        Some(given) if given.contains('/') => given,
        Some(given) if given.eq_ignore_ascii_case("pdf") => "application/pdf".to_owned(),
        _ if file_name.is_some_and(|name| name.to_lowercase().ends_with(".pdf")) => {
            "application/pdf".to_owned()
        }
        _ => "application/octet-stream".to_owned(),
    }
}
