//! OParl objects as drafts: one function for each kind, pure. Keys are the paths that identify objects within their
//! source. Files are mapped in `remote`.

use chrono::NaiveDate;
use serde_json::Value;

use super::address::path_of;
use super::place;
use super::read::{date, flag, instant, moment, number, text, texts};
use super::split::named_in;
use crate::draft::{
    BodyDraft, ItemDraft, MeetingDraft, MembershipDraft, OrganizationDraft, PaperDraft,
    PersonDraft, TermDraft,
};

/// A kept object, standing alone.
#[derive(Clone, Debug)]
pub(crate) struct Object {
    pub path: String,
    pub value: Value,
    /// When it, or what held it, says that it changed.
    pub modified: Option<String>,
}

impl Object {
    /// The paths of the objects that a field names.
    pub(crate) fn named(&self, field: &str, home: &str) -> Vec<String> {
        let urls = named_in(&self.value, field);
        urls.iter().map(|url| path_of(url, home)).collect()
    }

    /// The first of them.
    pub(crate) fn one_named(&self, field: &str, home: &str) -> Option<String> {
        self.named(field, home).into_iter().next()
    }
}

pub(crate) fn body(object: &Value) -> Option<BodyDraft> {
    let contact: Vec<String> = ["contactName", "contactEmail"]
        .iter()
        .filter_map(|name| text(object, name))
        .collect();
    let contact = Some(contact.join(", ")).filter(|c| !c.is_empty());
    Some(BodyDraft {
        name: text(object, "name").or_else(|| text(object, "shortName"))?,
        contact,
    })
}

pub(crate) fn term(object: &Object) -> TermDraft {
    let (start_date, end_date) = days(&object.value);
    TermDraft {
        name: text(&object.value, "name").unwrap_or_else(|| "Wahlperiode".to_owned()),
        start_date,
        end_date,
        key: object.path.clone(),
    }
}

/// `location`: where the organization belongs, if it names a place.
pub(crate) fn organization(
    object: &Object,
    location: Option<&Value>,
) -> Result<OrganizationDraft, &'static str> {
    let value = &object.value;
    let name = text(value, "name")
        .or_else(|| text(value, "shortName"))
        .ok_or("Gremium ohne Namen")?;
    let (start_date, end_date) = days(value);
    let organization_type = text(value, "organizationType");
    let classification = text(value, "classification");
    let place = location.and_then(|l| text(l, "subLocality"));
    let village = place.or_else(|| place::village_of_name(&name));
    Ok(OrganizationDraft {
        key: object.path.clone(),
        short_name: text(value, "shortName"),
        organization_type,
        classification,
        start_date,
        end_date,
        villages: village.into_iter().collect(),
        name,
    })
}

pub(crate) fn person(object: &Object) -> Result<PersonDraft, &'static str> {
    let value = &object.value;
    let parts: Vec<String> = ["givenName", "familyName"]
        .iter()
        .filter_map(|name| text(value, name))
        .collect();
    let spoken = Some(parts.join(" ")).filter(|name| !name.is_empty());
    Ok(PersonDraft {
        key: object.path.clone(),
        name: spoken
            .or_else(|| text(value, "name"))
            .ok_or("Person ohne Namen")?,
        form_of_address: text(value, "formOfAddress").or_else(|| text(value, "formOfAdress")),
        title: Some(texts(value, "title").join(" ")).filter(|title| !title.is_empty()),
    })
}

pub(crate) fn membership(object: &Object, home: &str) -> Result<MembershipDraft, &'static str> {
    let (start_date, end_date) = days(&object.value);
    Ok(MembershipDraft {
        key: object.path.clone(),
        person: object
            .one_named("person", home)
            .ok_or("Mitgliedschaft ohne Person")?,
        organization: object
            .one_named("organization", home)
            .ok_or("Mitgliedschaft ohne Gremium")?,
        role: text(&object.value, "role"),
        voting_right: flag(&object.value, "votingRight"),
        start_date,
        end_date,
    })
}

/// First and last day; an end before the start is a slip and counts as none.
fn days(value: &Value) -> (Option<NaiveDate>, Option<NaiveDate>) {
    let (start, end) = (date(value, "startDate"), date(value, "endDate"));
    (
        start,
        end.filter(|end| start.is_none_or(|start| start <= *end)),
    )
}

/// Without its items and files. `location`: where it is held.
pub(crate) fn meeting(
    object: &Object,
    location: Option<&Value>,
    home: &str,
) -> Result<MeetingDraft, &'static str> {
    let value = &object.value;
    instant(value, "start").ok_or("Sitzung ohne Beginn")?;
    let end = moment(value, "end").filter(|_| !ends_before_start(value));
    let name = text(value, "name").unwrap_or_else(|| "Sitzung".to_owned());
    let is_cancelled = flag(value, "cancelled").unwrap_or(false)
        || text(value, "meetingState").is_some_and(|state| says_cancelled(&state))
        || says_cancelled(&name);
    Ok(MeetingDraft {
        key: object.path.clone(),
        name,
        number: None,
        start: moment(value, "start"),
        end,
        room: location.and_then(|l| text(l, "room")),
        location: location.and_then(place::address),
        organizations: object.named("organization", home),
        cancelled: is_cancelled,
        invitation: None,
        minutes: None,
        other_files: Vec::new(),
        items: Vec::new(),
    })
}

/// A slip: it counts as no end.
pub(crate) fn ends_before_start(meeting: &Value) -> bool {
    instant(meeting, "end").is_some_and(|end| Some(end) < instant(meeting, "start"))
}

/// Some vendors say it nowhere but in the meeting's name.
fn says_cancelled(words: &str) -> bool {
    let words = words.to_lowercase();
    [
        "abgesagt",
        "entfällt",
        "entfallen",
        "fällt aus",
        "absage",
        "storniert",
    ]
    .iter()
    .any(|word| words.contains(word))
}

/// Without its paper and files. `order`: its place; `is_public_only`: what does not say otherwise is public.
pub(crate) fn item(object: &Object, order: usize, is_public_only: bool) -> ItemDraft {
    let value = &object.value;
    ItemDraft {
        key: object.path.clone(),
        number: text(value, "number"),
        order: u32::try_from(order).unwrap_or(u32::MAX),
        name: text(value, "name").unwrap_or_else(|| "Tagesordnungspunkt".to_owned()),
        public: flag(value, "public").unwrap_or(is_public_only),
        result: text(value, "result"),
        resolution_text: text(value, "resolutionText"),
        ..ItemDraft::default()
    }
}

/// The items in their order: that of `order` where each has one, else that of the list. Equal ones stay as listed.
pub(crate) fn in_order(mut items: Vec<Object>) -> Vec<Object> {
    let has_order = |item: &Object| number(&item.value, "order").is_some();
    if items.iter().all(has_order) {
        items.sort_by_key(|item| number(&item.value, "order"));
    }
    items
}

/// Without its files and its publicity. `villages`: those that its locations name.
pub(crate) fn paper(
    object: &Object,
    originator: Option<String>,
    villages: Vec<String>,
) -> Result<PaperDraft, &'static str> {
    let value = &object.value;
    Ok(PaperDraft {
        key: object.path.clone(),
        reference: text(value, "reference"),
        name: text(value, "name")
            .or_else(|| text(value, "reference"))
            .ok_or("Vorlage ohne Namen")?,
        paper_type: text(value, "paperType"),
        date: date(value, "date"),
        public: None,
        originator,
        villages,
        ..PaperDraft::default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn object(value: Value) -> Object {
        Object {
            path: "/x/1".to_owned(),
            value,
            modified: None,
        }
    }

    fn meeting_of(value: Value) -> MeetingDraft {
        meeting(&object(value), None, "rat.example").unwrap()
    }

    #[test]
    fn an_end_before_the_start_is_no_end() {
        let slip = meeting_of(
            json!({"start": "2020-01-01T18:00:00+01:00", "end": "2020-01-01T00:00:00+01:00"}),
        );
        assert!(slip.start.is_some() && slip.end.is_none());
        let seat = json!({"person": "http://rat.example/p", "organization": "http://rat.example/o",
            "startDate": "2020-01-01", "endDate": "2019-01-01"});
        let seat = membership(&object(seat), "rat.example").unwrap();
        assert_eq!((seat.person.as_str(), seat.end_date), ("/p", None));
    }

    #[test]
    fn a_meeting_is_cancelled_wherever_it_is_said() {
        for said in [
            json!({"cancelled": "true"}),
            json!({"meetingState": "Sitzung abgesagt"}),
            json!({"name": "3. Sitzung – ENTFÄLLT"}),
            json!({"name": "Bauausschuss (fällt aus)"}),
        ] {
            let mut meeting = said.clone();
            meeting["start"] = json!("2020-01-01T18:00:00+01:00");
            assert!(meeting_of(meeting).cancelled, "{said}");
        }
        assert!(!meeting_of(json!({"start": "2020-01-01", "name": "3. Sitzung"})).cancelled);
    }

    #[test]
    fn orders_that_are_not_unique_or_not_there_leave_the_list_as_it_is() {
        let order = |orders: [Value; 3]| -> Vec<i64> {
            let items = orders.into_iter().enumerate().map(|(place, order)| Object {
                path: place.to_string(),
                ..object(json!({"order": order}))
            });
            let sorted = in_order(items.collect());
            sorted
                .iter()
                .map(|item| item.path.parse().unwrap())
                .collect()
        };
        assert_eq!(order([json!(3), json!("1"), json!(2)]), [1, 2, 0]);
        assert_eq!(order([json!(1), json!(1), json!(0)]), [2, 0, 1]);
        assert_eq!(order([json!(3), json!(""), json!(1)]), [0, 1, 2]);
    }

    #[test]
    fn villages_come_from_places_and_from_names() {
        let named = |name: &str, location: Option<Value>| {
            organization(&object(json!({"name": name})), location.as_ref())
                .unwrap()
                .villages
        };
        assert_eq!(named("Ortsteilrat Oberdorf", None), ["Oberdorf"]);
        assert_eq!(
            named("Rat", Some(json!({"subLocality": "Mitte"}))),
            ["Mitte"]
        );
        assert!(named("Stadtrat", None).is_empty());
    }
}
