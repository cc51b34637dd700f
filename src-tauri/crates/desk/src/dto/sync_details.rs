//! Border types of how synchronising went and what is still missing.

use super::{ReceiptInfo, border_choice, border_type};
use crate::error::DeskError;

border_choice! {
    /// Why a file was not to be had.
    pub enum MissingReason {
        /// The server does not give it out any more.
        Gone,
        /// What came was not what was announced.
        Damaged,
    }
}

border_type! {
    pub struct SyncDetails {
        pub councils: Vec<SyncCouncil>,
    }

    pub struct SyncCouncil {
        pub id: String,
        pub name: String,
        /// The server's host name.
        pub host: String,
        pub confirmed: bool,
        pub revoked: bool,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub last_success_at_ms: Option<i64>,
        /// Until when what is not public may be read without asking the server; absent where nothing such lies here.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub nonpublic_until_ms: Option<i64>,
        /// Latest first.
        pub runs: Vec<SyncRunInfo>,
        pub missing_files: u32,
        pub missing_bytes: u64,
        /// Freed by choice or rule; nothing is missing there.
        pub freed_files: u32,
        /// What is missing, by meeting, the most urgent first.
        pub missing: Vec<MissingOfMeeting>,
        /// Latest first.
        pub receipts: Vec<ReceiptInfo>,
    }

    pub struct SyncRunInfo {
        pub began_at_ms: i64,
        pub ended_at_ms: i64,
        /// Absent: it went well.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub error: Option<DeskError>,
        pub objects_changed: u32,
        pub files_fetched: u32,
        pub files_failed: u32,
    }

    pub struct MissingOfMeeting {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub meeting_id: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub meeting_name: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub start_at_ms: Option<i64>,
        pub files: Vec<MissingFileInfo>,
    }

    pub struct MissingFileInfo {
        pub id: String,
        pub name: String,
        pub byte_len: u64,
        pub public: bool,
        /// What the last try said; absent while it was not tried.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub reason: Option<MissingReason>,
    }
}
