//! Whole pages made up: two columns, tables, heads, hyphens, trees.

use super::glyph::Glyph;
use super::made::Sheet;
use super::read::arranged;
use super::running::edge_lines;
use super::{Block, BlockKind, PageFlow};
use crate::pdfium::{Element, Kid, Owner};

const HEIGHT: f32 = 842.0;

fn flow(sheet: &Sheet) -> PageFlow {
    let flow = arranged(&sheet.glyphs, &[], HEIGHT, &[]);
    every_letter_once(&sheet.glyphs, &flow);
    flow
}

fn every_letter_once(glyphs: &[Glyph], flow: &PageFlow) {
    let is_letter = |char: &char| !char.is_whitespace() && !matches!(char, '-' | '\u{ad}');
    let mut put_in: Vec<char> = glyphs
        .iter()
        .map(|glyph| glyph.char)
        .filter(is_letter)
        .collect();
    let read = flow.blocks.iter().chain(&flow.running);
    let mut come_out: Vec<char> = read
        .flat_map(|block| block.text().chars().collect::<Vec<_>>())
        .filter(is_letter)
        .collect();
    put_in.sort_unstable();
    come_out.sort_unstable();
    assert_eq!(come_out, put_in);
}

fn outline(blocks: &[Block]) -> Vec<(BlockKind, String)> {
    blocks
        .iter()
        .map(|block| (block.kind, block.text()))
        .collect()
}

use BlockKind::{Caption, Cell, Figure, HeadCell, Heading, Item, List, Paragraph, Row, Table};

const LEFT: [&str; 5] = [
    "Die Stadtverwaltung schlägt",
    "vor, das Gelände der frühe-",
    "ren Gerberei neu zu ordnen.",
    "Vorgesehen sind 164 neue",
    "Wohnungen und ein Platz",
];
const RIGHT: [&str; 5] = [
    "am Ufer der Saale, den die",
    "Anlieger seit vielen Jahren",
    "wünschen. Die Kosten trägt",
    "zur Hälfte das Land, so dass",
    "der Haushalt geschont wird.",
];

#[test]
fn two_columns_are_read_one_after_the_other() {
    let mut sheet = Sheet::default();
    sheet.bold("Neuordnung der Gerberei", 50.0, 60.0, 18.0);
    // As PDFium gives them: across both columns, line by line.
    for (number, (left, right)) in LEFT.iter().zip(RIGHT).enumerate() {
        let y = 100.0 + 13.0 * number as f32;
        sheet.line(left, 50.0, y, 10.0);
        sheet.line(right, 230.0, y, 10.0);
    }
    let wide = "Über den Antrag wird in der Sitzung am Donnerstag beraten und dann beschlossen.";
    sheet.line(wide, 50.0, 200.0, 10.0);
    assert_eq!(
        outline(&flow(&sheet).blocks),
        [
            (Heading, "Neuordnung der Gerberei".to_owned()),
            (
                Paragraph,
                "Die Stadtverwaltung schlägt vor, das Gelände der früheren Gerberei neu zu ordnen. Vorgesehen sind 164 neue \
                 Wohnungen und ein Platz am Ufer der Saale, den die Anlieger seit vielen Jahren wünschen. Die Kosten trägt zur \
                 Hälfte das Land, so dass der Haushalt geschont wird."
                    .to_owned()
            ),
            (Paragraph, wide.to_owned()),
        ]
    );
}

#[test]
fn what_stands_in_rows_and_columns_is_a_table() {
    let mut sheet = Sheet::default();
    sheet.line(
        "Die Vorlage wird so beraten, wie es der Plan vorsieht:",
        50.0,
        80.0,
        10.0,
    );
    for (x, word) in [
        (50.0, "Gremium"),
        (250.0, "Datum"),
        (400.0, "Zuständigkeit"),
    ] {
        sheet.bold(word, x, 110.0, 10.0);
    }
    for (number, (a, b, c)) in [
        ("Ortsteilrat Rödigen", "10.11.2026", "Anhörung"),
        ("Ausschuss für Bauen", "17.11.2026", "Vorberatung"),
        ("Stadtrat", "16.12.2026", "Entscheidung"),
    ]
    .into_iter()
    .enumerate()
    {
        let y = 128.0 + 18.0 * number as f32;
        sheet.line(a, 50.0, y, 10.0);
        sheet.line(b, 250.0, y, 10.0);
        sheet.line(c, 400.0, y, 10.0);
    }
    let last = "Danach wird die Satzung öffentlich bekannt gemacht und ausgelegt.";
    sheet.line(last, 50.0, 210.0, 10.0);
    let flow = flow(&sheet);
    let kinds: Vec<BlockKind> = flow.blocks.iter().map(|block| block.kind).collect();
    assert_eq!(kinds, [Paragraph, Table, Paragraph]);
    let rows = &flow.blocks[1].children;
    assert_eq!(rows.len(), 4);
    assert!(
        rows.iter()
            .all(|row| row.kind == Row && row.children.len() == 3)
    );
    assert_eq!(rows[0].children[2].kind, HeadCell);
    assert_eq!(
        outline(&rows[2].children),
        [
            (Cell, "Ausschuss für Bauen".to_owned()),
            (Cell, "17.11.2026".to_owned()),
            (Cell, "Vorberatung".to_owned()),
        ]
    );
}

#[test]
fn lists_keep_their_labels_and_wrapped_lines() {
    let mut sheet = Sheet::default();
    sheet.line("Der Stadtrat beschließt:", 50.0, 80.0, 10.0);
    let lines = [
        ("1. Der Entwurf wird gebilligt und in der Fassung", 50.0),
        ("vom November 2026 öffentlich ausgelegt.", 64.0),
        ("2. Die Träger öffentlicher Belange werden beteiligt.", 50.0),
        ("3. Die Verwaltung berichtet im Frühjahr.", 50.0),
    ];
    for (number, (line, x)) in lines.into_iter().enumerate() {
        sheet.line(line, x, 100.0 + 13.0 * number as f32, 10.0);
    }
    let flow = flow(&sheet);
    let kinds: Vec<BlockKind> = flow.blocks.iter().map(|block| block.kind).collect();
    assert_eq!(kinds, [Paragraph, List]);
    let items = &flow.blocks[1].children;
    let labels: Vec<&str> = items.iter().map(|item| item.label.as_str()).collect();
    assert_eq!(labels, ["1.", "2.", "3."]);
    assert_eq!(
        items[0].text(),
        "1.Der Entwurf wird gebilligt und in der Fassung vom November 2026 öffentlich ausgelegt."
    );
}

#[test]
fn a_date_at_the_beginning_of_a_line_is_no_item() {
    let mut sheet = Sheet::default();
    sheet.lines(
        &[
            "Die Auslegung beginnt nach der Bekanntmachung am",
            "12. November 2026 und dauert einen Monat, wie es",
            "das Gesetz über die Beteiligung der Bürger will.",
        ],
        50.0,
        100.0,
        10.0,
    );
    let flow = flow(&sheet);
    assert_eq!(flow.blocks.len(), 1);
    assert_eq!(flow.blocks[0].kind, Paragraph);
}

fn page(number: u32) -> Sheet {
    let mut sheet = Sheet::default();
    sheet.line("Haushaltsplan 2027 der Stadt Lindenau", 50.0, 40.0, 9.0);
    sheet.line(
        &format!("Auf Seite {number} steht anderes als auf den übrigen."),
        50.0,
        120.0,
        10.0,
    );
    sheet.line("Kämmerei, Stand November", 50.0, 800.0, 9.0);
    sheet.line(&format!("Seite {number} von 400"), 480.0, 815.0, 9.0);
    sheet
}

#[test]
fn heads_and_page_numbers_stand_apart() {
    let (before, sheet) = (page(11), page(12));
    let neighbours = edge_lines(&before.glyphs, HEIGHT);
    let flow = arranged(&sheet.glyphs, &[], HEIGHT, &neighbours);
    every_letter_once(&sheet.glyphs, &flow);
    assert_eq!(
        outline(&flow.blocks),
        [(
            Paragraph,
            "Auf Seite 12 steht anderes als auf den übrigen.".to_owned()
        )]
    );
    let apart: Vec<String> = flow.running.iter().map(Block::text).collect();
    assert_eq!(
        apart.join(" "),
        "Haushaltsplan 2027 der Stadt Lindenau Kämmerei, Stand November Seite 12 von 400"
    );
    // Without neighbours only the number of the page is known to be none of the text.
    let alone = super::tests::flow(&sheet);
    assert_eq!(alone.running.len(), 1);
    assert_eq!(alone.blocks.len(), 3);
}

#[test]
fn the_tree_goes_before_the_places() {
    let mut sheet = Sheet::default();
    let mut owned = |text: &str, y: f32, owner: Owner| {
        let from = sheet.glyphs.len();
        sheet.line(text, 50.0, y, 10.0);
        sheet.own(from, owner);
    };
    owned("Seite 1", 20.0, Owner::Artifact);
    owned("zuletzt gelesen", 100.0, Owner::Content(3));
    owned("Anlass", 140.0, Owner::Content(0));
    owned("–", 160.0, Owner::Content(1));
    owned("Erstens ge-", 180.0, Owner::Content(2));
    owned("lesen", 194.0, Owner::Content(2));
    owned("Spalte", 300.0, Owner::Content(5));
    owned("Wert", 320.0, Owner::Content(6));
    owned("nirgends genannt", 230.0, Owner::Nobody);
    let leaf = |kind: &str, number: i32| {
        Kid::Element(Element {
            kind: kind.to_owned(),
            columns: 2,
            rows: 1,
            kids: vec![Kid::Content(number)],
            ..Element::default()
        })
    };
    let of = |kind: &str, kids: Vec<Kid>| Element {
        kind: kind.to_owned(),
        columns: 1,
        rows: 1,
        kids,
        ..Element::default()
    };
    let picture = Element {
        alt: "Lageplan".encode_utf16().collect(),
        ..of("Figure", Vec::new())
    };
    let tree = of(
        "Document",
        vec![
            leaf("H2", 0),
            Kid::Element(of(
                "L",
                vec![Kid::Element(of(
                    "LI",
                    vec![
                        leaf("Lbl", 1),
                        Kid::Element(of("LBody", vec![leaf("P", 2)])),
                    ],
                ))],
            )),
            Kid::Element(of(
                "Table",
                vec![
                    Kid::Element(of(
                        "THead",
                        vec![Kid::Element(of("TR", vec![leaf("TH", 5)]))],
                    )),
                    Kid::Element(of("TR", vec![leaf("TD", 6)])),
                ],
            )),
            Kid::Element(picture),
            leaf("P", 3),
            // Named twice, it is read once.
            leaf("P", 3),
            leaf("Caption", 99),
        ],
    );
    let flow = arranged(&sheet.glyphs, &[tree], HEIGHT, &[]);
    every_letter_once(&sheet.glyphs, &flow);
    assert!(flow.is_tagged);
    let found = outline(&flow.blocks);
    assert_eq!(found[0], (Heading, "Anlass".to_owned()));
    assert_eq!(flow.blocks[0].level, 2);
    assert_eq!(found[1], (List, "\n–Erstens gelesen".to_owned()));
    assert_eq!(flow.blocks[1].children[0].kind, Item);
    let table = &flow.blocks[2];
    assert_eq!(table.kind, Table);
    assert_eq!(table.children[0].children[0].kind, HeadCell);
    assert_eq!(table.children[0].children[0].columns, 2);
    assert_eq!(table.children[1].children[0].text(), "Wert");
    assert_eq!(flow.blocks[3].kind, Figure);
    assert_eq!(flow.blocks[3].alt, "Lageplan");
    assert_eq!(found[4], (Paragraph, "zuletzt gelesen".to_owned()));
    // What the tree forgets stands where it stands on the page: below "zuletzt gelesen", the last block that begins above it.
    assert_eq!(found[5], (Paragraph, "nirgends genannt".to_owned()));
    assert!(found.iter().all(|(kind, _)| *kind != Caption));
    assert_eq!(flow.running[0].text(), "Seite 1");
}

#[test]
fn a_tree_that_names_next_to_nothing_is_not_trusted() {
    let mut sheet = Sheet::default();
    sheet.line("Nur ein Wort", 50.0, 100.0, 10.0);
    sheet.own(9, Owner::Content(0));
    let tree = Element {
        kind: "P".to_owned(),
        kids: vec![Kid::Content(0)],
        ..Element::default()
    };
    let flow = arranged(&sheet.glyphs, &[tree], HEIGHT, &[]);
    assert!(!flow.is_tagged);
    assert_eq!(
        outline(&flow.blocks),
        [(Paragraph, "Nur ein Wort".to_owned())]
    );
}

#[test]
fn letters_that_stand_upright_are_read_too() {
    let mut sheet = Sheet::default();
    sheet.line("Maßstab 1:500 und mehr", 50.0, 100.0, 10.0);
    let from = sheet.glyphs.len();
    sheet.line("Saale strom", 300.0, 100.0, 10.0);
    for glyph in sheet.glyphs.iter_mut().skip(from) {
        glyph.is_level = false;
    }
    assert_eq!(
        outline(&flow(&sheet).blocks),
        [
            (Paragraph, "Maßstab 1:500 und mehr".to_owned()),
            (Paragraph, "Saale strom".to_owned()),
        ]
    );
}
