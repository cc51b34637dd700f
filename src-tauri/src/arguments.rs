//! The command line: `--data-dir DIR`. Everything else is refused, except what the webview's test driver may add.

use std::ffi::OsString;
use std::path::PathBuf;

use anyhow::bail;

/// What the command line asks for.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Arguments {
    /// Where the vault lies; the platform's app folder when absent.
    pub(crate) data_dir: Option<PathBuf>,
}

/// Reads the arguments after the program's name.
pub(crate) fn parse(mut words: impl Iterator<Item = OsString>) -> anyhow::Result<Arguments> {
    let mut arguments = Arguments::default();
    while let Some(word) = words.next() {
        let text = word.to_string_lossy();
        if text == "--data-dir" {
            match words.next() {
                Some(dir) => arguments.data_dir = Some(dir.into()),
                None => bail!("--data-dir needs a folder"),
            }
        } else if let Some(dir) = text.strip_prefix("--data-dir=") {
            arguments.data_dir = Some(dir.into());
        } else {
            bail!("unknown argument {text}; known: --data-dir DIR");
        }
    }
    Ok(arguments)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(words: &[&str]) -> anyhow::Result<Arguments> {
        parse(words.iter().map(OsString::from))
    }

    #[test]
    fn the_data_folder_is_read_in_both_spellings() {
        for words in [&["--data-dir", "/a b"][..], &["--data-dir=/a b"][..]] {
            assert_eq!(parsed(words).unwrap().data_dir, Some(PathBuf::from("/a b")));
        }
        assert_eq!(parsed(&[]).unwrap(), Arguments::default());
    }

    #[test]
    fn a_missing_folder_and_an_unknown_word_are_named() {
        assert!(
            parsed(&["--data-dir"])
                .unwrap_err()
                .to_string()
                .contains("needs a folder")
        );
        assert!(
            parsed(&["--verbose"])
                .unwrap_err()
                .to_string()
                .contains("--verbose")
        );
    }
}
