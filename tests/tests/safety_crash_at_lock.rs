//! The tablet is killed again and again while it locks, and while it brings the databases of older versions up to date. What was
//! told is there afterwards, and each database stands at one released schema as a whole.
//!
//! `RATSMAPPE_KILLS` sets how often, 240 without it: an eighth of them for each.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use stories::kill_at_lock;
use stories::old_schemas::{COMBINATIONS, Left, lay, left};
use stories::power::round::{copy_of, scratch};
use stories::process::Kept;
use stories::tablet::{Tablet, count_from, seeded};
use stories::town::Town;
use tempfile::TempDir;

fn kills() -> usize {
    count_from("RATSMAPPE_KILLS", 240).div_ceil(8)
}

/// Where a run is killed: at a moment after a line was told so many times.
struct Moment {
    line: &'static str,
    times: usize,
    after: Duration,
}

/// Runs the tablet to that moment, kills it, and gives everything it has told.
fn run_and_kill(folder: &Path, round: usize, flags: &[&str], moment: &Moment) -> Vec<String> {
    let mut child = Kept::start(
        Command::new(env!("CARGO_BIN_EXE_tablet-under-test"))
            .arg(folder)
            .arg(round.to_string())
            .args(flags)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped()),
    )
    .unwrap();
    let mut out = BufReader::new(child.child().stdout.take().unwrap()).lines();
    let (mut told, mut seen) = (Vec::new(), 0);
    while seen < moment.times {
        let line: String = out.next().expect("the tablet ended by itself").unwrap();
        seen += usize::from(line == moment.line);
        told.push(line);
    }
    // The instant itself: nothing can be waited for, or it would be no random one.
    let begun = Instant::now();
    while begun.elapsed() < moment.after {
        std::hint::spin_loop();
    }
    child.end().unwrap();
    told.extend(out.map_while(Result::ok));
    told
}

/// How long it takes from one line to another when nothing disturbs it.
fn span(folder: &Path, flags: &[&str], from: &str, to: &str) -> Duration {
    let mut child = Kept::start(
        Command::new(env!("CARGO_BIN_EXE_tablet-under-test"))
            .arg(folder)
            .arg("1000000")
            .args(flags)
            .stdout(Stdio::piped()),
    )
    .unwrap();
    let mut out = BufReader::new(child.child().stdout.take().unwrap()).lines();
    let mut until = |wanted: &str| {
        let told = |line: std::io::Result<String>| line.unwrap() == wanted;
        assert!(out.any(told), "{wanted} is told");
    };
    until(from);
    let begun = Instant::now();
    until(to);
    let span = begun.elapsed();
    child.end().unwrap();
    span
}

/// A random part of a little more than the span.
fn part_of(span: Duration, random: &mut u64) -> Duration {
    let thousandths = u32::try_from(seeded(random) % 1_200).unwrap();
    span * thousandths / 1_000
}

fn record(part: &str, kills: usize) {
    let counts = evidence::Counts {
        tried: kills as u64,
        refused: kills as u64,
        lost: 0,
    };
    evidence::record(&format!("kills.{part}"), counts).unwrap();
}

#[test]
fn safety_nothing_told_is_lost_when_the_app_is_killed_while_locking() {
    let begun = Instant::now();
    let town = Town::small();
    let folder = Tablet::synced(&town, "ada").locked();
    let span = span(folder.path(), &["--lock"], "locking", "locked");
    let (mut random, mut within) = (41, 0);
    for round in 0..kills() {
        let moment = Moment {
            line: "locking",
            times: seeded(&mut random) % 2 + 1,
            after: part_of(span, &mut random),
        };
        let told = run_and_kill(folder.path(), round, &["--lock"], &moment);
        let lost = kill_at_lock::lost(folder.path(), &told);
        assert_eq!(lost, Vec::<String>::new(), "round {round}");
        within += usize::from(told.last().is_some_and(|line| line == "locking"));
    }
    assert!(within > 0, "at least one kill came while it locked");
    record("locking", kills());
    println!(
        "{} kills at the lock, {within} while it locked ({} ms), nothing lost, {:.1} s",
        kills(),
        span.as_millis(),
        begun.elapsed().as_secs_f32()
    );
}

#[test]
fn safety_a_draft_that_is_told_and_not_kept_is_found_out() {
    let town = Town::small();
    let folder = Tablet::synced(&town, "ada").locked();
    let moment = Moment {
        line: "locked",
        times: 1,
        after: Duration::ZERO,
    };
    let told = run_and_kill(folder.path(), 0, &["--lock", "--lie"], &moment);
    assert_eq!(
        kill_at_lock::lost(folder.path(), &told).len(),
        1,
        "{told:?}"
    );
}

fn old_vaults() -> Vec<TempDir> {
    (0..COMBINATIONS)
        .map(|number| {
            let folder = scratch().unwrap();
            lay(folder.path(), number).unwrap();
            folder
        })
        .collect()
}

#[test]
fn safety_each_schema_is_old_or_new_when_the_app_is_killed_while_migrating() {
    let begun = Instant::now();
    let old = old_vaults();
    let whole = copy_of(old[0].path()).unwrap();
    let span = span(whole.path(), &["--migrate"], "opening", "note");
    let (mut random, mut between) = (53, 0);
    for round in 0..kills() {
        let folder = copy_of(old[round % old.len()].path()).unwrap();
        let moment = Moment {
            line: "opening",
            times: 1,
            after: part_of(span, &mut random),
        };
        let told = run_and_kill(folder.path(), round, &["--migrate"], &moment);
        let Left { new, old, wrong } = left(folder.path(), &told);
        assert_eq!(wrong, Vec::<String>::new(), "round {round}, {told:?}");
        between += usize::from(new > 0 && old > 0);
    }
    assert!(between > 0, "at least one kill came between two databases");
    record("migrating", kills());
    println!(
        "{} kills while migrating, {between} between two databases ({} ms), each old or new, {:.1} s",
        kills(),
        span.as_millis(),
        begun.elapsed().as_secs_f32()
    );
}

#[test]
fn safety_a_migration_in_two_steps_is_found_out() {
    for old in old_vaults() {
        let moment = Moment {
            line: "half",
            times: 1,
            after: Duration::ZERO,
        };
        let told = run_and_kill(old.path(), 0, &["--halves"], &moment);
        assert_eq!(told, ["half"]);
        assert!(!left(old.path(), &[]).wrong.is_empty());
    }
}
