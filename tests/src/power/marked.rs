//! What must be found of marks, spaces and a synchronisation that a tablet has told of, whenever its power fails.

use std::path::Path;
use std::sync::Arc;

use faction::FactionStore;
use notes::NoteStore;
use sync::store::CouncilStore;
use vault::{Passphrase, Vault};

use crate::kill_round::{Told, council_of, half_done};
use crate::tablet::PASSPHRASE;
use crate::town::START_AT_MS;

fn number_after(lines: &[String], word: &str) -> Option<u32> {
    let numbers = lines.iter().filter_map(|line| line.strip_prefix(word));
    numbers.map(|number| number.trim().parse().unwrap()).max()
}

fn told(lines: &[String]) -> Told {
    let others = ["space", "waits", "go ", "whole", "end"];
    let is_known = |line: &&String| !others.iter().any(|word| line.starts_with(word));
    let lines: Vec<String> = lines.iter().filter(is_known).cloned().collect();
    Told::from_lines(&lines)
}

fn unlocked(folder: &Path) -> Result<Arc<Vault>, String> {
    Vault::unlock(folder, &Passphrase::new(PASSPHRASE))
        .map(Arc::new)
        .map_err(|error| format!("the vault: {}", error.code()))
}

/// What is lost of marks and spaces.
#[must_use]
pub fn lost(folder: &Path, lines: &[String]) -> Vec<String> {
    let vault = match unlocked(folder) {
        Ok(vault) => vault,
        Err(why) => return vec![why],
    };
    let mut lost = Vec::new();
    match (NoteStore::open(Arc::clone(&vault)), council_of(&vault)) {
        (Ok(store), Some(council)) => lost.extend(told(lines).lost(&store, council, 0)),
        (Err(error), _) => lost.push(format!("the notes: {}", error.code())),
        (_, None) => lost.push("the council is forgotten".to_owned()),
    }
    let spaces = number_after(lines, "space").unwrap_or(0);
    if let Err(why) = whole_spaces(&vault, spaces as usize) {
        lost.push(why);
    }
    lost
}

fn whole_spaces(vault: &Arc<Vault>, count: usize) -> Result<(), String> {
    let store = FactionStore::open(vault).map_err(|error| format!("faction: {}", error.code()))?;
    let spaces = store.spaces().map_err(|error| error.code().to_owned())?;
    if spaces.len() < count {
        return Err(format!("{} spaces of {count}", spaces.len()));
    }
    for space in spaces {
        let opened = store.space(space.faction);
        opened.map_err(|error| format!("a space: {}", error.code()))?;
    }
    Ok(())
}

/// What is lost or half-done of synchronisations.
///
/// * `changing`, `first` – how many files every round changes, and their revision in the first one.
/// * `published` – such a file's words in each of its revisions, by its name.
#[must_use]
pub fn half_synced(
    folder: &Path,
    lines: &[String],
    (changing, first): (usize, u32),
    published: &dyn Fn(&str, u32) -> Option<String>,
) -> Vec<String> {
    let vault = match unlocked(folder) {
        Ok(vault) => vault,
        Err(why) => return vec![why],
    };
    let Some(council) = council_of(&vault) else {
        return vec!["the council is forgotten".to_owned()];
    };
    let store = match CouncilStore::open(&vault, council, START_AT_MS) {
        Ok(store) => store,
        Err(error) => return vec![format!("the council's data: {}", error.code())],
    };
    let mut wrong = Vec::new();
    if !vault.take_rebuilt().is_empty() {
        wrong.push("a cache was taken for damaged".to_owned());
    }
    wrong.extend(half_done(
        &vault,
        START_AT_MS,
        told(lines).counter,
        published,
    ));
    // Whole, and nothing newer was begun.
    let whole = number_after(lines, "whole");
    if let Some(round) = whole.filter(|round| number_after(lines, "go") <= Some(*round)) {
        let rows = store.files().unwrap();
        let newest = rows.values().filter(|row| {
            row.present
                && row.file.revision >= first + round
                && published(&row.file.name, 1).is_some()
        });
        let count = newest.count();
        if count < changing {
            wrong.push(format!(
                "{count} of {changing} files of a finished synchronisation"
            ));
        }
    }
    wrong
}
