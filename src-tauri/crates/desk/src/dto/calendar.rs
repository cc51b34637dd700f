//! Border types of the calendar file.

use super::border_type;

border_type! {
    pub struct CalendarExportRequest {
        /// Absent or empty: all meetings on this device.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub meeting_ids: Option<Vec<String>>,
        /// Only those whose organizations the member sits in.
        #[serde(default)]
        pub only_mine: bool,
    }

    /// What would leave the app; nothing has been written yet.
    pub struct CalendarFile {
        /// Wished for; if it is taken, saving adds a number.
        pub file_name: String,
        /// iCalendar (RFC 5545); empty if no meeting is in it.
        pub text: String,
        pub event_count: u32,
    }

    pub struct CalendarSaved {
        /// Where the file lies.
        pub path: String,
        pub event_count: u32,
    }
}
