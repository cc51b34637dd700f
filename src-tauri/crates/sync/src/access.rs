//! Forgetting: what becomes of nonpublic data when access ends.
//!
//! Locked at once (the store does not open it any more), keys and databases deleted 7 days later, at once when the
//! office has revoked the device. Ciphertext that nothing names any more is swept away.

use std::collections::HashSet;

use sync_protocol::ids::{AudienceId, BlobId, CouncilId, ObjectId};
use vault::{DbError, Deletion, DeletionCause, Vault};

use crate::council::{CouncilError, KnownCouncil};
use crate::error::SyncError;
use crate::store::{self, StoreError, sweep};
use crate::time::note_time;

/// How many deletions stay noted.
const MAX_DELETIONS: usize = 100;

// Meets: O.Data_5, O.Source_7
/// Deletes keys and content of every audience whose access ended, or whose lease ran out, more than 7 days ago.
///
/// Needs no network; the app calls it when the vault is opened, every run calls it too. No store of this council may be open.
///
/// * `now_ms` – this device's clock. What it shows for a moment deletes nothing (`time`): only the latest time that is signed or
///   believed does.
///
/// Result: the audiences forgotten. [`deletions`] keeps what was done.
pub fn forget_due(
    vault: &Vault,
    council: CouncilId,
    now_ms: i64,
) -> Result<Vec<AudienceId>, SyncError> {
    let time_ms = note_time(vault, council, now_ms)?;
    let known = KnownCouncil::load(vault, council)?;
    let keyed = vault.keyring().audiences(council);
    let on_disk = vault
        .closed_audiences(council)
        .map_err(DbError::from)
        .map_err(StoreError::from)?;
    let due: Vec<AudienceId> = known
        .audiences()
        .into_iter()
        .filter(|row| row.is_due_at(time_ms))
        .map(|row| row.audience)
        .collect();
    let mut forgotten = Vec::new();
    for audience in due
        .iter()
        .copied()
        .filter(|one| keyed.contains(one) || on_disk.contains(one))
    {
        let ended = &known.record.ended_audiences;
        let cause = match ended.iter().any(|one| one.audience == audience) {
            true => DeletionCause::Ended,
            false => DeletionCause::Lapsed,
        };
        forget(vault, council, audience, (time_ms, cause))?;
        forgotten.push(audience);
    }
    let has_settled = known
        .record
        .ended_audiences
        .iter()
        .any(|ended| due.contains(&ended.audience));
    if has_settled {
        vault.keyring().update_council(council, |record| {
            record
                .ended_audiences
                .retain(|one| !due.contains(&one.audience))
        })?;
    }
    if !forgotten.is_empty() {
        sweep_blobs(vault, council)?;
    }
    Ok(forgotten)
}

/// Locks everything nonpublic at once, for a device that the office has revoked: class keys and databases are deleted.
/// What is public, and the member's own notes, stay.
///
/// * `now_ms` – this device's clock.
pub(crate) fn revoke(vault: &Vault, council: CouncilId, now_ms: i64) -> Result<(), SyncError> {
    let known = KnownCouncil::load(vault, council)?;
    let public = known.public_audience();
    let on_disk = vault
        .closed_audiences(council)
        .map_err(DbError::from)
        .map_err(StoreError::from)?;
    let nonpublic: HashSet<AudienceId> = vault
        .keyring()
        .audiences(council)
        .into_iter()
        .chain(on_disk)
        .filter(|audience| Some(*audience) != public)
        .collect();
    // The mark first: should the rest fail, the next contact finds the device revoked again and repeats it.
    vault.keyring().update_council(council, |record| {
        record.revoked = true;
        record.ended_audiences.clear();
    })?;
    for audience in nonpublic {
        forget(vault, council, audience, (now_ms, DeletionCause::Revoked))?;
    }
    sweep_blobs(vault, council)?;
    Ok(())
}

/// What was deleted on this device because access was over: audiences, times, causes; oldest first.
///
/// Errors: not paired.
pub fn deletions(vault: &Vault, council: CouncilId) -> Result<Vec<Deletion>, SyncError> {
    let record = vault.keyring().council(council);
    let record = record.ok_or(CouncilError::NotPaired)?;
    Ok(record.forgetting.deletions)
}

/// Deletes an audience, and notes it first: should the rest fail, it is repeated, and noted once all the same.
fn forget(
    vault: &Vault,
    council: CouncilId,
    audience: AudienceId,
    (at_ms, cause): (i64, DeletionCause),
) -> Result<(), SyncError> {
    let is_repeated = vault.keyring().epochs(council, audience).is_empty();
    // Only for the note: what cannot be read goes all the same.
    let organization = organization_of(vault, council, audience).unwrap_or_default();
    vault.keyring().update_council(council, |record| {
        let noted = &mut record.forgetting.deletions;
        if is_repeated && noted.iter().any(|one| one.audience == audience) {
            return;
        }
        noted.push(Deletion {
            audience,
            at_ms,
            cause,
            organization,
        });
        let beyond = noted.len().saturating_sub(MAX_DELETIONS);
        noted.drain(..beyond);
    })?;
    Ok(vault.forget_audience(council, audience)?)
}

/// Whose an audience is that is about to be deleted; its databases are closed again.
fn organization_of(
    vault: &Vault,
    council: CouncilId,
    audience: AudienceId,
) -> Result<Option<ObjectId>, StoreError> {
    let closed = store::open_closed(vault, council, audience)?;
    sweep::organization_of(&closed, &store::open_public(vault, council)?)
}

/// Deletes every blob, whole or in part, that no database names. Locked databases still count.
///
/// Result: how many were deleted.
pub(crate) fn sweep_blobs(vault: &Vault, council: CouncilId) -> Result<u64, SyncError> {
    let mut named: HashSet<BlobId> = HashSet::new();
    sweep::collect_named(&store::open_public(vault, council)?, &mut named)?;
    for audience in vault
        .closed_audiences(council)
        .map_err(DbError::from)
        .map_err(StoreError::from)?
    {
        match store::open_closed(vault, council, audience) {
            Ok(conn) => sweep::collect_named(&conn, &mut named)?,
            // Its key is gone, so is the meaning of its blobs.
            Err(StoreError::Database(DbError::NoKey)) => {}
            Err(error) => return Err(error.into()),
        }
    }
    let blobs = vault.blobs(council);
    let mut deleted = 0;
    for stored in blobs.list()?.into_iter().chain(blobs.list_parts()?) {
        // A file that is open at the moment cannot be deleted on Windows: the next sweep takes it.
        if !named.contains(&stored.blob_id) && blobs.delete(stored.blob_id).is_ok() {
            deleted += 1;
        }
    }
    Ok(deleted)
}
