//! What is left of papers, notes and keys once the real window is locked: in the memory of the app with all its processes, and in
//! the folders that the app and WebKit have written to.
//!
//! WebKit's part of the app's own process keeps what came by on its way to the page, and SQLCipher pages that it has given back:
//! words of papers and notes, and what was typed, may be left there. Keys may not, and the page's process is another one.

use std::collections::BTreeSet;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use evidence::looking::Looker;
use serde_json::json;
use sync_protocol::class_key::derive_database_key;
use vault::{Passphrase, Vault};

use crate::looker::{canaries, found};
use crate::process_memory::{Found, family, name_of, search};
use crate::tablet::bytes_below;
use crate::window::Window;

/// A nonpublic item of the demonstration's next meeting, a word of its title, and one that stands in its paper alone.
const ITEM: &str = "14";
const TITLE: &str = "Rathausarkaden";
const TEXT: &str = "Bogenwerk";
/// Names of processes, as the kernel shortens them to 15 bytes.
const APP: &str = "ratsmappe";
const PAGE: &str = "WebKitWebProces";
const PDF_HELPER: &str = "ratsmappe-pdf";
const PATIENCE: Duration = Duration::from_secs(40);

/// What is looked for.
pub struct Sought {
    note: String,
    draft: String,
    wish: String,
    /// Of the passphrase what is ASCII: its beginning.
    typed: String,
    keys: Vec<(&'static str, Vec<u8>)>,
}

impl Sought {
    /// Words to write, and the keys that whoever opens the vault is given. The app must not run.
    ///
    /// Errors: the vault does not open.
    pub fn take(data_dir: &Path, passphrase: &str) -> Result<Self> {
        let mut words = canaries(3).into_iter();
        let mut word = || words.next().context("three words");
        Ok(Self {
            note: word()?,
            draft: word()?,
            wish: word()?,
            typed: passphrase.chars().take_while(char::is_ascii).collect(),
            keys: keys(data_dir, passphrase)?,
        })
    }

    fn words(&self) -> Vec<String> {
        let of_council = [TITLE, TEXT].map(str::to_owned);
        let own = [&self.note, &self.draft, &self.wish, &self.typed].map(Clone::clone);
        [&of_council[..], &own[..]].concat()
    }

    /// The words as they may be written, the keys as bytes and as digits.
    fn looker(&self) -> Looker {
        let mut looker = Looker::new(&self.words());
        for (name, key) in &self.keys {
            let digits: String = key.iter().map(|byte| format!("{byte:02x}")).collect();
            looker = looker.and(name, digits.to_uppercase().into_bytes());
            looker = looker.and(name, digits.into_bytes()).and(name, key.clone());
        }
        looker
    }
}

fn keys(data_dir: &Path, passphrase: &str) -> Result<Vec<(&'static str, Vec<u8>)>> {
    let vault = Vault::unlock(data_dir, &Passphrase::new(passphrase)).context("the vault")?;
    let mut keys = Vec::new();
    for record in vault.keyring().councils() {
        let council = record.council;
        let key = vault.keyring().device_signing_key(council);
        keys.push((
            "device signing key",
            key.context("a key")?.expose().to_vec(),
        ));
        let key = vault.keyring().device_box_key(council);
        keys.push(("device box key", key.context("a key")?.expose().to_vec()));
        for audience in vault.keyring().audiences(council) {
            let key = vault.keyring().newest_class_key(council, audience);
            let (_, key) = key.context("a class key")?;
            keys.push(("class key", key.expose().to_vec()));
            let key = derive_database_key(&key, &council, &audience);
            keys.push(("key of a closed database", key.as_slice().to_vec()));
        }
    }
    Ok(keys)
}

/// Tells it, from any view of the open portfolio in a window whose driver may go; it is locked at the end.
///
/// Errors: also where something is left that must not be.
pub async fn in_memory(window: &mut Window, sought: &Sought) -> Result<()> {
    let begun = Instant::now();
    read_and_write(window, sought).await?;
    let app = window.app()?;
    let (looker, words) = (sought.looker(), sought.words());
    let open = search(&family(app)?, &looker)?.0;
    let seen = all_of(&open);
    for one in words
        .iter()
        .map(String::as_str)
        .chain(["device signing key", "class key"])
    {
        ensure!(
            seen.contains(one),
            "while it is open {one} is found: {open:?}"
        );
    }
    ensure!(open.contains_key(PAGE), "also in the page's process");

    window.tap("nav-settings").await?;
    let page = page_of(app)?;
    window.tap("lock-now").await?;
    until(
        "the page has another process and no document is open",
        || {
            let now = page_of(app)?;
            let helpers = family(app)?
                .iter()
                .any(|process| name_of(*process) == PDF_HELPER);
            Ok(now.is_some() && now != page && !helpers)
        },
    )?;
    // What works for the last synchronisation ends after it.
    until("no key is left", || {
        let (locked, bytes) = search(&family(app)?, &looker)?;
        judge(&locked, bytes, &words)
    })?;
    dumps_nothing(app)?;
    println!("looked at memory in {:.1} s", begun.elapsed().as_secs_f32());
    Ok(())
}

/// Whether no key is left.
///
/// Errors: something is left where nothing may be.
fn judge(locked: &Found, bytes: u64, words: &[String]) -> Result<bool> {
    ensure!(bytes > 0, "nothing was looked at");
    ensure!(
        locked.keys().all(|name| name == APP),
        "only the app's own process may keep words: {locked:?}"
    );
    let left = all_of(locked);
    let keys = left
        .iter()
        .filter(|one| !words.iter().any(|word| word == *one));
    let is_clean = keys.count() == 0;
    if is_clean {
        let count = left.len();
        println!(
            "locked: no key in {} MB, {count} of {} words in the app's own process",
            bytes >> 20,
            words.len()
        );
    }
    Ok(is_clean)
}

fn all_of(found: &Found) -> BTreeSet<&str> {
    found.values().flatten().map(String::as_str).collect()
}

/// A nonpublic paper read, a note at its item, words that are not stored yet, and a search.
async fn read_and_write(window: &Window, sought: &Sought) -> Result<()> {
    window.tap("nav-search").await?;
    window.fill("search-text", &sought.wish).await?;
    window.tap("nav-today").await?;
    window.tap("open-agenda").await?;
    window
        .tap_css(&format!("[data-testid=agenda-row][data-number='{ITEM}']"))
        .await?;
    until_shown(window, TITLE).await?;
    window.fill("item-note", &sought.note).await?;
    window.tap("item-note-save").await?;
    window.find("item-mark").await?;
    window
        .tap_css("[data-testid=item] [data-testid=file-row]")
        .await?;
    until_shown(window, TEXT).await?;
    window.tap("reader-back").await?;
    window.fill("item-note", &sought.draft).await
}

/// A word of the council on the page. It is sent turned round: the driver's commands stay in the app's memory as well.
async fn until_shown(window: &Window, word: &str) -> Result<()> {
    let turned: String = word.chars().rev().collect();
    window
        .until(
            "the word is there",
            "return document.body.textContent.replaceAll('\\u00ad', '').includes([...arguments[0]].reverse().join(''));",
            json!(turned),
        )
        .await
}

/// The process of the page.
fn page_of(app: u32) -> Result<Option<u32>> {
    let family = family(app)?;
    Ok(family.into_iter().find(|process| name_of(*process) == PAGE))
}

fn until(what: &str, is_so: impl Fn() -> Result<bool>) -> Result<()> {
    let begun = Instant::now();
    while !is_so()? {
        ensure!(begun.elapsed() < PATIENCE, "not in time: {what}");
        std::thread::yield_now();
    }
    Ok(())
}

/// No process of the app leaves a dump when it crashes.
///
/// Source: proc(5), `/proc/PID/limits`.
fn dumps_nothing(app: u32) -> Result<()> {
    for process in family(app)? {
        let limits = std::fs::read_to_string(format!("/proc/{process}/limits"))?;
        let core = limits
            .lines()
            .find(|line| line.starts_with("Max core file size"));
        let words: Vec<&str> = core.context("a limit")?.split_whitespace().collect();
        ensure!(
            words.contains(&"1"),
            "{} may leave a dump: {words:?}",
            name_of(process)
        );
    }
    Ok(())
}

/// Keeps a word where WebKit writes it down, so that the search of the folders has something to find.
pub async fn plant(window: &Window) -> Result<String> {
    let planted = canaries(1).swap_remove(0);
    window
        .run(
            "localStorage.setItem('planted', arguments[0]);",
            vec![json!(planted)],
        )
        .await?;
    Ok(planted)
}

/// Looks through every file that the app, WebKit and the libraries below it have written.
///
/// * `planted` – must be found, and nothing else.
///
/// Errors: a word stands there, or the planted one does not.
pub fn in_folders(folders: &[&Path], sought: &Sought, planted: &str) -> Result<()> {
    let begun = Instant::now();
    let words = [sought.words(), vec![planted.to_owned()]].concat();
    let (mut count, mut hits) = (0, Vec::new());
    for folder in folders {
        let files = bytes_below(folder);
        count += files.len();
        hits.extend(found(&files, &words));
    }
    let (of_plant, others): (Vec<_>, Vec<_>) = hits.into_iter().partition(|hit| hit.0 == planted);
    ensure!(!of_plant.is_empty(), "what was planted is found");
    ensure!(
        others.is_empty(),
        "words stand readable on the disk: {others:?}"
    );
    println!(
        "{count} files searched for {} words, none but the planted one, {:.1} s",
        words.len(),
        begun.elapsed().as_secs_f32()
    );
    let counts = evidence::Counts {
        tried: words.len() as u64,
        refused: words.len() as u64,
        lost: 0,
    };
    Ok(evidence::record("canaries.window", counts)?)
}
