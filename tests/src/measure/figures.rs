//! Figures: medians of rounds in turns, one table at the end. No measuring here.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

/// One line of the table.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Figure {
    /// What is measured, with its conditions.
    pub name: String,
    /// Ours, with its unit.
    pub ours: String,
    /// The peer by name, and its figure with its unit.
    pub peer: String,
    /// Ours against the peer's; empty where there is none to compare with.
    pub ratio: String,
    /// What was aimed at; empty where nothing was.
    pub aim: String,
    pub is_met: bool,
}

/// All figures of a run, kept in a file where several programs measure.
pub struct Figures {
    file: Option<PathBuf>,
    figures: Vec<Figure>,
}

impl Figures {
    /// The figures that stand in `file` already.
    pub fn load(file: Option<&Path>) -> Result<Self> {
        let figures = match file {
            Some(path) if path.exists() => serde_json::from_slice(&std::fs::read(path)?)
                .with_context(|| format!("{} holds no figures", path.display()))?,
            _ => Vec::new(),
        };
        Ok(Self {
            file: file.map(Path::to_path_buf),
            figures,
        })
    }

    /// Adds the figures of one measurement and keeps them at once.
    pub fn add(&mut self, figures: Vec<Figure>) -> Result<()> {
        for figure in &figures {
            println!("{}: {} / {}", figure.name, figure.ours, figure.peer);
        }
        self.figures.extend(figures);
        if let Some(path) = &self.file {
            std::fs::write(path, serde_json::to_vec_pretty(&self.figures)?)
                .with_context(|| format!("cannot write {}", path.display()))?;
        }
        Ok(())
    }

    /// Prints the table as Markdown.
    pub fn print(&self) {
        println!("\n| measurement | Ratsmappe | peer | ratio | aim | |");
        println!("|---|---|---|---|---|---|");
        for figure in &self.figures {
            let verdict = match (figure.aim.is_empty(), figure.is_met) {
                (true, _) => "",
                (false, true) => "met",
                (false, false) => "**missed**",
            };
            println!(
                "| {} | {} | {} | {} | {} | {verdict} |",
                figure.name, figure.ours, figure.peer, figure.ratio, figure.aim
            );
        }
    }
}

/// Values of one program over all rounds.
#[derive(Clone, Debug, Default)]
pub struct Series(Vec<f64>);

impl Series {
    pub fn push(&mut self, value: f64) {
        self.0.push(value);
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// The middle value; of an even count the mean of the two in the middle. 0 for no values.
    pub fn median(&self) -> f64 {
        let mut sorted = self.0.clone();
        sorted.sort_by(f64::total_cmp);
        let upper = sorted.get(sorted.len() / 2).copied().unwrap_or_default();
        match sorted.len() {
            0 => 0.0,
            odd if odd % 2 == 1 => upper,
            even => (upper + sorted.get(even / 2 - 1).copied().unwrap_or(upper)) / 2.0,
        }
    }

    /// The value below which this part of all lies, 0 to 1; 0 for no values.
    pub fn quantile(&self, part: f64) -> f64 {
        let mut sorted = self.0.clone();
        sorted.sort_by(f64::total_cmp);
        // A count of values is far below 2^52, and `part` keeps it to the range.
        let at = (sorted.len().saturating_sub(1) as f64 * part.clamp(0.0, 1.0)).round() as usize;
        sorted.get(at).copied().unwrap_or_default()
    }

    /// Median and 95th percentile, least and greatest value with these decimals and this unit.
    pub fn percentiles(&self, decimals: usize, unit: &str) -> String {
        let (least, greatest) = (self.quantile(0.0), self.quantile(1.0));
        format!(
            "p50 {:.decimals$}, p95 {:.decimals$} {unit} ({least:.decimals$}–{greatest:.decimals$}, n = {})",
            self.median(),
            self.quantile(0.95),
            self.len()
        )
    }

    /// Median, least and greatest value with these decimals and this unit.
    pub fn words(&self, decimals: usize, unit: &str) -> String {
        let least = self.0.iter().copied().fold(f64::INFINITY, f64::min);
        let greatest = self.0.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        format!(
            "{:.decimals$} {unit} ({least:.decimals$}–{greatest:.decimals$}, n = {})",
            self.median(),
            self.len()
        )
    }
}

/// Milliseconds since `start`.
pub fn ms_since(start: std::time::Instant) -> f64 {
    start.elapsed().as_secs_f64() * 1000.0
}

/// Milliseconds that this thread has run; other programs on a busy machine do not lengthen them.
pub fn thread_cpu_ms() -> f64 {
    std::fs::read_to_string("/proc/thread-self/schedstat")
        .ok()
        .and_then(|text| text.split(' ').next()?.parse::<f64>().ok())
        .map_or(0.0, |ns| ns / 1e6)
}

/// How this program was built; a debug build's times say nothing.
pub fn build() -> &'static str {
    if cfg!(debug_assertions) {
        "debug build"
    } else {
        "release build"
    }
}
