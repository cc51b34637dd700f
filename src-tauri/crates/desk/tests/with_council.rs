//! The commands against a real council: the demonstration, served in process, paired, synchronised, read, written.
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

use common::{PASSPHRASE, Town, item_with_files, rows, today};
use desk::{DeskEvent, ErrorCode};
use serde_json::{Value, json};

#[test]
fn from_the_letter_to_the_first_page() {
    let town = Town::paired();
    assert_eq!(town.council()["standText"], "–");
    town.sync_well();
    let council = town.council();
    assert_eq!(
        (&council["confirmed"], council.get("confirmWords")),
        (&json!(true), None)
    );

    let today = town.ask("today", json!({}));
    assert_eq!(
        rows(&today["newItems"]),
        &[] as &[Value],
        "the first synchronisation is no news"
    );
    let meeting = town.meeting();
    let card = &meeting["card"];
    assert_eq!(card["isMine"], true);
    assert_eq!(
        card["fileCount"], card["filesPresent"],
        "everything is prefetched"
    );
    assert!(card["pageCount"].as_u64() > Some(0));
    assert!(
        meeting["receipt"]["serverAtMs"].is_i64(),
        "the delivery is receipted"
    );
    assert!(
        rows(&meeting["publicItems"])
            .iter()
            .all(|row| row["public"] == true)
    );
    let listed = town.ask("meetings_list", json!({}));
    assert!(!rows(&listed["upcoming"]).is_empty() && !rows(&listed["past"]).is_empty());

    let item = item_with_files(&town, &meeting["publicItems"]);
    assert!(
        rows(&item["consultations"])
            .iter()
            .any(|station| station["state"] == "here")
    );
    let opened = town.ask("document_open", json!({"fileId": item["files"][0]["id"]}));
    assert_eq!(
        rows(&opened["pages"]).len() as u64,
        item["files"][0]["pageCount"].as_u64().unwrap()
    );
    let doc = opened["doc"].as_str().unwrap();
    let image = town.desk.page_image(&format!("/{doc}/0"), "s=1&t=1");
    assert_eq!(
        (image.status, image.content_type, image.body.get(1..4)),
        (200, "image/png", Some(&b"PNG"[..]))
    );
    let text = town.ask("page_text", json!({"doc": doc, "page": 0}));
    let chars = text["chars"].as_str().unwrap();
    assert_eq!(
        chars.chars().count(),
        rows(&text["boxes"]).len(),
        "a box for every character"
    );
    assert!(chars.contains("Lindenau"));

    assert_eq!(
        town.desk.page_image(&format!("/{doc}/99999"), "s=1").status,
        404
    );
    town.ask("document_close", json!({"doc": doc}));
    assert_eq!(
        town.desk.page_image(&format!("/{doc}/0"), "s=1").status,
        404,
        "closed"
    );
}

#[test]
fn more_documents_than_the_reader_keeps_stay_usable() {
    let town = Town::paired();
    town.sync_well();
    let meeting = town.meeting();
    let item = item_with_files(&town, &meeting["publicItems"]);
    let open =
        || town.ask("document_open", json!({"fileId": item["files"][0]["id"]}))["doc"].clone();
    let docs: Vec<Value> = (0..12).map(|_| open()).collect();
    for doc in &docs {
        town.ask("page_text", json!({"doc": doc, "page": 0}));
    }
}

#[test]
fn marks_places_and_tallies_stay_with_the_member() {
    let town = Town::paired();
    town.sync_well();
    let meeting = town.meeting();
    let item = item_with_files(&town, &meeting["publicItems"]);
    let (item_id, file_id) = (&item["row"]["id"], &item["files"][0]["id"]);
    let on_file = json!({"kind": "file", "id": file_id});
    let highlight = town.ask(
        "mark_create",
        json!({"mark": {"kind": "highlight", "target": on_file, "page": 0, "rects": [[50.0, 700.0, 200.0, 712.0]],
            "color": "gelb", "quote": {"exact": "Vorlage", "prefix": "", "suffix": ""}}}),
    );
    assert_eq!(
        (&highlight["public"], &highlight["quote"]["exact"]),
        (&json!(true), &json!("Vorlage"))
    );
    assert_eq!(
        highlight["agendaItemId"], *item_id,
        "a mark knows where it belongs"
    );
    let note = town.ask(
        "mark_create",
        json!({"mark": {"kind": "note", "target": {"kind": "agendaItem", "id": item_id}, "rects": [], "text": "Wer zahlt?"}}),
    );
    town.ask(
        "mark_update",
        json!({"id": note["id"], "text": "Wer zahlt das?"}),
    );
    let ink = json!({"kind": "ink", "target": on_file, "page": 1, "rects": [], "color": "blau", "widthPt": 1.5,
        "strokes": [[[10.0, 10.0, 0.5], [20.5, 20.25, 1.0]]]});
    town.ask("mark_create", json!({"mark": ink}));

    let count = || town.ask("marks_count", json!({"fileId": file_id}));
    let undone = town.ask("undo", json!({"fileId": file_id}));
    assert_eq!(
        (&undone["pages"], &undone["canRedo"], &count()),
        (
            &json!([1]),
            &json!(true),
            &json!({"total": 1, "pages": [{"page": 0, "count": 1}]})
        )
    );
    let redone = town.ask("redo", json!({"fileId": file_id}));
    assert_eq!(
        (&redone["pages"], &redone["canRedo"], &count()["total"]),
        (&json!([1]), &json!(false), &json!(2))
    );
    town.ask(
        "place_set",
        json!({"fileId": file_id, "page": 1, "offset": 0.25, "zoom": 1.5, "rotation": 3, "single": true}),
    );
    town.ask(
        "tally_set",
        json!({"agendaItemId": item_id, "value": "abstain"}),
    );

    // What a mark needs and does not have, or has and does not know, is refused and stores nothing.
    for (bad, code) in [
        (
            json!({"kind": "ink", "target": on_file, "rects": [], "color": "gelb", "widthPt": 1.0}),
            ErrorCode::BadRequest,
        ),
        (
            json!({"kind": "highlight", "target": on_file, "rects": [], "color": "lila"}),
            ErrorCode::BadRequest,
        ),
        (
            json!({"kind": "note", "target": {"kind": "file", "id": "00"}, "rects": []}),
            ErrorCode::NotFound,
        ),
    ] {
        assert_eq!(
            town.call("mark_create", json!({"mark": bad}))
                .unwrap_err()
                .code,
            code
        );
    }

    town.ask("vault_lock", json!({}));
    town.ask("vault_unlock", json!({"passphrase": PASSPHRASE}));
    let opened = town.ask("document_open", json!({"fileId": file_id}));
    assert_eq!(
        (
            &opened["lastPage"],
            &opened["lastOffset"],
            &opened["lastZoom"],
            &opened["lastRotation"],
            &opened["lastSingle"],
            &opened["canUndo"]
        ),
        (
            &json!(1),
            &json!(0.25),
            &json!(1.5),
            &json!(3),
            &json!(true),
            &json!(true)
        )
    );
    assert_eq!(
        opened.get("marks"),
        None,
        "opening costs nothing, however much is marked"
    );
    let shown = town.ask("marks_page", json!({"fileId": file_id, "pages": [0, 1]}));
    assert_eq!(rows(&shown).len(), 2);
    let item = town.ask("agenda_item_open", json!({"id": item_id}));
    assert_eq!(
        (&item["tally"], rows(&item["notes"]).len()),
        (&json!("abstain"), 3)
    );
    let count = |scope: Value| rows(&town.ask("marks_list", json!({"scope": scope}))).len();
    let meeting_id = &meeting["card"]["id"];
    assert_eq!(count(json!({"kind": "all"})), 3);
    assert_eq!(count(json!({"kind": "file", "id": file_id})), 2);
    assert_eq!(count(json!({"kind": "agendaItem", "id": item_id})), 3);
    assert_eq!(count(json!({"kind": "meeting", "id": meeting_id})), 3);

    let today = town.ask("today", json!({}));
    assert_eq!(
        (
            rows(&today["openItems"]).len(),
            &today["openItems"][0]["text"]
        ),
        (1, &json!("Wer zahlt das?"))
    );
    assert_eq!(
        (
            &today["continueReading"]["fileId"],
            &today["continueReading"]["page"]
        ),
        (file_id, &json!(1))
    );
    assert_eq!(today["nextMeeting"]["pagesRead"], 1);
    town.ask("mark_delete", json!({"id": note["id"]}));
    assert_eq!(count(json!({"kind": "all"})), 2);
}

#[test]
fn nonpublic_is_marked_and_its_quotation_is_kept_sealed() {
    let town = Town::paired();
    town.sync_well();
    let meetings = town.ask("meetings_list", json!({}));
    let all = rows(&meetings["upcoming"])
        .iter()
        .chain(rows(&meetings["past"]));
    let details: Vec<Value> = all
        .map(|card| town.ask("meeting_open", json!({"id": card["id"]})))
        .collect();
    let mut nonpublic = details
        .iter()
        .flat_map(|meeting| rows(&meeting["nonpublicItems"]));
    let row = nonpublic
        .find(|row| row["fileCount"].as_u64() > Some(0))
        .expect("a nonpublic paper");
    let item = town.ask("agenda_item_open", json!({"id": row["id"]}));
    let file = &item["files"][0];
    assert_eq!(
        (&file["public"], file["audience"].is_string()),
        (&json!(false), true)
    );
    let mark = town.ask(
        "mark_create",
        json!({"mark": {"kind": "highlight", "target": {"kind": "file", "id": file["id"]}, "page": 0,
            "rects": [[50.0, 700.0, 200.0, 712.0]], "color": "rosa",
            "quote": {"exact": "Kaufpreis", "prefix": "", "suffix": ""}}}),
    );
    assert_eq!(
        (&mark["public"], &mark["quote"]["exact"]),
        (&json!(false), &json!("Kaufpreis"))
    );

    // The office withdraws the device: the quotation is locked, the mark stays.
    let device = town.server.devices().unwrap().remove(0).id;
    town.server.revoke(&device).unwrap();
    let end = town.sync();
    let DeskEvent::SyncFinished {
        error: Some(error), ..
    } = end
    else {
        panic!("{end:?}")
    };
    assert_eq!(error.code, ErrorCode::DeviceRevoked);
    assert_eq!(town.council()["revoked"], true);
    let marks = town.ask("marks_list", json!({"scope": {"kind": "all"}}));
    assert_eq!(
        (&marks[0]["quoteLocked"], marks[0].get("quote")),
        (&json!(true), None)
    );
    assert_eq!(
        marks[0]["public"], false,
        "what is not here any more stays marked as nonpublic"
    );
    assert_eq!(
        town.call("document_open", json!({"fileId": file["id"]}))
            .unwrap_err()
            .code,
        ErrorCode::NotFound
    );
}

#[test]
fn a_later_delivery_is_news_until_it_is_looked_at() {
    let town = Town::paired();
    town.sync_well();
    town.wait_a_minute();
    let later = town.dir.path().join("later");
    demo_council::write_small_later(&later, today(), None).unwrap();
    town.server.import_folder(&later).unwrap();
    town.sync_well();

    let today = town.ask("today", json!({}));
    let news = rows(&today["newItems"]);
    assert!(
        news.iter().any(|item| item["badge"] == "late"),
        "the supplement came late"
    );
    let changed = news
        .iter()
        .find(|item| item["changeNote"].is_string())
        .expect("a revision says what changed");
    assert!(changed["fileId"].is_string());
    let meeting = town.ask("meeting_open", json!({"id": changed["meetingId"]}));
    let badge_of = |meeting: &Value, id: &Value| {
        let all = rows(&meeting["publicItems"])
            .iter()
            .chain(rows(&meeting["nonpublicItems"]));
        all.filter(|row| row["id"] == *id)
            .map(|row| row["badge"].clone())
            .next()
            .expect("the item is listed")
    };
    let id = &changed["agendaItemId"];
    assert_eq!(badge_of(&meeting, id), "changed");

    town.wait_a_minute();
    town.ask("agenda_item_open", json!({"id": id}));
    let meeting = town.ask("meeting_open", json!({"id": changed["meetingId"]}));
    assert_eq!(badge_of(&meeting, id), Value::Null, "looked at");
    let today = town.ask("today", json!({}));
    assert!(
        rows(&today["newItems"])
            .iter()
            .all(|item| item["agendaItemId"] != *id)
    );
}

#[test]
fn with_the_server_gone_everything_goes_on() {
    let mut town = Town::paired();
    town.sync_well();
    town.handle.take().unwrap().shutdown();
    let end = town.sync();
    let DeskEvent::SyncFinished {
        ok: false,
        error: Some(error),
        ..
    } = end
    else {
        panic!("{end:?}")
    };
    assert_eq!(error.code, ErrorCode::Offline);
    let status = town.ask("sync_status", json!({}));
    assert_eq!(
        (&status["offline"], &status["running"]),
        (&json!(true), &json!(false))
    );
    assert_ne!(status["standText"], "–");
    let meeting = town.meeting();
    let item = item_with_files(&town, &meeting["publicItems"]);
    town.ask("document_open", json!({"fileId": item["files"][0]["id"]}));
    assert!(
        rows(&town.ask("storage_overview", json!({}))["councils"])[0]["bytes"].as_u64() > Some(0)
    );
}

#[test]
fn a_code_works_once_and_a_wrong_one_is_told_apart() {
    let town = Town::new();
    town.ask("vault_create", json!({"passphrase": PASSPHRASE}));
    let address = town.handle.as_ref().unwrap().url();
    let invitation = town.server.invite("aldenhoff", false).unwrap();
    let code = invitation.code.to_display().as_str().to_owned();
    let pair = |address: &str, code: &str| {
        town.call("council_pair", json!({"address": address, "code": code}))
    };
    let mistyped: String = code.chars().rev().collect();
    assert_eq!(
        pair(&address, &mistyped).unwrap_err().code,
        ErrorCode::CodeInvalid
    );
    assert_eq!(
        pair("kein Server", &code).unwrap_err().code,
        ErrorCode::AddressInvalid
    );
    assert_eq!(
        pair("https://127.0.0.1:1", &code).unwrap_err().code,
        ErrorCode::Offline
    );
    pair(&address, &code).unwrap();
    assert_eq!(pair(&address, &code).unwrap_err().code, ErrorCode::CodeUsed);
    let council = town.council();
    assert_eq!(
        (&council["confirmed"], rows(&council["confirmWords"]).len()),
        (&json!(false), 4)
    );
}
