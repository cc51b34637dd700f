//! What can be wrong with an intake folder, said so that a clerk finds the place: file, line, field.
//! Not the reading itself.

use std::fmt;
use std::ops::Range;
use std::path::{Path, PathBuf};

use thiserror::Error;

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IntakeProblem {
    /// The file, relative to the intake folder.
    pub file: PathBuf,
    /// Counted from 1; `None` where the file as a whole is meant.
    pub line: Option<usize>,
    /// The field, such as `item.paper`; empty where the text as such cannot be read.
    pub field: String,
    /// What is wrong and what to do, in German.
    pub message: String,
}

impl fmt::Display for IntakeProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file.display())?;
        if let Some(line) = self.line {
            write!(f, ", Zeile {line}")?;
        }
        if !self.field.is_empty() {
            write!(f, ", Feld {}", self.field)?;
        }
        write!(f, ": {}", self.message)
    }
}

/// Why an intake folder was not imported. Nothing was changed.
#[derive(Debug, Error)]
pub enum IntakeError {
    /// All problems that were found, in the order of the files.
    #[error("Der Eingangsordner hat {} Fehler; es wurde nichts übernommen.\n{}", .0.len(), list(.0))]
    Problems(Vec<IntakeProblem>),
    /// The folder itself cannot be read.
    #[error("Der Eingangsordner {path} kann nicht gelesen werden")]
    Unreadable {
        path: PathBuf,
        #[source]
        source: std::io::Error,
    },
}

fn list(problems: &[IntakeProblem]) -> String {
    let lines: Vec<String> = problems.iter().map(|p| format!("  {p}")).collect();
    lines.join("\n")
}

/// Collects problems of one file; knows its text, so that a span becomes a line.
pub(crate) struct ProblemSink<'a> {
    file: &'a Path,
    text: &'a str,
    found: Vec<IntakeProblem>,
    is_unreadable: bool,
}

impl<'a> ProblemSink<'a> {
    pub(crate) fn new(file: &'a Path, text: &'a str) -> Self {
        Self {
            file,
            text,
            found: Vec::new(),
            is_unreadable: false,
        }
    }

    /// Notes a problem at a place of the text.
    pub(crate) fn at(&mut self, span: Range<usize>, field: &str, message: impl Into<String>) {
        let line = Some(line_of(self.text, span.start));
        self.push(line, field, message.into());
    }

    /// Notes a problem of the file as a whole.
    pub(crate) fn whole(&mut self, field: &str, message: impl Into<String>) {
        self.push(None, field, message.into());
    }

    fn push(&mut self, line: Option<usize>, field: &str, message: String) {
        self.found.push(IntakeProblem {
            file: self.file.to_path_buf(),
            line,
            field: field.to_owned(),
            message,
        });
    }

    /// The line of a place in the text, counted from 1.
    pub(crate) fn line_at(&self, offset: usize) -> usize {
        line_of(self.text, offset)
    }

    /// Reads TOML into `T`; what is wrong becomes a problem with its line.
    pub(crate) fn parse<T: serde::de::DeserializeOwned>(&mut self) -> Option<T> {
        match toml::from_str(self.text) {
            Ok(value) => Some(value),
            Err(error) => {
                self.is_unreadable = true;
                let span = error.span().unwrap_or_default();
                let (field, message) = said(error.message(), self.text, span.start);
                self.at(span, &field, message);
                None
            }
        }
    }

    /// Whether the text as a whole could not be read, so that what it holds is not known.
    pub(crate) fn is_unreadable(&self) -> bool {
        self.is_unreadable
    }

    pub(crate) fn into_problems(self) -> Vec<IntakeProblem> {
        self.found
    }
}

/// Field and message of what the TOML reader found. serde names fields in backticks; else the line names its own.
fn said(message: &str, text: &str, offset: usize) -> (String, String) {
    let quoted = message.split('`').nth(1).unwrap_or_default().to_owned();
    if message.starts_with("unknown field") {
        return (quoted, "dieses Feld gibt es hier nicht".to_owned());
    }
    if message.starts_with("missing field") {
        return (quoted, "dieses Feld fehlt".to_owned());
    }
    let line = text
        .lines()
        .nth(line_of(text, offset).saturating_sub(1))
        .unwrap_or_default();
    let field = line.split_once('=').map(|(key, _)| key.trim().to_owned());
    (
        field.unwrap_or_default(),
        format!("nicht lesbar ({})", message.trim()),
    )
}

fn line_of(text: &str, offset: usize) -> usize {
    text.bytes().take(offset).filter(|b| *b == b'\n').count() + 1
}
