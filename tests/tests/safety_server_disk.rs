//! The council server when its power fails and on a disk that fails: whatever was told as done is there afterwards, the
//! tables open, the audit is whole, every file that they name is right, and a backup is whole or not there.
//!
//! `RATSMAPPE_POWER_POINTS` and `RATSMAPPE_DISK_FAULTS` set how often, as for the tablet; a sixth of them is the server's.
#![cfg(target_os = "linux")]

use std::path::Path;

use stories::power::round::{Run, Work, go_through, is_complete, points, run, scratch};
use stories::power::server;
use stories::tablet::count_from;
use tempfile::TempDir;

const PROGRAM: &str = env!("CARGO_BIN_EXE_server-on-a-disk");

/// What a class of calls may answer instead.
const FAULTS: [(&str, &[&str]); 6] = [
    ("open", &["EIO:once", "EMFILE:once", "ENOSPC:on"]),
    ("read", &["EIO:once", "EINTR:once", "short:once"]),
    (
        "write",
        &["ENOSPC:once", "EIO:once", "short:once", "ENOSPC:on"],
    ),
    ("truncate", &["EIO:once", "ENOSPC:on"]),
    ("sync", &["EIO:once", "EIO:on"]),
    ("name", &["EIO:once", "EROFS:on"]),
];

/// Lets the server work on a disk. Result: what came of it, and the folder.
fn worked(disk: &[(&str, &str)]) -> (Run, TempDir) {
    let (folder, intakes) = (scratch().unwrap(), server::intakes());
    let intakes = ["first", "second"].map(|name| intakes.path().join(name).display().to_string());
    let work = Work {
        program: Path::new(PROGRAM),
        words: &["work", &intakes[0], &intakes[1]],
        folder: folder.path(),
        disk,
    };
    (run(&work, |_| {}).unwrap(), folder)
}

fn record(name: &str, tried: usize, lost: usize) {
    let (tried, lost) = (tried as u64, lost as u64);
    let counts = evidence::Counts {
        tried,
        refused: tried - lost,
        lost,
    };
    evidence::record(name, counts).unwrap();
}

#[test]
fn safety_the_council_server_loses_nothing_when_its_power_fails() {
    let before = scratch().unwrap();
    let (good, folder) = worked(&[]);
    assert!(good.is_well, "{}", good.errors);
    let failed = good.lines.iter().find(|line| line.starts_with("failed"));
    assert_eq!(failed, None, "nothing fails on a good disk");
    assert_eq!(good.lines.last().map(String::as_str), Some("end"));
    assert!(
        is_complete(before.path(), &good.record, folder.path()).unwrap(),
        "the record has holes"
    );
    let count = count_from("RATSMAPPE_POWER_POINTS", 900) / 6;
    let points = points(&good.record, count);
    let seen = go_through(before.path(), &good.record, &points, &server::lost).unwrap();
    for (point, lost) in seen.lost.iter().take(12) {
        println!("{point:?}: {lost:?}");
    }
    println!(
        "{} losses of power, {} different folders",
        seen.points, seen.different
    );
    record("power-loss.server", seen.points, seen.lost.len());
    assert!(seen.lost.is_empty(), "{} with a loss", seen.lost.len());
}

#[test]
fn safety_the_council_server_outlives_a_failing_disk() {
    let (good, folder) = worked(&[]);
    assert_eq!(
        server::lost(folder.path(), &good.lines),
        Vec::<String>::new()
    );
    let calls = good.record.calls();
    let mut all = Vec::new();
    for (class, ways) in FAULTS {
        let count = calls.get(class).copied().unwrap_or(0);
        assert!(count > 0, "{class} is never called");
        for number in 0..count {
            all.extend(ways.iter().map(|way| format!("{class}:{number}:{way}")));
        }
    }
    let count = count_from("RATSMAPPE_DISK_FAULTS", 300) / 6;
    let every = (all.len() / count).max(1);
    // From each stretch another one, so that no way is left out.
    let chosen = (0..all.len() / every).map(|n| &all[n * every + n % every]);
    let (mut tried, mut told, mut lost) = (0, 0, 0);
    for fault in chosen {
        let (run, folder) = worked(&[("RATSMAPPE_DISK_FAULT", fault)]);
        // Fewer calls than in the good run: the fault never came.
        if !run.record.has_faults() {
            continue;
        }
        tried += 1;
        told += usize::from(run.lines.iter().any(|line| line.starts_with("failed")));
        let is_well = run.is_well && !run.errors.contains("panicked");
        let mut wrong = server::lost(folder.path(), &run.lines);
        if !is_well {
            wrong.push(format!("it broke down: {}", run.errors));
        }
        if !wrong.is_empty() {
            lost += 1;
            println!("{fault}: {wrong:?}\n  after {:?}", run.lines);
        }
    }
    println!("{tried} faults, {told} told, {lost} with a loss");
    record("failing-disk.server", tried, lost);
    assert!(told > 0, "some faults cannot be hidden");
    assert_eq!(lost, 0, "of {tried}");
}

#[test]
fn safety_a_server_on_a_disk_that_forgets_a_sync_is_found_out() {
    let before = scratch().unwrap();
    let (run, folder) = worked(&[("RATSMAPPE_DISK_FORGETS", "server.db-wal")]);
    assert!(run.is_well, "{}", run.errors);
    let points = points(&run.record, 120);
    let seen = go_through(before.path(), &run.record, &points, &server::lost).unwrap();
    assert!(
        !seen.lost.is_empty(),
        "tables without a synced log are lost"
    );
    let mut lines = run.lines.clone();
    lines.push("person nobody".to_owned());
    assert_eq!(server::lost(folder.path(), &lines), ["nobody is gone"]);
}
