//! The measurements of docs/BENCHMARKS.md: each against a named peer in the same run, in turns, as medians.
//! It proves nothing about correctness; the stories do.

#[path = "../measure/mod.rs"]
mod measure;

use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::{Parser, Subcommand};
use measure::figures::Figure;
use measure::reading::Place::{WebView, Window};

#[derive(Parser)]
struct Arguments {
    #[command(subcommand)]
    what: Option<What>,
    /// Where papers, tablets and screenshots of the run go.
    #[arg(long, global = true, default_value = "target/bench")]
    out: PathBuf,
    /// Adds the figures to this file and prints a table of all that stand in it.
    #[arg(long, global = true)]
    figures: Option<PathBuf>,
}

#[derive(Subcommand, Clone)]
enum What {
    /// The first page of the 400-page budget, against mutool.
    FirstPage,
    /// Tiles drawn by a caged helper, against PDFium in process.
    Caged,
    /// Reading encrypted files, against age and plain ones; unlocking; opening the databases.
    AtRest,
    /// A gigabyte in 500 files, against curl from nginx.
    FirstSync,
    /// A sync that finds nothing new, with 100 and with 20,000 objects on the device.
    NothingNew,
    /// Indexing encrypted papers, against pdftotext on plain ones.
    Indexing,
    /// The views' commands after five years, against plain SQLite.
    Commands,
    /// A recorded municipality over OParl, against curl.
    Import,
    /// Search over 20,000 and 100,000 pages, against tantivy and ripgrep.
    Search,
    /// Opening a file with 50,000 strokes, against the same without.
    Annotated,
    /// Finding words in an open file, against pdfgrep.
    Find,
    /// A faction space after five years: a new tablet, opening, answers, memory, against plain SQLite.
    FactionSpace,
    /// From a share to its being shown on another tablet, against a plain HTTPS long poll.
    FactionShare,
    /// One of 120 devices is taken out of a faction space.
    FactionRotation,
    /// The same written history in Loro, Automerge and Yrs.
    FactionMerging,
    /// Jumps to far pages in the window, against pdf.js in Chromium. Needs a display.
    FarPage,
    /// Late frames and blank tiles while pages pass in the window. Needs a display.
    Frames,
    /// Memory of the window while the 400-page budget is scrolled to its end. Needs a display.
    Scroll,
    /// The same jumps by the page in Chromium, as on Android. Needs a display.
    WebViewFarPage,
    /// The same passing of pages by the page in Chromium. Needs a display.
    WebViewFrames,
    /// The same scrolling by the page in Chromium. Needs a display.
    WebViewScroll,
    /// One first page in a fresh process; prints its milliseconds. Started by `first-page`.
    #[command(hide = true)]
    ColdPage(measure::first_page::ColdPage),
    /// The council server as a process of its own. Started by `first-sync`.
    #[command(hide = true)]
    Serve(measure::supply::Serve),
    /// One import over OParl; prints what it cost. Started by `import`.
    #[command(hide = true)]
    ImportOnce(measure::import::ImportOnce),
    /// One tablet of a space; prints what it cost. Started by `faction-space`.
    #[command(hide = true)]
    FactionOnce(measure::faction::once::FactionOnce),
    /// One library with the history in it; prints what it cost. Started by `faction-merging`.
    #[cfg(feature = "bench-peers")]
    #[command(hide = true)]
    MergingOnce(measure::faction::MergingOnce),
}

/// Measures below a folder.
type Measure = fn(&Path) -> Result<Vec<Figure>>;

/// All measurements in their order, by the names of the command line.
const MEASUREMENTS: [(&str, Measure); 21] = [
    ("first-page", measure::first_page::measure),
    ("caged", measure::caged::measure),
    ("at-rest", measure::at_rest::measure),
    ("nothing-new", measure::nothing_new::measure),
    ("first-sync", measure::first_sync::measure),
    ("indexing", measure::indexing::measure),
    ("commands", measure::commands::measure),
    ("import", measure::import::measure),
    ("search", measure::search::measure),
    ("annotated", measure::annotated::measure),
    ("find", measure::find::measure),
    ("faction-space", measure::faction::measure),
    ("faction-share", measure::faction::measure_share),
    ("faction-rotation", measure::faction::measure_rotation),
    ("faction-merging", measure::faction::measure_merging),
    ("far-page", |out| measure::far_page::measure(out, Window)),
    ("frames", |out| measure::frames::measure(out, Window)),
    ("scroll", |out| measure::scroll::measure(out, Window)),
    ("web-view-far-page", |out| {
        measure::far_page::measure(out, WebView)
    }),
    ("web-view-frames", |out| {
        measure::frames::measure(out, WebView)
    }),
    ("web-view-scroll", |out| {
        measure::scroll::measure(out, WebView)
    }),
];

/// What is measured only by name: it needs a display.
const NEED_A_DISPLAY: [&str; 3] = ["far-page", "frames", "scroll"];

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    match &arguments.what {
        Some(What::ColdPage(cold)) => return cold.run(),
        Some(What::Serve(serve)) => return serve.run(),
        Some(What::ImportOnce(import)) => return import.run(),
        Some(What::FactionOnce(once)) => return once.run(),
        #[cfg(feature = "bench-peers")]
        Some(What::MergingOnce(once)) => return once.run(),
        _ => {}
    }
    std::fs::create_dir_all(&arguments.out)?;
    let out = arguments.out.canonicalize()?;
    let mut figures = measure::figures::Figures::load(arguments.figures.as_deref())?;
    let is_wanted = |name: &str| match &arguments.what {
        None => !NEED_A_DISPLAY.iter().any(|end| name.ends_with(end)),
        Some(what) => what.name() == name,
    };
    for (name, measure) in MEASUREMENTS {
        if is_wanted(name) {
            figures.add(measure(&out)?)?;
        }
    }
    figures.print();
    Ok(())
}

impl What {
    fn name(&self) -> &'static str {
        match self {
            Self::FirstPage => "first-page",
            Self::Caged => "caged",
            Self::AtRest => "at-rest",
            Self::FirstSync => "first-sync",
            Self::NothingNew => "nothing-new",
            Self::Indexing => "indexing",
            Self::Commands => "commands",
            Self::Import => "import",
            Self::Search => "search",
            Self::Annotated => "annotated",
            Self::Find => "find",
            Self::FactionSpace => "faction-space",
            Self::FactionShare => "faction-share",
            Self::FactionRotation => "faction-rotation",
            Self::FactionMerging => "faction-merging",
            Self::FarPage => "far-page",
            Self::Frames => "frames",
            Self::Scroll => "scroll",
            Self::WebViewFarPage => "web-view-far-page",
            Self::WebViewFrames => "web-view-frames",
            Self::WebViewScroll => "web-view-scroll",
            Self::ColdPage(_) | Self::Serve(_) | Self::ImportOnce(_) | Self::FactionOnce(_) => "",
            #[cfg(feature = "bench-peers")]
            Self::MergingOnce(_) => "",
        }
    }
}
