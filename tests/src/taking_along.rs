//! A marked paper is taken along from the reader: the dialog says what leaves and where to; what lies in the folder
//! afterwards is a sound PDF with the marks as annotations, by the word of another program.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::barriers;
use crate::window::Window;

/// Begins and ends in the reader, in a paper that has marks.
pub async fn tell(window: &Window) -> Result<()> {
    window.tap("takeaway-open").await?;
    window.find("takeaway-what").await?;
    window.shot("13a-taking-along").await?;
    barriers::none_in(window, "taking along").await?;
    // Nothing leaves before the deed.
    ensure!(
        papers(window)?.is_empty(),
        "a PDF lies in the folder already"
    );
    window.tap("takeaway-save").await?;
    window.find("takeaway-done").await?;
    window.shot("13b-taken-along").await?;
    window.tap("takeaway-close").await?;
    let taken = papers(window)?;
    let [paper] = taken.as_slice() else {
        anyhow::bail!("{} papers lie in the folder", taken.len());
    };
    let checked = Command::new("qpdf")
        .arg("--check")
        .arg(paper)
        .output()
        .context("qpdf does not start")?;
    ensure!(
        checked.status.success(),
        "qpdf: {}",
        String::from_utf8_lossy(&checked.stdout)
    );
    let seen = Command::new("qpdf")
        .args(["--json", "--json-key=qpdf"])
        .arg(paper)
        .output()?;
    let seen = String::from_utf8_lossy(&seen.stdout);
    for kind in ["/Highlight", "/Ink", "/Text"] {
        ensure!(
            seen.contains(&format!("\"/Subtype\": \"{kind}\"")),
            "the paper carries no {kind}"
        );
    }
    // Later chapters look for papers of their own.
    std::fs::remove_file(paper)?;
    Ok(())
}

/// The PDFs in the folder for downloads.
fn papers(window: &Window) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(window.downloads())? {
        let path = entry?.path();
        if path.extension().is_some_and(|ending| ending == "pdf") {
            found.push(path);
        }
    }
    Ok(found)
}
