//! What a safety suite has seen, kept where `cargo xtask evidence` finds it: one file for each suite, the last run counts.
//! Decides nothing; a suite fails by its own assertions.

pub mod looking;
pub mod parsers;

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

/// What one suite counts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Attacks, kills, vectors: whatever the suite tries.
    pub tried: u64,
    /// Those that were refused, found or survived as they must be.
    pub refused: u64,
    /// Those after which something was lost, open or wrong.
    pub lost: u64,
}

/// The folder of the files; `target/evidence` of the workspace unless `CARGO_TARGET_DIR` says otherwise.
pub fn folder() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let root = here.ancestors().nth(2).unwrap_or(here);
    std::env::var_os("CARGO_TARGET_DIR")
        .map_or_else(|| root.join("target"), PathBuf::from)
        .join("evidence")
}

/// Keeps what a suite has counted, in place of its last run.
///
/// * `suite` – lower case with hyphens; parts of one suite that run by themselves add theirs after a dot, as `vectors.hmac`.
///
/// Errors: the file cannot be written.
pub fn record(suite: &str, counts: Counts) -> io::Result<()> {
    let folder = folder();
    fs::create_dir_all(&folder)?;
    let text = serde_json::to_string(&counts)?;
    // Two test programs may end at the same moment: each writes its own file whole.
    let part = folder.join(format!("{suite}.{}.part", std::process::id()));
    fs::write(&part, text)?;
    fs::rename(part, folder.join(format!("{suite}.json")))
}

/// All suites with the sum of their parts.
///
/// Errors: the folder or a file cannot be read.
pub fn read_all() -> io::Result<BTreeMap<String, Counts>> {
    let mut all: BTreeMap<String, Counts> = BTreeMap::new();
    for entry in fs::read_dir(folder())? {
        let path = entry?.path();
        let name = path.file_name().and_then(|name| name.to_str());
        let Some(name) = name.and_then(|name| name.strip_suffix(".json")) else {
            continue;
        };
        let suite = name.split('.').next().unwrap_or(name);
        let counts: Counts = serde_json::from_slice(&fs::read(&path)?)?;
        let sum = all.entry(suite.to_owned()).or_default();
        sum.tried += counts.tried;
        sum.refused += counts.refused;
        sum.lost += counts.lost;
    }
    Ok(all)
}
