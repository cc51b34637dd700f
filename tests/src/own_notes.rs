//! The part of the window story about one's own notes where they are needed: a stamp and a note at an agenda item, the same note at
//! the next meeting with that paper, the filter by stamp, and the speaking sheet.

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use crate::barriers;
use crate::window::Window;

/// A paper of the demonstration that the village council of Kunratz deals with before the council.
const PAPER: &str = "2026/161";
const NOTE: &str = "Wer zahlt die Heizung im Gemeinderaum?";

/// Tells it; the window shows any view of the open folder.
pub async fn tell(window: &Window) -> Result<()> {
    window.size(1366, 1024).await?;
    open_village_item(window).await?;
    note_and_stamp(window).await?;
    meet_it_in_the_council(window).await?;
    filter_by_stamp(window).await?;
    speak_from_the_sheet(window).await?;
    for (name, width, height) in [("portrait", 1024, 1366), ("small", 800, 1280)] {
        window.size(width, height).await?;
        look(window, "sheet", name).await?;
    }
    window.size(1366, 1024).await?;
    window.tap("sheet-back").await?;
    window.find("meeting").await?;
    Ok(())
}

/// The earliest agenda item with the paper, by the list of all meetings.
async fn open_village_item(window: &Window) -> Result<()> {
    window.tap("nav-meetings").await?;
    window.find("meeting-row").await?;
    let index = window
        .run(
            "return [...document.querySelectorAll('[data-testid=meeting-row]')].findIndex((row) => row.textContent.includes('Kunratz'));",
            vec![],
        )
        .await?
        .as_i64()
        .context("the village council meets")?;
    ensure!(index >= 0, "no meeting of the village council");
    window
        .run(
            "document.querySelectorAll('[data-testid=meeting-row]')[arguments[0]].click();",
            vec![json!(index)],
        )
        .await?;
    window
        .tap_css("[data-testid=agenda-row][data-number='3']")
        .await?;
    window.find("item").await?;
    window.until_text(PAPER).await
}

async fn note_and_stamp(window: &Window) -> Result<()> {
    window.fill("item-note", NOTE).await?;
    window.tap("item-note-save").await?;
    until_slips(window, 1).await?;
    press_stamp(window, true).await?;
    window
        .until(
            "the stamp shows in the agenda",
            "return !!document.querySelector('[data-testid=agenda-row][data-number=\"3\"] .stamp');",
            Value::Null,
        )
        .await?;
    // Another tap takes it away, and the way back brings it again.
    window.hold_toast().await?;
    press_stamp(window, false).await?;
    window.tap("toast-undo").await?;
    until_pressed(window, true).await?;
    window.tap("item-mark-edit").await?;
    window
        .fill("item-mark-words", &format!("{NOTE} Und wer die Lüftung?"))
        .await?;
    window.tap("item-mark-save").await?;
    window.until_text("Lüftung").await?;
    window.shot("40-item-notes").await?;
    barriers::none_in(window, "own notes at an agenda item").await
}

async fn press_stamp(window: &Window, is_set: bool) -> Result<()> {
    window.tap("stamp-question").await?;
    until_pressed(window, is_set).await
}

async fn until_pressed(window: &Window, is_set: bool) -> Result<()> {
    window
        .until(
            &format!("the stamp is set: {is_set}"),
            "return document.querySelector('[data-testid=stamp-question]')?.ariaPressed === String(arguments[0]);",
            json!(is_set),
        )
        .await
}

async fn until_slips(window: &Window, count: u32) -> Result<()> {
    window
        .until(
            &format!("{count} slips at the item"),
            "return document.querySelectorAll('[data-testid=item-mark]').length === arguments[0];",
            json!(count),
        )
        .await
}

/// By the page of the paper to the other meeting: the note and the stamp are there, and lead back to where they were made.
async fn meet_it_in_the_council(window: &Window) -> Result<()> {
    window.tap("item-paper").await?;
    window.find("paper-station").await?;
    window
        .run(
            "[...document.querySelectorAll('[data-testid=paper-station]')].find((row) => row.textContent.includes('Stadtrat')).click();",
            vec![],
        )
        .await?;
    window.find("meeting").await?;
    until_slips(window, 2).await?;
    let origin = window
        .run(
            "return [...document.querySelectorAll('[data-testid=item-mark]')].every((slip) => slip.textContent.includes('Kunratz') && !slip.querySelector('[data-testid=item-mark-delete]'));",
            vec![],
        )
        .await?;
    ensure!(
        origin == json!(true),
        "a note from elsewhere says so and can only be read here"
    );
    until_pressed(window, false).await?;
    window.shot("41-notes-from-the-committee").await?;
    barriers::none_in(window, "notes from another meeting").await?;
    window.tap("item-mark-open").await?;
    window
        .until(
            "the item that the note was made at",
            "return document.querySelector('[data-testid=agenda-row][aria-current]')?.dataset.number === '3';",
            Value::Null,
        )
        .await?;
    window.tap("meeting-back").await?;
    window.find("meeting").await?;
    until_slips(window, 2).await
}

async fn filter_by_stamp(window: &Window) -> Result<()> {
    window.tap("nav-notes").await?;
    window.find("note-row").await?;
    window
        .tap_css("[data-testid=notes-chip][data-value=question]")
        .await?;
    window
        .until(
            "only questions show",
            "const rows = [...document.querySelectorAll('[data-testid=note-row]')]; return rows.length === 1 && rows[0].dataset.stamp === 'question';",
            Value::Null,
        )
        .await?;
    window.shot("42-notes-by-stamp").await?;
    barriers::none_in(window, "notes by stamp").await?;
    window.tap("note-row").await?;
    window.find("item").await?;
    Ok(())
}

async fn speak_from_the_sheet(window: &Window) -> Result<()> {
    window.tap("item-paper").await?;
    window.find("paper-station").await?;
    window
        .run(
            "[...document.querySelectorAll('[data-testid=paper-station]')].find((row) => row.textContent.includes('Stadtrat')).click();",
            vec![],
        )
        .await?;
    window.find("meeting").await?;
    window.tap("sheet-open").await?;
    window
        .until(
            "one item has something of one's own",
            "return document.querySelectorAll('[data-testid=sheet-item]').length === 1;",
            Value::Null,
        )
        .await?;
    window.until_text(NOTE).await?;
    window.tap("sheet-choose").await?;
    window.tap("sheet-all").await?;
    let secret = "Färbergasse";
    let shown = window.page_text().await?.replace('\u{ad}', "");
    ensure!(
        !shown.contains(secret),
        "a nonpublic item is on the sheet that may lie on the table"
    );
    window.tap("sheet-nonpublic").await?;
    window.until_text(secret).await?;
    look(window, "sheet", "landscape").await?;
    window.tap("sheet-nonpublic").await?;
    window
        .until(
            "the nonpublic part is gone again",
            "return !document.querySelector('[data-testid=sheet]').textContent.replaceAll('\\u00ad', '').includes(arguments[0]);",
            json!(secret),
        )
        .await?;
    window.tap("sheet-save").await?;
    look(window, "sheet-ask", "landscape").await?;
    window.tap("sheet-save-now").await?;
    // The question goes when the file is written.
    window
        .until(
            "the sheet is saved",
            "return !document.querySelector('[data-testid=sheet-ask]');",
            Value::Null,
        )
        .await?;
    let written = std::fs::read_dir(window.downloads())?
        .filter_map(Result::ok)
        .any(|file| {
            file.path()
                .extension()
                .is_some_and(|ending| ending == "pdf")
        });
    ensure!(
        written,
        "no PDF of the sheet lies in the folder for downloads"
    );
    window.tap("sheet-speak").await?;
    let first = window.text("speak-title").await?;
    window.tap("speak-next").await?;
    window.tap("speak-size-3").await?;
    let second = window.text("speak-title").await?;
    ensure!(first != second, "the next item is another one");
    look(window, "speak", "landscape").await?;
    window
        .run(
            "document.querySelector('[data-testid=speak-title]').dispatchEvent(new KeyboardEvent('keydown', {key: 'ArrowLeft', bubbles: true, cancelable: true}));",
            vec![],
        )
        .await?;
    window
        .until(
            "an arrow leads back",
            "return document.querySelector('[data-testid=speak-title]').innerText.trim() === arguments[0].trim();",
            json!(first),
        )
        .await?;
    window.tap("speak-close").await
}

async fn look(window: &Window, view: &str, name: &str) -> Result<()> {
    window.find(view).await?;
    window.shot(&format!("43-{view}-{name}")).await?;
    barriers::none_in(window, view).await
}
