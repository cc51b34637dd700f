//! What a running synchronisation tells the one who started it.
//!
//! Numbers and phases only; the one text in it, the meeting whose files come at the moment,
//! is meant for the screen and never for a log.

use sync_protocol::ids::ObjectId;

/// Where a run is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SyncPhase {
    /// Asking for the head.
    Contacting,
    /// Fetching and checking chains, snapshots and key boxes.
    Chains,
    /// Fetching files.
    Files,
    /// Finished.
    Done,
}

/// One progress event. Bytes count ciphertext as it travels; what was there before a resume counts as done.
#[derive(Clone, PartialEq, Eq)]
pub struct SyncProgress {
    pub phase: SyncPhase,
    pub files_done: u64,
    pub files_total: u64,
    pub bytes_done: u64,
    pub bytes_total: u64,
    /// The meeting whose files are being fetched.
    pub current_meeting_id: Option<ObjectId>,
    /// Its name, for the screen.
    pub current_meeting: Option<String>,
}

impl SyncProgress {
    pub(crate) fn phase(phase: SyncPhase) -> Self {
        Self {
            phase,
            files_done: 0,
            files_total: 0,
            bytes_done: 0,
            bytes_total: 0,
            current_meeting_id: None,
            current_meeting: None,
        }
    }
}

impl std::fmt::Debug for SyncProgress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SyncProgress")
            .field("phase", &self.phase)
            .field("files_done", &self.files_done)
            .field("files_total", &self.files_total)
            .field("bytes_done", &self.bytes_done)
            .field("bytes_total", &self.bytes_total)
            .finish_non_exhaustive()
    }
}
