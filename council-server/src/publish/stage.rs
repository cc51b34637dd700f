//! Seals files before anything is published: one random key per content and circle of readers.
//! Equal contents for the same readers are stored once. It changes no chain.
//!
//! A file keeps its ciphertext as long as nobody loses access to it; whoever is shut out shuts out the old key too.

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;
use rusqlite::Transaction;
use sync_protocol::encrypted_file::FileKey;
use sync_protocol::ids::{AudienceId, BlobId, Hash, ObjectId};
use sync_protocol::model::File;

use super::Publisher;
use super::reach::{AudienceSet, FileWish};
use crate::draft::{FileContent, FileDraft};
use crate::error::ServerError;
use crate::keys::Digester;
use crate::pdf;
use crate::store::audiences::AudienceFor;
use crate::store::files::{self, BlobRow, FileStateRow};
use crate::store::{audiences, chain};

/// A file that is ready to be listed.
#[derive(Clone, Debug)]
pub(crate) struct StagedFile {
    pub file: File,
    pub sealed_key: Vec<u8>,
    state: FileStateRow,
}

/// The files of one publishing.
pub(crate) struct Staging<'a> {
    publisher: &'a Publisher<'a>,
    today: NaiveDate,
    files: BTreeMap<ObjectId, StagedFile>,
    /// Sealed in this run, not yet stored in the tables.
    fresh: HashMap<(Hash, Hash), BlobRow>,
    /// Ciphertexts that have become readable for more people.
    widened: Vec<(BlobId, Hash)>,
    problems: Vec<String>,
}

impl<'a> Staging<'a> {
    pub(crate) fn new(publisher: &'a Publisher<'a>, today: NaiveDate) -> Self {
        Self {
            publisher,
            today,
            files: BTreeMap::new(),
            fresh: HashMap::new(),
            widened: Vec::new(),
            problems: Vec::new(),
        }
    }

    /// Seals what is new. A file that cannot be read is a problem, not an end.
    pub(crate) fn stage_all(&mut self, wishes: &[FileWish<'_>]) -> Result<(), ServerError> {
        let store = self.publisher.store;
        let digester = store.read(|c| self.publisher.keys.digest(c))?;
        let public = store.read(|c| {
            let all = audiences::all(c)?;
            Ok::<_, ServerError>(
                all.into_iter()
                    .find(|a| a.is_for == AudienceFor::Public)
                    .map(|a| a.id),
            )
        })?;
        for wish in wishes {
            if let Some(staged) = self.stage(wish, &digester, public.as_ref())? {
                self.files.insert(wish.object, staged);
            }
        }
        Ok(())
    }

    fn stage(
        &mut self,
        wish: &FileWish<'_>,
        digester: &Digester,
        public: Option<&AudienceId>,
    ) -> Result<Option<StagedFile>, ServerError> {
        let known = self.publisher.store.read(|c| {
            let state = files::state(c, &wish.object)?;
            let blob = match &state {
                Some(state) => files::blob(c, &state.blob)?,
                None => None,
            };
            Ok::<_, ServerError>(state.zip(blob))
        })?;
        let FileContent::Path(path) = &wish.draft.content else {
            return Ok(known.map(|(state, blob)| staged(wish.draft, state, &blob)));
        };
        let plain = match std::fs::read(path) {
            Ok(plain) => plain,
            Err(error) => {
                self.problems.push(format!(
                    "Die Datei {} ist nicht lesbar ({error})",
                    path.display()
                ));
                return Ok(known.map(|(state, blob)| staged(wish.draft, state, &blob)));
            }
        };
        let plain_digest = digester.of("file", &plain);
        let (audience_bytes, audience_set) = set_digest(&wish.readers);
        let keeps_readers = |state: &FileStateRow| {
            public.is_some_and(|p| wish.readers.contains(p))
                || state
                    .audiences
                    .chunks(AudienceId::LEN)
                    .all(|id| AudienceId::try_from(id).is_ok_and(|id| wish.readers.contains(&id)))
        };
        let blob = match &known {
            Some((state, blob)) if state.plain_digest == plain_digest && keeps_readers(state) => {
                if blob.audience_set != audience_set {
                    self.widened.push((blob.id, audience_set));
                }
                blob.clone()
            }
            _ => self.blob_for(&plain, plain_digest, audience_set)?,
        };
        let state = self.next_state(wish, known.map(|(state, _)| state), &blob, audience_bytes)?;
        Ok(Some(staged(wish.draft, state, &blob)))
    }

    /// A ciphertext of this content for these readers: one that exists, or a new one.
    fn blob_for(
        &mut self,
        plain: &[u8],
        plain_digest: Hash,
        audience_set: Hash,
    ) -> Result<BlobRow, ServerError> {
        let place = (plain_digest, audience_set);
        if let Some(row) = self.fresh.get(&place) {
            return Ok(row.clone());
        }
        let known = self
            .publisher
            .store
            .read(|c| files::blob_of_content(c, &plain_digest, &audience_set))?;
        if let Some(row) = known {
            return Ok(row);
        }
        let key = FileKey::make()?;
        let id = self.publisher.blobs.put(&key, plain)?;
        let row = BlobRow {
            id,
            plain_digest,
            audience_set,
            sealed_key: self.publisher.keys.seal_file_key(&id, &key)?,
            plain_len: plain.len() as u64,
            page_count: pdf::page_count(plain),
        };
        self.fresh.insert(place, row.clone());
        Ok(row)
    }

    fn next_state(
        &self,
        wish: &FileWish<'_>,
        known: Option<FileStateRow>,
        blob: &BlobRow,
        audiences: Vec<u8>,
    ) -> Result<FileStateRow, ServerError> {
        let given = wish.draft.revision.unwrap_or(1).max(1);
        let (revision, known_date) = match known {
            Some(state) if state.plain_digest == blob.plain_digest => {
                (given.max(state.revision), state.revision_of_date)
            }
            Some(state) => (given.max(state.revision + 1), Some(self.today.to_string())),
            None => {
                let before = self
                    .publisher
                    .store
                    .read(|c| chain::highest_revision(c, &wish.object))?;
                (given.max(before + 1), None)
            }
        };
        Ok(FileStateRow {
            object: wish.object,
            blob: blob.id,
            plain_digest: blob.plain_digest,
            revision,
            revision_of_date: wish.draft.revision_of_date.clone().or(known_date),
            audiences,
            origin_stamp: wish.draft.origin_stamp.clone(),
        })
    }

    /// Stores rows of new ciphertexts and the files' newest revisions.
    pub(crate) fn store(&self, tx: &Transaction<'_>, now_at_ms: i64) -> Result<(), ServerError> {
        for row in self.fresh.values() {
            files::put_blob(tx, row, now_at_ms)?;
        }
        for (blob, audience_set) in &self.widened {
            files::set_audience_set(tx, blob, audience_set)?;
        }
        for staged in self.files.values() {
            files::put_state(tx, &staged.state)?;
        }
        Ok(())
    }

    /// A staged file; `None` where it could not be read and was never published.
    pub(crate) fn file(&self, object: &ObjectId) -> Option<&StagedFile> {
        self.files.get(object)
    }

    pub(crate) fn sealed_count(&self) -> usize {
        self.fresh.len()
    }

    pub(crate) fn into_problems(self) -> Vec<String> {
        self.problems
    }

    /// Deletes the ciphertexts of a publishing that failed.
    pub(crate) fn sweep(&self) {
        for row in self.fresh.values() {
            // Left over bytes that nobody has the key of do no harm; the failure itself is what gets reported.
            let _ = self.publisher.blobs.delete(&row.id);
        }
    }
}

fn staged(draft: &FileDraft, state: FileStateRow, blob: &BlobRow) -> StagedFile {
    let file = File {
        id: state.object,
        name: draft.name.clone(),
        file_name: draft
            .file_name
            .clone()
            .unwrap_or_else(|| draft.name.clone()),
        mime_type: draft
            .mime_type
            .clone()
            .unwrap_or_else(|| "application/octet-stream".to_owned()),
        blob_id: blob.id,
        byte_len: blob.plain_len,
        page_count: blob.page_count,
        revision: state.revision,
        revision_of_date: state.revision_of_date.clone(),
        change_note: draft.change_note.clone(),
    };
    StagedFile {
        file,
        sealed_key: blob.sealed_key.clone(),
        state,
    }
}

/// The ids of a set one after the other, and their digest.
fn set_digest(readers: &AudienceSet) -> (Vec<u8>, Hash) {
    let bytes: Vec<u8> = readers.iter().flat_map(|id| *id.as_bytes()).collect();
    let digest = Hash::of(&bytes);
    (bytes, digest)
}
