//! What comes from the server: links, seed boxes, envelopes. Everything is verified before anything is stored; what a newer
//! version wrote is kept unopened and told, and the rest goes on.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Transaction, named_params};
use sync_protocol::cbor::CborError;
use sync_protocol::faction::content::{Content, ContentError};
use sync_protocol::faction::envelope::{
    AuthorPosition, EnvelopeError, EnvelopeHeader, SignedEnvelope, VerifiedEnvelope,
    verify_envelope,
};
use sync_protocol::faction::link::{LinkError, SignedLink};
use sync_protocol::faction::roster::{Roster, RosterError};
use sync_protocol::faction::seed::{Epoch, EpochSeed, SealError, open_previous};
use sync_protocol::faction::seed_box::{SeedBox, SeedBoxError, open_seed_box};
use sync_protocol::ids::{FactionDeviceId, Hash, ItemId};

use crate::error::FactionError;
use crate::items::{ItemRow, insert_item};
use crate::positions::{cut_back, forget_made, store_position};
use crate::rows::signed;
use crate::space::Space;
use crate::store::{insert_link, insert_seed};

/// What became of links.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TakenLinks {
    /// How many were new.
    pub taken: usize,
    /// The roster goes on with a step of a newer version: this app must be updated before it can follow.
    pub is_newer: bool,
}

/// An envelope that was refused.
#[derive(Debug)]
pub struct RefusedEnvelope {
    /// Where it says that it stands, if that can be read.
    pub header: Option<EnvelopeHeader>,
    /// Why.
    pub error: EnvelopeError,
}

/// What became of envelopes.
#[derive(Debug, Default)]
pub struct TakenEnvelopes {
    /// How many were new.
    pub taken: usize,
    /// Those of a newer version, kept unopened.
    pub newer: usize,
    /// Those whose content does not open or is not readable, though their author has signed it.
    pub unreadable: usize,
    /// Those that were refused; nothing of them was kept.
    pub refused: Vec<RefusedEnvelope>,
    /// The roster or a seed has to come first, or some are missing: the same will be asked for again.
    pub is_waiting: bool,
    /// Envelopes between are missing, perhaps because the server's order changed: ask once for all of them, from the beginning.
    /// What is known already does no harm. If they are missing then, too, the server holds them back.
    pub has_gap: bool,
}

impl Space {
    /// Takes links in order; those that are known already must be the same. All new ones are taken or none, except what a
    /// newer version wrote: it and what follows it is left.
    ///
    /// Errors: [`RosterError`], the database; the state is unchanged.
    pub fn take_links(&mut self, links: &[SignedLink]) -> Result<TakenLinks, FactionError> {
        let mut new = Vec::new();
        let mut is_newer = false;
        if links.is_empty() {
            let taken = 0;
            return Ok(TakenLinks { taken, is_newer });
        }
        let mut roster = self.roster.clone();
        for link in links {
            match is_known(&roster, link) {
                Ok(true) => continue,
                Ok(false) => {}
                Err(error) => return Err(error.into()),
            }
            match roster.append(link) {
                Ok(()) => new.push((roster.head().seq, link)),
                Err(error) if is_of_newer_version(&error) => {
                    is_newer = true;
                    break;
                }
                Err(error) => return Err(error.into()),
            }
        }
        let positions = self.positions()?;
        self.store.write(|tx| {
            for (seq, link) in &new {
                insert_link(tx, self.row, *seq, link)?;
            }
            cut_back(tx, self.row, &roster, &positions)
        })?;
        if !new.is_empty() {
            // A cut takes things back.
            self.all_have_changed();
        }
        self.roster = roster;
        Ok(TakenLinks {
            taken: new.len(),
            is_newer,
        })
    }

    /// Takes the boxes that are for this device, and opens older seeds with newer ones. Boxes for others are left alone.
    ///
    /// Result: how many seeds are new. Errors: [`SeedBoxError`], the database; the state is unchanged.
    pub fn take_boxes(&mut self, boxes: &[SeedBox]) -> Result<usize, FactionError> {
        let mut seeds = self.seeds()?;
        let held = seeds.len();
        for seed_box in boxes {
            let is_wanted =
                seed_box.device == self.keys.device && !seeds.contains_key(&seed_box.epoch);
            if is_wanted {
                let own = self.keys.device;
                let seed = open_seed_box(&self.roster, &self.keys.boxes, own, seed_box)?;
                seeds.insert(seed_box.epoch, seed);
            }
        }
        self.unwind(&mut seeds)?;
        if seeds.len() == held {
            return Ok(0);
        }
        self.store.write(|tx| {
            for (epoch, seed) in &seeds {
                insert_seed(tx, self.row, *epoch, seed)?;
            }
            Ok(())
        })?;
        Ok(seeds.len() - held)
    }

    /// Opens every seed that a newer one seals.
    pub(crate) fn unwind(
        &self,
        seeds: &mut BTreeMap<Epoch, EpochSeed>,
    ) -> Result<(), FactionError> {
        for number in (2..=self.roster.epoch().0).rev() {
            let (epoch, before) = (Epoch(number), Epoch(number - 1));
            if seeds.contains_key(&before) {
                continue;
            }
            let (Some(seed), Some(sealed)) = (seeds.get(&epoch), self.roster.previous(epoch))
            else {
                continue;
            };
            let opened = open_previous(seed, &self.roster.faction(), before, sealed)?;
            if self.roster.commitment(before) != Some(opened.commitment()) {
                return Err(SeedBoxError::WrongSeed.into());
            }
            seeds.insert(before, opened);
        }
        Ok(())
    }

    /// Takes envelopes in the order of the server, each by itself: one that is refused keeps no other author waiting.
    ///
    /// `upto`: place in the server's order after them; it is remembered unless something has to be asked for again.
    /// Errors: the database; the state is unchanged.
    pub fn take_envelopes(
        &mut self,
        envelopes: &[SignedEnvelope],
        upto: u64,
    ) -> Result<TakenEnvelopes, FactionError> {
        let mut report = TakenEnvelopes::default();
        if envelopes.is_empty() && self.fetched()? >= upto {
            return Ok(report);
        }
        let seeds = self.seeds()?;
        let mut positions = self.positions()?;
        let mut moved = BTreeSet::new();
        let mut batch = Batch::default();
        let own_hash = self.sending_hash()?;
        for envelope in envelopes {
            match self.judge(envelope, &seeds, &positions) {
                Judged::Taken(verified, content) => {
                    let device = verified.header.device;
                    if device == self.keys.device && Some(verified.position.hash) == own_hash {
                        batch.is_own_confirmed = true;
                    } else {
                        batch.add(&verified, content, &mut report, envelope);
                    }
                    positions.insert(device, verified.position);
                    moved.insert(device);
                    report.taken += 1;
                }
                Judged::Again => report.is_waiting = true,
                Judged::Known => {}
                Judged::Refused(refused) => {
                    report.has_gap |= matches!(refused.error, EnvelopeError::Gap { .. });
                    report.is_waiting |= matches!(
                        refused.error,
                        EnvelopeError::Gap { .. } | EnvelopeError::UnknownHead
                    );
                    report.refused.push(refused);
                }
                Judged::Newer => {
                    batch.newer.push(envelope.as_bytes().to_vec());
                    report.newer += 1;
                }
            }
        }
        let upto = if report.is_waiting { 0 } else { signed(upto) };
        self.have_changed(batch.items.iter().map(|row| row.item.item));
        if batch.is_own_confirmed {
            self.have_changed(self.waiting_items()?);
        }
        self.store.write(|tx| {
            if batch.is_own_confirmed {
                self.confirm_sending(tx)?;
            }
            batch.store(tx, self.row)?;
            for (device, position) in &positions {
                if moved.contains(device) {
                    store_position(tx, self.row, *device, position)?;
                }
            }
            let sql = "UPDATE space SET fetched = max(fetched, :upto) WHERE id = :space";
            tx.prepare_cached(sql)?
                .execute(named_params! {":upto": upto, ":space": self.row})?;
            Ok(())
        })?;
        Ok(report)
    }

    fn judge(
        &self,
        envelope: &SignedEnvelope,
        seeds: &BTreeMap<Epoch, EpochSeed>,
        positions: &BTreeMap<FactionDeviceId, AuthorPosition>,
    ) -> Judged {
        let header = match envelope.header() {
            Ok(header) => header,
            Err(EnvelopeError::Form(CborError::UnknownVersion(_))) => return Judged::Newer,
            Err(error) => return Judged::refused(None, error),
        };
        let seen = positions.get(&header.device);
        let seen = seen.copied().unwrap_or(AuthorPosition::START);
        let verified = match verify_envelope(&self.roster, &seen, envelope) {
            Ok(verified) => verified,
            // The very same bytes again, as after an answer that got lost, are no trouble.
            Err(EnvelopeError::Replayed) if seen.counter > 0 => return Judged::Known,
            Err(error) => return Judged::refused(Some(header), error),
        };
        let Some(seed) = seeds.get(&header.epoch) else {
            return Judged::Again;
        };
        let content = match verified.open(seed) {
            Ok(plain) => Opened::from(Content::from_bytes(&plain)),
            Err(SealError::UnknownVersion(_)) => Opened::Newer,
            Err(_) => Opened::Unreadable,
        };
        Judged::Taken(Box::new(verified), content)
    }
}

enum Opened {
    Content(Content),
    Newer,
    Unreadable,
}

impl From<Result<Content, ContentError>> for Opened {
    fn from(read: Result<Content, ContentError>) -> Self {
        read.map_or(Self::Unreadable, Self::Content)
    }
}

enum Judged {
    Taken(Box<VerifiedEnvelope>, Opened),
    /// The seed has to come first.
    Again,
    Known,
    Newer,
    Refused(RefusedEnvelope),
}

impl Judged {
    fn refused(header: Option<EnvelopeHeader>, error: EnvelopeError) -> Self {
        Self::Refused(RefusedEnvelope { header, error })
    }
}

#[derive(Default)]
struct Batch {
    items: Vec<ItemRow>,
    newer: Vec<Vec<u8>>,
    is_own_confirmed: bool,
}

impl Batch {
    fn add(
        &mut self,
        verified: &VerifiedEnvelope,
        content: Opened,
        report: &mut TakenEnvelopes,
        envelope: &SignedEnvelope,
    ) {
        match content {
            Opened::Content(content) => {
                let at_ms = content.at_ms;
                self.items
                    .extend(content.items.into_iter().map(|item| ItemRow {
                        author: verified.header.device,
                        counter: verified.header.counter,
                        at_ms,
                        item,
                    }));
            }
            Opened::Newer => {
                self.newer.push(envelope.as_bytes().to_vec());
                report.newer += 1;
            }
            // The author's number is used up all the same, or nothing of hers would ever come after it.
            Opened::Unreadable => report.unreadable += 1,
        }
    }

    fn store(&self, tx: &Transaction<'_>, space: i64) -> Result<(), FactionError> {
        for row in &self.items {
            insert_item(tx, space, row)?;
        }
        let changed = self.items.iter().map(|row| (row.item.item, row.item.kind));
        for one in changed.collect::<BTreeSet<(ItemId, u32)>>() {
            forget_made(tx, space, one)?;
        }
        for bytes in &self.newer {
            tx.execute(
                "INSERT OR IGNORE INTO newer (space, digest, bytes) VALUES (:space, :digest, :bytes)",
                named_params! {":space": space, ":digest": Hash::of(bytes).as_bytes(), ":bytes": bytes},
            )?;
        }
        Ok(())
    }
}

/// Whether the roster holds this very link; another one in its place is a fork.
fn is_known(roster: &Roster, link: &SignedLink) -> Result<bool, RosterError> {
    let place = match link.place() {
        Ok(place) => place,
        // `append` names what is wrong with it.
        Err(_) => return Ok(false),
    };
    if place.seq > roster.head().seq {
        return Ok(false);
    }
    let is_same = roster.seq_of(&link.hash()?) == Some(place.seq);
    if is_same {
        Ok(true)
    } else {
        Err(RosterError::Fork)
    }
}

fn is_of_newer_version(error: &RosterError) -> bool {
    matches!(
        error,
        RosterError::Link(
            LinkError::UnknownKind(_) | LinkError::Form(CborError::UnknownVersion(_))
        )
    )
}
