//! Searching several indexes as if they were one, and what the reader needs to walk from hit to hit.

use crate::document::{Id, State};
use crate::error::SearchError;
use crate::expression::Width;
use crate::find::{Answers, Candidate, find, find_in_owner};
use crate::hits::{Hit, Hits, Nearness, PageHit, Request};
use crate::index::{Index, Inner};
use crate::query::Query;
use crate::snippet::{self, Snippet};
use crate::stored::stored_page;
use rusqlite::{OptionalExtension, named_params};
use std::collections::HashSet;
use std::ops::Range;

/// Below so many documents slips are looked for as well.
const FEW: usize = 3;

/// Searches all `indexes` and merges what they answer. A document that lies in several of them is shown once.
///
/// Errors: a database fails.
pub fn search(indexes: &[&Index], request: &Request<'_>) -> Result<Hits, SearchError> {
    let mut hits = Hits::default();
    if request.query.is_empty() {
        return Ok(hits);
    }
    let mut answers: Vec<Answers> = indexes.iter().map(|_| Answers::default()).collect();
    let mut found = find_all(indexes, request, Width::Wide, &mut answers)?;
    if found.0.len() < FEW {
        found = find_all(indexes, request, Width::Slips, &mut answers)?;
    }
    let (mut candidates, is_cut) = found;
    candidates.sort_by(|(_, a), (_, b)| {
        b.score
            .total_cmp(&a.score)
            .then_with(|| b.date_ms.cmp(&a.date_ms))
            .then_with(|| a.id.cmp(&b.id))
    });
    let mut seen = HashSet::new();
    candidates.retain(|(_, candidate)| seen.insert(candidate.id));
    hits.document_count = candidates.len();
    hits.is_cut = is_cut;
    candidates.truncate(request.limits.hits);
    for (at, candidate) in candidates {
        if let Some(index) = indexes.get(at) {
            // What went away meanwhile is no hit any more.
            hits.hits
                .extend(index.read(|inner| hit(inner, at, candidate, request.query))?);
        }
    }
    Ok(hits)
}

fn find_all(
    indexes: &[&Index],
    request: &Request<'_>,
    widest: Width,
    answers: &mut [Answers],
) -> Result<(Vec<(usize, Candidate)>, bool), SearchError> {
    let mut all = Vec::new();
    let mut is_cut = false;
    for (at, (index, answers)) in indexes.iter().zip(answers).enumerate() {
        let found = index.read(|inner| find(inner, request, widest, answers))?;
        is_cut |= found.is_cut;
        all.extend(found.candidates.into_iter().map(|one| (at, one)));
    }
    Ok((all, is_cut))
}

fn hit(
    inner: &Inner,
    index: usize,
    candidate: Candidate,
    query: &Query,
) -> Result<Option<Hit>, SearchError> {
    let known = inner.catalog.of_head(candidate.owner_no);
    let Some(owner) = known
        .and_then(|at| inner.catalog.get(at))
        .filter(|owner| owner.id == candidate.id)
    else {
        return Ok(None);
    };
    let texts: Option<(String, String)> = inner
        .connection
        .prepare_cached("SELECT title, body FROM owners WHERE owner_no = :no AND owner = :owner")?
        .query_row(
            named_params! { ":no": owner.owner_no, ":owner": owner.id.0 },
            |row| Ok((row.get(0)?, row.get(1)?)),
        )
        .optional()?;
    let Some((title, body)) = texts else {
        return Ok(None);
    };
    let mut pages = Vec::with_capacity(candidate.pages.len());
    let rows = owner.first_row..owner.first_row + owner.page_count;
    for row in candidate.pages.into_iter().filter(|row| rows.contains(row)) {
        let snippet = if pages.is_empty() {
            Some(snippet::cut(&stored_page(&inner.connection, row)?, query))
        } else {
            None
        };
        pages.push(PageHit {
            page: u32::try_from(row - owner.first_row).map_err(|_| SearchError::BadRow)?,
            snippet,
        });
    }
    let is_in_body = candidate.is_head && !candidate.evidence.is_in_title && !body.is_empty();
    Ok(Some(Hit {
        index,
        owner: owner.id,
        kind: owner.kind,
        state: owner.state,
        title: snippet::whole(&title, query),
        body: is_in_body.then(|| snippet::cut(&body, query)),
        fields: owner.fields.clone(),
        pages,
        page_count: candidate.page_count,
        nearness: match candidate.evidence.width {
            Width::Exact => Nearness::Exact,
            Width::Wide => Nearness::Wide,
            Width::Slips => Nearness::Slip,
        },
    }))
}

impl Index {
    /// The pages of a document that answer, ascending, from 0: for next and previous hit.
    ///
    /// Errors: the database fails.
    pub fn hit_pages(&self, owner: Id, query: &Query) -> Result<Vec<u32>, SearchError> {
        self.read(|inner| {
            let Some(owner) = inner
                .catalog
                .by_id(owner)
                .filter(|owner| owner.page_count > 0 && owner.state == State::Indexed)
            else {
                return Ok(Vec::new());
            };
            find_in_owner(inner, owner, query)?
                .into_iter()
                .map(|row| u32::try_from(row - owner.first_row).map_err(|_| SearchError::BadRow))
                .collect()
        })
    }

    /// The words of one page that answer, as ranges of characters of the page's text as it was put in, ascending and apart.
    ///
    /// Errors: the database fails.
    pub fn page_hits(
        &self,
        owner: Id,
        page: u32,
        query: &Query,
    ) -> Result<Vec<Range<usize>>, SearchError> {
        self.with_page(owner, page, |text| query.marks(text))
    }

    /// The snippet of one page.
    ///
    /// Errors: the database fails.
    pub fn page_snippet(
        &self,
        owner: Id,
        page: u32,
        query: &Query,
    ) -> Result<Snippet, SearchError> {
        self.with_page(owner, page, |text| snippet::cut(text, query))
    }

    fn with_page<T: Default>(
        &self,
        owner: Id,
        page: u32,
        look: impl FnOnce(&str) -> T,
    ) -> Result<T, SearchError> {
        self.read(|inner| {
            let Some(owner) = inner
                .catalog
                .by_id(owner)
                .filter(|owner| i64::from(page) < owner.page_count)
            else {
                return Ok(T::default());
            };
            stored_page(&inner.connection, owner.first_row + i64::from(page))
                .map(|text| look(&text))
        })
    }
}
