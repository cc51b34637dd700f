//! Reading on: what comes before and after a file, tabs that are kept, hits counted over a document.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests fail by panicking"
)]

mod common;

use common::{PASSPHRASE, Town, rows};
use desk::ErrorCode;
use serde_json::{Value, json};

/// The files of a meeting in the order in which its view shows them: id, and the item that they stand under.
fn shown(town: &Town, meeting: &Value) -> Vec<(Value, Value)> {
    let mut files: Vec<(Value, Value)> = rows(&meeting["files"])
        .iter()
        .map(|file| (file["id"].clone(), Value::Null))
        .collect();
    for items in ["publicItems", "nonpublicItems"] {
        for row in rows(&meeting[items]) {
            let item = town.ask("agenda_item_open", json!({"id": row["id"]}));
            let (main, more): (Vec<_>, Vec<_>) = rows(&item["files"])
                .iter()
                .partition(|file| file["kind"] == "main");
            let all = main.into_iter().chain(more);
            files.extend(all.map(|file| (file["id"].clone(), row["id"].clone())));
        }
    }
    files
}

#[test]
fn a_meeting_is_read_from_file_to_file_to_its_end() {
    let town = Town::paired();
    town.sync_well();
    let meeting = town.meeting();
    let expected = shown(&town, &meeting);
    assert!(expected.len() > 4, "there is something to turn through");

    let mut walked = vec![expected[0].clone()];
    loop {
        let (file, item) = walked.last().unwrap();
        let mut request = json!({"fileId": file});
        if !item.is_null() {
            request["agendaItemId"] = item.clone();
        }
        let beside = town.ask("document_neighbours", request);
        if walked.len() > 1 {
            let before = &walked[walked.len() - 2];
            assert_eq!(
                beside["previous"]["fileId"], before.0,
                "and back the same way"
            );
        } else {
            assert_eq!(beside.get("previous"), None, "nothing before the first");
        }
        let Some(next) = beside.get("next") else {
            break;
        };
        let under = next.get("agendaItemId").cloned().unwrap_or(Value::Null);
        assert_eq!(
            next.get("item").is_some(),
            under != *item,
            "another agenda item says its name"
        );
        walked.push((next["fileId"].clone(), under));
        assert!(walked.len() <= expected.len(), "there is an end");
    }
    assert_eq!(walked, expected);

    let first = town.ask("document_neighbours", json!({"fileId": expected[0].0}));
    assert_eq!(
        first["next"]["fileId"], expected[1].0,
        "a file of the meeting itself needs no agenda item to be found"
    );
    let unknown = json!({"fileId": "00112233445566778899aabbccddeeff"});
    assert_eq!(
        town.call("document_neighbours", unknown).unwrap_err().code,
        ErrorCode::NotFound
    );
}

#[test]
fn attachments_are_counted_as_the_agenda_item_counts_them() {
    let town = Town::paired();
    town.sync_well();
    let meeting = town.meeting();
    let row = rows(&meeting["publicItems"])
        .iter()
        .find(|row| row["fileCount"].as_u64() > Some(2))
        .expect("an item with several files");
    let item = town.ask("agenda_item_open", json!({"id": row["id"]}));
    let main = rows(&item["files"])
        .iter()
        .find(|file| file["kind"] == "main")
        .unwrap();
    let beside = town.ask(
        "document_neighbours",
        json!({"fileId": main["id"], "agendaItemId": row["id"]}),
    );
    assert_eq!(
        (&beside["next"]["kind"], &beside["next"]["attachment"]),
        (&json!("auxiliary"), &json!(1))
    );
    assert_eq!(
        beside["next"].get("item"),
        None,
        "the same item needs no name"
    );
    let second = town.ask(
        "document_neighbours",
        json!({"fileId": beside["next"]["fileId"], "agendaItemId": row["id"]}),
    );
    assert_eq!(second["next"]["attachment"], json!(2));
    assert_eq!(second["previous"]["fileId"], main["id"]);
}

#[test]
fn tabs_outlive_the_lock_and_names_are_read_anew() {
    let town = Town::paired();
    town.sync_well();
    let meeting = town.meeting();
    let files: Vec<Value> = shown(&town, &meeting)
        .into_iter()
        .take(3)
        .map(|(file, _)| file)
        .collect();
    let mut asked = files.clone();
    // One that nobody may read any more.
    asked.insert(1, json!("00112233445566778899aabbccddeeff"));
    town.ask("tabs_set", json!({"fileIds": asked}));
    town.ask("vault_lock", json!({}));
    town.ask("vault_unlock", json!({"passphrase": PASSPHRASE}));
    let tabs = town.ask("tabs_list", json!({}));
    let ids: Vec<Value> = rows(&tabs)
        .iter()
        .map(|tab| tab["fileId"].clone())
        .collect();
    assert_eq!(ids, files, "in their order, without the one that is gone");
    assert!(
        rows(&tabs)
            .iter()
            .all(|tab| tab["title"].as_str().is_some_and(|title| !title.is_empty()))
    );

    for (bad, code) in [
        (json!(["nonsense"]), ErrorCode::NotFound),
        (json!(vec![&files[0]; 33]), ErrorCode::BadRequest),
    ] {
        let refused = town.call("tabs_set", json!({"fileIds": bad})).unwrap_err();
        assert_eq!(refused.code, code);
    }
    assert_eq!(
        rows(&town.ask("tabs_list", json!({}))).len(),
        3,
        "refused: nothing changed"
    );
    town.ask("tabs_set", json!({"fileIds": []}));
    assert_eq!(rows(&town.ask("tabs_list", json!({}))).len(), 0);
}

#[test]
fn hits_are_counted_page_by_page_as_they_are_marked() {
    let town = Town::paired();
    town.sync_well();
    let meeting = town.meeting();
    let (file, _) = shown(&town, &meeting).pop().unwrap();
    let opened = town.ask("document_open", json!({"fileId": file}));
    let doc = &opened["doc"];
    let pages: Vec<usize> = (0..rows(&opened["pages"]).len().min(64)).collect();
    let mut counts: Vec<Value> = Vec::new();
    while counts.len() < pages.len() {
        let counted = town.ask(
            "document_hits",
            json!({"doc": doc, "text": "und", "pages": pages[counts.len()..]}),
        );
        let some = rows(&counted["counts"]);
        assert!(!some.is_empty(), "every answer leads on");
        counts.extend_from_slice(some);
    }
    for (page, count) in pages.iter().zip(&counts) {
        let marked = town.ask(
            "page_matches",
            json!({"doc": doc, "page": page, "text": "und"}),
        );
        assert_eq!(
            count.as_u64().unwrap() as usize,
            rows(&marked["ranges"]).len()
        );
    }
    assert!(
        counts.iter().any(|count| count.as_u64() > Some(0)),
        "a German paper says “und”"
    );
    let many = json!({"doc": doc, "text": "und", "pages": vec![0; 65]});
    assert_eq!(
        town.call("document_hits", many).unwrap_err().code,
        ErrorCode::BadRequest
    );
}
