//! The peer without an index: `rg` as a whole process over the same text, one plain file for each paper.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context, Result, ensure};

use super::super::figures::ms_since;
use super::ask::Ask;
use super::corpus::{NARROW, Paper};

/// What the filter lets through lies in a folder of its own, so that the peer need not read the rest.
const NARROWED: &str = "narrow";

/// The folder of plain text.
pub struct Ripgrep {
    folder: PathBuf,
}

impl Ripgrep {
    pub fn new(folder: PathBuf) -> Result<Self> {
        for part in [NARROWED, "rest"] {
            fs::create_dir_all(folder.join(part))?;
        }
        Ok(Self { folder })
    }

    pub fn put(&self, papers: &[Paper]) -> Result<()> {
        for paper in papers {
            let part = if NARROW.lets_through(paper) {
                NARROWED
            } else {
                "rest"
            };
            let path = self.folder.join(part).join(format!("{}.txt", paper.number));
            fs::write(path, paper.pages.join("\u{c}"))?;
        }
        Ok(())
    }

    /// Milliseconds for the names of all files that answer; `None` where rg has no such search.
    pub fn ask_ms(&self, ask: &Ask) -> Result<Option<f64>> {
        let whole = |word: &str| ["-w".to_owned(), word.to_owned()];
        let begun = |word: &str| ["-e".to_owned(), format!(r"\b{word}")];
        let (first, second, part) = match ask {
            Ask::Typing(word) => (begun(word), None, "."),
            Ask::Word(word) => (whole(word), None, "."),
            Ask::Filtered(word) => (whole(word), None, NARROWED),
            Ask::Two(one, other) => (whole(one), Some(whole(other)), "."),
            Ask::TwoTyping(one, other) => (whole(one), Some(begun(other)), "."),
            Ask::Part(letters) => (["-e".to_owned(), letters.clone()], None, "."),
            Ask::Phrase(words) => (["-F".to_owned(), words.clone()], None, "."),
            Ask::Slip(_) => return Ok(None),
        };
        let start = Instant::now();
        let found = self.list(&first, &[part.to_owned()])?;
        if let Some(second) = second
            && !found.is_empty()
        {
            self.list(&second, &found)?;
        }
        Ok(Some(ms_since(start)))
    }

    fn list(&self, pattern: &[String], places: &[String]) -> Result<Vec<String>> {
        let output = Command::new("rg")
            .args(["--no-config", "--ignore-case", "--files-with-matches"])
            .args(pattern)
            .arg("--")
            .args(places)
            .current_dir(&self.folder)
            .stderr(Stdio::inherit())
            .output()
            .context("rg does not start")?;
        // 1 says that nothing was found.
        ensure!(
            matches!(output.status.code(), Some(0 | 1)),
            "rg: {}",
            output.status
        );
        Ok(String::from_utf8_lossy(&output.stdout)
            .lines()
            .map(str::to_owned)
            .collect())
    }

    /// Removes the text.
    pub fn remove(self) -> Result<()> {
        remove(&self.folder)
    }
}

fn remove(folder: &Path) -> Result<()> {
    fs::remove_dir_all(folder).with_context(|| format!("cannot remove {}", folder.display()))
}
