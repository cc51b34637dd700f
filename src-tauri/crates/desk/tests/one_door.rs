//! Only one file makes a share of something private: looked for in the sources, as the compiler looks at whole crates alone.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "helpers of tests fail by panicking"
)]

use std::fs;
use std::path::{Path, PathBuf};

const DOOR: &str = "commands/share.rs";
/// What makes a share, and what reads the member's own marks.
const MAKES: [&str; 2] = ["Shareable::copy", ".share(&shareable"];
const READS: [&str; 4] = [".list_for", ".mark(", "NoteStore", "notes.list"];

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else {
            found.push(path);
        }
    }
}

fn is_door(path: &Path) -> bool {
    path.ends_with(DOOR)
}

/// Files that make shares, and files of the faction that read marks; the door is in neither.
fn leaks(files: &[(PathBuf, String)]) -> Vec<PathBuf> {
    let says = |text: &str, words: &[&str]| words.iter().any(|word| text.contains(word));
    let other = files.iter().filter(|(path, _)| !is_door(path));
    other
        .filter(|(path, text)| {
            let is_factions = path.to_string_lossy().contains("faction");
            says(text, &MAKES) || is_factions && says(text, &READS)
        })
        .map(|(path, _)| path.clone())
        .collect()
}

// Shows: O.Purp_2, O.Purp_8
#[test]
fn only_the_door_makes_shares_of_what_is_private() {
    let mut paths = Vec::new();
    sources(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("src"),
        &mut paths,
    );
    let mut files: Vec<(PathBuf, String)> = paths
        .into_iter()
        .map(|path| (path.clone(), fs::read_to_string(path).unwrap()))
        .collect();
    let door = files
        .iter()
        .find(|(path, _)| is_door(path))
        .expect("the door");
    assert!(
        MAKES.iter().all(|word| door.1.contains(word)),
        "the door makes shares"
    );
    assert_eq!(leaks(&files), Vec::<PathBuf>::new());
    // The search finds what is planted.
    files.push((
        PathBuf::from("src/commands/faction/bad.rs"),
        "let marks = session.notes.list_for_file(council, file)?;".to_owned(),
    ));
    files.push((
        PathBuf::from("src/commands/other.rs"),
        "Shareable::copy(copy, readers)".to_owned(),
    ));
    assert_eq!(leaks(&files).len(), 2);
}
