//! Writes an iCalendar file (RFC 5545): once for what is taken into a calendar, and as one that calendars follow.
//! Knows lines, escaping and times; not where the meetings come from.
//!
//! Times stand in UTC: a meeting happens once, so no rule of a time zone is needed to place it.

use chrono::DateTime;
use serde::{Deserialize, Serialize};

/// One meeting as a calendar shows it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Event {
    /// The same for every revision of the meeting.
    pub(crate) uid: String,
    /// Counts the revisions, from 0.
    pub(crate) sequence: u32,
    /// When what stands here was last changed, ms UTC.
    pub(crate) changed_at_ms: i64,
    pub(crate) start_at_ms: i64,
    /// An end that nobody has set is not made up: such a meeting only has its beginning.
    pub(crate) end_at_ms: Option<i64>,
    pub(crate) summary: String,
    pub(crate) location: Option<String>,
    pub(crate) description: Option<String>,
    pub(crate) is_cancelled: bool,
}

impl Event {
    /// Whether a calendar would show the same, however often it was revised.
    pub(crate) fn shows_the_same(&self, other: &Self) -> bool {
        let (sequence, changed_at_ms) = (self.sequence, self.changed_at_ms);
        *self
            == Self {
                sequence,
                changed_at_ms,
                ..other.clone()
            }
    }
}

/// How a file that calendars follow is known again.
const FEED_PRODUCT: &str = "-//Ratsmappe//Kalender-Abo//DE";
/// How often calendars shall look for something new, as a duration of RFC 5545, 3.3.6.
const FEED_REFRESH: &str = "PT1H";

/// Longest line in octets, without its end. Source: RFC 5545, 3.1.
const MOST_OCTETS: usize = 75;

/// The file with these events; empty if there are none, because a calendar without any is not allowed.
///
/// Source: RFC 5545, 3.4 and 3.6.1.
pub(crate) fn calendar_text(events: &[Event]) -> String {
    let mut text = String::new();
    if events.is_empty() {
        return text;
    }
    line(&mut text, "BEGIN", "VCALENDAR");
    line(&mut text, "VERSION", "2.0");
    line(&mut text, "PRODID", "-//Ratsmappe//Ratsmappe//DE");
    line(&mut text, "CALSCALE", "GREGORIAN");
    for event in events {
        write_event(&mut text, event, false);
    }
    line(&mut text, "END", "VCALENDAR");
    text
}

/// The file that calendars follow. The same events give the same bytes.
///
/// It has no ORGANIZER, though RFC 5546, 3.2.1 asks for one beside METHOD: a council has no address to answer to, and
/// calendars would offer to reply. Without events it stays a calendar, so that one who follows it finds it empty.
///
/// Source: RFC 5545; REFRESH-INTERVAL: RFC 7986, 5.7; X-WR-CALNAME, X-PUBLISHED-TTL: what calendars read in practice.
pub(crate) fn feed_text<'a>(name: &str, events: impl Iterator<Item = &'a Event>) -> String {
    let mut text = String::new();
    line(&mut text, "BEGIN", "VCALENDAR");
    line(&mut text, "VERSION", "2.0");
    line(&mut text, "PRODID", FEED_PRODUCT);
    line(&mut text, "CALSCALE", "GREGORIAN");
    line(&mut text, "METHOD", "PUBLISH");
    line(&mut text, "NAME", &escaped(name));
    line(&mut text, "X-WR-CALNAME", &escaped(name));
    line(&mut text, "REFRESH-INTERVAL;VALUE=DURATION", FEED_REFRESH);
    line(&mut text, "X-PUBLISHED-TTL", FEED_REFRESH);
    for event in events {
        write_event(&mut text, event, true);
    }
    line(&mut text, "END", "VCALENDAR");
    text
}

/// Whether this file is one that [`feed_text`] has written.
pub(crate) fn is_feed(bytes: &[u8]) -> bool {
    let mark = format!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:{FEED_PRODUCT}\r\n");
    bytes.starts_with(mark.as_bytes())
}

fn write_event(text: &mut String, event: &Event, is_feed: bool) {
    line(text, "BEGIN", "VEVENT");
    line(text, "UID", &event.uid);
    // When the event was last revised; in a file with METHOD, when this statement of it was made, which is the same
    // moment here. Source: RFC 5545, 3.8.7.2.
    line(text, "DTSTAMP", &utc(event.changed_at_ms));
    if is_feed {
        line(text, "LAST-MODIFIED", &utc(event.changed_at_ms));
    }
    line(text, "SEQUENCE", &event.sequence.to_string());
    line(text, "DTSTART", &utc(event.start_at_ms));
    if let Some(end_at_ms) = event.end_at_ms.filter(|end| *end > event.start_at_ms) {
        line(text, "DTEND", &utc(end_at_ms));
    }
    line(text, "SUMMARY", &escaped(&event.summary));
    for (name, value) in [
        ("LOCATION", &event.location),
        ("DESCRIPTION", &event.description),
    ] {
        if let Some(value) = value {
            line(text, name, &escaped(value));
        }
    }
    if event.is_cancelled {
        line(text, "STATUS", "CANCELLED");
    }
    line(text, "END", "VEVENT");
}

/// "20261117T160000Z".
///
/// Source: RFC 5545, 3.3.5, form 2.
fn utc(at_ms: i64) -> String {
    DateTime::from_timestamp_millis(at_ms)
        .unwrap_or_default()
        .format("%Y%m%dT%H%M%SZ")
        .to_string()
}

// Meets: O.Source_2
/// A text whose own signs do not end it; control characters, which no line may hold, are left out.
///
/// Source: RFC 5545, 3.3.11.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for char in text.replace("\r\n", "\n").chars() {
        match char {
            '\\' | ';' | ',' => escaped.extend(['\\', char]),
            '\n' => escaped.push_str("\\n"),
            _ if char.is_control() => {}
            _ => escaped.push(char),
        }
    }
    escaped
}

/// One content line, folded: what goes on begins with a space, and no character is cut in two.
///
/// Source: RFC 5545, 3.1.
fn line(text: &mut String, name: &str, value: &str) {
    let mut octets = 0;
    for char in name.chars().chain([':']).chain(value.chars()) {
        if octets + char.len_utf8() > MOST_OCTETS {
            text.push_str("\r\n ");
            octets = 1;
        }
        text.push(char);
        octets += char.len_utf8();
    }
    text.push_str("\r\n");
}

#[cfg(test)]
mod properties;

#[cfg(test)]
mod tests {
    use super::*;

    fn event() -> Event {
        Event {
            uid: "ab.cd@ratsmappe".to_owned(),
            sequence: 2,
            changed_at_ms: 1_795_000_000_000,
            // 2026-11-24 17:00 in Berlin
            start_at_ms: 1_795_536_000_000,
            end_at_ms: None,
            summary: "Stadtrat".to_owned(),
            location: None,
            description: None,
            is_cancelled: false,
        }
    }

    /// The lines as a calendar reads them. Source: RFC 5545, 3.1: unfold first.
    fn unfolded(text: &str) -> Vec<String> {
        text.replace("\r\n ", "")
            .split_terminator("\r\n")
            .map(str::to_owned)
            .collect()
    }

    #[test]
    fn a_meeting_is_an_event_in_utc_with_what_a_calendar_must_have() {
        assert_eq!(
            unfolded(&calendar_text(&[event()])),
            [
                "BEGIN:VCALENDAR",
                "VERSION:2.0",
                "PRODID:-//Ratsmappe//Ratsmappe//DE",
                "CALSCALE:GREGORIAN",
                "BEGIN:VEVENT",
                "UID:ab.cd@ratsmappe",
                "DTSTAMP:20261118T110640Z",
                "SEQUENCE:2",
                "DTSTART:20261124T160000Z",
                "SUMMARY:Stadtrat",
                "END:VEVENT",
                "END:VCALENDAR"
            ]
        );
    }

    #[test]
    fn an_end_stands_only_if_it_comes_after_the_beginning() {
        let mut event = event();
        event.end_at_ms = Some(event.start_at_ms + 3_600_000);
        assert!(unfolded(&calendar_text(&[event])).contains(&"DTEND:20261124T170000Z".to_owned()));
        let mut event = self::event();
        event.end_at_ms = Some(event.start_at_ms);
        assert!(!calendar_text(&[event]).contains("DTEND"));
    }

    #[test]
    fn cancelled_is_said() {
        let mut event = event();
        assert!(!calendar_text(&[self::event()]).contains("STATUS"));
        event.is_cancelled = true;
        assert!(unfolded(&calendar_text(&[event])).contains(&"STATUS:CANCELLED".to_owned()));
    }

    #[test]
    fn signs_of_the_format_in_a_text_do_not_end_it() {
        assert_eq!(
            escaped("a;b, c\\d\r\ne\nEND:VEVENT\u{7}\r"),
            "a\\;b\\, c\\\\d\\ne\\nEND:VEVENT"
        );
        let mut event = event();
        event.location = Some("Rathaus, Saal 2\nEND:VEVENT".to_owned());
        let lines = unfolded(&calendar_text(&[event]));
        assert_eq!(
            lines.iter().filter(|line| *line == "END:VEVENT").count(),
            1,
            "a text opens no line of its own"
        );
        assert!(lines.contains(&"LOCATION:Rathaus\\, Saal 2\\nEND:VEVENT".to_owned()));
    }

    #[test]
    fn no_line_is_longer_than_75_octets_and_no_character_is_cut() {
        for lead in 0..6 {
            let mut event = event();
            let agenda = format!("{}{}", "x".repeat(lead), "Straßenbäume €🌳 ".repeat(40));
            event.description = Some(agenda.clone());
            let text = calendar_text(&[event]);
            assert!(
                text.split("\r\n").all(|line| line.len() <= 75),
                "in octets, not characters"
            );
            assert!(
                text.split("\r\n")
                    .any(|line| line.len() == 75 - 1 || line.len() == 75)
            );
            assert!(unfolded(&text).contains(&format!("DESCRIPTION:{agenda}")));
        }
    }

    #[test]
    fn no_events_are_no_calendar() {
        assert_eq!(calendar_text(&[]), "");
    }

    #[test]
    fn a_file_that_calendars_follow_says_so_and_is_the_same_for_the_same_events() {
        let text = feed_text("Sitzungen, alle", [&event()].into_iter());
        assert!(text == feed_text("Sitzungen, alle", [&event()].into_iter()));
        assert_eq!(
            unfolded(&text),
            [
                "BEGIN:VCALENDAR",
                "VERSION:2.0",
                "PRODID:-//Ratsmappe//Kalender-Abo//DE",
                "CALSCALE:GREGORIAN",
                "METHOD:PUBLISH",
                "NAME:Sitzungen\\, alle",
                "X-WR-CALNAME:Sitzungen\\, alle",
                "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
                "X-PUBLISHED-TTL:PT1H",
                "BEGIN:VEVENT",
                "UID:ab.cd@ratsmappe",
                "DTSTAMP:20261118T110640Z",
                "LAST-MODIFIED:20261118T110640Z",
                "SEQUENCE:2",
                "DTSTART:20261124T160000Z",
                "SUMMARY:Stadtrat",
                "END:VEVENT",
                "END:VCALENDAR"
            ]
        );
        assert!(is_feed(text.as_bytes()) && !is_feed(calendar_text(&[event()]).as_bytes()));
    }

    #[test]
    fn two_events_show_the_same_however_often_they_were_revised() {
        let mut revised = event();
        revised.sequence += 1;
        revised.changed_at_ms += 1;
        assert!(event().shows_the_same(&revised));
        revised.is_cancelled = true;
        assert!(!event().shows_the_same(&revised));
    }
}
