//! Outline and links of a real paper, and the one way out: what the member agreed to is what is opened, nothing else.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests fail by panicking"
)]

mod common;

use std::sync::atomic::Ordering;

use common::{Town, rows};
use desk::ErrorCode;
use serde_json::{Value, json};

const WEB: &str = "https://www.lindenau-saale.example/gerberei";

/// The paper about the development plan, opened. Result: its handle.
fn open_plan(town: &Town) -> String {
    let meeting = town.meeting();
    let row = rows(&meeting["publicItems"])
        .iter()
        .find(|row| row["paperReference"] == "2026/184")
        .expect("the development plan is on the agenda");
    let item = town.ask("agenda_item_open", json!({"id": row["id"]}));
    let main = rows(&item["files"])
        .iter()
        .find(|file| file["kind"] == "main")
        .unwrap();
    let opened = town.ask("document_open", json!({"fileId": main["id"]}));
    opened["doc"].as_str().unwrap().to_owned()
}

fn find<'a>(links: &'a Value, kind: &str) -> (usize, &'a Value) {
    rows(&links["links"])
        .iter()
        .enumerate()
        .find(|(_, link)| link["target"]["kind"] == kind)
        .unwrap_or_else(|| panic!("a link of the kind {kind}"))
}

#[test]
fn a_paper_has_an_outline_and_links_and_only_its_own_addresses_open() {
    let town = Town::paired();
    town.sync_well();
    let doc = open_plan(&town);

    let outline = town.ask("document_outline", json!({"doc": doc}));
    let entries = rows(&outline["entries"]);
    let result = entries
        .iter()
        .find(|entry| entry["title"] == "Ergebnis der Beteiligung")
        .expect("the outline has the headings of the paper");
    assert_eq!(result["level"], 1);
    assert_eq!(outline["isCut"], false);

    let links = town.ask("page_links", json!({"doc": doc, "page": 0}));
    let (_, within) = find(&links, "page");
    assert_eq!(within["words"], "Ergebnis der Beteiligung");
    assert_eq!(
        within["target"]["page"], result["target"]["page"],
        "link and outline lead to the same heading"
    );
    let (index, web) = find(&links, "web");
    assert_eq!(web["target"]["address"], WEB);

    let ask = |request: Value| town.call("link_open", request);
    ask(json!({"doc": doc, "page": 0, "index": index, "address": WEB})).unwrap();
    assert_eq!(*town.opened.lock().unwrap(), [WEB]);
    for refused in [
        json!({"doc": doc, "page": 0, "index": index, "address": "https://evil.example/"}),
        json!({"doc": doc, "page": 0, "index": 400, "address": WEB}),
        json!({"doc": doc, "page": 1, "index": index, "address": WEB}),
        json!({"doc": doc, "index": 0, "address": WEB}),
    ] {
        let error = ask(refused.clone()).expect_err("this must not open");
        assert_eq!(error.code, ErrorCode::BadRequest, "{refused}");
    }
    town.has_browser.store(false, Ordering::Relaxed);
    let error = ask(json!({"doc": doc, "page": 0, "index": index, "address": WEB}));
    assert_eq!(
        error.expect_err("nothing opens it").code,
        ErrorCode::AddressNotOpened
    );
    assert_eq!(town.opened.lock().unwrap().len(), 1);

    town.ask("document_close", json!({"doc": doc}));
    for (name, request) in [
        ("document_outline", json!({"doc": doc})),
        ("page_links", json!({"doc": doc, "page": 0})),
    ] {
        let error = town.call(name, request).expect_err("closed");
        assert_eq!(error.code, ErrorCode::DocumentClosed, "{name}");
    }
}
