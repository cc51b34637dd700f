//! A protected file: the password is asked for once, a wrong one is said to be wrong, the right one is kept.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests fail by panicking"
)]

mod common;
#[allow(dead_code, reason = "one of its two files is used here")]
#[path = "../../reader/tests/common/locked.rs"]
mod locked;

use std::path::{Path, PathBuf};

use common::{PASSPHRASE, Town, rows};
use desk::ErrorCode;
use serde_json::json;

fn pdf_below(folder: &Path, name: &str) -> Option<PathBuf> {
    std::fs::read_dir(folder).unwrap().find_map(|entry| {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => pdf_below(&path, name),
            false => path.ends_with(name).then_some(path),
        }
    })
}

#[test]
fn a_protected_file_asks_once() {
    let town = Town::paired();
    let intake = town.dir.path().join("intake");
    let paper = pdf_below(&intake, "2026-184/Beschlussvorlage-2026-184.pdf")
        .expect("the paper is in the intake");
    std::fs::write(&paper, locked::bytes(locked::WITH_USER_PASSWORD)).unwrap();
    town.server.import_folder(&intake).unwrap();
    town.sync_well();
    let meeting = town.meeting();
    let row = rows(&meeting["publicItems"])
        .iter()
        .find(|row| row["paperReference"] == "2026/184")
        .expect("the development plan is on the agenda");
    let item = town.ask("agenda_item_open", json!({"id": row["id"]}));
    let main = rows(&item["files"])
        .iter()
        .find(|file| file["kind"] == "main")
        .unwrap();
    let open = || town.call("document_open", json!({"fileId": main["id"]}));
    let unlock = |password: &str| {
        town.call(
            "document_unlock",
            json!({"fileId": main["id"], "password": password}),
        )
    };
    assert_eq!(open().unwrap_err().code, ErrorCode::DocumentPassword);
    let wrong = unlock("falsch").unwrap_err();
    assert_eq!(wrong.code, ErrorCode::WrongDocumentPassword);
    assert!(!wrong.message.contains("falsch"));
    assert_eq!(
        open().unwrap_err().code,
        ErrorCode::DocumentPassword,
        "a wrong one is not kept"
    );
    unlock("user").unwrap();
    let opened = open().unwrap();
    let flow = town.ask("page_flow", json!({"doc": opened["doc"], "page": 0}));
    assert_eq!(flow["content"], "empty");

    town.ask("vault_lock", json!({}));
    town.ask("vault_unlock", json!({"passphrase": PASSPHRASE}));
    open().expect("the password was kept");
}
