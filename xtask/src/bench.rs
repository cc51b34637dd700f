//! The measurements of docs/BENCHMARKS.md: starts the measured programs and their peers in the same run.

use anyhow::{Result, bail};

use crate::paths;
use crate::process::{command, exists, run};

/// All measurements, or the named one. Needs the peers (mutool, nginx, curl) from the system's packages.
pub fn all(only: Option<&str>) -> Result<()> {
    for (program, argument, package) in [
        ("mutool", "-v", "mupdf-tools"),
        ("nginx", "-v", "nginx-light"),
        ("curl", "--version", "curl"),
    ] {
        if !exists(program, argument) {
            bail!(
                "the peer {program} is missing: apt-get install -y --no-install-recommends {package}"
            );
        }
    }
    run(&mut command(
        "cargo",
        &[
            "build",
            "--locked",
            "--release",
            "--package",
            "stories",
            "--package",
            "council-server",
            "--package",
            "demo-council",
        ],
    ))?;
    let mut arguments = vec![];
    arguments.extend(only);
    run(command(paths::release_program("measure"), &arguments)
        .env("RATSMAPPE_PDFIUM", paths::pdfium()))
}
