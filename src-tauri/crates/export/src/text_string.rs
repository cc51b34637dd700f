//! Text and times as PDF writes them.

use chrono::{DateTime, NaiveDateTime};
use lopdf::Object;

/// A text string: bytes where ASCII is enough, UTF-16 otherwise.
pub(crate) fn text(value: &str) -> Object {
    lopdf::text_string(value)
}

/// What a text string says; what is none or cannot be decoded says nothing.
pub(crate) fn said(object: &Object) -> Option<String> {
    lopdf::decode_text_string(object).ok()
}

/// A time, ms UTC, as a PDF date; `None` for years that it has no room for.
pub(crate) fn date(at_ms: i64) -> Option<Object> {
    let at = DateTime::from_timestamp_millis(at_ms)?;
    Some(Object::string_literal(
        at.format("D:%Y%m%d%H%M%SZ").to_string(),
    ))
}

/// The reverse of [`date`], ms UTC. Takes what programs write: shorter dates, offsets with and without apostrophes.
pub(crate) fn at_ms(object: &Object) -> Option<i64> {
    let written = said(object)?;
    let written = written.trim().strip_prefix("D:").unwrap_or(written.trim());
    let digits: String = written
        .chars()
        .take_while(char::is_ascii_digit)
        .take(14)
        .collect();
    let rest: String = written.chars().skip(digits.len()).collect();
    // Month and day begin at 1, the time at midnight.
    let fill = "00000101000000";
    let filled: String = digits
        .chars()
        .chain(fill.chars().skip(digits.len()))
        .collect();
    if digits.len() < 4 {
        return None;
    }
    let at = NaiveDateTime::parse_from_str(&filled, "%Y%m%d%H%M%S").ok()?;
    let numbers: Vec<i64> = rest
        .split(|char: char| !char.is_ascii_digit())
        .filter(|part| !part.is_empty())
        .filter_map(|part| part.parse().ok())
        .collect();
    let minutes = match numbers.as_slice() {
        [hours, minutes, ..] => hours * 60 + minutes,
        [hours] => hours * 60,
        [] => 0,
    };
    let offset_ms = match rest.chars().next() {
        Some('+') => minutes * 60_000,
        Some('-') => minutes * -60_000,
        _ => 0,
    };
    Some(at.and_utc().timestamp_millis() - offset_ms)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_come_back_to_the_second() {
        let at = 1_700_000_123_456;
        assert_eq!(at_ms(&date(at).unwrap()), Some(1_700_000_123_000));
    }

    #[test]
    fn dates_of_other_programs_are_understood() {
        let read = |text: &str| at_ms(&Object::string_literal(text));
        assert_eq!(read("D:20260101120000+02'00'"), read("D:20260101100000Z"));
        assert_eq!(read("D:20260101120000-01'30"), read("D:20260101133000Z"));
        assert_eq!(read("20260101"), read("D:20260101000000Z"));
        assert_eq!(read("D:2026"), read("D:20260101000000"));
        assert_eq!(read("gestern"), None);
        assert_eq!(read("D:20261399"), None);
    }
}
