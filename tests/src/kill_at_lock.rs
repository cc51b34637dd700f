//! A member who opens the portfolio, writes, and locks it, without end, through the commands that the page calls, for a program that
//! is killed while it locks; and what must be found afterwards.
//!
//! Told is, once it is stored: `note TEXT` · `draft TEXT` · and `locking`, `locked`.

use std::path::Path;
use std::sync::Arc;

use anyhow::{Result, anyhow};
use desk::{Desk, DeskConfig};
use notes::NoteStore;
use serde_json::{Value, json};
use vault::{Door, Vault};

use crate::marking::tell;
use crate::pdf;
use crate::tablet::PASSPHRASE;
use crate::town::START_AT_MS;

/// The key of the draft.
const DRAFT: &str = "item:1";

/// Works until it is killed.
///
/// * `is_lying` – tells of each draft and does not keep it.
///
/// Errors: a command was refused.
pub fn work(folder: &Path, round: u32, is_lying: bool) -> Result<()> {
    let desk = Desk::new(DeskConfig {
        data_dir: folder.to_path_buf(),
        pdfium: pdf::library(),
        pdf_helper: pdf::helper(),
        export_dir: folder.join("downloads"),
        clock: Arc::new(|| START_AT_MS),
        locale: Some("de_DE.UTF-8".to_owned()),
        key_store: None,
        open_address: desk::opens_nothing(),
    })
    .map_err(|failure| anyhow!("{:?}", failure.code))?;
    let call = |name: &str, request: Value| {
        desk.call(name, request)
            .map_err(|error| anyhow!("{name}: {:?}", error.code))
    };
    for number in 0.. {
        call("vault_unlock", json!({"passphrase": PASSPHRASE}))?;
        // The synchronisation that begins with it is under way when it locks, and so is the index.
        call("sync_start", json!({}))?;
        let meeting = first_meeting(&call)?;
        let text = format!("{round}-{number}");
        call(
            "mark_create",
            json!({"mark": {"kind": "note", "target": {"kind": "meeting", "id": meeting}, "rects": [], "text": text}}),
        )?;
        tell(&format!("note {text}"));
        if !is_lying {
            call(
                "drafts_keep",
                json!({"drafts": [{"key": DRAFT, "text": text}]}),
            )?;
        }
        tell(&format!("draft {text}"));
        tell("locking");
        call("vault_lock", json!({}))?;
        tell("locked");
    }
    Ok(())
}

fn first_meeting(call: &impl Fn(&str, Value) -> Result<Value>) -> Result<Value> {
    let list = call("meetings_list", json!({}))?;
    let cards = ["upcoming", "past"].into_iter();
    let mut cards = cards.flat_map(|part| list[part].as_array().cloned().unwrap_or_default());
    let meeting = cards.next().ok_or_else(|| anyhow!("no meeting"))?;
    Ok(meeting["id"].clone())
}

/// What is lost of what a round told.
#[must_use]
pub fn lost(folder: &Path, lines: &[String]) -> Vec<String> {
    let told = |verb: &str| -> Vec<&str> {
        let of_verb = |line: &'_ String| line.split_once(' ').is_some_and(|(is, _)| is == verb);
        let lines = lines.iter().filter(|line| of_verb(line));
        lines
            .filter_map(|line| Some(line.split_once(' ')?.1))
            .collect()
    };
    let vault = match opened(folder) {
        Ok(vault) => vault,
        Err(code) => return vec![format!("the vault: {code}")],
    };
    let store = match NoteStore::open(Arc::clone(&vault)) {
        Ok(store) => store,
        Err(error) => return vec![format!("the notes: {}", error.code())],
    };
    let mut lost = Vec::new();
    let marks = store.list_all().unwrap();
    let stored: Vec<&str> = marks.iter().filter_map(|mark| mark.body.text()).collect();
    for note in told("note") {
        if !stored.contains(&note) {
            lost.push(format!("note {note}"));
        }
    }
    // The setting's text: the last one told, or the one that was being kept when the kill came.
    let kept = store.setting("drafts").unwrap().unwrap_or_default();
    if let Some(draft) = told("draft").last() {
        let is_next = told("note")
            .last()
            .is_some_and(|note| note != draft && kept.contains(note));
        if !kept.contains(&format!("\"{draft}\"")) && !is_next {
            lost.push(format!("draft {draft}, kept is {kept}"));
        }
    }
    if !vault.take_rebuilt().is_empty() || vault.moved_aside().map_or(true, |all| !all.is_empty()) {
        lost.push("a database was damaged".to_owned());
    }
    lost
}

fn opened(folder: &Path) -> Result<Arc<Vault>, &'static str> {
    let door = Door::new(folder, None);
    let used = door
        .tries_left(vault::system_moment())
        .map_err(|_| "tries")?;
    // The try under way is counted before it is checked.
    if used.left + 1 < vault::MOST_TRIES {
        return Err("tries were counted that nobody made");
    }
    let passphrase = vault::Passphrase::new(PASSPHRASE);
    door.unlock(&passphrase, vault::system_moment())
        .map(Arc::new)
        .map_err(|error| error.code())
}
