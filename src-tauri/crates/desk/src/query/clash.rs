//! Meetings of the member that take place at the same time, in one council or in two.

use sync_protocol::ids::{CouncilId, ObjectId};

use super::cards::Span;
use crate::dto::{Clash, MeetingCard};
use crate::error::Failure;
use crate::session::Council;
use crate::times;

/// A coming meeting of the member.
struct Coming<'a> {
    council: &'a Council,
    id: ObjectId,
    span: Span,
}

/// Puts on each card the coming meetings of the member that overlap with it. Past and cancelled ones clash with nothing.
///
/// Within one council that does not say where the member sits every meeting would be the member's: nothing is said there.
pub(crate) fn mark_clashes(
    councils: &[Council],
    cards: &mut [MeetingCard],
    now_ms: i64,
) -> Result<(), Failure> {
    let today_ms = times::day_start_ms(now_ms);
    let coming = coming(councils, today_ms);
    for card in cards.iter_mut().filter(|card| card.start_at_ms >= today_ms) {
        let this = coming
            .iter()
            .find(|one| is(one, &card.council_id, &card.id));
        let Some(this) = this else {
            continue;
        };
        card.clashes = clashes(this, &coming)?;
    }
    Ok(())
}

fn is(one: &Coming<'_>, council: &str, id: &str) -> bool {
    one.id.to_string() == id && one.council.record.council.to_string() == council
}

fn coming(councils: &[Council], from_ms: i64) -> Vec<Coming<'_>> {
    let mut coming = Vec::new();
    for council in councils {
        for (id, fact) in council.facts.meetings() {
            if let Some(span) = fact.span
                && fact.is_mine
                && span.start_ms >= from_ms
            {
                coming.push(Coming { council, id, span });
            }
        }
    }
    coming.sort_by_key(|one| (one.span.start_ms, one.id));
    coming
}

fn clashes(this: &Coming<'_>, coming: &[Coming<'_>]) -> Result<Vec<Clash>, Failure> {
    let council: fn(&Coming<'_>) -> CouncilId = |one| one.council.record.council;
    let mut found = Vec::new();
    for other in coming {
        let is_same_council = council(this) == council(other);
        let is_itself = is_same_council && this.id == other.id;
        if is_itself
            || !this.span.overlaps(other.span)
            || is_same_council && !this.council.facts.is_seat_known()
        {
            continue;
        }
        if let Some(held) = other.council.store.meeting(other.id)? {
            found.push(Clash {
                meeting_id: other.id.to_string(),
                council_id: council(other).to_string(),
                name: held.object.name,
                start_at_ms: other.span.start_ms,
            });
        }
    }
    Ok(found)
}
