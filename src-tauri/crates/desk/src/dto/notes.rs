//! Border types of the view of all own notes.

use super::{MarkKind, Quote, StampName, Target, border_choice, border_type};

border_choice! {
    /// Whether what a note stands on can be opened.
    pub enum Presence {
        Here,
        /// Known, but its file has not arrived yet.
        Awaited,
        /// Not on this device any more, or its access has ended.
        Gone,
    }
}

border_type! {
    /// All notes, highlights and ink of all councils, with what filters and groups them.
    pub struct NotesOverview {
        /// Changed last first.
        pub notes: Vec<NoteRow>,
        /// The meetings that notes belong to, latest first.
        pub meetings: Vec<NoteMeeting>,
        /// The organizations of those meetings, by name.
        pub committees: Vec<NoteCommittee>,
    }

    pub struct NoteRow {
        pub council_id: String,
        pub id: String,
        /// The marks it consists of, its own id among them: several are strokes written in one go.
        pub mark_ids: Vec<String>,
        pub kind: MarkKind,
        pub target: Target,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub color: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub stamp: Option<StampName>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub text: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub quote: Option<Quote>,
        /// There is a quotation, but access to its document has ended.
        pub quote_locked: bool,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub ink: Option<InkSketch>,
        pub created_at_ms: i64,
        pub updated_at_ms: i64,
        /// Stands on something public; what is gone may have been nonpublic and counts as such.
        pub public: bool,
        pub presence: Presence,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub meeting_id: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub agenda_item_id: Option<String>,
        /// What it stands on: "TOP 5 · 2026/184".
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub label: Option<String>,
        /// Name of the file, where it is not the main file of its paper.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub annex: Option<String>,
        /// 0-based.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub page: Option<u32>,
        /// Its turn in the order of the agenda, then of the pages: 0 is first. Compares notes of one meeting.
        pub place_rank: u32,
        /// The agenda item that the member came from when it was made.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub made_at_item: Option<String>,
        /// Where it was made, when that was at another agenda item than the one it is shown at.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub origin: Option<NoteOrigin>,
        /// The revision of the file it was made on, when there is a newer one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub old_revision: Option<u32>,
        /// Came with the file, from another program.
        pub imported: bool,
    }

    /// The agenda item that a note was made at.
    pub struct NoteOrigin {
        pub meeting_id: String,
        pub agenda_item_id: String,
        /// Whoever met there, by short names.
        pub committee: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub start_at_ms: Option<i64>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub number: Option<String>,
        pub public: bool,
    }

    /// Handwriting or a form, small enough for a list: not every point of it.
    pub struct InkSketch {
        /// Width and height of what was written, tenths of a PDF point.
        pub size: [u32; 2],
        pub width_pt: f32,
        /// Strokes of points x, y from the upper left, tenths of a PDF point: whole numbers are short on their way.
        pub strokes: Vec<Vec<[u32; 2]>>,
    }

    pub struct NoteMeeting {
        pub council_id: String,
        pub id: String,
        pub name: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub start_at_ms: Option<i64>,
        pub committee_ids: Vec<String>,
    }

    pub struct NoteCommittee {
        pub council_id: String,
        pub id: String,
        pub name: String,
    }

    pub struct MarkRestoreRequest {
        pub id: String,
    }
}
