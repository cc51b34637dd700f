//! The one object behind all commands: what stays for the whole run, and the session while the vault is open.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use reader::{Guard, Home, Reader, ReaderConfig, WebAddress};
use tokio::runtime::Runtime;
use tokio::sync::broadcast;
use vault::{Door, KeyStore, Moment, Stopwatch};

use crate::dto::Settings;
use crate::error::{DeskError, ErrorCode, Failure};
use crate::event::DeskEvent;
use crate::idle::Idle;
use crate::messages::Speech;
use crate::session::Session;
use crate::settings;

/// Where the time comes from: ms UTC. A test fixes it.
pub type Clock = Arc<dyn Fn() -> i64 + Send + Sync>;

/// What hands an address to the system's browser or mail program. It returns once that is on its way, or says why not.
pub type AddressOpener = Arc<dyn Fn(&WebAddress) -> std::io::Result<()> + Send + Sync>;

/// The opener of a device that has none.
pub fn opens_nothing() -> AddressOpener {
    Arc::new(|_| Err(std::io::ErrorKind::Unsupported.into()))
}

/// Events that a slow listener may fall behind before it loses the oldest; progress comes several times a second.
const EVENTS_KEPT: usize = 256;

/// How long the end of a desk waits for its threads.
const END_PATIENCE: Duration = Duration::from_secs(10);
/// How long a thread of work that waits stays for the next: its stack is overwritten when it goes.
const BLOCKING_KEPT: Duration = Duration::from_secs(1);

/// What desk needs to know at start.
pub struct DeskConfig {
    /// Folder of the vault; made when something is first stored.
    pub data_dir: PathBuf,
    /// Path of libpdfium; looked at when the first document is opened.
    pub pdfium: PathBuf,
    /// Path of the program `ratsmappe-pdf` that PDFium runs in on Linux; not looked at elsewhere.
    pub pdf_helper: PathBuf,
    /// The member's folder for downloads: the only place where a file may leave the app.
    pub export_dir: PathBuf,
    pub clock: Clock,
    /// The device's locale, as "de_DE.UTF-8"; decides the language where the member has not chosen one.
    pub locale: Option<String>,
    /// Called for an address that stands in a document and that the member has agreed to open.
    pub open_address: AddressOpener,
    /// What the system keeps small secrets in; `None` where it has nothing of the kind.
    pub key_store: Option<Arc<dyn KeyStore>>,
}

/// The app without its window. Every method blocks until it is done and may be called from any thread that may wait.
pub struct Desk {
    pub(crate) config: DeskConfig,
    /// Time that nobody can set: for what the lock waits for.
    stopwatch: Stopwatch,
    pub(crate) idle: Idle,
    events: broadcast::Sender<DeskEvent>,
    /// For the network; `None` only while being dropped.
    runtime: Option<Runtime>,
    settings: Mutex<Settings>,
    session: Mutex<Option<Arc<Session>>>,
    /// Started with the first document: PDFium stays for the process, its documents go with the session.
    reader: Mutex<Option<Reader>>,
    /// Held while a vault is opened, so that two openings do not meet. Whether the member was told that the keyring is
    /// damaged: then the next opening goes on without it.
    pub(crate) keyring_damage_told: Mutex<bool>,
}

impl Desk {
    /// Opens nothing yet: the vault waits for its passphrase.
    ///
    /// Errors: the operating system gives no threads.
    pub fn new(config: DeskConfig) -> Result<Self, Failure> {
        Self::with_stopwatch(config, vault::system_stopwatch())
    }

    /// The same with a stopwatch that a test holds.
    ///
    /// Errors: as [`Desk::new`].
    pub fn with_stopwatch(config: DeskConfig, stopwatch: Stopwatch) -> Result<Self, Failure> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .thread_name("desk-network")
            // Requests are signed and boxes opened on these threads.
            .on_thread_park(vault::scrub_stack)
            .on_thread_stop(vault::scrub_stack)
            .thread_keep_alive(BLOCKING_KEPT)
            .enable_all()
            .build()
            .map_err(|error| Failure::caused(ErrorCode::Internal, error))?;
        let settings = settings::load(&config.data_dir);
        Ok(Self {
            config,
            stopwatch,
            idle: Idle::default(),
            events: broadcast::channel(EVENTS_KEPT).0,
            runtime: Some(runtime),
            settings: Mutex::new(settings),
            session: Mutex::new(None),
            reader: Mutex::new(None),
            keyring_damage_told: Mutex::new(false),
        })
    }

    /// A stream of what happens from now on.
    pub fn events(&self) -> broadcast::Receiver<DeskEvent> {
        self.events.subscribe()
    }

    /// What a caller answers when a command ended without an answer.
    pub fn internal_error(&self) -> DeskError {
        self.spoken(&ErrorCode::Internal.into())
    }

    pub(crate) fn spoken(&self, failure: &Failure) -> DeskError {
        failure.speak(self.speech())
    }

    pub(crate) fn speech(&self) -> Speech {
        settings::speech(lock(&self.settings).language, self.config.locale.as_deref())
    }

    pub(crate) fn now_ms(&self) -> i64 {
        (self.config.clock)()
    }

    pub(crate) fn moment(&self) -> Moment {
        (self.stopwatch)()
    }

    pub(crate) fn data_dir(&self) -> &Path {
        &self.config.data_dir
    }

    /// What the vault is opened by.
    pub(crate) fn door(&self) -> Door {
        Door::new(self.data_dir(), self.config.key_store.clone())
    }

    pub(crate) fn settings(&self) -> MutexGuard<'_, Settings> {
        lock(&self.settings)
    }

    pub(crate) fn event_sender(&self) -> broadcast::Sender<DeskEvent> {
        self.events.clone()
    }

    pub(crate) fn emit(&self, event: DeskEvent) {
        // Nobody listening is no failure.
        let _ = self.events.send(event);
    }

    pub(crate) fn runtime(&self) -> Result<&Runtime, Failure> {
        self.runtime
            .as_ref()
            .ok_or_else(|| ErrorCode::Internal.into())
    }

    /// The open session.
    ///
    /// Errors: `locked`.
    pub(crate) fn session(&self) -> Result<Arc<Session>, Failure> {
        lock(&self.session)
            .clone()
            .ok_or_else(|| ErrorCode::Locked.into())
    }

    pub(crate) fn is_open(&self) -> bool {
        lock(&self.session).is_some()
    }

    pub(crate) fn begin(&self, session: Session) {
        *lock(&self.session) = Some(Arc::new(session));
    }

    /// Takes the session out; what it holds goes with its last user.
    pub(crate) fn end(&self) -> Option<Arc<Session>> {
        lock(&self.session).take()
    }

    /// The PDF reader, started when it is first asked for.
    ///
    /// Errors: `reader_missing`.
    pub(crate) fn reader(&self) -> Result<Reader, Failure> {
        let mut reader = lock(&self.reader);
        if let Some(reader) = reader.as_ref() {
            return Ok(reader.clone());
        }
        let home = Home::of_platform(self.config.pdf_helper.clone());
        let started = Reader::start(ReaderConfig::new(self.config.pdfium.clone(), home))?;
        Ok(reader.insert(started).clone())
    }

    /// What keeps PDFium from the device; nothing before the first document.
    pub(crate) fn pdf_guard(&self) -> Option<Guard> {
        lock(&self.reader).as_ref().map(Reader::guard)
    }

    /// The reader, if one was started.
    pub(crate) fn started_reader(&self) -> Option<Reader> {
        lock(&self.reader).clone()
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        if let Some(session) = self.end() {
            session.sync.cancel();
            session.subscription.close();
            session.indexing.close();
            if let Some(factions) = lock(&session.factions).take() {
                factions.cancel();
            }
            Session::let_go(session);
        }
        // Where PDFium runs in this process it must rest before that may end: its statics go while its thread would still work.
        // Helpers are ended. A reader that has stopped already rests.
        if let Some(reader) = self.started_reader() {
            let _ = reader.close_all();
        }
        if let Some(runtime) = self.runtime.take() {
            // Its threads may still close databases. Waiting blocks, which an async caller may not.
            if tokio::runtime::Handle::try_current().is_ok() {
                runtime.shutdown_background();
            } else {
                runtime.shutdown_timeout(END_PATIENCE);
            }
        }
    }
}

/// Locks a mutex whose data stays whole even if a holder panicked.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
