//! The calendar file that other programs follow, over the life of a real council: what stands in it, when it is written,
//! when it is not, and that nothing of it can make a synchronisation fail. Read by a parser that is not ours.
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

use std::collections::{BTreeMap, HashSet};
use std::fs;
use std::path::PathBuf;

use common::{PASSPHRASE, Town, rows, today};
use desk::ErrorCode;
use icalendar::{Calendar, CalendarComponent, Component};
use serde_json::{Value, json};

/// An event as another program sees it.
#[derive(Debug, Clone, PartialEq)]
struct Seen {
    summary: String,
    description: String,
    sequence: u32,
    modified: String,
    is_cancelled: bool,
}

fn synced() -> Town {
    let town = Town::paired();
    town.sync_well();
    town
}

fn subscribe(town: &Town, only_mine: bool) -> Value {
    town.ask("calendar_subscribe", json!({"onlyMine": only_mine}))
}

fn standing(town: &Town) -> Value {
    town.ask("calendar_subscription", json!({}))
}

fn path(town: &Town) -> PathBuf {
    town.dir.path().join("downloads/Ratsmappe-Sitzungen.ics")
}

/// The file by UID, through another program's eyes.
fn seen(town: &Town) -> BTreeMap<String, Seen> {
    let text = fs::read_to_string(path(town)).unwrap();
    assert!(text.split("\r\n").all(|line| line.len() <= 75));
    let calendar: Calendar = text.parse().unwrap();
    let events = calendar.components.iter().map(|component| {
        let CalendarComponent::Event(event) = component else {
            panic!("something else than an event");
        };
        let value = |name| event.property_value(name).unwrap_or_default().to_owned();
        assert!(event.get_start().is_some(), "each has its beginning");
        let seen = Seen {
            summary: event.get_summary().unwrap().to_owned(),
            description: event.get_description().unwrap_or_default().to_owned(),
            sequence: event.get_sequence().unwrap(),
            modified: value("LAST-MODIFIED"),
            is_cancelled: value("STATUS") == "CANCELLED",
        };
        (event.get_uid().unwrap().to_owned(), seen)
    });
    let by_uid: BTreeMap<String, Seen> = events.collect();
    assert_eq!(by_uid.len(), calendar.components.len(), "each once");
    by_uid
}

fn cards(town: &Town) -> Vec<Value> {
    let listed = town.ask("meetings_list", json!({}));
    [&listed["upcoming"], &listed["past"]]
        .into_iter()
        .flat_map(|part| rows(part).to_vec())
        .collect()
}

fn uid(card: &Value) -> String {
    let text = |name: &str| card[name].as_str().unwrap();
    format!("{}.{}@ratsmappe", text("id"), text("councilId"))
}

/// The office imports its folder again, with one meeting changed; `None` takes the meeting back.
fn reimport(town: &Town, name: &str, change: Option<(&str, &str)>) {
    town.reimport(|_, text| text.contains(name), change);
}

/// A coming meeting with a name of its own in the folder: its card, and its start as the folder writes it.
fn coming(town: &Town) -> (Value, String) {
    let listed = town.ask("meetings_list", json!({}));
    let card = rows(&listed["upcoming"])
        .iter()
        .find(|card| card["isMine"] == true && card["cancelled"] == false)
        .unwrap()
        .clone();
    let start = chrono::DateTime::from_timestamp_millis(card["startAtMs"].as_i64().unwrap());
    let start = start
        .unwrap()
        .with_timezone(&chrono::FixedOffset::east_opt(3_600).unwrap());
    (card, start.format("%Y-%m-%dT%H:%M").to_string())
}

// Shows: O.Purp_4, O.Data_1
#[test]
fn nothing_leaves_the_app_before_it_is_turned_on() {
    let town = synced();
    let told = standing(&town);
    assert_eq!(
        (&told["on"], &told["onlyMine"]),
        (&json!(false), &json!(true))
    );
    assert_eq!(told["path"], json!(path(&town)));
    assert!(!town.dir.path().join("downloads").exists());
}

#[test]
fn turned_on_it_holds_the_chosen_meetings_and_no_nonpublic_title() {
    let town = synced();
    let told = subscribe(&town, false);
    let all = cards(&town);
    assert_eq!(told["on"], true);
    assert_eq!(told["eventCount"], all.len());
    assert!(told.get("failure").is_none());
    let address = told["address"].as_str().unwrap();
    assert!(address.starts_with("file:///") && address.ends_with("/Ratsmappe-Sitzungen.ics"));
    let events = seen(&town);
    let expected: HashSet<String> = all.iter().map(uid).collect();
    assert_eq!(events.keys().cloned().collect::<HashSet<_>>(), expected);

    let (mut public, mut nonpublic) = (HashSet::new(), HashSet::new());
    for card in &all {
        let meeting = town.ask("meeting_open", json!({"id": card["id"]}));
        let names = |part: &str| {
            let names = rows(&meeting[part]).iter().map(|row| row["name"].clone());
            names
                .map(|name| name.as_str().unwrap().to_owned())
                .collect::<Vec<_>>()
        };
        public.extend(names("publicItems"));
        nonpublic.extend(names("nonpublicItems"));
    }
    let said: String = events
        .values()
        .map(|event| format!("{}\n{}\n", event.summary, event.description))
        .collect();
    assert!(public.iter().all(|name| said.contains(name.as_str())));
    let secret: Vec<_> = nonpublic.difference(&public).collect();
    assert!(secret.len() > 2, "there is something to keep");
    assert!(secret.iter().all(|name| !said.contains(name.as_str())));

    let mine = all.iter().filter(|card| card["isMine"] == true).count();
    assert!(0 < mine && mine < all.len());
    assert_eq!(subscribe(&town, true)["eventCount"], mine);
    assert_eq!(seen(&town).len(), mine);
}

#[test]
fn it_is_written_only_when_something_changed() {
    let town = synced();
    subscribe(&town, false);
    let written = || fs::metadata(path(&town)).unwrap().modified().unwrap();
    let (bytes, at) = (fs::read(path(&town)).unwrap(), written());
    town.wait_a_minute();
    town.sync_well();
    subscribe(&town, false);
    assert_eq!(
        (fs::read(path(&town)).unwrap(), written()),
        (bytes, at),
        "not touched"
    );

    let before = seen(&town);
    let later = town.dir.path().join("later");
    demo_council::write_small_later(&later, today(), None).unwrap();
    town.server.import_folder(&later).unwrap();
    town.sync_well();
    let after = seen(&town);
    let mut changed = 0;
    for (uid, old) in &before {
        let new = &after[uid];
        if (&new.summary, &new.description, new.is_cancelled)
            == (&old.summary, &old.description, old.is_cancelled)
        {
            continue;
        }
        changed += 1;
        assert!(new.sequence > old.sequence, "{uid}");
        assert!(new.modified > old.modified, "{uid}");
    }
    assert!(changed > 0, "the later delivery changes a public agenda");
}

#[test]
fn cancelled_meetings_say_so_and_so_do_those_taken_back() {
    let town = synced();
    subscribe(&town, true);
    let (card, start) = coming(&town);
    let uid = uid(&card);
    let before = seen(&town)[&uid].clone();
    assert!(!before.is_cancelled && !before.description.is_empty());

    reimport(
        &town,
        &start,
        Some(("cancelled = false", "cancelled = true")),
    );
    town.sync_well();
    let cancelled = seen(&town)[&uid].clone();
    assert!(cancelled.is_cancelled && cancelled.sequence > before.sequence);

    reimport(&town, &start, None);
    town.sync_well();
    assert!(cards(&town).iter().all(|other| other["id"] != card["id"]));
    let gone = seen(&town)[&uid].clone();
    assert!(gone.is_cancelled && gone.sequence > cancelled.sequence);
    assert_eq!(
        (gone.summary, gone.description),
        (before.summary, String::new())
    );
}

#[test]
fn a_folder_that_takes_nothing_is_told_and_no_synchronisation_fails() {
    let town = synced();
    let downloads = town.dir.path().join("downloads");
    let block = || fs::write(&downloads, "not a folder").unwrap();
    block();
    let refused = town.call("calendar_subscribe", json!({"onlyMine": false}));
    assert_eq!(refused.unwrap_err().code, ErrorCode::CalendarFolder);
    assert_eq!(standing(&town)["on"], false, "what could not begin is off");

    fs::remove_file(&downloads).unwrap();
    subscribe(&town, false);
    fs::remove_dir_all(&downloads).unwrap();
    block();
    town.sync_well();
    let told = standing(&town);
    assert_eq!(told["failure"]["code"], "calendar_folder");
    assert_eq!(told["on"], true);
    assert_eq!(subscribe(&town, true)["failure"]["code"], "calendar_folder");
    let refused = town.call("calendar_unsubscribe", json!({}));
    assert_eq!(refused.unwrap_err().code, ErrorCode::CalendarFolder);

    fs::remove_file(&downloads).unwrap();
    town.sync_well();
    assert!(standing(&town).get("failure").is_none(), "made good again");
    assert_eq!(seen(&town).len(), standing(&town)["eventCount"]);
}

// Shows: O.Purp_5
#[test]
fn turned_off_the_file_goes_and_a_later_beginning_counts_on() {
    let town = synced();
    subscribe(&town, true);
    let before = seen(&town);
    assert_eq!(town.ask("calendar_unsubscribe", json!({}))["on"], false);
    assert!(!path(&town).exists());
    town.sync_well();
    assert!(!path(&town).exists(), "off is off");
    subscribe(&town, true);
    for (uid, event) in seen(&town) {
        assert!(
            event.sequence > before[&uid].sequence,
            "a kept copy believes it"
        );
    }
}

#[test]
fn the_file_of_somebody_else_is_left_alone() {
    let town = synced();
    let stranger = path(&town);
    fs::create_dir_all(stranger.parent().unwrap()).unwrap();
    fs::write(&stranger, "BEGIN:VCALENDAR of my own").unwrap();
    let told = subscribe(&town, true);
    assert!(
        told["path"]
            .as_str()
            .unwrap()
            .ends_with("Ratsmappe-Sitzungen (2).ics")
    );
    town.ask("calendar_unsubscribe", json!({}));
    assert_eq!(
        fs::read_to_string(&stranger).unwrap(),
        "BEGIN:VCALENDAR of my own"
    );
    assert_eq!(fs::read_dir(stranger.parent().unwrap()).unwrap().count(), 1);
}

#[test]
fn locked_it_rests_and_opened_again_it_goes_on() {
    let town = synced();
    subscribe(&town, true);
    let count = seen(&town).len();
    town.ask("vault_lock", json!({}));
    fs::remove_file(path(&town)).unwrap();
    for name in ["calendar_subscription", "calendar_unsubscribe"] {
        let refused = town.call(name, json!({})).unwrap_err();
        assert_eq!(refused.code, ErrorCode::Locked);
    }
    assert!(!path(&town).exists());
    town.ask("vault_unlock", json!({"passphrase": PASSPHRASE}));
    town.sync_well();
    let told = standing(&town);
    assert_eq!(
        (&told["on"], &told["onlyMine"]),
        (&json!(true), &json!(true))
    );
    assert_eq!(seen(&town).len(), count);
}

#[test]
fn a_meeting_of_a_device_that_was_signed_off_is_no_more_than_public() {
    let town = synced();
    subscribe(&town, false);
    let before = seen(&town);
    let device = town.server.devices().unwrap().remove(0).id;
    town.server.revoke(&device).unwrap();
    town.sync();
    let after = seen(&town);
    assert!(
        after.values().all(|event| !event.is_cancelled),
        "nothing is cancelled by it"
    );
    assert!(after.keys().all(|uid| before.contains_key(uid)));
}
