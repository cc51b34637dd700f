//! Versions of marks that were read once: they never change, and reading thousands of them with their handwriting
//! anew for each list takes longer than all the rest. Their quotations stay as they are stored and are opened each
//! time, so that they go with the key of their class.

use crate::error::NotesError;
use crate::mark::Mark;
use crate::versions::{HEAD_COLUMNS, VersionRow};
use rusqlite::{Connection, named_params};
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use vault::Vault;

/// Bytes kept at most, about.
const MOST_BYTES: usize = 24 * 1024 * 1024;

#[derive(Default)]
struct Kept {
    by_version: HashMap<i64, VersionRow>,
    bytes: usize,
}

/// Versions by number.
#[derive(Default)]
pub(crate) struct KeptVersions(Mutex<Kept>);

impl KeptVersions {
    /// All marks that are not deleted, in any order.
    pub(crate) fn list(
        &self,
        connection: &Connection,
        vault: &Vault,
    ) -> Result<Vec<Mark>, NotesError> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut heads = connection.prepare_cached(&format!(
            "SELECT {HEAD_COLUMNS}, m.version FROM marks m WHERE m.deleted_at_ms IS NULL"
        ))?;
        let mut rows = heads.query([])?;
        let mut marks = Vec::new();
        // Those of this list alone are kept: what was changed or deleted since is not asked for again.
        let mut still = Kept::default();
        while let Some(row) = rows.next()? {
            let number: i64 = row.get("version")?;
            let version = match kept.by_version.remove(&number) {
                Some(version) => version,
                None => read(connection, number)?,
            };
            marks.push(version.mark(vault, row)?);
            let weight = version.weight();
            if still.bytes + weight <= MOST_BYTES {
                still.bytes += weight;
                still.by_version.insert(number, version);
            }
        }
        *kept = still;
        Ok(marks)
    }
}

fn read(connection: &Connection, version: i64) -> Result<VersionRow, NotesError> {
    let mut statement =
        connection.prepare_cached("SELECT * FROM versions WHERE version = :version")?;
    let mut rows = statement.query(named_params! { ":version": version })?;
    VersionRow::of(rows.next()?.ok_or(NotesError::BadRow)?)
}
