//! The table `receipts`: made here, queued, and stamped with the server's time once it took them.

use rusqlite::{Connection, named_params};
use sync_protocol::ids::{BlobId, ObjectId};

use super::read::{id16, id32, number32};
use super::{CouncilStore, ReceiptRow, StoreError};

/// A receipt that the server has not taken yet.
pub(crate) struct QueuedReceipt {
    pub(crate) meeting: ObjectId,
    pub(crate) invitation_revision: u32,
    pub(crate) signed: Vec<u8>,
}

/// Queues a receipt; the first one for a meeting and invitation revision stays.
pub(crate) fn queue(conn: &Connection, row: &ReceiptRow, signed: &[u8]) -> Result<(), StoreError> {
    conn.prepare_cached(
        "INSERT INTO receipts (meeting, invitation_revision, blob_id, made_at_ms, signed)
         VALUES (:meeting, :revision, :blob, :made, :signed) ON CONFLICT DO NOTHING",
    )?
    .execute(named_params! {
        ":meeting": row.meeting.as_bytes(),
        ":revision": row.invitation_revision,
        ":blob": row.blob_id.as_bytes(),
        ":made": row.made_at_ms,
        ":signed": signed,
    })?;
    Ok(())
}

/// Everything still queued, oldest first.
pub(crate) fn queued(conn: &Connection) -> Result<Vec<QueuedReceipt>, StoreError> {
    let mut statement = conn.prepare_cached(
        "SELECT meeting, invitation_revision, signed FROM receipts WHERE server_at_ms IS NULL ORDER BY made_at_ms",
    )?;
    let mut rows = statement.query([])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(QueuedReceipt {
            meeting: ObjectId::from_bytes(id16(row, "meeting")?),
            invitation_revision: number32(row, "invitation_revision")?,
            signed: row.get("signed")?,
        });
    }
    Ok(found)
}

/// Notes the server's time on a receipt it took.
pub(crate) fn set_taken(
    conn: &Connection,
    (meeting, invitation_revision): (ObjectId, u32),
    server_at_ms: i64,
) -> Result<(), StoreError> {
    conn.prepare_cached(
        "UPDATE receipts SET server_at_ms = :at WHERE meeting = :meeting AND invitation_revision = :revision",
    )?
    .execute(named_params! { ":at": server_at_ms, ":meeting": meeting.as_bytes(), ":revision": invitation_revision })?;
    Ok(())
}

impl CouncilStore {
    /// Every receipt this device has made, newest first.
    pub fn receipts(&self) -> Result<Vec<ReceiptRow>, StoreError> {
        let mut statement = self.council_db().prepare_cached(
            "SELECT meeting, invitation_revision, blob_id, made_at_ms, server_at_ms
             FROM receipts ORDER BY made_at_ms DESC, meeting",
        )?;
        let mut rows = statement.query([])?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            found.push(ReceiptRow {
                meeting: ObjectId::from_bytes(id16(row, "meeting")?),
                invitation_revision: number32(row, "invitation_revision")?,
                blob_id: BlobId::from_bytes(id32(row, "blob_id")?),
                made_at_ms: row.get("made_at_ms")?,
                server_at_ms: row.get("server_at_ms")?,
            });
        }
        Ok(found)
    }

    /// The receipt for the newest revision of a meeting's invitation.
    pub fn receipt(&self, meeting: ObjectId) -> Result<Option<ReceiptRow>, StoreError> {
        let mine = self
            .receipts()?
            .into_iter()
            .filter(|row| row.meeting == meeting);
        Ok(mine.max_by_key(|row| row.invitation_revision))
    }
}
