//! Passwords of protected files: kept for the next time, and out of reach once access has ended.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use std::sync::Arc;

use common::{AUDIENCE, BLOB, COUNCIL, new_vault, passphrase};
use notes::{BlobId, NoteStore};
use sync_protocol::class_key::{ClassKey, KeyEpoch};
use vault::Vault;

const OTHER: BlobId = BlobId::from_bytes([9; 32]);

#[test]
fn passwords_stay_until_they_are_replaced_or_forgotten() {
    let (folder, vault) = new_vault();
    let store = NoteStore::open(vault).unwrap();
    assert!(store.password(COUNCIL, BLOB).unwrap().is_none());
    store
        .password_set(COUNCIL, BLOB, None, "Müller-Straße 7")
        .unwrap();
    store.password_set(COUNCIL, OTHER, None, "anders").unwrap();
    drop(store);
    let vault = Arc::new(Vault::unlock(folder.path(), &passphrase()).unwrap());
    let store = NoteStore::open(vault).unwrap();
    let kept = |blob| store.password(COUNCIL, blob).unwrap();
    assert_eq!(
        kept(BLOB).as_deref().map(String::as_str),
        Some("Müller-Straße 7")
    );
    store.password_set(COUNCIL, BLOB, None, "neu").unwrap();
    assert_eq!(kept(BLOB).as_deref().map(String::as_str), Some("neu"));
    store.password_forget(COUNCIL, BLOB).unwrap();
    assert!(kept(BLOB).is_none());
    assert!(kept(OTHER).is_some());
}

#[test]
fn the_password_of_a_nonpublic_file_goes_with_the_key_of_its_audience() {
    let (_folder, vault) = new_vault();
    let store = NoteStore::open(Arc::clone(&vault)).unwrap();
    let locked = store.password_set(COUNCIL, BLOB, Some(AUDIENCE), "geheim");
    assert!(locked.is_err(), "without a key nothing is kept");
    assert!(store.password(COUNCIL, BLOB).unwrap().is_none());
    let grant = [(AUDIENCE, KeyEpoch(1), ClassKey::from_bytes([5; 32]))];
    vault.keyring().put_class_keys(COUNCIL, &grant).unwrap();
    store
        .password_set(COUNCIL, BLOB, Some(AUDIENCE), "geheim")
        .unwrap();
    let kept = store.password(COUNCIL, BLOB).unwrap();
    assert_eq!(kept.as_deref().map(String::as_str), Some("geheim"));
    vault.forget_audience(COUNCIL, AUDIENCE).unwrap();
    assert!(
        store.password(COUNCIL, BLOB).unwrap().is_none(),
        "asked for again"
    );
}
