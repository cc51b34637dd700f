//! Freeing: files that are not wanted leave the device, their titles and places stay. In this order, so that a crash at
//! any point leaves what the next time finishes: rows say *absent*, then the blobs are deleted.
//!
//! What is wanted is the caller's wish; see `plan::wishes`. Nothing here speaks to the network.

use std::collections::{HashMap, HashSet};

use rusqlite::Connection;
use sync_protocol::ids::{BlobId, CouncilId, ObjectId};
use vault::{Blobs, Vault};

use crate::error::SyncError;
use crate::plan::wishes::{Wishes, needless, unwanted};
use crate::presence;
use crate::store::freeing::{all_databases, listed, mark_absent};

/// What was freed, or would be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Freed {
    /// Files that were whole here, each object once.
    pub files: u64,
    /// Their ciphertext, each blob once, bytes.
    pub bytes: u64,
}

/// What is to go.
struct Plan {
    databases: Vec<Connection>,
    /// Blobs that no wanted file needs, on the disk or not.
    needless: HashSet<BlobId>,
    /// Those that are on the disk, with their length, bytes.
    on_disk: HashMap<BlobId, u64>,
    /// Files whose rows say *present*.
    files: HashSet<ObjectId>,
}

impl Plan {
    fn make(
        vault: &Vault,
        council: CouncilId,
        wishes: &Wishes,
        now_ms: i64,
    ) -> Result<Self, SyncError> {
        let databases = all_databases(vault, council)?;
        let (rows, places) = listed(&databases)?;
        let needless = needless(&rows, &unwanted(&rows, &places, wishes, now_ms));
        let stored = vault.blobs(council).list()?;
        Ok(Self {
            files: rows
                .iter()
                .filter(|row| row.present && needless.contains(&row.blob_id))
                .map(|row| row.file)
                .collect(),
            on_disk: stored
                .into_iter()
                .filter(|blob| needless.contains(&blob.blob_id))
                .map(|blob| (blob.blob_id, blob.byte_len))
                .collect(),
            needless,
            databases,
        })
    }

    fn freed(&self) -> Freed {
        Freed {
            files: self.files.len() as u64,
            bytes: self.on_disk.values().sum(),
        }
    }
}

/// What [`free_unwanted`] would free. Changes nothing.
///
/// * `now_ms` – decides which meetings are over, ms UTC.
pub fn freed_by(
    vault: &Vault,
    council: CouncilId,
    wishes: &Wishes,
    now_ms: i64,
) -> Result<Freed, SyncError> {
    if wishes.want_all() {
        return Ok(Freed::default());
    }
    Ok(Plan::make(vault, council, wishes, now_ms)?.freed())
}

/// The files that are not wanted here, whether they lie here or not.
///
/// * `now_ms` – decides which meetings are over, ms UTC.
pub fn unwanted_files(
    vault: &Vault,
    council: CouncilId,
    wishes: &Wishes,
    now_ms: i64,
) -> Result<HashSet<ObjectId>, SyncError> {
    if wishes.want_all() {
        return Ok(HashSet::new());
    }
    let (rows, places) = listed(&all_databases(vault, council)?)?;
    Ok(unwanted(&rows, &places, wishes, now_ms))
}

/// Takes every file off the device that is not wanted, as a whole or not at all: a blob that a wanted file needs too,
/// under whatever name and in whatever database, stays. Goes on where a crash has interrupted it. What is arriving is
/// left alone, so it may be called while a synchronisation runs.
///
/// * `now_ms` – decides which meetings are over, ms UTC.
///
/// Errors: what the databases say. A blob that cannot be deleted at the moment, because it is being read on a system that
/// does not allow it, is left for the next time.
pub fn free_unwanted(
    vault: &Vault,
    council: CouncilId,
    wishes: &Wishes,
    now_ms: i64,
) -> Result<Freed, SyncError> {
    if wishes.want_all() {
        return Ok(Freed::default());
    }
    let _turn = presence::hold();
    let mut plan = Plan::make(vault, council, wishes, now_ms)?;
    let mut freed = plan.freed();
    if plan.on_disk.is_empty() && plan.files.is_empty() {
        return Ok(freed);
    }
    mark_absent(&mut plan.databases, &plan.needless)?;
    freed.bytes = delete(&vault.blobs(council), &plan.on_disk);
    Ok(freed)
}

/// Result: how much came free, bytes.
fn delete(blobs: &Blobs, on_disk: &HashMap<BlobId, u64>) -> u64 {
    on_disk
        .iter()
        .filter(|(blob, _)| blobs.delete_whole(**blob).is_ok())
        .map(|(_, byte_len)| byte_len)
        .sum()
}

/// The blobs that no wanted file needs, and deletes what has arrived of them. Only for a run that is not fetching yet.
pub(crate) fn give_up_parts(
    vault: &Vault,
    council: CouncilId,
    wishes: &Wishes,
    now_ms: i64,
) -> Result<HashSet<BlobId>, SyncError> {
    if wishes.want_all() {
        return Ok(HashSet::new());
    }
    let (rows, places) = listed(&all_databases(vault, council)?)?;
    let needless = needless(&rows, &unwanted(&rows, &places, wishes, now_ms));
    let blobs = vault.blobs(council);
    for part in blobs.list_parts()? {
        if needless.contains(&part.blob_id) {
            blobs.delete(part.blob_id)?;
        }
    }
    Ok(needless)
}

#[cfg(test)]
mod tests;
