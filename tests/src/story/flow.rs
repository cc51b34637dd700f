//! The reading mode in one paper: entered where the page view stands, set larger, left again at the same page.

use anyhow::{Result, ensure};
use serde_json::{Value, json};

use super::Story;
use crate::barriers;
use crate::window::Window;

impl Story<'_> {
    pub(super) async fn read_as_text(&self, window: &Window) -> Result<()> {
        window.tap("flow-open").await?;
        until_read(window).await?;
        let headings = window
            .run(
                "return document.querySelectorAll('[data-testid=flow-text] :is(h2, h3, h4, h5, h6)').length;",
                vec![],
            )
            .await?;
        ensure!(
            headings.as_u64() > Some(0) || self.item.is_empty(),
            "the paper shows no heading in the reading mode"
        );
        window.shot("12-flow").await?;
        barriers::none_in(window, "reading mode").await?;
        window.tap("flow-settings").await?;
        window.tap("flow-colours-whiteOnBlack").await?;
        window.tap("flow-font-serif").await?;
        window.tap("flow-spacing-2").await?;
        window.tap("flow-larger").await?;
        until_read(window).await?;
        window.shot("12-flow-set").await?;
        barriers::none_in(window, "reading mode, white on black").await?;
        // A page further down, and back to the pages: the same one.
        window
            .run(
                "const text = document.querySelector('[data-testid=flow-text]'); text.scrollTop = text.scrollHeight / 2;",
                vec![],
            )
            .await?;
        // The place follows the scroll a frame later.
        window
            .until(
                "the place read is known",
                "const text = document.querySelector('[data-testid=flow-text]'); \
                 const edge = text.getBoundingClientRect().top; \
                 const at = [...text.querySelectorAll('section')].find((page) => page.getBoundingClientRect().bottom > edge + 1); \
                 return (text.scrollTop > 0 || text.scrollHeight <= text.clientHeight) && at?.dataset.known === 'true' && at.dataset.page === text.dataset.at;",
                Value::Null,
            )
            .await?;
        let read = page(window, "[data-testid=flow-text]", "at").await?;
        window.tap("flow-close").await?;
        window.until_sharp().await?;
        // The page at the upper edge: what stands below it may be the next one already.
        let shown = window
            .run(
                "const edge = document.querySelector('[data-testid=pages]').getBoundingClientRect().top; \
                 const pages = [...document.querySelectorAll('[data-page-index]')].filter((page) => page.getBoundingClientRect().bottom > edge + 1); \
                 return Math.min(...pages.map((page) => Number(page.dataset.pageIndex)));",
                vec![],
            )
            .await?;
        ensure!(
            read == shown,
            "read on page {read}, but page {shown} is shown"
        );
        window
            .run(
                "document.querySelector('[data-testid=pages]').scrollTop = 0;",
                vec![],
            )
            .await?;
        window
            .until(
                "the first page is shown",
                "return document.querySelector('[data-testid=pages]').dataset.page === '0';",
                Value::Null,
            )
            .await?;
        for usual in [
            "flow-open",
            "flow-settings",
            "flow-colours-app",
            "flow-font-hyperlegible",
            "flow-spacing-1.6",
            "flow-smaller",
            "flow-close",
        ] {
            window.tap(usual).await?;
        }
        window.until_sharp().await
    }
}

/// All pages of the reading mode that exist have been read.
async fn until_read(window: &Window) -> Result<()> {
    window
        .until(
            "the pages are read",
            "const pages = [...document.querySelectorAll('[data-testid=flow-text] section')]; \
             return pages.length > 0 && pages.every((page) => page.dataset.known === 'true');",
            Value::Null,
        )
        .await
}

async fn page(window: &Window, css: &str, name: &str) -> Result<Value> {
    window
        .run(
            "return Number(document.querySelector(arguments[0]).dataset[arguments[1]]);",
            vec![json!(css), json!(name)],
        )
        .await
}
