//! Whatever a council calls its meetings: the file keeps to the format, and another parser reads the same words in it.

use icalendar::{CalendarComponent, Component, EventLike};
use proptest::prelude::*;

use super::*;

/// A text as a calendar may hold it. Source: RFC 5545, 3.3.11: no control characters but the line feed.
fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        5 => any::<char>().prop_map(String::from),
        2 => prop::sample::select(vec!["\\", ";", ",", "\n", ":", "\"", " ", "\\n", "\r\n", "END:VEVENT", "Straßenbäume 🌳"])
            .prop_map(str::to_owned),
    ];
    prop::collection::vec(piece, 1..120).prop_map(|pieces| pieces.concat())
}

/// What of a text the format can carry.
fn carried(text: &str) -> String {
    text.replace("\r\n", "\n")
        .chars()
        .filter(|char| *char == '\n' || !char.is_control())
        .collect()
}

fn read(text: &str) -> icalendar::Calendar {
    text.parse().unwrap()
}

proptest! {
    #[test]
    fn lines_are_folded_and_end_as_the_format_asks(summary in text(), agenda in text()) {
        let event = Event {
            uid: "a.b@ratsmappe".to_owned(),
            sequence: 1,
            changed_at_ms: 0,
            start_at_ms: 1_000,
            end_at_ms: None,
            summary,
            location: None,
            description: Some(agenda),
            is_cancelled: true,
        };
        let text = feed_text("Sitzungen", [&event].into_iter());
        prop_assert!(text.ends_with("\r\n"));
        prop_assert!(!text.replace("\r\n", "").contains(['\r', '\n']), "no other line ends");
        prop_assert!(text.split("\r\n").all(|line| line.len() <= MOST_OCTETS));
        let begins = text.replace("\r\n ", "").split("\r\n").filter(|line| *line == "END:VEVENT").count();
        prop_assert_eq!(begins, 1, "no text ends the event");
    }

    // Shows: O.Source_2
    #[test]
    fn another_parser_reads_the_same_words(summary in text(), place in text(), agenda in text()) {
        let event = Event {
            uid: "a.b@ratsmappe".to_owned(),
            sequence: 7,
            changed_at_ms: 1_795_000_000_000,
            start_at_ms: 1_795_536_000_000,
            end_at_ms: Some(1_795_539_600_000),
            summary: summary.clone(),
            location: Some(place.clone()),
            description: Some(agenda.clone()),
            is_cancelled: false,
        };
        let calendar = read(&feed_text("Sitzungen", [&event].into_iter()));
        let [CalendarComponent::Event(read)] = calendar.components.as_slice() else {
            return Err(TestCaseError::fail("not one event"));
        };
        prop_assert_eq!(read.get_summary().unwrap_or_default(), carried(&summary));
        prop_assert_eq!(read.get_location().unwrap_or_default(), carried(&place));
        prop_assert_eq!(read.get_description().unwrap_or_default(), carried(&agenda));
        prop_assert_eq!(read.get_sequence(), Some(7));
        prop_assert_eq!(read.get_uid(), Some("a.b@ratsmappe"));
    }
}
