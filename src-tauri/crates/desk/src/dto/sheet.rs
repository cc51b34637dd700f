//! Border types of the speaking sheet: one meeting's agenda with what the member noted for it.

use super::{NoteRow, StampName, Vote, border_type};

border_type! {
    pub struct SpeakingSheetRequest {
        pub meeting_id: String,
        /// Without it nothing nonpublic is in the answer, not even the name of an item.
        pub include_nonpublic: bool,
        /// The agenda items to show; absent: those with anything of the member's own.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub items: Option<Vec<String>>,
    }

    pub struct SpeakingSheet {
        pub meeting_id: String,
        pub council_name: String,
        /// Absent where the meeting itself is nonpublic and nothing nonpublic is asked for.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub meeting_name: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub start_at_ms: Option<i64>,
        /// Nothing nonpublic is in it: it may lie on the table.
        pub public: bool,
        /// What can be chosen, in the order of the agenda.
        pub agenda: Vec<SheetChoice>,
        /// Notes on the meeting itself.
        pub notes: Vec<NoteRow>,
        /// The chosen items, in the order of the agenda.
        pub items: Vec<SheetItem>,
        /// Nonpublic items with something of the member's own, and nonpublic notes at public items, that were left out.
        pub left_out: u32,
    }

    pub struct SheetChoice {
        pub id: String,
        pub number: String,
        pub name: String,
        pub public: bool,
        /// Whether the member noted anything there that would show.
        pub has_own: bool,
        pub chosen: bool,
    }

    pub struct SheetItem {
        pub id: String,
        pub number: String,
        pub name: String,
        pub public: bool,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub paper_reference: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub role: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub tally: Option<Vote>,
        /// Stamps on the item itself, oldest first.
        pub stamps: Vec<StampName>,
        /// Words, marked words, stamps and handwriting; forms mean nothing away from their page.
        pub notes: Vec<NoteRow>,
    }
}
