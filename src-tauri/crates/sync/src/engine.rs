//! One synchronisation from the first request to the last receipt.
//!
//! 1. contact: the signed head, verified · 2. plan (pure) · 3. pull: keys, chains, snapshots, all verified ·
//! 4. apply: each database in one transaction, the head last · 5. forget what is over · 6. files · 7. receipts.
//!
//! Nothing new is one request.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::Connection;
use sync_protocol::ids::{AudienceId, CouncilId, ObjectId};
use vault::{DbError, Vault};

use crate::apply::{self, Accepted};
use crate::cancel::CancelFlag;
use crate::config::SyncConfig;
use crate::contact::{Contact, contact};
use crate::council::KnownCouncil;
use crate::download::{Downloader, FailedFile, FilesReport};
use crate::error::SyncError;
use crate::freeing::{Freed, free_unwanted};
use crate::missing::{Wanted, missing_files};
use crate::plan::changes::ChangeError;
use crate::plan::wishes::Wishes;
use crate::plan::{LocalState, SyncPlan, plan};
use crate::progress::{SyncPhase, SyncProgress};
use crate::pull::{Pulled, pull};
use crate::store::{self, StoreError, state};
use crate::transport::Client;
use crate::{access, receipts};

/// What a synchronisation did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SyncOutcome {
    /// Objects that came, changed or went.
    pub objects_changed: u64,
    pub files_fetched: u64,
    /// Files that were not to be had; the next run tries again.
    pub files_failed: u64,
    /// Which, and why.
    pub failures: Vec<FailedFile>,
    /// What was not wanted here any more.
    pub freed: Freed,
    /// Audiences whose access ended with this run: locked now, forgotten in 7 days.
    pub ended: Vec<AudienceId>,
    /// Audiences whose keys and content this run deleted.
    pub forgotten: Vec<AudienceId>,
    pub receipts_sent: u64,
    /// Receipts that are still queued.
    pub receipts_queued: u64,
    /// HTTP requests of the run.
    pub requests: u64,
    /// Bytes of all bodies received.
    pub body_bytes: u64,
}

impl SyncOutcome {
    fn take(&mut self, files: FilesReport) {
        self.files_fetched = files.fetched;
        self.files_failed = files.failed.len() as u64;
        self.failures = files.failed;
    }
}

/// Runs synchronisations, one at a time for each council.
#[derive(Debug, Default)]
pub struct SyncEngine {
    config: SyncConfig,
    running: Mutex<HashSet<CouncilId>>,
}

/// Frees the council when the run ends, however it ends.
struct Turn<'a> {
    engine: &'a SyncEngine,
    council: CouncilId,
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.engine.running().remove(&self.council);
    }
}

/// What the run needs everywhere.
struct Run<'a> {
    config: &'a SyncConfig,
    vault: &'a Arc<Vault>,
    council: CouncilId,
    report: &'a (dyn Fn(SyncProgress) + Send + Sync),
    cancel: &'a CancelFlag,
}

impl SyncEngine {
    /// An engine with its own clock and patience.
    #[must_use]
    pub fn new(config: SyncConfig) -> Self {
        Self {
            config,
            running: Mutex::default(),
        }
    }

    fn running(&self) -> std::sync::MutexGuard<'_, HashSet<CouncilId>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether a synchronisation of a council runs at the moment.
    #[must_use]
    pub fn is_running(&self, council: CouncilId) -> bool {
        self.running().contains(&council)
    }

    /// Synchronises one council with everything it has. Needs a Tokio runtime with time and net.
    ///
    /// See [`SyncEngine::run_wishing`].
    pub async fn run(
        &self,
        vault: &Arc<Vault>,
        council: CouncilId,
        progress: impl Fn(SyncProgress) + Send + Sync,
        cancel: CancelFlag,
    ) -> Result<SyncOutcome, SyncError> {
        self.run_wishing(vault, council, Wishes::default(), progress, cancel)
            .await
    }

    /// Synchronises one council: fetches the files that are wished here, and frees those that are not.
    ///
    /// * `progress` – called from any thread, must return quickly.
    ///
    /// Errors: [`SyncError`]; what was complete before the error stays, nothing half-done is visible.
    /// [`SyncError::DeviceRevoked`] comes after everything nonpublic was deleted.
    pub async fn run_wishing(
        &self,
        vault: &Arc<Vault>,
        council: CouncilId,
        wishes: Wishes,
        progress: impl Fn(SyncProgress) + Send + Sync,
        cancel: CancelFlag,
    ) -> Result<SyncOutcome, SyncError> {
        self.turn(vault, council, Wanted::Wishes(wishes), progress, cancel)
            .await
    }

    /// Fetches files that are listed here, and nothing else: the server is asked whether this device may still read, but
    /// what is new there waits for the next run.
    ///
    /// * `files` – those that lie here already or are not listed are passed over.
    ///
    /// Errors: as [`SyncEngine::run_wishing`].
    pub async fn fetch(
        &self,
        vault: &Arc<Vault>,
        council: CouncilId,
        files: HashSet<ObjectId>,
        progress: impl Fn(SyncProgress) + Send + Sync,
        cancel: CancelFlag,
    ) -> Result<SyncOutcome, SyncError> {
        self.turn(vault, council, Wanted::Files(files), progress, cancel)
            .await
    }

    async fn turn(
        &self,
        vault: &Arc<Vault>,
        council: CouncilId,
        wanted: Wanted,
        progress: impl Fn(SyncProgress) + Send + Sync,
        cancel: CancelFlag,
    ) -> Result<SyncOutcome, SyncError> {
        if !self.running().insert(council) {
            return Err(SyncError::AlreadyRunning);
        }
        let _turn = Turn {
            engine: self,
            council,
        };
        let run = Run {
            config: &self.config,
            vault,
            council,
            report: &progress,
            cancel: &cancel,
        };
        let result = match &wanted {
            Wanted::Wishes(_) => run.all(&wanted).await,
            Wanted::Files(_) => run.files_alone(&wanted).await,
        };
        if matches!(result, Err(SyncError::DeviceRevoked)) {
            run.blocking(access::revoke).await?;
        }
        result
    }
}

impl Run<'_> {
    fn now_ms(&self) -> i64 {
        (self.config.clock)()
    }

    /// Disk work, off the network's threads: vault, council, this device's clock.
    async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Vault, CouncilId, i64) -> Result<T, SyncError> + Send + 'static,
    ) -> Result<T, SyncError> {
        let (vault, council, now_ms) = (Arc::clone(self.vault), self.council, self.now_ms());
        tokio::task::spawn_blocking(move || work(&vault, council, now_ms))
            .await
            .map_err(|_| SyncError::Worker)?
    }

    async fn all(&self, wanted: &Wanted) -> Result<SyncOutcome, SyncError> {
        (self.report)(SyncProgress::phase(SyncPhase::Contacting));
        let mut outcome = SyncOutcome {
            forgotten: self.blocking(access::forget_due).await?,
            ..SyncOutcome::default()
        };
        let (known, local) = self.blocking(local_state).await?;
        let Contact { client, accepted } =
            contact(self.config, self.vault, &known, self.cancel).await?;
        let planned = plan(&local, &accepted.head)?;
        let fault = self
            .bring_to_head(&client, (accepted, planned), &mut outcome)
            .await?;
        outcome.freed = self.free(wanted).await?;
        let files = self.fetch_files(&client, wanted).await?;
        outcome.take(files);
        self.deliver_receipts(&client, &mut outcome).await?;
        outcome.requests = client.traffic().requests();
        outcome.body_bytes = client.traffic().body_bytes();
        (self.report)(SyncProgress::phase(SyncPhase::Done));
        // Told when everything else is done.
        match fault {
            Some(fault) => Err(fault.into()),
            None => Ok(outcome),
        }
    }

    /// Files and nothing else.
    async fn files_alone(&self, wanted: &Wanted) -> Result<SyncOutcome, SyncError> {
        (self.report)(SyncProgress::phase(SyncPhase::Contacting));
        let known = self
            .blocking(|vault, council, _| Ok(KnownCouncil::load(vault, council)?))
            .await?;
        let Contact { client, .. } = contact(self.config, self.vault, &known, self.cancel).await?;
        let files = self.fetch_files(&client, wanted).await?;
        (self.report)(SyncProgress::phase(SyncPhase::Done));
        let mut outcome = SyncOutcome {
            requests: client.traffic().requests(),
            body_bytes: client.traffic().body_bytes(),
            ..SyncOutcome::default()
        };
        outcome.take(files);
        Ok(outcome)
    }

    /// Before anything is fetched: there must be room for it.
    async fn free(&self, wanted: &Wanted) -> Result<Freed, SyncError> {
        let wishes = match wanted {
            Wanted::Wishes(wishes) if !wishes.want_all() => wishes.clone(),
            _ => return Ok(Freed::default()),
        };
        self.blocking(move |vault, council, now_ms| free_unwanted(vault, council, &wishes, now_ms))
            .await
    }

    /// Chains and keys: fetched, verified, stored, or nothing at all.
    ///
    /// Result: why something that was kept sealed before still is, though its key is here.
    async fn bring_to_head(
        &self,
        client: &Client,
        (accepted, planned): (Accepted, SyncPlan),
        outcome: &mut SyncOutcome,
    ) -> Result<Option<ChangeError>, SyncError> {
        if planned.is_nothing_new() {
            self.blocking(move |vault, _, now_ms| apply::accept(vault, &accepted, &[], now_ms))
                .await?;
            return Ok(None);
        }
        (self.report)(SyncProgress::phase(SyncPhase::Chains));
        let pulled: Pulled = pull(
            client,
            self.vault,
            (&accepted.root, &accepted.head),
            &planned,
        )
        .await?;
        if self.cancel.is_cancelled() {
            return Err(SyncError::Cancelled);
        }
        outcome.ended.clone_from(&planned.ended);
        let stored = self
            .blocking(move |vault, council, now_ms| {
                let stored = apply::store_run(vault, &pulled, &accepted, &planned, now_ms)?;
                access::sweep_blobs(vault, council)?;
                Ok(stored)
            })
            .await?;
        outcome.objects_changed = stored.changed;
        Ok(stored.fault)
    }

    async fn fetch_files(
        &self,
        client: &Client,
        wanted: &Wanted,
    ) -> Result<FilesReport, SyncError> {
        let wanted = wanted.clone();
        let (fetches, names) = self
            .blocking(move |vault, council, now_ms| missing_files(vault, council, now_ms, &wanted))
            .await?;
        if fetches.is_empty() {
            return Ok(FilesReport::default());
        }
        let downloader = Downloader {
            client,
            blobs: self.vault.blobs(self.council),
            cancel: self.cancel,
            parallel: self.config.parallel_files,
            names,
            report: self.report,
        };
        downloader
            .fetch_all(self.vault, (self.council, self.now_ms()), fetches)
            .await
    }

    /// A receipt that does not reach the server stays queued and fails no run.
    async fn deliver_receipts(
        &self,
        client: &Client,
        outcome: &mut SyncOutcome,
    ) -> Result<(), SyncError> {
        let queued = self.blocking(receipts::queue_due).await?;
        let count = queued.len() as u64;
        if count == 0 {
            return Ok(());
        }
        match receipts::send(client, self.vault, self.council, queued).await {
            Ok(sent) => outcome.receipts_sent = sent,
            Err(
                error @ (SyncError::DeviceRevoked | SyncError::Cancelled | SyncError::Store(_)),
            ) => return Err(error),
            Err(_) => {}
        }
        outcome.receipts_queued = count.saturating_sub(outcome.receipts_sent);
        Ok(())
    }
}

/// What lies on this device before the run.
pub(crate) fn local_state(
    vault: &Vault,
    council: CouncilId,
    now_ms: i64,
) -> Result<(KnownCouncil, LocalState), SyncError> {
    let known = KnownCouncil::load(vault, council)?;
    let keyring = vault.keyring();
    let epochs: BTreeMap<AudienceId, BTreeSet<_>> = keyring
        .audiences(council)
        .into_iter()
        .map(|audience| {
            (
                audience,
                keyring.epochs(council, audience).into_iter().collect(),
            )
        })
        .collect();
    let (mut positions, mut sealed) = (BTreeMap::new(), BTreeMap::new());
    let mut look = |conn: &Connection| {
        state::collect_positions(conn, &mut positions)?;
        state::collect_sealed(conn, &mut sealed)
    };
    look(&store::open_public(vault, council)?)?;
    for audience in vault
        .closed_audiences(council)
        .map_err(DbError::from)
        .map_err(StoreError::from)?
    {
        match store::open_closed(vault, council, audience) {
            Ok(conn) => look(&conn)?,
            // Without its key it is as if it were not there: it is begun anew when a key comes.
            Err(StoreError::Database(DbError::NoKey)) => {}
            Err(error) => return Err(error.into()),
        }
    }
    let generation = known.head.as_ref().map(|head| head.generation);
    let time_ms = known.trusted_time_ms(now_ms);
    let local = LocalState {
        generation,
        positions,
        epochs,
        sealed,
        known: known.audiences(),
        time_ms,
    };
    Ok((known, local))
}
