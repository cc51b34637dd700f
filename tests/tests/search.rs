//! Search on a tablet: papers, pages and own notes, found without a network and forgotten with what they stand in.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use stories::app::{App, text};
use stories::tablet::PASSPHRASE;
use stories::town::Town;

fn array(value: &Value) -> Vec<Value> {
    value.as_array().unwrap().clone()
}

fn hits(app: &App, request: Value) -> Vec<Value> {
    array(&app.ask("search", request)["hits"])
}

fn found(app: &App, typed: &str) -> Vec<Value> {
    hits(app, json!({"text": typed, "typing": true}))
}

fn nonpublic(app: &App, typed: &str) -> Vec<Value> {
    hits(
        app,
        json!({"text": typed, "typing": false, "publicity": "nonpublic"}),
    )
}

/// The words of a hit that are marked, in title and snippet.
fn marked(hit: &Value) -> Vec<String> {
    [&hit["title"], &hit["snippet"]]
        .into_iter()
        .flat_map(array)
        .filter(|piece| piece["marked"] == true)
        .map(|piece| text(&piece["text"]))
        .collect()
}

fn kinds(hits: &[Value]) -> Vec<String> {
    hits.iter().map(|hit| text(&hit["kind"])).collect()
}

fn joined(town: &Town) -> App {
    let mut app = App::with_vault(town);
    app.join(town, "ada");
    app.until_indexed();
    app
}

#[test]
fn a_paper_is_found_by_parts_forms_and_slips_of_its_words_without_a_network() {
    let mut town = Town::small();
    let app = joined(&town);
    town.power_cut();
    for typed in [
        "Feuerwache",
        "feuerw",
        "wache",
        "Feurwache",
        "NEUBAU Feuerwachen",
    ] {
        let hits = found(&app, typed);
        let words: Vec<String> = hits.iter().flat_map(marked).collect();
        assert!(
            words.iter().any(|word| word == "Feuerwache"),
            "{typed}: {words:?}"
        );
    }
    let hits = found(&app, "Feuerwache");
    let title = array(&hits[0]["title"]);
    assert!(
        title.iter().any(|piece| piece["marked"] == true),
        "what says so in its title comes first"
    );
    let file = hits.iter().find(|hit| hit["kind"] == "file").unwrap();
    assert_eq!(file["pageCount"], 3, "all its pages say it");
    assert_eq!(file["label"], "TOP 1 · 2026/184");
    assert!(
        found(&app, "Zeppelinhalle").is_empty(),
        "what stands nowhere is not found"
    );
    assert!(found(&app, "  ").is_empty());
}

#[test]
fn filters_let_through_what_they_say() {
    let town = Town::small();
    let app = joined(&town);
    let choices = app.ask("search_choices", json!({}));
    assert_eq!(choices["hasNonpublic"], true);
    assert_eq!(choices["years"], json!([2026]));
    for kind in ["file", "paper", "agendaItem"] {
        let some = hits(
            &app,
            json!({"text": "Feuerwache", "typing": false, "kinds": [kind]}),
        );
        let expected = if kind == "file" {
            "Feuerwache Nord"
        } else {
            "Neubau der Feuerwache"
        };
        assert!(!some.is_empty(), "{kind}: {expected}");
        assert!(kinds(&some).iter().all(|found| found == kind), "{kind}");
    }
    assert!(!nonpublic(&app, "Teichgasse").is_empty());
    assert!(nonpublic(&app, "Feuerwache").is_empty());
    let public = json!({"text": "Teichgasse", "typing": false, "publicity": "public"});
    assert!(hits(&app, public).is_empty());
    for (year, is_found) in [(2026, true), (2019, false)] {
        let some = hits(
            &app,
            json!({"text": "Feuerwache", "typing": false, "year": year}),
        );
        assert_eq!(!some.is_empty(), is_found, "{year}");
    }
    for organization in array(&choices["organizations"]) {
        let some = hits(
            &app,
            json!({"text": "Feuerwache", "typing": false, "organizationId": organization["id"]}),
        );
        let is_council = organization["name"] == "Stadtrat";
        assert_eq!(!some.is_empty(), is_council, "{}", organization["name"]);
        assert_eq!(organization["isMine"], is_council);
    }
}

#[test]
fn own_notes_come_first_and_a_page_says_where_its_hits_are() {
    let town = Town::small();
    let app = joined(&town);
    let hit = found(&app, "Feuerwache")
        .into_iter()
        .find(|hit| hit["kind"] == "file")
        .unwrap();
    let (file, page) = (text(&hit["fileId"]), hit["pages"][0].clone());
    app.call(
        "mark_create",
        json!({"mark": {"target": {"kind": "file", "id": file}, "kind": "note", "page": page,
            "rects": [[10.0, 10.0, 10.0, 10.0]], "text": "Den Stellplatzschlüssel für die Feuerwache klären"}}),
    );
    let notes = found(&app, "stellplatzschluessel");
    assert_eq!(kinds(&notes), ["note"]);
    assert_eq!(marked(&notes[0]), ["Stellplatzschlüssel"]);
    assert_eq!(notes[0]["fileId"], file.as_str());
    assert_eq!(found(&app, "Feuerwache")[0]["kind"], "note");

    let doc = text(&app.ask("document_open", json!({"fileId": file}))["doc"]);
    let asked = json!({"doc": doc, "text": "feuerwachen"});
    assert_eq!(app.ask("document_search", asked)["pages"], json!([0, 1, 2]));
    let ranges = app.ask(
        "page_matches",
        json!({"doc": doc, "page": page, "text": "feuerwachen"}),
    );
    assert_eq!(ranges["ranges"], json!([{"start": 0, "end": 10}]));
}

#[test]
fn a_scan_is_named_and_found_by_its_name() {
    let mut town = Town::small();
    town.intake.matter("2026/184").secret = String::new();
    town.publish();
    let app = joined(&town);
    let status = app.ask("index_status", json!({}));
    let scans = array(&status["scans"]);
    assert_eq!(scans.len(), 1, "the one paper whose pages hold no word");
    let hit = found(&app, &text(&scans[0]["name"]))
        .into_iter()
        .find(|hit| hit["fileId"] == scans[0]["fileId"])
        .unwrap_or_else(|| panic!("not found: {}", scans[0]["name"]));
    assert_eq!(hit["isScan"], true);
}

#[test]
fn a_new_version_takes_the_place_of_the_old_one() {
    let mut town = Town::small();
    let app = joined(&town);
    assert!(!found(&app, "Nord").is_empty());
    town.intake.matter("2026/184").secret = "Feuerwache Suedbahnhof".to_owned();
    town.publish();
    app.sync().unwrap();
    app.until_indexed();
    assert!(found(&app, "Nord").is_empty(), "the old words are gone");
    assert!(!found(&app, "Bahnhof").is_empty());
}

#[test]
fn what_a_revoked_tablet_must_forget_is_not_found_any_more() {
    let town = Town::small();
    let app = joined(&town);
    assert!(!nonpublic(&app, "Teichgasse").is_empty());
    let device = town.server.devices().unwrap().remove(0).id;
    town.server.revoke(&device).unwrap();
    assert!(app.sync().is_err(), "a revoked tablet is told so");
    app.until_indexed();
    assert!(nonpublic(&app, "Teichgasse").is_empty());
    assert!(found(&app, "Teichgasse").is_empty());
    assert!(
        !found(&app, "Feuerwache").is_empty(),
        "what is public stays"
    );
}

#[test]
fn after_a_restart_the_index_is_there() {
    let mut town = Town::small();
    let app = joined(&town);
    let before = app.ask("index_status", json!({}));
    town.power_cut();
    let app = app.restarted(&town);
    app.call("vault_unlock", json!({"passphrase": PASSPHRASE}));
    app.until_indexed();
    assert_eq!(app.ask("index_status", json!({})), before);
    assert!(!found(&app, "Feuerwache").is_empty());
}

#[test]
fn a_hit_leads_to_the_page_of_a_person_a_committee_or_a_paper() {
    let town = Town::small();
    let app = joined(&town);
    let id = |typed: &str, kind: &str| {
        let hits = found(&app, typed);
        let hit = hits.iter().find(|hit| hit["kind"] == kind);
        hit.unwrap_or_else(|| panic!("{typed}: no {kind} in {:?}", kinds(&hits)))["id"].clone()
    };
    let person = app.ask("person_open", json!({"id": id("Brandt", "person")}));
    assert_eq!(person["name"], "Cora Brandt");
    assert_eq!(person["seats"][0]["organizationName"], "Stadtrat");
    assert_eq!(person["seats"][0]["role"], "Vorsitzende");

    let council = app.ask(
        "organization_open",
        json!({"id": id("Stadtrat", "organization")}),
    );
    let members: Vec<String> = array(&council["members"])
        .iter()
        .map(|seat| text(&seat["personName"]))
        .collect();
    assert_eq!(
        members[..2],
        ["Cora Brandt", "Gerd Hain"],
        "those with a role first"
    );
    assert!(members.contains(&"Ada Lenz".to_owned()));
    assert!(
        !members.contains(&"Fred Alt".to_owned()),
        "his seat has ended"
    );
    assert_eq!(council["isMine"], true);
    assert_eq!(council["upcoming"][0]["name"], "18. Sitzung des Stadtrats");

    let paper = app.ask("paper_open", json!({"id": id("Feuerwache", "paper")}));
    assert_eq!(paper["reference"], "2026/184");
    assert_eq!(array(&paper["files"]).len(), 1);
    assert_eq!(
        paper["stations"][0]["meetingName"],
        "18. Sitzung des Stadtrats"
    );
    assert_eq!(app.refused("paper_open", json!({"id": "00"})), "not_found");
}

/// All files below a folder whose path holds `part`.
fn files_with(folder: &Path, part: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut left = vec![folder.to_path_buf()];
    while let Some(folder) = left.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                left.push(path);
            } else if path.to_string_lossy().contains(part) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

#[test]
fn a_file_that_the_disk_has_damaged_keeps_no_other_out_and_is_found_when_it_has_come_anew() {
    let town = Town::small();
    let app = joined(&town);
    app.call("vault_lock", json!({}));
    for index in files_with(app.folder(), "search.db") {
        fs::remove_file(index).unwrap();
    }
    let blobs = files_with(app.folder(), "blobs");
    let mut bytes = fs::read(&blobs[0]).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 0x55;
    fs::write(&blobs[0], bytes).unwrap();

    app.call("vault_unlock", json!({"passphrase": PASSPHRASE}));
    app.until_indexed();
    let status = app.ask("index_status", json!({}));
    let total = status["filesTotal"].as_u64().unwrap();
    assert_eq!(
        status["filesDone"].as_u64(),
        Some(total - 1),
        "all others are in"
    );
    assert_eq!(status["incomplete"], true, "and it is told");
    assert_eq!(
        status["failed"],
        json!([]),
        "it is not given up as unreadable"
    );

    app.sync().unwrap();
    app.until_indexed();
    let status = app.ask("index_status", json!({}));
    assert_eq!(status["filesDone"].as_u64(), Some(total));
    assert_eq!(status["incomplete"], false);
}
