//! Imports that repeat themselves while the server serves, so that tablets follow the council's portal. Each runs in a
//! thread of its own over connections of its own: a failing import ends with a line in the log and nothing else.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::Duration;

use chrono::NaiveDate;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};
use thiserror::Error;

use super::OparlRequest;
use crate::error::ServerError;
use crate::server::Server;

/// The least time between two imports: a portal is somebody else's. Milliseconds.
const LEAST_EVERY_MS: i64 = 60_000;

/// What is imported again and again: `imports.toml`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    imports: Vec<Planned>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Planned {
    request: OparlRequest,
    every_ms: i64,
}

/// Why a plan cannot be followed.
#[derive(Debug, Error)]
pub enum PlanError {
    #[error("Der Plan der Übernahmen ist nicht lesbar")]
    Io(#[from] std::io::Error),
    #[error("Der Plan der Übernahmen ist nicht verständlich")]
    Toml(#[source] Box<toml::de::Error>),
    #[error(
        "„every = \"{0}\"“ ist keine Zeitspanne von mindestens einer Minute; etwa \"15m\", \"2h\", \"1d\""
    )]
    Every(String),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PlanFile {
    #[serde(default)]
    import: Vec<PlannedEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PlannedEntry {
    url: String,
    every: String,
    body: Option<String>,
    #[serde(default, deserialize_with = "day")]
    from: Option<NaiveDate>,
    #[serde(default, deserialize_with = "day")]
    to: Option<NaiveDate>,
    #[serde(default)]
    public_only: bool,
    #[serde(default)]
    no_files: bool,
    #[serde(default)]
    private_addresses: bool,
}

impl Plan {
    /// Reads `imports.toml`.
    pub fn load(path: &Path) -> Result<Self, PlanError> {
        Self::parse(&std::fs::read_to_string(path)?)
    }

    /// Errors: no TOML, unknown fields, no usable span of time.
    pub fn parse(text: &str) -> Result<Self, PlanError> {
        let file: PlanFile =
            toml::from_str(text).map_err(|error| PlanError::Toml(Box::new(error)))?;
        let planned = |entry: PlannedEntry| {
            let every_ms = span_ms(&entry.every).ok_or(PlanError::Every(entry.every))?;
            let request = OparlRequest {
                body: entry.body,
                from: entry.from,
                to: entry.to,
                public_only: entry.public_only,
                no_files: entry.no_files,
                allow_private: entry.private_addresses,
                ..OparlRequest::whole(entry.url)
            };
            Ok(Planned { request, every_ms })
        };
        let imports = file.import.into_iter().map(planned);
        Ok(Self {
            imports: imports.collect::<Result<_, PlanError>>()?,
        })
    }
}

/// A day, with or without quotation marks.
fn day<'de, D: Deserializer<'de>>(field: D) -> Result<Option<NaiveDate>, D::Error> {
    let text = match toml::Value::deserialize(field)? {
        toml::Value::String(text) => text,
        other => other.to_string(),
    };
    text.trim().parse().map(Some).map_err(D::Error::custom)
}

/// `15m` in milliseconds.
fn span_ms(text: &str) -> Option<i64> {
    let text = text.trim();
    let number = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let unit_ms = match text.strip_prefix(number)? {
        "s" => 1000,
        "m" => 60_000,
        "h" => 3_600_000,
        "d" => crate::clock::DAY_MS,
        _ => return None,
    };
    let span_ms = number.trim().parse::<i64>().ok()?.checked_mul(unit_ms)?;
    Some(span_ms).filter(|span_ms| *span_ms >= LEAST_EVERY_MS)
}

/// When an import is due: at once if there was none, else so long after the last one began. A clock that was set back
/// does not put it off.
fn due_at_ms(last_started_at_ms: Option<i64>, every_ms: i64, now_at_ms: i64) -> i64 {
    last_started_at_ms.map_or(now_at_ms, |last| {
        last.min(now_at_ms).saturating_add(every_ms)
    })
}

/// Imports that are being repeated. Dropping it ends that; an import that is running is left to itself.
#[derive(Debug)]
pub struct Schedule {
    _stops: Vec<Sender<()>>,
}

/// Hears what came of each import: its address, and why it failed.
pub type RunReport = Arc<dyn Fn(&str, Result<(), String>) + Send + Sync>;

impl Server {
    /// Repeats the imports of a plan until the result is dropped.
    ///
    /// Errors: storage.
    pub fn follow(&self, plan: &Plan, on_run: &RunReport) -> Result<Schedule, ServerError> {
        let mut stops = Vec::new();
        for planned in plan.imports.clone() {
            let (stop, stopped) = channel();
            let (server, on_run) = (self.beside()?, on_run.clone());
            std::thread::Builder::new()
                .name("oparl-import".to_owned())
                .spawn(move || repeat(&server, &planned, &stopped, &on_run))?;
            stops.push(stop);
        }
        Ok(Schedule { _stops: stops })
    }
}

fn repeat(server: &Server, planned: &Planned, stopped: &Receiver<()>, on_run: &RunReport) {
    let url = planned.request.url.as_str();
    let runs = server.oparl_runs().unwrap_or_default();
    let mut last = runs
        .iter()
        .find(|run| run.url == url)
        .map(|run| run.started_at_ms);
    loop {
        let now_at_ms = server.inner.clock.now_at_ms();
        let wait_ms = due_at_ms(last, planned.every_ms, now_at_ms) - now_at_ms;
        if wait_ms > 0 {
            let wait = Duration::from_millis(wait_ms.unsigned_abs());
            match stopped.recv_timeout(wait) {
                Err(RecvTimeoutError::Timeout) => {}
                Ok(()) | Err(RecvTimeoutError::Disconnected) => return,
            }
        }
        last = Some(server.inner.clock.now_at_ms());
        // A slip in the importer must not end the imports that come later.
        let done = catch_unwind(AssertUnwindSafe(|| {
            server.import_oparl_reported(&planned.request, &|_| {})
        }));
        match done {
            Ok(Ok(_)) => on_run(url, Ok(())),
            Ok(Err(error)) => on_run(url, Err(error.to_string())),
            Err(_) => on_run(url, Err("die Übernahme brach unerwartet ab".to_owned())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_of_time_are_read() {
        assert_eq!(span_ms("15m"), Some(15 * 60_000));
        assert_eq!(span_ms("120s"), Some(120_000));
        assert_eq!(span_ms(" 1d "), Some(86_400_000));
        for nonsense in ["", "15", "m", "5s", "0h", "15 minutes", "-1h"] {
            assert_eq!(span_ms(nonsense), None, "{nonsense:?}");
        }
    }

    #[test]
    fn imports_are_due_at_once_or_so_long_after_the_last() {
        assert_eq!(due_at_ms(None, 60_000, 1_000_000), 1_000_000);
        assert_eq!(due_at_ms(Some(990_000), 60_000, 1_000_000), 1_050_000);
        assert_eq!(
            due_at_ms(Some(5_000_000), 60_000, 1_000_000),
            1_060_000,
            "a clock set back"
        );
    }

    #[test]
    fn a_plan_names_addresses_and_spans() {
        let plan = Plan::parse("[[import]]\nurl = \"https://rat.example/system\"\nevery = \"15m\"\npublic_only = true\n").unwrap();
        assert_eq!(plan.imports.len(), 1);
        assert!(plan.imports[0].request.public_only && !plan.imports[0].request.allow_mass_delete);
        let days =
            "[[import]]\nurl = \"x\"\nevery = \"1h\"\nfrom = 2019-11-01\nto = \"2019-12-31\"";
        let request = Plan::parse(days).unwrap().imports.remove(0).request;
        assert_eq!(
            (request.from, request.to),
            (
                NaiveDate::from_ymd_opt(2019, 11, 1),
                NaiveDate::from_ymd_opt(2019, 12, 31)
            )
        );
        assert!(matches!(
            Plan::parse("[[import]]\nurl = \"x\"\nevery = \"soon\""),
            Err(PlanError::Every(_))
        ));
        assert!(matches!(
            Plan::parse("[[import]]\nurl = \"x\"\nevery = \"1h\"\npublik = true"),
            Err(PlanError::Toml(_))
        ));
    }
}
