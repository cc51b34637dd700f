//! Several councils on one tablet: one start page, one search, a folder and keys each; none keeps another one waiting, and
//! each can go without the others.

use std::fs;

use serde_json::{Value, json};
use stories::app::{App, text};
use stories::tablet::PASSPHRASE;
use stories::town::Town;

const TOWN_MEETING: &str = "18. Sitzung des Stadtrats";
const COUNTY_MEETING: &str = "12. Sitzung des Kreistags";

fn array(value: &Value) -> Vec<Value> {
    value.as_array().unwrap().clone()
}

/// A member of both councils; the ids of town and county.
fn member(town: &Town, county: &Town) -> (App, String, String) {
    let mut app = App::with_vault(town);
    app.join(town, "ada");
    let first = app.council.clone();
    app.join(county, "ada");
    let second = app.council.clone();
    app.until_indexed();
    (app, first, second)
}

fn shows(app: &App, meeting: &str) {
    assert_eq!(app.meeting(meeting)["name"], meeting);
}

fn councils(app: &App) -> Vec<Value> {
    array(&app.ask("app_status", json!({}))["councils"])
}

fn found(app: &App, request: Value) -> Vec<Value> {
    array(&app.ask("search", request)["hits"])
}

fn council_ids(values: &[Value]) -> Vec<String> {
    let mut ids: Vec<String> = values
        .iter()
        .map(|value| text(&value["councilId"]))
        .collect();
    ids.sort();
    ids.dedup();
    ids
}

fn sorted(mut ids: Vec<String>) -> Vec<String> {
    ids.sort();
    ids
}

fn note_on(app: &App, kind: &str, id: &Value, words: &str) -> Value {
    app.ask(
        "mark_create",
        json!({"mark": {"kind": "note", "target": {"kind": kind, "id": id}, "rects": [], "text": words}}),
    )
}

#[test]
fn one_start_page_and_one_search_hold_both_councils_and_say_which_is_which() {
    let (town, county) = (Town::small(), Town::county());
    let (app, first, second) = member(&town, &county);
    let both = sorted(vec![first.clone(), second.clone()]);

    let today = app.ask("today", json!({}));
    assert_eq!(
        today["nextMeeting"]["name"], TOWN_MEETING,
        "17:00 before 18:00"
    );
    assert_eq!(today["nextMeeting"]["councilId"], first);
    let later = array(&today["later"]);
    assert!(
        later
            .iter()
            .any(|card| card["name"] == COUNTY_MEETING && card["councilId"] == second),
        "{later:?}"
    );

    let hits = found(&app, json!({"text": "Sitzung", "typing": false}));
    assert_eq!(council_ids(&hits), both);
    for council in &both {
        let only = found(
            &app,
            json!({"text": "Sitzung", "typing": false, "councilId": council}),
        );
        assert_eq!(
            &council_ids(&only),
            std::slice::from_ref(council),
            "the filter holds"
        );
    }
    let choices = app.ask("search_choices", json!({}));
    assert_eq!(council_ids(&array(&choices["organizations"])), both);

    for name in [TOWN_MEETING, COUNTY_MEETING] {
        note_on(&app, "meeting", &app.meeting(name)["id"], "Nachfragen");
    }
    let overview = app.ask("notes_overview", json!({}));
    for part in ["notes", "meetings", "committees"] {
        assert_eq!(council_ids(&array(&overview[part])), both, "{part}");
    }
    let notes = found(
        &app,
        json!({"text": "Nachfragen", "typing": false, "councilId": second}),
    );
    assert_eq!(council_ids(&notes), [second], "own notes are filtered too");
}

#[test]
fn two_meetings_of_mine_at_one_time_are_a_clash() {
    let (town, county) = (Town::small(), Town::county());
    let (app, _, second) = member(&town, &county);

    let here = app.meeting(TOWN_MEETING);
    let clashes = array(&here["clashes"]);
    assert_eq!(
        clashes.len(),
        1,
        "not with the county's committee: {clashes:?}"
    );
    assert_eq!(
        (&clashes[0]["name"], &clashes[0]["councilId"]),
        (&json!(COUNTY_MEETING), &json!(second))
    );
    assert_eq!(
        clashes[0]["startAtMs"],
        app.meeting(COUNTY_MEETING)["startAtMs"]
    );
    let opened = app.ask("meeting_open", json!({"id": here["id"]}));
    assert_eq!(opened["card"]["clashes"], here["clashes"]);
    let there = app.meeting(COUNTY_MEETING);
    assert_eq!(
        there["clashes"][0]["name"], TOWN_MEETING,
        "it holds both ways"
    );
    let other = app.meeting("9. Sitzung des Bauausschusses");
    assert_eq!(array(&other["clashes"]).len(), 0, "another day");
}

#[test]
fn a_clash_ends_when_a_meeting_moves() {
    let (town, mut county) = (Town::small(), Town::county());
    let (app, ..) = member(&town, &county);
    for sitting in &mut county.intake.sittings {
        "2026-12-10T19:00:00+01:00".clone_into(&mut sitting.start);
    }
    county.publish();
    for (council, end) in app.sync_all() {
        end.unwrap_or_else(|code| panic!("{council}: {code}"));
    }
    let clashes = &app.meeting(TOWN_MEETING)["clashes"];
    assert_eq!(
        array(clashes).len(),
        0,
        "17:00 to 19:00 is taken as two hours"
    );
}

#[test]
fn a_council_that_is_not_reached_keeps_no_other_one_waiting() {
    let (mut town, mut county) = (Town::small(), Town::county());
    let (app, first, second) = member(&town, &county);
    town.power_cut();
    county.intake.sittings[0].name = "12. Sitzung des Kreistags (neuer Raum)".to_owned();
    county.publish();
    let ends = app.sync_all();
    assert_eq!(
        ends,
        [
            (first.clone(), Err("offline".to_owned())),
            (second.clone(), Ok(()))
        ]
    );
    shows(&app, "12. Sitzung des Kreistags (neuer Raum)");
    let [here, there] = councils(&app).try_into().unwrap();
    assert_eq!(
        (&here["offline"], &here["problem"]["code"]),
        (&json!(true), &json!("offline"))
    );
    assert_eq!(
        (&there["offline"], there.get("problem")),
        (&json!(false), None)
    );
    shows(&app, TOWN_MEETING);

    town.power_back();
    county.power_cut();
    assert_eq!(
        app.sync_all(),
        [(first, Ok(())), (second, Err("offline".to_owned()))]
    );
    assert_eq!(
        councils(&app)[0].get("problem"),
        None,
        "what is over is not told"
    );
}

#[test]
fn a_council_whose_store_cannot_be_opened_hides_no_other_one() {
    let (town, county) = (Town::small(), Town::county());
    let (app, first, _) = member(&town, &county);
    let calendar = app.ask("calendar_subscribe", json!({"onlyMine": true}));
    let calendar = text(&calendar["path"]);
    let before = fs::read_to_string(&calendar).unwrap();
    let app = app.restarted(&town);
    let store = app.file("councils").join(&first).join("council.db");
    fs::remove_file(&store).unwrap();
    fs::create_dir(&store).unwrap();
    app.call("vault_unlock", json!({"passphrase": PASSPHRASE}));
    app.call("calendar_subscribe", json!({"onlyMine": true}));
    let after = fs::read_to_string(&calendar).unwrap();
    assert_eq!(after, before, "what cannot be read now is not taken back");

    let status = councils(&app);
    assert!(
        status[0]["problem"]["message"].is_string(),
        "told with its council: {status:?}"
    );
    assert_eq!(status[1].get("problem"), None);
    let list = app.ask("meetings_list", json!({}));
    shows(&app, COUNTY_MEETING);
    assert_eq!(council_ids(&array(&list["upcoming"])).len(), 1);

    fs::remove_dir(&store).unwrap();
    app.sync_all();
    shows(&app, TOWN_MEETING);
    assert_eq!(councils(&app)[0].get("problem"), None);
}

#[test]
fn a_council_goes_alone_and_one_s_own_words_stay() {
    let (town, county) = (Town::small(), Town::county());
    let (mut app, first, second) = member(&town, &county);
    let words = "Radweg: wer zahlt?";
    note_on(&app, "meeting", &app.meeting(COUNTY_MEETING)["id"], words);
    note_on(
        &app,
        "meeting",
        &app.meeting(TOWN_MEETING)["id"],
        "Bleibt hier",
    );
    let item = app.item(COUNTY_MEETING, "Radweg im Kreis");
    let file = &item["files"][0]["id"];
    let doc = app.ask("document_open", json!({"fileId": file}))["doc"].clone();

    let calendar = app.ask("calendar_subscribe", json!({"onlyMine": true}));
    let calendar = text(&calendar["path"]);
    assert!(fs::read_to_string(&calendar).unwrap().contains("Kreistags"));

    app.call("council_forget", json!({"council": second}));
    let left = fs::read_to_string(&calendar).unwrap();
    assert!(left.contains("Stadtrats") && !left.contains("Kreistags"));
    assert!(!app.file("councils").join(&second).exists());
    assert!(app.file("councils").join(&first).exists());
    assert_eq!(councils(&app).len(), 1);
    assert_eq!(
        app.refused("page_text", json!({"doc": doc, "page": 0})),
        "document_closed"
    );
    assert_eq!(
        app.refused("document_open", json!({"fileId": file})),
        "not_found"
    );
    app.until_indexed();
    assert_eq!(
        found(&app, json!({"text": "Radweg", "typing": false})).len(),
        0
    );
    shows(&app, TOWN_MEETING);
    assert_eq!(array(&app.meeting(TOWN_MEETING)["clashes"]).len(), 0);
    let notes = array(&app.ask("notes_overview", json!({}))["notes"]);
    let stays = notes.iter().find(|note| note["text"] == words).unwrap();
    assert_eq!(stays["presence"], "gone");
    assert_eq!(notes.len(), 2);
    app.call("council_forget", json!({"council": second}));

    app.join(&county, "ada");
    assert_eq!(app.council, second, "the same council, invited anew");
    app.until_indexed();
    let notes = array(&app.ask("notes_overview", json!({}))["notes"]);
    let back = notes.iter().find(|note| note["text"] == words).unwrap();
    assert_eq!(
        back["presence"], "here",
        "the note stands on its meeting again"
    );
}
