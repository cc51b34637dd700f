//! Receipts (delivery, Zugang): made once for each invitation that is whole on this device, queued, sent, stamped.
//!
//! A receipt proves that the invitation can be read here, never that it was read.

use std::sync::Arc;

use sync_protocol::ids::{CouncilId, ObjectId};
use sync_protocol::receipt::{MAX_BATCH, Receipt, ReceiptBatch, SignedReceipt};
use vault::Vault;

use crate::council::CouncilError;
use crate::error::SyncError;
use crate::remote;
use crate::store::receipts::{self, QueuedReceipt};
use crate::store::{self, CouncilStore, ReceiptRow};
use crate::transport::Client;

/// Makes and queues the receipts that are due.
///
/// Result: everything queued, these and earlier ones.
pub(crate) fn queue_due(
    vault: &Vault,
    council: CouncilId,
    now_ms: i64,
) -> Result<Vec<QueuedReceipt>, SyncError> {
    let opened = CouncilStore::open(vault, council, now_ms)?;
    let device = opened.device();
    let signing_key = vault
        .keyring()
        .device_signing_key(council)
        .ok_or(CouncilError::NotPaired)?;
    let mut conn = store::open_public(vault, council)?;
    let tx = conn.transaction().map_err(store::StoreError::from)?;
    for due in due(&opened)? {
        let (meeting, invitation_revision, blob_id) =
            (due.meeting, due.invitation_revision, due.blob_id);
        let receipt = Receipt {
            council,
            device,
            meeting,
            invitation_revision,
            blob_id,
            at_ms: now_ms,
        };
        let signed = receipt.sign(&signing_key)?;
        receipts::queue(
            &tx,
            &ReceiptRow {
                made_at_ms: now_ms,
                ..due
            },
            signed.as_bytes(),
        )?;
    }
    tx.commit().map_err(store::StoreError::from)?;
    Ok(receipts::queued(&conn)?)
}

/// Meetings whose invitation is whole here and that have no receipt for its revision.
fn due(opened: &CouncilStore) -> Result<Vec<ReceiptRow>, store::StoreError> {
    let made: std::collections::HashSet<(ObjectId, u32)> = opened
        .receipts()?
        .into_iter()
        .map(|row| (row.meeting, row.invitation_revision))
        .collect();
    let mut due = Vec::new();
    for held in opened.meetings()? {
        let meeting = &held.object;
        let Some(invitation) = meeting.invitation else {
            continue;
        };
        if made.contains(&(meeting.id, meeting.invitation_revision)) {
            continue;
        }
        let Some(file) = opened.file(invitation)?.filter(|file| file.present) else {
            continue;
        };
        due.push(ReceiptRow {
            meeting: meeting.id,
            invitation_revision: meeting.invitation_revision,
            blob_id: file.blob_id,
            made_at_ms: 0,
            server_at_ms: None,
        });
    }
    Ok(due)
}

/// Sends what is queued and notes the server's times.
///
/// Result: how many the server took.
pub(crate) async fn send(
    client: &Client,
    vault: &Arc<Vault>,
    council: CouncilId,
    queued: Vec<QueuedReceipt>,
) -> Result<u64, SyncError> {
    let mut sent = 0;
    for batch in queued.chunks(MAX_BATCH) {
        let body = ReceiptBatch(
            batch
                .iter()
                .map(|one| SignedReceipt(one.signed.clone()))
                .collect(),
        );
        let times = remote::send_receipts(client, &body).await?.0;
        if times.len() != batch.len() {
            return Err(SyncError::Malformed);
        }
        let taken: Vec<((ObjectId, u32), i64)> = batch
            .iter()
            .map(|one| (one.meeting, one.invitation_revision))
            .zip(times)
            .collect();
        sent += taken.len() as u64;
        let vault = Arc::clone(vault);
        tokio::task::spawn_blocking(move || note_taken(&vault, council, &taken))
            .await
            .map_err(|_| SyncError::Worker)??;
    }
    Ok(sent)
}

fn note_taken(
    vault: &Vault,
    council: CouncilId,
    taken: &[((ObjectId, u32), i64)],
) -> Result<(), store::StoreError> {
    let mut conn = store::open_public(vault, council)?;
    let tx = conn.transaction()?;
    for (receipt, server_at_ms) in taken {
        receipts::set_taken(&tx, *receipt, *server_at_ms)?;
    }
    tx.commit()?;
    Ok(())
}
