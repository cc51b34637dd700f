//! The app with the 400-page budget open, where a measurement of reading wants it.

use std::path::Path;

use anyhow::{Context, Result, ensure};
use serde_json::json;
use stories::window::Window;

use super::supply::PASSPHRASE;
use super::{memory, web_view};

const APP: &str = "ratsmappe";

/// What shows the page.
#[derive(Clone, Copy)]
pub enum Place {
    /// The app's own window: `WebKitGTK`.
    Window,
    /// The page in Chromium over a desk in this process, the engine of Android's web view.
    WebView,
}

impl Place {
    /// For the names of figures.
    pub fn words(self) -> &'static str {
        match self {
            Self::Window => "in the window",
            Self::WebView => "the page in Chromium",
        }
    }

    /// For folders.
    pub fn name(self, measurement: &str) -> String {
        match self {
            Self::Window => measurement.to_owned(),
            Self::WebView => format!("web-view-{measurement}"),
        }
    }

    /// The page of a tablet, unlocked, with the budget sharp before one.
    pub async fn open(self, tablet: &Path, shots: &Path) -> Result<Window> {
        ensure!(
            std::env::var_os("DISPLAY").is_some(),
            "no display: start this by `cargo xtask bench`"
        );
        let window = match self {
            Self::Window => Window::open(tablet, shots).await?,
            Self::WebView => web_view::open(tablet, shots).await?,
        };
        window.size(1366, 1024).await?;
        window.find("unlock").await?;
        window.fill("unlock-secret", PASSPHRASE).await?;
        window.tap("unlock-submit").await?;
        window.find("today").await?;
        open_budget(&window).await?;
        Ok(window)
    }

    /// The process that shows the page and answers it is below this one.
    pub fn top(self, tablet: &Path) -> Result<u32> {
        match self {
            Self::Window => memory::find(APP, tablet),
            Self::WebView => Ok(std::process::id()),
        }
    }
}

/// From the meetings to the budget: the budget session, its item, the attachment.
async fn open_budget(window: &Window) -> Result<()> {
    window.tap("nav-meetings").await?;
    click_row(window, "meeting-row", "Haushaltssitzung").await?;
    click_row(window, "agenda-row", "Haushaltsplan 2027").await?;
    window
        .find_css("[data-testid=item] [data-testid=file-row]")
        .await?;
    click_row(window, "file-row", "Haushaltsplan 2027").await?;
    window.find("pages").await?;
    window.until_sharp().await
}

/// Clicks the last row of this kind that says `words`.
async fn click_row(window: &Window, test_id: &str, words: &str) -> Result<()> {
    let script = "const [id, words] = arguments[0]; \
        const plain = (e) => e.textContent.replaceAll('\\u00ad', '').replaceAll('\\u00a0', ' '); \
        const rows = [...document.querySelectorAll(`[data-testid=${id}]`)].filter((e) => plain(e).includes(words) && !e.disabled); \
        const row = rows.at(-1); if (row) row.click(); return !!row;";
    window
        .until(
            &format!("{test_id} about “{words}”"),
            script,
            json!([test_id, words]),
        )
        .await
}

/// The pages that the reader says the document has.
pub async fn last_page(window: &Window) -> Result<u64> {
    let total = window
        .run(
            "const label = document.querySelector('[data-testid=page-number]').parentElement.textContent; return Number((label.match(/\\d+(?!.*\\d)/) ?? ['0'])[0]);",
            vec![],
        )
        .await?;
    let total = total
        .as_u64()
        .context("the reader names no number of pages")?;
    ensure!(total >= 300, "the document has {total} pages");
    Ok(total)
}
