//! Where a mark belongs: council, object, page, place on the page, and the words it stands at.
//! Not finding that place again in a new revision.

use vault::{AudienceId, BlobId, CouncilId, ObjectId};

/// A rectangle in PDF points of the unrotated page, origin at the bottom left.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rect {
    /// Left edge, points.
    pub left: f32,
    /// Bottom edge, points.
    pub bottom: f32,
    /// Right edge, points; not left of `left`.
    pub right: f32,
    /// Top edge, points; not below `bottom`.
    pub top: f32,
}

impl Rect {
    /// Whether it is finite and not turned inside out.
    pub fn is_valid(&self) -> bool {
        [self.left, self.bottom, self.right, self.top]
            .iter()
            .all(|edge| edge.is_finite())
            && self.left <= self.right
            && self.bottom <= self.top
    }
}

/// The words a mark stands at, with some words around them.
#[derive(Clone, PartialEq, Eq)]
pub struct Quote {
    /// The marked words.
    pub exact: String,
    /// What stands before them.
    pub prefix: String,
    /// What stands after them.
    pub suffix: String,
}

impl std::fmt::Debug for Quote {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Quote(hidden)")
    }
}

/// The object a mark belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Target {
    /// A meeting.
    Meeting(ObjectId),
    /// An agenda item.
    AgendaItem(ObjectId),
    /// A paper.
    Paper(ObjectId),
    /// One revision of a file.
    File {
        /// The file; the same in all its revisions.
        file: ObjectId,
        /// The bytes the mark was made on.
        blob_id: BlobId,
        /// The revision the mark was made on.
        revision: u32,
    },
}

/// The kind of a target.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TargetKind {
    /// A meeting.
    Meeting,
    /// An agenda item.
    AgendaItem,
    /// A paper.
    Paper,
    /// A file.
    File,
}

/// A target without the revision of a file: what marks are listed by, and what has its own undo history.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TargetKey {
    /// The council.
    pub council: CouncilId,
    /// The kind of the object.
    pub kind: TargetKind,
    /// The object.
    pub object: ObjectId,
}

impl TargetKey {
    /// The key of a file.
    pub fn file(council: CouncilId, file: ObjectId) -> Self {
        Self {
            council,
            kind: TargetKind::File,
            object: file,
        }
    }
}

impl Target {
    /// The kind of this target.
    pub fn kind(&self) -> TargetKind {
        match self {
            Self::Meeting(_) => TargetKind::Meeting,
            Self::AgendaItem(_) => TargetKind::AgendaItem,
            Self::Paper(_) => TargetKind::Paper,
            Self::File { .. } => TargetKind::File,
        }
    }

    /// The object.
    pub fn object(&self) -> ObjectId {
        match self {
            Self::Meeting(object) | Self::AgendaItem(object) | Self::Paper(object) => *object,
            Self::File { file, .. } => *file,
        }
    }
}

impl TargetKind {
    /// The name in the database and towards the page.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Meeting => "meeting",
            Self::AgendaItem => "agenda_item",
            Self::Paper => "paper",
            Self::File => "file",
        }
    }

    /// The reverse of [`TargetKind::as_str`].
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Meeting, Self::AgendaItem, Self::Paper, Self::File]
            .into_iter()
            .find(|kind| kind.as_str() == name)
    }
}

/// Where a mark belongs.
#[derive(Debug, Clone, PartialEq)]
pub struct Anchor {
    /// The council.
    pub council: CouncilId,
    /// The object.
    pub target: Target,
    /// The page, counted from 0; only in files.
    pub page: Option<u32>,
    /// Where on the page.
    pub rects: Vec<Rect>,
    /// The words it stands at.
    pub quote: Option<Quote>,
    /// The audience of a nonpublic file: its quotation is kept sealed under the class key and forgotten with it.
    pub sealed_class: Option<AudienceId>,
}

impl Anchor {
    /// The target without the revision.
    pub fn key(&self) -> TargetKey {
        TargetKey {
            council: self.council,
            kind: self.target.kind(),
            object: self.target.object(),
        }
    }
}
