//! The window story under Xvfb: starts the display and the driver's program, nothing else.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::thread;

use anyhow::{Context, Result, anyhow, bail};

use crate::paths;
use crate::process::{Kept, command, run, run_named, timed};
use crate::run::build_everything;

/// Runs `window-story` with these arguments on a display of its own.
pub fn under_xvfb(arguments: &[&str]) -> Result<()> {
    on_own_display(&mut command(paths::program("window-story"), arguments), run)
}

/// Runs a program that opens the app's window on a display of its own.
pub fn on_own_display(
    program: &mut Command,
    run: impl FnOnce(&mut Command) -> Result<()>,
) -> Result<()> {
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

/// What a story is told in.
type Look = (&'static str, &'static str);

/// German and English, light and dark, at the same time; then what the lock leaves behind, which no look changes.
///
/// A story waits for its window more than it computes: both together take little longer than one.
pub fn all_looks() -> Result<()> {
    build_everything()?;
    let looks: [Look; 2] = [("de", "light"), ("en", "dark")];
    let told = thread::scope(|scope| {
        let running = looks.map(|look| scope.spawn(move || one_look(look)));
        running.map(|look| {
            look.join()
                .unwrap_or_else(|_| Err(anyhow!("the story panicked")))
        })
    });
    let failed: Vec<String> = told
        .into_iter()
        .filter_map(|look| look.err().map(|error| format!("{error:#}")))
        .collect();
    if !failed.is_empty() {
        bail!("{}", failed.join("; "));
    }
    timed("lock story", || {
        under_xvfb(&["--lock", "--out", "target/e2e/lock"])
    })
}

fn one_look((language, appearance): Look) -> Result<()> {
    let name = format!("{language} {appearance}");
    let look = ["--language", language, "--appearance", appearance];
    let stories: [(&str, &[&str]); 2] = [("window", &[]), ("faction", &["--faction"])];
    for (story, kind) in stories {
        let prefix = if story == "window" { "" } else { "faction-" };
        let out = format!("target/e2e/{prefix}{language}-{appearance}");
        let arguments = [&["--out", &out], kind, &look].concat();
        timed(&format!("{story} story ({language}, {appearance})"), || {
            on_own_display(
                &mut command(paths::program("window-story"), &arguments),
                |story| run_named(&name, story),
            )
        })?;
    }
    Ok(())
}
