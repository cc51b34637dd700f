//! Settings that belong into the vault, by name. What they mean is the caller's.

use crate::error::NotesError;
use crate::store::NoteStore;
use rusqlite::{OptionalExtension, named_params};

impl NoteStore {
    /// The value of a setting.
    pub fn setting(&self, name: &str) -> Result<Option<String>, NotesError> {
        self.read(|connection| {
            Ok(connection
                .prepare_cached("SELECT value FROM settings WHERE name = :name")?
                .query_row(named_params! { ":name": name }, |row| row.get(0))
                .optional()?)
        })
    }

    /// Sets a setting; `None` removes it.
    pub fn setting_set(&self, name: &str, value: Option<&str>) -> Result<(), NotesError> {
        self.write(|transaction| {
            match value {
                Some(value) => transaction
                    .prepare_cached(
                        "INSERT INTO settings (name, value) VALUES (:name, :value)
                         ON CONFLICT DO UPDATE SET value = excluded.value",
                    )?
                    .execute(named_params! { ":name": name, ":value": value })?,
                None => transaction
                    .prepare_cached("DELETE FROM settings WHERE name = :name")?
                    .execute(named_params! { ":name": name })?,
            };
            Ok(())
        })
    }
}
