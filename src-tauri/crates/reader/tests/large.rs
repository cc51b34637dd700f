//! Files as large as councils have them: a plan of the size A0 full of lines, a photograph of 50 MB, a budget of 1,200 pages.
//! Made here; what is checked is that they open, draw within the limit of a job, take bounded memory and can be cancelled.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod common;

use std::fmt::Write as _;
use std::io::Cursor;
use std::thread;

use common::{Page, open, pdf, request, start};
use reader::{Priority, ReaderError, RenderRequest, Ticket, TileRect};

/// A0 upright with this many strokes across it.
fn plan(strokes: u64) -> Vec<u8> {
    let mut content = String::from("0.3 w ");
    for number in 0..strokes {
        let (x, y) = (number * 7919 % 2384, number * 104_729 % 3370);
        let (to_x, to_y) = ((x + 211) % 2384, (y + 307) % 3370);
        write!(content, "{x} {y} m {to_x} {to_y} l S ").unwrap();
    }
    write!(content, "BT /F 24 Tf 100 100 Td (Lageplan) Tj ET").unwrap();
    pdf(&[Page {
        entries: "/MediaBox[0 0 2384 3370]",
        content: &content,
    }])
}

#[test]
fn a_plan_of_the_size_a0_is_drawn_read_and_cancelled() {
    let reader = start();
    let doc = open(&reader, plan(100_000)).unwrap();
    let tile = Some(TileRect {
        x: 4000,
        y: 5000,
        w: 1024,
        h: 1024,
    });
    let drawn = reader.render(request(doc, 0, 6.0, tile)).unwrap();
    assert_eq!((drawn.width, drawn.height), (1024, 1024));
    let dark = RenderRequest {
        is_dark: true,
        ..request(doc, 0, 0.15, None)
    };
    reader.render(dark).unwrap();
    let flow = reader.flow(doc, 0).unwrap();
    assert_eq!(flow.blocks[0].text(), "Lageplan");

    // A request that nobody wants any more gives PDFium back to the next one.
    let unwanted = RenderRequest {
        ticket: Ticket(7),
        priority: Priority::Near,
        ..request(doc, 0, 3.0, None)
    };
    let unwanted = RenderRequest {
        tile: Some(TileRect {
            x: 0,
            y: 0,
            w: 2800,
            h: 2800,
        }),
        ..unwanted
    };
    let waiting = {
        let reader = reader.clone();
        thread::spawn(move || reader.render(unwanted))
    };
    while !waiting.is_finished() {
        reader.cancel(Ticket(7));
        thread::yield_now();
    }
    match waiting.join().unwrap() {
        Err(ReaderError::Cancelled) => {}
        // Drawn before the first cancel came.
        Ok(drawn) => assert_eq!(drawn.width, 2800),
        Err(other) => panic!("{other:?}"),
    }
    reader.render(request(doc, 0, 0.1, None)).unwrap();
}

/// One page that is a photograph of 4,100 × 4,100 pixels, uncompressed.
fn photograph() -> Vec<u8> {
    const SIDE: usize = 4_100;
    let head = "%PDF-1.7\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n2 0 obj\n<</Type/Pages/Count 1/Kids[3 0 R]>>\nendobj\n\
                3 0 obj\n<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 600]/Resources<</XObject<</P 5 0 R>>>>/Contents 4 0 R>>\nendobj\n\
                4 0 obj\n<</Length 29>>stream\nq 600 0 0 600 0 0 cm /P Do Q \nendstream\nendobj\n";
    let mut bytes = head.as_bytes().to_vec();
    let at = bytes.len();
    bytes.extend(
        format!(
            "5 0 obj\n<</Type/XObject/Subtype/Image/Width {SIDE}/Height {SIDE}/ColorSpace/DeviceRGB/BitsPerComponent 8/Length {}>>stream\n",
            SIDE * SIDE * 3
        )
        .as_bytes(),
    );
    bytes.extend((0..SIDE * SIDE).flat_map(|at| [(at % 199) as u8, (at / SIDE % 211) as u8, 90]));
    bytes.extend(b"\nendstream\nendobj\n");
    let table = bytes.len();
    let place = |what: &str| {
        let found = head.find(what).unwrap();
        format!("{found:010} 00000 n \n")
    };
    let mut end = String::from("xref\n0 6\n0000000000 65535 f \n");
    for number in 1..5 {
        end += &place(&format!("{number} 0 obj"));
    }
    write!(
        end,
        "{at:010} 00000 n \ntrailer<</Size 6/Root 1 0 R>>\nstartxref\n{table}\n%%EOF\n"
    )
    .unwrap();
    bytes.extend(end.as_bytes());
    bytes
}

/// The most memory that this process has held, in MiB.
#[cfg(target_os = "linux")]
fn peak_mib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status
        .lines()
        .find(|line| line.starts_with("VmHWM"))
        .unwrap();
    let kib: u64 = line.split_whitespace().nth(1).unwrap().parse().unwrap();
    kib / 1024
}

#[test]
fn a_photograph_of_fifty_megabytes_is_drawn_in_bounded_memory() {
    let reader = start();
    let bytes = photograph();
    assert!(bytes.len() > 50_000_000);
    let byte_len = bytes.len() as u64;
    #[cfg(target_os = "linux")]
    let before = peak_mib();
    let doc = reader.open(Box::new(Cursor::new(bytes)), byte_len).unwrap();
    for is_dark in [false, true] {
        for (x, y) in [(0, 0), (512, 512), (900, 300)] {
            let tile = Some(TileRect {
                x,
                y,
                w: 512,
                h: 512,
            });
            let request = RenderRequest {
                is_dark,
                ..request(doc, 0, 3.0, tile)
            };
            assert!(reader.render(request).is_ok());
        }
    }
    assert!(reader.flow(doc, 0).unwrap().is_picture);
    // The picture once as it lies in the file, once decoded with four bytes a pixel, and once more while it is made smaller.
    #[cfg(target_os = "linux")]
    assert!(
        peak_mib() - before < 350,
        "{} MiB more",
        peak_mib() - before
    );
    reader.close(doc).unwrap();
}

#[test]
fn a_budget_of_twelve_hundred_pages_is_read_from_end_to_end() {
    let reader = start();
    let contents: Vec<String> = (0..1200)
        .map(|page| {
            let rows: String = (0..30)
                .map(|row| {
                    let y = 700 - row * 20;
                    format!("1 0 0 1 60 {y} Tm (Produkt {page}.{row}) Tj 1 0 0 1 300 {y} Tm ({}) Tj 1 0 0 1 450 {y} Tm (EUR) Tj ", row * 917)
                })
                .collect();
            format!("BT /F 10 Tf 1 0 0 1 60 800 Tm (Haushaltsplan 2027) Tj {rows}1 0 0 1 500 20 Tm (Seite {}) Tj ET", page + 1)
        })
        .collect();
    let pages: Vec<Page<'_>> = contents
        .iter()
        .map(|content| Page {
            entries: "/MediaBox[0 0 595 842]",
            content,
        })
        .collect();
    let doc = open(&reader, pdf(&pages)).unwrap();
    assert_eq!(reader.page_sizes(doc).unwrap().len(), 1200);
    for page in (0..1200).step_by(60) {
        let flow = reader.flow(doc, page).unwrap();
        let running: String = flow.running.iter().map(|block| block.text()).collect();
        assert!(
            running.contains("Haushaltsplan") && running.contains("Seite"),
            "{running}"
        );
        assert_eq!(flow.blocks.len(), 1, "a table and nothing else");
        assert_eq!(flow.blocks[0].children.len(), 30);
    }
    reader.render(request(doc, 1199, 0.2, None)).unwrap();
}
