//! What a space shows: shares, documents, who has read what. Read from the items and from what waits to be sent, so that what is
//! written without network stands there at once.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rusqlite::named_params;
use sync_protocol::class_key::{ClassKey, KeyEpoch};
use sync_protocol::faction::content::{Item, kind};
use sync_protocol::faction::inner::{InnerPlace, open_inner};
use sync_protocol::ids::{AudienceId, CouncilId, FactionDeviceId, ItemId, UserId};

use crate::document::DocumentView;
use crate::error::FactionError;
use crate::items::{ItemRow, about, of_kind, waiting};
use crate::shareable::Copy;
use crate::space::Space;
use crate::things::Words;

/// Where class keys are looked up; `None` for one that is not held.
pub type ClassKeys<'a> = dyn Fn(CouncilId, AudienceId, KeyEpoch) -> Option<ClassKey> + 'a;

/// A share that can be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// Its id.
    pub item: ItemId,
    /// Who has shared it.
    pub author: UserId,
    /// What.
    pub copy: Copy,
    /// It was opened with a class key: nothing of it may outlast that.
    pub is_sealed: bool,
}

/// A share about a paper that this device may not read: "1 nichtöffentlicher Beitrag", and nothing more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Closed {
    /// Its id.
    pub item: ItemId,
    /// Who has shared it.
    pub author: UserId,
    /// Whose class key it needs.
    pub audience: AudienceId,
}

/// A share.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shown {
    /// It can be read.
    Open(Arc<Said>),
    /// It cannot.
    Closed(Closed),
}

pub(crate) enum Body {
    Open(Vec<u8>),
    Closed(AudienceId),
    Unreadable,
}

impl Space {
    pub(crate) fn owner(&self, device: &FactionDeviceId) -> Option<UserId> {
        self.roster.device(device).map(|device| device.user)
    }

    pub(crate) fn body(&self, item: &Item, class_keys: &ClassKeys<'_>) -> Body {
        if let Some(body) = &item.body {
            return Body::Open(body.clone());
        }
        let Some(inner) = &item.inner else {
            return Body::Unreadable;
        };
        let Some(key) = class_keys(inner.council, inner.audience, inner.epoch) else {
            return Body::Closed(inner.audience);
        };
        let place = InnerPlace {
            faction: self.faction(),
            item: item.item,
            kind: item.kind,
        };
        open_inner(&key, place, inner).map_or(Body::Unreadable, Body::Open)
    }

    /// Items of a kind: those that were said, then those that wait here.
    pub(crate) fn items_of_kind(&self, kind: u32) -> Result<Vec<ItemRow>, FactionError> {
        self.store.read(|connection| {
            let mut rows = of_kind(connection, self.row, kind)?;
            let waiting = waiting(connection, self.row, self.keys.device)?;
            rows.extend(waiting.into_iter().filter(|row| row.item.kind == kind));
            Ok(rows)
        })
    }

    pub(crate) fn items_about(
        &self,
        item: ItemId,
        kind: u32,
    ) -> Result<Vec<ItemRow>, FactionError> {
        self.store.read(|connection| {
            let mut rows = about(connection, self.row, item, kind)?;
            let waiting = waiting(connection, self.row, self.keys.device)?;
            rows.extend(
                waiting
                    .into_iter()
                    .filter(|row| row.item.kind == kind && row.item.item == item),
            );
            Ok(rows)
        })
    }

    /// Shares that were not withdrawn, one for each id and author, so that nobody's takes another's place; unreadable ones are left
    /// out.
    ///
    /// Errors: the database.
    pub fn shares(&self, class_keys: &ClassKeys<'_>) -> Result<Vec<Shown>, FactionError> {
        self.with_things(|held| {
            let mut shown = Vec::new();
            for thing in held.values() {
                let mut by_author = BTreeMap::new();
                for (author, words) in &thing.shares {
                    if thing.withdrawn_by.contains(author) || by_author.contains_key(author) {
                        continue;
                    }
                    let one = match words {
                        Words::Open(said) => Some(Shown::Open(Arc::clone(said))),
                        Words::Sealed(sealed) => self.opened_share(sealed, *author, class_keys),
                    };
                    by_author.extend(one.map(|one| (*author, one)));
                }
                shown.extend(by_author.into_values());
            }
            shown
        })
    }

    fn opened_share(
        &self,
        sealed: &Item,
        author: UserId,
        class_keys: &ClassKeys<'_>,
    ) -> Option<Shown> {
        let item = sealed.item;
        match self.body(sealed, class_keys) {
            Body::Open(bytes) => {
                let copy = sync_protocol::cbor::from_cbor_lenient(&bytes).ok()?;
                Some(Shown::Open(Arc::new(Said {
                    item,
                    author,
                    copy,
                    is_sealed: true,
                })))
            }
            Body::Closed(audience) => Some(Shown::Closed(Closed {
                item,
                author,
                audience,
            })),
            Body::Unreadable => None,
        }
    }

    pub(crate) fn authors_of_share(&self, item: ItemId) -> Result<Vec<UserId>, FactionError> {
        let rows = self.items_about(item, kind::SHARE)?;
        Ok(rows
            .iter()
            .filter_map(|row| self.owner(&row.author))
            .collect())
    }

    /// Ids of all documents.
    ///
    /// Errors: the database.
    pub fn documents(&self) -> Result<Vec<ItemId>, FactionError> {
        let rows = self.items_of_kind(kind::DOCUMENT)?;
        let ids: BTreeSet<ItemId> = rows.iter().map(|row| row.item.item).collect();
        Ok(ids.into_iter().collect())
    }

    /// A document as it reads now.
    ///
    /// Errors: `NoSuchItem` if there is none or its paper is locked, the database.
    pub fn document(
        &self,
        item: ItemId,
        class_keys: &ClassKeys<'_>,
    ) -> Result<DocumentView, FactionError> {
        let outline = self
            .outline(item, class_keys)?
            .ok_or(FactionError::NoSuchItem)?;
        let reading = self.reading(&outline, class_keys)?;
        Ok(DocumentView {
            item,
            kind: outline.kind,
            author: outline.author,
            at_ms: outline.at_ms,
            anchor: outline.anchor,
            parent: outline.parent,
            mentions: outline.mentions.clone(),
            texts: reading.texts.clone(),
            values: reading.values.clone(),
            speakers: reading.speakers.clone(),
            unmerged: reading.unmerged,
        })
    }

    /// Who wants it to be known that she has read this, ascending.
    ///
    /// Errors: the database.
    pub fn readers(&self, item: ItemId) -> Result<Vec<UserId>, FactionError> {
        let mut last: BTreeMap<UserId, (i64, bool)> = BTreeMap::new();
        for kind in [kind::READ, kind::UNREAD] {
            for row in self.items_about(item, kind)? {
                let Some(user) = self.owner(&row.author) else {
                    continue;
                };
                let said = (row.at_ms, kind == kind::READ);
                // Said in the same millisecond: the wish not to be known counts.
                let is_newer = last
                    .get(&user)
                    .is_none_or(|known| said.0 > known.0 || (said.0 == known.0 && !said.1));
                if is_newer {
                    last.insert(user, said);
                }
            }
        }
        let readers = last.into_iter().filter(|(_, (_, is_read))| *is_read);
        Ok(readers.map(|(user, _)| user).collect())
    }

    /// Messages in which the owner is mentioned.
    ///
    /// Errors: the database.
    pub fn mentions(&self, class_keys: &ClassKeys<'_>) -> Result<Vec<ItemId>, FactionError> {
        let (outlines, _) = self.outlines(class_keys)?;
        let mentioned = outlines
            .iter()
            .filter(|one| one.mentions.contains(&self.user));
        Ok(mentioned.map(|one| one.item).collect())
    }

    /// How much a newer version has said that this one does not know: envelopes kept unopened, and items of unknown kinds.
    ///
    /// Errors: the database.
    pub fn newer_count(&self) -> Result<u64, FactionError> {
        self.store.read(|connection| {
            let sql = "SELECT (SELECT count(*) FROM newer WHERE space = :space)
                     + (SELECT count(*) FROM item WHERE space = :space AND kind > :known) AS n";
            let params = named_params! {":space": self.row, ":known": kind::UNREAD};
            Ok(connection.query_row(sql, params, |row| crate::rows::number(row, "n"))?)
        })
    }
}
