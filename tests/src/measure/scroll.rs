//! Memory while the 400-page budget is scrolled through in the real window, every page drawn sharp. Its peer is the same
//! window before scrolling. Time is not measured.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use serde_json::json;
use stories::window::Window;

use super::figures::{Figure, Series, build};
use super::memory;
use super::reading::{Place, last_page};
use super::supply::Demonstration;

/// One takes minutes where pages are painted without a graphics card.
const ROUNDS: usize = 1;
/// Growth, MB.
const AIM_MB: f64 = 60.0;

pub fn measure(out: &Path, place: Place) -> Result<Vec<Figure>> {
    let name = place.name("scroll");
    let demonstration = Demonstration::prepare(out, &name)?;
    println!("scrolling the budget {} ({}) …", place.words(), build());
    let (mut first, mut last, mut growth) =
        (Series::default(), Series::default(), Series::default());
    let runtime = super::supply::runtime()?;
    for round in 1..=ROUNDS {
        let shots = out.join(&name).join(format!("window-{round}"));
        let tablet = out.join(&name).join(format!("tablet-{round}"));
        copy_tablet(&demonstration.tablet, &tablet)?;
        let seen = runtime.block_on(scroll_once(place, &tablet, &shots))?;
        println!(
            "round {round}: {:.0} MB at the first page, {:.0} MB at the last of {}",
            seen.first_mb, seen.last_mb, seen.pages
        );
        first.push(seen.first_mb);
        last.push(seen.last_mb);
        growth.push(seen.last_mb - seen.first_mb);
    }
    Ok(vec![Figure {
        name: format!(
            "scroll to the last page, {}: PSS of the app and its children ({})",
            place.words(),
            build()
        ),
        ours: format!("{}, growth {}", last.words(0, "MB"), growth.words(0, "MB")),
        peer: format!("same window at the first page {}", first.words(0, "MB")),
        ratio: format!("{:.2}", last.median() / first.median()),
        aim: format!("growth ≤ {AIM_MB:.0} MB"),
        is_met: growth.median() <= AIM_MB,
    }])
}

/// Every round begins on a tablet that has never opened the budget: one that has begins at its last page, and has drawn it
/// before the first figure is taken.
fn copy_tablet(from: &Path, to: &Path) -> Result<()> {
    let status = Command::new("cp").arg("-a").arg(from).arg(to).status()?;
    ensure!(status.success(), "cp: {status}");
    Ok(())
}

struct Seen {
    pages: u64,
    first_mb: f64,
    last_mb: f64,
}

async fn scroll_once(place: Place, tablet: &Path, shots: &Path) -> Result<Seen> {
    let window = place.open(tablet, shots).await?;
    scroll_to(&window, 0).await?;
    let top = place.top(tablet)?;
    let pages = last_page(&window).await?;
    window.shot("first").await?;
    let first_mb = settled_mb(&window, top).await?;
    for page in 0..pages {
        scroll_to(&window, page).await?;
    }
    window.shot("last").await?;
    let last_mb = settled_mb(&window, top).await?;
    window.close().await?;
    Ok(Seen {
        pages,
        first_mb,
        last_mb,
    })
}

/// Scrolls to a page, counted from 0: a third of the view with each frame, then on the spot until the page is sharp.
/// The wheel is the sign of life without which the portfolio would lock on the way.
async fn scroll_to(window: &Window, page: u64) -> Result<()> {
    let script = "const page = arguments[0]; const pages = document.querySelector('[data-testid=pages]'); \
        const isSharp = () => { const tiles = [...pages.querySelectorAll('[data-testid=tile]')]; \
          return tiles.length > 0 && tiles.every((tile) => tile.classList.contains('here')); }; \
        const patience = performance.now() + 20000; let isThere = false; \
        window.dispatchEvent(new WheelEvent('wheel')); \
        return new Promise((done) => { const look = () => { \
          if (performance.now() > patience) return done('page ' + pages.dataset.page + ' of ' + page + ', sharp: ' + isSharp()); \
          if (!isThere) { const before = pages.scrollTop; \
            if (page === 0) pages.scrollTop = 0; else if (Number(pages.dataset.page) < page) pages.scrollTop = before + pages.clientHeight / 3; \
            isThere = page === 0 ? Number(pages.dataset.page) === 0 : Number(pages.dataset.page) >= page || pages.scrollTop === before; } \
          else if (isSharp()) return done('there'); \
          requestAnimationFrame(look); }; requestAnimationFrame(look); });";
    let came = window.run(script, vec![json!(page)]).await?;
    ensure!(
        came == "there",
        "the window does not come to page {page}: {came}"
    );
    Ok(())
}

/// Looks at the memory until it rests, one a second.
const MOST_LOOKS: usize = 20;
/// Three looks that differ by less are rest, MB.
const REST_MB: f64 = 2.0;

/// Megabytes of the whole tree once they rest: WebKit gives back what it freed some moments later.
async fn settled_mb(window: &Window, top: u32) -> Result<f64> {
    let mut looks: Vec<f64> = Vec::new();
    for _ in 0..MOST_LOOKS {
        window
            .run(
                "return new Promise((done) => setTimeout(() => done(true), 1000));",
                vec![],
            )
            .await?;
        looks.push(memory::pss_of_tree(top)? as f64 / 1e6);
        let last = looks.last_chunk::<3>();
        if let Some([a, b, c]) = last
            && a.max(*b).max(*c) - a.min(*b).min(*c) < REST_MB
        {
            return Ok(*c);
        }
    }
    println!("the memory does not rest: {looks:.0?} MB");
    looks.last().copied().context("no look")
}
