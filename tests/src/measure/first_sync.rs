//! The first synchronisation of a tablet: a gigabyte in 500 files from the council server over TLS on loopback, every file
//! hashed, durable and marked present; against curl that fetches the same ciphertext files from nginx over TLS.

use std::fs;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use tokio::runtime::Runtime;

use super::figures::{Figure, Series, build};
use super::nginx::Nginx;
use super::supply::{Tablet, bare_council, fresh, open, paper, runtime, serve_apart};

const FILES: usize = 500;
/// Plain bytes of all files together.
const BYTES: usize = 1_000_000_000;
const BYTES_VARIABLE: &str = "RATSMAPPE_BENCH_BYTES";
const ROUNDS: usize = 5;
/// Share of the peer's throughput.
const AIM: f64 = 0.7;
const PARALLEL: &str = "4";

pub fn measure(out: &Path) -> Result<Vec<Figure>> {
    let bytes = match std::env::var(BYTES_VARIABLE) {
        Ok(text) => text
            .parse()
            .with_context(|| format!("{BYTES_VARIABLE}={text}"))?,
        Err(_) => BYTES,
    };
    let work = fresh(out, "first-sync")?;
    println!("preparing {FILES} files of {bytes} bytes together …");
    let council = work.join("council");
    let server = open(&council)?;
    let mut draft = bare_council();
    let plain = fresh(&work, "plain")?;
    for number in 0..FILES {
        let path = plain.join(format!("{number}.pdf"));
        write_noise(&path, bytes / FILES, number as u64)?;
        draft.papers.push(paper(number, Some(&path)));
    }
    server.publish(&draft)?;
    fs::remove_dir_all(&plain)?;

    let root = council.join("data").join("blobs");
    let sealed = ciphertexts(&root)?;
    ensure!(
        sealed.len() == FILES,
        "{} ciphertexts instead of {FILES}",
        sealed.len()
    );
    let sealed_bytes: u64 = sealed.iter().map(|(_, byte_len)| byte_len).sum();
    let nginx = Nginx::serve(&root, &work.join("nginx"))?;
    let curl = Curl::prepare(&work, &nginx, &root, &sealed)?;
    let (_process, address) = serve_apart(&council)?;
    let runtime = runtime()?;
    println!("measuring the first synchronisation ({}) …", build());
    let (mut ours, mut peer) = (Series::default(), Series::default());
    for round in 0..=ROUNDS {
        let folder = fresh(&work, "tablet")?;
        let tablet = Tablet::pair(&runtime, &server, &address, &folder, None)?;
        let ours_s = sync_seconds(&runtime, &tablet, sealed_bytes)?;
        drop(tablet);
        fs::remove_dir_all(&folder)?;
        let peer_s = curl.fetch_seconds(sealed_bytes)?;
        // The first pair fills the file cache and is not counted.
        if round > 0 {
            let megabytes = sealed_bytes as f64 / 1e6;
            ours.push(megabytes / ours_s);
            peer.push(megabytes / peer_s);
        }
    }
    drop(nginx);
    fs::remove_dir_all(&work)?;
    let ratio = ours.median() / peer.median();
    Ok(vec![Figure {
        name: format!(
            "first sync, {FILES} files, {:.0} MB of ciphertext, verified and durable ({})",
            sealed_bytes as f64 / 1e6,
            build()
        ),
        ours: ours.words(0, "MB/s"),
        peer: format!(
            "`curl --parallel --parallel-max {PARALLEL}` from nginx {}",
            peer.words(0, "MB/s")
        ),
        ratio: format!("{ratio:.2}"),
        aim: format!("≥ {AIM:.1}"),
        is_met: ratio >= AIM,
    }])
}

fn sync_seconds(runtime: &Runtime, tablet: &Tablet, sealed_bytes: u64) -> Result<f64> {
    settle_disk()?;
    let start = Instant::now();
    let outcome = tablet.sync(runtime)?;
    let seconds = start.elapsed().as_secs_f64();
    ensure!(
        outcome.files_fetched == FILES as u64,
        "fetched {} files",
        outcome.files_fetched
    );
    let stored: u64 = tablet
        .vault
        .blobs(tablet.council)
        .list()?
        .iter()
        .map(|blob| blob.byte_len)
        .sum();
    ensure!(
        stored == sealed_bytes,
        "{stored} bytes lie on the tablet instead of {sealed_bytes}"
    );
    Ok(seconds)
}

/// What the run before left to be written must not be paid for by the next.
fn settle_disk() -> Result<()> {
    ensure!(Command::new("sync").status()?.success(), "sync failed");
    Ok(())
}

/// Path below the root and length of every ciphertext.
fn ciphertexts(root: &Path) -> Result<Vec<(String, u64)>> {
    let mut found = Vec::new();
    for shelf in fs::read_dir(root)? {
        let shelf = shelf?;
        for file in fs::read_dir(shelf.path())? {
            let file = file?;
            let (shelf, name) = (shelf.file_name(), file.file_name());
            let path = format!("{}/{}", shelf.to_string_lossy(), name.to_string_lossy());
            found.push((path, file.metadata()?.len()));
        }
    }
    found.sort();
    Ok(found)
}

/// The peer, with a list of what to fetch.
struct Curl {
    list: PathBuf,
    into: PathBuf,
}

impl Curl {
    fn prepare(work: &Path, nginx: &Nginx, root: &Path, sealed: &[(String, u64)]) -> Result<Self> {
        let into = work.join("fetched");
        let mut list = String::new();
        for (path, _) in sealed {
            ensure!(root.join(path).is_file(), "{path} is gone");
            let name = path.rsplit('/').next().unwrap_or(path);
            list.push_str(&format!(
                "url = \"https://{}/{path}\"\noutput = \"{name}\"\n",
                nginx.addr
            ));
        }
        let file = work.join("curl.list");
        fs::write(&file, list)?;
        Ok(Self { list: file, into })
    }

    fn fetch_seconds(&self, sealed_bytes: u64) -> Result<f64> {
        fs::create_dir_all(&self.into)?;
        settle_disk()?;
        let start = Instant::now();
        let status = Command::new("curl")
            .args(["--parallel", "--parallel-max", PARALLEL])
            .args([
                "--insecure",
                "--fail",
                "--silent",
                "--show-error",
                "--noproxy",
                "*",
            ])
            .arg("--config")
            .arg(&self.list)
            .current_dir(&self.into)
            .status()
            .context("curl does not start")?;
        let seconds = start.elapsed().as_secs_f64();
        ensure!(status.success(), "curl: {status}");
        let mut fetched = 0;
        for file in fs::read_dir(&self.into)? {
            fetched += file?.metadata()?.len();
        }
        ensure!(
            fetched == sealed_bytes,
            "curl fetched {fetched} bytes instead of {sealed_bytes}"
        );
        fs::remove_dir_all(&self.into)?;
        Ok(seconds)
    }
}

/// A file that begins like a PDF and cannot be packed any smaller: xorshift64*, its own stream for each file.
fn write_noise(path: &Path, byte_len: usize, stream: u64) -> Result<()> {
    let mut out = BufWriter::new(fs::File::create(path)?);
    out.write_all(b"%PDF-1.7\n")?;
    let mut state = stream.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let mut left = byte_len;
    while left > 0 {
        state ^= state >> 12;
        state ^= state << 25;
        state ^= state >> 27;
        let word = state.wrapping_mul(0x2545_F491_4F6C_DD1D).to_le_bytes();
        let part = word.get(..left.min(word.len())).unwrap_or(&word);
        out.write_all(part)?;
        left -= part.len();
    }
    out.flush()?;
    Ok(())
}
