//! Searching one index: which documents and pages answer, without their texts.

use crate::catalog::Owner;
use crate::document::Id;
use crate::error::SearchError;
use crate::expression::{Width, expression};
use crate::hits::Request;
use crate::index::Inner;
use crate::page_rows::rows_between;
use crate::rank::{Evidence, score};
use crate::vocabulary::Place;
use rusqlite::named_params;
use std::collections::{HashMap, HashSet};

/// Pages that are looked at for the words as typed, the newest first. Bounds the time of words that stand everywhere.
const MOST_PAGES: i64 = 8_000;
/// Pages that are looked at for compounds and slips, which are not weighed: the newest are enough.
const MOST_WIDE_PAGES: i64 = 3_000;
/// Titles likewise.
const MOST_HEADS: i64 = 20_000;
/// With so many pages nobody needs compounds as well.
const ENOUGH_PAGES: usize = 100;

/// A document that answers, before its texts are read.
#[derive(Debug, Clone)]
pub(crate) struct Candidate {
    pub(crate) owner_no: i64,
    pub(crate) id: Id,
    pub(crate) date_ms: Option<i64>,
    pub(crate) score: f64,
    pub(crate) evidence: Evidence,
    /// The title or what stands beside it answers.
    pub(crate) is_head: bool,
    /// Pages that answer, the best first.
    pub(crate) pages: Vec<i64>,
    pub(crate) page_count: usize,
}

pub(crate) struct Found {
    pub(crate) candidates: Vec<Candidate>,
    pub(crate) is_cut: bool,
}

#[derive(Default)]
struct Answer {
    head: Option<Evidence>,
    pages: Vec<(Width, f64, i64)>,
}

/// What an index has answered so far; a wider question goes on from here.
#[derive(Default)]
pub(crate) struct Answers {
    by_owner: HashMap<usize, Answer>,
    /// The widest question that was asked.
    asked: Option<Width>,
    /// The last expressions: the same one is not asked twice.
    heads_text: Option<String>,
    pages_text: Option<String>,
    pages_seen: HashSet<i64>,
    is_cut: bool,
    /// The reading of the index that answered.
    reading: u64,
}

/// All documents of an index that answer up to `widest`. What `answers` holds already is not looked for again, unless the
/// index has changed since.
pub(crate) fn find(
    inner: &Inner,
    request: &Request<'_>,
    widest: Width,
    answers: &mut Answers,
) -> Result<Found, SearchError> {
    if answers.reading != inner.reading {
        *answers = Answers {
            reading: inner.reading,
            ..Answers::default()
        };
    }
    for width in [Width::Exact, Width::Wide, Width::Slips] {
        if width <= widest && answers.asked < Some(width) {
            find_heads(inner, request, width, answers)?;
            find_pages(inner, request, width, answers)?;
            answers.asked = Some(width);
        }
    }
    let candidates = answers
        .by_owner
        .iter()
        .filter_map(|(at, answer)| candidate(inner.catalog.get(*at)?, answer, request))
        .collect();
    Ok(Found {
        candidates,
        is_cut: answers.is_cut,
    })
}

fn candidate(owner: &Owner, answer: &Answer, request: &Request<'_>) -> Option<Candidate> {
    let mut pages = answer.pages.clone();
    pages.sort_unstable_by(|a, b| a.0.cmp(&b.0).then(b.1.total_cmp(&a.1)).then(a.2.cmp(&b.2)));
    let best_page = pages.first().map(|(width, relevance, _)| Evidence {
        width: *width,
        relevance: *relevance,
        is_in_title: false,
    });
    let rate = |evidence: Evidence| {
        score(
            evidence,
            owner.kind,
            owner.fields.date_ms,
            pages.len(),
            request.now_ms,
        )
    };
    let evidence = [answer.head, best_page]
        .into_iter()
        .flatten()
        .max_by(|a, b| rate(*a).total_cmp(&rate(*b)))?;
    Some(Candidate {
        owner_no: owner.owner_no,
        id: owner.id,
        date_ms: owner.fields.date_ms,
        score: rate(evidence),
        evidence,
        is_head: answer.head.is_some(),
        page_count: pages.len(),
        pages: pages
            .iter()
            .take(request.limits.pages_per_hit)
            .map(|(_, _, row)| *row)
            .collect(),
    })
}

fn widths(up_to: Width) -> impl Iterator<Item = Width> {
    [Width::Exact, Width::Wide, Width::Slips]
        .into_iter()
        .filter(move |width| *width <= up_to)
}

/// Titles are few: every width is looked up.
fn find_heads(
    inner: &Inner,
    request: &Request<'_>,
    width: Width,
    answers: &mut Answers,
) -> Result<(), SearchError> {
    let text = expression(request.query, width, &inner.vocabulary, Place::Heads);
    let Some(text) = text.filter(|text| answers.heads_text.as_ref() != Some(text)) else {
        return Ok(());
    };
    let mut found = rows(
        inner,
        "heads_index",
        &text,
        width,
        (0, i64::MAX),
        MOST_HEADS,
    )?;
    // Even rows are titles: they come before what stands beside them.
    found.sort_by_key(|(row, _)| row % 2);
    for (row, relevance) in found {
        let Some(at) = inner.catalog.of_head(row / 2) else {
            continue;
        };
        let is_let_through = inner
            .catalog
            .get(at)
            .is_some_and(|owner| request.filter.lets_through(owner.kind, &owner.fields));
        if is_let_through {
            // The first answer is the nearest.
            let answer = answers.by_owner.entry(at).or_default();
            answer.head.get_or_insert(Evidence {
                width,
                relevance,
                is_in_title: row % 2 == 0,
            });
        }
    }
    answers.heads_text = Some(text);
    Ok(())
}

fn find_pages(
    inner: &Inner,
    request: &Request<'_>,
    width: Width,
    answers: &mut Answers,
) -> Result<(), SearchError> {
    if answers.pages_seen.len() >= ENOUGH_PAGES {
        return Ok(());
    }
    let text = expression(request.query, width, &inner.vocabulary, Place::Pages);
    let Some(text) = text.filter(|text| answers.pages_text.as_ref() != Some(text)) else {
        return Ok(());
    };
    let span = rows_between(request.filter.from_ms, request.filter.before_ms);
    let most = if width == Width::Exact {
        MOST_PAGES
    } else {
        MOST_WIDE_PAGES
    };
    let rows = rows(inner, "pages_index", &text, width, span, most)?;
    answers.is_cut |= rows.len() as i64 >= most;
    // Pages of one document follow each other.
    let mut last: Option<(usize, bool)> = None;
    for (row, relevance) in rows {
        let Some(at) = inner.catalog.of_page(row) else {
            continue;
        };
        let is_let_through = match last {
            Some((known, is_let_through)) if known == at => is_let_through,
            _ => inner
                .catalog
                .get(at)
                .is_some_and(|owner| request.filter.lets_through(owner.kind, &owner.fields)),
        };
        last = Some((at, is_let_through));
        if is_let_through && answers.pages_seen.insert(row) {
            let answer = answers.by_owner.entry(at).or_default();
            answer.pages.push((width, relevance, row));
        }
    }
    answers.pages_text = Some(text);
    Ok(())
}

/// Rows that answer an expression with their relevance from 0 to 1, the newest first. Only the typed words are weighed: a
/// compound or a slip is as good as another, however rare it is.
fn rows(
    inner: &Inner,
    table: &str,
    expression: &str,
    width: Width,
    span: (i64, i64),
    most: i64,
) -> Result<Vec<(i64, f64)>, SearchError> {
    let weight = if width == Width::Exact {
        format!("bm25({table})")
    } else {
        "0.0".to_owned()
    };
    let mut statement = inner.connection.prepare_cached(&format!(
        "SELECT rowid, {weight} FROM {table}
         WHERE {table} MATCH :expression AND rowid BETWEEN :from AND :to ORDER BY rowid DESC LIMIT :most"
    ))?;
    let mut found: Vec<(i64, f64)> = statement
        .query_map(
            named_params! { ":expression": expression, ":from": span.0, ":to": span.1, ":most": most },
            |row| Ok((row.get(0)?, row.get(1)?)),
        )?
        .collect::<Result<_, _>>()?;
    // bm25 is negative, the best lowest, and not comparable between two files: the best of each is 1.
    let best = found.iter().map(|(_, weight)| *weight).fold(0.0, f64::min);
    for (_, weight) in &mut found {
        *weight = if best < 0.0 { *weight / best } else { 0.0 };
    }
    Ok(found)
}

/// Pages of one document that answer, ascending: as near to the typed words as there are any.
pub(crate) fn find_in_owner(
    inner: &Inner,
    owner: &Owner,
    query: &crate::query::Query,
) -> Result<Vec<i64>, SearchError> {
    let span = (owner.first_row, owner.first_row + owner.page_count - 1);
    for width in widths(Width::Slips) {
        let Some(text) = expression(query, width, &inner.vocabulary, Place::Pages) else {
            break;
        };
        let mut statement = inner.connection.prepare_cached(
            "SELECT rowid FROM pages_index
             WHERE pages_index MATCH :expression AND rowid BETWEEN :from AND :to ORDER BY rowid",
        )?;
        let found: Vec<i64> = statement
            .query_map(
                named_params! { ":expression": text, ":from": span.0, ":to": span.1 },
                |row| row.get(0),
            )?
            .collect::<Result<_, _>>()?;
        // Compounds are marked beside the word itself, so their pages count beside its own.
        if width >= Width::Wide && !found.is_empty() {
            return Ok(found);
        }
    }
    Ok(Vec::new())
}
