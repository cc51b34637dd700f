//! Text of twice the size, upright: every view keeps its words whole and inside the window. What a screen of a phone shows is shown
//! here too, as layouts follow the size of the text.

use anyhow::{Result, ensure};
use serde_json::{Value, json};

use crate::barriers;
use crate::window::Window;

/// Runs in the page: what sticks out of the window with nothing around it that scrolls, and words that are cut off. Tabs and titles
/// that end in dots on purpose say so by `text-overflow`.
const LOOK: &str = "const seen = (each) => { const box = each.getBoundingClientRect(); const style = getComputedStyle(each); \
      return box.width > 1 && box.height > 1 && style.visibility !== 'hidden' && style.clipPath === 'none' && !each.closest('.visually-hidden, [aria-hidden=true], [data-testid=pages] [data-page-index]'); }; \
    const scrolls = (each) => { for (let up = each.parentElement; up; up = up.parentElement) { const style = getComputedStyle(up); \
      if (/auto|scroll/.test(style.overflowX) && up.scrollWidth > up.clientWidth) return true; } return false; }; \
    const told = (what, each) => `${what}: ${each.outerHTML.replace(/<!--.*?-->/g, '').slice(0, 130)}`; \
    const found = []; \
    for (const each of document.body.querySelectorAll('*')) { if (!seen(each)) continue; \
      const box = each.getBoundingClientRect(); const style = getComputedStyle(each); \
      if ((box.right > innerWidth + 1 || box.left < -1) && !scrolls(each)) found.push(told(`sticks out to ${Math.round(box.right)}`, each)); \
      const hasWords = [...each.childNodes].some((child) => child.nodeType === 3 && child.textContent.trim() !== ''); \
      const cuts = /hidden|clip/.test(style.overflowX) && style.textOverflow !== 'ellipsis'; \
      if (each.scrollWidth > each.clientWidth + 1 && each.clientWidth > 0 && (cuts || (hasWords && each.tagName === 'BUTTON'))) found.push(told('is cut off', each)); \
      const cutsBelow = /hidden|clip/.test(style.overflowY); \
      if (cutsBelow && hasWords && each.scrollHeight > each.clientHeight + 2) found.push(told('is cut off below', each)); } \
    return found.slice(0, 6);";

/// Tells it; the window shows any view of the open folder. Ends in today with text of the usual size.
pub async fn tell(window: &Window) -> Result<()> {
    window.size(1024, 1366).await?;
    set_text(window, "2").await?;
    for view in ["today", "meetings", "notes", "search", "settings"] {
        window.tap(&format!("nav-{view}")).await?;
        window.find(view).await?;
        if view == "search" {
            window.fill("search-text", "bebauungsplan").await?;
            window.find_css("[data-testid=hit]").await?;
        }
        whole(window, view).await?;
        if view == "meetings" {
            window.tap("meetings-as-month").await?;
            window.find("month").await?;
            whole(window, "month").await?;
            window.tap("meetings-as-list").await?;
        }
    }
    window.tap("storage-details").await?;
    window.find("storage").await?;
    whole(window, "storage").await?;
    window.tap("nav-settings").await?;
    window.tap("sync-details").await?;
    window.find("sync").await?;
    whole(window, "sync").await?;
    meeting_and_reader(window).await?;
    window.size(1366, 1024).await?;
    set_text(window, "1").await?;
    window.tap("nav-today").await?;
    window.find("today").await?;
    Ok(())
}

async fn meeting_and_reader(window: &Window) -> Result<()> {
    window.tap("nav-today").await?;
    window
        .tap_css("[data-testid=next-meeting] [data-testid=open-agenda]")
        .await?;
    window.find("agenda-row").await?;
    whole(window, "meeting").await?;
    window
        .until(
            "the item with the plan is opened",
            "const rows = [...document.querySelectorAll('[data-testid=agenda-row]')]; \
             const row = rows.find((each) => each.textContent.replaceAll('\\u00ad', '').includes('Bebauungsplan')); row?.click(); return !!row;",
            Value::Null,
        )
        .await?;
    window
        .find_css("[data-testid=item] [data-testid=file-row]")
        .await?;
    whole(window, "item").await?;
    window
        .tap_css("[data-testid=item] [data-testid=file-row]")
        .await?;
    window.find_css("[data-testid=tile].here").await?;
    whole(window, "reader").await?;
    for tool in ["marker", "shape", "stamp"] {
        window.tap(&format!("tool-{tool}")).await?;
        if !window.has_css("[data-testid=tool-options]").await? {
            window.tap(&format!("tool-{tool}")).await?;
        }
        window.find("tool-options").await?;
        whole(window, &format!("tool-{tool}")).await?;
    }
    window.tap("tool-read").await?;
    window.tap("find-open").await?;
    window.fill("find-text", "Satzung").await?;
    window.find_css("[data-testid=found]").await?;
    whole(window, "find").await?;
    window.tap("find-close").await?;
    window.tap("view-open").await?;
    window.find("view-menu").await?;
    whole(window, "view-menu").await?;
    window.tap("view-open").await?;
    if !window.has_css("[data-testid=panel]").await? {
        window.tap("toggle-panel").await?;
    }
    for tab in ["marks", "pages", "outline"] {
        window.tap(&format!("panel-tab-{tab}")).await?;
        window
            .until(
                "the panel has the whole width",
                "return document.querySelector('[data-testid=panel]')?.getBoundingClientRect().width >= innerWidth - 2;",
                Value::Null,
            )
            .await?;
        whole(window, &format!("panel-{tab}")).await?;
    }
    window.tap("panel-close").await?;
    window.tap("takeaway-open").await?;
    window.find("takeaway-what").await?;
    whole(window, "takeaway").await?;
    window.tap("takeaway-cancel").await?;
    window.tap("flow-open").await?;
    window.find("flow-text").await?;
    whole(window, "flow").await?;
    window.tap("flow-close").await?;
    window.tap("reader-back").await?;
    window.find("item").await?;
    Ok(())
}

async fn set_text(window: &Window, scale: &str) -> Result<()> {
    window.tap("nav-settings").await?;
    window.tap(&format!("text-size-{scale}")).await?;
    window
        .until(
            "the text has its size",
            "return parseFloat(getComputedStyle(document.documentElement).fontSize) === 16 * Number(arguments[0]);",
            json!(scale),
        )
        .await
}

/// A picture, nothing cut off and no barrier.
async fn whole(window: &Window, view: &str) -> Result<()> {
    window.shot(&format!("40-large-{view}")).await?;
    let found = window.run(LOOK, vec![]).await?;
    ensure!(
        found.as_array().is_some_and(Vec::is_empty),
        "with large text, {view} does not keep its words whole:\n{found:#}"
    );
    barriers::none_in(window, view).await
}
