//! The one way a file leaves the app: into the member's own folder, under a free name. Whoever writes one has decided
//! that nothing nonpublic is in it, or the member was warned and said so, because out there nothing is encrypted.

use std::fs::{self, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

/// Names tried: "a.ics", "a (2).ics" and so on.
const MOST_NAMES: u32 = 1000;
/// Letters of a name before its ending; with three bytes each still below the 255 that file systems take.
const MOST_LETTERS: usize = 80;

/// Writes a new file; one that is there already stays as it is.
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
    for number in 1..=MOST_NAMES {
        let path = dir.join(match number {
            1 => format!("{stem}.{ending}"),
            _ => format!("{stem} ({number}).{ending}"),
        });
        let mut file = match OpenOptions::new().write(true).create_new(true).open(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::AlreadyExists => continue,
            Err(error) => return Err(error),
        };
        let written = file.write_all(bytes).and_then(|()| file.sync_all());
        if let Err(error) = written {
            // Half a file would look like a whole one.
            let _ = fs::remove_file(&path);
            return Err(error);
        }
        return Ok(path);
    }
    Err(ErrorKind::AlreadyExists.into())
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
