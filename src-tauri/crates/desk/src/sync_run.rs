//! The one synchronisation that may run: started, told about, cancelled. What it does stands in `sync`.

use std::sync::Mutex;
use std::time::Duration;

use sync::{CancelFlag, SyncError};
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
    progress: Option<SyncProgress>,
}

#[derive(Default)]
struct State {
    running: Option<Running>,
    last_error: Option<ErrorCode>,
}

/// What is known of the runs of a session.
#[derive(Default)]
pub(crate) struct SyncRun(Mutex<State>);

/// Kept by the run; dropping it says that the run has ended.
pub(crate) struct RunGuard {
    _alive: watch::Sender<()>,
}

impl SyncRun {
    /// Takes the place of the one run.
    ///
    /// Errors: `sync_running`.
    pub(crate) fn begin(&self) -> Result<(CancelFlag, RunGuard), Failure> {
        let mut state = lock(&self.0);
        if state.running.is_some() {
            return Err(ErrorCode::SyncRunning.into());
        }
        let (alive, ended) = watch::channel(());
        let cancel = CancelFlag::new();
        state.running = Some(Running {
            cancel: cancel.clone(),
            ended,
            progress: None,
        });
        Ok((cancel, RunGuard { _alive: alive }))
    }

    pub(crate) fn set_progress(&self, progress: SyncProgress) {
        if let Some(running) = &mut lock(&self.0).running {
            running.progress = Some(progress);
        }
    }

    /// Notes the end of the run and how it came.
    pub(crate) fn finish(&self, error: Option<ErrorCode>) {
        let mut state = lock(&self.0);
        state.running = None;
        state.last_error = error;
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

    pub(crate) fn last_error(&self) -> Option<ErrorCode> {
        lock(&self.0).last_error
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
        "pin_mismatch" => ErrorCode::PinMismatch,
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
