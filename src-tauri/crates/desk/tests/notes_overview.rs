//! All own notes in one answer: where each stands, in which order, what of it may be told.
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

use common::{Town, item_with_files, rows};
use desk::{DeskEvent, ErrorCode};
use serde_json::{Value, json};

fn note(town: &Town, kind: &str, id: &Value, text: &str) -> Value {
    let target = json!({"kind": kind, "id": id});
    let mark = json!({"kind": "note", "target": target, "rects": [], "text": text});
    town.ask("mark_create", json!({ "mark": mark }))
}

fn highlight(town: &Town, file: &Value, page: u32, top_pt: f64, exact: &str) -> Value {
    let quote = json!({"exact": exact, "prefix": "vorher ", "suffix": " nachher"});
    let mark = json!({"kind": "highlight", "target": {"kind": "file", "id": file}, "page": page,
        "rects": [[50.0, top_pt - 12.0, 200.0, top_pt]], "color": "gruen", "quote": quote});
    town.ask("mark_create", json!({ "mark": mark }))
}

fn overview(town: &Town) -> Value {
    town.ask("notes_overview", json!({}))
}

/// The note with this id.
fn row<'a>(overview: &'a Value, mark: &Value) -> &'a Value {
    let found = rows(&overview["notes"])
        .iter()
        .find(|row| row["id"] == mark["id"]);
    found.unwrap_or_else(|| panic!("{mark} is not in {overview}"))
}

/// Some nonpublic agenda item with a file, opened.
fn nonpublic_item(town: &Town) -> Value {
    let listed = town.ask("meetings_list", json!({}));
    let cards = rows(&listed["upcoming"])
        .iter()
        .chain(rows(&listed["past"]));
    let found = cards
        .map(|card| town.ask("meeting_open", json!({"id": card["id"]})))
        .flat_map(|meeting| rows(&meeting["nonpublicItems"]).to_vec())
        .find(|row| row["fileCount"].as_u64() > Some(0));
    town.ask(
        "agenda_item_open",
        json!({"id": found.expect("a nonpublic paper")["id"]}),
    )
}

#[test]
fn each_note_tells_where_it_stands_and_what_it_says() {
    let town = Town::paired();
    town.sync_well();
    assert_eq!(
        overview(&town),
        json!({"notes": [], "meetings": [], "committees": []}),
        "nothing is no failure"
    );
    let meeting = town.meeting();
    let item = item_with_files(&town, &meeting["publicItems"]);
    let file = &item["files"][0];
    let low = highlight(&town, &file["id"], 1, 300.0, "unten");
    town.wait_a_minute();
    let high = highlight(&town, &file["id"], 1, 700.0, "oben");
    town.wait_a_minute();
    let on_item = note(&town, "agendaItem", &item["row"]["id"], "Wer zahlt?");
    town.wait_a_minute();
    let on_meeting = note(&town, "meeting", &meeting["card"]["id"], "Wer kommt?");
    let stroke: Vec<Value> = (0..2000)
        .map(|at| json!([f64::from(at) / 10.0, 100.0, 0.5]))
        .collect();
    let ink = json!({"kind": "ink", "target": {"kind": "file", "id": file["id"]}, "page": 0, "rects": [], "color": "blau",
        "widthPt": 1.5, "strokes": [stroke]});
    town.wait_a_minute();
    let ink = town.ask("mark_create", json!({ "mark": ink }));

    let all = overview(&town);
    let ids = |key: fn(&Value) -> i64| {
        let mut notes = rows(&all["notes"]).to_vec();
        notes.sort_by_key(key);
        notes
            .iter()
            .map(|row| row["id"].clone())
            .collect::<Vec<_>>()
    };
    let id = |mark: &Value| mark["id"].clone();
    assert_eq!(
        rows(&all["notes"]).iter().map(id).collect::<Vec<_>>(),
        [&ink, &on_meeting, &on_item, &high, &low].map(id),
        "changed last first"
    );
    assert_eq!(
        ids(|row| row["placeRank"].as_i64().unwrap()),
        [&on_meeting, &on_item, &ink, &high, &low].map(id),
        "the meeting, then its item, then the pages from top to bottom"
    );

    let marked = row(&all, &high);
    assert_eq!(
        (&marked["kind"], &marked["color"], &marked["page"]),
        (&json!("highlight"), &json!("gruen"), &json!(1))
    );
    assert_eq!(marked["quote"]["exact"], "oben");
    assert_eq!(
        (&marked["public"], &marked["presence"]),
        (&json!(true), &json!("here"))
    );
    let reference = item["paper"]["reference"].as_str().unwrap();
    let label = marked["label"].as_str().unwrap();
    assert!(
        label.starts_with("TOP ") && label.ends_with(reference),
        "{label}"
    );
    assert_eq!(marked.get("annex"), None, "it is the paper's main file");
    assert_eq!(marked["meetingId"], meeting["card"]["id"]);
    assert_eq!(marked["agendaItemId"], item["row"]["id"]);
    assert_eq!(row(&all, &on_item)["text"], "Wer zahlt?");
    assert_eq!(row(&all, &on_meeting).get("agendaItemId"), None);

    let sketch = &row(&all, &ink)["ink"];
    assert_eq!(sketch["size"], json!([1999, 0]));
    assert!(
        rows(&rows(&sketch["strokes"])[0]).len() < 300,
        "a list needs no 2000 points"
    );

    let [shown] = rows(&all["meetings"]) else {
        panic!("one meeting: {all}")
    };
    assert_eq!(
        (&shown["id"], &shown["name"], &shown["startAtMs"]),
        (
            &meeting["card"]["id"],
            &meeting["card"]["name"],
            &meeting["card"]["startAtMs"]
        )
    );
    let committees: Vec<&Value> = rows(&all["committees"])
        .iter()
        .map(|committee| &committee["id"])
        .collect();
    assert!(!committees.is_empty());
    assert_eq!(
        rows(&shown["committeeIds"]).iter().collect::<Vec<_>>(),
        committees
    );
}

#[test]
fn an_annex_is_told_by_its_name() {
    let town = Town::paired();
    town.sync_well();
    let listed = town.ask("meetings_list", json!({}));
    let items = rows(&listed["upcoming"])
        .iter()
        .map(|card| town.ask("meeting_open", json!({"id": card["id"]})))
        .flat_map(|meeting| rows(&meeting["publicItems"]).to_vec())
        .map(|row| town.ask("agenda_item_open", json!({"id": row["id"]})));
    let annex = items
        .filter(|item| item["paper"]["reference"].is_string())
        .flat_map(|item| rows(&item["files"]).to_vec())
        .find(|file| file["kind"] == "auxiliary")
        .expect("a paper with an annex");
    let mark = highlight(&town, &annex["id"], 0, 700.0, "Anlage");
    let all = overview(&town);
    assert_eq!(row(&all, &mark)["annex"], annex["name"]);
}

#[test]
fn what_is_gone_keeps_its_note_and_tells_no_word_of_the_document() {
    let town = Town::paired();
    town.sync_well();
    let item = nonpublic_item(&town);
    let file = &item["files"][0]["id"];
    let quoted = highlight(&town, file, 2, 700.0, "Kaufpreis");
    let own = note(&town, "agendaItem", &item["row"]["id"], "Nachfragen");
    let all = overview(&town);
    assert_eq!(
        (
            &row(&all, &quoted)["public"],
            &row(&all, &quoted)["quoteLocked"]
        ),
        (&json!(false), &json!(false))
    );
    assert_eq!(row(&all, &quoted)["quote"]["exact"], "Kaufpreis");

    let device = town.server.devices().unwrap().remove(0).id;
    town.server.revoke(&device).unwrap();
    let end = town.sync();
    assert!(
        matches!(end, DeskEvent::SyncFinished { ok: false, .. }),
        "{end:?}"
    );
    let all = overview(&town);
    let quoted = row(&all, &quoted);
    assert_eq!(
        (
            &quoted["presence"],
            &quoted["quoteLocked"],
            &quoted["public"]
        ),
        (&json!("gone"), &json!(true), &json!(false))
    );
    for told in ["quote", "label", "annex", "meetingId", "agendaItemId"] {
        assert_eq!(quoted.get(told), None, "{told} was the council's");
    }
    assert_eq!(quoted["page"], 2, "the member's own pen knows its page");
    let own = row(&all, &own);
    assert_eq!(
        (&own["text"], &own["presence"], &own["public"]),
        (&json!("Nachfragen"), &json!("gone"), &json!(false))
    );
}

#[test]
fn a_deleted_note_comes_back_also_where_its_document_is_gone() {
    let town = Town::paired();
    town.sync_well();
    let item = nonpublic_item(&town);
    let mark = highlight(&town, &item["files"][0]["id"], 0, 700.0, "Kaufpreis");
    let device = town.server.devices().unwrap().remove(0).id;
    town.server.revoke(&device).unwrap();
    town.sync();

    town.ask("mark_delete", json!({"id": mark["id"]}));
    assert!(rows(&overview(&town)["notes"]).is_empty());
    town.ask("mark_restore", json!({"id": mark["id"]}));
    assert_eq!(row(&overview(&town), &mark)["quoteLocked"], true);
    let unknown = json!({"id": "00112233445566778899aabbccddeeff"});
    assert_eq!(
        town.call("mark_restore", unknown).unwrap_err().code,
        ErrorCode::NotFound
    );
}

#[test]
fn strokes_written_in_one_go_are_one_note() {
    let town = Town::paired();
    town.sync_well();
    let item = item_with_files(&town, &town.meeting()["publicItems"]);
    let target = json!({"kind": "file", "id": item["files"][0]["id"]});
    let stroke = |page: u32, x: f64, y: f64, color: &str| {
        let points = json!([[[x, y, 0.5], [x + 10.0, y + 8.0, 0.5]]]);
        let mark = json!({"kind": "ink", "target": target, "page": page, "rects": [], "color": color, "widthPt": 1.5, "strokes": points});
        town.ask("mark_create", json!({ "mark": mark }))["id"].clone()
    };
    let word = [
        stroke(0, 50.0, 700.0, "blau"),
        stroke(0, 70.0, 700.0, "blau"),
        stroke(0, 52.0, 680.0, "blau"),
    ];
    let other_pen = stroke(0, 60.0, 690.0, "rot");
    let far_away = stroke(0, 400.0, 100.0, "blau");
    let next_page = stroke(1, 60.0, 700.0, "blau");
    town.wait_a_minute();
    let later = stroke(0, 72.0, 680.0, "blau");

    let all = overview(&town);
    let of = |id: &Value| {
        let found = rows(&all["notes"])
            .iter()
            .find(|row| rows(&row["markIds"]).contains(id));
        found.unwrap_or_else(|| panic!("{id} is in no note"))
    };
    let ids: HashSet<String> = rows(&of(&word[0])["markIds"])
        .iter()
        .map(Value::to_string)
        .collect();
    assert_eq!(ids, word.iter().map(Value::to_string).collect(), "one word");
    assert_eq!(rows(&of(&word[0])["ink"]["strokes"]).len(), 3);
    for alone in [&other_pen, &far_away, &next_page, &later] {
        assert_eq!(of(alone)["markIds"], json!([alone]));
    }
    assert_eq!(rows(&all["notes"]).len(), 5);
}
