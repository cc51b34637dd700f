//! The one way a file leaves the app: into the member's own folder, under a free name. Out there nothing is encrypted: whoever
//! writes one has decided that nothing nonpublic is in it, or the member was warned and said so.

use std::fs::{self, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

/// Names tried: "a.ics", "a (2).ics" and so on.
const MOST_NAMES: u32 = 1000;
/// Letters of a name before its ending; with three bytes each still below the 255 that file systems take.
const MOST_LETTERS: usize = 80;

/// Writes a new file, whole or not at all; one that is there already stays as it is.
///
/// * `dir` – made if it is missing.
/// * `ending` – without its dot.
///
/// Result: where it lies.
pub(crate) fn write_new(dir: &Path, stem: &str, ending: &str, text: &str) -> io::Result<PathBuf> {
    write_new_bytes(dir, stem, ending, text.as_bytes())
}

/// The same with bytes.
pub(crate) fn write_new_bytes(
    dir: &Path,
    stem: &str,
    ending: &str,
    bytes: &[u8],
) -> io::Result<PathBuf> {
    fs::create_dir_all(dir)?;
    let part = free_name(|number| {
        let path = dir.join(numbered(&format!(".{stem}"), "part", number));
        OpenOptions::new()
            .write(true)
            .create_new(true)
            .open(&path)
            .map(|file| (path, file))
    });
    let (part, mut file) = part?;
    let written = file
        .write_all(bytes)
        .and_then(|()| file.sync_all())
        .and_then(|()| {
            free_name(|number| {
                let path = dir.join(numbered(stem, ending, number));
                // The name is taken first, so that nothing that is there is ever written over.
                let taken = OpenOptions::new().write(true).create_new(true).open(&path);
                taken.map(|_| path)
            })
        })
        .and_then(|path| match fs::rename(&part, &path) {
            Ok(()) => Ok(path),
            Err(error) => {
                let _ = fs::remove_file(&path);
                Err(error)
            }
        });
    if written.is_err() {
        // Half a file would look like a whole one.
        let _ = fs::remove_file(&part);
    }
    written
}

/// A folder that is being filled: it has its name when it is whole, and is gone if it never is.
pub(crate) struct NewFolder {
    dir: PathBuf,
    stem: String,
    part: Option<PathBuf>,
}

impl NewFolder {
    /// Begins a folder within `dir`.
    pub(crate) fn begin(dir: &Path, stem: &str) -> io::Result<Self> {
        fs::create_dir_all(dir)?;
        let part = free_name(|number| {
            let path = dir.join(numbered(&format!(".{stem}"), "part", number));
            fs::create_dir(&path).map(|()| path)
        })?;
        Ok(Self {
            dir: dir.to_owned(),
            stem: stem.to_owned(),
            part: Some(part),
        })
    }

    /// Where its files go meanwhile.
    pub(crate) fn path(&self) -> &Path {
        self.part.as_deref().unwrap_or(&self.dir)
    }

    /// Gives it its name.
    ///
    /// Result: where it lies.
    pub(crate) fn finish(mut self) -> io::Result<PathBuf> {
        let part = self.path().to_owned();
        let path = free_name(|number| {
            let path = self.dir.join(match number {
                1 => self.stem.clone(),
                _ => format!("{} ({number})", self.stem),
            });
            match path.exists() {
                true => Err(ErrorKind::AlreadyExists.into()),
                false => fs::rename(&part, &path).map(|()| path),
            }
        })?;
        self.part = None;
        Ok(path)
    }
}

impl Drop for NewFolder {
    fn drop(&mut self) {
        if let Some(part) = self.part.take() {
            let _ = fs::remove_dir_all(part);
        }
    }
}

/// The first of the names that is not taken.
fn free_name<T>(take: impl Fn(u32) -> io::Result<T>) -> io::Result<T> {
    for number in 1..=MOST_NAMES {
        match take(number) {
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            other => return other,
        }
    }
    Err(ErrorKind::AlreadyExists.into())
}

/// "a.ics", "a (2).ics" and so on.
fn numbered(stem: &str, ending: &str, number: u32) -> String {
    match number {
        1 => format!("{stem}.{ending}"),
        _ => format!("{stem} ({number}).{ending}"),
    }
}

/// A text as a file name that every system takes, without its ending.
pub(crate) fn file_stem(text: &str) -> String {
    let is_bad = |char: char| char.is_control() || r#"/\:*?"<>|"#.contains(char);
    let kept: String = text
        .chars()
        .map(|char| if is_bad(char) { ' ' } else { char })
        .collect();
    let words: Vec<&str> = kept.split_whitespace().collect();
    let short: String = words.join(" ").chars().take(MOST_LETTERS).collect();
    short.trim_matches(['.', ' ']).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_there_is_never_written_over() {
        let dir = tempfile::tempdir().unwrap();
        let dir = dir.path().join("Downloads");
        let names: Vec<String> = ["eins", "zwei", "drei"]
            .iter()
            .map(|text| write_new(&dir, "Sitzung", "ics", text).unwrap())
            .map(|path| path.file_name().unwrap().to_string_lossy().into_owned())
            .collect();
        assert_eq!(names, ["Sitzung.ics", "Sitzung (2).ics", "Sitzung (3).ics"]);
        assert_eq!(fs::read_to_string(dir.join("Sitzung.ics")).unwrap(), "eins");
    }

    #[test]
    fn nothing_but_whole_files_is_left() {
        let dir = tempfile::tempdir().unwrap();
        write_new_bytes(dir.path(), "Vorlage", "pdf", b"eins").unwrap();
        // A folder in the way of the last step.
        fs::create_dir(dir.path().join("Antrag.pdf")).unwrap();
        let second = write_new_bytes(dir.path(), "Antrag", "pdf", b"zwei").unwrap();
        assert_eq!(second.file_name().unwrap(), "Antrag (2).pdf");
        let mut names: Vec<_> = fs::read_dir(dir.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name())
            .collect();
        names.sort();
        assert_eq!(names, ["Antrag (2).pdf", "Antrag.pdf", "Vorlage.pdf"]);
    }

    #[test]
    fn a_folder_has_its_name_when_it_is_whole_and_is_gone_if_it_never_is() {
        let dir = tempfile::tempdir().unwrap();
        for _ in 0..2 {
            let folder = NewFolder::begin(dir.path(), "Sitzung").unwrap();
            write_new(folder.path(), "a", "md", "x").unwrap();
            assert!(!dir.path().join("Sitzung (3)").exists());
            folder.finish().unwrap();
        }
        let given_up = NewFolder::begin(dir.path(), "Sitzung").unwrap();
        write_new(given_up.path(), "a", "md", "x").unwrap();
        drop(given_up);
        let mut names: Vec<_> = fs::read_dir(dir.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name())
            .collect();
        names.sort();
        assert_eq!(names, ["Sitzung", "Sitzung (2)"]);
    }

    #[test]
    fn a_folder_that_cannot_be_made_is_told() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("file");
        fs::write(&file, "").unwrap();
        assert!(write_new(&file, "Sitzung", "ics", "").is_err());
    }

    #[test]
    fn a_name_leads_nowhere_else() {
        assert_eq!(file_stem("../a/b: c?\n d."), "a b c d");
        assert_eq!(file_stem("  17. November  "), "17. November");
        assert_eq!(file_stem(&"ä".repeat(300)).chars().count(), MOST_LETTERS);
        assert_eq!(file_stem("..."), "");
    }
}
