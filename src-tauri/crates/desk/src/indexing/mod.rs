//! The index over what lies on the device: brought up to date in the background, a file at a time, whenever no
//! synchronisation runs. What is done stays done; what is missing is found by comparing stamps.

mod opened;
mod texts;

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use reader::{Reader, ReaderError};
use search::{Content, Id, Index};
use sync::CancelFlag;
use sync::store::{CouncilStore, FileRow};
use sync_protocol::ids::{BlobId, CouncilId};
use tokio::runtime::{Handle, Runtime};
use tokio::sync::{broadcast, watch};
use vault::Vault;

use crate::desk::{Clock, lock};
use crate::documents;
use crate::error::{ErrorCode, Failure};
use crate::event::DeskEvent;
use crate::session::Session;
use texts::{IndexName, Text};

pub(crate) use opened::Indexes;

/// How long locking waits for the index to let go; it notices after the page at hand.
const END_PATIENCE: Duration = Duration::from_secs(10);
/// Objects put in together: one transaction costs an fsync.
const BATCH: usize = 500;

/// How far the index of a session is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Progress {
    pub(crate) running: bool,
    pub(crate) files_done: u32,
    pub(crate) files_total: u32,
    /// Something could not be put in; the next run tries again.
    pub(crate) is_incomplete: bool,
}

struct Running {
    cancel: CancelFlag,
    /// Closed when the run has let go of everything.
    ended: watch::Receiver<()>,
}

#[derive(Default)]
struct State {
    running: Option<Running>,
    progress: Progress,
    /// The session ends: nothing begins any more.
    is_closed: bool,
}

/// The one run that may be under way.
#[derive(Default)]
pub(crate) struct Indexing(Mutex<State>);

impl Indexing {
    pub(crate) fn progress(&self) -> Progress {
        lock(&self.0).progress
    }

    /// Tells a run to stop after the page at hand. The next one goes on where it stopped.
    pub(crate) fn cancel(&self) {
        if let Some(running) = &lock(&self.0).running {
            running.cancel.cancel();
        }
    }

    /// The same for good.
    pub(crate) fn close(&self) {
        lock(&self.0).is_closed = true;
        self.cancel();
    }

    /// Waits until the run has let go of the vault, but not for ever.
    pub(crate) fn wait_for_end(&self, runtime: &Runtime) {
        let ended = lock(&self.0).running.as_ref().map(|run| run.ended.clone());
        if let Some(mut ended) = ended {
            // An error means that the sender is gone, which is what is waited for.
            runtime.block_on(async {
                let _ = tokio::time::timeout(END_PATIENCE, ended.changed()).await;
            });
        }
    }

    fn begin(&self) -> Option<(CancelFlag, watch::Sender<()>)> {
        let mut state = lock(&self.0);
        let is_under_way =
            |run: &Running| !run.cancel.is_cancelled() && run.ended.has_changed().is_ok();
        if state.is_closed || state.running.as_ref().is_some_and(is_under_way) {
            return None;
        }
        let (alive, ended) = watch::channel(());
        let cancel = CancelFlag::new();
        state.running = Some(Running {
            cancel: cancel.clone(),
            ended,
        });
        state.progress.running = true;
        Some((cancel, alive))
    }

    fn set(&self, progress: Progress) {
        lock(&self.0).progress = progress;
    }
}

/// What a run needs beside the session.
pub(crate) struct Tools {
    pub(crate) reader: Option<Reader>,
    pub(crate) clock: Clock,
    pub(crate) events: broadcast::Sender<DeskEvent>,
}

/// Starts a run in the background, unless one is under way.
pub(crate) fn start(runtime: &Handle, session: &Arc<Session>, tools: Tools) {
    let Some((cancel, alive)) = session.indexing.begin() else {
        return;
    };
    let session = Arc::clone(session);
    runtime.spawn_blocking(move || {
        let run = Run {
            session: &session,
            tools: &tools,
            cancel: &cancel,
        };
        let ended = run.all();
        if !cancel.is_cancelled() {
            let known = session.indexing.progress();
            let progress = Progress {
                running: false,
                // Told to the member; the next run tries again.
                is_incomplete: ended.is_err() || known.files_done < known.files_total,
                ..known
            };
            session.indexing.set(progress);
            tell(&tools.events, progress);
        }
        drop(session);
        drop(alive);
    });
}

fn tell(events: &broadcast::Sender<DeskEvent>, progress: Progress) {
    // Nobody listening is no failure.
    let _ = events.send(DeskEvent::IndexProgress {
        running: progress.running,
        files_done: progress.files_done,
        files_total: progress.files_total,
        incomplete: progress.is_incomplete,
    });
}

struct Run<'a> {
    session: &'a Session,
    tools: &'a Tools,
    cancel: &'a CancelFlag,
}

impl Run<'_> {
    fn all(&self) -> Result<(), Failure> {
        let vault = &self.session.vault;
        let mut due = Vec::new();
        let mut progress = Progress {
            running: true,
            ..Progress::default()
        };
        for record in vault.keyring().councils() {
            let store = CouncilStore::open(vault, record.council, (self.tools.clock)())?;
            let (files, total) = self.objects(&store)?;
            progress.files_total += total;
            progress.files_done += total - count(files.len());
            due.push((record.council, files));
        }
        self.report(progress);
        for (council, files) in due {
            for text in files {
                if self.cancel.is_cancelled() {
                    return Ok(());
                }
                // One file that cannot be put in does not keep the others out; it stays due.
                if self.file(council, text).unwrap_or(false) {
                    progress.files_done += 1;
                    self.report(progress);
                }
            }
            self.tidy(council)?;
        }
        Ok(())
    }

    /// A run that was told to stop says nothing more: another one may be under way.
    fn report(&self, progress: Progress) {
        if self.cancel.is_cancelled() {
            return;
        }
        self.session.indexing.set(progress);
        tell(&self.tools.events, progress);
    }

    /// Takes out what is no longer there, puts in the objects, and finds the files whose pages are due.
    ///
    /// Result: those files, and how many there are in all.
    fn objects(&self, store: &CouncilStore) -> Result<(Vec<Text>, u32), Failure> {
        let mut by_index: BTreeMap<IndexName, Vec<Text>> = BTreeMap::new();
        // An index may be left with nothing in it.
        by_index.insert(None, Vec::new());
        let closed = store.audiences().into_iter().filter(|row| !row.is_public());
        for row in closed.filter(|row| row.locked_at_ms.is_none()) {
            by_index.insert(Some(row.audience), Vec::new());
        }
        for text in texts::of_council(store)? {
            by_index.entry(text.index).or_default().push(text);
        }
        let (mut due, mut total) = (Vec::new(), 0);
        for (name, texts) in by_index {
            // No key: the audience's time is over.
            let Some(index) = open(&self.session.vault, store.council(), name)? else {
                continue;
            };
            let mut stamps: HashMap<Id, Vec<u8>> = index.stamps()?.into_iter().collect();
            let mut fresh = Vec::new();
            for text in texts {
                let owner = text.document.owner;
                let is_known = text.is_in(stamps.get(&owner));
                if text.is_away {
                    // What cannot be read is no work; of another version than the one known nothing is true any more.
                    if is_known {
                        stamps.remove(&owner);
                    }
                    continue;
                }
                stamps.remove(&owner);
                total += u32::from(text.file.is_some());
                match (is_known, text.file.is_some()) {
                    (true, _) => {}
                    (false, true) => due.push(text),
                    (false, false) => fresh.push(text),
                }
            }
            let gone: Vec<Id> = stamps.into_keys().collect();
            for some in gone.chunks(BATCH) {
                index.write(|batch| {
                    some.iter()
                        .try_for_each(|owner| batch.remove(*owner).map(drop))
                })?;
            }
            for some in fresh.chunks(BATCH) {
                if self.cancel.is_cancelled() {
                    break;
                }
                index.write(|batch| some.iter().try_for_each(|text| batch.put(&text.document)))?;
            }
        }
        due.sort_by_key(|text| std::cmp::Reverse(text.document.fields.date_ms));
        Ok((due, total))
    }

    /// Reads a file's pages, behind everything that the member looks at, and puts them in.
    ///
    /// Result: whether it is in.
    fn file(&self, council: CouncilId, mut text: Text) -> Result<bool, Failure> {
        let (Some(row), Some(reader)) = (&text.file, &self.tools.reader) else {
            return Ok(false);
        };
        text.document.content = match self.pages(council, row, reader) {
            Ok(pages) => Content::Pages(pages),
            // One that the disk has damaged was given up: it comes anew, and is read then.
            Err(failure)
                if is_of_the_file(failure.code)
                    && self.session.vault.blobs(council).has(row.blob_id) =>
            {
                Content::Unreadable
            }
            // Locked, out of room, taken away: not the file's fault. The next run comes back to it.
            Err(failure) => return Err(failure),
        };
        let Some(index) = open(&self.session.vault, council, text.index)? else {
            return Ok(false);
        };
        index.write(|batch| batch.put(&text.document))?;
        Ok(true)
    }

    fn pages(
        &self,
        council: CouncilId,
        row: &FileRow,
        reader: &Reader,
    ) -> Result<Vec<String>, Failure> {
        let store = CouncilStore::open(&self.session.vault, council, (self.tools.clock)())?;
        let password = self.session.notes.password(council, row.blob_id)?;
        let doc = documents::open(&self.session.vault, reader, &store, row, password)?;
        let read = || {
            let count = count(reader.page_sizes(doc)?.len());
            let mut pages = Vec::new();
            for page in 0..count {
                if self.cancel.is_cancelled() {
                    return Err(ErrorCode::Cancelled.into());
                }
                pages.push(match reader.text_later(doc, page) {
                    Ok(text) => text.text,
                    // One page that cannot be read does not hide the others.
                    Err(ReaderError::Damaged) => String::new(),
                    Err(error) => return Err(error.into()),
                });
            }
            Ok(pages)
        };
        let pages = read();
        reader.close(doc)?;
        pages
    }

    /// Puts the pieces of the indexes together, now that nothing else is to be done.
    fn tidy(&self, council: CouncilId) -> Result<(), Failure> {
        let store = CouncilStore::open(&self.session.vault, council, (self.tools.clock)())?;
        for name in names(&store) {
            let Some(index) = open(&self.session.vault, council, name)? else {
                continue;
            };
            while !self.cancel.is_cancelled() && index.tidy()? {}
        }
        Ok(())
    }
}

/// The indexes of what may be read now.
pub(crate) fn names(store: &CouncilStore) -> Vec<IndexName> {
    let closed = store
        .audiences()
        .into_iter()
        .filter(|row| !row.is_public() && row.locked_at_ms.is_none());
    std::iter::once(None)
        .chain(closed.map(|row| Some(row.audience)))
        .collect()
}

/// Whether the pages of this version of a file are in an index: then no other page of it can answer.
///
/// Errors: the database fails.
pub(crate) fn has_read(index: &Index, file: Id, version: BlobId) -> Result<bool, Failure> {
    Ok(match index.held(file)? {
        Some((search::State::Indexed | search::State::Scan, stamp)) => {
            texts::is_of(&stamp, version)
        }
        Some((search::State::Failed, _)) | None => false,
    })
}

/// Opens an index; `None` when the key of its audience is gone.
fn open(vault: &Vault, council: CouncilId, name: IndexName) -> Result<Option<Index>, Failure> {
    let opened = match name {
        None => vault.open_search_db(council),
        Some(audience) => vault.open_closed_search_db(council, audience),
    };
    match opened {
        Ok(connection) => Ok(Some(Index::open(connection)?)),
        Err(vault::DbError::NoKey) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// Whether the file itself is at fault, so that trying again is in vain until it is another.
fn is_of_the_file(code: ErrorCode) -> bool {
    matches!(
        code,
        ErrorCode::DocumentDamaged
            | ErrorCode::DocumentPassword
            | ErrorCode::DocumentTooLarge
            | ErrorCode::DocumentTooSlow
            | ErrorCode::DocumentBroke
    )
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
