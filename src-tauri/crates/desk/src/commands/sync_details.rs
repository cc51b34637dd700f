//! How synchronising went with each council, and what is still missing.

use crate::Desk;
use crate::dto::*;
use crate::error::Failure;
use crate::query::{Shelf, sync_council};
use crate::sync_log;

impl Desk {
    pub(crate) fn sync_details(&self, _: Empty) -> Result<SyncDetails, Failure> {
        let (session, now_ms) = (self.session()?, self.now_ms());
        let number = |count: u64| u32::try_from(count).unwrap_or(u32::MAX);
        let mut councils = Vec::new();
        for council in session.councils(now_ms)?.iter() {
            let shelf = Shelf::read(&session.vault, &session.notes, council, now_ms)?;
            let runs = session.notes.sync_runs(council.record.council)?.into_iter();
            let runs = runs.map(|run| SyncRunInfo {
                began_at_ms: run.began_at_ms,
                ended_at_ms: run.ended_at_ms,
                error: run.error.map(|name| self.spoken(&sync_log::failure(&name))),
                objects_changed: number(run.objects_changed),
                files_fetched: number(run.files_fetched),
                files_failed: number(run.files_failed),
            });
            let runs = runs.collect();
            councils.push(sync_council(council, &shelf, &session.notes, runs)?);
        }
        Ok(SyncDetails { councils })
    }
}
