//! What the office does at a council server, and what must be found of it whenever its power fails or its disk does.

use std::fmt::Display;
use std::path::Path;

use council_server::{Clock, MasterKey, Server, restore};
use tempfile::TempDir;

use super::round::scratch;
use crate::intake::Intake;
use crate::marking::tell;
use crate::town::START_AT_MS;

/// How often what failed is tried again.
const TRIES: usize = 3;
/// People that the office enters by hand.
const PEOPLE: usize = 4;

/// Two intake folders: the second has another paper in place of one, and one more.
///
/// Result: both, in a folder of their own.
#[must_use]
pub fn intakes() -> TempDir {
    let folder = scratch().unwrap();
    for (name, word) in [("first", "GEHEIM-eins"), ("second", "GEHEIM-zwei")] {
        let mut intake = Intake::small(&folder.path().join(name));
        intake.sittings.truncate(1);
        intake.matters.truncate(3);
        intake.matter("2026/190").secret = word.to_owned();
        if name == "first" {
            intake.matters.truncate(2);
        }
        intake.write();
    }
    folder
}

fn opened(folder: &Path) -> Result<(Server, MasterKey), String> {
    let data = folder.join("data");
    let master = MasterKey::load_or_make(&folder.join("master.key"), &data);
    let master = master.map_err(|error| whole(&error))?;
    let server = Server::open_with(&data, &master, Clock::fixed(START_AT_MS));
    Ok((server.map_err(|error| whole(&error))?, master))
}

/// An error with its causes.
fn whole(error: &(dyn std::error::Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text.replace('\n', " ")
}

fn told<T, E: Display>(result: Result<T, E>) -> Option<T> {
    result
        .inspect_err(|error| tell(&format!("failed {error}")))
        .ok()
}

fn tried<T>(what: impl Fn() -> Result<T, council_server::ServerError>) -> Option<T> {
    (0..TRIES).find_map(|_| told(what().map_err(|error| whole(&error))))
}

/// The work; tells each step.
pub fn work(folder: &Path, intakes: [&Path; 2]) {
    let Some((server, _)) = (0..TRIES).find_map(|_| told(opened(folder))) else {
        return;
    };
    tell("opened");
    let [first, second] = intakes;
    for (number, intake) in [(1, first), (2, second)] {
        if tried(|| server.import_folder(intake)).is_some() {
            tell(&format!("imported {number}"));
        }
        for number in 0..PEOPLE {
            let key = format!("gast-{number}");
            let enters = || server.add_person(&key, "Gast der Ratsmappe", None, &[]);
            if tried(enters).is_some() {
                tell(&format!("person {key}"));
            }
            if tried(|| server.invite(&key, true)).is_some() {
                tell("invited");
            }
        }
    }
    if tried(|| server.backup(&folder.join("backup"))).is_some() {
        tell("backup");
    }
}

/// What is lost, half-done or not what it should be.
#[must_use]
pub fn lost(folder: &Path, lines: &[String]) -> Vec<String> {
    let is_told = |line: &str| lines.iter().any(|told| told == line);
    let had_key = folder.join("master.key").exists();
    if is_told("opened") && !(had_key && folder.join("data").is_dir()) {
        return vec!["the master key or the data folder is gone".to_owned()];
    }
    let (server, master) = match opened(folder) {
        Ok(opened) => opened,
        // A torn key file before anything was told: there is no data yet that would need it.
        Err(_) if !is_told("opened") && !folder.join("data/server.db").exists() => return vec![],
        Err(why) => return vec![format!("the server does not open: {why}")],
    };
    let mut lost = Vec::new();
    lost.extend(noted(&server, lines).err());
    let copies = scratch().unwrap();
    // Goes over every file that the tables name.
    if let Err(error) = server.backup(&copies.path().join("copy")) {
        lost.push(format!("no backup: {}", whole(&error)));
    }
    let backup = folder.join("backup");
    if (backup.exists() || is_told("backup"))
        && let Err(error) = restore(&backup, &copies.path().join("again"), &master)
    {
        lost.push(format!("the backup: {}", whole(&error)));
    }
    lost
}

fn noted(server: &Server, lines: &[String]) -> Result<(), String> {
    let count = |word: &str| lines.iter().filter(|line| line.starts_with(word)).count();
    server.verify_audit(None).map_err(|error| whole(&error))?;
    let entries = server.audit().map_err(|error| whole(&error))?;
    for (word, action) in [("invited", "invited"), ("imported", "imported")] {
        let found = entries.iter().filter(|one| one.action == action).count();
        if found < count(word) {
            return Err(format!("{found} of {} {action}", count(word)));
        }
    }
    let people = server.people().map_err(|error| whole(&error))?;
    let is_there = |key: &str| people.iter().any(|person| person.key == key);
    match lines
        .iter()
        .filter_map(|line| line.strip_prefix("person "))
        .find(|key| !is_there(key))
    {
        Some(key) => Err(format!("{key} is gone")),
        None => Ok(()),
    }
}
