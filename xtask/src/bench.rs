//! The measurements of docs/BENCHMARKS.md: builds and starts the measuring program. What is measured, and against which
//! peers, stands in `tests/src/measure`.

use anyhow::{Context, Result, bail};

use crate::paths;
use crate::process::{command, exists, run, timed};
use crate::run::build_page;
use crate::window;

const IN_ONE_PROCESS: [&str; 15] = [
    "first-page",
    "caged",
    "at-rest",
    "nothing-new",
    "first-sync",
    "indexing",
    "commands",
    "import",
    "search",
    "annotated",
    "find",
    "faction-space",
    "faction-share",
    "faction-rotation",
    "faction-merging",
];
const IN_THE_WINDOW: [&str; 6] = [
    "far-page",
    "frames",
    "scroll",
    "web-view-far-page",
    "web-view-frames",
    "web-view-scroll",
];

/// Programs that are measured beside ours: name, an argument that only asks whether it is there, the system's package, and
/// the measurements that need it.
const PEERS: [(&str, &str, &str, &[&str]); 10] = [
    ("mutool", "-v", "mupdf-tools", &["first-page"]),
    ("nginx", "-v", "nginx-light", &["first-sync", "nothing-new"]),
    (
        "curl",
        "--version",
        "curl",
        &["first-sync", "nothing-new", "import"],
    ),
    ("pdftotext", "-v", "poppler-utils", &["indexing", "search"]),
    (
        "chromium",
        "--version",
        "chromium",
        &["far-page", "web-view-far-page"],
    ),
    (
        "chromedriver",
        "--version",
        "chromium-driver",
        &["web-view-far-page", "web-view-frames", "web-view-scroll"],
    ),
    (
        "npm",
        "--version",
        "npm",
        &["far-page", "web-view-far-page"],
    ),
    ("pdfgrep", "--version", "pdfgrep", &["find"]),
    ("rg", "--version", "ripgrep", &["search"]),
    ("python3", "--version", "python3", &["import"]),
];

/// All measurements, or the named one. Needs its peers from the system's packages.
pub fn all(only: Option<&str>) -> Result<()> {
    if let Some(name) = only
        && !IN_THE_WINDOW.contains(&name)
        && !IN_ONE_PROCESS.contains(&name)
    {
        bail!(
            "no measurement is called {name}; there are {} and {}",
            IN_ONE_PROCESS.join(", "),
            IN_THE_WINDOW.join(", ")
        );
    }
    for (program, argument, package, measurements) in PEERS {
        let is_needed = only.is_none_or(|name| measurements.contains(&name));
        if is_needed && !exists(program, argument) {
            bail!(
                "the peer {program} is missing: apt-get install -y --no-install-recommends {package}"
            );
        }
    }
    let out = paths::target().join("bench");
    std::fs::create_dir_all(&out).with_context(|| format!("cannot make {}", out.display()))?;
    let figures = out.join("figures.json");
    if figures.exists() {
        std::fs::remove_file(&figures)?;
    }
    let (out, figures) = (out.to_string_lossy(), figures.to_string_lossy());
    let arguments = |name: Option<&str>| {
        let mut words: Vec<String> = name.map(str::to_owned).into_iter().collect();
        words.extend(["--out", &out, "--figures", &figures].map(str::to_owned));
        words
    };
    // The window comes first: the other measurements print the table of all.
    let mut seen = IN_THE_WINDOW
        .into_iter()
        .filter(|name| only.is_none_or(|only| only == *name))
        .peekable();
    if seen.peek().is_some() {
        build_measured()?;
    }
    for name in seen {
        in_the_window(&arguments(Some(name)))?;
    }
    if only.is_none_or(|name| IN_ONE_PROCESS.contains(&name)) {
        timed("build the measuring program (release)", || {
            build("release", &["--features", "bench-peers"])
        })?;
        run(command(paths::release_program("measure"), &[])
            .args(arguments(only))
            .env("RATSMAPPE_PDFIUM", paths::pdfium()))?;
    }
    Ok(())
}

/// The app as it ships, but that its window lets itself be driven, and what measures it.
fn build_measured() -> Result<()> {
    build_page()?;
    timed("build the app (release) and what measures it", || {
        let app = ["--package", "ratsmappe", "--bin", "ratsmappe"];
        let features = ["--features", "ratsmappe/custom-protocol"];
        build("measured", &[app.as_slice(), &features].concat())
    })
}

/// The measuring program and the one that PDFium runs in, with whatever more is asked for.
fn build(profile: &str, more: &[&str]) -> Result<()> {
    let measure = ["--package", "stories", "--bin", "measure"];
    let helper = ["--package", "reader", "--bin", "ratsmappe-pdf"];
    run(
        command("cargo", &["build", "--locked", "--profile", profile])
            .args(measure)
            .args(helper)
            .args(more),
    )
}

/// Measures on a display of its own.
fn in_the_window(arguments: &[String]) -> Result<()> {
    let measure = paths::target().join("measured/measure");
    window::on_own_display(command(measure, &[]).args(arguments), run)
}
