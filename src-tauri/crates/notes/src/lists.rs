//! Lists of marks and how many there are. Deleted marks are in none of them.

use crate::anchor::TargetKey;
use crate::error::NotesError;
use crate::kind::Stamp;
use crate::mark::{Mark, MarkId};
use crate::store::NoteStore;
use crate::versions::{MARK_COLUMNS, current, key_of, mark_of};
use rusqlite::{Connection, ToSql, named_params};
use std::collections::{BTreeSet, HashMap, HashSet};
use vault::{BlobId, CouncilId, ObjectId};

impl NoteStore {
    /// One mark.
    ///
    /// Errors: [`NotesError::NoSuchMark`].
    pub fn mark(&self, mark_id: MarkId) -> Result<Mark, NotesError> {
        self.read(|connection| Ok(current(connection, &self.vault, mark_id)?.0))
    }

    /// Marks on all revisions of a file, by page, then by age.
    pub fn list_for_file(
        &self,
        council: CouncilId,
        file: ObjectId,
    ) -> Result<Vec<Mark>, NotesError> {
        self.list_for_target(TargetKey::file(council, file))
    }

    /// Marks on some pages of one version of a file, by page, then by age.
    ///
    /// `pages` counted from 0.
    pub fn list_for_pages(
        &self,
        (council, file, blob_id): (CouncilId, ObjectId, BlobId),
        pages: &[u32],
    ) -> Result<Vec<Mark>, NotesError> {
        self.read(|connection| {
            let mut marks = Vec::new();
            for page in pages {
                marks.extend(self.list(
                    connection,
                    "m.council = :council AND m.target_object = :object AND m.target_kind = 'file' AND m.page = :page
                     AND m.blob_id = :blob_id",
                    named_params! {
                        ":council": council.as_bytes(), ":object": file.as_bytes(), ":page": page,
                        ":blob_id": blob_id.as_bytes(),
                    },
                )?);
            }
            Ok(marks)
        })
    }

    /// Marks on pages of other versions of a file than this one, by page, then by age.
    pub fn list_behind(
        &self,
        (council, file, blob_id): (CouncilId, ObjectId, BlobId),
    ) -> Result<Vec<Mark>, NotesError> {
        self.read(|connection| {
            self.list(
                connection,
                "m.council = :council AND m.target_object = :object AND m.target_kind = 'file'
                 AND m.page IS NOT NULL AND m.blob_id <> :blob_id",
                named_params! {
                    ":council": council.as_bytes(), ":object": file.as_bytes(), ":blob_id": blob_id.as_bytes(),
                },
            )
        })
    }

    /// How many marks there are on each page of a version of a file that has any, by page; `None` stands for all that is on none
    /// of its pages: the file as a whole, and pages of other versions.
    pub fn counts_by_page(
        &self,
        (council, file, blob_id): (CouncilId, ObjectId, BlobId),
    ) -> Result<Vec<(Option<u32>, u32)>, NotesError> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT iif(blob_id = :blob_id, page, NULL) AS here, count(*) FROM marks
                 WHERE council = :council AND target_object = :object AND target_kind = 'file'
                 AND deleted_at_ms IS NULL GROUP BY here ORDER BY here",
            )?;
            let rows = statement.query_map(
                named_params! {
                    ":council": council.as_bytes(), ":object": file.as_bytes(), ":blob_id": blob_id.as_bytes(),
                },
                |row| Ok((row.get(0)?, row.get(1)?)),
            )?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }

    /// The name in their file of marks that came with it, and that were not deleted since.
    pub fn imported(
        &self,
        council: CouncilId,
        file: ObjectId,
    ) -> Result<HashSet<String>, NotesError> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT imported_from FROM marks INDEXED BY marks_by_import WHERE council = :council AND target_object = :object
                 AND imported_from IS NOT NULL AND deleted_at_ms IS NULL",
            )?;
            let rows = statement.query_map(
                named_params! { ":council": council.as_bytes(), ":object": file.as_bytes() },
                |row| row.get(0),
            )?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }

    /// The same for one version of a file alone: marks that stand on its pages.
    pub fn imported_on(
        &self,
        council: CouncilId,
        file: ObjectId,
        blob_id: BlobId,
    ) -> Result<BTreeSet<String>, NotesError> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached(
                // Asked whenever a file is opened: not by way of all its marks.
                "SELECT imported_from FROM marks INDEXED BY marks_by_import
                 WHERE council = :council AND target_object = :object AND target_kind = 'file'
                 AND imported_from IS NOT NULL AND deleted_at_ms IS NULL AND blob_id = :blob_id",
            )?;
            let rows = statement.query_map(
                named_params! {
                    ":council": council.as_bytes(), ":object": file.as_bytes(), ":blob_id": blob_id.as_bytes()
                },
                |row| row.get(0),
            )?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }

    /// Marks at a target, by page, then by age.
    pub fn list_for_target(&self, key: TargetKey) -> Result<Vec<Mark>, NotesError> {
        self.read(|connection| {
            self.list(
                connection,
                "m.council = :council AND m.target_object = :object AND m.target_kind = :kind",
                named_params! {
                    ":council": key.council.as_bytes(),
                    ":object": key.object.as_bytes(),
                    ":kind": key.kind.as_str(),
                },
            )
        })
    }

    /// Marks at any of these objects: a meeting with its agenda items, papers and files.
    pub fn list_for_meeting(
        &self,
        council: CouncilId,
        objects: &[ObjectId],
    ) -> Result<Vec<Mark>, NotesError> {
        self.read(|connection| {
            let mut marks = Vec::new();
            for object in objects {
                marks.extend(self.list(
                    connection,
                    "m.council = :council AND m.target_object = :object",
                    named_params! { ":council": council.as_bytes(), ":object": object.as_bytes() },
                )?);
            }
            Ok(marks)
        })
    }

    /// All marks of all councils, the ones changed last first.
    pub fn list_all(&self) -> Result<Vec<Mark>, NotesError> {
        let mut marks = self.read(|connection| self.bodies.list(connection, &self.vault))?;
        marks.sort_by_key(|mark| (std::cmp::Reverse(mark.updated_at_ms), mark.id));
        Ok(marks)
    }

    /// Deleted marks that can be brought back, the ones deleted last first.
    pub fn list_deleted(&self) -> Result<Vec<Mark>, NotesError> {
        self.read(|connection| {
            self.query(
                connection,
                &format!(
                    "SELECT {MARK_COLUMNS} FROM marks m JOIN versions v USING (version)
                     WHERE m.deleted_at_ms IS NOT NULL ORDER BY m.deleted_at_ms DESC, m.mark_id"
                ),
                &[],
            )
        })
    }

    /// How many marks there are at each target of a council that has any.
    pub fn counts_by_target(
        &self,
        council: CouncilId,
    ) -> Result<HashMap<TargetKey, u32>, NotesError> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT council, target_kind, target_object, count(*) AS mark_count FROM marks
                 WHERE council = :council AND deleted_at_ms IS NULL GROUP BY council, target_kind, target_object",
            )?;
            let mut rows = statement.query(named_params! { ":council": council.as_bytes() })?;
            let mut counts = HashMap::new();
            while let Some(row) = rows.next()? {
                counts.insert(key_of(row)?, row.get("mark_count")?);
            }
            Ok(counts)
        })
    }

    /// Stamps that stand on the whole of something, by what they stand on, oldest first.
    pub fn stamps_by_object(
        &self,
        council: CouncilId,
    ) -> Result<HashMap<ObjectId, Vec<Stamp>>, NotesError> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT m.council, m.target_kind, m.target_object, v.stamp FROM marks m JOIN versions v USING (version)
                 WHERE m.council = :council AND m.deleted_at_ms IS NULL AND m.page IS NULL AND m.target_kind <> 'file'
                 AND v.stamp IS NOT NULL ORDER BY m.created_at_ms, m.rowid",
            )?;
            let mut rows = statement.query(named_params! { ":council": council.as_bytes() })?;
            let mut stamps: HashMap<ObjectId, Vec<Stamp>> = HashMap::new();
            while let Some(row) = rows.next()? {
                let stamp = Stamp::from_name(&row.get::<_, String>("stamp")?);
                let of_object = stamps.entry(key_of(row)?.object).or_default();
                of_object.push(stamp.ok_or(NotesError::BadRow)?);
            }
            Ok(stamps)
        })
    }

    fn list(
        &self,
        connection: &Connection,
        condition: &str,
        params: &[(&str, &dyn ToSql)],
    ) -> Result<Vec<Mark>, NotesError> {
        self.query(
            connection,
            &format!(
                "SELECT {MARK_COLUMNS} FROM marks m JOIN versions v USING (version)
                 WHERE m.deleted_at_ms IS NULL AND {condition}
                 ORDER BY v.page, m.created_at_ms, m.rowid"
            ),
            params,
        )
    }

    fn query(
        &self,
        connection: &Connection,
        sql: &str,
        params: &[(&str, &dyn ToSql)],
    ) -> Result<Vec<Mark>, NotesError> {
        let mut statement = connection.prepare_cached(sql)?;
        let mut rows = statement.query(params)?;
        let mut marks = Vec::new();
        while let Some(row) = rows.next()? {
            marks.push(mark_of(&self.vault, row)?);
        }
        Ok(marks)
    }
}
