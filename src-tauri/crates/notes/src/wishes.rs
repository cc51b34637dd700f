//! What the member wishes of single files: to keep them on this device, to free them, to have them again. Choices
//! only; what becomes of the files is decided elsewhere.

use crate::error::NotesError;
use crate::store::NoteStore;
use rusqlite::{Row, named_params};
use std::collections::HashMap;
use vault::{BlobId, CouncilId, ObjectId};

/// What is wished of one file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileWish {
    /// Stays on this device, whatever the rule says.
    Keep,
    /// Not on this device: exactly this version of it.
    Free {
        /// The version freed.
        blob_id: BlobId,
    },
    /// Wanted again after it was freed.
    Load {
        /// Since when, ms UTC.
        at_ms: i64,
    },
}

impl FileWish {
    fn name(self) -> &'static str {
        match self {
            Self::Keep => "keep",
            Self::Free { .. } => "free",
            Self::Load { .. } => "load",
        }
    }
}

impl NoteStore {
    /// Every wish for files of a council.
    pub fn wishes(&self, council: CouncilId) -> Result<HashMap<ObjectId, FileWish>, NotesError> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT file, wish, blob_id, at_ms FROM wishes WHERE council = :council",
            )?;
            let mut rows = statement.query(named_params! { ":council": council.as_bytes() })?;
            let mut wishes = HashMap::new();
            while let Some(row) = rows.next()? {
                wishes.insert(ObjectId::from_bytes(row.get("file")?), wish_of(row)?);
            }
            Ok(wishes)
        })
    }

    /// Sets what is wished of files, all of them or, after an error, none; `None` leaves a file to the rule.
    ///
    /// * `now_ms` – ms UTC.
    pub fn wishes_set(
        &self,
        council: CouncilId,
        wishes: &[(ObjectId, Option<FileWish>)],
        now_ms: i64,
    ) -> Result<(), NotesError> {
        self.write(|transaction| {
            let mut set = transaction.prepare_cached(
                "INSERT INTO wishes (council, file, wish, blob_id, at_ms)
                 VALUES (:council, :file, :wish, :blob_id, :at_ms)
                 ON CONFLICT DO UPDATE SET wish = excluded.wish, blob_id = excluded.blob_id, at_ms = excluded.at_ms",
            )?;
            let mut clear = transaction
                .prepare_cached("DELETE FROM wishes WHERE council = :council AND file = :file")?;
            for (file, wish) in wishes {
                let Some(wish) = wish else {
                    clear.execute(named_params! {
                        ":council": council.as_bytes(),
                        ":file": file.as_bytes(),
                    })?;
                    continue;
                };
                let (blob_id, at_ms) = match wish {
                    FileWish::Keep => (None, now_ms),
                    FileWish::Free { blob_id } => (Some(blob_id), now_ms),
                    FileWish::Load { at_ms } => (None, *at_ms),
                };
                set.execute(named_params! {
                    ":council": council.as_bytes(),
                    ":file": file.as_bytes(),
                    ":wish": wish.name(),
                    ":blob_id": blob_id.map(BlobId::as_bytes),
                    ":at_ms": at_ms,
                })?;
            }
            Ok(())
        })
    }
}

fn wish_of(row: &Row<'_>) -> Result<FileWish, NotesError> {
    match row.get_ref("wish")?.as_str() {
        Ok("keep") => Ok(FileWish::Keep),
        Ok("free") => Ok(FileWish::Free {
            blob_id: BlobId::from_bytes(row.get("blob_id")?),
        }),
        Ok("load") => Ok(FileWish::Load {
            at_ms: row.get("at_ms")?,
        }),
        _ => Err(NotesError::BadRow),
    }
}
