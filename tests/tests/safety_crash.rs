//! The tablet is killed again and again while its member writes and while it synchronises. What it has told as stored
//! must be there afterwards, and nothing of the council's data may be half-done. A kill is a crash of the app; for a loss
//! of power the databases rely on fsync.
//!
//! `RATSMAPPE_KILLS` sets how often, 300 without it: two fifths while writing, two while synchronising, one while freeing.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use notes::NoteStore;
use stories::kill_round::{Told, council_of, half_done};
use stories::process::Kept;
use stories::tablet::{PASSPHRASE, Tablet, count_from, read_file, seeded};
use stories::town::Town;
use sync::store::CouncilStore;
use sync::{CancelFlag, SyncEngine};
use vault::{Passphrase, Vault};

/// One test at a time: while one of them starts a program, the child shares for a moment the lock files that the others
/// hold open.
static TURN: Mutex<()> = Mutex::new(());

fn take_turn() -> MutexGuard<'static, ()> {
    TURN.lock().unwrap_or_else(PoisonError::into_inner)
}

fn fifths_of_kills(share: usize) -> u32 {
    u32::try_from((count_from("RATSMAPPE_KILLS", 300) * share).div_ceil(5)).unwrap()
}

/// Runs the tablet until it has told `lines` lines, kills it, and gives everything it has told.
fn run_and_kill(folder: &Path, round: u32, flags: &[&str], lines: usize) -> Told {
    let mut child = Kept::start(
        Command::new(env!("CARGO_BIN_EXE_tablet-under-test"))
            .arg(folder)
            .arg(round.to_string())
            .args(flags)
            .stdout(Stdio::piped()),
    )
    .unwrap();
    let mut out = BufReader::new(child.child().stdout.take().unwrap()).lines();
    let mut told: Vec<String> = (&mut out).take(lines).collect::<Result<_, _>>().unwrap();
    child.end().unwrap();
    assert_eq!(
        told.len(),
        lines,
        "the tablet ended by itself: {:?}",
        told.last()
    );
    // What was already in the pipe was told too; a line that the kill cut in two was not.
    told.extend(out.map_while(Result::ok).filter(|line| is_whole(line)));
    Told::from_lines(&told)
}

/// Whether a line is not the beginning of another. Numbers of one round may be cut, so only words are judged here; a
/// pipe takes a line of this length whole or not at all (POSIX, `PIPE_BUF`).
fn is_whole(line: &str) -> bool {
    line == "step" || line.contains(' ')
}

fn unlocked(folder: &Path) -> Arc<Vault> {
    Arc::new(Vault::unlock(folder, &Passphrase::new(PASSPHRASE)).unwrap())
}

/// What is lost of a round, told by a reopened tablet.
fn lost(folder: &Path, told: &Told, round: u32) -> Vec<String> {
    let vault = unlocked(folder);
    let store = NoteStore::open(Arc::clone(&vault)).unwrap();
    told.lost(&store, council_of(&vault).unwrap(), round)
}

// Shows: O.Resi_10
#[test]
fn safety_nothing_told_is_lost_when_the_app_is_killed_while_writing() {
    let _turn = take_turn();
    let begun = Instant::now();
    let kills = fifths_of_kills(2);
    let town = Town::small();
    let folder = Tablet::synced(&town, "ada").locked();
    let (mut random, mut notes) = (11, 0);
    for round in 0..kills {
        let told = run_and_kill(folder.path(), round, &[], seeded(&mut random) % 30 + 1);
        assert_eq!(
            lost(folder.path(), &told, round),
            Vec::<String>::new(),
            "round {round}"
        );
        notes += told.notes.len() + told.ink;
    }
    assert!(notes >= kills as usize, "the rounds told {notes} marks");
    evidence::record(
        "kills.writing",
        evidence::Counts {
            tried: kills.into(),
            refused: kills.into(),
            lost: 0,
        },
    )
    .unwrap();
    println!(
        "{kills} kills while writing, {notes} marks told, none lost, {:.1} s",
        begun.elapsed().as_secs_f32()
    );
}

/// The papers that change in every round, and what their files say then.
const CHANGING: [&str; 3] = ["2026/184", "2026/190", "2026/191"];

fn words(revision: u32) -> String {
    format!("Fassung-{revision}-Ende")
}

fn change_papers(town: &mut Town, revision: u32) {
    for reference in CHANGING {
        let matter = town.intake.matter(reference);
        matter.secret = words(revision);
        matter.padding = 150_000;
    }
    town.publish();
}

/// The words of a changing paper's file in a revision; files are named like their papers.
fn published(name: &str, revision: u32) -> Option<String> {
    [
        "Neubau der Feuerwache",
        "Verkauf Teichgasse",
        "Pacht Dorfanger",
    ]
    .contains(&name)
    .then(|| words(revision))
}

#[test]
fn safety_nothing_is_half_done_when_the_app_is_killed_while_syncing() {
    let _turn = take_turn();
    let begun = Instant::now();
    let kills = fifths_of_kills(2);
    let mut town = Town::empty();
    change_papers(&mut town, 1);
    let tablet = Tablet::synced(&town, "ada");
    let council = tablet.council;
    let folder = tablet.locked();
    let (mut random, mut steps, mut syncs, mut unfinished) = (23, 0, 0, 0);
    for round in 0..kills {
        change_papers(&mut town, round + 2);
        let told = run_and_kill(
            folder.path(),
            round,
            &["--sync"],
            seeded(&mut random) % 50 + 1,
        );
        assert_eq!(
            lost(folder.path(), &told, round),
            Vec::<String>::new(),
            "round {round}"
        );
        let vault = unlocked(folder.path());
        assert_eq!(
            half_done(&vault, town.now_ms(), told.counter, &published),
            Vec::<String>::new(),
            "round {round}"
        );
        let store = CouncilStore::open(&vault, council, town.now_ms()).unwrap();
        let newest = |row: &sync::store::FileRow| row.present && row.file.revision == round + 2;
        let arrived = store
            .files()
            .unwrap()
            .values()
            .filter(|row| newest(row))
            .count();
        unfinished += u32::from(arrived < CHANGING.len());
        steps += told.steps;
        syncs += usize::from(told.counter > 0);
    }
    assert!(
        unfinished > 0,
        "at least one kill came before its synchronisation was done"
    );
    evidence::record(
        "kills.syncing",
        evidence::Counts {
            tried: kills.into(),
            refused: kills.into(),
            lost: 0,
        },
    )
    .unwrap();
    println!(
        "{kills} kills while syncing ({unfinished} before it was done, {syncs} after, {steps} steps), nothing lost, nothing \
         half-done, {:.1} s",
        begun.elapsed().as_secs_f32()
    );

    // The next synchronisation that is let be brings everything.
    let vault = unlocked(folder.path());
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let engine = SyncEngine::new(town.sync_config());
    runtime
        .block_on(engine.run(&vault, council, |_| {}, CancelFlag::new()))
        .unwrap();
    let store = CouncilStore::open(&vault, council, town.now_ms()).unwrap();
    let files = store.files().unwrap();
    assert!(files.values().all(|row| row.present));
    let newest = files
        .values()
        .filter(|row| published(&row.file.name, 1).is_some());
    assert_eq!(
        newest.filter(|row| row.file.revision == kills + 1).count(),
        CHANGING.len()
    );
}

#[test]
fn safety_no_row_promises_a_file_when_the_app_is_killed_while_freeing() {
    let _turn = take_turn();
    let begun = Instant::now();
    let kills = fifths_of_kills(1);
    let mut town = Town::empty();
    change_papers(&mut town, 1);
    let tablet = Tablet::synced(&town, "ada");
    let council = tablet.council;
    let folder = tablet.locked();
    let (mut random, mut between) = (31, 0);
    for round in 0..kills {
        let lines = seeded(&mut random) % 40 + 1;
        let told = run_and_kill(folder.path(), round, &["--sync", "--free"], lines);
        assert_eq!(
            lost(folder.path(), &told, round),
            Vec::<String>::new(),
            "round {round}"
        );
        let vault = unlocked(folder.path());
        assert_eq!(
            half_done(&vault, town.now_ms(), told.counter, &published),
            Vec::<String>::new(),
            "round {round}"
        );
        let store = CouncilStore::open(&vault, council, town.now_ms()).unwrap();
        let files = store.files().unwrap();
        let here = files.values().filter(|row| row.present).count();
        between += u32::from(here < files.len());
    }
    assert!(between > 0, "at least one kill came while files were away");
    let vault = unlocked(folder.path());
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let engine = SyncEngine::new(town.sync_config());
    runtime
        .block_on(engine.run(&vault, council, |_| {}, CancelFlag::new()))
        .unwrap();
    let store = CouncilStore::open(&vault, council, town.now_ms()).unwrap();
    assert!(store.files().unwrap().values().all(|row| row.present));
    evidence::record(
        "kills.freeing",
        evidence::Counts {
            tried: kills.into(),
            refused: kills.into(),
            lost: 0,
        },
    )
    .unwrap();
    println!(
        "{kills} kills while freeing and fetching again ({between} with files away), no row promised what was gone, {:.1} s",
        begun.elapsed().as_secs_f32()
    );
}

#[test]
fn safety_a_writer_that_tells_before_it_writes_is_found_out() {
    let _turn = take_turn();
    let town = Town::small();
    let folder = Tablet::synced(&town, "ada").locked();
    let told = run_and_kill(folder.path(), 0, &["--lie"], 5);
    assert!(
        !lost(folder.path(), &told, 0).is_empty(),
        "the check must find the planted loss"
    );
}

#[test]
fn safety_a_file_that_is_marked_present_and_is_not_whole_is_found_out() {
    let _turn = take_turn();
    let mut town = Town::empty();
    change_papers(&mut town, 1);
    let tablet = Tablet::synced(&town, "ada");
    assert_eq!(
        half_done(&tablet.vault, town.now_ms(), 0, &published),
        Vec::<String>::new()
    );
    assert_eq!(
        half_done(&tablet.vault, town.now_ms(), u64::MAX, &published).len(),
        1,
        "a forgotten head is noticed"
    );

    let row = tablet.file_of("2026/190").unwrap();
    let path = tablet.blob_path(&row);
    let whole = fs::read(&path).unwrap();
    fs::write(&path, &whole[..whole.len() - 1]).unwrap();
    assert_eq!(
        half_done(&tablet.vault, town.now_ms(), 0, &published).len(),
        1,
        "a file cut by one byte is noticed"
    );
    fs::write(&path, &whole).unwrap();
    let wrong = |name: &str, revision: u32| published(name, revision + 1);
    assert_eq!(
        half_done(&tablet.vault, town.now_ms(), 0, &wrong).len(),
        3,
        "and so is another revision"
    );
    assert!(read_file(&tablet.vault, &tablet.store(), row.id()).is_ok());
}
