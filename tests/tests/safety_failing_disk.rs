//! One call to the disk fails, or every one from there on: no room, a broken sector, a signal, half of what was asked for. The tablet
//! does not break down, says by name what happened, and afterwards everything that it has told is there.
//!
//! `RATSMAPPE_DISK_FAULTS` sets how often, 300 without it, shared between the works; the one at the secrets meets all of its faults.
#![cfg(target_os = "linux")]

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Instant;

use stories::power::changing::{CHANGING, published, words};
use stories::power::round::{Run, Work, copy_of, run, scratch};
use stories::power::{locked, marked, opened};
use stories::tablet::{PASSPHRASE, Tablet, count_from};
use stories::town::Town;
use vault::{KdfCost, Passphrase, Vault};

const PROGRAM: &str = env!("CARGO_BIN_EXE_tablet-on-a-disk");

/// What a class of calls may answer instead.
const FAULTS: [(&str, &[&str]); 6] = [
    (
        "open",
        &[
            "ENOSPC:once",
            "EIO:once",
            "EMFILE:once",
            "EINTR:once",
            "EIO:on",
        ],
    ),
    ("read", &["EIO:once", "EINTR:once", "short:once", "EIO:on"]),
    (
        "write",
        &[
            "ENOSPC:once",
            "EIO:once",
            "EINTR:once",
            "short:once",
            "EDQUOT:once",
            "ENOSPC:on",
            "EIO:on",
        ],
    ),
    (
        "truncate",
        &["ENOSPC:once", "EIO:once", "EINTR:once", "EIO:on"],
    ),
    ("sync", &["EIO:once", "ENOSPC:once", "EINTR:once", "EIO:on"]),
    ("name", &["ENOSPC:once", "EIO:once", "EROFS:on"]),
];

const ALL: [&str; 6] = ["open", "read", "write", "truncate", "sync", "name"];

/// Codes that a failing disk may have; none of them says that what lies there is damaged, for it is not.
const NAMED: [&str; 3] = ["io", "disk_full", "internal"];

/// Of a cache also this: SQLCipher gives a connection up after a page that the disk did not give, and the next one finds the file
/// whole. It says that the copy of the papers cannot be read, which is so, and nothing is deleted.
const NAMED_OF_A_CACHE: [&str; 4] = ["io", "disk_full", "internal", "database_damaged"];

/// Every so many of all faults that a work can meet, `count` of them.
fn faults(calls: &BTreeMap<&'static str, usize>, classes: &[&str], count: usize) -> Vec<String> {
    let mut all = Vec::new();
    for (class, ways) in FAULTS
        .into_iter()
        .filter(|(class, _)| classes.contains(class))
    {
        for number in 0..calls.get(class).copied().unwrap_or(0) {
            all.extend(ways.iter().map(|way| format!("{class}:{number}:{way}")));
        }
    }
    let every = (all.len() / count).max(1);
    // From each stretch another one, so that no way is left out.
    (0..all.len() / every)
        .map(|n| all[n * every + n % every].clone())
        .collect()
}

/// What is wrong with one run and with what it left behind.
fn wrong(trial: &Trial<'_>, run: &Run, folder: &Path) -> Vec<String> {
    let mut wrong = Vec::new();
    if !run.is_well
        || run.errors.contains("panicked")
        || run.lines.last().is_none_or(|line| line != "end")
    {
        wrong.push(format!("it broke down: {}", run.errors));
        return wrong;
    }
    for line in &run.lines {
        if let Some(code) = line
            .strip_prefix("failed ")
            .filter(|code| !trial.named.contains(code))
        {
            wrong.push(format!("it says {code}"));
        }
    }
    wrong.extend((trial.look)(folder, &run.lines));
    wrong
}

/// A work on a disk that fails.
struct Trial<'a> {
    name: &'a str,
    words: &'a [&'a str],
    before: &'a Path,
    classes: &'a [&'a str],
    /// Codes that may be told.
    named: &'a [&'a str],
    count: usize,
    look: &'a dyn Fn(&Path, &[String]) -> Vec<String>,
}

impl Trial<'_> {
    fn run(&self, disk: &[(&str, &str)]) -> (Run, tempfile::TempDir) {
        let folder = copy_of(self.before).unwrap();
        let work = Work {
            program: Path::new(PROGRAM),
            words: self.words,
            folder: folder.path(),
            disk,
        };
        (run(&work, |_| {}).unwrap(), folder)
    }

    /// Tries all of it; each fault that came must leave everything in order.
    fn go_through(&self) {
        let begun = Instant::now();
        let (good, folder) = self.run(&[]);
        assert_eq!(wrong(self, &good, folder.path()), Vec::<String>::new());
        let (mut tried, mut told, mut lost) = (0_u64, 0_u64, 0_u64);
        for fault in faults(&good.record.calls(), self.classes, self.count) {
            let (run, folder) = self.run(&[("RATSMAPPE_DISK_FAULT", &fault)]);
            // Fewer calls than in the good run: the fault never came.
            if !run.record.has_faults() {
                continue;
            }
            tried += 1;
            told += u64::from(run.lines.iter().any(|line| line.starts_with("failed")));
            let wrong = wrong(self, &run, folder.path());
            if !wrong.is_empty() {
                lost += 1;
                println!("{}: {fault}: {wrong:?}\n  after {:?}", self.name, run.lines);
            }
        }
        println!(
            "{}: {tried} faults, {told} told to the member, {lost} with a loss, {:.1} s",
            self.name,
            begun.elapsed().as_secs_f32()
        );
        evidence::record(
            &format!("failing-disk.{}", self.name),
            evidence::Counts {
                tried,
                refused: tried - lost,
                lost,
            },
        )
        .unwrap();
        assert!(told > 0, "some faults cannot be hidden");
        assert_eq!(lost, 0, "of {tried}");
    }
}

/// Tries of one work.
fn count(share: usize) -> usize {
    count_from("RATSMAPPE_DISK_FAULTS", 300) * share / 100
}

#[test]
fn safety_marks_and_spaces_outlive_a_failing_disk() {
    let town = Town::small();
    let folder = Tablet::synced(&town, "ada").locked();
    Trial {
        name: "marks",
        words: &["mark", "18"],
        before: folder.path(),
        classes: &ALL,
        named: &NAMED,
        count: count(30),
        look: &marked::lost,
    }
    .go_through();
}

fn at_the_lock(name: &str, words: &[&str], classes: &[&str], count: usize) {
    let folder = scratch().unwrap();
    let passphrase = Passphrase::new(PASSPHRASE);
    let (vault, code) =
        Vault::create_with(folder.path(), &passphrase, KdfCost::for_tests()).unwrap();
    drop(vault);
    let code = code.to_display().to_string();
    Trial {
        name,
        words,
        before: folder.path(),
        classes,
        named: &NAMED,
        count,
        look: &|folder, lines| locked::lost(folder, lines, &code),
    }
    .go_through();
}

/// All faults but those of single bytes: after a change that failed the old secret must count, and one single call decides that.
#[test]
fn safety_a_secret_changes_or_stays_on_a_failing_disk() {
    at_the_lock(
        "secrets",
        &["secrets"],
        &["open", "sync", "name"],
        usize::MAX,
    );
}

#[test]
fn safety_a_backup_and_a_restore_outlive_a_failing_disk() {
    at_the_lock("restore", &["lock"], &ALL, count(10));
}

#[test]
fn safety_a_synchronisation_outlives_a_failing_disk() {
    let mut town = Town::empty();
    for (reference, _) in CHANGING {
        town.intake.matter(reference).secret = words(1);
    }
    town.publish();
    let tablet = Tablet::paired(&town, "ada");
    town.server
        .confirm(&tablet.device(), &tablet.paired.confirm_words)
        .unwrap();
    let folder = tablet.locked();
    Trial {
        name: "syncing",
        words: &["sync", "1"],
        before: folder.path(),
        classes: &ALL,
        named: &NAMED_OF_A_CACHE,
        count: count(20),
        look: &|folder, lines| marked::half_synced(folder, lines, (CHANGING.len(), 1), &published),
    }
    .go_through();
}

#[test]
fn safety_an_old_vault_outlives_a_failing_disk() {
    let folder = scratch().unwrap();
    opened::lay(folder.path()).unwrap();
    Trial {
        name: "schema",
        words: &["open"],
        before: folder.path(),
        classes: &ALL,
        named: &NAMED,
        count: count(15),
        look: &opened::lost,
    }
    .go_through();
}

#[test]
fn safety_what_a_failing_disk_could_do_is_found_out() {
    let town = Town::small();
    let before = Tablet::synced(&town, "ada").locked();
    let trial = Trial {
        name: "planted",
        words: &["mark", "6"],
        before: before.path(),
        classes: &ALL,
        named: &NAMED,
        count: 1,
        look: &marked::lost,
    };
    let (mut run, folder) = trial.run(&[]);
    assert_eq!(wrong(&trial, &run, folder.path()), Vec::<String>::new());
    let planted = ["note 0-999", "space 3", "failed database_moved_aside"];
    for (count, line) in planted.iter().enumerate() {
        run.lines.insert(0, (*line).to_owned());
        assert_eq!(
            wrong(&trial, &run, folder.path()).len(),
            count + 1,
            "{line}"
        );
    }
    run.errors = "thread 'main' panicked at".to_owned();
    assert!(!wrong(&trial, &run, folder.path()).is_empty());
}
