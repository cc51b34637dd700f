//! The council with five years behind it, the faction's space at its server, a tablet that has taken part in all of it, and one that
//! has just been let in.

use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use council_server::ServerHandle;
use faction::FactionStore;
use serde_json::json;
use stories::faction_writer::{Writer, store_in_memory};
use tokio::runtime::Runtime;

use super::super::app::{self, wait_for_index};
use super::super::commands::town::{self, Sizes};
use super::super::figures::ms_since;
use super::super::supply::{PASSPHRASE, Tablet, fresh, runtime};
use super::history::{Counts, Topics, Week, Written};
use super::words::Dice;

const WRITERS: usize = 6;
const SEED: u64 = 2026;
/// Weeks after which the measured tablet fetches.
const FETCHES_EVERY: usize = 4;

/// What is measured on.
pub struct Scene {
    pub work: PathBuf,
    pub counts: Counts,
    /// Folder of the vault of a tablet that has taken every operation.
    pub old: PathBuf,
    /// Folder of the vault of a tablet that knows the roster alone.
    pub new: PathBuf,
    pub snapshot_len: usize,
    pub envelopes: u64,
    pub runtime: Runtime,
    pub handle: ServerHandle,
}

/// Five years; `RATSMAPPE_BENCH_FACTION=10` a tenth of it.
pub fn counts() -> Result<Counts> {
    let part = match std::env::var("RATSMAPPE_BENCH_FACTION") {
        Ok(text) => text
            .parse::<usize>()
            .with_context(|| format!("RATSMAPPE_BENCH_FACTION: {text} is no number"))?,
        Err(_) => 1,
    };
    Ok(Counts::part(part.max(1)))
}

impl Scene {
    pub fn prepare(out: &Path, name: &str) -> Result<Self> {
        let counts = counts()?;
        let work = fresh(out, name)?;
        let sizes = Sizes {
            meetings: 600,
            papers: 6_000,
            files: 240,
            marks: 0,
        };
        eprintln!("publishing {} objects …", sizes.objects());
        let server = town::publish(&work, sizes, chrono::Utc::now())?;
        let handle = server.serve(SocketAddr::from(([127, 0, 0, 1], 0)))?;
        let runtime = runtime()?;
        let pair = |name: &str, person: usize| {
            let person = format!("p{person}");
            let folder = work.join(name);
            Tablet::pair(&runtime, &server, &handle.url(), &folder, Some(&person))
        };
        let (old, new) = (synced(&runtime, &work, "old", pair("old", 0)?)?, {
            synced(&runtime, &work, "new", pair("new", 1)?)?
        });
        let founder = pair("writer-0", 2)?;
        let topics = topics(&old)?;
        let mut writers = vec![Writer::found(
            &runtime,
            founder.paired(),
            &store_in_memory()?,
            ("Fraktion", "Mitglied 0", "Tablet"),
        )?];
        for number in 1..WRITERS {
            let tablet = pair(&format!("writer-{number}"), 2 + number)?;
            let name = format!("Mitglied {number}");
            let writer = writers.first_mut().context("the founder")?;
            let newcomer = writer.lets_in(
                &runtime,
                tablet.paired(),
                &store_in_memory()?,
                (&name, "Tablet"),
            )?;
            writers.push(newcomer);
        }
        let old_store = FactionStore::open(&old.vault)?;
        let founder = writers.first_mut().context("the founder")?;
        let mut reader =
            founder.lets_in(&runtime, old.paired(), &old_store, ("Mitglied 6", "Tablet"))?;
        write(&runtime, counts, &topics, &mut writers, &mut reader)?;
        let (snapshot_len, envelopes) = end(&runtime, counts, &topics, &mut writers, &mut reader)?;
        let new_store = FactionStore::open(&new.vault)?;
        let founder = writers.first_mut().context("the founder")?;
        let newcomer =
            founder.lets_in(&runtime, new.paired(), &new_store, ("Mitglied 7", "Tablet"))?;
        drop((reader, old_store, newcomer, new_store, writers));
        Ok(Self {
            old: locked(old, &work, "old"),
            new: locked(new, &work, "new"),
            work,
            counts,
            snapshot_len,
            envelopes,
            runtime,
            handle,
        })
    }

    /// A copy of the newcomer's tablet, for one round.
    pub fn newcomer(&self, name: &str) -> Result<PathBuf> {
        let copy = fresh(&self.work, name)?;
        copy_folder(&self.new, &copy)?;
        Ok(copy)
    }

    /// Ends the server and removes everything.
    pub fn end(self) -> Result<()> {
        self.handle.shutdown();
        drop(self.runtime);
        Ok(fs::remove_dir_all(&self.work)?)
    }
}

fn locked(tablet: Tablet, work: &Path, name: &str) -> PathBuf {
    drop(tablet);
    work.join(name)
}

/// Synchronises and indexes, so that neither runs while something is measured.
fn synced(runtime: &Runtime, work: &Path, name: &str, tablet: Tablet) -> Result<Tablet> {
    eprintln!("synchronising and indexing the {name} tablet …");
    tablet.sync(runtime)?;
    let folder = work.join(name);
    drop(tablet);
    let desk = app::desk(&folder)?;
    let events = desk.events();
    app::ask(&desk, "vault_unlock", json!({"passphrase": PASSPHRASE}))?;
    wait_for_index(events)?;
    app::ask(&desk, "vault_lock", json!({}))?;
    drop(desk);
    Tablet::open(&folder)
}

fn topics(tablet: &Tablet) -> Result<Topics> {
    let store = tablet.store()?;
    let ids = store.agenda_items()?.into_iter();
    let mut items: Vec<_> = ids.map(|held| held.object.id).collect();
    let mut papers: Vec<_> = store.papers()?.iter().map(|held| held.object.id).collect();
    let rows = store.files()?.into_values();
    let mut files: Vec<_> = rows.map(|row| (row.id(), row.blob_id)).collect();
    items.sort();
    papers.sort();
    files.sort();
    ensure!(!files.is_empty(), "no files came");
    Ok(Topics {
        council: tablet.council,
        items,
        papers,
        files,
    })
}

fn write(
    runtime: &Runtime,
    counts: Counts,
    topics: &Topics,
    writers: &mut [Writer],
    reader: &mut Writer,
) -> Result<()> {
    eprintln!(
        "writing {} things in {} operations …",
        counts.things(),
        counts.operations()
    );
    let mut dice = Dice(SEED);
    let mut written = Written::default();
    let end_ms = chrono::Utc::now().timestamp_millis();
    for week in 0..counts.weeks {
        for (number, writer) in writers.iter_mut().enumerate() {
            let part = Week {
                counts,
                week,
                writer: number,
                writers: WRITERS,
                end_ms,
                topics,
            };
            part.write(&mut writer.space, &mut dice, &mut written)?;
        }
        // Twice: the first ones fetch what the later ones have sent.
        for writer in writers.iter_mut() {
            writer.exchange(runtime)?;
        }
        for writer in writers.iter_mut() {
            writer.exchange(runtime)?;
        }
        if week % FETCHES_EVERY == 0 {
            reader.exchange(runtime)?;
            eprint!(".");
        }
    }
    eprintln!();
    reader.exchange(runtime)
}

/// The snapshot, and what comes after it. Result: its length in bytes, and how many envelopes there are.
fn end(
    runtime: &Runtime,
    counts: Counts,
    topics: &Topics,
    writers: &mut [Writer],
    reader: &mut Writer,
) -> Result<(usize, u64)> {
    let founder = writers.first_mut().context("the founder")?;
    let start = std::time::Instant::now();
    let snapshot_len = founder.keeps_snapshot(runtime)?;
    eprintln!(
        "the snapshot was made and kept in {:.0} ms",
        ms_since(start)
    );
    let mut dice = Dice(SEED + 1);
    let at_ms = chrono::Utc::now().timestamp_millis();
    for at in 0..counts.rest {
        let writer = writers.get_mut(at % WRITERS).context("a writer")?;
        let (anchor, text) = (Some(topics.item(dice.below(9_000))), dice.text(30));
        let readers = &faction::Readers::Everybody;
        writer
            .space
            .begin_message(anchor, None, &[], &text, readers, at_ms)?;
        writer.exchange(runtime)?;
    }
    reader.exchange(runtime)?;
    Ok((snapshot_len, reader.space.fetched()?))
}

fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_folder(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}
