//! Finding words within the open 400-page budget, from the command to the first hits and to all of them, against `pdfgrep`
//! as a whole process on the plain file: with the index, and from the pages themselves as long as it has not read them.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use desk::Desk;
use serde_json::{Value, json};

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
/// As many as the reader asks about in one call.
const PAGES_AT_ONCE: usize = 64;
/// From the command to the first hits, ms.
const AIM_MS: f64 = 50.0;

pub fn measure(out: &Path) -> Result<Vec<Figure>> {
    let demonstration = Demonstration::prepare(out, "find")?;
    let file = budget(&demonstration)?;
    let desk = app::desk(&demonstration.tablet)?;
    let events = desk.events();
    app::ask(&desk, "vault_unlock", json!({"passphrase": PASSPHRASE}))?;
    app::wait_for_index(events)?;
    let (mut indexed, mut unread, mut whole) =
        (Series::default(), Series::default(), Series::default());
    let mut peer = Series::default();
    let mut found = 0;
    for round in 0..=ROUNDS {
        for asked in ASKED {
            // Opened anew: no text of its pages is known yet.
            let open = || -> Result<Value> {
                app::ask(&desk, "document_open", json!({"fileId": file.to_string()}))
            };
            let opened = open()?;
            let start = Instant::now();
            let answer = app::ask(
                &desk,
                "document_search",
                json!({"doc": opened["doc"], "text": asked}),
            )?;
            ensure!(
                answer["indexed"] == true,
                "the index has not read the budget"
            );
            let pages = answer["pages"].as_array().context("no pages")?.clone();
            look(&desk, &opened["doc"], asked, &pages, Until::FirstHit)?;
            let indexed_ms = ms_since(start);
            app::ask(&desk, "document_close", json!({"doc": opened["doc"]}))?;

            let opened = open()?;
            let all: Vec<Value> = (0..opened["pages"].as_array().map_or(0, Vec::len))
                .map(Value::from)
                .collect();
            let start = Instant::now();
            let seen = look(&desk, &opened["doc"], asked, &all, Until::FirstHit)?;
            let unread_ms = ms_since(start);
            look(
                &desk,
                &opened["doc"],
                asked,
                all.get(seen..).unwrap_or_default(),
                Until::End,
            )?;
            let whole_ms = ms_since(start);
            app::ask(&desk, "document_close", json!({"doc": opened["doc"]}))?;

            let theirs_ms = pdfgrep_ms(&demonstration.budget, asked.trim_matches('"'))?;
            // The first round fills the caches and is not counted.
            if round > 0 {
                found += pages.len();
                indexed.push(indexed_ms);
                unread.push(unread_ms);
                whole.push(whole_ms);
                peer.push(theirs_ms);
            }
        }
    }
    ensure!(found > 0, "nothing of it stands in the budget");
    let first = |name: &str, ours: &Series| {
        let p95 = ours.quantile(0.95);
        Figure {
            name: format!("{name} ({})", build()),
            ours: format!("p95 {p95:.1} ms; {}", ours.words(1, "ms")),
            peer: format!("`pdfgrep -c` {}", peer.words(0, "ms")),
            ratio: format!("{:.3}", ours.median() / peer.median()),
            aim: format!("p95 ≤ {AIM_MS:.0} ms"),
            is_met: p95 <= AIM_MS,
        }
    };
    let ratio = whole.median() / peer.median();
    Ok(vec![
        first(
            "finding words in the open budget, to the first hits",
            &indexed,
        ),
        first(
            "the same before the index has read it, from its first page on",
            &unread,
        ),
        Figure {
            name: format!("the same, to all hits of the file ({})", build()),
            ours: whole.words(0, "ms"),
            peer: format!("`pdfgrep -c` {}", peer.words(0, "ms")),
            ratio: format!("{ratio:.3}"),
            aim: "≤ 1.0".to_owned(),
            is_met: ratio <= 1.0,
        },
    ])
}

enum Until {
    FirstHit,
    End,
}

/// Looks through pages as the reader does, and marks the first hit.
///
/// Result: how many pages were looked at.
fn look(desk: &Desk, doc: &Value, asked: &str, pages: &[Value], until: Until) -> Result<usize> {
    let mut seen = 0;
    while let Some(left) = pages.get(seen..).filter(|left| !left.is_empty()) {
        let now = left.get(..PAGES_AT_ONCE).unwrap_or(left);
        let answer = app::ask(
            desk,
            "document_hits",
            json!({"doc": doc, "text": asked, "pages": now}),
        )?;
        let counts = answer["counts"].as_array().context("no counts")?;
        ensure!(!counts.is_empty(), "an answer about no page");
        let first = counts.iter().position(|count| count.as_u64() > Some(0));
        seen += counts.len();
        if let (Some(page), Until::FirstHit) = (first.and_then(|at| now.get(at)), &until) {
            app::ask(
                desk,
                "page_matches",
                json!({"doc": doc, "page": page, "text": asked}),
            )?;
            return Ok(seen);
        }
    }
    Ok(seen)
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
