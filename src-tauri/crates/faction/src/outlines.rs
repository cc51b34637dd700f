//! How every document began, without what was written in it since: enough to choose those that are shown.

use std::collections::BTreeSet;

use sync_protocol::faction::content::kind;
use sync_protocol::ids::{ItemId, UserId};

use crate::document::DocumentKind;
use crate::error::FactionError;
use crate::items::{Anchor, Begin, message_id};
use crate::space::Space;
use crate::view::{Body, ClassKeys, Closed};

/// A document's beginning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outline {
    /// Its id.
    pub item: ItemId,
    /// What it is.
    pub kind: DocumentKind,
    /// Who began it.
    pub author: UserId,
    /// When; ms UTC, her clock.
    pub at_ms: i64,
    /// What it is about.
    pub anchor: Option<Anchor>,
    /// What it answers.
    pub parent: Option<ItemId>,
    /// Who is mentioned.
    pub mentions: Vec<UserId>,
}

impl Space {
    /// All documents that can be read, one for each id, and those about a paper that this device may not read.
    ///
    /// Errors: the database.
    pub fn outlines(
        &self,
        class_keys: &ClassKeys<'_>,
    ) -> Result<(Vec<Outline>, Vec<Closed>), FactionError> {
        let (mut outlines, mut closed, mut seen) = (Vec::new(), Vec::new(), BTreeSet::new());
        for row in self.items_of_kind(kind::DOCUMENT)? {
            let item = row.item.item;
            let Some(author) = self.owner(&row.author).filter(|_| !seen.contains(&item)) else {
                continue;
            };
            let bytes = match self.body(&row.item, class_keys) {
                Body::Open(bytes) => bytes,
                Body::Closed(audience) => {
                    seen.insert(item);
                    closed.push(Closed {
                        item,
                        author,
                        audience,
                    });
                    continue;
                }
                Body::Unreadable => continue,
            };
            let Ok(begin) = sync_protocol::cbor::from_cbor_lenient::<Begin>(&bytes) else {
                continue;
            };
            let is_message = begin.kind == DocumentKind::Message.number();
            let is_own = begin.salt.map(|salt| message_id(row.author, salt)) == Some(item);
            if is_message && !is_own {
                continue;
            }
            seen.insert(item);
            outlines.push(Outline {
                item,
                kind: DocumentKind::from_number(begin.kind),
                author,
                at_ms: begin.at_ms,
                anchor: begin.anchor,
                parent: begin.parent,
                mentions: begin.mentions,
            });
        }
        Ok((outlines, closed))
    }
}
