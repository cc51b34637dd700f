//! A PDF with the marks drawn in: it looks like the annotated one, and no annotation is left.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

mod support;

use export::{Look, Sheet, annotate, flatten};
use support::image::Picture;
use support::marks::every_kind;
use support::pages::Shape;
use support::tools::*;

#[test]
fn drawn_in_marks_look_like_annotations_and_are_none() {
    for shape in Shape::all() {
        let original = shape.pdf();
        // Without the sign of the note, which readers turn by themselves.
        let marks = &every_kind(shape.origin)[1..];
        let flat = flatten(&original, marks, &|_| None, None).unwrap();
        assert!(flat.starts_with(&original), "{}", shape.name);
        assert_eq!(qpdf_complaints(&flat), "", "{}", shape.name);
        assert_eq!(
            qpdf_annotations(&flat),
            qpdf_annotations(&original),
            "{}",
            shape.name
        );
        let annotated = annotate(&original, marks).unwrap();
        for draw in [drawn_by_mupdf, |bytes: &[u8], page| {
            drawn_by_poppler(bytes, page).0
        }] {
            let (flat, annotated) = (
                Picture::of(&draw(&flat, 1)),
                Picture::of(&draw(&annotated, 1)),
            );
            let differing = flat.differing(&annotated);
            assert!(
                differing.is_empty(),
                "{}: differs at {differing:?}",
                shape.name
            );
            let before = Picture::of(&draw(&original, 1));
            assert!(
                before.differing(&flat).len() > 1_000,
                "{}: shows something",
                shape.name
            );
        }
        assert_eq!(
            drawn_by_mupdf(&original, 2),
            drawn_by_mupdf(&flat, 2),
            "{}",
            shape.name
        );
    }
}

#[test]
fn notes_show_their_number_and_the_words_of_the_page_stay() {
    let shape = &Shape::all()[0];
    let flat = flatten(&shape.pdf(), &every_kind(shape.origin), &|_| Some(47), None).unwrap();
    let words = words(&flat);
    for word in ["47", "Haushalt der Stadt", "Größe prüfen", "Nachhaken"] {
        assert!(words.contains(word), "{word} in {words}");
    }
}

#[test]
fn what_is_drawn_in_twice_keeps_the_first() {
    let shape = &Shape::all()[0];
    let marks = every_kind(shape.origin);
    let (first, second) = marks.split_at(6);
    let twice = flatten(
        &flatten(&shape.pdf(), first, &|_| None, None).unwrap(),
        second,
        &|_| None,
        None,
    )
    .unwrap();
    let once = flatten(&shape.pdf(), &marks, &|_| None, None).unwrap();
    assert_eq!(qpdf_complaints(&twice), "");
    let differing =
        Picture::of(&drawn_by_mupdf(&twice, 1)).differing(&Picture::of(&drawn_by_mupdf(&once, 1)));
    assert!(differing.is_empty(), "{differing:?}");
}

#[test]
fn a_list_stands_behind_the_last_page() {
    for shape in Shape::all() {
        let mut list = Sheet::new().unwrap();
        list.text(Look::Title, "Meine Notizen");
        list.row(Look::Body, "1", "Wirklich?", 30.0, None);
        let original = shape.pdf();
        let flat = flatten(
            &original,
            &every_kind(shape.origin),
            &|_| Some(1),
            Some(list),
        )
        .unwrap();
        assert!(flat.starts_with(&original), "{}", shape.name);
        assert_eq!(qpdf_complaints(&flat), "", "{}", shape.name);
        let pages = words(&flat);
        let pages: Vec<&str> = pages.split('\x0c').collect();
        assert!(
            pages[2].contains("Meine Notizen"),
            "{}: {pages:?}",
            shape.name
        );
        let picture = Picture::of(&drawn_by_mupdf(&flat, 3));
        assert_eq!(
            (picture.width, picture.height),
            (596, 842),
            "{}",
            shape.name
        );
    }
}

#[test]
fn contents_that_lead_nowhere_are_left_out() {
    let shape = &Shape::all()[0];
    for contents in [
        lopdf::Object::Reference((9_999, 0)),
        vec![lopdf::Object::Reference((9_999, 0)), lopdf::Object::Null].into(),
    ] {
        let mut paper = lopdf::Document::load_mem(&shape.pdf()).unwrap();
        let page = paper.page_iter().next().unwrap();
        paper
            .get_dictionary_mut(page)
            .unwrap()
            .set("Contents", contents);
        let mut original = Vec::new();
        paper.save_to(&mut original).unwrap();
        let flat = flatten(&original, &every_kind(shape.origin), &|_| None, None).unwrap();
        assert_eq!(qpdf_complaints(&flat), "");
        let (before, after) = (drawn_by_mupdf(&original, 1), drawn_by_mupdf(&flat, 1));
        assert!(Picture::of(&before).differing(&Picture::of(&after)).len() > 1_000);
    }
}
