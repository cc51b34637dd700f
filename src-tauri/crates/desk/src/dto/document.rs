//! Border types of files and open documents. Page images do not pass here: see `page_image`.

use super::{Secret, border_choice, border_type};

border_choice! {
    pub enum FileKind {
        Main,
        Auxiliary,
        Invitation,
        Minutes,
    }
}

border_type! {
    pub struct FileCard {
        pub id: String,
        pub name: String,
        pub kind: FileKind,
        pub revision: u32,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub page_count: Option<u32>,
        pub byte_len: u64,
        /// The file lies on this device, readable without a network.
        pub present: bool,
        pub public: bool,
        /// Name of the nonpublic audience that it reached this device by.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub audience: Option<String>,
        /// Last page seen, 0-based.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub read_to_page: Option<u32>,
        pub note_count: u32,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub change_note: Option<String>,
    }

    pub struct DocumentOpenRequest {
        pub file_id: String,
        /// Only glanced at: that is no visit.
        #[serde(default)]
        pub glance: bool,
    }

    pub struct DocumentOpened {
        /// Handle for `page_text`, `document_close` and the page images.
        pub doc: String,
        pub council_id: String,
        pub file_id: String,
        pub title: String,
        pub public: bool,
        pub revision: u32,
        pub pages: Vec<PageSize>,
        /// Page seen last, 0-based.
        pub last_page: u32,
        /// Share of that page above the upper edge of the view, 0 to 1.
        pub last_offset: f64,
        /// Zoom of the last visit.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub last_zoom: Option<f64>,
        /// Quarter turns to the right of the last visit, 0 to 3.
        pub last_rotation: u32,
        /// At the last visit one page was shown at a time.
        pub last_single: bool,
        pub can_undo: bool,
        pub can_redo: bool,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub meeting_id: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub agenda_item_id: Option<String>,
        /// Short name for a tab, as "TOP 4 · 2026/184".
        pub label: String,
        /// A form of Adobe's own kind: its pages only say that another program is needed.
        pub xfa: bool,
        /// Files embedded in it, which cannot be opened here.
        pub attachment_count: u32,
    }

    pub struct DocumentUnlockRequest {
        pub file_id: String,
        pub password: Secret,
    }

    /// Size of a page as it is shown, its own rotation applied.
    pub struct PageSize {
        pub width_pt: f32,
        pub height_pt: f32,
    }

    pub struct PageGeometryRequest {
        pub doc: String,
        /// 0-based.
        pub page: u32,
    }

    /// How page points and the shown page fit together. Marks and boxes are kept in page points: y upward, before
    /// rotation.
    pub struct PageGeometry {
        /// Left, bottom, right, top of the part that is shown, in page points; its corner need not be (0, 0).
        pub shown: [f32; 4],
        /// 0, 90, 180 or 270 degrees clockwise, applied to `shown`.
        pub rotation: u32,
    }

    pub struct DocumentCloseRequest {
        pub doc: String,
    }

    pub struct PageTextRequest {
        pub doc: String,
        /// 0-based.
        pub page: u32,
    }

    pub struct PageText {
        /// The page's text; `boxes` has one entry per Unicode scalar value of it.
        pub chars: String,
        /// Left, bottom, right, top in PDF points of the unrotated page.
        pub boxes: Vec<[f32; 4]>,
        /// Ranges of scalar values, reading order.
        pub lines: Vec<TextRange>,
        pub geometry: PageGeometry,
    }

    pub struct TextRange {
        pub start: u32,
        pub end: u32,
    }

    pub struct PageCancelRequest {
        pub doc: String,
        /// The `t` values of page image requests that are no longer wanted.
        pub tickets: Vec<u32>,
    }

    pub struct PlaceSetRequest {
        pub file_id: String,
        /// 0-based.
        pub page: u32,
        /// Share of the page above the upper edge of the view, 0 to 1.
        pub offset: f64,
        pub zoom: f64,
        /// Quarter turns to the right, 0 to 3.
        #[serde(default)]
        pub rotation: u32,
        /// One page is shown at a time.
        #[serde(default)]
        pub single: bool,
    }
}
