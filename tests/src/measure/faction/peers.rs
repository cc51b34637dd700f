//! The same history of what several write in, by Loro, Automerge and Yrs: 3,000 positions that two go on with, 8,000 short texts. The
//! writing is planned before, seeded, as places and words, so that each library is given the very same. One process for each
//! library merges all edits into new documents and keeps a snapshot of each; another one loads those and holds them.

mod libraries;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use clap::{Args, ValueEnum};
use serde::{Deserialize, Serialize};

use self::libraries::{Automerge, Library, Loro, Yrs};
use super::super::figures::{Figure, Series, build, ms_since};
use super::super::memory::pss_of_tree;
use super::super::supply::fresh;
use super::series;
use super::words::Dice;

const ROUNDS: usize = 3;
const SEED: u64 = 11;

/// Whose documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Peer {
    Loro,
    Automerge,
    Yrs,
}

/// `merging-once`; started by `faction-merging`.
#[derive(Args, Clone)]
pub struct MergingOnce {
    #[arg(long)]
    peer: Peer,
    #[arg(long)]
    folder: PathBuf,
    /// Loads what another process has written.
    #[arg(long)]
    load: bool,
}

#[derive(Debug, Default, Serialize, Deserialize)]
struct Cost {
    write_ms: f64,
    merge_ms: f64,
    edits_mb: f64,
    snapshot_mb: f64,
    load_ms: f64,
    held_mb: f64,
    /// Of all texts together.
    chars: usize,
}

/// One edit: who writes what where. It is taken as far as the text reaches.
pub struct Step {
    writer: usize,
    at: usize,
    delete: usize,
    insert: String,
    /// Both have exchanged before it.
    is_known: bool,
}

/// What is written in one document.
type Plan = Vec<Step>;

fn plans() -> Result<Vec<Plan>> {
    let part = super::scene::counts()?;
    let mut dice = Dice(SEED);
    let begun = |dice: &mut Dice, words| Step {
        writer: 0,
        at: 0,
        delete: 0,
        insert: dice.text(words),
        is_known: true,
    };
    let mut plans = Vec::new();
    for _ in 0..part.positions {
        let mut plan = vec![begun(&mut dice, 12)];
        for edit in 0..part.position_edits / part.positions.max(1) {
            let count = 1 + dice.below(6);
            plan.push(Step {
                writer: edit % 2,
                at: dice.below(900),
                delete: [0, 0, 8, 30][dice.below(4)],
                insert: format!("{} ", dice.text(count)),
                // Every other pair is written without knowing of each other.
                is_known: edit % 4 != 1,
            });
        }
        plans.push(plan);
    }
    for _ in 0..part.messages + part.tasks {
        let count = 10 + dice.below(60);
        let mut plan = vec![begun(&mut dice, count)];
        if dice.below(4) == 0 {
            plan.push(Step {
                writer: 0,
                at: dice.below(60),
                delete: 12,
                insert: dice.text(5),
                is_known: true,
            });
        }
        plans.push(plan);
    }
    Ok(plans)
}

impl MergingOnce {
    /// Prints what it cost.
    pub fn run(&self) -> Result<()> {
        let cost = match self.peer {
            Peer::Loro => self.of::<Loro>(),
            Peer::Automerge => self.of::<Automerge>(),
            Peer::Yrs => self.of::<Yrs>(),
        }?;
        println!("{}", serde_json::to_string(&cost)?);
        Ok(())
    }

    fn of<L: Library>(&self) -> Result<Cost> {
        let file = self.folder.join(format!("{:?}", self.peer));
        if self.load {
            load::<L>(&file)
        } else {
            merge::<L>(&file)
        }
    }

    fn started(peer: Peer, folder: &Path, is_load: bool) -> Result<Cost> {
        let name = peer.to_possible_value().context("the peer has a name")?;
        let mut command = Command::new(std::env::current_exe()?);
        command
            .args(["merging-once", "--peer", name.get_name(), "--folder"])
            .arg(folder)
            .stderr(Stdio::inherit());
        if is_load {
            command.arg("--load");
        }
        let output = command
            .output()
            .context("this program does not start again; was it replaced meanwhile?")?;
        ensure!(output.status.success(), "merging-once: {}", output.status);
        Ok(serde_json::from_slice(&output.stdout)?)
    }
}

/// Two write it, each on a document of its own. Result: all edits, in their order, and the text that both have at the end.
fn write<L: Library>(plan: &Plan) -> Result<(Vec<Vec<u8>>, String)> {
    let mut documents = [L::new(1)?, L::new(2)?];
    let mut edits: Vec<Vec<u8>> = Vec::new();
    // How many edits each of the two knows.
    let mut known = [0, 0];
    let mut fetch = |documents: &mut [L; 2], edits: &[Vec<u8>], own: &[usize], who: usize| {
        for (at, edit) in edits.iter().enumerate().skip(known[who]) {
            if own.get(at) != Some(&who) {
                documents[who].import(edit)?;
            }
        }
        known[who] = edits.len();
        Ok::<_, anyhow::Error>(())
    };
    let mut own = Vec::new();
    for step in plan {
        if step.is_known {
            fetch(&mut documents, &edits, &own, step.writer)?;
        }
        let edit = documents[step.writer].splice(step.at, step.delete, &step.insert)?;
        edits.push(edit);
        own.push(step.writer);
    }
    fetch(&mut documents, &edits, &own, 0)?;
    fetch(&mut documents, &edits, &own, 1)?;
    let [one, other] = documents.map(|document| document.text());
    ensure!(one == other, "the two do not read the same");
    Ok((edits, one))
}

fn merge<L: Library>(file: &Path) -> Result<Cost> {
    let plans = plans()?;
    let start = Instant::now();
    let written: Vec<(Vec<Vec<u8>>, String)> =
        plans.iter().map(write::<L>).collect::<Result<_>>()?;
    let mut cost = Cost {
        write_ms: ms_since(start),
        ..Cost::default()
    };
    let start = Instant::now();
    let mut documents = Vec::new();
    for (edits, text) in &written {
        let mut document = L::new(3)?;
        for edit in edits {
            document.import(edit)?;
            cost.edits_mb += edit.len() as f64 / 1e6;
        }
        ensure!(document.text() == *text, "merged, it reads otherwise");
        documents.push(document);
    }
    cost.merge_ms = ms_since(start);
    let snapshots: Vec<Vec<u8>> = documents
        .iter_mut()
        .map(Library::snapshot)
        .collect::<Result<_>>()?;
    cost.chars = written.iter().map(|(_, text)| text.chars().count()).sum();
    cost.snapshot_mb = snapshots.iter().map(Vec::len).sum::<usize>() as f64 / 1e6;
    std::fs::write(file, serde_json::to_vec(&snapshots)?)?;
    Ok(cost)
}

fn load<L: Library>(file: &Path) -> Result<Cost> {
    let snapshots: Vec<Vec<u8>> = serde_json::from_slice(&std::fs::read(file)?)?;
    let pss = || pss_of_tree(std::process::id()).map(|bytes| bytes as f64 / 1e6);
    let before = pss()?;
    let start = Instant::now();
    let (mut documents, mut chars) = (Vec::new(), 0);
    for snapshot in &snapshots {
        let document = L::load(snapshot)?;
        chars += document.text().chars().count();
        documents.push(document);
    }
    let load_ms = ms_since(start);
    ensure!(documents.len() == snapshots.len(), "one is missing");
    Ok(Cost {
        load_ms,
        held_mb: pss()? - before,
        chars,
        ..Cost::default()
    })
}

#[derive(Default)]
struct Costs {
    merges: Vec<Cost>,
    loads: Vec<Cost>,
}

pub fn measure(out: &Path) -> Result<Vec<Figure>> {
    let folder = fresh(out, "faction-merging")?;
    let plans = plans()?;
    let (documents, count) = (plans.len(), plans.iter().map(Vec::len).sum::<usize>());
    eprintln!("measuring {count} edits by three libraries ({}) …", build());
    let peers = [Peer::Loro, Peer::Automerge, Peer::Yrs];
    let mut all = peers.map(|_| Costs::default());
    for _ in 0..ROUNDS {
        for (peer, costs) in peers.into_iter().zip(&mut all) {
            let merged = MergingOnce::started(peer, &folder, false)?;
            let loaded = MergingOnce::started(peer, &folder, true)?;
            ensure!(merged.chars == loaded.chars, "{peer:?} loads other texts");
            costs.merges.push(merged);
            costs.loads.push(loaded);
        }
    }
    std::fs::remove_dir_all(&folder)?;
    let [loro, automerge, yrs] = all;
    let line = |name: &str, unit: &str, decimals, of: &dyn Fn(&Costs) -> Series| {
        let words = |costs: &Costs| of(costs).words(decimals, unit);
        Figure {
            name: format!(
                "{count} edits of {documents} documents: {name} ({})",
                build()
            ),
            ours: format!("Loro {}", words(&loro)),
            peer: format!("Automerge {}; Yrs {}", words(&automerge), words(&yrs)),
            ratio: format!(
                "{:.2}; {:.2}",
                of(&loro).median() / of(&automerge).median(),
                of(&loro).median() / of(&yrs).median()
            ),
            aim: String::new(),
            is_met: true,
        }
    };
    let merges = |of: fn(&Cost) -> f64| move |costs: &Costs| series(costs.merges.iter().map(of));
    let loads = |of: fn(&Cost) -> f64| move |costs: &Costs| series(costs.loads.iter().map(of));
    Ok(vec![
        line("written by two", "ms", 0, &merges(|cost| cost.write_ms)),
        line(
            "merged, edit by edit",
            "ms",
            0,
            &merges(|cost| cost.merge_ms),
        ),
        line(
            "length of all edits",
            "MB",
            2,
            &merges(|cost| cost.edits_mb),
        ),
        line(
            "length of all snapshots",
            "MB",
            2,
            &merges(|cost| cost.snapshot_mb),
        ),
        line(
            "loaded from snapshots and read",
            "ms",
            0,
            &loads(|cost| cost.load_ms),
        ),
        line(
            "memory that they take, loaded",
            "MB",
            0,
            &loads(|cost| cost.held_mb),
        ),
    ])
}
