//! What is kept so that a large space is shown at once: readings on the disk, things in memory. They never show something else than
//! the items do, and nothing that needs a class key is kept readable. Also: the upgrade of a database of the first schema.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod common;

use std::path::Path;
use std::sync::Arc;

use common::*;
use faction::*;
use rusqlite::Connection;
use sync_protocol::faction::link::Role;
use sync_protocol::ids::ItemId;

/// Names and statements of everything in a database.
fn schema(connection: &Connection) -> Vec<(String, Option<String>)> {
    let mut statement = connection
        .prepare("SELECT name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%' ORDER BY name")
        .unwrap();
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)));
    rows.unwrap().collect::<Result<_, _>>().unwrap()
}

/// Messages, a position by two with more edits than are merged for nothing, a task, a share, a withdrawn one.
fn history(tablet: &mut Tablet, other: &mut Tablet, relay: &mut Relay) -> ItemId {
    let message = tablet.writes("Wer spricht dazu?");
    other.shares("Bitte beachten", Readers::Everybody);
    for at in 0..20 {
        let part = TextPart::Arguments;
        tablet.recommends(&[Edit::Text(part, format!("Grund {at} spricht dafür."))]);
        if at % 5 == 0 {
            tablet.sync(relay);
            other.sync(relay);
            other.recommends(&[Edit::Value(ValueField::Status, "agreed".to_owned())]);
            other.sync(relay);
        }
    }
    let edits = [
        Edit::Text(TextPart::Body, "Anfrage stellen".to_owned()),
        Edit::Value(ValueField::Due, "2026-09-30".to_owned()),
    ];
    tablet
        .space
        .begin_task(None, &edits, &Readers::Everybody, NOW_MS)
        .unwrap();
    let gone = tablet.shares("zurückgezogen", Readers::Everybody);
    tablet.space.withdraw(gone, NOW_MS).unwrap();
    tablet.sync(relay);
    other.sync(relay);
    tablet.sync(relay);
    message
}

/// The schema of that number, empty.
fn empty_at(number: usize) -> Connection {
    let steps = [
        include_str!("../src/schema/1.sql"),
        include_str!("../src/schema/2.sql"),
        include_str!("../src/schema/3.sql"),
    ];
    let connection = Connection::open_in_memory().unwrap();
    for sql in &steps[..number] {
        connection.execute_batch(sql).unwrap();
    }
    connection
}

/// Takes a database of the newest schema back to an older one, with every row.
fn back_to(path: &Path, number: usize) {
    let old = Connection::open(path).unwrap();
    let then = empty_at(number);
    let sql = "SELECT sql FROM sqlite_schema WHERE name = 'document'";
    let document: String = then.query_row(sql, [], |row| row.get(0)).unwrap();
    old.execute_batch(&format!(
        "DROP TABLE document; {document};
         INSERT INTO document SELECT space, item, x'00' FROM item WHERE kind = 4 GROUP BY space, item;
         ALTER TABLE space DROP COLUMN is_layer_shown; PRAGMA user_version = 2;"
    ))
    .unwrap();
    if number == 1 {
        old.execute_batch(
            "DROP TABLE reading; DROP INDEX item_by_id; CREATE INDEX item_by_id ON item (space, item, kind);
             PRAGMA user_version = 1;",
        )
        .unwrap();
    }
    assert_eq!(schema(&old), schema(&then), "this is schema {number}");
}

#[test]
fn a_database_of_an_older_schema_shows_the_same_after_the_upgrade() {
    for number in [1, 2] {
        upgraded_from(number);
    }
}

fn upgraded_from(number: usize) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("faction.db");
    let (mut chair, mut relay) = founded_at(&path);
    let mut other = chair.brings_in(Some(Role::Member), &mut relay);
    let message = history(&mut chair, &mut other, &mut relay);
    let waiting = chair.writes("wartet noch");
    let before = chair.digest();
    let faction = chair.space.faction();
    drop(chair);

    back_to(&path, number);
    let store = FactionStore::over(Connection::open(&path).unwrap()).unwrap();
    let upgraded = Connection::open(&path).unwrap();
    assert_eq!(schema(&upgraded), schema(&empty_at(3)));
    let chair = Tablet::over(Arc::clone(&store), store.space(faction).unwrap());
    assert_eq!(chair.digest(), before);
    assert_eq!(chair.body_of(message).as_deref(), Some("Wer spricht dazu?"));
    assert_eq!(chair.body_of(waiting).as_deref(), Some("wartet noch"));
    while chair.space.read_ahead(2).unwrap() {}
    assert_eq!(chair.digest(), before);
    assert!(count(&path, "reading") >= 4);
    assert!(chair.space.is_layer_shown().unwrap(), "as it was");
}

#[test]
fn what_was_read_ahead_is_what_the_items_say() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("faction.db");
    let (mut chair, mut relay) = founded_at(&path);
    let mut other = chair.brings_in(Some(Role::Member), &mut relay);
    let message = history(&mut chair, &mut other, &mut relay);
    while chair.space.read_ahead(1).unwrap() {}
    assert_eq!(count(&path, "reading"), 3, "message, position, task");
    assert!(!chair.space.read_ahead(1).unwrap(), "nothing is left");

    // Opened again, nothing is merged for it, and it reads the same.
    let (before, faction) = (chair.digest(), chair.space.faction());
    let Tablet { store, space, .. } = chair;
    drop(space);
    let mut chair = Tablet::over(Arc::clone(&store), store.space(faction).unwrap());
    assert_eq!(chair.digest(), before);

    // An edit from elsewhere and one of one's own take the place of what was read.
    let body = |text: &str| [Edit::Text(TextPart::Body, text.to_owned())];
    other.recommends(&[Edit::Text(
        TextPart::Recommendation,
        "Zustimmung".to_owned(),
    )]);
    other.sync(&mut relay);
    chair.sync(&mut relay);
    assert_eq!(
        chair.position().texts[&TextPart::Recommendation],
        "Zustimmung"
    );
    chair
        .space
        .edit(
            message,
            &body("Wer dann?"),
            &Readers::Everybody,
            &no_keys,
            NOW_MS,
        )
        .unwrap();
    assert_eq!(chair.body_of(message).as_deref(), Some("Wer dann?"));
    chair.sync(&mut relay);
    other.sync(&mut relay);
    assert_eq!(chair.digest(), other.digest());
    assert_eq!(count(&path, "reading"), 1, "the task alone was not edited");
}

#[test]
fn what_needs_a_class_key_is_not_kept_readable() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("faction.db");
    let (mut chair, mut relay) = founded_at(&path);
    let secret = "Kaufpreis zu hoch";
    let message = chair
        .space
        .begin_message(Some(ITEM_5), None, &[], secret, &committee(), NOW_MS)
        .unwrap();
    chair.shares(secret, committee());
    chair.sync(&mut relay);
    while chair.space.read_ahead(10).unwrap() {}
    let read = chair.space.document(message, &committee_keys).unwrap();
    assert_eq!(read.texts[&TextPart::Body], secret);
    // Read once, and still shut as soon as the key is gone.
    assert!(matches!(
        chair.space.document(message, &no_keys),
        Err(FactionError::NoSuchItem)
    ));
    let (outlines, closed) = chair.space.outlines(&no_keys).unwrap();
    assert_eq!((outlines.len(), closed.len()), (0, 1));
    let shares = chair.space.shares(&no_keys).unwrap();
    assert!(matches!(shares[..], [Shown::Closed(_)]));
    while chair.space.read_ahead(10).unwrap() {}
    assert_eq!(count(&path, "reading"), 0);
    let bytes = std::fs::read(&path).unwrap();
    let holds = |words: &str| {
        bytes
            .windows(words.len())
            .any(|part| part == words.as_bytes())
    };
    assert!(!holds(secret), "nowhere in the file");

    // One that everybody may read stands there: the looker sees.
    chair.writes("für alle");
    chair.sync(&mut relay);
    while chair.space.read_ahead(10).unwrap() {}
    assert_eq!(count(&path, "reading"), 1);
    let bytes = std::fs::read(&path).unwrap();
    assert!(bytes.windows(9).any(|part| part == "für alle".as_bytes()));
}

#[test]
fn an_edit_for_few_in_a_document_for_all_is_shown_with_its_key_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("faction.db");
    let (mut chair, mut relay) = founded_at(&path);
    let item = chair.recommends(&[Edit::Text(TextPart::Recommendation, "Ja".to_owned())]);
    let edit = [Edit::Text(TextPart::Arguments, "geheim".to_owned())];
    chair
        .space
        .edit(item, &edit, &committee(), &committee_keys, NOW_MS)
        .unwrap();
    chair.sync(&mut relay);
    while chair.space.read_ahead(10).unwrap() {}
    assert_eq!(count(&path, "reading"), 0);
    for _ in 0..2 {
        let open = chair.space.document(item, &committee_keys).unwrap();
        assert_eq!(open.texts[&TextPart::Arguments], "geheim");
        let shut = chair.space.document(item, &no_keys).unwrap();
        assert!(!shut.texts.contains_key(&TextPart::Arguments));
        assert_eq!(shut.texts[&TextPart::Recommendation], "Ja");
    }
}

#[test]
fn whether_the_layer_is_shown_is_kept_for_each_space() {
    let store = store_in_memory();
    let names = ["Fraktion", "Zählgemeinschaft"];
    let [one, other] = names.map(|name| {
        let founded = store.found(COUNCIL, name, "Erika", "Tablet", NOW_MS);
        founded.unwrap().space
    });
    assert!(one.is_layer_shown().unwrap() && other.is_layer_shown().unwrap());
    one.show_layer(false).unwrap();
    let faction = one.faction();
    drop(one);
    let one = store.space(faction).unwrap();
    assert!(!one.is_layer_shown().unwrap());
    assert!(other.is_layer_shown().unwrap());
    one.show_layer(true).unwrap();
    assert!(one.is_layer_shown().unwrap());
}
