//! Letting the server keep a snapshot of a space, so that whoever comes in needs seconds. A full space takes a while to be gathered,
//! merged and sent: the space is held for a slice at a time, for the merging not at all, and the exchange goes on beside it.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use faction::{Gathered, Space};
use sync_protocol::faction::wire::PlacedSnapshot;

use super::joining::is_passing;
use super::{Factions, HeldSpace};
use crate::error::Failure;

/// Envelopes beyond the last snapshot from which on a new one is worth making.
const SNAPSHOT_AFTER: u64 = 400;
/// So many later for each device that has been there for longer, so that not all that are online make the same one; and the most of
/// such devices, so that a snapshot is made also if those are away.
const LATER_EACH: u64 = 20;
const MOST_BEFORE: usize = 20;

/// Envelopes beyond the last snapshot from which on this device makes a new one.
fn due_after(space: &Space) -> u64 {
    let before = space.tablets_before().min(MOST_BEFORE);
    SNAPSHOT_AFTER.saturating_add(LATER_EACH.saturating_mul(before as u64))
}

impl Factions {
    /// Lets the server keep a snapshot if one is due, in the background.
    ///
    /// `snapshot_upto`: place in the server's order that its snapshot reaches.
    pub(super) fn offer_snapshot(self: &Arc<Self>, held: &Arc<HeldSpace>, snapshot_upto: u64) {
        if held.is_snapshot_made.swap(true, Ordering::AcqRel) {
            return;
        }
        let (factions, held) = (Arc::clone(self), Arc::clone(held));
        self.spawn(async move {
            // What is wrong with the network or the device the exchange runs into itself, and tells; a space that has grown too large
            // for a snapshot works without one, and newcomers begin with its envelopes.
            if let Err(failure) = factions.keep_snapshot(&held, snapshot_upto).await
                && !is_passing(failure.code)
            {
                let reached = factions.on(&held, |space| space.fetched()).await;
                let reached = reached.unwrap_or(snapshot_upto);
                held.snapshot_tried.store(reached, Ordering::Relaxed);
            }
            held.is_snapshot_made.store(false, Ordering::Release);
        });
    }

    async fn keep_snapshot(
        &self,
        held: &Arc<HeldSpace>,
        snapshot_upto: u64,
    ) -> Result<(), Failure> {
        let reached = snapshot_upto.max(held.snapshot_tried.load(Ordering::Relaxed));
        let begun = self.on(held, move |space| {
            let is_due = space.fetched()? >= reached.saturating_add(due_after(space));
            if !is_due
                || space.is_removed()
                || space.roster().is_rotation_due()
                || !space.holds_newest_seed()?
            {
                return Ok(None);
            }
            space.begin_snapshot().map(Some)
        });
        let Some(mut draft) = begun.await? else {
            return Ok(());
        };
        loop {
            let gathered = self.on(held, move |space| {
                let gathered = draft.gather(space)?;
                Ok((draft, gathered))
            });
            let (back, gathered) = gathered.await?;
            draft = back;
            match gathered {
                Gathered::More => {}
                Gathered::All => break,
                // With the next exchange.
                Gathered::Outdated => return Ok(()),
            }
        }
        let upto = draft.upto();
        let snapshot = self.away(move || draft.make()).await?;
        let placed = PlacedSnapshot { upto, snapshot };
        // Somebody else's that reaches as far serves as well.
        self.client(held.council)?
            .keep_snapshot(&held.faction, &placed)
            .await?;
        Ok(())
    }
}
