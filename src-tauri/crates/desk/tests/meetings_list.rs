//! All meetings of a real council with what they are sorted and filtered by: who meets, terms, publicity.
//!
//! Needs PDFium and typst: `cargo xtask setup`.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests fail by panicking"
)]

mod common;

use std::collections::HashSet;

use common::{Town, rows};
use serde_json::{Value, json};

fn list(town: &Town) -> Value {
    town.ask("meetings_list", json!({}))
}

fn cards(list: &Value) -> Vec<Value> {
    [&list["upcoming"], &list["past"]]
        .into_iter()
        .flat_map(|part| rows(part).to_vec())
        .collect()
}

#[test]
fn whoever_meets_is_named_once_and_nobody_else() {
    let town = Town::paired();
    town.sync_well();
    let list = list(&town);
    let ids = |value: &Value| value["id"].as_str().unwrap().to_owned();
    let named: Vec<String> = rows(&list["committees"]).iter().map(ids).collect();
    let meeting: HashSet<String> = cards(&list)
        .iter()
        .flat_map(|card| rows(&card["committeeIds"]).to_vec())
        .map(|id| id.as_str().unwrap().to_owned())
        .collect();
    assert_eq!(named.iter().cloned().collect::<HashSet<_>>(), meeting);
    assert_eq!(named.len(), meeting.len());

    let building = rows(&list["committees"])
        .iter()
        .find(|committee| {
            committee["name"]
                .as_str()
                .unwrap()
                .contains("Stadtentwicklung")
        })
        .unwrap();
    assert_eq!(building["shortName"], "SBU");
    assert_eq!(building["isMine"], true);
    assert!(
        rows(&list["committees"])
            .iter()
            .any(|committee| committee["isMine"] == false),
        "the member does not sit everywhere"
    );
}

#[test]
fn the_term_reaches_from_its_first_day_to_the_end_of_its_last() {
    let town = Town::paired();
    town.sync_well();
    let list = list(&town);
    let terms = rows(&list["terms"]);
    assert_eq!(terms.len(), 1, "the one that has meetings here");
    assert_eq!(terms[0]["name"], "Wahlperiode 2024–2029");
    let (start, end) = (
        terms[0]["startAtMs"].as_i64().unwrap(),
        terms[0]["endAtMs"].as_i64().unwrap(),
    );
    for card in cards(&list) {
        let at = card["startAtMs"].as_i64().unwrap();
        assert!(start <= at && at < end);
        assert_eq!(card["councilId"], terms[0]["councilId"]);
    }
    // 1 June 2024 to 31 May 2029 inclusive: 1,826 days, and both ends at midnight of the device.
    let days = (end - start) as f64 / 86_400_000.0;
    assert!((days - 1826.0).abs() <= 1.0 / 24.0, "{days}");
}

#[test]
fn a_meeting_with_a_public_part_is_public() {
    let town = Town::paired();
    town.sync_well();
    let mut with_both = 0;
    for card in cards(&list(&town)) {
        let opened = town.ask("meeting_open", json!({"id": card["id"]}));
        let (public, nonpublic) = (
            rows(&opened["publicItems"]).len(),
            rows(&opened["nonpublicItems"]).len(),
        );
        assert_eq!(card["public"], public > 0 || nonpublic == 0, "{card}");
        with_both += usize::from(public > 0 && nonpublic > 0);
    }
    assert!(with_both > 0, "one of them has both parts");
}
