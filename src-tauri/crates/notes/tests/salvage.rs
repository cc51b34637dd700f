//! A damaged private database is reported, kept, and gives back every note whose pages still open.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests"
)]

mod common;

use common::{KEY, new_vault, note, passphrase};
use notes::{NoteStore, Salvaged};
use std::fs;
use std::sync::Arc;
use vault::{DbError, Vault};

#[test]
fn notes_come_back_from_a_damaged_database() {
    let (folder, vault) = new_vault();
    let store = NoteStore::open(Arc::clone(&vault)).unwrap();
    let texts: Vec<String> = (0..200)
        .map(|n| format!("Notiz {n} {}", "Wort ".repeat(100)))
        .collect();
    for (text, now_ms) in texts.iter().zip(1..) {
        store.mark_create(&note(text), now_ms).unwrap();
    }
    drop((store, vault));
    let path = folder.path().join("private.db");
    let mut bytes = fs::read(&path).unwrap();
    let page_count = bytes.len() / 4096;
    // Pages in the last third hold texts.
    for page in [page_count - 10, page_count - 20, page_count - 30] {
        bytes[page * 4096 + 100] ^= 1;
    }
    fs::write(&path, &bytes).unwrap();

    let vault = Arc::new(Vault::unlock(folder.path(), &passphrase()).unwrap());
    let Err(DbError::DamagedMovedAside { path: aside }) = NoteStore::open(Arc::clone(&vault))
    else {
        panic!("the damage must be reported")
    };
    assert_eq!(vault.moved_aside().unwrap(), std::slice::from_ref(&aside));
    let store = NoteStore::open(Arc::clone(&vault)).unwrap();
    assert!(store.list_all().unwrap().is_empty());

    let salvaged = store.salvage(&aside).unwrap();
    assert!(
        salvaged.brought_back > 150,
        "{salvaged:?}: only the notes on three pages may be missing"
    );
    assert!(
        salvaged.unreadable > 0,
        "{salvaged:?}: the damage must have hit notes, or this test shows nothing"
    );
    assert_eq!(salvaged.brought_back + salvaged.unreadable, 200);
    let back = store.list_all().unwrap();
    assert_eq!(back.len(), salvaged.brought_back);
    assert!(back.iter().all(|mark| {
        texts
            .iter()
            .any(|text| Some(text.as_str()) == mark.body.text())
    }));
    store.mark_delete(back[0].id, 1_000).unwrap();
    store.undo(KEY, 1_001).unwrap().unwrap();

    let again = store.salvage(&aside).unwrap();
    assert_eq!(
        again,
        Salvaged {
            brought_back: 0,
            present: back.len(),
            unreadable: salvaged.unreadable
        }
    );
    assert_eq!(
        fs::read(&aside).unwrap(),
        bytes,
        "the damaged file stays byte for byte"
    );
    assert_eq!(
        vault.moved_aside().unwrap(),
        [aside],
        "and the copy it was read through is gone"
    );
}
