//! Imports a municipality's council data over OParl 1.0 or 1.1, as OPARL.md describes it.
//!
//! Two stages. *Fetching* (`walk`, `lists`, `client`) reads the portal and keeps every object (`mirror`). *Mapping*
//! (`assemble`, `map`) makes a draft of all that is kept, without the network; `files` fetches what the draft's files
//! need. One bad object never stops an import; what could not be taken over is listed and tried again the next time.

mod address;
mod assemble;
mod attached;
mod body;
mod brake;
mod client;
mod files;
#[cfg(any(test, fuzzing))]
pub mod fuzzing;
mod json;
mod lists;
mod map;
mod mirror;
mod patience;
mod place;
mod publishing;
mod reach;
mod read;
#[cfg(test)]
mod recorded;
mod references;
mod remote;
mod report;
mod rules;
mod schedule;
mod shape;
mod split;
mod walk;
mod whole;

use std::collections::BTreeMap;
use std::fs::File;

use chrono::NaiveDate;
use thiserror::Error;

pub use report::{FileTally, ListReport, ObjectTally, OparlReport, PlaceTally, Problem};
pub use schedule::{Plan, PlanError, RunReport, Schedule};

use crate::error::ServerError;
use crate::publish::ImportOutcome;
use crate::server::Server;
use crate::store::Store;
use crate::store::mirror::runs::{self, RunRow};
use crate::store::mirror::{objects, sources};
use assemble::Scope;
use client::Link;
use mirror::Mirror;
use patience::{FILE_TIMEOUT_MS, JSON_TIMEOUT_MS, Manners};
use reach::Reach;
use walk::Walk;

/// The plan's name in the data folder.
pub(crate) const PLAN_FILE: &str = "imports.toml";

/// How the names of folders begin that hold fetched files until they are published.
const INCOMING: &str = "oparl-";

/// What to import, and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OparlRequest {
    /// The address of a System or of a Body.
    pub url: String,
    /// Meetings from this day on, and no papers but theirs; `None`: from the first.
    pub from: Option<NaiveDate>,
    /// Meetings until this day, inclusive; `None`: to the last.
    pub to: Option<NaiveDate>,
    /// A part of the body's name, where the system has several.
    pub body: Option<String>,
    /// The source holds nothing nonpublic: what does not say whether it is public, is.
    pub public_only: bool,
    /// Objects only; files that were fetched before stay.
    pub no_files: bool,
    /// Carry out deletions however many there are.
    pub allow_mass_delete: bool,
    /// Read all lists whole, even where the portal could tell what changed.
    pub full: bool,
    /// The portal may lead the server to loopback and private addresses. One that stands at such an address may anyway.
    pub allow_private: bool,
    /// Do not ask the portal: map again what is kept.
    pub from_kept: bool,
    /// How long to wait before a failed request is tried again; twice that before the third try. Milliseconds.
    pub retry_pause_ms: u64,
    /// The least time between two requests in the long run; a few hundred may follow each other at once. Milliseconds.
    pub request_interval_ms: u64,
}

impl OparlRequest {
    /// The meetings of a period of the only body of a system.
    #[must_use]
    pub fn new(url: String, from: NaiveDate, to: NaiveDate) -> Self {
        Self {
            from: Some(from),
            to: Some(to),
            ..Self::whole(url)
        }
    }

    /// Everything of the only body of a system.
    #[must_use]
    pub fn whole(url: String) -> Self {
        Self {
            url,
            from: None,
            to: None,
            body: None,
            public_only: false,
            no_files: false,
            allow_mass_delete: false,
            full: false,
            allow_private: false,
            from_kept: false,
            retry_pause_ms: 1000,
            request_interval_ms: 50,
        }
    }

    fn scope(&self) -> Scope {
        Scope {
            from: self.from,
            to: self.to,
            is_public_only: self.public_only,
        }
    }
}

/// Why nothing could be imported.
#[derive(Debug, Error)]
pub enum OparlError {
    #[error("Die Adresse {0} ist keine http- oder https-Adresse")]
    BadAddress(String),
    #[error("{0} antwortet nicht brauchbar: {1}")]
    Unreachable(String, String),
    #[error("{0} ist weder ein OParl-System noch eine OParl-Körperschaft")]
    NotOparl(String),
    #[error("Dieses System hat mehrere Körperschaften; bitte mit --body eine nennen: {0}")]
    SeveralBodies(String),
    #[error("Von {0} ist noch nichts aufbewahrt; bitte zuerst ohne --from-kept übernehmen")]
    NothingKept(String),
    #[error("Die Verbindung lässt sich nicht vorbereiten")]
    Client(#[from] reqwest::Error),
    #[error("TLS lässt sich nicht vorbereiten")]
    Tls(#[from] rustls::Error),
    #[error("Die Zwischenablage für Dateien ist nicht beschreibbar")]
    Io(#[from] std::io::Error),
}

/// An import that was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OparlRun {
    pub url: String,
    pub started_at_ms: i64,
    pub finished_at_ms: i64,
    /// Why nothing was imported, in German.
    pub error: Option<String>,
    pub report: OparlReport,
}

impl Server {
    /// Imports from an OParl server; what was imported earlier is kept, what changed is updated.
    ///
    /// `progress` is told lines for people. Errors: the server cannot be reached or is no OParl server; storage.
    pub fn import_oparl(
        &self,
        request: &OparlRequest,
        progress: &dyn Fn(&str),
    ) -> Result<ImportOutcome, ServerError> {
        Ok(self.import_oparl_reported(request, progress)?.outcome())
    }

    /// As [`Self::import_oparl`], with everything that can be said about it.
    pub fn import_oparl_reported(
        &self,
        request: &OparlRequest,
        progress: &dyn Fn(&str),
    ) -> Result<OparlReport, ServerError> {
        let turn = File::create(self.inner.dir.join("oparl.lock"))?;
        turn.lock()?;
        self.sweep_incoming()?;
        let store = crate::store::mirror::open(&self.inner.dir, self.inner.keys.master())?;
        let mut report = OparlReport {
            started_at_ms: self.inner.clock.now_at_ms(),
            ..OparlReport::default()
        };
        let done = self.import_into(&store, request, progress, &mut report);
        report.finished_at_ms = self.inner.clock.now_at_ms();
        report.problems.sort();
        report.problems.dedup();
        let row = RunRow {
            url: request.url.clone(),
            started_at_ms: report.started_at_ms,
            finished_at_ms: report.finished_at_ms,
            error: done.as_ref().err().map(ToString::to_string),
            report: serde_json::to_string(&report).unwrap_or_default(),
        };
        store.write(|tx| runs::put(tx, &row))?;
        done.map(|()| report)
    }

    /// The last OParl import from each address.
    pub fn oparl_runs(&self) -> Result<Vec<OparlRun>, ServerError> {
        let store = crate::store::mirror::open(&self.inner.dir, self.inner.keys.master())?;
        let rows = store.read(runs::last)?;
        let run = |row: RunRow| OparlRun {
            report: serde_json::from_str(&row.report).unwrap_or_default(),
            url: row.url,
            started_at_ms: row.started_at_ms,
            finished_at_ms: row.finished_at_ms,
            error: row.error,
        };
        Ok(rows.into_iter().map(run).collect())
    }

    fn import_into(
        &self,
        store: &Store,
        request: &OparlRequest,
        progress: &dyn Fn(&str),
        report: &mut OparlReport,
    ) -> Result<(), ServerError> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(OparlError::from)?;
        let manners = Manners {
            retry_pause_ms: request.retry_pause_ms,
            request_interval_ms: request.request_interval_ms,
            json_timeout_ms: JSON_TIMEOUT_MS,
            file_timeout_ms: FILE_TIMEOUT_MS,
        };
        let reach = Reach::of(&request.url, request.allow_private);
        let link = Link::new(manners, reach)?;
        let source = if request.from_kept {
            self.kept_source(store, request)?
        } else {
            runtime.block_on(self.fetch(store, request, &link, progress, report))?
        };
        report.source.clone_from(&source.name);
        brake::carry_out(store, source.id, request, report)?;
        let work = publishing::Publishing {
            server: self,
            store,
            request,
            link: &link,
            progress,
        };
        runtime.block_on(work.publish(source.id, report))?;
        report.kept = store.read(|c| objects::count(c, source.id))?.0;
        report.requests = link.request_count();
        Ok(())
    }

    /// Removes the files that an import which was killed had fetched; the lock says that no other one is running.
    fn sweep_incoming(&self) -> Result<(), ServerError> {
        for entry in std::fs::read_dir(&self.inner.dir)?.flatten() {
            let is_incoming = entry.file_name().to_string_lossy().starts_with(INCOMING);
            if is_incoming && entry.file_type()?.is_dir() {
                std::fs::remove_dir_all(entry.path())?;
            }
        }
        Ok(())
    }

    /// The first stage: from the portal to the mirror.
    async fn fetch(
        &self,
        store: &Store,
        request: &OparlRequest,
        link: &Link,
        progress: &dyn Fn(&str),
        report: &mut OparlReport,
    ) -> Result<sources::SourceRow, ServerError> {
        let body = body::find(link, request).await?;
        let source = body::source_of(store, &body, request)?;
        let now_at_ms = self.inner.clock.now_at_ms();
        let mut walk = Walk {
            link,
            mirror: Mirror {
                store,
                source: source.id,
                home: source.home.clone(),
                now_at_ms,
                tally: BTreeMap::new(),
            },
            report,
            progress,
            is_full: request.full || body::wants_full_walk(&source, now_at_ms),
        };
        walk.run(&body).await?;
        let tally = std::mem::take(&mut walk.mirror.tally);
        report.objects = tally
            .into_iter()
            .map(|(kind, tally)| (kind.name().to_owned(), tally))
            .collect();
        for (address, reason) in store.read(|c| objects::failed(c, source.id))? {
            report.stand_ins += 1;
            report.problem(address, reason);
        }
        Ok(source)
    }

    /// The source that is kept of the request's address.
    fn kept_source(
        &self,
        store: &Store,
        request: &OparlRequest,
    ) -> Result<sources::SourceRow, ServerError> {
        let mut kept = store.read(|c| sources::of_url(c, &request.url))?;
        match (kept.pop(), kept.is_empty()) {
            (Some(source), true) => Ok(source),
            (Some(_), false) => {
                let names: Vec<String> = kept.into_iter().map(|source| source.name).collect();
                Err(OparlError::SeveralBodies(names.join(" · ")).into())
            }
            (None, _) => Err(OparlError::NothingKept(request.url.clone()).into()),
        }
    }
}
