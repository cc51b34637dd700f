//! Meetings of a real council as a calendar file: what stands in it, what never does, and where it is written.
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
use std::fs;

use common::{Town, rows, today};
use desk::ErrorCode;
use serde_json::{Value, json};

/// All meetings, as the list shows them.
fn cards(town: &Town) -> Vec<Value> {
    let listed = town.ask("meetings_list", json!({}));
    [&listed["upcoming"], &listed["past"]]
        .into_iter()
        .flat_map(|part| rows(part).to_vec())
        .collect()
}

/// The file's lines, unfolded.
fn lines(file: &Value) -> Vec<String> {
    let text = file["text"].as_str().unwrap();
    assert!(text.split("\r\n").all(|line| line.len() <= 75));
    text.replace("\r\n ", "")
        .split_terminator("\r\n")
        .map(str::to_owned)
        .collect()
}

/// The value of a property in the only event.
fn value<'a>(lines: &'a [String], name: &str) -> Option<&'a str> {
    lines
        .iter()
        .find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))
}

fn unescaped(text: &str) -> String {
    text.replace("\\n", "\n")
        .replace("\\,", ",")
        .replace("\\;", ";")
        .replace("\\\\", "\\")
}

#[test]
fn a_meeting_says_when_where_and_what_in_public() {
    let town = Town::paired();
    town.sync_well();
    let meeting = town.meeting();
    let card = &meeting["card"];
    let request = json!({"meetingIds": [card["id"]], "onlyMine": false});
    let file = town.ask("calendar_export", request);
    assert_eq!(file["eventCount"], 1);
    let lines = lines(&file);
    let (id, council) = (
        card["id"].as_str().unwrap(),
        card["councilId"].as_str().unwrap(),
    );
    assert_eq!(
        value(&lines, "UID"),
        Some(&*format!("{id}.{council}@ratsmappe"))
    );
    let start = chrono::DateTime::from_timestamp_millis(card["startAtMs"].as_i64().unwrap());
    let start = start.unwrap().format("%Y%m%dT%H%M%SZ").to_string();
    assert_eq!(value(&lines, "DTSTART"), Some(&*start));
    let name = card["name"].as_str().unwrap();
    assert_eq!(unescaped(value(&lines, "SUMMARY").unwrap()), name);
    let location = unescaped(value(&lines, "LOCATION").unwrap());
    assert!(
        location.contains(card["room"].as_str().unwrap()),
        "{location}"
    );

    let agenda = unescaped(value(&lines, "DESCRIPTION").unwrap());
    let items = rows(&meeting["publicItems"]);
    assert_eq!(agenda.lines().count(), items.len());
    for (line, item) in agenda.lines().zip(items) {
        assert!(line.ends_with(item["name"].as_str().unwrap()), "{line}");
    }
    assert!(file["fileName"].as_str().unwrap().ends_with(".ics"));
    assert_eq!(
        town.ask(
            "calendar_export",
            json!({"meetingIds": [card["id"]], "onlyMine": false})
        ),
        file,
        "asked twice it is the same file"
    );
}

#[test]
fn no_nonpublic_title_stands_in_the_calendar() {
    let town = Town::paired();
    town.sync_well();
    let file = town.ask("calendar_export", json!({"onlyMine": false}));
    let cards = cards(&town);
    assert_eq!(file["eventCount"], cards.len(), "no ids: all of them");
    let text = unescaped(&lines(&file).join("\n"));
    let (mut public, mut nonpublic) = (HashSet::new(), HashSet::new());
    for card in &cards {
        let meeting = town.ask("meeting_open", json!({"id": card["id"]}));
        let names = |part: &str| {
            rows(&meeting[part])
                .iter()
                .map(|row| row["name"].as_str().unwrap().to_owned())
                .collect::<Vec<_>>()
        };
        public.extend(names("publicItems"));
        nonpublic.extend(names("nonpublicItems"));
    }
    let secret: Vec<&String> = nonpublic.difference(&public).collect();
    assert!(
        secret.len() > 2,
        "there is something to keep: {nonpublic:?}"
    );
    assert!(public.iter().all(|name| text.contains(name.as_str())));
    for name in secret {
        assert!(!text.contains(name.as_str()), "{name}");
    }
}

#[test]
fn only_mine_leaves_out_where_the_member_does_not_sit() {
    let town = Town::paired();
    town.sync_well();
    let mine = cards(&town)
        .iter()
        .filter(|card| card["isMine"] == true)
        .count();
    let all = cards(&town).len();
    assert!(0 < mine && mine < all, "{mine} of {all}");
    let file = town.ask("calendar_export", json!({"onlyMine": true}));
    assert_eq!(file["eventCount"], mine);
}

#[test]
fn a_change_keeps_the_id_and_raises_the_sequence() {
    let town = Town::paired();
    town.sync_well();
    let ids: Vec<Value> = cards(&town).iter().map(|card| card["id"].clone()).collect();
    let events = || -> Vec<(String, u32, String)> {
        let file = |id| {
            town.ask(
                "calendar_export",
                json!({"meetingIds": [id], "onlyMine": false}),
            )
        };
        ids.iter()
            .map(|id| {
                let lines = lines(&file(id));
                let text = |name| value(&lines, name).unwrap().to_owned();
                (
                    text("UID"),
                    text("SEQUENCE").parse().unwrap(),
                    text("DTSTAMP"),
                )
            })
            .collect()
    };
    let before = events();
    assert_eq!(
        before
            .iter()
            .map(|(uid, ..)| uid)
            .collect::<HashSet<_>>()
            .len(),
        ids.len()
    );
    town.wait_a_minute();
    let later = town.dir.path().join("later");
    demo_council::write_small_later(&later, today(), None).unwrap();
    town.server.import_folder(&later).unwrap();
    town.sync_well();
    let after = events();
    let mut is_changed = false;
    for ((old_uid, old, old_stamp), (uid, new, stamp)) in before.iter().zip(&after) {
        assert_eq!(old_uid, uid);
        assert!(new >= old && stamp >= old_stamp, "nothing goes back");
        is_changed |= stamp > old_stamp;
    }
    assert!(
        is_changed,
        "the later delivery changes a meeting or its public agenda"
    );
}

#[test]
fn a_file_is_written_beside_what_is_there_and_its_place_is_told() {
    let town = Town::paired();
    town.sync_well();
    let downloads = town.dir.path().join("downloads");
    let request = || json!({"meetingIds": [town.meeting()["card"]["id"]], "onlyMine": false});
    let file = town.ask("calendar_export", request());
    assert!(!downloads.exists(), "looking writes nothing");
    let paths: Vec<String> = (0..2)
        .map(|_| {
            town.ask("calendar_save", request())["path"]
                .as_str()
                .unwrap()
                .to_owned()
        })
        .collect();
    let name = file["fileName"].as_str().unwrap();
    assert_eq!(paths[0], downloads.join(name).to_string_lossy());
    assert!(paths[1].ends_with(" (2).ics"), "{}", paths[1]);
    for path in paths {
        assert_eq!(
            fs::read_to_string(path).unwrap(),
            file["text"].as_str().unwrap()
        );
    }
}

#[test]
fn nothing_to_say_writes_nothing() {
    let town = Town::new();
    town.ask("vault_create", json!({"passphrase": common::PASSPHRASE}));
    let file = town.ask("calendar_export", json!({"onlyMine": false}));
    assert_eq!(
        (&file["eventCount"], &file["text"]),
        (&json!(0), &json!(""))
    );
    let code = |request| town.call("calendar_save", request).unwrap_err().code;
    assert_eq!(code(json!({"onlyMine": false})), ErrorCode::BadRequest);
    assert_eq!(
        code(json!({"meetingIds": ["00112233445566778899aabbccddeeff"], "onlyMine": false})),
        ErrorCode::NotFound
    );
    assert!(!town.dir.path().join("downloads").exists());
}
