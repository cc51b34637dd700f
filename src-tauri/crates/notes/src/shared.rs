//! Which marks have a copy in a faction's space. The way leads from here to there and never back: the copy does not know its mark.

use std::collections::HashSet;

use rusqlite::named_params;

use crate::error::NotesError;
use crate::mark::MarkId;
use crate::store::NoteStore;

/// A copy in a faction's space.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SharedCopy {
    /// The space.
    pub faction: [u8; 32],
    /// The copy's id there.
    pub item: [u8; 16],
}

impl NoteStore {
    /// Remembers that marks were copied; all of them or, after an error, none.
    ///
    /// * `now_ms` – ms UTC.
    ///
    /// Errors: the database, also if there is no such mark.
    pub fn shared_put(
        &self,
        copies: &[(MarkId, SharedCopy)],
        now_ms: i64,
    ) -> Result<(), NotesError> {
        self.write(|transaction| {
            let mut insert = transaction.prepare_cached(
                "INSERT OR IGNORE INTO shared (mark_id, faction, item, at_ms) VALUES (:mark, :faction, :item, :now_ms)",
            )?;
            for (mark, copy) in copies {
                insert.execute(named_params! {
                    ":mark": mark.0, ":faction": copy.faction, ":item": copy.item, ":now_ms": now_ms,
                })?;
            }
            Ok(())
        })
    }

    /// The marks that have a copy in a space.
    ///
    /// Errors: the database.
    pub fn shared_marks(&self, faction: [u8; 32]) -> Result<HashSet<MarkId>, NotesError> {
        self.read(|connection| {
            let mut statement =
                connection.prepare_cached("SELECT mark_id FROM shared WHERE faction = :faction")?;
            let rows = statement.query_map(named_params! {":faction": faction}, |row| {
                row.get("mark_id").map(MarkId)
            })?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }

    /// A copy was taken back: its mark may be shared again.
    ///
    /// Errors: the database.
    pub fn shared_forget(&self, copy: SharedCopy) -> Result<(), NotesError> {
        self.write(|transaction| {
            transaction
                .prepare_cached("DELETE FROM shared WHERE faction = :faction AND item = :item")?
                .execute(named_params! {":faction": copy.faction, ":item": copy.item})?;
            Ok(())
        })
    }

    /// A space was forgotten here.
    ///
    /// Errors: the database.
    pub fn shared_forget_all(&self, faction: [u8; 32]) -> Result<(), NotesError> {
        self.write(|transaction| {
            transaction
                .prepare_cached("DELETE FROM shared WHERE faction = :faction")?
                .execute(named_params! {":faction": faction})?;
            Ok(())
        })
    }
}
