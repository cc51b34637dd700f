//! The way of a document: from the office's folder to a mark on its page, with the server gone, and into new revisions.

use serde_json::{Value, json};
use stories::app::{App, text};
use stories::tablet::Tablet;
use stories::town::{DAY_MS, START_AT_MS, Town};

const COUNCIL: &str = "18. Sitzung des Stadtrats";
const FIRE_STATION: &str = "Neubau der Feuerwache";
const SALE: &str = "Verkauf Teichgasse";

/// Four corners of a mark, the same to half a hundredth of a point.
fn same_place(rects: &Value, expected: [f64; 4]) -> bool {
    let found = rects[0].as_array().unwrap();
    found
        .iter()
        .zip(expected)
        .all(|(edge, wanted)| (edge.as_f64().unwrap() - wanted).abs() < 0.005)
}

#[test]
fn the_whole_way_of_one_document() {
    let mut town = Town::small();
    let mut app = App::new(&town);
    assert_eq!(app.ask("app_status", json!({}))["vault"], "empty");
    let made = app.ask(
        "vault_create",
        json!({"passphrase": "Laterne Wacholder Mühle Kastanie Brücke Orgel"}),
    );

    // The letter from the office; the four words told over the telephone.
    app.join(&town, "ada");
    let status = app.ask("app_status", json!({}));
    assert_eq!(status["councils"][0]["personName"], "Ada Lenz");
    assert_eq!(status["councils"][0]["confirmed"], true);

    // From here on there is no network.
    town.power_cut();
    assert_eq!(app.sync(), Err("offline".to_owned()));
    let meeting = app.meeting(COUNCIL);
    assert_eq!(
        meeting["fileCount"], meeting["filesPresent"],
        "everything of the meeting lies here"
    );
    let item = app.item(COUNCIL, SALE);
    assert_eq!(item["row"]["public"], false);
    let file = text(&item["files"][0]["id"]);

    let opened = app.ask("document_open", json!({"fileId": file}));
    let doc = text(&opened["doc"]);
    assert_eq!(opened["pages"].as_array().unwrap().len(), 2);
    assert!(
        app.page_image(&doc, 0).starts_with(b"\x89PNG"),
        "the page is drawn"
    );
    let words = app.ask("page_text", json!({"doc": doc, "page": 0}));
    assert!(
        text(&words["chars"]).contains("GEHEIM-Teichgasse"),
        "the page says what the office wrote"
    );

    // Marked on the words themselves.
    let first: Vec<f64> = words["boxes"][0]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(Value::as_f64)
        .collect();
    let rect = [first[0], first[1], first[2] + 40.0, first[3]];
    app.call(
        "mark_create",
        json!({"mark": {"kind": "highlight", "target": {"kind": "file", "id": file}, "page": 0, "rects": [rect],
            "color": "gelb", "quote": {"exact": "GEHEIM-Teichgasse", "prefix": "", "suffix": ""}}}),
    );
    app.call(
        "mark_create",
        json!({"mark": {"kind": "note", "target": {"kind": "file", "id": file}, "page": 1, "rects": [],
            "text": "Wer hat den Preis ermittelt?"}}),
    );
    app.call(
        "place_set",
        json!({"fileId": file, "page": 1, "offset": 0.25, "zoom": 1.5}),
    );

    // The app is closed and opened again, still without a network, by the recovery code.
    let app = app.restarted(&town);
    assert_eq!(
        app.refused("document_open", json!({"fileId": file})),
        "locked"
    );
    app.call(
        "vault_unlock_recovery",
        json!({"code": made["recoveryCode"]}),
    );
    let opened = app.ask("document_open", json!({"fileId": file}));
    assert_eq!(
        (&opened["lastPage"], &opened["lastOffset"]),
        (&json!(1), &json!(0.25)),
        "it opens where reading ended"
    );
    let marks = app.ask("marks_page", json!({"fileId": file, "pages": [0, 1]}));
    let marks = marks.as_array().unwrap();
    let highlight = marks
        .iter()
        .find(|mark| mark["kind"] == "highlight")
        .unwrap();
    assert!(
        same_place(&highlight["rects"], rect),
        "the highlight is where it was: {highlight}"
    );
    assert_eq!(highlight["quote"]["exact"], "GEHEIM-Teichgasse");
    assert!(
        marks
            .iter()
            .any(|mark| mark["text"] == "Wer hat den Preis ermittelt?")
    );
    assert!(
        app.page_image(&text(&opened["doc"]), 1)
            .starts_with(b"\x89PNG"),
        "and the page is drawn again"
    );
}

#[test]
fn a_new_revision_replaces_the_file_and_the_marks_stay() {
    let mut town = Town::small();
    let mut app = App::with_vault(&town);
    app.join(&town, "ada");
    let before = app.item(COUNCIL, FIRE_STATION);
    let file = text(&before["files"][0]["id"]);
    let opened = app.ask("document_open", json!({"fileId": file}));
    app.call(
        "mark_create",
        json!({"mark": {"kind": "note", "target": {"kind": "file", "id": file}, "page": 0, "rects": [], "text": "Kosten?"}}),
    );
    app.call("document_close", json!({"doc": opened["doc"]}));

    town.intake.matter("2026/184").secret = "Feuerwache Sued".to_owned();
    town.pass(DAY_MS);
    town.publish();
    app.sync().unwrap();

    let after = app.item(COUNCIL, FIRE_STATION);
    assert_eq!(
        after["files"][0]["id"],
        json!(file),
        "the file keeps its id"
    );
    assert_eq!(after["files"][0]["revision"], 2);
    assert_eq!(after["row"]["badge"], "changed");
    let opened = app.ask("document_open", json!({"fileId": file}));
    let words = app.ask("page_text", json!({"doc": opened["doc"], "page": 0}));
    assert!(
        text(&words["chars"]).contains("Feuerwache Sued"),
        "what opens is the new revision"
    );
    let marks = app.ask("marks_page", json!({"fileId": file, "pages": [0]}));
    assert_eq!(marks, json!([]), "it does not stand where it may be wrong");
    let moved = app.ask("marks_transfer", json!({"fileId": file}));
    assert_eq!(
        moved["behind"][0]["mark"]["text"], "Kosten?",
        "the note on the first revision is not lost"
    );
}

#[test]
fn what_was_read_before_the_office_revoked_the_device_is_closed_and_the_notes_stay() {
    let town = Town::small();
    let mut app = App::with_vault(&town);
    app.join(&town, "ada");
    let file = text(&app.item(COUNCIL, SALE)["files"][0]["id"]);
    app.call(
        "mark_create",
        json!({"mark": {"kind": "highlight", "target": {"kind": "file", "id": file}, "page": 0,
            "rects": [[70.0, 715.0, 200.0, 735.0]], "color": "rosa", "text": "eigene Worte",
            "quote": {"exact": "GEHEIM-Teichgasse", "prefix": "", "suffix": ""}}}),
    );
    let opened = app.ask("document_open", json!({"fileId": file}));
    let doc = text(&opened["doc"]);
    assert!(app.page_image(&doc, 0).starts_with(b"\x89PNG"));

    let device = town.server.devices().unwrap()[0].id;
    town.server.revoke(&device).unwrap();
    assert_eq!(app.sync(), Err("device_revoked".to_owned()));

    assert_eq!(
        app.refused("page_text", json!({"doc": doc, "page": 0})),
        "document_closed",
        "the open page closes"
    );
    assert_eq!(
        app.refused("document_open", json!({"fileId": file})),
        "not_found"
    );
    let marks = app.ask("marks_list", json!({"scope": {"kind": "all"}}));
    assert_eq!(
        marks[0]["text"], "eigene Worte",
        "a note's own words always stay"
    );
    assert_eq!(
        (&marks[0]["quoteLocked"], marks[0].get("quote")),
        (&json!(true), None),
        "its quotation went with the key"
    );
    assert_eq!(
        app.ask("app_status", json!({}))["councils"][0]["revoked"],
        true
    );
    let public = text(&app.item(COUNCIL, FIRE_STATION)["files"][0]["id"]);
    app.call("document_open", json!({"fileId": public}));
}

#[test]
fn a_receipt_says_that_the_invitation_has_arrived_and_the_member_sees_it() {
    let mut town = Town::small();
    let mut app = App::with_vault(&town);
    town.pass(1_000);
    app.join(&town, "ada");
    let receipts = app.ask("sync_status", json!({}))["receipts"].clone();
    assert_eq!(
        receipts.as_array().unwrap().len(),
        3,
        "one for each meeting's invitation"
    );
    assert!(
        receipts
            .as_array()
            .unwrap()
            .iter()
            .all(|one| one["serverAtMs"] == json!(START_AT_MS + 1_000))
    );
    assert_eq!(
        town.server.receipts().unwrap().len(),
        3,
        "the office has the same"
    );

    // A new revision of one invitation; nobody has opened anything.
    town.intake.sittings[0].invitation_revision = 2;
    town.pass(1_000);
    town.publish();
    app.sync().unwrap();
    let at_office = town.server.receipts().unwrap();
    let second: Vec<_> = at_office
        .iter()
        .filter(|one| one.invitation_revision == 2)
        .collect();
    assert_eq!(
        (at_office.len(), second.len()),
        (4, 1),
        "one more, for the new revision"
    );
    assert_eq!(second[0].server_at_ms, START_AT_MS + 2_000);
    let detail = app.ask("meeting_open", json!({"id": app.meeting(COUNCIL)["id"]}));
    assert_eq!(
        detail["receipt"]["serverAtMs"],
        json!(START_AT_MS + 2_000),
        "the newest one stands at the meeting"
    );
}

#[test]
fn nothing_new_costs_one_small_request_however_much_lies_here() {
    let mut town = Town::small();
    let tablet = Tablet::synced(&town, "ada");
    let small = tablet.sync().unwrap();
    for number in 0..300 {
        let key = format!("rat-alt-{number}");
        let mut sitting = town.intake.sittings[0].clone();
        (sitting.key, sitting.name) = (key.clone(), format!("Sitzung {number}"));
        sitting.start = format!(
            "2025-{:02}-{:02}T17:00:00+01:00",
            number % 12 + 1,
            number % 28 + 1
        );
        town.intake.sittings.push(sitting);
        let mut matter = town.intake.matters[number % 2].clone();
        (matter.meeting, matter.reference) = (key, format!("2025/{number}"));
        town.intake.matters.push(matter);
    }
    town.publish();
    tablet.sync().unwrap();
    let objects = tablet.store().storage_usage().unwrap().objects;
    assert!(objects > 1_500, "{objects} objects are many");
    let large = tablet.sync().unwrap();
    assert_eq!((small.requests, large.requests), (1, 1));
    assert!(large.body_bytes <= 1024, "{} bytes", large.body_bytes);
    assert!(
        large.body_bytes.abs_diff(small.body_bytes) <= 16,
        "numbers grow, nothing else does"
    );
}
