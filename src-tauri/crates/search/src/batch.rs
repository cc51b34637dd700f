//! Putting documents into an index and taking them out, all in one transaction.

use crate::document::{Content, Document, Fields, Id, State};
use crate::error::SearchError;
use crate::fold::for_each_token;
use crate::page_rows::{MOST_PAGES, free_rows};
use crate::stem::stem;
use crate::stored::{deflate, stored_page};
use rusqlite::{OptionalExtension, Transaction, named_params};
use std::collections::HashMap;
use std::fmt;

/// Documents that become visible together. Made by [`crate::Index::write`].
pub struct Batch<'t> {
    transaction: &'t Transaction<'t>,
    words: HashMap<String, Tally>,
    heads: Vec<(i64, String)>,
    pages: Vec<(i64, String)>,
    pub(crate) has_removed: bool,
}

#[derive(Default, Clone, Copy)]
struct Tally {
    heads: i64,
    pages: i64,
}

impl fmt::Debug for Batch<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Batch(hidden)")
    }
}

impl<'t> Batch<'t> {
    pub(crate) fn new(transaction: &'t Transaction<'t>) -> Self {
        Self {
            transaction,
            words: HashMap::new(),
            heads: Vec::new(),
            pages: Vec::new(),
            has_removed: false,
        }
    }

    /// Puts a document in; an earlier one of the same owner goes out.
    ///
    /// Errors: the database fails; then the whole batch is undone.
    pub fn put(&mut self, document: &Document) -> Result<(), SearchError> {
        self.remove(document.owner)?;
        let (body, pages, state) = match &document.content {
            Content::Body(body) => (body.as_str(), &[][..], State::Indexed),
            Content::Pages(pages) => {
                let pages = pages.get(..pages.len().min(MOST_PAGES)).unwrap_or(pages);
                ("", pages, State::Indexed)
            }
            Content::Unreadable => ("", &[][..], State::Failed),
        };
        let first_row = if pages.is_empty() {
            0
        } else {
            free_rows(self.transaction, document.fields.date_ms, pages.len())?
        };
        let mut has_words = false;
        for (row, page) in (first_row..).zip(pages) {
            let stems = self.count(&[page], 1, |tally| &mut tally.pages);
            has_words |= stems.iter().any(|stems| !stems.is_empty());
            self.transaction
                .prepare_cached("INSERT INTO pages (row, text) VALUES (:row, :text)")?
                .execute(named_params! { ":row": row, ":text": deflate(page) })?;
            self.pages
                .extend(stems.into_iter().map(|stems| (row, stems)));
        }
        let is_scan = matches!(document.content, Content::Pages(_)) && !has_words;
        let state = if is_scan { State::Scan } else { state };
        self.transaction
            .prepare_cached(
                "INSERT INTO owners (owner, kind, stamp, state, title, body, date_ms, meeting, paper, organizations,
                                     first_row, page_count)
                 VALUES (:owner, :kind, :stamp, :state, :title, :body, :date_ms, :meeting, :paper, :organizations,
                         :first_row, :page_count)",
            )?
            .execute(named_params! {
                ":owner": document.owner.0,
                ":kind": document.kind as u8,
                ":stamp": document.stamp,
                ":state": state.number(),
                ":title": document.title,
                ":body": body,
                ":date_ms": document.fields.date_ms,
                ":meeting": document.fields.meeting.map(|id| id.0),
                ":paper": document.fields.paper.map(|id| id.0),
                ":organizations": organizations(&document.fields),
                ":first_row": first_row,
                ":page_count": i64::try_from(pages.len()).map_err(|_| SearchError::TooManyPages)?,
            })?;
        let owner_no = self.transaction.last_insert_rowid();
        let stems = self.count(&[&document.title, body], 1, |tally| &mut tally.heads);
        self.heads.extend(head_rows(owner_no, &stems));
        Ok(())
    }

    /// Takes a document out, with every word that only it held.
    ///
    /// Result: whether there was one.
    pub fn remove(&mut self, owner: Id) -> Result<bool, SearchError> {
        let found = self
            .transaction
            .prepare_cached(
                "SELECT owner_no, title, body, first_row, page_count FROM owners WHERE owner = :owner",
            )?
            .query_row(named_params! { ":owner": owner.0 }, |row| {
                Ok((
                    row.get::<_, i64>(0)?,
                    row.get::<_, String>(1)?,
                    row.get::<_, String>(2)?,
                    row.get::<_, i64>(3)?,
                    row.get::<_, i64>(4)?,
                ))
            })
            .optional()?;
        let Some((owner_no, title, body, first_row, page_count)) = found else {
            return Ok(false);
        };
        // What this batch has put in so far must lie in the index before it can be taken out of it.
        self.flush_index()?;
        self.has_removed = true;
        for row in first_row..first_row + page_count {
            let text = stored_page(self.transaction, row)?;
            for stems in self.count(&[&text], -1, |tally| &mut tally.pages) {
                self.transaction
                    .prepare_cached("INSERT INTO pages_index (pages_index, rowid, body) VALUES ('delete', :row, :body)")?
                    .execute(named_params! { ":row": row, ":body": stems })?;
            }
        }
        let stems = self.count(&[&title, &body], -1, |tally| &mut tally.heads);
        for (row, words) in head_rows(owner_no, &stems) {
            self.transaction
                .prepare_cached(
                    "INSERT INTO heads_index (heads_index, rowid, words) VALUES ('delete', :row, :words)",
                )?
                .execute(named_params! { ":row": row, ":words": words })?;
        }
        self.transaction
            .prepare_cached("DELETE FROM pages WHERE row >= :first AND row < :end")?
            .execute(named_params! { ":first": first_row, ":end": first_row + page_count })?;
        self.transaction
            .prepare_cached("DELETE FROM owners WHERE owner_no = :owner_no")?
            .execute(named_params! { ":owner_no": owner_no })?;
        Ok(true)
    }

    /// Changes what a document is filtered and ordered by, its text staying as it is.
    ///
    /// Result: whether there is such a document.
    pub fn set_fields(&mut self, owner: Id, fields: &Fields) -> Result<bool, SearchError> {
        let changed = self
            .transaction
            .prepare_cached(
                "UPDATE owners SET date_ms = :date_ms, meeting = :meeting, paper = :paper, organizations = :organizations
                 WHERE owner = :owner",
            )?
            .execute(named_params! {
                ":owner": owner.0,
                ":date_ms": fields.date_ms,
                ":meeting": fields.meeting.map(|id| id.0),
                ":paper": fields.paper.map(|id| id.0),
                ":organizations": organizations(fields),
            })?;
        Ok(changed > 0)
    }

    /// Counts the different words of the texts of one head or page, `by` each.
    ///
    /// Result: the stems of each text.
    fn count(
        &mut self,
        texts: &[&str],
        by: i64,
        field: impl Fn(&mut Tally) -> &mut i64,
    ) -> Vec<String> {
        let mut seen = std::collections::HashSet::new();
        texts
            .iter()
            .map(|text| {
                let mut stems = String::with_capacity(text.len());
                for_each_token(text, |word, _| {
                    if !stems.is_empty() {
                        stems.push(' ');
                    }
                    stems.push_str(stem(word));
                    if !seen.contains(word) {
                        seen.insert(word.to_owned());
                        *field(self.words.entry(word.to_owned()).or_default()) += by;
                    }
                });
                stems
            })
            .collect()
    }

    /// Ascending, or FTS5 writes a segment of its own for every step back.
    fn flush_index(&mut self) -> Result<(), SearchError> {
        self.heads.sort_by_key(|head| head.0);
        for (row, words) in self.heads.drain(..) {
            self.transaction
                .prepare_cached("INSERT INTO heads_index (rowid, words) VALUES (:row, :words)")?
                .execute(named_params! { ":row": row, ":words": words })?;
        }
        self.pages.sort_by_key(|page| page.0);
        for (row, body) in self.pages.drain(..) {
            self.transaction
                .prepare_cached("INSERT INTO pages_index (rowid, body) VALUES (:row, :body)")?
                .execute(named_params! { ":row": row, ":body": body })?;
        }
        Ok(())
    }

    pub(crate) fn finish(&mut self) -> Result<(), SearchError> {
        self.flush_index()?;
        let mut upsert = self.transaction.prepare_cached(
            "INSERT INTO words (word, heads, pages) VALUES (:word, :heads, :pages)
             ON CONFLICT (word) DO UPDATE SET heads = heads + :heads, pages = pages + :pages",
        )?;
        // A list of words in memory reads new numbers only: a known word that is new to titles or to pages gets one.
        let mut renumber = self.transaction.prepare_cached(
            "UPDATE words SET word_no = (SELECT max(word_no) + 1 FROM words)
             WHERE word = :word AND ((heads = 0 AND :heads > 0) OR (pages = 0 AND :pages > 0))",
        )?;
        let mut lower = self.transaction.prepare_cached(
            "UPDATE words SET heads = heads + :heads, pages = pages + :pages WHERE word = :word",
        )?;
        for (word, tally) in &self.words {
            let statement = if tally.heads < 0 || tally.pages < 0 {
                &mut lower
            } else if tally.heads == 0 && tally.pages == 0 {
                continue;
            } else {
                &mut upsert
            };
            if tally.heads > 0 || tally.pages > 0 {
                renumber.execute(named_params! {
                    ":word": word,
                    ":heads": tally.heads,
                    ":pages": tally.pages,
                })?;
            }
            statement.execute(named_params! {
                ":word": word,
                ":heads": tally.heads,
                ":pages": tally.pages,
            })?;
        }
        if self.has_removed {
            let mut drop = self.transaction.prepare_cached(
                "DELETE FROM words WHERE word = :word AND heads = 0 AND pages = 0",
            )?;
            let mut dropped = 0;
            for word in self.words.keys() {
                dropped += drop.execute(named_params! { ":word": word })?;
            }
            if dropped > 0 {
                self.transaction
                    .execute("UPDATE state SET words_dropped = words_dropped + 1", [])?;
            }
        }
        self.words.clear();
        Ok(())
    }
}

/// `stems`: of the title and of the body.
fn head_rows(owner_no: i64, stems: &[String]) -> Vec<(i64, String)> {
    let title = stems.first().map_or("", String::as_str);
    let body = stems.get(1).map_or("", String::as_str);
    let mut rows = vec![(2 * owner_no, title.to_owned())];
    if !body.is_empty() {
        rows.push((2 * owner_no + 1, format!("{title} {body}")));
    }
    rows
}

fn organizations(fields: &Fields) -> Vec<u8> {
    fields.organizations.iter().flat_map(|id| id.0).collect()
}
