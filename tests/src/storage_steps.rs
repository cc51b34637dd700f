//! The steps of the window story in storage and sync details: a file freed and loaded again, and one that is away asked
//! for from the agenda without a network.

use anyhow::Result;
use serde_json::{Value, json};

use crate::barriers;
use crate::window::Window;

/// Files in the open meeting of the list that are in a state.
const COUNT: &str = "return document.querySelectorAll(`[data-testid=storage-file][data-state=${arguments[0][0]}]`).length === 0 === arguments[0][1];";

/// With the server there: what came, what lies here; a file freed and fetched again.
pub async fn free_and_load(window: &Window) -> Result<()> {
    window.tap("nav-settings").await?;
    window.tap("sync-details").await?;
    window.find("sync-run").await?;
    window.shot("23-sync-details").await?;
    barriers::none_in(window, "sync").await?;
    window.tap("page-back").await?;
    window.tap("storage-details").await?;
    window.find("storage-meeting").await?;
    window.shot("24-storage").await?;
    barriers::none_in(window, "storage").await?;

    window
        .run(
            "[...document.querySelectorAll('[data-testid=storage-meeting]')].at(-1).querySelector('[data-testid=storage-open]').click();",
            vec![],
        )
        .await?;
    window.find("storage-file").await?;
    window
        .run(
            "document.querySelector('[data-testid=storage-free-file]').scrollIntoView({block: 'center'});",
            vec![],
        )
        .await?;
    window.tap("storage-free-file").await?;
    window.find("storage-preview").await?;
    window.shot("25-storage-ask").await?;
    barriers::none_in(window, "storage, asked").await?;
    window.hold_toast().await?;
    window.tap("storage-free").await?;
    none(window, "freed", false).await?;
    window.find("toast-undo").await?;
    window.shot("26-storage-freed").await?;
    window.tap("toast-undo").await?;
    none(window, "freed", true).await?;

    window.tap("storage-before-ask").await?;
    window.find("storage-preview").await?;
    window.shot("27-storage-before").await?;
    window.tap("storage-cancel").await?;
    window.tap("nav-today").await?;
    window.find("today").await?;
    Ok(())
}

/// Whether no file, or some file, is in a state.
async fn none(window: &Window, state: &str, is_none: bool) -> Result<()> {
    let what = format!("storage files {state}: none is {is_none}");
    window.until(&what, COUNT, json!([state, is_none])).await
}

/// Both views in the window's present size, without a server.
pub async fn look(window: &Window, size: &str) -> Result<()> {
    window.tap("nav-settings").await?;
    window.tap("sync-details").await?;
    window.find("sync-council").await?;
    window.shot(&format!("22-sync-{size}")).await?;
    barriers::none_in(window, "sync").await?;
    window.tap("page-back").await?;
    window.tap("storage-details").await?;
    window.find("storage-meeting").await?;
    window.shot(&format!("22-storage-{size}")).await?;
    barriers::none_in(window, "storage").await
}

/// The files of the coming meeting freed behind the page's back, then one asked for from its row without a network, which
/// is told.
pub async fn away_without_network(window: &Window) -> Result<()> {
    window
        .run(
            "const call = (name, request) => window.__TAURI_INTERNALS__.invoke('desk_call', {name, request}); \
             return call('storage_details', {}).then((all) => { const council = all.councils[0]; const meeting = council.meetings.find((one) => one.coming && one.filesHere > 0) ?? council.meetings.find((one) => one.filesHere > 0); \
               return call('storage_files', {council: council.id, meeting: meeting.id}); }) \
               .then((listed) => call('storage_free', {files: listed.files.map((file) => file.id), meetings: []})).then(() => true);",
            vec![],
        )
        .await?;
    window.tap("nav-today").await?;
    window.tap("open-agenda").await?;
    window.find("agenda-row").await?;
    window
        .run(
            "const rows = [...document.querySelectorAll('[data-testid=agenda-row]')]; rows.find((row) => /Datei|file/.test(row.textContent)).click();",
            vec![],
        )
        .await?;
    window
        .tap_css("[data-testid=item] [data-testid=file-row]")
        .await?;
    window
        .until(
            "the row says that there is no network",
            "return !!document.querySelector('[data-testid=item] [data-testid=message]');",
            Value::Null,
        )
        .await?;
    window.shot("28-away-offline").await?;
    barriers::none_in(window, "file away").await
}
