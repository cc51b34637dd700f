//! Finding words within the open 400-page budget, from the command to the list of pages, against `pdfgrep` as a whole
//! process on the plain file.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use serde_json::json;

use super::app;
use super::figures::{Figure, Series, build, ms_since};
use super::first_page::budget;
use super::supply::{Demonstration, PASSPHRASE};

/// Words of the budget: frequent, rare, a part of compounds, two in a row.
const ASKED: [&str; 5] = [
    "Haushalt",
    "Schwimmbad",
    "straße",
    "Brücke",
    "\"der Stadt\"",
];
const ROUNDS: usize = 8;
/// From the command to the first hits, ms.
const AIM_MS: f64 = 50.0;

pub fn measure(out: &Path) -> Result<Vec<Figure>> {
    let demonstration = Demonstration::prepare(out, "find")?;
    let file = budget(&demonstration)?;
    let desk = app::desk(&demonstration.tablet)?;
    let events = desk.events();
    app::ask(&desk, "vault_unlock", json!({"passphrase": PASSPHRASE}))?;
    app::wait_for_index(events)?;
    let opened = app::ask(&desk, "document_open", json!({"fileId": file.to_string()}))?;
    let doc = opened["doc"].as_str().context("no handle")?.to_owned();
    let (mut ours, mut peer) = (Series::default(), Series::default());
    let mut found = 0;
    for round in 0..=ROUNDS {
        for asked in ASKED {
            let start = Instant::now();
            let answer = app::ask(&desk, "document_search", json!({"doc": doc, "text": asked}))?;
            let pages = answer["pages"].as_array().context("no pages")?;
            if let Some(first) = pages.first() {
                app::ask(
                    &desk,
                    "page_matches",
                    json!({"doc": doc, "page": first, "text": asked}),
                )?;
            }
            let took_ms = ms_since(start);
            let theirs_ms = pdfgrep_ms(&demonstration.budget, asked.trim_matches('"'))?;
            // The first round fills the caches and is not counted.
            if round > 0 {
                found += pages.len();
                ours.push(took_ms);
                peer.push(theirs_ms);
            }
        }
    }
    ensure!(found > 0, "nothing of it stands in the budget");
    let p95 = ours.quantile(0.95);
    Ok(vec![Figure {
        name: format!(
            "finding words in the open budget, to the first hits ({})",
            build()
        ),
        ours: format!("p95 {p95:.1} ms; {}", ours.words(1, "ms")),
        peer: format!("`pdfgrep -c` {}", peer.words(0, "ms")),
        ratio: format!("{:.3}", ours.median() / peer.median()),
        aim: format!("p95 ≤ {AIM_MS:.0} ms"),
        is_met: p95 <= AIM_MS,
    }])
}

fn pdfgrep_ms(plain: &Path, asked: &str) -> Result<f64> {
    let start = Instant::now();
    let status = Command::new("pdfgrep")
        .args(["-i", "-c", "-F", asked])
        .arg(plain)
        .stdout(Stdio::null())
        .status()
        .context("pdfgrep does not start")?;
    let took_ms = ms_since(start);
    // 1: nothing found.
    ensure!(matches!(status.code(), Some(0 | 1)), "pdfgrep: {status}");
    Ok(took_ms)
}
