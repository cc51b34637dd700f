//! Border types of the member's own notes, highlights and ink.

use super::{MarkPlace, border_choice, border_type};

border_choice! {
    pub enum MarkKind {
        Note,
        Highlight,
        Underline,
        StrikeOut,
        Squiggly,
        Ink,
        /// A highlighter led by hand.
        Brush,
        Rectangle,
        Ellipse,
        Line,
        Arrow,
        /// Words that stand on the page themselves.
        TextBox,
        Stamp,
    }

    pub enum StampName {
        Question,
        Agree,
        Reject,
        FollowUp,
        Done,
    }

    pub enum TargetKind {
        Meeting,
        AgendaItem,
        Paper,
        File,
    }
}

border_type! {
    pub struct Target {
        pub kind: TargetKind,
        pub id: String,
    }

    /// The words a mark stands on, and what surrounds them.
    pub struct Quote {
        pub exact: String,
        pub prefix: String,
        pub suffix: String,
    }

    pub struct Mark {
        pub id: String,
        pub kind: MarkKind,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub file_id: Option<String>,
        pub target: Target,
        /// 0-based.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub page: Option<u32>,
        /// Left, bottom, right, top in PDF points of the unrotated page.
        pub rects: Vec<[f32; 4]>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub color: Option<String>,
        /// Width of the line, or size of the letters of a text box, PDF points.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub width_pt: Option<f32>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub stamp: Option<StampName>,
        /// Strokes of points x, y (PDF points) and pressure (0 to 1). Of a form one stroke: its two corners or ends.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub strokes: Option<Vec<Vec<[f32; 3]>>>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub text: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub quote: Option<Quote>,
        /// There is a quotation, but access to its document has ended.
        pub quote_locked: bool,
        pub created_at_ms: i64,
        pub updated_at_ms: i64,
        /// Stands on something public.
        pub public: bool,
        /// Title of what it stands on; absent when that is not on this device.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub label: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub meeting_id: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub agenda_item_id: Option<String>,
        /// The agenda item that the member came from when it was made; another one than `agenda_item_id` where the
        /// paper was already met elsewhere.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub made_at_item: Option<String>,
        /// Came with the file, from another program.
        pub imported: bool,
    }

    /// A new mark, as the page draws it.
    pub struct MarkDraft {
        pub kind: MarkKind,
        pub target: Target,
        /// 0-based; for marks on a file.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub page: Option<u32>,
        /// Left, bottom, right, top in PDF points of the unrotated page; empty where it stands on no place.
        #[serde(default)]
        pub rects: Vec<[f32; 4]>,
        /// "gelb|gruen|blau|rosa" for highlighters, "blau|rot|gruen|blei" for all else; none for notes and stamps.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub color: Option<String>,
        /// Width of the line, or size of the letters of a text box, PDF points.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub width_pt: Option<f32>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub stamp: Option<StampName>,
        /// Of a form one stroke: its two corners or ends.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub strokes: Option<Vec<Vec<[f32; 3]>>>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub text: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub quote: Option<Quote>,
        /// The agenda item that the member comes from.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub made_at_item: Option<String>,
    }

    pub struct MarkCreateRequest {
        pub mark: MarkDraft,
    }

    pub struct MarkUpdateRequest {
        pub id: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub text: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub color: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub width_pt: Option<f32>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub stamp: Option<StampName>,
        /// All strokes anew; of a form one stroke of its two corners or ends.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub strokes: Option<Vec<Vec<[f32; 3]>>>,
        /// Its place anew, on the same page.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub rects: Option<Vec<[f32; 4]>>,
        /// For a mark of an older version of its file: the page of the version that is here where it is laid.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub onto: Option<MarkPlace>,
        /// This change goes on with the one before, as saving does while someone types: one undo takes back both.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub goes_on: Option<bool>,
    }

    pub struct MarkDeleteRequest {
        pub id: String,
    }

    /// Several changes, all of them or none; one undo takes them back together.
    pub struct MarksChangeRequest {
        pub deeds: Vec<MarkDeed>,
    }

    /// Marks of a file on some pages.
    pub struct MarksPageRequest {
        pub file_id: String,
        /// 0-based.
        pub pages: Vec<u32>,
    }

    /// How many marks there are in a file.
    pub struct MarksCountRequest {
        pub file_id: String,
    }

    pub struct MarksCount {
        /// All of the file.
        pub total: u32,
        /// Pages that have any, by number.
        pub pages: Vec<PageMarksCount>,
    }

    pub struct PageMarksCount {
        /// 0-based.
        pub page: u32,
        pub count: u32,
    }

    /// All notes of a file as a list shows them.
    pub struct FileNotesRequest {
        pub file_id: String,
    }

    /// Undo and redo work per file and outlive a restart.
    pub struct UndoRequest {
        pub file_id: String,
    }

    pub struct UndoResult {
        /// The pages that look different now, 0-based: their marks are to be asked for again.
        pub pages: Vec<u32>,
        pub can_undo: bool,
        pub can_redo: bool,
        /// What was done, for the screen reader; absent when nothing was left to do.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub done: Option<String>,
    }

    pub struct MarksListRequest {
        pub scope: MarkScope,
    }

}

/// One of the changes that are made together.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize, ts_rs::TS)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum MarkDeed {
    Create { mark: MarkDraft },
    Update { change: MarkUpdateRequest },
    Delete { id: String },
    Restore { id: String },
}

/// Which marks are asked for.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize, ts_rs::TS)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum MarkScope {
    All,
    File {
        id: String,
    },
    /// The meeting itself, its agenda items and all their files.
    Meeting {
        id: String,
    },
    /// The agenda item itself and its files.
    AgendaItem {
        id: String,
    },
}
