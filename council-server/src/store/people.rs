//! Tables `person`, `membership`, `organization`, `organization_village`, `term`: what rights are decided on.
//! All of it is public anyway and stands in the public chain too.

use chrono::NaiveDate;
use rusqlite::{Connection, OptionalExtension, Row, Transaction, named_params};
use sync_protocol::ids::ObjectId;

use super::{StoreError, id_of};
use crate::draft::CouncilSettings;
use crate::rights::{CouncilFacts, MembershipFact, Standing};
use crate::store::meta;

/// A person, as the office sees her.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PersonRow {
    pub id: ObjectId,
    pub source: String,
    pub key: String,
    pub name: String,
    pub form_of_address: Option<String>,
    pub title: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct MembershipRow {
    pub id: ObjectId,
    pub source: String,
    pub person: ObjectId,
    pub organization: ObjectId,
    pub role: Option<String>,
    pub voting_right: Option<bool>,
    pub start_date: Option<NaiveDate>,
    pub end_date: Option<NaiveDate>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct OrganizationRow {
    pub id: ObjectId,
    pub source: String,
    pub key: String,
    pub name: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TermRow {
    pub id: ObjectId,
    pub source: String,
    pub name: String,
    pub start_date: Option<NaiveDate>,
    pub end_date: Option<NaiveDate>,
}

pub(crate) fn put_person(tx: &Transaction<'_>, row: &PersonRow) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO person (id, source, key, name, form_of_address, title)
         VALUES (:id, :source, :key, :name, :form_of_address, :title)
         ON CONFLICT (id) DO UPDATE SET name = excluded.name, form_of_address = excluded.form_of_address,
             title = excluded.title",
        named_params! {
            ":id": row.id.as_bytes(), ":source": row.source, ":key": row.key, ":name": row.name,
            ":form_of_address": row.form_of_address, ":title": row.title,
        },
    )?;
    Ok(())
}

pub(crate) fn put_membership(tx: &Transaction<'_>, row: &MembershipRow) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO membership (id, source, person, organization, role, voting_right, start_date, end_date)
         VALUES (:id, :source, :person, :organization, :role, :voting_right, :start_date, :end_date)
         ON CONFLICT (id) DO UPDATE SET role = excluded.role, voting_right = excluded.voting_right,
             start_date = excluded.start_date, end_date = excluded.end_date",
        named_params! {
            ":id": row.id.as_bytes(), ":source": row.source, ":person": row.person.as_bytes(),
            ":organization": row.organization.as_bytes(), ":role": row.role, ":voting_right": row.voting_right,
            ":start_date": row.start_date.map(|d| d.to_string()), ":end_date": row.end_date.map(|d| d.to_string()),
        },
    )?;
    Ok(())
}

pub(crate) fn put_organization(
    tx: &Transaction<'_>,
    row: &OrganizationRow,
    villages: &[String],
) -> Result<(), StoreError> {
    let id = row.id.as_bytes().as_slice();
    tx.execute(
        "INSERT INTO organization (id, source, key, name) VALUES (:id, :source, :key, :name)
         ON CONFLICT (id) DO UPDATE SET name = excluded.name",
        named_params! {":id": id, ":source": row.source, ":key": row.key, ":name": row.name},
    )?;
    tx.execute(
        "DELETE FROM organization_village WHERE organization = :id",
        named_params! {":id": id},
    )?;
    for village in villages {
        tx.execute(
            "INSERT OR IGNORE INTO organization_village (organization, village) VALUES (:id, :village)",
            named_params! {":id": id, ":village": village},
        )?;
    }
    Ok(())
}

pub(crate) fn put_term(tx: &Transaction<'_>, row: &TermRow) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO term (id, source, name, start_date, end_date)
         VALUES (:id, :source, :name, :start_date, :end_date)
         ON CONFLICT (id) DO UPDATE SET name = excluded.name, start_date = excluded.start_date,
             end_date = excluded.end_date",
        named_params! {
            ":id": row.id.as_bytes(), ":source": row.source, ":name": row.name,
            ":start_date": row.start_date.map(|d| d.to_string()), ":end_date": row.end_date.map(|d| d.to_string()),
        },
    )?;
    Ok(())
}

/// Removes a row of any of the four tables by its id.
pub(crate) fn delete(tx: &Transaction<'_>, id: &ObjectId) -> Result<(), StoreError> {
    for sql in [
        "DELETE FROM membership WHERE id = :id",
        "DELETE FROM person WHERE id = :id",
        "DELETE FROM organization WHERE id = :id",
        "DELETE FROM term WHERE id = :id",
    ] {
        tx.execute(sql, named_params! {":id": id.as_bytes()})?;
    }
    Ok(())
}

pub(crate) fn persons(c: &Connection) -> Result<Vec<PersonRow>, StoreError> {
    let mut statement = c.prepare("SELECT * FROM person ORDER BY name, key")?;
    let rows = statement.query_map([], person_row)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(crate) fn person(c: &Connection, id: &ObjectId) -> Result<Option<PersonRow>, StoreError> {
    let sql = "SELECT * FROM person WHERE id = :id";
    Ok(
        c.query_row(sql, named_params! {":id": id.as_bytes()}, person_row)
            .optional()?,
    )
}

fn person_row(row: &Row<'_>) -> rusqlite::Result<PersonRow> {
    Ok(PersonRow {
        id: id_of(row, "id")?,
        source: row.get("source")?,
        key: row.get("key")?,
        name: row.get("name")?,
        form_of_address: row.get("form_of_address")?,
        title: row.get("title")?,
    })
}

pub(crate) fn memberships(c: &Connection) -> Result<Vec<MembershipRow>, StoreError> {
    let mut statement = c.prepare("SELECT * FROM membership ORDER BY id")?;
    let rows = statement.query_map([], |row| {
        Ok(MembershipRow {
            id: id_of(row, "id")?,
            source: row.get("source")?,
            person: id_of(row, "person")?,
            organization: id_of(row, "organization")?,
            role: row.get("role")?,
            voting_right: row.get("voting_right")?,
            start_date: day(row, "start_date")?,
            end_date: day(row, "end_date")?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(crate) fn organizations(c: &Connection) -> Result<Vec<OrganizationRow>, StoreError> {
    let mut statement = c.prepare("SELECT * FROM organization ORDER BY name, key")?;
    let rows = statement.query_map([], |row| {
        Ok(OrganizationRow {
            id: id_of(row, "id")?,
            source: row.get("source")?,
            key: row.get("key")?,
            name: row.get("name")?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(crate) fn terms(c: &Connection) -> Result<Vec<TermRow>, StoreError> {
    let mut statement = c.prepare("SELECT * FROM term ORDER BY start_date, name")?;
    let rows = statement.query_map([], |row| {
        Ok(TermRow {
            id: id_of(row, "id")?,
            source: row.get("source")?,
            name: row.get("name")?,
            start_date: day(row, "start_date")?,
            end_date: day(row, "end_date")?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Everything that rights depend on.
pub(crate) fn facts(c: &Connection) -> Result<CouncilFacts<ObjectId>, StoreError> {
    let memberships = memberships(c)?
        .into_iter()
        .map(|m| MembershipFact {
            person: m.person,
            organization: m.organization,
            standing: Standing::of_role(m.role.as_deref()),
            start_date: m.start_date,
            end_date: m.end_date,
        })
        .collect();
    let mut statement = c.prepare("SELECT organization, village FROM organization_village")?;
    let villages = statement
        .query_map([], |row| {
            Ok((id_of(row, "organization")?, row.get("village")?))
        })?
        .collect::<Result<_, _>>()?;
    let standard = CouncilSettings::default();
    let settings = CouncilSettings {
        new_members_read_back: meta::flag(
            c,
            meta::name::NEW_MEMBERS_READ_BACK,
            standard.new_members_read_back,
        )?,
        staff_nonpublic: meta::flag(c, meta::name::STAFF_NONPUBLIC, standard.staff_nonpublic)?,
    };
    Ok(CouncilFacts {
        memberships,
        villages,
        settings,
    })
}

/// An ISO day out of a row.
pub(crate) fn day(row: &Row<'_>, column: &str) -> rusqlite::Result<Option<NaiveDate>> {
    let text: Option<String> = row.get(column)?;
    Ok(text.and_then(|t| t.parse().ok()))
}
