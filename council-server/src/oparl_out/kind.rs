//! The kinds of OParl 1.1 and their places in addresses.

use sync_protocol::model::ObjectKind;

/// A kind of object that the open interface shows. Source: OParl 1.1, chapter 3.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Kind {
    System,
    Body,
    Organization,
    Person,
    Membership,
    LegislativeTerm,
    Meeting,
    AgendaItem,
    Paper,
    Consultation,
    File,
    Location,
}

/// Where in the numbers of the model's kinds the two lie that the model does not have.
const SYSTEM: u32 = 0;
const LOCATION: u32 = 1_000_000;

impl Kind {
    /// The kinds that have a list.
    pub(crate) const LISTED: [Self; 11] = [
        Self::Body,
        Self::Organization,
        Self::Person,
        Self::Membership,
        Self::LegislativeTerm,
        Self::Meeting,
        Self::AgendaItem,
        Self::Paper,
        Self::Consultation,
        Self::File,
        Self::Location,
    ];

    /// The kind of a model's object; `None` for kinds of later versions.
    pub(crate) fn of(kind: ObjectKind) -> Option<Self> {
        Some(match kind {
            ObjectKind::Body => Self::Body,
            ObjectKind::Organization => Self::Organization,
            ObjectKind::Person => Self::Person,
            ObjectKind::Membership => Self::Membership,
            ObjectKind::LegislativeTerm => Self::LegislativeTerm,
            ObjectKind::Meeting => Self::Meeting,
            ObjectKind::AgendaItem => Self::AgendaItem,
            ObjectKind::Paper => Self::Paper,
            ObjectKind::Consultation => Self::Consultation,
            ObjectKind::File => Self::File,
            ObjectKind::Unknown(_) => return None,
        })
    }

    /// The number in the table of stamps; it never changes.
    pub(crate) fn number(self) -> u32 {
        match self {
            Self::System => SYSTEM,
            Self::Body => ObjectKind::Body.number(),
            Self::Organization => ObjectKind::Organization.number(),
            Self::Person => ObjectKind::Person.number(),
            Self::Membership => ObjectKind::Membership.number(),
            Self::LegislativeTerm => ObjectKind::LegislativeTerm.number(),
            Self::Meeting => ObjectKind::Meeting.number(),
            Self::AgendaItem => ObjectKind::AgendaItem.number(),
            Self::Paper => ObjectKind::Paper.number(),
            Self::Consultation => ObjectKind::Consultation.number(),
            Self::File => ObjectKind::File.number(),
            Self::Location => LOCATION,
        }
    }

    /// The kind of a number in the table of stamps.
    pub(crate) fn from_number(number: u32) -> Option<Self> {
        match number {
            SYSTEM => Some(Self::System),
            LOCATION => Some(Self::Location),
            model => Self::of(ObjectKind::from_number(model)),
        }
    }

    /// Its part of an address.
    pub(crate) fn segment(self) -> &'static str {
        match self {
            Self::System => "",
            Self::Body => "body",
            Self::Organization => "organization",
            Self::Person => "person",
            Self::Membership => "membership",
            Self::LegislativeTerm => "legislativeTerm",
            Self::Meeting => "meeting",
            Self::AgendaItem => "agendaItem",
            Self::Paper => "paper",
            Self::Consultation => "consultation",
            Self::File => "file",
            Self::Location => "location",
        }
    }

    /// The kind of a part of an address.
    pub(crate) fn from_segment(segment: &str) -> Option<Self> {
        Self::LISTED
            .into_iter()
            .find(|kind| kind.segment() == segment)
    }

    /// The value of `type`.
    pub(crate) fn type_url(self) -> String {
        let name = match self {
            Self::System => "System",
            Self::Body => "Body",
            Self::Organization => "Organization",
            Self::Person => "Person",
            Self::Membership => "Membership",
            Self::LegislativeTerm => "LegislativeTerm",
            Self::Meeting => "Meeting",
            Self::AgendaItem => "AgendaItem",
            Self::Paper => "Paper",
            Self::Consultation => "Consultation",
            Self::File => "File",
            Self::Location => "Location",
        };
        format!("https://schema.oparl.org/1.1/{name}")
    }
}
