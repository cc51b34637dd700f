//! Every test, in the order that finds mistakes soonest; each suite prints its seconds.

use std::fs;
use std::num::NonZero;
use std::process::Stdio;
use std::thread;

use anyhow::{Context, Result, bail};

use crate::process::{command, run, timed};
use crate::{arrows, digest, paths, setup, trace, window};

// Meets: O.Arch_1, O.Source_10
/// `cargo xtask test`: sets up, checks form, builds, tests. All suites run even if one fails; any failure fails the whole.
pub fn all() -> Result<()> {
    setup::all()?;
    forget_evidence()?;
    let ui = paths::root().join("ui");
    let mut failed: Vec<(&str, String)> = Vec::new();
    let mut passed = 0_u32;
    let mut suite =
        |name: &'static str, step: &mut dyn FnMut() -> Result<()>| match timed(name, step) {
            Ok(()) => passed += 1,
            Err(error) => {
                println!("{name}: {error:#}");
                failed.push((name, format!("{error:#}")));
            }
        };
    suite("form (rustfmt)", &mut || {
        run(&mut command("cargo", &["fmt", "--all", "--check"]))
    });
    suite("arrows (crate graph)", &mut arrows::check);
    suite("requirements (tags)", &mut trace::check);
    suite("page: types", &mut || {
        run(command("npm", &["run", "--silent", "check"]).current_dir(&ui))
    });
    suite("page: units", &mut || {
        run(command("npm", &["run", "--silent", "test"]).current_dir(&ui))
    });
    suite("build", &mut crate::run::build_everything);
    suite("lints (clippy)", &mut || {
        run(&mut command(
            "cargo",
            &[
                "clippy",
                "--locked",
                "--workspace",
                "--all-targets",
                "--features",
                "ratsmappe/custom-protocol",
                "--",
                "-D",
                "warnings",
            ],
        ))
    });
    suite("crates and stories", &mut || {
        digest::run(
            command(
                "cargo",
                &[
                    "test",
                    "--locked",
                    "--workspace",
                    "--features",
                    "ratsmappe/custom-protocol",
                    "--no-fail-fast",
                ],
            )
            .env("RATSMAPPE_PDFIUM", paths::pdfium())
            .env("RUST_TEST_THREADS", test_threads())
            // The words of a failure and not forty frames of the harness.
            .env("RUST_BACKTRACE", "0"),
        )
    });
    suite("window story", &mut window::all_looks);
    suite("evidence", &mut tell_evidence);
    println!("{passed} passed, {} failed", failed.len());
    if failed.is_empty() {
        return Ok(());
    }
    for (name, words) in &failed {
        println!("── {name} failed: {words}");
    }
    let names: Vec<&str> = failed.iter().map(|(name, _)| *name).collect();
    bail!("failed: {}", names.join(", "))
}

/// Two tests for each core: many wait for a server's answer or for the disk.
fn test_threads() -> String {
    let cores = thread::available_parallelism().map_or(1, NonZero::get);
    (2 * cores).to_string()
}

/// The safety suites with the counts recorded in docs/SECURITY.md, and a table of what they have seen.
pub fn evidence() -> Result<()> {
    timed("evidence", || {
        forget_evidence()?;
        run(command(
            "cargo",
            &[
                "test",
                "--locked",
                "--workspace",
                "--features",
                "ratsmappe/custom-protocol",
                "--no-fail-fast",
                "--",
            ],
        )
        .args(KEEPING)
        .env("RATSMAPPE_PDFIUM", paths::pdfium())
        .env("RATSMAPPE_KILLS", "10000")
        .env("RATSMAPPE_CANARIES", "1000")
        .env("RATSMAPPE_BIT_FLIPS", "10000")
        .env("RATSMAPPE_PAPERS", "100000")
        .env("RATSMAPPE_MUTATED_PDFS", "100000")
        .env("RATSMAPPE_GUESSES", "1000")
        .env("RATSMAPPE_POWER_POINTS", "10008")
        .env("RATSMAPPE_DISK_FAULTS", "4000")
        .env("RATSMAPPE_FACTION_HISTORIES", "10000")
        .env("RATSMAPPE_ATTACK_VARIANTS", "200")
        .env("RATSMAPPE_CUTS", "300")
        .env("RATSMAPPE_SIMULATION_SEEDS", "1000000")
        .stdin(Stdio::null()))?;
        tell_evidence()
    })
}

/// Words in the names of all tests that keep something.
const KEEPING: &[&str] = &[
    "safety",
    "known_answers",
    "every_attack_is_refused",
    "or_refused",
    "the_same_damage",
    "argon2id_gives_what_the_reference_gives",
    "nobody_else_gets_anything_by_any_request",
];

/// The suites that must have kept something.
const SUITES: &[&str] = &[
    "authorisation",
    "bit-flips",
    "cage",
    "canaries",
    "downloads",
    "failing-disk",
    "forgetting",
    "guessing",
    "histories",
    "hostile-server",
    "kills",
    "memory",
    "parsers",
    "power-loss",
    "private-traffic",
    "simulation",
    "tls",
    "vectors",
];

/// Takes away what earlier runs have kept: a suite that fails now must not show what it counted then.
fn forget_evidence() -> Result<()> {
    match fs::remove_dir_all(evidence::folder()) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}

/// Prints what the suites have kept, and writes all of it into `target/evidence.json`. Fails where a suite has kept nothing, or
/// has lost something.
fn tell_evidence() -> Result<()> {
    let all = evidence::read_all().context("the suites have kept nothing")?;
    println!(
        "\n{:<20} {:>9} {:>9} {:>6}",
        "suite", "tried", "refused", "lost"
    );
    for (suite, counts) in &all {
        println!(
            "{suite:<20} {:>9} {:>9} {:>6}",
            counts.tried, counts.refused, counts.lost
        );
    }
    let path = evidence::folder().with_extension("json");
    fs::write(&path, serde_json::to_string_pretty(&all)?)?;
    println!("written to {}", path.display());
    for suite in SUITES {
        let counts = all.get(*suite);
        if counts.is_none_or(|counts| counts.tried == 0 || counts.lost > 0) {
            bail!("{suite} has kept nothing, or has lost something: {counts:?}");
        }
    }
    Ok(())
}
