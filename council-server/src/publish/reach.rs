//! Which audiences each meeting, item, paper and file of a draft is for.
//! What is public is for everybody; the rest goes to the organizations that deal with it and the villages it touches.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use rusqlite::Connection;
use sync_protocol::ids::{AudienceId, ObjectId};
use sync_protocol::model::ObjectKind;

use super::book::Book;
use crate::draft::{CouncilDraft, FileDraft, ItemDraft, MeetingDraft, PaperDraft};
use crate::error::ServerError;
use crate::store::audiences::AudienceFor;
use crate::store::people;

/// A set of audiences. Empty: nobody, not published.
pub(crate) type AudienceSet = BTreeSet<AudienceId>;

/// Who reads something, and who would read it if it were nonpublic.
#[derive(Clone, Debug, Default)]
pub(crate) struct ReachOf {
    pub is_public: bool,
    pub readers: AudienceSet,
    nonpublic: AudienceSet,
}

impl ReachOf {
    /// The readers of a file that hangs on the thing.
    pub(crate) fn of_file(&self, file: &FileDraft) -> &AudienceSet {
        if file.public {
            &self.readers
        } else {
            &self.nonpublic
        }
    }
}

/// The readers of everything in a draft.
#[derive(Debug)]
pub(crate) struct Reaches {
    pub public: AudienceSet,
    /// By the meeting's key: meetings are public; nonpublic files of theirs go to the organizations.
    meetings: BTreeMap<String, ReachOf>,
    /// By the item's key.
    items: BTreeMap<String, ReachOf>,
    /// By the paper's key.
    papers: BTreeMap<String, ReachOf>,
}

impl Reaches {
    pub(crate) fn decide(
        c: &Connection,
        book: &mut Book,
        draft: &CouncilDraft,
    ) -> Result<Self, ServerError> {
        let public = AudienceSet::from([book.audience(AudienceFor::Public)?]);
        let terms = terms(c, book, draft)?;
        let mut reaches = Self {
            public,
            meetings: BTreeMap::new(),
            items: BTreeMap::new(),
            papers: BTreeMap::new(),
        };
        let mut named: BTreeMap<&str, Naming> = BTreeMap::new();
        for meeting in &draft.meetings {
            let term = term_on(&terms, meeting);
            let mut seats = AudienceSet::new();
            for key in &meeting.organizations {
                if let Some(organization) = book.organization(c, key)? {
                    seats.insert(book.audience(AudienceFor::Organization { organization, term })?);
                }
            }
            for item in &meeting.items {
                let villages = villages(book, &item.villages, term)?;
                let nonpublic: AudienceSet = seats.union(&villages).copied().collect();
                if let Some(paper) = &item.paper {
                    let naming = named.entry(paper.as_str()).or_default();
                    naming.readers.extend(&nonpublic);
                    naming.terms.insert(term);
                    naming.any_nonpublic |= !item.public;
                }
                reaches
                    .items
                    .insert(item.key.clone(), reaches.reach(item.public, nonpublic));
            }
            reaches
                .meetings
                .insert(meeting.key.clone(), reaches.reach(true, seats));
        }
        for paper in &draft.papers {
            let naming = named.remove(paper.key.as_str()).unwrap_or_default();
            let is_public = paper.public.unwrap_or(!naming.any_nonpublic);
            let mut nonpublic = naming.readers;
            for term in naming.terms {
                nonpublic.extend(villages(book, &paper.villages, term)?);
            }
            reaches
                .papers
                .insert(paper.key.clone(), reaches.reach(is_public, nonpublic));
        }
        Ok(reaches)
    }

    fn reach(&self, is_public: bool, nonpublic: AudienceSet) -> ReachOf {
        let readers = if is_public {
            self.public.clone()
        } else {
            nonpublic.clone()
        };
        ReachOf {
            is_public,
            readers,
            nonpublic,
        }
    }

    pub(crate) fn meeting(&self, meeting: &MeetingDraft) -> ReachOf {
        self.meetings.get(&meeting.key).cloned().unwrap_or_default()
    }

    pub(crate) fn item(&self, item: &ItemDraft) -> ReachOf {
        self.items.get(&item.key).cloned().unwrap_or_default()
    }

    pub(crate) fn paper(&self, paper: &PaperDraft) -> ReachOf {
        self.papers.get(&paper.key).cloned().unwrap_or_default()
    }
}

/// Who names a paper.
#[derive(Default)]
struct Naming {
    readers: AudienceSet,
    terms: BTreeSet<Option<ObjectId>>,
    any_nonpublic: bool,
}

struct TermDays {
    id: ObjectId,
    start: Option<NaiveDate>,
    end: Option<NaiveDate>,
}

/// The terms of the draft; where it has none, those that another source brought.
fn terms(
    c: &Connection,
    book: &mut Book,
    draft: &CouncilDraft,
) -> Result<Vec<TermDays>, ServerError> {
    let mut terms = Vec::new();
    for term in &draft.terms {
        let id = book.id(c, ObjectKind::LegislativeTerm, &term.key)?;
        terms.push(TermDays {
            id,
            start: term.start_date,
            end: term.end_date,
        });
    }
    if terms.is_empty() {
        let known = people::terms(c)?;
        terms.extend(known.iter().map(|t| TermDays {
            id: t.id,
            start: t.start_date,
            end: t.end_date,
        }));
    }
    Ok(terms)
}

/// The term that a meeting falls into.
fn term_on(terms: &[TermDays], meeting: &MeetingDraft) -> Option<ObjectId> {
    let day: NaiveDate = meeting.start.as_deref()?.get(..10)?.parse().ok()?;
    let holds = |t: &&TermDays| t.start.is_none_or(|s| s <= day) && t.end.is_none_or(|e| day <= e);
    terms.iter().find(holds).map(|t| t.id)
}

fn villages(
    book: &mut Book,
    names: &[String],
    term: Option<ObjectId>,
) -> Result<AudienceSet, ServerError> {
    let mut found = AudienceSet::new();
    for name in names {
        found.insert(book.audience(AudienceFor::Village {
            name: name.clone(),
            term,
        })?);
    }
    Ok(found)
}

/// A file that is wanted, and for whom.
#[derive(Debug)]
pub(crate) struct FileWish<'a> {
    pub object: ObjectId,
    pub draft: &'a FileDraft,
    pub readers: AudienceSet,
}

/// Every file of a draft that somebody may read.
pub(crate) fn file_wishes<'a>(
    c: &Connection,
    book: &mut Book,
    draft: &'a CouncilDraft,
    reaches: &Reaches,
) -> Result<Vec<FileWish<'a>>, ServerError> {
    let mut found: Vec<(&FileDraft, AudienceSet)> = Vec::new();
    for meeting in &draft.meetings {
        let reach = reaches.meeting(meeting);
        found.extend(
            meeting
                .files()
                .map(|file| (file, reach.of_file(file).clone())),
        );
        for item in &meeting.items {
            let reach = reaches.item(item);
            found.extend(
                item.files
                    .iter()
                    .map(|file| (file, reach.of_file(file).clone())),
            );
        }
    }
    for paper in &draft.papers {
        let reach = reaches.paper(paper);
        let own = paper.main.iter().chain(&paper.attachments);
        found.extend(own.map(|file| (file, reach.of_file(file).clone())));
    }
    let mut wishes = Vec::with_capacity(found.len());
    let mut seen: BTreeMap<ObjectId, usize> = BTreeMap::new();
    for (file, readers) in found {
        let object = book.id(c, ObjectKind::File, &file.key)?;
        // One file may hang on several things; whoever may read one of them may read it.
        if let Some(wish) = seen
            .get(&object)
            .and_then(|index: &usize| wishes.get_mut(*index))
        {
            let wish: &mut FileWish<'_> = wish;
            wish.readers.extend(readers);
        } else if !readers.is_empty() {
            seen.insert(object, wishes.len());
            wishes.push(FileWish {
                object,
                draft: file,
                readers,
            });
        }
    }
    Ok(wishes)
}
