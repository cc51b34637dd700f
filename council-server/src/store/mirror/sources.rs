//! Table `source`: the bodies that are imported.

use rusqlite::{Connection, OptionalExtension, Row, Transaction, named_params};

use super::StoreError;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SourceRow {
    pub id: i64,
    pub name: String,
    pub body_path: String,
    pub home: String,
    pub change_count: i64,
    pub published: String,
    pub mapping_problems: String,
    pub full_walk_at_ms: i64,
}

/// The source of that name, made if it is new.
pub(crate) fn ensure(
    tx: &Transaction<'_>,
    name: &str,
    url: &str,
    body_path: &str,
    home: &str,
) -> Result<SourceRow, StoreError> {
    tx.execute(
        "INSERT INTO source (name, url, body_path, home) VALUES (:name, :url, :body_path, :home)
         ON CONFLICT (name) DO UPDATE SET url = excluded.url, body_path = excluded.body_path",
        named_params! {":name": name, ":url": url, ":body_path": body_path, ":home": home},
    )?;
    let sql = "SELECT * FROM source WHERE name = :name";
    Ok(tx.query_row(sql, named_params! {":name": name}, source_row)?)
}

/// The sources that were asked for at an address, by name.
pub(crate) fn of_url(c: &Connection, url: &str) -> Result<Vec<SourceRow>, StoreError> {
    let mut statement = c.prepare("SELECT * FROM source WHERE url = :url ORDER BY name")?;
    let rows = statement.query_map(named_params! {":url": url}, source_row)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(crate) fn by_id(c: &Connection, id: i64) -> Result<Option<SourceRow>, StoreError> {
    let sql = "SELECT * FROM source WHERE id = :id";
    let found = c.query_row(sql, named_params! {":id": id}, source_row);
    Ok(found.optional()?)
}

fn source_row(row: &Row<'_>) -> rusqlite::Result<SourceRow> {
    Ok(SourceRow {
        id: row.get("id")?,
        name: row.get("name")?,
        body_path: row.get("body_path")?,
        home: row.get("home")?,
        change_count: row.get("change_count")?,
        published: row.get("published")?,
        mapping_problems: row.get("mapping_problems")?,
        full_walk_at_ms: row.get("full_walk_at_ms")?,
    })
}

pub(crate) fn count_changes(tx: &Transaction<'_>, id: i64, count: usize) -> Result<(), StoreError> {
    let count = i64::try_from(count).unwrap_or(i64::MAX);
    tx.execute(
        "UPDATE source SET change_count = change_count + :count WHERE id = :id",
        named_params! {":id": id, ":count": count},
    )?;
    Ok(())
}

pub(crate) fn set_published(
    tx: &Transaction<'_>,
    id: i64,
    published: &str,
    mapping_problems: &str,
) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE source SET published = :published, mapping_problems = :problems WHERE id = :id",
        named_params! {":id": id, ":published": published, ":problems": mapping_problems},
    )?;
    Ok(())
}

pub(crate) fn set_full_walk(tx: &Transaction<'_>, id: i64, at_ms: i64) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE source SET full_walk_at_ms = :at_ms WHERE id = :id",
        named_params! {":id": id, ":at_ms": at_ms},
    )?;
    Ok(())
}
