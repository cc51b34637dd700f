//! Papers with own marks leave the portfolio as files: what is in them, what never is, where they are written.
//!
//! Needs PDFium, typst and qpdf: `cargo xtask setup`.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests fail by panicking"
)]

mod common;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use common::{Town, item_with_files, rows};
use desk::{DeskEvent, ErrorCode};
use lopdf::{Document, Object};
use serde_json::{Value, json};

const OWN: &str = "Wer zahlt die Brücke – „wirklich“?";

/// A council, a file of its next meeting, and three marks on it.
struct Marked {
    town: Town,
    file: String,
    item: String,
    meeting: Value,
}

fn marked() -> Marked {
    let town = Town::paired();
    town.sync_well();
    let meeting = town.meeting();
    let item = item_with_files(&town, &meeting["publicItems"]);
    let file = rows(&item["files"])[0]["id"].as_str().unwrap().to_owned();
    let item = item["row"]["id"].as_str().unwrap().to_owned();
    let on_file = json!({"kind": "file", "id": file});
    for mark in [
        json!({"kind": "note", "target": on_file, "page": 0, "rects": [[300.0, 600.0, 310.0, 610.0]], "text": OWN}),
        json!({"kind": "highlight", "target": on_file, "page": 0, "rects": [[70.0, 500.0, 300.0, 512.0]], "color": "gelb",
               "quote": {"exact": "Haushalt", "prefix": "", "suffix": ""}}),
        json!({"kind": "ink", "target": on_file, "page": 0, "rects": [], "color": "blau", "widthPt": 1.5,
               "strokes": [[[100.0, 100.0, 0.5], [200.0, 120.0, 0.7]]]}),
        json!({"kind": "note", "target": {"kind": "agendaItem", "id": item}, "rects": [], "text": "Im Ausschuss nachfragen"}),
    ] {
        town.ask("mark_create", json!({ "mark": mark }));
    }
    Marked {
        town,
        file,
        item,
        meeting,
    }
}

impl Marked {
    fn save(&self, mut request: Value) -> Value {
        for (key, value) in [("nonpublic", json!(false)), ("bound", json!(false))] {
            if request.get(key).is_none() {
                request[key] = value;
            }
        }
        self.town.ask("takeaway_save", request)
    }

    fn downloads(&self) -> PathBuf {
        self.town.dir.path().join("downloads")
    }
}

/// All files below a folder, seen from it.
fn files_in(folder: &Path) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(next).into_iter().flatten() {
            let path = entry.unwrap().path();
            match path.is_dir() {
                true => folders.push(path),
                false => {
                    let path = path.strip_prefix(folder).unwrap();
                    found.insert(path.to_string_lossy().into_owned());
                }
            }
        }
    }
    found
}

fn subtypes(pdf: &[u8]) -> Vec<String> {
    let document = Document::load_mem(pdf).unwrap();
    let mut found = Vec::new();
    for page in document.page_iter() {
        for annotation in document.get_page_annotations(page).unwrap_or_default() {
            let subtype = annotation
                .get(b"Subtype")
                .and_then(Object::as_name)
                .unwrap();
            found.push(String::from_utf8(subtype.to_vec()).unwrap());
        }
    }
    found.retain(|subtype| subtype != "Link");
    found
}

fn is_sound(path: &Path) {
    let output = Command::new("qpdf").arg("--check").arg(path).output();
    let output = output.expect("qpdf is missing: run cargo xtask setup");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stdout)
    );
}

#[test]
fn a_paper_leaves_with_its_marks_and_the_original_in_front() {
    let marked = marked();
    let scope = json!({"scope": "file", "id": marked.file});
    let preview = marked.town.ask("takeaway_preview", scope);
    assert_eq!(preview["sections"][0]["files"][0]["markCount"], 3);
    assert!(
        files_in(&marked.downloads()).is_empty(),
        "looking writes nothing"
    );

    let original = marked.save(json!({"scope": "file", "id": marked.file, "form": "original"}));
    let original = std::fs::read(original["path"].as_str().unwrap()).unwrap();
    assert!(original.starts_with(b"%PDF-"));
    assert!(subtypes(&original).is_empty());

    let saved = marked.save(json!({"scope": "file", "id": marked.file, "form": "annotated"}));
    let path = Path::new(saved["path"].as_str().unwrap());
    assert_eq!(
        (&saved["fileCount"], &saved["markCount"]),
        (&json!(1), &json!(3))
    );
    assert_eq!(path.parent().unwrap(), marked.downloads());
    is_sound(path);
    let annotated = std::fs::read(path).unwrap();
    assert!(annotated.starts_with(&original));
    let mut kinds = subtypes(&annotated);
    kinds.sort();
    assert_eq!(kinds, ["Highlight", "Ink", "Text"]);
    let carried = export::carried(&annotated).unwrap();
    assert_eq!(carried.own_count, 3);

    let flat = marked.save(json!({"scope": "file", "id": marked.file, "form": "flattened"}));
    let path = Path::new(flat["path"].as_str().unwrap());
    is_sound(path);
    let flat = std::fs::read(path).unwrap();
    assert!(subtypes(&flat).is_empty());
    let pages = |pdf: &[u8]| Document::load_mem(pdf).unwrap().page_iter().count();
    assert_eq!(
        pages(&flat),
        pages(&original) + 1,
        "the note's words stand behind the last page"
    );
    let all = files_in(&marked.downloads());
    assert_eq!(
        all.len(),
        3,
        "each under a name of its own, nothing half done: {all:?}"
    );
}

#[test]
fn marks_leave_as_text_too() {
    let marked = marked();
    let text = |form: &str| {
        let saved = marked.save(json!({"scope": "file", "id": marked.file, "form": form}));
        std::fs::read_to_string(saved["path"].as_str().unwrap()).unwrap()
    };
    let xfdf = text("xfdf");
    assert!(xfdf.contains("<highlight") && xfdf.contains("„wirklich“"));
    let web: Value = serde_json::from_str(&text("webAnnotations")).unwrap();
    assert_eq!(web["total"], 3);
    assert!(text("markdown").contains("„wirklich“"));
}

#[test]
fn a_meeting_leaves_bound_with_what_is_public_and_nothing_else() {
    let marked = marked();
    let id = marked.meeting["card"]["id"].clone();
    let nonpublic = item_with_files(&marked.town, &marked.meeting["nonpublicItems"]);
    let secret = nonpublic["row"]["name"].as_str().unwrap();
    let preview = marked
        .town
        .ask("takeaway_preview", json!({"scope": "meeting", "id": id}));
    let sections = rows(&preview["sections"]);
    assert!(
        sections.iter().any(|section| section["public"] == false),
        "the member is asked about it"
    );

    let mut events = marked.town.desk.events();
    let saved =
        marked.save(json!({"scope": "meeting", "id": id, "form": "annotated", "bound": true}));
    assert_eq!(saved["leftOut"], json!([]));
    let path = Path::new(saved["path"].as_str().unwrap());
    is_sound(path);
    let words = |path: &Path| {
        let output = Command::new("pdftotext").arg(path).arg("-").output();
        let output = output.expect("pdftotext is missing: run cargo xtask setup");
        String::from_utf8(output.stdout)
            .unwrap()
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ")
    };
    let public = words(path);
    assert!(
        public.contains("Im Ausschuss nachfragen"),
        "own notes stand on the cover sheet"
    );
    assert!(
        !public.contains(secret),
        "not even the title of a nonpublic item"
    );
    let total = saved["fileCount"].as_u64().unwrap();
    let mut told = 0;
    while let Ok(event) = events.try_recv() {
        if let DeskEvent::TakeawayProgress {
            files_done,
            files_total,
            ..
        } = event
        {
            assert_eq!(u64::from(files_total), total);
            told = files_done;
        }
    }
    assert_eq!(u64::from(told), total, "each paper was told");

    let with = marked.save(json!({"scope": "meeting", "id": id, "form": "flattened", "bound": true, "nonpublic": true}));
    let path = Path::new(with["path"].as_str().unwrap());
    is_sound(path);
    let words = words(path);
    assert!(words.contains(secret));
    assert!(words.contains("Verschwiegenheit"), "and says what it is");
    assert!(with["fileCount"].as_u64() > saved["fileCount"].as_u64());

    let one = marked.save(json!({"scope": "meeting", "id": id, "form": "original", "bound": true, "files": [marked.file]}));
    assert_eq!(one["fileCount"], 1);
}

// Shows: O.Purp_8
#[test]
fn nonpublic_papers_stay_unless_the_member_says_so() {
    let marked = marked();
    let nonpublic = item_with_files(&marked.town, &marked.meeting["nonpublicItems"]);
    let file = rows(&nonpublic["files"])[0]["id"].clone();
    let mut request = json!({"scope": "file", "id": file, "form": "original", "nonpublic": false});
    let refusal = marked
        .town
        .call("takeaway_save", request.clone())
        .unwrap_err();
    assert_eq!(refusal.code, ErrorCode::NothingToTake);
    assert!(files_in(&marked.downloads()).is_empty());
    request["nonpublic"] = json!(true);
    marked.town.ask("takeaway_save", request);
    assert_eq!(files_in(&marked.downloads()).len(), 1);
}

#[test]
fn an_agenda_item_leaves_as_a_folder_with_its_notes() {
    let marked = marked();
    let saved = marked.save(json!({"scope": "agendaItem", "id": marked.item, "form": "annotated"}));
    let folder = Path::new(saved["path"].as_str().unwrap());
    let files = files_in(folder);
    assert!(
        files.contains("Meine Notizen.md") || files.contains("My notes.md"),
        "{files:?}"
    );
    assert_eq!(files.len() as u64, saved["fileCount"].as_u64().unwrap() + 1);
    for file in files.iter().filter(|file| file.ends_with(".pdf")) {
        is_sound(&folder.join(file));
    }
}

#[test]
fn the_end_of_a_term_is_a_folder_with_a_page_that_leads_to_all_of_it() {
    let marked = marked();
    let saved = marked.save(json!({"scope": "all", "form": "annotated"}));
    let folder = Path::new(saved["path"].as_str().unwrap());
    let files = files_in(folder);
    assert_eq!(saved["fileCount"], 1, "papers without marks stay");
    assert_eq!(files.len(), 4, "index, notes, paper, its marks: {files:?}");
    let index = std::fs::read_to_string(folder.join("index.html")).unwrap();
    let links: Vec<&str> = index
        .split("href=\"")
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap())
        .collect();
    assert_eq!(links.len(), 2);
    for link in links {
        let path: Vec<u8> = unescaped(link);
        let path = String::from_utf8(path).unwrap();
        assert!(files.contains(&path), "{path} in {files:?}");
    }
    assert!(index.contains("Im Ausschuss nachfragen"));
    // A second time it lies beside the first.
    let again = marked.save(json!({"scope": "all", "form": "annotated"}));
    assert_ne!(saved["path"], again["path"]);
    assert_eq!(files_in(folder), files);
}

/// Percent signs undone.
fn unescaped(link: &str) -> Vec<u8> {
    let mut bytes = link.bytes();
    let mut out = Vec::new();
    while let Some(byte) = bytes.next() {
        match byte {
            b'%' => {
                let hex: Vec<u8> = bytes.by_ref().take(2).collect();
                out.push(u8::from_str_radix(std::str::from_utf8(&hex).unwrap(), 16).unwrap());
            }
            byte => out.push(byte),
        }
    }
    out
}

#[test]
fn locking_and_leaving_no_trace_elsewhere() {
    let marked = marked();
    let tablet = marked.town.dir.path().join("tablet");
    let names = |folder: &Path| {
        files_in(folder)
            .into_iter()
            .filter(|name| !name.contains("search.db"))
            .collect::<BTreeSet<_>>()
    };
    let kept = names(&tablet);
    marked.save(json!({"scope": "meeting", "id": marked.meeting["card"]["id"], "form": "annotated", "bound": true}));
    assert_eq!(
        names(&tablet),
        kept,
        "nothing is written among the portfolio's own files"
    );
    marked.town.ask("vault_lock", json!({}));
    let locked = marked
        .town
        .call("takeaway_preview", json!({"scope": "all"}))
        .unwrap_err();
    assert_eq!(locked.code, ErrorCode::Locked);
}
