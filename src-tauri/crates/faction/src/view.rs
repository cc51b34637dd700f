//! What a space shows: shares, documents, who has read what. Read from the items and from what waits to be sent, so that what is
//! written without network stands there at once.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{OptionalExtension, named_params};
use sync_protocol::class_key::{ClassKey, KeyEpoch};
use sync_protocol::faction::content::{Item, kind};
use sync_protocol::faction::inner::{InnerPlace, open_inner};
use sync_protocol::ids::{AudienceId, CouncilId, FactionDeviceId, ItemId, UserId};

use crate::document::{DocumentKind, DocumentView, Imported, Merged};
use crate::error::FactionError;
use crate::items::{Begin, ItemRow, about, message_id, of_kind, waiting};
use crate::shareable::Copy;
use crate::space::Space;

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
    Open(Box<Said>),
    /// It cannot.
    Closed(Closed),
}

/// Edits from which on a document is kept merged; fewer are merged quicker than they are stored.
const KEPT_FROM: usize = 16;

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
        let withdrawn: BTreeSet<(ItemId, UserId)> = self
            .items_of_kind(kind::WITHDRAW)?
            .iter()
            .filter_map(|row| Some((row.item.item, self.owner(&row.author)?)))
            .collect();
        let mut shown = BTreeMap::new();
        for row in self.items_of_kind(kind::SHARE)? {
            let item = row.item.item;
            let Some(author) = self.owner(&row.author) else {
                continue;
            };
            if withdrawn.contains(&(item, author)) || shown.contains_key(&(item, author)) {
                continue;
            }
            let one = match self.body(&row.item, class_keys) {
                Body::Open(bytes) => sync_protocol::cbor::from_cbor_lenient(&bytes)
                    .ok()
                    .map(|copy| Shown::Open(Box::new(Said { item, author, copy }))),
                Body::Closed(audience) => Some(Shown::Closed(Closed {
                    item,
                    author,
                    audience,
                })),
                Body::Unreadable => None,
            };
            shown.extend(one.map(|one| ((item, author), one)));
        }
        Ok(shown.into_values().collect())
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

    /// How a document began, and by whom. `None`: there is none, or its paper is locked.
    pub(crate) fn begin_of(
        &self,
        item: ItemId,
        class_keys: &ClassKeys<'_>,
    ) -> Result<Option<(Begin, UserId)>, FactionError> {
        let rows = self.items_about(item, kind::DOCUMENT)?;
        Ok(rows.iter().find_map(|row| {
            let Body::Open(bytes) = self.body(&row.item, class_keys) else {
                return None;
            };
            let begin: Begin = sync_protocol::cbor::from_cbor_lenient(&bytes).ok()?;
            let is_message = begin.kind == DocumentKind::Message.number();
            let is_own = begin.salt.map(|salt| message_id(row.author, salt)) == Some(item);
            if is_message && !is_own {
                return None;
            }
            Some((begin, self.owner(&row.author)?))
        }))
    }

    /// A document as it reads now.
    ///
    /// Errors: `NoSuchItem` if there is none or its paper is locked, the database.
    pub fn document(
        &self,
        item: ItemId,
        class_keys: &ClassKeys<'_>,
    ) -> Result<DocumentView, FactionError> {
        let (begin, author) = self
            .begin_of(item, class_keys)?
            .ok_or(FactionError::NoSuchItem)?;
        let (merged, unmerged) = self.merged(item, class_keys)?;
        Ok(DocumentView {
            item,
            kind: DocumentKind::from_number(begin.kind),
            author,
            at_ms: begin.at_ms,
            anchor: begin.anchor,
            parent: begin.parent,
            mentions: begin.mentions,
            texts: merged.texts(),
            values: merged.values(),
            speakers: merged.speakers(),
            unmerged,
        })
    }

    /// A document's edits, merged, and how many of them could not be. Another's edits of a message do not count.
    ///
    /// What everybody may read is kept merged; it is forgotten whenever an edit comes and made again here.
    pub(crate) fn merged(
        &self,
        item: ItemId,
        class_keys: &ClassKeys<'_>,
    ) -> Result<(Merged, usize), FactionError> {
        let begin = self.begin_of(item, class_keys)?;
        let only_by = begin
            .filter(|(begin, _)| begin.kind == DocumentKind::Message.number())
            .map(|(_, author)| author);
        let mut merged = Merged::empty();
        if let Some(kept) = self.kept_merged(item)?
            && merged.import(&kept) == Imported::Whole
        {
            return Ok((merged, 0));
        }
        let mut is_open = true;
        let mut last = BTreeMap::new();
        let rows = self.items_about(item, kind::EDIT)?;
        for (place, row) in rows.iter().enumerate() {
            let owner = self.owner(&row.author);
            if only_by.is_some() && owner != only_by {
                continue;
            }
            is_open &= row.item.body.is_some();
            let Body::Open(bytes) = self.body(&row.item, class_keys) else {
                continue;
            };
            last.insert(place, merged.import(&bytes));
        }
        // What waited for an edit that came later is whole by now; importing again tells.
        let mut unmerged = 0;
        for (place, imported) in last {
            if imported == Imported::Whole {
                continue;
            }
            let again = rows.get(place).map(|row| self.body(&row.item, class_keys));
            let is_whole = matches!(again, Some(Body::Open(bytes)) if merged.import(&bytes) == Imported::Whole);
            unmerged += usize::from(!is_whole);
        }
        if is_open && unmerged == 0 && rows.len() >= KEPT_FROM {
            self.keep_merged(item, &merged)?;
        }
        Ok((merged, unmerged))
    }

    fn kept_merged(&self, item: ItemId) -> Result<Option<Vec<u8>>, FactionError> {
        self.store.read(|connection| {
            let sql = "SELECT merged FROM document WHERE space = :space AND item = :item";
            let params = named_params! {":space": self.row, ":item": item.as_bytes()};
            Ok(connection
                .query_row(sql, params, |row| row.get(0))
                .optional()?)
        })
    }

    fn keep_merged(&self, item: ItemId, merged: &Merged) -> Result<(), FactionError> {
        let bytes = merged.export()?;
        self.store.write(|tx| {
            tx.execute(
                "INSERT OR REPLACE INTO document (space, item, merged) VALUES (:space, :item, :merged)",
                named_params! {":space": self.row, ":item": item.as_bytes(), ":merged": bytes},
            )?;
            Ok(())
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
        let mut mentioned = Vec::new();
        for item in self.documents()? {
            if let Some((begin, _)) = self.begin_of(item, class_keys)?
                && begin.mentions.contains(&self.user)
            {
                mentioned.push(item);
            }
        }
        Ok(mentioned)
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
