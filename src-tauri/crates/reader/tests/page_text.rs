//! Text with a box for each character, in points of the unrotated page.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod common;

use common::{Page, open, pdf, start};
use reader::Rect;

const CONTENT: &str = "BT /F 20 Tf 50 200 Td (Gr\\374n) Tj 0 -30 Td (zwei Worte) Tj ET";

#[test]
fn characters_lines_and_boxes() {
    let reader = start();
    let page = Page {
        entries: "/MediaBox[0 0 200 300]",
        content: CONTENT,
    };
    let doc = open(&reader, pdf(&[page])).unwrap();
    let text = reader.text(doc, 0).unwrap();
    assert_eq!(text.text, "Grün\nzwei Worte");
    assert_eq!(text.boxes.len(), text.text.chars().count());
    assert_eq!(text.running(0..100), "Grün zwei Worte");
    let lines: Vec<_> = text
        .lines
        .iter()
        .map(|line| (line.start, line.end))
        .collect();
    assert_eq!(lines, [(0, 4), (5, 15)]);
    // Helvetica: "G" is 778/1000 em wide.
    let Rect {
        left,
        bottom,
        right,
        top,
    } = text.boxes[0];
    assert!(
        (left - 50.0).abs() < 0.5 && (right - 65.6).abs() < 0.5,
        "{left} {right}"
    );
    assert!(
        bottom < 200.0 && top > 214.0 && top < 225.0,
        "{bottom} {top}"
    );
    assert!(
        text.boxes[5].top < text.boxes[0].bottom + 1.0,
        "the second line lies below"
    );
}

#[test]
fn rotation_changes_no_box() {
    let reader = start();
    let boxes: Vec<_> = [0, 90, 180, 270]
        .into_iter()
        .map(|degrees| {
            let entries = format!("/MediaBox[0 0 200 300]/Rotate {degrees}");
            let page = Page {
                entries: &entries,
                content: CONTENT,
            };
            let doc = open(&reader, pdf(&[page])).unwrap();
            let text = reader.text(doc, 0).unwrap();
            assert_eq!(u16::from(text.geometry.rotation), degrees);
            let mut placed: Vec<(char, String)> = text
                .text
                .chars()
                .zip(text.boxes.iter().map(|rect| format!("{rect:?}")))
                .filter(|(char, _)| *char != '\n')
                .collect();
            // PDFium sorts lines by where they are displayed.
            placed.sort();
            placed
        })
        .collect();
    assert!(boxes.windows(2).all(|pair| pair[0] == pair[1]));
}

#[test]
fn a_page_without_text() {
    let reader = start();
    let page = Page {
        entries: "/MediaBox[0 0 200 300]",
        content: "0 0 10 10 re f",
    };
    let doc = open(&reader, pdf(&[page])).unwrap();
    let text = reader.text(doc, 0).unwrap();
    assert!(text.text.is_empty() && text.boxes.is_empty() && text.lines.is_empty());
}
