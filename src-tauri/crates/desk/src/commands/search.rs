//! Search over everything on the device, and within one document.

use std::collections::BTreeSet;
use std::sync::Arc;

use search::{Filter, Id, Index, Kind, Limits, Query, Request, State, Typing};
use sync::store::CouncilStore;
use sync_protocol::ids::ObjectId;

use crate::Desk;
use crate::dto::*;
use crate::error::Failure;
use crate::indexing::{self, Tools};
use crate::query::{council_hit, object_id, own_hit};
use crate::session::{Council, Session};
use crate::times;

/// Hits of the council shown at once.
const MOST_HITS: usize = 40;
/// Own notes shown at once: they stand before everything else.
const MOST_NOTES: usize = 8;
/// Contributions to a faction in an answer that is about nothing else.
const MOST_SAID: usize = 200;
/// Pages named for one file, the best first.
const MOST_PAGES: usize = 5;

impl Desk {
    pub(crate) fn search(&self, request: SearchRequest) -> Result<SearchAnswer, Failure> {
        let (session, now_ms) = (self.session()?, self.now_ms());
        let typing = if request.typing {
            Typing::Yes
        } else {
            Typing::No
        };
        let query = Query::parse(&request.text, typing);
        let mut answer = SearchAnswer {
            hits: Vec::new(),
            hit_count: 0,
            is_cut: false,
        };
        if query.is_empty() {
            return Ok(answer);
        }
        let mut councils = session.councils(now_ms)?;
        if let Some(wanted) = &request.council_id {
            councils.keep_only(wanted);
        }
        let Some(filter) = filter(&request, &councils)? else {
            return Ok(answer);
        };
        if wants(&request, HitKind::Note) {
            own_notes(
                &session,
                &councils,
                &request,
                (&query, &filter),
                now_ms,
                &mut answer,
            )?;
        }
        if wants(&request, HitKind::Faction) {
            let is_alone = request.kinds == [HitKind::Faction];
            let shown = if is_alone { MOST_SAID } else { 2 * MOST_NOTES };
            // Whether a filter lets something through is only known with its place.
            let most = if is_open(&request, &filter) {
                shown
            } else {
                usize::MAX
            };
            let found = self.faction_hits(&session, &councils, &query, most, now_ms)?;
            answer.hit_count = answer.hit_count.saturating_add(found.more);
            for (council, hit) in found.hits {
                if lets_through(council, &request, &filter, &hit)? {
                    answer.hit_count += 1;
                    if answer.hits.len() < shown {
                        answer.hits.push(hit);
                    }
                }
            }
        }
        if request.kinds.is_empty() || !filter.kinds.is_empty() {
            council_data(
                &session,
                &councils,
                &request,
                (&query, &filter),
                now_ms,
                &mut answer,
            )?;
        }
        Ok(answer)
    }

    pub(crate) fn search_choices(&self, _: Empty) -> Result<SearchChoices, Failure> {
        let (session, now_ms) = (self.session()?, self.now_ms());
        let councils = session.councils(now_ms)?;
        let mut choices = SearchChoices {
            organizations: Vec::new(),
            years: Vec::new(),
            has_nonpublic: false,
        };
        let mut years = BTreeSet::new();
        for council in councils.iter() {
            let meetings = council.store.meetings()?;
            let meet: BTreeSet<ObjectId> = meetings
                .iter()
                .flat_map(|held| held.object.organizations.iter().copied())
                .collect();
            let starts = meetings
                .iter()
                .filter_map(|held| CouncilStore::meeting_start_ms(&held.object));
            years.extend(starts.filter_map(times::year));
            choices.has_nonpublic |= indexing::names(&council.store).len() > 1;
            // Factions and the like never meet here; nothing would be found by them.
            let meeting = council.store.organizations()?.into_iter();
            choices.organizations.extend(
                meeting
                    .filter(|held| meet.contains(&held.object.id))
                    .map(|held| OrganizationChoice {
                        council_id: council.record.council.to_string(),
                        id: held.object.id.to_string(),
                        is_mine: council.facts.is_mine(held.object.id),
                        name: held.object.name,
                    }),
            );
        }
        choices.years = years.into_iter().rev().collect();
        Ok(choices)
    }

    pub(crate) fn index_status(&self, _: Empty) -> Result<IndexStatus, Failure> {
        let (session, now_ms) = (self.session()?, self.now_ms());
        let progress = session.indexing.progress();
        let (mut scans, mut failed) = (Vec::new(), Vec::new());
        for council in session.councils(now_ms)?.iter() {
            for index in indexes(&session, council, None)? {
                for (owner, state) in index.unsearchable()? {
                    let Some(row) = council.store.file(ObjectId::from_bytes(owner.0))? else {
                        continue;
                    };
                    let file = UnsearchableFile {
                        file_id: row.id().to_string(),
                        name: row.file.name,
                    };
                    match state {
                        State::Scan => scans.push(file),
                        State::Failed => failed.push(file),
                        State::Indexed => {}
                    }
                }
            }
        }
        Ok(IndexStatus {
            running: progress.running,
            files_done: progress.files_done,
            files_total: progress.files_total,
            incomplete: progress.is_incomplete,
            scans,
            failed,
        })
    }

    pub(crate) fn document_search(
        &self,
        request: DocumentSearchRequest,
    ) -> Result<DocumentMatches, Failure> {
        let (session, now_ms) = (self.session()?, self.now_ms());
        let query = Query::parse(&request.text, Typing::Yes);
        let document = session.documents.get(&request.doc)?;
        let owner = Id(*document.file.as_bytes());
        let mut found = DocumentMatches {
            pages: Vec::new(),
            indexed: false,
        };
        if query.is_empty() {
            return Ok(found);
        }
        for council in session.councils(now_ms)?.iter() {
            if council.record.council == document.council {
                for index in indexes(&session, council, None)? {
                    if indexing::has_read(&index, owner, document.blob_id)? {
                        found.indexed = true;
                        found.pages = index.hit_pages(owner, &query)?;
                    }
                }
            }
        }
        if !found.indexed {
            found.pages = (0..document.page_count).collect();
        }
        Ok(found)
    }

    pub(crate) fn page_matches(&self, request: PageMatchesRequest) -> Result<PageMatches, Failure> {
        let (session, reader) = (self.session()?, self.reader()?);
        let query = Query::parse(&request.text, Typing::Yes);
        let context = (&*session.vault, &reader, self.now_ms());
        let text = session
            .documents
            .ask(context, &request.doc, |doc| reader.text(doc, request.page))?;
        let number = |place: usize| u32::try_from(place).unwrap_or(u32::MAX);
        Ok(PageMatches {
            ranges: query
                .marks(&text.text)
                .into_iter()
                .map(|range| TextRange {
                    start: number(range.start),
                    end: number(range.end),
                })
                .collect(),
        })
    }

    /// Brings the index up to date in the background.
    pub(crate) fn index_in_background(&self, session: &Arc<Session>) -> Result<(), Failure> {
        indexing::start(self.runtime()?.handle(), session, self.index_tools());
        Ok(())
    }

    pub(crate) fn index_tools(&self) -> Tools {
        Tools {
            // Without PDFium titles are found all the same.
            reader: self.reader().ok(),
            clock: Arc::clone(&self.config.clock),
            events: self.event_sender(),
        }
    }
}

fn wants(request: &SearchRequest, kind: HitKind) -> bool {
    request.kinds.is_empty() || request.kinds.contains(&kind)
}

/// What the index filters by; `None` when nothing can be let through.
///
/// Errors: `not_found` for what is no id.
fn filter(request: &SearchRequest, councils: &[Council]) -> Result<Option<Filter>, Failure> {
    let mut filter = Filter::default();
    for kind in &request.kinds {
        filter.kinds.extend(match kind {
            HitKind::Meeting => Some(Kind::Meeting),
            HitKind::AgendaItem => Some(Kind::AgendaItem),
            HitKind::Paper => Some(Kind::Paper),
            HitKind::Person => Some(Kind::Person),
            HitKind::Organization => Some(Kind::Organization),
            HitKind::File => Some(Kind::File),
            HitKind::Note | HitKind::Faction => None,
        });
    }
    if let Some(organization) = &request.organization_id {
        filter.organizations = vec![Id(*object_id(organization)?.as_bytes())];
    } else if request.mine {
        let mine = councils.iter().flat_map(|council| council.facts.mine());
        filter.organizations = mine.map(|id| Id(*id.as_bytes())).collect();
        if filter.organizations.is_empty() {
            return Ok(None);
        }
    }
    if let Some(year) = request.year {
        filter.from_ms = times::year_start_ms(year);
        filter.before_ms = times::year_start_ms(year.saturating_add(1));
    }
    Ok(Some(filter))
}

/// The indexes of a council that may answer.
fn indexes(
    session: &Session,
    council: &Council,
    publicity: Option<Publicity>,
) -> Result<Vec<Arc<Index>>, Failure> {
    let id = council.record.council;
    let mut found = Vec::new();
    for name in indexing::names(&council.store) {
        let is_wanted = match publicity {
            None => true,
            Some(Publicity::Public) => name.is_none(),
            Some(Publicity::Nonpublic) => name.is_some(),
        };
        if is_wanted && let Some(index) = session.indexes.get(&session.vault, id, name)? {
            found.push(index);
        }
    }
    Ok(found)
}

fn council_data(
    session: &Session,
    councils: &[Council],
    request: &SearchRequest,
    (query, filter): (&Query, &Filter),
    now_ms: i64,
    answer: &mut SearchAnswer,
) -> Result<(), Failure> {
    let mut open: Vec<(&Council, Arc<Index>)> = Vec::new();
    for council in councils {
        let found = indexes(session, council, request.publicity)?;
        open.extend(found.into_iter().map(|index| (council, index)));
    }
    let asked: Vec<&Index> = open.iter().map(|(_, index)| &**index).collect();
    let hits = search::search(
        &asked,
        &Request {
            query,
            filter,
            limits: Limits {
                hits: MOST_HITS,
                pages_per_hit: MOST_PAGES,
            },
            now_ms,
        },
    )?;
    answer.is_cut |= hits.is_cut;
    answer.hit_count += u32::try_from(hits.document_count).unwrap_or(u32::MAX);
    for hit in &hits.hits {
        if let Some((council, _)) = open.get(hit.index) {
            answer.hits.extend(council_hit(council, hit, now_ms)?);
        }
    }
    Ok(())
}

fn own_notes(
    session: &Session,
    councils: &[Council],
    request: &SearchRequest,
    (query, filter): (&Query, &Filter),
    now_ms: i64,
    answer: &mut SearchAnswer,
) -> Result<(), Failure> {
    for mark in session.notes.list_all()? {
        let Some(council) = councils
            .iter()
            .find(|council| council.record.council == mark.anchor.council)
        else {
            continue;
        };
        let Some(hit) = own_hit(council, &mark, query, now_ms)? else {
            continue;
        };
        if !lets_through(council, request, filter, &hit)? {
            continue;
        }
        answer.hit_count += 1;
        if answer.hits.len() < MOST_NOTES || request.kinds == [HitKind::Note] {
            answer.hits.push(hit);
        }
    }
    Ok(())
}

/// The same filters for a note: those of the meeting it belongs to.
/// Whether no filter looks at the place of a hit.
fn is_open(request: &SearchRequest, filter: &Filter) -> bool {
    request.publicity.is_none()
        && filter.from_ms.is_none()
        && filter.before_ms.is_none()
        && filter.organizations.is_empty()
}

fn lets_through(
    council: &Council,
    request: &SearchRequest,
    filter: &Filter,
    hit: &SearchHit,
) -> Result<bool, Failure> {
    if request
        .publicity
        .is_some_and(|wanted| (wanted == Publicity::Public) != hit.public)
    {
        return Ok(false);
    }
    let start = hit.meeting_start_at_ms;
    let in_time = filter
        .from_ms
        .is_none_or(|from| start.is_some_and(|at| at >= from))
        && filter
            .before_ms
            .is_none_or(|before| start.is_some_and(|at| at < before));
    if !in_time || filter.organizations.is_empty() {
        return Ok(in_time);
    }
    let Some(meeting) = &hit.meeting_id else {
        return Ok(false);
    };
    let meeting = council.store.meeting(object_id(meeting)?)?;
    Ok(meeting.is_some_and(|held| {
        let sits = held
            .object
            .organizations
            .iter()
            .map(|id| Id(*id.as_bytes()));
        sits.into_iter()
            .any(|id| filter.organizations.contains(&id))
    }))
}
