//! What an intake wants the council to look like: OParl's objects with the intake's own keys.
//! No ids, no rights, no keys: `publish` gives them.

use std::path::PathBuf;

use chrono::NaiveDate;

/// A whole council, or a part of it, as one intake describes it.
#[derive(Clone, Debug, Default)]
pub struct CouncilDraft {
    /// Names the intake, such as `folder` or an OParl system's address; each source only ever removes its own objects.
    pub source: String,
    /// True: what the source brought earlier and brings no more is removed. False: only adds and changes.
    pub complete: bool,
    pub body: Option<BodyDraft>,
    pub settings: Option<CouncilSettings>,
    pub terms: Vec<TermDraft>,
    pub organizations: Vec<OrganizationDraft>,
    pub persons: Vec<PersonDraft>,
    pub memberships: Vec<MembershipDraft>,
    pub papers: Vec<PaperDraft>,
    pub meetings: Vec<MeetingDraft>,
    /// Keys of objects that the source says are deleted.
    pub deleted: Vec<String>,
}

/// What the council has decided about rights.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CouncilSettings {
    /// New members see the nonpublic papers of the term from before they came.
    pub new_members_read_back: bool,
    /// Faction staff have been sworn in and read what their faction's members read.
    pub staff_nonpublic: bool,
}

impl Default for CouncilSettings {
    fn default() -> Self {
        Self {
            new_members_read_back: true,
            staff_nonpublic: false,
        }
    }
}

/// The municipality itself.
#[derive(Clone, Debug, Default)]
pub struct BodyDraft {
    pub name: String,
    pub contact: Option<String>,
}

/// A legislative term; both days inclusive.
#[derive(Clone, Debug)]
pub struct TermDraft {
    pub key: String,
    pub name: String,
    pub start_date: Option<NaiveDate>,
    pub end_date: Option<NaiveDate>,
}

/// A council, committee, village council or faction.
#[derive(Clone, Debug, Default)]
pub struct OrganizationDraft {
    pub key: String,
    pub name: String,
    pub short_name: Option<String>,
    pub organization_type: Option<String>,
    pub classification: Option<String>,
    pub start_date: Option<NaiveDate>,
    pub end_date: Option<NaiveDate>,
    /// The villages that this organization speaks for.
    pub villages: Vec<String>,
}

/// A person.
#[derive(Clone, Debug)]
pub struct PersonDraft {
    pub key: String,
    pub name: String,
    pub form_of_address: Option<String>,
    pub title: Option<String>,
}

/// A person's seat in an organization; both by key, both days inclusive.
#[derive(Clone, Debug)]
pub struct MembershipDraft {
    pub key: String,
    pub person: String,
    pub organization: String,
    pub role: Option<String>,
    pub voting_right: Option<bool>,
    pub start_date: Option<NaiveDate>,
    pub end_date: Option<NaiveDate>,
}

/// A meeting with its agenda.
#[derive(Clone, Debug, Default)]
pub struct MeetingDraft {
    pub key: String,
    pub name: String,
    pub number: Option<String>,
    /// RFC 3339.
    pub start: Option<String>,
    pub end: Option<String>,
    pub room: Option<String>,
    pub location: Option<String>,
    pub organizations: Vec<String>,
    pub cancelled: bool,
    pub invitation: Option<FileDraft>,
    pub minutes: Option<FileDraft>,
    /// Neither invitation nor minutes: presentations, lists, verbatim records.
    pub other_files: Vec<FileDraft>,
    pub items: Vec<ItemDraft>,
}

impl MeetingDraft {
    /// The files of the meeting itself.
    pub fn files(&self) -> impl Iterator<Item = &FileDraft> {
        let formal = self.invitation.iter().chain(&self.minutes);
        formal.chain(&self.other_files)
    }
}

/// An item of an agenda.
#[derive(Clone, Debug, Default)]
pub struct ItemDraft {
    pub key: String,
    pub number: Option<String>,
    /// Position in the agenda, from 0.
    pub order: u32,
    pub name: String,
    pub public: bool,
    pub role: Option<String>,
    pub late: bool,
    pub villages: Vec<String>,
    /// The key of the paper.
    pub paper: Option<String>,
    pub result: Option<String>,
    pub resolution_text: Option<String>,
    pub files: Vec<FileDraft>,
}

/// A paper with its files.
#[derive(Clone, Debug, Default)]
pub struct PaperDraft {
    pub key: String,
    pub reference: Option<String>,
    pub name: String,
    pub paper_type: Option<String>,
    pub date: Option<NaiveDate>,
    /// `None`: public unless a nonpublic agenda item names it.
    pub public: Option<bool>,
    pub originator: Option<String>,
    pub villages: Vec<String>,
    pub superseded: Option<String>,
    pub main: Option<FileDraft>,
    pub attachments: Vec<FileDraft>,
}

/// A file: what is known about it and where its bytes are.
#[derive(Clone, Debug)]
pub struct FileDraft {
    pub key: String,
    pub name: String,
    pub file_name: Option<String>,
    pub mime_type: Option<String>,
    /// At least this revision; a changed content always gets a higher one.
    pub revision: Option<u32>,
    pub revision_of_date: Option<String>,
    pub change_note: Option<String>,
    /// False: nonpublic, even where what it hangs on is public.
    pub public: bool,
    /// What the source says about its version, to spare it the next time.
    pub origin_stamp: Option<String>,
    pub content: FileContent,
}

/// Where the bytes of a file are.
#[derive(Clone, Debug)]
pub enum FileContent {
    /// A file to be read.
    Path(PathBuf),
    /// Not read this time, because nothing changed or because it could not be had: what is published stays.
    AsPublished,
}
