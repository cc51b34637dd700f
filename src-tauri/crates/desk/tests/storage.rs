//! What lies on the device: freed and told beforehand, kept, ruled, loaded again; and what synchronising says of itself.
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
use sync_protocol::ids::BlobId;

/// The only council's storage.
fn storage(town: &Town) -> Value {
    town.ask("storage_details", json!({}))["councils"][0].clone()
}

/// The past meeting with most files that are here.
fn past_meeting(town: &Town) -> Value {
    let council = storage(town);
    let past = rows(&council["meetings"])
        .iter()
        .filter(|row| row["coming"] == false && row["id"].is_string());
    past.max_by_key(|row| row["filesHere"].as_u64())
        .expect("a meeting that is over")
        .clone()
}

fn files_of(town: &Town, meeting: &Value) -> Vec<Value> {
    let council = town.council()["id"].clone();
    let asked = json!({"council": council, "meeting": meeting["id"]});
    rows(&town.ask("storage_files", asked)["files"]).to_vec()
}

/// All files of a meeting, each chosen by itself: then they go although another meeting has them too.
fn chosen_files(town: &Town, meeting: &Value) -> Value {
    let ids: Vec<Value> = files_of(town, meeting)
        .iter()
        .map(|file| file["id"].clone())
        .collect();
    json!({"files": ids})
}

fn state(town: &Town, meeting: &Value, file: &Value) -> Value {
    let files = files_of(town, meeting);
    let row = files.iter().find(|row| row["id"] == *file);
    row.expect("the file is listed")["state"].clone()
}

/// Synchronises and waits until everything that came is in the index.
fn sync_and_index(town: &Town) {
    let mut events = town.desk.events();
    town.sync_well();
    // The index begins before the end of a synchronisation is told.
    while town.ask("index_status", json!({}))["running"] == true {
        while !matches!(
            events.blocking_recv().expect("the index tells its end"),
            DeskEvent::IndexProgress { running: false, .. }
        ) {}
    }
}

/// The longest word on the first page of a file.
fn word_of(town: &Town, file: &Value) -> String {
    let doc = town.ask("document_open", json!({"fileId": file}))["doc"].clone();
    let page = town.ask("page_text", json!({"doc": doc, "page": 0}));
    town.ask("document_close", json!({"doc": doc}));
    let chars = page["chars"].as_str().unwrap();
    let words = chars.split(|letter: char| !letter.is_alphabetic());
    words
        .max_by_key(|word| word.chars().count())
        .unwrap()
        .to_owned()
}

#[test]
fn a_meeting_is_freed_as_told_stays_away_is_found_and_comes_back() {
    let town = Town::paired();
    sync_and_index(&town);
    let before = storage(&town);
    let meeting = past_meeting(&town);
    let whole = town.ask("storage_preview", json!({"meetings": [meeting["id"]]}));
    assert_eq!(
        whole["files"].as_u64().unwrap() + whole["needed"].as_u64().unwrap(),
        meeting["filesHere"].as_u64().unwrap()
    );
    assert!(
        whole["needed"].as_u64() > Some(0),
        "the coming meeting has the minutes on its agenda"
    );
    let chosen = chosen_files(&town, &meeting);
    let told = town.ask("storage_preview", chosen.clone());
    assert!(told["files"].as_u64() > Some(0) && told["bytes"].as_u64() > Some(0));
    assert_eq!(storage(&town), before, "a preview changes nothing");

    let word = word_of(&town, &chosen["files"][0]);
    let freed = town.ask("storage_free", chosen.clone());
    assert_eq!(
        (&freed["files"], &freed["bytes"]),
        (&told["files"], &told["bytes"])
    );
    let mut ids = rows(&freed["fileIds"]).to_vec();
    ids.sort_by_key(|id| *id != chosen["files"][0]);
    assert_eq!(ids[0], chosen["files"][0]);
    let after = storage(&town);
    assert_eq!(
        after["filesHere"].as_u64().unwrap() + ids.len() as u64,
        before["filesHere"].as_u64().unwrap()
    );
    let opened = town.ask("meeting_open", json!({"id": meeting["id"]}));
    assert!(
        !rows(&opened["publicItems"]).is_empty(),
        "titles and agenda stay"
    );
    let error = town
        .call("document_open", json!({"fileId": ids[0]}))
        .unwrap_err();
    assert_eq!(error.code, ErrorCode::FileNotHere);

    sync_and_index(&town);
    assert_eq!(
        storage(&town),
        after,
        "the next synchronisation leaves it away"
    );
    let found = || {
        let asked = json!({"text": word, "typing": false, "kinds": ["file"]});
        let hits = town.ask("search", asked)["hits"].clone();
        let hit = rows(&hits).iter().find(|hit| hit["fileId"] == ids[0]);
        let hit = hit.expect("its text is still found").clone();
        (hit["isAway"].clone(), rows(&hit["pages"]).is_empty())
    };
    assert_eq!(
        found(),
        (json!(true), false),
        "found on its page, and said to be away"
    );

    let fetched = town.ask("file_fetch", json!({"files": [ids[0]]}));
    assert_eq!(
        (&fetched["files"], &fetched["failed"]),
        (&json!(1), &json!(0))
    );
    assert_eq!(state(&town, &meeting, &ids[0]), "here");
    assert_eq!(found().0, false);
    town.ask("document_open", json!({"fileId": ids[0]}));
    town.ask("file_fetch", json!({"files": ids}));
    assert_eq!(storage(&town), before, "undone as a whole");
}

#[test]
fn without_a_network_a_freed_file_is_wished_and_comes_with_the_next_synchronisation() {
    let mut town = Town::paired();
    town.sync_well();
    let meeting = past_meeting(&town);
    let chosen = chosen_files(&town, &meeting);
    // What is freed has twins of other meetings too; this one is the meeting's own.
    let file = &chosen["files"][0];
    town.ask("storage_free", chosen.clone());
    assert_eq!(state(&town, &meeting, file), "freed");
    let handle = town.handle.take().unwrap();
    let address = handle.url().replace("https://", "").parse().unwrap();
    handle.shutdown();
    let error = town
        .call("file_fetch", json!({"files": [file]}))
        .unwrap_err();
    assert_eq!(error.code, ErrorCode::Offline);
    assert_eq!(state(&town, &meeting, file), "awaited", "wanted again");
    town.handle = Some(town.server.serve(address).unwrap());
    town.sync_well();
    assert_eq!(state(&town, &meeting, file), "here");
}

#[test]
fn what_is_kept_or_needed_stays_and_the_rule_spares_what_is_marked() {
    let town = Town::paired();
    town.sync_well();
    let all = json!({"beforeMs": 4_000_000_000_000_i64});
    let told = town.ask("storage_preview", all.clone());
    assert_eq!(told["coming"], 0, "no date reaches a coming meeting");
    let meeting = past_meeting(&town);
    let files = files_of(&town, &meeting);
    let kept = &files[0]["id"];
    town.ask("storage_keep", json!({"files": [kept], "kept": true}));

    // A mark on another file of a meeting that is over.
    let marked = files
        .iter()
        .map(|row| &row["id"])
        .find(|id| *id != kept)
        .expect("a second file");
    town.ask(
        "mark_create",
        json!({"mark": {"kind": "note", "target": {"kind": "file", "id": marked}, "page": 0, "rects": [[50.0, 700.0, 60.0, 710.0]], "text": "prüfen"}}),
    );
    // Two years on everything of today is old.
    let years_ms = 3 * 366 * 24 * 3_600_000_i64;
    let later = town
        .now_ms
        .fetch_add(years_ms, std::sync::atomic::Ordering::Relaxed)
        + years_ms;
    town.server_clock.set(later);
    town.sync_well();
    assert_eq!(
        (state(&town, &meeting, kept), state(&town, &meeting, marked)),
        (json!("here"), json!("here")),
        "no rule, nothing goes"
    );
    let less = town.ask("storage_preview", all);
    assert_eq!(
        (&less["kept"], &less["needed"]),
        (&json!(1), &json!(0)),
        "all of it is over"
    );
    assert!(less["files"].as_u64() > Some(0));
    let rule = |with_marked: bool| json!({"months": 24, "withMarked": with_marked});
    let told = town.ask("storage_rule_preview", rule(false));
    let freed = town.ask("storage_rule_set", rule(false));
    assert!(told["files"].as_u64() > Some(0));
    assert_eq!(
        (&freed["files"], &freed["bytes"]),
        (&told["files"], &told["bytes"])
    );
    assert_eq!(
        (state(&town, &meeting, kept), state(&town, &meeting, marked)),
        (json!("here"), json!("here"))
    );
    town.ask("storage_rule_set", rule(true));
    assert_eq!(
        (state(&town, &meeting, kept), state(&town, &meeting, marked)),
        (json!("here"), json!("freed"))
    );
    // Asked for, it stays although the rule is on.
    town.ask("file_fetch", json!({"files": [marked]}));
    town.sync_well();
    assert_eq!(state(&town, &meeting, marked), "here");
    assert_eq!(
        town.call(
            "storage_rule_set",
            json!({"months": 1, "withMarked": false})
        )
        .unwrap_err()
        .code,
        ErrorCode::BadRequest
    );
    town.ask("storage_rule_set", json!({"withMarked": false}));
    town.sync_well();
    let council = storage(&town);
    let away = rows(&council["meetings"])
        .iter()
        .filter(|row| row["filesHere"] != row["fileCount"])
        .count();
    assert_eq!(away, 0, "without the rule everything comes again");
}

// Shows: O.Ntwk_8
#[test]
fn synchronising_tells_how_it_went_and_what_is_missing() {
    let mut town = Town::paired();
    let details = |town: &Town| town.ask("sync_details", json!({}))["councils"][0].clone();
    let fresh = details(&town);
    assert_eq!(
        (rows(&fresh["runs"]).len(), fresh.get("lastSuccessAtMs")),
        (0, None)
    );
    town.sync_well();
    let good = details(&town);
    assert_eq!(rows(&good["runs"]).len(), 1);
    assert_eq!(good["runs"][0].get("error"), None);
    assert!(good["runs"][0]["filesFetched"].as_u64() > Some(0));
    assert_eq!(
        (&good["missingFiles"], &good["confirmed"]),
        (&json!(0), &json!(true))
    );
    assert!(good["host"].as_str().unwrap().starts_with("127.0.0.1"));
    assert!(!rows(&good["receipts"]).is_empty());
    assert!(
        good["nonpublicUntilMs"].as_i64() > good["lastSuccessAtMs"].as_i64(),
        "what is not public may be read for a while"
    );

    // A file of a coming meeting is lost on disk, and the server has it damaged.
    let meeting = town.meeting();
    let item = item_with_files(&town, &meeting["publicItems"]);
    let file = &item["files"][0]["id"];
    let before = blobs(&town);
    town.ask("storage_free", json!({"files": [file]}));
    assert_eq!(details(&town)["freedFiles"], 1, "freed is not missing");
    let gone: Vec<BlobId> = before.difference(&blobs(&town)).copied().collect();
    assert_eq!(gone.len(), 1);
    town.server.faults().damage_blob(gone[0], 40);
    let fetched = town.ask("file_fetch", json!({"files": [file]}));
    assert_eq!(
        (&fetched["files"], &fetched["failed"]),
        (&json!(0), &json!(1))
    );
    town.sync_well();
    let lacking = details(&town);
    assert_eq!(lacking["missingFiles"], 1);
    assert_eq!(lacking["runs"][0]["filesFailed"], 1);
    let missing = &lacking["missing"][0];
    assert_eq!(
        (
            &missing["meetingId"],
            &missing["files"][0]["id"],
            &missing["files"][0]["reason"]
        ),
        (&meeting["card"]["id"], file, &json!("damaged"))
    );

    town.handle.take().unwrap().shutdown();
    town.sync();
    let offline = details(&town);
    assert_eq!(offline["runs"][0]["error"]["code"], "offline");
    assert!(
        offline["runs"][0]["error"]["message"]
            .as_str()
            .unwrap()
            .contains("erreichbar")
    );
    assert_eq!(offline["lastSuccessAtMs"], lacking["lastSuccessAtMs"]);
    assert_eq!(
        offline["missing"][0]["files"][0]["reason"], "damaged",
        "a run without a network knows no better"
    );
}

/// The blobs that are whole on the tablet.
fn blobs(town: &Town) -> HashSet<BlobId> {
    let folder = town.dir.path().join("tablet/councils");
    let council = town.council()["id"].as_str().unwrap().to_owned();
    let shelves = std::fs::read_dir(folder.join(council).join("blobs")).unwrap();
    shelves
        .flat_map(|shelf| std::fs::read_dir(shelf.unwrap().path()).unwrap())
        .filter_map(|file| file.unwrap().file_name().to_str()?.parse().ok())
        .collect()
}
