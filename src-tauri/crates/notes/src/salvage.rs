//! Bringing marks back from a damaged `private.db` that was moved aside: every mark whose pages still open.
//! Not reading state and not undo steps: they are no words of the member.

use crate::error::NotesError;
use crate::store::NoteStore;
use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, Transaction, params_from_iter};
use std::path::Path;
use vault::MovedAside;

const MARK: [&str; 11] = [
    "mark_id",
    "council",
    "target_kind",
    "target_object",
    "created_at_ms",
    "updated_at_ms",
    "deleted_at_ms",
    "page",
    "blob_id",
    "made_at_item",
    "imported_from",
];
const VERSION: [&str; 14] = [
    "kind",
    "form",
    "stamp",
    "blob_id",
    "revision",
    "page",
    "rects",
    "color",
    "text",
    "width_pt",
    "strokes",
    "quote",
    "quote_sealed",
    "sealed_class",
];

/// What came of a damaged database.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Salvaged {
    /// Marks brought back.
    pub brought_back: usize,
    /// Marks that were there already, and stay as they are here.
    pub present: usize,
    /// Rows that no longer open.
    pub unreadable: usize,
}

/// The columns of a mark and of its current version, as they are stored.
struct Row {
    mark: Vec<Value>,
    version: Vec<Value>,
}

impl NoteStore {
    /// Brings back the marks of a damaged database that still open. It can be repeated; the damaged file stays.
    ///
    /// `path`: one of [`vault::Vault::moved_aside`].
    /// Errors: not even the first page opens, or nothing can be stored here.
    pub fn salvage(&self, path: &Path) -> Result<Salvaged, NotesError> {
        let (rows, unreadable) = read_rows(&self.vault.read_moved_aside(path)?)?;
        let mut salvaged = Salvaged {
            unreadable,
            ..Salvaged::default()
        };
        self.write(|transaction| {
            for row in rows {
                if insert(transaction, row)? {
                    salvaged.brought_back += 1;
                } else {
                    salvaged.present += 1;
                }
            }
            Ok(())
        })?;
        Ok(salvaged)
    }
}

/// One row at a time by its number: a page that does not open costs its own rows and no others.
fn read_rows(damaged: &MovedAside) -> Result<(Vec<Row>, usize), NotesError> {
    let mut connection = damaged.open()?;
    let columns = columns(&connection)?;
    let sql = format!(
        "SELECT {columns} FROM marks m JOIN versions v ON v.version = m.version WHERE m.rowid = ?1"
    );
    let last: i64 =
        connection.query_row("SELECT coalesce(max(rowid), 0) FROM marks", [], |row| {
            row.get(0)
        })?;
    let mut rows = Vec::new();
    let mut unreadable = 0;
    for number in 1..=last {
        match read_row(&connection, &sql, number) {
            Ok(row) => rows.extend(row),
            Err(_) => {
                unreadable += 1;
                connection = damaged.open()?;
            }
        }
    }
    Ok((rows, unreadable))
}

/// The columns to read; NULL for those that an older app did not have yet.
fn columns(connection: &Connection) -> rusqlite::Result<String> {
    let mut known = Vec::new();
    for (table, alias) in [("marks", "m"), ("versions", "v")] {
        let mut statement = connection.prepare("SELECT name FROM pragma_table_info(?1)")?;
        let names = statement.query_map([table], |row| row.get::<_, String>(0))?;
        for name in names {
            known.push(format!("{alias}.{}", name?));
        }
    }
    // The page and the bytes of a mark are those of its version.
    let marks = MARK.map(|name| match name {
        "page" | "blob_id" => format!("v.{name}"),
        name => format!("m.{name}"),
    });
    let versions = VERSION.map(|name| format!("v.{name}"));
    let columns = marks.into_iter().chain(versions).map(|column| {
        if known.contains(&column) {
            column
        } else {
            "NULL".to_owned()
        }
    });
    Ok(columns.collect::<Vec<_>>().join(", "))
}

fn read_row(connection: &Connection, sql: &str, number: i64) -> rusqlite::Result<Option<Row>> {
    let mut statement = connection.prepare_cached(sql)?;
    let read = statement.query_row([number], |row| {
        let mark = (0..MARK.len())
            .map(|at| row.get(at))
            .collect::<Result<_, _>>()?;
        let version = (0..VERSION.len())
            .map(|at| row.get(MARK.len() + at))
            .collect::<Result<_, _>>()?;
        Ok(Row { mark, version })
    });
    read.optional()
}

/// Stores a mark unless one of its id is there. Result: whether it was stored.
fn insert(transaction: &Transaction<'_>, row: Row) -> Result<bool, NotesError> {
    let mark_id = row.mark.first().cloned().unwrap_or(Value::Null);
    let is_present = transaction
        .prepare_cached("SELECT 1 FROM marks WHERE mark_id = ?1")?
        .exists([&mark_id])?;
    if is_present {
        return Ok(false);
    }
    let marks = |count: usize| vec!["?"; count].join(", ");
    transaction
        .prepare_cached(&format!(
            "INSERT INTO versions (mark_id, {}) VALUES ({})",
            VERSION.join(", "),
            marks(VERSION.len() + 1)
        ))?
        .execute(params_from_iter([mark_id].into_iter().chain(row.version)))?;
    let version = Value::Integer(transaction.last_insert_rowid());
    transaction
        .prepare_cached(&format!(
            "INSERT INTO marks (version, {}) VALUES ({})",
            MARK.join(", "),
            marks(MARK.len() + 1)
        ))?
        .execute(params_from_iter([version].into_iter().chain(row.mark)))?;
    Ok(true)
}
