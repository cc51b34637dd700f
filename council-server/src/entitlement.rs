//! Applies `rights` to the tables: who reads which audience now, from which key epoch on, and when a new epoch begins.
//! The decision itself is `rights::access`.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rusqlite::{Connection, Transaction};
use sync_protocol::class_key::KeyEpoch;
use sync_protocol::ids::{AudienceId, ObjectId};

use crate::error::ServerError;
use crate::keys::Keys;
use crate::rights::{Access, CouncilFacts, Days, Reach, access};
use crate::store::audiences::{AudienceFor, AudienceRow, ReaderRow};
use crate::store::devices::DeviceRow;
use crate::store::meta::{self, name};
use crate::store::people::{self, TermRow};
use crate::store::{StoreError, audiences};

const FIRST_EPOCH: KeyEpoch = KeyEpoch(1);
/// More epochs than an audience can have between two restores: one for each device or membership that ends.
const EPOCHS_OF_GENERATION: u32 = 1 << 16;

/// An audience that a device may read now.
#[derive(Clone, Debug)]
pub(crate) struct Readable {
    pub audience: AudienceRow,
    /// Class keys before this one are not given.
    pub from_epoch: KeyEpoch,
    pub until_date: Option<NaiveDate>,
}

/// Brings readers and epochs in line with memberships, once a day and after each change of people.
///
/// Who could read an audience and can no more starts a new epoch of it. Where new members do not read back,
/// who comes starts one too.
pub(crate) fn settle(
    tx: &Transaction<'_>,
    keys: &Keys,
    today: NaiveDate,
    now_at_ms: i64,
) -> Result<(), ServerError> {
    let facts = people::facts(tx)?;
    let persons: Vec<ObjectId> = people::persons(tx)?.into_iter().map(|p| p.id).collect();
    let terms = people::terms(tx)?;
    for audience in audiences::all(tx)? {
        if audience.is_for != AudienceFor::Public {
            settle_audience(
                tx, keys, &audience, &facts, &persons, &terms, today, now_at_ms,
            )?;
        }
    }
    meta::put(tx, name::SETTLED_ON, today.to_string().as_bytes())?;
    Ok(())
}

#[allow(
    clippy::too_many_arguments,
    reason = "what is decided on, loaded once for all audiences"
)]
fn settle_audience(
    tx: &Transaction<'_>,
    keys: &Keys,
    audience: &AudienceRow,
    facts: &CouncilFacts<ObjectId>,
    persons: &[ObjectId],
    terms: &[TermRow],
    today: NaiveDate,
    now_at_ms: i64,
) -> Result<(), ServerError> {
    let reach = reach_of(&audience.is_for, terms);
    let known: BTreeMap<ObjectId, ReaderRow> = audiences::readers(tx, &audience.id)?
        .into_iter()
        .map(|r| (r.person, r))
        .collect();
    let mut granted = BTreeMap::new();
    for person in persons {
        if let Access::Granted { until, reads_back } = access(facts, person, &reach, today) {
            granted.insert(*person, (until, reads_back));
        }
    }
    let gone: Vec<&ObjectId> = known
        .keys()
        .filter(|person| !granted.contains_key(*person))
        .collect();
    let comes_without_past = granted
        .iter()
        .any(|(p, (_, reads_back))| !reads_back && !known.contains_key(p));
    let has_content = audience.position.seq > 0;
    let mut epoch = audience.key_epoch;
    if !gone.is_empty() || (comes_without_past && has_content) {
        epoch = next_epoch(tx, keys, &audience.id, epoch, now_at_ms)?;
    }
    for person in gone {
        audiences::delete_reader(tx, &audience.id, person)?;
    }
    for (person, (until_date, reads_back)) in granted {
        let from_epoch = if reads_back { FIRST_EPOCH } else { epoch };
        audiences::put_reader(
            tx,
            &audience.id,
            &ReaderRow {
                person,
                from_epoch,
                until_date,
            },
        )?;
    }
    Ok(())
}

/// Settles unless that was done today.
pub(crate) fn settle_if_due(
    tx: &Transaction<'_>,
    keys: &Keys,
    today: NaiveDate,
    now_at_ms: i64,
) -> Result<(), ServerError> {
    if is_due(tx, today)? {
        settle(tx, keys, today, now_at_ms)
    } else {
        Ok(())
    }
}

/// Whether the last settling was on another day.
pub(crate) fn is_due(c: &Connection, today: NaiveDate) -> Result<bool, StoreError> {
    Ok(meta::text(c, name::SETTLED_ON)?.as_deref() != Some(today.to_string().as_str()))
}

/// A new epoch for every nonpublic audience that a person reads: one of her devices is no longer trusted.
pub(crate) fn start_epochs_of(
    tx: &Transaction<'_>,
    keys: &Keys,
    person: &ObjectId,
    now_at_ms: i64,
) -> Result<(), ServerError> {
    for (id, _) in audiences::readable_by(tx, person)? {
        if let Some(audience) = audiences::get(tx, &id)? {
            next_epoch(tx, keys, &id, audience.key_epoch, now_at_ms)?;
        }
    }
    Ok(())
}

/// A new epoch for every nonpublic audience after a restore from a backup. Epochs that began after the backup are lost here, but
/// tablets hold their keys: none of their numbers may be given to another key, so each generation counts in a range of its own.
pub(crate) fn start_epochs_of_generation(
    tx: &Transaction<'_>,
    keys: &Keys,
    generation: u32,
    now_at_ms: i64,
) -> Result<(), ServerError> {
    let first = generation.saturating_mul(EPOCHS_OF_GENERATION);
    for audience in audiences::all(tx)? {
        if audience.is_for != AudienceFor::Public {
            let before = KeyEpoch(audience.key_epoch.0.max(first));
            next_epoch(tx, keys, &audience.id, before, now_at_ms)?;
        }
    }
    Ok(())
}

fn next_epoch(
    tx: &Transaction<'_>,
    keys: &Keys,
    audience: &AudienceId,
    epoch: KeyEpoch,
    now_at_ms: i64,
) -> Result<KeyEpoch, ServerError> {
    let next = KeyEpoch(epoch.0.saturating_add(1));
    keys.make_class_key(tx, audience, next, now_at_ms)?;
    Ok(next)
}

// Meets: O.Auth_2, MASVS-AUTH-1
/// What a device may read now: public, and what its person may read once the office has confirmed the device.
/// Audiences without an entry are left out.
pub(crate) fn readable(c: &Connection, device: &DeviceRow) -> Result<Vec<Readable>, StoreError> {
    let mut found = Vec::new();
    let nonpublic: BTreeMap<AudienceId, ReaderRow> = if device.is_confirmed() {
        audiences::readable_by(c, &device.person)?
            .into_iter()
            .collect()
    } else {
        BTreeMap::new()
    };
    for audience in audiences::all(c)? {
        if audience.position.seq == 0 {
            continue;
        }
        if audience.is_for == AudienceFor::Public {
            found.push(Readable {
                audience,
                from_epoch: FIRST_EPOCH,
                until_date: None,
            });
        } else if let Some(reader) = nonpublic.get(&audience.id) {
            let (from_epoch, until_date) = (reader.from_epoch, reader.until_date);
            found.push(Readable {
                audience,
                from_epoch,
                until_date,
            });
        }
    }
    Ok(found)
}

/// Whether a device that may not read an audience now belongs to somebody who could, until a membership ended: she may be told so.
pub(crate) fn had_access(
    c: &Connection,
    device: &DeviceRow,
    audience: &AudienceId,
) -> Result<bool, StoreError> {
    let Some(audience) = audiences::get(c, audience)? else {
        return Ok(false);
    };
    if !device.is_confirmed() {
        return Ok(false);
    }
    let facts = people::facts(c)?;
    let reach = reach_of(&audience.is_for, &people::terms(c)?);
    let own = facts
        .memberships
        .iter()
        .filter(|m| m.person == device.person);
    let mut last_days = own.filter_map(|m| m.end_date);
    Ok(last_days.any(|day| access(&facts, &device.person, &reach, day) != Access::Denied))
}

fn reach_of(is_for: &AudienceFor, terms: &[TermRow]) -> Reach<ObjectId> {
    let days = |term: &Option<ObjectId>| {
        let found = terms.iter().find(|t| Some(t.id) == *term);
        found.map_or_else(Days::default, |t| Days {
            start: t.start_date,
            end: t.end_date,
        })
    };
    match is_for {
        AudienceFor::Public => Reach::Public,
        AudienceFor::Organization { organization, term } => Reach::Organization {
            organization: *organization,
            term: days(term),
        },
        AudienceFor::Village { name, term } => Reach::Village {
            name: name.clone(),
            term: days(term),
        },
    }
}
