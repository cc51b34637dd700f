//! A tablet that marks pages without end, and with `--sync` synchronises meanwhile, with `--free` also frees every file
//! before each synchronisation: to be killed by the safety suite,
//! which then looks for everything that was told.
//!
//! `tablet-under-test DIR ROUND [--sync] [--free] [--lie]` opens the vault in DIR and tells, each time after it is stored:
//! `note TEXT` · `undoing TEXT`, `gone TEXT` · `ink COUNT` · `page NUMBER` · `synced COUNTER`; and `step` for each
//! progress of a synchronisation. With `--lie` it tells of each note before it is written, always one ahead: a suite
//! that does not notice that is worth nothing.
//!
//! `--lock` opens, writes and locks without end (`stories::kill_at_lock`, also with `--lie`), `--migrate` brings a vault of older schemas
//! up to date, `--halves` does so in two steps (`stories::old_schemas`).

use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result};
use stories::kill_at_lock;
use stories::kill_round::council_of;
use stories::marking::{Marking, tell};
use stories::old_schemas;
use stories::tablet::PASSPHRASE;
use stories::town::START_AT_MS;
use sync::store::{CouncilStore, FileRow};
use sync::{CancelFlag, FileWish, SyncConfig, SyncEngine, Wishes};
use sync_protocol::ids::CouncilId;
use vault::{Passphrase, Vault};

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [folder, round, flags @ ..] = arguments.as_slice() else {
        anyhow::bail!(
            "usage: tablet-under-test DIR ROUND [--sync] [--free] [--lie] | --lock [--lie] | --migrate | --halves"
        );
    };
    let round: u32 = round.parse()?;
    let is_lying = flags.iter().any(|flag| flag == "--lie");
    match flags.first().map(String::as_str) {
        Some("--lock") => return kill_at_lock::work(Path::new(folder), round, is_lying),
        Some("--migrate") => return old_schemas::open(Path::new(folder)),
        Some("--halves") => return old_schemas::open_by_halves(Path::new(folder)),
        _ => {}
    }
    let vault = Arc::new(Vault::unlock(
        Path::new(folder),
        &Passphrase::new(PASSPHRASE),
    )?);
    let is_freeing = flags.iter().any(|flag| flag == "--free");
    if flags.iter().any(|flag| flag == "--sync") {
        let vault = Arc::clone(&vault);
        std::thread::spawn(move || {
            if let Err(error) = sync_without_end(&vault, is_freeing) {
                tell(&format!("failed {error}"));
            }
        });
    }
    let marking = Marking::begin(&vault, round)?;
    for number in 0.. {
        if is_lying {
            marking.lie(number)?;
        } else {
            marking.step(number)?;
        }
    }
    Ok(())
}

fn sync_without_end(vault: &Arc<Vault>, is_freeing: bool) -> Result<()> {
    let council = council_of(vault).context("not paired")?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?;
    let engine = SyncEngine::new(SyncConfig {
        clock: Arc::new(|| START_AT_MS),
        ..SyncConfig::default()
    });
    loop {
        if is_freeing {
            tell("step");
            free_everything(vault, council)?;
        }
        runtime.block_on(engine.run(vault, council, |_| tell("step"), CancelFlag::new()))?;
        let record = vault
            .keyring()
            .council(council)
            .context("the council is gone")?;
        tell(&format!("synced {}", record.head_high_water.counter));
    }
}

fn free_everything(vault: &Vault, council: CouncilId) -> Result<()> {
    let files = CouncilStore::open(vault, council, START_AT_MS)?.files()?;
    let free = |row: FileRow| {
        let blob_id = row.blob_id;
        (row.id(), FileWish::Free { blob_id })
    };
    let wishes = Wishes {
        files: files.into_values().map(free).collect(),
        ..Wishes::default()
    };
    sync::free_unwanted(vault, council, &wishes, START_AT_MS)?;
    Ok(())
}
