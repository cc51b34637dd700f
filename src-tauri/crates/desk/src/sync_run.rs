//! The one synchronisation that may run, one council after another: started, told about, cancelled. What it does stands in
//! `sync`.

use std::collections::{HashMap, VecDeque};
use std::sync::Mutex;
use std::time::Duration;

use sync::{CancelFlag, SyncError};
use sync_protocol::ids::CouncilId;
use tokio::runtime::Runtime;
use tokio::sync::watch;

use crate::desk::lock;
use crate::dto::{SyncPhase, SyncProgress};
use crate::error::{ErrorCode, Failure};

/// How long locking waits for a run to notice that it was cancelled. It notices at its next step.
const END_PATIENCE: Duration = Duration::from_secs(10);

/// A run under way.
struct Running {
    cancel: CancelFlag,
    /// Closed when the run has let go of everything.
    ended: watch::Receiver<()>,
    /// Whose turn it is; none before the first.
    council: Option<CouncilId>,
    /// Nothing is put in line behind it.
    is_alone: bool,
    progress: Option<SyncProgress>,
}

#[derive(Default)]
struct State {
    running: Option<Running>,
    /// Whose turn comes next.
    waiting: VecDeque<CouncilId>,
    /// How the last run of each council ended; nothing for a good end.
    last_errors: HashMap<CouncilId, ErrorCode>,
}

impl State {
    /// A run that has let go of everything without its last word is over.
    fn forget_ended(&mut self) {
        let is_over = |running: &Running| running.ended.has_changed().is_err();
        if self.running.as_ref().is_some_and(is_over) {
            self.running = None;
            self.waiting.clear();
        }
    }

    /// * `alone` – whose turn it is, where nothing is put in line.
    fn start(&mut self, alone: Option<CouncilId>) -> (CancelFlag, RunGuard) {
        let (alive, ended) = watch::channel(());
        let cancel = CancelFlag::new();
        self.running = Some(Running {
            cancel: cancel.clone(),
            ended,
            council: alone,
            is_alone: alone.is_some(),
            progress: None,
        });
        (cancel, RunGuard { _alive: alive })
    }
}

/// What is known of the runs of a session.
#[derive(Default)]
pub(crate) struct SyncRun(Mutex<State>);

/// Kept by the run; dropping it says that the run has ended.
pub(crate) struct RunGuard {
    _alive: watch::Sender<()>,
}

impl SyncRun {
    /// Puts councils in line.
    ///
    /// Result: what the run needs, if none is under way yet; one that is takes them in their turn.
    ///
    /// Errors: `sync_running` if each of them is in line already, or the run under way takes no more.
    pub(crate) fn begin(
        &self,
        councils: &[CouncilId],
    ) -> Result<Option<(CancelFlag, RunGuard)>, Failure> {
        let mut state = lock(&self.0);
        state.forget_ended();
        let current = state.running.as_ref().and_then(|running| running.council);
        let takes_no_more = state
            .running
            .as_ref()
            .is_some_and(|running| running.is_alone || running.cancel.is_cancelled());
        let fresh: Vec<CouncilId> = councils
            .iter()
            .copied()
            .filter(|council| current != Some(*council) && !state.waiting.contains(council))
            .collect();
        if takes_no_more || fresh.is_empty() && state.running.is_some() {
            return Err(ErrorCode::SyncRunning.into());
        }
        state.waiting.extend(fresh);
        if state.running.is_some() {
            return Ok(None);
        }
        Ok(Some(state.start(None)))
    }

    /// Takes the place of the one run for something else than a synchronisation; nothing is put in line behind it.
    ///
    /// Errors: `sync_running`.
    pub(crate) fn begin_alone(
        &self,
        council: CouncilId,
    ) -> Result<(CancelFlag, RunGuard), Failure> {
        let mut state = lock(&self.0);
        state.forget_ended();
        if state.running.is_some() {
            return Err(ErrorCode::SyncRunning.into());
        }
        Ok(state.start(Some(council)))
    }

    /// Ends what [`Self::begin_alone`] began.
    pub(crate) fn end_alone(&self) {
        lock(&self.0).running = None;
    }

    /// Whose turn it is; `None` ends the run, also when it was cancelled.
    pub(crate) fn next(&self) -> Option<CouncilId> {
        let mut state = lock(&self.0);
        let is_cancelled = state
            .running
            .as_ref()
            .is_none_or(|running| running.cancel.is_cancelled());
        if is_cancelled {
            state.waiting.clear();
        }
        let next = state.waiting.pop_front();
        match (&mut state.running, next) {
            (Some(running), Some(_)) => {
                running.council = next;
                running.progress = None;
            }
            _ => state.running = None,
        }
        next
    }

    pub(crate) fn set_progress(&self, progress: SyncProgress) {
        if let Some(running) = &mut lock(&self.0).running {
            running.progress = Some(progress);
        }
    }

    /// Notes how a council's turn ended.
    pub(crate) fn finish(&self, council: CouncilId, error: Option<ErrorCode>) {
        let mut state = lock(&self.0);
        match error {
            Some(code) => state.last_errors.insert(council, code),
            None => state.last_errors.remove(&council),
        };
    }

    /// Forgets what was noted of a council.
    pub(crate) fn forget(&self, council: CouncilId) {
        let mut state = lock(&self.0);
        state.last_errors.remove(&council);
        state.waiting.retain(|waiting| *waiting != council);
    }

    pub(crate) fn cancel(&self) {
        if let Some(running) = &lock(&self.0).running {
            running.cancel.cancel();
        }
    }

    /// Waits until the run has let go of the vault, but not for ever.
    pub(crate) fn wait_for_end(&self, runtime: &Runtime) {
        let ended = lock(&self.0)
            .running
            .as_ref()
            .map(|running| running.ended.clone());
        if let Some(mut ended) = ended {
            // An error means that the sender is gone, which is what is waited for.
            runtime.block_on(async {
                let _ = tokio::time::timeout(END_PATIENCE, ended.changed()).await;
            });
        }
    }

    /// Changes when the run under way has let go of everything; `None` if none is.
    pub(crate) fn ended(&self) -> Option<watch::Receiver<()>> {
        lock(&self.0).running.as_ref().map(|run| run.ended.clone())
    }

    pub(crate) fn is_running(&self) -> bool {
        lock(&self.0).running.is_some()
    }

    pub(crate) fn progress(&self) -> Option<SyncProgress> {
        lock(&self.0)
            .running
            .as_ref()
            .and_then(|running| running.progress.clone())
    }

    /// Whether a council's turn is under way or still to come.
    pub(crate) fn is_in_line(&self, council: CouncilId) -> bool {
        let state = lock(&self.0);
        let current = state.running.as_ref().and_then(|running| running.council);
        current == Some(council) || state.waiting.contains(&council)
    }

    /// How a council's last run ended; `None` for a good end, or before the first.
    pub(crate) fn last_error(&self, council: CouncilId) -> Option<ErrorCode> {
        lock(&self.0).last_errors.get(&council).copied()
    }
}

/// Progress in the words of the border.
pub(crate) fn border_progress(council: &str, progress: sync::SyncProgress) -> SyncProgress {
    SyncProgress {
        council: council.to_owned(),
        phase: match progress.phase {
            sync::SyncPhase::Contacting => SyncPhase::Contacting,
            sync::SyncPhase::Chains => SyncPhase::Chains,
            sync::SyncPhase::Files => SyncPhase::Files,
            sync::SyncPhase::Done => SyncPhase::Done,
        },
        files_done: u32::try_from(progress.files_done).unwrap_or(u32::MAX),
        files_total: u32::try_from(progress.files_total).unwrap_or(u32::MAX),
        bytes_done: progress.bytes_done,
        bytes_total: progress.bytes_total,
        current_meeting: progress.current_meeting,
    }
}

/// The border's code for what `sync` says. Its own codes are finer: a refusal by the rules of the protocol is one
/// thing to the member.
pub(crate) fn sync_code(error: &SyncError) -> ErrorCode {
    // A mistyped code is not sent; one that was sent and refused is another matter, though it has the same word.
    if matches!(error, SyncError::Code(_)) {
        return ErrorCode::CodeInvalid;
    }
    match error.code() {
        "cancelled" => ErrorCode::Cancelled,
        "already_running" => ErrorCode::SyncRunning,
        "device_revoked" => ErrorCode::DeviceRevoked,
        "offline" => ErrorCode::Offline,
        "pin_mismatch" | "tls_refused" => ErrorCode::PinMismatch,
        "address_invalid" | "address_not_https" => ErrorCode::AddressInvalid,
        "clock_skew" => ErrorCode::ClockWrong,
        "code_invalid" => ErrorCode::CodeRefused,
        "code_used" => ErrorCode::CodeUsed,
        "code_expired" => ErrorCode::CodeExpired,
        "council_exists" => ErrorCode::CouncilKnown,
        "not_paired" => ErrorCode::NotFound,
        "vault_damaged" => ErrorCode::VaultDamaged,
        "newer_data" => ErrorCode::NewerData,
        "disk_full" => ErrorCode::DiskFull,
        "io" => ErrorCode::StorageFailed,
        "database_damaged" => ErrorCode::CacheDamaged,
        "server_error" | "unauthenticated" | "replayed" | "not_entitled" | "not_found"
        | "too_many_requests" => ErrorCode::ServerError,
        "faction_not_member" => ErrorCode::FactionRemoved,
        "faction_no_room" => ErrorCode::FactionNoRoom,
        "faction_refused" | "faction_conflict" => ErrorCode::FactionServer,
        "internal" => ErrorCode::Internal,
        // Everything else is a rule of the protocol that the server's answer breaks.
        _ => ErrorCode::ServerState,
    }
}

impl From<SyncError> for Failure {
    fn from(error: SyncError) -> Self {
        Self::caused(sync_code(&error), error)
    }
}
