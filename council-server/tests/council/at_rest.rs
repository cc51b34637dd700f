//! What lies on the server's disk can be read with the master key alone: no name, no title. What an earlier version wrote in the clear
//! is encrypted once, and a kill in between loses nothing.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use council_server::{MasterKey, Server, ServerError};
use evidence::Counts;
use rusqlite::Connection;
use tempfile::TempDir;

use crate::faction::canaries::{canary, forms, found};
use crate::support::tablet::Tablet;
use crate::support::{TestCouncil, bytes_below, folder, tables, write_in_the_clear};

/// Every name and title of the small folder, each replaced by a random word.
fn plant(council: &TestCouncil) -> Vec<String> {
    let mut words = Vec::new();
    for (file, names) in [
        (
            "council.toml",
            vec![
                "Stadt Beispielhausen",
                "Sitzungsdienst, Markt 1",
                "8. Wahlperiode",
                "Stadtrat",
                "Fraktion Mitte",
                "Ada Lenz",
                "Bruno Kahl",
                "Mara Dorn",
                "Sven Falk",
            ],
        ),
        (
            "meetings/2026-03-rat/meeting.toml",
            vec![
                "18. Sitzung des Stadtrats",
                "Ratssaal",
                "Eröffnung",
                "Neubau der Feuerwache\"",
                "Grundstücksverkauf Teichgasse",
                "Pachtvertrag Dorfanger Oberdorf",
                "Dezernat II",
                "Lageplan\"",
                "Verkauf Flurstück 77/3",
            ],
        ),
    ] {
        for name in names {
            let word = canary();
            let quote = if name.ends_with('"') { "\"" } else { "" };
            council.edit(file, name, &format!("{word}{quote}"));
            words.push(word);
        }
    }
    words
}

#[test]
fn safety_no_name_and_no_title_lies_readable_on_the_servers_disk() {
    let council = TestCouncil::new();
    folder::write(&council.intake());
    let words = plant(&council);
    council.import();
    let handle = council.serve();
    let invitation = council.server.invite("ada", true).unwrap();
    let mut ada = Tablet::pair(&handle, &invitation, council.clock.now_at_ms());
    ada.read_all();
    // Something that was there and is not any more.
    council.edit("meetings/2026-03-rat/meeting.toml", &words[12], "Begrüßung");
    council.import();

    let data = council.root.path().join("data");
    assert_eq!(found(&bytes_below(&data), &words), Vec::<String>::new());
    let counts = Counts {
        tried: words.len() as u64,
        refused: words.len() as u64,
        lost: 0,
    };
    evidence::record("canaries.server", counts).unwrap();

    // The search sees them where they stand: in the same tables without their key.
    let planted = data.join("planted.db");
    write_in_the_clear(&council.tables(), &planted);
    let seen = found(&bytes_below(&data), &words);
    for word in [&words[0], &words[3], &words[5]] {
        assert!(seen.iter().any(|hit| hit.contains(word)), "{seen:?}");
    }
    fs::remove_file(planted).unwrap();
    for (form, bytes) in forms(&words[2]) {
        fs::write(
            data.join("planted"),
            [b"..", bytes.as_slice(), b".."].concat(),
        )
        .unwrap();
        let seen = found(&bytes_below(&data), std::slice::from_ref(&words[2]));
        assert!(!seen.is_empty(), "{form}");
    }
}

/// A council that the program has made, as an earlier version would have left it: in the clear, its newest rows still in the log.
struct Earlier {
    root: TempDir,
    master: MasterKey,
    /// All rows of all tables.
    rows: Vec<String>,
}

impl Earlier {
    fn new() -> Self {
        let root = TempDir::new().unwrap();
        folder::write(&root.path().join("intake"));
        let done = office(root.path(), &["import", "folder", "intake"]).wait_with_output();
        assert!(done.unwrap().status.success());
        let data = root.path().join("data");
        let master = MasterKey::load_or_make(&root.path().join("master.key"), &data).unwrap();
        let encrypted = tables(&data.join("server.db"), &master);
        let clear = root.path().join("clear.db");
        write_in_the_clear(&encrypted, &clear);
        drop(encrypted);
        let connection = Connection::open(&clear).unwrap();
        connection
            .execute_batch(
                "PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0;
                 WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60000)
                 INSERT INTO audit (at_ms, action) SELECT i, 'imported' FROM n;",
            )
            .unwrap();
        let rows = rows_of(&connection);
        // Copied while it is open, so that the log still holds what the file does not.
        for suffix in ["", "-wal"] {
            let from = root.path().join(format!("clear.db{suffix}"));
            fs::copy(from, root.path().join(format!("kept.db{suffix}"))).unwrap();
        }
        drop(connection);
        let earlier = Self { root, master, rows };
        assert!(
            fs::metadata(earlier.root.path().join("kept.db-wal"))
                .unwrap()
                .len()
                > 100_000
        );
        earlier.put_back();
        earlier
    }

    fn database(&self) -> PathBuf {
        self.root.path().join("data/server.db")
    }

    /// The folder as the earlier version left it.
    fn put_back(&self) {
        for entry in fs::read_dir(self.root.path().join("data")).unwrap() {
            let path = entry.unwrap().path();
            if path
                .file_name()
                .unwrap()
                .to_str()
                .unwrap()
                .starts_with("server.db")
            {
                fs::remove_file(path).unwrap();
            }
        }
        for suffix in ["", "-wal"] {
            let from = self.root.path().join(format!("kept.db{suffix}"));
            fs::copy(
                from,
                self.root.path().join(format!("data/server.db{suffix}")),
            )
            .unwrap();
        }
        assert!(self.is_plain());
    }

    fn is_plain(&self) -> bool {
        fs::read(self.database())
            .unwrap()
            .starts_with(b"SQLite format 3")
    }

    /// Opens it, and finds everything encrypted and nothing lost.
    #[track_caller]
    fn assert_whole(&self) {
        let data = self.root.path().join("data");
        let server = Server::open(&data, &self.master).unwrap();
        assert_eq!(server.people().unwrap().len(), 4);
        assert!(!self.is_plain());
        assert_eq!(rows_of(&tables(&self.database(), &self.master)), self.rows);
        drop(server);
        let bytes = bytes_below(&data);
        let holds = |text: &str| bytes.windows(text.len()).any(|w| w == text.as_bytes());
        assert!(
            !holds("Ada Lenz") && !holds("SQLite format 3"),
            "nothing is left in the clear"
        );
    }
}

/// Every row of every table, in one order.
fn rows_of(tables: &Connection) -> Vec<String> {
    let mut names = tables
        .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
        .unwrap();
    let names: Vec<String> = names
        .query_map([], |row| row.get(0))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    let mut rows = Vec::new();
    for name in names {
        let mut statement = tables
            .prepare(&format!("SELECT * FROM \"{name}\""))
            .unwrap();
        let width = statement.column_count();
        let mut found = statement.query([]).unwrap();
        while let Some(row) = found.next().unwrap() {
            let values = (0..width).map(|at| format!("{:?}", row.get_ref(at).unwrap()));
            rows.push(format!("{name}: {}", values.collect::<Vec<_>>().join(", ")));
        }
    }
    rows.sort();
    rows
}

fn office(root: &Path, arguments: &[&str]) -> Child {
    Command::new(env!("CARGO_BIN_EXE_council-server"))
        .current_dir(root)
        .args(["--data", "data", "--master-key", "master.key"])
        .args(arguments)
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

#[test]
fn tables_in_the_clear_are_encrypted_once_and_nothing_is_lost() {
    let earlier = Earlier::new();
    earlier.assert_whole();
    let before = fs::read(earlier.database()).unwrap();
    earlier.assert_whole();
    assert_eq!(
        before[..16],
        fs::read(earlier.database()).unwrap()[..16],
        "the second opening finds it done: the salt of the file is the same"
    );
}

#[test]
fn safety_a_kill_while_the_tables_are_encrypted_loses_nothing() {
    let earlier = Earlier::new();
    let part = earlier.root.path().join("data/server.db-encrypting");
    let part_len = || fs::metadata(&part).map_or(0, |m| m.len());
    let whole = {
        earlier.assert_whole();
        fs::metadata(earlier.database()).unwrap().len()
    };
    let mut killed = 0u64;
    for eighth in 0..=8 {
        earlier.put_back();
        let mut process = office(earlier.root.path(), &["devices"]);
        let has_ended = loop {
            let is_there = match eighth {
                // The very end: the new file has the name.
                8 => !earlier.is_plain(),
                0 => part.exists(),
                _ => part_len() >= whole * eighth / 8,
            };
            if is_there {
                break false;
            }
            if let Some(status) = process.try_wait().unwrap() {
                assert!(status.success(), "it cannot do it at all");
                break true;
            }
            std::thread::yield_now();
        };
        if !has_ended {
            killed += 1;
        }
        process.kill().unwrap();
        process.wait().unwrap();
        earlier.assert_whole();
        assert!(!part.exists(), "nothing half-written is left");
    }
    println!("{killed} kills");
    assert!(killed >= 4, "it was killed in the middle {killed} times");
    let counts = Counts {
        tried: killed,
        refused: killed,
        lost: 0,
    };
    evidence::record("kills.server", counts).unwrap();
}

#[test]
fn tables_are_not_encrypted_under_a_key_that_is_not_theirs_nor_while_somebody_works_with_them() {
    let earlier = Earlier::new();
    let data = earlier.root.path().join("data");
    let foreign = MasterKey::make().unwrap();
    let refused = Server::open(&data, &foreign);
    assert!(
        matches!(refused, Err(ServerError::WrongMasterKey)),
        "{refused:?}"
    );
    assert!(earlier.is_plain(), "it is left as it is");

    let busy = Connection::open(earlier.database()).unwrap();
    busy.execute_batch("BEGIN IMMEDIATE").unwrap();
    let refused = Server::open(&data, &earlier.master).unwrap_err();
    assert!(
        refused.to_string().contains("bitte ihn erst beenden"),
        "{refused}"
    );
    let version: u32 = busy
        .query_row("PRAGMA user_version", [], |row| row.get(0))
        .unwrap();
    busy.execute_batch("ROLLBACK; PRAGMA user_version = 99")
        .unwrap();
    drop(busy);
    let refused = Server::open(&data, &earlier.master).unwrap_err();
    assert!(refused.to_string().contains("neueren Fassung"), "{refused}");
    assert!(earlier.is_plain());
    let clear = Connection::open(earlier.database()).unwrap();
    clear.pragma_update(None, "user_version", version).unwrap();
    drop(clear);
    earlier.assert_whole();

    let refused = Server::open(&data, &foreign);
    assert!(
        matches!(refused, Err(ServerError::WrongMasterKey)),
        "and encrypted it opens with its own key alone: {refused:?}"
    );
    earlier.assert_whole();
}
