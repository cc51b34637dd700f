//! The PIN: opens with what the key store keeps, and with nothing else; and older files that are found by what it has seen.

#![allow(clippy::unwrap_used, reason = "tests")]

mod common;

use common::*;
use std::fs;
use std::sync::Arc;
use vault::{
    ChangeError, Door, KdfCost, KeyStoreError, KeyStoreInMemory, Passphrase, Pin, SetBack,
    StoreMood, UnlockError, Vault, WeakPin, system_moment,
};

struct Tablet {
    folder: tempfile::TempDir,
    store: Arc<KeyStoreInMemory>,
    door: Door,
}

impl Tablet {
    fn new() -> (Self, Vault) {
        let folder = tempfile::tempdir().unwrap();
        let store = Arc::new(KeyStoreInMemory::default());
        let door = Door::new(folder.path(), Some(Arc::clone(&store) as _));
        let (vault, _) = door
            .create_with(&passphrase(), KdfCost::for_tests())
            .unwrap();
        let tablet = Self {
            folder,
            store,
            door,
        };
        (tablet, vault)
    }

    fn by_pin(&self, pin: &Pin) -> Result<Vault, UnlockError> {
        self.door.unlock_with_pin(pin, system_moment())
    }
}

fn pin() -> Pin {
    Pin::new("731904")
}

#[test]
fn a_pin_opens_with_the_key_store_and_the_passphrase_without_it() {
    let (tablet, vault) = Tablet::new();
    vault.set_pin(&pin()).unwrap();
    vault.lock();
    assert!(tablet.door.pin_state().is_set);
    tablet.by_pin(&pin()).unwrap().lock();
    for mood in [StoreMood::Missing, StoreMood::Locked] {
        tablet.store.be(mood);
        assert!(matches!(
            (mood, tablet.by_pin(&pin())),
            (
                StoreMood::Missing,
                Err(UnlockError::KeyStore(KeyStoreError::Missing))
            ) | (
                StoreMood::Locked,
                Err(UnlockError::KeyStore(KeyStoreError::Locked))
            )
        ));
        tablet
            .door
            .unlock(&passphrase(), system_moment())
            .unwrap()
            .lock();
    }
    let elsewhere = Door::new(
        tablet.folder.path(),
        Some(Arc::<KeyStoreInMemory>::default()),
    );
    assert!(
        matches!(
            elsewhere.unlock_with_pin(&pin(), system_moment()),
            Err(UnlockError::PinLost)
        ),
        "the folder on another device"
    );
    let alone = Door::new(tablet.folder.path(), None);
    assert!(matches!(
        alone.unlock_with_pin(&pin(), system_moment()),
        Err(UnlockError::KeyStore(KeyStoreError::Missing))
    ));
    assert_eq!(
        alone.tries_left(system_moment()).unwrap().left,
        10,
        "nothing was counted"
    );
}

#[test]
fn five_wrong_pins_and_the_passphrase_has_to_come() {
    let (tablet, vault) = Tablet::new();
    vault.set_pin(&pin()).unwrap();
    vault.lock();
    for _ in 0..5 {
        let wrong = tablet.by_pin(&Pin::new("731905")).unwrap_err();
        assert!(matches!(wrong, UnlockError::WrongSecret));
    }
    assert!(matches!(
        tablet.by_pin(&pin()),
        Err(UnlockError::PinRefused)
    ));
}

#[test]
fn a_changed_or_removed_pin_leaves_nothing_in_the_key_store() {
    let (tablet, vault) = Tablet::new();
    let before = tablet.store.names();
    vault.set_pin(&pin()).unwrap();
    let first = tablet.store.names();
    assert_eq!(first.len(), before.len() + 1);
    vault.set_pin(&Pin::new("806135")).unwrap();
    assert_eq!(tablet.store.names().len(), first.len());
    assert_ne!(tablet.store.names(), first, "another secret");
    // The passphrase may change; the PIN stays.
    vault
        .change_passphrase(&Passphrase::new(OTHER_WORDS))
        .unwrap();
    vault.lock();
    assert!(matches!(
        tablet.by_pin(&pin()),
        Err(UnlockError::WrongSecret)
    ));
    let vault = tablet.by_pin(&Pin::new("806135")).unwrap();
    vault.remove_pin().unwrap();
    vault.lock();
    assert_eq!(tablet.store.names(), before);
    assert!(matches!(
        tablet.by_pin(&Pin::new("806135")),
        Err(UnlockError::PinUnset)
    ));
}

#[test]
fn what_cannot_become_a_pin_changes_nothing() {
    let (tablet, vault) = Tablet::new();
    let slots = tablet.folder.path().join("slots");
    let before = fs::read(&slots).unwrap();
    assert!(matches!(
        vault.set_pin(&Pin::new("123456")),
        Err(ChangeError::WeakPin(WeakPin::TooSimple))
    ));
    tablet.store.be(StoreMood::Locked);
    assert!(matches!(
        vault.set_pin(&pin()),
        Err(ChangeError::KeyStore(KeyStoreError::Locked))
    ));
    assert_eq!(fs::read(&slots).unwrap(), before);
}

/// A key store that is gone for good must not keep a PIN in the slots.
#[test]
fn a_pin_goes_from_the_slots_without_the_key_store_and_says_what_is_left() {
    let (tablet, vault) = Tablet::new();
    vault.set_pin(&pin()).unwrap();
    tablet.store.be(StoreMood::Missing);
    assert!(matches!(
        vault.remove_pin(),
        Err(ChangeError::KeyStore(KeyStoreError::Missing))
    ));
    assert!(!tablet.door.pin_state().is_set);
}

#[test]
fn a_vault_of_before_gets_its_name_in_the_key_store_when_it_is_opened() {
    let folder = tempfile::tempdir().unwrap();
    let frozen = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../notes/tests/frozen/v1");
    for name in ["slots", "keyring"] {
        fs::copy(frozen.join(name), folder.path().join(name)).unwrap();
    }
    let store = Arc::new(KeyStoreInMemory::default());
    let door = Door::new(folder.path(), Some(Arc::clone(&store) as _));
    let code = vault::RecoveryCode::parse("1C2BV-7VRTJ-8CYHN-2RETZ-H275A-X6DJQ-T84P").unwrap();
    let vault = door.unlock_with_recovery(&code, system_moment()).unwrap();
    vault.set_pin(&pin()).unwrap();
    vault.lock();
    door.unlock_with_pin(&pin(), system_moment())
        .unwrap()
        .lock();
    door.unlock_with_recovery(&code, system_moment())
        .unwrap()
        .lock();
    assert!(store.names().iter().any(|name| name.ends_with("/tries")));
}

#[test]
fn an_older_keyring_is_found_by_what_the_key_store_has_seen() {
    let (tablet, vault) = Tablet::new();
    let file = tablet.folder.path().join("keyring");
    let empty = fs::read(&file).unwrap();
    let keys = vault::make_device_keys().unwrap();
    let council = sync_protocol::ids::CouncilId::from_bytes([1; 16]);
    let record = record(council);
    vault.keyring().add_council(record, &keys).unwrap();
    let paired = fs::read(&file).unwrap();
    let see = |vault: &Vault, counter| {
        let change = |record: &mut vault::CouncilRecord| record.head_high_water.counter = counter;
        vault.keyring().update_council(council, change).unwrap();
    };
    see(&vault, 7);
    assert_eq!(vault.set_back(), []);
    vault.lock();

    let reopened = || tablet.door.unlock(&passphrase(), system_moment()).unwrap();
    assert_eq!(reopened().set_back(), [], "nothing was put back");
    fs::write(&file, &paired).unwrap();
    let vault = reopened();
    assert_eq!(vault.set_back(), [SetBack::Head { council }]);
    see(&vault, 6);
    assert_eq!(
        vault.set_back(),
        [SetBack::Head { council }],
        "not there yet"
    );
    see(&vault, 8);
    assert_eq!(vault.set_back(), [], "the council has come as far again");
    vault.lock();

    fs::write(&file, &empty).unwrap();
    let vault = reopened();
    assert_eq!(vault.set_back(), [SetBack::Council { council }]);
    vault.accept_set_back().unwrap();
    vault.lock();
    assert_eq!(reopened().set_back(), [], "the member knows");

    // What the member removes is not missed.
    fs::write(&file, &paired).unwrap();
    let vault = reopened();
    see(&vault, 9);
    vault.keyring().remove_council(council).unwrap();
    vault.lock();
    assert_eq!(reopened().set_back(), []);
}

#[test]
fn an_older_roster_is_found() {
    let (tablet, vault) = Tablet::new();
    let faction = sync_protocol::ids::FactionId::from_bytes([4; 32]);
    assert_eq!(vault.keep_roster(faction, 12).unwrap(), None);
    vault.lock();
    let vault = tablet.door.unlock(&passphrase(), system_moment()).unwrap();
    assert_eq!(
        vault.keep_roster(faction, 11).unwrap(),
        Some(SetBack::Roster { faction })
    );
    assert_eq!(vault.set_back(), [SetBack::Roster { faction }]);
    assert_eq!(vault.keep_roster(faction, 13).unwrap(), None);
    assert_eq!(vault.set_back(), []);
    vault.forget_roster(faction).unwrap();
    assert_eq!(vault.keep_roster(faction, 1).unwrap(), None);
}
