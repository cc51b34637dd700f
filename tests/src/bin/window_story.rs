//! The whole way of one document in the real window: a demonstration or imported council, the app paired with it, a paper read and
//! marked, the server stopped, the app closed and opened again. With `--by-hand` it only prepares and opens; the person does the rest.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};
use clap::Parser;
use stories::council::Council;
use stories::faction_story::FactionStory;
use stories::process::sibling;
use stories::story::Story;

#[derive(Parser)]
struct Arguments {
    /// Where screenshots and the run's data go.
    #[arg(long)]
    out: PathBuf,
    /// `de` or `en`.
    #[arg(long, default_value = "de")]
    language: String,
    /// `light` or `dark`.
    #[arg(long, default_value = "light")]
    appearance: String,
    /// Import this OParl server instead of the demonstration.
    #[arg(long)]
    oparl: Option<String>,
    #[arg(long, default_value = "2000-01-01")]
    from: String,
    #[arg(long, default_value = "2100-01-01")]
    to: String,
    /// Open the app for a person instead of driving it.
    #[arg(long)]
    by_hand: bool,
    /// Tell the faction's story instead: two tablets beside each other.
    #[arg(long, conflicts_with_all = ["oparl", "by_hand"])]
    faction: bool,
    /// Tell the last part alone: what the lock leaves behind.
    #[arg(long, conflicts_with_all = ["oparl", "by_hand", "faction"])]
    lock: bool,
}

#[tokio::main]
async fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let work = arguments.out.join("run");
    if work.exists() {
        std::fs::remove_dir_all(&work).context("the last run's folder cannot be removed")?;
    }
    std::fs::create_dir_all(&work)?;
    let work = work.canonicalize()?;
    let council = Council::at(&work.join("council"))?;
    let data_dir = work.join("tablet");
    println!("preparing the council …");
    let code = prepare(&council, &arguments)?;
    let server = council.serve("127.0.0.1:0")?;
    println!(
        "council server: {}   invitation code: {code}",
        server.address
    );
    if arguments.by_hand {
        println!("Close the app's window to stop the server.");
        let status = Command::new(sibling("ratsmappe")?)
            .arg("--data-dir")
            .arg(&data_dir)
            .status()
            .context("the app does not start")?;
        server.stop()?;
        anyhow::ensure!(status.success(), "the app ended with {status}");
        return Ok(());
    }
    if arguments.faction {
        let story = FactionStory {
            council: &council,
            work: &work,
            out: &arguments.out,
            language: &arguments.language,
            appearance: &arguments.appearance,
        };
        return story.tell(server).await;
    }
    let story = Story {
        council: &council,
        code: &code,
        data_dir: &data_dir,
        out: &arguments.out,
        work: &work,
        language: &arguments.language,
        appearance: &arguments.appearance,
        item: if arguments.oparl.is_some() {
            ""
        } else {
            "Bebauungsplan"
        },
    };
    if arguments.lock {
        return story.tell_lock(server).await;
    }
    story.tell(server).await
}

/// Fills the council and returns one invitation code.
fn prepare(council: &Council, arguments: &Arguments) -> Result<String> {
    if let Some(address) = &arguments.oparl {
        council.office(&[
            "import",
            "oparl",
            address,
            "--from",
            &arguments.from,
            "--to",
            &arguments.to,
            "--public-only",
        ])?;
        let person = council.office(&["people", "add", "Gast der Ratsmappe"])?;
        let id = person["person"]
            .as_str()
            .context("the server named no person")?
            .to_owned();
        let invitation = council.office(&["invite", &id])?;
        return Ok(invitation["code"]
            .as_str()
            .context("the server gave no code")?
            .to_owned());
    }
    let demo = council.office(&["demo"])?;
    let people = demo["people"]
        .as_array()
        .context("the demonstration has no people")?;
    let councillor = people
        .iter()
        .find(|p| p["role"] == "councillor")
        .context("the demonstration has no councillor")?;
    Ok(councillor["code"]
        .as_str()
        .context("the councillor has no code")?
        .to_owned())
}
