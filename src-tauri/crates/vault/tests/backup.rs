//! Backups of the private database: read back whole, refused by name where they are not, and without what was removed.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests"
)]

mod common;

use common::new_vault;
use std::fs;
use vault::{BackupError, BackupFacts, RecoveryCode, Vault};

const FACTS: BackupFacts = BackupFacts {
    made_at_ms: 1_795_000_000_000,
    notes: 2,
};

fn write(vault: &Vault, code: &RecoveryCode) -> Vec<u8> {
    let mut bytes = Vec::new();
    vault.write_backup(&mut bytes, code, FACTS).unwrap();
    bytes
}

fn fill(vault: &Vault) {
    vault
        .open_private_db()
        .unwrap()
        .execute_batch(
            "CREATE TABLE t(a TEXT NOT NULL) STRICT; INSERT INTO t VALUES ('Ein Satz, der bleibt'), ('Noch einer');
             PRAGMA user_version = 6;",
        )
        .unwrap();
}

fn rows(vault: &Vault) -> Vec<String> {
    let connection = vault.open_private_db().unwrap();
    let mut statement = connection.prepare("SELECT a FROM t ORDER BY a").unwrap();
    let rows = statement.query_map([], |row| row.get(0)).unwrap();
    rows.map(Result::unwrap).collect()
}

// Shows: O.Arch_4
#[test]
fn a_backup_comes_back_on_another_tablet_under_its_own_key() {
    let (_one, vault, _) = new_vault();
    fill(&vault);
    let code = RecoveryCode::make().unwrap();
    let bytes = write(&vault, &code);
    assert!(bytes.starts_with(b"age-encryption.org/v1\n-> scrypt "));

    let (folder, other, _) = new_vault();
    let backup = other.read_backup(&bytes[..], &code, 6).unwrap();
    assert_eq!(backup.facts(), FACTS);
    assert_eq!(other.put_backup(&backup).unwrap(), None);
    drop(backup);
    assert_eq!(rows(&other), ["Ein Satz, der bleibt", "Noch einer"]);
    let version: u32 = other
        .open_private_db()
        .unwrap()
        .query_row("PRAGMA user_version", [], |row| row.get(0))
        .unwrap();
    assert_eq!(version, 6);
    let names: Vec<String> = fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.starts_with("restore") || name.starts_with("backup"))
        .collect();
    assert_eq!(names, Vec::<String>::new(), "nothing stays beside");
}

#[test]
fn what_was_there_before_is_kept() {
    let (_one, vault, _) = new_vault();
    fill(&vault);
    let code = RecoveryCode::make().unwrap();
    let bytes = write(&vault, &code);
    vault
        .open_private_db()
        .unwrap()
        .execute_batch("INSERT INTO t VALUES ('Neu')")
        .unwrap();
    let backup = vault.read_backup(&bytes[..], &code, 6).unwrap();
    assert_eq!(rows(&vault).len(), 3, "reading alone changes nothing");
    let before = vault.put_backup(&backup).unwrap().unwrap();
    assert_eq!(rows(&vault).len(), 2);
    assert!(before.exists());
}

#[test]
fn cut_changed_foreign_and_newer_files_are_told_apart_and_change_nothing() {
    let (folder, vault, _) = new_vault();
    fill(&vault);
    let code = RecoveryCode::make().unwrap();
    let bytes = write(&vault, &code);
    let read = |bytes: &[u8], known| vault.read_backup(bytes, &code, known).unwrap_err();
    let header_end = bytes.windows(4).position(|four| four == b"--- ").unwrap();
    for at in (header_end + 60..bytes.len()).step_by(997) {
        let mut changed = bytes.clone();
        changed[at] ^= 1;
        assert!(
            matches!(read(&changed, 6), BackupError::Damaged),
            "byte {at} was changed"
        );
        assert!(
            matches!(read(&bytes[..at], 6), BackupError::Damaged),
            "cut at {at}"
        );
    }
    assert!(matches!(
        read(&bytes[..bytes.len() - 1], 6),
        BackupError::Damaged
    ));
    for foreign in [&b""[..], b"%PDF-1.7 nothing of ours", &[0; 4_000]] {
        assert!(
            matches!(read(foreign, 6), BackupError::NoBackup),
            "{foreign:?}"
        );
    }
    assert!(matches!(read(&bytes, 5), BackupError::TooNew));
    let other = RecoveryCode::make().unwrap();
    assert!(matches!(
        vault.read_backup(&bytes[..], &other, 6),
        Err(BackupError::WrongCode)
    ));
    assert_eq!(rows(&vault).len(), 2);
    assert!(!folder.path().join("restore.db").exists());
}

#[test]
fn what_was_removed_is_in_no_backup() {
    let (_one, vault, _) = new_vault();
    fill(&vault);
    let connection = vault.open_private_db().unwrap();
    connection
        .execute_batch("DELETE FROM t WHERE a = 'Ein Satz, der bleibt'")
        .unwrap();
    drop(connection);
    let code = RecoveryCode::make().unwrap();
    let bytes = write(&vault, &code);
    let (_two, other, _) = new_vault();
    let backup = other.read_backup(&bytes[..], &code, 6).unwrap();
    other.put_backup(&backup).unwrap();
    // Not even in pages that nothing points to: a compact copy has none.
    let connection = other.open_private_db().unwrap();
    let free: i64 = connection
        .query_row("PRAGMA freelist_count", [], |row| row.get(0))
        .unwrap();
    assert_eq!(free, 0);
    drop(connection);
    assert_eq!(rows(&other), ["Noch einer"]);
}
