//! Keeps the tables that rights depend on: settings, terms, organizations, persons, memberships.
//! Their objects for the public chain are built in `objects`.

use std::collections::BTreeSet;

use rusqlite::Transaction;
use sync_protocol::ids::ObjectId;
use sync_protocol::model::ObjectKind;

use super::book::Book;
use crate::draft::CouncilDraft;
use crate::error::ServerError;
use crate::store::meta::{self, name};
use crate::store::people::{self, MembershipRow, OrganizationRow, PersonRow, TermRow};

/// Brings the tables in line with the draft.
pub(crate) fn store(
    tx: &Transaction<'_>,
    book: &mut Book,
    draft: &CouncilDraft,
) -> Result<(), ServerError> {
    if let Some(body) = &draft.body {
        meta::put(tx, name::COUNCIL_NAME, body.name.as_bytes())?;
    }
    if let Some(settings) = &draft.settings {
        meta::put_flag(
            tx,
            name::NEW_MEMBERS_READ_BACK,
            settings.new_members_read_back,
        )?;
        meta::put_flag(tx, name::STAFF_NONPUBLIC, settings.staff_nonpublic)?;
    }
    let source = &draft.source;
    let mut kept = BTreeSet::new();
    for term in &draft.terms {
        let id = book.id(tx, ObjectKind::LegislativeTerm, &term.key)?;
        kept.insert(id);
        let (start_date, end_date) = (term.start_date, term.end_date);
        people::put_term(
            tx,
            &TermRow {
                id,
                source: source.clone(),
                name: term.name.clone(),
                start_date,
                end_date,
            },
        )?;
    }
    for organization in &draft.organizations {
        let id = book.id(tx, ObjectKind::Organization, &organization.key)?;
        kept.insert(id);
        let row = OrganizationRow {
            id,
            source: source.clone(),
            key: organization.key.clone(),
            name: organization.name.clone(),
        };
        people::put_organization(tx, &row, &organization.villages)?;
    }
    for person in &draft.persons {
        let id = book.id(tx, ObjectKind::Person, &person.key)?;
        kept.insert(id);
        let row = PersonRow {
            id,
            source: source.clone(),
            key: person.key.clone(),
            name: person.name.clone(),
            form_of_address: person.form_of_address.clone(),
            title: person.title.clone(),
        };
        people::put_person(tx, &row)?;
    }
    for row in membership_rows(tx, book, draft)? {
        kept.insert(row.id);
        people::put_membership(tx, &row)?;
    }
    sweep(tx, book, draft, &kept)
}

/// The memberships whose person and organization are known.
pub(crate) fn membership_rows(
    tx: &Transaction<'_>,
    book: &mut Book,
    draft: &CouncilDraft,
) -> Result<Vec<MembershipRow>, ServerError> {
    let mut rows = Vec::new();
    for membership in &draft.memberships {
        let person = book.person(tx, &membership.person)?;
        let organization = book.organization(tx, &membership.organization)?;
        let (Some(person), Some(organization)) = (person, organization) else {
            continue;
        };
        rows.push(MembershipRow {
            id: book.id(tx, ObjectKind::Membership, &membership.key)?,
            source: draft.source.clone(),
            person,
            organization,
            role: membership.role.clone(),
            voting_right: membership.voting_right,
            start_date: membership.start_date,
            end_date: membership.end_date,
        });
    }
    Ok(rows)
}

/// Removes what the source no longer brings.
fn sweep(
    tx: &Transaction<'_>,
    book: &Book,
    draft: &CouncilDraft,
    kept: &BTreeSet<ObjectId>,
) -> Result<(), ServerError> {
    for id in book.deleted(tx, draft)? {
        people::delete(tx, &id)?;
    }
    if !draft.complete {
        return Ok(());
    }
    let mut gone = Vec::new();
    gone.extend(
        people::memberships(tx)?
            .into_iter()
            .map(|row| (row.id, row.source)),
    );
    gone.extend(
        people::persons(tx)?
            .into_iter()
            .map(|row| (row.id, row.source)),
    );
    gone.extend(
        people::organizations(tx)?
            .into_iter()
            .map(|row| (row.id, row.source)),
    );
    gone.extend(
        people::terms(tx)?
            .into_iter()
            .map(|row| (row.id, row.source)),
    );
    for (id, source) in gone {
        if source == draft.source && !kept.contains(&id) {
            people::delete(tx, &id)?;
        }
    }
    Ok(())
}
