//! Signed requests in the shape of RFC 9421: method, path, query and body digest, signed by the device key.
//! Differs from the RFC in one point: the signed bytes start with our domain string. Not here: HTTP, rate limits, who may do what.
//! Source: SPEC Q1–Q6.

use std::collections::{HashSet, VecDeque};

use crate::ids::{DeviceId, from_hex, to_hex};
use crate::primitive::{RandomUnavailable, make_random, sha256};
use crate::sign::{Domain, PublicKey, SignError, Signature, SigningKey};

mod base64;

/// How far the clocks may differ, in ms (5 minutes).
pub const CLOCK_WINDOW_MS: i64 = 5 * 60 * 1000;
/// Header with what is signed.
pub const SIGNATURE_INPUT: &str = "signature-input";
/// Header with the signature.
pub const SIGNATURE: &str = "signature";
/// Header with the digest of the body.
pub const CONTENT_DIGEST: &str = "content-digest";

const COMPONENTS: &str = "(\"@method\" \"@path\" \"@query\" \"content-digest\")";

/// Why a request is refused.
#[derive(Debug, thiserror::Error)]
pub enum RequestError {
    /// A header is missing or not in the one form that is allowed.
    #[error("the signature headers are not readable")]
    BadHeaders,
    /// The body is not the one that was signed.
    #[error("the body has another digest")]
    DigestMismatch,
    /// Signature, key or signed parts do not fit.
    #[error("the request is not signed by this device")]
    BadSignature(#[source] SignError),
    /// The tablet's clock differs too much; the signature is good.
    #[error("the clocks differ too much")]
    ClockSkew {
        /// The server's time, ms UTC.
        server_at_ms: i64,
    },
    /// The nonce was used before.
    #[error("the request was sent before")]
    Replayed,
    /// Too many nonces to remember.
    #[error("too many requests")]
    TooManyRequests,
}

/// Random bytes that make a request unique.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct RequestNonce(pub [u8; 16]);

impl RequestNonce {
    /// Makes a random nonce.
    ///
    /// Errors: no randomness.
    pub fn make() -> Result<Self, RandomUnavailable> {
        make_random().map(Self)
    }
}

/// What the three headers say; nothing is verified yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestHeaders {
    device: DeviceId,
    created_s: i64,
    nonce: RequestNonce,
    body_digest: [u8; 32],
    signature: Signature,
}

impl RequestHeaders {
    /// Reads the headers; only the exact form that [`sign_request`] writes is taken.
    ///
    /// Errors: `BadHeaders`. Source: SPEC Q2.
    pub fn parse(
        signature_input: &str,
        signature: &str,
        content_digest: &str,
    ) -> Result<Self, RequestError> {
        Self::parse_parts(signature_input, signature, content_digest)
            .ok_or(RequestError::BadHeaders)
    }

    fn parse_parts(signature_input: &str, signature: &str, content_digest: &str) -> Option<Self> {
        let rest = signature_input.strip_prefix("sig1=")?;
        let rest = rest.strip_prefix(COMPONENTS)?.strip_prefix(";created=")?;
        let (created, rest) = rest.split_once(";keyid=\"")?;
        let (device, rest) = rest.split_once("\";nonce=\"")?;
        let (nonce, _) = rest.split_once('"')?;
        let created_s: i64 = created.parse().ok()?;
        let device: DeviceId = device.parse().ok()?;
        let nonce = RequestNonce(from_hex(nonce).ok()?);
        let is_canonical =
            signature_input.strip_prefix("sig1=")? == parameters(device, created_s, nonce);
        let signature = signature.strip_prefix("sig1=:")?.strip_suffix(':')?;
        let digest = content_digest
            .strip_prefix("sha-256=:")?
            .strip_suffix(':')?;
        is_canonical.then_some(Self {
            device,
            created_s,
            nonce,
            body_digest: base64::decode(digest)?,
            signature: Signature(base64::decode(signature)?),
        })
    }

    /// The device that claims to have signed; its public key is needed for [`verify_request`].
    pub fn device(&self) -> DeviceId {
        self.device
    }
}

fn parameters(device: DeviceId, created_s: i64, nonce: RequestNonce) -> String {
    let nonce = to_hex(&nonce.0);
    format!("{COMPONENTS};created={created_s};keyid=\"{device}\";nonce=\"{nonce}\";alg=\"ed25519\"")
}

fn digest_value(body_digest: &[u8; 32]) -> String {
    format!("sha-256=:{}:", base64::encode(body_digest))
}

/// The signature base of RFC 9421 §2.5.
fn signature_base(method: &str, path_and_query: &str, digest: &str, parameters: &str) -> String {
    let (path, query) = path_and_query
        .split_once('?')
        .unwrap_or((path_and_query, ""));
    format!(
        "\"@method\": {method}\n\"@path\": {path}\n\"@query\": ?{query}\n\"content-digest\": {digest}\n\"@signature-params\": {parameters}"
    )
}

/// Signs a request.
///
/// `method`: upper case; `path_and_query`: as sent, starting with `/`; `body`: empty where there is none.
/// Result: the headers to send. Errors: the key is not usable. Source: SPEC Q1.
pub fn sign_request(
    key: &SigningKey,
    device: DeviceId,
    method: &str,
    path_and_query: &str,
    body: &[u8],
    created_at_ms: i64,
    nonce: RequestNonce,
) -> Result<[(&'static str, String); 3], SignError> {
    let parameters = parameters(device, created_at_ms.div_euclid(1000), nonce);
    let digest = digest_value(&sha256(&[body]));
    let base = signature_base(method, path_and_query, &digest, &parameters);
    let signature = key.sign(Domain::Request, base.as_bytes())?;
    Ok([
        (SIGNATURE_INPUT, format!("sig1={parameters}")),
        (
            SIGNATURE,
            format!("sig1=:{}:", base64::encode(&signature.0)),
        ),
        (CONTENT_DIGEST, digest),
    ])
}

/// A request whose signature is good and whose time fits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VerifiedRequest {
    /// The device that signed.
    pub device: DeviceId,
    /// When it signed, ms UTC, whole seconds.
    pub created_at_ms: i64,
    /// Its nonce, to be given to [`NonceWindow::remember`].
    pub nonce: RequestNonce,
}

/// Checks digest, signature and time; replay is [`NonceWindow`]'s.
///
/// `public`: the key of `headers.device()`; `now_ms`: the server's time.
/// Errors: `DigestMismatch`, `BadSignature`, `ClockSkew`. Source: SPEC Q3–Q5.
pub fn verify_request(
    public: &PublicKey,
    headers: &RequestHeaders,
    method: &str,
    path_and_query: &str,
    body: &[u8],
    now_ms: i64,
) -> Result<VerifiedRequest, RequestError> {
    if sha256(&[body]) != headers.body_digest {
        return Err(RequestError::DigestMismatch);
    }
    let parameters = parameters(headers.device, headers.created_s, headers.nonce);
    let base = signature_base(
        method,
        path_and_query,
        &digest_value(&headers.body_digest),
        &parameters,
    );
    public
        .verify(Domain::Request, base.as_bytes(), &headers.signature)
        .map_err(RequestError::BadSignature)?;
    let created_at_ms = headers.created_s.saturating_mul(1000);
    if created_at_ms.saturating_sub(now_ms).saturating_abs() > CLOCK_WINDOW_MS {
        return Err(RequestError::ClockSkew {
            server_at_ms: now_ms,
        });
    }
    Ok(VerifiedRequest {
        device: headers.device,
        created_at_ms,
        nonce: headers.nonce,
    })
}

/// Remembers the nonces of verified requests for as long as their time is accepted. Lives in memory.
#[derive(Debug, Default)]
pub struct NonceWindow {
    seen: HashSet<(DeviceId, RequestNonce)>,
    order: VecDeque<(i64, DeviceId, RequestNonce)>,
}

impl NonceWindow {
    /// Most nonces remembered at once, about 20 MB.
    pub const CAPACITY: usize = 200_000;

    /// Takes a verified request once.
    ///
    /// Errors: `Replayed`, `TooManyRequests`. Source: SPEC Q6.
    pub fn remember(&mut self, request: &VerifiedRequest, now_ms: i64) -> Result<(), RequestError> {
        while let Some((forget_at_ms, device, nonce)) = self.order.front().copied() {
            if forget_at_ms >= now_ms {
                break;
            }
            self.order.pop_front();
            self.seen.remove(&(device, nonce));
        }
        if self.seen.contains(&(request.device, request.nonce)) {
            return Err(RequestError::Replayed);
        }
        if self.order.len() >= Self::CAPACITY {
            return Err(RequestError::TooManyRequests);
        }
        // A request is accepted until its time plus the window; its time is at most now plus the window.
        let forget_at_ms = now_ms.saturating_add(2 * CLOCK_WINDOW_MS);
        self.seen.insert((request.device, request.nonce));
        self.order
            .push_back((forget_at_ms, request.device, request.nonce));
        Ok(())
    }
}
