//! The app is killed again and again while it writes: no note that was acknowledged may be missing afterwards.
//! It shows what a crash of the app does; for a loss of power the database relies on fsync (`synchronous = FULL`).
//!
//! `RATSMAPPE_KILLS` sets how often, 30 without it.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests"
)]
#![allow(
    clippy::disallowed_types,
    reason = "the writer is a process, to be killed"
)]

mod common;

use common::{new_vault, reopened};
use notes::{MarkId, NoteStore};
use std::collections::HashMap;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// What was acknowledged last of each mark: its text, or that it was deleted.
type Acknowledged = HashMap<MarkId, Option<String>>;

fn writer() -> PathBuf {
    let test = std::env::current_exe().unwrap();
    let path = test
        .parent()
        .unwrap()
        .parent()
        .unwrap()
        .join("examples")
        .join("crash_writer");
    assert!(
        path.exists(),
        "build it first: cargo build -p notes --examples"
    );
    path
}

/// Lets the writer run until it has told `lines` lines, kills it, and gives everything it has told.
fn run_and_kill(folder: &Path, arguments: &[&str], lines: usize) -> Vec<String> {
    let mut child = Command::new(writer())
        .arg(folder)
        .args(arguments)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut told = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut read: Vec<String> = (&mut told).take(lines).collect::<Result<_, _>>().unwrap();
    child.kill().unwrap();
    // What was already in the pipe was acknowledged too.
    read.extend(told.map_while(Result::ok));
    child.wait().unwrap();
    assert!(
        read.len() >= lines,
        "the writer ended by itself after {} lines",
        read.len()
    );
    read
}

fn note_lines(acknowledged: &mut Acknowledged, lines: &[String]) {
    for line in lines {
        let parts: Vec<&str> = line.split(' ').collect();
        match parts.as_slice() {
            ["+", mark, text] => {
                drop(acknowledged.insert(mark.parse().unwrap(), Some((*text).to_owned())))
            }
            ["-", mark] => drop(acknowledged.insert(mark.parse().unwrap(), None)),
            _ => panic!("not a line of the writer: {line}"),
        }
    }
}

/// Marks that are not as acknowledged. The one change that was under way when the writer was killed may have been
/// stored without being told: it belongs to the mark told last.
fn lost(store: &NoteStore, acknowledged: &Acknowledged, told_last: Option<MarkId>) -> Vec<MarkId> {
    let stored: HashMap<MarkId, String> = store
        .list_all()
        .unwrap()
        .into_iter()
        .map(|mark| (mark.id, mark.body.text().unwrap_or_default().to_owned()))
        .collect();
    let number = |text: &str| {
        text.rsplit('-')
            .next()
            .and_then(|number| number.parse::<u64>().ok())
    };
    acknowledged
        .iter()
        .filter(|(mark, text)| {
            let found = stored.get(mark);
            let is_as_told = found == text.as_ref();
            let is_one_further = told_last == Some(**mark)
                && match (found, text) {
                    (Some(found), Some(text)) => {
                        number(found) == number(text).map(|number| number + 1)
                    }
                    (None, Some(text)) => number(text).is_some_and(|number| number % 8 == 2),
                    _ => false,
                };
            !is_as_told && !is_one_further
        })
        .map(|(mark, _)| *mark)
        .collect()
}

fn last_mark(lines: &[String]) -> Option<MarkId> {
    lines.last()?.split(' ').nth(1)?.parse().ok()
}

#[test]
fn no_acknowledged_note_is_lost_when_the_app_is_killed() {
    let kills: u32 = std::env::var("RATSMAPPE_KILLS").map_or(30, |kills| kills.parse().unwrap());
    let (folder, vault) = new_vault();
    drop(vault);
    let mut acknowledged = Acknowledged::new();
    // A fixed seed: each run kills after the same numbers of lines, at whatever point the writer is in then.
    let mut random = 7u64;
    for kill in 0..kills {
        random = random
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let lines = run_and_kill(
            folder.path(),
            &[],
            usize::try_from(random >> 33).unwrap() % 40 + 1,
        );
        note_lines(&mut acknowledged, &lines);
        let told_last = last_mark(&lines);
        let store = reopened(folder.path());
        assert_eq!(
            lost(&store, &acknowledged, told_last),
            [],
            "after kill {kill}"
        );
        // What was stored untold counts from now on.
        if let Some(mark) = told_last {
            let text = store
                .mark(mark)
                .ok()
                .map(|mark| mark.body.text().unwrap_or_default().to_owned());
            acknowledged.insert(mark, text);
        }
    }
    assert!(
        acknowledged.len() >= kills as usize,
        "each run has told something"
    );
}

#[test]
fn a_writer_that_lies_is_found_out() {
    let (folder, vault) = new_vault();
    drop(vault);
    let lines = run_and_kill(folder.path(), &["--lie"], 3);
    let mut acknowledged = Acknowledged::new();
    note_lines(&mut acknowledged, &lines);
    let store = reopened(folder.path());
    assert!(
        !lost(&store, &acknowledged, last_mark(&lines)).is_empty(),
        "the check must find the planted loss"
    );
}
