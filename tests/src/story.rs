//! The steps of the window story, told once for every language and appearance.

mod flow;
mod paper;

use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use crate::annotating;
use crate::barriers;
use crate::council::{Council, Serving};
use crate::large_text;
use crate::left_behind::{self, Sought};
use crate::locking;
use crate::meetings_story;
use crate::own_notes;
use crate::reading_views;
use crate::second_council;
use crate::storage_steps;
use crate::taking_along;
use crate::ways::Browser;
use crate::window::Window;

/// Six words, as the app suggests them.
const PASSPHRASE: &str = "Laterne Wacholder Mühle Kastanie Brücke Orgel";

/// What one telling needs.
pub struct Story<'a> {
    pub council: &'a Council,
    pub code: &'a str,
    pub data_dir: &'a Path,
    pub out: &'a Path,
    /// A folder for what the story needs beside the tablet.
    pub work: &'a Path,
    pub language: &'a str,
    pub appearance: &'a str,
    /// Words in the title of the agenda item to read; empty = the first item with a file on this device.
    pub item: &'a str,
}

impl Story<'_> {
    /// Tells the whole story. The server is stopped in the middle and stays away.
    pub async fn tell(&self, server: Serving) -> Result<()> {
        let browser = Browser::put(&self.data_dir.with_file_name("bin"))?;
        let window = Window::open(self.data_dir, self.out).await?;
        window.size(1366, 1024).await?;
        self.speak(&window).await?;
        self.set_up(&window, &server).await?;
        self.look_around(&window).await?;
        if !self.item.is_empty() {
            storage_steps::free_and_load(&window).await?;
        }
        self.open_paper(&window).await?;
        self.mark_paper(&window).await?;
        let window = if self.item.is_empty() {
            window
        } else {
            annotating::tell(self, window).await?
        };
        self.read_as_text(&window).await?;
        if !self.item.is_empty() {
            taking_along::tell(&window).await?;
            reading_views::tell(&window).await?;
            self.find_ways(&window, &browser).await?;
        }
        server.stop()?;
        let read_to = self.read_offline(&window).await?;
        self.search_offline(&window).await?;
        if !self.item.is_empty() {
            self.through_the_budget(&window).await?;
        }
        window.close().await?;

        let window = Window::open(self.data_dir, self.out).await?;
        window.size(1366, 1024).await?;
        self.come_back(&window, read_to).await?;
        self.all_sizes(&window).await?;
        // The demonstration's member sits in the county's council too; of an imported council nobody knows.
        if !self.item.is_empty() {
            window.tap("reader-back").await?;
            own_notes::tell(&window).await?;
            large_text::tell(&window).await?;
            storage_steps::away_without_network(&window).await?;
            second_council::tell(&window, self.work).await?;
            locking::tell(&window, PASSPHRASE, async |window| {
                window.tap("nav-today").await?;
                window.find("today").await?;
                self.choose_item(window).await
            })
            .await?;
        }
        window.close().await
    }

    /// What is left after locking, on a tablet that is set up without a word.
    pub async fn tell_lock(&self, server: Serving) -> Result<()> {
        let window = Window::open(self.data_dir, self.out).await?;
        window.size(1366, 1024).await?;
        self.speak(&window).await?;
        let vault = json!({"passphrase": PASSPHRASE});
        ask(&window, "vault_create", vault).await?;
        let pair = json!({"address": server.address, "code": self.code});
        let paired = ask(&window, "council_pair", pair).await?;
        confirm_by(&paired["confirmWords"], self.council)?;
        window.reload().await?;
        window.find("today").await?;
        self.until_synced(&window).await?;
        let planted = left_behind::plant(&window).await?;
        window.close().await?;
        self.leave_behind(&planted).await
    }

    /// Opened once more, read, written, locked: the driver goes with the page's process.
    async fn leave_behind(&self, planted: &str) -> Result<()> {
        let sought = Sought::take(self.data_dir, PASSPHRASE)?;
        let last = [("RATSMAPPE_DRIVER_MAY_GO", "1")];
        let mut window = Window::open_with(self.data_dir, self.out, &last).await?;
        window.size(1366, 1024).await?;
        self.unlock(&window).await?;
        left_behind::in_memory(&mut window, &sought).await?;
        window.kill()?;
        let own = Window::own_folders(self.out);
        let mut folders: Vec<&Path> = own.iter().map(PathBuf::as_path).collect();
        folders.push(self.data_dir);
        left_behind::in_folders(&folders, &sought, planted)
    }

    /// Sets language and appearance before the first view shows.
    async fn speak(&self, window: &Window) -> Result<()> {
        window.find("greeting").await?;
        let settings = json!({"language": self.language, "appearance": self.appearance, "textScale": 1, "leftHanded": false});
        window
            .run(
                "return window.__TAURI_INTERNALS__.invoke('desk_call', {name: 'settings_set', request: arguments[0]});",
                vec![settings],
            )
            .await?;
        window.reload().await?;
        window
            .until(
                "the language is set",
                "return document.documentElement.lang === arguments[0] && !!document.querySelector('[data-testid=greeting]');",
                json!(self.language),
            )
            .await
    }

    async fn set_up(&self, window: &Window, server: &Serving) -> Result<()> {
        window.shot("01-greeting").await?;
        window.tap("greeting-start").await?;
        window.fill("passphrase", PASSPHRASE).await?;
        window.fill("passphrase-repeat", PASSPHRASE).await?;
        window.shot("02-passphrase").await?;
        window.tap("passphrase-save").await?;
        window.find("recovery-code").await?;
        window.shot("03-recovery-code").await?;
        window.tap("recovery-noted").await?;
        window.tap("recovery-continue").await?;
        window.fill("pair-address", &server.address).await?;
        window
            .fill("pair-code", "0000-0000-0000-0000-0000-0000-00")
            .await?;
        window.tap("pair-submit").await?;
        window.find("message").await?;
        window.shot("04-wrong-code").await?;
        window.fill("pair-code", self.code).await?;
        window.tap("pair-submit").await?;
        window.find("confirm-words").await?;
        window.shot("05-four-words").await?;
        confirm(window, self.council).await?;
        window.tap("words-continue").await?;
        window.find("today").await?;
        window.shot("06-syncing").await?;
        self.until_synced(window).await
    }

    async fn until_synced(&self, window: &Window) -> Result<()> {
        window
            .until(
                "the sync is over",
                "const s = document.querySelector('[data-testid=stand]'); return !!s && s.dataset.syncing === 'false' && !s.textContent.includes('–');",
                Value::Null,
            )
            .await
    }

    async fn look_around(&self, window: &Window) -> Result<()> {
        window.shot("07-today").await?;
        window.tap("nav-meetings").await?;
        window.find("meeting-row").await?;
        window.shot("08-meetings").await?;
        meetings_story::list_and_month(window, !self.item.is_empty()).await?;
        window.tap("nav-settings").await?;
        window.find("lock-now").await?;
        window.shot("09-settings").await?;
        meetings_story::subscription(window, &window.downloads()).await?;
        window.tap("nav-today").await?;
        window.find("today").await?;
        Ok(())
    }

    /// From today to the paper: agenda, item, file.
    async fn open_paper(&self, window: &Window) -> Result<()> {
        self.choose_item(window).await?;
        window.shot("10-agenda-item").await?;
        let start = Instant::now();
        window
            .tap_css("[data-testid=item] [data-testid=file-row]")
            .await?;
        window.until_sharp().await?;
        println!(
            "from tap to sharp page: {} ms (driver included)",
            start.elapsed().as_millis()
        );
        window.shot("11-paper").await?;
        Ok(())
    }

    async fn choose_item(&self, window: &Window) -> Result<()> {
        if window.has_css("[data-testid=open-agenda]").await? && !self.item.is_empty() {
            window.tap("open-agenda").await?;
        } else {
            self.open_meeting_with_files(window).await?;
        }
        window.find("agenda-row").await?;
        let number = window
            .run(
                "const rows = [...document.querySelectorAll('[data-testid=agenda-row]')]; \
                 const plain = (row) => row.textContent.replaceAll('\\u00ad', ''); \
                 const row = rows.find((row) => arguments[0] ? plain(row).includes(arguments[0]) : /Datei|file/.test(plain(row))); \
                 return row ? rows.indexOf(row) : -1;",
                vec![json!(self.item)],
            )
            .await?
            .as_i64()
            .unwrap_or(-1);
        ensure!(
            number >= 0,
            "no agenda item about “{}” with a file",
            self.item
        );
        window
            .run(
                "document.querySelectorAll('[data-testid=agenda-row]')[arguments[0]].click();",
                vec![json!(number)],
            )
            .await?;
        window
            .find_css("[data-testid=item] [data-testid=file-row]")
            .await?;
        Ok(())
    }

    /// In an imported council: the first meeting whose agenda has files.
    async fn open_meeting_with_files(&self, window: &Window) -> Result<()> {
        window.tap("nav-meetings").await?;
        window.find("meeting-row").await?;
        let index = window
            .run(
                "const rows = [...document.querySelectorAll('[data-testid=meeting-row]')]; \
                 return rows.findIndex((row) => /Seiten|pages/.test(row.textContent));",
                vec![],
            )
            .await?
            .as_i64()
            .unwrap_or(-1);
        ensure!(index >= 0, "no meeting with pages");
        window
            .run(
                "document.querySelectorAll('[data-testid=meeting-row]')[arguments[0]].click();",
                vec![json!(index)],
            )
            .await?;
        Ok(())
    }

    /// Another file to its last page, without a network. Result: that page, counted from 1.
    async fn read_offline(&self, window: &Window) -> Result<u64> {
        window.tap("reader-back").await?;
        window.find("meeting").await?;
        window.tap("stand").await?;
        let offline = if self.language == "de" {
            "kein Netz"
        } else {
            "no network"
        };
        window.until_text(offline).await?;
        window.shot("13-offline").await?;
        let files = window.run("return document.querySelectorAll('[data-testid=item] [data-testid=file-row]:not(:disabled)').length;", vec![]).await?;
        let last = files.as_i64().unwrap_or(1).max(1) - 1;
        window.run("document.querySelectorAll('[data-testid=item] [data-testid=file-row]:not(:disabled)')[arguments[0]].click();", vec![json!(last)]).await?;
        window.until_sharp().await?;
        window.shot("14-offline-paper").await?;
        let last_page = window
            .run(
                "const pages = document.querySelector('[data-testid=pages]'); pages.scrollTop = pages.scrollHeight; \
                 return new Promise((done) => { let before = -1; const look = () => { const page = Number(pages.dataset.page); \
                   if (page === before) done(page + 1); else { before = page; requestAnimationFrame(() => requestAnimationFrame(look)); } }; look(); });",
                vec![],
            )
            .await?
            .as_u64()
            .context("the reader names no page")?;
        ensure!(
            last_page > 1 || self.item.is_empty(),
            "a paper of one page shows no place"
        );
        window.tap("reader-back").await?;
        self.until_read_to(window, last_page).await?;
        Ok(last_page)
    }

    /// The last file of the item says how far it was read.
    async fn until_read_to(&self, window: &Window, page: u64) -> Result<()> {
        window
            .until(
                &format!("read to page {page}"),
                "const row = [...document.querySelectorAll('[data-testid=item] [data-testid=file-row]:not(:disabled)')].at(-1); \
                 const said = row?.textContent.replaceAll('\\u00a0', ' ') ?? ''; return new RegExp(`(Seite|page) ${arguments[0]}(?!\\d)`).test(said);",
                json!(page),
            )
            .await
    }

    /// The app opened again without a server: the passphrase, and everything is there.
    async fn come_back(&self, window: &Window, read_to: u64) -> Result<()> {
        window.find("unlock").await?;
        window.shot("15-locked").await?;
        barriers::none_in(window, "unlock").await?;
        window
            .fill("unlock-secret", "falsches Passwort mit fünf Wörtern")
            .await?;
        window.tap("unlock-submit").await?;
        window.find("message").await?;
        window.shot("16-wrong-passphrase").await?;
        self.unlock(window).await?;
        self.choose_item(window).await?;
        self.until_read_to(window, read_to).await?;
        window
            .tap_css("[data-testid=item] [data-testid=file-row]")
            .await?;
        window.until_sharp().await?;
        window
            .run(
                "document.querySelector('[data-testid=pages]').scrollTop = 0;",
                vec![],
            )
            .await?;
        self.until_count(window, "mark-highlight", 1).await?;
        self.until_count(window, "mark-ink", 2).await?;
        self.until_count(window, "mark-note", 1).await?;
        window
            .tap_css("[data-testid=panel-mark][data-kind=note]")
            .await?;
        let text = window
            .run(
                "return document.querySelector('[data-testid=slip-text]')?.value ?? '';",
                vec![],
            )
            .await?;
        ensure!(
            text == "Gilt 0,7 auch für die Gewerbeeinheiten?",
            "the note came back as {text}"
        );
        window.shot("17-notes-are-there").await?;
        if !self.item.is_empty() {
            reading_views::tabs_are_back(window).await?;
        }
        Ok(())
    }

    pub(crate) async fn unlock(&self, window: &Window) -> Result<()> {
        window.fill("unlock-secret", PASSPHRASE).await?;
        window.tap("unlock-submit").await?;
        window.find("today").await?;
        Ok(())
    }

    /// The first file of the item, at its beginning.
    pub(crate) async fn open_first_file(&self, window: &Window) -> Result<()> {
        self.choose_item(window).await?;
        window
            .tap_css("[data-testid=item] [data-testid=file-row]")
            .await?;
        window.until_sharp().await?;
        window
            .run(
                "document.querySelector('[data-testid=pages]').scrollTop = 0;",
                vec![],
            )
            .await?;
        Ok(())
    }

    async fn all_sizes(&self, window: &Window) -> Result<()> {
        for (name, width, height) in [("portrait", 1024, 1366), ("small", 800, 1280)] {
            window.size(width, height).await?;
            window.until_sharp().await?;
            window.shot(&format!("20-reader-{name}")).await?;
            barriers::none_in(window, "reader").await?;
            if !self.item.is_empty() {
                self.panel_over_the_page(window, name).await?;
            }
            window.tap("reader-back").await?;
            window.find("meeting").await?;
            window.shot(&format!("21-meeting-{name}")).await?;
            barriers::none_in(window, "meeting").await?;
            for view in ["today", "meetings", "notes", "search", "settings"] {
                window.tap(&format!("nav-{view}")).await?;
                window.find(view).await?;
                window.shot(&format!("22-{view}-{name}")).await?;
                barriers::none_in(window, view).await?;
                if view == "meetings" {
                    meetings_story::month_in(window, name).await?;
                }
            }
            storage_steps::look(window, name).await?;
            self.choose_item_from_today(window).await?;
        }
        Ok(())
    }

    async fn choose_item_from_today(&self, window: &Window) -> Result<()> {
        window.tap("nav-today").await?;
        window.find("today").await?;
        self.choose_item(window).await?;
        window
            .tap_css("[data-testid=item] [data-testid=file-row]")
            .await?;
        window.until_sharp().await
    }
}

/// The office hears the four words and confirms the device.
pub async fn confirm(window: &Window, council: &Council) -> Result<()> {
    let words = window
        .run("return [...document.querySelectorAll('[data-testid=confirm-word]')].map((word) => word.textContent.trim());", vec![])
        .await?;
    confirm_by(&words, council)
}

fn confirm_by(words: &Value, council: &Council) -> Result<()> {
    let words: Vec<&str> = words
        .as_array()
        .context("no words")?
        .iter()
        .filter_map(Value::as_str)
        .collect();
    ensure!(
        words.len() == 4,
        "the page shows {} words instead of four",
        words.len()
    );
    let devices = council.office(&["devices"])?;
    let device = devices["devices"]
        .as_array()
        .and_then(|devices| devices.iter().find(|device| device["confirmed"] == false))
        .and_then(|device| device["device"].as_str())
        .context("the office sees no device that waits")?
        .to_owned();
    let mut arguments = vec!["confirm", &device];
    arguments.extend(&words);
    council.office(&arguments)?;
    Ok(())
}

/// A command as the page gives it; its answer.
pub async fn ask(window: &Window, name: &str, request: Value) -> Result<Value> {
    window
        .run(
            "return window.__TAURI_INTERNALS__.invoke('desk_call', {name: arguments[0], request: arguments[1]});",
            vec![json!(name), request],
        )
        .await
}
