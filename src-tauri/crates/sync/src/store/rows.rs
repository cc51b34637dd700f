//! What the store hands out: objects as they came from the council, with what this device knows about them.
//!
//! Nothing here reads or writes; `Debug` shows ids and numbers only.

use sync_protocol::ids::{AudienceId, BlobId, ObjectId};
use sync_protocol::model::File;

/// One object of the council, from the audience that shows it newest.
#[derive(Clone, PartialEq)]
pub struct Held<T> {
    pub object: T,
    /// Which audience's chain it was read from; the public one where several list the same revision.
    pub audience: AudienceId,
    /// Whether the public audience lists the object.
    pub public: bool,
    /// The entry's revision: counts every change of the object, not only of its file.
    pub revision: u32,
    /// When this device first saw the object.
    pub first_received_at_ms: i64,
    /// When this device saw its present state.
    pub changed_at_ms: i64,
}

impl<T> std::fmt::Debug for Held<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Held")
            .field("audience", &self.audience)
            .field("public", &self.public)
            .field("revision", &self.revision)
            .finish_non_exhaustive()
    }
}

impl<T> Held<T> {
    /// The same knowledge about a part or another form of the object.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Held<U> {
        Held {
            object: change(self.object),
            audience: self.audience,
            public: self.public,
            revision: self.revision,
            first_received_at_ms: self.first_received_at_ms,
            changed_at_ms: self.changed_at_ms,
        }
    }
}

/// What a file is to the object that carries it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FileRole {
    /// A paper's main file.
    Main,
    /// A further file (Anlage) of a paper, or of a meeting: who carries it tells which.
    Auxiliary,
    /// A file of an agenda item itself.
    AgendaItem,
    /// A meeting's invitation (Ladung).
    Invitation,
    /// A meeting's minutes (Niederschrift).
    Minutes,
}

impl FileRole {
    pub(crate) fn number(self) -> i64 {
        match self {
            Self::Main => 0,
            Self::Auxiliary => 1,
            Self::AgendaItem => 2,
            Self::Invitation => 3,
            Self::Minutes => 4,
        }
    }

    pub(crate) fn from_number(number: i64) -> Option<Self> {
        Some(match number {
            0 => Self::Main,
            1 => Self::Auxiliary,
            2 => Self::AgendaItem,
            3 => Self::Invitation,
            4 => Self::Minutes,
            _ => return None,
        })
    }
}

/// A file: its object and what lies on the device.
#[derive(Clone, PartialEq)]
pub struct FileRow {
    pub file: File,
    /// The audience whose class key opens it.
    pub audience: AudienceId,
    /// Whether the public audience lists it.
    pub public: bool,
    pub blob_id: BlobId,
    /// Plain length.
    pub byte_len: u64,
    pub page_count: Option<u32>,
    /// Whether it is whole on this device and can be read without a network.
    pub present: bool,
    pub first_received_at_ms: i64,
    pub changed_at_ms: i64,
}

impl FileRow {
    /// The file's object id.
    #[must_use]
    pub fn id(&self) -> ObjectId {
        self.file.id
    }
}

impl std::fmt::Debug for FileRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FileRow")
            .field("id", &self.file.id)
            .field("blob_id", &self.blob_id)
            .field("public", &self.public)
            .field("present", &self.present)
            .finish_non_exhaustive()
    }
}

/// One use of a file: who carries it and as what.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct FileUse {
    pub owner: ObjectId,
    pub role: FileRole,
    /// Place among the owner's files of that role, from 0.
    pub position: u32,
    pub file: ObjectId,
}

/// A receipt (delivery, Zugang) as the member may see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReceiptRow {
    pub meeting: ObjectId,
    pub invitation_revision: u32,
    pub blob_id: BlobId,
    /// This device's clock when the invitation was whole here.
    pub made_at_ms: i64,
    /// The server's clock when it took the receipt; `None`: still queued.
    pub server_at_ms: Option<i64>,
}

/// How much of one council lies on the device.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StorageUsage {
    /// Files known, each object once.
    pub files: u64,
    /// Files that are whole on the device.
    pub files_present: u64,
    /// Their plain bytes, each stored copy once.
    pub bytes_present: u64,
    /// The part of `bytes_present` that only nonpublic audiences list.
    pub bytes_nonpublic: u64,
    /// Objects of all kinds, files included.
    pub objects: u64,
}

/// Files of one meeting, agenda and papers included, each once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MeetingFiles {
    pub files: u64,
    pub files_present: u64,
    /// Plain bytes of all of them.
    pub bytes: u64,
    /// Pages of all of them, where the council says how many.
    pub pages: u64,
}
