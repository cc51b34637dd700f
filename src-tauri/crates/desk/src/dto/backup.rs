//! Border types of the backup of one's own notes.

use super::{Secret, border_type};

border_type! {
    /// How the backup stands.
    pub struct BackupState {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub last_at_ms: Option<i64>,
        /// Notes and marks made or changed since.
        pub newer: u32,
        /// It is time for one: the last is older than thirty days, there is something new, and nobody said "later" since.
        pub due: bool,
        /// The folder for downloads.
        pub folder: String,
        /// Nothing was ever written on this tablet.
        pub untouched: bool,
    }

    pub struct BackupMade {
        /// Where it lies.
        pub path: String,
        /// Opens it; the same for all backups of these notes. Groups separated by dashes.
        pub code: Secret,
    }

    /// The backups in the folder for downloads, the newest first.
    pub struct BackupList {
        pub files: Vec<BackupFile>,
        pub folder: String,
    }

    pub struct BackupFile {
        pub name: String,
        pub bytes: u64,
        /// When the file was changed last.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub at_ms: Option<i64>,
    }

    pub struct BackupRestoreRequest {
        /// One of the list.
        pub name: String,
        pub code: Secret,
        /// Although there are notes on this tablet: they give way, and their file is kept.
        #[serde(default)]
        pub replace: bool,
    }

    pub struct BackupRestored {
        /// How many notes and marks came back.
        pub notes: u32,
        pub made_at_ms: i64,
    }
}
