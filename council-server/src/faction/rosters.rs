//! Rosters in memory: each link is verified once, not with every request. What is kept counts only if it ends where the tables end.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rusqlite::Connection;
use sync_protocol::faction::link::SignedLink;
use sync_protocol::faction::roster::{Roster, RosterError};
use sync_protocol::ids::FactionId;

use crate::error::ServerError;
use crate::store::faction::rosters as rows;
use crate::store::faction::spaces::SpaceRow;

/// Most rosters kept; one of 120 devices takes about 300 KB.
const MAX_KEPT: usize = 64;

/// Verified rosters by space.
#[derive(Debug, Default)]
pub(crate) struct Rosters {
    kept: Mutex<HashMap<FactionId, Arc<Roster>>>,
}

impl Rosters {
    /// The roster of a space as the tables have it.
    pub(super) fn of(&self, c: &Connection, space: &SpaceRow) -> Result<Arc<Roster>, ServerError> {
        let kept = self.lock().get(&space.id).cloned();
        if let Some(roster) = kept
            && roster.head().hash == space.head_hash
        {
            return Ok(roster);
        }
        let roster = verify(c, space)?;
        let roster = Arc::new(roster);
        self.keep(Arc::clone(&roster));
        Ok(roster)
    }

    /// Keeps a roster whose links the tables have.
    pub(super) fn keep(&self, roster: Arc<Roster>) {
        let mut kept = self.lock();
        if kept.len() >= MAX_KEPT && !kept.contains_key(&roster.faction()) {
            kept.clear();
        }
        kept.insert(roster.faction(), roster);
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<FactionId, Arc<Roster>>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn verify(c: &Connection, space: &SpaceRow) -> Result<Roster, ServerError> {
    let links: Vec<SignedLink> = rows::links_after(c, space.number, 0, usize::MAX)?;
    let roster = Roster::verify(&links, Some(&space.id)).map_err(ServerError::DamagedRoster)?;
    if roster.head().hash == space.head_hash {
        Ok(roster)
    } else {
        Err(ServerError::DamagedRoster(RosterError::Fork))
    }
}
