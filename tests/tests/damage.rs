//! Files that a failing disk has damaged: what is precious is kept and said, what can be fetched again is fetched again,
//! and wrong content is never shown.

use std::fs;
use std::path::Path;

use serde_json::json;
use stories::app::{App, text};
use stories::tablet::{PASSPHRASE, Tablet};
use stories::town::Town;

const COUNCIL: &str = "18. Sitzung des Stadtrats";
const SALE: &str = "Verkauf Teichgasse";

/// Changes one byte of a file, at this share of its length.
fn damage(path: &Path, share: f64) {
    let mut bytes = fs::read(path).unwrap();
    let place = (bytes.len() as f64 * share) as usize;
    bytes[place] ^= 0x10;
    fs::write(path, bytes).unwrap();
}

#[test]
fn a_file_damaged_on_the_tablet_is_said_to_be_damaged_and_is_fetched_again() {
    let town = Town::small();
    let mut app = App::with_vault(&town);
    app.join(&town, "ada");
    let file = text(&app.item(COUNCIL, SALE)["files"][0]["id"]);
    let blobs: Vec<_> = stories::tablet::bytes_below(app.folder())
        .into_keys()
        .filter(|path| path.components().any(|part| part.as_os_str() == "blobs"))
        .collect();
    assert!(!blobs.is_empty());
    for blob in &blobs {
        damage(blob, 0.5);
    }
    assert_eq!(
        app.refused("document_open", json!({"fileId": file})),
        "document_damaged"
    );

    app.sync().unwrap();
    let opened = app.ask("document_open", json!({"fileId": file}));
    let words = app.ask("page_text", json!({"doc": opened["doc"], "page": 0}));
    assert!(
        text(&words["chars"]).contains("GEHEIM-Teichgasse"),
        "the next synchronisation has brought it again"
    );
}

#[test]
fn a_damaged_cache_is_begun_anew_and_the_next_sync_fills_it() {
    for (what, damage_it) in [
        ("its first page", (|path| damage(path, 0.0)) as fn(&Path)),
        ("a page in the middle", |path| damage(path, 0.5)),
        ("its last page", |path| damage(path, 0.99)),
        ("all of it", |path| {
            fs::write(path, b"this is no database").unwrap()
        }),
        ("its length", |path| {
            let bytes = fs::read(path).unwrap();
            fs::write(path, &bytes[..bytes.len() / 2]).unwrap();
        }),
    ] {
        let town = Town::small();
        let mut app = App::with_vault(&town);
        app.join(&town, "ada");
        app.call(
            "mark_create",
            json!({"mark": {"kind": "note", "target": {"kind": "meeting", "id": app.meeting(COUNCIL)["id"]}, "rects": [],
                "text": "mein Wort"}}),
        );
        let app = app.restarted(&town);
        damage_it(&app.file(&format!("councils/{}/council.db", app.council)));

        app.call("vault_unlock", json!({"passphrase": PASSPHRASE}));
        app.sync()
            .unwrap_or_else(|code| panic!("{what} of council.db: {code}"));
        assert_eq!(
            app.meeting(COUNCIL)["agendaCount"],
            3,
            "{what}: the agenda is whole"
        );
        let file = text(&app.item(COUNCIL, SALE)["files"][0]["id"]);
        app.call("document_open", json!({"fileId": file}));
        let marks = app.ask("marks_list", json!({"scope": {"kind": "all"}}));
        assert_eq!(
            marks[0]["text"], "mein Wort",
            "{what}: the notes are not touched"
        );
    }
}

#[test]
fn a_damaged_closed_cache_is_begun_anew_too() {
    let town = Town::small();
    for share in [0.0, 0.5, 0.99] {
        let mut app = App::with_vault(&town);
        app.join(&town, "ada");
        let app = app.restarted(&town);
        let closed = app.file(&format!("councils/{}/closed", app.council));
        for entry in fs::read_dir(closed).unwrap() {
            damage(&entry.unwrap().path(), share);
        }
        app.call("vault_unlock", json!({"passphrase": PASSPHRASE}));
        app.sync()
            .unwrap_or_else(|code| panic!("damage at {share}: {code}"));
        let file = text(&app.item(COUNCIL, SALE)["files"][0]["id"]);
        app.call("document_open", json!({"fileId": file}));
    }
}

#[test]
fn damaged_notes_are_moved_aside_byte_for_byte_and_what_can_be_read_comes_back() {
    let town = Town::small();
    let mut app = App::with_vault(&town);
    app.join(&town, "ada");
    let meeting = app.meeting(COUNCIL)["id"].clone();
    let words = |number: usize| format!("Notiz {number}: {}", "Wort ".repeat(200));
    for number in 0..60 {
        let mark = json!({"kind": "note", "target": {"kind": "meeting", "id": meeting}, "rects": [], "text": words(number)});
        app.call("mark_create", json!({"mark": mark}));
    }
    let app = app.restarted(&town);
    damage(&app.file("private.db"), 0.6);
    let damaged = fs::read(app.file("private.db")).unwrap();

    let unlock = json!({"passphrase": PASSPHRASE});
    assert_eq!(
        app.refused("vault_unlock", unlock.clone()),
        "notes_damaged",
        "it is said once"
    );
    let files = fs::read_dir(app.folder())
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let mut aside = files.filter(|path| path.to_string_lossy().contains("private.db.damaged-"));
    let is_kept = aside.any(|path| fs::read(path).unwrap() == damaged);
    assert!(is_kept, "every byte is kept for whoever can repair it");

    app.call("vault_unlock", unlock);
    let marks = app.ask("marks_list", json!({"scope": {"kind": "all"}}));
    let back: Vec<String> = marks
        .as_array()
        .unwrap()
        .iter()
        .map(|mark| text(&mark["text"]))
        .collect();
    assert!(
        back.len() >= 30,
        "one damaged page does not take the others along: {} of 60",
        back.len()
    );
    assert!(
        back.iter()
            .all(|found| (0..60).any(|number| *found == words(number))),
        "what comes back is whole"
    );
    assert_eq!(
        app.meeting(COUNCIL)["agendaCount"],
        3,
        "the council's data is as it was"
    );
}

#[test]
fn a_damaged_keyring_and_damaged_slots_are_named_and_not_taken_for_a_wrong_passphrase() {
    let town = Town::small();
    for name in ["keyring", "slots"] {
        let folder = Tablet::synced(&town, "ada").locked();
        damage(&folder.path().join(name), 0.5);
        let error =
            vault::Vault::unlock(folder.path(), &vault::Passphrase::new(PASSPHRASE)).unwrap_err();
        assert_eq!(error.code(), "vault_damaged", "{name}");
    }
    let folder = Tablet::synced(&town, "ada").locked();
    let error = vault::Vault::unlock(
        folder.path(),
        &vault::Passphrase::new("ganz andere falsche Worte hier"),
    )
    .unwrap_err();
    assert_eq!(error.code(), "wrong_passphrase");
}
