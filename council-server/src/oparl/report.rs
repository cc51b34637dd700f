//! What an import did, for people and machines: counts, addresses and reasons; no names, no titles.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::publish::ImportOutcome;

/// What an OParl import did.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct OparlReport {
    /// `oparl:` with host and path of the body.
    pub source: String,
    pub started_at_ms: i64,
    pub finished_at_ms: i64,
    /// Requests made, repeated ones included.
    pub requests: usize,
    pub lists: Vec<ListReport>,
    /// By OParl's name of the kind.
    pub objects: BTreeMap<String, ObjectTally>,
    /// Objects that are kept after this import.
    pub kept: usize,
    /// Objects that are named but could not be had so far.
    pub stand_ins: usize,
    pub deleted: usize,
    /// Deletions that were not carried out because they are too many at once.
    pub deletions_held: usize,
    pub files: FileTally,
    pub places: PlaceTally,
    /// Nothing had changed, so nothing was published.
    pub is_unchanged: bool,
    pub added: usize,
    pub changed: usize,
    pub removed: usize,
    pub entries: usize,
    pub files_sealed: usize,
    /// What was taken over by a rule of the importer rather than as the source says it, in German.
    pub notes: Vec<String>,
    pub problems: Vec<Problem>,
}

/// A list that was read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListReport {
    pub address: String,
    pub pages: usize,
    pub objects: usize,
    /// Only what changed was asked for.
    pub is_filtered: bool,
    /// Read to its end.
    pub is_complete: bool,
}

/// What became of the objects of one kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ObjectTally {
    pub new: usize,
    pub changed: usize,
    pub unchanged: usize,
    pub deleted: usize,
}

/// What became of the files.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileTally {
    pub fetched: usize,
    pub unchanged: usize,
    pub failed: usize,
}

/// What the coordinates of places are worth. They are kept with their objects and used for nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlaceTally {
    /// Longitude before latitude, as GeoJSON demands.
    pub as_demanded: usize,
    /// Latitude before longitude.
    pub swapped: usize,
    /// No position, or none in Germany.
    pub unusable: usize,
    /// Usable, but more than 150 km from the municipality's own place.
    pub far: usize,
}

/// What could not be taken over. It is tried again with the next import.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Problem {
    pub address: String,
    /// In German.
    pub reason: String,
}

impl OparlReport {
    pub(crate) fn problem(&mut self, address: impl Into<String>, reason: impl Into<String>) {
        self.problems.push(Problem {
            address: address.into(),
            reason: reason.into(),
        });
    }

    /// Adds what a publishing did.
    pub(crate) fn add(&mut self, outcome: ImportOutcome) {
        self.added += outcome.added;
        self.changed += outcome.changed;
        self.removed += outcome.removed;
        self.entries += outcome.entries;
        self.files_sealed += outcome.files_sealed;
        for problem in outcome.problems {
            self.problem(self.source.clone(), problem);
        }
    }

    /// The same as any import's outcome.
    #[must_use]
    pub fn outcome(&self) -> ImportOutcome {
        let line = |p: &Problem| format!("{}: {}", p.address, p.reason);
        ImportOutcome {
            added: self.added,
            changed: self.changed,
            removed: self.removed,
            entries: self.entries,
            files_sealed: self.files_sealed,
            problems: self.problems.iter().map(line).collect(),
        }
    }
}
