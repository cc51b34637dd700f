//! What stands in an envelope: items, each an addition to one thing of the space. Read leniently: kinds and keys of a later
//! version are kept as they are and told, never refused. Not here: what the things look like (crate `faction`). Source: SPEC F18.

use minicbor::{Decode, Encode};

use super::inner::Inner;
use crate::cbor::{CborError, from_cbor_lenient, to_cbor};
use crate::ids::ItemId;

/// The kinds of items that this version knows. Numbers never change and are never used again.
pub mod kind {
    /// Something that was shared once and stays as it is: a note or a mark. The item's id is its own.
    pub const SHARE: u32 = 1;
    /// The share with this id is withdrawn. The body is empty.
    pub const WITHDRAW: u32 = 2;
    /// A document that several write in; the item's id is the document's. The body is what it was begun for.
    pub const DOCUMENT: u32 = 3;
    /// An edit of the document with this id: a Loro update.
    pub const EDIT: u32 = 4;
    /// The author has read the thing with this id, and wants it to be known.
    pub const READ: u32 = 5;
    /// The author's read state of the thing with this id shall not be known any more.
    pub const UNREAD: u32 = 6;
}

/// One addition. It has a body or an inner seal, never both.
#[derive(Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Item {
    /// What it is about.
    #[n(0)]
    pub item: ItemId,
    /// One of [`kind`], or a later one.
    #[n(1)]
    pub kind: u32,
    /// For everybody in the space.
    #[cbor(n(2), with = "crate::cbor::optional_bytes", has_nil)]
    pub body: Option<Vec<u8>>,
    /// For those who may read the paper it is about.
    #[n(3)]
    pub inner: Option<Inner>,
}

impl std::fmt::Debug for Item {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Item({:?}, kind {})", self.item, self.kind)
    }
}

/// The content of an envelope.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Content {
    /// When it was written; the author's clock, ms UTC.
    #[n(0)]
    pub at_ms: i64,
    /// What is added, in this order.
    #[n(1)]
    pub items: Vec<Item>,
}

/// Why content is not readable.
#[derive(Debug, thiserror::Error)]
pub enum ContentError {
    /// Not this structure.
    #[error("the content is not readable")]
    Form(#[from] CborError),
    /// An item with both a body and an inner seal, or neither.
    #[error("an item says in two ways who may read it")]
    Contradiction,
}

impl Content {
    /// Bytes to be sealed.
    pub fn to_bytes(&self) -> Vec<u8> {
        to_cbor(self)
    }

    /// Reads opened bytes.
    ///
    /// Errors: see [`ContentError`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, ContentError> {
        let content: Content = from_cbor_lenient(bytes)?;
        check_items(&content.items)?;
        Ok(content)
    }
}

pub(super) fn check_items<'a>(
    items: impl IntoIterator<Item = &'a Item>,
) -> Result<(), ContentError> {
    if items
        .into_iter()
        .all(|item| item.body.is_some() != item.inner.is_some())
    {
        Ok(())
    } else {
        Err(ContentError::Contradiction)
    }
}
