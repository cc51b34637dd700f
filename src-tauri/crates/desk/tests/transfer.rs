//! Marks in a newer version of their file, delivered by a real server: found again, listed where they were not, taken back.
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

use common::{Town, rows, today};
use serde_json::{Value, json};

/// Revision 2 changes the parking ratio, adds an item and two paragraphs.
const PAPER: &str = "2026/184";
/// Stands in both revisions, lower in the second.
const SAME: &str = "nach § 10 Abs. 1 BauGB als Satzung beschlossen";
/// Reads "0,7 je Wohnung ergeben sich 115 Stellplätze" in the second.
const CHANGED: &str = "1,0 je Wohnung ergeben sich 164 Stellplätze";
/// A number of a table that is another one in the second, with nothing left of it.
const GONE: &str = "57.600";

/// The main file of the paper.
fn main_file(town: &Town) -> String {
    let meeting = town.meeting();
    let row = rows(&meeting["publicItems"])
        .iter()
        .find(|row| row["paperReference"] == PAPER)
        .expect("the paper is dealt with")
        .clone();
    let item = town.ask("agenda_item_open", json!({"id": row["id"]}));
    item["files"][0]["id"].as_str().unwrap().to_owned()
}

struct Opened {
    doc: Value,
    pages: Vec<Value>,
}

fn open(town: &Town, file: &str) -> Opened {
    let opened = town.ask("document_open", json!({ "fileId": file }));
    let doc = opened["doc"].clone();
    let pages = (0..rows(&opened["pages"]).len())
        .map(|page| town.ask("page_text", json!({"doc": doc, "page": page})))
        .collect();
    Opened { doc, pages }
}

/// Words of a page as one line; a hyphen that breaks a word is gone.
fn said(letters: &[char]) -> String {
    let said: String = letters.iter().collect();
    let whole = said.replace("\u{ad}\n", "");
    whole.split_whitespace().collect::<Vec<_>>().join(" ")
}

impl Opened {
    /// Where words stand: page, rectangles of their lines, quotation. As the page makes it of a selection.
    fn find(&self, words: &str) -> (usize, Value, Value) {
        for (page, text) in self.pages.iter().enumerate() {
            let letters: Vec<char> = text["chars"].as_str().unwrap().chars().collect();
            let place = (0..letters.len()).find_map(|start| {
                let longest = (start + words.chars().count() * 2).min(letters.len());
                let is_it = |end: &usize| said(&letters[start..*end]) == words;
                (start + 1..=longest).find(is_it).map(|end| (start, end))
            });
            let Some((start, end)) = place else { continue };
            let start = start
                + letters[start..]
                    .iter()
                    .take_while(|c| c.is_whitespace())
                    .count();
            let rects: Vec<Value> = rows(&text["lines"])
                .iter()
                .filter_map(|line| self.line(text, line, (start, end)))
                .collect();
            let around = |from: usize, to: usize| said(&letters[from..to]);
            let quote = json!({"exact": words, "prefix": around(start.saturating_sub(32), start),
                "suffix": around(end, (end + 32).min(letters.len()))});
            return (page, json!(rects), quote);
        }
        panic!("“{words}” stands nowhere")
    }

    fn line(&self, text: &Value, line: &Value, (start, end): (usize, usize)) -> Option<Value> {
        let at = |key: &str| line[key].as_u64().unwrap() as usize;
        let boxes: Vec<[f64; 4]> = (at("start").max(start)..at("end").min(end))
            .map(|letter| {
                serde_json::from_value::<[f64; 4]>(text["boxes"][letter].clone()).unwrap()
            })
            .filter(|[left, bottom, right, top]| right > left && top > bottom)
            .collect();
        let around = boxes.into_iter().reduce(|a, b| {
            [
                a[0].min(b[0]),
                a[1].min(b[1]),
                a[2].max(b[2]),
                a[3].max(b[3]),
            ]
        });
        around.map(|around| json!(around))
    }

    /// The letters of a page under a mark.
    fn under(&self, mark: &Value) -> String {
        let text = &self.pages[mark["page"].as_u64().unwrap() as usize];
        let rects: Vec<[f64; 4]> = serde_json::from_value(mark["rects"].clone()).unwrap();
        let letters = text["chars"]
            .as_str()
            .unwrap()
            .chars()
            .zip(rows(&text["boxes"]));
        let under = letters.filter(|(_, place)| {
            let place: [f64; 4] = serde_json::from_value((*place).clone()).unwrap();
            let (x, y) = ((place[0] + place[2]) / 2.0, (place[1] + place[3]) / 2.0);
            rects.iter().any(|[left, bottom, right, top]| {
                *left <= x && x <= *right && *bottom <= y && y <= *top
            })
        });
        let letters: Vec<char> = under.map(|(letter, _)| letter).collect();
        said(&letters)
    }
}

fn make(town: &Town, file: &str, mark: Value) -> Value {
    let mut mark = mark;
    mark["target"] = json!({"kind": "file", "id": file});
    town.ask("mark_create", json!({ "mark": mark }))
}

fn highlight(town: &Town, file: &str, opened: &Opened, words: &str) -> Value {
    let (page, rects, quote) = opened.find(words);
    let mark =
        json!({"kind": "highlight", "page": page, "rects": rects, "quote": quote, "color": "gelb"});
    make(town, file, mark)
}

/// A line of ink below words.
fn ink_below(town: &Town, file: &str, opened: &Opened, words: &str) -> Value {
    let (page, rects, _) = opened.find(words);
    let [left, bottom, right, _]: [f64; 4] = serde_json::from_value(rects[0].clone()).unwrap();
    let mark = json!({"kind": "ink", "page": page, "rects": [], "color": "rot", "widthPt": 1.5,
        "strokes": [[[left, bottom - 1.0, 0.5], [right, bottom - 1.0, 0.5]]]});
    make(town, file, mark)
}

fn deliver(town: &Town) {
    town.wait_a_minute();
    let later = town.dir.path().join("later");
    demo_council::write_small_later(&later, today(), None).unwrap();
    town.server.import_folder(&later).unwrap();
    town.sync_well();
}

fn by_id<'v>(marks: &'v Value, mark: &Value) -> Option<&'v Value> {
    rows(marks).iter().find(|one| one["id"] == mark["id"])
}

/// All marks on the pages of the file as it is open.
fn on_pages(town: &Town, file: &str, opened: &Opened) -> Value {
    let pages: Vec<usize> = (0..opened.pages.len()).collect();
    town.ask("marks_page", json!({"fileId": file, "pages": pages}))
}

#[test]
fn marks_are_found_again_in_the_newer_version_or_listed_and_never_laid_wrongly() {
    let town = Town::paired();
    town.sync_well();
    let file = main_file(&town);
    let old = open(&town, &file);
    let same = highlight(&town, &file, &old, SAME);
    let changed = highlight(&town, &file, &old, CHANGED);
    let gone = highlight(&town, &file, &old, GONE);
    let ink = ink_below(&town, &file, &old, "barrierefrei und uneingeschränkt");
    let lost_ink = ink_below(&town, &file, &old, "Der Stellplatzschlüssel beträgt");
    let whole = town.ask(
        "mark_create",
        json!({"mark": {"kind": "note", "target": {"kind": "file", "id": file}, "rects": [], "text": "insgesamt gut"}}),
    );
    let quiet = town.ask("marks_transfer", json!({ "fileId": file }));
    assert_eq!(
        (&quiet["total"], &quiet["isNews"], &quiet["isNew"]),
        (&json!(0), &json!(false), &json!(false)),
        "nothing is old yet"
    );

    deliver(&town);
    let still = town.ask("marks_transfer", json!({ "fileId": file }));
    assert_eq!(
        still["total"], 0,
        "what is on the screen is still the first version"
    );
    assert!(by_id(&on_pages(&town, &file, &old), &same).is_some());
    town.ask("document_close", json!({"doc": old.doc}));

    let new = open(&town, &file);
    assert_eq!(
        rows(&on_pages(&town, &file, &new)),
        &[] as &[Value],
        "before they are looked for, no mark stands on a page it was not made on"
    );
    let moved = town.ask("marks_transfer", json!({ "fileId": file }));
    assert_eq!(
        (&moved["isNew"], &moved["isNews"]),
        (&json!(true), &json!(true))
    );
    assert_eq!(
        (&moved["total"], &moved["placed"], &moved["revision"]),
        (&json!(5), &json!(3), &json!(2))
    );
    assert!(moved["datedAtMs"].as_i64() > Some(0));
    let here = on_pages(&town, &file, &new);
    assert_eq!(new.under(by_id(&here, &same).unwrap()), SAME);
    let now_changed = by_id(&here, &changed).unwrap();
    assert_eq!(
        new.under(now_changed),
        "0,7 je Wohnung ergeben sich 115 Stellplätze"
    );
    assert_eq!(rows(&moved["changed"]).len(), 1);
    assert!(
        by_id(&moved["changed"], &changed).is_some(),
        "and the member is told"
    );

    let (page, rects, _) = new.find("barrierefrei und uneingeschränkt");
    let stroke = &by_id(&here, &ink).unwrap()["strokes"][0][0];
    assert_eq!(by_id(&here, &ink).unwrap()["page"], page);
    for (axis, edge) in [(0, 0), (1, 1)] {
        let meant = rects[0][edge].as_f64().unwrap() - axis as f64;
        let is = stroke[axis].as_f64().unwrap();
        assert!(
            (is - meant).abs() < 1.6,
            "ink lies at {is} instead of {meant}"
        );
    }

    let behind = rows(&moved["behind"]);
    assert_eq!(behind.len(), 2);
    for lost in [&gone, &lost_ink] {
        let one = behind
            .iter()
            .find(|one| one["mark"]["id"] == lost["id"])
            .expect("it is listed");
        assert_eq!(
            (&one["revision"], &one["mark"]["page"]),
            (&json!(1), &lost["page"])
        );
        assert!(by_id(&here, lost).is_none(), "and laid nowhere");
    }
    let notes = town.ask("file_notes", json!({ "fileId": file }));
    assert!(
        by_id(&notes["notes"], &whole).is_some(),
        "what stands on the whole file stays there"
    );
    assert_eq!(rows(&notes["notes"]).len(), 6);
    let again = town.ask("marks_transfer", json!({ "fileId": file }));
    assert_eq!(
        (&again["isNew"], &again["placed"]),
        (&json!(false), &json!(3)),
        "once"
    );
}

#[test]
fn what_came_over_is_taken_back_laid_by_hand_and_seen() {
    let town = Town::paired();
    town.sync_well();
    let file = main_file(&town);
    let old = open(&town, &file);
    let same = highlight(&town, &file, &old, SAME);
    let gone = highlight(&town, &file, &old, GONE);
    town.ask("document_close", json!({"doc": old.doc}));
    deliver(&town);
    let new = open(&town, &file);
    let ask = |name: &str| town.ask(name, json!({ "fileId": file }));
    ask("marks_transfer");

    let back = ask("marks_transfer_back");
    assert_eq!(
        (&back["placed"], rows(&back["behind"]).len()),
        (&json!(0), 2)
    );
    assert_eq!(back["canTakeBack"], false);
    let was = back["behind"].as_array().unwrap();
    let was = was
        .iter()
        .find(|one| one["mark"]["id"] == same["id"])
        .unwrap();
    assert_eq!(was["mark"]["rects"], same["rects"], "exactly as it stood");
    assert_eq!(
        ask("marks_transfer")["placed"],
        0,
        "and it is not carried over by itself again"
    );
    ask("undo");
    assert_eq!(
        ask("marks_transfer")["placed"],
        1,
        "taking back can be taken back"
    );
    ask("redo");
    let again = town.ask("marks_transfer", json!({"fileId": file, "again": true}));
    assert_eq!(
        (&again["placed"], &again["isNew"]),
        (&json!(1), &json!(true)),
        "or they are looked for once more"
    );

    let (page, rects, quote) = new.find("96.000");
    let laid = town.ask(
        "mark_update",
        json!({"id": gone["id"], "rects": rects, "onto": {"page": page, "quote": quote}}),
    );
    assert_eq!(
        (&laid["page"], &laid["quote"]["exact"]),
        (&json!(page), &json!("96.000"))
    );
    let all = ask("marks_transfer");
    assert_eq!(
        (&all["total"], &all["placed"], &all["isNews"]),
        (&json!(2), &json!(2), &json!(true))
    );
    ask("marks_transfer_close");
    let seen = ask("marks_transfer");
    assert_eq!(
        (&seen["isNews"], &seen["total"]),
        (&json!(false), &json!(0))
    );
    assert_eq!(rows(&on_pages(&town, &file, &new)).len(), 2);
    ask("undo");
    assert_eq!(
        rows(&ask("marks_transfer")["behind"]).len(),
        1,
        "laying it is a deed like any other"
    );
}

#[test]
fn what_is_taken_along_has_the_marks_at_their_new_places_and_names_the_others() {
    let town = Town::paired();
    town.sync_well();
    let file = main_file(&town);
    let old = open(&town, &file);
    highlight(&town, &file, &old, SAME);
    let (page, rects, _) = old.find(GONE);
    let note = json!({"kind": "textBox", "page": page, "rects": [rects[0]], "color": "rot", "widthPt": 12, "text": "Wer hat gezählt?"});
    make(&town, &file, note);
    town.ask("document_close", json!({"doc": old.doc}));
    deliver(&town);
    // Nobody has opened the newer version.
    let saved = town.ask(
        "takeaway_save",
        json!({"scope": "file", "id": file, "form": "annotated"}),
    );
    assert_eq!(
        saved["markCount"], 1,
        "what was not found again is drawn nowhere"
    );
    town.ask(
        "takeaway_save",
        json!({"scope": "file", "id": file, "form": "markdown"}),
    );
    let written = std::fs::read_dir(town.dir.path().join("downloads")).unwrap();
    let markdown = written
        .map(|entry| entry.unwrap().path())
        .find(|path| path.extension().is_some_and(|ending| ending == "md"))
        .expect("the notes as a text");
    let text = std::fs::read_to_string(markdown).unwrap();
    assert!(
        text.contains("Wer hat gezählt?") && text.contains("Fassung 1"),
        "{text}"
    );
}

#[test]
fn two_files_side_by_side_are_kept_while_both_may_be_read() {
    let town = Town::paired();
    town.sync_well();
    let file = main_file(&town);
    assert_eq!(town.ask("split_get", json!({})), json!({}));
    let split = json!({"first": {"fileId": file, "page": 1, "offset": 0.25}, "second": {"fileId": file, "page": 3, "offset": 0.5}, "share": 0.4});
    town.ask("split_set", json!({ "split": split }));
    town.ask("vault_lock", json!({}));
    town.ask("vault_unlock", json!({"passphrase": common::PASSPHRASE}));
    assert_eq!(town.ask("split_get", json!({})), json!({ "split": split }));
    let mut nonsense = split.clone();
    nonsense["second"]["fileId"] = json!("nonsense");
    town.call("split_set", json!({ "split": nonsense }))
        .unwrap_err();
    let mut gone = split;
    gone["second"]["fileId"] = json!("00112233445566778899aabbccddeeff");
    town.ask("split_set", json!({ "split": gone }));
    assert_eq!(
        town.ask("split_get", json!({})),
        json!({}),
        "one of them is not there"
    );
    town.ask("split_set", json!({}));
}
