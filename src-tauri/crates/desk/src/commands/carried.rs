//! Annotations that a paper already carries from another program: how many there are, and taking them over as one's own.

use std::collections::{BTreeSet, HashSet};

use ::export as formats;
use formats::{Carried, CarriedAll};
use notes::{Anchor, Deed, MarkDraft, Target};
use sync::store::FileRow;

use crate::Desk;
use crate::dto::*;
use crate::error::Failure;
use crate::query::{find, object_id};
use crate::session::Council;
use crate::takeaway::{body_of, paper_bytes};

/// More authors are not named.
const MOST_AUTHORS: usize = 5;

impl Desk {
    /// Errors: `not_found`, `file_not_here`, `export_protected` for a file that needs a password.
    pub(crate) fn carried_look(&self, request: CarriedRequest) -> Result<CarriedSummary, Failure> {
        let (session, now_ms) = (self.session()?, self.now_ms());
        let councils = session.councils(now_ms)?;
        let (council, row) = wanted(&councils, &request.file_id)?;
        let all = self.carried(council, &row)?;
        let taken = session.notes.imported(council.record.council, row.id())?;
        let (old, new): (Vec<&Carried>, Vec<&Carried>) = all
            .annotations
            .iter()
            .partition(|one| taken.contains(&one.key));
        let authors: BTreeSet<String> = new.iter().filter_map(|one| one.author.clone()).collect();
        Ok(CarriedSummary {
            new_count: count(new.len()),
            taken_count: count(old.len()),
            other_count: all.other_count,
            authors: authors.into_iter().take(MOST_AUTHORS).collect(),
        })
    }

    /// Takes over what was not taken over yet, all of it or nothing; one undo takes it back.
    ///
    /// Errors: as [`Desk::carried_look`]; those of the notes.
    pub(crate) fn carried_take(&self, request: CarriedRequest) -> Result<CarriedTaken, Failure> {
        let (session, now_ms) = (self.session()?, self.now_ms());
        let councils = session.councils(now_ms)?;
        let (council, row) = wanted(&councils, &request.file_id)?;
        let all = self.carried(council, &row)?;
        let mut taken: HashSet<String> =
            session.notes.imported(council.record.council, row.id())?;
        let mut deeds = Vec::new();
        for one in &all.annotations {
            // Two that have no names of their own may be the same.
            if taken.insert(one.key.clone()) {
                deeds.push(Deed::Create(draft(council, &row, one)));
            }
        }
        let made = session.notes.change(&deeds, now_ms)?;
        Ok(CarriedTaken {
            count: count(made.len()),
        })
    }

    fn carried(&self, council: &Council, row: &FileRow) -> Result<CarriedAll, Failure> {
        let session = self.session()?;
        let id = council.record.council;
        let bytes = paper_bytes(&session.vault, id, row, self.now_ms())?;
        Ok(formats::carried(&bytes)?)
    }
}

fn wanted<'c>(councils: &'c [Council], file: &str) -> Result<(&'c Council, FileRow), Failure> {
    let id = object_id(file)?;
    find(councils, |council| council.store.file(id))
}

fn draft(council: &Council, row: &FileRow, one: &Carried) -> MarkDraft {
    let (body, rects) = body_of(one);
    let anchor = Anchor {
        council: council.record.council,
        target: Target::File {
            file: row.id(),
            blob_id: row.blob_id,
            revision: row.file.revision,
        },
        page: Some(one.page),
        rects,
        quote: None,
        sealed_class: (!row.public).then_some(row.audience),
    };
    MarkDraft {
        imported_from: Some(one.key.clone()),
        ..MarkDraft::new(anchor, body)
    }
}

fn count(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
