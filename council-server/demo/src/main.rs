//! Command line of the demonstration: writes the fictional council as an intake folder. All content is in the library.

use std::path::PathBuf;

use anyhow::Context as _;
use chrono::NaiveDate;
use clap::Parser;

/// Schreibt den Demonstrationsrat „Lindenau an der Saale“ als Übernahmeordner.
#[derive(Parser)]
#[command(name = "demo-council", version)]
struct Arguments {
    /// Zielordner; leer oder ein früherer Demonstrationsordner.
    #[arg(long)]
    out: PathBuf,
    /// Tag, von dem aus alle Sitzungen zählen (JJJJ-MM-TT).
    #[arg(long)]
    today: NaiveDate,
    /// Ordner für fertige PDFs, damit der Haushaltsplan nur einmal gesetzt wird.
    #[arg(long)]
    cache: Option<PathBuf>,
    /// Schreibt zusätzlich nach `later/` den Stand eine Lieferung später.
    #[arg(long)]
    later: bool,
}

fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    let cache = arguments.cache.as_deref();
    let summary = demo_council::write_demo(&arguments.out, arguments.today, cache)
        .context("Der Demonstrationsrat wurde nicht geschrieben")?;
    if arguments.later {
        demo_council::write_later(&arguments.out.join("later"), arguments.today, cache)
            .context("Der spätere Stand wurde nicht geschrieben")?;
    }
    print_line(&format!(
        "{}: {} Sitzungen, {} Vorlagen, {} Dateien in {}",
        summary.council,
        summary.meetings,
        summary.papers,
        summary.files,
        arguments.out.display()
    ));
    Ok(())
}

/// The one line of output of this program.
#[expect(
    clippy::print_stdout,
    reason = "a command line program tells what it did"
)]
fn print_line(line: &str) {
    println!("{line}");
}
