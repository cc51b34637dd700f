//! What desk tells without being asked. The shell forwards each one to the page as `desk-event`.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::dto::SyncProgress;
use crate::error::DeskError;

/// An event, told apart by `type`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(
    tag = "type",
    rename_all = "kebab-case",
    rename_all_fields = "camelCase"
)]
#[ts(optional_fields)]
pub enum DeskEvent {
    SyncProgress {
        progress: SyncProgress,
    },
    SyncFinished {
        council: String,
        ok: bool,
        /// Whether anything is different from before.
        changed: bool,
        /// Another council's turn follows.
        more: bool,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        error: Option<DeskError>,
    },
    /// How far the index is; the last one of a run says `running: false`.
    IndexProgress {
        running: bool,
        files_done: u32,
        files_total: u32,
        /// Something could not be put in; the next run tries again.
        incomplete: bool,
    },
    /// One more paper of what is being taken along is done.
    TakeawayProgress {
        files_done: u32,
        files_total: u32,
        title: String,
    },
    /// Something of a faction space is different from before: its people, what is said there, how its exchange stands.
    FactionChanged {
        /// Absent: which spaces there are, or how joining stands.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        faction: Option<String>,
    },
    /// Nobody has done anything for long: the portfolio will lock unless somebody does.
    LockSoon {
        left_ms: u64,
    },
    VaultLocked,
}
