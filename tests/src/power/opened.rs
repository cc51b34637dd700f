//! A vault of the first version is opened by this one, which brings its database to the newest schema; and what must be found of
//! it whenever the power fails.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Result;
use notes::{MarkBody, MarkDraft, NoteStore, ObjectId};
use sync_protocol::ids::CouncilId;
use vault::{RecoveryCode, UnlockError, Vault};

use crate::kill_round::{note_target, whole_page};
use crate::marking::tell;
use crate::town::START_AT_MS;

/// Of the vault of the first version; see the crate `notes`, `examples/freeze_vault.rs`. It needs no key derivation: whoever looks
/// at hundreds of folders need not wait.
const RECOVERY_CODE: &str = "1C2BV-7VRTJ-8CYHN-2RETZ-H275A-X6DJQ-T84P";
/// The council that it was paired with.
pub(crate) const COUNCIL: CouncilId = CouncilId::from_bytes([1; 16]);
const FILE: ObjectId = ObjectId::from_bytes([2; 16]);
/// Marks on the file.
const MARKS: usize = 2;

/// Lays the vault of the first version into an empty folder.
///
/// Errors: it cannot be copied.
pub fn lay(folder: &Path) -> Result<()> {
    let frozen =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../src-tauri/crates/notes/tests/frozen/v1");
    for name in ["slots", "keyring", "private.db"] {
        let from: PathBuf = frozen.join(name);
        std::fs::copy(from, folder.join(name))?;
    }
    Ok(())
}

pub(crate) fn unlocked(folder: &Path) -> Result<Vault, UnlockError> {
    let code = RecoveryCode::parse(RECOVERY_CODE).unwrap();
    Vault::unlock_with_recovery(folder, &code)
}

/// Opens it and writes a note.
pub fn work(folder: &Path) {
    let failed = |code: &str| tell(&format!("failed {code}"));
    for _ in 0..3 {
        let vault = match unlocked(folder) {
            Ok(vault) => Arc::new(vault),
            Err(error) => {
                failed(error.code());
                continue;
            }
        };
        let store = match NoteStore::open(vault) {
            Ok(store) => store,
            Err(error) => {
                failed(error.code());
                continue;
            }
        };
        let draft = MarkDraft {
            anchor: whole_page(&note_target(COUNCIL, 0)),
            body: MarkBody::Note {
                text: "neu".to_owned(),
            },
            made_at_item: None,
            imported_from: None,
        };
        match store.mark_create(&draft, START_AT_MS) {
            Ok(_) => return tell("note"),
            Err(error) => failed(error.code()),
        }
    }
}

/// What is lost.
#[must_use]
pub fn lost(folder: &Path, lines: &[String]) -> Vec<String> {
    let vault = match unlocked(folder) {
        Ok(vault) => Arc::new(vault),
        Err(error) => return vec![format!("the vault: {}", error.code())],
    };
    let store = match NoteStore::open(vault) {
        Ok(store) => store,
        Err(error) => return vec![format!("the notes: {}", error.code())],
    };
    let mut lost = Vec::new();
    let old = store.list_for_file(COUNCIL, FILE).unwrap().len();
    if old != MARKS {
        lost.push(format!("{old} old marks"));
    }
    let new = store
        .list_for_target(note_target(COUNCIL, 0).key())
        .unwrap()
        .len();
    if lines.iter().any(|line| line == "note") && new == 0 {
        lost.push("the new note".to_owned());
    }
    lost
}
