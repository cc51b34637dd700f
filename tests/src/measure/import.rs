//! The import of a recorded municipality over OParl, without its files: the first, and one with nothing changed. By a process
//! of its own, whose peak of memory the kernel tells. Beside it `curl`, which fetches the same list pages over one kept
//! connection and keeps nothing.
//!
//! The program that plays the record sends head and body of an answer apart and waits in between for an acknowledgement
//! (Nagle's algorithm), which the kernel of whoever asks holds back for 40 ms on a kept connection. Few real servers do. So all
//! is measured twice: as it is, and through a proxy that acknowledges at once.

use std::fs;
use std::io::{BufRead, BufReader};
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context, Result, bail, ensure};
use clap::Args;
use council_server::oparl::OparlRequest;
use serde::{Deserialize, Serialize};
use stories::process::Kept;
use tokio::runtime::Runtime;

use super::figures::{Figure, Series, build, ms_since};
use super::proxy::Proxy;
use super::shared;
use super::supply::{fresh, open, runtime};

const ROUNDS: usize = 3;
const AIM_SECONDS: f64 = 60.0;
/// Of resident memory, MB (10^6 bytes).
const AIM_MB: f64 = 300.0;
/// Part of the first import's time.
const AIM_REPEAT: f64 = 0.2;

/// Where to import from and into.
#[derive(Args, Clone)]
pub struct ImportOnce {
    #[arg(long)]
    folder: PathBuf,
    #[arg(long)]
    url: String,
}

/// What one import cost.
#[derive(Serialize, Deserialize)]
struct Cost {
    ms: f64,
    peak_mb: f64,
    requests: usize,
    kept: usize,
    is_unchanged: bool,
}

impl ImportOnce {
    /// Imports everything but files, with the manners of the command line, and prints what it cost.
    pub fn run(&self) -> Result<()> {
        let server = open(&self.folder)?;
        let request = OparlRequest {
            no_files: true,
            public_only: true,
            ..OparlRequest::whole(self.url.clone())
        };
        let start = Instant::now();
        let report = server.import_oparl_reported(&request, &|_| {})?;
        let cost = Cost {
            ms: ms_since(start),
            peak_mb: peak_mb()?,
            requests: report.requests,
            kept: report.kept,
            is_unchanged: report.is_unchanged,
        };
        println!("{}", serde_json::to_string(&cost)?);
        Ok(())
    }

    fn in_fresh_process(&self, proxy: Option<&Proxy>) -> Result<Cost> {
        let mut command = Command::new(std::env::current_exe()?);
        command
            .arg("import-once")
            .arg("--folder")
            .arg(&self.folder)
            .args(["--url", &self.url])
            .env_remove("HTTP_PROXY")
            .env_remove("http_proxy")
            .env_remove("all_proxy")
            .env_remove("ALL_PROXY")
            .stderr(Stdio::inherit());
        if let Some(proxy) = proxy {
            command.env("http_proxy", format!("http://{}", proxy.addr));
            command.env("no_proxy", "").env("NO_PROXY", "");
        }
        let output = command
            .output()
            .context("this program does not start again; was it replaced meanwhile?")?;
        ensure!(output.status.success(), "import-once: {}", output.status);
        Ok(serde_json::from_slice(&output.stdout)?)
    }
}

#[derive(Default)]
struct Way {
    first: Series,
    repeat: Series,
    peak: Series,
    curl_first: Series,
    curl_repeat: Series,
    requests: (usize, usize),
    kept: usize,
}

pub fn measure(out: &Path) -> Result<Vec<Figure>> {
    let Some(folder) = shared::folder() else {
        bail!("no real data beside the checkout: the import needs the recorded municipality");
    };
    let work = fresh(out, "import")?;
    let runtime = runtime()?;
    let replay = Replay::start(&folder)?;
    let proxy = Proxy::prompt(&runtime, replay.addr)?;
    let pages = list_pages(&folder, &replay)?;
    let (mut as_is, mut prompt) = (Way::default(), Way::default());
    for round in 0..ROUNDS {
        eprintln!("import, round {} of {ROUNDS} …", round + 1);
        round_of(&mut as_is, &work, &replay, &pages, None)?;
        round_of(&mut prompt, &work, &replay, &pages, Some(&proxy))?;
    }
    let mut figures = figures(&as_is, "the player as it is: 40 ms for each answer");
    figures.extend(self::figures(&prompt, "answers acknowledged at once"));
    stop(runtime, proxy, &work)?;
    Ok(figures)
}

fn stop(runtime: Runtime, proxy: Proxy, work: &Path) -> Result<()> {
    drop(proxy);
    drop(runtime);
    Ok(fs::remove_dir_all(work)?)
}

fn round_of(
    way: &mut Way,
    work: &Path,
    replay: &Replay,
    pages: &[String],
    proxy: Option<&Proxy>,
) -> Result<()> {
    let import = ImportOnce {
        folder: fresh(work, "council")?,
        url: replay.system.clone(),
    };
    let first = import.in_fresh_process(proxy)?;
    ensure!(
        !first.is_unchanged && first.kept > 0,
        "nothing was imported"
    );
    way.curl_first.push(curl_seconds(work, pages, "", proxy)?);
    let repeat = import.in_fresh_process(proxy)?;
    ensure!(repeat.is_unchanged, "something had changed");
    let since = chrono::Utc::now().format("%Y-%m-%dT00:00:00%%2B00:00");
    let filter = format!("modified_since={since}");
    way.curl_repeat
        .push(curl_seconds(work, pages, &filter, proxy)?);
    way.first.push(first.ms / 1000.0);
    way.repeat.push(repeat.ms / 1000.0);
    way.peak.push(first.peak_mb.max(repeat.peak_mb));
    (way.requests, way.kept) = ((first.requests, repeat.requests), first.kept);
    Ok(())
}

fn figures(way: &Way, condition: &str) -> Vec<Figure> {
    let (first, repeat) = (way.first.median(), way.repeat.median());
    let line =
        |name: String, ours: String, peer: String, ratio: String, aim: String, is_met| Figure {
            name: format!("OParl import, {name} ({condition}; {})", build()),
            ours,
            peer,
            ratio,
            aim,
            is_met,
        };
    vec![
        line(
            format!("{} objects, {} requests", way.kept, way.requests.0),
            way.first.words(2, "s"),
            format!("`curl`, the list pages {}", way.curl_first.words(2, "s")),
            format!("{:.1}", first / way.curl_first.median()),
            format!("≤ {AIM_SECONDS:.0} s"),
            first <= AIM_SECONDS,
        ),
        line(
            "peak memory of the process".to_owned(),
            way.peak.words(0, "MB"),
            "none: `curl` keeps nothing".to_owned(),
            String::new(),
            format!("≤ {AIM_MB:.0} MB"),
            way.peak.quantile(1.0) <= AIM_MB,
        ),
        line(
            format!("again, nothing changed, {} requests", way.requests.1),
            way.repeat.words(2, "s"),
            format!(
                "`curl`, the list pages filtered {}; the first import {first:.2} s",
                way.curl_repeat.words(2, "s")
            ),
            format!("{:.2} of the first", repeat / first),
            "≤ 1/5 of the first".to_owned(),
            repeat <= first * AIM_REPEAT,
        ),
    ]
}

/// The recorded municipality on loopback.
struct Replay {
    addr: SocketAddr,
    /// The address of its OParl system.
    system: String,
    _process: Kept,
}

impl Replay {
    fn start(shared: &Path) -> Result<Self> {
        let addr = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
        let mut process = Kept::start(
            Command::new("python3")
                .arg(shared.join("tools/oparl_replay.py"))
                .arg("--crawl")
                .arg(shared::crawl(shared))
                .arg("--pdfs")
                .arg(shared.join("data/pdf/erlangen"))
                .args(["--port", &addr.port().to_string()])
                .stdout(Stdio::piped())
                .stderr(Stdio::null()),
        )?;
        let mut line = String::new();
        BufReader::new(process.child().stdout.take().context("no pipe")?).read_line(&mut line)?;
        ensure!(!line.trim().is_empty(), "the record does not play");
        Ok(Self {
            addr,
            system: line.trim().to_owned(),
            _process: process,
        })
    }
}

/// The addresses of all recorded list pages on the player.
fn list_pages(shared: &Path, replay: &Replay) -> Result<Vec<String>> {
    let crawl = shared::crawl(shared);
    let base = replay
        .system
        .rsplit_once('/')
        .context("the system has no path")?
        .0;
    let mut pages = Vec::new();
    for path in shared::below(&crawl.join("body"), "json")? {
        let inside = path.strip_prefix(&crawl)?.with_extension("");
        pages.push(format!("{base}/{}", inside.to_string_lossy()));
    }
    ensure!(pages.len() > 50, "only {} list pages", pages.len());
    Ok(pages)
}

/// One curl, one kept connection, one page after the other.
fn curl_seconds(work: &Path, pages: &[String], filter: &str, proxy: Option<&Proxy>) -> Result<f64> {
    let mut settings = String::new();
    for page in pages {
        let joint = match (filter.is_empty(), page.contains('?')) {
            (true, _) => "",
            (false, true) => "&",
            (false, false) => "?",
        };
        settings.push_str(&format!(
            "url = \"{page}{joint}{filter}\"\noutput = \"/dev/null\"\n"
        ));
    }
    let path = work.join("curl.txt");
    fs::write(&path, settings)?;
    let mut command = Command::new("curl");
    command
        .args(["--silent", "--show-error", "--fail", "--config"])
        .arg(&path);
    match proxy {
        Some(proxy) => command.args([
            "--noproxy",
            "",
            "--proxy",
            &format!("http://{}", proxy.addr),
        ]),
        None => command.args(["--noproxy", "*"]),
    };
    let start = Instant::now();
    let status = command.status().context("curl does not start")?;
    let seconds = start.elapsed().as_secs_f64();
    ensure!(status.success(), "curl: {status}");
    Ok(seconds)
}

/// The greatest resident memory of this process so far, MB.
fn peak_mb() -> Result<f64> {
    let text = fs::read_to_string("/proc/self/status").context("this measurement needs Linux")?;
    let kib: f64 = text
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .and_then(|rest| rest.split_whitespace().next())
        .context("the kernel tells no peak")?
        .parse()?;
    Ok(kib * 1024.0 / 1e6)
}
