//! Applying a planned run to one database: all changes and the new position in one transaction, the position last.

use rusqlite::{Connection, Statement, Transaction, TransactionBehavior, named_params};
use sync_protocol::chain::ChainPosition;
use sync_protocol::ids::{AudienceId, ObjectId};

use super::{StoreError, state};
use crate::plan::changes::{Change, PutFile, PutObject, SealedObject};

/// A verified run of entries for one database.
pub(crate) struct Run<'a> {
    pub(crate) audience: AudienceId,
    pub(crate) changes: &'a [Change],
    /// Where the database stands afterwards.
    pub(crate) to: ChainPosition,
    /// Whether the changes are everything there is: whatever they do not put is removed.
    pub(crate) replaces_all: bool,
}

/// Applies a run. After an error or a crash the database is as it was before.
///
/// * `now_ms` – this device's clock; becomes the time of change.
pub(crate) fn apply(conn: &mut Connection, run: &Run<'_>, now_ms: i64) -> Result<(), StoreError> {
    let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
    if run.replaces_all {
        remove_others(&tx, run.changes)?;
    }
    Writer::new(&tx, now_ms)?.write(run.changes)?;
    state::set_position(&tx, run.audience, run.to)?;
    tx.commit()?;
    Ok(())
}

/// Opens what was kept sealed, once its key has come; the position does not move.
pub(crate) fn apply_unsealed(
    conn: &mut Connection,
    changes: &[Change],
    now_ms: i64,
) -> Result<(), StoreError> {
    let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
    Writer::new(&tx, now_ms)?.write(changes)?;
    tx.commit()?;
    Ok(())
}

fn change_id(change: &Change) -> Option<ObjectId> {
    match change {
        Change::Put(put) => Some(put.id),
        Change::KeepSealed(sealed) => Some(sealed.id),
        Change::Remove(_) => None,
    }
}

/// Removes what a replacing run does not mention; what it mentions keeps its time of first sight.
fn remove_others(tx: &Transaction<'_>, changes: &[Change]) -> Result<(), StoreError> {
    tx.execute_batch(
        "CREATE TEMP TABLE IF NOT EXISTS kept (object_id BLOB NOT NULL PRIMARY KEY) WITHOUT ROWID; DELETE FROM temp.kept;",
    )?;
    {
        let mut keep =
            tx.prepare_cached("INSERT OR IGNORE INTO temp.kept (object_id) VALUES (:id)")?;
        for id in changes.iter().filter_map(change_id) {
            keep.execute(named_params! { ":id": id.as_bytes() })?;
        }
    }
    tx.execute_batch(
        "DELETE FROM objects WHERE object_id NOT IN (SELECT object_id FROM temp.kept);
         DELETE FROM sealed_entries WHERE object_id NOT IN (SELECT object_id FROM temp.kept);
         DROP TABLE temp.kept;",
    )?;
    Ok(())
}

const PUT_OBJECT: &str = "
INSERT INTO objects (object_id, kind, revision, key_epoch, payload, meeting, agenda_item, paper, organization, person,
                     item_order, starts_at_ms, first_received_at_ms, changed_at_ms)
VALUES (:id, :kind, :revision, :epoch, :payload, :meeting, :item, :paper, :organization, :person, :order, :starts, :now, :now)
ON CONFLICT (object_id) DO UPDATE SET
    kind = excluded.kind, revision = excluded.revision, key_epoch = excluded.key_epoch, meeting = excluded.meeting,
    agenda_item = excluded.agenda_item, paper = excluded.paper, organization = excluded.organization,
    person = excluded.person, item_order = excluded.item_order, starts_at_ms = excluded.starts_at_ms,
    changed_at_ms = CASE WHEN objects.payload = excluded.payload THEN objects.changed_at_ms ELSE excluded.changed_at_ms END,
    payload = excluded.payload";

const PUT_FILE: &str = "
INSERT INTO files (object_id, blob_id, wrapped_key, key_epoch, revision, byte_len, page_count)
VALUES (:id, :blob, :wrapped, :epoch, :revision, :byte_len, :pages)
ON CONFLICT (object_id) DO UPDATE SET
    present = CASE WHEN files.blob_id = excluded.blob_id THEN files.present ELSE 0 END,
    blob_id = excluded.blob_id, wrapped_key = excluded.wrapped_key, key_epoch = excluded.key_epoch,
    revision = excluded.revision, byte_len = excluded.byte_len, page_count = excluded.page_count";

const KEEP_SEALED: &str = "
INSERT INTO sealed_entries (object_id, key_epoch, header, sealed_payload, wrapped_file_key)
VALUES (:id, :epoch, :header, :payload, :wrapped)
ON CONFLICT (object_id) DO UPDATE SET key_epoch = excluded.key_epoch, header = excluded.header,
    sealed_payload = excluded.sealed_payload, wrapped_file_key = excluded.wrapped_file_key";

/// The prepared statements of one transaction.
struct Writer<'t> {
    put_object: Statement<'t>,
    put_file: Statement<'t>,
    drop_file: Statement<'t>,
    drop_uses: Statement<'t>,
    put_use: Statement<'t>,
    keep_sealed: Statement<'t>,
    drop_sealed: Statement<'t>,
    drop_object: Statement<'t>,
    now_ms: i64,
}

impl<'t> Writer<'t> {
    fn new(tx: &'t Transaction<'_>, now_ms: i64) -> Result<Self, StoreError> {
        Ok(Self {
            put_object: tx.prepare(PUT_OBJECT)?,
            put_file: tx.prepare(PUT_FILE)?,
            drop_file: tx.prepare("DELETE FROM files WHERE object_id = :id")?,
            drop_uses: tx.prepare("DELETE FROM file_uses WHERE owner = :id")?,
            put_use: tx.prepare(
                "INSERT INTO file_uses (owner, role, position, file) VALUES (:owner, :role, :position, :file)",
            )?,
            keep_sealed: tx.prepare(KEEP_SEALED)?,
            drop_sealed: tx.prepare("DELETE FROM sealed_entries WHERE object_id = :id")?,
            drop_object: tx.prepare("DELETE FROM objects WHERE object_id = :id")?,
            now_ms,
        })
    }

    fn write(&mut self, changes: &[Change]) -> Result<(), StoreError> {
        for change in changes {
            match change {
                Change::Put(put) => self.put(put)?,
                Change::KeepSealed(sealed) => self.seal(sealed)?,
                Change::Remove(id) => self.remove(*id)?,
            }
        }
        Ok(())
    }

    fn put(&mut self, put: &PutObject) -> Result<(), StoreError> {
        let columns = &put.columns;
        self.put_object.execute(named_params! {
            ":id": put.id.as_bytes(),
            ":kind": put.kind.number(),
            ":revision": put.revision,
            ":epoch": put.key_epoch.0,
            ":payload": put.payload,
            ":meeting": columns.meeting.as_ref().map(ObjectId::as_bytes),
            ":item": columns.agenda_item.as_ref().map(ObjectId::as_bytes),
            ":paper": columns.paper.as_ref().map(ObjectId::as_bytes),
            ":organization": columns.organization.as_ref().map(ObjectId::as_bytes),
            ":person": columns.person.as_ref().map(ObjectId::as_bytes),
            ":order": columns.item_order,
            ":starts": columns.starts_at_ms,
            ":now": self.now_ms,
        })?;
        self.drop_sealed
            .execute(named_params! { ":id": put.id.as_bytes() })?;
        match &put.file {
            Some(file) => self.put_file(put, file)?,
            None => {
                self.drop_file
                    .execute(named_params! { ":id": put.id.as_bytes() })?;
            }
        }
        self.drop_uses
            .execute(named_params! { ":id": put.id.as_bytes() })?;
        for (role, position, file) in &columns.files {
            self.put_use.execute(named_params! {
                ":owner": put.id.as_bytes(),
                ":role": role.number(),
                ":position": position,
                ":file": file.as_bytes(),
            })?;
        }
        Ok(())
    }

    fn put_file(&mut self, put: &PutObject, file: &PutFile) -> Result<(), StoreError> {
        let byte_len =
            i64::try_from(file.byte_len).map_err(|_| StoreError::BadRow { what: "byte_len" })?;
        self.put_file.execute(named_params! {
            ":id": put.id.as_bytes(),
            ":blob": file.blob_id.as_bytes(),
            ":wrapped": file.wrapped_key,
            ":epoch": put.key_epoch.0,
            ":revision": put.revision,
            ":byte_len": byte_len,
            ":pages": file.page_count,
        })?;
        Ok(())
    }

    /// What was readable before stays gone: its newest state is the sealed one.
    fn seal(&mut self, sealed: &SealedObject) -> Result<(), StoreError> {
        self.drop_object
            .execute(named_params! { ":id": sealed.id.as_bytes() })?;
        self.keep_sealed.execute(named_params! {
            ":id": sealed.id.as_bytes(),
            ":epoch": sealed.key_epoch.0,
            ":header": sealed.header,
            ":payload": sealed.sealed_payload,
            ":wrapped": sealed.wrapped_file_key,
        })?;
        Ok(())
    }

    fn remove(&mut self, id: ObjectId) -> Result<(), StoreError> {
        self.drop_sealed
            .execute(named_params! { ":id": id.as_bytes() })?;
        self.drop_object
            .execute(named_params! { ":id": id.as_bytes() })?;
        Ok(())
    }
}
