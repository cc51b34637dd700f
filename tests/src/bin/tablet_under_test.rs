//! A tablet that marks pages without end, and with `--sync` synchronises meanwhile, with `--free` also frees every file
//! before each synchronisation: to be killed by the safety suite,
//! which then looks for everything that was told.
//!
//! `tablet-under-test DIR ROUND [--sync] [--free] [--lie]` opens the vault in DIR and tells, each time after it is stored:
//! `note TEXT` · `undoing TEXT`, `gone TEXT` · `ink COUNT` · `page NUMBER` · `synced COUNTER`; and `step` for each
//! progress of a synchronisation. With `--lie` it tells of each note before it is written, always one ahead: a suite
//! that does not notice that is worth nothing.

use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result};
use notes::{Color, InkPoint, MarkBody, MarkDraft, NoteStore, Place};
use stories::kill_round::{council_of, ink_target, note_target, whole_page};
use stories::tablet::PASSPHRASE;
use stories::town::START_AT_MS;
use sync::store::{CouncilStore, FileRow};
use sync::{CancelFlag, FileWish, SyncConfig, SyncEngine, Wishes};
use sync_protocol::ids::CouncilId;
use vault::{Passphrase, Vault};

/// Points of each ink stroke.
const POINTS: usize = 40;

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [folder, round, flags @ ..] = arguments.as_slice() else {
        anyhow::bail!("usage: tablet-under-test DIR ROUND [--sync] [--free] [--lie]");
    };
    let round: u32 = round.parse()?;
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
    let is_lying = flags.iter().any(|flag| flag == "--lie");
    mark_without_end(&vault, round, is_lying)
}

/// One line, out of the process before this returns.
fn tell(line: &str) {
    let mut out = std::io::stdout().lock();
    // Nobody listens any more: then the test has ended, and so may this.
    if writeln!(out, "{line}").and_then(|()| out.flush()).is_err() {
        std::process::exit(0);
    }
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

fn mark_without_end(vault: &Arc<Vault>, round: u32, is_lying: bool) -> Result<()> {
    let council = council_of(vault).context("not paired")?;
    let store = NoteStore::open(Arc::clone(vault))?;
    let (paper, sheet) = (note_target(council, round), ink_target(council, round));
    let create = |text: &str| {
        let body = MarkBody::Note {
            text: text.to_owned(),
        };
        store.mark_create(
            &MarkDraft {
                anchor: whole_page(&paper),
                body,
                made_at_item: None,
                imported_from: None,
            },
            START_AT_MS,
        )
    };
    let mut untold: Option<String> = None;
    for number in 0_u32.. {
        let text = format!("{round}-{number}");
        if is_lying {
            tell(&format!("note {text}"));
            if let Some(late) = untold.replace(text) {
                create(&late)?;
            }
            continue;
        }
        match number % 6 {
            0 | 1 | 3 => {
                create(&text)?;
                tell(&format!("note {text}"));
            }
            2 => {
                let last = format!("{round}-{}", number - 1);
                tell(&format!("undoing {last}"));
                store
                    .undo(paper.key(), START_AT_MS)?
                    .context("nothing to undo")?;
                tell(&format!("gone {last}"));
            }
            4 => {
                let stroke = (0..POINTS).map(|at| InkPoint {
                    x: at as f32,
                    y: 700.0 - at as f32,
                    pressure: 0.5,
                });
                let body = MarkBody::Ink {
                    color: Color::Blue,
                    width_pt: 1.5,
                    strokes: vec![stroke.collect()],
                };
                store.mark_create(
                    &MarkDraft {
                        anchor: whole_page(&sheet),
                        body,
                        made_at_item: None,
                        imported_from: None,
                    },
                    START_AT_MS,
                )?;
                tell(&format!("ink {}", number / 6 + 1));
            }
            _ => {
                let place = Place {
                    page: number / 6 + 1,
                    offset: 0.5,
                    zoom: 1.0,
                    rotation: 0,
                    is_single: false,
                };
                store.place_set(council, sheet.object(), place, START_AT_MS)?;
                tell(&format!("page {}", number / 6 + 1));
            }
        }
    }
    Ok(())
}
