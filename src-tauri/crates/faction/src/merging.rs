//! Merging a document's edits. What was kept of it is the beginning; only what came later is merged on top of that, so an edit of a
//! long document costs no more than one of a short one. How it reads then stands in `reading`.

use std::collections::BTreeSet;

use rusqlite::{OptionalExtension, Transaction, named_params};
use sync_protocol::faction::content::kind;
use sync_protocol::ids::ItemId;

use crate::document::{DocumentKind, Imported, Merged};
use crate::error::FactionError;
use crate::items::{ItemRow, about_since, waiting};
use crate::outlines::Outline;
use crate::reading::Asked;
use crate::space::Space;
use crate::view::{Body, ClassKeys};

/// Edits since a document was last kept merged from which on it is kept again; fewer are merged quicker than they are stored.
const KEPT_FROM: usize = 24;

/// What is kept of a document.
pub(crate) struct Kept {
    bytes: Vec<u8>,
    /// The last edit in it.
    upto: i64,
}

/// A document's edits as far as they are to be merged.
pub(crate) struct Edits {
    kept: Option<Kept>,
    /// Said since then, and the last of them.
    said: Vec<Vec<u8>>,
    last: i64,
    waiting: Vec<Vec<u8>>,
    /// Class keys that were asked for.
    asked: Vec<Asked>,
}

/// What merging has come to.
pub(crate) struct Merging {
    pub(crate) merged: Merged,
    /// Edits that are there and cannot be merged.
    pub(crate) unmerged: usize,
    /// Class keys that were asked for.
    pub(crate) asked: Vec<Asked>,
    /// To be kept for the next time, if that is worth it.
    pub(crate) keep: Option<Kept>,
}

impl Edits {
    /// Merges them; needs nothing but this. `None`: what was kept does not serve, everything is to be merged.
    ///
    /// Errors: the merged document cannot be written.
    pub(crate) fn merge(self) -> Result<Option<Merging>, FactionError> {
        let is_kept = self.kept.is_some();
        let is_worth = self.said.len() >= KEPT_FROM && self.asked.is_empty();
        let mut parts: Vec<Vec<u8>> = self.kept.into_iter().map(|kept| kept.bytes).collect();
        parts.extend(self.said);
        let (mut merged, mut unmerged) = Merged::of(&parts);
        let mut keep = None;
        if is_worth && unmerged == 0 {
            let (bytes, upto) = (merged.export()?, self.last);
            keep = Some(Kept { bytes, upto });
        }
        if unmerged == 0 {
            let waiting = self.waiting.iter();
            unmerged = waiting
                .filter(|bytes| merged.import(bytes) != Imported::Whole)
                .count();
        } else if !self.waiting.is_empty() {
            parts.extend(self.waiting);
            (merged, unmerged) = Merged::of(&parts);
        }
        if is_kept && unmerged > 0 {
            return Ok(None);
        }
        Ok(Some(Merging {
            merged,
            unmerged,
            asked: self.asked,
            keep,
        }))
    }
}

impl Space {
    /// A document's edits, merged. Another's edits of a message do not count.
    pub(crate) fn merge(
        &self,
        outline: &Outline,
        class_keys: &ClassKeys<'_>,
    ) -> Result<Merging, FactionError> {
        let kept = self.edits(outline, class_keys, true)?.merge()?;
        match kept {
            Some(merging) => Ok(merging),
            None => {
                let all = self.edits(outline, class_keys, false)?.merge()?;
                all.ok_or(FactionError::Document)
            }
        }
    }

    /// As [`Self::merge`], to be edited: a long one is kept merged for the next edit.
    pub(crate) fn merged(
        &self,
        outline: &Outline,
        class_keys: &ClassKeys<'_>,
    ) -> Result<Merged, FactionError> {
        let merging = self.merge(outline, class_keys)?;
        if let Some(kept) = &merging.keep {
            self.store
                .write(|tx| self.keep_merged(tx, outline.item, kept))?;
        }
        Ok(merging.merged)
    }

    /// What is to be merged of a document; with what was kept of it, or without.
    pub(crate) fn edits(
        &self,
        outline: &Outline,
        class_keys: &ClassKeys<'_>,
        from_kept: bool,
    ) -> Result<Edits, FactionError> {
        let item = outline.item;
        let kept = match from_kept {
            true => self.kept_merged(item)?,
            false => None,
        };
        let after = kept.as_ref().map_or(0, |kept| kept.upto);
        let ((said, last), waiting) = self.store.read(|connection| {
            let said = about_since(connection, self.row, (item, kind::EDIT), after)?;
            let mut waiting = waiting(connection, self.row, self.keys.device)?;
            waiting.retain(|row| row.item.kind == kind::EDIT && row.item.item == item);
            Ok((said, waiting))
        })?;
        let only_by = (outline.kind == DocumentKind::Message).then_some(outline.author);
        let mut asked = BTreeSet::new();
        let mut open = |rows: Vec<ItemRow>| {
            let mut opened = Vec::new();
            for row in rows {
                if only_by.is_some() && self.owner(&row.author) != only_by {
                    continue;
                }
                if let Some(inner) = &row.item.inner {
                    let (council, audience, epoch) = (inner.council, inner.audience, inner.epoch);
                    let is_held = class_keys(council, audience, epoch).is_some();
                    asked.insert((council, audience, epoch, is_held));
                }
                if let Body::Open(bytes) = self.body(&row.item, class_keys) {
                    opened.push(bytes);
                }
            }
            opened
        };
        let (said, waiting) = (open(said), open(waiting));
        let asked = asked.into_iter().collect();
        Ok(Edits {
            kept,
            said,
            last,
            waiting,
            asked,
        })
    }

    fn kept_merged(&self, item: ItemId) -> Result<Option<Kept>, FactionError> {
        self.store.read(|connection| {
            let sql = "SELECT merged, upto FROM document WHERE space = :space AND item = :item";
            let params = named_params! {":space": self.row, ":item": item.as_bytes()};
            let mut statement = connection.prepare_cached(sql)?;
            let row = statement.query_row(params, |row| {
                Ok(Kept {
                    bytes: row.get("merged")?,
                    upto: row.get("upto")?,
                })
            });
            Ok(row.optional()?)
        })
    }

    /// Keeps a document merged.
    pub(crate) fn keep_merged(
        &self,
        tx: &Transaction<'_>,
        item: ItemId,
        kept: &Kept,
    ) -> Result<(), FactionError> {
        let sql = "INSERT OR REPLACE INTO document (space, item, merged, upto)
                   VALUES (:space, :item, :merged, :upto)";
        tx.prepare_cached(sql)?.execute(named_params! {
            ":space": self.row, ":item": item.as_bytes(), ":merged": kept.bytes, ":upto": kept.upto,
        })?;
        Ok(())
    }
}
