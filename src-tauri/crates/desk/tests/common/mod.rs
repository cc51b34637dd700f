//! A council and a tablet for tests: the demonstration, served in process, paired and synchronised.
//!
//! Needs PDFium and typst: `cargo xtask setup`.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests fail by panicking"
)]
#![allow(dead_code, reason = "no test file uses all of it")]

pub mod faction;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, Mutex};

use chrono::{NaiveDate, NaiveTime};
use council_server::{Clock, MasterKey, Server, ServerHandle};
use desk::{Desk, DeskConfig, DeskError, DeskEvent};
use serde_json::{Value, json};
use tempfile::TempDir;

pub const PASSPHRASE: &str = "Wolke Brunnen Fahrrad Kastanie Lampe Donner";
pub const MINUTE_MS: i64 = 60_000;

pub fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 20).unwrap()
}

pub fn pdfium() -> PathBuf {
    let tools =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../target/tools/pdfium/lib/libpdfium.so");
    let path = std::env::var_os("RATSMAPPE_PDFIUM").map_or(tools, PathBuf::from);
    assert!(path.is_file(), "PDFium is missing: run cargo xtask setup");
    path
}

/// The program that PDFium runs in, as the build of the workspace leaves it beside the tests.
pub fn pdf_helper() -> PathBuf {
    let own = std::env::current_exe().unwrap();
    let path = own.parent().unwrap().with_file_name("ratsmappe-pdf");
    assert!(
        !cfg!(target_os = "linux") || path.is_file(),
        "the PDF helper is missing: run cargo build -p reader"
    );
    path
}

/// A council with its server, and one tablet. Both share a clock that stands still until it is told.
pub struct Town {
    pub dir: TempDir,
    pub server: Server,
    pub server_clock: Clock,
    pub handle: Option<ServerHandle>,
    pub now_ms: Arc<AtomicI64>,
    /// The addresses that the system was asked to open.
    pub opened: Arc<Mutex<Vec<String>>>,
    /// Whether the system has something that opens addresses.
    pub has_browser: Arc<AtomicBool>,
    pub desk: Desk,
}

impl Town {
    pub fn new() -> Self {
        Self::with_papers(|_| {})
    }

    /// The same, with papers that `change` has changed before they are published.
    ///
    /// * `change` – is given the folder that the council takes in.
    pub fn with_papers(change: impl FnOnce(&Path)) -> Self {
        Self::made(change, pdfium())
    }

    /// The same, with the place where the tablet looks for PDFium.
    pub fn made(change: impl FnOnce(&Path), pdfium: PathBuf) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let noon = today()
            .and_time(NaiveTime::from_hms_opt(11, 0, 0).unwrap())
            .and_utc()
            .timestamp_millis();
        demo_council::write_small_demo(&dir.path().join("intake"), today(), None).unwrap();
        change(&dir.path().join("intake"));
        let server_clock = Clock::fixed(noon);
        let data = dir.path().join("server");
        let server =
            Server::open_with(&data, &MasterKey::make().unwrap(), server_clock.clone()).unwrap();
        server.import_folder(&dir.path().join("intake")).unwrap();
        let handle = server.serve("127.0.0.1:0".parse().unwrap()).unwrap();
        let now_ms = Arc::new(AtomicI64::new(noon));
        let clock = Arc::clone(&now_ms);
        let opened = Arc::new(Mutex::default());
        let taken: Arc<Mutex<Vec<String>>> = Arc::clone(&opened);
        let has_browser = Arc::new(AtomicBool::new(true));
        let opens = Arc::clone(&has_browser);
        let desk = Desk::new(DeskConfig {
            data_dir: dir.path().join("tablet"),
            pdfium,
            pdf_helper: pdf_helper(),
            export_dir: dir.path().join("downloads"),
            clock: Arc::new(move || clock.load(Ordering::Relaxed)),
            locale: None,
            key_store: None,
            open_address: Arc::new(move |address| {
                if !opens.load(Ordering::Relaxed) {
                    return Err(std::io::ErrorKind::NotFound.into());
                }
                taken.lock().unwrap().push(address.as_str().to_owned());
                Ok(())
            }),
        })
        .unwrap();
        Self {
            dir,
            server,
            server_clock,
            handle: Some(handle),
            now_ms,
            opened,
            has_browser,
            desk,
        }
    }

    /// Paired in person as a member of the council who sits in the committee for building.
    pub fn paired() -> Self {
        Self::new().pair()
    }

    /// Pairs the tablet with the council.
    pub fn pair(self) -> Self {
        let town = self;
        town.ask("vault_create", json!({"passphrase": PASSPHRASE}));
        let person = town
            .server
            .people()
            .unwrap()
            .into_iter()
            .find(|person| person.key == "aldenhoff")
            .unwrap();
        let invitation = town.server.invite(&person.key, true).unwrap();
        let address = town.handle.as_ref().unwrap().url();
        let code = invitation.code.to_display().as_str().to_lowercase();
        let paired = town.ask("council_pair", json!({"address": address, "code": code}));
        assert_eq!(paired["personName"], person.name.as_str());
        assert_eq!(paired["confirmWords"].as_array().unwrap().len(), 4);
        town
    }

    pub fn call(&self, name: &str, request: Value) -> Result<Value, DeskError> {
        self.desk.call(name, request)
    }

    pub fn ask(&self, name: &str, request: Value) -> Value {
        self.call(name, request)
            .unwrap_or_else(|error| panic!("{name}: {error:?}"))
    }

    pub fn council(&self) -> Value {
        self.ask("app_status", json!({}))["councils"][0].clone()
    }

    /// The office imports its folder again without one meeting, or with a part of it changed.
    ///
    /// * `is_meant` – by the folder's path and its `meeting.toml`.
    /// * `change` – what stands there and what shall; `None` takes the meeting back.
    pub fn reimport(&self, is_meant: impl Fn(&Path, &str) -> bool, change: Option<(&str, &str)>) {
        let text_of = |folder: &Path| fs::read_to_string(folder.join("meeting.toml")).unwrap();
        let folder = fs::read_dir(self.dir.path().join("intake/meetings"))
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .find(|folder| is_meant(folder, &text_of(folder)))
            .expect("no such meeting");
        match change {
            None => fs::remove_dir_all(folder).unwrap(),
            Some((from, to)) => {
                let text = text_of(&folder);
                assert!(text.contains(from), "{from} in {text}");
                fs::write(folder.join("meeting.toml"), text.replacen(from, to, 1)).unwrap();
            }
        }
        self.wait_a_minute();
        self.server
            .import_folder(&self.dir.path().join("intake"))
            .unwrap();
    }

    pub fn wait_a_minute(&self) {
        let now_ms = self.now_ms.fetch_add(MINUTE_MS, Ordering::Relaxed) + MINUTE_MS;
        self.server_clock.set(now_ms);
    }

    /// Runs a synchronisation to its end.
    pub fn sync(&self) -> DeskEvent {
        let mut events = self.desk.events();
        self.ask("sync_start", json!({"council": self.council()["id"]}));
        loop {
            let event = events.blocking_recv().expect("the run tells its end");
            if matches!(event, DeskEvent::SyncFinished { .. }) {
                return event;
            }
        }
    }

    pub fn sync_well(&self) {
        let end = self.sync();
        assert!(
            matches!(end, DeskEvent::SyncFinished { ok: true, .. }),
            "{end:?}"
        );
    }

    /// The next meeting of the committee for building, whose papers the later delivery changes.
    pub fn meeting(&self) -> Value {
        let today = self.ask("today", json!({}));
        self.ask("meeting_open", json!({"id": today["nextMeeting"]["id"]}))
    }
}

impl Drop for Town {
    fn drop(&mut self) {
        // Waits for what still works in the background: PDFium must not be at work while the process ends.
        let _ = self.desk.call("vault_lock", json!({}));
    }
}

pub fn rows(value: &Value) -> &[Value] {
    value.as_array().expect("a list")
}

/// An agenda item with a paper and its files, opened.
pub fn item_with_files(town: &Town, items: &Value) -> Value {
    let row = rows(items)
        .iter()
        .find(|row| row["paperReference"].is_string() && row["fileCount"].as_u64() > Some(0));
    town.ask(
        "agenda_item_open",
        json!({"id": row.expect("an item with a paper")["id"]}),
    )
}
