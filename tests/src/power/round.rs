//! Lets a program work on a disk that is recorded or fails, and goes through what may be found of its folder afterwards.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result};
use tempfile::TempDir;

use super::disk::{Disk, Image, Luck, lay};
use super::record::{Entry, Record};
use crate::process::Kept;
use crate::tablet::seeded;

/// A folder in memory where the system has one: whoever looks at thousands of folders need not wait for a real disk.
///
/// Errors: it cannot be made.
pub fn scratch() -> Result<TempDir> {
    let memory = Path::new("/dev/shm");
    Ok(match memory.is_dir() {
        true => TempDir::new_in(memory)?,
        false => TempDir::new()?,
    })
}

/// What came of a run.
#[derive(Debug)]
pub struct Run {
    pub record: Record,
    /// Everything that was told.
    pub lines: Vec<String>,
    /// What it said on its standard error.
    pub errors: String,
    pub is_well: bool,
}

/// A program, its work and the disk under it.
#[derive(Debug)]
pub struct Work<'a> {
    pub program: &'a Path,
    /// The word and what follows the folder.
    pub words: &'a [&'a str],
    pub folder: &'a Path,
    /// What the disk shall do; variables of `faulty-disk`.
    pub disk: &'a [(&'a str, &'a str)],
}

/// Lets it work to its end.
///
/// * `answer` – called for each `waits …` of the program, which goes on afterwards.
///
/// Errors: it does not start, or leaves no record.
pub fn run(work: &Work<'_>, mut answer: impl FnMut(&str)) -> Result<Run> {
    let place = scratch()?;
    let record = place.path().join("record");
    let folder = work.folder.canonicalize()?;
    let [verb, more @ ..] = work.words else {
        anyhow::bail!("no work");
    };
    let mut child = Kept::start(
        Command::new(work.program)
            .arg(verb)
            .arg(&folder)
            .args(more)
            .env("RATSMAPPE_DISK_FOLDER", &folder)
            .env("RATSMAPPE_DISK_RECORD", &record)
            .envs(work.disk.iter().copied())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped()),
    )?;
    let pipes = child.child();
    let mut input = pipes.stdin.take().context("no input")?;
    let output = pipes.stdout.take().context("no output")?;
    let mut complaints = pipes.stderr.take().context("no errors")?;
    // Read beside, so that neither pipe fills up.
    let reading = std::thread::spawn(move || {
        let mut text = String::new();
        complaints.read_to_string(&mut text).map(|_| text)
    });
    let mut lines = Vec::new();
    for line in BufReader::new(output).lines() {
        let line = line?;
        if line.starts_with("waits") {
            answer(&line);
            input.write_all(b"\n")?;
        }
        lines.push(line);
    }
    let is_well = child.child().wait()?.success();
    let errors = reading.join().expect("the reader does not panic")?;
    Ok(Run {
        record: Record::read(&record, &folder)?,
        lines,
        errors,
        is_well,
    })
}

/// A moment at which the power fails, and what the disk makes of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Point {
    /// Entries of the record that came before it.
    pub at: usize,
    pub luck: Luck,
}

/// Moments before and after everything that makes something durable, names something or is told: first each with the worst luck,
/// then each with ever other ones, and as many moments between them. Where there are more than `count`, every so many of them.
#[must_use]
pub fn points(record: &Record, count: usize) -> Vec<Point> {
    let mut moments = Vec::new();
    for (at, entry) in record.0.iter().enumerate() {
        if !matches!(
            entry,
            Entry::Write { .. } | Entry::Read | Entry::Open { .. } | Entry::Truncate { .. }
        ) {
            moments.extend([at, at + 1]);
        }
    }
    moments.dedup();
    let mut points: Vec<Point> = moments
        .iter()
        .map(|at| Point {
            at: *at,
            luck: Luck::Lost,
        })
        .collect();
    if points.len() > count {
        let last = points.len();
        points = (0..count).map(|n| points[n * last / count]).collect();
    }
    let mut random = 71;
    while points.len() < count && !moments.is_empty() {
        let number = seeded(&mut random);
        let at = match number % 2 {
            0 => moments[seeded(&mut random) % moments.len()],
            _ => seeded(&mut random) % record.0.len(),
        };
        let luck = match number % 16 {
            2 => Luck::Kept,
            _ => Luck::Seeded(random),
        };
        points.push(Point { at, luck });
    }
    points.sort_by_key(|point| point.at);
    points
}

/// What going through the points has shown.
#[derive(Debug, Default)]
pub struct Seen {
    pub points: usize,
    /// Different folders with different things told.
    pub different: usize,
    /// Where something was lost, and what.
    pub lost: Vec<(Point, Vec<String>)>,
}

/// Lets the power fail at each point and looks at what is found.
///
/// * `before` – the folder as it was before the run.
/// * `look` – gets a folder and what was told before the power failed; gives what is lost.
///
/// Errors: a folder cannot be laid out.
pub fn go_through(
    before: &Path,
    record: &Record,
    points: &[Point],
    look: &dyn Fn(&Path, &[String]) -> Vec<String>,
) -> Result<Seen> {
    let mut disk = Disk::of(before)?;
    let (mut done, mut seen, mut known) = (0, Seen::default(), HashSet::new());
    for point in points {
        for entry in &record.0[done..point.at] {
            disk.apply(entry);
        }
        done = point.at;
        seen.points += 1;
        let (image, lines) = (disk.image(point.luck), record.told_before(point.at));
        if !known.insert(print_of(&image, lines.len())) {
            continue;
        }
        seen.different += 1;
        let found = scratch()?;
        lay(&image, found.path())?;
        let lost = look(found.path(), &lines);
        if !lost.is_empty() {
            seen.lost.push((*point, lost));
        }
    }
    Ok(seen)
}

fn print_of(image: &Image, told: usize) -> u64 {
    let mut hasher = DefaultHasher::new();
    (image, told).hash(&mut hasher);
    hasher.finish()
}

/// Whether the record has no holes: what it says was done to `before` gives `after`, byte for byte.
///
/// Errors: a folder cannot be read.
pub fn is_complete(before: &Path, record: &Record, after: &Path) -> Result<bool> {
    let mut disk = Disk::of(before)?;
    for entry in &record.0 {
        disk.apply(entry);
    }
    Ok(disk.image(Luck::Kept) == Disk::of(after)?.image(Luck::Kept))
}

/// A copy of a folder as it is now.
///
/// Errors: it cannot be copied.
pub fn copy_of(folder: &Path) -> Result<TempDir> {
    let copy = scratch()?;
    lay(&Disk::of(folder)?.image(Luck::Kept), copy.path())?;
    Ok(copy)
}
