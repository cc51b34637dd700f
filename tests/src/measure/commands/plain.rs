//! The peer of the commands: the same rows in a plain SQLite file without encryption, one prepared SELECT for what the view
//! shows, as JSON. It asks nobody who may see what, places no note by its meeting and merges no databases.

use std::path::Path;

use anyhow::{Context, Result};
use notes::NoteStore;
use rusqlite::{Connection, ToSql, params};
use serde_json::value::{RawValue, to_raw_value};
use serde_json::{Map, Value};
use sync::store::CouncilStore;

const SCHEMA: &str = "
    CREATE TABLE meetings (id TEXT PRIMARY KEY, name TEXT, start_ms INTEGER, room TEXT, location TEXT);
    CREATE TABLE items (id TEXT PRIMARY KEY, meeting TEXT, turn INTEGER, number TEXT, name TEXT, paper TEXT);
    CREATE INDEX items_of_meeting ON items (meeting);
    CREATE INDEX items_of_paper ON items (paper);
    CREATE TABLE papers (id TEXT PRIMARY KEY, reference TEXT, name TEXT);
    CREATE TABLE files (id TEXT PRIMARY KEY, owner TEXT, name TEXT, pages INTEGER);
    CREATE INDEX files_of_owner ON files (owner);
    CREATE TABLE marks (id TEXT PRIMARY KEY, target TEXT, kind TEXT, text TEXT, page INTEGER, quote TEXT, at_ms INTEGER);
    CREATE INDEX marks_of_target ON marks (target);
";
const MEETINGS: &str = "
    SELECT m.*, count(DISTINCT i.id) AS items, count(DISTINCT f.id) AS files, sum(f.pages) AS pages
    FROM meetings m LEFT JOIN items i ON i.meeting = m.id LEFT JOIN files f ON f.owner = i.paper ";

/// A plain database.
pub struct Plain(Connection);

impl Plain {
    /// Copies what lies on the tablet.
    pub fn copy(path: &Path, store: &CouncilStore, notes: &NoteStore) -> Result<Self> {
        let mut connection = Connection::open(path)?;
        connection.execute_batch(SCHEMA)?;
        let all = connection.transaction()?;
        for held in store.meetings()? {
            let (start, meeting) = (CouncilStore::meeting_start_ms(&held.object), held.object);
            all.prepare_cached("INSERT INTO meetings VALUES (?, ?, ?, ?, ?)")?
                .execute(params![
                    meeting.id.to_string(),
                    meeting.name,
                    start,
                    meeting.room,
                    meeting.location
                ])?;
        }
        for held in store.agenda_items()? {
            let item = held.object;
            let paper = item.paper.map(|id| id.to_string());
            all.prepare_cached("INSERT INTO items VALUES (?, ?, ?, ?, ?, ?)")?
                .execute(params![
                    item.id.to_string(),
                    item.meeting.to_string(),
                    item.order,
                    item.number,
                    item.name,
                    paper
                ])?;
        }
        for held in store.papers()? {
            let paper = held.object;
            all.prepare_cached("INSERT INTO papers VALUES (?, ?, ?)")?
                .execute(params![paper.id.to_string(), paper.reference, paper.name])?;
        }
        let files = store.files()?;
        for used in store.file_uses()? {
            let row = files.get(&used.file).context("a use without a file")?;
            all.prepare_cached("INSERT OR IGNORE INTO files VALUES (?, ?, ?, ?)")?
                .execute(params![
                    used.file.to_string(),
                    used.owner.to_string(),
                    row.file.name,
                    row.page_count
                ])?;
        }
        for mark in notes.list_all()? {
            all.prepare_cached("INSERT INTO marks VALUES (?, ?, ?, ?, ?, ?, ?)")?
                .execute(params![
                    mark.id.to_string(),
                    mark.anchor.target.object().to_string(),
                    mark.body.kind().as_str(),
                    mark.body.text(),
                    mark.anchor.page,
                    mark.anchor.quote.as_ref().map(|quote| quote.exact.clone()),
                    mark.updated_at_ms
                ])?;
        }
        all.commit()?;
        Ok(Self(connection))
    }

    /// Meetings of the last 60 days and to come, with numbers of items, files and pages.
    pub fn today(&self, now_ms: i64) -> Result<Box<RawValue>> {
        let from_ms = now_ms - 60 * 86_400_000;
        self.rows(
            &format!("{MEETINGS} WHERE m.start_ms >= ? GROUP BY m.id ORDER BY m.start_ms"),
            &[&from_ms],
        )
    }

    /// All meetings, with numbers of items, files and pages.
    pub fn meetings_list(&self) -> Result<Box<RawValue>> {
        self.rows(
            &format!("{MEETINGS} GROUP BY m.id ORDER BY m.start_ms"),
            &[],
        )
    }

    /// A meeting's agenda with papers, files and numbers of marks.
    pub fn meeting_open(&self, id: &str) -> Result<Box<RawValue>> {
        self.rows(
            "SELECT i.*, p.reference, p.name AS title, f.name AS file, f.pages,
                (SELECT count(*) FROM marks k WHERE k.target IN (i.id, i.paper, f.id)) AS marks
             FROM items i LEFT JOIN papers p ON p.id = i.paper LEFT JOIN files f ON f.owner = i.paper
             WHERE i.meeting = ? ORDER BY i.turn",
            &[&id],
        )
    }

    /// All marks with item, paper and meeting of those that stand on files.
    pub fn notes_overview(&self) -> Result<Box<RawValue>> {
        self.rows(
            "SELECT k.*, f.name AS file, p.reference, i.number, m.name AS meeting, m.start_ms
             FROM marks k LEFT JOIN files f ON f.id = k.target LEFT JOIN papers p ON p.id = f.owner
             LEFT JOIN items i ON i.paper = f.owner LEFT JOIN meetings m ON m.id = i.meeting
             GROUP BY k.id ORDER BY k.at_ms DESC",
            &[],
        )
    }

    fn rows(&self, sql: &str, params: &[&dyn ToSql]) -> Result<Box<RawValue>> {
        let mut statement = self.0.prepare_cached(sql)?;
        let names: Vec<String> = statement.column_names().map(str::to_owned).collect();
        let mut rows = statement.query(params)?;
        let mut all = Vec::new();
        while let Some(row) = rows.next()? {
            let mut object = Map::new();
            for (at, name) in names.iter().enumerate() {
                let value = match row.get_ref(at)? {
                    rusqlite::types::ValueRef::Integer(number) => Value::from(number),
                    rusqlite::types::ValueRef::Text(text) => String::from_utf8_lossy(text).into(),
                    _ => Value::Null,
                };
                object.insert(name.clone(), value);
            }
            all.push(Value::Object(object));
        }
        Ok(to_raw_value(&all)?)
    }
}
