//! Annotations that a paper already carries from another program: how many there are, and taking them over as one's own.

use std::collections::{BTreeSet, HashSet};

use ::export as formats;
use formats::{Carried, CarriedAll};
use notes::{Anchor, Deed, MarkDraft, Target};
use reader::AnnotationPlace;
use sync::store::FileRow;

use crate::Desk;
use crate::documents::ShownOnce;
use crate::dto::*;
use crate::error::{ErrorCode, Failure};
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

    /// Draws an open file without those of its annotations that are own marks now: they would be seen twice. Done when it is
    /// opened, and asked for after anything may have changed in that.
    pub(crate) fn document_carried(
        &self,
        request: DocumentCarriedRequest,
    ) -> Result<DocumentCarried, Failure> {
        let (session, reader, now_ms) = (self.session()?, self.reader()?, self.now_ms());
        let document = session.documents.get(&request.doc)?;
        let taken = session
            .notes
            .imported_on(document.council, document.file, document.blob_id)?;
        let mut answer = DocumentCarried {
            hidden_count: count(document.shown_once.places.len()),
            changed: taken != document.shown_once.taken,
        };
        if answer.changed {
            let places = match taken.is_empty() {
                true => Vec::new(),
                false => {
                    let councils = session.councils(now_ms)?;
                    let (council, row) =
                        find(&councils, |council| council.store.file(document.file))?;
                    if row.blob_id != document.blob_id {
                        return Err(ErrorCode::DocumentClosed.into());
                    }
                    places(&self.carried(council, &row)?, &taken)
                }
            };
            answer.hidden_count = count(places.len());
            let shown_once = ShownOnce { taken, places };
            let context = (&*session.vault, &reader, now_ms);
            session
                .documents
                .show_once(context, &request.doc, shown_once)?;
        }
        Ok(answer)
    }

    fn carried(&self, council: &Council, row: &FileRow) -> Result<CarriedAll, Failure> {
        let session = self.session()?;
        let id = council.record.council;
        let bytes = paper_bytes(&session.vault, id, row, self.now_ms())?;
        Ok(formats::carried(&bytes)?)
    }
}

/// Where the annotations stand that were taken over.
fn places(all: &CarriedAll, taken: &BTreeSet<String>) -> Vec<AnnotationPlace> {
    let own = all
        .annotations
        .iter()
        .filter(|one| taken.contains(&one.key));
    own.flat_map(|one| {
        let page = one.page;
        one.numbers.iter().map(move |number| AnnotationPlace {
            page,
            number: *number,
        })
    })
    .collect()
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
