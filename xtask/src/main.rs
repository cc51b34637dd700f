//! The only developer entry point. It installs, starts and measures things; it contains none of them.

mod android;
mod android_rules;
mod arrows;
mod bench;
mod cross;
mod digest;
mod fuzz;
mod paths;
mod process;
mod run;
mod setup;
mod suites;
mod trace;
mod wheel;
mod window;

use anyhow::Result;
use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(about = "Ratsmappe: set up, run, test, measure")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Install what is missing (system packages, PDFium, the typesetter, the page's packages).
    Setup,
    /// Set up, build, start a demonstration council and open the app paired with it.
    Run {
        /// Import this OParl server instead of the demonstration council.
        #[arg(long)]
        oparl: Option<String>,
        /// First day of the meetings to import with --oparl (YYYY-MM-DD).
        #[arg(long, requires = "oparl")]
        from: Option<String>,
        /// Last day of the meetings to import with --oparl (YYYY-MM-DD).
        #[arg(long, requires = "oparl")]
        to: Option<String>,
        /// Drive the app under Xvfb and leave screenshots, also where a display exists.
        #[arg(long)]
        headless: bool,
    },
    /// Set up and pass every test.
    Test,
    /// The window story alone: German and English, light and dark, screenshots in target/e2e.
    E2e,
    /// Measure against named peers and print the table of docs/BENCHMARKS.md.
    Bench {
        /// Only the named measurement (first-page, search, frames …).
        only: Option<String>,
    },
    /// Put PDFium into the Android project and say what building a package still needs.
    Android,
    /// Check that everything in the app compiles for Android (about ten minutes of a processor).
    CheckAndroid,
    /// Check that everything in the app compiles for Windows (about ten minutes of a processor).
    CheckWindows,
    /// Draw the launcher's icons of the Android project anew.
    Icons,
    /// Search the parsers for inputs that they cannot stand (cargo-fuzz, nightly compiler).
    Fuzz {
        /// Inputs for each parser.
        #[arg(long, default_value_t = 10_000_000)]
        runs: u64,
        /// Only this parser.
        target: Option<String>,
    },
    /// Write docs/REQUIREMENTS.md: which code meets a requirement of BSI TR-03161-1 or MASVS, and which test shows it.
    Trace,
    /// The safety suites with large counts; writes target/evidence.json.
    Evidence,
}

fn main() -> Result<()> {
    match Arguments::parse().command {
        Command::Setup => setup::all(),
        Command::Run {
            oparl,
            from,
            to,
            headless,
        } => {
            setup::all()?;
            run::run(oparl.as_deref(), from.as_deref(), to.as_deref(), headless)
        }
        Command::Test => suites::all(),
        Command::Fuzz { runs, target } => fuzz::all(runs, target.as_deref()),
        Command::E2e => {
            setup::all()?;
            window::all_looks()
        }
        Command::Bench { only } => {
            setup::all()?;
            bench::all(only.as_deref())
        }
        Command::Android => android::libraries(),
        Command::CheckAndroid => cross::check(&cross::ANDROID),
        Command::CheckWindows => cross::check(&cross::WINDOWS),
        Command::Icons => android::icons(),
        Command::Trace => trace::write(),
        Command::Evidence => {
            setup::all()?;
            suites::evidence()
        }
    }
}
