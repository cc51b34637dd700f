//! Outline and links: where they lie, where they lead, and what hostile files do not achieve.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod common;

use common::{Page, open, pdf_with, start};
use reader::limits::{MAX_LINKS, MAX_OUTLINE_DEPTH, MAX_OUTLINE_ENTRIES, MAX_TITLE_CHARS};
use reader::{Destination, Rect, Refused, Rotation, Target};

const PLAIN: Page<'_> = Page {
    entries: "/MediaBox[0 0 200 300]",
    content: "BT /F 12 Tf 20 250 Td (Zum Anhang) Tj ET",
};

/// Number of the first further object in a file of this many pages.
fn first(pages: usize) -> usize {
    4 + 2 * pages
}

fn outline(pages: usize, catalog: &str, further: &[String]) -> reader::Outline {
    let reader = start();
    let pages: Vec<Page<'_>> = (0..pages).map(|_| Page { ..PLAIN }).collect();
    let doc = open(&reader, pdf_with(&pages, catalog, further)).unwrap();
    reader.outline(doc).unwrap()
}

fn page(page: u32, left: Option<f32>, top: Option<f32>) -> Target {
    Target::Page(Destination { page, left, top })
}

#[test]
fn an_outline_has_titles_levels_and_places() {
    let n = first(3);
    let further = [
        format!("<</First {} 0 R/Last {} 0 R/Count 3>>", n + 1, n + 3),
        format!(
            "<</Title(\\376\\377\\000S\\000t\\000r\\000a\\000\\337\\000e)/Next {} 0 R/First {} 0 R/Last {1} 0 R/Count 1/Dest[4 0 R/XYZ 20 250 0]>>",
            n + 2,
            n + 4
        ),
        format!(
            "<</Title(Anlage)/Next {} 0 R/A<</S/GoTo/D[8 0 R/FitH 180]>>>>",
            n + 3
        ),
        "<</Title(  Netz\n seite )/A<</S/URI/URI(https://lindenau.example/)>>>>".to_owned(),
        "<</Title(Darunter)/Dest(anhang)>>".to_owned(),
        "<</Names[(anhang)[6 0 R/Fit]]>>".to_owned(),
    ];
    let catalog = format!("/Outlines {n} 0 R/Names<</Dests {} 0 R>>", n + 5);
    let found = outline(3, &catalog, &further);
    let entries: Vec<_> = found
        .entries
        .iter()
        .map(|entry| (entry.title.as_str(), entry.level, entry.is_open))
        .collect();
    assert_eq!(
        entries,
        [
            ("Straße", 0, true),
            ("Darunter", 1, false),
            ("Anlage", 0, false),
            ("Netz seite", 0, false)
        ]
    );
    assert_eq!(found.entries[0].target, page(0, Some(20.0), Some(250.0)));
    assert_eq!(found.entries[1].target, page(1, None, None));
    assert_eq!(found.entries[2].target, page(2, None, Some(180.0)));
    assert!(
        matches!(&found.entries[3].target, Target::Web(address) if address.as_str() == "https://lindenau.example/")
    );
    assert!(!found.is_cut);
}

#[test]
fn a_document_without_bookmarks_has_an_empty_outline() {
    for catalog in [
        "",
        "/Outlines 99 0 R",
        "/Outlines 7",
        "/Outlines<</First 4 0 R>>",
    ] {
        let found = outline(1, catalog, &[]);
        assert!(
            found.entries.len() <= 1 && !found.is_cut,
            "{catalog}: {found:?}"
        );
    }
}

#[test]
fn chains_that_bite_their_tail_end() {
    let n = first(1);
    // A bookmark that follows itself, one that is its own child, and two that follow each other.
    for bookmarks in [
        vec![format!("<</Title(a)/Next {} 0 R>>", n + 1)],
        vec![format!("<</Title(a)/First {0} 0 R/Last {0} 0 R>>", n + 1)],
        vec![
            format!("<</Title(a)/Next {} 0 R/First {0} 0 R>>", n + 2),
            format!("<</Title(b)/Next {} 0 R/First {0} 0 R>>", n + 1),
        ],
    ] {
        let count = bookmarks.len();
        let mut further = vec![format!("<</First {0} 0 R/Last {0} 0 R>>", n + 1)];
        further.extend(bookmarks);
        let found = outline(1, &format!("/Outlines {n} 0 R"), &further);
        assert_eq!(found.entries.len(), count, "each bookmark once: {found:?}");
    }
}

#[test]
fn what_is_too_deep_too_many_or_too_long_is_left_out() {
    let n = first(1);
    let mut deep = vec![format!("<</First {} 0 R>>", n + 1)];
    deep.extend((1..200).map(|level| format!("<</Title(x)/First {} 0 R>>", n + level + 1)));
    let found = outline(1, &format!("/Outlines {n} 0 R"), &deep);
    assert_eq!(found.entries.len(), MAX_OUTLINE_DEPTH as usize);
    assert!(found.is_cut);

    let mut many = vec![format!("<</First {} 0 R>>", n + 1)];
    let more = MAX_OUTLINE_ENTRIES + 10;
    many.extend((1..=more).map(|place| format!("<</Title(x)/Next {} 0 R>>", n + place + 1)));
    let found = outline(1, &format!("/Outlines {n} 0 R"), &many);
    assert_eq!(found.entries.len(), MAX_OUTLINE_ENTRIES);
    assert!(found.is_cut);

    let long = [
        format!("<</First {} 0 R>>", n + 1),
        format!("<</Title({})/Next {} 0 R>>", "y".repeat(9_000), n + 2),
        format!("<</Title({})>>", "z".repeat(200_000)),
    ];
    let found = outline(1, &format!("/Outlines {n} 0 R"), &long);
    assert_eq!(found.entries[0].title.chars().count(), MAX_TITLE_CHARS + 1);
    assert_eq!(found.entries[1].title, "");
}

/// A file of one page with these annotations, and two plain pages.
fn with_links(entries: &str, annotations: &str) -> Vec<u8> {
    let entries = format!("{entries}/Annots[{annotations}]");
    let linked = Page {
        entries: &entries,
        content: PLAIN.content,
    };
    pdf_with(&[linked, PLAIN, PLAIN], "", &[])
}

fn link(rect: &str, more: &str) -> String {
    format!("<</Type/Annot/Subtype/Link/Rect[{rect}]{more}>>")
}

#[test]
fn links_have_boxes_words_and_targets() {
    let reader = start();
    let annotations = [
        link("18 245 95 265", "/Dest[6 0 R/XYZ null 280 null]"),
        link("20 100 60 120", "/A<</S/URI/URI(https://lindenau.example/plan?a=1)>>"),
        link(
            "10 10 100 40",
            "/QuadPoints[50 40 100 40 50 25 100 25 10 25 60 25 10 10 60 10]/A<</S/GoTo/D[8 0 R/Fit]>>",
        ),
        link("0 0 9 9", "/F 2/Dest[6 0 R/Fit]"),
        "<</Type/Annot/Subtype/Text/Rect[0 0 9 9]>>".to_owned(),
    ]
    .concat();
    let doc = open(&reader, with_links("/MediaBox[0 0 200 300]", &annotations)).unwrap();
    let links = reader.links(doc, 0).unwrap();
    assert_eq!(
        links.len(),
        3,
        "without the hidden one and the note: {links:?}"
    );
    assert_eq!(links[0].words, "Zum Anhang");
    assert_eq!(links[0].target, page(1, None, Some(280.0)));
    assert_eq!(
        links[0].rects,
        [Rect {
            left: 18.0,
            bottom: 245.0,
            right: 95.0,
            top: 265.0
        }]
    );
    assert!(
        matches!(&links[1].target, Target::Web(at) if at.as_str() == "https://lindenau.example/plan?a=1")
    );
    assert_eq!(links[1].words, "");
    assert_eq!(links[2].rects.len(), 2, "one box a line");
    assert_eq!(links[2].target, page(2, None, None));
    assert!(reader.links(doc, 1).unwrap().is_empty());
    assert!(reader.links(doc, 3).is_err());
}

#[test]
fn boxes_are_in_points_of_the_unrotated_page_whatever_shows_it() {
    let reader = start();
    let annotation = link("60 210 80 220", "/Dest[6 0 R/Fit]");
    for (entries, shown, rotation) in [
        (
            "/MediaBox[0 0 200 300]/Rotate 90",
            [0.0, 0.0, 200.0, 300.0],
            Rotation::Quarter,
        ),
        (
            "/MediaBox[0 0 200 300]/CropBox[50 200 150 280]",
            [50.0, 200.0, 150.0, 280.0],
            Rotation::None,
        ),
        (
            "/MediaBox[0 0 200 300]/CropBox[70 215 150 280]/Rotate 270",
            [70.0, 215.0, 150.0, 280.0],
            Rotation::ThreeQuarter,
        ),
        (
            "/MediaBox[0 0 200 300]/UserUnit 2",
            [0.0, 0.0, 200.0, 300.0],
            Rotation::None,
        ),
    ] {
        let doc = open(&reader, with_links(entries, &annotation)).unwrap();
        let geometry = reader.page_geometry(doc, 0).unwrap();
        let Rect {
            left,
            bottom,
            right,
            top,
        } = geometry.shown;
        assert_eq!(
            ([left, bottom, right, top], geometry.rotation),
            (shown, rotation),
            "{entries}"
        );
        let links = reader.links(doc, 0).unwrap();
        let expected = Rect {
            left: 60_f32.max(left),
            bottom: 210_f32.max(bottom),
            right: 80.0,
            top: 220.0,
        };
        assert_eq!(links[0].rects, [expected], "{entries}");
        // Where it is shown lies on the page as it is measured.
        let size = reader.page_sizes(doc).unwrap()[0];
        let (x, y) = geometry.to_display(expected.right, expected.bottom);
        assert!(
            (0.0..=size.width_pt).contains(&x) && (0.0..=size.height_pt).contains(&y),
            "{entries}: {x} {y} {size:?}"
        );
    }
    let outside = link("500 500 600 600", "/Dest[6 0 R/Fit]");
    let doc = open(&reader, with_links("/MediaBox[0 0 200 300]", &outside)).unwrap();
    assert!(
        reader.links(doc, 0).unwrap().is_empty(),
        "beyond the page nothing can be tapped"
    );
}

#[test]
fn programs_scripts_files_and_strange_addresses_are_not_followed() {
    let reader = start();
    for (action, reason) in [
        ("<</S/Launch/F(calc.exe)>>", Refused::Elsewhere),
        (
            "<</S/Launch/Win<</F(cmd.exe)/P(/c del)>>>>",
            Refused::Elsewhere,
        ),
        ("<</S/GoToR/F(other.pdf)/D[0/Fit]>>", Refused::Elsewhere),
        ("<</S/GoToE/D[0/Fit]>>", Refused::Elsewhere),
        ("<</S/JavaScript/JS(app.alert\\(1\\))>>", Refused::Unknown),
        (
            "<</S/SubmitForm/F(https://evil.example)>>",
            Refused::Unknown,
        ),
        ("<</S/Named/N/NextPage>>", Refused::Unknown),
        ("<</S/GoTo/D[99 0 R/Fit]>>", Refused::Nowhere),
        ("<</S/GoTo/D[-5/Fit]>>", Refused::Nowhere),
        ("<</S/GoTo/D[7777/Fit]>>", Refused::Nowhere),
        ("<</S/GoTo/D(missing)>>", Refused::Unknown),
        ("<</S/URI/URI(javascript:alert\\(1\\))>>", Refused::Address),
        ("<</S/URI/URI(file:///etc/passwd)>>", Refused::Address),
        (
            "<</S/URI/URI(https://bank.example@evil.example/)>>",
            Refused::Address,
        ),
        ("<</S/URI/URI(\\377\\376x)>>", Refused::Address),
        ("<</S/URI/URI()>>", Refused::Address),
        ("<</S/URI>>", Refused::Address),
        ("<<>>", Refused::Unknown),
        ("7", Refused::Unknown),
    ] {
        let annotation = link("10 10 90 40", &format!("/A {action}"));
        let doc = open(&reader, with_links("/MediaBox[0 0 200 300]", &annotation)).unwrap();
        let links = reader.links(doc, 0).unwrap();
        assert_eq!(links[0].target, Target::Refused(reason), "{action}");
    }
    let long = link(
        "10 10 90 40",
        &format!(
            "/A<</S/URI/URI(https://a.example/{})>>",
            "a".repeat(100_000)
        ),
    );
    let doc = open(&reader, with_links("/MediaBox[0 0 200 300]", &long)).unwrap();
    assert_eq!(
        reader.links(doc, 0).unwrap()[0].target,
        Target::Refused(Refused::Address)
    );
}

#[test]
fn boxes_beyond_reason_and_thousands_of_links_do_no_harm() {
    let reader = start();
    for rect in [
        "0 0 0 0",
        "nan inf 0 x",
        "0 0",
        "1e30 1e30 -1e30 -1e30",
        "90 40 10 10",
    ] {
        let annotation = link(rect, "/QuadPoints[1 2 3]/Dest[6 0 R/Fit]");
        let doc = open(&reader, with_links("/MediaBox[0 0 200 300]", &annotation)).unwrap();
        for found in reader.links(doc, 0).unwrap() {
            for each in found.rects {
                assert!(
                    each.left >= 0.0 && each.right <= 200.0 && !each.is_empty(),
                    "{rect}: {each:?}"
                );
            }
        }
    }
    let many = link("10 10 90 40", "/Dest[6 0 R/Fit]").repeat(MAX_LINKS * 4);
    let doc = open(&reader, with_links("/MediaBox[0 0 200 300]", &many)).unwrap();
    assert_eq!(reader.links(doc, 0).unwrap().len(), MAX_LINKS);
    for annotations in ["4 0 R", "7 8 9", "99 0 R", "[[[]]]"] {
        let doc = open(&reader, with_links("/MediaBox[0 0 200 300]", annotations)).unwrap();
        assert!(reader.links(doc, 0).unwrap().is_empty(), "{annotations}");
    }
}

/// Objects from number `n` on, each of which names the next twice: a walk over all of them visits 2²⁶.
fn doubling(n: usize, more: &str) -> Vec<String> {
    (n..n + 26)
        .map(|number| format!("<<{more}/Kids[{0} 0 R {0} 0 R]>>", number + 1))
        .collect()
}

#[test]
fn names_that_double_at_every_level_do_not_hang() {
    let reader = start();
    let n = first(1);
    let mut nodes = doubling(n, "");
    nodes.push("<</Names[(a)[4 0 R/Fit]]>>".to_owned());
    let entries = format!(
        "/MediaBox[0 0 200 300]/Annots[{}{}]",
        link("10 10 90 40", "/Dest(a)"),
        link("10 50 90 80", "/Dest(zz)")
    );
    let linked = Page {
        entries: &entries,
        content: "",
    };
    let catalog = format!("/Names<</Dests {n} 0 R>>");
    let doc = open(&reader, pdf_with(&[linked], &catalog, &nodes)).unwrap();
    let targets: Vec<_> = reader
        .links(doc, 0)
        .unwrap()
        .into_iter()
        .map(|link| link.target)
        .collect();
    assert_eq!(
        targets,
        [page(0, None, None), Target::Refused(Refused::Unknown)],
        "the tree is searched to its leaf, and once"
    );
}

#[test]
fn pages_that_double_at_every_level_do_not_hang() {
    let reader = start();
    let n = first(1);
    let mut nodes = doubling(n, "/Type/Pages/Count 9");
    nodes.push("<</Type/Pages/Count 1/Kids[4 0 R]>>".to_owned());
    nodes.push("<</Title(x)/Dest[98 0 R/Fit]>>".to_owned());
    nodes.push(format!("<</First {} 0 R>>", n + 27));
    // The later entry of the same name counts.
    let catalog = format!("/Pages {n} 0 R/Outlines {} 0 R", n + 28);
    let doc = open(&reader, pdf_with(&[PLAIN], &catalog, &nodes)).unwrap();
    let outline = reader.outline(doc).unwrap();
    assert_eq!(
        outline.entries[0].target,
        Target::Refused(Refused::Nowhere),
        "a page that is not in the document"
    );
}
