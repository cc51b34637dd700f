//! The documents that the page has open, by the handles it was given.
//!
//! The reader keeps only a few documents; one that had to give way is opened again when it is asked for, so a handle
//! is good until it is closed or the vault is locked.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex};

use reader::{AnnotationPlace, DocId, Reader, ReaderError};
use sync::store::{CouncilStore, FileRow};
use sync_protocol::ids::{AudienceId, BlobId, CouncilId, ObjectId};
use vault::Vault;
use zeroize::Zeroizing;

use crate::desk::lock;
use crate::error::{ErrorCode, Failure};
use crate::page_texts::PageTexts;
use crate::session::Council;

/// One open document.
#[derive(Clone)]
pub(crate) struct OpenDocument {
    pub(crate) council: CouncilId,
    pub(crate) file: ObjectId,
    pub(crate) blob_id: BlobId,
    pub(crate) page_count: u32,
    /// Of these bytes.
    pub(crate) revision: u32,
    /// The audience of a nonpublic file.
    pub(crate) sealed_class: Option<AudienceId>,
    pub(crate) doc: DocId,
    /// Of a protected file, for when it must be opened again.
    password: Option<Zeroizing<String>>,
    texts: Arc<PageTexts>,
    pub(crate) shown_once: Arc<ShownOnce>,
}

/// Annotations that the file carries and that are own marks now: the page does not draw them a second time.
#[derive(Default)]
pub(crate) struct ShownOnce {
    /// Their names.
    pub(crate) taken: BTreeSet<String>,
    /// Where they stand.
    pub(crate) places: Vec<AnnotationPlace>,
}

#[derive(Default)]
struct Handles {
    last: u32,
    open: HashMap<String, OpenDocument>,
}

/// All open documents of a session.
#[derive(Default)]
pub(crate) struct Documents(Mutex<Handles>);

impl Documents {
    /// Keeps a document and makes its handle.
    pub(crate) fn insert(
        &self,
        store: &CouncilStore,
        row: &FileRow,
        (doc, password): (DocId, Option<Zeroizing<String>>),
        page_count: u32,
    ) -> String {
        let mut handles = lock(&self.0);
        handles.last = handles.last.wrapping_add(1);
        let handle = handles.last.to_string();
        let document = OpenDocument {
            council: store.council(),
            file: row.id(),
            blob_id: row.blob_id,
            page_count,
            revision: row.file.revision,
            sealed_class: (!row.public).then_some(row.audience),
            doc,
            password,
            texts: Arc::default(),
            shown_once: Arc::default(),
        };
        handles.open.insert(handle.clone(), document);
        handle
    }

    /// Forgets a handle; the document behind it, if there was one.
    pub(crate) fn remove(&self, handle: &str) -> Option<DocId> {
        lock(&self.0)
            .open
            .remove(handle)
            .map(|document| document.doc)
    }

    /// Forgets all handles.
    pub(crate) fn clear(&self) {
        lock(&self.0).open.clear();
    }

    /// Forgets the handles of files whose access has ended.
    ///
    /// * `now_ms` – decides which stores are readable.
    ///
    /// Result: the documents behind them, to be closed.
    pub(crate) fn take_ended(&self, vault: &Vault, now_ms: i64) -> Vec<DocId> {
        // Reading stores takes longer than a lock may be held that every page image waits for.
        let open: Vec<(String, OpenDocument)> = lock(&self.0)
            .open
            .iter()
            .map(|(handle, document)| (handle.clone(), document.clone()))
            .collect();
        let may_read = |document: &OpenDocument| {
            let store = CouncilStore::open(vault, document.council, now_ms).ok()?;
            let row = store.file(document.file).ok()??;
            store.file_key(vault, &row).ok()
        };
        open.iter()
            .filter(|(_, document)| may_read(document).is_none())
            .filter_map(|(handle, _)| self.remove(handle))
            .collect()
    }

    /// Forgets the handles of a council's files.
    ///
    /// Result: the documents behind them, to be closed.
    pub(crate) fn take_of(&self, council: CouncilId) -> Vec<DocId> {
        let mut handles = lock(&self.0);
        let of_it = handles
            .open
            .extract_if(|_, document| document.council == council);
        of_it.map(|(_, document)| document.doc).collect()
    }

    /// What a handle stands for.
    ///
    /// Errors: `document_closed`.
    pub(crate) fn get(&self, handle: &str) -> Result<OpenDocument, Failure> {
        lock(&self.0)
            .open
            .get(handle)
            .cloned()
            .ok_or_else(|| ErrorCode::DocumentClosed.into())
    }

    /// The document behind some bytes of a file, if they are open.
    pub(crate) fn doc_of(
        &self,
        council: CouncilId,
        file: ObjectId,
        blob_id: BlobId,
    ) -> Option<DocId> {
        let handles = lock(&self.0);
        let mut open = handles.open.values();
        let is_it =
            |one: &&OpenDocument| (one.council, one.file, one.blob_id) == (council, file, blob_id);
        open.find(is_it).map(|document| document.doc)
    }

    /// The version of a file that is on the screen: of an open one that which was opened last, for a newer one may have come since.
    ///
    /// Result: its bytes and its number.
    pub(crate) fn shown(&self, council: &Council, row: &FileRow) -> (BlobId, u32) {
        let handles = lock(&self.0);
        let id = council.record.council;
        let open = handles
            .open
            .iter()
            .filter(|(_, one)| (one.council, one.file) == (id, row.id()));
        let last = open.max_by_key(|(handle, _)| handle.parse::<u32>().unwrap_or_default());
        last.map_or((row.blob_id, row.file.revision), |(_, one)| {
            (one.blob_id, one.revision)
        })
    }

    /// Asks the reader about a document, and once more after opening it again if it had given way.
    ///
    /// * `now_ms` – decides which stores are readable if it must be opened again.
    ///
    /// Errors: `document_closed` for an unknown handle or a file that has become another one; what `ask` says.
    pub(crate) fn ask<T>(
        &self,
        (vault, reader, now_ms): (&Vault, &Reader, i64),
        handle: &str,
        ask: impl Fn(DocId) -> Result<T, ReaderError>,
    ) -> Result<T, Failure> {
        let document = self.get(handle)?;
        match ask(document.doc) {
            Err(ReaderError::UnknownDocument) => {}
            answer => {
                let answer = answer.map_err(Failure::from);
                return give_up_damaged(vault, document.council, document.blob_id, answer);
            }
        }
        // Closed or locked meanwhile: not to be opened again.
        self.get(handle)?;
        let store = CouncilStore::open(vault, document.council, now_ms)?;
        let row = store
            .file(document.file)?
            .filter(|row| row.blob_id == document.blob_id);
        let doc = open(
            vault,
            reader,
            &store,
            &row.ok_or(ErrorCode::DocumentClosed)?,
            document.password,
        )?;
        if !document.shown_once.places.is_empty() {
            reader.hide(doc, document.shown_once.places.clone())?;
        }
        match lock(&self.0).open.get_mut(handle) {
            Some(document) => document.doc = doc,
            // Closed meanwhile: nobody would close it later.
            None => reader.close(doc)?,
        }
        Ok(ask(doc)?)
    }

    /// Draws a document without some of its annotations from now on, also when it is opened again.
    ///
    /// Errors: as [`Documents::ask`].
    pub(crate) fn show_once(
        &self,
        context: (&Vault, &Reader, i64),
        handle: &str,
        shown_once: ShownOnce,
    ) -> Result<(), Failure> {
        let (_, reader, _) = context;
        self.ask(context, handle, |doc| {
            reader.hide(doc, shown_once.places.clone())
        })?;
        if let Some(document) = lock(&self.0).open.get_mut(handle) {
            document.shown_once = Arc::new(shown_once);
        }
        Ok(())
    }

    /// The text of a page as it is searched, counted from 0. A page that cannot be read has none: it does not hide the others.
    ///
    /// * `now_ms` – as for [`Documents::ask`].
    ///
    /// Errors: as [`Documents::ask`].
    pub(crate) fn text(
        &self,
        context: (&Vault, &Reader, i64),
        handle: &str,
        page: u32,
    ) -> Result<Arc<str>, Failure> {
        let texts = self.get(handle)?.texts;
        if let Some(text) = texts.get(page) {
            return Ok(text);
        }
        let (_, reader, _) = context;
        let text: Arc<str> = self.ask(context, handle, |doc| match reader.text(doc, page) {
            Ok(text) => Ok(text.text.into()),
            Err(ReaderError::Damaged) => Ok("".into()),
            Err(error) => Err(error),
        })?;
        texts.keep(page, &text);
        Ok(text)
    }
}

/// Opens a file of a council: key from the store, decrypting reader from the vault, pages from PDFium; the password of a
/// protected one from the member.
///
/// Errors: `file_not_here`, `access_ended`, `document_damaged`, `document_password`, `document_too_large`.
pub(crate) fn open(
    vault: &Vault,
    reader: &Reader,
    store: &CouncilStore,
    row: &FileRow,
    password: Option<Zeroizing<String>>,
) -> Result<DocId, Failure> {
    if !row.present {
        return Err(ErrorCode::FileNotHere.into());
    }
    let key = store.file_key(vault, row)?;
    let opened = vault
        .blobs(store.council())
        .open(row.blob_id, &key)
        .map_err(Failure::from)
        .and_then(|source| {
            let byte_len = source.byte_len();
            Ok(reader.open_protected(Box::new(source), byte_len, password)?)
        });
    give_up_damaged(vault, store.council(), row.blob_id, opened)
}

/// Whether the disk or the PDF itself is at fault for a document that does not open, only the hash can say. A file that
/// the disk has damaged is deleted: the next synchronisation fetches it again.
pub(crate) fn give_up_damaged<T>(
    vault: &Vault,
    council: CouncilId,
    blob_id: BlobId,
    answer: Result<T, Failure>,
) -> Result<T, Failure> {
    let is_damaged = matches!(&answer, Err(failure) if failure.code == ErrorCode::DocumentDamaged);
    if is_damaged {
        // If this fails too, the file stays as it is and says so again when it is opened.
        let _ = vault.blobs(council).discard_if_damaged(blob_id);
    }
    answer
}
