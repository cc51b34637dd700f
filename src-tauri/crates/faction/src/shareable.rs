//! The one thing that may enter a space from outside: a copy of something private, made for this purpose. It has an id of its own;
//! which note it was copied from is known to `notes` alone. No other constructor exists, and nothing here reads a note.

use minicbor::{Decode, Encode};
use sync_protocol::RandomUnavailable;
use sync_protocol::ids::{BlobId, ItemId, ObjectId};

use crate::items::{Anchor, Readers};

/// Left, bottom, right, top in hundredths of a PDF point of the unrotated page.
pub type SharedRect = [i32; 4];

/// A mark on a page, as it is copied.
#[derive(Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct MarkCopy {
    /// The file.
    #[n(0)]
    pub file: ObjectId,
    /// The version of the file that it was made on.
    #[n(1)]
    pub blob: BlobId,
    /// Page, from 0.
    #[n(2)]
    pub page: u32,
    /// Name of its kind, as crate `notes` writes it; one that is not known is shown as a note.
    #[n(3)]
    pub kind: String,
    /// Where it stands.
    #[n(4)]
    pub rects: Vec<SharedRect>,
    /// Width of the line, or size of the letters, hundredths of a PDF point.
    #[n(5)]
    pub width: Option<u32>,
    /// Name of the stamp.
    #[n(6)]
    pub stamp: Option<String>,
    /// Strokes, or the two ends of a form, as crate `notes` writes handwriting.
    #[cbor(n(7), with = "minicbor::bytes")]
    pub strokes: Option<Vec<u8>>,
    /// The words it stands on.
    #[n(8)]
    pub quote: Option<String>,
}

impl std::fmt::Debug for MarkCopy {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "MarkCopy(page {})", self.page)
    }
}

/// What is copied.
#[derive(Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Copy {
    /// What it is about.
    #[n(0)]
    pub anchor: Anchor,
    /// Its words; empty for a mark without any.
    #[n(1)]
    pub text: String,
    /// The mark; absent for a note.
    #[n(2)]
    pub mark: Option<MarkCopy>,
    /// When it was shared; ms UTC, the device's clock.
    #[n(3)]
    pub at_ms: i64,
}

impl std::fmt::Debug for Copy {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Copy({:?})", self.anchor)
    }
}

/// A copy that may be shared, with who may read it.
#[derive(Debug, Clone)]
pub struct Shareable {
    pub(crate) item: ItemId,
    pub(crate) copy: Copy,
    pub(crate) readers: Readers,
}

impl Shareable {
    /// Makes a copy with a new id.
    ///
    /// `readers`: [`Readers::Everybody`] for what is public alone. Errors: no randomness.
    pub fn copy(copy: Copy, readers: Readers) -> Result<Self, RandomUnavailable> {
        Ok(Self {
            item: ItemId::make()?,
            copy,
            readers,
        })
    }

    /// Its id in the space; the private original may remember it.
    pub fn item(&self) -> ItemId {
        self.item
    }
}
