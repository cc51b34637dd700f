//! The work at the lock: wrong tries, a new passphrase, a new recovery code, a backup and its restore; and what must be found of
//! it whenever the power fails.
//!
//! Told is `tried` after a wrong try · `opening`, `opened` · `changing`, then `changed` or `unchanged` · `recoding`, then `code CODE` or
//! `uncoded` · `note TEXT` or `unsure TEXT` · `backed` · `restoring`, then `restored` or `unrestored` · `failed CODE`.

use std::collections::BTreeSet;
use std::ops::RangeInclusive;
use std::path::Path;
use std::sync::Arc;

use notes::{MarkBody, MarkDraft, NoteStore};
use sync_protocol::ids::CouncilId;
use vault::{BackupError, BackupFacts, Door, Passphrase, RecoveryCode, UnlockError, Vault};

use crate::kill_round::{note_target, whole_page};
use crate::marking::tell;
use crate::tablet::PASSPHRASE;
use crate::town::START_AT_MS;

/// What the member changes the passphrase to.
const NEW_PASSPHRASE: &str = "laterne anker birke nebel amsel";
const WRONG: &str = "amsel amsel amsel amsel birke";
/// How often what failed is tried again.
const TRIES: usize = 3;
/// A council that the notes stand in; the tablet is paired with none.
const COUNCIL: CouncilId = CouncilId::from_bytes([1; 16]);

fn failed(code: &str) {
    tell(&format!("failed {code}"));
}

/// Does all of it, in a vault that [`PASSPHRASE`] opens.
pub fn work(folder: &Path) {
    if let Some(vault) = secrets(folder) {
        back_up_and_restore(&vault);
    }
}

/// The part of it that has to do with secrets alone.
#[must_use]
pub fn secrets(folder: &Path) -> Option<Arc<Vault>> {
    for _ in 0..2 {
        match Vault::unlock(folder, &Passphrase::new(WRONG)) {
            Err(UnlockError::WrongSecret) => tell("tried"),
            Err(error) => failed(error.code()),
            Ok(_) => failed("a wrong passphrase opens"),
        }
    }
    let opened = (0..TRIES).find_map(|_| {
        tell("opening");
        let vault = Vault::unlock(folder, &Passphrase::new(PASSPHRASE));
        vault.map_err(|error| failed(error.code())).ok()
    });
    let vault = Arc::new(opened?);
    tell("opened");
    change_secrets(&vault);
    Some(vault)
}

fn back_up_and_restore(vault: &Arc<Vault>) {
    write_notes(vault, &["eins", "zwei", "drei"]);
    let code = RecoveryCode::make().unwrap();
    let mut backup = Vec::new();
    let facts = BackupFacts {
        made_at_ms: START_AT_MS,
        notes: 3,
    };
    let written = vault.write_backup(&mut backup, &code, facts);
    if let Err(error) = &written {
        failed(code_of(error));
    } else {
        tell("backed");
    }
    write_notes(vault, &["vier"]);
    if written.is_ok() {
        tell("restoring");
        match restore(vault, &backup, &code) {
            Ok(()) => tell("restored"),
            Err((error, is_begun)) => {
                failed(code_of(&error));
                if !is_begun {
                    tell("unrestored");
                }
            }
        }
    }
    write_notes(vault, &["zuletzt"]);
}

fn change_secrets(vault: &Vault) {
    tell("changing");
    match vault.change_passphrase(&Passphrase::new(NEW_PASSPHRASE)) {
        Ok(()) => tell("changed"),
        Err(error) => {
            failed(error.code());
            tell("unchanged");
        }
    }
    tell("recoding");
    match vault.replace_recovery_code() {
        Ok(code) => tell(&format!("code {}", code.to_display().as_str())),
        Err(error) => {
            failed(error.code());
            tell("uncoded");
        }
    }
}

fn write_notes(vault: &Arc<Vault>, texts: &[&str]) {
    let opened = (0..TRIES).find_map(|_| {
        let store = NoteStore::open(Arc::clone(vault));
        store.map_err(|error| failed(error.code())).ok()
    });
    let Some(store) = opened else {
        return;
    };
    for text in texts {
        let draft = MarkDraft {
            anchor: whole_page(&note_target(COUNCIL, 0)),
            body: MarkBody::Note {
                text: (*text).to_owned(),
            },
            made_at_item: None,
            imported_from: None,
        };
        match store.mark_create(&draft, START_AT_MS) {
            Ok(_) => tell(&format!("note {text}")),
            Err(error) => {
                failed(error.code());
                tell(&format!("unsure {text}"));
            }
        }
    }
}

fn code_of(error: &BackupError) -> &'static str {
    match error {
        BackupError::Full => "disk_full",
        BackupError::Io(_) => "io",
        BackupError::Db(error) => error.code(),
        BackupError::Seal => "internal",
        BackupError::NoBackup
        | BackupError::WrongCode
        | BackupError::Damaged
        | BackupError::TooNew => "backup_damaged",
    }
}

/// Errors: why, and whether putting it in its place was begun.
fn restore(vault: &Vault, backup: &[u8], code: &RecoveryCode) -> Result<(), (BackupError, bool)> {
    let read = vault
        .read_backup(backup, code, NoteStore::known_schema())
        .map_err(|error| (error, false))?;
    let put = vault.put_backup(&read);
    put.map(drop).map_err(|error| (error, true))
}

/// Which of two secrets counts.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Counts {
    Old,
    Either,
    /// With the new one, where it was told.
    New(String),
}

/// What was told.
#[derive(Debug)]
struct Told {
    used: RangeInclusive<u8>,
    is_opening: bool,
    passphrase: Counts,
    code: Counts,
    notes: BTreeSet<String>,
    unsure: BTreeSet<String>,
    backed: BTreeSet<String>,
    restore: Counts,
}

impl Told {
    fn from_lines(lines: &[String]) -> Self {
        let mut told = Self {
            used: 0..=1,
            is_opening: false,
            passphrase: Counts::Old,
            code: Counts::Old,
            notes: BTreeSet::new(),
            unsure: BTreeSet::new(),
            backed: BTreeSet::new(),
            restore: Counts::Old,
        };
        for line in lines {
            let (verb, rest) = line.split_once(' ').unwrap_or((line, ""));
            let (low, high) = (*told.used.start(), *told.used.end());
            match verb {
                // One more may have been counted and not told.
                "tried" => told.used = low + 1..=high + 1,
                "opening" => {
                    told.is_opening = true;
                    told.used = low..=high + 1;
                }
                "opened" => (told.is_opening, told.used) = (false, 0..=1),
                "failed" => told.used = low..=high + 1,
                "changing" => told.passphrase = Counts::Either,
                "unchanged" => told.passphrase = Counts::Old,
                "changed" => told.passphrase = Counts::New(NEW_PASSPHRASE.to_owned()),
                "recoding" => told.code = Counts::Either,
                "uncoded" => told.code = Counts::Old,
                "code" => told.code = Counts::New(rest.to_owned()),
                "note" => drop(told.notes.insert(rest.to_owned())),
                "unsure" => drop(told.unsure.insert(rest.to_owned())),
                "backed" => told.backed = told.notes.clone(),
                "restoring" => told.restore = Counts::Either,
                "unrestored" => told.restore = Counts::Old,
                "restored" => {
                    told.restore = Counts::New(String::new());
                    told.notes.clone_from(&told.backed);
                }
                "end" => {}
                _ => panic!("not a line of the tablet: {line}"),
            }
        }
        told
    }
}

/// What is lost of what was told, in a folder as it was found.
///
/// * `code` – the recovery code that the vault was made with.
#[must_use]
pub fn lost(folder: &Path, lines: &[String], code: &str) -> Vec<String> {
    let told = Told::from_lines(lines);
    let mut lost = Vec::new();
    match Door::new(folder, None).tries_left(vault::system_moment()) {
        Ok(left) => {
            let used = vault::MOST_TRIES - left.left;
            if !(told.used.contains(&used) || told.is_opening && used == 0) {
                lost.push(format!("{used} tries are counted, told {:?}", told.used));
            }
        }
        Err(error) => lost.push(format!("the tries cannot be read: {error}")),
    }
    lost.extend(lost_codes(folder, &told, code));
    match opened(folder, &told.passphrase) {
        Ok(vault) => lost.extend(lost_notes(&Arc::new(vault), &told)),
        Err(why) => lost.push(why),
    }
    lost
}

fn opened(folder: &Path, counts: &Counts) -> Result<Vault, String> {
    let open = |passphrase: &str| Vault::unlock(folder, &Passphrase::new(passphrase));
    let (old, new) = match counts {
        // The other one first: it must not open.
        Counts::Old => {
            let new = open(NEW_PASSPHRASE).map(drop);
            (open(PASSPHRASE), new.map(|()| None))
        }
        _ => {
            let old = open(PASSPHRASE);
            if let Ok(vault) = old {
                (Ok(vault), open_nothing())
            } else {
                (old, open(NEW_PASSPHRASE).map(Some))
            }
        }
    };
    match (counts, old, new) {
        (Counts::Old, Ok(vault), Err(UnlockError::WrongSecret))
        | (Counts::Either, Ok(vault), _)
        | (Counts::Either | Counts::New(_), Err(UnlockError::WrongSecret), Ok(Some(vault))) => {
            Ok(vault)
        }
        (_, old, new) => Err(format!(
            "{counts:?} is the passphrase; the old one: {:?}, the new one: {:?}",
            old.map(drop).map_err(|error| error.code()),
            new.map(drop).map_err(|error| error.code())
        )),
    }
}

fn open_nothing() -> Result<Option<Vault>, UnlockError> {
    Ok(None)
}

fn lost_codes(folder: &Path, told: &Told, first: &str) -> Vec<String> {
    let opens = |code: &str| {
        let code = RecoveryCode::parse(code).unwrap();
        match Vault::unlock_with_recovery(folder, &code) {
            Ok(_) => Ok(true),
            Err(UnlockError::WrongSecret) => Ok(false),
            Err(error) => Err(format!("recovery: {}", error.code())),
        }
    };
    let (old, new) = match &told.code {
        Counts::Either => return Vec::new(),
        Counts::Old => (opens(first), Ok(true)),
        Counts::New(code) => (opens(first).map(|is_open| !is_open), opens(code)),
    };
    match (old, new) {
        (Ok(true), Ok(true)) => Vec::new(),
        other => vec![format!("recovery codes: {other:?}")],
    }
}

fn lost_notes(vault: &Arc<Vault>, told: &Told) -> Vec<String> {
    let store = match NoteStore::open(Arc::clone(vault)) {
        Ok(store) => store,
        Err(error) => return vec![format!("notes: {}", error.code())],
    };
    let marks = store
        .list_for_target(note_target(COUNCIL, 0).key())
        .unwrap();
    let found: BTreeSet<String> = marks
        .iter()
        .filter_map(|mark| mark.body.text().map(str::to_owned))
        .collect();
    let has = |wanted: &BTreeSet<String>| {
        let more: Vec<_> = found.difference(wanted).collect();
        let more = more.iter().filter(|text| !told.unsure.contains(**text));
        // One may have been stored and not told.
        wanted.is_subset(&found) && more.count() <= 1
    };
    let before = || has(&told.notes);
    let after = || {
        // What is told later than a restore that failed stands in whichever counts.
        let late = told.notes.iter().filter(|text| *text == "zuletzt").cloned();
        has(&told.backed.iter().cloned().chain(late).collect())
    };
    let is_right = match told.restore {
        Counts::Old | Counts::New(_) => before(),
        Counts::Either => before() || after(),
    };
    let mut lost = Vec::new();
    if !is_right {
        lost.push(format!("notes {found:?}, told {told:?}"));
    }
    if vault.moved_aside().map_or(true, |paths| !paths.is_empty()) {
        lost.push("a database was taken for damaged".to_owned());
    }
    lost
}
