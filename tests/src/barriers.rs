//! Barriers in the real window: axe-core looks at what is shown. It judges names, roles, contrast and order; what a screen
//! reader makes of it is not heard here.

use std::path::Path;

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use crate::window::Window;

/// Runs in the page: the serious and critical findings, each with its rule and the elements it names. Words in the very colour
/// of what is behind them are not judged by axe-core, as they may be hidden on purpose; here they count.
const LOOK: &str = "return axe.run(document, {resultTypes: ['violations', 'incomplete']}).then((result) => { \
    const told = (id, nodes) => `${id}: ` + nodes.slice(0, 3).map((node) => node.html.slice(0, 140)).join(' | '); \
    const unseen = result.incomplete.filter((found) => found.id === 'color-contrast') \
        .flatMap((found) => found.nodes.filter((node) => node.any.some((check) => check.data?.messageKey === 'equalRatio'))); \
    return result.violations.filter((found) => found.impact === 'serious' || found.impact === 'critical') \
        .map((found) => told(found.id, found.nodes)).concat(unseen.length === 0 ? [] : [told('unseen-words', unseen)]); });";

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

/// The looker itself: a button without a name and words that nobody can see are planted and must be found, and are taken away
/// again.
pub async fn looker_finds_a_planted_one(window: &Window) -> Result<()> {
    window
        .run(
            "const main = document.querySelector('main'); const button = document.createElement('button'); button.className = 'planted'; main.append(button); \
             const words = document.createElement('p'); words.className = 'planted'; words.textContent = 'unseen'; \
             words.style.color = words.style.backgroundColor = 'rgb(160, 20, 20)'; main.prepend(words);",
            vec![],
        )
        .await?;
    let found = look(window).await?;
    window
        .run(
            "document.querySelectorAll('.planted').forEach((planted) => planted.remove());",
            vec![],
        )
        .await?;
    ensure!(
        found.iter().any(|rule| rule.starts_with("button-name")),
        "the planted button without a name was overlooked"
    );
    ensure!(
        found.iter().any(|rule| rule.starts_with("unseen-words")),
        "the planted words without contrast were overlooked"
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
