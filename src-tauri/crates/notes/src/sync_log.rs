//! The last synchronisations of each council, for the member to look at: when, how each ended, how much came.
//! Numbers and codes only; whoever synchronises says what they are.

use crate::error::NotesError;
use crate::store::NoteStore;
use rusqlite::named_params;
use std::collections::HashMap;
use vault::{BlobId, CouncilId};

/// Runs kept for each council.
pub const RUNS_KEPT: u32 = 20;

/// One synchronisation that has ended.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SyncRun {
    /// ms UTC.
    pub began_at_ms: i64,
    /// ms UTC.
    pub ended_at_ms: i64,
    /// Code of the error that ended it; `None`: it went well.
    pub error: Option<String>,
    /// Objects that came, changed or went.
    pub objects_changed: u64,
    /// Files that came.
    pub files_fetched: u64,
    /// Files that were not to be had.
    pub files_failed: u64,
}

/// Why a file was not to be had.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FailureReason {
    /// The server does not give it out any more.
    Gone,
    /// What came was not what was announced.
    Damaged,
}

/// A file that the last run could not get.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FileFailure {
    /// Which version.
    pub blob_id: BlobId,
    /// Why.
    pub reason: FailureReason,
}

impl NoteStore {
    /// Notes the end of a run; the oldest beyond [`RUNS_KEPT`] go.
    ///
    /// * `failures` – the files it could not get, in place of those noted before; `None` if it did not come as far as
    ///   the files.
    pub fn sync_run_add(
        &self,
        council: CouncilId,
        run: &SyncRun,
        failures: Option<&[FileFailure]>,
    ) -> Result<(), NotesError> {
        let number = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
        self.write(|transaction| {
            transaction
                .prepare_cached(
                    "INSERT INTO sync_runs (council, began_at_ms, ended_at_ms, error, objects_changed, files_fetched, files_failed)
                     VALUES (:council, :began, :ended, :error, :objects, :fetched, :failed)",
                )?
                .execute(named_params! {
                    ":council": council.as_bytes(),
                    ":began": run.began_at_ms,
                    ":ended": run.ended_at_ms,
                    ":error": run.error,
                    ":objects": number(run.objects_changed),
                    ":fetched": number(run.files_fetched),
                    ":failed": number(run.files_failed),
                })?;
            transaction
                .prepare_cached(
                    "DELETE FROM sync_runs WHERE council = :council AND run NOT IN
                     (SELECT run FROM sync_runs WHERE council = :council ORDER BY run DESC LIMIT :kept)",
                )?
                .execute(named_params! { ":council": council.as_bytes(), ":kept": RUNS_KEPT })?;
            let Some(failures) = failures else {
                return Ok(());
            };
            transaction
                .prepare_cached("DELETE FROM sync_failures WHERE council = :council")?
                .execute(named_params! { ":council": council.as_bytes() })?;
            let mut note = transaction.prepare_cached(
                "INSERT OR REPLACE INTO sync_failures (council, blob_id, reason, at_ms)
                 VALUES (:council, :blob_id, :reason, :at_ms)",
            )?;
            for failure in failures {
                note.execute(named_params! {
                    ":council": council.as_bytes(),
                    ":blob_id": failure.blob_id.as_bytes(),
                    ":reason": match failure.reason {
                        FailureReason::Gone => "gone",
                        FailureReason::Damaged => "damaged",
                    },
                    ":at_ms": run.ended_at_ms,
                })?;
            }
            Ok(())
        })
    }

    /// The last runs of a council, the latest first.
    pub fn sync_runs(&self, council: CouncilId) -> Result<Vec<SyncRun>, NotesError> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT began_at_ms, ended_at_ms, error, objects_changed, files_fetched, files_failed
                 FROM sync_runs WHERE council = :council ORDER BY run DESC",
            )?;
            let mut rows = statement.query(named_params! { ":council": council.as_bytes() })?;
            let mut runs = Vec::new();
            while let Some(row) = rows.next()? {
                let number = |name| Ok::<_, rusqlite::Error>(row.get::<_, i64>(name)?.unsigned_abs());
                runs.push(SyncRun {
                    began_at_ms: row.get("began_at_ms")?,
                    ended_at_ms: row.get("ended_at_ms")?,
                    error: row.get("error")?,
                    objects_changed: number("objects_changed")?,
                    files_fetched: number("files_fetched")?,
                    files_failed: number("files_failed")?,
                });
            }
            Ok(runs)
        })
    }

    /// The files that the last run of a council could not get.
    pub fn sync_failures(
        &self,
        council: CouncilId,
    ) -> Result<HashMap<BlobId, FailureReason>, NotesError> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT blob_id, reason FROM sync_failures WHERE council = :council",
            )?;
            let mut rows = statement.query(named_params! { ":council": council.as_bytes() })?;
            let mut failures = HashMap::new();
            while let Some(row) = rows.next()? {
                let reason = match row.get_ref("reason")?.as_str() {
                    Ok("gone") => FailureReason::Gone,
                    Ok("damaged") => FailureReason::Damaged,
                    _ => return Err(NotesError::BadRow),
                };
                failures.insert(BlobId::from_bytes(row.get("blob_id")?), reason);
            }
            Ok(failures)
        })
    }
}
