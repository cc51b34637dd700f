//! The window story under Xvfb: starts the display and the driver's program, nothing else.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use anyhow::{Context, Result};

use crate::paths;
use crate::process::{Kept, command, run, timed};
use crate::run::build_everything;

/// Runs `window-story` with these arguments on a display of its own.
pub fn under_xvfb(arguments: &[&str]) -> Result<()> {
    on_own_display(&mut command(paths::program("window-story"), arguments))
}

/// Runs a program that opens the app's window on a display of its own.
pub fn on_own_display(program: &mut Command) -> Result<()> {
    let mut xvfb = Kept::start(
        command(
            "Xvfb",
            &[
                "-displayfd",
                "1",
                "-screen",
                "0",
                "1600x1500x24",
                "-nolisten",
                "tcp",
            ],
        )
        .stdout(Stdio::piped())
        .stderr(Stdio::null()),
    )?;
    let mut number = String::new();
    let pipe = xvfb.0.stdout.take().context("Xvfb gave no pipe")?;
    BufReader::new(pipe)
        .read_line(&mut number)
        .context("Xvfb did not say its display number")?;
    let display = format!(":{}", number.trim());
    run(program
        .env("DISPLAY", display)
        .env_remove("WAYLAND_DISPLAY")
        .env("RATSMAPPE_PDFIUM", paths::pdfium()))
}

/// German and English, light and dark; then what the lock leaves behind, which no look changes.
pub fn all_looks() -> Result<()> {
    build_everything()?;
    for (language, appearance) in [("de", "light"), ("en", "dark")] {
        let look = ["--language", language, "--appearance", appearance];
        let out = format!("target/e2e/{language}-{appearance}");
        timed(&format!("window story ({language}, {appearance})"), || {
            under_xvfb(&[&["--out", &out], &look[..]].concat())
        })?;
        let out = format!("target/e2e/faction-{language}-{appearance}");
        timed(&format!("faction story ({language}, {appearance})"), || {
            under_xvfb(&[&["--faction", "--out", &out], &look[..]].concat())
        })?;
    }
    timed("lock story", || {
        under_xvfb(&["--lock", "--out", "target/e2e/lock"])
    })
}
