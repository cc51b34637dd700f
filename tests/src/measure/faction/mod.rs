//! The faction space: after five years (`faction-space`), from one tablet to the next (`faction-share`), whoever is taken out
//! (`faction-rotation`), and other libraries for what several write in (`faction-merging`).

pub mod history;
pub mod once;
#[cfg(feature = "bench-peers")]
mod peers;
pub mod plain;
mod poll;
mod rotation;
mod scene;
mod share;
mod words;

use std::path::Path;

use anyhow::Result;

use self::once::{Cost, FactionOnce, Way};
use self::plain::Plain;
use self::scene::Scene;
use super::figures::{Figure, Series, build};

pub use merging::measure as measure_merging;
#[cfg(feature = "bench-peers")]
pub use peers::MergingOnce;
pub use rotation::measure as measure_rotation;
pub use share::measure as measure_share;

#[cfg(feature = "bench-peers")]
use peers as merging;
#[cfg(not(feature = "bench-peers"))]
mod merging {
    /// Without the peers there is nothing to compare with.
    pub fn measure(_: &std::path::Path) -> anyhow::Result<Vec<super::Figure>> {
        anyhow::bail!("the peers are not linked in: build with --features bench-peers")
    }
}

const ROUNDS: usize = 5;
/// Seconds until a newcomer's tablet shows everything.
const AIM_READY_S: f64 = 5.0;
/// Opening an existing space, ms.
const AIM_OPEN_MS: f64 = 100.0;
/// An answer at p95, ms.
const AIM_ANSWER_MS: f64 = 50.0;
/// Memory of the process, MB (10^6 bytes).
const AIM_MB: f64 = 150.0;

fn series(values: impl IntoIterator<Item = f64>) -> Series {
    let mut series = Series::default();
    values.into_iter().for_each(|value| series.push(value));
    series
}

pub fn measure(out: &Path) -> Result<Vec<Figure>> {
    let scene = Scene::prepare(out, "faction-space")?;
    // The first opening merges what was never shown; it is told as such.
    let warm = FactionOnce::started(&scene.old, Way::Answers)?;
    eprintln!("the first opening of all: {warm:?}");
    let plain = Plain::copy(&scene.work.join("plain.db"), &scene.old)?;
    eprintln!("measuring a space of five years ({}) …", build());
    let (mut old, mut joins, mut whole) = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        old.push(FactionOnce::started(&scene.old, Way::Answers)?);
        let folder = scene.newcomer(&format!("join-{round}"))?;
        joins.push(FactionOnce::started(&folder, Way::Join)?);
        let folder = scene.newcomer(&format!("join-by-envelopes-{round}"))?;
        whole.push(FactionOnce::started(&folder, Way::JoinByEnvelopes)?);
    }
    let mut figures = joining(&scene, &joins, &whole);
    figures.extend(opened(&scene, &old, &plain)?);
    scene.end()?;
    Ok(figures)
}

fn joining(scene: &Scene, joins: &[Cost], whole: &[Cost]) -> Vec<Figure> {
    let seconds = |costs: &[Cost]| series(costs.iter().map(|cost| cost.ready_ms / 1000.0));
    let (ready, by_envelopes) = (seconds(joins), seconds(whole));
    let name = format!(
        "{} things, {} operations, {} envelopes",
        scene.counts.things(),
        scene.counts.operations(),
        scene.envelopes
    );
    let pss = series(joins.iter().map(|cost| cost.pss_mb));
    vec![
        Figure {
            name: format!("faction space, {name}: a new tablet is ready ({})", build()),
            ours: format!(
                "{}, from a snapshot of {:.1} MB and {} envelopes",
                ready.words(2, "s"),
                scene.snapshot_len as f64 / 1e6,
                scene.counts.rest
            ),
            peer: format!("the same from all envelopes {}", by_envelopes.words(2, "s")),
            ratio: format!("{:.2}", ready.median() / by_envelopes.median()),
            aim: format!("≤ {AIM_READY_S:.0} s"),
            is_met: ready.quantile(1.0) <= AIM_READY_S,
        },
        Figure {
            name: format!("faction space: memory of that process ({})", build()),
            ours: pss.words(0, "MB"),
            peer: "none".to_owned(),
            ratio: String::new(),
            aim: format!("≤ {AIM_MB:.0} MB"),
            is_met: pss.quantile(1.0) <= AIM_MB,
        },
    ]
}

fn opened(scene: &Scene, costs: &[Cost], plain: &Plain) -> Result<Vec<Figure>> {
    let open = series(costs.iter().map(|cost| cost.open_ms));
    let first = series(costs.iter().map(|cost| cost.first_ms));
    let pss = series(costs.iter().map(|cost| cost.pss_mb));
    let db_mb = std::fs::metadata(scene.old.join("faction.db"))?.len() as f64 / 1e6;
    let line =
        |name: &str, ours: String, peer: String, ratio: String, aim: String, is_met| Figure {
            name: format!("faction space: {name} ({})", build()),
            ours,
            peer,
            ratio,
            aim,
            is_met,
        };
    let answer = |name: &str, of: fn(&Cost) -> &Vec<f64>, peer: Series| {
        let ours = series(costs.iter().flat_map(|cost| of(cost).iter().copied()));
        let p95 = ours.quantile(0.95);
        line(
            name,
            ours.percentiles(1, "ms"),
            format!("plain SQLite {}", peer.percentiles(1, "ms")),
            format!("{:.1} at p95", p95 / peer.quantile(0.95)),
            format!("p95 ≤ {AIM_ANSWER_MS:.0} ms"),
            p95 <= AIM_ANSWER_MS,
        )
    };
    Ok(vec![
        line(
            &format!("opening `faction.db` of {db_mb:.0} MB"),
            open.words(1, "ms"),
            "none".to_owned(),
            String::new(),
            format!("≤ {AIM_OPEN_MS:.0} ms"),
            open.quantile(1.0) <= AIM_OPEN_MS,
        ),
        line(
            "the first answer after unlocking (`faction_news`)",
            first.words(0, "ms"),
            "none".to_owned(),
            String::new(),
            String::new(),
            true,
        ),
        answer("news (`faction_news`)", |cost| &cost.news_ms, plain.news()?),
        answer("search (`search`)", |cost| &cost.search_ms, plain.search()?),
        answer(
            "at an agenda item (`faction_about`)",
            |cost| &cost.about_ms,
            plain.about()?,
        ),
        line(
            "memory of the process after 300 answers",
            pss.words(0, "MB"),
            "none".to_owned(),
            String::new(),
            format!("≤ {AIM_MB:.0} MB"),
            pss.quantile(1.0) <= AIM_MB,
        ),
    ])
}
