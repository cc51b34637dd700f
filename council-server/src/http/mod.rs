//! The server on the wire: TLS, HTTP/2 and HTTP/1.1, time-outs, limits. It runs in threads of its own, so that programs
//! with and without an async runtime can start one in process.

mod auth;
mod blob;
mod connections;
mod faction;
mod limit;
mod oparl_file;
mod oparl_out;
mod reply;
mod routes;
mod wait;

use std::net::{IpAddr, SocketAddr, TcpListener};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, mpsc};
use std::thread::JoinHandle;
use std::time::Duration;

use axum::response::{IntoResponse, Response};
use axum_server::Handle;
use axum_server::tls_rustls::{RustlsAcceptor, RustlsConfig};
use hyper_util::rt::TokioTimer;
use sync_protocol::ids::DeviceId;
use sync_protocol::request::NonceWindow;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};

use crate::error::ServerError;
use crate::faction::STANDARD_ROOM;
use crate::oparl_out::OparlOut;
use crate::oparl_out::address::Addresses;
use crate::server::Server;
use crate::tls::{self, Certificate};
pub use connections::Limits;
use connections::{Door, Doorkeeper};
use limit::{Allowance, RateLimit};
pub use oparl_out::OpenRoute;
use reply::Refusal;
pub use routes::Route;

/// How often the server deletes what has been over for long.
const UPKEEP_EVERY: Duration = Duration::from_secs(60 * 60);
/// How long running answers may take once the server is asked to stop.
const STOP_TIMEOUT: Duration = Duration::from_secs(2);
/// A tablet that fetches 500 files after an invitation must not be slowed down.
const DEVICE_ALLOWANCE: Allowance = Allowance {
    burst: 2000,
    per_second: 100,
};
/// Pairing, root documents and wrong signatures, per network address; a town hall may share one.
const ADDRESS_ALLOWANCE: Allowance = Allowance {
    burst: 300,
    per_second: 5,
};

/// Whoever reads the open interface, per network address: a year of a small town at once, page by page.
const OPEN_ALLOWANCE: Allowance = Allowance {
    burst: 1000,
    per_second: 20,
};

/// Whatever a device says in faction spaces; one that was offline for weeks has much to say at once.
const POST_ALLOWANCE: Allowance = Allowance {
    burst: 600,
    per_second: 10,
};
/// Snapshots that are taken at one time; each may take three times 64 MiB of memory.
const LARGE_TURNS: usize = 2;

/// Hears of the server's own trouble.
pub type TroubleReport = Arc<dyn Fn(&ServerError) + Send + Sync>;

/// How to serve.
#[derive(Clone, Default)]
pub struct ServeOptions {
    pub certificate: Certificate,
    /// Whether everybody gets the council's public data at `/oparl/`.
    pub oparl: bool,
    /// The address under which the server is reached from outside; OParl's addresses are made from it.
    pub public_url: Option<String>,
    /// What one faction space may take up, bytes; 1 GiB if nothing is said.
    pub faction_room: Option<u64>,
    /// How many connections there may be, and how slow.
    pub limits: Limits,
    /// Told about the server's own trouble; names no content.
    pub on_trouble: Option<TroubleReport>,
}

impl std::fmt::Debug for ServeOptions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "ServeOptions({:?})", self.certificate)
    }
}

/// A running server. Dropping it stops it.
#[derive(Debug)]
pub struct ServerHandle {
    /// Where it listens; with the real port where 0 was asked for.
    pub addr: SocketAddr,
    handle: Handle<SocketAddr>,
    stopping: watch::Sender<bool>,
    thread: Option<JoinHandle<()>>,
}

impl ServerHandle {
    /// The address to put into invitations.
    #[must_use]
    pub fn url(&self) -> String {
        format!("https://{}", self.addr)
    }

    /// Stops listening, lets running answers end for a moment, and waits for that.
    pub fn shutdown(mut self) {
        self.stop();
    }

    fn stop(&mut self) {
        self.stopping.send_replace(true);
        self.handle.graceful_shutdown(Some(STOP_TIMEOUT));
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl Drop for ServerHandle {
    fn drop(&mut self) {
        self.stop();
    }
}

impl Server {
    /// Serves on `listen` (`127.0.0.1:0` takes a free port) with the server's own certificate.
    ///
    /// Errors: the address is taken, the certificate is not usable.
    pub fn serve(&self, listen: SocketAddr) -> Result<ServerHandle, ServerError> {
        self.serve_with(listen, ServeOptions::default())
    }

    /// As [`Self::serve`], with options.
    pub fn serve_with(
        &self,
        listen: SocketAddr,
        options: ServeOptions,
    ) -> Result<ServerHandle, ServerError> {
        let config = tls::configure(self, &options.certificate)?;
        let listener = TcpListener::bind(listen).map_err(|source| ServerError::Listen {
            addr: listen,
            source,
        })?;
        listener.set_nonblocking(true)?;
        let addr = listener.local_addr()?;
        let oparl = if options.oparl {
            let addresses = Addresses::new(options.public_url.as_deref(), addr)?;
            Some(Arc::new(OparlOut::new(addresses)))
        } else {
            None
        };
        let handle = Handle::new();
        let (stopping, is_stopping) = watch::channel(false);
        let app = App::new(self.clone(), options, oparl, is_stopping);
        let (started, starting) = mpsc::channel();
        let inside = handle.clone();
        let thread = std::thread::Builder::new()
            .name("council-server".to_owned())
            .spawn(move || {
                let runtime = tokio::runtime::Builder::new_multi_thread()
                    .enable_all()
                    .build();
                match runtime {
                    Ok(runtime) => {
                        let _ = started.send(Ok(()));
                        // What ends the listening is either the handle or the process; there is nobody to tell.
                        let _ = runtime.block_on(run(
                            listener,
                            RustlsConfig::from_config(config),
                            app,
                            inside,
                        ));
                    }
                    Err(error) => {
                        let _ = started.send(Err(error));
                    }
                }
            })?;
        match starting.recv() {
            Ok(Ok(())) => Ok(ServerHandle {
                addr,
                handle,
                stopping,
                thread: Some(thread),
            }),
            Ok(Err(error)) => Err(error.into()),
            Err(_) => Err(std::io::Error::from(std::io::ErrorKind::BrokenPipe).into()),
        }
    }
}

async fn run(
    listener: TcpListener,
    config: RustlsConfig,
    app: App,
    handle: Handle<SocketAddr>,
) -> std::io::Result<()> {
    let limits = app.options.limits;
    tokio::spawn(upkeep(app.clone()));
    let service = routes::router(app).into_make_service_with_connect_info::<SocketAddr>();
    let mut server = axum_server::from_tcp(listener)?
        .acceptor(Doorkeeper {
            inner: RustlsAcceptor::new(config).handshake_timeout(limits.headers),
            door: Door::new(limits),
        })
        .handle(handle);
    let builder = server.http_builder();
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.headers);
    builder
        .http2()
        .timer(TokioTimer::new())
        .keep_alive_interval(Some(limits.ping_every))
        .keep_alive_timeout(limits.ping_answer)
        .max_concurrent_streams(64);
    server.serve(service).await
}

/// Deletes what has been over for long, at once and then every hour, until the server stops.
async fn upkeep(app: App) {
    let mut stopping = app.stopping();
    loop {
        let done = app.blocking(|server| server.forget_ended_spaces());
        if let Err(refusal) = done.await
            && let Some(cause) = &refusal.cause
        {
            app.report(cause);
        }
        tokio::select! {
            () = tokio::time::sleep(UPKEEP_EVERY) => {}
            _ = stopping.wait_for(|is_stopping| *is_stopping) => return,
        }
    }
}

/// What every route has at hand.
#[derive(Clone)]
pub(crate) struct App {
    pub server: Server,
    options: ServeOptions,
    nonces: Arc<Mutex<NonceWindow>>,
    pub device_limit: Arc<RateLimit<DeviceId>>,
    pub address_limit: Arc<RateLimit<IpAddr>>,
    pub open_limit: Arc<RateLimit<IpAddr>>,
    pub post_limit: Arc<RateLimit<DeviceId>>,
    /// `None`: turned off.
    pub oparl: Option<Arc<OparlOut>>,
    large_turns: Arc<Semaphore>,
    is_stopping: watch::Receiver<bool>,
}

impl App {
    fn new(
        server: Server,
        options: ServeOptions,
        oparl: Option<Arc<OparlOut>>,
        is_stopping: watch::Receiver<bool>,
    ) -> Self {
        Self {
            server,
            options,
            nonces: Arc::new(Mutex::new(NonceWindow::default())),
            device_limit: Arc::new(RateLimit::new(DEVICE_ALLOWANCE)),
            address_limit: Arc::new(RateLimit::new(ADDRESS_ALLOWANCE)),
            open_limit: Arc::new(RateLimit::new(OPEN_ALLOWANCE)),
            post_limit: Arc::new(RateLimit::new(POST_ALLOWANCE)),
            oparl,
            large_turns: Arc::new(Semaphore::new(LARGE_TURNS)),
            is_stopping,
        }
    }

    /// Turns true when the server is asked to stop.
    pub(crate) fn stopping(&self) -> watch::Receiver<bool> {
        self.is_stopping.clone()
    }

    /// What one faction space may take up, bytes.
    pub(crate) fn faction_room(&self) -> u64 {
        self.options.faction_room.unwrap_or(STANDARD_ROOM)
    }

    /// How long a body may take to arrive.
    pub(crate) fn body_timeout(&self) -> Duration {
        self.options.limits.body
    }

    /// One of the few turns to send something large.
    pub(crate) fn large_turn(&self) -> Result<OwnedSemaphorePermit, Refusal> {
        let turn = Arc::clone(&self.large_turns).try_acquire_owned();
        turn.map_err(|_| Refusal::too_many())
    }

    pub(crate) fn now_at_ms(&self) -> i64 {
        self.server.inner.clock.now_at_ms()
    }

    pub(crate) fn nonces(&self) -> MutexGuard<'_, NonceWindow> {
        self.nonces.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Runs what waits for disk or database outside the async threads.
    pub(crate) async fn blocking<T, E>(
        &self,
        work: impl FnOnce(&Server) -> Result<T, E> + Send + 'static,
    ) -> Result<T, Refusal>
    where
        T: Send + 'static,
        E: Into<Refusal> + Send + 'static,
    {
        let server = self.server.clone();
        match tokio::task::spawn_blocking(move || work(&server)).await {
            Ok(done) => done.map_err(Into::into),
            Err(_) => Err(Refusal::internal()),
        }
    }

    /// Tells whoever runs the server about its own trouble.
    pub(crate) fn report(&self, cause: &ServerError) {
        if let Some(report) = &self.options.on_trouble {
            report(cause);
        }
    }

    /// The response of a route; the server's own trouble is reported.
    pub(crate) fn answer(&self, answer: Result<Response, Refusal>) -> Response {
        match answer {
            Ok(response) => response.into_response(),
            Err(refusal) => {
                if let Some(cause) = &refusal.cause {
                    self.report(cause);
                }
                refusal.into_answer(self.now_at_ms())
            }
        }
    }
}
