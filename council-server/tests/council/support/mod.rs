//! A small council on disk, a real server on loopback, and a tablet made of nothing but the protocol.

pub mod folder;
pub mod library;
pub mod member;
pub mod pins;
pub mod portal;
pub mod tablet;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use council_server::{Clock, ImportOutcome, MasterKey, Server, ServerHandle};
use rusqlite::Connection;
use tempfile::TempDir;

/// 3 March 2026, 10:00 UTC.
pub const START_AT_MS: i64 = 1_772_532_000_000;
pub const DAY_MS: i64 = 86_400_000;

/// A council with a clock that the test sets.
pub struct TestCouncil {
    pub server: Server,
    pub clock: Clock,
    pub root: TempDir,
    pub master: MasterKey,
}

impl TestCouncil {
    pub fn new() -> Self {
        let root = TempDir::new().unwrap();
        let clock = Clock::fixed(START_AT_MS);
        let master = MasterKey::make().unwrap();
        let server = Server::open_with(&root.path().join("data"), &master, clock.clone()).unwrap();
        Self {
            server,
            clock,
            root,
            master,
        }
    }

    /// The same council after its server has ended and begun anew.
    pub fn reopened(self) -> Self {
        let Self {
            server,
            clock,
            root,
            master,
        } = self;
        drop(server);
        let server = Server::open_with(&root.path().join("data"), &master, clock.clone()).unwrap();
        Self {
            server,
            clock,
            root,
            master,
        }
    }

    /// A council that has imported the small folder.
    pub fn with_folder() -> Self {
        let council = Self::new();
        folder::write(&council.intake());
        council.import();
        council
    }

    pub fn intake(&self) -> PathBuf {
        self.root.path().join("intake")
    }

    pub fn import(&self) -> ImportOutcome {
        self.server.import_folder(&self.intake()).unwrap()
    }

    /// The server's tables, looked into beside it.
    pub fn tables(&self) -> Connection {
        tables(&self.root.path().join("data/server.db"), &self.master)
    }

    pub fn serve(&self) -> ServerHandle {
        self.server
            .serve(SocketAddr::from(([127, 0, 0, 1], 0)))
            .unwrap()
    }

    pub fn pass_days(&self, days: i64) {
        self.clock.set(self.clock.now_at_ms() + days * DAY_MS);
    }

    /// Changes one line of a TOML file of the intake.
    pub fn edit(&self, file: &str, from: &str, to: &str) {
        let path = self.intake().join(file);
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.contains(from), "{file} has no {from:?}");
        std::fs::write(&path, text.replacen(from, to, 1)).unwrap();
    }
}

/// The tables of a data folder, opened with its key.
pub fn tables(path: &Path, master: &MasterKey) -> Connection {
    let tables = Connection::open(path).unwrap();
    let name = path.file_name().unwrap().to_str().unwrap();
    let key = master.database_key(name);
    tables
        .execute_batch(&format!("PRAGMA key = \"{}\"", key.as_sql().as_str()))
        .unwrap();
    tables
}

/// Writes tables into a file as they were before there was a key.
pub fn write_in_the_clear(tables: &Connection, path: &Path) {
    let sql = "ATTACH DATABASE ?1 AS clear KEY ''";
    tables.execute(sql, [path.to_str().unwrap()]).unwrap();
    tables
        .query_row("SELECT sqlcipher_export('clear')", [], |_| Ok(()))
        .unwrap();
    let version: u32 = tables
        .query_row("PRAGMA user_version", [], |row| row.get(0))
        .unwrap();
    let sql = format!("PRAGMA clear.user_version = {version}; DETACH DATABASE clear");
    tables.execute_batch(&sql).unwrap();
}

/// All bytes of all files below a folder.
pub fn bytes_below(dir: &Path) -> Vec<u8> {
    let mut bytes = Vec::new();
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            bytes.extend(bytes_below(&path));
        } else {
            bytes.extend(std::fs::read(&path).unwrap());
        }
    }
    bytes
}
