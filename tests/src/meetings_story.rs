//! The part of the window story about all meetings: the list, the month by tap and key, and the calendar file that other
//! programs follow, turned on and off.

use std::path::Path;

use anyhow::{Result, ensure};
use serde_json::{Value, json};

use crate::barriers;
use crate::window::Window;

/// Looks at the list and the month; the list shows again at the end.
///
/// * `is_now` – whether the council has meetings this month; an imported one may lie years back.
pub async fn list_and_month(window: &Window, is_now: bool) -> Result<()> {
    barriers::none_in(window, "meetings as a list").await?;
    window.tap("meetings-as-month").await?;
    window.find("month-day").await?;
    if is_now {
        one_day(window).await?;
    }
    window.shot("08-month").await?;
    barriers::none_in(window, "meetings by the month").await?;
    // The choice is still there on the way back.
    window.tap("nav-today").await?;
    window.find("today").await?;
    window.tap("nav-meetings").await?;
    window.find("month").await?;
    window.tap("meetings-as-list").await?;
    window.find("meeting-row").await?;
    Ok(())
}

/// A day of this month with a meeting, by tap and by keys.
async fn one_day(window: &Window) -> Result<()> {
    window.find("month-entry").await?;
    // A day with a meeting, by tap: its meetings stand beside the month.
    window
        .run(
            "document.querySelector('[data-testid=month-entry]').closest('td').click();",
            vec![],
        )
        .await?;
    window
        .find_css("[data-testid=month-panel] [data-testid=meeting-row]")
        .await?;
    by_keys(window).await
}

/// Through the month as somebody without a finger or a mouse goes.
async fn by_keys(window: &Window) -> Result<()> {
    let day = press(window, "ArrowRight").await?;
    ensure!(
        press(window, "ArrowLeft").await? != day,
        "an arrow leads to another day"
    );
    let monday = press(window, "Home").await?;
    let sunday = press(window, "End").await?;
    let days = window
        .run(
            "return (new Date(arguments[1]) - new Date(arguments[0])) / 86400000 * 10 + new Date(arguments[0]).getUTCDay();",
            vec![json!(monday), json!(sunday)],
        )
        .await?;
    ensure!(
        days == json!(61),
        "Home and End lead to Monday and Sunday of the week, not to {monday} and {sunday}"
    );
    let next = press(window, "PageDown").await?;
    ensure!(
        next.get(..7) != sunday.get(..7),
        "PageDown leads out of the month: {next}"
    );
    let back = press(window, "PageUp").await?;
    ensure!(
        back.get(..7) == sunday.get(..7),
        "PageUp leads back: {back}"
    );
    window
        .run(
            "document.querySelector('[data-testid=month-entry]').closest('td').focus(); \
             document.activeElement.dispatchEvent(new KeyboardEvent('keydown', {key: 'Enter', bubbles: true, cancelable: true}));",
            vec![],
        )
        .await?;
    window
        .until(
            "Enter opens the day: the focus is on its first meeting",
            "return document.activeElement?.dataset.testid === 'meeting-row' && !!document.activeElement.closest('[data-testid=month-panel]');",
            Value::Null,
        )
        .await
}

/// Presses a key on the day that has the focus, or the chosen one; the day that has it then.
async fn press(window: &Window, key: &str) -> Result<String> {
    let day = window
        .run(
            "const cell = document.activeElement?.closest('[data-testid=month-day]') ?? document.querySelector('[data-testid=month-day][tabindex=\"0\"]'); \
             cell.focus(); cell.dispatchEvent(new KeyboardEvent('keydown', {key: arguments[0], bubbles: true, cancelable: true})); \
             return new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(document.activeElement?.dataset.day ?? ''))));",
            vec![json!(key)],
        )
        .await?;
    let day = day.as_str().unwrap_or_default().to_owned();
    ensure!(!day.is_empty(), "after {key} a day has the focus");
    Ok(day)
}

/// Turns the calendar file on in the settings and off again.
///
/// * `downloads` – where the app of this story puts files.
pub async fn subscription(window: &Window, downloads: &Path) -> Result<()> {
    let file = downloads.join("Ratsmappe-Sitzungen.ics");
    ensure!(!file.exists(), "nothing leaves before it is turned on");
    window.tap("subscription-open").await?;
    window.find("subscription-on").await?;
    window.shot("09-subscription-ask").await?;
    barriers::none_in(window, "asking for the subscription").await?;
    window.tap("subscription-on").await?;
    window.find("subscription-address").await?;
    window.shot("09-subscription").await?;
    barriers::none_in(window, "the subscription").await?;
    let text = std::fs::read_to_string(&file)?;
    ensure!(
        text.contains("BEGIN:VEVENT") && text.ends_with("END:VCALENDAR\r\n"),
        "the file holds meetings"
    );
    window.tap("subscription-end").await?;
    window.tap("subscription-end-now").await?;
    window
        .until(
            "the dialog is closed",
            "return !document.querySelector('[data-testid=subscription]');",
            Value::Null,
        )
        .await?;
    ensure!(!file.exists(), "the file is gone with the subscription");
    Ok(())
}

/// The month in the size that the window has now; the list shows again at the end.
pub async fn month_in(window: &Window, size: &str) -> Result<()> {
    window.tap("meetings-as-month").await?;
    window.find("month-day").await?;
    window.shot(&format!("22-month-{size}")).await?;
    barriers::none_in(window, &format!("month in {size}")).await?;
    window.tap("meetings-as-list").await?;
    window.find("meeting-row").await?;
    Ok(())
}
