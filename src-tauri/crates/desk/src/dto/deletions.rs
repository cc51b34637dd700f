//! Border types of what was deleted on this device because access was over. No content: only whose, when and why.

use super::{border_choice, border_type};

border_choice! {
    /// Why something was deleted.
    pub enum DeletionReason {
        /// The council office ended access.
        Ended,
        /// Nothing was heard from the council for longer than nonpublic papers may be read without it.
        Lapsed,
        /// The council office withdrew the device.
        Revoked,
    }
}

border_type! {
    pub struct DeletionsList {
        /// The latest first; the last hundred of each council.
        pub deletions: Vec<DeletionRow>,
        /// How many of them the member has not been told of.
        pub unseen: u32,
    }

    /// The nonpublic papers of one committee went, with their keys.
    pub struct DeletionRow {
        pub council_id: String,
        pub council_name: String,
        /// Whose they were, as far as that is certain.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub organization: Option<String>,
        pub at_ms: i64,
        pub reason: DeletionReason,
        /// The member has not been told of it.
        pub unseen: bool,
    }
}
