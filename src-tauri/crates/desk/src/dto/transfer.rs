//! Border types of marks that were made on an older version of their file.

use super::{Mark, Quote, border_type};

border_type! {
    pub struct MarksTransferRequest {
        pub file_id: String,
        /// They are looked for once in each version; once more where the member asks for it.
        #[serde(default)]
        pub again: bool,
    }

    pub struct MarksTransferFileRequest {
        pub file_id: String,
    }

    /// What became of marks of older versions in the one that is here.
    pub struct MarksTransferred {
        /// The version that is here.
        pub revision: u32,
        /// Its day, ms UTC.
        pub dated_at_ms: i64,
        /// Marks that came into it or did not.
        pub total: u32,
        /// Those that stand in it.
        pub placed: u32,
        /// Of those: some whose words have changed.
        pub changed: Vec<Mark>,
        /// Those whose place was not found or is not certain. They stand on no page.
        pub behind: Vec<MarkBehind>,
        /// They were looked for just now.
        pub is_new: bool,
        /// The member has not seen it yet.
        pub is_news: bool,
        /// All that came into it can be taken back.
        pub can_take_back: bool,
    }

    pub struct MarkBehind {
        /// Its page and its place are those of the older version.
        pub mark: Mark,
        /// The version it was made on.
        pub revision: u32,
    }

    /// A page of the version that is here: where a mark of an older one is laid.
    pub struct MarkPlace {
        /// 0-based.
        pub page: u32,
        /// The words it stands at there; absent: those that it has.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub quote: Option<Quote>,
    }
}
