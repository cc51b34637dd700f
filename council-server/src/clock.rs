//! The time as the server sees it: the system's clock, or one that a test sets; and German civil days.
//! Not a scheduler; nothing here waits.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use chrono::{
    DateTime, Datelike, Days, FixedOffset, NaiveDate, NaiveDateTime, Offset, Utc, Weekday,
};

/// One day in milliseconds.
pub const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// Where the server takes the time from.
#[derive(Clone, Debug, Default)]
pub enum Clock {
    /// The system's clock.
    #[default]
    System,
    /// A clock that stands still until it is set; for tests and stories. Milliseconds UTC.
    Fixed(Arc<AtomicI64>),
}

impl Clock {
    /// A clock that stands at `now_at_ms` until [`Clock::set`].
    #[must_use]
    pub fn fixed(now_at_ms: i64) -> Self {
        Self::Fixed(Arc::new(AtomicI64::new(now_at_ms)))
    }

    /// Moves a fixed clock. A system clock stays as it is.
    pub fn set(&self, now_at_ms: i64) {
        if let Self::Fixed(at) = self {
            at.store(now_at_ms, Ordering::SeqCst);
        }
    }

    /// Now, in milliseconds UTC.
    #[must_use]
    pub fn now_at_ms(&self) -> i64 {
        match self {
            Self::System => SystemTime::now()
                .duration_since(UNIX_EPOCH)
                .ok()
                .and_then(|d| i64::try_from(d.as_millis()).ok())
                .unwrap_or(0),
            Self::Fixed(at) => at.load(Ordering::SeqCst),
        }
    }

    /// The German calendar day of now: memberships begin and end with it.
    #[must_use]
    pub fn today(&self) -> NaiveDate {
        german_date(self.now_at_ms())
    }
}

/// The German calendar day of a moment.
#[must_use]
pub fn german_date(at_ms: i64) -> NaiveDate {
    let at = DateTime::<Utc>::from_timestamp_millis(at_ms).unwrap_or_default();
    at.with_timezone(&german_offset(at.naive_utc()))
        .date_naive()
}

/// A moment as German wall clocks show it, to the minute.
#[must_use]
pub fn german_time(at_ms: i64) -> String {
    let at = DateTime::<Utc>::from_timestamp_millis(at_ms).unwrap_or_default();
    let local = at.with_timezone(&german_offset(at.naive_utc()));
    local.format("%d.%m.%Y %H:%M").to_string()
}

/// The first millisecond after a German calendar day; `None` beyond what a calendar can hold.
#[must_use]
pub fn end_of_day_at_ms(day: NaiveDate) -> Option<i64> {
    let midnight = day.checked_add_days(Days::new(1))?.and_hms_opt(0, 0, 0)?;
    Some(german_local(midnight)?.timestamp_millis())
}

/// A German wall-clock time as a moment. In the doubled hour of October the earlier one is meant.
#[must_use]
pub fn german_local(local: NaiveDateTime) -> Option<DateTime<FixedOffset>> {
    let winter = local.and_local_timezone(hours(1)).single()?;
    let summer = local.and_local_timezone(hours(2)).single()?;
    let is_summer = german_offset(summer.naive_utc()) == hours(2);
    Some(if is_summer { summer } else { winter })
}

/// The German offset at a UTC moment. Source: directive 2000/84/EC, last Sundays of March and October, 01:00 UTC.
fn german_offset(utc: NaiveDateTime) -> FixedOffset {
    let turn = |month| last_sunday(utc.year(), month).and_then(|d| d.and_hms_opt(1, 0, 0));
    match (turn(3), turn(10)) {
        (Some(begin), Some(end)) if utc >= begin && utc < end => hours(2),
        _ => hours(1),
    }
}

fn last_sunday(year: i32, month: u32) -> Option<NaiveDate> {
    let last = NaiveDate::from_ymd_opt(year, month, 31)?;
    last.checked_sub_days(Days::new(u64::from(days_since_sunday(last.weekday()))))
}

fn days_since_sunday(day: Weekday) -> u32 {
    day.num_days_from_sunday()
}

fn hours(count: i32) -> FixedOffset {
    FixedOffset::east_opt(count * 3600).unwrap_or_else(|| Utc.fix())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(y: i32, m: u32, d: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(y, m, d).unwrap()
    }

    #[test]
    fn the_end_of_a_day_is_the_beginning_of_the_next() {
        for date in [
            day(2026, 3, 28),
            day(2026, 3, 29),
            day(2026, 10, 25),
            day(2026, 12, 31),
        ] {
            let end = end_of_day_at_ms(date).unwrap();
            assert_eq!(
                german_date(end - 1),
                date,
                "one millisecond earlier it is still that day"
            );
            assert_eq!(german_date(end), date.succ_opt().unwrap());
        }
    }

    #[test]
    fn summer_time_follows_the_last_sundays() {
        let at = |d: NaiveDate, h| {
            german_local(d.and_hms_opt(h, 0, 0).unwrap())
                .unwrap()
                .to_rfc3339()
        };
        assert_eq!(at(day(2026, 3, 28), 17), "2026-03-28T17:00:00+01:00");
        assert_eq!(at(day(2026, 3, 29), 17), "2026-03-29T17:00:00+02:00");
        assert_eq!(at(day(2026, 10, 24), 17), "2026-10-24T17:00:00+02:00");
        assert_eq!(at(day(2026, 10, 25), 17), "2026-10-25T17:00:00+01:00");
    }
}
