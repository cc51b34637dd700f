//! What the story does to one paper: marks of every kind, and finding words in it.

use anyhow::Result;
use serde_json::{Value, json};

use super::Story;
use crate::barriers;
use crate::window::Window;

impl Story<'_> {
    pub(super) async fn mark_paper(&self, window: &Window) -> Result<()> {
        window.find("marks-0").await?;
        window.tap("tool-marker").await?;
        self.drag(window, "mouse", &[(0.25, 0.42), (0.4, 0.42), (0.6, 0.421)])
            .await?;
        self.until_count(window, "mark-highlight", 1).await?;
        window.tap("tool-pen").await?;
        let wave: Vec<(f64, f64)> = (0..40)
            .map(|step| {
                (
                    0.3 + f64::from(step) * 0.008,
                    0.55 + (f64::from(step) * 0.5).sin() * 0.012,
                )
            })
            .collect();
        self.drag(window, "pen", &wave).await?;
        self.until_count(window, "mark-ink", 1).await?;
        // A second stroke, taken back and brought again.
        self.drag(window, "pen", &[(0.6, 0.6), (0.65, 0.62), (0.7, 0.6)])
            .await?;
        self.until_count(window, "mark-ink", 2).await?;
        window.tap("undo").await?;
        self.until_count(window, "mark-ink", 1).await?;
        window.tap("redo").await?;
        self.until_count(window, "mark-ink", 2).await?;
        window.tap("tool-note").await?;
        self.drag(window, "mouse", &[(0.8, 0.35)]).await?;
        window.find("slip-text").await?;
        window
            .fill("slip-text", "Gilt 0,7 auch für die Gewerbeeinheiten?")
            .await?;
        window.find("slip-saved").await?;
        window.shot("12-marks").await?;
        Ok(())
    }

    /// A pointer over the first page, in shares of its width and height.
    pub(crate) async fn drag(&self, window: &Window, kind: &str, way: &[(f64, f64)]) -> Result<()> {
        window
            .run(
                "const layer = document.querySelector('[data-testid=marks-0]'); const box = layer.getBoundingClientRect(); \
                 const [kind, way] = arguments; \
                 const send = (type, [x, y], i) => layer.dispatchEvent(new PointerEvent(type, {bubbles: true, cancelable: true, pointerId: 7, isPrimary: true, button: 0, \
                   buttons: type === 'pointerup' ? 0 : 1, pointerType: kind, pressure: kind === 'pen' ? 0.2 + 0.6 * Math.abs(Math.sin(i / 6)) : 0.5, \
                   clientX: box.left + x * box.width, clientY: box.top + y * box.height})); \
                 send('pointerdown', way[0], 0); \
                 return new Promise((done) => { let i = 1; const step = () => { if (i < way.length) { send('pointermove', way[i], i); i += 1; requestAnimationFrame(step); } \
                   else { send('pointerup', way[way.length - 1], i); done(true); } }; requestAnimationFrame(step); });",
                vec![json!(kind), json!(way)],
            )
            .await?;
        Ok(())
    }

    pub(crate) async fn until_count(
        &self,
        window: &Window,
        test_id: &str,
        count: usize,
    ) -> Result<()> {
        window
            .until(
                &format!("{count} × {test_id}"),
                "return document.querySelectorAll(`[data-testid=${arguments[0][0]}]`).length === arguments[0][1];",
                json!([test_id, count]),
            )
            .await
    }

    /// A word out of a paper, from a part of it; then the place on the page.
    pub(super) async fn search_offline(&self, window: &Window) -> Result<()> {
        window.tap("nav-search").await?;
        window.find("search").await?;
        window.shot("18-search-empty").await?;
        let word = if self.item.is_empty() {
            "sitzung"
        } else {
            "bebauungs"
        };
        window.fill("search-text", word).await?;
        // In a whole year of meetings their titles fill the first screens.
        if self.item.is_empty() {
            window.tap("search-group-papers").await?;
        }
        window.find_css("[data-testid=hit][data-kind=file]").await?;
        window
            .run(
                "document.querySelector('[data-testid=hit][data-kind=file]').focus();",
                vec![],
            )
            .await?;
        window
            .until(
                "the preview is drawn",
                "const image = document.querySelector('[data-testid=search-preview] img'); return !!image && image.complete && image.naturalWidth > 0 \
                 || !document.querySelector('[data-testid=search-preview]');",
                Value::Null,
            )
            .await?;
        window.shot("18-search").await?;
        barriers::looker_finds_a_planted_one(window).await?;
        barriers::none_in(window, "search with hits").await?;
        window.tap_css("[data-testid=hit][data-kind=file]").await?;
        window.until_sharp().await?;
        window.find_css("[data-testid=found]").await?;
        window.shot("19-found-in-the-paper").await?;
        window.tap("find-next").await?;
        window.tap("find-close").await?;
        self.until_count(window, "found", 0).await?;
        window.tap("reader-back").await?;
        window.find_css("[data-testid=hit]").await?;
        if window.has_css("[data-testid=hit][data-kind=paper]").await? {
            window.tap_css("[data-testid=hit][data-kind=paper]").await?;
            window
                .find_css("[data-testid=paper] [data-testid=file-row]")
                .await?;
            window.shot("19-paper-page").await?;
            barriers::none_in(window, "paper").await?;
            window.tap("page-back").await?;
            window.find_css("[data-testid=hit]").await?;
        }
        Ok(())
    }
}
