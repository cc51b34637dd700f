//! Own notes where they are needed: at every agenda item with the same paper, on the start page until they are done, and on
//! the speaking sheet, which may lie on the table.
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

use common::{Town, rows};
use desk::{DeskEvent, ErrorCode};
use serde_json::{Value, json};

/// A public paper that the village council deals with before the council.
const VILLAGE_PAPER: &str = "2026/161";
/// A nonpublic paper that the committee for building deals with before the council.
const LAND_PAPER: &str = "N 2026/029";

/// The agenda items with a paper, by the start of their meetings, opened.
fn items_with(town: &Town, paper: &str) -> Vec<Value> {
    let listed = town.ask("meetings_list", json!({}));
    let past = rows(&listed["past"]).iter().rev();
    let cards = past.chain(rows(&listed["upcoming"]));
    let meetings = cards.map(|card| town.ask("meeting_open", json!({"id": card["id"]})));
    let found = meetings.flat_map(|meeting| {
        let public = rows(&meeting["publicItems"]).to_vec();
        [public, rows(&meeting["nonpublicItems"]).to_vec()].concat()
    });
    found
        .filter(|row| row["paperReference"] == paper)
        .map(|row| open(town, &row["id"]))
        .collect()
}

fn open(town: &Town, item: &Value) -> Value {
    town.ask("agenda_item_open", json!({"id": item}))
}

fn make(town: &Town, mark: Value) -> Value {
    town.wait_a_minute();
    town.ask("mark_create", json!({ "mark": mark }))
}

fn on_item(item: &Value, text: &str) -> Value {
    let target = json!({"kind": "agendaItem", "id": item["row"]["id"]});
    json!({"kind": "note", "target": target, "rects": [], "text": text, "madeAtItem": item["row"]["id"]})
}

fn on_file(item: &Value, text: &str) -> Value {
    let target = json!({"kind": "file", "id": item["files"][0]["id"]});
    json!({"kind": "note", "target": target, "page": 0, "rects": [[50.0, 600.0, 70.0, 620.0]], "text": text,
        "madeAtItem": item["row"]["id"]})
}

fn stamp(item: &Value, name: &str) -> Value {
    let target = json!({"kind": "agendaItem", "id": item["row"]["id"]});
    json!({"kind": "stamp", "target": target, "rects": [], "stamp": name})
}

fn texts(notes: &Value) -> Vec<&str> {
    rows(notes)
        .iter()
        .map(|row| row["text"].as_str().unwrap_or_default())
        .collect()
}

fn meeting_row(town: &Town, item: &Value) -> Value {
    let meeting = town.ask("meeting_open", json!({"id": item["row"]["meetingId"]}));
    let all = rows(&meeting["publicItems"])
        .iter()
        .chain(rows(&meeting["nonpublicItems"]));
    all.filter(|row| row["id"] == item["row"]["id"])
        .map(Value::clone)
        .next()
        .unwrap()
}

/// The office imports its folder again without one meeting, or with a part of it changed.
fn reimport(town: &Town, key: &str, change: Option<(&str, &str)>) {
    town.reimport(
        |folder, text| folder.to_string_lossy().contains(key) && text.contains(VILLAGE_PAPER),
        change,
    );
    town.sync_well();
}

#[test]
fn a_note_made_before_the_committee_is_there_in_the_council_and_says_where_it_comes_from() {
    let town = Town::paired();
    town.sync_well();
    let items = items_with(&town, VILLAGE_PAPER);
    let [village, council] = items.as_slice() else {
        panic!("two meetings deal with {VILLAGE_PAPER}: {items:?}")
    };
    make(&town, on_file(village, "Wer zahlt die Heizung?"));
    make(&town, on_item(village, "Frau Kannegut fragen"));
    make(&town, on_item(council, "Zustimmen, wenn Beleg da ist"));
    let paper = json!({"kind": "note", "target": {"kind": "paper", "id": village["paper"]["id"]}, "rects": [], "text": "Satzung lesen"});
    make(&town, paper);

    let shown = open(&town, &council["row"]["id"]);
    assert_eq!(
        texts(&shown["notes"]),
        [
            "Zustimmen, wenn Beleg da ist",
            "Frau Kannegut fragen",
            "Satzung lesen",
            "Wer zahlt die Heizung?"
        ],
        "each once: the item's own, the other item's, the paper's, the file's"
    );
    let [own, others, _, on_page] = rows(&shown["notes"]) else {
        panic!("four notes")
    };
    assert_eq!(own.get("origin"), None, "made here");
    for (note, what) in [(others, "on the item"), (on_page, "on a page")] {
        let origin = &note["origin"];
        assert_eq!(origin["agendaItemId"], village["row"]["id"], "{what}");
        assert_eq!(origin["meetingId"], village["row"]["meetingId"], "{what}");
        assert_eq!(origin["number"], village["row"]["number"], "{what}");
        assert_eq!(origin["public"], true, "{what}");
        assert!(origin["committee"].as_str().unwrap().contains("Kunratz"));
        assert!(origin["startAtMs"].is_i64());
    }
    assert_eq!(
        others["target"]["id"], village["row"]["id"],
        "it stays where it was made"
    );
    assert_eq!(
        (&on_page["label"], &on_page["agendaItemId"]),
        (&council["files"][0]["name"], &council["row"]["id"])
    );
    assert_eq!(meeting_row(&town, council)["noteCount"], 4);

    let back = open(&town, &village["row"]["id"]);
    let of = |text: &str| {
        let notes = rows(&back["notes"]).iter();
        notes
            .filter(|row| row["text"] == text)
            .map(|row| row.get("origin").cloned())
            .next()
            .unwrap()
    };
    assert_eq!(of("Wer zahlt die Heizung?"), None, "made here");
    assert!(of("Zustimmen, wenn Beleg da ist").is_some());
}

#[test]
fn a_paper_that_leaves_an_agenda_takes_its_own_notes_along_and_no_others() {
    let town = Town::paired();
    town.sync_well();
    let items = items_with(&town, VILLAGE_PAPER);
    make(&town, on_file(&items[0], "auf der Seite"));
    make(&town, on_item(&items[0], "am Punkt"));
    let line = format!("paper = \"{VILLAGE_PAPER}\"\n");
    reimport(&town, "kunratz", Some((&line, "")));
    let shown = open(&town, &items[1]["row"]["id"]);
    assert_eq!(texts(&shown["notes"]), ["auf der Seite"]);
    assert_eq!(
        rows(&shown["notes"])[0].get("origin"),
        None,
        "the item it was made at is another one now"
    );
    let all = town.ask("notes_overview", json!({}));
    let on_item = rows(&all["notes"])
        .iter()
        .find(|row| row["text"] == "am Punkt")
        .expect("nothing is lost");
    assert_eq!(on_item["presence"], "gone");
}

#[test]
fn with_access_ended_no_word_of_the_council_stays_with_a_note() {
    let town = Town::paired();
    town.sync_well();
    let items = items_with(&town, LAND_PAPER);
    make(&town, on_file(&items[1], "auf der Seite"));
    let far = json!({"kind": "note", "target": {"kind": "file", "id": items[1]["files"][0]["id"]}, "page": 0,
        "rects": [], "text": "weit her", "madeAtItem": items[0]["row"]["id"]});
    make(&town, far);
    let origins = || {
        let all = town.ask("notes_overview", json!({}));
        let notes = rows(&all["notes"]).to_vec();
        assert_eq!(notes.len(), 2, "no note goes");
        let with_origin = notes.iter().filter(|row| row.get("origin").is_some());
        with_origin.count()
    };
    assert_eq!(origins(), 1, "one of the two was made elsewhere");
    let device = town.server.devices().unwrap().remove(0).id;
    town.server.revoke(&device).unwrap();
    let end = town.sync();
    assert!(
        matches!(end, DeskEvent::SyncFinished { ok: false, .. }),
        "{end:?}"
    );
    assert_eq!(origins(), 0);
    let gone = town.call("agenda_item_open", json!({"id": items[1]["row"]["id"]}));
    assert_eq!(gone.unwrap_err().code, ErrorCode::NotFound);
}

#[test]
fn a_stamp_shows_in_the_agenda_and_what_is_done_is_open_no_more() {
    let town = Town::paired();
    town.sync_well();
    let items = items_with(&town, VILLAGE_PAPER);
    let council = &items[1];
    let open_texts = || {
        let today = town.ask("today", json!({}));
        let open = rows(&today["openItems"]).iter();
        open.map(|item| (item["text"].clone(), item["stamp"].clone()))
            .collect::<Vec<_>>()
    };
    make(&town, on_item(council, "Wer haftet?"));
    let question = make(&town, stamp(council, "question"));
    make(&town, stamp(council, "agree"));
    let row = meeting_row(&town, council);
    assert_eq!(row["stamps"], json!(["question", "agree"]));
    assert_eq!(row["noteCount"], 1, "a stamp is no note");
    assert_eq!(
        open_texts(),
        [
            (json!(""), json!("question")),
            (json!("Wer haftet?"), Value::Null)
        ],
        "a question is open, a leaning is not"
    );
    make(&town, stamp(council, "done"));
    assert_eq!(open_texts(), []);
    town.ask("mark_delete", json!({"id": question["id"]}));
    assert_eq!(
        meeting_row(&town, council)["stamps"],
        json!(["agree", "done"])
    );
}

#[test]
fn a_note_on_an_older_revision_says_so() {
    let town = Town::paired();
    town.sync_well();
    let items = items_with(&town, "2026/184");
    let item = items.last().unwrap();
    make(&town, on_file(item, "zu Fassung 1"));
    let later = town.dir.path().join("later");
    demo_council::write_small_later(&later, common::today(), None).unwrap();
    town.server.import_folder(&later).unwrap();
    town.sync_well();
    make(&town, on_file(item, "zu Fassung 2"));
    let shown = open(&town, &item["row"]["id"]);
    let revisions: Vec<(&Value, Option<&Value>)> = rows(&shown["notes"])
        .iter()
        .map(|row| (&row["text"], row.get("oldRevision")))
        .collect();
    assert_eq!(
        revisions,
        [
            (&json!("zu Fassung 1"), Some(&json!(1))),
            (&json!("zu Fassung 2"), None)
        ]
    );
}

// Shows: O.Purp_9
#[test]
fn a_sheet_without_the_nonpublic_part_tells_nothing_of_it() {
    let town = Town::paired();
    town.sync_well();
    let land = items_with(&town, LAND_PAPER);
    let [_, council_land] = land.as_slice() else {
        panic!("two meetings deal with {LAND_PAPER}: {land:?}")
    };
    let village = items_with(&town, VILLAGE_PAPER);
    let public = &village[1];
    assert_eq!(public["row"]["meetingId"], council_land["row"]["meetingId"]);
    make(&town, on_item(public, "Redebeitrag"));
    make(&town, on_item(council_land, "Kaufpreis nennen"));
    make(&town, stamp(&land[0], "question"));
    // Made while sitting at the nonpublic item: its words may speak of it.
    let behind_doors = json!({"kind": "note", "target": {"kind": "file", "id": public["files"][0]["id"]}, "page": 0,
        "rects": [], "text": "wie Färbergasse", "madeAtItem": council_land["row"]["id"]});
    make(&town, behind_doors);
    let meeting = &public["row"]["meetingId"];
    town.ask(
        "tally_set",
        json!({"agendaItemId": council_land["row"]["id"], "value": "no"}),
    );
    let sheet = |nonpublic: bool| {
        town.ask(
            "speaking_sheet",
            json!({"meetingId": meeting, "includeNonpublic": nonpublic}),
        )
    };

    let safe = sheet(false);
    let [item] = rows(&safe["items"]) else {
        panic!("one item has something of one's own: {safe}")
    };
    assert_eq!(texts(&item["notes"]), ["Redebeitrag"]);
    assert_eq!(
        (&safe["public"], &safe["leftOut"]),
        (&json!(true), &json!(2))
    );
    let text = safe.to_string();
    for secret in ["Kaufpreis", "Färbergasse", "Grundstück", LAND_PAPER] {
        assert!(!text.contains(secret), "{secret} is on the sheet: {text}");
    }
    assert!(
        rows(&safe["agenda"])
            .iter()
            .all(|choice| choice["public"] == true)
            && rows(&safe["agenda"]).len() > 5,
        "every public item can be chosen"
    );

    let whole = sheet(true);
    assert_eq!(
        (&whole["public"], &whole["leftOut"]),
        (&json!(false), &json!(0))
    );
    let numbers: Vec<&Value> = rows(&whole["items"])
        .iter()
        .map(|item| &item["number"])
        .collect();
    assert_eq!(
        numbers,
        [&public["row"]["number"], &council_land["row"]["number"]],
        "in the order of the agenda"
    );
    let land_on_sheet = &rows(&whole["items"])[1];
    assert_eq!(land_on_sheet["tally"], "no");
    assert_eq!(texts(&land_on_sheet["notes"])[0], "Kaufpreis nennen");
    assert!(
        rows(&land_on_sheet["notes"])
            .iter()
            .any(|row| row["stamp"] == "question" && row.get("origin").is_some()),
        "the committee's stamp came along: {land_on_sheet}"
    );

    let other = rows(&safe["agenda"])[0]["id"].clone();
    let chosen = town.ask(
        "speaking_sheet",
        json!({"meetingId": meeting, "includeNonpublic": false, "items": [other, council_land["row"]["id"]]}),
    );
    let ids: Vec<&Value> = rows(&chosen["items"])
        .iter()
        .map(|item| &item["id"])
        .collect();
    assert_eq!(ids, [&other], "choosing a nonpublic item does not show it");
    let nonsense = json!({"meetingId": meeting, "includeNonpublic": false, "items": ["x"]});
    assert_eq!(
        town.call("speaking_sheet", nonsense).unwrap_err().code,
        ErrorCode::NotFound
    );

    let saved = town.ask(
        "speaking_sheet_save",
        json!({"meetingId": meeting, "includeNonpublic": false}),
    );
    let path = saved["path"].as_str().unwrap();
    assert!(
        path.contains("Sprechzettel") && path.ends_with(".pdf"),
        "{path}"
    );
    let said = words_of(path);
    assert!(said.contains("Redebeitrag"), "{said}");
    for secret in ["Kaufpreis", "Färbergasse", "Grundstück", LAND_PAPER] {
        assert!(!said.contains(secret), "{secret} left the app: {said}");
    }
    let whole = town.ask(
        "speaking_sheet_save",
        json!({"meetingId": meeting, "includeNonpublic": true}),
    );
    let said = words_of(whole["path"].as_str().unwrap());
    assert!(
        said.contains("Kaufpreis nennen") && said.contains("Nichtöffentliches"),
        "{said}"
    );
}

/// The words of a PDF as poppler reads them: `cargo xtask setup`.
fn words_of(path: &str) -> String {
    let read = std::process::Command::new("pdftotext")
        .args([path, "-"])
        .output()
        .expect("pdftotext");
    assert!(read.status.success(), "{path} is no PDF");
    String::from_utf8(read.stdout).unwrap()
}
