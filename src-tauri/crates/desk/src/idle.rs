//! When the portfolio locks by itself: after some time in which nobody did anything, told a little before. Decisions only;
//! the page tells what people do, the shell asks often enough.

use std::sync::Mutex;
use std::time::Duration;

use vault::Moment;

use crate::desk::lock;

/// Told so long before it locks, ms: time enough to see it and to tap.
const SOON_MS: u64 = 20_000;
/// As long as nothing is near, it is looked at this often: a device that has slept finds out soon after, ms.
const LOOK_MS: u64 = 5_000;
/// And this often once it was told, ms.
const LOOK_SOON_MS: u64 = 500;

/// What has to happen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum IdleDeed {
    Nothing,
    /// Tells that it will lock, in so many ms.
    Tell {
        left_ms: u64,
    },
    Lock,
}

#[derive(Debug, Default)]
struct State {
    last: Option<Moment>,
    is_told: bool,
}

/// When somebody did something last.
#[derive(Debug, Default)]
pub(crate) struct Idle(Mutex<State>);

impl Idle {
    /// Somebody did something.
    pub(crate) fn active(&self, now: Moment) {
        *lock(&self.0) = State {
            last: Some(now),
            is_told: false,
        };
    }

    // Meets: O.Auth_9
    /// What has to happen now, and when to look again at the latest.
    ///
    /// * `limit_ms` – after so long without anything it locks.
    pub(crate) fn look(&self, now: Moment, limit_ms: u64) -> (IdleDeed, Duration) {
        let mut state = lock(&self.0);
        // Where nobody knows how long it has been, it has been too long.
        let idle_ms = state
            .last
            .map_or(0, |last| now.since(last).unwrap_or(u64::MAX));
        if state.last.is_none() {
            state.last = Some(now);
        }
        let left_ms = limit_ms.saturating_sub(idle_ms);
        let (deed, look_ms) = if left_ms == 0 {
            (IdleDeed::Lock, LOOK_MS)
        } else if left_ms > SOON_MS {
            (IdleDeed::Nothing, (left_ms - SOON_MS).min(LOOK_MS))
        } else if state.is_told {
            (IdleDeed::Nothing, left_ms.min(LOOK_SOON_MS))
        } else {
            state.is_told = true;
            (IdleDeed::Tell { left_ms }, left_ms.min(LOOK_SOON_MS))
        };
        (deed, Duration::from_millis(look_ms))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMIT_MS: u64 = 300_000;

    fn at(run: u8, elapsed_ms: u64) -> Moment {
        Moment {
            run: [run; 16],
            elapsed_ms,
        }
    }

    #[test]
    fn it_is_told_once_and_then_locks() {
        let idle = Idle::default();
        idle.active(at(1, 1_000));
        let look = |ms| idle.look(at(1, ms), LIMIT_MS).0;
        assert_eq!(look(280_999), IdleDeed::Nothing);
        assert_eq!(look(281_000), IdleDeed::Tell { left_ms: 20_000 });
        assert_eq!(look(290_000), IdleDeed::Nothing, "told already");
        assert_eq!(look(300_999), IdleDeed::Nothing);
        assert_eq!(look(301_000), IdleDeed::Lock);
    }

    #[test]
    fn whoever_does_something_stays_and_is_told_again_later() {
        let idle = Idle::default();
        idle.active(at(1, 0));
        assert!(matches!(
            idle.look(at(1, 285_000), LIMIT_MS).0,
            IdleDeed::Tell { .. }
        ));
        idle.active(at(1, 290_000));
        assert_eq!(idle.look(at(1, 310_000), LIMIT_MS).0, IdleDeed::Nothing);
        assert_eq!(
            idle.look(at(1, 575_000), LIMIT_MS).0,
            IdleDeed::Tell { left_ms: 15_000 }
        );
    }

    #[test]
    fn after_a_sleep_it_locks_without_telling() {
        let idle = Idle::default();
        idle.active(at(1, 0));
        assert_eq!(idle.look(at(1, 9_000_000), LIMIT_MS).0, IdleDeed::Lock);
        idle.active(at(1, 0));
        assert_eq!(idle.look(at(2, 5), LIMIT_MS).0, IdleDeed::Lock);
    }

    #[test]
    fn it_is_looked_at_often_enough() {
        let idle = Idle::default();
        idle.active(at(1, 0));
        for (ms, next_ms) in [(0, 5_000), (277_000, 3_000), (280_000, 500), (299_900, 100)] {
            assert_eq!(
                idle.look(at(1, ms), LIMIT_MS).1,
                Duration::from_millis(next_ms)
            );
        }
    }
}
