//! Memory of a program with its children: the sum of their proportional set sizes, as Linux counts them.

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

/// Bytes of the process `top` and all its descendants; what a process shares is divided among those who share it.
pub fn pss_of_tree(top: u32) -> Result<u64> {
    let children = children()?;
    let (mut left, mut bytes) = (vec![top], 0);
    while let Some(pid) = left.pop() {
        bytes += pss(pid).unwrap_or(0);
        left.extend(children.get(&pid).into_iter().flatten());
    }
    Ok(bytes)
}

/// The process of the program `name` that was started with `argument`.
pub fn find(name: &str, argument: &Path) -> Result<u32> {
    let argument = argument.to_string_lossy().into_owned();
    for pid in pids()? {
        let Ok(line) = fs::read(format!("/proc/{pid}/cmdline")) else {
            continue;
        };
        let words: Vec<String> = line
            .split(|byte| *byte == 0)
            .map(|word| String::from_utf8_lossy(word).into_owned())
            .collect();
        let is_program = words.first().is_some_and(|first| {
            Path::new(first)
                .file_name()
                .is_some_and(|file| file == name)
        });
        if is_program && words.contains(&argument) {
            return Ok(pid);
        }
    }
    anyhow::bail!("{name} does not run on {argument}")
}

fn pids() -> Result<Vec<u32>> {
    let mut found = Vec::new();
    for entry in fs::read_dir("/proc").context("no /proc: this measurement needs Linux")? {
        found.extend(
            entry?
                .file_name()
                .to_str()
                .and_then(|name| name.parse::<u32>().ok()),
        );
    }
    Ok(found)
}

/// Processes may end while one looks; those are left out.
fn children() -> Result<HashMap<u32, Vec<u32>>> {
    let mut children: HashMap<u32, Vec<u32>> = HashMap::new();
    for pid in pids()? {
        let Ok(stat) = fs::read_to_string(format!("/proc/{pid}/stat")) else {
            continue;
        };
        // The name in brackets may hold anything; state and parent follow the last bracket.
        let parent = stat
            .rsplit(')')
            .next()
            .and_then(|rest| rest.split_whitespace().nth(1))
            .and_then(|parent| parent.parse().ok());
        if let Some(parent) = parent {
            children.entry(parent).or_default().push(pid);
        }
    }
    Ok(children)
}

fn pss(pid: u32) -> Option<u64> {
    let text = fs::read_to_string(format!("/proc/{pid}/smaps_rollup")).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("Pss:"))?;
    let kib: u64 = line.split_whitespace().next()?.parse().ok()?;
    Some(kib * 1024)
}
