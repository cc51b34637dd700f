//! Border types of the pages of a person, an organization and a paper.

use super::{ConsultationCard, FileCard, Mark, MeetingCard, border_type};

border_type! {
    pub struct PersonOpenRequest {
        pub id: String,
    }

    pub struct PersonDetail {
        pub council_id: String,
        pub id: String,
        /// With title.
        pub name: String,
        /// Seats held today, then earlier ones.
        pub seats: Vec<Seat>,
    }

    /// One membership, seen from the person or from the organization.
    pub struct Seat {
        pub person_id: String,
        pub person_name: String,
        pub organization_id: String,
        pub organization_name: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub role: Option<String>,
        pub voting: bool,
        pub current: bool,
        /// ISO dates.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub start: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub end: Option<String>,
    }

    pub struct OrganizationOpenRequest {
        pub id: String,
    }

    pub struct OrganizationDetail {
        pub council_id: String,
        pub id: String,
        pub name: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub kind: Option<String>,
        pub is_mine: bool,
        /// Today's members, those with a role first.
        pub members: Vec<Seat>,
        /// Next one first.
        pub upcoming: Vec<MeetingCard>,
        /// Latest first.
        pub past: Vec<MeetingCard>,
    }

    pub struct PaperOpenRequest {
        pub id: String,
    }

    pub struct PaperDetail {
        pub council_id: String,
        pub id: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub reference: Option<String>,
        pub name: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub paper_type: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub originator: Option<String>,
        /// ISO date.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub date: Option<String>,
        pub villages: Vec<String>,
        pub public: bool,
        pub consultations: Vec<ConsultationCard>,
        pub files: Vec<FileCard>,
        /// Where it stands on an agenda, latest first.
        pub stations: Vec<PaperStation>,
        /// Own notes on the paper and its files.
        pub marks: Vec<Mark>,
    }

    /// One agenda item that deals with a paper.
    pub struct PaperStation {
        pub agenda_item_id: String,
        pub meeting_id: String,
        pub meeting_name: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub start_at_ms: Option<i64>,
        pub number: String,
        pub public: bool,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub result: Option<String>,
    }
}
