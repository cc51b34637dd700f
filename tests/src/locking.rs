//! The lock in the real window: what stands in the settings, the word before it locks by itself, being back where one was,
//! waiting after wrong tries, and the recovery code.

use std::time::Duration;

use anyhow::{Result, ensure};
use serde_json::json;

use crate::barriers;
use crate::window::Window;

/// Words that belong to nothing yet when it locks.
const WRITTEN: &str = "Wer trägt die Kosten für";
const FREE_TRIES: u32 = 5;
/// The shortest time until it locks, which is said 20 s before.
const ALMOST_A_MINUTE: Duration = Duration::from_secs(58);

/// Tells it, from any view of the open portfolio; it is open again at the end.
///
/// * `item` – shows an agenda item.
pub async fn tell(
    window: &Window,
    passphrase: &str,
    item: impl AsyncFn(&Window) -> Result<()>,
) -> Result<()> {
    let code = settings(window, passphrase).await?;
    item(window).await?;
    window.fill("item-note", WRITTEN).await?;
    said_before(window).await?;
    back_where_one_was(window, passphrase).await?;
    too_often(window, &code, passphrase).await
}

/// The settings; the new recovery code.
async fn settings(window: &Window, passphrase: &str) -> Result<String> {
    window.tap("nav-settings").await?;
    window.tap("auto-lock-1").await?;
    window
        .run(
            "document.querySelector('[data-testid=lock-settings]').scrollIntoView({block: 'center'});",
            vec![],
        )
        .await?;
    window.shot("60-lock-settings").await?;
    barriers::none_in(window, "the lock in the settings").await?;
    window.tap("lock-change").await?;
    window.fill("change-old", "das war es nicht").await?;
    window.fill("passphrase", passphrase).await?;
    window.fill("passphrase-repeat", passphrase).await?;
    window.tap("change-now").await?;
    window.find_css("dialog [data-testid=message]").await?;
    window.shot("61-passphrase-change").await?;
    barriers::none_in(window, "changing the passphrase").await?;
    window.fill("change-old", passphrase).await?;
    window.tap("change-now").await?;
    window
        .until(
            "the passphrase is changed",
            "return !document.querySelector('dialog[open]');",
            json!(null),
        )
        .await?;
    window.tap("lock-recovery").await?;
    window.fill("renew-passphrase", passphrase).await?;
    window.tap("renew-make").await?;
    let code = window.text("renew-code").await?;
    window.shot("62-recovery-renewed").await?;
    barriers::none_in(window, "a new recovery code").await?;
    window.tap("renew-noted").await?;
    window.tap("renew-done").await?;
    Ok(code.split_whitespace().collect::<Vec<_>>().join("-"))
}

/// Nobody does anything until it is said; one tap is enough.
async fn said_before(window: &Window) -> Result<()> {
    window
        .until_within(
            ALMOST_A_MINUTE,
            "it says that it will lock",
            "return !!document.querySelector('[data-testid=lock-soon]');",
            json!(null),
        )
        .await?;
    window.shot("63-lock-soon").await?;
    barriers::none_in(window, "the word before it locks").await?;
    window.tap("lock-stay").await?;
    window
        .until(
            "it stays open",
            "return !document.querySelector('[data-testid=lock-soon]');",
            json!(null),
        )
        .await
}

async fn back_where_one_was(window: &Window, passphrase: &str) -> Result<()> {
    // As the desk does when the time is over; what is written was stored when it was said.
    window
        .run(
            "return window.__TAURI_INTERNALS__.invoke('desk_call', {name: 'vault_lock', request: {}});",
            vec![],
        )
        .await?;
    window.fill("unlock-secret", passphrase).await?;
    window.tap("unlock-submit").await?;
    window.find("item-note").await?;
    let written = window
        .run(
            "return document.querySelector('[data-testid=item-note]').value;",
            vec![],
        )
        .await?;
    ensure!(
        written == WRITTEN,
        "what was being written came back as {written}"
    );
    window.shot("64-back-where-one-was").await?;
    Ok(())
}

async fn too_often(window: &Window, code: &str, passphrase: &str) -> Result<()> {
    window.tap("nav-settings").await?;
    window.tap("lock-now").await?;
    for used in 1..=FREE_TRIES {
        window.fill("unlock-secret", "das war es nicht").await?;
        window.tap("unlock-submit").await?;
        window
            .until(
                "the try is counted",
                "return document.querySelector('[data-testid=unlock]')?.dataset.tries === arguments[0];",
                json!((10 - used).to_string()),
            )
            .await?;
        if used == 3 {
            window.shot("65-two-tries-before-a-wait").await?;
        }
    }
    window.find("unlock-wait").await?;
    for (name, width, height) in [("66-waiting", 1366, 1024), ("67-waiting-small", 800, 1280)] {
        window.size(width, height).await?;
        window.shot(name).await?;
    }
    window.size(1366, 1024).await?;
    barriers::none_in(window, "waiting after wrong tries").await?;
    window.tap("unlock-swap").await?;
    window.fill("unlock-secret", code).await?;
    window.tap("unlock-submit").await?;
    window.fill("passphrase", passphrase).await?;
    window.fill("passphrase-repeat", passphrase).await?;
    window.shot("68-after-the-code").await?;
    window.tap("passphrase-save").await?;
    window.find("nav-today").await?;
    Ok(())
}
