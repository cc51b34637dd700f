//! Which time counts for leases. Nothing signed says the time offline, so this device's clock is all there is: set back, it opens nothing
//! that it has closed; far ahead for a moment, it locks, but deletes nothing.
//! Not here: what is done when a time has come (see `access`).

use sync_protocol::ids::CouncilId;
use vault::{CouncilRecord, Forgetting, Vault};

use crate::council::CouncilError;
use crate::error::SyncError;

const DAY_MS: i64 = 24 * 60 * 60 * 1000;
/// The longest step of the clock that is believed at once, ms (45 days): lease and grace together, and a week more. Beyond it a wrong
/// clock is as likely as a tablet that lay in a drawer.
const STEP_MS: i64 = 45 * DAY_MS;
/// How long a clock must have gone on from a longer step before it is believed, ms (1 day).
const CLAIM_MS: i64 = DAY_MS;
/// How far the time must have gone on to be written down, ms (1 hour).
const GRAIN_MS: i64 = 60 * 60 * 1000;

/// Notes this device's clock, so that setting it back opens nothing.
///
/// * `now_ms` – this device's clock, ms UTC.
///
/// Result: the time by which content may be deleted, ms UTC: the latest one that is signed or believed.
///
/// Errors: not paired; the keyring could not be written.
pub fn note_time(vault: &Vault, council: CouncilId, now_ms: i64) -> Result<i64, SyncError> {
    let record = vault
        .keyring()
        .council(council)
        .ok_or(CouncilError::NotPaired)?;
    let noted = noted_for(&record, now_ms);
    if let Some((seen, claimed)) = noted.to_write {
        vault.keyring().update_council(council, |record| {
            record.forgetting.seen_at_ms = seen;
            record.forgetting.claimed_at_ms = claimed;
        })?;
    }
    Ok(noted.time_ms)
}

/// What a look at the clock means for one council.
pub(crate) struct Noted {
    /// The time by which content may be deleted, ms UTC.
    pub(crate) time_ms: i64,
    /// `seen_at_ms` and `claimed_at_ms`, if they have to be written down.
    pub(crate) to_write: Option<(Option<i64>, Option<i64>)>,
}

/// Judges this device's clock by what is known. Pure.
pub(crate) fn noted_for(record: &CouncilRecord, now_ms: i64) -> Noted {
    let signed_at_ms = record.head_high_water.issued_at_ms;
    if record.signed_head.is_none() {
        // Nothing was granted yet that a time could end.
        return Noted {
            time_ms: signed_at_ms,
            to_write: None,
        };
    }
    let (seen, claimed) = noted(&record.forgetting, signed_at_ms, now_ms);
    let known = record.forgetting.seen_at_ms.unwrap_or(signed_at_ms);
    let has_moved = seen.is_some_and(|seen| seen.saturating_sub(known) >= GRAIN_MS);
    let is_new = has_moved || claimed != record.forgetting.claimed_at_ms;
    Noted {
        time_ms: seen.unwrap_or(signed_at_ms).max(signed_at_ms),
        to_write: is_new.then_some((seen, claimed)),
    }
}

/// The latest time that is believed, and one that is not yet.
fn noted(known: &Forgetting, signed_at_ms: i64, now_ms: i64) -> (Option<i64>, Option<i64>) {
    let latest = known.seen_at_ms.unwrap_or(signed_at_ms).max(signed_at_ms);
    let claimed = known.claimed_at_ms.filter(|claimed| now_ms >= *claimed);
    match claimed {
        // The clock is back where it was, or never left.
        _ if now_ms <= latest => (known.seen_at_ms, None),
        _ if now_ms.saturating_sub(latest) <= STEP_MS => (Some(now_ms), None),
        Some(claimed) if now_ms - claimed >= CLAIM_MS => (Some(now_ms), None),
        Some(claimed) => (known.seen_at_ms, Some(claimed)),
        None => (known.seen_at_ms, Some(now_ms)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIGNED: i64 = 1_000 * DAY_MS;
    const YEAR: i64 = 365 * DAY_MS;

    /// What is believed after the clock has shown these days.
    fn after(days: &[i64]) -> (i64, bool) {
        let mut known = Forgetting::default();
        for day in days {
            let (seen, claimed) = noted(&known, SIGNED, SIGNED + day * DAY_MS);
            (known.seen_at_ms, known.claimed_at_ms) = (seen, claimed);
        }
        let seen = known.seen_at_ms.unwrap_or(SIGNED);
        ((seen - SIGNED) / DAY_MS, known.claimed_at_ms.is_some())
    }

    #[test]
    fn ordinary_days_are_believed_and_never_taken_back() {
        assert_eq!(after(&[1, 2, 9]), (9, false));
        assert_eq!(after(&[45]), (45, false), "six weeks in a drawer");
        assert_eq!(after(&[1, 40, 3, -200]), (40, false), "set back");
    }

    #[test]
    fn a_year_ahead_is_believed_only_if_it_goes_on_there() {
        let year = YEAR / DAY_MS;
        assert_eq!(after(&[1, year]), (1, true));
        assert_eq!(after(&[1, year, 2]), (2, false), "a glitch is over");
        assert_eq!(after(&[1, year, 2, year]), (2, true), "and counts anew");
        assert_eq!(after(&[1, year, year]), (1, true), "the same day still");
        assert_eq!(after(&[1, year, year + 1]), (year + 1, false));
        assert_eq!(
            after(&[1, year, year - 100, year - 99]),
            (year - 99, false),
            "a claim that went back begins anew"
        );
    }
}
