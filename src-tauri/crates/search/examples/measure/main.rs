//! Measures an index over many German pages: `cargo run --release -p search --example measure -- 20000 [folder of .txt]`.
//! With a folder its texts (pages apart by form feeds, as `pdftotext` writes them) are cut into paragraphs and shuffled into
//! new pages; without, pages are made of invented words. Prints times per kind of query, size and speed of indexing; on Linux
//! also the time the processor took, which other programs on a busy machine do not lengthen.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a measuring program"
)]

mod pages;

use pages::{Pages, Random};
use search::{
    Content, Document, Fields, Filter, Id, Index, Kind, Limits, Query, Request, Typing, search,
};
use std::time::Instant;
use vault::{CouncilId, KdfCost, Passphrase, Vault};

const COUNCIL: CouncilId = CouncilId::from_bytes([1; 16]);
const NOW_MS: i64 = 1_700_000_000_000;
const DAY_MS: i64 = 86_400_000;
const PAGES_PER_FILE: usize = 12;
const FILES_PER_BATCH: usize = 25;
const QUERIES_PER_KIND: usize = 200;

fn main() {
    let mut arguments = std::env::args().skip(1);
    let page_count: usize = arguments
        .next()
        .map_or(20_000, |text| text.parse().unwrap());
    let mut pages = arguments
        .next()
        .map_or_else(Pages::invented, |folder| Pages::from_folder(&folder));
    let folder = tempfile::tempdir().unwrap();
    let words = Passphrase::new("apfel birne kirsche pflaume quitte");
    let (vault, _) = Vault::create_with(folder.path(), &words, KdfCost::for_tests()).unwrap();
    let open = || Index::open(vault.open_search_db(COUNCIL).unwrap()).unwrap();

    let (byte_len, seconds) = fill(&open(), &mut pages, page_count);
    println!(
        "indexed  {page_count} pages, {:.1} MB of text, {:.0} pages/s",
        byte_len as f64 / 1e6,
        page_count as f64 / seconds
    );
    let begun = Instant::now();
    let index = open();
    while index.tidy().unwrap() {}
    println!("tidied   {:.1} s", begun.elapsed().as_secs_f64());
    drop(index);
    let file = folder.path().join(format!("councils/{COUNCIL}/search.db"));
    let size = std::fs::metadata(file).unwrap().len();
    println!("size     {:.1} MB", size as f64 / 1e6);
    let index = open();
    let begun = Instant::now();
    index.warm().unwrap();
    println!("warmed   {:.0} ms", begun.elapsed().as_secs_f64() * 1e3);
    measure(&index, &mut pages);
}

fn id(number: usize) -> Id {
    let mut bytes = [0; 16];
    bytes[..8].copy_from_slice(&(number as u64).to_le_bytes());
    Id(bytes)
}

/// Result: bytes of text, seconds.
fn fill(index: &Index, pages: &mut Pages, page_count: usize) -> (usize, f64) {
    let mut random = Random(7);
    let mut byte_len = 0;
    let mut seconds = 0.0;
    let file_count = page_count / PAGES_PER_FILE;
    let mut batch = Vec::new();
    for number in 0..file_count {
        // Ten years of meetings, put in as they come.
        let fields = Fields {
            organizations: vec![id(1_000_000 + random.below(12))],
            meeting: Some(id(2_000_000 + random.below(2_000))),
            paper: Some(id(3_000_000 + number / 3)),
            date_ms: Some(NOW_MS + (30 - random.below(3_650) as i64) * DAY_MS),
        };
        let texts: Vec<String> = (0..PAGES_PER_FILE).map(|_| pages.page()).collect();
        byte_len += texts.iter().map(String::len).sum::<usize>();
        for (offset, kind, content) in [
            (0, Kind::File, Content::Pages(texts)),
            (10_000_000, Kind::Paper, Content::Body(String::new())),
        ] {
            batch.push(Document {
                owner: id(number + offset),
                kind,
                stamp: vec![1],
                title: pages.title(),
                content,
                fields: fields.clone(),
            });
        }
        if batch.len() >= 2 * FILES_PER_BATCH || number + 1 == file_count {
            let begun = Instant::now();
            index
                .write(|one| batch.iter().try_for_each(|document| one.put(document)))
                .unwrap();
            seconds += begun.elapsed().as_secs_f64();
            batch.clear();
        }
    }
    (byte_len, seconds)
}

/// Makes a query.
type Make = fn(&mut Pages) -> String;

fn measure(index: &Index, pages: &mut Pages) {
    let year = Filter {
        from_ms: Some(NOW_MS - 700 * DAY_MS),
        before_ms: Some(NOW_MS - 335 * DAY_MS),
        organizations: vec![id(1_000_003)],
        ..Filter::default()
    };
    let all = Filter::default();
    println!(
        "\n{:22} {:>8} {:>8} {:>8}   documents (median)",
        "query", "p50 ms", "p95 ms", "max ms"
    );
    let kinds: [(&str, Make, &Filter); 10] = [
        ("word", |pages| format!("{} ", pages.word()), &all),
        (
            "frequent word",
            |pages| format!("{} ", pages.frequent_word()),
            &all,
        ),
        ("beginning, typing", |pages| pages.beginning(3), &all),
        ("beginning, one letter", |pages| pages.beginning(1), &all),
        (
            "part of a compound",
            |pages| format!("{} ", pages.part()),
            &all,
        ),
        (
            "two words",
            |pages| format!("{} {} ", pages.frequent_word(), pages.word()),
            &all,
        ),
        (
            "two words, typing",
            |pages| format!("{} {}", pages.frequent_word(), pages.beginning(4)),
            &all,
        ),
        ("phrase", |pages| format!("\"{}\"", pages.phrase()), &all),
        ("slip", |pages| format!("{} ", pages.slip()), &all),
        (
            "word, filtered",
            |pages| format!("{} ", pages.frequent_word()),
            &year,
        ),
    ];
    for (name, make, filter) in kinds {
        let mut times_ms = Vec::new();
        let mut cpu_ms = Vec::new();
        let mut counts = Vec::new();
        for _ in 0..QUERIES_PER_KIND {
            let query = Query::parse(&make(pages), Typing::Yes);
            let (begun, cpu_begun) = (Instant::now(), thread_cpu_ms());
            let hits = search(
                &[index],
                &Request {
                    query: &query,
                    filter,
                    limits: Limits::default(),
                    now_ms: NOW_MS,
                },
            )
            .unwrap();
            times_ms.push(begun.elapsed().as_secs_f64() * 1e3);
            cpu_ms.push(thread_cpu_ms() - cpu_begun);
            counts.push(hits.document_count);
        }
        times_ms.sort_by(f64::total_cmp);
        cpu_ms.sort_by(f64::total_cmp);
        counts.sort_unstable();
        let at = |sorted: &[f64], part: usize| sorted[(sorted.len() - 1) * part / 100];
        println!(
            "{name:22} {:8.1} {:8.1} {:8.1} {:9.1} {:9.1}   {}",
            at(&times_ms, 50),
            at(&times_ms, 95),
            at(&times_ms, 100),
            at(&cpu_ms, 50),
            at(&cpu_ms, 95),
            counts[counts.len() / 2]
        );
    }
}

/// Time this thread has run, ms; 0 where the system does not tell.
fn thread_cpu_ms() -> f64 {
    std::fs::read_to_string("/proc/thread-self/schedstat")
        .ok()
        .and_then(|text| text.split(' ').next()?.parse::<f64>().ok())
        .map_or(0.0, |ns| ns / 1e6)
}
