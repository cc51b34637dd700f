//! Proves the crate graph: which crate may be reached from which, by what cargo itself resolves.

use anyhow::{Result, bail};

use crate::process::{command, output};

// Meets: O.Purp_2, O.TrdP_6
/// From, never reaches, why.
const FORBIDDEN: [(&str, &[&str], &str); 10] = [
    (
        "sync-protocol",
        &["tokio", "rusqlite", "reqwest", "axum", "tauri"],
        "the contract does no I/O",
    ),
    (
        "vault",
        &[
            "reqwest",
            "tokio",
            "hyper",
            "rustls",
            "axum",
            "pdfium-render",
            "tauri",
        ],
        "the vault knows no network and no PDF",
    ),
    (
        "key-store",
        &["desk", "notes", "sync", "reqwest", "tokio", "tauri"],
        "the key store of the system is given names and bytes",
    ),
    (
        "notes",
        &[
            "reqwest", "tokio", "hyper", "rustls", "axum", "sync", "tauri",
        ],
        "private notes reach no network crate",
    ),
    (
        "reader",
        &["rusqlite", "vault", "sync", "notes", "reqwest", "tauri"],
        "the reader knows no database",
    ),
    (
        "search",
        &[
            "reqwest",
            "tokio",
            "hyper",
            "rustls",
            "axum",
            "pdfium-render",
            "notes",
            "sync",
            "reader",
            "tauri",
        ],
        "search is given plain text and opaque ids",
    ),
    (
        "export",
        &[
            "rusqlite",
            "vault",
            "notes",
            "sync",
            "reader",
            "search",
            "reqwest",
            "tokio",
            "pdfium-render",
            "tauri",
        ],
        "export is given bytes and plain values",
    ),
    (
        "faction",
        &[
            "reqwest",
            "tokio",
            "hyper",
            "rustls",
            "axum",
            "notes",
            "search",
            "sync",
            "reader",
            "pdfium-render",
            "tauri",
        ],
        "a faction space is given copies and bytes, never private notes, and reaches no network",
    ),
    (
        "sync",
        &["notes", "reader", "desk", "tauri"],
        "sync does not reach private notes",
    ),
    (
        "desk",
        &["tauri", "council-server"],
        "the desk runs without a window",
    ),
];

// Shows: O.Purp_2, O.TrdP_6
/// Checks every arrow, and that the check itself finds a planted one.
pub fn check() -> Result<()> {
    for (from, never, why) in FORBIDDEN {
        let reached = reached(from)?;
        for to in never {
            if reached.iter().any(|name| name == to) {
                bail!("{from} reaches {to}: {why}");
            }
        }
    }
    if !reached("sync")?.iter().any(|name| name == "reqwest") {
        bail!("the check is blind: it does not even see that sync uses reqwest");
    }
    println!("arrows: {} crates checked", FORBIDDEN.len());
    Ok(())
}

fn reached(package: &str) -> Result<Vec<String>> {
    let tree = output(&mut command(
        "cargo",
        &[
            "tree",
            "--locked",
            "--package",
            package,
            "--edges",
            "normal",
            "--prefix",
            "none",
            "--format",
            "{p}",
        ],
    ))?;
    Ok(tree
        .lines()
        .filter_map(|line| line.split_whitespace().next())
        .map(str::to_owned)
        .skip(1)
        .collect())
}
