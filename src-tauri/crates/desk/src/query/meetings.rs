//! All meetings with what they can be sorted and filtered by: who meets, and the legislative terms.

use std::collections::HashSet;

use sync::store::StoreError;
use sync_protocol::model::LegislativeTerm;

use super::Own;
use super::cards::meeting_cards;
use super::clash::mark_clashes;
use crate::dto::{MeetingCommittee, MeetingTerm, MeetingsList};
use crate::error::Failure;
use crate::session::Council;
use crate::times;

/// The meetings of all councils: coming ones next first, past ones latest first.
pub(crate) fn meetings_list(
    councils: &[Council],
    own: &Own,
    now_ms: i64,
) -> Result<MeetingsList, Failure> {
    let mut cards = meeting_cards(councils, own)?;
    mark_clashes(councils, &mut cards, now_ms)?;
    let meet: HashSet<&str> = cards
        .iter()
        .flat_map(|card| card.committee_ids.iter().map(String::as_str))
        .collect();
    let (mut committees, mut terms) = (Vec::new(), Vec::new());
    for council in councils {
        committees.extend(committees_of(council, &meet)?);
        for held in council.store.terms()? {
            terms.extend(term(council, &held.object));
        }
    }
    committees.sort_by(|a, b| (&a.name, &a.id).cmp(&(&b.name, &b.id)));
    terms.retain(|term| {
        cards
            .iter()
            .any(|card| card.council_id == term.council_id && is_within(term, card.start_at_ms))
    });
    terms.sort_by(|a, b| (b.start_at_ms, &b.name, &b.id).cmp(&(a.start_at_ms, &a.name, &a.id)));
    let today_ms = times::day_start_ms(now_ms);
    let (upcoming, mut past): (Vec<_>, Vec<_>) = cards
        .into_iter()
        .partition(|card| card.start_at_ms >= today_ms);
    past.reverse();
    Ok(MeetingsList {
        upcoming,
        past,
        committees,
        terms,
    })
}

fn committees_of(
    council: &Council,
    meet: &HashSet<&str>,
) -> Result<Vec<MeetingCommittee>, StoreError> {
    let named = council
        .store
        .organizations()?
        .into_iter()
        .map(|held| MeetingCommittee {
            council_id: council.record.council.to_string(),
            id: held.object.id.to_string(),
            is_mine: council.facts.is_mine(held.object.id),
            name: held.object.name,
            short_name: held.object.short_name,
        });
    Ok(named
        .filter(|committee| meet.contains(committee.id.as_str()))
        .collect())
}

/// A term as the border has it; `None` if the council gives neither end of it a day that can be read.
fn term(council: &Council, term: &LegislativeTerm) -> Option<MeetingTerm> {
    let start_at_ms = term
        .start_date
        .as_deref()
        .and_then(times::local_day_start_ms);
    let end_at_ms = term.end_date.as_deref().and_then(times::local_day_end_ms);
    (start_at_ms.is_some() || end_at_ms.is_some()).then(|| MeetingTerm {
        id: term.id.to_string(),
        council_id: council.record.council.to_string(),
        name: term.name.clone(),
        start_at_ms,
        end_at_ms,
    })
}

fn is_within(term: &MeetingTerm, at_ms: i64) -> bool {
    term.start_at_ms.is_none_or(|start| start <= at_ms)
        && term.end_at_ms.is_none_or(|end| at_ms < end)
}
