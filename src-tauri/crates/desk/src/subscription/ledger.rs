//! What the followed calendar file says of each meeting, and how that goes on: pure, no file and no store.
//!
//! A calendar believes the higher SEQUENCE, so the count goes on even where a meeting is not shown for a while.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use sync::store::Absence;
use sync_protocol::ids::{AudienceId, CouncilId, ObjectId};

use crate::calendar::Event;

/// How long a meeting that vanished stays in the file as cancelled, ms (60 days): long enough for every calendar to
/// read it at least once.
const CANCELLED_KEPT_MS: i64 = 60 * 24 * 60 * 60 * 1000;

/// All meetings that were ever in the file, by UID.
pub(super) type Ledger = BTreeMap<String, Entry>;

/// One meeting of the file. Ids as hex, because it is stored as JSON.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Entry {
    council: String,
    audience: String,
    object: String,
    /// The SEQUENCE written last.
    sequence: u32,
    /// What stands in the file; `None`: not shown, and nothing of it is kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    event: Option<Event>,
    /// When it was found to be gone, ms UTC.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    vanished_at_ms: Option<i64>,
}

/// A meeting as the store has it now.
pub(super) struct Found {
    pub(super) council: CouncilId,
    pub(super) audience: AudienceId,
    pub(super) object: ObjectId,
    /// Whether the member's choice takes it in.
    pub(super) is_wanted: bool,
    pub(super) event: Event,
}

impl Entry {
    /// Council, audience and object; `None` if what was stored is none of these.
    pub(super) fn place(&self) -> Option<(CouncilId, AudienceId, ObjectId)> {
        Some((
            self.council.parse().ok()?,
            self.audience.parse().ok()?,
            self.object.parse().ok()?,
        ))
    }

    /// Takes it out of the file; only its count stays.
    pub(super) fn hide(&mut self) {
        self.event = None;
        self.vanished_at_ms = None;
    }

    fn show(&mut self, found: Found, now_ms: i64) {
        let mut event = found.event;
        self.audience = found.audience.to_string();
        self.vanished_at_ms = None;
        if self
            .event
            .as_ref()
            .is_some_and(|shown| shown.shows_the_same(&event))
        {
            return;
        }
        self.sequence = event.sequence.max(self.sequence.saturating_add(1));
        event.sequence = self.sequence;
        event.changed_at_ms = event.changed_at_ms.max(now_ms);
        self.event = Some(event);
    }

    /// The meeting is not in the store any more.
    fn miss(&mut self, absence: Absence, now_ms: i64) {
        let Some(event) = &mut self.event else {
            return;
        };
        match (absence, self.vanished_at_ms) {
            // It may come again: the file goes on saying what it said.
            (Absence::Awaited, _) => {}
            (Absence::Ended, _) => self.hide(),
            // It took place, and is not cancelled by the council's tidying up.
            (Absence::Gone, None) if event.start_at_ms <= now_ms => self.hide(),
            (Absence::Gone, None) => {
                self.vanished_at_ms = Some(now_ms);
                self.sequence = self.sequence.saturating_add(1);
                event.sequence = self.sequence;
                event.changed_at_ms = now_ms;
                event.is_cancelled = true;
                // What the council took back is not said any longer than a calendar needs to find its entry.
                event.description = None;
                event.location = None;
            }
            (Absence::Gone, Some(vanished_at_ms)) => {
                if now_ms.saturating_sub(vanished_at_ms) >= CANCELLED_KEPT_MS {
                    self.hide();
                }
            }
        }
    }
}

/// Brings the ledger to what the stores hold now.
///
/// * `absence` – asked for each shown meeting that is not among `found`.
pub(super) fn bring_up_to_date<E>(
    ledger: &mut Ledger,
    found: Vec<Found>,
    mut absence: impl FnMut(&Entry) -> Result<Absence, E>,
    now_ms: i64,
) -> Result<(), E> {
    let mut missing: BTreeMap<&String, &mut Entry> = ledger.iter_mut().collect();
    let mut fresh = Vec::new();
    for found in found {
        match missing.remove(&found.event.uid) {
            Some(entry) if found.is_wanted => entry.show(found, now_ms),
            Some(entry) => entry.hide(),
            None => fresh.push(found),
        }
    }
    for entry in missing.into_values().filter(|entry| entry.event.is_some()) {
        let absence = absence(entry)?;
        entry.miss(absence, now_ms);
    }
    for Found {
        council,
        audience,
        object,
        event,
        ..
    } in fresh.into_iter().filter(|found| found.is_wanted)
    {
        ledger.insert(
            event.uid.clone(),
            Entry {
                council: council.to_string(),
                audience: audience.to_string(),
                object: object.to_string(),
                sequence: event.sequence,
                event: Some(event),
                vanished_at_ms: None,
            },
        );
    }
    Ok(())
}

/// What stands in the file, earliest first.
pub(super) fn shown(ledger: &Ledger) -> Vec<&Event> {
    let mut events: Vec<&Event> = ledger
        .values()
        .filter_map(|entry| entry.event.as_ref())
        .collect();
    events.sort_by(|a, b| (a.start_at_ms, &a.uid).cmp(&(b.start_at_ms, &b.uid)));
    events
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use super::*;

    const NOW_MS: i64 = 1_795_000_000_000;

    fn found(n: u8, revision: u32, summary: &str) -> Found {
        Found {
            council: CouncilId::from_bytes([1; 16]),
            audience: AudienceId::from_bytes([2; 16]),
            object: ObjectId::from_bytes([n; 16]),
            is_wanted: true,
            event: Event {
                uid: n.to_string(),
                sequence: revision,
                changed_at_ms: NOW_MS - 1_000,
                start_at_ms: NOW_MS + 1_000_000,
                end_at_ms: None,
                summary: summary.to_owned(),
                location: Some("Rathaus".to_owned()),
                description: Some("TOP 1".to_owned()),
                is_cancelled: false,
            },
        }
    }

    fn step(ledger: &mut Ledger, found: Vec<Found>, absence: Absence, now_ms: i64) {
        bring_up_to_date(ledger, found, |_| Ok::<_, Infallible>(absence), now_ms).unwrap();
    }

    fn only(ledger: &Ledger) -> &Event {
        let shown = shown(ledger);
        assert_eq!(shown.len(), 1);
        shown[0]
    }

    #[test]
    fn the_count_rises_with_each_change_and_with_nothing_else() {
        let mut ledger = Ledger::new();
        step(&mut ledger, vec![found(1, 3, "Rat")], Absence::Gone, NOW_MS);
        let first = only(&ledger).clone();
        assert_eq!((first.sequence, first.changed_at_ms), (3, NOW_MS - 1_000));
        // Another revision that a calendar would show alike.
        step(
            &mut ledger,
            vec![found(1, 9, "Rat")],
            Absence::Gone,
            NOW_MS + 1,
        );
        assert!(only(&ledger) == &first, "byte for byte the same");
        // The agenda changed, the meeting's own revision did not.
        let mut changed = found(1, 3, "Rat");
        changed.event.description = Some("TOP 1\nTOP 2".to_owned());
        step(&mut ledger, vec![changed], Absence::Gone, NOW_MS + 2);
        let second = only(&ledger);
        assert_eq!((second.sequence, second.changed_at_ms), (4, NOW_MS + 2));
    }

    #[test]
    fn what_vanished_is_cancelled_for_a_while_and_what_took_place_is_not() {
        let mut ledger = Ledger::new();
        let mut past = found(2, 0, "Gewesen");
        past.event.start_at_ms = NOW_MS - 1;
        step(
            &mut ledger,
            vec![found(1, 0, "Rat"), past],
            Absence::Gone,
            NOW_MS,
        );
        step(&mut ledger, vec![], Absence::Gone, NOW_MS);
        let event = only(&ledger).clone();
        assert!(event.is_cancelled && event.sequence == 1 && event.summary == "Rat");
        assert!(event.description.is_none() && event.location.is_none());
        step(
            &mut ledger,
            vec![],
            Absence::Gone,
            NOW_MS + CANCELLED_KEPT_MS - 1,
        );
        assert!(only(&ledger) == &event);
        step(
            &mut ledger,
            vec![],
            Absence::Gone,
            NOW_MS + CANCELLED_KEPT_MS,
        );
        assert!(shown(&ledger).is_empty());
        // Called anew after all: a calendar must believe it.
        step(&mut ledger, vec![found(1, 0, "Rat")], Absence::Gone, NOW_MS);
        assert_eq!(only(&ledger).sequence, 2);
        assert!(!only(&ledger).is_cancelled);
    }

    #[test]
    fn a_lost_cache_cancels_nothing_and_ended_access_leaves_nothing() {
        let mut ledger = Ledger::new();
        step(&mut ledger, vec![found(1, 0, "Rat")], Absence::Gone, NOW_MS);
        let before = ledger.clone();
        step(&mut ledger, vec![], Absence::Awaited, NOW_MS + 1);
        assert!(ledger == before);
        step(&mut ledger, vec![], Absence::Ended, NOW_MS + 2);
        assert!(shown(&ledger).is_empty());
        let stored = serde_json::to_string(&ledger).unwrap();
        assert!(!stored.contains("Rat"), "no word of it is kept: {stored}");
    }

    #[test]
    fn a_choice_takes_meetings_out_without_cancelling_them() {
        let mut ledger = Ledger::new();
        let other = || Found {
            is_wanted: false,
            ..found(1, 0, "Rat")
        };
        step(&mut ledger, vec![other()], Absence::Gone, NOW_MS);
        assert!(ledger.is_empty());
        step(&mut ledger, vec![found(1, 0, "Rat")], Absence::Gone, NOW_MS);
        step(&mut ledger, vec![other()], Absence::Gone, NOW_MS);
        assert!(shown(&ledger).is_empty());
        step(&mut ledger, vec![found(1, 0, "Rat")], Absence::Gone, NOW_MS);
        assert_eq!(only(&ledger).sequence, 1, "the count went on");
    }

    #[test]
    fn the_place_of_a_meeting_outlives_storing() {
        let mut ledger = Ledger::new();
        step(&mut ledger, vec![found(1, 0, "Rat")], Absence::Gone, NOW_MS);
        let text = serde_json::to_string(&ledger).unwrap();
        let read: Ledger = serde_json::from_str(&text).unwrap();
        assert!(read == ledger);
        let place = read["1"].place().unwrap();
        assert_eq!(place.2, ObjectId::from_bytes([1; 16]));
    }
}
