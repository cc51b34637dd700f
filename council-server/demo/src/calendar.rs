//! The demonstration's calendar: every date of the fictional council, counted from the day it is made for.
//! It knows dates and German ways to write them, and nothing of meetings or papers.

use std::collections::BTreeMap;

use chrono::{Datelike, Days, NaiveDate, NaiveDateTime, NaiveTime, Weekday};
use serde_json::{Value, json};

const MONTHS: [&str; 12] = [
    "Januar",
    "Februar",
    "März",
    "April",
    "Mai",
    "Juni",
    "Juli",
    "August",
    "September",
    "Oktober",
    "November",
    "Dezember",
];

/// Every dated event, in days from today. Events on a Saturday or Sunday move to the nearest working day
/// away from today, so that what is past stays past.
const EVENTS: [(&str, i64); 42] = [
    ("rat_past", -30),
    ("sbu_past", -23),
    ("otr_past", -2),
    ("otr_kunratz", 8),
    ("rat_next", 13),
    ("hfa_next", 19),
    ("otr_next", 27),
    ("rat_budget", 34),
    ("invited_sbu", -7),
    ("invited_kunratz", -3),
    ("invited_rat", -2),
    ("written_184", -9),
    ("revised_184", -1),
    ("written_185", -12),
    ("revised_185", -5),
    ("written_176", -14),
    ("written_168", -16),
    ("written_190", -18),
    ("written_197", -3),
    ("written_181", -20),
    ("written_193", -13),
    ("written_n029", -11),
    ("written_n031", -8),
    ("written_172", -15),
    ("written_179", -19),
    ("written_161", -21),
    ("written_150", -10),
    ("written_201", -1),
    ("plan_started", -1030),
    ("early_from", -248),
    ("early_to", -216),
    ("display_from", -150),
    ("display_to", -117),
    ("draft_approved", -171),
    ("mobility_study", -96),
    ("noise_study", -185),
    ("parking_count", -180),
    ("bids_opened", -22),
    ("build_start", 120),
    ("build_end", 242),
    ("grant_deadline", 49),
    ("inspection", -6),
];

/// The dates of one demonstration.
#[derive(Debug, Clone)]
pub(crate) struct Calendar {
    today: NaiveDate,
}

impl Calendar {
    pub(crate) fn new(today: NaiveDate) -> Self {
        Self { today }
    }

    /// The next meeting: five days from today, whatever weekday that is.
    pub(crate) fn next_meeting(&self) -> NaiveDate {
        shifted(self.today, 5)
    }

    /// The date of a named event; an unknown name is today.
    pub(crate) fn day(&self, event: &str) -> NaiveDate {
        if event == "sbu_next" {
            return self.next_meeting();
        }
        let days = EVENTS
            .iter()
            .find(|(name, _)| *name == event)
            .map_or(0, |(_, days)| *days);
        working_day(shifted(self.today, days), days < 0)
    }

    /// All events for the templates: name → `17.11.2026`, and name → `17. November 2026`.
    pub(crate) fn for_templates(&self) -> (Value, Value) {
        let names = EVENTS
            .iter()
            .map(|(name, _)| *name)
            .chain(["sbu_next", "today"]);
        let days: BTreeMap<&str, NaiveDate> = names.map(|name| (name, self.day(name))).collect();
        let short: BTreeMap<_, _> = days
            .iter()
            .map(|(name, day)| (*name, german_short(*day)))
            .collect();
        let long: BTreeMap<_, _> = days
            .iter()
            .map(|(name, day)| (*name, german_long(*day)))
            .collect();
        (json!(short), json!(long))
    }

    /// First and last day of the five-year legislative term that today falls in; terms start on 1 June 2024 ± 5 n.
    pub(crate) fn term(&self) -> (NaiveDate, NaiveDate) {
        let council_year = if self.today.month() >= 6 {
            self.today.year()
        } else {
            self.today.year() - 1
        };
        let start_year = council_year - (council_year - 2024).rem_euclid(5);
        let start = NaiveDate::from_ymd_opt(start_year, 6, 1).unwrap_or(self.today);
        let end = NaiveDate::from_ymd_opt(start_year + 5, 5, 31).unwrap_or(self.today);
        (start, end)
    }
}

fn shifted(day: NaiveDate, days: i64) -> NaiveDate {
    let distance = Days::new(days.unsigned_abs());
    let moved = if days < 0 {
        day.checked_sub_days(distance)
    } else {
        day.checked_add_days(distance)
    };
    moved.unwrap_or(day)
}

fn working_day(day: NaiveDate, past: bool) -> NaiveDate {
    let days = match (day.weekday(), past) {
        (Weekday::Sat, true) => -1,
        (Weekday::Sun, true) => -2,
        (Weekday::Sat, false) => 2,
        (Weekday::Sun, false) => 1,
        _ => 0,
    };
    shifted(day, days)
}

/// `17.11.2026`
pub(crate) fn german_short(day: NaiveDate) -> String {
    format!("{:02}.{:02}.{}", day.day(), day.month(), day.year())
}

/// `17. November 2026`
pub(crate) fn german_long(day: NaiveDate) -> String {
    let month = MONTHS
        .get(day.month0() as usize)
        .copied()
        .unwrap_or_default();
    format!("{}. {month} {}", day.day(), day.year())
}

/// `Dienstag`
pub(crate) fn german_weekday(day: NaiveDate) -> &'static str {
    match day.weekday() {
        Weekday::Mon => "Montag",
        Weekday::Tue => "Dienstag",
        Weekday::Wed => "Mittwoch",
        Weekday::Thu => "Donnerstag",
        Weekday::Fri => "Freitag",
        Weekday::Sat => "Samstag",
        Weekday::Sun => "Sonntag",
    }
}

/// A local time of day in Germany as RFC 3339 with its offset.
/// Source: Directive 2000/84/EC: summer time runs from the last Sunday in March to the last Sunday in October.
pub(crate) fn german_rfc3339(day: NaiveDate, time: NaiveTime) -> String {
    let summer = day >= last_sunday(day.year(), 3) && day < last_sunday(day.year(), 10);
    let offset = if summer { "+02:00" } else { "+01:00" };
    format!(
        "{}{offset}",
        NaiveDateTime::new(day, time).format("%Y-%m-%dT%H:%M:%S")
    )
}

/// The last Sunday of a month that has 31 days.
fn last_sunday(year: i32, month: u32) -> NaiveDate {
    let last = NaiveDate::from_ymd_opt(year, month, 31).unwrap_or_default();
    shifted(last, -i64::from(last.weekday().num_days_from_sunday()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn the_next_meeting_is_in_five_days_and_past_stays_past() {
        for offset in 0..14 {
            let calendar = Calendar::new(shifted(day("2026-11-12"), offset));
            assert_eq!(
                calendar.next_meeting() - calendar.today,
                chrono::TimeDelta::days(5)
            );
            for (event, days) in EVENTS {
                assert_eq!(
                    calendar.day(event) < calendar.today,
                    days < 0,
                    "{event} changed sides"
                );
            }
        }
    }

    #[test]
    fn german_clock_knows_summer_time() {
        let five = NaiveTime::from_hms_opt(17, 0, 0).unwrap();
        assert_eq!(
            german_rfc3339(day("2026-11-17"), five),
            "2026-11-17T17:00:00+01:00"
        );
        assert_eq!(
            german_rfc3339(day("2026-07-01"), five),
            "2026-07-01T17:00:00+02:00"
        );
        assert_eq!(
            german_rfc3339(day("2026-10-25"), five),
            "2026-10-25T17:00:00+01:00"
        );
        assert_eq!(
            german_rfc3339(day("2026-03-29"), five),
            "2026-03-29T17:00:00+02:00"
        );
    }

    #[test]
    fn the_term_holds_today() {
        for text in [
            "2024-06-01",
            "2026-11-12",
            "2029-05-31",
            "2029-06-01",
            "2023-01-01",
        ] {
            let (start, end) = Calendar::new(day(text)).term();
            assert!(
                start <= day(text) && day(text) <= end,
                "{text} lies outside {start}–{end}"
            );
        }
    }
}
