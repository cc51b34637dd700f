//! A part of the window story: the office corrects a paper that carries annotations, and the member sees what became of them.

use std::path::Path;

use anyhow::{Context, Result};
use serde_json::{Value, json};

use crate::barriers;
use crate::council::Council;
use crate::intake::Intake;
use crate::story::ask;
use crate::window::Window;

/// The paper that is corrected.
const PAPER: &str = "2026/184";
/// What it says then.
const CORRECTED: &str = "Radweg von Lindenau nach Saaletal und Nordheim";

/// Tells it; the window shows the meeting whose paper it is, the council's server runs.
///
/// * `intake` – what the office delivered so far.
pub async fn tell(window: &Window, council: &Council, intake: &mut Intake) -> Result<()> {
    let file = open_file(window).await?;
    annotate(window, &file).await?;
    window.tap("reader-back").await?;
    deliver(window, council, intake).await?;

    open_file(window).await?;
    placed(window, 1, 3).await?;
    window.shot("37-new-version").await?;
    barriers::none_in(window, "a new version of a marked paper").await?;
    window.tap("transfer-look").await?;
    window.find("behind").await?;
    window.shot("38-not-found-again").await?;
    barriers::none_in(window, "marks that were not found again").await?;
    for (name, width, height) in [("portrait", 1024, 1366), ("small", 800, 1280)] {
        window.size(width, height).await?;
        if !window.has_css("[data-testid=behind]").await? {
            window.tap("transfer-look").await?;
            window.find("behind").await?;
        }
        window.shot(&format!("39-new-version-{name}")).await?;
        barriers::none_in(window, "a new version of a marked paper").await?;
    }
    window.size(1366, 1024).await?;
    if !window.has_css("[data-testid=behind]").await? {
        window.tap("transfer-look").await?;
    }
    window.tap("behind-lay").await?;
    placed(window, 2, 3).await?;
    // Laid elsewhere it is no new one.
    counted(window, 3).await?;
    window.shot("40-laid-by-hand").await?;
    window.tap("transfer-back").await?;
    placed(window, 0, 3).await?;
    window.tap("transfer-again").await?;
    placed(window, 1, 3).await?;
    window.tap("transfer-close").await?;
    window
        .until(
            "the message is gone and the list stays",
            "return !document.querySelector('[data-testid=transfer]') && document.querySelectorAll('[data-testid=behind] li').length === 2;",
            Value::Null,
        )
        .await?;
    window.tap("reader-back").await?;
    window.find("meeting").await?;
    Ok(())
}

/// Opens the paper from the agenda. Result: the file's id.
async fn open_file(window: &Window) -> Result<String> {
    window
        .until(
            "the item of the paper is on the agenda",
            "const row = [...document.querySelectorAll('[data-testid=agenda-row]')].find((row) => row.textContent.replaceAll('\\u00ad', '').includes('Radweg')); row?.click(); return !!row;",
            Value::Null,
        )
        .await?;
    window
        .tap_css("[data-testid=item] [data-testid=file-row]:not(:disabled)")
        .await?;
    window
        .until(
            "its first page is seen",
            "return !!document.querySelector('[data-testid=page-0] [data-testid=tile].here');",
            Value::Null,
        )
        .await?;
    let tabs = ask(window, "tabs_list", json!({})).await?;
    let last = tabs.as_array().and_then(|tabs| tabs.last());
    let file = last.and_then(|tab| tab["fileId"].as_str());
    Ok(file.context("the paper has no tab")?.to_owned())
}

/// Marked words, which are found again; a note and a stamp with nothing around them, which are not.
async fn annotate(window: &Window, file: &str) -> Result<()> {
    let target = json!({"kind": "file", "id": file});
    for mark in [
        json!({"kind": "highlight", "target": target, "page": 0, "rects": [[72.0, 717.0, 190.0, 730.0]], "color": "gelb",
            "quote": {"exact": "Radweg von Lindenau", "prefix": "", "suffix": " nach Saaletal"}}),
        json!({"kind": "note", "target": target, "page": 1, "rects": [[400.0, 300.0, 400.0, 300.0]], "text": "Wer pflegt die Bänke?"}),
        json!({"kind": "stamp", "target": target, "page": 2, "rects": [[300.0, 200.0, 400.0, 230.0]], "stamp": "question"}),
    ] {
        ask(window, "mark_create", json!({ "mark": mark })).await?;
    }
    Ok(())
}

/// The office delivers the corrected paper, and the tablet fetches it.
async fn deliver(window: &Window, council: &Council, intake: &mut Intake) -> Result<()> {
    CORRECTED.clone_into(&mut intake.matter(PAPER).secret);
    intake.write();
    council.office(&["import", "folder", &intake.dir.to_string_lossy()])?;
    let councils = ask(window, "app_status", json!({})).await?["councils"].clone();
    let id = councils
        .as_array()
        .and_then(|councils| councils.last())
        .context("no council")?["id"]
        .clone();
    ask(window, "sync_start", json!({ "council": id })).await?;
    let place: &Path = &intake.dir;
    window
        .until(
            &format!("what stands in {} has arrived", place.display()),
            "const row = [...document.querySelectorAll('[data-testid=item] [data-testid=file-row]')][0]; \
             return /Fassung 2|version 2/i.test(row?.textContent.replaceAll('\\u00ad', '').replaceAll('\\u00a0', ' ') ?? '') && !row.disabled;",
            Value::Null,
        )
        .await
}

/// The panel's tab says how many marks the file has.
async fn counted(window: &Window, count: u32) -> Result<()> {
    window
        .until(
            &format!("{count} marks are counted"),
            "return document.querySelector('[data-testid=panel-tab-marks] .tabular')?.textContent === String(arguments[0]);",
            json!(count),
        )
        .await
}

/// The message tells how many marks stand in the new version.
async fn placed(window: &Window, placed: u32, total: u32) -> Result<()> {
    window
        .until(
            &format!("{placed} of {total} marks stand in the new version"),
            "const news = document.querySelector('[data-testid=transfer]'); return news?.dataset.placed === String(arguments[0][0]) && news.dataset.total === String(arguments[0][1]);",
            json!([placed, total]),
        )
        .await
}
