//! A backup of one's own notes, from the tablet that has them to a new one.
//!
//! Needs PDFium and typst: `cargo xtask setup`.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests fail by panicking"
)]

mod common;

use std::fs;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use common::{PASSPHRASE, Town, rows};
use desk::{Desk, DeskConfig, ErrorCode};
use serde_json::{Value, json};

const DAY_MS: i64 = 24 * 3_600_000;

fn note(town: &Town, text: &str) -> Value {
    town.wait_a_minute();
    let listed = town.ask("meetings_list", json!({}));
    let target = json!({"kind": "meeting", "id": rows(&listed["upcoming"])[0]["id"]});
    town.ask(
        "mark_create",
        json!({"mark": {"kind": "note", "target": target, "rects": [], "text": text}}),
    )
}

// Shows: MASVS-PRIVACY-4
#[test]
fn notes_come_back_on_a_new_tablet_and_take_nobodys_place_silently() {
    let town = Town::paired();
    town.sync();
    let state = || town.ask("backup_state", json!({}));
    assert_eq!(
        (&state()["due"], &state()["untouched"]),
        (&json!(false), &json!(true))
    );
    note(&town, "Wer zahlt den Gehweg?");
    let removed = note(&town, "Das soll niemand mehr lesen");
    town.ask("mark_delete", json!({"id": removed["id"]}));
    assert_eq!(state()["due"], false, "a new note is no hurry");
    town.now_ms.fetch_add(31 * DAY_MS, Ordering::Relaxed);
    assert_eq!(state()["due"], true);
    town.ask("backup_later", json!({}));
    assert_eq!(state()["due"], false);
    let made = town.ask("backup_make", json!({}));
    assert_eq!(state()["newer"], 0);
    let again = town.ask("backup_make", json!({}));
    assert_eq!(made["code"], again["code"], "one code to keep");
    assert_ne!(made["path"], again["path"], "nothing is written over");
    let path = made["path"].as_str().unwrap();
    let bytes = fs::read(path).unwrap();
    assert!(!bytes.windows(6).any(|part| part == b"Gehweg"));

    let new = tempfile::tempdir().unwrap();
    let desk = Desk::new(DeskConfig {
        data_dir: new.path().join("data"),
        pdfium: common::pdfium(),
        pdf_helper: common::pdf_helper(),
        export_dir: new.path().join("downloads"),
        clock: Arc::new(|| 1_800_000_000_000),
        locale: None,
        key_store: None,
        open_address: desk::opens_nothing(),
    })
    .unwrap();
    let call = |name: &str, request: Value| desk.call(name, request).map_err(|error| error.code);
    call("vault_create", json!({"passphrase": PASSPHRASE})).unwrap();
    assert_eq!(call("backup_list", json!({})).unwrap()["files"], json!([]));
    fs::create_dir_all(new.path().join("downloads")).unwrap();
    let put = |name: &str, bytes: &[u8]| {
        fs::write(new.path().join("downloads").join(name), bytes).unwrap()
    };
    put("Sicherung.age", &bytes);
    put("halb.age", &bytes[..bytes.len() / 2]);
    put("fremd.age", b"not ours");
    put("Rede.pdf", b"%PDF");
    assert_eq!(
        rows(&call("backup_list", json!({})).unwrap()["files"]).len(),
        3
    );
    let restore = |name: &str, code: &Value, replace: bool| {
        call(
            "backup_restore",
            json!({"name": name, "code": code, "replace": replace}),
        )
    };
    let code = &made["code"];
    let wrong = json!("0000-0000");
    for (name, code, refusal) in [
        ("halb.age", code, ErrorCode::BackupDamaged),
        ("fremd.age", code, ErrorCode::BackupForeign),
        ("Sicherung.age", &wrong, ErrorCode::BackupWrongCode),
        ("../data/private.db", code, ErrorCode::NotFound),
    ] {
        assert_eq!(restore(name, code, false).unwrap_err(), refusal, "{name}");
    }
    let restored = restore("Sicherung.age", code, false).unwrap();
    assert_eq!(restored["notes"], 1);
    let state = call("backup_state", json!({})).unwrap();
    assert_eq!(state["untouched"], false, "the notes are there");
    assert_eq!(
        restore("Sicherung.age", code, false).unwrap_err(),
        ErrorCode::BackupNotEmpty
    );
    restore("Sicherung.age", code, true).unwrap();
    let is_kept = fs::read_dir(new.path().join("data")).unwrap().any(|entry| {
        let name = entry.unwrap().file_name();
        name.to_string_lossy().starts_with("private.db.replaced-")
    });
    assert!(is_kept, "what was there before is kept");
    call("vault_lock", json!({})).unwrap();
    call("vault_unlock", json!({"passphrase": PASSPHRASE})).unwrap();
    assert_eq!(
        call("backup_make", json!({})).unwrap()["code"],
        *code,
        "it goes on with its code"
    );
}
