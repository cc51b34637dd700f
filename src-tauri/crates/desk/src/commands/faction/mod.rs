//! The faction spaces: which there are, and what every command about them begins with.

mod entries;
mod joining;
mod members;
mod news;
mod search;
mod sheet;
mod talk;

use std::sync::{Arc, MutexGuard};

use faction::{Anchor, Readers, Space};
use sync_protocol::ids::ItemId;

use crate::Desk;
use crate::border_marks::find_target;
use crate::desk::lock;
use crate::dto::*;
use crate::error::{ErrorCode, Failure};
use crate::faction::{Around, Contact, Factions, HeldSpace};
use crate::query::faction::{Look, OpenKeys, border_role, kind_number};
use crate::query::{find, object_id};
use crate::session::{Council, Session};

impl Desk {
    /// The spaces of the session; opens them with the first call.
    ///
    /// Errors: those of the database.
    pub(crate) fn factions(&self, session: &Session) -> Result<Arc<Factions>, Failure> {
        let mut held = lock(&session.factions);
        if let Some(factions) = held.as_ref() {
            return Ok(Arc::clone(factions));
        }
        let around = Around {
            config: self.sync_config(),
            events: self.event_sender(),
            runtime: self.runtime()?.handle().clone(),
        };
        let factions = Factions::open(&session.vault, around)?;
        Ok(Arc::clone(held.insert(factions)))
    }

    pub(crate) fn faction_overview(&self, _: Empty) -> Result<FactionOverview, Failure> {
        let session = self.session()?;
        if let Some(code) = lock(&session.factions_failed).take() {
            return Err(code.into());
        }
        let factions = self.factions(&session)?;
        let mut spaces = Vec::new();
        for held in factions.all()? {
            spaces.push(self.card(&session, &held)?);
        }
        Ok(FactionOverview {
            spaces,
            joining: self.joinings(&factions)?,
        })
    }

    pub(crate) fn faction_exchange(&self, _: Empty) -> Result<Empty, Failure> {
        let session = self.session()?;
        self.factions(&session)?.exchange_now();
        Ok(Empty {})
    }

    /// What is shown of a space everywhere.
    pub(crate) fn card(&self, session: &Session, held: &HeldSpace) -> Result<FactionCard, Failure> {
        self.card_of(session, held, &lock(&held.space))
    }

    pub(super) fn card_of(
        &self,
        session: &Session,
        held: &HeldSpace,
        space: &Space,
    ) -> Result<FactionCard, Failure> {
        let record = session.vault.keyring().council(held.council);
        let council_name = record.map(|record| record.name).unwrap_or_default();
        let own = space.roster().user(&space.user());
        let contact = match held.contact() {
            Contact::Busy => FactionContact::Busy,
            Contact::Current => FactionContact::Current,
            Contact::Awaiting => FactionContact::Awaiting,
            Contact::Failed(ErrorCode::Offline) => FactionContact::Offline,
            Contact::Failed(_) => FactionContact::Refused,
        };
        let trouble = match held.contact() {
            Contact::Awaiting => Some(ErrorCode::FactionSeedMissing),
            Contact::Failed(ErrorCode::Offline) => None,
            Contact::Failed(code) => Some(code),
            Contact::Busy | Contact::Current => None,
        };
        let count = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        let number = |number: u64| u32::try_from(number).unwrap_or(u32::MAX);
        Ok(FactionCard {
            id: held.faction.to_string(),
            council_id: held.council.to_string(),
            council_name,
            name: space.name()?,
            own_user_id: space.user().to_string(),
            role: own.map_or(FactionRole::Member, |own| border_role(own.role)),
            member_count: count(space.roster().present_users().count()),
            new_count: count(space.new_count()?),
            unsent: number(space.waiting_count()?),
            newer_count: number(space.newer_count()?),
            removed: space.is_removed(),
            dissolved: space.roster().is_dissolved(),
            contact,
            trouble: trouble.map(|code| self.spoken(&code.into()).message),
            layer_shown: space.is_layer_shown()?,
        })
    }

    /// Runs `work` with a space and everything that its answer needs.
    pub(super) fn look<T>(
        &self,
        session: &Session,
        space: &Space,
        work: impl FnOnce(&Look<'_>) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        let now_ms = self.now_ms();
        let councils = session.councils(now_ms)?;
        let keys = OpenKeys::new(&session.vault, &councils, now_ms);
        work(&Look {
            space,
            keys: &keys,
            councils: &councils,
            now_ms,
        })
    }
}

/// One space for one command.
pub(crate) struct Opened {
    pub(crate) session: Arc<Session>,
    pub(crate) factions: Arc<Factions>,
    pub(crate) held: Arc<HeldSpace>,
}

impl Opened {
    pub(crate) fn space(&self) -> MutexGuard<'_, Space> {
        lock(&self.held.space)
    }

    /// Something was written: it goes out as soon as that is possible.
    pub(crate) fn written(&self, item: ItemId) -> FactionWritten {
        self.factions.was_written(&self.held);
        FactionWritten {
            item_id: item.to_string(),
        }
    }
}

impl Desk {
    /// Errors: `locked`, `not_found`.
    pub(crate) fn opened(&self, faction_id: &str) -> Result<Opened, Failure> {
        let session = self.session()?;
        let factions = self.factions(&session)?;
        let held = factions.held(faction_id)?;
        Ok(Opened {
            session,
            factions,
            held,
        })
    }
}

pub(crate) fn item_id(hex: &str) -> Result<ItemId, Failure> {
    hex.parse().map_err(|_| ErrorCode::NotFound.into())
}

/// What of a council something is about, and who may read it: about something nonpublic, whoever holds its class key.
///
/// Errors: `not_found`; `access_ended` without the class key.
pub(crate) fn anchor_of(
    session: &Session,
    councils: &[Council],
    target: &Target,
) -> Result<(Anchor, Readers), Failure> {
    let (council, found) = find_found(councils, target)?;
    let anchor = Anchor {
        council: council.record.council,
        kind: kind_number(target.kind),
        object: object_id(&target.id)?,
    };
    let Some(audience) = found else {
        return Ok((anchor, Readers::Everybody));
    };
    let newest = session
        .vault
        .keyring()
        .newest_class_key(council.record.council, audience);
    let (epoch, key) = newest.ok_or(ErrorCode::AccessEnded)?;
    Ok((
        anchor,
        Readers::ClassKey {
            audience,
            epoch,
            key,
        },
    ))
}

/// The council that has a target, and the audience of a nonpublic one.
fn find_found<'a>(
    councils: &'a [Council],
    target: &Target,
) -> Result<(&'a Council, Option<notes::AudienceId>), Failure> {
    for council in councils {
        if let Some(found) = find_target(&council.store, target)? {
            return Ok((council, found.sealed_class));
        }
    }
    // An id that is none names nothing, too.
    find(councils, |_| Ok(None))
}
