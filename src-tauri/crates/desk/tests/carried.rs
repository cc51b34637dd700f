//! Annotations that a paper brings along from another program become the member's own, once, and one undo takes them back.
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

use std::path::Path;

use common::{Town, item_with_files, rows};
use export::{Annotation, AnnotationId, Color, Kind, Markup, Point, Rect};
use serde_json::{Value, json};

const RECT: Rect = Rect {
    left: 70.0,
    bottom: 500.0,
    right: 300.0,
    top: 512.0,
};

/// Every paper below a folder gets three annotations of another program.
fn annotated_elsewhere(folder: &Path) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            annotated_elsewhere(&path);
        } else if path.extension().is_some_and(|end| end == "pdf") {
            let paper = std::fs::read(&path).unwrap();
            std::fs::write(&path, annotated(&paper)).unwrap();
        }
    }
}

fn annotated(paper: &[u8]) -> Vec<u8> {
    let from = Point { x: 100.0, y: 100.0 };
    let to = Point { x: 200.0, y: 120.0 };
    let kinds = [
        Kind::Text {
            markup: Markup::StrikeOut,
            lines: vec![RECT],
            color: Color::Red,
        },
        Kind::Line {
            from,
            to,
            width: 2.0,
            color: Color::Blue,
            arrow: true,
        },
        Kind::Note { at: Some(from) },
    ];
    let annotations: Vec<Annotation> = kinds
        .into_iter()
        .zip(1..)
        .map(|(kind, number)| Annotation {
            id: AnnotationId([number; 16]),
            page: 0,
            author: "Ä. Müller".to_owned(),
            created_ms: 1_763_800_000_000,
            modified_ms: 1_763_800_000_000,
            contents: Some("Aus einem anderen Programm".to_owned()),
            quote: None,
            kind,
        })
        .collect();
    let mut bytes = export::annotate(paper, &annotations).unwrap();
    // The same length, so that nothing in the file moves.
    let (own, other) = (AnnotationId::PREFIX.as_bytes(), b"andereapp-");
    for at in paper.len()..bytes.len() - own.len() {
        if bytes[at..].starts_with(own) {
            bytes[at..at + own.len()].copy_from_slice(other);
        }
    }
    bytes
}

fn kinds(marks: &Value) -> Vec<&str> {
    let mut kinds: Vec<&str> = rows(marks)
        .iter()
        .map(|mark| mark["kind"].as_str().unwrap())
        .collect();
    kinds.sort_unstable();
    kinds
}

#[test]
fn annotations_of_another_program_become_own_marks_once() {
    let town = Town::with_papers(annotated_elsewhere).pair();
    town.sync_well();
    let item = item_with_files(&town, &town.meeting()["publicItems"]);
    let file = rows(&item["files"])[0]["id"].clone();
    let request = json!({"fileId": file});
    let look = town.ask("carried_look", request.clone());
    assert_eq!(
        (&look["newCount"], &look["takenCount"], &look["otherCount"]),
        (&json!(3), &json!(0), &json!(0))
    );
    assert_eq!(look["authors"], json!(["Ä. Müller"]));

    let taken = town.ask("carried_take", request.clone());
    assert_eq!(taken["count"], 3);
    let marks = || town.ask("marks_list", json!({"scope": {"kind": "file", "id": file}}));
    let now = marks();
    assert_eq!(kinds(&now), ["arrow", "note", "strikeOut"]);
    let struck = rows(&now)
        .iter()
        .find(|mark| mark["kind"] == "strikeOut")
        .unwrap();
    assert_eq!(struck["rects"], json!([[70.0, 500.0, 300.0, 512.0]]));
    assert_eq!(
        (&struck["color"], &struck["page"]),
        (&json!("rot"), &json!(0))
    );
    assert_eq!(struck["text"], "Aus einem anderen Programm");

    let again = town.ask("carried_take", request.clone());
    assert_eq!(again["count"], 0, "none twice");
    assert_eq!(town.ask("carried_look", request.clone())["takenCount"], 3);

    town.ask("undo", json!({"fileId": file}));
    assert_eq!(marks(), json!([]), "one undo takes all back");
    assert_eq!(town.ask("carried_look", request.clone())["newCount"], 3);

    // What leaves again names them as one's own.
    town.ask("carried_take", request);
    let saved = town.ask(
        "takeaway_save",
        json!({"scope": "file", "id": file, "form": "annotated"}),
    );
    let bytes = std::fs::read(saved["path"].as_str().unwrap()).unwrap();
    let all = export::carried(&bytes).unwrap();
    assert_eq!((all.annotations.len(), all.own_count), (3, 3));
}

#[test]
fn what_was_taken_over_is_seen_once() {
    let town = Town::with_papers(annotated_elsewhere).pair();
    town.sync_well();
    let item = item_with_files(&town, &town.meeting()["publicItems"]);
    let file = rows(&item["files"])[0]["id"].clone();
    let opened = || town.ask("document_open", json!({"fileId": file}))["doc"].clone();
    let page = |doc: &Value| {
        let path = format!("/{}/0", doc.as_str().unwrap());
        let answer = town.desk.page_image(&path, "s=1");
        assert_eq!(answer.status, 200);
        answer.body
    };
    let settled = |doc: &Value| {
        let answer = town.ask("document_carried", json!({"doc": doc}));
        (answer["hiddenCount"].as_u64(), answer["changed"] == true)
    };
    let doc = opened();
    assert_eq!(settled(&doc), (Some(0), false));
    let with_theirs = page(&doc);
    town.ask("carried_take", json!({"fileId": file}));
    assert_eq!(settled(&doc), (Some(3), true));
    let without = page(&doc);
    assert_ne!(without, with_theirs, "the page leaves them to the marks");
    assert_eq!(settled(&doc), (Some(3), false), "once is enough");
    assert_eq!(page(&opened()), without, "also when it is opened again");

    town.ask("undo", json!({"fileId": file}));
    assert_eq!(settled(&doc), (Some(0), true));
    assert_eq!(
        page(&doc),
        with_theirs,
        "taken back, the file shows its own"
    );

    // Eight newer documents: this one has to give way, and is opened again by its handle.
    town.ask("redo", json!({"fileId": file}));
    assert_eq!(settled(&doc), (Some(3), true));
    for _ in 0..9 {
        town.ask("document_open", json!({"fileId": file}));
    }
    assert_eq!(page(&doc), without);
}
