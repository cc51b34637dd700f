//! The end of the window story: a second council joins the tablet, both stand in every view, and one goes again. Also the pages
//! of a person and of a committee, which one comes to by searching.

use std::path::Path;

use anyhow::{Context, Result, ensure};
use chrono::{DateTime, Duration, Utc};
use serde_json::{Value, json};

use crate::barriers;
use crate::council::Council;
use crate::intake::Intake;
use crate::new_version;
use crate::special_files;
use crate::story;
use crate::window::Window;

/// How much later than the town's the county's meeting begins.
const LATER_MINUTES: i64 = 30;

/// Tells it; the window shows any view of the open folder, the first council's server is gone.
///
/// * `work` – a folder for the second council.
pub async fn tell(window: &Window, work: &Path) -> Result<()> {
    window.size(1366, 1024).await?;
    window.tap("nav-today").await?;
    window.find("today").await?;
    let county = Council::at(&work.join("county"))?;
    let (mut intake, code) = prepare(window, &county, work).await?;
    let server = county.serve("127.0.0.1:0")?;
    join(window, &county, &server.address, &code).await?;
    look_at_both(window).await?;
    new_version::tell(window, &county, &mut intake).await?;
    people_pages(window).await?;
    special_files::tell(window).await?;
    take_away(window).await?;
    server.stop()
}

/// The county's council meets half an hour after the town's next meeting has begun. Result: what was delivered, and an invitation code.
async fn prepare(window: &Window, county: &Council, work: &Path) -> Result<(Intake, String)> {
    let today = story::ask(window, "today", json!({})).await?;
    let next = today["nextMeeting"]["startAtMs"]
        .as_i64()
        .context("the town has no next meeting")?;
    let member = story::ask(window, "app_status", json!({})).await?["councils"][0]["personName"]
        .as_str()
        .context("the town names no member")?
        .to_owned();
    let start: DateTime<Utc> = DateTime::from_timestamp_millis(next).context("a moment")?;
    let start = (start + Duration::minutes(LATER_MINUTES)).to_rfc3339();
    let folder = work.join("county-intake");
    let mut intake = Intake::county(&folder, &start, &member);
    intake.matters.extend(special_files::matters());
    intake.write();
    county.office(&["import", "folder", &folder.to_string_lossy()])?;
    let invitation = county.office(&["invite", "ada"])?;
    let code = invitation["code"]
        .as_str()
        .context("the county gave no code")?;
    Ok((intake, code.to_owned()))
}

async fn join(window: &Window, county: &Council, address: &str, code: &str) -> Result<()> {
    window.tap("nav-settings").await?;
    window.tap("council-add").await?;
    window.fill("pair-address", address).await?;
    window.fill("pair-code", code).await?;
    window.shot("30-second-invitation").await?;
    window.tap("pair-submit").await?;
    window.find("confirm-words").await?;
    story::confirm(window, county).await?;
    window.tap("words-continue").await?;
    window.find("today").await?;
    window
        .until(
            "both councils have been asked",
            "const s = document.querySelector('[data-testid=stand]'); return !!s && s.dataset.syncing === 'false' \
             && !!document.querySelector('[data-testid=next-meeting] [data-testid=clash]');",
            Value::Null,
        )
        .await
}

async fn look_at_both(window: &Window) -> Result<()> {
    for (name, width, height) in [
        ("landscape", 1366, 1024),
        ("portrait", 1024, 1366),
        ("small", 800, 1280),
    ] {
        window.size(width, height).await?;
        for view in ["today", "meetings", "notes", "search", "settings"] {
            window.tap(&format!("nav-{view}")).await?;
            window.find(view).await?;
            if view == "search" {
                window.fill("search-text", "sitzung").await?;
                window.find_css("[data-testid=hit]").await?;
                window.find("search-council").await?;
            }
            if view != "settings" {
                window.find("council-name").await?;
            }
            window.shot(&format!("31-both-{view}-{name}")).await?;
            barriers::none_in(window, view).await?;
        }
    }
    window.size(1366, 1024).await?;
    window.tap("nav-today").await?;
    window
        .tap_css("[data-testid=next-meeting] [data-testid=open-agenda]")
        .await?;
    window
        .find_css("[data-testid=meeting] header [data-testid=clash] button")
        .await?;
    window.shot("32-clash").await?;
    barriers::none_in(window, "a meeting with a clash").await?;
    window
        .tap_css("[data-testid=meeting] header [data-testid=clash] button")
        .await?;
    window.until_text("Kreistags").await
}

async fn people_pages(window: &Window) -> Result<()> {
    window.tap("nav-search").await?;
    window.find("search").await?;
    window.fill("search-text", "aldenhoff").await?;
    window.tap("search-group-people").await?;
    window
        .find_css("[data-testid=hit][data-kind=person]")
        .await?;
    // The town knows her too.
    window
        .run(
            "[...document.querySelectorAll('[data-testid=hit][data-kind=person]')].find((row) => row.textContent.includes('Landkreis')).click();",
            vec![],
        )
        .await?;
    window.find("person").await?;
    window.find("seat-row").await?;
    window.shot("33-person").await?;
    barriers::none_in(window, "person").await?;
    // Not the faction, which never meets here.
    window
        .run(
            "[...document.querySelectorAll('[data-testid=seat-row]')].find((row) => row.textContent.includes('Kreistag')).click();",
            vec![],
        )
        .await?;
    window.find("organization").await?;
    window.find("meeting-row").await?;
    window.shot("34-committee").await?;
    barriers::none_in(window, "committee").await
}

async fn take_away(window: &Window) -> Result<()> {
    window.tap("nav-settings").await?;
    window.find("settings").await?;
    window
        .run(
            "[...document.querySelectorAll('[data-testid=council-remove]')].at(-1).click();",
            vec![],
        )
        .await?;
    window.find("forget").await?;
    window.tap("forget-sure").await?;
    window.shot("35-take-away").await?;
    barriers::none_in(window, "taking a council away").await?;
    window.tap("forget-now").await?;
    window
        .until(
            "one council is left",
            "return document.querySelectorAll('[data-testid=council-row]').length === 1 && !document.querySelector('[data-testid=forget]');",
            Value::Null,
        )
        .await?;
    let list = story::ask(window, "meetings_list", json!({})).await?;
    let text = list.to_string();
    ensure!(
        !text.contains("Kreistag"),
        "the county's meetings are still here"
    );
    window.tap("nav-today").await?;
    window.find("next-meeting").await?;
    window
        .until(
            "nothing is said of the county any more",
            "return !document.querySelector('[data-testid=clash]') && !document.querySelector('[data-testid=council-name]');",
            Value::Null,
        )
        .await?;
    window.shot("36-one-again").await?;
    Ok(())
}
