//! Which blobs are wanted, which lie here, which nothing names any more.
//!
//! Works on single databases, the locked ones included; deletes and fetches nothing itself.

use std::collections::{HashMap, HashSet};

use rusqlite::{Connection, TransactionBehavior, named_params};
use sync_protocol::ids::{BlobId, ObjectId};
use sync_protocol::model::{AgendaItem, Meeting};

use super::decode::FromObject;
use super::read::{id16, id32, unsigned};
use super::{CouncilStore, FileRole, FileUse, StoreError};
use crate::plan::blobs::{BlobNeeds, ItemPlace, MissingFile};

/// Adds what one database lacks.
fn collect_missing(conn: &Connection, needs: &mut BlobNeeds) -> Result<(), StoreError> {
    let mut statement =
        conn.prepare_cached("SELECT object_id, blob_id, byte_len FROM files WHERE present = 0")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        needs.missing.push(MissingFile {
            file: ObjectId::from_bytes(id16(row, "object_id")?),
            blob_id: BlobId::from_bytes(id32(row, "blob_id")?),
            byte_len: unsigned(row, "byte_len")?,
        });
    }
    Ok(())
}

/// Adds what decides the order of fetching; only worth it when something is missing.
pub(crate) fn collect_order(conn: &Connection, needs: &mut BlobNeeds) -> Result<(), StoreError> {
    let mut statement = conn.prepare_cached("SELECT owner, role, position, file FROM file_uses")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        needs.uses.push(FileUse {
            owner: ObjectId::from_bytes(id16(row, "owner")?),
            role: FileRole::from_number(row.get("role")?)
                .ok_or(StoreError::BadRow { what: "role" })?,
            position: row.get("position")?,
            file: ObjectId::from_bytes(id16(row, "file")?),
        });
    }
    let mut statement = conn.prepare_cached(
        "SELECT object_id, meeting, paper, item_order FROM objects WHERE kind = :kind AND meeting IS NOT NULL",
    )?;
    let mut rows = statement.query(named_params! { ":kind": AgendaItem::KIND.number() })?;
    while let Some(row) = rows.next()? {
        let paper = match row.get_ref("paper")?.as_blob() {
            Ok(_) => Some(ObjectId::from_bytes(id16(row, "paper")?)),
            Err(_) => None,
        };
        needs.items.push(ItemPlace {
            item: ObjectId::from_bytes(id16(row, "object_id")?),
            meeting: ObjectId::from_bytes(id16(row, "meeting")?),
            paper,
            order: row.get::<_, Option<i64>>("item_order")?.unwrap_or(i64::MAX),
        });
    }
    needs.starts.extend(meeting_starts(conn)?);
    Ok(())
}

fn meeting_starts(conn: &Connection) -> Result<HashMap<ObjectId, i64>, StoreError> {
    let mut statement =
        conn.prepare_cached("SELECT object_id, starts_at_ms FROM objects WHERE kind = :kind AND starts_at_ms IS NOT NULL")?;
    let mut rows = statement.query(named_params! { ":kind": Meeting::KIND.number() })?;
    let mut starts = HashMap::new();
    while let Some(row) = rows.next()? {
        starts.insert(
            ObjectId::from_bytes(id16(row, "object_id")?),
            row.get("starts_at_ms")?,
        );
    }
    Ok(starts)
}

/// The names of the meetings of a database, for the progress shown.
fn meeting_names(conn: &Connection) -> Result<HashMap<ObjectId, String>, StoreError> {
    let mut statement =
        conn.prepare_cached("SELECT object_id, payload FROM objects WHERE kind = :kind")?;
    let mut rows = statement.query(named_params! { ":kind": Meeting::KIND.number() })?;
    let mut names = HashMap::new();
    while let Some(row) = rows.next()? {
        let payload = row
            .get_ref("payload")?
            .as_blob()
            .map_err(|_| StoreError::BadRow { what: "payload" })?;
        names.insert(
            ObjectId::from_bytes(id16(row, "object_id")?),
            Meeting::from_payload(payload)?.name,
        );
    }
    Ok(names)
}

/// Whose meetings a closed database deals with.
///
/// * `public` – the council's public database: a meeting is often public and only items of it are not.
///
/// Result: the organization that all its meetings have in common; `None` if there is not exactly one.
pub(crate) fn organization_of(
    closed: &Connection,
    public: &Connection,
) -> Result<Option<ObjectId>, StoreError> {
    let mut statement = closed.prepare_cached(
        "SELECT meeting AS object_id FROM objects WHERE meeting IS NOT NULL
         UNION SELECT object_id FROM objects WHERE kind = :kind",
    )?;
    let mut rows = statement.query(named_params! { ":kind": Meeting::KIND.number() })?;
    let mut common: Option<HashSet<ObjectId>> = None;
    while let Some(row) = rows.next()? {
        let id = ObjectId::from_bytes(id16(row, "object_id")?);
        let meeting = match meeting(closed, id)? {
            None => meeting(public, id)?,
            found => found,
        };
        let Some(meeting) = meeting else { continue };
        let its: HashSet<ObjectId> = meeting.organizations.into_iter().collect();
        common = Some(match common {
            Some(before) => before.intersection(&its).copied().collect(),
            None => its,
        });
    }
    let mut left = common.into_iter().flatten();
    let only = left.next();
    Ok(only.filter(|_| left.next().is_none()))
}

fn meeting(conn: &Connection, id: ObjectId) -> Result<Option<Meeting>, StoreError> {
    let mut statement =
        conn.prepare_cached("SELECT payload FROM objects WHERE object_id = :id AND kind = :kind")?;
    let mut rows =
        statement.query(named_params! { ":id": id.as_bytes(), ":kind": Meeting::KIND.number() })?;
    let Some(row) = rows.next()? else {
        return Ok(None);
    };
    let payload = row.get_ref("payload")?.as_blob();
    let payload = payload.map_err(|_| StoreError::BadRow { what: "payload" })?;
    Ok(Some(Meeting::from_payload(payload)?))
}

/// Every blob that a database names.
pub(crate) fn collect_named(
    conn: &Connection,
    named: &mut HashSet<BlobId>,
) -> Result<(), StoreError> {
    let mut statement = conn.prepare_cached("SELECT DISTINCT blob_id FROM files")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        named.insert(BlobId::from_bytes(id32(row, "blob_id")?));
    }
    Ok(())
}

/// Says of blobs that they are whole on this device; the last step of a fetch.
fn mark_present(conn: &mut Connection, blobs: &[BlobId]) -> Result<(), StoreError> {
    let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
    {
        let mut statement = tx
            .prepare_cached("UPDATE files SET present = 1 WHERE blob_id = :blob AND present = 0")?;
        for blob in blobs {
            statement.execute(named_params! { ":blob": blob.as_bytes() })?;
        }
    }
    tx.commit()?;
    Ok(())
}

/// Says of blobs marked present that they are not among the `whole` ones on disk any more.
fn mark_lost(conn: &mut Connection, whole: &HashSet<BlobId>) -> Result<(), StoreError> {
    let mut lost = Vec::new();
    {
        let mut statement =
            conn.prepare_cached("SELECT DISTINCT blob_id FROM files WHERE present = 1")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let blob = BlobId::from_bytes(id32(row, "blob_id")?);
            if !whole.contains(&blob) {
                lost.push(blob);
            }
        }
    }
    if lost.is_empty() {
        return Ok(());
    }
    let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
    {
        let mut statement =
            tx.prepare_cached("UPDATE files SET present = 0 WHERE blob_id = :blob")?;
        for blob in &lost {
            statement.execute(named_params! { ":blob": blob.as_bytes() })?;
        }
    }
    tx.commit()?;
    Ok(())
}

impl CouncilStore {
    /// Files that are not whole here and what decides their order; cheap when nothing is missing.
    pub(crate) fn blob_needs(&self) -> Result<BlobNeeds, StoreError> {
        let mut needs = BlobNeeds::default();
        for (_, _, conn) in self.databases() {
            collect_missing(conn, &mut needs)?;
        }
        if !needs.missing.is_empty() {
            for (_, _, conn) in self.databases() {
                collect_order(conn, &mut needs)?;
            }
        }
        Ok(needs)
    }

    /// The name of every meeting.
    pub(crate) fn meeting_names(&self) -> Result<HashMap<ObjectId, String>, StoreError> {
        let mut names = HashMap::new();
        for (_, _, conn) in self.databases() {
            names.extend(meeting_names(conn)?);
        }
        Ok(names)
    }

    /// Takes back that blobs are present where the disk does not have them any more: a damaged one was deleted.
    pub(crate) fn set_lost(&mut self, whole: &HashSet<BlobId>) -> Result<(), StoreError> {
        for conn in
            std::iter::once(&mut self.public).chain(self.closed.iter_mut().map(|db| &mut db.conn))
        {
            mark_lost(conn, whole)?;
        }
        Ok(())
    }

    /// Says of blobs that they are whole on this device; the last step of a fetch.
    pub(crate) fn set_present(&mut self, blobs: &[BlobId]) -> Result<(), StoreError> {
        for conn in
            std::iter::once(&mut self.public).chain(self.closed.iter_mut().map(|db| &mut db.conn))
        {
            mark_present(conn, blobs)?;
        }
        Ok(())
    }
}
