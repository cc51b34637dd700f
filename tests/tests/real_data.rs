//! Real council data where it lies beside the checkout (`shared`, or the folder that `RATSMAPPE_SHARED` names); it is no
//! part of it. Without it these stories say so in one line and check the generated town only.

use std::fs;
use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use council_server::oparl::OparlRequest;
use serde_json::{Value, json};
use stories::app::{App, text};
use stories::process::Kept;
use stories::tablet::PASSPHRASE;
use stories::town::Town;

fn shared() -> Option<PathBuf> {
    let beside = || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared");
    let folder = std::env::var_os("RATSMAPPE_SHARED").map_or_else(beside, PathBuf::from);
    let is_there = folder.join("data/pdf/erlangen").is_dir();
    if !is_there {
        println!("no real data beside the checkout: only the generated town is checked");
    }
    is_there.then_some(folder)
}

/// The recorded municipality on loopback, and the address of its OParl system.
fn replay(shared: &Path) -> (Kept, String) {
    let port = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let mut child = Kept::start(
        Command::new("python3")
            .arg(shared.join("tools/oparl_replay.py"))
            .arg("--crawl")
            .arg(shared.join("data/oparl/sdnet-1.0-huertgenwald"))
            .arg("--pdfs")
            .arg(shared.join("data/pdf/erlangen"))
            .args(["--port", &port.to_string()])
            .stdout(Stdio::piped())
            .stderr(Stdio::null()),
    )
    .unwrap();
    let mut address = String::new();
    BufReader::new(child.child().stdout.take().unwrap())
        .read_line(&mut address)
        .unwrap();
    (child, address.trim().to_owned())
}

/// The first minutes among past meetings, and else any file; with its meeting's name.
fn minutes(app: &App) -> Option<String> {
    let list = app.ask("meetings_list", json!({}));
    let cards = list["past"]
        .as_array()
        .unwrap()
        .iter()
        .chain(list["upcoming"].as_array().unwrap());
    cards.into_iter().find_map(|card| {
        let meeting = app.ask("meeting_open", json!({"id": card["id"]}));
        let found = meeting["files"]
            .as_array()
            .unwrap()
            .iter()
            .find(|file| file["kind"] == "minutes" && file["present"] == true);
        found.map(|file| text(&file["id"]))
    })
}

#[test]
fn a_real_year_is_imported_read_offline_and_marked() {
    let begun = Instant::now();
    let mut town = Town::small();
    let shared = shared();
    if let Some(shared) = &shared {
        let (process, address) = replay(shared);
        let day = |text: &str| text.parse().unwrap();
        let mut request = OparlRequest::new(address, day("2019-01-01"), day("2019-12-31"));
        request.retry_pause_ms = 0;
        request.request_interval_ms = 0;
        request.public_only = true;
        let outcome = town.server.import_oparl(&request, &|_| {}).unwrap();
        process.end().unwrap();
        println!(
            "imported {} objects and {} files, {} problems, {:.1} s",
            outcome.added,
            outcome.files_sealed,
            outcome.problems.len(),
            begun.elapsed().as_secs_f32()
        );
        assert!(
            outcome.files_sealed > 10,
            "a year has files: {:?}",
            outcome.problems
        );
    }
    let mut app = App::with_vault(&town);
    app.join(&town, "ada");
    town.power_cut();

    let file = match shared {
        Some(_) => minutes(&app).expect("a year has minutes"),
        None => {
            text(&app.item("18. Sitzung des Stadtrats", "Verkauf Teichgasse")["files"][0]["id"])
        }
    };
    let opened = app.ask("document_open", json!({"fileId": file}));
    let doc = text(&opened["doc"]);
    assert!(
        app.page_image(&doc, 0).starts_with(b"\x89PNG"),
        "the first page is drawn"
    );
    let words = app.ask("page_text", json!({"doc": doc, "page": 0}));
    let line = words["lines"]
        .as_array()
        .unwrap()
        .iter()
        .find(|line| line["end"].as_u64() > line["start"].as_u64());
    let rect = line.map_or(json!([70.0, 700.0, 200.0, 720.0]), |line| {
        words["boxes"][usize::try_from(line["start"].as_u64().unwrap()).unwrap()].clone()
    });
    app.call(
        "mark_create",
        json!({"mark": {"kind": "highlight", "target": {"kind": "file", "id": file}, "page": 0, "rects": [rect],
            "color": "gruen", "text": "hier"}}),
    );

    let app = app.restarted(&town);
    app.call("vault_unlock", json!({"passphrase": PASSPHRASE}));
    let opened = app.ask("document_open", json!({"fileId": file}));
    let marks = app.ask("marks_page", json!({"fileId": file, "pages": [0]}));
    assert_eq!(
        marks[0]["text"], "hier",
        "the highlight is there after the restart"
    );
    assert!(
        app.page_image(&text(&opened["doc"]), 0)
            .starts_with(b"\x89PNG")
    );
    println!(
        "paired, synced, read offline, marked, restarted, {:.1} s",
        begun.elapsed().as_secs_f32()
    );
}

fn pdfs_below(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(pdfs_below(&path));
        } else if path
            .extension()
            .is_some_and(|kind| kind.eq_ignore_ascii_case("pdf"))
        {
            found.push(path);
        }
    }
    found.sort();
    found
}

#[test]
fn every_real_council_paper_goes_the_whole_way_and_opens() {
    let begun = Instant::now();
    let town = Town::small();
    let mut count = 0;
    if let Some(shared) = shared() {
        let meeting = town.intake.dir.join("meetings/rat-18");
        let mut toml = fs::read_to_string(meeting.join("meeting.toml")).unwrap();
        for (number, path) in pdfs_below(&shared.join("data/pdf/erlangen"))
            .iter()
            .enumerate()
        {
            fs::copy(path, meeting.join(format!("Echt-{number}.pdf"))).unwrap();
            toml.push_str(&format!(
                "\n[[paper]]\nreference = \"2020/{number}\"\nname = \"Echte Vorlage {number}\"\nmain = \"Echt-{number}.pdf\"\n\
                 public = {}\n",
                number % 2 == 0
            ));
            let item = format!(
                "\n[[item]]\nname = \"Echte Vorlage {number}\"\npaper = \"2020/{number}\"\npublic = {}\n",
                number % 2 == 0
            );
            toml.push_str(&item);
            count += 1;
        }
        fs::write(meeting.join("meeting.toml"), toml).unwrap();
        let outcome = town.server.import_folder(&town.intake.dir).unwrap();
        assert_eq!(outcome.problems, Vec::<String>::new());
        assert!(count >= 60, "{count} real papers");
    }
    let mut app = App::with_vault(&town);
    app.join(&town, "ada");
    let list = app.meeting("18. Sitzung des Stadtrats");
    assert_eq!(list["fileCount"], list["filesPresent"]);
    let meeting = app.ask("meeting_open", json!({"id": list["id"]}));
    let rows: Vec<&Value> = ["publicItems", "nonpublicItems"]
        .iter()
        .flat_map(|part| meeting[*part].as_array().unwrap())
        .collect();
    assert_eq!(rows.len(), 3 + count);
    let mut pages = 0;
    for row in rows {
        let item = app.ask("agenda_item_open", json!({"id": row["id"]}));
        let opened = app.ask("document_open", json!({"fileId": item["files"][0]["id"]}));
        let doc = text(&opened["doc"]);
        pages += opened["pages"].as_array().unwrap().len();
        assert!(
            app.page_image(&doc, 0).starts_with(b"\x89PNG"),
            "{} shows its first page",
            row["name"]
        );
        app.call("document_close", json!({"doc": doc}));
    }
    println!(
        "{count} real papers of {pages} pages open, {:.1} s",
        begun.elapsed().as_secs_f32()
    );
}
