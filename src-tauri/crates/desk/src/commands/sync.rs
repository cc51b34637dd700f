//! Pairing with a council and syncing with its server.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use sync::{CancelFlag, PairRequest, SyncConfig, SyncEngine};
use sync_protocol::ids::CouncilId;

use crate::Desk;
use crate::desk::lock;
use crate::dto::*;
use crate::error::{ErrorCode, Failure};
use crate::event::DeskEvent;
use crate::indexing;
use crate::news;
use crate::session::Session;
use crate::sync_run::{RunGuard, border_progress, sync_code};
use crate::times;

/// Shortest time between two progress events of one phase: the page redraws no faster.
const PROGRESS_EVERY: Duration = Duration::from_millis(100);

impl Desk {
    pub(crate) fn council_pair(
        &self,
        request: CouncilPairRequest,
    ) -> Result<CouncilPaired, Failure> {
        let session = self.session()?;
        let asked = PairRequest {
            address: request.address,
            code: request.code.expose().to_owned(),
        };
        let paired =
            self.runtime()?
                .block_on(sync::pair(&session.vault, &asked, &self.sync_config()))?;
        Ok(CouncilPaired {
            council: paired.council.to_string(),
            council_name: paired.council_name,
            person_name: paired.person_name,
            confirm_words: paired
                .confirm_words
                .iter()
                .map(|word| (*word).to_owned())
                .collect(),
        })
    }

    /// Starts a run and returns at once; events tell how it goes on.
    pub(crate) fn sync_start(&self, request: SyncStartRequest) -> Result<Empty, Failure> {
        let session = self.session()?;
        let council: CouncilId = request.council.parse().map_err(|_| ErrorCode::NotFound)?;
        session
            .vault
            .keyring()
            .council(council)
            .ok_or(ErrorCode::NotFound)?;
        let (cancel, guard) = session.sync.begin()?;
        // What the run forgets must not be written anew; its end begins to index again.
        session.indexing.cancel();
        let runtime = self.runtime()?;
        runtime.spawn(self.run(session, council, cancel, guard));
        Ok(Empty {})
    }

    fn run(
        &self,
        session: Arc<Session>,
        council: CouncilId,
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
        async move {
            let name = council.to_string();
            let runs = Arc::clone(&session.sync);
            let last: Mutex<Option<(SyncPhase, Instant)>> = Mutex::new(None);
            let report = |progress: sync::SyncProgress| {
                let progress = border_progress(&name, progress);
                runs.set_progress(progress.clone());
                let mut last = lock(&last);
                let is_due = last.is_none_or(|(phase, at)| {
                    phase != progress.phase || at.elapsed() >= PROGRESS_EVERY
                });
                if is_due {
                    *last = Some((progress.phase, Instant::now()));
                    // Nobody listening is no failure.
                    let _ = events.send(DeskEvent::SyncProgress { progress });
                }
            };
            session.close_stores();
            let result = engine.run(&session.vault, council, report, cancel).await;
            let (changed, error) = match &result {
                Ok(outcome) => {
                    let noted = news::synchronised(&session.notes, council, clock());
                    let changed = outcome.objects_changed > 0
                        || outcome.files_fetched > 0
                        || !outcome.ended.is_empty()
                        || !outcome.forgotten.is_empty()
                        || outcome.receipts_sent > 0;
                    (changed, noted.err().map(Failure::from))
                }
                // What was complete before the failure stays.
                Err(error) => (true, Some(Failure::from(sync_code(error)))),
            };
            session.forget_facts();
            let ended = session.documents.take_ended(&session.vault, clock());
            for doc in ended {
                // A reader that has stopped holds no document either.
                let _ = reader.as_ref().map(|reader| reader.close(doc));
            }
            runs.finish(error.as_ref().map(|failure| failure.code));
            if let Ok(runtime) = runtime {
                indexing::start(&runtime, &session, tools);
            }
            // Whoever waits for the end may close the vault: let go of it first.
            drop(session);
            drop(guard);
            let error = error.map(|failure| failure.speak(speech));
            let _ = events.send(DeskEvent::SyncFinished {
                council: name,
                ok: error.is_none(),
                changed,
                error,
            });
        }
    }

    fn sync_config(&self) -> SyncConfig {
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
        let mut receipts = Vec::new();
        let mut last_sync_at_ms = None;
        for council in session.councils(now_ms)?.iter() {
            if request
                .council
                .as_ref()
                .is_some_and(|asked| *asked != council.record.council.to_string())
            {
                continue;
            }
            last_sync_at_ms = last_sync_at_ms.max(council.record.last_sync_at_ms);
            for receipt in council.store.receipts()? {
                let meeting = council.store.meeting(receipt.meeting)?;
                receipts.push(ReceiptInfo {
                    meeting_id: receipt.meeting.to_string(),
                    meeting_name: meeting.map(|held| held.object.name).unwrap_or_default(),
                    invitation_revision: receipt.invitation_revision,
                    at_ms: receipt.made_at_ms,
                    server_at_ms: receipt.server_at_ms,
                });
            }
        }
        receipts.sort_by_key(|receipt| std::cmp::Reverse(receipt.at_ms));
        let last_error = session.sync.last_error();
        Ok(SyncStatus {
            running: session.sync.is_running(),
            progress: session.sync.progress(),
            last_sync_at_ms,
            stand_text: times::stand_text(last_sync_at_ms, now_ms, self.speech()),
            offline: last_error == Some(ErrorCode::Offline),
            last_error: last_error.map(|code| self.spoken(&code.into())),
            receipts,
        })
    }
}
