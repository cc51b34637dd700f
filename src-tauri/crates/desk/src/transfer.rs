//! Marks and the versions of their file: the words around new marks are kept, and marks of older versions are looked for in a newer
//! one. Where they belong is decided in `notes`; here is the reading.

use std::collections::BTreeSet;
use std::collections::btree_map::Entry;

use notes::{FileVersion, How, NewPages, PageLetters, PageWords, Placed, Target, plan_transfer};
use reader::{DocId, Reader};
use sync::store::FileRow;

use crate::Desk;
use crate::documents::{self, OpenDocument};
use crate::error::Failure;
use crate::session::{Council, Session};

/// Pages to both sides of a mark's old page that are read first: most marks are found on one of them.
const NEAR: u32 = 2;
/// Pages whose words are kept when a file is closed; those of the others the next time.
const MOST_AT_CLOSING: u32 = 200;

/// The version of a file that is here.
pub(crate) fn version_of(council: &Council, row: &FileRow) -> FileVersion {
    FileVersion {
        council: council.record.council,
        file: row.id(),
        blob_id: row.blob_id,
        revision: row.file.revision,
        sealed_class: (!row.public).then_some(row.audience),
    }
}

impl Desk {
    /// Keeps the words of the pages that marks stand on, while the file is open. The marks are stored already; without the words of
    /// their page they are found again by their quotation alone.
    pub(crate) fn keep_words(
        &self,
        session: &Session,
        marks: &[notes::Mark],
    ) -> Result<(), Failure> {
        for mark in marks {
            let (
                Some(page),
                Target::File {
                    file,
                    blob_id,
                    revision,
                },
            ) = (mark.anchor.page, &mark.anchor.target)
            else {
                continue;
            };
            let version = FileVersion {
                council: mark.anchor.council,
                file: *file,
                blob_id: *blob_id,
                revision: *revision,
                sealed_class: mark.anchor.sealed_class,
            };
            if session.notes.has_page_words(&version, page)? {
                continue;
            }
            if let Some(doc) = session.documents.doc_of(version.council, *file, *blob_id) {
                let words = PageWords::of(&letters(self.reader()?.text(doc, page)?));
                session.notes.page_words_put(&version, &[(page, words)])?;
            }
        }
        Ok(())
    }

    /// Keeps the words of pages that carry marks and were not kept when they were made, before a file is closed.
    pub(crate) fn keep_words_at_closing(
        &self,
        session: &Session,
        document: &OpenDocument,
    ) -> Result<(), Failure> {
        let version = FileVersion {
            council: document.council,
            file: document.file,
            blob_id: document.blob_id,
            revision: document.revision,
            sealed_class: document.sealed_class,
        };
        let missing = session
            .notes
            .pages_without_words(&version, MOST_AT_CLOSING)?;
        if missing.is_empty() {
            return Ok(());
        }
        let reader = self.reader()?;
        let mut pages = Vec::new();
        for page in missing {
            // Marks of a program that counts differently may stand on no page at all.
            if let Ok(text) = reader.text_later(document.doc, page) {
                pages.push((page, PageWords::of(&letters(text))));
            }
        }
        Ok(session.notes.page_words_put(&version, &pages)?)
    }

    /// Looks for marks of older versions in the one that is here, once, and takes over those that are found.
    ///
    /// * `again` – once more.
    ///
    /// Result: whether they were looked for now.
    /// Errors: those of opening the file; nothing has changed then.
    pub(crate) fn transfer(
        &self,
        session: &Session,
        (council, row): (&Council, &FileRow),
        again: bool,
    ) -> Result<bool, Failure> {
        let version = version_of(council, row);
        let key = (version.council, version.file, version.blob_id);
        if session.documents.shown(council, row).0 != row.blob_id
            || (!again && session.notes.transfer(&version)?.is_some())
        {
            return Ok(false);
        }
        let behind = session.notes.list_behind(key)?;
        if behind.is_empty() {
            return Ok(false);
        }
        let reader = self.reader()?;
        let password = session.notes.password(version.council, row.blob_id)?;
        let doc = documents::open(&session.vault, &reader, &council.store, row, password)?;
        let looked = look(session, (&reader, doc), &version, behind);
        reader.close(doc)?;
        let (placed, pages) = looked?;
        let now_ms = self.now_ms();
        session
            .notes
            .transfer_make(&version, &placed, &pages, now_ms)?;
        Ok(true)
    }
}

/// Marks with their places, and the words of the pages they come to, by number.
type Looked = (Vec<Placed>, Vec<(u32, PageWords)>);

/// Where marks belong.
fn look(
    session: &Session,
    (reader, doc): (&Reader, DocId),
    version: &FileVersion,
    behind: Vec<notes::Mark>,
) -> Result<Looked, Failure> {
    let old = session.notes.page_words(version.council, version.file)?;
    let count = u32::try_from(reader.page_sizes(doc)?.len()).unwrap_or(u32::MAX);
    let were = behind.iter().filter_map(|mark| mark.anchor.page);
    let near: BTreeSet<u32> = were
        .flat_map(|page| page.saturating_sub(NEAR)..=page.saturating_add(NEAR))
        .filter(|page| *page < count)
        .collect();
    let mut new = NewPages::new();
    let read = |new: &mut NewPages, page: u32| -> Result<(), Failure> {
        if let Entry::Vacant(place) = new.entry(page) {
            // Behind everything that is looked at.
            place.insert(letters(reader.text_later(doc, page)?));
        }
        Ok(())
    };
    for page in near {
        read(&mut new, page)?;
    }
    let mut plan = plan_transfer(&behind, &old, &new);
    let is_sure = plan.iter().all(|(_, found)| {
        let how = found.as_ref().map(|found| found.how);
        matches!(how, Some(How::Page | How::Words))
    });
    if !is_sure {
        for page in 0..count {
            read(&mut new, page)?;
        }
        plan = plan_transfer(&behind, &old, &new);
    }
    let placed: Vec<Placed> = behind
        .into_iter()
        .zip(plan)
        .filter_map(|(mark, (_, found))| {
            Some(Placed {
                mark,
                found: found?,
            })
        })
        .collect();
    let numbers: BTreeSet<u32> = placed.iter().map(|placed| placed.found.page).collect();
    let words = numbers
        .into_iter()
        .filter_map(|number| Some((number, PageWords::of(new.get(&number)?))));
    let words = words.collect();
    Ok((placed, words))
}

/// A page as `notes` takes it.
fn letters(text: reader::PageText) -> PageLetters {
    let rect = |rect: reader::Rect| notes::Rect {
        left: rect.left,
        bottom: rect.bottom,
        right: rect.right,
        top: rect.top,
    };
    PageLetters {
        letters: text.text.chars().collect(),
        boxes: text.boxes.into_iter().map(rect).collect(),
        lines: text.lines.iter().map(|line| line.start..line.end).collect(),
        shown: Some(rect(text.geometry.shown)),
    }
}
