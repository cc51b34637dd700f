//! The TOML fields of an intake folder, as written by hand or by a council information system.
//! Only shapes: what they mean and whether names fit together is checked in `reading`.

use serde::Deserialize;
use toml::Spanned;

/// A date or time, as a TOML date or as text.
pub(crate) type When = Spanned<toml::Value>;
type Text = Spanned<String>;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CouncilFile {
    pub name: String,
    /// Accepted for other readers of the file; the model has no place for it.
    #[allow(dead_code, reason = "read so that it is not refused as unknown")]
    pub short: Option<String>,
    pub contact: Option<String>,
    #[serde(default)]
    pub body: BodyFields,
    pub complete: Option<bool>,
    #[serde(default)]
    pub settings: Option<SettingsFields>,
    #[serde(default)]
    pub term: Vec<TermFields>,
    #[serde(default)]
    pub organization: Vec<OrganizationFields>,
    #[serde(default)]
    pub person: Vec<PersonFields>,
    #[serde(default)]
    pub membership: Vec<MembershipFields>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct BodyFields {
    pub contact: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SettingsFields {
    pub new_members_read_back: Option<bool>,
    pub staff_nonpublic: Option<bool>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TermFields {
    pub key: Option<Text>,
    pub name: Text,
    pub start: Option<When>,
    pub end: Option<When>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct OrganizationFields {
    pub key: Text,
    pub name: String,
    pub short_name: Option<String>,
    #[serde(rename = "type")]
    pub organization_type: Option<String>,
    pub classification: Option<String>,
    pub start: Option<When>,
    pub end: Option<When>,
    #[serde(default)]
    pub villages: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PersonFields {
    pub key: Text,
    pub name: String,
    pub form_of_address: Option<String>,
    pub title: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct MembershipFields {
    pub key: Option<Text>,
    pub person: Text,
    pub organization: Text,
    pub role: Option<String>,
    pub voting: Option<bool>,
    pub start: Option<When>,
    pub end: Option<When>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct MeetingFile {
    pub key: Option<Text>,
    pub name: String,
    pub number: Option<String>,
    pub start: Option<When>,
    pub end: Option<When>,
    pub room: Option<String>,
    pub location: Option<String>,
    pub organizations: Spanned<Vec<Text>>,
    #[serde(default)]
    pub cancelled: bool,
    pub invitation: Option<AttachedFields>,
    pub minutes: Option<AttachedFields>,
    /// Neither invitation nor minutes.
    #[serde(default)]
    pub file: Vec<AttachedFields>,
    #[serde(default)]
    pub item: Vec<ItemFields>,
    #[serde(default)]
    pub paper: Vec<PaperFields>,
}

/// A file that hangs on something.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AttachedFields {
    pub key: Option<Text>,
    pub name: Option<String>,
    pub file: Text,
    pub public: Option<bool>,
    pub revision: Option<u32>,
    pub revision_date: Option<When>,
    pub change_note: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ItemFields {
    pub key: Option<Text>,
    pub number: Option<String>,
    pub name: Text,
    pub public: Option<bool>,
    pub role: Option<String>,
    #[serde(default)]
    pub late: bool,
    #[serde(default)]
    pub villages: Vec<String>,
    pub paper: Option<Text>,
    pub result: Option<String>,
    pub resolution_text: Option<String>,
    #[serde(default)]
    pub file: Vec<AttachedFields>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PaperFields {
    pub reference: Text,
    pub name: String,
    #[serde(rename = "type")]
    pub paper_type: Option<String>,
    pub originator: Option<String>,
    pub date: Option<When>,
    pub public: Option<bool>,
    #[serde(default)]
    pub villages: Vec<String>,
    pub superseded: Option<String>,
    pub main: Option<Text>,
    pub main_name: Option<String>,
    pub revision: Option<u32>,
    pub revision_date: Option<When>,
    pub change_note: Option<String>,
    #[serde(default)]
    pub attachment: Vec<AttachedFields>,
}
