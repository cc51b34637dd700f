//! What a backup has to know of the notes: how many there are, how many are newer than the last one. Not the backup itself (see
//! crate `vault`).

use crate::error::NotesError;
use crate::schema::MIGRATIONS;
use crate::store::NoteStore;
use rusqlite::named_params;

/// How many notes and marks there are, and since when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotesCount {
    /// All that are not removed.
    pub all: u64,
    /// Of those, made or changed after the time that was asked about.
    pub newer: u64,
    /// When the first of the newer ones was changed, ms UTC.
    pub first_newer_at_ms: Option<i64>,
    /// Whether nothing was ever written here, not even what was removed since.
    pub is_untouched: bool,
}

impl NoteStore {
    /// The newest schema of the private database that this version knows.
    pub fn known_schema() -> u32 {
        MIGRATIONS.iter().map(|step| step.number).max().unwrap_or(0)
    }

    /// Counts notes and marks.
    ///
    /// * `after_ms` – what was made or changed after it is newer, ms UTC.
    pub fn count_newer(&self, after_ms: i64) -> Result<NotesCount, NotesError> {
        self.read(|connection| {
            Ok(connection
                .prepare_cached(
                    "SELECT count(*) FILTER (WHERE deleted_at_ms IS NULL),
                            count(*) FILTER (WHERE deleted_at_ms IS NULL AND updated_at_ms > :after),
                            min(updated_at_ms) FILTER (WHERE deleted_at_ms IS NULL AND updated_at_ms > :after),
                            count(*) = 0
                     FROM marks",
                )?
                .query_row(named_params! { ":after": after_ms }, |row| {
                    Ok(NotesCount {
                        all: row.get::<_, i64>(0)?.unsigned_abs(),
                        newer: row.get::<_, i64>(1)?.unsigned_abs(),
                        first_newer_at_ms: row.get(2)?,
                        is_untouched: row.get(3)?,
                    })
                })?)
        })
    }
}
