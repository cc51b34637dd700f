//! The fictional council „Stadt Lindenau an der Saale“ as an intake folder with real PDFs: for demonstrations, stories
//! and benches. The same day gives the same bytes. Not linked into the server; it knows no key and no network.
//!
//! ```text
//! OUT/council.toml            organizations, people, memberships
//! OUT/demonstration.toml      whom a demonstration invites, and what they stand for
//! OUT/meetings/KEY/           meeting.toml, Einladung.pdf, Niederschrift.pdf
//! OUT/papers/REFERENCE/       paper.toml (the fields of a `[[paper]]`, with `[[attachment]]`), its PDFs
//! OUT/later/                  with `--later`: the same tree, one delivery on
//! ```

mod agenda;
mod agenda_coming;
mod agenda_past;
mod budget;
mod calendar;
mod intake;
mod paper;
mod papers;
mod people;
mod templates;
mod town;
mod tree;
mod typesetter;

use std::path::{Path, PathBuf};

use chrono::NaiveDate;

pub use typesetter::TypesetError;

/// Which delivery of the council office is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    /// The first delivery.
    Base,
    /// One on: 2026/184 in revision 2, a late supplement to it, a new agenda item.
    Later,
}

/// What was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoSummary {
    pub council: String,
    pub meetings: usize,
    pub papers: usize,
    /// PDFs, invitations and minutes included.
    pub files: usize,
    /// Key of the meeting in five days.
    pub next_meeting: String,
    pub people: Vec<DemoPerson>,
}

/// A person whom the demonstration invites.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoPerson {
    /// As in `council.toml`.
    pub key: String,
    pub name: String,
    /// What the person stands for, in German.
    pub role: String,
}

#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    #[error("{0} holds something else than a demonstration; name an empty folder")]
    FolderInUse(PathBuf),
    #[error("cannot write {path}")]
    Write {
        path: PathBuf,
        #[source]
        source: std::io::Error,
    },
    #[error("cannot express {path} as TOML")]
    Toml {
        path: PathBuf,
        #[source]
        source: toml::ser::Error,
    },
    #[error(transparent)]
    Typeset(#[from] TypesetError),
}

/// Writes the demonstration's first delivery.
///
/// * `out`: an empty or new folder, or an earlier demonstration, which is replaced.
/// * `today`: the day that all dates are counted from; the next meeting is five days later at 17:00.
/// * `cache`: a folder of finished PDFs that later calls may share; the 400-page budget does not depend on `today`.
///
/// Errors: a folder in use, a missing typst wheel, a disk that cannot be written.
pub fn write_demo(
    out: &Path,
    today: NaiveDate,
    cache: Option<&Path>,
) -> Result<DemoSummary, DemoError> {
    tree::write(out, today, State::Base, cache, tree::Extent::Everything)
}

/// Writes the demonstration one delivery on: 2026/184 in revision 2 with a change note, a late supplement to it,
/// one new agenda item with its paper, the invitation in revision 2. Arguments and errors as in [`write_demo`].
pub fn write_later(
    out: &Path,
    today: NaiveDate,
    cache: Option<&Path>,
) -> Result<DemoSummary, DemoError> {
    tree::write(out, today, State::Later, cache, tree::Extent::Everything)
}

/// As [`write_demo`], but without the 400-page budget: for tests that need no large file.
pub fn write_small_demo(
    out: &Path,
    today: NaiveDate,
    cache: Option<&Path>,
) -> Result<DemoSummary, DemoError> {
    tree::write(out, today, State::Base, cache, tree::Extent::WithoutBudget)
}

/// As [`write_later`], but without the 400-page budget.
pub fn write_small_later(
    out: &Path,
    today: NaiveDate,
    cache: Option<&Path>,
) -> Result<DemoSummary, DemoError> {
    tree::write(out, today, State::Later, cache, tree::Extent::WithoutBudget)
}
