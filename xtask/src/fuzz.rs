//! The parsers under cargo-fuzz, one after the other, from the seeds that the tests use.

use std::fs;
use std::process::Stdio;

use anyhow::{Context, Result, ensure};

use crate::paths;
use crate::process::{command, run, timed};

/// The targets of `tests/fuzz`, each with the length of its longest inputs, bytes: a page of a faction's news has 8 KiB, what is
/// typed or scanned 200 letters.
const TARGETS: [(&str, u32); 10] = [
    ("protocol", 10_240),
    ("texts", 512),
    ("blob", 4_096),
    ("slots", 4_096),
    ("backup", 4_096),
    ("feed", 4_096),
    ("oparl", 4_096),
    ("intake", 4_096),
    ("page_url", 4_096),
    ("cage", 4_096),
];

/// Gives each parser `runs` inputs; stops at the first that one of them cannot stand, which then lies in
/// `target/fuzz/artifacts`.
///
/// * `only` – one target; all of them without it.
pub fn all(runs: u64, only: Option<&str>) -> Result<()> {
    let is_there = command("cargo", &["+nightly", "fuzz", "--version"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success());
    ensure!(
        is_there,
        "this needs a nightly compiler and cargo-fuzz: rustup toolchain install nightly && cargo install cargo-fuzz"
    );
    let corpus = paths::root().join("target/fuzz/corpus");
    timed("seeds", || write_seeds(&corpus))?;
    let chosen = |(target, _): &&(&str, u32)| only.is_none_or(|only| only == *target);
    ensure!(
        TARGETS.iter().any(|target| chosen(&target)),
        "there is no such parser; there are: {}",
        TARGETS.map(|(target, _)| target).join(", ")
    );
    for (target, longest) in TARGETS.iter().filter(chosen) {
        timed(&format!("fuzz {target}: {runs} inputs"), || {
            let (found, corpus) = (
                paths::root().join("target/fuzz/artifacts").join(target),
                corpus.join(target),
            );
            fs::create_dir_all(&found)?;
            fs::create_dir_all(&corpus)?;
            // No sanitizer: there is no unsafe code here, and findings are panics.
            run(command("cargo", &["+nightly", "fuzz", "run"])
                .args(["--fuzz-dir", "tests/fuzz", "--target-dir", "target/fuzz"])
                .args(["--sanitizer", "none", "--features", target, target])
                .arg(corpus)
                .arg("--")
                .arg(format!("-runs={runs}"))
                .arg(format!("-artifact_prefix={}/", found.display()))
                .arg(format!("-max_len={longest}"))
                .args(["-timeout=10", "-print_final_stats=1", "-verbosity=1"]))
        })?;
    }
    Ok(())
}

/// The tests that damage the seeds write them, too.
fn write_seeds(corpus: &std::path::Path) -> Result<()> {
    run(command("cargo", &["test", "--locked", "--workspace"])
        .args([
            "--features",
            "ratsmappe/custom-protocol",
            "--lib",
            "--test",
            "never_panics",
            "--",
        ])
        .args(["or_refused", "the_same_damage"])
        .env("RATSMAPPE_WRITE_SEEDS", corpus))
    .context("the seeds")
}
