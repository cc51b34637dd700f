//! Real council data where it lies beside the checkout (`shared`, or the folder that `RATSMAPPE_SHARED` names); it is no part
//! of it. Every measurement that wants it says what it does without.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};
use serde_json::Value;

/// The folder, if it is there.
pub fn folder() -> Option<PathBuf> {
    let beside = || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared");
    let folder = std::env::var_os("RATSMAPPE_SHARED").map_or_else(beside, PathBuf::from);
    folder.join("data/pdf/erlangen").is_dir().then_some(folder)
}

/// The recorded municipality below the folder.
pub fn crawl(shared: &Path) -> PathBuf {
    shared.join("data/oparl/sdnet-1.0-huertgenwald")
}

/// All real council papers, sorted by path.
pub fn papers(shared: &Path) -> Result<Vec<PathBuf>> {
    below(&shared.join("data/pdf/erlangen"), "pdf")
}

/// Files of this ending below a folder, sorted by path.
pub fn below(folder: &Path, ending: &str) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in
        fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?
    {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(below(&path, ending)?);
        } else if path
            .extension()
            .is_some_and(|kind| kind.eq_ignore_ascii_case(ending))
        {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

/// The text of a PDF by `pdftotext`, pages apart by form feeds.
pub fn text_of(pdf: &Path) -> Result<String> {
    let output = Command::new("pdftotext")
        .arg(pdf)
        .arg("-")
        .stderr(Stdio::null())
        .output()
        .context("pdftotext does not start")?;
    ensure!(output.status.success(), "pdftotext: {}", output.status);
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Names of papers and agenda items of the recorded municipality, in the order of the record.
pub fn names(shared: &Path) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for path in below(&crawl(shared), "json")? {
        let list: Value = serde_json::from_slice(&fs::read(&path)?)
            .with_context(|| format!("{} is no JSON", path.display()))?;
        for object in list["data"].as_array().into_iter().flatten() {
            let items = object["agendaItem"].as_array().into_iter().flatten();
            for named in items.chain([object]) {
                let kind = named["type"].as_str().unwrap_or_default();
                if (kind.ends_with("/Paper") || kind.ends_with("/AgendaItem"))
                    && let Some(name) = named["name"].as_str()
                {
                    names.push(name.to_owned());
                }
            }
        }
    }
    Ok(names)
}
