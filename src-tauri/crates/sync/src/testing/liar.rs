//! A council server that says whatever a test wants: fixed answers by path, over real TLS, and a list of what was asked.
//! It checks no signature and keeps no state.

use std::collections::HashMap;
use std::net::{SocketAddr, TcpListener};
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::Request;
use axum::http::header::CONTENT_ENCODING;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum_server::Handle;
use axum_server::tls_rustls::RustlsConfig;
use rcgen::{CertificateParams, KeyPair, PublicKeyData};
use rustls::ServerConfig;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::sign::{CertifiedKey, SingleCertAndKey};
use sync_protocol::ids::Hash;

/// The certificate that a server shows, and the key it holds.
#[derive(Clone)]
pub(crate) struct Shown {
    pub(crate) chain: Vec<CertificateDer<'static>>,
    /// PKCS #8.
    key: Vec<u8>,
    /// SHA-256 of the public half.
    spki: [u8; 32],
}

impl Shown {
    pub(crate) fn new(chain: Vec<CertificateDer<'static>>, key: &KeyPair) -> Self {
        Self {
            chain,
            key: key.serialize_der(),
            spki: *Hash::of(&key.subject_public_key_info()).as_bytes(),
        }
    }
}

#[derive(Default)]
struct Script {
    answers: HashMap<String, (u16, Vec<u8>)>,
    /// `Content-Encoding` of the answers that claim one.
    encodings: HashMap<String, &'static str>,
    asked: Vec<String>,
    /// Those of `asked` that a device had signed.
    signed: Vec<String>,
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
        Self::showing(&Shown::new(vec![certificate.der().clone()], &pair))
    }

    /// A server that shows this certificate and signs with this key, whether they belong together or not.
    pub(crate) fn showing(shown: &Shown) -> Self {
        let provider = rustls::crypto::ring::default_provider();
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(shown.key.clone()));
        let signing = provider.key_provider.load_private_key(key).unwrap();
        let certified = CertifiedKey::new(shown.chain.clone(), signing);
        let config = ServerConfig::builder_with_provider(Arc::new(provider))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_cert_resolver(Arc::new(SingleCertAndKey::from(certified)));
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let addr = listener.local_addr().unwrap();
        let script = Arc::new(Mutex::new(Script::default()));
        let handle = Handle::new();
        let inside = Arc::clone(&script);
        let app = Router::new().fallback(move |request: Request| {
            let script = Arc::clone(&inside);
            async move { answer(&script, &request) }
        });
        let server =
            axum_server::from_tcp_rustls(listener, RustlsConfig::from_config(Arc::new(config)))
                .unwrap()
                .handle(handle.clone());
        tokio::spawn(server.serve(app.into_make_service()));
        Self {
            addr,
            spki: shown.spki,
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
        let mut script = self.script.lock().unwrap();
        script.encodings.remove(path);
        script.answers.insert(path.to_owned(), (status, body));
    }

    /// Says something that claims to be packed.
    pub(crate) fn say_packed(&self, path: &str, encoding: &'static str, body: Vec<u8>) {
        self.say(path, body);
        let mut script = self.script.lock().unwrap();
        script.encodings.insert(path.to_owned(), encoding);
    }

    /// Says the same as this one. Result: how many answers.
    pub(crate) fn copy_to(&self, other: &Self) -> usize {
        let answers = self.script.lock().unwrap().answers.clone();
        let count = answers.len();
        other.script.lock().unwrap().answers = answers;
        count
    }

    /// Which signed requests came since the last call.
    pub(crate) fn take_signed(&self) -> Vec<String> {
        std::mem::take(&mut self.script.lock().unwrap().signed)
    }

    /// What was asked since the last call.
    pub(crate) fn take_asked(&self) -> Vec<String> {
        std::mem::take(&mut self.script.lock().unwrap().asked)
    }
}

fn answer(script: &Mutex<Script>, request: &Request) -> Response {
    let mut script = script.lock().unwrap();
    let path = request
        .uri()
        .path_and_query()
        .map(|path| path.as_str().to_owned())
        .unwrap_or_default();
    script.asked.push(path.clone());
    if request.headers().contains_key("signature") {
        script.signed.push(path.clone());
    }
    let bare = path.split('?').next().unwrap_or_default().to_owned();
    let said = script
        .answers
        .get(&path)
        .or_else(|| script.answers.get(&bare));
    let Some((status, body)) = said else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let mut response = (StatusCode::from_u16(*status).unwrap(), body.clone()).into_response();
    if let Some(encoding) = script.encodings.get(&bare) {
        response
            .headers_mut()
            .insert(CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    response
}
