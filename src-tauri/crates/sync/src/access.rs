//! Forgetting: what becomes of nonpublic data when access ends.
//!
//! Locked at once (the store does not open it any more), keys and databases deleted 7 days later, at once when the
//! office has revoked the device. Ciphertext that nothing names any more is swept away.

use std::collections::HashSet;

use sync_protocol::ids::{AudienceId, BlobId, CouncilId};
use vault::{DbError, Vault};

use crate::council::KnownCouncil;
use crate::error::SyncError;
use crate::store::{self, StoreError, sweep};

// Meets: O.Data_5, O.Source_7
/// Deletes keys and content of every audience whose access ended, or whose lease ran out, more than 7 days ago.
///
/// Needs no network; the app calls it when the vault is opened, every run calls it too. No store of this council may be open.
///
/// * `now_ms` – this device's clock; the later of it and the last signed time counts.
///
/// Result: the audiences forgotten.
pub fn forget_due(
    vault: &Vault,
    council: CouncilId,
    now_ms: i64,
) -> Result<Vec<AudienceId>, SyncError> {
    let known = KnownCouncil::load(vault, council)?;
    let time_ms = known.trusted_time_ms(now_ms);
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
        vault.forget_audience(council, audience)?;
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
pub(crate) fn revoke(vault: &Vault, council: CouncilId) -> Result<(), SyncError> {
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
        vault.forget_audience(council, audience)?;
    }
    sweep_blobs(vault, council)?;
    Ok(())
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
