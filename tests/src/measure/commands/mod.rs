//! The commands of the busiest views after five years: the start page, the list of meetings, a meeting, all own notes. By
//! `Desk::call_text`, JSON in and out, as the window asks. Beside each, in turns, one SELECT over the same rows in a plain SQLite file.

mod plain;
pub mod town;

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use notes::NoteStore;
use serde_json::json;
use serde_json::value::RawValue;
use sync::store::CouncilStore;
use vault::{Passphrase, Vault};

use self::plain::Plain;
use self::town::Sizes;
use super::app::{self, wait_for_index};
use super::figures::{Figure, Series, build, ms_since, thread_cpu_ms};
use super::supply::PASSPHRASE;

/// At p95, ms.
const AIM_MS: f64 = 20.0;
const ROUNDS: usize = 100;

pub fn measure(out: &Path) -> Result<Vec<Figure>> {
    let sizes = Sizes::wanted()?;
    let folder = town::prepare(out, sizes)?;
    let now_ms = chrono::Utc::now().timestamp_millis();
    let plain = plain_copy(&folder, now_ms)?;
    let desk = app::desk(&folder)?;
    let ask = |name: &str, request| app::ask(&desk, name, request);
    let events = desk.events();
    ask("vault_unlock", json!({"passphrase": PASSPHRASE}))?;
    eprintln!("waiting for the index, which is made in the background and no part of this …");
    wait_for_index(events)?;
    let list = ask("meetings_list", json!({}))?;
    let meetings: Vec<String> = ["upcoming", "past"]
        .iter()
        .flat_map(|part| list[*part].as_array().into_iter().flatten())
        .filter_map(|card| card["id"].as_str().map(str::to_owned))
        .collect();
    ensure!(
        meetings.len() == sizes.meetings,
        "{} meetings are listed",
        meetings.len()
    );
    eprintln!("measuring commands ({}) …", build());
    let marks = ask("notes_overview", json!({}))?["notes"]
        .as_array()
        .map_or(0, Vec::len);
    ensure!(marks > 0, "no notes are listed");
    let meeting_of = |round: usize| {
        meetings
            .get(round * 7 % meetings.len())
            .cloned()
            .unwrap_or_default()
    };
    let text = |name: &str, request| {
        desk.call_text(name, request)
            .map_err(|error| anyhow::anyhow!("{name}: {}", error.message))
    };
    let figures = vec![
        turns(
            "Heute (`today`)",
            |_| text("today", json!({})),
            |_| plain.today(now_ms),
        )?,
        turns(
            &format!("Sitzungen (`meetings_list`), {} meetings", sizes.meetings),
            |_| text("meetings_list", json!({})),
            |_| plain.meetings_list(),
        )?,
        turns(
            "Sitzung (`meeting_open`), another each time",
            |round| text("meeting_open", json!({"id": meeting_of(round)})),
            |round| plain.meeting_open(&meeting_of(round)),
        )?,
        turns(
            &format!("Notizen (`notes_overview`), {} marks", sizes.marks),
            |_| text("notes_overview", json!({})),
            |_| plain.notes_overview(),
        )?,
    ];
    drop(plain);
    ask("vault_lock", json!({}))?;
    fs::remove_dir_all(folder.parent().context("no folder")?)?;
    Ok(figures)
}

fn turns(
    name: &str,
    ours: impl Fn(usize) -> Result<Box<RawValue>>,
    plain: impl Fn(usize) -> Result<Box<RawValue>>,
) -> Result<Figure> {
    let (mut times, mut cpu, mut peer) = (Series::default(), Series::default(), Series::default());
    // The first pair fills caches and is not counted.
    ours(0)?;
    plain(0)?;
    for round in 0..ROUNDS {
        let (start, cpu_start) = (Instant::now(), thread_cpu_ms());
        let answer = ours(round)?;
        times.push(ms_since(start));
        cpu.push(thread_cpu_ms() - cpu_start);
        let start = Instant::now();
        let other = plain(round)?;
        peer.push(ms_since(start));
        ensure!(answer.get() != "null" && other.get() != "[]", "no answer");
    }
    eprintln!(
        "{name}: {}; processor {}; plain {}",
        times.percentiles(1, "ms"),
        cpu.percentiles(1, "ms"),
        peer.percentiles(1, "ms")
    );
    let p95 = times.quantile(0.95);
    Ok(Figure {
        name: format!("command: {name} ({})", build()),
        ours: times.percentiles(1, "ms"),
        peer: format!("plain SQLite {}", peer.percentiles(1, "ms")),
        ratio: format!("{:.1} at p95", p95 / peer.quantile(0.95)),
        aim: format!("p95 ≤ {AIM_MS:.0} ms"),
        is_met: p95 <= AIM_MS,
    })
}

fn plain_copy(folder: &Path, now_ms: i64) -> Result<Plain> {
    let vault = Arc::new(Vault::unlock(folder, &Passphrase::new(PASSPHRASE))?);
    let council = vault
        .keyring()
        .councils()
        .into_iter()
        .next()
        .context("no council")?
        .council;
    let store = CouncilStore::open(&vault, council, now_ms)?;
    let notes = NoteStore::open(Arc::clone(&vault))?;
    Plain::copy(&folder.with_file_name("plain.db"), &store, &notes)
}
