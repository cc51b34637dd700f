//! The main job: a council on the embedded server, the app paired with it.

use anyhow::Result;

use crate::paths;
use crate::process::{command, run as run_to_end, timed};
use crate::window;

/// Builds the page and every program, with the features all other steps use, so that nothing is built twice.
pub fn build_everything() -> Result<()> {
    build_page()?;
    timed("build", || {
        run_to_end(&mut command(
            "cargo",
            &[
                "build",
                "--locked",
                "--workspace",
                "--features",
                "ratsmappe/custom-protocol",
            ],
        ))
    })
}

/// What the window shows.
pub fn build_page() -> Result<()> {
    timed("build the page", || {
        run_to_end(
            command("npm", &["run", "--silent", "build"]).current_dir(paths::root().join("ui")),
        )
    })
}

/// With a display: server and app until the app is closed. Without: the same story under Xvfb, with screenshots.
pub fn run(
    oparl: Option<&str>,
    from: Option<&str>,
    to: Option<&str>,
    headless: bool,
) -> Result<()> {
    build_everything()?;
    let has_display =
        std::env::var_os("DISPLAY").is_some() || std::env::var_os("WAYLAND_DISPLAY").is_some();
    let mut story = vec!["--out", "target/demo"];
    if let Some(address) = oparl {
        story.extend(["--oparl", address]);
        story.extend([
            "--from",
            from.unwrap_or("2000-01-01"),
            "--to",
            to.unwrap_or("2100-01-01"),
        ]);
    }
    if has_display && !headless {
        story.push("--by-hand");
        return run_to_end(
            command(paths::program("window-story"), &story)
                .env("RATSMAPPE_PDFIUM", paths::pdfium()),
        );
    }
    window::under_xvfb(&story)
}
