//! Border types of the calendar files.

use super::border_type;
use crate::error::DeskError;

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

    pub struct CalendarSubscribeRequest {
        /// Only meetings of organizations the member sits in.
        pub only_mine: bool,
    }

    /// The calendar file that other programs follow.
    pub struct CalendarSubscription {
        pub on: bool,
        pub only_mine: bool,
        /// Where the file lies; while it is off, where it would lie.
        pub path: String,
        /// The same as a `file://` address.
        pub address: String,
        pub event_count: u32,
        /// When the file was last changed.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub written_at_ms: Option<i64>,
        /// Why the file is not up to date; the next synchronisation tries again.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub failure: Option<DeskError>,
    }
}
