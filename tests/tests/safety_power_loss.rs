//! The power fails at every moment at which something becomes durable, and at many between. Whatever the disk has made of what it
//! need not keep: everything that was told is there, nothing is half-done, and nothing is taken for damaged.
//!
//! `RATSMAPPE_POWER_POINTS` sets how often, 900 without it: a third of them for marks, for synchronising, and for the lock with an old vault.
#![cfg(target_os = "linux")]

use std::path::Path;
use std::time::Instant;

use stories::power::changing::{CHANGING, published, words};
use stories::power::round::{
    Point, Run, Seen, Work, copy_of, go_through, is_complete, points, run, scratch,
};
use stories::power::{locked, marked, opened};
use stories::tablet::{PASSPHRASE, Tablet, count_from};
use stories::town::Town;
use vault::{KdfCost, Passphrase, Vault};

const PROGRAM: &str = env!("CARGO_BIN_EXE_tablet-on-a-disk");

/// Points of one work.
fn count() -> usize {
    count_from("RATSMAPPE_POWER_POINTS", 900) / 3
}

/// Lets the tablet work, and looks whether the record is whole.
fn recorded(folder: &Path, words: &[&str], before: &Path, answer: impl FnMut(&str)) -> Run {
    let work = Work {
        program: Path::new(PROGRAM),
        words,
        folder,
        disk: &[],
    };
    let run = run(&work, answer).unwrap();
    assert!(run.is_well, "{}", run.errors);
    assert_eq!(run.lines.last().map(String::as_str), Some("end"));
    let failed = run.lines.iter().find(|line| line.starts_with("failed"));
    assert_eq!(failed, None, "nothing fails on a good disk");
    assert!(
        is_complete(before, &run.record, folder).unwrap(),
        "the record has holes"
    );
    run
}

fn judge(name: &str, begun: Instant, seen: &Seen) {
    for (point, lost) in seen.lost.iter().take(12) {
        println!("{point:?}: {lost:?}");
    }
    println!(
        "{name}: {} losses of power, {} different folders, {} with a loss, {:.1} s",
        seen.points,
        seen.different,
        seen.lost.len(),
        begun.elapsed().as_secs_f32()
    );
    evidence::record(
        &format!("power-loss.{name}"),
        evidence::Counts {
            tried: seen.points as u64,
            refused: (seen.points - seen.lost.len()) as u64,
            lost: seen.lost.len() as u64,
        },
    )
    .unwrap();
    assert!(
        seen.lost.is_empty(),
        "{} of {}",
        seen.lost.len(),
        seen.points
    );
}

#[test]
fn safety_no_mark_and_no_space_is_lost_when_the_power_fails() {
    let begun = Instant::now();
    let town = Town::small();
    let folder = Tablet::synced(&town, "ada").locked();
    let before = copy_of(folder.path()).unwrap();
    let run = recorded(folder.path(), &["mark", "48"], before.path(), |_| {});
    let points = points(&run.record, count());
    let seen = go_through(before.path(), &run.record, &points, &marked::lost).unwrap();
    judge("marks", begun, &seen);
}

fn change_papers(town: &mut Town, revision: u32) {
    for (reference, _) in CHANGING {
        let matter = town.intake.matter(reference);
        matter.secret = words(revision);
        matter.padding = 40_000;
    }
    town.publish();
}

#[test]
fn safety_a_synchronisation_is_whole_or_goes_on_when_the_power_fails() {
    let begun = Instant::now();
    let mut town = Town::empty();
    change_papers(&mut town, 1);
    let tablet = Tablet::paired(&town, "ada");
    town.server
        .confirm(&tablet.device(), &tablet.paired.confirm_words)
        .unwrap();
    let folder = tablet.locked();
    let before = copy_of(folder.path()).unwrap();
    let mut revision = 1;
    let run = recorded(folder.path(), &["sync", "3"], before.path(), |_| {
        if revision > 1 {
            change_papers(&mut town, revision);
        }
        revision += 1;
    });
    assert!(run.lines.contains(&"whole 2".to_owned()), "{:?}", run.lines);
    let points = points(&run.record, count());
    let look = |folder: &Path, lines: &[String]| {
        marked::half_synced(folder, lines, (CHANGING.len(), 1), &published)
    };
    let seen = go_through(before.path(), &run.record, &points, &look).unwrap();
    judge("syncing", begun, &seen);
}

/// A vault for the work at the lock, and its recovery code.
fn locked_vault(folder: &Path) -> String {
    let passphrase = Passphrase::new(PASSPHRASE);
    let (_, code) = Vault::create_with(folder, &passphrase, KdfCost::for_tests()).unwrap();
    code.to_display().to_string()
}

#[test]
fn safety_the_lock_and_a_restore_are_whole_when_the_power_fails() {
    let begun = Instant::now();
    let folder = scratch().unwrap();
    let code = locked_vault(folder.path());
    let before = copy_of(folder.path()).unwrap();
    let run = recorded(folder.path(), &["lock"], before.path(), |_| {});
    let points = points(&run.record, count() * 3 / 4);
    let look = |folder: &Path, lines: &[String]| locked::lost(folder, lines, &code);
    let seen = go_through(before.path(), &run.record, &points, &look).unwrap();
    judge("lock", begun, &seen);
}

#[test]
fn safety_an_old_vault_becomes_new_or_stays_old_when_the_power_fails() {
    let begun = Instant::now();
    let folder = scratch().unwrap();
    opened::lay(folder.path()).unwrap();
    let before = copy_of(folder.path()).unwrap();
    let run = recorded(folder.path(), &["open"], before.path(), |_| {});
    let points = points(&run.record, count() / 4);
    let seen = go_through(before.path(), &run.record, &points, &opened::lost).unwrap();
    judge("schema", begun, &seen);
}

/// What is found where the disk says that it has synced some files, and has not.
fn forgetful(
    end: &str,
    words: &[&str],
    folder: &Path,
    look: &dyn Fn(&Path, &[String]) -> Vec<String>,
) -> Seen {
    let before = copy_of(folder).unwrap();
    let work = Work {
        program: Path::new(PROGRAM),
        words,
        folder,
        disk: &[("RATSMAPPE_DISK_FORGETS", end)],
    };
    let run = run(&work, |_| {}).unwrap();
    assert!(run.is_well, "{}", run.errors);
    let all: Vec<Point> = points(&run.record, 150);
    go_through(before.path(), &run.record, &all, look).unwrap()
}

#[test]
fn safety_a_disk_that_forgets_a_sync_is_found_out() {
    let town = Town::small();
    let folder = Tablet::synced(&town, "ada").locked();
    let seen = forgetful(
        "private.db-wal",
        &["mark", "12"],
        folder.path(),
        &marked::lost,
    );
    assert!(!seen.lost.is_empty(), "marks without a synced log are lost");

    let lock = |end: &str| {
        let folder = scratch().unwrap();
        let code = locked_vault(folder.path());
        let look = |folder: &Path, lines: &[String]| locked::lost(folder, lines, &code);
        forgetful(end, &["lock"], folder.path(), &look).lost.len()
    };
    assert!(lock("slots.new") > 0, "slots that were not synced are torn");
    assert!(lock("tries.new") > 0, "tries that were not synced are torn");
}
