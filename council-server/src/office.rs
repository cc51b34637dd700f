//! What the council office does: people, invitations, confirming and revoking devices, receipts, audit.
//! No HTTP, no printing.

use chrono::NaiveDate;
use sync_protocol::ids::{DeviceId, InvitationId, ObjectId};
use sync_protocol::pairing::{INVITATION_LIFETIME_MS, InvitationCode};

use crate::draft::{CouncilDraft, MembershipDraft, PersonDraft};
use crate::error::ServerError;
use crate::publish::ImportOutcome;
use crate::server::Server;
use crate::store::devices::DeviceRow;
use crate::store::invitations::{self, InvitationRow};
use crate::store::people::{self, PersonRow};
use crate::store::{devices, receipts};
use crate::{audit, entitlement, identity};

/// The name under which the office's own people are remembered.
const OFFICE_SOURCE: &str = "office";
/// Wrong words after which a device cannot be confirmed any more.
const MAX_CONFIRM_TRIES: u32 = 10;

/// A person as the office sees her.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonInfo {
    pub id: ObjectId,
    pub key: String,
    pub name: String,
    pub memberships: Vec<MembershipInfo>,
}

/// One of her memberships.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MembershipInfo {
    pub organization: String,
    pub role: Option<String>,
    pub start_date: Option<NaiveDate>,
    pub end_date: Option<NaiveDate>,
}

/// A membership that the office enters by hand.
#[derive(Clone, Debug)]
pub struct NewMembership {
    /// The key of the organization.
    pub organization: String,
    pub role: Option<String>,
    pub start_date: Option<NaiveDate>,
    pub end_date: Option<NaiveDate>,
}

/// An invitation to be handed over. The code is shown once and never stored readable.
#[derive(Clone, Debug)]
pub struct Invitation {
    pub id: InvitationId,
    pub person: ObjectId,
    pub person_name: String,
    pub code: InvitationCode,
    pub expires_at_ms: i64,
    /// The device is confirmed by the pairing itself.
    pub in_person: bool,
}

/// A paired device as the office sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviceInfo {
    pub id: DeviceId,
    pub person: ObjectId,
    pub person_name: String,
    pub paired_at_ms: i64,
    pub confirmed_at_ms: Option<i64>,
    pub revoked_at_ms: Option<i64>,
    pub seen_at_ms: Option<i64>,
}

/// A receipt with the server's time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReceiptInfo {
    pub device: DeviceId,
    pub meeting: ObjectId,
    pub invitation_revision: u32,
    pub device_at_ms: i64,
    pub server_at_ms: i64,
}

impl Server {
    /// Everybody the council knows, by name.
    pub fn people(&self) -> Result<Vec<PersonInfo>, ServerError> {
        self.inner.store.read(|c| {
            let organizations = people::organizations(c)?;
            let memberships = people::memberships(c)?;
            let name_of = |id: &ObjectId| {
                organizations
                    .iter()
                    .find(|o| o.id == *id)
                    .map(|o| o.name.clone())
                    .unwrap_or_default()
            };
            let info = |person: PersonRow| PersonInfo {
                id: person.id,
                key: person.key,
                name: person.name,
                memberships: memberships
                    .iter()
                    .filter(|m| m.person == person.id)
                    .map(|m| MembershipInfo {
                        organization: name_of(&m.organization),
                        role: m.role.clone(),
                        start_date: m.start_date,
                        end_date: m.end_date,
                    })
                    .collect(),
            };
            Ok(people::persons(c)?.into_iter().map(info).collect())
        })
    }

    /// Enters a person by hand, with her memberships. No import removes her.
    ///
    /// Errors: `NoSuchOrganization`; storage.
    pub fn add_person(
        &self,
        key: &str,
        name: &str,
        form_of_address: Option<String>,
        memberships: &[NewMembership],
    ) -> Result<ImportOutcome, ServerError> {
        let known = self.inner.store.read(people::organizations)?;
        let mut draft = CouncilDraft {
            source: OFFICE_SOURCE.to_owned(),
            ..CouncilDraft::default()
        };
        draft.persons.push(PersonDraft {
            key: key.to_owned(),
            name: name.to_owned(),
            form_of_address,
            title: None,
        });
        for membership in memberships {
            if !known.iter().any(|o| o.key == membership.organization) {
                return Err(ServerError::NoSuchOrganization(
                    membership.organization.clone(),
                ));
            }
            draft.memberships.push(MembershipDraft {
                key: format!("{key}\u{1f}{}", membership.organization),
                person: key.to_owned(),
                organization: membership.organization.clone(),
                role: membership.role.clone(),
                voting_right: None,
                start_date: membership.start_date,
                end_date: membership.end_date,
            });
        }
        self.publish(&draft)
    }

    /// Makes an invitation for a person, named by key, id or whole name.
    ///
    /// `in_person`: the office sees the tablet, so pairing confirms it at once.
    /// Errors: `NoSuchPerson`, `AmbiguousPerson`.
    pub fn invite(&self, person: &str, in_person: bool) -> Result<Invitation, ServerError> {
        let code = InvitationCode::make()?;
        let inner = &*self.inner;
        let now_at_ms = inner.clock.now_at_ms();
        let row = inner.store.write(|tx| {
            let person = find_person(people::persons(tx)?, person)?;
            invitations::forget_expired(tx, now_at_ms)?;
            let row = InvitationRow {
                id: code.invitation_id(),
                person: person.id,
                sealed_code: Some(inner.keys.seal_code(&code)?),
                in_person,
                created_at_ms: now_at_ms,
                expires_at_ms: now_at_ms + INVITATION_LIFETIME_MS,
                tries: 0,
                used_at_ms: None,
            };
            invitations::insert(tx, &row)?;
            audit::note(tx, &inner.keys, now_at_ms, "invited", None, None)?;
            Ok::<_, ServerError>((row, person.name))
        });
        let (row, person_name) = row?;
        Ok(Invitation {
            id: row.id,
            person: row.person,
            person_name,
            code,
            expires_at_ms: row.expires_at_ms,
            in_person,
        })
    }

    /// All devices, also revoked ones.
    pub fn devices(&self) -> Result<Vec<DeviceInfo>, ServerError> {
        self.inner.store.read(|c| {
            let persons = people::persons(c)?;
            let info = |device: DeviceRow| DeviceInfo {
                id: device.id,
                person: device.person,
                person_name: persons
                    .iter()
                    .find(|p| p.id == device.person)
                    .map(|p| p.name.clone())
                    .unwrap_or_default(),
                paired_at_ms: device.paired_at_ms,
                confirmed_at_ms: device.confirmed_at_ms,
                revoked_at_ms: device.revoked_at_ms,
                seen_at_ms: device.seen_at_ms,
            };
            Ok(devices::all(c)?.into_iter().map(info).collect())
        })
    }

    /// Confirms a device by the four words that it shows: from now on it gets what is nonpublic.
    ///
    /// Errors: `NoSuchDevice`, `DeviceRevoked`, `WrongWords`, `TooManyTries`.
    pub fn confirm(&self, device: &DeviceId, words: &[&str]) -> Result<(), ServerError> {
        let inner = &*self.inner;
        let now_at_ms = inner.clock.now_at_ms();
        let typed: Vec<String> = words.iter().map(|w| w.trim().to_lowercase()).collect();
        let is_right = inner.store.write(|tx| {
            let row = devices::get(tx, device)?
                .ok_or_else(|| ServerError::NoSuchDevice(device.to_string()))?;
            if row.revoked_at_ms.is_some() {
                return Err(ServerError::DeviceRevoked);
            }
            if row.confirm_tries >= MAX_CONFIRM_TRIES {
                return Err(ServerError::TooManyTries);
            }
            let shown = inner
                .keys
                .open_words(device.as_bytes(), &row.sealed_words)?;
            let is_right = shown.to_lowercase() == typed.join(" ");
            if is_right {
                devices::confirm(tx, device, now_at_ms)?;
                audit::note(
                    tx,
                    &inner.keys,
                    now_at_ms,
                    "device_confirmed",
                    Some(device),
                    None,
                )?;
            } else {
                devices::count_confirm_try(tx, device)?;
                audit::note(
                    tx,
                    &inner.keys,
                    now_at_ms,
                    "wrong_words",
                    Some(device),
                    None,
                )?;
            }
            Ok(is_right)
        })?;
        if is_right {
            Ok(())
        } else {
            Err(ServerError::WrongWords)
        }
    }

    /// Ends a device's access at once and starts new key epochs for what it could read.
    ///
    /// Errors: `NoSuchDevice`.
    pub fn revoke(&self, device: &DeviceId) -> Result<(), ServerError> {
        let inner = &*self.inner;
        let now_at_ms = inner.clock.now_at_ms();
        inner.store.write(|tx| {
            let row = devices::get(tx, device)?
                .ok_or_else(|| ServerError::NoSuchDevice(device.to_string()))?;
            if row.revoked_at_ms.is_some() {
                return Ok(());
            }
            devices::revoke(tx, device, now_at_ms)?;
            if row.is_confirmed() {
                entitlement::start_epochs_of(tx, &inner.keys, &row.person, now_at_ms)?;
            }
            audit::note(
                tx,
                &inner.keys,
                now_at_ms,
                "device_revoked",
                Some(device),
                None,
            )
        })
    }

    /// All receipts, in the order in which they came.
    pub fn receipts(&self) -> Result<Vec<ReceiptInfo>, ServerError> {
        let rows = self.inner.store.read(receipts::all)?;
        let info = |row: receipts::ReceiptRow| ReceiptInfo {
            device: row.device,
            meeting: row.meeting,
            invitation_revision: row.invitation_revision,
            device_at_ms: row.device_at_ms,
            server_at_ms: row.server_at_ms,
        };
        Ok(rows.into_iter().map(info).collect())
    }

    /// Begins a new generation; to be done once after the data folder was restored from a backup.
    ///
    /// Result: the new generation.
    pub fn begin_generation(&self) -> Result<u32, ServerError> {
        let inner = &*self.inner;
        let now_at_ms = inner.clock.now_at_ms();
        inner.store.write(|tx| {
            let generation = identity::begin_generation(tx, &inner.keys, now_at_ms)?;
            entitlement::start_epochs_of_generation(tx, &inner.keys, generation, now_at_ms)?;
            audit::note(tx, &inner.keys, now_at_ms, "generation_begun", None, None)?;
            Ok(generation)
        })
    }

    /// The council's name.
    pub fn council_name(&self) -> Result<String, ServerError> {
        Ok(self.inner.store.read(identity::council_name)?)
    }
}

fn find_person(persons: Vec<PersonRow>, named: &str) -> Result<PersonRow, ServerError> {
    let named = named.trim();
    let fits = |p: &&PersonRow| p.key == named || p.id.to_string() == named;
    if let Some(person) = persons.iter().find(fits) {
        return Ok(person.clone());
    }
    let mut by_name = persons
        .into_iter()
        .filter(|p| p.name.eq_ignore_ascii_case(named));
    match (by_name.next(), by_name.next()) {
        (Some(person), None) => Ok(person),
        (Some(_), Some(_)) => Err(ServerError::AmbiguousPerson(named.to_owned())),
        (None, _) => Err(ServerError::NoSuchPerson(named.to_owned())),
    }
}
