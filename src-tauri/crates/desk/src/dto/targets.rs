//! Border types of a document's outline and links, and of where they lead.

use super::{border_choice, border_type};

border_choice! {
    /// What a tap on a link does.
    pub enum LinkKind {
        /// Shows a place of the same document.
        Page,
        /// Asks, and then opens an address outside the app.
        Web,
        /// Says why nothing is opened.
        Refused,
    }
}

border_choice! {
    /// Why a link is not followed.
    pub enum LinkRefusal {
        /// The place is not in the document.
        Nowhere,
        /// Another file or a program.
        Elsewhere,
        /// No web or mail address, or one made to mislead.
        Address,
        /// A script or something else unknown here.
        Unknown,
    }
}

border_type! {
    /// Where a link or a bookmark leads. Each kind has its own fields; the others are absent.
    pub struct LinkTarget {
        pub kind: LinkKind,
        /// 0-based; it exists.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub page: Option<u32>,
        /// In PDF points of the unrotated page, if the file names it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub left: Option<f32>,
        /// In PDF points of the unrotated page, if the file names it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub top: Option<f32>,
        /// http, https or mailto, in ASCII.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub address: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub refusal: Option<LinkRefusal>,
    }

    pub struct DocumentOutlineRequest {
        pub doc: String,
    }

    /// The bookmarks of a document in reading order, a parent before its children.
    pub struct DocumentOutline {
        pub entries: Vec<OutlineEntry>,
        /// Some were left out.
        pub is_cut: bool,
    }

    pub struct OutlineEntry {
        /// On one line; empty if the file gives none.
        pub title: String,
        /// From 0; never more than one deeper than the entry before.
        pub level: u32,
        /// The file wants what is below it shown.
        pub is_open: bool,
        pub target: LinkTarget,
    }

    pub struct PageLinksRequest {
        pub doc: String,
        /// 0-based.
        pub page: u32,
    }

    pub struct PageLinks {
        pub links: Vec<PageLink>,
    }

    pub struct PageLink {
        /// Left, bottom, right, top of each line in PDF points of the unrotated page.
        pub rects: Vec<[f32; 4]>,
        /// What it stands on; empty over a picture.
        pub words: String,
        pub target: LinkTarget,
    }

    pub struct LinkOpenRequest {
        pub doc: String,
        /// 0-based; absent for a bookmark.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub page: Option<u32>,
        /// Place of the link on its page, or of the bookmark in the outline; 0-based.
        pub index: u32,
        /// The address that the member has agreed to. Only the one that stands there is opened.
        pub address: String,
    }
}
