//! Papers that lie beside the tests: none of them is part of the repository.

use std::fs;
use std::path::{Path, PathBuf};

fn repository() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../..")
}

/// The PDFs below `folder` in the shared data, or nothing, which is said. The data is at `RATSMAPPE_SHARED`, or `shared` beside
/// the repository.
pub fn shared(folder: &str) -> Vec<PathBuf> {
    let shared = std::env::var_os("RATSMAPPE_SHARED")
        .map_or_else(|| repository().join("../shared"), PathBuf::from);
    below(&shared.join("data/pdf").join(folder), folder)
}

/// The papers of the demonstration council that were typeset here.
pub fn demonstration() -> Vec<PathBuf> {
    below(
        &repository().join("target/debug/demo-cache"),
        "the demonstration council",
    )
}

#[allow(clippy::print_stderr, reason = "says what is not checked")]
fn below(root: &Path, what: &str) -> Vec<PathBuf> {
    if !root.is_dir() {
        eprintln!("no files of {what}: only made ones are checked");
        return Vec::new();
    }
    let mut found = Vec::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path
                .extension()
                .is_some_and(|end| end.eq_ignore_ascii_case("pdf"))
            {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}
