//! Marks of older versions of a file in a newer one: which are behind, taking over what was planned (see `transfer`), taking all
//! of it back. What a mark stood as before is kept until the member has seen it.

use crate::anchor::{Anchor, Target, TargetKey};
use crate::error::NotesError;
use crate::history::{self, Action, NewStep, note_step};
use crate::ink::Stroke;
use crate::kept_words::{self, FileVersion};
use crate::mark::{Mark, MarkBody, MarkId};
use crate::page_words::PageWords;
use crate::store::NoteStore;
use crate::transfer::{Found, How};
use crate::versions;
use rusqlite::{Connection, OptionalExtension, Transaction, named_params};

/// What became of the marks of older versions in a version of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transfer {
    /// When they were looked for, ms UTC.
    pub at_ms: i64,
    /// Whether the member has seen it.
    pub is_closed: bool,
    /// The marks that came into this version and are still there.
    pub marks: Vec<(MarkId, How)>,
}

/// A mark of an older version, and where it belongs in the newer one.
#[derive(Debug, Clone, PartialEq)]
pub struct Placed {
    /// The mark as it was when that was decided.
    pub mark: Mark,
    /// Its place.
    pub found: Found,
}

impl NoteStore {
    /// What became of the marks of older versions in this one; `None` if they were not looked for.
    pub fn transfer(&self, version: &FileVersion) -> Result<Option<Transfer>, NotesError> {
        self.read(|connection| {
            let found: Option<(i64, bool)> = connection
                .prepare_cached(
                    "SELECT at_ms, closed FROM transfers
                     WHERE council = :council AND file = :file AND blob_id = :blob_id",
                )?
                .query_row(
                    named_params! {
                        ":council": version.council.as_bytes(),
                        ":file": version.file.as_bytes(),
                        ":blob_id": version.blob_id.as_bytes(),
                    },
                    |row| Ok((row.get(0)?, row.get(1)?)),
                )
                .optional()?;
            let Some((at_ms, is_closed)) = found else {
                return Ok(None);
            };
            let rows = rows_of(connection, version)?.into_iter();
            Ok(Some(Transfer {
                at_ms,
                is_closed,
                marks: rows
                    .filter(|row| row.is_here)
                    .map(|row| (row.mark_id, row.how))
                    .collect(),
            }))
        })
    }

    /// Takes marks over into a version, all or none; one undo takes it back. A mark that was changed since it was planned, and one
    /// that is deleted, stays as it is. No mark counts as changed by it.
    ///
    /// * `pages` – words of the pages that they come to, to be kept.
    pub fn transfer_make(
        &self,
        version: &FileVersion,
        placed: &[Placed],
        pages: &[(u32, PageWords)],
        now_ms: i64,
    ) -> Result<(), NotesError> {
        self.write(|transaction| {
            transaction
                .prepare_cached(
                    "INSERT INTO transfers (council, file, blob_id, at_ms) VALUES (:council, :file, :blob_id, :now_ms)
                     ON CONFLICT DO UPDATE SET at_ms = excluded.at_ms, closed = 0",
                )?
                .execute(named_params! {
                    ":council": version.council.as_bytes(),
                    ":file": version.file.as_bytes(),
                    ":blob_id": version.blob_id.as_bytes(),
                    ":now_ms": now_ms,
                })?;
            let deed = history::next_deed(transaction)?;
            for Placed { mark, found } in placed {
                let (now, before) = match versions::current(transaction, &self.vault, mark.id) {
                    Ok(current) => current,
                    Err(NotesError::NoSuchMark) => continue,
                    Err(error) => return Err(error),
                };
                if now.anchor != mark.anchor || now.body != mark.body {
                    continue;
                }
                let anchor = anchor_in(version, &now.anchor, found);
                let body = moved_body(now.body, found.by);
                let kept_quote = (now.is_quote_locked && anchor.quote.is_none()).then_some(before);
                let vault = &self.vault;
                let after = versions::insert(transaction, vault, mark.id, &anchor, &body, kept_quote)?;
                note_transferred(transaction, mark.id, version, (before, after), found.how)?;
                turn_to(transaction, mark.id, (before, after), (anchor.key(), deed))?;
            }
            kept_words::put(transaction, &self.vault, version, pages)
        })
    }

    /// Takes back what came into a version, in one deed. What the member has changed since stays where it is.
    ///
    /// Result: how many marks went back.
    pub fn transfer_take_back(&self, version: &FileVersion) -> Result<u32, NotesError> {
        self.write(|transaction| {
            let deed = history::next_deed(transaction)?;
            let key = TargetKey::file(version.council, version.file);
            let mut count = 0;
            for row in rows_of(transaction, version)? {
                if row.is_here && row.is_unchanged {
                    turn_to(
                        transaction,
                        row.mark_id,
                        (row.after, row.before),
                        (key, deed),
                    )?;
                    count += 1;
                }
            }
            Ok(count)
        })
    }

    /// The member has seen what became of the marks: what they stood as before is left to the undo history.
    pub fn transfer_close(&self, version: &FileVersion) -> Result<(), NotesError> {
        self.write(|transaction| {
            transaction
                .prepare_cached(
                    "UPDATE transfers SET closed = 1 WHERE council = :council AND file = :file AND blob_id = :blob_id",
                )?
                .execute(named_params! {
                    ":council": version.council.as_bytes(),
                    ":file": version.file.as_bytes(),
                    ":blob_id": version.blob_id.as_bytes(),
                })?;
            let mut forget = transaction.prepare_cached(
                "DELETE FROM transferred WHERE mark_id = :mark_id AND blob_id = :blob_id",
            )?;
            for row in rows_of(transaction, version)? {
                forget.execute(named_params! {
                    ":mark_id": row.mark_id.0,
                    ":blob_id": version.blob_id.as_bytes(),
                })?;
            }
            kept_words::forget_unused(transaction, version)
        })
    }
}

struct Row {
    mark_id: MarkId,
    before: i64,
    after: i64,
    how: How,
    /// It stands in this version, as it came or changed since.
    is_here: bool,
    is_unchanged: bool,
}

fn rows_of(connection: &Connection, version: &FileVersion) -> Result<Vec<Row>, NotesError> {
    let mut statement = connection.prepare_cached(
        "SELECT t.mark_id, t.before, t.after, t.how, m.version = t.after AS is_unchanged,
             m.deleted_at_ms IS NULL AND m.blob_id = t.blob_id AS is_here
         FROM transferred t JOIN marks m USING (mark_id)
         WHERE m.council = :council AND m.target_object = :file AND m.target_kind = 'file' AND t.blob_id = :blob_id",
    )?;
    let mut rows = statement.query(named_params! {
        ":council": version.council.as_bytes(),
        ":file": version.file.as_bytes(),
        ":blob_id": version.blob_id.as_bytes(),
    })?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(Row {
            mark_id: MarkId(row.get("mark_id")?),
            before: row.get("before")?,
            after: row.get("after")?,
            how: How::from_name(&row.get::<_, String>("how")?).ok_or(NotesError::BadRow)?,
            is_here: row.get("is_here")?,
            is_unchanged: row.get("is_unchanged")?,
        });
    }
    Ok(found)
}

/// Remembers as what a mark stood before it came into a version.
pub(crate) fn note_transferred(
    transaction: &Transaction<'_>,
    mark_id: MarkId,
    version: &FileVersion,
    (before, after): (i64, i64),
    how: How,
) -> Result<(), NotesError> {
    transaction
        .prepare_cached(
            "INSERT OR REPLACE INTO transferred (mark_id, blob_id, before, after, how)
             VALUES (:mark_id, :blob_id, :before, :after, :how)",
        )?
        .execute(named_params! {
            ":mark_id": mark_id.0,
            ":blob_id": version.blob_id.as_bytes(),
            ":before": before,
            ":after": after,
            ":how": how.as_str(),
        })?;
    Ok(())
}

/// Lets another version of a mark count and notes that as a step. When the mark was changed last stays as it is: it was not the
/// member who changed it.
fn turn_to(
    transaction: &Transaction<'_>,
    mark_id: MarkId,
    (before, after): (i64, i64),
    (key, deed): (TargetKey, i64),
) -> Result<(), NotesError> {
    transaction
        .prepare_cached(
            "UPDATE marks SET version = :after,
                 (page, blob_id) = (SELECT page, blob_id FROM versions WHERE version = :after)
             WHERE mark_id = :mark_id",
        )?
        .execute(named_params! { ":after": after, ":mark_id": mark_id.0 })?;
    note_step(
        transaction,
        NewStep {
            key,
            mark_id,
            action: Action::Update,
            before: Some(before),
            after: Some(after),
            goes_on: false,
            deed: Some(deed),
        },
    )
}

fn anchor_in(version: &FileVersion, old: &Anchor, found: &Found) -> Anchor {
    Anchor {
        council: version.council,
        target: Target::File {
            file: version.file,
            blob_id: version.blob_id,
            revision: version.revision,
        },
        page: Some(found.page),
        rects: found.rects.clone(),
        quote: found.quote.clone().or_else(|| old.quote.clone()),
        sealed_class: version.sealed_class,
    }
}

/// A body whose strokes lie further to the right and up.
fn moved_body(mut body: MarkBody, (right, up): (f32, f32)) -> MarkBody {
    if (right, up) == (0.0, 0.0) {
        return body;
    }
    let moved = |strokes: &mut [Stroke]| {
        for point in strokes.iter_mut().flatten() {
            point.x += right;
            point.y += up;
        }
    };
    match &mut body {
        MarkBody::Ink { strokes, .. } | MarkBody::Brush { strokes, .. } => moved(strokes),
        MarkBody::Shape { ends, .. } => {
            for point in ends {
                point.x += right;
                point.y += up;
            }
        }
        _ => {}
    }
    body
}
