//! `faction.db` on the disk: unreadable there, whole after the app was closed, kept when it is damaged.
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
use vault::{DbError, KdfCost, Passphrase, Vault};

const CANARY: &str = "Kanarienvogel im Ratssaal";

fn passphrase() -> Passphrase {
    Passphrase::new("apfel birne kirsche traube melone")
}

fn new_vault(folder: &Path) -> Arc<Vault> {
    let made = Vault::create_with(folder, &passphrase(), KdfCost::for_tests());
    Arc::new(made.unwrap().0)
}

/// Files of the folder that hold the words as they are.
fn holding(folder: &Path, words: &str) -> Vec<std::path::PathBuf> {
    let files = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    files
        .filter(|path| path.is_file())
        .filter(|path| {
            let bytes = std::fs::read(path).unwrap();
            bytes
                .windows(words.len())
                .any(|part| part == words.as_bytes())
        })
        .collect()
}

#[test]
fn what_waits_survives_the_end_of_the_app_and_is_readable_nowhere() {
    let folder = tempfile::tempdir().unwrap();
    let vault = new_vault(folder.path());
    let store = FactionStore::open(&vault).unwrap();
    let founded = store
        .found(COUNCIL, CANARY, CANARY, CANARY, NOW_MS)
        .unwrap();
    let mut relay = Relay::new(&founded);
    let faction = founded.space.faction();
    let mut tablet = Tablet::over(store, founded.space);
    let item = tablet.writes(CANARY);
    // Sealed and sent; the answer gets lost, and the app ends.
    let upload = tablet.space.next_upload().unwrap().unwrap();
    assert_eq!(relay.post(&upload.envelope), Answer::Taken);
    drop(tablet);
    drop(vault);

    let vault = Arc::new(Vault::unlock(folder.path(), &passphrase()).unwrap());
    let store = FactionStore::open(&vault).unwrap();
    assert_eq!(store.spaces().unwrap().len(), 1);
    let space = store.space(faction).unwrap();
    assert!(!space.is_created().unwrap());
    let mut tablet = Tablet::over(store, space);
    assert_eq!(tablet.body_of(item).as_deref(), Some(CANARY));
    tablet.sync(&mut relay);
    assert_eq!(relay.envelopes.len(), 1, "sent once");
    assert_eq!(tablet.space.waiting_count().unwrap(), 0);
    assert_eq!(tablet.body_of(item).as_deref(), Some(CANARY));
    drop(tablet);
    assert_eq!(
        holding(folder.path(), CANARY),
        Vec::<std::path::PathBuf>::new()
    );
    std::fs::write(folder.path().join("planted"), CANARY).unwrap();
    assert_eq!(holding(folder.path(), CANARY).len(), 1, "the looker sees");
    for envelope in &relay.envelopes {
        let bytes = envelope.as_bytes();
        assert!(
            !bytes
                .windows(CANARY.len())
                .any(|part| part == CANARY.as_bytes())
        );
    }
    for link in &relay.links {
        let bytes = link.as_bytes();
        assert!(
            !bytes
                .windows(CANARY.len())
                .any(|part| part == CANARY.as_bytes())
        );
    }
}

#[test]
fn a_damaged_file_is_moved_aside_and_never_deleted() {
    let folder = tempfile::tempdir().unwrap();
    let vault = new_vault(folder.path());
    let store = FactionStore::open(&vault).unwrap();
    store
        .found(COUNCIL, "Fraktion", "Erika", "Tablet", NOW_MS)
        .unwrap();
    drop(store);
    drop(vault);
    let path = folder.path().join("faction.db");
    let mut bytes = std::fs::read(&path).unwrap();
    let at = bytes.len() / 2;
    bytes[at] ^= 1;
    std::fs::write(&path, &bytes).unwrap();
    let vault = Arc::new(Vault::unlock(folder.path(), &passphrase()).unwrap());
    let Err(DbError::DamagedMovedAside { path: aside }) = FactionStore::open(&vault) else {
        panic!("damage must be told");
    };
    assert_eq!(std::fs::read(aside).unwrap(), bytes, "every byte is kept");
    let anew = FactionStore::open(&vault).unwrap();
    assert!(anew.spaces().unwrap().is_empty());
}
