//! A PDF with annotations, read and drawn by the programs of others: what was put in comes out, where it was put, and nothing
//! else changes.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

mod support;

use export::{Annotation, ExportError, Kind, Rect, annotate};
use serde_json::Value;
use support::image::Picture;
use support::marks::{AUTHOR, annotation, every_kind};
use support::pages::{Annots, Shape};
use support::tools::*;
use support::{hybrid, marks};

/// Everything that a mark may paint on, with the ends of its lines.
fn reach(kind: &Kind) -> Rect {
    let around = |points: Vec<export::Point>| Rect::around(points).unwrap();
    let rect = match kind {
        Kind::Note { at } => around(vec![*at]),
        Kind::Text { lines, .. } => Rect::around_all(lines).unwrap(),
        Kind::Ink { strokes, .. } | Kind::Brush { strokes, .. } => {
            around(strokes.iter().flatten().map(|point| point.at).collect())
        }
        Kind::TextBox { rect, .. } | Kind::Shape { rect, .. } | Kind::Stamp { rect, .. } => *rect,
        Kind::Line { from, to, .. } => around(vec![*from, *to]),
    };
    let by = match kind {
        // Programs disagree about what a sign hangs from on a turned page: by at most its side.
        Kind::Note { .. } => 27.0,
        Kind::Brush { .. } | Kind::Line { .. } => 8.0,
        _ => 3.0,
    };
    Rect {
        left: rect.left - by,
        bottom: rect.bottom - by,
        right: rect.right + by,
        top: rect.top + by,
    }
}

/// Each mark shows where it is, and nothing shows elsewhere.
fn assert_drawn(shape: &Shape, before: &[u8], after: &[u8], marks: &[Annotation], program: &str) {
    let (before, after) = (Picture::of(before), Picture::of(after));
    let differing = before.differing(&after);
    let places: Vec<[f32; 4]> = marks
        .iter()
        .map(|mark| after.place(shape, &reach(&mark.kind)))
        .collect();
    let lies_in = |(x, y): &(usize, usize), [left, top, right, bottom]: &[f32; 4]| {
        let (x, y) = (*x as f32 + 0.5, *y as f32 + 0.5);
        (*left..*right).contains(&x) && (*top..*bottom).contains(&y)
    };
    for (mark, place) in marks.iter().zip(&places) {
        assert!(
            differing.iter().any(|pixel| lies_in(pixel, place)),
            "{program}, {}: {:?} is not to be seen",
            shape.name,
            mark.kind
        );
    }
    let stray: Vec<_> = differing
        .iter()
        .filter(|pixel| !places.iter().any(|place| lies_in(pixel, place)))
        .collect();
    assert!(
        stray.is_empty(),
        "{program}, {}: something shows at {stray:?}",
        shape.name
    );
}

#[test]
fn every_kind_shows_where_it_was_put_on_every_page() {
    for shape in Shape::all() {
        let original = shape.pdf();
        let marks = every_kind(shape.origin);
        let annotated = annotate(&original, &marks).unwrap();
        assert!(
            annotated.starts_with(&original),
            "{}: the original changed",
            shape.name
        );
        assert_eq!(qpdf_complaints(&annotated), "", "{}", shape.name);
        assert_drawn(
            &shape,
            &drawn_by_mupdf(&original, 1),
            &drawn_by_mupdf(&annotated, 1),
            &marks,
            "mutool",
        );
        let (after, complaints) = drawn_by_poppler(&annotated, 1);
        assert_eq!(complaints, "", "{}", shape.name);
        assert_drawn(
            &shape,
            &drawn_by_poppler(&original, 1).0,
            &after,
            &marks,
            "pdftoppm",
        );
        assert_eq!(
            drawn_by_mupdf(&original, 2),
            drawn_by_mupdf(&annotated, 2),
            "{}: the other page is as it was",
            shape.name
        );
    }
}

#[test]
fn words_show_through_markers() {
    let shape = &Shape::all()[0];
    let annotated = annotate(&shape.pdf(), &every_kind(shape.origin)).unwrap();
    for picture in [
        drawn_by_mupdf(&annotated, 1),
        drawn_by_poppler(&annotated, 1).0,
    ] {
        let picture = Picture::of(&picture);
        let place = picture
            .place(shape, &marks::rect(shape.origin, 60.0, 302.0, 180.0, 314.0))
            .map(|edge| edge as usize);
        let pixels: Vec<[u8; 3]> = (place[1]..place[3])
            .flat_map(|y| (place[0]..place[2]).map(move |x| (x, y)))
            .map(|(x, y)| picture.pixel(x, y))
            .collect();
        assert!(
            pixels
                .iter()
                .any(|[red, green, blue]| *red < 90 && *green < 90 && *blue < 90),
            "letters stay black"
        );
        assert!(
            pixels.contains(&[0xff, 0xe8, 0x73]),
            "the ground is the marker's yellow"
        );
    }
}

/// An array of numbers, to a hundredth.
fn hundredths(value: &Value) -> Vec<i64> {
    let numbers = value.as_array().into_iter().flatten();
    numbers
        .map(|number| (number.as_f64().unwrap() * 100.0).round() as i64)
        .collect()
}

fn text_of(value: &Value) -> String {
    value
        .as_str()
        .unwrap()
        .strip_prefix("u:")
        .unwrap()
        .to_owned()
}

#[test]
fn another_reader_finds_kinds_places_colours_authors_and_words() {
    let marks = every_kind((0.0, 0.0));
    let annotated = annotate(&Shape::all()[0].pdf(), &marks).unwrap();
    let found = qpdf_annotations(&annotated);
    let subtypes: Vec<&str> = found
        .iter()
        .map(|one| one["/Subtype"].as_str().unwrap())
        .collect();
    assert_eq!(
        subtypes,
        [
            "/Text",
            "/Highlight",
            "/Underline",
            "/StrikeOut",
            "/Squiggly",
            "/Ink",
            "/Ink",
            "/FreeText",
            "/Square",
            "/Circle",
            "/Line",
            "/Line",
            "/Stamp"
        ]
    );
    for (one, mark) in found.iter().zip(&marks) {
        assert_eq!(text_of(&one["/NM"]), mark.id.name());
        assert_eq!(text_of(&one["/T"]), AUTHOR);
        assert_eq!(text_of(&one["/CreationDate"]), "D:20251122082640Z");
        assert_eq!(text_of(&one["/M"]), "D:20251122082740Z");
        let is_note = matches!(mark.kind, Kind::Note { .. });
        assert_eq!(one["/F"], if is_note { 28 } else { 4 });
        assert!(one["/AP"]["/N"].as_str().unwrap().ends_with(" R"));
        if !matches!(mark.kind, Kind::TextBox { .. }) {
            assert_eq!(Some(text_of(&one["/Contents"])), mark.contents);
        }
    }
    let highlight = &found[1];
    assert_eq!(hundredths(&highlight["/C"]), [100, 91, 45]);
    assert_eq!(
        hundredths(&highlight["/QuadPoints"]),
        [
            [60, 314, 250, 314, 60, 302, 250, 302].map(|at| at * 100),
            [60, 300, 180, 300, 60, 288, 180, 288].map(|at| at * 100)
        ]
        .concat()
    );
    let strokes: Vec<Vec<i64>> = found[5]["/InkList"]
        .as_array()
        .unwrap()
        .iter()
        .map(hundredths)
        .collect();
    assert_eq!(
        strokes,
        [
            vec![6000, 14000, 9000, 15000, 13050, 13775],
            vec![15000, 14000]
        ]
    );
    assert_eq!(found[5]["/BS"]["/W"], 1.5);
    assert_eq!(found[6]["/IT"], "/InkHighlight");
    assert_eq!(
        text_of(&found[7]["/DA"]),
        "/Helv 11 Tf 0.702 0.125 0.106 rg"
    );
    assert_eq!(
        hundredths(&found[10]["/L"]),
        [60, 360, 140, 380].map(|at| at * 100)
    );
    assert_eq!(found[10].get("/LE"), None);
    assert_eq!(found[11]["/LE"][1], "/ClosedArrow");
    assert_eq!(found[12]["/Name"], "/FollowUp");
}

const LIST: &str = r#"
var doc = new PDFDocument(scriptArgs[0]);
var all = doc.loadPage(0).getAnnotations().map(function (one) {
  var type = one.getType();
  return {
    type: type, author: one.getAuthor(), contents: one.getContents(), color: one.getColor(),
    quads: ["Highlight", "Underline", "StrikeOut", "Squiggly"].indexOf(type) >= 0 ? one.getQuadPoints() : null,
    ink: type == "Ink" ? one.getInkList() : null,
  };
});
print(JSON.stringify(all));
"#;

#[test]
fn a_third_reader_finds_the_same() {
    let marks = every_kind((0.0, 0.0));
    let annotated = annotate(&Shape::all()[0].pdf(), &marks).unwrap();
    let found = mutool_run(&annotated, LIST);
    let found = found.as_array().unwrap();
    assert_eq!(found.len(), marks.len());
    for one in found {
        assert_eq!(one["author"], AUTHOR);
    }
    // This reader counts from the upper edge.
    assert_eq!(found[1]["type"], "Highlight");
    let quads = found[1]["quads"].to_string();
    assert_eq!(
        quads,
        "[[60,186,250,186,60,198,250,198],[60,200,180,200,60,212,180,212]]"
    );
    assert_eq!(found[5]["ink"].as_array().unwrap().len(), 2);
    assert_eq!(
        found[7]["contents"],
        "Größe prüfen: Straßenausbaubeitragssatzung\nzweite Zeile"
    );
}

#[test]
fn files_of_every_make_take_annotations() {
    let plain = Shape::all()[0].pdf();
    let makes = [
        (
            "object streams",
            qpdf(&plain, &["--object-streams=generate"]),
        ),
        ("linearized", qpdf(&plain, &["--linearize"])),
        (
            "linearized with object streams",
            qpdf(&plain, &["--linearize", "--object-streams=generate"]),
        ),
        ("hybrid", hybrid::pdf()),
        (
            "junk before the header",
            [b"Received: by mail\r\n", plain.as_slice()].concat(),
        ),
        ("no line at the end", plain.trim_ascii_end().to_vec()),
        (
            "annotated before",
            annotate(
                &plain,
                &[annotation(99, 1, every_kind((0.0, 0.0))[1].kind.clone())],
            )
            .unwrap(),
        ),
    ];
    for (make, original) in makes {
        assert_eq!(qpdf_complaints(&original), "", "{make}: is sound before");
        let annotated = annotate(&original, &every_kind((0.0, 0.0))).unwrap();
        assert!(annotated.starts_with(&original), "{make}");
        assert_eq!(qpdf_complaints(&annotated), "", "{make}");
        assert_eq!(qpdf_annotations(&annotated).len(), 13, "{make}");
        assert_drawn(
            &Shape::all()[0],
            &drawn_by_mupdf(&original, 1),
            &drawn_by_mupdf(&annotated, 1),
            &every_kind((0.0, 0.0)),
            make,
        );
    }
}

#[test]
fn what_a_page_carried_stays_and_a_shared_list_stays_that_of_the_other_page() {
    for shape in Shape::all()
        .iter()
        .filter(|shape| shape.annots != Annots::None)
    {
        let annotated = annotate(&shape.pdf(), &every_kind(shape.origin)[..1]).unwrap();
        let found = qpdf_annotations(&annotated);
        assert_eq!(found.len(), 2, "{}", shape.name);
        assert_eq!(found[0]["/Subtype"], "/Link");
        let other = lopdf::Document::load_mem(&annotated).unwrap();
        let pages: Vec<_> = other.page_iter().collect();
        assert_eq!(
            other.get_page_annotations(pages[1]).unwrap().len(),
            1,
            "{}",
            shape.name
        );
    }
}

#[test]
fn protected_files_are_told_and_left_alone() {
    let plain = Shape::all()[0].pdf();
    for args in [
        ["--encrypt", "", "owner", "256", "--"].as_slice(),
        &["--encrypt", "user", "owner", "256", "--"],
        &["--allow-weak-crypto", "--encrypt", "", "owner", "40", "--"],
    ] {
        let error = annotate(&qpdf(&plain, args), &every_kind((0.0, 0.0))).unwrap_err();
        assert!(
            matches!(error, ExportError::Protected),
            "{args:?}: {error:?}"
        );
    }
}

#[test]
fn damage_is_told() {
    let plain = Shape::all()[0].pdf();
    let code = |bytes: &[u8]| annotate(bytes, &every_kind((0.0, 0.0))).unwrap_err().code();
    assert_eq!(code(b""), "unreadable");
    assert_eq!(code(b"no PDF"), "unreadable");
    let text = String::from_utf8_lossy(&plain).into_owned();
    let at = text.rfind("startxref").unwrap();
    let cut = &plain[..plain.len() - (text.len() - at)];
    assert_eq!(code(cut), "needs_repair");
    let far = annotate(
        &plain,
        &[annotation(1, 2, every_kind((0.0, 0.0))[0].kind.clone())],
    );
    assert!(matches!(
        far,
        Err(ExportError::NoSuchPage {
            page: 2,
            page_count: 2
        })
    ));
}

#[test]
fn nothing_to_add_leaves_the_file_as_it_is() {
    let plain = Shape::all()[0].pdf();
    assert_eq!(annotate(&plain, &[]).unwrap(), plain);
    let nowhere = annotation(
        1,
        0,
        Kind::Ink {
            strokes: vec![vec![]],
            width: 1.0,
            color: export::Color::Blue,
        },
    );
    let annotated = annotate(&plain, &[nowhere]).unwrap();
    assert_eq!(qpdf_complaints(&annotated), "");
    assert_eq!(qpdf_annotations(&annotated).len(), 0);
}

#[test]
fn the_same_marks_give_the_same_bytes() {
    let plain = Shape::all()[0].pdf();
    let marks = every_kind((0.0, 0.0));
    assert!(annotate(&plain, &marks).unwrap() == annotate(&plain, &marks).unwrap());
}
