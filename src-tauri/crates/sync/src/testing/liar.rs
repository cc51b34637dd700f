//! A council server that says whatever a test wants: fixed answers by path, over real TLS, and a list of what was asked.
//! It checks no signature and keeps no state.

use std::collections::HashMap;
use std::net::{SocketAddr, TcpListener};
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum_server::Handle;
use axum_server::tls_rustls::RustlsConfig;
use rcgen::{CertificateParams, KeyPair, PublicKeyData};
use rustls::ServerConfig;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use sync_protocol::ids::Hash;

#[derive(Default)]
struct Script {
    answers: HashMap<String, (u16, Vec<u8>)>,
    asked: Vec<String>,
}

/// Stops when it is dropped.
pub(crate) struct Liar {
    pub(crate) addr: SocketAddr,
    /// SHA-256 of its TLS key.
    pub(crate) spki: [u8; 32],
    script: Arc<Mutex<Script>>,
    handle: Handle<SocketAddr>,
}

impl Drop for Liar {
    fn drop(&mut self) {
        self.handle.shutdown();
    }
}

impl Liar {
    /// Must be called inside a Tokio runtime.
    pub(crate) fn start() -> Self {
        let pair = KeyPair::generate().unwrap();
        let certificate = CertificateParams::new(vec!["liar.invalid".to_owned()])
            .unwrap()
            .self_signed(&pair)
            .unwrap();
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(pair.serialize_der()));
        let config =
            ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
                .with_safe_default_protocol_versions()
                .unwrap()
                .with_no_client_auth()
                .with_single_cert(vec![certificate.der().clone()], key)
                .unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let addr = listener.local_addr().unwrap();
        let script = Arc::new(Mutex::new(Script::default()));
        let handle = Handle::new();
        let inside = Arc::clone(&script);
        let app = Router::new().fallback(move |request: Request| {
            let script = Arc::clone(&inside);
            async move { answer(&script, &request).into_response() }
        });
        let server =
            axum_server::from_tcp_rustls(listener, RustlsConfig::from_config(Arc::new(config)))
                .unwrap()
                .handle(handle.clone());
        tokio::spawn(server.serve(app.into_make_service()));
        Self {
            addr,
            spki: *Hash::of(&pair.subject_public_key_info()).as_bytes(),
            script,
            handle,
        }
    }

    pub(crate) fn url(&self) -> String {
        format!("https://{}", self.addr)
    }

    pub(crate) fn say(&self, path: &str, body: Vec<u8>) {
        self.say_status(path, 200, body);
    }

    pub(crate) fn say_status(&self, path: &str, status: u16, body: Vec<u8>) {
        self.script
            .lock()
            .unwrap()
            .answers
            .insert(path.to_owned(), (status, body));
    }

    /// What was asked since the last call.
    pub(crate) fn take_asked(&self) -> Vec<String> {
        std::mem::take(&mut self.script.lock().unwrap().asked)
    }
}

fn answer(script: &Mutex<Script>, request: &Request) -> (StatusCode, Vec<u8>) {
    let mut script = script.lock().unwrap();
    let path = request
        .uri()
        .path_and_query()
        .map(|path| path.as_str().to_owned())
        .unwrap_or_default();
    script.asked.push(path.clone());
    let bare = path.split('?').next().unwrap_or_default().to_owned();
    match script
        .answers
        .get(&path)
        .or_else(|| script.answers.get(&bare))
    {
        Some((status, body)) => (StatusCode::from_u16(*status).unwrap(), body.clone()),
        None => (StatusCode::NOT_FOUND, vec![]),
    }
}
