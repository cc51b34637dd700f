//! Spaces that have ended: kept for a while, so that every tablet can still fetch the last words, then deleted. Nothing else
//! deletes a space; one that nobody ended stays, also if none of its devices ever comes again. Source: SPEC F33.

use rusqlite::Connection;
use sync_protocol::faction::link::Change;
use sync_protocol::faction::wire::ENDED_KEPT_DAYS;

use crate::audit;
use crate::clock::DAY_MS;
use crate::error::ServerError;
use crate::server::Server;
use crate::store::StoreError;
use crate::store::faction::rosters;
use crate::store::faction::spaces::{self, SpaceRow};

impl Server {
    /// Deletes spaces that ended more than ninety days ago. Result: how many.
    ///
    /// Errors: storage; a roster that is damaged.
    pub fn forget_ended_spaces(&self) -> Result<usize, ServerError> {
        let inner = &*self.inner;
        let now_at_ms = inner.clock.now_at_ms();
        inner.store.write(|tx| {
            // Of those that ended before this was noted, the time begins now.
            for space in spaces::going_on(tx)? {
                if has_ended(tx, &space)? {
                    spaces::set_ended(tx, space.number, now_at_ms)?;
                }
            }
            let gone = spaces::ended_before(tx, now_at_ms - ENDED_KEPT_DAYS * DAY_MS)?;
            for space in &gone {
                spaces::delete(tx, space.number)?;
            }
            if !gone.is_empty() {
                let count = Some(gone.len());
                audit::note(
                    tx,
                    &inner.keys,
                    now_at_ms,
                    "ended_spaces_deleted",
                    None,
                    count,
                )?;
            }
            Ok(gone.len())
        })
    }
}

/// Whether the last link is the end: after it nothing follows (F10), and what stands there was checked when it was ordered. A link
/// that cannot be read ends nothing.
fn has_ended(c: &Connection, space: &SpaceRow) -> Result<bool, StoreError> {
    let last = rosters::links_after(
        c,
        space.number,
        space.head_seq.saturating_sub(1),
        usize::MAX,
    )?;
    let last = last.last().map(|link| link.read());
    Ok(matches!(last, Some(Ok(link)) if matches!(link.change, Change::Dissolve)))
}
