//! The client itself: a pool of pinned connections, signed requests, further attempts, counters.
//!
//! What an answer means is not known here.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::Duration;

use reqwest::{Method, Response, StatusCode, header};
use sync_protocol::cbor::from_cbor_lenient;
use sync_protocol::ids::DeviceId;
use sync_protocol::request::{RequestNonce, sign_request};
use sync_protocol::sign::SigningKey;
use sync_protocol::wire::{CONTENT_TYPE, WireError, error_code};

use super::pin::{self, PinPolicy, SeenKey, SpkiHash};
use super::retry::{self, Backoff};
use super::{Address, Refusal, TransportError};
use crate::cancel::CancelFlag;
use crate::config::Clock;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// Longest silence within an answer.
const READ_TIMEOUT: Duration = Duration::from_secs(30);
/// Longest error body that is read.
const ERROR_BODY_LIMIT: u64 = 64 * 1024;

/// Who signs the requests.
pub(crate) struct Signer {
    pub(crate) device: DeviceId,
    pub(crate) key: SigningKey,
}

/// What has gone over the wire, for the outcome and for tests.
#[derive(Debug, Default)]
pub(crate) struct Traffic {
    requests: AtomicU64,
    body_bytes: AtomicU64,
}

impl Traffic {
    pub(crate) fn requests(&self) -> u64 {
        self.requests.load(Ordering::Relaxed)
    }

    pub(crate) fn body_bytes(&self) -> u64 {
        self.body_bytes.load(Ordering::Relaxed)
    }

    pub(crate) fn add_body(&self, count: u64) {
        self.body_bytes.fetch_add(count, Ordering::Relaxed);
    }
}

/// A request before it is signed.
#[derive(Clone, Copy)]
struct Ask<'a> {
    method: &'a Method,
    path: &'a str,
    body: &'a [u8],
    from_byte: u64,
}

/// A connection pool to one council server.
pub(crate) struct Client {
    http: reqwest::Client,
    address: Address,
    seen: Arc<SeenKey>,
    signer: Option<Signer>,
    clock: Clock,
    /// What to add to this device's clock so that the server accepts the time of a signature, ms.
    skew_ms: AtomicI64,
    backoff: Backoff,
    cancel: CancelFlag,
    traffic: Traffic,
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Client")
            .field("traffic", &self.traffic)
            .finish_non_exhaustive()
    }
}

impl Client {
    /// Sets up the pool; connects to nothing yet.
    ///
    /// Errors: [`TransportError::Setup`] if TLS cannot be configured.
    pub(crate) fn new(
        address: Address,
        policy: PinPolicy,
        signer: Option<Signer>,
        (clock, backoff): (Clock, Backoff),
        cancel: CancelFlag,
    ) -> Result<Self, TransportError> {
        let seen = Arc::new(SeenKey::default());
        let tls =
            pin::client_config(policy, Arc::clone(&seen)).map_err(|_| TransportError::Setup)?;
        let mut builder = reqwest::Client::builder()
            .tls_backend_preconfigured(tls)
            .https_only(true)
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(CONNECT_TIMEOUT)
            .read_timeout(READ_TIMEOUT);
        if address.is_loopback() {
            builder = builder.no_proxy();
        }
        let http = builder.build().map_err(|_| TransportError::Setup)?;
        let (skew_ms, traffic) = (AtomicI64::new(0), Traffic::default());
        Ok(Self {
            http,
            address,
            seen,
            signer,
            clock,
            skew_ms,
            backoff,
            cancel,
            traffic,
        })
    }

    pub(crate) fn traffic(&self) -> &Traffic {
        &self.traffic
    }

    /// Whether the TLS keys that the server has shown are those a root document names.
    pub(crate) fn is_named_by(&self, tls_spki: &[SpkiHash]) -> bool {
        self.seen.is_named_by(tls_spki)
    }

    /// GET; the whole body, at most `limit` bytes.
    pub(crate) async fn get(&self, path: &str, limit: u64) -> Result<Vec<u8>, TransportError> {
        self.whole(
            Ask {
                method: &Method::GET,
                path,
                body: &[],
                from_byte: 0,
            },
            limit,
            self.backoff,
        )
        .await
    }

    /// GET with no more than one further attempt and no pause: the first contact should fail fast.
    pub(crate) async fn get_quickly(
        &self,
        path: &str,
        limit: u64,
    ) -> Result<Vec<u8>, TransportError> {
        self.whole(
            Ask {
                method: &Method::GET,
                path,
                body: &[],
                from_byte: 0,
            },
            limit,
            Backoff::NONE,
        )
        .await
    }

    /// POST of something that may arrive twice without harm.
    pub(crate) async fn post(
        &self,
        path: &str,
        body: &[u8],
        limit: u64,
    ) -> Result<Vec<u8>, TransportError> {
        self.whole(
            Ask {
                method: &Method::POST,
                path,
                body,
                from_byte: 0,
            },
            limit,
            self.backoff,
        )
        .await
    }

    /// GET of a file from a byte on, one attempt; the caller reads the stream and decides about another.
    ///
    /// Result: the answer and whether it begins at `from_byte` (or else at 0, the whole file again).
    pub(crate) async fn get_from(
        &self,
        path: &str,
        from_byte: u64,
    ) -> Result<(Response, bool), TransportError> {
        let ask = Ask {
            method: &Method::GET,
            path,
            body: &[],
            from_byte,
        };
        let response = self.attempt_with_clock(ask).await?;
        let continues = response.status() == StatusCode::PARTIAL_CONTENT;
        if continues && !range_begins_at(&response, from_byte) {
            return Err(TransportError::BadRange);
        }
        Ok((response, continues || from_byte == 0))
    }

    /// Names what went wrong while a body was being read.
    pub(crate) fn reading_failed(&self, error: reqwest::Error) -> TransportError {
        TransportError::from_http(error, &self.seen)
    }

    /// Waits before the next attempt; `false` when there is none or it would be in vain.
    ///
    /// Errors: [`TransportError::Cancelled`].
    pub(crate) async fn pause(
        &self,
        attempt: u32,
        error: &TransportError,
    ) -> Result<bool, TransportError> {
        pause(self.backoff, &self.cancel, attempt, error).await
    }

    async fn whole(
        &self,
        ask: Ask<'_>,
        limit: u64,
        backoff: Backoff,
    ) -> Result<Vec<u8>, TransportError> {
        let mut attempt = 0;
        loop {
            let one = async {
                let response = self.attempt_with_clock(ask).await?;
                self.read_whole(response, limit).await
            };
            let result = tokio::select! {
                result = one => result,
                () = self.cancel.cancelled() => return Err(TransportError::Cancelled),
            };
            match result {
                Ok(body) => return Ok(body),
                Err(error) if pause(backoff, &self.cancel, attempt, &error).await? => attempt += 1,
                Err(error) => return Err(error),
            }
        }
    }

    /// One attempt; a clock that the server finds wrong is corrected once for all later requests.
    async fn attempt_with_clock(&self, ask: Ask<'_>) -> Result<Response, TransportError> {
        match self.attempt(ask).await {
            Err(TransportError::Refused(refusal))
                if refusal.code == error_code::CLOCK_SKEW
                    && self.skew_ms.load(Ordering::Relaxed) == 0 =>
            {
                self.skew_ms.store(
                    refusal.server_at_ms.saturating_sub((self.clock)()),
                    Ordering::Relaxed,
                );
                self.attempt(ask).await
            }
            other => other,
        }
    }

    async fn attempt(&self, ask: Ask<'_>) -> Result<Response, TransportError> {
        let mut request = self
            .http
            .request(ask.method.clone(), self.address.join(ask.path)?);
        if let Some(signer) = &self.signer {
            let created_at_ms = (self.clock)().saturating_add(self.skew_ms.load(Ordering::Relaxed));
            let nonce = RequestNonce::make()?;
            let method = ask.method.as_str();
            let signed = sign_request(
                &signer.key,
                signer.device,
                method,
                ask.path,
                ask.body,
                created_at_ms,
                nonce,
            );
            for (name, value) in signed.map_err(TransportError::Signing)? {
                request = request.header(name, value);
            }
        }
        if !ask.body.is_empty() {
            request = request
                .header(header::CONTENT_TYPE, CONTENT_TYPE)
                .body(ask.body.to_vec());
        }
        if ask.from_byte > 0 {
            request = request.header(header::RANGE, format!("bytes={}-", ask.from_byte));
        }
        self.traffic.requests.fetch_add(1, Ordering::Relaxed);
        let response = request
            .send()
            .await
            .map_err(|error| TransportError::from_http(error, &self.seen))?;
        if response.status().is_success() {
            return Ok(response);
        }
        Err(self.refusal(response).await)
    }

    async fn refusal(&self, response: Response) -> TransportError {
        let status = response.status().as_u16();
        let said = match self.read_whole(response, ERROR_BODY_LIMIT).await {
            Ok(body) => from_cbor_lenient::<WireError>(&body).ok(),
            Err(_) => None,
        };
        let (code, server_at_ms) =
            said.map_or((String::new(), 0), |said| (said.code, said.server_at_ms));
        TransportError::Refused(Refusal {
            status,
            code,
            server_at_ms,
        })
    }

    async fn read_whole(
        &self,
        mut response: Response,
        limit: u64,
    ) -> Result<Vec<u8>, TransportError> {
        if response
            .content_length()
            .is_some_and(|announced| announced > limit)
        {
            return Err(TransportError::TooLarge);
        }
        let mut body = Vec::new();
        while let Some(chunk) = response
            .chunk()
            .await
            .map_err(|error| self.reading_failed(error))?
        {
            self.traffic.add_body(chunk.len() as u64);
            if (body.len() as u64).saturating_add(chunk.len() as u64) > limit {
                return Err(TransportError::TooLarge);
            }
            body.extend_from_slice(&chunk);
        }
        Ok(body)
    }
}

async fn pause(
    backoff: Backoff,
    cancel: &CancelFlag,
    attempt: u32,
    error: &TransportError,
) -> Result<bool, TransportError> {
    if cancel.is_cancelled() {
        return Err(TransportError::Cancelled);
    }
    if !retry::is_worth_a_retry(error) {
        return Ok(false);
    }
    let Some(pause) = backoff.pause_after(attempt) else {
        return Ok(false);
    };
    tokio::select! {
        () = tokio::time::sleep(pause) => Ok(true),
        () = cancel.cancelled() => Err(TransportError::Cancelled),
    }
}

/// Whether `Content-Range: bytes FROM-…` begins where it should.
fn range_begins_at(response: &Response, from_byte: u64) -> bool {
    let value = response
        .headers()
        .get(header::CONTENT_RANGE)
        .and_then(|value| value.to_str().ok());
    let begin = value
        .and_then(|value| value.strip_prefix("bytes ")?.split_once('-'))
        .map(|(begin, _)| begin);
    begin.and_then(|begin| begin.parse::<u64>().ok()) == Some(from_byte)
}
