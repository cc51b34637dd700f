//! One database gives its place to another, so that a kill between two steps leaves no empty place: the next opening finishes
//! what was begun, or takes it back. Nothing is deleted that counted before.

use crate::atomic;
use crate::database;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Where a whole file waits for its place. There is none but between the steps of [`put`].
fn ready(place: &Path) -> PathBuf {
    atomic::with_suffix(place, ".ready")
}

/// Puts the whole database `from` at `place`. No connection to either may be open.
///
/// Result: where the one before lies now, if there was one.
///
/// Errors: those of the file system; then [`finish`] is to be called before `place` is opened.
pub(crate) fn put(place: &Path, from: &Path) -> io::Result<Option<PathBuf>> {
    make_ready(place, from)?;
    let before = match place.exists() {
        true => Some(database::move_replaced(place)?),
        false => None,
    };
    take_place(place)?;
    Ok(before)
}

fn make_ready(place: &Path, from: &Path) -> io::Result<()> {
    fs::rename(from, ready(place))?;
    atomic::sync_parent(place)
}

fn take_place(place: &Path) -> io::Result<()> {
    fs::rename(ready(place), place)?;
    atomic::sync_parent(place)
}

/// Looks after a [`put`] that did not come to its end: where the place is empty already it goes on, otherwise all stays as it was.
///
/// Errors: those of the file system.
pub(crate) fn finish(place: &Path) -> io::Result<()> {
    match (ready(place).exists(), place.exists()) {
        (true, false) => take_place(place),
        (true, true) => {
            database::take_back_log(place)?;
            database::delete(&ready(place))
        }
        (false, _) => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    /// A folder in which `new` shall take the place of `old`.
    fn scene() -> (tempfile::TempDir, PathBuf, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let (place, from) = (folder.path().join("a.db"), folder.path().join("new.db"));
        fs::write(&place, "old").unwrap();
        fs::write(&from, "new").unwrap();
        (folder, place, from)
    }

    fn told(place: &Path) -> String {
        finish(place).unwrap();
        assert!(!ready(place).exists(), "nothing waits any more");
        fs::read_to_string(place).unwrap()
    }

    #[test]
    fn it_takes_the_place_and_the_one_before_is_kept() {
        let (_folder, place, from) = scene();
        let before = put(&place, &from).unwrap().unwrap();
        assert_eq!(told(&place), "new");
        assert_eq!(fs::read_to_string(before).unwrap(), "old");
        assert!(!from.exists());
    }

    #[test]
    fn a_kill_before_the_place_is_empty_changes_nothing() {
        let (_folder, place, from) = scene();
        make_ready(&place, &from).unwrap();
        assert_eq!(told(&place), "old");
    }

    #[test]
    fn a_kill_after_the_log_was_moved_gives_it_back() {
        let (folder, place, from) = scene();
        make_ready(&place, &from).unwrap();
        let log = folder.path().join("a.db-wal");
        // What an older exchange left is whole and stays; the copy of a reading is no log of the place.
        for (name, words) in [
            ("a.db.replaced-1", "older"),
            ("a.db.replaced-1-wal", "older log"),
            ("a.db.reading-wal", "copied log"),
            ("a.db.replaced-2-wal", "log"),
        ] {
            fs::write(folder.path().join(name), words).unwrap();
        }
        assert_eq!(told(&place), "old");
        assert_eq!(fs::read_to_string(log).unwrap(), "log");
        let older = folder.path().join("a.db.replaced-1-wal");
        assert_eq!(fs::read_to_string(older).unwrap(), "older log");
    }

    #[test]
    fn a_kill_while_the_place_is_empty_is_finished() {
        let (_folder, place, from) = scene();
        make_ready(&place, &from).unwrap();
        let before = database::move_replaced(&place).unwrap();
        assert!(!place.exists(), "the moment that must not last");
        assert_eq!(told(&place), "new");
        assert_eq!(fs::read_to_string(before).unwrap(), "old");
    }
}
