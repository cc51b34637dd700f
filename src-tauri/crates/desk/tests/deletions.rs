//! What was deleted because access was over is told: whose, when, why; once by itself, and again whenever one looks.
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

use common::{PASSPHRASE, Town, rows};
use serde_json::json;

#[test]
fn what_was_deleted_is_told_once_and_stays_listed() {
    let town = Town::paired();
    town.sync_well();
    let before = town.ask("deletions", json!({}));
    assert_eq!(before, json!({"deletions": [], "unseen": 0}));

    let device = town.server.devices().unwrap().remove(0).id;
    town.server.revoke(&device).unwrap();
    town.sync();
    let told = town.ask("deletions", json!({}));
    let list = rows(&told["deletions"]);
    assert!(!list.is_empty(), "nonpublic papers were here");
    assert_eq!(told["unseen"].as_u64(), Some(list.len() as u64));
    let (name, now_ms) = (
        town.council()["name"].clone(),
        town.now_ms.load(std::sync::atomic::Ordering::Relaxed),
    );
    for row in list {
        assert_eq!(row["councilName"], name);
        assert_eq!(row["reason"], "revoked");
        assert_eq!(row["atMs"], now_ms);
        assert_eq!(row["unseen"], true);
    }
    let mut committees: Vec<&str> = list
        .iter()
        .filter_map(|row| row["organization"].as_str())
        .collect();
    committees.sort_unstable();
    assert_eq!(
        committees,
        [
            "Ausschuss für Stadtentwicklung, Bauen und Umwelt",
            "Stadtrat"
        ],
        "whose they were is read before they go"
    );

    town.ask("deletions_seen", json!({}));
    town.ask("vault_lock", json!({}));
    town.ask("vault_unlock", json!({"passphrase": PASSPHRASE}));
    let later = town.ask("deletions", json!({}));
    assert_eq!(later["unseen"], 0, "told once");
    assert_eq!(rows(&later["deletions"]).len(), list.len(), "and listed on");
}
