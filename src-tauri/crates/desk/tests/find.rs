//! Searching in an open file that the index has not read: the same hits, from the pages themselves. One test, as PDFium
//! stays loaded for the process.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests fail by panicking"
)]
#![cfg(unix)]

mod common;

use std::collections::BTreeMap;

use common::{PASSPHRASE, Town, pdfium, rows};
use desk::DeskEvent;
use serde_json::{Value, json};
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;

/// What is typed: other letters than on the page, a part of compounds, a slip, two words, what stands nowhere.
const TYPED: [&str; 6] = [
    "GERBEREI",
    "strasse",
    "gerberie",
    "Bebauungsplan Gerberei",
    "stellplatz -Gerberei",
    "xylophonkonzert",
];

#[test]
fn hits_are_found_before_the_index_has_read_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let late = folder.path().join("libpdfium.so");
    let town = Town::made(|_| {}, late.clone()).pair();
    let events = town.desk.events();
    town.sync_well();
    wait_for_index(&town, events);
    // Without PDFium the index could read no file; from here on there is one.
    std::os::unix::fs::symlink(pdfium(), &late).unwrap();

    let file = paper(&town);
    let doc = town.ask("document_open", json!({"fileId": file}))["doc"].clone();
    let before: Vec<_> = TYPED.map(|typed| searched(&town, &doc, typed)).into();
    assert!(before.iter().all(|(indexed, _)| !indexed));
    for (typed, (_, hits)) in TYPED.iter().zip(&before) {
        assert_eq!(hits.is_empty(), *typed == "xylophonkonzert", "{typed}");
    }

    town.ask("vault_lock", json!({}));
    let events = town.desk.events();
    town.ask("vault_unlock", json!({"passphrase": PASSPHRASE}));
    wait_for_index(&town, events);
    let doc = town.ask("document_open", json!({"fileId": file}))["doc"].clone();
    for (typed, (_, hits)) in TYPED.iter().zip(before) {
        assert_eq!(
            searched(&town, &doc, typed),
            (true, hits),
            "{typed}: the index says the same"
        );
    }
}

/// Pages with hits and how many, as the reader finds them: first as typed, then what may be a slip.
fn searched(town: &Town, doc: &Value, typed: &str) -> (bool, BTreeMap<u64, u64>) {
    let asked = town.ask("document_search", json!({"doc": doc, "text": typed}));
    let mut found = BTreeMap::new();
    for slips in [false, true] {
        let mut left = rows(&asked["pages"]).to_vec();
        while !left.is_empty() {
            let now: Vec<Value> = left.iter().take(64).cloned().collect();
            let answer = town.ask(
                "document_hits",
                json!({"doc": doc, "text": typed, "pages": now, "slips": slips}),
            );
            let counts = rows(&answer["counts"]);
            assert!(!counts.is_empty(), "every answer leads on");
            for (page, count) in now.iter().zip(counts) {
                if count.as_u64() > Some(0) {
                    found.insert(page.as_u64().unwrap(), count.as_u64().unwrap());
                }
            }
            left.drain(..counts.len());
        }
        if !found.is_empty() {
            break;
        }
    }
    (asked["indexed"] == true, found)
}

fn paper(town: &Town) -> Value {
    let meeting = town.meeting();
    let row = rows(&meeting["publicItems"])
        .iter()
        .find(|row| row["paperReference"] == "2026/184")
        .expect("the development plan is on the agenda");
    let item = town.ask("agenda_item_open", json!({"id": row["id"]}));
    rows(&item["files"])
        .iter()
        .find(|file| file["kind"] == "main")
        .expect("the paper has a file")["id"]
        .clone()
}

/// Waits until everything that lies here is in the index, as far as it can be.
///
/// * `events` – from before the run that is waited for; the end of an earlier one may still be among them.
fn wait_for_index(town: &Town, mut events: Receiver<DeskEvent>) {
    while town.ask("index_status", json!({}))["running"] == true {
        let told = events.blocking_recv();
        assert!(
            !matches!(told, Err(RecvError::Closed)),
            "the run tells its end"
        );
    }
}
