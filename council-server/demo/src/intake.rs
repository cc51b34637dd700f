//! The shapes of the intake folder's TOML files, as `council-server` reads them. Only shapes: no content, no paths.

use serde::Serialize;

#[derive(Debug, Serialize)]
pub(crate) struct CouncilFile {
    pub(crate) name: &'static str,
    pub(crate) short: &'static str,
    pub(crate) contact: &'static str,
    pub(crate) settings: Settings,
    pub(crate) term: Vec<Term>,
    pub(crate) organization: Vec<Organization>,
    pub(crate) person: Vec<Person>,
    pub(crate) membership: Vec<Membership>,
}

#[derive(Debug, Serialize)]
pub(crate) struct Settings {
    /// New members may read older nonpublic papers of the running term.
    pub(crate) new_members_read_back: bool,
    /// Faction staff are entitled to nonpublic papers.
    pub(crate) staff_nonpublic: bool,
}

#[derive(Debug, Serialize)]
pub(crate) struct Term {
    pub(crate) key: &'static str,
    pub(crate) name: String,
    pub(crate) start: String,
    pub(crate) end: String,
}

#[derive(Debug, Clone, Serialize)]
pub(crate) struct Organization {
    pub(crate) key: &'static str,
    pub(crate) name: &'static str,
    pub(crate) short_name: &'static str,
    #[serde(rename = "type")]
    pub(crate) organization_type: &'static str,
    pub(crate) classification: &'static str,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    pub(crate) villages: &'static [&'static str],
}

#[derive(Debug, Clone, Serialize)]
pub(crate) struct Person {
    pub(crate) key: &'static str,
    pub(crate) name: &'static str,
    pub(crate) form_of_address: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) title: Option<&'static str>,
}

#[derive(Debug, Clone, Serialize)]
pub(crate) struct Membership {
    pub(crate) person: &'static str,
    pub(crate) organization: &'static str,
    pub(crate) role: &'static str,
    pub(crate) start: String,
    pub(crate) end: String,
    pub(crate) voting: bool,
}

#[derive(Debug, Serialize)]
pub(crate) struct MeetingFile {
    pub(crate) key: String,
    pub(crate) name: &'static str,
    pub(crate) number: String,
    pub(crate) start: String,
    pub(crate) end: String,
    pub(crate) room: &'static str,
    pub(crate) location: &'static str,
    pub(crate) organizations: Vec<&'static str>,
    pub(crate) cancelled: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) invitation: Option<InvitationFile>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) minutes: Option<MinutesFile>,
    pub(crate) item: Vec<ItemEntry>,
}

#[derive(Debug, Serialize)]
pub(crate) struct InvitationFile {
    pub(crate) file: &'static str,
    pub(crate) revision: u32,
}

#[derive(Debug, Serialize)]
pub(crate) struct MinutesFile {
    pub(crate) file: &'static str,
}

#[derive(Debug, Serialize)]
pub(crate) struct ItemEntry {
    pub(crate) number: String,
    pub(crate) name: &'static str,
    pub(crate) public: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) role: Option<&'static str>,
    pub(crate) late: bool,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    pub(crate) villages: &'static [&'static str],
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) paper: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) result: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) resolution_text: Option<&'static str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) file: Vec<AttachmentFile>,
}

#[derive(Debug, Serialize)]
pub(crate) struct PaperFile {
    pub(crate) reference: &'static str,
    pub(crate) name: &'static str,
    #[serde(rename = "type")]
    pub(crate) paper_type: &'static str,
    pub(crate) originator: &'static str,
    pub(crate) date: String,
    pub(crate) public: bool,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    pub(crate) villages: &'static [&'static str],
    pub(crate) main: String,
    pub(crate) main_name: String,
    pub(crate) revision: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) change_note: Option<&'static str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) attachment: Vec<AttachmentFile>,
}

#[derive(Debug, Serialize)]
pub(crate) struct AttachmentFile {
    pub(crate) name: &'static str,
    pub(crate) file: &'static str,
}

/// Who the demonstration hands an invitation to; `council-server` ignores this file.
#[derive(Debug, Serialize)]
pub(crate) struct DemonstrationFile {
    pub(crate) person: Vec<DemonstrationPerson>,
}

#[derive(Debug, Serialize)]
pub(crate) struct DemonstrationPerson {
    pub(crate) key: &'static str,
    pub(crate) name: &'static str,
    pub(crate) role: &'static str,
}
