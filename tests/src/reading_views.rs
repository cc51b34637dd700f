//! How a paper is looked at, told in the real window: from file to file, one page at a time, turned, selected, searched, in full screen, two side by side,
//! with tabs that outlive the app.

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use crate::barriers;
use crate::story::ask;
use crate::window::Window;

/// Begins and ends in the first file of the agenda item, pages below each other.
pub async fn tell(window: &Window) -> Result<()> {
    let panel = window.has_css("[data-testid=panel]").await?;
    from_file_to_file(window).await?;
    one_page_at_a_time(window).await?;
    selected_words(window).await?;
    selected_over_pages(window).await?;
    counted_hits(window).await?;
    full_screen(window).await?;
    side_by_side(window).await?;
    if panel != window.has_css("[data-testid=panel]").await? {
        window.tap("toggle-panel").await?;
    }
    window.until_sharp().await
}

/// After the app was closed and opened again: the tabs are there, by the names that the council gave the files.
pub async fn tabs_are_back(window: &Window) -> Result<()> {
    let tabs = ask(window, "tabs_list", json!({})).await?;
    let kept = tabs.as_array().context("no list of tabs")?.len();
    ensure!(kept >= 2, "{kept} tabs were kept");
    window
        .until(
            "every kept file has its tab",
            "return document.querySelectorAll('[data-testid=reader-tab]').length >= arguments[0];",
            json!(kept),
        )
        .await
}

/// A key where the pages have it.
async fn key(window: &Window, key: &str, with: &str) -> Result<()> {
    window
        .run(
            "const [key, hold] = arguments; const pages = document.querySelector('[data-testid^=pane][data-active=true] [data-testid=pages]'); pages.focus(); \
             pages.dispatchEvent(new KeyboardEvent('keydown', {key, altKey: hold === 'alt', ctrlKey: hold === 'ctrl', shiftKey: hold === 'shift', bubbles: true, cancelable: true}));",
            vec![json!(key), json!(with)],
        )
        .await?;
    Ok(())
}

async fn title(window: &Window) -> Result<String> {
    Ok(window
        .run(
            "return document.querySelector('[data-testid=reader-tab][aria-current]')?.textContent ?? '';",
            vec![],
        )
        .await?
        .as_str()
        .unwrap_or_default()
        .to_owned())
}

async fn until_other_title(window: &Window, before: &str) -> Result<()> {
    window
        .until(
            "another file is open",
            "const now = document.querySelector('[data-testid=reader-tab][aria-current]')?.textContent ?? arguments[0]; return now !== arguments[0];",
            json!(before),
        )
        .await?;
    window.until_sharp().await
}

async fn from_file_to_file(window: &Window) -> Result<()> {
    let main = title(window).await?;
    window
        .run(
            "const pages = document.querySelector('[data-testid=pages]'); pages.scrollTop = pages.scrollHeight;",
            vec![],
        )
        .await?;
    window.find("onward-next").await?;
    window.until_sharp().await?;
    window.shot("12b-end-of-the-file").await?;
    window.tap("onward-next").await?;
    until_other_title(window, &main).await?;
    window.shot("12c-next-file").await?;
    a_plan_at_eight_times(window).await?;
    let attachment = title(window).await?;
    key(window, "PageUp", "alt").await?;
    until_other_title(window, &attachment).await?;
    let back = title(window).await?;
    ensure!(back == main, "back leads to {back} instead of {main}");
    key(window, "Home", "").await
}

/// The largest zoom of a large plan: sharp, with no more pictures than the view needs.
async fn a_plan_at_eight_times(window: &Window) -> Result<()> {
    for _ in 0..20 {
        key(window, "+", "ctrl").await?;
    }
    window.until_sharp().await?;
    let seen = window
        .run(
            "const pages = document.querySelector('[data-testid=pages]'); const page = pages.querySelector('[data-testid=page-0]').getBoundingClientRect(); \
             return [pages.querySelectorAll('img').length, page.width];",
            vec![],
        )
        .await?;
    let (images, wide) = (seen[0].as_u64(), seen[1].as_f64());
    ensure!(
        wide.is_some_and(|wide| wide > 20_000.0),
        "a plan in A1 at 800 % is {wide:?} px wide"
    );
    ensure!(
        images.is_some_and(|images| images <= 24),
        "{images:?} pictures for one view of a plan"
    );
    window.shot("12c-plan-at-800").await?;
    key(window, "0", "ctrl").await
}

async fn until_pages(window: &Window, name: &str, value: &str) -> Result<()> {
    window
        .until(
            &format!("the pages have {name} = {value}"),
            "return document.querySelector('[data-testid=pages]')?.dataset[arguments[0][0]] === arguments[0][1];",
            json!([name, value]),
        )
        .await
}

async fn one_page_at_a_time(window: &Window) -> Result<()> {
    window.tap("view-open").await?;
    window.find("view-menu").await?;
    window.shot("12d-view-menu").await?;
    barriers::none_in(window, "the view menu").await?;
    window.tap("view-layout-single").await?;
    until_pages(window, "single", "true").await?;
    until_pages(window, "page", "0").await?;
    // The menu closes as soon as the pages have the focus.
    key(window, "ArrowRight", "").await?;
    until_pages(window, "page", "1").await?;
    key(window, "PageUp", "").await?;
    until_pages(window, "page", "0").await?;
    window.until_sharp().await?;
    window.shot("12e-single-page").await?;
    barriers::none_in(window, "a single page").await?;

    window.tap("view-open").await?;
    window.tap("turn-right").await?;
    until_pages(window, "rotation", "90").await?;
    window.until_sharp().await?;
    // My marks turn with the page: what lay near its upper edge lies near its right one.
    let at = window
        .run(
            "const page = document.querySelector('[data-testid=page-0]').getBoundingClientRect(); const mark = document.querySelector('[data-testid=mark-note]').getBoundingClientRect(); \
             return [(mark.left + mark.width / 2 - page.left) / page.width, (mark.top + mark.height / 2 - page.top) / page.height];",
            vec![],
        )
        .await?;
    let (across, down) = (at[0].as_f64(), at[1].as_f64());
    ensure!(
        across.is_some_and(|across| (across - 0.65).abs() < 0.03)
            && down.is_some_and(|down| (down - 0.8).abs() < 0.03),
        "the note put at 0.8, 0.35 stands at {at} of the turned page"
    );
    window.shot("12f-turned").await?;
    window.tap("turn-left").await?;
    until_pages(window, "rotation", "0").await?;
    window.tap("view-layout-scroll").await?;
    until_pages(window, "single", "false").await?;
    window.tap("view-fit-reading").await?;
    close_menu(window).await?;
    window.until_sharp().await
}

/// By the key, from inside the menu: it takes the menu away and nothing else.
async fn close_menu(window: &Window) -> Result<()> {
    window
        .run(
            "document.activeElement.dispatchEvent(new KeyboardEvent('keydown', {key: 'Escape', bubbles: true, cancelable: true}));",
            vec![],
        )
        .await?;
    window
        .until(
            "the menu is closed and the reader still there",
            "return !document.querySelector('[role=dialog]') && !!document.querySelector('[data-testid=pages]');",
            Value::Null,
        )
        .await
}

async fn selected_words(window: &Window) -> Result<()> {
    window
        .run(
            "const layer = document.querySelector('[data-testid=marks-0]'); const box = layer.getBoundingClientRect(); \
             const send = (type, x, y) => layer.dispatchEvent(new PointerEvent(type, {bubbles: true, cancelable: true, pointerId: 1, isPrimary: true, button: 0, buttons: 1, \
               pointerType: 'mouse', clientX: box.left + x * box.width, clientY: box.top + y * box.height})); \
             send('pointerdown', .25, .42); send('pointermove', .4, .42); \
             return new Promise((done) => { let tries = 0; const step = () => { tries += 1; send('pointermove', .6, .45); \
               if (document.querySelector('[data-testid=selected]') || tries > 300) { send('pointermove', .6, .45); send('pointerup', .6, .45); done(true); } else requestAnimationFrame(step); }; step(); });",
            vec![],
        )
        .await?;
    window.find("select-bar").await?;
    window.shot("12g-selected").await?;
    barriers::none_in(window, "selected words").await?;
    let before = handle_at(window).await?;
    key(window, "ArrowRight", "shift").await?;
    window
        .until(
            "the end of the selection has moved",
            "return document.querySelector('[data-testid=select-end]').style.left !== arguments[0];",
            json!(before),
        )
        .await?;
    window.tap("select-copy").await?;
    window.find("toast").await?;
    key(window, "Escape", "").await?;
    window
        .until(
            "nothing is selected",
            "return !document.querySelector('[data-testid=selected]');",
            Value::Null,
        )
        .await
}

/// From the first page on to the second, by keys: one mark for each page, one undo for both.
async fn selected_over_pages(window: &Window) -> Result<()> {
    let before = highlights(window).await?;
    key(window, "a", "ctrl").await?;
    window
        .find_css("[data-testid=page-0] [data-testid=selected]")
        .await?;
    for _ in 0..4 {
        key(window, "ArrowRight", "shift").await?;
    }
    window
        .until(
            "the selection goes on on the second page",
            "const of = (page, what) => !!document.querySelector(`[data-testid=page-${page}] [data-testid=${what}]`); \
             return of(1, 'selected') && of(1, 'select-end') && !of(0, 'select-end') && of(0, 'selected');",
            Value::Null,
        )
        .await?;
    window.find("select-bar").await?;
    window.shot("12g-over-two-pages").await?;
    barriers::none_in(window, "words of two pages").await?;
    window.tap("select-mark").await?;
    until_highlights(window, [before[0] + 1, before[1] + 1]).await?;
    window.tap("undo").await?;
    until_highlights(window, before).await?;
    window
        .run(
            "document.querySelector('[data-testid=pages]').scrollTop = 0;",
            vec![],
        )
        .await?;
    window.until_sharp().await
}

const HIGHLIGHTS: &str = "[0, 1].map((page) => document.querySelectorAll(`[data-testid=page-${page}] [data-testid=mark-highlight]`).length)";

/// How many highlights the first two pages have.
async fn highlights(window: &Window) -> Result<[u64; 2]> {
    let counts = window.run(&format!("return {HIGHLIGHTS};"), vec![]).await?;
    Ok(serde_json::from_value(counts)?)
}

async fn until_highlights(window: &Window, wanted: [u64; 2]) -> Result<()> {
    window
        .until(
            &format!("the first two pages have {wanted:?} highlights"),
            &format!("return JSON.stringify({HIGHLIGHTS}) === JSON.stringify(arguments[0]);"),
            json!(wanted),
        )
        .await
}

async fn handle_at(window: &Window) -> Result<String> {
    Ok(window
        .run(
            "return document.querySelector('[data-testid=select-end]').style.left;",
            vec![],
        )
        .await?
        .as_str()
        .context("no handle")?
        .to_owned())
}

async fn counted_hits(window: &Window) -> Result<()> {
    window.tap("find-open").await?;
    let first = window
        .run(
            "const field = document.querySelector('[data-testid=find-text]'); field.value = 'Satzung'; const begun = performance.now(); \
             field.dispatchEvent(new Event('input', {bubbles: true})); \
             return new Promise((done) => { const look = () => document.querySelector('[data-testid=found]') ? done(Math.round(performance.now() - begun)) : requestAnimationFrame(look); look(); });",
            vec![],
        )
        .await?;
    println!("from the word to its first mark on the page: {first} ms");
    window.tap("find-next").await?;
    window
        .until(
            "all hits of the file are counted",
            "const said = document.querySelector('[data-testid=find-count]').textContent.match(/^1 (?:von|of) (\\d+)$/); return !!said && Number(said[1]) > 1;",
            Value::Null,
        )
        .await?;
    window.shot("12h-counted-hits").await?;
    window.tap("find-next").await?;
    window
        .until(
            "the second hit is looked at",
            "return /^2 (von|of) /.test(document.querySelector('[data-testid=find-count]').textContent);",
            Value::Null,
        )
        .await?;
    window.tap("find-close").await
}

async fn full_screen(window: &Window) -> Result<()> {
    window.tap("view-open").await?;
    window.tap("full").await?;
    window.find("full-leave").await?;
    window.until_sharp().await?;
    window.shot("12i-full-screen").await?;
    barriers::none_in(window, "full screen").await?;
    key(window, "Escape", "").await?;
    window.find("view-open").await?;
    window
        .until(
            "full screen is left",
            "return !document.querySelector('[data-testid=full-leave]') && !document.fullscreenElement;",
            Value::Null,
        )
        .await
}

/// Whoever leaves the reader finds both files side by side again, as wide as they were.
async fn left_and_come_back(window: &Window) -> Result<()> {
    window.tap("reader-back").await?;
    window
        .tap_css("[data-testid=item] [data-testid=file-row]")
        .await?;
    window.find("pane-1").await?;
    window.until_sharp().await?;
    let share = window
        .run(
            "return document.querySelector('[data-testid=split-grip]').getAttribute('aria-valuenow');",
            vec![],
        )
        .await?;
    ensure!(share == "55", "the grip came back at {share}");
    let kept = ask(window, "split_get", json!({})).await?;
    ensure!(
        kept["split"]["second"]["fileId"].is_string(),
        "what stands side by side is not kept: {kept}"
    );
    Ok(())
}

async fn side_by_side(window: &Window) -> Result<()> {
    window.tap("view-open").await?;
    window.tap("split").await?;
    window.find("pane-1").await?;
    window.until_sharp().await?;
    // Two places of the same file; then another file in the second pane.
    let main = title(window).await?;
    key(window, "PageDown", "alt").await?;
    until_other_title(window, &main).await?;
    let share = window
        .run(
            "const grip = document.querySelector('[data-testid=split-grip]'); grip.focus(); \
             grip.dispatchEvent(new KeyboardEvent('keydown', {key: 'ArrowRight', bubbles: true, cancelable: true})); \
             return new Promise((done) => requestAnimationFrame(() => done(grip.getAttribute('aria-valuenow'))));",
            vec![],
        )
        .await?;
    ensure!(share == "55", "the grip stands at {share}");
    window.until_sharp().await?;
    window.shot("12j-side-by-side").await?;
    barriers::none_in(window, "side by side").await?;

    window.tap("tabs-open").await?;
    window.find("tabs-menu").await?;
    window.shot("12k-open-files").await?;
    barriers::none_in(window, "the open files").await?;
    close_menu(window).await?;
    left_and_come_back(window).await?;
    window
        .tap_css("[data-testid=pane-1] [data-testid=split-close]")
        .await?;
    window
        .until(
            "one file is left",
            "return !document.querySelector('[data-testid=pane-1]');",
            Value::Null,
        )
        .await?;
    let left = title(window).await?;
    ensure!(left == main, "{left} is left instead of {main}");
    let kept = ask(window, "split_get", json!({})).await?;
    ensure!(kept == json!({}), "what was closed is still kept: {kept}");
    Ok(())
}
