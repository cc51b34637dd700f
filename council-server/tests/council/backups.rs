//! Backups: made while the server works, whole or not at all, worthless without the master key, and a data folder again afterwards.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use council_server::{BackupError, Clock, MasterKey, Server, ServerError, restore};
use sync_protocol::cbor::from_cbor_lenient;
use sync_protocol::head::AudienceKind;
use sync_protocol::ids::Hash;
use sync_protocol::key_box::KeyBoxes;
use sync_protocol::wire;
use tempfile::TempDir;

use crate::support::tablet::Tablet;
use crate::support::{TestCouncil, bytes_below, folder};

fn everything(server: &Server) -> Vec<String> {
    let handle = server
        .serve(std::net::SocketAddr::from(([127, 0, 0, 1], 0)))
        .unwrap();
    let invitation = server.invite("ada", true).unwrap();
    let mut tablet = Tablet::pair(&handle, &invitation, crate::support::START_AT_MS);
    let library = tablet.read_all();
    let mut found = library.names();
    found.extend(
        library
            .files
            .iter()
            .map(|(id, bytes)| format!("{id} {}", Hash::of(bytes))),
    );
    found.sort();
    found
}

fn opened(data: &Path, master: &MasterKey) -> Server {
    Server::open_with(data, master, Clock::fixed(crate::support::START_AT_MS)).unwrap()
}

#[test]
fn what_was_backed_up_is_a_data_folder_again() {
    let council = TestCouncil::with_folder();
    let expected = everything(&council.server);
    let (backup, data) = (
        council.root.path().join("backup"),
        council.root.path().join("again"),
    );
    let made = council.server.backup(&backup).unwrap();
    assert_eq!((made.generation, made.blob_count), (1, 6));

    let bytes = bytes_below(&backup);
    for text in ["Ada Lenz", "GEHEIM", "Teichgasse", "SQLite format 3"] {
        let is_there = bytes.windows(text.len()).any(|w| w == text.as_bytes());
        assert!(!is_there, "a backup is as encrypted as the folder: {text}");
    }
    let foreign = MasterKey::make().unwrap();
    let refused = restore(&backup, &data, &foreign);
    assert!(
        matches!(refused, Err(ServerError::WrongMasterKey)),
        "{refused:?}"
    );
    assert!(!data.exists(), "nothing half-done stays");

    assert_eq!(restore(&backup, &data, &council.master).unwrap(), made);
    let again = opened(&data, &council.master);
    assert_eq!(again.council(), council.server.council());
    assert_eq!(everything(&again), expected);
}

#[test]
fn a_backup_made_while_papers_are_imported_is_of_one_moment() {
    let council = TestCouncil::with_folder();
    let file = council.intake().join("meetings/2026-03-rat/Lageplan.pdf");
    let is_done = std::sync::atomic::AtomicBool::new(false);
    let made = std::thread::scope(|scope| {
        let importing = scope.spawn(|| {
            let mut imports = 0;
            while !is_done.load(std::sync::atomic::Ordering::SeqCst) {
                imports += 1;
                fs::write(&file, folder::pdf(&format!("Lageplan {imports}"), 1)).unwrap();
                council.import();
            }
            imports
        });
        for round in 0..5 {
            let backup = council.root.path().join(format!("backup-{round}"));
            council.server.backup(&backup).unwrap();
        }
        is_done.store(true, std::sync::atomic::Ordering::SeqCst);
        importing.join().unwrap()
    });
    assert!(made > 0);
    for round in 0..5 {
        let data = council.root.path().join(format!("data-{round}"));
        let backup = council.root.path().join(format!("backup-{round}"));
        restore(&backup, &data, &council.master).unwrap();
        let found = everything(&opened(&data, &council.master));
        assert!(
            found.len() > 20,
            "every chain verifies and every file opens"
        );
    }
}

#[test]
fn safety_a_damaged_or_incomplete_backup_is_refused_and_nothing_stays_half_done() {
    let council = TestCouncil::with_folder();
    let (backup, data) = (
        council.root.path().join("backup"),
        council.root.path().join("again"),
    );
    council.server.backup(&backup).unwrap();
    let mut files = Vec::new();
    collect(&backup, &mut files);
    let mut refused = 0u64;
    for file in &files {
        let good = fs::read(file).unwrap();
        let middle = good.len() / 2;
        let mut bad = good.clone();
        bad[middle] ^= 1;
        for damage in [Some(&bad[..]), Some(&good[..middle]), None] {
            match damage {
                Some(bytes) => fs::write(file, bytes).unwrap(),
                None => fs::remove_file(file).unwrap(),
            }
            // A bit of the list of contents may turn a number that says nothing into another.
            let is_list =
                file.ends_with("backup.json") && damage.is_some_and(|d| d.len() == good.len());
            let result = restore(&backup, &data, &council.master);
            if !is_list {
                assert!(
                    matches!(
                        result,
                        Err(ServerError::Backup(
                            BackupError::Damaged { .. } | BackupError::NoBackup { .. }
                        ))
                    ),
                    "{file:?}: {result:?}"
                );
                assert!(!data.exists() && !council.root.path().join("again.part").exists());
                refused += 1;
            } else if result.is_ok() {
                fs::remove_dir_all(&data).unwrap();
            }
            fs::write(file, &good).unwrap();
        }
    }
    assert!(refused >= 20, "{refused}");
    restore(&backup, &data, &council.master).unwrap();
    let again = restore(&backup, &data, &council.master);
    assert!(
        matches!(
            again,
            Err(ServerError::Backup(BackupError::NotEmpty { .. }))
        ),
        "nothing is written over a data folder: {again:?}"
    );
    let counts = evidence::Counts {
        tried: refused,
        refused,
        lost: 0,
    };
    evidence::record("bit-flips.server-backup", counts).unwrap();
}

fn collect(folder: &Path, found: &mut Vec<std::path::PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, found);
        } else {
            found.push(path);
        }
    }
}

#[test]
fn a_file_that_rotted_in_the_data_folder_is_told_and_makes_no_backup() {
    let council = TestCouncil::with_folder();
    let mut blobs = Vec::new();
    collect(&council.root.path().join("data/blobs"), &mut blobs);
    let mut bytes = fs::read(&blobs[0]).unwrap();
    bytes[100] ^= 1;
    fs::write(&blobs[0], bytes).unwrap();
    let backup = council.root.path().join("backup");
    let refused = council.server.backup(&backup);
    assert!(
        matches!(
            refused,
            Err(ServerError::Backup(BackupError::DamagedBlobs {
                count: 1,
                ..
            }))
        ),
        "{refused:?}"
    );
    assert!(!backup.exists());
    let inside = council
        .server
        .backup(&council.root.path().join("data/backup"));
    assert!(matches!(
        inside,
        Err(ServerError::Backup(BackupError::InsideData { .. }))
    ));
}

fn office(root: &Path, data: &str, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_council-server"))
        .current_dir(root)
        .args(["--data", data, "--master-key", "master.key"])
        .args(arguments)
        .output()
        .unwrap()
}

#[test]
fn the_office_backs_up_and_restores_and_is_told_what_is_missing() {
    let root = TempDir::new().unwrap();
    folder::write(&root.path().join("intake"));
    let said = |output: Output| {
        let error = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.success(), "{error}");
        String::from_utf8(output.stdout).unwrap()
    };
    said(office(root.path(), "data", &["import", "folder", "intake"]));
    let text = said(office(root.path(), "data", &["backup", "backup"]));
    assert!(
        text.contains("6 verschlüsselte Dateien")
            && text.contains("Hauptschlüssel ist nicht dabei"),
        "{text}"
    );
    let holds_key = |key: &str| {
        bytes_below(&root.path().join("backup"))
            .windows(key.len())
            .any(|w| w == key.as_bytes())
    };
    let key = fs::read_to_string(root.path().join("master.key")).unwrap();
    assert!(!holds_key(key.trim()));
    let text = said(office(root.path(), "again", &["restore", "backup"]));
    assert!(
        text.contains("noch einmal sperren") && text.contains("restored"),
        "{text}"
    );
    let people = said(office(root.path(), "again", &["people", "list"]));
    assert!(people.contains("Ada Lenz"));
    let text = said(office(root.path(), "again", &["restored"]));
    assert!(text.contains("Generation 2"), "{text}");

    let refused = office(root.path(), "again", &["restore", "backup"]);
    assert!(
        String::from_utf8(refused.stderr)
            .unwrap()
            .contains("nicht leer")
    );
    fs::rename(
        root.path().join("master.key"),
        root.path().join("elsewhere"),
    )
    .unwrap();
    let refused = office(root.path(), "third", &["restore", "backup"]);
    assert!(!refused.status.success());
    assert!(
        !root.path().join("master.key").exists(),
        "no key is made that fits nothing"
    );
}

/// What began after the backup is lost at the server, but tablets hold its keys: a number that came twice would lock them out.
#[test]
fn a_restored_server_gives_no_number_of_a_key_twice() {
    let council = TestCouncil::with_folder();
    let handle = council.serve();
    let mut tablet = Tablet::pair(
        &handle,
        &council.server.invite("ada", true).unwrap(),
        council.clock.now_at_ms(),
    );
    let before = tablet.head();
    council.server.begin_generation().unwrap();
    tablet.root = tablet.root_document();
    let after = tablet.head();
    let boxes: KeyBoxes = from_cbor_lenient(&tablet.get(wire::PATH_KEYS).body.unwrap()).unwrap();
    for old in &before.audiences {
        let new = after.audience(&old.id).unwrap().key_epoch;
        let is_given = |epoch| {
            let mut all = boxes.boxes.iter();
            all.any(|one| (one.audience, one.epoch) == (old.id, epoch))
        };
        assert!(is_given(old.key_epoch) && is_given(new), "old and new keys");
        if old.kind == AudienceKind::Public {
            assert_eq!(new, old.key_epoch);
        } else {
            assert!(
                new.0 > 2 << 16,
                "beyond every epoch of the generation before"
            );
        }
    }
}
