//! Writes an iCalendar file (RFC 5545). Knows lines, escaping and times; not where the meetings come from.
//!
//! Times stand in UTC: a meeting happens once, so no rule of a time zone is needed to place it.

use chrono::DateTime;

/// One meeting as a calendar shows it.
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
        write_event(&mut text, event);
    }
    line(&mut text, "END", "VCALENDAR");
    text
}

fn write_event(text: &mut String, event: &Event) {
    line(text, "BEGIN", "VEVENT");
    line(text, "UID", &event.uid);
    // Without METHOD this is when the event was last revised. Source: RFC 5545, 3.8.7.2.
    line(text, "DTSTAMP", &utc(event.changed_at_ms));
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
}
