//! The peer of sharing: a server that hands on bytes over plain HTTPS, one client that posts them and one whose request waits for them
//! (long poll). On the libraries that the council server and the tablet use; nothing is sealed, verified or stored.

use std::net::TcpListener;
use std::sync::Arc;
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::routing::{get, post};
use axum_server::tls_rustls::RustlsConfig;
use rcgen::{CertificateParams, KeyPair};
use reqwest::Client;
use tokio::runtime::Runtime;
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinHandle;

use super::super::figures::ms_since;

struct Relay {
    said: watch::Sender<Bytes>,
    /// One permit for each request that waits already.
    waiting: Semaphore,
}

/// A running server and its two clients. Dropping it stops the server.
pub struct LongPoll {
    url: String,
    relay: Arc<Relay>,
    speaker: Client,
    listener: Client,
    bytes: Bytes,
    serving: JoinHandle<std::io::Result<()>>,
}

impl LongPoll {
    /// * `len` – length of what is posted, bytes.
    pub fn start(runtime: &Runtime, len: usize) -> Result<Self> {
        // Whoever came first has installed the same one.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let pair = KeyPair::generate()?;
        let certificate =
            CertificateParams::new(vec!["localhost".to_owned()])?.self_signed(&pair)?;
        let (certificate, key) = (certificate.pem(), pair.serialize_pem());
        let relay = Arc::new(Relay {
            said: watch::Sender::new(Bytes::new()),
            waiting: Semaphore::new(0),
        });
        let app = Router::new()
            .route("/say", post(say))
            .route("/news", get(news))
            .with_state(Arc::clone(&relay));
        let socket = TcpListener::bind("127.0.0.1:0")?;
        socket.set_nonblocking(true)?;
        let url = format!("https://{}", socket.local_addr()?);
        let config = runtime.block_on(RustlsConfig::from_pem(certificate.into(), key.into()))?;
        let _inside = runtime.enter();
        let server = axum_server::from_tcp_rustls(socket, config)?;
        let serving = runtime.spawn(server.serve(app.into_make_service()));
        let client = || {
            Client::builder()
                .danger_accept_invalid_certs(true)
                .no_proxy()
                .build()
        };
        Ok(Self {
            url,
            relay,
            speaker: client()?,
            listener: client()?,
            bytes: Bytes::from(vec![b'x'; len]),
            serving,
        })
    }

    /// From the post to the other one's having it; ms.
    pub fn once(&self, runtime: &Runtime) -> Result<f64> {
        let asked = self.listener.get(format!("{}/news", self.url)).send();
        let waiting = runtime.spawn(async move {
            let body = asked.await?.error_for_status()?.bytes().await?;
            Ok::<_, reqwest::Error>((Instant::now(), body))
        });
        runtime.block_on(async {
            self.relay.waiting.acquire().await?.forget();
            let start = Instant::now();
            let post = self.speaker.post(format!("{}/say", self.url));
            post.body(self.bytes.clone())
                .send()
                .await?
                .error_for_status()?;
            let (end, body) = waiting.await.context("the listener is gone")??;
            ensure!(body == self.bytes, "other bytes came");
            Ok(ms_since(start) - ms_since(end))
        })
    }
}

impl Drop for LongPoll {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

async fn say(State(relay): State<Arc<Relay>>, body: Bytes) {
    relay.said.send_replace(body);
}

async fn news(State(relay): State<Arc<Relay>>) -> Bytes {
    let mut said = relay.said.subscribe();
    said.mark_unchanged();
    relay.waiting.add_permits(1);
    match said.changed().await {
        Ok(()) => said.borrow().clone(),
        Err(_) => Bytes::new(),
    }
}
