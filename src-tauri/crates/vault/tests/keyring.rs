//! Stories of the keyring: what is put in is there after the next unlocking, what is deleted is gone for good.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests"
)]

mod common;

use common::{new_vault, passphrase, record};
use std::fs;
use sync_protocol::class_key::{ClassKey, KeyEpoch};
use sync_protocol::head::HighWater;
use sync_protocol::ids::{AudienceId, CouncilId};
use vault::{DbError, EndedAudience, KeyringError, QuoteError, Vault, make_device_keys};

const COUNCIL: CouncilId = CouncilId::from_bytes([1; 16]);
const OTHER_COUNCIL: CouncilId = CouncilId::from_bytes([2; 16]);
const AUDIENCE: AudienceId = AudienceId::from_bytes([5; 16]);

fn key(n: u8) -> ClassKey {
    ClassKey::from_bytes([n; 32])
}

#[test]
fn everything_is_there_after_the_next_unlocking() {
    let (folder, vault, _) = new_vault();
    let keys = make_device_keys().unwrap();
    let keyring = vault.keyring();
    keyring.add_council(record(COUNCIL), &keys).unwrap();
    keyring
        .put_class_keys(
            COUNCIL,
            &[
                (AUDIENCE, KeyEpoch(4), key(4)),
                (AUDIENCE, KeyEpoch(2), key(2)),
            ],
        )
        .unwrap();
    keyring
        .update_council(COUNCIL, |record| {
            record.confirmed = true;
            record.last_sync_at_ms = Some(77);
            record.head_high_water = HighWater {
                counter: 12,
                ..record.head_high_water.clone()
            };
            record.ended_audiences.push(EndedAudience {
                audience: AUDIENCE,
                ended_at_ms: 5,
            });
            record.council = OTHER_COUNCIL;
        })
        .unwrap();
    let before = keyring.councils();
    vault.lock();

    let vault = Vault::unlock(folder.path(), &passphrase()).unwrap();
    let keyring = vault.keyring();
    assert_eq!(keyring.councils(), before);
    let council = keyring.council(COUNCIL).unwrap();
    assert!(council.confirmed, "and the id did not change");
    assert_eq!(
        (council.head_high_water.counter, council.last_sync_at_ms),
        (12, Some(77))
    );
    assert_eq!(
        keyring.device_signing_key(COUNCIL).unwrap(),
        keys.signing_key
    );
    assert_eq!(keyring.device_box_key(COUNCIL).unwrap(), keys.box_key);
    assert_eq!(
        keyring.class_key(COUNCIL, AUDIENCE, KeyEpoch(2)).unwrap(),
        key(2)
    );
    assert_eq!(
        keyring.newest_class_key(COUNCIL, AUDIENCE).unwrap(),
        (KeyEpoch(4), key(4))
    );
    assert_eq!(
        keyring.epochs(COUNCIL, AUDIENCE),
        [KeyEpoch(2), KeyEpoch(4)]
    );
    assert_eq!(
        keyring.storage_epoch(COUNCIL, AUDIENCE),
        Some(KeyEpoch(4)),
        "the first received, not the lowest"
    );
    assert_eq!(keyring.audiences(COUNCIL), [AUDIENCE]);
    assert!(
        keyring
            .class_key(OTHER_COUNCIL, AUDIENCE, KeyEpoch(2))
            .is_none()
    );
}

#[test]
fn refusals_have_names_and_change_nothing() {
    let (_folder, vault, _) = new_vault();
    let keyring = vault.keyring();
    let keys = make_device_keys().unwrap();
    keyring.add_council(record(COUNCIL), &keys).unwrap();
    assert!(matches!(
        keyring.add_council(record(COUNCIL), &keys),
        Err(KeyringError::CouncilExists)
    ));
    assert!(matches!(
        keyring.update_council(OTHER_COUNCIL, |_| ()),
        Err(KeyringError::NoSuchCouncil)
    ));
    keyring
        .put_class_keys(COUNCIL, &[(AUDIENCE, KeyEpoch(1), key(1))])
        .unwrap();
    keyring
        .put_class_keys(COUNCIL, &[(AUDIENCE, KeyEpoch(1), key(9))])
        .unwrap();
    assert_eq!(
        keyring.class_key(COUNCIL, AUDIENCE, KeyEpoch(1)).unwrap(),
        key(1),
        "a held key is not replaced"
    );
}

#[test]
fn a_change_that_cannot_be_written_does_not_count() {
    let (folder, vault, _) = new_vault();
    let keyring = vault.keyring();
    keyring
        .put_class_keys(COUNCIL, &[(AUDIENCE, KeyEpoch(1), key(1))])
        .unwrap();
    // Something in the way of the temporary neighbour: the write fails before the rename.
    fs::create_dir(folder.path().join("keyring.new")).unwrap();
    assert!(matches!(
        keyring.delete_audience_keys(COUNCIL, AUDIENCE),
        Err(KeyringError::Io(_))
    ));
    assert!(
        keyring.class_key(COUNCIL, AUDIENCE, KeyEpoch(1)).is_some(),
        "still held, as on disk"
    );
    fs::remove_dir(folder.path().join("keyring.new")).unwrap();
    vault.lock();
    let vault = Vault::unlock(folder.path(), &passphrase()).unwrap();
    assert!(
        vault
            .keyring()
            .class_key(COUNCIL, AUDIENCE, KeyEpoch(1))
            .is_some()
    );
}

// Shows: O.Arch_3
#[test]
fn a_forgotten_audience_is_gone_and_a_new_grant_brings_quotations_back() {
    let (folder, vault, _) = new_vault();
    let grant = [(AUDIENCE, KeyEpoch(1), key(1))];
    assert!(matches!(
        vault.open_closed_db(COUNCIL, AUDIENCE),
        Err(DbError::NoKey)
    ));
    assert_eq!(
        vault.seal_quote(COUNCIL, AUDIENCE, b"words").unwrap_err(),
        QuoteError::QuoteLocked
    );

    vault.keyring().put_class_keys(COUNCIL, &grant).unwrap();
    vault
        .open_closed_db(COUNCIL, AUDIENCE)
        .unwrap()
        .execute_batch("CREATE TABLE t(a)")
        .unwrap();
    assert_eq!(vault.closed_audiences(COUNCIL).unwrap(), [AUDIENCE]);
    let sealed = vault.seal_quote(COUNCIL, AUDIENCE, b"words").unwrap();
    assert_eq!(
        vault
            .open_quote(COUNCIL, AUDIENCE, &sealed)
            .unwrap()
            .as_slice(),
        b"words"
    );

    // A newer epoch changes neither the database's key nor what is sealed.
    vault
        .keyring()
        .put_class_keys(COUNCIL, &[(AUDIENCE, KeyEpoch(2), key(2))])
        .unwrap();
    assert!(
        vault
            .open_closed_db(COUNCIL, AUDIENCE)
            .unwrap()
            .prepare("SELECT a FROM t")
            .is_ok()
    );
    assert_eq!(
        vault
            .open_quote(COUNCIL, AUDIENCE, &sealed)
            .unwrap()
            .as_slice(),
        b"words"
    );

    vault.forget_audience(COUNCIL, AUDIENCE).unwrap();
    vault.forget_audience(COUNCIL, AUDIENCE).unwrap();
    assert!(vault.closed_audiences(COUNCIL).unwrap().is_empty());
    assert!(matches!(
        vault.open_closed_db(COUNCIL, AUDIENCE),
        Err(DbError::NoKey)
    ));
    assert_eq!(
        vault.open_quote(COUNCIL, AUDIENCE, &sealed).unwrap_err(),
        QuoteError::QuoteLocked
    );
    vault.lock();
    let vault = Vault::unlock(folder.path(), &passphrase()).unwrap();
    assert_eq!(
        vault.open_quote(COUNCIL, AUDIENCE, &sealed).unwrap_err(),
        QuoteError::QuoteLocked,
        "also on disk"
    );

    vault.keyring().put_class_keys(COUNCIL, &grant).unwrap();
    assert_eq!(
        vault
            .open_quote(COUNCIL, AUDIENCE, &sealed)
            .unwrap()
            .as_slice(),
        b"words"
    );
}

#[test]
fn a_quotation_opens_in_its_own_place_only() {
    let (_folder, vault, _) = new_vault();
    let other = AudienceId::from_bytes([6; 16]);
    // The same key in two places: the place alone must tell them apart.
    for (council, audience) in [
        (COUNCIL, AUDIENCE),
        (COUNCIL, other),
        (OTHER_COUNCIL, AUDIENCE),
    ] {
        vault
            .keyring()
            .put_class_keys(
                council,
                &[
                    (audience, KeyEpoch(1), key(1)),
                    (audience, KeyEpoch(2), key(1)),
                ],
            )
            .unwrap();
    }
    let sealed = vault.seal_quote(COUNCIL, AUDIENCE, b"words").unwrap();
    assert_eq!(
        vault.open_quote(COUNCIL, other, &sealed).unwrap_err(),
        QuoteError::Damaged
    );
    assert_eq!(
        vault
            .open_quote(OTHER_COUNCIL, AUDIENCE, &sealed)
            .unwrap_err(),
        QuoteError::Damaged
    );
    for at in 0..sealed.len() {
        let mut changed = sealed.clone();
        changed[at] ^= 3;
        assert!(
            vault.open_quote(COUNCIL, AUDIENCE, &changed).is_err(),
            "byte {at}"
        );
        assert!(
            vault.open_quote(COUNCIL, AUDIENCE, &sealed[..at]).is_err(),
            "cut at {at}"
        );
    }
}

// Shows: O.Data_17
#[test]
fn a_removed_council_leaves_no_key() {
    let (_folder, vault, _) = new_vault();
    let keyring = vault.keyring();
    for council in [COUNCIL, OTHER_COUNCIL] {
        keyring
            .add_council(record(council), &make_device_keys().unwrap())
            .unwrap();
        keyring
            .put_class_keys(council, &[(AUDIENCE, KeyEpoch(1), key(1))])
            .unwrap();
    }
    keyring.remove_council(COUNCIL).unwrap();
    assert!(keyring.council(COUNCIL).is_none() && keyring.device_signing_key(COUNCIL).is_none());
    assert!(keyring.audiences(COUNCIL).is_empty());
    assert_eq!(keyring.audiences(OTHER_COUNCIL), [AUDIENCE]);
}

#[test]
fn changes_from_many_threads_are_all_kept() {
    let (folder, vault, _) = new_vault();
    std::thread::scope(|scope| {
        for n in 0..4u32 {
            let keyring = vault.keyring();
            scope.spawn(move || {
                for m in 0..5 {
                    keyring
                        .put_class_keys(COUNCIL, &[(AUDIENCE, KeyEpoch(n * 10 + m), key(1))])
                        .unwrap();
                }
            });
        }
    });
    vault.lock();
    let vault = Vault::unlock(folder.path(), &passphrase()).unwrap();
    assert_eq!(vault.keyring().epochs(COUNCIL, AUDIENCE).len(), 20);
}

#[test]
fn the_index_over_an_audience_is_forgotten_with_it() {
    let (folder, vault, _) = new_vault();
    assert!(matches!(
        vault.open_closed_search_db(COUNCIL, AUDIENCE),
        Err(DbError::NoKey)
    ));
    vault
        .keyring()
        .put_class_keys(COUNCIL, &[(AUDIENCE, KeyEpoch(1), key(1))])
        .unwrap();
    vault.open_closed_db(COUNCIL, AUDIENCE).unwrap();
    vault.open_search_db(COUNCIL).unwrap();
    let index = vault.open_closed_search_db(COUNCIL, AUDIENCE).unwrap();
    // Left as after a crash: the log and its index lie beside the file.
    index.execute_batch("CREATE TABLE t(a)").unwrap();
    std::mem::forget(index);
    assert_eq!(
        vault.closed_audiences(COUNCIL).unwrap(),
        [AUDIENCE],
        "an index is no audience"
    );
    let closed = folder.path().join(format!("councils/{COUNCIL}/closed"));
    assert!(std::fs::read_dir(&closed).unwrap().count() >= 4);
    vault.forget_audience(COUNCIL, AUDIENCE).unwrap();
    assert_eq!(
        std::fs::read_dir(&closed).unwrap().count(),
        0,
        "neither database nor index nor their logs"
    );
    let public = folder.path().join(format!("councils/{COUNCIL}/search.db"));
    assert!(public.exists(), "the public index stays");
    vault.delete_council_db(COUNCIL).unwrap();
    assert!(!public.exists());
}

#[test]
fn a_damaged_index_is_begun_anew_and_costs_no_cache() {
    let (folder, vault, _) = new_vault();
    vault
        .open_search_db(COUNCIL)
        .unwrap()
        .execute_batch("CREATE TABLE t(a)")
        .unwrap();
    vault.lock();
    let path = folder.path().join(format!("councils/{COUNCIL}/search.db"));
    let mut bytes = std::fs::read(&path).unwrap();
    bytes[40] ^= 1;
    std::fs::write(&path, bytes).unwrap();
    let vault = Vault::unlock(folder.path(), &passphrase()).unwrap();
    let index = vault.open_search_db(COUNCIL).unwrap();
    assert!(index.prepare("SELECT a FROM t").is_err(), "begun anew");
    assert!(
        vault.take_rebuilt().is_empty(),
        "nothing has to be fetched from the server"
    );
}
