//! Barriers in the real window: axe-core looks at what is shown. It judges names, roles, contrast and order; what a screen
//! reader makes of it is not heard here.

use std::path::Path;

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use crate::window::Window;

/// Runs in the page: the serious and critical findings, each with its rule and the elements it names.
const LOOK: &str = "return axe.run(document, {resultTypes: ['violations']}).then((result) => result.violations \
    .filter((found) => found.impact === 'serious' || found.impact === 'critical') \
    .map((found) => `${found.id}: ` + found.nodes.slice(0, 3).map((node) => node.html.slice(0, 140)).join(' | ')));";

/// Fails if anything serious or critical is found in what the window shows.
pub async fn none_in(window: &Window, view: &str) -> Result<()> {
    let found = look(window).await?;
    ensure!(
        found.is_empty(),
        "barriers in {view}:\n  {}",
        found.join("\n  ")
    );
    Ok(())
}

/// The looker itself: a button without a name is planted and must be found, and is taken away again.
pub async fn looker_finds_a_planted_one(window: &Window) -> Result<()> {
    window
        .run(
            "const button = document.createElement('button'); button.id = 'planted'; document.querySelector('main').append(button);",
            vec![],
        )
        .await?;
    let found = look(window).await?;
    window
        .run("document.getElementById('planted').remove();", vec![])
        .await?;
    ensure!(
        found.iter().any(|rule| rule.starts_with("button-name")),
        "the planted button without a name was overlooked"
    );
    Ok(())
}

async fn look(window: &Window) -> Result<Vec<String>> {
    let is_there = window.run("return !!window.axe;", vec![]).await?;
    if is_there != json!(true) {
        let path =
            Path::new(env!("CARGO_MANIFEST_DIR")).join("../ui/node_modules/axe-core/axe.min.js");
        let source = std::fs::read_to_string(&path)
            .with_context(|| format!("{} is missing: run cargo xtask setup", path.display()))?;
        window.run(&source, vec![]).await?;
    }
    let found = window.run(LOOK, vec![]).await?;
    let rules = found.as_array().context("axe-core gave no list")?;
    Ok(rules
        .iter()
        .filter_map(Value::as_str)
        .map(str::to_owned)
        .collect())
}
