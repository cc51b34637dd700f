//! OParl's kinds of objects and in which fields they hold or name each other. No decisions, no JSON.
//! Source: OParl 1.0 and 1.1, chapter 3.

use serde_json::Value;

use super::read::type_names;

/// A kind of OParl object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub(crate) enum Kind {
    Body = 1,
    LegislativeTerm = 2,
    Organization = 3,
    Person = 4,
    Membership = 5,
    Meeting = 6,
    AgendaItem = 7,
    Paper = 8,
    Consultation = 9,
    File = 10,
    Location = 11,
}

impl Kind {
    pub(crate) const ALL: [Self; 11] = [
        Self::Body,
        Self::LegislativeTerm,
        Self::Organization,
        Self::Person,
        Self::Membership,
        Self::Meeting,
        Self::AgendaItem,
        Self::Paper,
        Self::Consultation,
        Self::File,
        Self::Location,
    ];

    /// OParl's name.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Body => "Body",
            Self::LegislativeTerm => "LegislativeTerm",
            Self::Organization => "Organization",
            Self::Person => "Person",
            Self::Membership => "Membership",
            Self::Meeting => "Meeting",
            Self::AgendaItem => "AgendaItem",
            Self::Paper => "Paper",
            Self::Consultation => "Consultation",
            Self::File => "File",
            Self::Location => "Location",
        }
    }

    /// The number that stands for it in the tables.
    pub(crate) fn number(self) -> u8 {
        self as u8
    }

    pub(crate) fn of_number(number: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.number() == number)
    }

    /// What an object says that it is; where it says nothing known, what is expected where it was found.
    pub(crate) fn of(object: &Value, expected: Self) -> Self {
        let said: Vec<&str> = type_names(object).collect();
        let known = |kind: &Self| said.contains(&kind.name());
        Self::ALL.into_iter().find(known).unwrap_or(expected)
    }

    /// The fields in which an object of this kind holds or names others.
    pub(crate) fn places(self) -> &'static [Place] {
        match self {
            Self::Body => &BODY,
            Self::Organization => &ORGANIZATION,
            Self::Person => &PERSON,
            Self::Membership => &MEMBERSHIP,
            Self::Meeting => &MEETING,
            Self::AgendaItem => &AGENDA_ITEM,
            Self::Paper => &PAPER,
            Self::Consultation => &CONSULTATION,
            Self::LegislativeTerm | Self::File | Self::Location => &[],
        }
    }

    /// The fields that lead from an object of this kind to the one that holds it. A vendor leaves them out where an
    /// object is embedded, so what is known of them is not lost when the object comes again without.
    pub(crate) fn back_references(self) -> &'static [&'static str] {
        match self {
            Self::Membership => &["person", "organization"],
            Self::AgendaItem => &["meeting"],
            Self::Consultation => &["paper", "agendaItem", "meeting"],
            Self::Body => &["system"],
            _ => &[],
        }
    }
}

/// What is done with a reference to an object that is not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Follow {
    /// It is fetched.
    Yes,
    /// Whoever needs it finds it in a list, or nobody needs it.
    No,
}

/// A field that holds or names other objects.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    pub field: &'static str,
    pub kind: Kind,
    pub follow: Follow,
    /// The field of the other object that leads back.
    pub back: Option<&'static str>,
    /// The others belong to this object alone: what it lists no longer is gone.
    pub owns: bool,
}

const fn names(field: &'static str, kind: Kind, follow: Follow) -> Place {
    Place {
        field,
        kind,
        follow,
        back: None,
        owns: false,
    }
}

const fn owns(field: &'static str, kind: Kind, back: Option<&'static str>) -> Place {
    Place {
        field,
        kind,
        follow: Follow::Yes,
        back,
        owns: true,
    }
}

const BODY: [Place; 1] = [names("location", Kind::Location, Follow::No)];
const ORGANIZATION: [Place; 2] = [
    Place {
        field: "membership",
        kind: Kind::Membership,
        follow: Follow::Yes,
        back: Some("organization"),
        owns: false,
    },
    names("location", Kind::Location, Follow::Yes),
];
const PERSON: [Place; 2] = [
    owns("membership", Kind::Membership, Some("person")),
    names("location", Kind::Location, Follow::No),
];
const MEMBERSHIP: [Place; 2] = [
    names("person", Kind::Person, Follow::Yes),
    names("organization", Kind::Organization, Follow::Yes),
];
const MEETING: [Place; 7] = [
    names("location", Kind::Location, Follow::Yes),
    names("organization", Kind::Organization, Follow::Yes),
    owns("invitation", Kind::File, None),
    owns("resultsProtocol", Kind::File, None),
    owns("verbatimProtocol", Kind::File, None),
    owns("auxiliaryFile", Kind::File, None),
    owns("agendaItem", Kind::AgendaItem, Some("meeting")),
];
const AGENDA_ITEM: [Place; 4] = [
    names("meeting", Kind::Meeting, Follow::No),
    Place {
        field: "consultation",
        kind: Kind::Consultation,
        follow: Follow::Yes,
        back: Some("agendaItem"),
        owns: false,
    },
    owns("resolutionFile", Kind::File, None),
    owns("auxiliaryFile", Kind::File, None),
];
const PAPER: [Place; 10] = [
    owns("mainFile", Kind::File, None),
    owns("auxiliaryFile", Kind::File, None),
    names("location", Kind::Location, Follow::Yes),
    owns("consultation", Kind::Consultation, Some("paper")),
    names("originatorPerson", Kind::Person, Follow::No),
    names("originatorOrganization", Kind::Organization, Follow::No),
    names("underDirectionOf", Kind::Organization, Follow::No),
    names("relatedPaper", Kind::Paper, Follow::Yes),
    names("superordinatedPaper", Kind::Paper, Follow::Yes),
    names("subordinatedPaper", Kind::Paper, Follow::Yes),
];
const CONSULTATION: [Place; 4] = [
    names("paper", Kind::Paper, Follow::Yes),
    names("agendaItem", Kind::AgendaItem, Follow::No),
    names("meeting", Kind::Meeting, Follow::No),
    names("organization", Kind::Organization, Follow::No),
];
