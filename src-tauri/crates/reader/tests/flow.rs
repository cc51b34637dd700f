//! The order of whole pages: what tagged files say, and that no letter is lost or read twice. The papers of the demonstration
//! council are typeset into `demo-cache` by the first story or demonstration that runs; where they are not, and where no real
//! papers lie beside the checkout, only made pages are checked, and a line says so.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]
#![allow(clippy::print_stderr, reason = "says what was and was not checked")]

mod common;

use std::fs;

use common::{Page, files, open, pdf, pdf_with, start};
use reader::{Block, BlockKind, DocId, PageFlow, Reader, Target};

/// The letters of a text; spaces and hyphens, which joining takes out, are none, nor are five dots and more in a row.
fn letters(text: &str) -> Vec<char> {
    let solid: Vec<char> = text.chars().filter(|char| !char.is_whitespace()).collect();
    let is_dot = |char: &char| matches!(char, '.' | '…');
    let mut letters: Vec<char> = solid
        .chunk_by(|a, b| is_dot(a) == is_dot(b))
        .filter(|run| run.len() < 5 || !run.iter().all(is_dot))
        .flatten()
        .copied()
        .filter(|char| !char.is_whitespace() && !matches!(char, '-' | '\u{ad}' | '\u{2010}'))
        .collect();
    letters.sort_unstable();
    letters
}

/// The flow of a page, in which each letter of its text stands once.
fn checked(reader: &Reader, doc: DocId, page: u32, what: &str) -> PageFlow {
    let text = reader.text(doc, page).unwrap();
    let flow = reader.flow(doc, page).unwrap();
    let read: String = flow
        .blocks
        .iter()
        .chain(&flow.running)
        .map(Block::text)
        .collect();
    assert_eq!(letters(&read), letters(&text.text), "{what}, page {page}");
    assert!(
        all(&flow.blocks)
            .iter()
            .all(|block| block.spans.iter().all(|span| !span.text.is_empty())),
        "{what}, page {page}"
    );
    flow
}

fn all(blocks: &[Block]) -> Vec<&Block> {
    let mut found = Vec::new();
    for block in blocks {
        found.push(block);
        found.extend(all(&block.children));
    }
    found
}

fn every_page(reader: &Reader, bytes: &[u8], what: &str) -> Vec<PageFlow> {
    let doc = open(reader, bytes).unwrap();
    let count = u32::try_from(reader.page_sizes(doc).unwrap().len()).unwrap();
    let flows = (0..count)
        .map(|page| checked(reader, doc, page, what))
        .collect();
    reader.close(doc).unwrap();
    flows
}

#[test]
fn no_letter_of_any_paper_is_lost_or_read_twice() {
    let reader = start();
    let papers = [files::demonstration(), files::shared("erlangen")].concat();
    let (mut pages, mut tagged) = (0, 0);
    for path in &papers {
        let flows = every_page(
            &reader,
            &fs::read(path).unwrap(),
            &path.display().to_string(),
        );
        pages += flows.len();
        tagged += flows.iter().filter(|flow| flow.is_tagged).count();
    }
    eprintln!(
        "{pages} pages of {} papers, {tagged} of them tagged",
        papers.len()
    );
}

/// The structure of the demonstration's papers, as typst writes it: the order of their headings is that of their outline.
#[test]
fn tagged_papers_are_read_as_their_tags_say() {
    let reader = start();
    let papers = files::demonstration();
    let mut checked_headings = 0;
    for path in &papers {
        let bytes = fs::read(path).unwrap();
        let flows = every_page(&reader, &bytes, &path.display().to_string());
        let has_text = |flow: &&PageFlow| !flow.blocks.is_empty();
        if !flows.iter().filter(has_text).any(|flow| flow.is_tagged) {
            continue;
        }
        assert!(
            flows.iter().filter(has_text).all(|flow| flow.is_tagged),
            "{}: a page with text has lost its tags",
            path.display()
        );
        let doc = open(&reader, &bytes).unwrap();
        let outline = reader.outline(doc).unwrap();
        reader.close(doc).unwrap();
        // The outline stops at some level; what it names must come in its order.
        let mut headings = flows.iter().enumerate().flat_map(|(page, flow)| {
            let headings = all(&flow.blocks).into_iter();
            headings
                .filter(|block| block.kind == BlockKind::Heading)
                .map(move |block| (u32::try_from(page).unwrap(), block.text()))
        });
        for entry in outline.entries {
            let Target::Page(place) = &entry.target else {
                continue;
            };
            let plain = |text: &str| letters(text);
            let found = headings
                .find(|(page, text)| *page == place.page && plain(text) == plain(&entry.title));
            assert!(found.is_some(), "{}: {}", path.display(), entry.title);
            checked_headings += 1;
        }
    }
    eprintln!("{checked_headings} headings in order");
    assert!(
        papers.is_empty() || checked_headings > 20,
        "outlines were looked at"
    );
}

/// A tagged page by hand: drawn in another order than it is read.
#[test]
fn a_made_page_is_read_in_the_order_of_its_tree() {
    let reader = start();
    let content = "/P<</MCID 1>>BDC BT /F 10 Tf 50 200 Td (danach) Tj ET EMC \
                   /H1<</MCID 0>>BDC BT /F 10 Tf 50 100 Td (zuerst) Tj ET EMC \
                   /Artifact BMC BT /F 10 Tf 50 20 Td (Blatt 7) Tj ET EMC";
    let page = Page {
        entries: "/MediaBox[0 0 200 300]/StructParents 0",
        content,
    };
    let further = [
        "<</Type/StructTreeRoot/K 7 0 R/ParentTree 10 0 R/RoleMap<</Kopf/H1>>>>".to_owned(),
        "<</Type/StructElem/S/Document/P 6 0 R/K[8 0 R 9 0 R]>>".to_owned(),
        "<</Type/StructElem/S/Kopf/P 7 0 R/Pg 4 0 R/K 0>>".to_owned(),
        "<</Type/StructElem/S/P/P 7 0 R/Pg 4 0 R/K 1>>".to_owned(),
        "<</Nums[0[8 0 R 9 0 R]]>>".to_owned(),
    ];
    let bytes = pdf_with(
        &[page],
        "/MarkInfo<</Marked true>>/StructTreeRoot 6 0 R",
        &further,
    );
    let flow = every_page(&reader, &bytes, "made").remove(0);
    assert!(flow.is_tagged);
    let found: Vec<(BlockKind, String)> = flow
        .blocks
        .iter()
        .map(|block| (block.kind, block.text()))
        .collect();
    assert_eq!(
        found,
        [
            (BlockKind::Heading, "zuerst".to_owned()),
            (BlockKind::Paragraph, "danach".to_owned()),
        ]
    );
    assert_eq!(flow.running[0].text(), "Blatt 7");
}

#[test]
fn a_turned_page_is_read_as_it_is_shown() {
    let reader = start();
    for degrees in [0, 90, 180, 270] {
        // Written so that it stands upright once the page is turned.
        let matrix = match degrees {
            90 => "0 1 -1 0 50 20",
            180 => "-1 0 0 -1 180 250",
            270 => "0 -1 1 0 150 280",
            _ => "1 0 0 1 20 250",
        };
        let content =
            format!("BT /F 10 Tf {matrix} Tm (Die erste Zeile) Tj 0 -14 Td (und die zweite) Tj ET");
        let entries = format!("/MediaBox[0 0 200 300]/Rotate {degrees}");
        let page = Page {
            entries: &entries,
            content: &content,
        };
        let flow = every_page(&reader, &pdf(&[page]), "turned").remove(0);
        assert_eq!(
            flow.blocks.len(),
            1,
            "turned by {degrees}: {:?}",
            flow.blocks
        );
        assert_eq!(flow.blocks[0].text(), "Die erste Zeile und die zweite");
    }
}

#[test]
fn a_page_without_text_is_a_picture_or_empty() {
    let reader = start();
    let picture = "q 200 0 0 300 0 0 cm BI /W 1 /H 1 /CS /G /BPC 8 /F /AHx ID 80> EI Q";
    let pages = [
        Page {
            entries: "/MediaBox[0 0 200 300]",
            content: picture,
        },
        Page {
            entries: "/MediaBox[0 0 200 300]",
            content: "",
        },
    ];
    let flows = every_page(&reader, &pdf(&pages), "made");
    assert!(flows[0].blocks.is_empty() && flows[0].is_picture);
    assert!(flows[1].blocks.is_empty() && !flows[1].is_picture);
}
