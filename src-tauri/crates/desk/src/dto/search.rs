//! Border types of the search over everything on the device.

use super::{border_choice, border_type};

border_choice! {
    /// What a hit is.
    pub enum HitKind {
        Meeting,
        AgendaItem,
        Paper,
        Person,
        Organization,
        File,
        /// A note or mark of one's own.
        Note,
        /// Something that was said or shared in a faction's space.
        Faction,
    }

    /// What the public may know of it.
    pub enum Publicity {
        Public,
        Nonpublic,
    }
}

border_type! {
    pub struct SearchRequest {
        pub text: String,
        /// The last word may go on.
        pub typing: bool,
        /// Empty: all kinds.
        #[serde(default)]
        pub kinds: Vec<HitKind>,
        /// Only of one council.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub council_id: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub organization_id: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub year: Option<i32>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub publicity: Option<Publicity>,
        /// Only of the organizations the member sits in.
        #[serde(default)]
        pub mine: bool,
    }

    pub struct SearchAnswer {
        /// The best first, at most 40; notes of one's own before what the council says.
        pub hits: Vec<SearchHit>,
        pub hit_count: u32,
        /// There are more than were counted.
        pub is_cut: bool,
    }

    /// A piece of text; `marked` where it answers.
    pub struct TextPiece {
        pub text: String,
        pub marked: bool,
    }

    pub struct SearchHit {
        pub council_id: String,
        pub kind: HitKind,
        pub id: String,
        pub title: Vec<TextPiece>,
        /// Where it belongs: "TOP 4 · 2026/184".
        pub label: String,
        pub snippet: Vec<TextPiece>,
        pub public: bool,
        /// Its pages hold no text: it can only be found by its name.
        pub is_scan: bool,
        /// It answers only if the words typed are a slip.
        pub is_guess: bool,
        /// The file is not on this device; its text was read while it was.
        pub is_away: bool,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub meeting_id: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub meeting_name: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub meeting_start_at_ms: Option<i64>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub agenda_item_id: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub file_id: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub mark_id: Option<String>,
        /// The space that it was said in; `id` is then the contribution's.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub faction_id: Option<String>,
        /// 0-based, the best page first, at most 5.
        pub pages: Vec<u32>,
        pub page_count: u32,
    }

    /// What can be filtered by.
    pub struct SearchChoices {
        pub organizations: Vec<OrganizationChoice>,
        /// Latest first.
        pub years: Vec<i32>,
        pub has_nonpublic: bool,
    }

    pub struct OrganizationChoice {
        pub council_id: String,
        pub id: String,
        pub name: String,
        pub is_mine: bool,
    }

    /// How much of what lies here can be found.
    pub struct IndexStatus {
        pub running: bool,
        pub files_done: u32,
        pub files_total: u32,
        /// Something could not be put in; the next run tries again.
        pub incomplete: bool,
        /// Files whose pages hold no text.
        pub scans: Vec<UnsearchableFile>,
        /// Files that could not be read.
        pub failed: Vec<UnsearchableFile>,
    }

    pub struct UnsearchableFile {
        pub file_id: String,
        pub name: String,
    }

    pub struct DocumentSearchRequest {
        pub doc: String,
        pub text: String,
    }

    pub struct DocumentMatches {
        /// Pages that may have hits, ascending, 0-based: as the index says, or all of them while it has not read the file.
        pub pages: Vec<u32>,
        /// The index knows this version of the file.
        pub indexed: bool,
    }

    pub struct PageMatchesRequest {
        pub doc: String,
        pub page: u32,
        pub text: String,
    }

    pub struct PageMatches {
        /// Characters of the page's text, ascending and apart.
        pub ranges: Vec<super::TextRange>,
    }
}
