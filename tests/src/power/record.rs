//! Reads the record that `faulty-disk` writes; its form stands at the head of that crate.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

/// One call that came to its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    Open {
        handle: u64,
        path: PathBuf,
        is_made: bool,
        is_emptied: bool,
    },
    Write {
        handle: u64,
        at: u64,
        bytes: Vec<u8>,
    },
    Truncate {
        handle: u64,
        len: u64,
    },
    Sync {
        handle: u64,
    },
    Rename {
        from: PathBuf,
        to: PathBuf,
    },
    Unlink(PathBuf),
    MakeFolder(PathBuf),
    RemoveFolder(PathBuf),
    Read,
    /// Whole lines, without their ends.
    Told(Vec<String>),
    Fault,
}

/// All that happened, in order.
#[derive(Debug)]
pub struct Record(pub Vec<Entry>);

impl Record {
    /// Reads the whole record; paths are as seen from `folder`.
    ///
    /// Errors: it is not of the form, or names something outside the folder.
    pub fn read(path: &Path, folder: &Path) -> Result<Self> {
        let bytes = std::fs::read(path).context("no record")?;
        let mut rest = bytes.as_slice();
        let mut entries = Vec::new();
        while !rest.is_empty() {
            let end = rest
                .iter()
                .position(|byte| *byte == b'\n')
                .context("a line without an end")?;
            let (line, after) = rest.split_at(end);
            rest = &after[1..];
            let line = std::str::from_utf8(line)?;
            let entry = parse(line, folder, &mut rest).with_context(|| format!("line {line}"))?;
            entries.push(entry);
        }
        Ok(Self(entries))
    }

    /// Everything that was told before an entry.
    #[must_use]
    pub fn told_before(&self, point: usize) -> Vec<String> {
        let told = self.0[..point].iter().filter_map(|entry| match entry {
            Entry::Told(lines) => Some(lines.clone()),
            _ => None,
        });
        told.flatten().collect()
    }

    /// Whether a call did not do what it was asked for.
    #[must_use]
    pub fn has_faults(&self) -> bool {
        self.0.contains(&Entry::Fault)
    }

    /// How many calls there were in each class that a fault can name.
    #[must_use]
    pub fn calls(&self) -> BTreeMap<&'static str, usize> {
        let mut calls = BTreeMap::new();
        for entry in &self.0 {
            let class = match entry {
                Entry::Open { .. } => "open",
                Entry::Read => "read",
                Entry::Write { .. } => "write",
                Entry::Truncate { .. } => "truncate",
                Entry::Sync { .. } => "sync",
                Entry::Told(_) | Entry::Fault => continue,
                _ => "name",
            };
            *calls.entry(class).or_default() += 1;
        }
        calls
    }
}

fn parse(line: &str, folder: &Path, rest: &mut &[u8]) -> Result<Entry> {
    let (verb, words) = line.split_once(' ').context("a word alone")?;
    let inside =
        |path: &str| -> Result<PathBuf> { Ok(Path::new(path).strip_prefix(folder)?.to_path_buf()) };
    let mut numbers = words.split(' ').map(str::parse::<u64>);
    let mut number = || -> Result<u64> { Ok(numbers.next().context("a number is missing")??) };
    Ok(match verb {
        "open" => {
            let mut parts = words.splitn(3, ' ');
            let (handle, what, path) = (parts.next(), parts.next(), parts.next());
            Entry::Open {
                handle: handle.context("no handle")?.parse()?,
                path: inside(path.context("no path")?)?,
                is_made: what == Some("c"),
                is_emptied: what == Some("t"),
            }
        }
        "write" => Entry::Write {
            handle: number()?,
            at: number()?,
            bytes: take(rest, number()?)?,
        },
        "truncate" => Entry::Truncate {
            handle: number()?,
            len: number()?,
        },
        "sync" => Entry::Sync { handle: number()? },
        "rename" => {
            let (from, to) = words.split_once('\t').context("one name alone")?;
            Entry::Rename {
                from: inside(from)?,
                to: inside(to)?,
            }
        }
        "unlink" => Entry::Unlink(inside(words)?),
        "mkdir" => Entry::MakeFolder(inside(words)?),
        "rmdir" => Entry::RemoveFolder(inside(words)?),
        "read" => Entry::Read,
        "told" => {
            let text = String::from_utf8(take(rest, number()?)?)?;
            // One line at a time is told, whole.
            anyhow::ensure!(text.ends_with('\n'), "told in pieces: {text}");
            Entry::Told(text.lines().map(str::to_owned).collect())
        }
        "fault" => Entry::Fault,
        _ => bail!("no such word"),
    })
}

/// The bytes that follow a line, and their end.
fn take(rest: &mut &[u8], len: u64) -> Result<Vec<u8>> {
    let len = usize::try_from(len)?;
    anyhow::ensure!(rest.get(len) == Some(&b'\n'), "the bytes are cut off");
    let (bytes, after) = rest.split_at(len);
    *rest = &after[1..];
    Ok(bytes.to_vec())
}
