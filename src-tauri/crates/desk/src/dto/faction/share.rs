//! What is shared from one's own notes: the shares, the preview of what would leave.

use crate::dto::{FactionPerson, MarkKind, StampName, Target, border_choice, border_type};

border_choice! {
    /// What can be shared at once.
    pub enum FactionSourceKind {
        /// Notes or marks by their ids.
        Marks,
        /// All marks of a file.
        File,
    }
}

border_type! {
    pub struct FactionShare {
        /// The space that it was shared in.
        pub faction_id: String,
        pub item_id: String,
        pub author_id: String,
        pub own: bool,
        pub at_ms: i64,
        pub text: String,
        /// Absent for a note.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub mark: Option<FactionMark>,
        pub target: Target,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub label: Option<String>,
        pub unsent: bool,
    }

    /// A shared mark as the reader draws it.
    pub struct FactionMark {
        pub kind: MarkKind,
        pub file_id: String,
        /// 0-based.
        pub page: u32,
        /// Left, bottom, right, top in PDF points of the unrotated page.
        pub rects: Vec<[f32; 4]>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub width_pt: Option<f32>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub stamp: Option<StampName>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub strokes: Option<Vec<Vec<[f32; 3]>>>,
        /// The words it stands on.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub quote: Option<String>,
        /// It was made on another version of the file than the one that is here.
        pub other_version: bool,
    }

    pub struct FactionMarksRequest {
        pub file_id: String,
    }

    /// The layer of a file: what was shared on its pages.
    pub struct FactionMarks {
        pub shares: Vec<FactionShare>,
        pub people: Vec<FactionPerson>,
    }

    pub struct FactionSource {
        pub kind: FactionSourceKind,
        /// Ids of the marks, or the one of the file.
        pub ids: Vec<String>,
    }

    pub struct FactionShareRequest {
        pub faction_id: String,
        pub source: FactionSource,
    }

    /// Exactly what would leave the tablet, and for whom.
    pub struct FactionPreview {
        pub parts: Vec<FactionPreviewPart>,
        /// Names of those who will be able to read it.
        pub readers: Vec<String>,
        /// Something of it stands on a nonpublic paper: of the readers only those who are entitled to it can open that part.
        pub nonpublic: bool,
        /// Were shared before; they are not shared again.
        pub shared_before: u32,
        /// Cannot be shared, as what it stands on is not open here any more.
        pub left_out: u32,
    }

    pub struct FactionPreviewPart {
        pub kind: MarkKind,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub label: Option<String>,
        /// 0-based.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub page: Option<u32>,
        pub text: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub quote: Option<String>,
        pub nonpublic: bool,
    }

    pub struct FactionShared {
        pub count: u32,
        pub item_ids: Vec<String>,
    }

    pub struct FactionItemRequest {
        pub faction_id: String,
        pub item_id: String,
    }
}
