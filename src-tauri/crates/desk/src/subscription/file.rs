//! The one calendar file in the folder for downloads. A file that somebody else has put there is neither written over
//! nor removed.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Read};
use std::path::Path;

use crate::calendar::is_feed;

/// Name of the file, unless a stranger has it.
pub(super) const NAME: &str = "Ratsmappe-Sitzungen.ics";
const STEM: &str = "Ratsmappe-Sitzungen";
/// Names tried, as for other files that leave the app.
const MOST_NAMES: u32 = 1000;
/// As much as tells whose file it is, bytes.
const HEAD_LEN: u64 = 512;

enum Owner {
    Nobody,
    Ours,
    Stranger,
}

fn owner(path: &Path) -> io::Result<Owner> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Owner::Nobody),
        Err(error) => return Err(error),
    };
    let mut head = Vec::new();
    match file.take(HEAD_LEN).read_to_end(&mut head) {
        Ok(_) if is_feed(&head) => Ok(Owner::Ours),
        Ok(_) => Ok(Owner::Stranger),
        Err(error) if error.kind() == ErrorKind::IsADirectory => Ok(Owner::Stranger),
        Err(error) => Err(error),
    }
}

/// The name to write under: the one used last, or the next that no stranger has.
pub(super) fn usable_name(dir: &Path, last: &str) -> io::Result<String> {
    let numbered = (2..=MOST_NAMES).map(|number| format!("{STEM} ({number}).ics"));
    for name in [last.to_owned(), NAME.to_owned()]
        .into_iter()
        .chain(numbered)
    {
        if !matches!(owner(&dir.join(&name))?, Owner::Stranger) {
            return Ok(name);
        }
    }
    Err(ErrorKind::AlreadyExists.into())
}

/// Makes the file say this; the folder is made if it is missing.
///
/// Result: whether it had to be written: one that says it already is not touched.
pub(super) fn write_if_other(dir: &Path, name: &str, text: &str) -> io::Result<bool> {
    let path = dir.join(name);
    if fs::read(&path).is_ok_and(|bytes| bytes == text.as_bytes()) {
        return Ok(false);
    }
    fs::create_dir_all(dir)?;
    vault::atomic::write_file(&path, text.as_bytes())?;
    Ok(true)
}

/// Removes the file if it is ours; one that is not there counts as removed.
pub(super) fn remove(dir: &Path, name: &str) -> io::Result<()> {
    let path = dir.join(name);
    match owner(&path)? {
        Owner::Ours => vault::atomic::remove_file(&path),
        Owner::Nobody | Owner::Stranger => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::feed_text;

    #[test]
    fn the_same_text_is_not_written_twice_and_a_neighbour_does_not_stay() {
        let dir = tempfile::tempdir().unwrap();
        let dir = dir.path().join("Downloads");
        let text = feed_text("Sitzungen", std::iter::empty());
        assert!(write_if_other(&dir, NAME, &text).unwrap());
        assert!(!write_if_other(&dir, NAME, &text).unwrap());
        fs::write(dir.join(NAME), "half").unwrap();
        assert!(write_if_other(&dir, NAME, &text).unwrap());
        assert_eq!(fs::read_to_string(dir.join(NAME)).unwrap(), text);
        assert_eq!(fs::read_dir(&dir).unwrap().count(), 1);
        remove(&dir, NAME).unwrap();
        remove(&dir, NAME).unwrap();
        assert_eq!(fs::read_dir(&dir).unwrap().count(), 0);
    }

    #[test]
    fn the_file_of_a_stranger_stays_as_it_is() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join(NAME), "my own calendar").unwrap();
        fs::create_dir(dir.path().join("Ratsmappe-Sitzungen (2).ics")).unwrap();
        assert_eq!(
            usable_name(dir.path(), NAME).unwrap(),
            "Ratsmappe-Sitzungen (3).ics"
        );
        remove(dir.path(), NAME).unwrap();
        assert_eq!(
            fs::read_to_string(dir.path().join(NAME)).unwrap(),
            "my own calendar"
        );
    }

    #[test]
    fn ours_is_known_again() {
        let dir = tempfile::tempdir().unwrap();
        let text = feed_text("Sitzungen", std::iter::empty());
        write_if_other(dir.path(), NAME, &text).unwrap();
        assert_eq!(usable_name(dir.path(), NAME).unwrap(), NAME);
    }
}
