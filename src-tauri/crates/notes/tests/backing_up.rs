//! A thousand marks go into a backup and come back on another tablet as they were; a sealed quotation stays sealed until its key
//! is granted there.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests"
)]

mod common;

use common::{AUDIENCE, COUNCIL, file_anchor, ink, new_vault, note, quote};
use notes::{Anchor, MarkDraft, NoteStore};
use std::sync::Arc;
use sync_protocol::class_key::{ClassKey, KeyEpoch};
use vault::{BackupFacts, RecoveryCode};

#[test]
fn a_thousand_marks_are_equal_after_the_way_through_a_backup() {
    let (_one, vault) = new_vault();
    let key = || ClassKey::from_bytes([9; 32]);
    let epoch = KeyEpoch(1);
    vault
        .keyring()
        .put_class_keys(COUNCIL, &[(AUDIENCE, epoch, key())])
        .unwrap();
    let store = NoteStore::open(Arc::clone(&vault)).unwrap();
    for n in 0..1_000 {
        let draft = match n % 5 {
            0 => ink(40),
            1 => MarkDraft {
                anchor: Anchor {
                    quote: Some(quote("nichtöffentlicher Satz")),
                    sealed_class: Some(AUDIENCE),
                    ..file_anchor(n % 7)
                },
                ..note(&format!("zu N {n}"))
            },
            _ => note(&format!("Notiz {n}")),
        };
        store.mark_create(&draft, i64::from(n) + 1).unwrap();
    }
    let before = store.list_all().unwrap();
    assert_eq!(before.len(), 1_000);
    let count = store.count_newer(990).unwrap();
    assert_eq!((count.all, count.newer), (1_000, 10));
    assert_eq!(count.first_newer_at_ms, Some(991));

    let code = RecoveryCode::make().unwrap();
    let facts = BackupFacts {
        made_at_ms: 2_000,
        notes: count.all,
    };
    let mut bytes = Vec::new();
    vault.write_backup(&mut bytes, &code, facts).unwrap();

    let (_two, other) = new_vault();
    let fresh = NoteStore::open(Arc::clone(&other)).unwrap();
    assert!(fresh.count_newer(0).unwrap().is_untouched);
    drop(fresh);
    let read = other
        .read_backup(&bytes[..], &code, NoteStore::known_schema())
        .unwrap();
    other.put_backup(&read).unwrap();
    let restored = NoteStore::open(Arc::clone(&other)).unwrap();
    let locked = restored.list_all().unwrap();
    assert_eq!(locked.len(), 1_000);
    for (mark, was) in locked.iter().zip(&before) {
        assert_eq!(mark.body, was.body, "one's own words are all there");
    }
    assert_ne!(locked, before, "the quotations wait for their key");
    other
        .keyring()
        .put_class_keys(COUNCIL, &[(AUDIENCE, epoch, key())])
        .unwrap();
    drop(restored);
    let granted = NoteStore::open(other).unwrap();
    assert_eq!(granted.list_all().unwrap(), before);
}
