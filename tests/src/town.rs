//! A town with its council office and a real server in this process: TLS on loopback, files in a temporary folder, a
//! clock that stands still until the story moves it.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use council_server::{Clock, ImportOutcome, MasterKey, Server, ServerHandle};
use sync::{Backoff, SyncConfig};
use tempfile::TempDir;

use crate::intake::Intake;
use crate::wiretap::Wiretap;

/// 1 December 2026, 09:00 UTC.
pub const START_AT_MS: i64 = 1_796_115_600_000;
pub const DAY_MS: i64 = 86_400_000;

/// A town, its office, its server.
pub struct Town {
    pub server: Server,
    pub intake: Intake,
    clock: Arc<AtomicI64>,
    handle: Option<ServerHandle>,
    addr: SocketAddr,
    master: MasterKey,
    folder: TempDir,
}

impl Town {
    /// A town with a running server that has published nothing yet.
    #[must_use]
    pub fn empty() -> Self {
        let folder = TempDir::new().unwrap();
        let clock = Arc::new(AtomicI64::new(START_AT_MS));
        let master = MasterKey::make().unwrap();
        let data = folder.path().join("data");
        let server = Server::open_with(&data, &master, Clock::Fixed(Arc::clone(&clock))).unwrap();
        let handle = server.serve(SocketAddr::from(([127, 0, 0, 1], 0))).unwrap();
        let intake = Intake::small(&folder.path().join("intake"));
        Self {
            server,
            intake,
            clock,
            addr: handle.addr,
            handle: Some(handle),
            master,
            folder,
        }
    }

    /// The small town, published and served.
    #[must_use]
    pub fn small() -> Self {
        let town = Self::empty();
        town.publish();
        town
    }

    /// The county around the small town, published and served by its own server. Its council meets at the hour of the town's.
    #[must_use]
    pub fn county() -> Self {
        let mut county = Self::empty();
        county.intake = Intake::county(&county.intake.dir, "2026-12-10T18:00:00+01:00", "Ada Lenz");
        county.publish();
        county
    }

    /// Writes the intake folder and imports it.
    pub fn publish(&self) -> ImportOutcome {
        self.intake.write();
        let outcome = self.server.import_folder(&self.intake.dir).unwrap();
        assert_eq!(
            outcome.problems,
            Vec::<String>::new(),
            "the town's folder is in order"
        );
        outcome
    }

    /// The address in the office's letters.
    #[must_use]
    pub fn address(&self) -> String {
        format!("https://{}", self.addr)
    }

    /// Somebody in between who ends TLS with the council's own key and writes everything down.
    #[must_use]
    pub fn wiretap(&self) -> Wiretap {
        Wiretap::before(&self.server, self.addr)
    }

    /// Stops the server: from here on there is no network.
    pub fn power_cut(&mut self) {
        if let Some(handle) = self.handle.take() {
            handle.shutdown();
        }
    }

    /// The server comes back under its old address.
    pub fn power_back(&mut self) {
        self.handle = Some(self.server.serve(self.addr).unwrap());
    }

    /// The server's disk is gone: it goes on from this backup, under its old address.
    pub fn restored_from(&mut self, backup: &Path) {
        self.power_cut();
        let data = self.folder.path().join("restored");
        council_server::restore(backup, &data, &self.master).unwrap();
        let clock = Clock::Fixed(Arc::clone(&self.clock));
        self.server = Server::open_with(&data, &self.master, clock).unwrap();
        self.power_back();
    }

    /// Another server sits down at this one's address.
    #[must_use]
    pub fn taken_over_by(&mut self, stranger: &Server) -> ServerHandle {
        self.power_cut();
        stranger.serve(self.addr).unwrap()
    }

    /// The time of this story, ms UTC.
    #[must_use]
    pub fn now_ms(&self) -> i64 {
        self.clock.load(Ordering::SeqCst)
    }

    /// Lets time pass.
    pub fn pass(&self, ms: i64) {
        self.clock.fetch_add(ms, Ordering::SeqCst);
    }

    /// The clock that tablets share with the town.
    #[must_use]
    pub fn clock(&self) -> Arc<dyn Fn() -> i64 + Send + Sync> {
        let clock = Arc::clone(&self.clock);
        Arc::new(move || clock.load(Ordering::SeqCst))
    }

    /// How a tablet of this town syncs: three attempts, no pauses.
    #[must_use]
    pub fn sync_config(&self) -> SyncConfig {
        let backoff = Backoff {
            attempts: 3,
            first_pause_ms: 0,
            longest_pause_ms: 0,
        };
        SyncConfig {
            clock: self.clock(),
            backoff,
            ..SyncConfig::default()
        }
    }

    /// An invitation code for a person, as it stands in the letter.
    #[must_use]
    pub fn letter_for(&self, person: &str) -> String {
        self.server
            .invite(person, false)
            .unwrap()
            .code
            .to_display()
            .to_string()
    }

    /// Where the town keeps its things.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }
}
