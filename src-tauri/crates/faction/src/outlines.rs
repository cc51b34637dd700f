//! How every document began, without what was written in it since: enough to choose those that are shown.

use std::sync::Arc;

use sync_protocol::cbor::from_cbor_lenient;
use sync_protocol::faction::content::Item;
use sync_protocol::ids::{AudienceId, FactionDeviceId, ItemId, UserId};

use crate::document::DocumentKind;
use crate::error::FactionError;
use crate::items::{Anchor, Begin, message_id};
use crate::space::Space;
use crate::things::Words;
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

impl Outline {
    /// From the body of a beginning; `None` for one that does not count: unreadable, or a message that is not its author's.
    pub(crate) fn read(
        item: ItemId,
        device: FactionDeviceId,
        author: UserId,
        body: &[u8],
    ) -> Option<Self> {
        let begin: Begin = from_cbor_lenient(body).ok()?;
        let is_message = begin.kind == DocumentKind::Message.number();
        let is_own = begin.salt.map(|salt| message_id(device, salt)) == Some(item);
        if is_message && !is_own {
            return None;
        }
        Some(Self {
            item,
            kind: DocumentKind::from_number(begin.kind),
            author,
            at_ms: begin.at_ms,
            anchor: begin.anchor,
            parent: begin.parent,
            mentions: begin.mentions,
        })
    }
}

impl Space {
    /// All documents that can be read, one for each id, and those about a paper that this device may not read; ascending by id.
    ///
    /// Errors: the database.
    pub fn outlines(
        &self,
        class_keys: &ClassKeys<'_>,
    ) -> Result<(Vec<Arc<Outline>>, Vec<Closed>), FactionError> {
        self.with_things(|held| {
            let (mut outlines, mut closed) = (Vec::new(), Vec::new());
            for (item, thing) in held {
                for (device, begin) in &thing.begins {
                    let outline = match begin {
                        Words::Open(outline) => Ok(Some(Arc::clone(outline))),
                        Words::Sealed(sealed) => self.opened_outline(*device, sealed, class_keys),
                    };
                    match outline {
                        Ok(Some(outline)) => outlines.push(outline),
                        Ok(None) => continue,
                        Err(audience) => closed.extend(self.owner(device).map(|author| Closed {
                            item: *item,
                            author,
                            audience,
                        })),
                    }
                    break;
                }
            }
            (outlines, closed)
        })
    }

    /// Opens a sealed beginning. `Err`: the audience whose class key is missing; `None`: it does not count.
    pub(crate) fn opened_outline(
        &self,
        device: FactionDeviceId,
        sealed: &Item,
        class_keys: &ClassKeys<'_>,
    ) -> Result<Option<Arc<Outline>>, AudienceId> {
        let body = match self.body(sealed, class_keys) {
            Body::Open(body) => body,
            Body::Closed(audience) => return Err(audience),
            Body::Unreadable => return Ok(None),
        };
        let author = self.owner(&device);
        let read = author.and_then(|author| Outline::read(sealed.item, device, author, &body));
        Ok(read.map(Arc::new))
    }
}
