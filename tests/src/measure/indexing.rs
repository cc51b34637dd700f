//! Indexing as the tablet does it after unlocking: encrypted file, PDFium's text, one transaction for each file, the encrypted
//! index tidied at the end. Beside it `pdftotext`, a whole process for each of the same files in plain, which makes no index.

use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use serde_json::json;
use sync_protocol::ids::CouncilId;

use super::app::{ask, desk, wait_for_index};
use super::figures::{Figure, Series, build};
use super::shared;
use super::supply::{PASSPHRASE, Tablet, bare_council, fresh, open, paper, runtime};

/// Pages per second, ours to the peer's.
const AIM: f64 = 2.0;
const ROUNDS: usize = 7;

pub fn measure(out: &Path) -> Result<Vec<Figure>> {
    let work = fresh(out, "indexing")?;
    let mut figures = Vec::new();
    if let Some(folder) = shared::folder() {
        let papers = shared::papers(&folder)?;
        figures.push(files("real council papers", &papers, &work.join("real"))?);
    } else {
        eprintln!("no real data beside the checkout: only the demonstration council is indexed");
    }
    let intake = work.join("intake");
    let today = chrono::Utc::now().date_naive();
    demo_council::write_demo(&intake, today, Some(&out.join("papers")))?;
    let papers = shared::below(&intake, "pdf")?;
    figures.push(files(
        "the demonstration council's papers",
        &papers,
        &work.join("demo"),
    )?);
    fs::remove_dir_all(&work)?;
    Ok(figures)
}

fn files(name: &str, pdfs: &[PathBuf], work: &Path) -> Result<Figure> {
    let shelf = Shelf::prepare(pdfs, work)?;
    let plain = work.join("plain.txt");
    eprintln!(
        "indexing {name}: {} files, {} pages …",
        pdfs.len(),
        shelf.pages
    );
    let (mut ours, mut peer) = (Series::default(), Series::default());
    // The first pair fills the file cache and is not counted.
    shelf.index_seconds()?;
    pdftotext_seconds(pdfs, &plain)?;
    for round in 0..ROUNDS {
        ours.push(shelf.pages / shelf.index_seconds()?);
        peer.push(shelf.pages / pdftotext_seconds(pdfs, &plain)?);
        eprintln!("round {} of {ROUNDS}", round + 1);
    }
    let ratio = ours.median() / peer.median();
    Ok(Figure {
        name: format!(
            "indexing {name}, {} files, {} pages ({})",
            pdfs.len(),
            shelf.pages,
            build()
        ),
        ours: ours.words(0, "pages/s"),
        peer: format!("`pdftotext` {}", peer.words(0, "pages/s")),
        ratio: format!("{ratio:.2}"),
        aim: format!("≥ {AIM:.0}"),
        is_met: ratio >= AIM,
    })
}

/// A tablet with the files, whose index is made anew each time.
struct Shelf {
    tablet: PathBuf,
    council: CouncilId,
    pages: f64,
}

impl Shelf {
    fn prepare(pdfs: &[PathBuf], work: &Path) -> Result<Self> {
        fs::create_dir_all(work)?;
        let server = open(&work.join("council"))?;
        let mut draft = bare_council();
        draft.papers = (0..)
            .zip(pdfs)
            .map(|(at, path)| paper(at, Some(path)))
            .collect();
        server.publish(&draft)?;
        let handle = server.serve(SocketAddr::from(([127, 0, 0, 1], 0)))?;
        let runtime = runtime()?;
        let folder = work.join("tablet");
        let tablet = Tablet::pair(&runtime, &server, &handle.url(), &folder, None)?;
        tablet.sync(&runtime)?;
        handle.shutdown();
        let files = tablet.store()?.files()?;
        ensure!(files.len() == pdfs.len(), "{} files came", files.len());
        Ok(Self {
            council: tablet.council,
            tablet: folder,
            pages: files
                .values()
                .filter_map(|row| row.page_count)
                .sum::<u32>()
                .into(),
        })
    }

    /// From the open vault to the tidied index.
    fn index_seconds(&self) -> Result<f64> {
        let index = self
            .tablet
            .join(format!("councils/{}/search.db", self.council));
        for path in [
            index.clone(),
            index.with_extension("db-wal"),
            index.with_extension("db-shm"),
        ] {
            if path.exists() {
                fs::remove_file(&path)?;
            }
        }
        let desk = desk(&self.tablet)?;
        let events = desk.events();
        ask(&desk, "vault_unlock", json!({"passphrase": PASSPHRASE}))?;
        let start = Instant::now();
        wait_for_index(events)?;
        let seconds = start.elapsed().as_secs_f64();
        let status = ask(&desk, "index_status", json!({}))?;
        ensure!(
            status["filesDone"] == status["filesTotal"] && status["filesDone"] != json!(0),
            "not all files are in: {status}"
        );
        ask(&desk, "vault_lock", json!({}))?;
        ensure!(index.exists(), "no index was made");
        Ok(seconds)
    }
}

fn pdftotext_seconds(pdfs: &[PathBuf], plain: &Path) -> Result<f64> {
    let start = Instant::now();
    for pdf in pdfs {
        // What it cannot read it says nothing of; ours counts such a file as unreadable and goes on too.
        Command::new("pdftotext")
            .arg(pdf)
            .arg(plain)
            .stderr(Stdio::null())
            .status()
            .context("pdftotext does not start")?;
    }
    Ok(start.elapsed().as_secs_f64())
}
