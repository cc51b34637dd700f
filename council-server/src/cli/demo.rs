//! `demo`: lets the program `demo-council` write a fictional council, imports it and invites its people.
//! The demonstration's content is not part of the server.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, bail};
use serde::Deserialize;
use serde_json::json;

use super::Demo;
use super::commands::{invitation_value, letter};
use super::out::Out;
use crate::rights::Standing;
use crate::server::Server;

/// `demonstration.toml`: whom the demonstration invites.
#[derive(Debug, Deserialize)]
struct Demonstration {
    #[serde(default)]
    person: Vec<DemonstrationPerson>,
}

#[derive(Debug, Deserialize)]
struct DemonstrationPerson {
    key: String,
    /// What the person stands for, in German.
    #[serde(default)]
    role: String,
}

pub(super) fn run(server: &Server, out: Out, data_dir: &Path, demo: Demo) -> anyhow::Result<()> {
    let today = demo.today.unwrap_or_else(|| server.inner.clock.today());
    let intake = demo.intake.unwrap_or_else(|| beside(data_dir));
    out.progress("Die Unterlagen des erfundenen Rates werden gesetzt …");
    write_intake(&intake, &today.to_string())?;
    let outcome = server.import_folder(&intake)?;
    let address = server.address()?;
    let people = server.people()?;
    let mut letters = Vec::new();
    let mut values = Vec::new();
    for invited in demonstration(&intake)?.person {
        let invitation = server.invite(&invited.key, false)?;
        let memberships = people
            .iter()
            .filter(|p| p.id == invitation.person)
            .flat_map(|p| &p.memberships);
        let standings: Vec<Standing> = memberships
            .map(|m| Standing::of_role(m.role.as_deref()))
            .collect();
        let mut value = invitation_value(&invitation, address.as_deref());
        if let Some(fields) = value.as_object_mut() {
            fields.insert("key".to_owned(), json!(invited.key));
            fields.insert("role".to_owned(), json!(role_of(&standings)));
            fields.insert("description".to_owned(), json!(invited.role));
        }
        letters.push(format!(
            "{}\n  ({})",
            letter(&invitation, address.as_deref()),
            invited.role
        ));
        values.push(value);
    }
    let text = format!(
        "{}\n\n{} Objekte übernommen.",
        letters.join("\n\n"),
        outcome.added + outcome.changed
    );
    out.say(
        &text,
        &json!({"people": values, "intake": intake.display().to_string(), "import": outcome}),
    );
    Ok(())
}

fn role_of(standings: &[Standing]) -> &'static str {
    if standings.contains(&Standing::VillageMayor) {
        "village_mayor"
    } else if standings.contains(&Standing::FactionStaff) {
        "faction_staff"
    } else {
        "councillor"
    }
}

/// `data` → `data-demo`.
fn beside(data_dir: &Path) -> PathBuf {
    let mut name = data_dir.file_name().unwrap_or_default().to_os_string();
    name.push("-demo");
    data_dir.with_file_name(name)
}

fn write_intake(intake: &Path, today: &str) -> anyhow::Result<()> {
    let here =
        std::env::current_exe().context("Der Ort dieses Programms ist nicht feststellbar")?;
    let program = here.with_file_name(format!("demo-council{}", std::env::consts::EXE_SUFFIX));
    let status = Command::new(&program)
        .arg("--out")
        .arg(intake)
        .args(["--today", today, "--cache"])
        .arg(here.with_file_name("demo-cache"))
        .stdout(Stdio::null())
        .status()
        .with_context(|| {
            format!(
                "Das Programm {} lässt sich nicht starten",
                program.display()
            )
        })?;
    if !status.success() {
        bail!("Das Programm {} ist gescheitert", program.display());
    }
    Ok(())
}

fn demonstration(intake: &Path) -> anyhow::Result<Demonstration> {
    let path = intake.join("demonstration.toml");
    let text =
        std::fs::read_to_string(&path).with_context(|| format!("{} fehlt", path.display()))?;
    toml::from_str(&text).with_context(|| format!("{} ist nicht lesbar", path.display()))
}
