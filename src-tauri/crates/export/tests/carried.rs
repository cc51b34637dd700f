//! Annotations that other programs put into a PDF, read as kinds of our own.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

mod support;

use export::{Color, Kind, Markup, Point, Rect, Shape, StampName, annotate, carried, flatten};
use lopdf::{Dictionary, Document, Object, dictionary};
use support::marks::{annotation, every_kind};
use support::pages::Shape as Page;
use support::tools::qpdf;

/// A PDF whose first page carries these, each an object of its own.
fn carrying(annotations: Vec<Dictionary>) -> Vec<u8> {
    let mut document = Document::load_mem(&Page::all()[0].pdf()).unwrap();
    let page = document.page_iter().next().unwrap();
    let ids: Vec<Object> = annotations
        .into_iter()
        .map(|one| Object::Reference(document.add_object(one)))
        .collect();
    document
        .get_dictionary_mut(page)
        .unwrap()
        .set("Annots", ids);
    let mut bytes = Vec::new();
    document.save_to(&mut bytes).unwrap();
    bytes
}

fn numbers(numbers: &[f32]) -> Object {
    numbers
        .iter()
        .map(|number| Object::Real(*number))
        .collect::<Vec<_>>()
        .into()
}

fn note(contents: &str) -> Dictionary {
    dictionary! {
        "Type" => "Annot", "Subtype" => "Text", "Rect" => numbers(&[100.0, 100.0, 120.0, 120.0]),
        "Contents" => lopdf::text_string(contents), "T" => lopdf::text_string("Ä. Müller"),
        "M" => Object::string_literal("D:20260102120000+01'00'"),
    }
}

#[test]
fn what_another_program_wrote_is_found() {
    // MuPDF writes these itself.
    let script = r#"
var doc = new PDFDocument(scriptArgs[0]);
var page = doc.loadPage(0);
var one = page.createAnnotation("Highlight");
one.setColor([1, 1, 0]); one.setAuthor("Ä. Müller"); one.setContents("Wirklich?");
one.setQuadPoints([[60, 186, 250, 186, 60, 198, 250, 198]]);
one = page.createAnnotation("Ink");
one.setColor([0, 0, 1]); one.setBorder(3.2); one.setInkList([[[60, 100], [90, 110]]]);
one = page.createAnnotation("FreeText");
one.setRect([100, 100, 200, 150]); one.setContents("Größe"); one.setDefaultAppearance("Helv", 14, [1, 0, 0]);
one = page.createAnnotation("Square");
one.setRect([10, 10, 50, 50]); one.setBorder(2); one.setColor([0, 0.5, 0]);
one = page.createAnnotation("Line");
one.setLine([10, 60], [50, 60]); one.setColor([0, 0, 0]);
one = page.createAnnotation("Stamp");
one.setRect([100, 10, 150, 30]);
page.update();
doc.save(scriptArgs[0] + ".out.pdf", "");
print(JSON.stringify(Object.keys({})));
"#;
    let held = support::tools::held(&Page::all()[0].pdf());
    let js = held.dir.path().join("script.js");
    std::fs::write(&js, script).unwrap();
    let status = std::process::Command::new("mutool")
        .arg("run")
        .arg(&js)
        .arg(&held.path)
        .status();
    assert!(
        status
            .expect("mutool is missing: run cargo xtask setup")
            .success()
    );
    let bytes = std::fs::read(held.dir.path().join("paper.pdf.out.pdf")).unwrap();
    let all = carried(&bytes).unwrap();
    assert_eq!(
        (all.own_count, all.other_count),
        (0, 1),
        "a stamp with a word that is none of ours"
    );
    let [highlight, ink, words, square, line] = all.annotations.as_slice() else {
        panic!("{:?}", all.annotations);
    };
    let quad = Rect {
        left: 60.0,
        bottom: 302.0,
        right: 250.0,
        top: 314.0,
    };
    let kind = Kind::Text {
        markup: Markup::Highlight,
        lines: vec![quad],
        color: Color::Yellow,
    };
    assert!(highlight.kind == kind);
    assert_eq!(highlight.author.as_deref(), Some("Ä. Müller"));
    assert_eq!(highlight.contents.as_deref(), Some("Wirklich?"));
    let Kind::Ink {
        strokes,
        width,
        color,
    } = &ink.kind
    else {
        panic!()
    };
    assert_eq!(
        (strokes[0][0].at, *width, *color),
        (Point { x: 60.0, y: 400.0 }, 2.0, Color::Blue)
    );
    let Kind::TextBox {
        size, color, text, ..
    } = &words.kind
    else {
        panic!()
    };
    assert_eq!((*size, *color, text.as_str()), (14.0, Color::Red, "Größe"));
    assert!(matches!(
        square.kind,
        Kind::Shape {
            shape: Shape::Rectangle,
            width: 2.0,
            color: Color::Green,
            ..
        }
    ));
    assert!(matches!(
        line.kind,
        Kind::Line {
            color: Color::Graphite,
            arrow: false,
            ..
        }
    ));
    let keys: std::collections::BTreeSet<_> = all.annotations.iter().map(|one| &one.key).collect();
    assert_eq!(keys.len(), 5, "each is told from the others");
    assert!(carried(&bytes).unwrap() == all, "and keeps its name");
}

#[test]
fn our_own_are_counted_and_not_taken_for_those_of_others() {
    let bytes = annotate(&Page::all()[0].pdf(), &every_kind((0.0, 0.0))).unwrap();
    let all = carried(&bytes).unwrap();
    assert_eq!(
        (all.annotations.len(), all.own_count, all.other_count),
        (0, 13, 0)
    );
    let flat = flatten(
        &Page::all()[0].pdf(),
        &every_kind((0.0, 0.0)),
        &|_| None,
        None,
    )
    .unwrap();
    assert!(carried(&flat).unwrap() == export::CarriedAll::default());
}

#[test]
fn every_kind_comes_back_as_it_was() {
    let marks = every_kind((0.0, 0.0));
    let bytes = annotate(&Page::all()[0].pdf(), &marks).unwrap();
    // As if another program had made them.
    let mut document = Document::load_mem(&bytes).unwrap();
    for object in document.objects.values_mut() {
        if let Ok(dict) = object.as_dict_mut() {
            dict.remove(b"NM");
        }
    }
    let mut bytes = Vec::new();
    document.save_to(&mut bytes).unwrap();
    let all = carried(&bytes).unwrap();
    assert_eq!(all.annotations.len(), marks.len());
    for (one, mark) in all.annotations.iter().zip(&marks) {
        let same = match (&one.kind, &mark.kind) {
            // Pressure is not in the file, and the width is that of a line without it.
            (
                Kind::Ink { strokes, color, .. },
                Kind::Ink {
                    strokes: as_made,
                    color: made,
                    ..
                },
            ) => {
                let places = |strokes: &[Vec<export::InkPoint>]| -> Vec<Point> {
                    strokes.iter().flatten().map(|point| point.at).collect()
                };
                places(strokes) == places(as_made) && color == made
            }
            (
                Kind::Brush {
                    strokes,
                    width,
                    color,
                },
                Kind::Brush {
                    strokes: as_made,
                    width: wide,
                    color: made,
                },
            ) => strokes.len() == as_made.len() && width == wide && color == made,
            (kind, as_made) => kind == as_made,
        };
        assert!(same, "{:?}", mark.kind);
        assert_eq!(one.author.as_deref(), Some(mark.author.as_str()));
        assert_eq!(one.at_ms, Some(mark.created_ms));
        if !matches!(mark.kind, Kind::TextBox { .. }) {
            assert_eq!(one.contents, mark.contents);
        }
    }
}

#[test]
fn answers_stand_with_what_they_answer_and_states_do_not() {
    let mut document =
        Document::load_mem(&carrying(vec![note("Warum?"), note("Darum."), note("x")])).unwrap();
    let page = document.page_iter().next().unwrap();
    let annots = document
        .get_dictionary(page)
        .unwrap()
        .get(b"Annots")
        .unwrap()
        .as_array()
        .unwrap()
        .clone();
    let ids: Vec<_> = annots
        .iter()
        .map(|one| one.as_reference().unwrap())
        .collect();
    document
        .get_dictionary_mut(ids[1])
        .unwrap()
        .set("IRT", ids[0]);
    let state = document.get_dictionary_mut(ids[2]).unwrap();
    state.set("IRT", ids[0]);
    state.set("State", Object::string_literal("Accepted"));
    let mut bytes = Vec::new();
    document.save_to(&mut bytes).unwrap();
    let all = carried(&bytes).unwrap();
    assert_eq!(all.annotations.len(), 1);
    assert_eq!(
        all.annotations[0].contents.as_deref(),
        Some("Warum?\nÄ. Müller: Darum.")
    );
    assert_eq!(all.annotations[0].at_ms, Some(1_767_351_600_000));
}

#[test]
fn what_is_no_note_does_not_count_and_nonsense_does_no_harm() {
    let subtype =
        |name: &str| dictionary! { "Subtype" => name, "Rect" => numbers(&[0.0, 0.0, 1.0, 1.0]) };
    let mut hidden = note("verborgen");
    hidden.set("F", 2);
    let mut endless = subtype("Ink");
    endless.set("InkList", vec![numbers(&[1.0]), Object::Null, numbers(&[])]);
    let mut odd = subtype("Highlight");
    odd.set("QuadPoints", numbers(&[1.0, 2.0, 3.0]));
    let bytes = carrying(vec![
        subtype("Link"),
        subtype("Widget"),
        subtype("Popup"),
        hidden,
        note("  "),
        endless,
        dictionary! { "Subtype" => "Line" },
        Dictionary::new(),
        odd,
    ]);
    let all = carried(&bytes).unwrap();
    assert_eq!(
        all.annotations.len(),
        1,
        "a highlight without corners is its rectangle: {:?}",
        all.annotations
    );
    assert_eq!(all.other_count, 3);
}

#[test]
fn stamps_of_ours_are_known_by_name() {
    let kind = Kind::Stamp {
        rect: Rect {
            left: 1.0,
            bottom: 1.0,
            right: 90.0,
            top: 30.0,
        },
        name: StampName::Done,
    };
    assert_eq!(annotation(1, 0, kind).id.name().len(), 42);
    let mut stamp = note("x");
    stamp.set("Subtype", "Stamp");
    stamp.set("Name", "Done");
    let all = carried(&carrying(vec![stamp])).unwrap();
    assert!(matches!(
        all.annotations[0].kind,
        Kind::Stamp {
            name: StampName::Done,
            ..
        }
    ));
}

#[test]
fn what_anybody_may_read_is_read_and_what_needs_a_password_is_told() {
    let bytes = carrying(vec![note("Warum?")]);
    let readable = qpdf(&bytes, &["--encrypt", "", "owner", "256", "--"]);
    assert_eq!(carried(&readable).unwrap().annotations.len(), 1);
    let closed = qpdf(&bytes, &["--encrypt", "user", "owner", "256", "--"]);
    assert_eq!(carried(&closed).unwrap_err().code(), "protected");
}

#[test]
fn annotations_that_lie_packed_are_found() {
    let plain = carrying(vec![note("Woher das Geld?"), note("Ab wann?")]);
    let packed = qpdf(&plain, &["--object-streams=generate"]);
    assert!(packed.windows(6).any(|at| at == b"ObjStm"));
    let (plain, packed) = (carried(&plain).unwrap(), carried(&packed).unwrap());
    assert_eq!(plain.annotations.len(), 2);
    assert_eq!(packed, plain);
}
