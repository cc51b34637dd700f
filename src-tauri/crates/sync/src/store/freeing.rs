//! The rows of files, for freeing: every database counts, the locked ones included. Deletes no blob itself.

use std::collections::HashSet;

use rusqlite::{Connection, TransactionBehavior, named_params};
use sync_protocol::ids::{BlobId, CouncilId, ObjectId};
use vault::{DbError, Vault};

use super::read::{id16, id32, number32};
use super::sweep::collect_order;
use super::{StoreError, open_closed, open_public};
use crate::plan::blobs::BlobNeeds;
use crate::plan::wishes::ListedFile;

/// Every database of a council whose key is here: what is locked still needs its blobs when it is opened again.
pub(crate) fn all_databases(
    vault: &Vault,
    council: CouncilId,
) -> Result<Vec<Connection>, StoreError> {
    let mut found = vec![open_public(vault, council)?];
    for audience in vault.closed_audiences(council).map_err(DbError::from)? {
        match open_closed(vault, council, audience) {
            Ok(conn) => found.push(conn),
            // Its key is gone, so is the meaning of its blobs.
            Err(StoreError::Database(DbError::NoKey)) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(found)
}

/// Every row of every database, and what says which meetings a file belongs to.
pub(crate) fn listed(databases: &[Connection]) -> Result<(Vec<ListedFile>, BlobNeeds), StoreError> {
    let (mut rows_found, mut places) = (Vec::new(), BlobNeeds::default());
    for conn in databases {
        let mut statement =
            conn.prepare_cached("SELECT object_id, blob_id, revision, present FROM files")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            rows_found.push(ListedFile {
                file: ObjectId::from_bytes(id16(row, "object_id")?),
                blob_id: BlobId::from_bytes(id32(row, "blob_id")?),
                revision: number32(row, "revision")?,
                present: row.get::<_, i64>("present")? != 0,
            });
        }
        collect_order(conn, &mut places)?;
    }
    Ok((rows_found, places))
}

/// Says of blobs that they are not here (any more). Comes before they are deleted: a crash in between leaves blobs that
/// nobody misses, never a row that promises what is gone.
pub(crate) fn mark_absent(
    databases: &mut [Connection],
    blobs: &HashSet<BlobId>,
) -> Result<(), StoreError> {
    for conn in databases {
        let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
        {
            let mut statement = tx.prepare_cached(
                "UPDATE files SET present = 0 WHERE blob_id = :blob AND present = 1",
            )?;
            for blob in blobs {
                statement.execute(named_params! { ":blob": blob.as_bytes() })?;
            }
        }
        tx.commit()?;
    }
    Ok(())
}
