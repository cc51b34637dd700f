//! What is put into an index: one document per council object or file, with opaque ids.

use std::fmt;

/// The id of an object of the caller: a document, an organization, a meeting, a paper. Means nothing here.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Id(pub [u8; 16]);

impl fmt::Debug for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Id(")?;
        for byte in self.0 {
            write!(f, "{byte:02x}")?;
        }
        f.write_str(")")
    }
}

/// What a document is. The numbers stand in the index and never change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Kind {
    /// A meeting.
    Meeting = 1,
    /// An item of an agenda.
    AgendaItem = 2,
    /// A paper.
    Paper = 3,
    /// A person.
    Person = 4,
    /// An organization.
    Organization = 5,
    /// A file: its name and its pages.
    File = 6,
}

impl Kind {
    pub(crate) fn from_number(number: u8) -> Option<Self> {
        [
            Self::Meeting,
            Self::AgendaItem,
            Self::Paper,
            Self::Person,
            Self::Organization,
            Self::File,
        ]
        .into_iter()
        .find(|kind| *kind as u8 == number)
    }
}

/// What hits are filtered and ordered by.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Fields {
    /// The organizations it belongs to.
    pub organizations: Vec<Id>,
    /// Its meeting: the coming one, or the last.
    pub meeting: Option<Id>,
    /// Its paper.
    pub paper: Option<Id>,
    /// When that meeting is, ms UTC; else the document's own date.
    pub date_ms: Option<i64>,
}

/// The text of a document.
#[derive(Clone, PartialEq, Eq)]
pub enum Content {
    /// No pages: what stands beside the title, often nothing.
    Body(String),
    /// Pages in their order. If none holds a word the document is listed as a scan.
    Pages(Vec<String>),
    /// Its pages could not be read; it is found by its title and listed as failed.
    Unreadable,
}

/// A document to be indexed.
#[derive(Clone, PartialEq, Eq)]
pub struct Document {
    /// Whose text. One document per id; a later one takes its place.
    pub owner: Id,
    /// What it is.
    pub kind: Kind,
    /// Revision, hash or the like: tells whether it has to be indexed again.
    pub stamp: Vec<u8>,
    /// What stands in the list of hits.
    pub title: String,
    /// The text.
    pub content: Content,
    /// What hits are filtered and ordered by.
    pub fields: Fields,
}

impl fmt::Debug for Document {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "Document({:?}, {:?}, text hidden)",
            self.owner, self.kind
        )
    }
}

/// How far a document is searchable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Its text is in the index.
    Indexed,
    /// Its pages hold no text: not searchable (scan).
    Scan,
    /// Its pages could not be read.
    Failed,
}

impl State {
    pub(crate) fn number(self) -> u8 {
        match self {
            Self::Indexed => 0,
            Self::Scan => 1,
            Self::Failed => 2,
        }
    }

    pub(crate) fn from_number(number: u8) -> Option<Self> {
        [Self::Indexed, Self::Scan, Self::Failed]
            .into_iter()
            .find(|state| state.number() == number)
    }
}
