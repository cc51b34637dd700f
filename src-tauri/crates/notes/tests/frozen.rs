//! A vault of the first released version, with a row of every kind, opens in this version: formats and schema.
//! `tests/frozen/v1` was written by `examples/freeze_vault.rs` and stays for ever.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests"
)]

mod common;

use common::{AUDIENCE, BLOB, COUNCIL, FILE, KEY, passphrase};
use notes::{
    Color, InkPoint, MarkBody, NoteStore, ObjectId, Place, Rect, Tally, Target, TargetKey,
    TargetKind,
};
use rusqlite::Connection;
use std::fs;
use std::path::Path;
use std::sync::Arc;
use sync_protocol::class_key::KeyEpoch;
use vault::{RecoveryCode, Vault};

const RECOVERY_CODE: &str = "1C2BV-7VRTJ-8CYHN-2RETZ-H275A-X6DJQ-T84P";
const ITEM: ObjectId = ObjectId::from_bytes([5; 16]);

fn thawed() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let frozen = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/frozen/v1");
    for name in ["slots", "keyring", "private.db"] {
        fs::copy(frozen.join(name), folder.path().join(name)).unwrap();
    }
    folder
}

fn schema(connection: &Connection) -> Vec<(String, Option<String>)> {
    let mut statement = connection
        .prepare(
            "SELECT name, sql FROM sqlite_schema WHERE name <> 'sqlite_sequence' ORDER BY name",
        )
        .unwrap();
    statement
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap()
}

#[test]
fn the_first_schema_was_never_edited() {
    let folder = thawed();
    let vault = Vault::unlock(folder.path(), &passphrase()).unwrap();
    let frozen = vault.open_private_db().unwrap();
    let fresh = Connection::open_in_memory().unwrap();
    fresh
        .execute_batch(include_str!("../src/schema/v1.sql"))
        .unwrap();
    assert_eq!(schema(&frozen), schema(&fresh));
}

#[test]
fn the_frozen_recovery_code_opens_the_frozen_vault() {
    let folder = thawed();
    let vault =
        Vault::unlock_with_recovery(folder.path(), &RecoveryCode::parse(RECOVERY_CODE).unwrap())
            .unwrap();
    let council = vault.keyring().council(COUNCIL).unwrap();
    assert_eq!(
        (council.name.as_str(), council.last_sync_at_ms),
        ("Rat der Stadt Beispiel", Some(2_000))
    );
    assert_eq!(
        vault
            .keyring()
            .device_signing_key(COUNCIL)
            .unwrap()
            .expose(),
        &[8; 32]
    );
    assert_eq!(
        vault.keyring().device_box_key(COUNCIL).unwrap().expose(),
        &[9; 32]
    );
    assert_eq!(
        vault
            .keyring()
            .class_key(COUNCIL, AUDIENCE, KeyEpoch(3))
            .unwrap()
            .expose(),
        &[10; 32]
    );
}

#[test]
fn every_row_of_the_first_version_is_there() {
    let folder = thawed();
    let store = NoteStore::open(Arc::new(
        Vault::unlock(folder.path(), &passphrase()).unwrap(),
    ))
    .unwrap();
    let marks = store.list_for_file(COUNCIL, FILE).unwrap();
    let [highlight, note] = marks.as_slice() else {
        panic!("{} marks", marks.len())
    };
    assert_eq!(
        highlight.body,
        MarkBody::Highlight {
            color: Color::Yellow,
            text: Some("prüfen".into())
        }
    );
    assert_eq!(
        highlight.anchor.target,
        Target::File {
            file: FILE,
            blob_id: BLOB,
            revision: 2
        }
    );
    assert_eq!(highlight.anchor.page, Some(4));
    assert_eq!(
        highlight.anchor.rects,
        [Rect {
            left: 72.0,
            bottom: 700.5,
            right: 300.25,
            top: 712.0
        }]
    );
    assert_eq!(highlight.anchor.quote.as_ref().unwrap().exact, "öffentlich");
    assert_eq!((highlight.created_at_ms, highlight.updated_at_ms), (10, 10));
    assert_eq!(note.body.text(), Some("zweite Fassung"));
    assert_eq!(note.anchor.sealed_class, Some(AUDIENCE));
    assert_eq!(
        note.anchor.quote.as_ref().unwrap().exact,
        "geheim",
        "sealed then, opened now"
    );

    // The history of that time goes on: delete of the ink, its making, then the change of the note.
    store.undo(KEY, 200).unwrap().unwrap();
    let ink = store.list_for_file(COUNCIL, FILE).unwrap().pop().unwrap();
    let stroke = vec![
        InkPoint {
            x: 72.0,
            y: 700.25,
            pressure: 0.0,
        },
        InkPoint {
            x: 71.5,
            y: 701.0,
            pressure: 1.0,
        },
    ];
    assert_eq!(
        ink.body,
        MarkBody::Ink {
            color: Color::Graphite,
            width_pt: 1.5,
            strokes: vec![stroke]
        }
    );
    store.undo(KEY, 201).unwrap().unwrap();
    store.undo(KEY, 202).unwrap().unwrap();
    assert_eq!(
        store.mark(note.id).unwrap().body.text(),
        Some("erste Fassung")
    );
    let item = TargetKey {
        council: COUNCIL,
        kind: TargetKind::AgendaItem,
        object: ITEM,
    };
    assert!(store.list_for_target(item).unwrap().is_empty());
    store.redo(item, 203).unwrap().unwrap();
    assert_eq!(
        store.list_for_target(item).unwrap()[0].body.text(),
        Some("zum TOP")
    );

    assert_eq!(
        store.place(COUNCIL, FILE).unwrap(),
        Some(Place {
            page: 4,
            offset: 0.5,
            zoom: 1.25,
            rotation: 0,
            is_single: false
        })
    );
    assert_eq!(store.pages_read(COUNCIL, FILE, BLOB).unwrap().len(), 2);
    assert_eq!(store.visits(COUNCIL).unwrap()[&ITEM], 100);
    assert_eq!(store.tally(COUNCIL, ITEM).unwrap(), Some(Tally::Abstain));
    assert_eq!(store.setting("language").unwrap().as_deref(), Some("de"));

    // What later versions have added is there and empty.
    assert!(store.wishes(COUNCIL).unwrap().is_empty());
    assert!(store.sync_runs(COUNCIL).unwrap().is_empty());
}

#[test]
fn marks_come_back_from_a_damaged_file_of_the_first_version() {
    let folder = thawed();
    let aside = folder.path().join("private.db.damaged-1");
    fs::rename(folder.path().join("private.db"), &aside).unwrap();
    let store = NoteStore::open(Arc::new(
        Vault::unlock(folder.path(), &passphrase()).unwrap(),
    ))
    .unwrap();
    let salvaged = store.salvage(&aside).unwrap();
    assert_eq!((salvaged.unreadable, salvaged.brought_back), (0, 4));
    let marks = store.list_for_pages((COUNCIL, FILE, BLOB), &[4]).unwrap();
    assert_eq!(marks[0].body.text(), Some("prüfen"));
}

#[test]
fn a_newer_database_is_refused_and_left_as_it_is() {
    let folder = thawed();
    let vault = Arc::new(Vault::unlock(folder.path(), &passphrase()).unwrap());
    vault
        .open_private_db()
        .unwrap()
        .pragma_update(None, "user_version", 1_000)
        .unwrap();
    let error = NoteStore::open(Arc::clone(&vault)).unwrap_err();
    assert_eq!(error.code(), "newer_data");
    let version: u32 = vault
        .open_private_db()
        .unwrap()
        .query_row("PRAGMA user_version", [], |row| row.get(0))
        .unwrap();
    assert_eq!(version, 1_000);
}
