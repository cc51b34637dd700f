//! Border types of syncing with the council's server.

use super::{border_choice, border_type};
use crate::error::DeskError;

border_choice! {
    pub enum SyncPhase {
        Contacting,
        Chains,
        Files,
        Done,
    }
}

border_type! {
    pub struct SyncStartRequest {
        /// One council, or all of them, one after another, when absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub council: Option<String>,
    }

    pub struct SyncStatusRequest {
        /// One council, or all of them when absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub council: Option<String>,
    }

    pub struct SyncProgress {
        pub council: String,
        pub phase: SyncPhase,
        pub files_done: u32,
        pub files_total: u32,
        pub bytes_done: u64,
        pub bytes_total: u64,
        /// Name of the meeting whose files are being fetched.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub current_meeting: Option<String>,
    }

    pub struct SyncStatus {
        pub running: bool,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub progress: Option<SyncProgress>,
        /// Of several councils the one that lies furthest back.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub last_sync_at_ms: Option<i64>,
        /// "14:05" of today, else the date; "–" before the first sync.
        pub stand_text: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub last_error: Option<DeskError>,
        /// The last run of a council did not reach its server.
        pub offline: bool,
        /// Receipts of delivery that this device has signed, newest first.
        pub receipts: Vec<ReceiptInfo>,
    }

    /// Proof that an invitation lay readable on this device; never that it was read.
    pub struct ReceiptInfo {
        pub meeting_id: String,
        pub meeting_name: String,
        pub invitation_revision: u32,
        pub at_ms: i64,
        /// When the server took it in; absent until then.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub server_at_ms: Option<i64>,
    }
}
