//! Imports a municipality's public council data over OParl 1.0 or 1.1: the plain path. Lists page by page over
//! `links.next`, objects embedded or by reference, the files of the meetings in a period.
//! One bad object never stops an import; what could not be taken over is listed at its end.

mod client;
mod map;
mod papers;
mod read;
mod walk;

use chrono::NaiveDate;
use thiserror::Error;

use crate::draft::FileContent;
use crate::error::ServerError;
use crate::publish::ImportOutcome;
use crate::server::Server;

/// What to import.
#[derive(Clone, Debug)]
pub struct OparlRequest {
    /// The address of a System or of a Body.
    pub url: String,
    /// Meetings from this day on.
    pub from: NaiveDate,
    /// Meetings until this day, inclusive.
    pub to: NaiveDate,
    /// A part of the body's name, where the system has several.
    pub body: Option<String>,
    /// How long to wait before a failed request is tried again; twice that before the third try.
    pub retry_pause_ms: u64,
}

impl OparlRequest {
    /// The meetings of a period of the only body of a system.
    #[must_use]
    pub fn new(url: String, from: NaiveDate, to: NaiveDate) -> Self {
        Self {
            url,
            from,
            to,
            body: None,
            retry_pause_ms: 1000,
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
    #[error("Die Verbindung lässt sich nicht vorbereiten")]
    Client(#[from] reqwest::Error),
    #[error("TLS lässt sich nicht vorbereiten")]
    Tls(#[from] rustls::Error),
    #[error("Die Zwischenablage für Dateien ist nicht beschreibbar")]
    Io(#[from] std::io::Error),
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
        let incoming = tempfile::Builder::new()
            .prefix("oparl-")
            .tempdir_in(&self.inner.dir)
            .map_err(OparlError::from)?;
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(OparlError::from)?;
        let known = |source: &str, key: &str| self.origin_stamp(source, key);
        let walked = runtime.block_on(walk::walk(request, incoming.path(), &known, progress))?;
        let mut outcome = self.publish(&walked.draft)?;
        let mut problems = walked.problems;
        problems.append(&mut outcome.problems);
        outcome.problems = problems;
        Ok(outcome)
    }
}

/// Where a file's bytes are, or that they need not be fetched.
pub(crate) fn content_of(path: Option<std::path::PathBuf>) -> FileContent {
    path.map_or(FileContent::AsPublished, FileContent::Path)
}
