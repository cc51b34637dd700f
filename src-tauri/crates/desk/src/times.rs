//! Times as people read them: "14:05" of today, else the date. Local time of the device.

use chrono::{DateTime, Datelike, Local, Months, TimeZone};

use crate::messages::Speech;

/// The line "Stand: …" without its first word; "–" when there is none yet.
pub(crate) fn stand_text(at_ms: Option<i64>, now_ms: i64, speech: Speech) -> String {
    match (at_ms.and_then(local), local(now_ms)) {
        (Some(at), Some(now)) => stand_text_in(&at, &now, speech),
        _ => "–".to_owned(),
    }
}

fn stand_text_in<Tz: TimeZone>(at: &DateTime<Tz>, now: &DateTime<Tz>, speech: Speech) -> String {
    let (day, time) = (at.date_naive(), at.naive_local());
    if day == now.date_naive() {
        return time.format("%H:%M").to_string();
    }
    match speech {
        Speech::De => format!("{}.{}.{}", day.day(), day.month(), day.year()),
        Speech::En => day.format("%-d %b %Y").to_string(),
    }
}

/// "17.11.2026" in local time; empty for a moment that no calendar has.
pub(crate) fn day(at_ms: i64, speech: Speech) -> String {
    let format = match speech {
        Speech::De => "%-d.%-m.%Y",
        Speech::En => "%-d %b %Y",
    };
    local(at_ms)
        .map(|at| at.format(format).to_string())
        .unwrap_or_default()
}

/// "17.11.2026, 17:00 Uhr" in local time; empty for a moment that no calendar has.
pub(crate) fn day_and_time(at_ms: i64, speech: Speech) -> String {
    let format = match speech {
        Speech::De => "%-d.%-m.%Y, %H:%M Uhr",
        Speech::En => "%-d %b %Y, %H:%M",
    };
    local(at_ms)
        .map(|at| at.format(format).to_string())
        .unwrap_or_default()
}

/// The day of a moment, as YYYY-MM-DD in local time; empty for a moment that no calendar has.
pub(crate) fn day_iso(at_ms: i64) -> String {
    local(at_ms)
        .map(|at| at.format("%Y-%m-%d").to_string())
        .unwrap_or_default()
}

/// Day and hour of a moment in local time, as "17.11.2026, 17:00"; empty for a moment that no calendar has.
pub(crate) fn day_and_hour(at_ms: i64) -> String {
    local(at_ms).map_or_else(String::new, |at| at.format("%d.%m.%Y, %H:%M").to_string())
}

/// The moment of an RFC 3339 time, ms UTC.
pub(crate) fn moment_ms(rfc3339: &str) -> Option<i64> {
    DateTime::parse_from_rfc3339(rfc3339)
        .ok()
        .map(|at| at.timestamp_millis())
}

/// Midnight UTC at the start of a date such as 2026-11-22.
pub(crate) fn date_ms(date: &str) -> Option<i64> {
    let day: chrono::NaiveDate = date.get(..10)?.parse().ok()?;
    Some(day.and_hms_opt(0, 0, 0)?.and_utc().timestamp_millis())
}

/// Midnight at the start of a day such as 2026-11-22 in local time, ms UTC.
pub(crate) fn local_day_start_ms(date: &str) -> Option<i64> {
    local_midnight_ms(date.get(..10)?.parse().ok()?)
}

/// Midnight at the end of a day such as 2026-11-22 in local time, ms UTC.
pub(crate) fn local_day_end_ms(date: &str) -> Option<i64> {
    let day: chrono::NaiveDate = date.get(..10)?.parse().ok()?;
    local_midnight_ms(day.succ_opt()?)
}

fn local_midnight_ms(day: chrono::NaiveDate) -> Option<i64> {
    Local
        .from_local_datetime(&day.and_hms_opt(0, 0, 0)?)
        .earliest()
        .map(|at| at.timestamp_millis())
}

/// The same day so many months earlier, ms UTC; `None` for a moment that no calendar has.
pub(crate) fn months_before(at_ms: i64, months: u32) -> Option<i64> {
    let earlier = local(at_ms)?.checked_sub_months(Months::new(months))?;
    Some(earlier.timestamp_millis())
}

/// The first moment of a year of the local calendar, ms UTC.
pub(crate) fn year_start_ms(year: i32) -> Option<i64> {
    let at = chrono::NaiveDate::from_ymd_opt(year, 1, 1)?.and_hms_opt(0, 0, 0)?;
    Local
        .from_local_datetime(&at)
        .earliest()
        .map(|at| at.timestamp_millis())
}

/// The year of a moment in local time.
pub(crate) fn year(at_ms: i64) -> Option<i32> {
    local(at_ms).map(|at| at.year())
}

/// Midnight at the start of a moment's local day, ms UTC.
pub(crate) fn day_start_ms(at_ms: i64) -> i64 {
    let midnight = local(at_ms).and_then(|at| at.date_naive().and_hms_opt(0, 0, 0));
    midnight
        .and_then(|at| Local.from_local_datetime(&at).earliest())
        .map_or(at_ms, |at| at.timestamp_millis())
}

fn local(at_ms: i64) -> Option<DateTime<Local>> {
    Local.timestamp_millis_opt(at_ms).single()
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::FixedOffset;

    fn at(text: &str) -> DateTime<FixedOffset> {
        DateTime::parse_from_rfc3339(text).unwrap()
    }

    #[test]
    fn today_is_a_time_and_every_other_day_a_date() {
        let now = at("2026-11-22T18:30:00+01:00");
        assert_eq!(
            stand_text_in(&at("2026-11-22T14:05:59+01:00"), &now, Speech::De),
            "14:05"
        );
        assert_eq!(
            stand_text_in(&at("2026-11-21T23:59:00+01:00"), &now, Speech::De),
            "21.11.2026"
        );
        assert_eq!(
            stand_text_in(&at("2026-11-01T08:00:00+01:00"), &now, Speech::En),
            "1 Nov 2026"
        );
        assert_eq!(stand_text(None, 0, Speech::De), "–");
    }

    #[test]
    fn months_are_those_of_the_calendar() {
        let at = |text: &str| at(text).timestamp_millis();
        let earlier = months_before(at("2026-11-22T12:00:00+00:00"), 12);
        assert_eq!(earlier, Some(at("2025-11-22T12:00:00+00:00")));
        assert_eq!(months_before(i64::MAX, 6), None);
    }

    #[test]
    fn a_day_starts_before_and_within_itself() {
        let noon = at("2026-11-22T12:00:00+00:00").timestamp_millis();
        let start = day_start_ms(noon);
        assert!(start <= noon && noon - start <= 36 * 3_600_000);
        assert_eq!(day_iso(start), day_iso(noon));
    }
}
