//! Frames while 100 pages of the budget pass at two pages a second in the real window, and tiles that are seen before they
//! are drawn. Its peer is the same window over a column of empty boxes of the same size.

use std::path::Path;

use anyhow::{Context, Result};
use serde_json::{Value, json};
use stories::window::Window;

use super::figures::{Figure, Series, build};
use super::reading::Place;
use super::supply::{Demonstration, runtime};

const PAGES: u32 = 100;
const PAGES_A_SECOND: f64 = 2.0;
/// Pages of one script: the driver waits thirty seconds for one at most.
const AT_ONCE: u32 = 25;
/// A frame that comes later than this after the one before is late, ms.
const LATE_MS: f64 = 33.4;
/// Of all frames.
const AIM: f64 = 0.02;
/// A tile that is still missing after this long counts as blank, ms.
const PATIENCE_MS: f64 = 300.0;

pub fn measure(out: &Path, place: Place) -> Result<Vec<Figure>> {
    let name = place.name("frames");
    let demonstration = Demonstration::prepare(out, &name)?;
    let shots = out.join(name).join("window");
    let (ours, bare) = runtime()?.block_on(both(place, &demonstration.tablet, &shots))?;
    Ok(vec![
        Figure {
            name: format!(
                "scrolling {PAGES} pages, two a second, {}: frames more than 33 ms after the one before ({})",
                place.words(),
                build()
            ),
            ours: ours.words(),
            peer: format!("empty boxes {}", bare.words()),
            ratio: String::new(),
            aim: format!("< {:.0} %", AIM * 100.0),
            is_met: ours.late_share() < AIM,
        },
        Figure {
            name: format!(
                "… tiles in view but not drawn after {PATIENCE_MS:.0} ms ({})",
                build()
            ),
            ours: format!(
                "{} of {}; {} were waited for, {}",
                ours.blank,
                ours.tiles,
                ours.waits.len(),
                ours.waits.percentiles(0, "ms")
            ),
            peer: "none".to_owned(),
            ratio: String::new(),
            aim: "none".to_owned(),
            is_met: ours.blank == 0,
        },
    ])
}

/// What was seen on the way.
#[derive(Default)]
struct Passage {
    /// Time from frame to frame, ms.
    frames: Series,
    late: usize,
    /// Tiles that were in view at all.
    tiles: u64,
    /// How long each tile was in view before it was drawn, ms; those drawn in time are left out.
    waits: Series,
    blank: u64,
}

impl Passage {
    fn late_share(&self) -> f64 {
        self.late as f64 / self.frames.len().max(1) as f64
    }

    fn words(&self) -> String {
        format!(
            "{:.1} % ({} of {}), {}",
            self.late_share() * 100.0,
            self.late,
            self.frames.len(),
            self.frames.percentiles(1, "ms")
        )
    }

    fn add(&mut self, told: &Value) -> Result<()> {
        for frame in told["frames"].as_array().context("no frames")? {
            let frame = frame.as_f64().context("a frame without time")?;
            self.late += usize::from(frame > LATE_MS);
            self.frames.push(frame);
        }
        for wait in told["waits"].as_array().context("no waits")? {
            let wait = wait.as_f64().context("a wait without time")?;
            self.blank += u64::from(wait > PATIENCE_MS);
            self.waits.push(wait);
        }
        self.tiles += told["tiles"].as_u64().context("no tiles")?;
        Ok(())
    }
}

async fn both(place: Place, tablet: &Path, shots: &Path) -> Result<(Passage, Passage)> {
    let window = place.open(tablet, shots).await?;
    window
        .run(
            "const pages = document.querySelector('[data-testid=pages]'); pages.scrollTop = 0; \
             const one = document.querySelector('[data-page-index]').getBoundingClientRect().height; \
             const bare = document.createElement('div'); bare.id = 'bare'; \
             Object.assign(bare.style, { position: 'fixed', inset: '0', overflow: 'auto', background: '#888', zIndex: 9999, display: 'none' }); \
             for (let at = 0; at < arguments[0]; at += 1) { const box = document.createElement('div'); \
               Object.assign(box.style, { height: `${one}px`, width: '70%', margin: '0 auto 16px', background: '#fff' }); bare.append(box); } \
             document.body.append(bare);",
            vec![json!(PAGES + 3)],
        )
        .await?;
    let (mut ours, mut bare) = (Passage::default(), Passage::default());
    for _ in 0..PAGES / AT_ONCE {
        ours.add(&pass(&window, "[data-testid=pages]").await?)?;
        show_bare(&window, "block").await?;
        bare.add(&pass(&window, "#bare").await?)?;
        show_bare(&window, "none").await?;
    }
    window.shot("passed").await?;
    window.close().await?;
    Ok((ours, bare))
}

async fn show_bare(window: &Window, display: &str) -> Result<()> {
    window
        .run(
            "document.querySelector('#bare').style.display = arguments[0];",
            vec![json!(display)],
        )
        .await?;
    Ok(())
}

/// Scrolls on by `AT_ONCE` pages.
async fn pass(window: &Window, scroller: &str) -> Result<Value> {
    let script = "const [selector, pages, pace] = arguments; const scroller = document.querySelector(selector); \
        const page = document.querySelector('[data-page-index]').getBoundingClientRect().height + 16; \
        const from = scroller.scrollTop; const lasts = pages / pace * 1000; \
        const frames = [], waits = [], known = new Map(); \
        return new Promise((done) => { let begun, last; \
          const look = (now) => { begun ??= now; if (last !== undefined) frames.push(now - last); last = now; \
            scroller.scrollTop = from + (now - begun) * page * pace / 1000; \
            const view = scroller.getBoundingClientRect(); \
            for (const tile of scroller.querySelectorAll('[data-testid=tile]')) { const at = tile.getBoundingClientRect(); \
              if (at.bottom <= view.top || at.top >= view.bottom) continue; \
              const isHere = tile.classList.contains('here'); \
              const wait = known.get(tile); \
              if (wait === undefined) known.set(tile, isHere ? null : { since: now, seen: now }); \
              else if (wait !== null) { wait.seen = now; if (isHere) { waits.push(now - wait.since); known.set(tile, null); } } } \
            if (now - begun < lasts) return requestAnimationFrame(look); \
            for (const wait of known.values()) if (wait !== null) waits.push(wait.seen - wait.since); \
            done({ frames, waits, tiles: known.size }); }; \
          requestAnimationFrame(look); });";
    window
        .run(
            script,
            vec![json!(scroller), json!(AT_ONCE), json!(PAGES_A_SECOND)],
        )
        .await
}
