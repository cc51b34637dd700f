//! Files that somebody has tampered with: seeded changes to made PDFs. Whatever they do to PDFium, the reader lives, and every answer
//! is a picture or an error with a name. `RATSMAPPE_MUTATED_PDFS` says how many; 1,000 without it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod common;

use std::collections::BTreeMap;
use std::thread;
use std::time::Duration;

use common::{Page, config, halves, home, locked, open, pdf, pdf_with, request};
use reader::{Reader, ReaderConfig, ReaderError};

/// Readers at the same time, each with one helper.
const THREADS: u64 = 2;

/// A small generator, the same on every machine (xorshift64*).
struct Chance(u64);

impl Chance {
    fn of(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }

    fn below(&mut self, end: usize) -> usize {
        (self.next() % end.max(1) as u64) as usize
    }
}

/// Words that mean something to a reader of PDFs.
const WORDS: [&str; 28] = [
    "-1",
    "0",
    "1",
    "2147483647",
    "-2147483648",
    "4294967296",
    "99999999999999999999",
    "0.0000001",
    "1e309",
    "/Kids",
    "/Parent",
    "/Length",
    "/Type/Page",
    "/Filter/FlateDecode",
    "/Filter[/FlateDecode/FlateDecode/ASCIIHexDecode]",
    "/DecodeParms<</Predictor 15/Columns 9999999>>",
    "1 0 R",
    "3 0 R",
    "5 0 R",
    "<<",
    ">>",
    "[",
    "]",
    "(",
    "stream\n",
    "endstream",
    "endobj",
    "BT /F 9e9 Tf (x) Tj ET q q q W n",
];

/// What is tampered with: everything that the reader knows to do.
fn samples() -> Vec<Vec<u8>> {
    let page = |entries, content| Page { entries, content };
    let text =
        "BT /F 12 Tf 20 150 Td (Beschlussvorlage) Tj 0 -20 Td (Der Rat beschlie\\337t) Tj ET";
    let image = "q 80 0 0 80 10 10 cm BI /W 8 /H 8 /BPC 8 /CS /G ID 0123456701234567012345670123456701234567012345670123456701234567 EI Q";
    let shapes = "0.3 w 10 10 m 90 90 l S 0 0 1 rg 20 20 30 40 re f* q 1 0 0 1 5 5 cm 10 10 m 20 60 70 80 90 10 c b Q";
    let boxed = "/MediaBox[0 0 200 200]";
    vec![
        halves("/MediaBox[0 0 200 300]/Rotate 90", 200.0, 300.0),
        pdf(&[page(boxed, text), page(boxed, image), page(boxed, shapes)]),
        pdf_with(
            &[page("/MediaBox[0 0 200 200]/Annots[7 0 R 8 0 R]", text)],
            "/Outlines 6 0 R/AcroForm<</Fields[8 0 R]/DA(/F 9 Tf)>>",
            &[
                "<</Type/Outlines/First 9 0 R/Last 9 0 R/Count 1>>".to_owned(),
                "<</Type/Annot/Subtype/Link/Rect[10 140 150 170]/A<</S/URI/URI(https://www.stadt.example/)>>>>".to_owned(),
                "<</Type/Annot/Subtype/Widget/FT/Tx/T(a)/V(b)/Rect[10 10 90 40]/F 4/DA(/F 9 Tf)>>".to_owned(),
                "<</Title(Anfang)/Parent 6 0 R/Dest[4 0 R/XYZ 0 100 0]>>".to_owned(),
            ],
        ),
        locked::bytes(locked::WITH_OWNER_PASSWORD),
    ]
}

/// One to six changes.
fn tampered(samples: &[Vec<u8>], seed: u64) -> Vec<u8> {
    let mut chance = Chance::of(seed);
    let mut bytes = samples[chance.below(samples.len())].clone();
    for _ in 0..=chance.below(6) {
        let at = chance.below(bytes.len());
        let count = chance.below(40).min(bytes.len() - at);
        match chance.below(8) {
            0 => bytes[at] ^= 1 << chance.below(8),
            1 => bytes[at] = chance.next() as u8,
            2 => drop(bytes.drain(at..at + count)),
            3 => {
                let part = bytes[at..at + count].to_vec();
                let to = chance.below(bytes.len());
                bytes.splice(to..to, part);
            }
            4 => {
                let word = WORDS[chance.below(WORDS.len())];
                let end = at + word.len().min(bytes.len() - at);
                bytes.splice(at..end, word.bytes());
            }
            5 => {
                // A number becomes another one.
                let is_digit = |byte: &u8| byte.is_ascii_digit();
                if let Some(start) = bytes[at..].iter().position(is_digit).map(|step| at + step) {
                    let len = bytes[start..]
                        .iter()
                        .take_while(|byte| is_digit(byte))
                        .count();
                    let word = WORDS[chance.below(9)];
                    bytes.splice(start..start + len, word.bytes());
                }
            }
            6 => {
                let other = &samples[chance.below(samples.len())];
                let from = chance.below(other.len());
                let end = from + chance.below(400).min(other.len() - from);
                bytes.splice(at..at, other[from..end].iter().copied());
            }
            _ if chance.below(4) == 0 => bytes.truncate(at),
            _ => bytes[at] = bytes[at].wrapping_add(1),
        }
        if bytes.is_empty() {
            bytes.push(b'%');
        }
    }
    bytes
}

type Counts = BTreeMap<&'static str, u64>;

fn count<T>(counts: &mut Counts, answer: Result<T, ReaderError>, good: &'static str) -> Option<T> {
    match answer {
        Ok(found) => {
            *counts.entry(good).or_default() += 1;
            Some(found)
        }
        Err(error) => {
            *counts.entry(error.code()).or_default() += 1;
            None
        }
    }
}

/// Everything that the app asks of a document it opens.
fn read_all(reader: &Reader, bytes: Vec<u8>, counts: &mut Counts) {
    let Some(doc) = count(counts, open(reader, bytes), "opened") else {
        return;
    };
    count(counts, reader.outline(doc), "outline");
    for page in 0..reader.page_sizes(doc).unwrap().len().min(2) as u32 {
        let is_dark = page == 1;
        let request = reader::RenderRequest {
            is_dark,
            ..request(doc, page, 0.2, None)
        };
        count(counts, reader.render(request), "picture");
        count(counts, reader.text(doc, page), "text");
        count(counts, reader.flow(doc, page), "flow");
        count(counts, reader.links(doc, page), "links");
    }
    reader.close(doc).unwrap();
}

// Shows: O.Source_6, O.Source_1, MASVS-CODE-4
#[test]
fn safety_tampered_files_are_pictures_or_errors_with_a_name() {
    let number = std::env::var("RATSMAPPE_MUTATED_PDFS");
    let number: u64 = number.map_or(1_000, |text| text.parse().unwrap());
    let samples = samples();
    let parts: Vec<_> = (0..THREADS)
        .map(|part| {
            let samples = samples.clone();
            thread::spawn(move || {
                let reader = Reader::start(ReaderConfig {
                    // Real pages take 0.2 s; what takes longer here is counted, and the next comes.
                    job_limit: Duration::from_secs(3),
                    home: home(Some(1)),
                    ..config()
                });
                let reader = reader.unwrap();
                let mut counts = Counts::new();
                for seed in (part..number).step_by(THREADS as usize) {
                    read_all(&reader, tampered(&samples, seed), &mut counts);
                }
                let whole = open(&reader, samples[0].clone()).unwrap();
                reader.render(request(whole, 0, 1.0, None)).unwrap();
                counts
            })
        })
        .collect();
    let mut counts = Counts::new();
    for part in parts {
        for (name, times) in part.join().unwrap() {
            *counts.entry(name).or_default() += times;
        }
    }
    println!("tampered files: {number}; {counts:?}");
    let of = |name: &str| counts.get(name).copied().unwrap_or_default();
    let expected = [
        "opened",
        "outline",
        "picture",
        "text",
        "flow",
        "links",
        "document_damaged",
        "document_password",
        "document_too_large",
        "document_too_slow",
        "page_out_of_range",
        "helper_ended",
    ];
    for name in counts.keys() {
        assert!(
            expected.contains(name),
            "{name} is no answer to a broken file"
        );
    }
    // Tampering that changed nothing, or broke everything, would prove nothing.
    assert!(of("picture") > number / 4 && of("document_damaged") > number / 50);
    evidence::record(
        "cage.tampered-files",
        evidence::Counts {
            tried: number,
            refused: number,
            lost: 0,
        },
    )
    .unwrap();
}
