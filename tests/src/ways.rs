//! Ways through a paper in the real window: small pages, outline, links, jumps, and the one way out of the app.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use crate::barriers;
use crate::story::Story;
use crate::window::Window;

/// Stands for the system's browser: the app calls it by the name it looks for, and it writes down what it was asked to open.
pub struct Browser {
    asked: PathBuf,
}

impl Browser {
    /// Puts it into a new folder, which [`Window::open`] puts before the others in which programs are looked for.
    ///
    /// Errors: the folder cannot be written.
    pub fn put(folder: &Path) -> Result<Self> {
        use std::os::unix::fs::PermissionsExt;
        std::fs::create_dir_all(folder)?;
        let asked = folder.join("asked");
        let program = folder.join("xdg-open");
        let script = format!(
            "#!/bin/sh\nprintf '%s\\n' \"$1\" >> '{}'\n",
            asked.display()
        );
        std::fs::write(&program, script)?;
        std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755))?;
        Ok(Self { asked })
    }

    /// The addresses asked for so far.
    fn asked(&self) -> Vec<String> {
        let written = std::fs::read_to_string(&self.asked).unwrap_or_default();
        written.lines().map(str::to_owned).collect()
    }
}

impl Story<'_> {
    /// Through the open paper by small pages, outline and links; the panel shows my annotations again afterwards.
    pub(crate) async fn find_ways(&self, window: &Window, browser: &Browser) -> Result<()> {
        self.by_small_pages(window).await?;
        self.by_outline(window).await?;
        self.out_of_the_app(window, browser).await?;
        window.tap("panel-tab-marks").await
    }

    async fn by_small_pages(&self, window: &Window) -> Result<()> {
        window.tap("panel-tab-pages").await?;
        self.until_small_pages(window).await?;
        window.shot("12-panel-pages").await?;
        barriers::none_in(window, "small pages").await?;
        ensure!(
            window
                .has_css("[data-testid=thumb-0] [data-testid=thumb-marked]")
                .await?,
            "the page with my annotations carries no sign"
        );
        window.tap("thumb-2").await?;
        until_page(window, 3).await?;
        window.shot("12-jumped").await?;
        barriers::none_in(window, "reader after a jump").await?;
        window.tap("jump-back").await?;
        until_page(window, 1).await?;
        window.tap("jump-ahead").await?;
        until_page(window, 3).await?;
        press(window, "ArrowLeft").await?;
        until_page(window, 1).await?;
        window.tap("jump-dismiss").await
    }

    async fn by_outline(&self, window: &Window) -> Result<()> {
        window.tap("panel-tab-outline").await?;
        window.find("outline-row").await?;
        window.shot("12-panel-outline").await?;
        barriers::none_in(window, "outline").await?;
        let page = window
            .run(
                "const rows = [...document.querySelectorAll('[data-testid=outline-row]')]; const last = rows.at(-1); last.click(); \
                 return Number(/\\d+$/.exec(last.textContent)[0]);",
                vec![],
            )
            .await?;
        let page = page.as_u64().context("the last heading names no page")?;
        ensure!(
            page > 1,
            "the paper's last heading stands on its first page"
        );
        until_page(window, page).await?;
        window.tap("jump-back").await?;
        until_page(window, 1).await?;
        window.tap("jump-dismiss").await
    }

    async fn out_of_the_app(&self, window: &Window, browser: &Browser) -> Result<()> {
        window.tap("tool-read").await?;
        window.tap_css("[data-testid=link][data-kind=web]").await?;
        window.find("link-question").await?;
        window.shot("12-link-question").await?;
        barriers::none_in(window, "question before a link").await?;
        let address = window.text("link-address").await?;
        window.tap("link-stay").await?;
        self.until_count(window, "link-question", 0).await?;
        ensure!(
            browser.asked().is_empty(),
            "something was opened without a yes"
        );
        window.tap_css("[data-testid=link][data-kind=web]").await?;
        window.tap("link-open").await?;
        self.until_count(window, "link-question", 0).await?;
        ensure!(
            browser.asked() == [address.as_str()],
            "shown was {address}, opened was {:?}",
            browser.asked()
        );
        window.tap_css("[data-testid=link][data-kind=page]").await?;
        window.find("jump-back").await?;
        window.tap("jump-back").await?;
        until_page(window, 1).await?;
        window.tap("jump-dismiss").await
    }

    /// The budget of four hundred pages, found by a word: few small pages at once, also at its end.
    pub(crate) async fn through_the_budget(&self, window: &Window) -> Result<()> {
        window.tap("nav-search").await?;
        window.fill("search-text", "Haushaltsvermerke").await?;
        // The hits of the question before stand there until the new ones have come.
        window
            .until(
                "the budget is found and tapped",
                "const plain = (hit) => hit.textContent.replaceAll('\\u00ad', ''); \
                 const hit = [...document.querySelectorAll('[data-testid=hit][data-kind=file]')].find((hit) => plain(hit).includes('Haushaltsvermerke')); \
                 hit?.click(); return !!hit;",
                Value::Null,
            )
            .await?;
        window.until_sharp().await?;
        window.tap("find-close").await?;
        window.tap("panel-tab-pages").await?;
        self.until_small_pages(window).await?;
        window
            .run(
                "const list = document.querySelector('[data-testid=thumbs]'); list.focus(); \
                 for (const key of ['End', 'Enter']) { list.dispatchEvent(new KeyboardEvent('keydown', {key, bubbles: true, cancelable: true})); \
                   await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))); }",
                vec![],
            )
            .await?;
        self.until_small_pages(window).await?;
        let there = window
            .run(
                "const cells = document.querySelectorAll('[data-testid=thumbs] [role=option]'); return [cells.length, Number(cells[0].getAttribute('aria-setsize'))];",
                vec![],
            )
            .await?;
        let (cells, pages) = (
            there[0].as_u64().unwrap_or(0),
            there[1].as_u64().unwrap_or(0),
        );
        ensure!(pages > 300, "the budget has {pages} pages");
        ensure!(
            (1..=40).contains(&cells),
            "{cells} small pages are there at once"
        );
        until_page(window, pages).await?;
        window.shot("19-budget-pages").await?;
        window.tap("panel-tab-outline").await?;
        window
            .until(
                "the section that is read is marked and in sight",
                "const row = document.querySelector('[data-testid=outline-row][aria-selected=true]'); if (!row) return false; \
                 const frame = document.querySelector('[data-testid=outline]').parentElement.getBoundingClientRect(); const box = row.getBoundingClientRect(); \
                 return box.top >= frame.top - 1 && box.bottom <= frame.bottom + 1;",
                Value::Null,
            )
            .await?;
        window.shot("19-budget-outline").await?;
        barriers::none_in(window, "outline of the budget").await?;
        window.tap("panel-tab-marks").await?;
        window.tap("reader-back").await?;
        window.find("search").await?;
        Ok(())
    }

    /// The panel over the page where there is no room beside it.
    pub(crate) async fn panel_over_the_page(&self, window: &Window, size: &str) -> Result<()> {
        window.tap("toggle-panel").await?;
        for tab in ["pages", "outline"] {
            window.tap(&format!("panel-tab-{tab}")).await?;
            if tab == "pages" {
                self.until_small_pages(window).await?;
            } else {
                window.find("outline-row").await?;
            }
            window.shot(&format!("20-panel-{tab}-{size}")).await?;
            barriers::none_in(window, "panel over the page").await?;
        }
        window.tap("panel-tab-marks").await?;
        window.tap("panel-close").await?;
        self.until_count(window, "panel", 0).await
    }

    async fn until_small_pages(&self, window: &Window) -> Result<()> {
        window
            .until(
                "the small pages in view are drawn",
                "const list = document.querySelector('[data-testid=thumbs]'); if (!list) return false; const frame = list.getBoundingClientRect(); \
                 const seen = [...list.querySelectorAll('[role=option]')].filter((cell) => { const box = cell.getBoundingClientRect(); return box.bottom > frame.top && box.top < frame.bottom; }); \
                 return seen.length > 0 && seen.every((cell) => cell.querySelector('img')?.classList.contains('here'));",
                Value::Null,
            )
            .await
    }
}

/// Waits until the reader is at this page, counted from 1.
async fn until_page(window: &Window, page: u64) -> Result<()> {
    window
        .until(
            &format!("page {page} is shown"),
            "return Number(document.querySelector('[data-testid=pages]')?.dataset.page) === arguments[0] - 1;",
            json!(page),
        )
        .await
}

/// A key with Alt, as the page hears it.
async fn press(window: &Window, key: &str) -> Result<()> {
    window
        .run(
            "document.body.dispatchEvent(new KeyboardEvent('keydown', {key: arguments[0], altKey: true, bubbles: true, cancelable: true}));",
            vec![json!(key)],
        )
        .await?;
    Ok(())
}
