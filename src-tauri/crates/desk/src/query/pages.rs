//! The pages of a person, an organization and a paper.

use std::cmp::Reverse;

use sync::store::{CouncilStore, Held, StoreError};
use sync_protocol::model::{Membership, Organization, Paper, Person};

use super::agenda::consultations;
use super::cards::{file_card, meeting_cards};
use super::own::Own;
use crate::dto::*;
use crate::error::Failure;
use crate::session::Council;
use crate::times;

/// A person with the seats held today and earlier.
pub(crate) fn person_detail(
    council: &Council,
    held: &Held<Person>,
    now_ms: i64,
) -> Result<PersonDetail, StoreError> {
    let store = &council.store;
    let person = &held.object;
    let mut seats = Vec::new();
    for membership in store.memberships_of(person.id)? {
        if let Some(organization) = store.organization(membership.object.organization)? {
            seats.push(seat(
                &membership.object,
                person,
                &organization.object,
                now_ms,
            ));
        }
    }
    seats.sort_by(|a, b| {
        (!a.current, Reverse(&a.start), &a.organization_name).cmp(&(
            !b.current,
            Reverse(&b.start),
            &b.organization_name,
        ))
    });
    Ok(PersonDetail {
        council_id: council.record.council.to_string(),
        id: person.id.to_string(),
        name: titled(person),
        seats,
    })
}

/// An organization with today's members and its meetings.
pub(crate) fn organization_detail(
    council: &Council,
    held: &Held<Organization>,
    own: &Own,
    now_ms: i64,
) -> Result<OrganizationDetail, Failure> {
    let store = &council.store;
    let organization = &held.object;
    let mut members = Vec::new();
    for membership in store.memberships()? {
        if membership.object.organization != organization.id {
            continue;
        }
        if let Some(person) = store.person(membership.object.person)? {
            let seat = seat(&membership.object, &person.object, organization, now_ms);
            if seat.current {
                members.push(seat);
            }
        }
    }
    let is_plain = |seat: &Seat| seat.role.as_deref().is_none_or(|role| role == "Mitglied");
    members.sort_by(|a, b| (is_plain(a), &a.person_name).cmp(&(is_plain(b), &b.person_name)));
    let here: Vec<String> = store
        .meetings()?
        .iter()
        .filter(|meeting| meeting.object.organizations.contains(&organization.id))
        .map(|meeting| meeting.object.id.to_string())
        .collect();
    let today_ms = times::day_start_ms(now_ms);
    let (upcoming, mut past): (Vec<_>, Vec<_>) = meeting_cards(std::slice::from_ref(council), own)?
        .into_iter()
        .filter(|card| here.contains(&card.id))
        .partition(|card| card.start_at_ms >= today_ms);
    past.reverse();
    Ok(OrganizationDetail {
        council_id: council.record.council.to_string(),
        id: organization.id.to_string(),
        name: organization.name.clone(),
        kind: organization
            .organization_type
            .clone()
            .or_else(|| organization.classification.clone()),
        is_mine: council.facts.is_mine(organization.id),
        members,
        upcoming,
        past,
    })
}

/// A paper with its way through the organizations, across meetings, and all its files. The marks are the caller's.
pub(crate) fn paper_detail(
    council: &Council,
    held: &Held<Paper>,
    own: &Own,
    marks: Vec<Mark>,
    now_ms: i64,
) -> Result<PaperDetail, StoreError> {
    let store = &council.store;
    let paper = &held.object;
    let mut stations = Vec::new();
    for item in store.agenda_items_of_paper(paper.id)? {
        let Some(meeting) = store.meeting(item.object.meeting)? else {
            continue;
        };
        stations.push(PaperStation {
            agenda_item_id: item.object.id.to_string(),
            meeting_id: meeting.object.id.to_string(),
            start_at_ms: CouncilStore::meeting_start_ms(&meeting.object),
            meeting_name: meeting.object.name,
            number: item.object.number.unwrap_or_default(),
            public: item.object.public,
            result: item.object.result,
        });
    }
    stations.sort_by_key(|station| Reverse(station.start_at_ms));
    let files: Result<_, StoreError> = store
        .files_of(paper.id)?
        .iter()
        .map(|(role, row)| file_card(council, *role, row, own))
        .collect();
    Ok(PaperDetail {
        council_id: council.record.council.to_string(),
        id: paper.id.to_string(),
        reference: paper.reference.clone(),
        name: paper.name.clone(),
        paper_type: paper.paper_type.clone(),
        originator: paper.originator.clone(),
        date: paper.date.clone(),
        villages: paper.villages.clone(),
        public: paper.public,
        consultations: consultations(council, paper.id, None, now_ms)?,
        files: files?,
        stations,
        marks,
    })
}

fn seat(
    membership: &Membership,
    person: &Person,
    organization: &Organization,
    now_ms: i64,
) -> Seat {
    let today = times::day_iso(now_ms);
    // Dates of one form compare as texts; a day that is missing bounds nothing.
    let has_begun = membership
        .start_date
        .as_ref()
        .is_none_or(|day| *day <= today);
    let has_ended = membership.end_date.as_ref().is_some_and(|day| *day < today);
    Seat {
        person_id: person.id.to_string(),
        person_name: titled(person),
        organization_id: organization.id.to_string(),
        organization_name: organization.name.clone(),
        role: membership.role.clone(),
        voting: membership.voting_right,
        current: has_begun && !has_ended,
        start: membership.start_date.clone(),
        end: membership.end_date.clone(),
    }
}

fn titled(person: &Person) -> String {
    match &person.title {
        Some(title) if !title.trim().is_empty() => format!("{title} {}", person.name),
        _ => person.name.clone(),
    }
}
