//! A tablet whose disk is recorded and may fail (`faulty-disk`), for the suites of power loss and of failing disks. It does one
//! piece of work, tells each step once it is done, tells each error by its code, tries again what a member would, and ends well
//! whatever the disk does.
//!
//! `tablet-on-a-disk mark DIR COUNT` · `sync DIR ROUNDS` (waits for a line on its standard input before each) · `lock DIR`
//! · `secrets DIR` (the first part of it) · `open DIR` (brings an old vault to this version)

use std::io::BufRead;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result};
use faction::FactionStore;
use stories::kill_round::council_of;
use stories::marking::{Marking, tell};
use stories::power::{locked, opened};
use stories::tablet::PASSPHRASE;
use stories::town::START_AT_MS;
use sync::{CancelFlag, SyncConfig, SyncEngine};
use vault::{Passphrase, Vault};

/// How often what failed is tried again.
const TRIES: usize = 3;

fn main() -> Result<()> {
    #[cfg(target_os = "linux")]
    faulty_disk::watch().map_err(anyhow::Error::msg)?;
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        ["mark", folder, count] => mark(Path::new(folder), count.parse()?),
        ["sync", folder, rounds] => sync(Path::new(folder), rounds.parse()?)?,
        ["lock", folder] => locked::work(Path::new(folder)),
        ["secrets", folder] => drop(locked::secrets(Path::new(folder))),
        ["open", folder] => opened::work(Path::new(folder)),
        _ => anyhow::bail!("usage: tablet-on-a-disk mark|sync|lock|secrets|open DIR …"),
    }
    tell("end");
    Ok(())
}

/// Tells an error; what was right goes on.
fn told<T>(result: Result<T, &'static str>) -> Option<T> {
    result
        .inspect_err(|code| tell(&format!("failed {code}")))
        .ok()
}

fn unlocked(folder: &Path) -> Option<Arc<Vault>> {
    (0..TRIES).find_map(|_| {
        let vault = Vault::unlock(folder, &Passphrase::new(PASSPHRASE));
        told(vault.map_err(|error| error.code())).map(Arc::new)
    })
}

fn mark(folder: &Path, count: u32) {
    let Some(vault) = unlocked(folder) else {
        return;
    };
    let begun = (0..TRIES).find_map(|_| told(Marking::begin(&vault, 0).map_err(code_of)));
    let Some(marking) = begun else {
        return;
    };
    let mut number = 0;
    while number < count {
        number = match told(marking.step(number).map_err(|error| error.code())) {
            Some(()) => number + 1,
            // The next six.
            None => (number / 6 + 1) * 6,
        };
    }
    drop(marking);
    found_spaces(&vault);
}

fn code_of(error: anyhow::Error) -> &'static str {
    error
        .downcast_ref::<vault::DbError>()
        .map_or("internal", vault::DbError::code)
}

fn found_spaces(vault: &Arc<Vault>) {
    let (Some(store), Some(council)) = (
        told(FactionStore::open(vault).map_err(|error| error.code())),
        council_of(vault),
    ) else {
        return;
    };
    let mut count = 0;
    for name in ["Eins", "Zwei"] {
        let founded = store.found(council, name, "Ada", "Tablet", START_AT_MS);
        if told(founded.map_err(|error| error.code())).is_some() {
            count += 1;
            tell(&format!("space {count}"));
        }
    }
}

fn sync(folder: &Path, rounds: u32) -> Result<()> {
    let mut lines = std::io::stdin().lock().lines();
    let Some(vault) = unlocked(folder) else {
        return Ok(());
    };
    let council = council_of(&vault).context("not paired")?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()?;
    let engine = SyncEngine::new(SyncConfig {
        clock: Arc::new(|| START_AT_MS),
        ..SyncConfig::default()
    });
    for round in 0..rounds {
        tell(&format!("waits {round}"));
        lines.next().context("nobody answers")??;
        tell(&format!("go {round}"));
        for _ in 0..TRIES {
            let run = engine.run(&vault, council, |_| {}, CancelFlag::new());
            let Some(outcome) = told(runtime.block_on(run).map_err(|error| error.code())) else {
                continue;
            };
            let record = vault.keyring().council(council).context("not paired")?;
            tell(&format!("synced {}", record.head_high_water.counter));
            if outcome.files_failed == 0 {
                tell(&format!("whole {round}"));
            }
            break;
        }
    }
    Ok(())
}
