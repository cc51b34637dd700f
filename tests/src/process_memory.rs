//! The memory of other processes, searched for words and keys. Linux; only for processes that this one may look into.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::os::unix::fs::FileExt;
use std::path::Path;

use anyhow::Result;

use crate::window::children;
use evidence::looking::Looker;

/// Read at once, bytes: a multiple of a page.
const PIECE: usize = 1 << 20;
const PAGE: usize = 4096;

/// A process with all that it has started, and what those have started.
///
/// Errors: `/proc` cannot be read.
pub fn family(process: u32) -> Result<Vec<u32>> {
    let mut family = vec![process];
    let mut at = 0;
    while let Some(parent) = family.get(at) {
        family.extend(children(*parent)?);
        at += 1;
    }
    Ok(family)
}

/// The program's name, as the kernel shortens it.
#[must_use]
pub fn name_of(process: u32) -> String {
    fs::read_to_string(format!("/proc/{process}/comm")).map_or_else(
        |_| format!("process {process}"),
        |name| name.trim().to_owned(),
    )
}

/// What was found of what is looked for, by program.
pub type Found = BTreeMap<String, BTreeSet<String>>;

/// Looks through the memory of these processes.
///
/// Result: what was found where, and how many bytes were looked through.
/// Errors: one of them may not be looked into.
pub fn search(family: &[u32], looker: &Looker) -> Result<(Found, u64)> {
    let (mut found, mut bytes) = (Found::new(), 0);
    for process in family {
        let name = name_of(*process);
        let (here, length) = match search_one(*process, looker) {
            Ok(seen) => seen,
            // It has ended, and its memory with it.
            Err(_) if !Path::new(&format!("/proc/{process}")).exists() => continue,
            Err(error) => return Err(error.context(format!("the memory of {name}"))),
        };
        bytes += length;
        if !here.is_empty() {
            found.entry(name).or_default().extend(here);
        }
    }
    Ok((found, bytes))
}

fn search_one(process: u32, looker: &Looker) -> Result<(BTreeSet<String>, u64)> {
    let maps = fs::read_to_string(format!("/proc/{process}/maps"))?;
    let memory = File::open(format!("/proc/{process}/mem"))?;
    let pages = File::open(format!("/proc/{process}/pagemap"))?;
    let (mut found, mut bytes) = (BTreeSet::new(), 0);
    for (from, to) in maps.lines().filter_map(own_range) {
        let mut before: Vec<u8> = Vec::new();
        for at in (from..to).step_by(PIECE) {
            let length = PIECE.min(usize::try_from(to - at)?);
            let piece = present(&memory, &pages, at, length)?;
            bytes += piece.len() as u64;
            // Pieces overlap by the longest needle; a page that is not there parts what stands on both sides of it nowhere else.
            before.extend(&piece);
            found.extend(looker.found(&before));
            let kept = before.len().saturating_sub(looker.longest());
            before.drain(..kept);
        }
    }
    Ok((found, bytes))
}

/// Where something of its own can stand: whatever can be written to, or belongs to no file.
///
/// Source: proc(5), `/proc/PID/maps`.
fn own_range(line: &str) -> Option<(u64, u64)> {
    let mut words = line.split_whitespace();
    let (range, rights) = (words.next()?, words.next()?);
    let inode = words.nth(2)?;
    if line.ends_with("[vvar]") || line.ends_with("[vsyscall]") || line.ends_with("[vvar_vclock]") {
        return None;
    }
    let (from, to) = range.split_once('-')?;
    let place = |hex| u64::from_str_radix(hex, 16).ok();
    (rights.contains('w') || inode == "0").then_some((place(from)?, place(to)?))
}

/// The pages of a range that are in memory or swapped out, one after the other.
///
/// Source: kernel, `admin-guide/mm/pagemap`: eight bytes a page, the highest bit says present, the next swapped.
fn present(memory: &File, pages: &File, from: u64, length: usize) -> Result<Vec<u8>> {
    let mut entries = vec![0; length / PAGE * 8];
    pages.read_exact_at(&mut entries, from / PAGE as u64 * 8)?;
    let is_there: Vec<bool> = entries.chunks(8).map(|entry| entry[7] >> 6 > 0).collect();
    let mut piece = Vec::new();
    let mut page = 0;
    while page < is_there.len() {
        let run = is_there[page..]
            .iter()
            .take_while(|there| **there == is_there[page])
            .count();
        if is_there[page] {
            let mut bytes = vec![0; run * PAGE];
            // What cannot be read is memory of a device, or has just been given back.
            let read = memory.read_at(&mut bytes, from + (page * PAGE) as u64);
            piece.extend(&bytes[..read.unwrap_or(0)]);
        }
        page += run;
    }
    Ok(piece)
}
