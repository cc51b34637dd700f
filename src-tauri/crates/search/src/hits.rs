//! What a search asks for and what it answers.

use crate::document::{Fields, Id, Kind, State};
use crate::query::Query;
use crate::snippet::Snippet;
use std::fmt;

/// What hits are let through. Empty: all.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Filter {
    /// Any of these kinds.
    pub kinds: Vec<Kind>,
    /// Any of these organizations.
    pub organizations: Vec<Id>,
    /// This meeting.
    pub meeting: Option<Id>,
    /// This paper.
    pub paper: Option<Id>,
    /// On or after, ms UTC; leaves out what has no date.
    pub from_ms: Option<i64>,
    /// Before, ms UTC; leaves out what has no date.
    pub before_ms: Option<i64>,
}

impl Filter {
    pub(crate) fn lets_through(&self, kind: Kind, fields: &Fields) -> bool {
        (self.kinds.is_empty() || self.kinds.contains(&kind))
            && (self.organizations.is_empty()
                || fields
                    .organizations
                    .iter()
                    .any(|id| self.organizations.contains(id)))
            && (self.meeting.is_none() || self.meeting == fields.meeting)
            && (self.paper.is_none() || self.paper == fields.paper)
            && self
                .from_ms
                .is_none_or(|from| fields.date_ms.is_some_and(|date| date >= from))
            && self
                .before_ms
                .is_none_or(|before| fields.date_ms.is_some_and(|date| date < before))
    }
}

/// How much is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Documents.
    pub hits: usize,
    /// Page numbers per file, the best first.
    pub pages_per_hit: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            hits: 30,
            pages_per_hit: 5,
        }
    }
}

/// One search.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// What is looked for.
    pub query: &'a Query,
    /// What is let through.
    pub filter: &'a Filter,
    /// How much is answered.
    pub limits: Limits,
    /// The present, ms UTC: tells the coming meeting from the last.
    pub now_ms: i64,
}

/// How the words of a hit answer the typed ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Nearness {
    /// The typed words in any inflected form.
    Exact,
    /// Words that begin with them or hold them.
    Wide,
    /// Words that they may be a slip of: "Meinten Sie …?".
    Slip,
}

/// A page with hits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageHit {
    /// From 0.
    pub page: u32,
    /// Only for the best page of a hit.
    pub snippet: Option<Snippet>,
}

/// A document that answers.
#[derive(Clone, PartialEq, Eq)]
pub struct Hit {
    /// Position of its index in the list that was searched.
    pub index: usize,
    /// The document.
    pub owner: Id,
    /// What it is.
    pub kind: Kind,
    /// Whether its text is searchable.
    pub state: State,
    /// Its title with the hits in it.
    pub title: Snippet,
    /// What stands beside the title, if the hit is there.
    pub body: Option<Snippet>,
    /// Its filter fields.
    pub fields: Fields,
    /// Its best pages, the best first.
    pub pages: Vec<PageHit>,
    /// How many of its pages have hits; at least this many if [`Hits::is_cut`].
    pub page_count: usize,
    /// How the words answer.
    pub nearness: Nearness,
}

impl fmt::Debug for Hit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "Hit({:?}, {:?}, {} pages, text hidden)",
            self.owner, self.kind, self.page_count
        )
    }
}

/// The answer to a search.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Hits {
    /// The best documents, the best first.
    pub hits: Vec<Hit>,
    /// How many documents answer; at least this many if `is_cut`.
    pub document_count: usize,
    /// The words stand on so many pages that the oldest were left out.
    pub is_cut: bool,
}
