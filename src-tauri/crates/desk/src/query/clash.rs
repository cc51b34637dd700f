//! Meetings of the member that take place at the same time, in one council or in two.

use std::collections::HashMap;

use sync::store::CouncilStore;
use sync_protocol::ids::{CouncilId, ObjectId};
use sync_protocol::model::Meeting;

use crate::dto::{Clash, MeetingCard};
use crate::error::Failure;
use crate::session::Council;
use crate::times;

/// From when to when something takes place, ms UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Span {
    start_ms: i64,
    end_ms: i64,
}

/// How long a meeting is taken to last whose council names no end, ms (2 h).
const USUAL_LENGTH_MS: i64 = 2 * 60 * 60 * 1000;

impl Span {
    pub(super) fn of(meeting: &Meeting) -> Option<Self> {
        if meeting.cancelled {
            return None;
        }
        let start_ms = CouncilStore::meeting_start_ms(meeting)?;
        let end_ms = meeting.end.as_deref().and_then(times::moment_ms);
        Some(Self {
            start_ms,
            end_ms: end_ms
                .filter(|end_ms| *end_ms > start_ms)
                .unwrap_or(start_ms.saturating_add(USUAL_LENGTH_MS)),
        })
    }

    fn overlaps(self, other: Self) -> bool {
        self.start_ms < other.end_ms && other.start_ms < self.end_ms
    }
}

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
    let by_id: HashMap<(String, String), &Coming<'_>> = coming
        .iter()
        .map(|one| {
            let council = one.council.record.council.to_string();
            ((council, one.id.to_string()), one)
        })
        .collect();
    for card in cards {
        if let Some(this) = by_id.get(&(card.council_id.clone(), card.id.clone())) {
            card.clashes = clashes(this, &coming)?;
        }
    }
    Ok(())
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

#[cfg(test)]
mod tests {
    use super::*;

    fn span(start: i64, end: i64) -> Span {
        Span {
            start_ms: start,
            end_ms: end,
        }
    }

    #[test]
    fn one_after_the_other_is_no_overlap() {
        assert!(span(17, 19).overlaps(span(18, 20)));
        assert!(span(18, 20).overlaps(span(17, 19)));
        assert!(span(16, 22).overlaps(span(17, 18)), "within another");
        assert!(!span(17, 18).overlaps(span(18, 20)));
        assert!(!span(18, 20).overlaps(span(17, 18)));
    }
}
