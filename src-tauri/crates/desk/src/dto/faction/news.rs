//! What is new in a space, its tasks, its sheet of a meeting.

use crate::dto::{FactionPerson, FactionPosition, FactionTask, Target, border_choice, border_type};

border_choice! {
    pub enum FactionEntryKind {
        Share,
        Message,
        Position,
        Task,
        /// About something nonpublic that this device may not read.
        Closed,
    }
}

border_type! {
    pub struct FactionNewsRequest {
        pub faction_id: String,
        /// Only what is new since the owner has last looked.
        pub new_only: bool,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub meeting_id: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub user_id: Option<String>,
        /// A word with # in the text, without the sign.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub tag: Option<String>,
    }

    pub struct FactionNews {
        /// Latest first.
        pub entries: Vec<FactionEntry>,
        pub people: Vec<FactionPerson>,
        /// Meetings that entries belong to.
        pub meetings: Vec<FactionMeeting>,
        /// All tags, by name.
        pub tags: Vec<String>,
    }

    pub struct FactionMeeting {
        pub id: String,
        pub name: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub start_at_ms: Option<i64>,
    }

    pub struct FactionEntry {
        pub kind: FactionEntryKind,
        pub item_id: String,
        pub author_id: String,
        pub at_ms: i64,
        /// Its beginning.
        pub text: String,
        pub new: bool,
        /// The owner is mentioned.
        pub mentions_me: bool,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub target: Option<Target>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub label: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub meeting_id: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub agenda_item_id: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub file_id: Option<String>,
        /// 0-based.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub page: Option<u32>,
    }

    pub struct FactionTasks {
        /// Open ones by day, then done ones.
        pub tasks: Vec<FactionTask>,
        pub people: Vec<FactionPerson>,
    }

    pub struct FactionSheetRequest {
        pub faction_id: String,
        pub meeting_id: String,
        /// Without it nothing nonpublic is in the answer, not even the name of an item.
        pub include_nonpublic: bool,
    }

    /// The faction's agenda: positions, who speaks, what is to be done.
    pub struct FactionSheet {
        pub faction_name: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub meeting_name: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub start_at_ms: Option<i64>,
        pub public: bool,
        pub items: Vec<FactionSheetItem>,
        /// Open tasks of the meeting itself.
        pub tasks: Vec<FactionTask>,
        pub people: Vec<FactionPerson>,
        pub left_out: u32,
    }

    pub struct FactionSheetItem {
        pub id: String,
        pub number: String,
        pub name: String,
        pub public: bool,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub position: Option<FactionPosition>,
        pub tasks: Vec<FactionTask>,
        pub message_count: u32,
    }

    /// Something was put into the folder for downloads.
    pub struct FactionSaved {
        pub path: String,
    }
}
