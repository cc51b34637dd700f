//! What a run has to do, decided from what lies here and what the head says. Pure: no network, no disk, no clock.

pub(crate) mod blobs;
pub(crate) mod changes;
pub(crate) mod wishes;

use std::collections::{BTreeMap, BTreeSet};

use sync_protocol::chain::ChainPosition;
use sync_protocol::class_key::KeyEpoch;
use sync_protocol::head::{AudienceHead, AudienceKind, DeviceHead};
use sync_protocol::ids::AudienceId;

use crate::council::AudienceRow;

/// From how many entries on a new database is filled by a snapshot and not by the whole chain.
/// A chain of that length is one or two pages; a snapshot costs the server a signature.
const SNAPSHOT_FROM_ENTRIES: u64 = 200;

/// What lies on this device before a run.
#[derive(Clone, Debug, Default)]
pub struct LocalState {
    /// Generation of the last head; `None` before the first.
    pub generation: Option<u32>,
    /// How far each database follows its chain.
    pub positions: BTreeMap<AudienceId, ChainPosition>,
    /// Class keys held.
    pub epochs: BTreeMap<AudienceId, BTreeSet<KeyEpoch>>,
    /// Class keys under which entries lie here that were verified and not opened.
    pub sealed: BTreeMap<AudienceId, BTreeSet<KeyEpoch>>,
    /// Audiences known from earlier heads.
    pub known: Vec<AudienceRow>,
    /// The later of this device's clock and the last signed time, ms UTC.
    pub time_ms: i64,
}

/// How a database gets to the head's position.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Route {
    /// Entries from the position it has.
    Pages,
    /// A snapshot, then the entries after it; replaces everything in the database.
    Snapshot,
}

/// One chain that has moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChainFetch {
    pub audience: AudienceId,
    pub kind: AudienceKind,
    pub from: ChainPosition,
    /// Exactly the position that the head lists.
    pub to: ChainPosition,
    pub route: Route,
}

/// What a run has to do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SyncPlan {
    pub chains: Vec<ChainFetch>,
    /// Audiences whose newest class key is not here.
    pub keys: Vec<AudienceId>,
    /// Audiences with entries that were kept sealed though their key is here: an app that ended between the two.
    pub unseal: Vec<AudienceId>,
    /// Audiences that are listed no longer and not locked yet.
    pub ended: Vec<AudienceId>,
}

impl SyncPlan {
    /// Whether chains, keys, databases and audiences are as the head says. The head itself is kept in any case.
    #[must_use]
    pub fn is_nothing_new(&self) -> bool {
        self.chains.is_empty()
            && self.keys.is_empty()
            && self.unseal.is_empty()
            && self.ended.is_empty()
    }
}

/// Why a verified head contradicts what lies here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    /// A database is further than the head, in one generation.
    #[error("a chain became shorter than what this device has")]
    SeqTooLow,
    /// A database stands at the same number with another hash.
    #[error("a chain has another history than what this device has")]
    Fork,
}

/// Plans a run.
///
/// * `head` – verified, and checked against the high-water marks.
///
/// Errors: [`PlanError`] if a database stands beyond the head or on another branch; after a change of generation the
/// database is fetched anew instead.
pub fn plan(local: &LocalState, head: &DeviceHead) -> Result<SyncPlan, PlanError> {
    // Without a known generation (paired anew) what lies here may be of an older one.
    let restored = local.generation.is_none_or(|known| head.generation > known);
    let mut planned = SyncPlan::default();
    for listed in &head.audiences {
        // Listed, but its lease is over: nothing more is fetched that could not be read.
        if listed
            .readable_until_ms
            .is_some_and(|until| local.time_ms.max(head.issued_at_ms) > until)
        {
            continue;
        }
        // What the newest head did not list may be of an older generation still: the marks of heads judge it, not its position.
        let is_new = !was_listed(local, &listed.id);
        if let Some(fetch) = plan_chain(local, listed, restored || is_new)? {
            planned.chains.push(fetch);
        }
        if !local
            .epochs
            .get(&listed.id)
            .is_some_and(|held| held.contains(&listed.key_epoch))
        {
            planned.keys.push(listed.id);
        }
        if has_openable(local, &listed.id) {
            planned.unseal.push(listed.id);
        }
    }
    // The public chain first: what becomes public leaves a closed database later, and is never missing in between.
    planned
        .chains
        .sort_by_key(|fetch| (fetch.kind != AudienceKind::Public, fetch.audience));
    planned.ended = ended(local, head);
    Ok(planned)
}

fn has_openable(local: &LocalState, audience: &AudienceId) -> bool {
    let held = local.epochs.get(audience);
    let sealed = local.sealed.get(audience);
    held.zip(sealed)
        .is_some_and(|(held, sealed)| !held.is_disjoint(sealed))
}

fn was_listed(local: &LocalState, audience: &AudienceId) -> bool {
    let mut known = local.known.iter();
    known.any(|row| row.audience == *audience && row.locked_at_ms.is_none())
}

fn plan_chain(
    local: &LocalState,
    listed: &AudienceHead,
    restored: bool,
) -> Result<Option<ChainFetch>, PlanError> {
    let to = listed.position();
    let from = local
        .positions
        .get(&listed.id)
        .copied()
        .unwrap_or(ChainPosition::START);
    if from == to {
        return Ok(None);
    }
    let fetch = |from, route| {
        Ok(Some(ChainFetch {
            audience: listed.id,
            kind: listed.kind,
            from,
            to,
            route,
        }))
    };
    if restored && from != ChainPosition::START {
        return fetch(ChainPosition::START, Route::Snapshot);
    }
    if from.seq > to.seq {
        return Err(PlanError::SeqTooLow);
    }
    if from.seq == to.seq {
        return Err(PlanError::Fork);
    }
    let is_long = from.seq == 0 && to.seq >= SNAPSHOT_FROM_ENTRIES;
    fetch(
        from,
        if is_long {
            Route::Snapshot
        } else {
            Route::Pages
        },
    )
}

/// Known or keyed audiences that the head lists no longer.
fn ended(local: &LocalState, head: &DeviceHead) -> Vec<AudienceId> {
    let settled = |id: &AudienceId| {
        local
            .known
            .iter()
            .any(|row| row.audience == *id && row.locked_at_ms.is_some())
    };
    let known = local.known.iter().map(|row| row.audience);
    let mut ended: Vec<AudienceId> = known
        .chain(local.epochs.keys().copied())
        .filter(|id| head.audience(id).is_none() && !settled(id))
        .collect();
    ended.sort_unstable();
    ended.dedup();
    ended
}

#[cfg(test)]
mod tests;
