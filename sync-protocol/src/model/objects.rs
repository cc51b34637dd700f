//! The fields of each object. `Debug` shows the kind and the id, never a name or a title.
//! A field's number never changes and is never used again.

use minicbor::{Decode, Encode};

use crate::ids::{BlobId, ObjectId};

/// The municipality itself.
#[derive(Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Body {
    /// Id.
    #[n(0)]
    pub id: ObjectId,
    /// Name.
    #[n(1)]
    pub name: String,
    /// How the council office is reached, free text.
    #[n(2)]
    pub contact: Option<String>,
}

/// Council, committee, village council, faction.
#[derive(Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Organization {
    /// Id.
    #[n(0)]
    pub id: ObjectId,
    /// Full name.
    #[n(1)]
    pub name: String,
    /// Short name.
    #[n(2)]
    pub short_name: Option<String>,
    /// "Rat", "Ausschuss", "Ortsteilrat", "Fraktion" …
    #[n(3)]
    pub organization_type: Option<String>,
    /// Finer kind, free text.
    #[n(4)]
    pub classification: Option<String>,
    /// Legislative term.
    #[n(5)]
    pub term: Option<ObjectId>,
    /// ISO date.
    #[n(6)]
    pub start_date: Option<String>,
    /// ISO date, inclusive.
    #[n(7)]
    pub end_date: Option<String>,
}

/// A person.
#[derive(Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Person {
    /// Id.
    #[n(0)]
    pub id: ObjectId,
    /// Full name.
    #[n(1)]
    pub name: String,
    /// "Frau", "Herr" …
    #[n(2)]
    pub form_of_address: Option<String>,
    /// Academic title.
    #[n(3)]
    pub title: Option<String>,
}

/// A person's seat in an organization.
#[derive(Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Membership {
    /// Id.
    #[n(0)]
    pub id: ObjectId,
    /// Person.
    #[n(1)]
    pub person: ObjectId,
    /// Organization.
    #[n(2)]
    pub organization: ObjectId,
    /// "Mitglied", "Vorsitz" …
    #[n(3)]
    pub role: Option<String>,
    /// Whether the person votes.
    #[cbor(n(4), default)]
    pub voting_right: bool,
    /// ISO date.
    #[n(5)]
    pub start_date: Option<String>,
    /// ISO date, inclusive.
    #[n(6)]
    pub end_date: Option<String>,
}

/// A legislative term.
#[derive(Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct LegislativeTerm {
    /// Id.
    #[n(0)]
    pub id: ObjectId,
    /// Name.
    #[n(1)]
    pub name: String,
    /// ISO date.
    #[n(2)]
    pub start_date: Option<String>,
    /// ISO date, inclusive.
    #[n(3)]
    pub end_date: Option<String>,
}

/// A meeting. One without a start is not published.
#[derive(Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Meeting {
    /// Id.
    #[n(0)]
    pub id: ObjectId,
    /// Name.
    #[n(1)]
    pub name: String,
    /// RFC 3339 with offset.
    #[n(2)]
    pub start: String,
    /// RFC 3339 with offset.
    #[n(3)]
    pub end: Option<String>,
    /// Building and address.
    #[n(4)]
    pub location: Option<String>,
    /// Room.
    #[n(5)]
    pub room: Option<String>,
    /// Organizations that meet.
    #[cbor(n(6), default)]
    pub organizations: Vec<ObjectId>,
    /// Whether it was cancelled.
    #[cbor(n(7), default)]
    pub cancelled: bool,
    /// File of the invitation.
    #[n(8)]
    pub invitation: Option<ObjectId>,
    /// Counts the invitations sent; 0 = none yet.
    #[cbor(n(9), default)]
    pub invitation_revision: u32,
    /// File of the minutes.
    #[n(10)]
    pub results_protocol: Option<ObjectId>,
    /// The meeting's number in the term.
    #[n(11)]
    pub number: Option<String>,
    /// Files that are neither invitation nor minutes. Absent where there are none, so that meetings written before this
    /// key are encoded as they were.
    #[cbor(n(12), default, skip_if = "Vec::is_empty")]
    pub auxiliary_files: Vec<ObjectId>,
}

impl Meeting {
    /// The files of the meeting itself, invitation and minutes first.
    pub fn files(&self) -> impl Iterator<Item = &ObjectId> {
        let formal = self.invitation.iter().chain(&self.results_protocol);
        formal.chain(&self.auxiliary_files)
    }
}

/// An item of a meeting's agenda.
#[derive(Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct AgendaItem {
    /// Id.
    #[n(0)]
    pub id: ObjectId,
    /// Meeting.
    #[n(1)]
    pub meeting: ObjectId,
    /// Number as printed: "Ö 5.1".
    #[n(2)]
    pub number: Option<String>,
    /// Position in the agenda, from 0.
    #[cbor(n(3), default)]
    pub order: u32,
    /// Title.
    #[n(4)]
    pub name: String,
    /// Whether it is dealt with in public; absent means nonpublic.
    #[cbor(n(5), default)]
    pub public: bool,
    /// Consultation.
    #[n(6)]
    pub consultation: Option<ObjectId>,
    /// Paper dealt with.
    #[n(7)]
    pub paper: Option<ObjectId>,
    /// Result.
    #[n(8)]
    pub result: Option<String>,
    /// Text of the resolution.
    #[n(9)]
    pub resolution_text: Option<String>,
    /// "Vorberatung", "Entscheidung", "Anhörung", "Kenntnisnahme", "Beschluss".
    #[n(10)]
    pub role: Option<String>,
    /// Whether it was added after the invitation.
    #[cbor(n(11), default)]
    pub late: bool,
    /// Files of the item itself.
    #[cbor(n(12), default)]
    pub files: Vec<ObjectId>,
}

/// A paper: draft resolution, motion, enquiry.
#[derive(Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Paper {
    /// Id.
    #[n(0)]
    pub id: ObjectId,
    /// Number as printed: "2026/184".
    #[n(1)]
    pub reference: Option<String>,
    /// Title.
    #[n(2)]
    pub name: String,
    /// Kind, free text.
    #[n(3)]
    pub paper_type: Option<String>,
    /// ISO date.
    #[n(4)]
    pub date: Option<String>,
    /// Whether the paper is public; absent means nonpublic.
    #[cbor(n(5), default)]
    pub public: bool,
    /// Main file.
    #[n(6)]
    pub main_file: Option<ObjectId>,
    /// Annexes in order.
    #[cbor(n(7), default)]
    pub auxiliary_files: Vec<ObjectId>,
    /// Who brought it in.
    #[n(8)]
    pub originator: Option<String>,
    /// Villages it touches, by name.
    #[cbor(n(9), default)]
    pub villages: Vec<String>,
    /// What replaced it, if anything.
    #[n(10)]
    pub superseded_note: Option<String>,
}

/// One station of a paper on its way through the organizations.
#[derive(Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Consultation {
    /// Id.
    #[n(0)]
    pub id: ObjectId,
    /// Paper.
    #[n(1)]
    pub paper: ObjectId,
    /// Agenda item.
    #[n(2)]
    pub agenda_item: Option<ObjectId>,
    /// Meeting.
    #[n(3)]
    pub meeting: Option<ObjectId>,
    /// Organization.
    #[n(4)]
    pub organization: Option<ObjectId>,
    /// As in `AgendaItem`.
    #[n(5)]
    pub role: Option<String>,
    /// Whether this station decides.
    #[cbor(n(6), default)]
    pub authoritative: bool,
    /// Result.
    #[n(7)]
    pub result: Option<String>,
}

/// One revision of a file.
#[derive(Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct File {
    /// Id.
    #[n(0)]
    pub id: ObjectId,
    /// Title.
    #[n(1)]
    pub name: String,
    /// File name for export.
    #[n(2)]
    pub file_name: String,
    /// Media type.
    #[n(3)]
    pub mime_type: String,
    /// The ciphertext.
    #[n(4)]
    pub blob_id: BlobId,
    /// Plain length in bytes.
    #[n(5)]
    pub byte_len: u64,
    /// Pages, if known.
    #[n(6)]
    pub page_count: Option<u32>,
    /// Counts from 1.
    #[n(7)]
    pub revision: u32,
    /// ISO date of this revision.
    #[n(8)]
    pub revision_of_date: Option<String>,
    /// What changed, in the office's words.
    #[n(9)]
    pub change_note: Option<String>,
}

macro_rules! debug_by_id {
    ($($kind:ident),*) => {
        $(
            impl std::fmt::Debug for $kind {
                fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                    write!(f, "{}({:?})", stringify!($kind), self.id)
                }
            }
        )*
    };
}

debug_by_id!(
    Body,
    Organization,
    Person,
    Membership,
    LegislativeTerm,
    Meeting,
    AgendaItem,
    Paper,
    Consultation,
    File
);
