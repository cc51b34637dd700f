//! Border types of reading on: the files before and after one, the files with a tab, hits counted in a file.

use super::{FileKind, border_type};

border_type! {
    pub struct DocumentNeighboursRequest {
        pub file_id: String,
        /// The agenda item that the member reads it under; absent: where the file belongs.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub agenda_item_id: Option<String>,
    }

    /// What is read before and after a file: in its agenda item, then in the items around it.
    pub struct DocumentNeighbours {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub previous: Option<Neighbour>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub next: Option<Neighbour>,
    }

    pub struct Neighbour {
        pub file_id: String,
        pub name: String,
        pub kind: FileKind,
        /// Which attachment of its agenda item, counted from 1.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub attachment: Option<u32>,
        pub public: bool,
        pub present: bool,
        /// The agenda item it stands under; absent for the meeting's own files.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub agenda_item_id: Option<String>,
        /// Another agenda item than the file asked about: its number and name.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub item: Option<NeighbourItem>,
    }

    pub struct NeighbourItem {
        pub number: String,
        pub name: String,
        pub public: bool,
    }

    /// A file that has a tab in the reader.
    pub struct Tab {
        pub file_id: String,
        pub council_id: String,
        pub title: String,
        pub public: bool,
    }

    pub struct TabsSetRequest {
        /// In the order of the tabs.
        pub file_ids: Vec<String>,
    }

    /// What stands side by side in the reader; absent: nothing does.
    pub struct SplitKept {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub split: Option<ReaderSplit>,
    }

    /// Two files side by side, or one file twice.
    pub struct ReaderSplit {
        pub first: SplitLook,
        pub second: SplitLook,
        /// What the first one takes of the room, 0 to 1.
        pub share: f64,
    }

    /// A file as it is read in one of two panes.
    pub struct SplitLook {
        pub file_id: String,
        /// 0-based.
        pub page: u32,
        /// Share of the page above the upper edge of the view, 0 to 1.
        pub offset: f64,
    }

    pub struct DocumentHitsRequest {
        pub doc: String,
        pub text: String,
        /// 0-based; at most 64 in one request.
        pub pages: Vec<u32>,
        /// Also count words that the typed ones may be a slip of.
        #[serde(default)]
        pub slips: bool,
    }

    pub struct DocumentHits {
        /// One number for each of the first pages asked about, in the same order: as many as can be looked at in 20 ms, at least
        /// one of them.
        pub counts: Vec<u32>,
    }
}
