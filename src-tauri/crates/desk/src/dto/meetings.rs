//! Border types of meetings, agenda items and the start page.

use super::{FileCard, NoteRow, StampName, border_choice, border_type};

border_choice! {
    /// Why something deserves a look.
    pub enum Badge {
        /// Not here at the last visit.
        New,
        /// Another revision than at the last visit.
        Changed,
        /// Added after the invitation.
        Late,
    }

    /// Where a paper stands on its way through the committees.
    pub enum ConsultationState {
        Done,
        Here,
        Coming,
    }

    /// The member's own private tally.
    pub enum Vote {
        Yes,
        No,
        Abstain,
    }
}

border_type! {
    pub struct Today {
        /// The day this was asked, as YYYY-MM-DD in local time.
        pub date_iso: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub next_meeting: Option<MeetingCard>,
        /// Newest first, at most 20.
        pub new_items: Vec<NewItem>,
        /// Own notes on coming meetings, at most 6.
        pub open_items: Vec<OpenItem>,
        pub later: Vec<MeetingCard>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub continue_reading: Option<ContinueReading>,
    }

    /// Something that came or changed since the last visit.
    pub struct NewItem {
        pub council_id: String,
        pub badge: Badge,
        pub meeting_id: String,
        pub meeting_name: String,
        pub meeting_start_at_ms: i64,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub agenda_item_id: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub agenda_item_number: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub file_id: Option<String>,
        pub title: String,
        pub public: bool,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub change_note: Option<String>,
    }

    /// A note of one's own, a question or something to follow up, that belongs to a coming meeting and is not done.
    pub struct OpenItem {
        pub council_id: String,
        pub mark_id: String,
        /// Empty for a stamp without words.
        pub text: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub stamp: Option<StampName>,
        pub meeting_id: String,
        pub meeting_name: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub agenda_item_id: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub agenda_item_number: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub file_id: Option<String>,
        /// 0-based.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub page: Option<u32>,
        /// Title of what the note stands on.
        pub label: String,
        pub public: bool,
    }

    /// The document read last.
    pub struct ContinueReading {
        pub council_id: String,
        pub file_id: String,
        pub label: String,
        /// 0-based.
        pub page: u32,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub page_count: Option<u32>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub meeting_id: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub agenda_item_id: Option<String>,
        pub public: bool,
    }

    pub struct MeetingsList {
        /// Next one first.
        pub upcoming: Vec<MeetingCard>,
        /// Latest first.
        pub past: Vec<MeetingCard>,
        /// Whoever meets here, by name.
        pub committees: Vec<MeetingCommittee>,
        /// Legislative terms that have a meeting here, latest first.
        pub terms: Vec<MeetingTerm>,
    }

    /// A council, committee or village council that meets.
    pub struct MeetingCommittee {
        pub council_id: String,
        pub id: String,
        pub name: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub short_name: Option<String>,
        pub is_mine: bool,
    }

    /// A legislative term of one council.
    pub struct MeetingTerm {
        pub id: String,
        pub council_id: String,
        pub name: String,
        /// Start of its first day in local time; absent: no beginning.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub start_at_ms: Option<i64>,
        /// End of its last day, exclusive, in local time; absent: no end yet.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub end_at_ms: Option<i64>,
    }

    pub struct MeetingCard {
        pub id: String,
        pub council_id: String,
        pub name: String,
        pub start_at_ms: i64,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub end_at_ms: Option<i64>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub room: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub location: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub number: Option<String>,
        pub cancelled: bool,
        /// The public may know of it, and part of it is dealt with in public as far as its agenda is known.
        pub public: bool,
        /// The organizations that meet.
        pub committee_ids: Vec<String>,
        pub agenda_count: u32,
        pub page_count: u32,
        pub pages_read: u32,
        pub file_count: u32,
        pub files_present: u32,
        pub has_invitation: bool,
        /// The member sits in (or is entitled to) one of the meeting's organizations.
        pub is_mine: bool,
        /// An agenda item or paper was added after the invitation.
        pub late: bool,
        /// Coming meetings of the member at the same time, by their start.
        #[serde(default)]
        pub clashes: Vec<Clash>,
    }

    /// A meeting that overlaps with another one.
    pub struct Clash {
        pub meeting_id: String,
        pub council_id: String,
        pub name: String,
        pub start_at_ms: i64,
    }

    pub struct MeetingOpenRequest {
        pub id: String,
    }

    pub struct MeetingDetail {
        pub card: MeetingCard,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub receipt: Option<MeetingReceipt>,
        pub public_items: Vec<AgendaRow>,
        pub nonpublic_items: Vec<AgendaRow>,
        /// Invitation and minutes, then the meeting's further files.
        pub files: Vec<FileCard>,
        pub note_count: u32,
    }

    pub struct MeetingReceipt {
        pub at_ms: i64,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub server_at_ms: Option<i64>,
    }

    pub struct AgendaRow {
        pub id: String,
        pub meeting_id: String,
        pub number: String,
        pub name: String,
        pub public: bool,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub role: Option<String>,
        pub file_count: u32,
        pub page_count: u32,
        /// Own notes on it, its paper and files, and on other items with the same paper; its stamps apart.
        pub note_count: u32,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub badge: Option<Badge>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub result: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub paper_reference: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub tally: Option<Vote>,
        /// Own stamps on the item itself, oldest first.
        pub stamps: Vec<StampName>,
    }

    pub struct AgendaItemOpenRequest {
        pub id: String,
    }

    pub struct AgendaItemDetail {
        pub row: AgendaRow,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub paper: Option<PaperCard>,
        pub consultations: Vec<ConsultationCard>,
        pub files: Vec<FileCard>,
        /// On the item itself, on other items with the same paper, on the paper, on the files; each in its order.
        pub notes: Vec<NoteRow>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub tally: Option<Vote>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub resolution_text: Option<String>,
    }

    pub struct PaperCard {
        pub id: String,
        pub reference: String,
        pub name: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub paper_type: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub originator: Option<String>,
        pub villages: Vec<String>,
    }

    pub struct ConsultationCard {
        pub organization_name: String,
        /// ISO date of the meeting.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub date: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub role: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub result: Option<String>,
        pub state: ConsultationState,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub meeting_id: Option<String>,
    }

    pub struct TallySetRequest {
        pub agenda_item_id: String,
        /// Absent: no tally any more.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub value: Option<Vote>,
    }
}
