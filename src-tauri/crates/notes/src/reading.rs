//! How far the member has read: the place in each file, pages seen, last visits. Nobody else learns of it.

use crate::error::NotesError;
use crate::store::NoteStore;
use rusqlite::{OptionalExtension, Row, named_params};
use std::collections::{BTreeSet, HashMap};
use vault::{BlobId, CouncilId, ObjectId};

/// A place in a file.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Place {
    /// Page, counted from 0.
    pub page: u32,
    /// How far down the page: 0 top, 1 bottom.
    pub offset: f64,
    /// 1 fits the width.
    pub zoom: f64,
    /// Quarter turns to the right, 0 to 3.
    pub rotation: u8,
    /// One page at a time instead of all below each other.
    pub is_single: bool,
}

/// A place with its file.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ReadingPlace {
    /// The council.
    pub council: CouncilId,
    /// The file.
    pub file: ObjectId,
    /// The place.
    pub place: Place,
    /// When the member was there, ms UTC.
    pub at_ms: i64,
}

impl NoteStore {
    /// Keeps the place in a file.
    ///
    /// Errors: [`NotesError::BadPlace`] if a number is not finite or there are more than three quarter turns.
    pub fn place_set(
        &self,
        council: CouncilId,
        file: ObjectId,
        place: Place,
        now_ms: i64,
    ) -> Result<(), NotesError> {
        if !place.offset.is_finite() || !place.zoom.is_finite() || place.rotation > 3 {
            return Err(NotesError::BadPlace);
        }
        self.write(|transaction| {
            transaction
                .prepare_cached(
                    "INSERT INTO places (council, file, page, page_offset, zoom, rotation, layout, at_ms)
                     VALUES (:council, :file, :page, :page_offset, :zoom, :rotation, :layout, :now_ms)
                     ON CONFLICT DO UPDATE SET page = excluded.page, page_offset = excluded.page_offset,
                         zoom = excluded.zoom, rotation = excluded.rotation, layout = excluded.layout,
                         at_ms = excluded.at_ms",
                )?
                .execute(named_params! {
                    ":council": council.as_bytes(),
                    ":file": file.as_bytes(),
                    ":page": place.page,
                    ":page_offset": place.offset,
                    ":zoom": place.zoom,
                    ":rotation": place.rotation,
                    ":layout": if place.is_single { "single" } else { "scroll" },
                    ":now_ms": now_ms,
                })?;
            Ok(())
        })
    }

    /// The place in a file.
    pub fn place(&self, council: CouncilId, file: ObjectId) -> Result<Option<Place>, NotesError> {
        self.read(|connection| {
            let found = connection
                .prepare_cached("SELECT * FROM places WHERE council = :council AND file = :file")?
                .query_row(
                    named_params! { ":council": council.as_bytes(), ":file": file.as_bytes() },
                    reading_place,
                )
                .optional()?;
            Ok(found.map(|found| found.place))
        })
    }

    /// Places in files, the latest first, at most `limit`.
    pub fn latest_places(&self, limit: u32) -> Result<Vec<ReadingPlace>, NotesError> {
        self.read(|connection| {
            let mut statement = connection
                .prepare_cached("SELECT * FROM places ORDER BY at_ms DESC LIMIT :limit")?;
            let rows = statement.query_map(named_params! { ":limit": limit }, reading_place)?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }

    /// Notes pages that were on the screen. One that is noted already keeps its first time.
    pub fn pages_read_add(
        &self,
        council: CouncilId,
        file: ObjectId,
        blob_id: BlobId,
        pages: &[u32],
        now_ms: i64,
    ) -> Result<(), NotesError> {
        self.write(|transaction| {
            let mut statement = transaction.prepare_cached(
                "INSERT INTO pages_read (council, file, blob_id, page, at_ms)
                 VALUES (:council, :file, :blob_id, :page, :now_ms) ON CONFLICT DO NOTHING",
            )?;
            for page in pages {
                statement.execute(named_params! {
                    ":council": council.as_bytes(),
                    ":file": file.as_bytes(),
                    ":blob_id": blob_id.as_bytes(),
                    ":page": page,
                    ":now_ms": now_ms,
                })?;
            }
            Ok(())
        })
    }

    /// Pages of these bytes of a file that were on the screen, counted from 0.
    pub fn pages_read(
        &self,
        council: CouncilId,
        file: ObjectId,
        blob_id: BlobId,
    ) -> Result<BTreeSet<u32>, NotesError> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT page FROM pages_read WHERE council = :council AND file = :file AND blob_id = :blob_id",
            )?;
            let rows = statement.query_map(
                named_params! {
                    ":council": council.as_bytes(),
                    ":file": file.as_bytes(),
                    ":blob_id": blob_id.as_bytes(),
                },
                |row| row.get(0),
            )?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }

    /// How many pages of each file of a council were on the screen, by file and bytes.
    pub fn pages_read_counts(
        &self,
        council: CouncilId,
    ) -> Result<HashMap<(ObjectId, BlobId), u32>, NotesError> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT file, blob_id, count(*) FROM pages_read WHERE council = :council GROUP BY file, blob_id",
            )?;
            let rows = statement.query_map(named_params! { ":council": council.as_bytes() }, |row| {
                let file = (ObjectId::from_bytes(row.get(0)?), BlobId::from_bytes(row.get(1)?));
                Ok((file, row.get(2)?))
            })?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }

    /// Notes that an object was looked at.
    pub fn visit_set(
        &self,
        council: CouncilId,
        object: ObjectId,
        now_ms: i64,
    ) -> Result<(), NotesError> {
        self.write(|transaction| {
            transaction
                .prepare_cached(
                    "INSERT INTO visits (council, object, at_ms) VALUES (:council, :object, :now_ms)
                     ON CONFLICT DO UPDATE SET at_ms = excluded.at_ms",
                )?
                .execute(named_params! {
                    ":council": council.as_bytes(),
                    ":object": object.as_bytes(),
                    ":now_ms": now_ms,
                })?;
            Ok(())
        })
    }

    /// When each object of a council was last looked at, ms UTC.
    pub fn visits(&self, council: CouncilId) -> Result<HashMap<ObjectId, i64>, NotesError> {
        self.read(|connection| {
            let mut statement = connection
                .prepare_cached("SELECT object, at_ms FROM visits WHERE council = :council")?;
            let rows = statement
                .query_map(named_params! { ":council": council.as_bytes() }, |row| {
                    Ok((ObjectId::from_bytes(row.get(0)?), row.get(1)?))
                })?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }
}

fn reading_place(row: &Row<'_>) -> rusqlite::Result<ReadingPlace> {
    Ok(ReadingPlace {
        council: CouncilId::from_bytes(row.get("council")?),
        file: ObjectId::from_bytes(row.get("file")?),
        place: Place {
            page: row.get("page")?,
            offset: row.get("page_offset")?,
            zoom: row.get("zoom")?,
            rotation: row.get("rotation")?,
            is_single: row.get::<_, String>("layout")? == "single",
        },
        at_ms: row.get("at_ms")?,
    })
}
