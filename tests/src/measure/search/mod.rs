//! Search over 20,000 and 100,000 pages: times by kind of query, size on disk, growth. Beside it tantivy over the same pages,
//! in turns, and `rg` over the same text in plain files, on some of the queries.

mod ask;
mod corpus;
mod invented;
mod pages;
mod ripgrep;
#[cfg(feature = "bench-peers")]
mod tantivy_peer;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use search::{Filter, Index, Limits, Query, Request, Typing, search};
use vault::{CouncilId, Passphrase, Vault};

use self::ask::{Ask, KINDS};
use self::corpus::{Corpus, NARROW, NOW_MS};
use self::pages::Pages;
use self::ripgrep::Ripgrep;
use super::figures::{Figure, Series, build, ms_since, thread_cpu_ms};
use super::supply::{PASSPHRASE, fresh};

const COUNCIL: CouncilId = CouncilId::from_bytes([1; 16]);
/// Pages, and the aim at p95 with so many, ms.
const SIZES: [(usize, f64); 2] = [(20_000, 20.0), (100_000, 50.0)];
/// For each kind and size.
const QUERIES: usize = 100;
/// One query in so many is asked of rg as well: it reads all the text each time.
const RG_EVERY: usize = 20;

pub fn measure(out: &Path) -> Result<Vec<Figure>> {
    let work = fresh(out, "search")?;
    let mut ours = Ours::new(&work)?;
    let mut peers = Peers::new(&work)?;
    let mut corpus = Corpus::new(Pages::new()?);
    let mut figures = Vec::new();
    let mut sizes = Vec::new();
    for (page_count, aim_ms) in wanted_sizes()? {
        let (seconds, tantivy_bytes) = fill(&ours, &mut peers, &mut corpus, page_count)?;
        ours.settle()?;
        let bytes = ours.byte_len()?;
        eprintln!(
            "{page_count} pages, {:.1} MB of text, {} different words: {seconds:.0} s to index, {:.1} MB on disk",
            corpus.byte_len as f64 / 1e6,
            corpus.pages.word_count(),
            bytes as f64 / 1e6,
        );
        sizes.push((page_count, bytes, tantivy_bytes, corpus.byte_len));
        for (name, draw) in KINDS {
            let asks: Vec<Ask> = (0..QUERIES).map(|_| draw(&mut corpus.pages)).collect();
            eprintln!("search, {name}, {page_count} pages …");
            figures.push(kind(
                &format!("search, {page_count} pages: {name}"),
                &ours,
                &mut peers,
                &asks,
                aim_ms,
            )?);
        }
    }
    figures.extend(size_figures(&sizes, &corpus.pages.origin));
    drop(ours);
    peers.remove()?;
    fs::remove_dir_all(&work)?;
    Ok(figures)
}

/// `RATSMAPPE_BENCH_PAGES` names other numbers of pages, ascending, with commas; the aim is then the nearest one's.
fn wanted_sizes() -> Result<Vec<(usize, f64)>> {
    let Ok(text) = std::env::var("RATSMAPPE_BENCH_PAGES") else {
        return Ok(SIZES.to_vec());
    };
    let mut sizes = Vec::new();
    for word in text.split(',') {
        let pages: usize = word
            .trim()
            .parse()
            .with_context(|| format!("RATSMAPPE_BENCH_PAGES: {word} is no number"))?;
        let (_, aim_ms) = SIZES
            .into_iter()
            .find(|(least, _)| pages <= *least)
            .unwrap_or((0, 50.0));
        sizes.push((pages, aim_ms));
    }
    ensure!(
        sizes.is_sorted_by(|a, b| a.0 < b.0),
        "RATSMAPPE_BENCH_PAGES must ascend"
    );
    Ok(sizes)
}

/// Puts pages in until there are so many. Result: seconds that ours took, and tantivy's bytes.
fn fill(
    ours: &Ours,
    peers: &mut Peers,
    corpus: &mut Corpus,
    page_count: usize,
) -> Result<(f64, u64)> {
    let mut seconds = 0.0;
    loop {
        let batch = corpus.batch(page_count);
        if batch.is_empty() {
            return Ok((seconds, peers.commit()?));
        }
        let start = Instant::now();
        ours.index()?.write(|all| {
            batch
                .iter()
                .flat_map(|paper| paper.documents())
                .try_for_each(|document| all.put(&document))
        })?;
        seconds += start.elapsed().as_secs_f64();
        peers.put(&batch)?;
        if corpus.page_count.is_multiple_of(3_000) {
            eprintln!("indexed {} of {page_count} pages", corpus.page_count);
        }
    }
}

/// One kind of query, ours and tantivy in turns.
fn kind(name: &str, ours: &Ours, peers: &mut Peers, asks: &[Ask], aim_ms: f64) -> Result<Figure> {
    let (mut times, mut cpu, mut found) = (Series::default(), Series::default(), Series::default());
    let (mut tantivy, mut rg) = (Series::default(), Series::default());
    for (at, ask) in asks.iter().enumerate() {
        let answer = ours.ask(ask)?;
        times.push(answer.ms);
        cpu.push(answer.cpu_ms);
        found.push(answer.documents);
        peers.ask(ask, &mut tantivy)?;
        if at % RG_EVERY == 0
            && let Some(ms) = peers.rg.ask_ms(ask)?
        {
            rg.push(ms);
        }
    }
    eprintln!(
        "  {}; processor {}; {:.0} papers; tantivy {}",
        times.percentiles(1, "ms"),
        cpu.percentiles(1, "ms"),
        found.median(),
        tantivy.percentiles(1, "ms")
    );
    let (p95, peer_p95) = (times.quantile(0.95), tantivy.quantile(0.95));
    let rg = match rg.len() {
        0 => "`rg` cannot".to_owned(),
        _ => format!("`rg` {}", rg.words(0, "ms")),
    };
    Ok(Figure {
        name: format!("{name} ({})", build()),
        ours: times.percentiles(1, "ms"),
        peer: match tantivy.len() {
            0 => rg,
            _ => format!("tantivy {}; {rg}", tantivy.percentiles(1, "ms")),
        },
        ratio: match tantivy.len() {
            0 => String::new(),
            _ => format!("{:.1} at p95", p95 / peer_p95),
        },
        aim: format!("p95 ≤ {aim_ms:.0} ms"),
        is_met: p95 <= aim_ms,
    })
}

/// Pages, bytes of our index, of tantivy's, of the text.
fn size_figures(sizes: &[(usize, u64, u64, usize)], origin: &str) -> Vec<Figure> {
    let mb = |bytes: u64| format!("{:.1} MB", bytes as f64 / 1e6);
    let mut figures = Vec::new();
    for (pages, ours, tantivy, text) in sizes {
        let ratio = match tantivy {
            0 => String::new(),
            bytes => format!("{:.2}", *ours as f64 / *bytes as f64),
        };
        figures.push(Figure {
            name: format!("search: size on disk, {pages} pages ({origin})"),
            ours: format!("{}, encrypted", mb(*ours)),
            peer: format!("tantivy {}; the text {}", mb(*tantivy), mb(*text as u64)),
            ratio,
            aim: String::new(),
            is_met: true,
        });
    }
    if let (Some((few, small, tantivy_small, _)), Some((many, great, tantivy_great, _))) =
        (sizes.first(), sizes.last())
        && many > few
    {
        let times = |small: u64, great: u64| great as f64 / small.max(1) as f64;
        figures.push(Figure {
            name: format!("search: growth on disk from {few} to {many} pages"),
            ours: format!("{:.2} times", times(*small, *great)),
            peer: format!("tantivy {:.2} times", times(*tantivy_small, *tantivy_great)),
            ratio: String::new(),
            aim: String::new(),
            is_met: true,
        });
    }
    figures
}

struct Answer {
    ms: f64,
    cpu_ms: f64,
    documents: f64,
}

/// The index as the tablet has it: one encrypted file, its words in memory.
struct Ours {
    /// `None` only while it is closed to be opened anew.
    index: Option<Index>,
    vault: Vault,
    folder: PathBuf,
}

impl Ours {
    fn new(work: &Path) -> Result<Self> {
        let folder = work.join("tablet");
        let vault = Vault::create(&folder, &Passphrase::new(PASSPHRASE))?.0;
        Ok(Self {
            index: Some(Index::open(vault.open_search_db(COUNCIL)?)?),
            vault,
            folder,
        })
    }

    /// Tidied and opened anew, as it is on the day after.
    fn settle(&mut self) -> Result<()> {
        let start = Instant::now();
        while self.index()?.tidy()? {}
        let tidied_ms = ms_since(start);
        // Closing writes what still stands in the log into the file.
        drop(self.index.take());
        self.index = Some(Index::open(self.vault.open_search_db(COUNCIL)?)?);
        let start = Instant::now();
        self.index()?.warm()?;
        eprintln!(
            "tidied in {tidied_ms:.0} ms, warmed in {:.0} ms",
            ms_since(start)
        );
        Ok(())
    }

    fn index(&self) -> Result<&Index> {
        self.index.as_ref().context("the index is closed")
    }

    fn byte_len(&self) -> Result<u64> {
        let path = self.folder.join(format!("councils/{COUNCIL}/search.db"));
        Ok(fs::metadata(&path)
            .with_context(|| format!("no index at {}", path.display()))?
            .len())
    }

    fn ask(&self, ask: &Ask) -> Result<Answer> {
        let filter = match ask {
            Ask::Filtered(_) => NARROW.filter(),
            _ => Filter::default(),
        };
        let typed = ask.typed();
        let (start, cpu) = (Instant::now(), thread_cpu_ms());
        let query = Query::parse(&typed, Typing::Yes);
        let request = Request {
            query: &query,
            filter: &filter,
            limits: Limits::default(),
            now_ms: NOW_MS,
        };
        let hits = search(&[self.index()?], &request)?;
        Ok(Answer {
            ms: ms_since(start),
            cpu_ms: thread_cpu_ms() - cpu,
            documents: hits.document_count as f64,
        })
    }
}

/// Everybody else who is given the same pages.
struct Peers {
    #[cfg(feature = "bench-peers")]
    tantivy: tantivy_peer::TantivyPeer,
    rg: Ripgrep,
}

impl Peers {
    fn new(work: &Path) -> Result<Self> {
        if cfg!(not(feature = "bench-peers")) {
            eprintln!("built without tantivy: start this by `cargo xtask bench`");
        }
        Ok(Self {
            #[cfg(feature = "bench-peers")]
            tantivy: tantivy_peer::TantivyPeer::new(fresh(work, "tantivy")?)?,
            rg: Ripgrep::new(fresh(work, "plain")?)?,
        })
    }

    fn put(&self, batch: &[corpus::Paper]) -> Result<()> {
        #[cfg(feature = "bench-peers")]
        self.tantivy.put(batch)?;
        self.rg.put(batch)
    }

    /// Bytes of tantivy's index; 0 without it.
    fn commit(&mut self) -> Result<u64> {
        #[cfg(feature = "bench-peers")]
        let bytes = self.tantivy.commit()?;
        #[cfg(not(feature = "bench-peers"))]
        let bytes = 0;
        Ok(bytes)
    }

    #[cfg_attr(
        not(feature = "bench-peers"),
        expect(unused_variables, reason = "nobody is asked")
    )]
    fn ask(&mut self, ask: &Ask, times: &mut Series) -> Result<()> {
        #[cfg(feature = "bench-peers")]
        times.push(self.tantivy.ask_ms(ask)?);
        Ok(())
    }

    fn remove(self) -> Result<()> {
        #[cfg(feature = "bench-peers")]
        self.tantivy.remove()?;
        self.rg.remove()
    }
}
