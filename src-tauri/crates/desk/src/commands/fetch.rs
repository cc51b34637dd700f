//! Single files, now: loaded again, or for the first time before their turn. The answer comes when they are here.

use std::collections::HashSet;
use std::sync::{Arc, Mutex};
use std::time::Instant;

use notes::FileWish;
use sync::{CancelFlag, SyncEngine, SyncOutcome};
use sync_protocol::ids::{CouncilId, ObjectId};

use super::storage::{choice, listed};
use super::sync::PROGRESS_EVERY;
use crate::Desk;
use crate::desk::lock;
use crate::dto::*;
use crate::error::{ErrorCode, Failure};
use crate::event::DeskEvent;
use crate::query::Shelf;
use crate::session::Session;
use crate::sync_run::{RunGuard, border_progress, sync_code};

impl Desk {
    /// Wishes files here and fetches them at once. A run that is under way ends first.
    pub(crate) fn file_fetch(&self, request: FileFetchRequest) -> Result<FileFetched, Failure> {
        let (session, now_ms) = (self.session()?, self.now_ms());
        let choice = choice(&request.files, &request.meetings)?;
        let mut due: Vec<(CouncilId, HashSet<ObjectId>)> = Vec::new();
        for council in session.councils(now_ms)?.iter() {
            let shelf = Shelf::read(&session.vault, &session.notes, council, now_ms)?;
            let files = listed(&shelf, &choice);
            let load = Some(FileWish::Load { at_ms: now_ms });
            let wished: Vec<_> = files
                .iter()
                .filter(|file| shelf.is_unwanted(**file))
                .map(|file| (*file, load))
                .collect();
            let missing: HashSet<ObjectId> = files
                .into_iter()
                .filter(|file| shelf.files.get(file).is_some_and(|row| !row.present))
                .collect();
            let id = council.record.council;
            // The wish first: without a network the next synchronisation goes by it.
            session.notes.wishes_set(id, &wished, now_ms)?;
            if !missing.is_empty() {
                due.push((id, missing));
            }
        }
        let mut fetched = FileFetched {
            files: 0,
            failed: 0,
        };
        for (council, files) in due {
            let outcome = self.fetch_of(&session, council, files)?;
            fetched.files += u32::try_from(outcome.files_fetched).unwrap_or(u32::MAX);
            fetched.failed += u32::try_from(outcome.files_failed).unwrap_or(u32::MAX);
        }
        Ok(fetched)
    }

    fn fetch_of(
        &self,
        session: &Arc<Session>,
        council: CouncilId,
        files: HashSet<ObjectId>,
    ) -> Result<SyncOutcome, Failure> {
        let (cancel, guard) = self.turn(session, council)?;
        session.indexing.cancel();
        let result = self.fetch_in_turn(session, council, files, cancel);
        session.forget_facts();
        let error = result.as_ref().err().map(|failure| failure.code);
        session.sync.finish(council, error);
        session.sync.end_alone();
        drop(guard);
        self.index_in_background(session)?;
        self.emit(DeskEvent::SyncFinished {
            council: council.to_string(),
            ok: error.is_none(),
            changed: true,
            more: false,
            error: error.map(|code| self.spoken(&code.into())),
        });
        result
    }

    /// Waits for the run under way.
    ///
    /// Errors: `locked` if the portfolio is closed meanwhile.
    fn turn(
        &self,
        session: &Arc<Session>,
        council: CouncilId,
    ) -> Result<(CancelFlag, RunGuard), Failure> {
        let is_open = || {
            let current = self.session();
            current.is_ok_and(|current| Arc::ptr_eq(&current, session))
        };
        while is_open() {
            let ended = session.sync.ended();
            match session.sync.begin_alone(council) {
                Err(failure) if failure.code == ErrorCode::SyncRunning => {}
                Err(failure) => return Err(failure),
                Ok(turn) if is_open() => return Ok(turn),
                // Closed between the two: whoever closes it waits for this to end.
                Ok(_) => session.sync.end_alone(),
            }
            if let Some(mut ended) = ended {
                // An error means that the sender is gone, which is what is waited for.
                let _ = self.runtime()?.block_on(ended.changed());
            }
        }
        Err(ErrorCode::Locked.into())
    }

    fn fetch_in_turn(
        &self,
        session: &Arc<Session>,
        council: CouncilId,
        files: HashSet<ObjectId>,
        cancel: CancelFlag,
    ) -> Result<SyncOutcome, Failure> {
        let (name, events) = (council.to_string(), self.event_sender());
        let told: Mutex<Option<Instant>> = Mutex::new(None);
        let report = |progress: sync::SyncProgress| {
            let progress = border_progress(&name, progress);
            session.sync.set_progress(progress.clone());
            let mut told = lock(&told);
            let is_end = progress.files_done == progress.files_total;
            if is_end || told.is_none_or(|at| at.elapsed() >= PROGRESS_EVERY) {
                *told = Some(Instant::now());
                // Nobody listening is no failure.
                let _ = events.send(DeskEvent::SyncProgress { progress });
            }
        };
        let engine = SyncEngine::new(self.sync_config());
        self.runtime()?
            .block_on(engine.fetch(&session.vault, council, files, report, cancel))
            .map_err(|error| Failure::caused(sync_code(&error), error))
    }
}
