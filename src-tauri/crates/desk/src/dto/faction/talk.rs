//! What a space says about a thing of the council: positions, messages, tasks.

use crate::dto::{FactionCard, FactionPerson, FactionShare, Target, border_choice, border_type};

border_choice! {
    pub enum FactionStatus {
        Draft,
        Agreed,
        Done,
    }
}

border_type! {
    /// All that spaces hold about one thing of the council.
    pub struct FactionAboutRequest {
        /// Absent: what is about nothing of the council.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub target: Option<Target>,
        /// Only this space; absent: all of them.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub faction_id: Option<String>,
    }

    pub struct FactionAbout {
        /// One for each space that has that thing.
        pub spaces: Vec<FactionTopic>,
    }

    pub struct FactionTopic {
        pub card: FactionCard,
        pub people: Vec<FactionPerson>,
        /// Only for agenda items.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub position: Option<FactionPosition>,
        /// First messages with their answers, oldest first.
        pub threads: Vec<FactionMessage>,
        pub shares: Vec<FactionShare>,
        pub tasks: Vec<FactionTask>,
    }

    pub struct FactionPosition {
        /// Absent: nobody has begun it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub item_id: Option<String>,
        pub recommendation: String,
        pub arguments: String,
        pub status: FactionStatus,
        /// Ids of those who speak.
        pub speakers: Vec<String>,
        /// Something of it could not be read here.
        pub incomplete: bool,
    }

    /// What is absent stays as it is.
    pub struct FactionPositionRequest {
        pub faction_id: String,
        pub target: Target,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub recommendation: Option<String>,
        /// What it grew from; absent: what stands there now.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub recommendation_before: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub arguments: Option<String>,
        /// What they grew from; absent: what stands there now.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub arguments_before: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub status: Option<FactionStatus>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub speaker: Option<FactionSpeaker>,
    }

    pub struct FactionSpeaker {
        pub user_id: String,
        pub speaks: bool,
    }

    pub struct FactionMessage {
        pub item_id: String,
        /// What it answers.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub parent_id: Option<String>,
        pub author_id: String,
        pub at_ms: i64,
        pub text: String,
        pub mentions: Vec<String>,
        /// Only on this device yet.
        pub unsent: bool,
        /// Who wants it to be known that she has read it.
        pub readers: Vec<String>,
        /// All answers to it, oldest first; empty in an answer.
        pub answers: Vec<FactionMessage>,
    }

    pub struct FactionMessageRequest {
        pub faction_id: String,
        /// Absent: a message to the whole space.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub target: Option<Target>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub parent_id: Option<String>,
        pub mentions: Vec<String>,
        pub text: String,
    }

    pub struct FactionMessageEditRequest {
        pub faction_id: String,
        pub item_id: String,
        pub text: String,
    }

    pub struct FactionReadRequest {
        pub faction_id: String,
        pub item_id: String,
        /// False takes it back.
        pub shown: bool,
    }

    pub struct FactionTask {
        pub item_id: String,
        pub author_id: String,
        pub at_ms: i64,
        pub text: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub owner_id: Option<String>,
        /// 2026-09-30.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub due: Option<String>,
        pub status: FactionStatus,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub target: Option<Target>,
        /// What it is about: "TOP 5 · 2026/184".
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub label: Option<String>,
        pub unsent: bool,
    }

    pub struct FactionTaskRequest {
        pub faction_id: String,
        /// Absent: a new one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub item_id: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub target: Option<Target>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub text: Option<String>,
        /// Empty: nobody.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub owner_id: Option<String>,
        /// Empty: none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub due: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub status: Option<FactionStatus>,
    }

    pub struct FactionWritten {
        pub item_id: String,
    }
}
