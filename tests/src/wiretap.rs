//! Somebody between tablet and council server who holds the key of the council's own certificate: TLS ends here, everything is
//! written down in the clear in both directions, and goes on over a TLS of its own.

use std::net::{SocketAddr, TcpListener};
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum_server::Handle;
use axum_server::tls_rustls::RustlsConfig;
use council_server::Server;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, DigitallySignedStruct, Error, SignatureScheme};
use tokio::runtime::Runtime;

/// No body of these stories is longer.
const BODY_LIMIT: usize = 64 * 1024 * 1024;

/// A running tap. Dropping it stops it.
pub struct Wiretap {
    pub addr: SocketAddr,
    heard: Arc<Mutex<Heard>>,
    handle: Handle<SocketAddr>,
    _runtime: Runtime,
}

/// What was said, in the clear: start lines, headers, bodies.
#[derive(Clone, Default)]
pub struct Heard {
    pub requests: u64,
    /// From the tablet.
    pub up: Vec<u8>,
    /// From the server.
    pub down: Vec<u8>,
}

impl Drop for Wiretap {
    fn drop(&mut self) {
        self.handle.shutdown();
    }
}

impl Wiretap {
    /// Sits down in front of `server`, which listens at `target`.
    #[must_use]
    pub fn before(server: &Server, target: SocketAddr) -> Self {
        let runtime = Runtime::new().unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let addr = listener.local_addr().unwrap();
        let (heard, handle) = (Arc::<Mutex<Heard>>::default(), Handle::new());
        let far = Far {
            heard: Arc::clone(&heard),
            target,
            http: trusting_client(),
        };
        let app = Router::new().fallback(move |request: Request| pass_on(far.clone(), request));
        let config = RustlsConfig::from_config(server.tls_config().unwrap());
        let inside = handle.clone();
        runtime.spawn(async move {
            axum_server::from_tcp_rustls(listener, config)
                .unwrap()
                .handle(inside)
                .serve(app.into_make_service())
                .await
        });
        Self {
            addr,
            heard,
            handle,
            _runtime: runtime,
        }
    }

    /// What a tablet is told to go to.
    #[must_use]
    pub fn address(&self) -> String {
        format!("https://{}", self.addr)
    }

    /// Everything so far.
    #[must_use]
    pub fn heard(&self) -> Heard {
        self.heard.lock().unwrap().clone()
    }
}

#[derive(Clone)]
struct Far {
    heard: Arc<Mutex<Heard>>,
    target: SocketAddr,
    http: reqwest::Client,
}

async fn pass_on(far: Far, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let body = to_bytes(body, BODY_LIMIT).await.unwrap();
    {
        let mut heard = far.heard.lock().unwrap();
        heard.requests += 1;
        let line = format!("{} {}\r\n", head.method, head.uri);
        heard.up.extend(line.bytes());
        write_down(&mut heard.up, &head.headers, &body);
    }
    let path = head.uri.path_and_query().unwrap().as_str();
    let asked = far
        .http
        .request(head.method, format!("https://{}{path}", far.target))
        .headers(end_to_end(&head.headers))
        .body(body);
    // A server that is gone is told as such; the story fails by its own words.
    let Ok(answer) = asked.send().await else {
        return StatusCode::BAD_GATEWAY.into_response();
    };
    let (status, headers) = (answer.status(), answer.headers().clone());
    let Ok(body) = answer.bytes().await else {
        return StatusCode::BAD_GATEWAY.into_response();
    };
    write_down(&mut far.heard.lock().unwrap().down, &headers, &body);
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    *response.headers_mut() = end_to_end(&headers);
    response
}

fn write_down(to: &mut Vec<u8>, headers: &HeaderMap, body: &[u8]) {
    for (name, value) in headers {
        to.extend(name.as_str().bytes());
        to.extend(b": ");
        to.extend(value.as_bytes());
        to.extend(b"\r\n");
    }
    to.extend(b"\r\n");
    to.extend(body);
    to.extend(b"\r\n");
}

/// What belongs to the message and not to one of the two connections.
fn end_to_end(headers: &HeaderMap) -> HeaderMap {
    const OF_CONNECTION: [HeaderName; 4] = [
        header::HOST,
        header::CONNECTION,
        header::TRANSFER_ENCODING,
        header::CONTENT_LENGTH,
    ];
    let mut kept = headers.clone();
    for name in OF_CONNECTION {
        kept.remove(name);
    }
    kept
}

/// A client that takes any server.
#[must_use]
pub fn trusting_client() -> reqwest::Client {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .unwrap()
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(Trusting(provider)))
        .with_no_client_auth();
    reqwest::Client::builder()
        .tls_backend_preconfigured(config)
        .no_proxy()
        .build()
        .unwrap()
}

/// Behind the tap it is not the question who the server is.
#[derive(Debug)]
struct Trusting(Arc<CryptoProvider>);

impl ServerCertVerifier for Trusting {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn verify_tls13_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}
