//! Stories of a vault: created, unlocked, changed, damaged.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests"
)]

mod common;

use common::{OTHER_WORDS, new_vault, passphrase, record};
use std::fs;
use sync_protocol::ids::CouncilId;
use vault::{
    ChangeError, CreateError, DbError, KdfCost, Passphrase, RecoveryCode, UnlockError, Vault,
    VaultPart, VaultStatus, make_device_keys,
};

const COUNCIL: CouncilId = CouncilId::from_bytes([1; 16]);

#[test]
fn a_new_vault_opens_with_passphrase_and_with_recovery_code() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(Vault::status(folder.path()), VaultStatus::Empty);
    let (vault, code) =
        Vault::create_with(folder.path(), &passphrase(), KdfCost::for_tests()).unwrap();
    vault
        .open_private_db()
        .unwrap()
        .execute_batch("CREATE TABLE t(a); INSERT INTO t VALUES (7)")
        .unwrap();
    vault.lock();
    assert_eq!(Vault::status(folder.path()), VaultStatus::Locked);

    let typed = RecoveryCode::parse(&code.to_display()).unwrap();
    let by_passphrase = Vault::unlock(folder.path(), &passphrase()).unwrap();
    by_passphrase.lock();
    let by_code = Vault::unlock_with_recovery(folder.path(), &typed).unwrap();
    let kept: i64 = by_code
        .open_private_db()
        .unwrap()
        .query_row("SELECT a FROM t", [], |row| row.get(0))
        .unwrap();
    assert_eq!(kept, 7, "both ways lead to the same keys");
}

#[test]
fn the_standard_cost_opens_too() {
    let folder = tempfile::tempdir().unwrap();
    Vault::create(folder.path(), &passphrase())
        .unwrap()
        .0
        .lock();
    assert!(Vault::unlock(folder.path(), &passphrase()).is_ok());
}

#[test]
fn wrong_secrets_missing_vaults_and_weak_passphrases_are_told_apart() {
    let (folder, vault, _) = new_vault();
    vault.lock();
    let wrong = Vault::unlock(folder.path(), &Passphrase::new(OTHER_WORDS)).unwrap_err();
    assert!(matches!(wrong, UnlockError::WrongSecret), "{wrong:?}");
    assert_eq!(wrong.code(), "wrong_passphrase");
    let wrong =
        Vault::unlock_with_recovery(folder.path(), &RecoveryCode::make().unwrap()).unwrap_err();
    assert!(matches!(wrong, UnlockError::WrongSecret), "{wrong:?}");

    let empty = tempfile::tempdir().unwrap();
    assert!(matches!(
        Vault::unlock(empty.path(), &passphrase()),
        Err(UnlockError::Missing)
    ));
    let weak = Vault::create_with(
        empty.path(),
        &Passphrase::new("geheim"),
        KdfCost::for_tests(),
    )
    .unwrap_err();
    assert_eq!(weak.code(), "weak_passphrase");
    assert_eq!(
        fs::read_dir(empty.path()).unwrap().count(),
        0,
        "a refused vault leaves nothing behind"
    );
}

#[test]
fn nothing_is_created_over_a_vault() {
    let (folder, vault, _) = new_vault();
    let again = || {
        Vault::create_with(
            folder.path(),
            &Passphrase::new(OTHER_WORDS),
            KdfCost::for_tests(),
        )
    };
    assert!(matches!(again(), Err(CreateError::InUse)));
    vault
        .open_private_db()
        .unwrap()
        .execute_batch("CREATE TABLE t(a)")
        .unwrap();
    vault.lock();
    assert!(matches!(again(), Err(CreateError::AlreadyExists)));
    // Even what is left of a vault is not written over: the notes may be saved from elsewhere.
    fs::remove_file(folder.path().join("slots")).unwrap();
    assert!(matches!(again(), Err(CreateError::AlreadyExists)));
}

#[test]
fn one_folder_is_open_once() {
    let (folder, vault, _) = new_vault();
    assert!(matches!(
        Vault::unlock(folder.path(), &passphrase()),
        Err(UnlockError::InUse)
    ));
    vault.lock();
    assert!(Vault::unlock(folder.path(), &passphrase()).is_ok());
}

#[test]
fn a_new_passphrase_is_the_only_one_and_the_code_stays() {
    let (folder, vault, code) = new_vault();
    assert!(matches!(
        vault.change_passphrase(&Passphrase::new("kurz")),
        Err(ChangeError::Weak(_))
    ));
    vault
        .change_passphrase(&Passphrase::new(OTHER_WORDS))
        .unwrap();
    vault.lock();
    assert!(matches!(
        Vault::unlock(folder.path(), &passphrase()),
        Err(UnlockError::WrongSecret)
    ));
    Vault::unlock(folder.path(), &Passphrase::new(OTHER_WORDS))
        .unwrap()
        .lock();
    let vault = Vault::unlock_with_recovery(folder.path(), &code).unwrap();

    let second = vault.replace_recovery_code().unwrap();
    vault.lock();
    assert!(matches!(
        Vault::unlock_with_recovery(folder.path(), &code),
        Err(UnlockError::WrongSecret)
    ));
    Vault::unlock_with_recovery(folder.path(), &second)
        .unwrap()
        .lock();
    assert!(
        !folder.path().join("slots.old").exists(),
        "no old generation may remain"
    );
}

#[test]
fn every_flipped_byte_of_the_slots_is_damage_not_a_wrong_passphrase() {
    let (folder, vault, _) = new_vault();
    vault.lock();
    let path = folder.path().join("slots");
    let good = fs::read(&path).unwrap();
    for at in 0..good.len() {
        let mut bad = good.clone();
        bad[at] ^= 0x10;
        fs::write(&path, &bad).unwrap();
        let error = Vault::unlock(folder.path(), &passphrase()).unwrap_err();
        assert!(
            matches!(
                error,
                UnlockError::Damaged {
                    what: VaultPart::Slots
                }
            ),
            "byte {at}: {error:?}"
        );
        assert_eq!(
            fs::read(&path).unwrap(),
            bad,
            "a damaged file is left as it is"
        );
    }
    fs::write(&path, &good).unwrap();
    assert!(Vault::unlock(folder.path(), &passphrase()).is_ok());
}

#[test]
fn lost_slots_are_damage() {
    let (folder, vault, _) = new_vault();
    vault
        .open_private_db()
        .unwrap()
        .execute_batch("CREATE TABLE t(a)")
        .unwrap();
    vault.lock();
    fs::remove_file(folder.path().join("slots")).unwrap();
    assert_eq!(Vault::status(folder.path()), VaultStatus::Locked);
    let error = Vault::unlock(folder.path(), &passphrase()).unwrap_err();
    assert!(
        matches!(
            error,
            UnlockError::Damaged {
                what: VaultPart::Slots
            }
        ),
        "{error:?}"
    );
}

#[test]
fn a_damaged_keyring_costs_the_pairing_and_not_the_notes() {
    let (folder, vault, _) = new_vault();
    vault
        .open_private_db()
        .unwrap()
        .execute_batch("CREATE TABLE t(a); INSERT INTO t VALUES (7)")
        .unwrap();
    vault
        .keyring()
        .add_council(record(COUNCIL), &make_device_keys().unwrap())
        .unwrap();
    vault.lock();
    let path = folder.path().join("keyring");
    let good = fs::read(&path).unwrap();
    for at in (0..good.len()).step_by(7) {
        let mut bad = good.clone();
        bad[at] ^= 1;
        fs::write(&path, &bad).unwrap();
        let error = Vault::unlock(folder.path(), &passphrase()).unwrap_err();
        assert!(
            matches!(
                error,
                UnlockError::Damaged {
                    what: VaultPart::Keyring
                }
            ),
            "byte {at}: {error:?}"
        );
    }
    let wrong =
        Vault::unlock_without_keyring(folder.path(), &Passphrase::new(OTHER_WORDS)).unwrap_err();
    assert!(matches!(wrong, UnlockError::WrongSecret), "{wrong:?}");
    let bad = fs::read(&path).unwrap();
    let vault = Vault::unlock_without_keyring(folder.path(), &passphrase()).unwrap();
    assert!(vault.keyring().councils().is_empty());
    let kept: i64 = vault
        .open_private_db()
        .unwrap()
        .query_row("SELECT a FROM t", [], |row| row.get(0))
        .unwrap();
    assert_eq!(kept, 7);
    let is_kept = fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .any(|path| {
            path.file_name()
                .unwrap()
                .to_str()
                .unwrap()
                .starts_with("keyring.damaged-")
                && fs::read(path).unwrap() == bad
        });
    assert!(is_kept, "the damaged keyring is moved aside, not deleted");
}

#[test]
fn a_whole_keyring_is_never_set_aside() {
    let (folder, vault, _) = new_vault();
    vault
        .keyring()
        .add_council(record(COUNCIL), &make_device_keys().unwrap())
        .unwrap();
    vault.lock();
    let vault = Vault::unlock_without_keyring(folder.path(), &passphrase()).unwrap();
    assert_eq!(vault.keyring().councils().len(), 1);
}

#[test]
fn damaged_notes_are_moved_aside_and_a_damaged_cache_is_rebuilt() {
    let (folder, vault, _) = new_vault();
    vault
        .open_private_db()
        .unwrap()
        .execute_batch("CREATE TABLE t(a)")
        .unwrap();
    vault
        .open_council_db(COUNCIL)
        .unwrap()
        .execute_batch("CREATE TABLE t(a)")
        .unwrap();
    vault.lock();
    let private = folder.path().join("private.db");
    let council = folder.path().join(format!("councils/{COUNCIL}/council.db"));
    for path in [&private, &council] {
        let mut bytes = fs::read(path).unwrap();
        bytes[40] ^= 1;
        fs::write(path, bytes).unwrap();
    }
    let vault = Vault::unlock(folder.path(), &passphrase()).unwrap();
    let Err(DbError::DamagedMovedAside { path }) = vault.open_private_db() else {
        panic!("must be reported")
    };
    assert!(path.exists() && path.starts_with(folder.path()));
    assert!(vault.open_private_db().is_ok());

    assert!(vault.take_rebuilt().is_empty());
    let connection = vault.open_council_db(COUNCIL).unwrap();
    assert!(
        connection.prepare("SELECT a FROM t").is_err(),
        "the cache is begun anew"
    );
    assert_eq!(vault.take_rebuilt().len(), 1);
    assert!(vault.take_rebuilt().is_empty(), "told once");
}

// Shows: O.Auth_13
#[test]
fn debug_output_holds_no_secret() {
    let (_folder, vault, code) = new_vault();
    let keys = make_device_keys().unwrap();
    vault.keyring().add_council(record(COUNCIL), &keys).unwrap();
    let shown = format!(
        "{vault:?} {:?} {code:?} {:?} {keys:?} {:?}",
        vault.keyring(),
        passphrase(),
        record(COUNCIL)
    );
    for secret in ["Erika", "Beispiel", "apfel", "example", "030303"] {
        assert!(!shown.contains(secret), "{secret} in {shown}");
    }
}
