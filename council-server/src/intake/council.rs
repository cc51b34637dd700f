//! `council.toml`: the body, its terms, organizations, people and memberships.
//! Not the meetings.

use std::collections::BTreeSet;

use super::convert;
use super::fields::{CouncilFile, MembershipFields};
use super::problem::ProblemSink;
use crate::draft::{
    BodyDraft, CouncilDraft, CouncilSettings, MembershipDraft, OrganizationDraft, PersonDraft,
    TermDraft,
};

/// Reads `council.toml` into the draft.
pub(crate) fn read(sink: &mut ProblemSink<'_>, draft: &mut CouncilDraft) {
    let Some(file) = sink.parse::<CouncilFile>() else {
        return;
    };
    if file.name.trim().is_empty() {
        sink.whole("name", "die Körperschaft braucht einen Namen");
    }
    draft.complete = file.complete.unwrap_or(true);
    draft.body = Some(BodyDraft {
        name: file.name.clone(),
        contact: file.contact.clone().or_else(|| file.body.contact.clone()),
    });
    let standard = CouncilSettings::default();
    draft.settings = file.settings.as_ref().map(|s| CouncilSettings {
        new_members_read_back: s
            .new_members_read_back
            .unwrap_or(standard.new_members_read_back),
        staff_nonpublic: s.staff_nonpublic.unwrap_or(standard.staff_nonpublic),
    });
    terms(sink, &file, draft);
    organizations(sink, &file, draft);
    persons(sink, &file, draft);
    memberships(sink, &file, draft);
}

fn terms(sink: &mut ProblemSink<'_>, file: &CouncilFile, draft: &mut CouncilDraft) {
    let mut seen = BTreeSet::new();
    for term in &file.term {
        let named = term.key.as_ref().unwrap_or(&term.name);
        let Some(key) = convert::key(sink, "term.key", named) else {
            continue;
        };
        let start_date = convert::date(sink, "term.start", term.start.as_ref());
        let end_date = convert::date(sink, "term.end", term.end.as_ref());
        if let (Some(start), Some(end), Some(at)) = (start_date, end_date, term.end.as_ref())
            && end < start
        {
            sink.at(at.span(), "term.end", "das Ende liegt vor dem Anfang");
        }
        if !seen.insert(key.clone()) {
            sink.at(
                named.span(),
                "term.key",
                format!("„{key}“ kommt zweimal vor"),
            );
            continue;
        }
        draft.terms.push(TermDraft {
            key,
            name: term.name.as_ref().clone(),
            start_date,
            end_date,
        });
    }
}

fn organizations(sink: &mut ProblemSink<'_>, file: &CouncilFile, draft: &mut CouncilDraft) {
    let mut seen = BTreeSet::new();
    for organization in &file.organization {
        let Some(key) = convert::key(sink, "organization.key", &organization.key) else {
            continue;
        };
        if !seen.insert(key.clone()) {
            sink.at(
                organization.key.span(),
                "organization.key",
                format!("„{key}“ kommt zweimal vor"),
            );
            continue;
        }
        draft.organizations.push(OrganizationDraft {
            key,
            name: organization.name.clone(),
            short_name: organization.short_name.clone(),
            organization_type: organization.organization_type.clone(),
            classification: organization.classification.clone(),
            start_date: convert::date(sink, "organization.start", organization.start.as_ref()),
            end_date: convert::date(sink, "organization.end", organization.end.as_ref()),
            villages: organization.villages.clone(),
        });
    }
}

fn persons(sink: &mut ProblemSink<'_>, file: &CouncilFile, draft: &mut CouncilDraft) {
    let mut seen = BTreeSet::new();
    for person in &file.person {
        let Some(key) = convert::key(sink, "person.key", &person.key) else {
            continue;
        };
        if !seen.insert(key.clone()) {
            sink.at(
                person.key.span(),
                "person.key",
                format!("„{key}“ kommt zweimal vor"),
            );
            continue;
        }
        draft.persons.push(PersonDraft {
            key,
            name: person.name.clone(),
            form_of_address: person.form_of_address.clone(),
            title: person.title.clone(),
        });
    }
}

fn memberships(sink: &mut ProblemSink<'_>, file: &CouncilFile, draft: &mut CouncilDraft) {
    let mut seen = BTreeSet::new();
    for membership in &file.membership {
        let person = membership.person.as_ref().trim();
        let organization = membership.organization.as_ref().trim();
        if !draft.persons.iter().any(|p| p.key == person) {
            let message = format!("es gibt keine Person mit dem Schlüssel „{person}“");
            sink.at(membership.person.span(), "membership.person", message);
        }
        if !draft.organizations.iter().any(|o| o.key == organization) {
            let message = format!("es gibt kein Gremium mit dem Schlüssel „{organization}“");
            sink.at(
                membership.organization.span(),
                "membership.organization",
                message,
            );
        }
        let start_date = convert::date(sink, "membership.start", membership.start.as_ref());
        let end_date = convert::date(sink, "membership.end", membership.end.as_ref());
        if let (Some(start), Some(end), Some(at)) = (start_date, end_date, membership.end.as_ref())
            && end < start
        {
            sink.at(at.span(), "membership.end", "das Ende liegt vor dem Anfang");
        }
        let key = membership_key(membership, start_date.map(|d| d.to_string()));
        if !seen.insert(key.clone()) {
            let message = "diese Mitgliedschaft steht zweimal da";
            sink.at(membership.person.span(), "membership", message);
            continue;
        }
        draft.memberships.push(MembershipDraft {
            key,
            person: person.to_owned(),
            organization: organization.to_owned(),
            role: membership.role.clone(),
            voting_right: membership.voting,
            start_date,
            end_date,
        });
    }
}

/// A membership without a key of its own is known by person, organization and beginning: its end and role may change.
fn membership_key(membership: &MembershipFields, start: Option<String>) -> String {
    match &membership.key {
        Some(key) => key.as_ref().trim().to_owned(),
        None => format!(
            "{}\u{1f}{}\u{1f}{}",
            membership.person.as_ref().trim(),
            membership.organization.as_ref().trim(),
            start.unwrap_or_default()
        ),
    }
}
