//! Reads an intake folder into a [`CouncilDraft`]. INTAKE.md describes the format.
//! It publishes nothing: either the whole folder is in order, or every problem is reported and nothing happens.

mod convert;
mod council;
mod fields;
#[cfg(any(test, fuzzing))]
pub mod fuzzing;
mod meeting;
mod problem;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

pub use problem::{IntakeError, IntakeProblem};

use crate::draft::CouncilDraft;
use problem::ProblemSink;

/// The name under which the folder's objects are remembered.
pub const FOLDER_SOURCE: &str = "folder";

/// Reads the intake folder `dir`.
///
/// Errors: [`IntakeError::Problems`] with every problem of every file, [`IntakeError::Unreadable`].
pub fn read_folder(dir: &Path) -> Result<CouncilDraft, IntakeError> {
    let mut folder = Folder {
        root: dir,
        problems: Vec::new(),
        is_unreadable: false,
    };
    let mut draft = CouncilDraft {
        source: FOLDER_SOURCE.to_owned(),
        complete: true,
        ..CouncilDraft::default()
    };
    if !dir.is_dir() {
        let source = std::io::Error::from(std::io::ErrorKind::NotFound);
        return Err(IntakeError::Unreadable {
            path: dir.to_path_buf(),
            source,
        });
    }
    folder.with_file(Path::new("council.toml"), |sink, _| {
        council::read(sink, &mut draft)
    });
    let mut papers = meeting::PaperIndex::default();
    for file in folder.toml_files("papers", "paper.toml")? {
        folder.with_file(&file, |sink, here| {
            meeting::read_paper_file(sink, here, &mut papers)
        });
    }
    let mut meetings = BTreeMap::new();
    for file in folder.toml_files("meetings", "meeting.toml")? {
        folder.with_file(&file, |sink, here| {
            meeting::read_meeting_file(sink, here, &draft, &mut papers, &mut meetings);
        });
    }
    // Papers may be named before they are read, so the names are checked last; not where a file with papers is missing.
    for (file, named) in papers.named.iter().filter(|_| !folder.is_unreadable) {
        if !papers.by_reference.contains_key(&named.reference) {
            folder.problems.push(IntakeProblem {
                file: file.clone(),
                line: Some(named.line),
                field: "item.paper".to_owned(),
                message: format!(
                    "die Vorlage „{}“ steht weder unter papers/ noch als [[paper]] bei einer Sitzung",
                    named.reference
                ),
            });
        }
    }
    if !folder.problems.is_empty() {
        return Err(IntakeError::Problems(folder.problems));
    }
    draft.papers = papers.by_reference.into_values().collect();
    draft.meetings = meetings.into_values().collect();
    Ok(draft)
}

/// Where the file being read lies.
pub(crate) struct Here<'a> {
    /// Relative to the intake folder.
    pub file: &'a Path,
    /// The folder of the file, as the operating system knows it.
    pub dir: PathBuf,
}

struct Folder<'a> {
    root: &'a Path,
    problems: Vec<IntakeProblem>,
    /// A file could not be read at all: what it may hold is not known.
    is_unreadable: bool,
}

impl Folder<'_> {
    /// Reads one file and keeps the problems that `read` notes.
    fn with_file(&mut self, file: &Path, read: impl FnOnce(&mut ProblemSink<'_>, &Here<'_>)) {
        let path = self.root.join(file);
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) => {
                let mut sink = ProblemSink::new(file, "");
                sink.whole("", format!("nicht lesbar ({error})"));
                self.problems.extend(sink.into_problems());
                return;
            }
        };
        let mut sink = ProblemSink::new(file, &text);
        let dir = path.parent().unwrap_or(self.root).to_path_buf();
        read(&mut sink, &Here { file, dir });
        self.is_unreadable |= sink.is_unreadable();
        self.problems.extend(sink.into_problems());
    }

    /// The files `<folder>/*/<name>` in the order of their folders' names; none where the folder does not exist.
    fn toml_files(&self, folder: &str, name: &str) -> Result<Vec<PathBuf>, IntakeError> {
        let path = self.root.join(folder);
        if !path.exists() {
            return Ok(Vec::new());
        }
        let unreadable = |source| IntakeError::Unreadable {
            path: path.clone(),
            source,
        };
        let mut files = Vec::new();
        for entry in std::fs::read_dir(&path).map_err(unreadable)? {
            let entry = entry.map_err(unreadable)?;
            if entry.path().is_dir() {
                files.push(Path::new(folder).join(entry.file_name()).join(name));
            }
        }
        files.sort();
        Ok(files)
    }
}
