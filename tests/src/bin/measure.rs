//! The measurements of docs/BENCHMARKS.md: each against a named peer in the same run, in turns, as medians.
//! It proves nothing about correctness; the stories do.

#[path = "../measure/mod.rs"]
mod measure;

use std::path::PathBuf;

use anyhow::Result;
use clap::{Parser, Subcommand};

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
    /// A gigabyte in 500 files, against curl from nginx.
    FirstSync,
    /// A sync that finds nothing new, with 100 and with 20,000 objects on the device.
    NothingNew,
    /// Memory of the window while the 400-page budget is scrolled to its end. Needs a display.
    Scroll,
    /// One first page in a fresh process; prints its milliseconds. Started by `first-page`.
    #[command(hide = true)]
    ColdPage(measure::first_page::ColdPage),
    /// The council server as a process of its own. Started by `first-sync`.
    #[command(hide = true)]
    Serve(measure::supply::Serve),
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    match &arguments.what {
        Some(What::ColdPage(cold)) => return cold.run(),
        Some(What::Serve(serve)) => return serve.run(),
        _ => {}
    }
    std::fs::create_dir_all(&arguments.out)?;
    let out = arguments.out.canonicalize()?;
    let mut figures = measure::figures::Figures::load(arguments.figures.as_deref())?;
    let is_wanted = |name: &str| match &arguments.what {
        None => name != "scroll",
        Some(what) => what.name() == name,
    };
    if is_wanted("first-page") {
        figures.add(measure::first_page::measure(&out)?)?;
    }
    if is_wanted("nothing-new") {
        figures.add(measure::nothing_new::measure(&out)?)?;
    }
    if is_wanted("first-sync") {
        figures.add(measure::first_sync::measure(&out)?)?;
    }
    if is_wanted("scroll") {
        figures.add(measure::scroll::measure(&out)?)?;
    }
    figures.print();
    Ok(())
}

impl What {
    fn name(&self) -> &'static str {
        match self {
            Self::FirstPage => "first-page",
            Self::FirstSync => "first-sync",
            Self::NothingNew => "nothing-new",
            Self::Scroll => "scroll",
            Self::ColdPage(_) | Self::Serve(_) => "",
        }
    }
}
