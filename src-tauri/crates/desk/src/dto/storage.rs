//! Border types of what lies on the device: how large it is, what is kept, freed, loaded again.

use super::{border_choice, border_type};

border_choice! {
    /// Where a file is.
    pub enum StorageState {
        /// Whole on this device.
        Here,
        /// Not on this device, because the member or the rule wants it so.
        Freed,
        /// Not on this device yet: the next synchronisation fetches it.
        Awaited,
    }
}

border_type! {
    /// Everything that lies on the device, by council and meeting.
    pub struct StorageDetails {
        /// The council's files, bytes.
        pub papers_bytes: u64,
        /// The member's own notes and marks, bytes.
        pub notes_bytes: u64,
        /// The search index, bytes.
        pub index_bytes: u64,
        /// Titles, agendas, people, bytes.
        pub lists_bytes: u64,
        /// Room left on the device, bytes; absent where the system does not say.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub free_bytes: Option<u64>,
        pub rule: StorageRule,
        pub councils: Vec<StorageCouncil>,
    }

    /// Which papers leave the device by themselves. Never those of coming meetings, never what is kept.
    pub struct StorageRule {
        /// Papers of meetings older than this, 6, 12 or 24; absent: no rule.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub months: Option<u32>,
        /// Also files with marks of one's own.
        pub with_marked: bool,
    }

    pub struct StorageCouncil {
        pub id: String,
        pub name: String,
        pub files_here: u32,
        pub bytes_here: u64,
        /// Coming ones first, the nearest first; then past ones, the latest first; last what belongs to no meeting.
        pub meetings: Vec<StorageMeeting>,
    }

    pub struct StorageMeeting {
        /// Absent for the files of no meeting.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub id: Option<String>,
        pub name: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub start_at_ms: Option<i64>,
        pub coming: bool,
        pub file_count: u32,
        pub files_here: u32,
        pub files_freed: u32,
        pub files_kept: u32,
        /// Of all its files, bytes.
        pub bytes: u64,
        /// Of those on the device, bytes; what several meetings share is counted with each of them.
        pub bytes_here: u64,
    }

    pub struct StorageFilesRequest {
        pub council: String,
        /// Absent: the files of no meeting.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub meeting: Option<String>,
    }

    pub struct StorageFiles {
        /// In the order of the council's names.
        pub files: Vec<StorageFile>,
    }

    pub struct StorageFile {
        pub id: String,
        pub name: String,
        pub byte_len: u64,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub page_count: Option<u32>,
        pub public: bool,
        pub state: StorageState,
        /// Never freed by the rule nor with others.
        pub kept: bool,
        /// Own notes, marks and ink on it.
        pub note_count: u32,
        /// How many other meetings deal with it too.
        pub other_meetings: u32,
    }

    /// Files, all files of meetings, or all files of meetings that were before a moment.
    pub struct StorageSelection {
        #[serde(default)]
        pub files: Vec<String>,
        #[serde(default)]
        pub meetings: Vec<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub before_ms: Option<i64>,
        /// Only for `before_ms`: one council, or all of them when absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub council: Option<String>,
    }

    /// What would come free.
    pub struct StoragePreview {
        pub files: u32,
        pub bytes: u64,
        /// Left out, because they are kept.
        pub kept: u32,
        /// Left out, because another meeting or file needs them.
        pub needed: u32,
        /// Of those that would go: of coming meetings.
        pub coming: u32,
        /// Of those that would go: with marks of one's own.
        pub marked: u32,
    }

    pub struct StorageFreed {
        pub files: u32,
        pub bytes: u64,
        /// What was freed by choice, to have it again.
        pub file_ids: Vec<String>,
    }

    pub struct StorageKeepRequest {
        #[serde(default)]
        pub files: Vec<String>,
        #[serde(default)]
        pub meetings: Vec<String>,
        pub kept: bool,
    }

    /// Files to have on the device now.
    pub struct FileFetchRequest {
        #[serde(default)]
        pub files: Vec<String>,
        #[serde(default)]
        pub meetings: Vec<String>,
    }

    pub struct FileFetched {
        pub files: u32,
        /// Not to be had; the next synchronisation tries again.
        pub failed: u32,
    }
}
