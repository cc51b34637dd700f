//! Syncing with the servers of the councils.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use sync::{CancelFlag, SyncConfig, SyncEngine, SyncOutcome};
use sync_protocol::ids::CouncilId;
use tokio::sync::broadcast;

use crate::Desk;
use crate::desk::lock;
use crate::dto::*;
use crate::error::{ErrorCode, Failure};
use crate::event::DeskEvent;
use crate::indexing;
use crate::news;
use crate::query::receipts;
use crate::session::Session;
use crate::subscription;
use crate::sync_run::{RunGuard, SyncRun, border_progress, sync_code};
use crate::{sync_log, times, wishes};

/// Shortest time between two progress events of one phase: the page redraws no faster.
pub(super) const PROGRESS_EVERY: Duration = Duration::from_millis(100);

impl Desk {
    /// Starts a run and returns at once; events tell how it goes on.
    pub(crate) fn sync_start(&self, request: SyncStartRequest) -> Result<Empty, Failure> {
        let session = self.session()?;
        let known = session.vault.keyring().councils().into_iter();
        let mut councils: Vec<CouncilId> = known.map(|record| record.council).collect();
        if let Some(asked) = request.council {
            let asked: CouncilId = asked.parse().map_err(|_| ErrorCode::NotFound)?;
            councils.retain(|council| *council == asked);
        }
        if councils.is_empty() {
            return Err(ErrorCode::NotFound.into());
        }
        let Some((cancel, guard)) = session.sync.begin(&councils)? else {
            return Ok(Empty {});
        };
        // What the run forgets must not be written anew; its end begins to index again.
        session.indexing.cancel();
        let runtime = self.runtime()?;
        runtime.spawn(self.run(session, cancel, guard));
        Ok(Empty {})
    }

    /// One council after another. A council whose turn ends badly does not keep the others waiting.
    fn run(
        &self,
        session: Arc<Session>,
        cancel: CancelFlag,
        guard: RunGuard,
    ) -> impl Future<Output = ()> + Send + use<> {
        let (events, clock, speech) = (
            self.event_sender(),
            Arc::clone(&self.config.clock),
            self.speech(),
        );
        let engine = SyncEngine::new(self.sync_config());
        let reader = self.started_reader();
        let runtime = self.runtime().map(|runtime| runtime.handle().clone());
        let tools = self.index_tools();
        let around = self.surroundings();
        async move {
            let runs = Arc::clone(&session.sync);
            let mut turn = runs.next();
            // The session and what it takes to end the run, until the last turn.
            let mut held = Some((session, guard, tools));
            while let (Some(council), Some((session, ..))) = (turn, &held) {
                let name = council.to_string();
                let report = reporter(&name, &runs, &events);
                session.close_stores();
                let began_at_ms = clock();
                let result = match wishes::of_council(&session.notes, council, began_at_ms) {
                    Ok(wishes) => engine
                        .run_wishing(&session.vault, council, wishes, report, cancel.clone())
                        .await
                        .map_err(|error| sync_code(&error)),
                    Err(failure) => Err(failure.code),
                };
                let logged = sync_log::note(
                    &session.notes,
                    council,
                    (began_at_ms, clock()),
                    result.as_ref().map_err(|code| *code),
                );
                let (changed, error) = match &result {
                    Ok(outcome) => {
                        let noted = news::synchronised(&session.notes, council, clock());
                        // What was freed while files were still coming.
                        let freed = wishes::apply(session, council, clock());
                        let noted = noted.and(logged).map_err(Failure::from);
                        (has_changed(outcome), noted.and(freed.map(drop)).err())
                    }
                    // What was complete before the failure stays.
                    Err(code) => (true, Some(Failure::from(*code))),
                };
                session.forget_facts();
                let ended = session.documents.take_ended(&session.vault, clock());
                for doc in ended {
                    // A reader that has stopped holds no document either.
                    let _ = reader.as_ref().map(|reader| reader.close(doc));
                }
                subscription::refresh_apart(session, around.clone()).await;
                runs.finish(council, error.as_ref().map(|failure| failure.code));
                turn = runs.next();
                if turn.is_none()
                    && let Some((session, guard, tools)) = held.take()
                {
                    if let Ok(runtime) = &runtime {
                        indexing::start(runtime, &session, tools);
                    }
                    // Whoever waits for the end may close the vault: let go of it first.
                    drop(session);
                    drop(guard);
                }
                let error = error.map(|failure| failure.speak(speech));
                // Nobody listening is no failure.
                let _ = events.send(DeskEvent::SyncFinished {
                    council: name,
                    ok: error.is_none(),
                    changed,
                    more: turn.is_some(),
                    error,
                });
            }
        }
    }

    pub(crate) fn sync_config(&self) -> SyncConfig {
        SyncConfig {
            clock: Arc::clone(&self.config.clock),
            ..SyncConfig::default()
        }
    }

    pub(crate) fn sync_cancel(&self, _: Empty) -> Result<Empty, Failure> {
        self.session()?.sync.cancel();
        Ok(Empty {})
    }

    pub(crate) fn sync_status(&self, request: SyncStatusRequest) -> Result<SyncStatus, Failure> {
        let (session, now_ms) = (self.session()?, self.now_ms());
        let (mut all, mut last_errors) = (Vec::new(), Vec::new());
        let mut stands = Vec::new();
        for council in session.councils(now_ms)?.iter() {
            let id = council.record.council;
            if request
                .council
                .as_ref()
                .is_some_and(|asked| *asked != id.to_string())
            {
                continue;
            }
            stands.push(council.record.last_sync_at_ms);
            last_errors.extend(session.sync.last_error(id));
            all.extend(receipts(council)?);
        }
        all.sort_by_key(|receipt| std::cmp::Reverse(receipt.at_ms));
        // Of several councils the one that lies furthest back: no more is true of all of them.
        let last_sync_at_ms = stands.into_iter().min().flatten();
        Ok(SyncStatus {
            running: session.sync.is_running(),
            progress: session.sync.progress(),
            last_sync_at_ms,
            stand_text: times::stand_text(last_sync_at_ms, now_ms, self.speech()),
            offline: last_errors.contains(&ErrorCode::Offline),
            last_error: last_errors.first().map(|code| self.spoken(&(*code).into())),
            receipts: all,
        })
    }
}

/// Tells the progress of a council's turn, each phase at once, files no more often than the page redraws.
fn reporter(
    council: &str,
    runs: &Arc<SyncRun>,
    events: &broadcast::Sender<DeskEvent>,
) -> impl Fn(sync::SyncProgress) + Send + Sync + 'static {
    let (council, runs, events) = (council.to_owned(), Arc::clone(runs), events.clone());
    let last: Mutex<Option<(SyncPhase, Instant)>> = Mutex::new(None);
    move |progress| {
        let progress = border_progress(&council, progress);
        runs.set_progress(progress.clone());
        let mut last = lock(&last);
        let is_due = last
            .is_none_or(|(phase, at)| phase != progress.phase || at.elapsed() >= PROGRESS_EVERY);
        if is_due {
            *last = Some((progress.phase, Instant::now()));
            // Nobody listening is no failure.
            let _ = events.send(DeskEvent::SyncProgress { progress });
        }
    }
}

/// Whether anything is different from before.
fn has_changed(outcome: &SyncOutcome) -> bool {
    outcome.objects_changed > 0
        || outcome.files_fetched > 0
        || outcome.freed.files > 0
        || !outcome.ended.is_empty()
        || !outcome.forgotten.is_empty()
        || outcome.receipts_sent > 0
}
