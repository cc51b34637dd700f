//! A PDF with the marks drawn in: it looks like the annotated one, and no annotation is left.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

mod support;

use export::{annotate, flatten};
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
        let flat = flatten(&original, marks, &|_| None).unwrap();
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
    let flat = flatten(&shape.pdf(), &every_kind(shape.origin), &|_| Some(47)).unwrap();
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
        &flatten(&shape.pdf(), first, &|_| None).unwrap(),
        second,
        &|_| None,
    )
    .unwrap();
    let once = flatten(&shape.pdf(), &marks, &|_| None).unwrap();
    assert_eq!(qpdf_complaints(&twice), "");
    let differing =
        Picture::of(&drawn_by_mupdf(&twice, 1)).differing(&Picture::of(&drawn_by_mupdf(&once, 1)));
    assert!(differing.is_empty(), "{differing:?}");
}
