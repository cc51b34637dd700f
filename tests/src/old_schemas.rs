//! A vault whose databases have older schemas: the frozen vault of the first version, and the released steps up to the one that is
//! wanted. And whether each database stands at one released schema as a whole, whatever became of its upgrade.

use std::path::Path;
use std::sync::Arc;

use anyhow::{Result, ensure};
use faction::FactionStore;
use rusqlite::Connection;
use search::Index;
use vault::{DbError, Vault};

use crate::marking::tell;
use crate::power::opened::{self, COUNCIL, unlocked};
use crate::town::START_AT_MS;

/// The name of the space that lies in `faction.db`.
const SPACE: &str = "Eins";

/// A database with its released steps.
struct Database {
    name: &'static str,
    steps: &'static [&'static str],
    open: fn(&Vault) -> Result<Connection, DbError>,
}

const PRIVATE: Database = Database {
    name: "private.db",
    steps: &[
        include_str!("../../src-tauri/crates/notes/src/schema/v1.sql"),
        include_str!("../../src-tauri/crates/notes/src/schema/v2.sql"),
        include_str!("../../src-tauri/crates/notes/src/schema/v3.sql"),
        include_str!("../../src-tauri/crates/notes/src/schema/v4.sql"),
        include_str!("../../src-tauri/crates/notes/src/schema/v5.sql"),
        include_str!("../../src-tauri/crates/notes/src/schema/v6.sql"),
    ],
    open: Vault::open_private_db,
};

const FACTION: Database = Database {
    name: "faction.db",
    steps: &[
        include_str!("../../src-tauri/crates/faction/src/schema/1.sql"),
        include_str!("../../src-tauri/crates/faction/src/schema/2.sql"),
        include_str!("../../src-tauri/crates/faction/src/schema/3.sql"),
    ],
    open: Vault::open_faction_db,
};

const SEARCH: Database = Database {
    name: "search.db",
    steps: &[
        include_str!("../../src-tauri/crates/search/src/schema/v1.sql"),
        include_str!("../../src-tauri/crates/search/src/schema/v2.sql"),
    ],
    open: |vault| vault.open_search_db(COUNCIL),
};

impl Database {
    fn newest(&self) -> usize {
        self.steps.len()
    }

    /// The statements that make this version.
    fn schema(&self, version: usize) -> rusqlite::Result<Vec<(String, Option<String>)>> {
        let connection = Connection::open_in_memory()?;
        for sql in &self.steps[..version] {
            connection.execute_batch(sql)?;
        }
        schema_of(&connection)
    }

    /// Brings it from one version to a later one.
    fn bring(&self, vault: &Vault, from: usize, to: usize) -> Result<()> {
        let connection = (self.open)(vault)?;
        for sql in &self.steps[from..to] {
            connection.execute_batch(sql)?;
        }
        Ok(connection.pragma_update(None, "user_version", u32::try_from(to)?)?)
    }

    /// Its version, if it has the schema of that version.
    fn version(&self, vault: &Vault) -> Result<usize> {
        let connection = (self.open)(vault)?;
        let version = version_of(&connection)?;
        let is_whole =
            version <= self.newest() && schema_of(&connection)? == self.schema(version)?;
        ensure!(is_whole, "{} is not as version {version} is", self.name);
        Ok(version)
    }
}

fn version_of(connection: &Connection) -> rusqlite::Result<usize> {
    connection.query_row("PRAGMA user_version", [], |row| {
        let version: u32 = row.get(0)?;
        Ok(version as usize)
    })
}

fn schema_of(connection: &Connection) -> rusqlite::Result<Vec<(String, Option<String>)>> {
    let sql = "SELECT name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%' ORDER BY name";
    let mut statement = connection.prepare(sql)?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    rows.collect()
}

/// How many combinations of older versions there are.
pub const COMBINATIONS: usize = 5 * 2;

/// Lays such a vault into an empty folder.
///
/// * `number` – which combination.
///
/// Errors: it cannot be made.
pub fn lay(folder: &Path, number: usize) -> Result<()> {
    opened::lay(folder)?;
    let vault = Arc::new(unlocked(folder)?);
    PRIVATE.bring(&vault, 1, 1 + number % 5)?;
    FactionStore::open(&vault)?.found(COUNCIL, SPACE, "Ada", "Tablet", START_AT_MS)?;
    let connection = vault.open_faction_db()?;
    connection.execute_batch(
        "DROP TABLE document;
         PRAGMA user_version = 2;
         ALTER TABLE space DROP COLUMN is_layer_shown;",
    )?;
    first_document(&connection)?;
    if number % COMBINATIONS >= 5 {
        connection.execute_batch(
            "DROP TABLE reading; DROP INDEX item_by_id;
             CREATE INDEX item_by_id ON item (space, item, kind); PRAGMA user_version = 1;",
        )?;
    }
    drop(connection);
    SEARCH.bring(&vault, 0, 1)?;
    for database in [&PRIVATE, &FACTION, &SEARCH] {
        let version = database.version(&vault)?;
        ensure!(version < database.newest(), "{} is old", database.name);
    }
    Ok(())
}

/// The table as the first version has it.
fn first_document(connection: &Connection) -> Result<()> {
    let old = Connection::open_in_memory()?;
    old.execute_batch(FACTION.steps[0])?;
    let sql = "SELECT sql FROM sqlite_schema WHERE name = 'document'";
    let made: String = old.query_row(sql, [], |row| row.get(0))?;
    Ok(connection.execute_batch(&made)?)
}

/// Opens all of it with this version of the app, and writes a note.
///
/// Errors: it does not open.
pub fn open(folder: &Path) -> Result<()> {
    let vault = Arc::new(unlocked(folder)?);
    tell("opening");
    drop(Index::open(vault.open_search_db(COUNCIL)?)?);
    drop(FactionStore::open(&vault)?);
    drop(vault);
    opened::work(folder);
    Ok(())
}

/// A migration that commits in two steps; it stops between them until it is killed.
///
/// Errors: it cannot be begun.
pub fn open_by_halves(folder: &Path) -> Result<()> {
    let vault = unlocked(folder)?;
    let connection = vault.open_private_db()?;
    let version = version_of(&connection)?;
    connection.execute_batch(PRIVATE.steps[version])?;
    tell("half");
    std::io::stdin().read_line(&mut String::new())?;
    Ok(connection.pragma_update(None, "user_version", u32::try_from(version + 1)?)?)
}

/// What a kill has left.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Left {
    /// Databases at their newest schema, and older ones.
    pub new: usize,
    pub old: usize,
    /// What is not as it must be.
    pub wrong: Vec<String>,
}

/// Looks at what was left, then opens it with this version of the app.
#[must_use]
pub fn left(folder: &Path, lines: &[String]) -> Left {
    let mut left = Left::default();
    match unlocked(folder) {
        Ok(vault) => {
            let vault = Arc::new(vault);
            for database in [&PRIVATE, &FACTION, &SEARCH] {
                match database.version(&vault) {
                    Ok(version) if version == database.newest() => left.new += 1,
                    Ok(_) => left.old += 1,
                    Err(error) => left.wrong.push(format!("{error:#}")),
                }
            }
            if let Err(error) = whole(&vault) {
                left.wrong.push(format!("{error:#}"));
            }
        }
        Err(error) => left.wrong.push(format!("the vault: {}", error.code())),
    }
    left.wrong.extend(opened::lost(folder, lines));
    left
}

/// Caches and spaces open, and nothing was begun anew or moved aside.
fn whole(vault: &Arc<Vault>) -> Result<()> {
    Index::open(vault.open_search_db(COUNCIL)?)?;
    let store = FactionStore::open(vault)?;
    let spaces = store.spaces()?;
    ensure!(spaces.len() == 1, "{} spaces", spaces.len());
    for space in spaces {
        store.space(space.faction)?;
    }
    ensure!(vault.take_rebuilt().is_empty(), "a cache was damaged");
    ensure!(vault.moved_aside()?.is_empty(), "a database was damaged");
    Ok(())
}
