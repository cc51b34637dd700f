//! Fetching missing files: several at once, resumed where they stopped, hashed while they arrive, marked present last.
//!
//! Which files and in which order is the plan's; the bytes on disk are the vault's.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::{Bytes, BytesMut};
use futures_util::StreamExt;
use sync_protocol::encrypted_file::{CHUNK_LEN, HEADER_LEN};
use sync_protocol::ids::{BlobId, CouncilId, ObjectId};
use sync_protocol::wire::path_blob;
use tokio::sync::{Semaphore, mpsc};
use tokio::task::JoinHandle;
use vault::{BlobError, Blobs, PartWriter, Vault};

use crate::cancel::CancelFlag;
use crate::error::SyncError;
use crate::plan::blobs::BlobFetch;
use crate::presence;
use crate::progress::{SyncPhase, SyncProgress};
use crate::store::{CouncilStore, StoreError};
use crate::transport::{Client, TransportError};

/// What arrives is handed to the disk in pieces of about this length, bytes: a record of TLS has 16 KB, too little for a
/// change of threads.
const PIECE_LEN: usize = 256 * 1024;
/// How many pieces may wait for the disk, for each file.
const WAITING_PIECES: usize = 4;
/// After how many bytes a new progress event is worth it.
const PROGRESS_STEP: u64 = 1024 * 1024;
/// Length of an authentication tag, bytes.
const TAG_LEN: u64 = 16;
/// HTTP 416: the part is as long as the file, or longer.
const RANGE_NOT_SATISFIABLE: u16 = 416;

/// Why a single file was not to be had, while the others go on. The next run tries again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileFailure {
    /// The server does not give it out (any more).
    Gone,
    /// What came is not what was announced.
    Damaged,
}

/// A file that was not to be had.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FailedFile {
    pub blob_id: BlobId,
    pub failure: FileFailure,
}

/// What became of the files of a run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct FilesReport {
    pub(crate) fetched: u64,
    pub(crate) failed: Vec<FailedFile>,
}

/// What a fetch needs beside the list.
pub(crate) struct Downloader<'a> {
    pub(crate) client: &'a Client,
    pub(crate) blobs: Blobs,
    pub(crate) cancel: &'a CancelFlag,
    pub(crate) parallel: usize,
    /// Names of meetings, for the screen.
    pub(crate) names: HashMap<ObjectId, String>,
    pub(crate) report: &'a (dyn Fn(SyncProgress) + Send + Sync),
}

/// Counts what is done and tells it in steps.
struct Tally {
    progress: SyncProgress,
    told_bytes: u64,
}

enum Fetched {
    Whole,
    NotToBeHad(FailedFile),
}

impl Downloader<'_> {
    /// Fetches the files in order; each is marked present as soon as it is whole.
    ///
    /// Errors: what ends the whole run: no connection, no room, cancelled, revoked. What is whole by then stays.
    pub(crate) async fn fetch_all(
        &self,
        vault: &Arc<Vault>,
        (council, now_ms): (CouncilId, i64),
        fetches: Vec<BlobFetch>,
    ) -> Result<FilesReport, SyncError> {
        let mut progress = SyncProgress::phase(SyncPhase::Files);
        progress.files_total = fetches.len() as u64;
        progress.bytes_total = fetches.iter().map(|fetch| sealed_len(fetch.byte_len)).sum();
        (self.report)(progress.clone());
        let tally = Mutex::new(Tally {
            progress,
            told_bytes: 0,
        });
        let (whole, marker) = start_marker(Arc::clone(vault), council, now_ms);
        let mut report = FilesReport::default();
        let mut first_error = None;
        let parallel = self.parallel.max(1);
        // A file that is being made durable keeps no place on the line: as many again may be at that.
        let line = Semaphore::new(parallel);
        let mut running = futures_util::stream::iter(fetches)
            .map(|fetch| {
                let (tally, whole, line) = (&tally, whole.clone(), &line);
                async move {
                    let fetched = self.fetch(&fetch, tally, line).await?;
                    if let Fetched::Whole = fetched {
                        whole
                            .send(fetch.blob_id)
                            .await
                            .map_err(|_| SyncError::Worker)?;
                    }
                    self.file_done(tally, &fetch);
                    Ok::<Fetched, SyncError>(fetched)
                }
            })
            .buffer_unordered(parallel * 2);
        while let Some(result) = running.next().await {
            match result {
                Ok(Fetched::Whole) => report.fetched += 1,
                Ok(Fetched::NotToBeHad(failed)) => report.failed.push(failed),
                Err(error) => {
                    first_error = Some(error);
                    break;
                }
            }
        }
        drop(running);
        drop(whole);
        marker.await.map_err(|_| SyncError::Worker)??;
        first_error.map_or(Ok(report), Err)
    }

    /// One file, as often as it takes; progress made resets the patience.
    async fn fetch(
        &self,
        fetch: &BlobFetch,
        tally: &Mutex<Tally>,
        line: &Semaphore,
    ) -> Result<Fetched, SyncError> {
        let not_to_be_had = |failure| {
            Fetched::NotToBeHad(FailedFile {
                blob_id: fetch.blob_id,
                failure,
            })
        };
        let (mut attempt, mut wrong_before, mut last_len) =
            (0, false, self.blobs.part_len(fetch.blob_id)?);
        self.bytes_done(tally, fetch, last_len);
        loop {
            let place = line.acquire().await.map_err(|_| SyncError::Worker)?;
            if self.cancel.is_cancelled() {
                return Err(SyncError::Cancelled);
            }
            let writer = self.resume(fetch.blob_id).await?;
            let (writer, ended) = self.stream_into(writer, fetch, tally).await?;
            drop(place);
            let is_longer = writer.byte_len() > last_len;
            last_len = writer.byte_len();
            let error = match ended {
                Ok(()) => match finish(writer).await {
                    Ok(()) => return Ok(Fetched::Whole),
                    // A part may have been spoilt on disk: the second time it is the server's file that is wrong.
                    Err(SyncError::Blob(BlobError::WrongHash)) if !wrong_before => {
                        wrong_before = true;
                        continue;
                    }
                    Err(SyncError::Blob(BlobError::WrongHash)) => {
                        return Ok(not_to_be_had(FileFailure::Damaged));
                    }
                    Err(error) => return Err(error),
                },
                Err(error) => error,
            };
            if let Some(failure) = of_only_this_file(&error) {
                return Ok(not_to_be_had(failure));
            }
            if is_longer {
                attempt = 0;
            }
            if !self.client.pause(attempt, &error).await? {
                return Err(error.into());
            }
            attempt += 1;
        }
    }

    async fn resume(&self, blob_id: BlobId) -> Result<PartWriter, SyncError> {
        let blobs = self.blobs.clone();
        Ok(tokio::task::spawn_blocking(move || blobs.resume(blob_id))
            .await
            .map_err(|_| SyncError::Worker)??)
    }

    /// Streams the rest of a file to disk. The writer comes back whatever happened on the wire.
    ///
    /// Errors: the disk's.
    async fn stream_into(
        &self,
        mut writer: PartWriter,
        fetch: &BlobFetch,
        tally: &Mutex<Tally>,
    ) -> Result<(PartWriter, Result<(), TransportError>), SyncError> {
        let from = writer.byte_len();
        let path = path_blob(&fetch.blob_id);
        let asked = tokio::select! {
            asked = self.client.get_from(&path, from) => asked,
            () = self.cancel.cancelled() => Err(TransportError::Cancelled),
        };
        let (mut response, continues) = match asked {
            Ok(answer) => answer,
            // Everything is there already; the hash decides whether it is the right thing.
            Err(TransportError::Refused(refusal)) if refusal.status == RANGE_NOT_SATISFIABLE => {
                return Ok((writer, Ok(())));
            }
            Err(error) => return Ok((writer, Err(error))),
        };
        if !continues {
            writer.restart()?;
        }
        let mut left = sealed_len(fetch.byte_len).saturating_sub(writer.byte_len());
        let (pieces, disk) = start_writer(writer);
        let mut gathered = BytesMut::new();
        let ended = loop {
            let piece = tokio::select! {
                piece = response.chunk() => piece,
                () = self.cancel.cancelled() => break Err(TransportError::Cancelled),
            };
            match piece {
                Ok(Some(piece)) => {
                    let byte_len = piece.len() as u64;
                    self.client.traffic().add_body(byte_len);
                    if byte_len > left {
                        break Err(TransportError::TooLarge);
                    }
                    left -= byte_len;
                    self.bytes_done(tally, fetch, byte_len);
                    if gathered.is_empty() {
                        gathered.reserve(PIECE_LEN + piece.len());
                    }
                    gathered.extend_from_slice(&piece);
                    // A closed channel means that the disk failed; its error comes from the writer below.
                    if gathered.len() >= PIECE_LEN
                        && pieces.send(gathered.split().freeze()).await.is_err()
                    {
                        break Ok(());
                    }
                }
                Ok(None) => break Ok(()),
                Err(error) => break Err(self.client.reading_failed(error)),
            }
        };
        // What arrived before the line broke is kept; again a failed disk speaks for itself below.
        if !gathered.is_empty() {
            let _ = pieces.send(gathered.freeze()).await;
        }
        drop(pieces);
        let writer = disk.await.map_err(|_| SyncError::Worker)??;
        Ok((writer, ended))
    }

    fn bytes_done(&self, tally: &Mutex<Tally>, fetch: &BlobFetch, byte_len: u64) {
        let mut tally = tally.lock().unwrap_or_else(PoisonError::into_inner);
        let total = tally.progress.bytes_total;
        tally.progress.bytes_done = tally
            .progress
            .bytes_done
            .saturating_add(byte_len)
            .min(total);
        if tally.progress.bytes_done.saturating_sub(tally.told_bytes) >= PROGRESS_STEP {
            self.tell(&mut tally, fetch);
        }
    }

    fn file_done(&self, tally: &Mutex<Tally>, fetch: &BlobFetch) {
        let mut tally = tally.lock().unwrap_or_else(PoisonError::into_inner);
        tally.progress.files_done += 1;
        self.tell(&mut tally, fetch);
    }

    fn tell(&self, tally: &mut Tally, fetch: &BlobFetch) {
        tally.told_bytes = tally.progress.bytes_done;
        if tally.progress.current_meeting_id != fetch.meeting {
            tally.progress.current_meeting_id = fetch.meeting;
            tally.progress.current_meeting = fetch
                .meeting
                .and_then(|meeting| self.names.get(&meeting).cloned());
        }
        (self.report)(tally.progress.clone());
    }
}

/// What an error says of this file alone, so that the others may go on; `None` if it concerns them all.
fn of_only_this_file(error: &TransportError) -> Option<FileFailure> {
    match error {
        TransportError::Refused(refusal) if matches!(refusal.status, 403 | 404) => {
            Some(FileFailure::Gone)
        }
        TransportError::TooLarge | TransportError::BadRange => Some(FileFailure::Damaged),
        _ => None,
    }
}

/// How long the ciphertext of a file is: header, content, a tag for each chunk.
fn sealed_len(plain_len: u64) -> u64 {
    let chunks = plain_len.div_ceil(CHUNK_LEN as u64).max(1);
    (HEADER_LEN as u64)
        .saturating_add(plain_len)
        .saturating_add(chunks.saturating_mul(TAG_LEN))
}

type DiskWriter = JoinHandle<Result<PartWriter, BlobError>>;

/// Hashes and writes off the network's threads, so that disk and line work at the same time.
fn start_writer(mut writer: PartWriter) -> (mpsc::Sender<Bytes>, DiskWriter) {
    let (sender, mut receiver) = mpsc::channel::<Bytes>(WAITING_PIECES);
    let disk = tokio::task::spawn_blocking(move || {
        while let Some(piece) = receiver.blocking_recv() {
            writer.append(&piece)?;
        }
        Ok(writer)
    });
    (sender, disk)
}

async fn finish(writer: PartWriter) -> Result<(), SyncError> {
    Ok(tokio::task::spawn_blocking(move || writer.finish())
        .await
        .map_err(|_| SyncError::Worker)??)
}

/// Marks files present, as many at once as have become whole meanwhile: a transaction costs an fsync.
fn start_marker(
    vault: Arc<Vault>,
    council: CouncilId,
    now_ms: i64,
) -> (mpsc::Sender<BlobId>, JoinHandle<Result<(), StoreError>>) {
    let (sender, mut receiver) = mpsc::channel::<BlobId>(64);
    let marker = tokio::task::spawn_blocking(move || {
        let mut opened = CouncilStore::open(&vault, council, now_ms)?;
        let blobs = vault.blobs(council);
        while let Some(first) = receiver.blocking_recv() {
            let mut whole = vec![first];
            while let Ok(next) = receiver.try_recv() {
                whole.push(next);
            }
            let _turn = presence::hold();
            // One that was freed meanwhile is here no more.
            whole.retain(|blob| blobs.has(*blob));
            opened.set_present(&whole)?;
        }
        Ok(())
    });
    (sender, marker)
}
