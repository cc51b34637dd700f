//! One tablet in a process of its own: how long opening the space takes, what its answers take, how much memory it needs then.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context, Result, bail, ensure};
use clap::{Args, ValueEnum};
use desk::{Desk, DeskEvent};
use faction::FactionStore;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use stories::faction_writer::Writer;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use vault::{Passphrase, Vault};

use super::super::app::{self, ask};
use super::super::figures::ms_since;
use super::super::memory::pss_of_tree;
use super::super::supply::{PASSPHRASE, Tablet, runtime};
use super::words::Dice;

const ROUNDS: usize = 100;

/// What is tried.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Way {
    /// A tablet that has everything: opening, and answers.
    Answers,
    /// A tablet that was let in: until it shows everything, by the app's own exchange.
    Join,
    /// The same without a snapshot: every envelope.
    JoinByEnvelopes,
}

/// `faction-once --folder DIR --way …`; started by `faction-space`.
#[derive(Args, Clone)]
pub struct FactionOnce {
    #[arg(long)]
    folder: PathBuf,
    #[arg(long)]
    way: Way,
}

/// What came out.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Cost {
    pub ready_ms: f64,
    pub open_ms: f64,
    pub first_ms: f64,
    pub news_ms: Vec<f64>,
    pub search_ms: Vec<f64>,
    pub about_ms: Vec<f64>,
    pub entries: usize,
    pub hits: usize,
    /// Proportional set size of the process at the end, MB (10^6 bytes).
    pub pss_mb: f64,
}

impl FactionOnce {
    /// In a fresh process.
    pub fn started(folder: &Path, way: Way) -> Result<Cost> {
        let name = way.to_possible_value().context("the way has a name")?;
        let output = Command::new(std::env::current_exe()?)
            .arg("faction-once")
            .arg("--folder")
            .arg(folder)
            .args(["--way", name.get_name()])
            .stderr(Stdio::inherit())
            .output()
            .context("this program does not start again; was it replaced meanwhile?")?;
        ensure!(output.status.success(), "faction-once: {}", output.status);
        Ok(serde_json::from_slice(&output.stdout)?)
    }

    /// Prints what it cost.
    pub fn run(&self) -> Result<()> {
        let mut cost = match self.way {
            Way::Answers => answers(&self.folder)?,
            Way::Join => join(&self.folder)?,
            Way::JoinByEnvelopes => join_by_envelopes(&self.folder)?,
        };
        cost.pss_mb = if cost.pss_mb > 0.0 {
            cost.pss_mb
        } else {
            pss_mb()?
        };
        println!("{}", serde_json::to_string(&cost)?);
        Ok(())
    }
}

fn pss_mb() -> Result<f64> {
    Ok(pss_of_tree(std::process::id())? as f64 / 1e6)
}

fn answers(folder: &Path) -> Result<Cost> {
    let vault = std::sync::Arc::new(Vault::unlock(folder, &Passphrase::new(PASSPHRASE))?);
    let start = Instant::now();
    let store = FactionStore::open(&vault)?;
    let record = store.spaces()?.into_iter().next().context("no space")?;
    let space = store.space(record.faction)?;
    let is_named = space.name()?.is_some() && !space.members()?.is_empty();
    space.new_count()?;
    let open_ms = ms_since(start);
    ensure!(is_named, "the space has no name");
    drop((space, store, vault));

    let desk = app::desk(folder)?;
    let events = desk.events();
    ask(&desk, "vault_unlock", json!({"passphrase": PASSPHRASE}))?;
    let id = until_current(&desk, events)?;
    let request = |new_only| json!({"factionId": id, "newOnly": new_only});
    let start = Instant::now();
    let news = ask(&desk, "faction_news", request(false))?;
    let first_ms = ms_since(start);
    let entries = rows(&news["entries"]);
    let mut cost = Cost {
        open_ms,
        first_ms,
        entries: entries.len(),
        ..Cost::default()
    };
    let targets: Vec<&Value> = entries
        .iter()
        .map(|entry| &entry["target"])
        .filter(|target| target["kind"] == "agendaItem")
        .collect();
    ensure!(!targets.is_empty(), "nothing is about an agenda item");
    let mut dice = Dice(7);
    for round in 0..ROUNDS {
        let (ms, _) = timed(&desk, "faction_news", request(false))?;
        cost.news_ms.push(ms);
        let text = match round % 3 {
            0 => dice.noun(),
            1 => dice.noun().chars().take(5).collect(),
            _ => format!("{} {}", dice.noun(), dice.noun()),
        };
        let search = json!({"text": text, "typing": round % 3 == 1, "kinds": ["faction"]});
        let (ms, found) = timed(&desk, "search", search)?;
        cost.search_ms.push(ms);
        cost.hits += found["hitCount"].as_u64().unwrap_or_default() as usize;
        let target = targets.get(round * 7 % targets.len()).context("a target")?;
        let about = json!({"factionId": id, "target": target});
        let (ms, topic) = timed(&desk, "faction_about", about)?;
        cost.about_ms.push(ms);
        ensure!(!rows(&topic["spaces"]).is_empty(), "nothing is told");
    }
    cost.pss_mb = pss_mb()?;
    ask(&desk, "vault_lock", json!({}))?;
    Ok(cost)
}

/// As the window asks, JSON in and out; reading the JSON is not counted.
fn timed(desk: &Desk, name: &str, request: Value) -> Result<(f64, Value)> {
    let start = Instant::now();
    let answer = desk
        .call_text(name, request)
        .map_err(|error| anyhow::anyhow!("{name}: {}", error.message))?;
    let ms = ms_since(start);
    Ok((ms, serde_json::from_str(answer.get())?))
}

fn join(folder: &Path) -> Result<Cost> {
    let desk = app::desk(folder)?;
    let events = desk.events();
    ask(&desk, "vault_unlock", json!({"passphrase": PASSPHRASE}))?;
    // Unlocking begins the exchange; what a passphrase costs is not in it.
    let start = Instant::now();
    let id = until_current(&desk, events)?;
    let request = json!({"factionId": id, "newOnly": false});
    let news = ask(&desk, "faction_news", request)?;
    let cost = Cost {
        ready_ms: ms_since(start),
        entries: rows(&news["entries"]).len(),
        pss_mb: pss_mb()?,
        ..Cost::default()
    };
    ask(&desk, "vault_lock", json!({}))?;
    Ok(cost)
}

fn join_by_envelopes(folder: &Path) -> Result<Cost> {
    let runtime = runtime()?;
    let tablet = Tablet::open(folder)?;
    let start = Instant::now();
    let store = FactionStore::open(&tablet.vault)?;
    let record = store.spaces()?.into_iter().next().context("no space")?;
    let space = store.space(record.faction)?;
    let client = tablet.paired().client()?;
    let mut writer = Writer { space, client };
    writer.exchange(&runtime)?;
    while writer.space.read_ahead(100)? {}
    Ok(Cost {
        ready_ms: ms_since(start),
        entries: usize::try_from(writer.space.fetched()?)?,
        ..Cost::default()
    })
}

/// Until the exchange has nothing left to say. Result: the space's id.
fn until_current(desk: &Desk, mut events: Receiver<DeskEvent>) -> Result<String> {
    loop {
        let overview = ask(desk, "faction_overview", json!({}))?;
        let card = &overview["spaces"][0];
        match card["contact"].as_str() {
            Some("current") => return Ok(card["id"].as_str().unwrap_or_default().to_owned()),
            Some("refused") => bail!("the exchange was refused: {card}"),
            _ => {}
        }
        match events.blocking_recv() {
            Ok(_) | Err(RecvError::Lagged(_)) => {}
            Err(RecvError::Closed) => bail!("the desk is gone"),
        }
    }
}

pub fn rows(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}
