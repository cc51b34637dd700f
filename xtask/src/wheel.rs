//! Wheels of the Python package index as carriers of prebuilt libraries: fetched once, compared with a pinned hash, unpacked.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::paths;
use crate::process::{command, output, run};

/// One file of the index.
pub struct Wheel {
    /// `name==version`.
    pub package: &'static str,
    /// The index's name of a foreign platform; this machine's own when absent.
    pub platform: Option<&'static str>,
    pub sha256: &'static str,
}

impl Wheel {
    fn name(&self) -> String {
        let package = self.package.replace("==", "-");
        match self.platform {
            Some(platform) => format!("{package}-{platform}"),
            None => package,
        }
    }
}

/// Downloads a wheel, compares its hash, unpacks it; returns the folder.
pub fn fetch(wheel: &Wheel) -> Result<PathBuf> {
    let name = wheel.name();
    println!("fetching {name}");
    let folder = paths::tools().join("wheels").join(&name);
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir_all(&folder)?;
    let destination = folder.to_string_lossy().into_owned();
    let mut download = command(
        "python3",
        &[
            "-m",
            "pip",
            "download",
            "--quiet",
            "--disable-pip-version-check",
            wheel.package,
            "--no-deps",
            "--only-binary=:all:",
            "-d",
            &destination,
        ],
    );
    if let Some(platform) = wheel.platform {
        download.args(["--platform", platform]);
    }
    run(&mut download).with_context(|| {
        format!(
            "python3 with pip is needed to fetch {}: apt-get install python3-pip",
            wheel.package
        )
    })?;
    let file = fs::read_dir(&folder)?
        .filter_map(|entry| entry.ok().map(|e| e.path()))
        .find(|path| path.extension().is_some_and(|e| e == "whl"))
        .with_context(|| format!("{} brought no wheel", wheel.package))?;
    let path = file.to_string_lossy().into_owned();
    let found = output(&mut command("sha256sum", &[&path]))?;
    let found = found.split_whitespace().next().unwrap_or_default();
    if found != wheel.sha256 {
        fs::remove_file(&file)?;
        bail!(
            "{} has the SHA-256 {found}, expected {}: the download is damaged or forged, or this is no x86-64 machine with glibc",
            wheel.package,
            wheel.sha256
        );
    }
    let unpacked = folder.join("unpacked");
    run(&mut command(
        "python3",
        &["-m", "zipfile", "-e", &path, &unpacked.to_string_lossy()],
    ))?;
    Ok(unpacked)
}

/// Notes in a folder which wheel it was filled from.
pub fn mark(folder: &Path, wheel: &Wheel) -> Result<()> {
    Ok(fs::write(folder.join("wheel.sha256"), wheel.sha256)?)
}

/// Whether a folder was filled from this very wheel.
pub fn marked(folder: &Path, wheel: &Wheel) -> bool {
    fs::read_to_string(folder.join("wheel.sha256")).is_ok_and(|mark| mark == wheel.sha256)
}
