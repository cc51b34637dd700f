//! Who asks: reads a request's body within its limits, checks the device's signature, replay and revocation.
//! What the device may do is decided in `feed`.

use std::net::{IpAddr, SocketAddr};
use std::time::{Duration, Instant};

use axum::body::Bytes;
use axum::extract::{ConnectInfo, Request};
use axum::http::request::Parts;
use axum::http::{Extensions, HeaderMap};
use sync_protocol::ids::{DeviceId, FactionId};
use sync_protocol::request::{
    CONTENT_DIGEST, RequestHeaders, SIGNATURE, SIGNATURE_INPUT, verify_request,
};
use tokio::sync::OwnedSemaphorePermit;

use super::App;
use super::limit::household;
use super::reply::Refusal;
use crate::feed::FeedRefused;
use crate::store::devices::DeviceRow;

/// Longest body of a pairing message: two public keys and a nonce.
pub(crate) const SMALL_BODY: usize = 8 * 1024;
/// Longest body of a signed request: a batch of receipts.
pub(crate) const SIGNED_BODY: usize = 256 * 1024;
/// Beyond it a body waits for one of the few turns.
const LARGE_BODY: usize = 8 * 1024 * 1024;
/// What a longer body than [`SIGNED_BODY`] must bring in each second beyond that, bytes: half a megabit.
const BYTES_PER_SECOND: usize = 64 * 1024;

/// A request that a paired device has signed.
#[derive(Debug)]
pub(crate) struct Signed {
    pub device: DeviceRow,
    pub parts: Parts,
    pub body: Bytes,
    /// Held while something large is read and worked on.
    _turn: Option<OwnedSemaphorePermit>,
}

/// How long a body may be, and who may send a long one.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reading {
    /// Bytes.
    pub limit: usize,
    /// Beyond [`SIGNED_BODY`] only a device that this space holds.
    pub held_in: Option<FactionId>,
}

/// Reads a body of at most `limit` bytes in time.
pub(crate) async fn read_body(
    app: &App,
    request: Request,
    limit: usize,
) -> Result<(Parts, Bytes), Refusal> {
    let (parts, body) = request.into_parts();
    let beyond = limit.saturating_sub(SIGNED_BODY) / BYTES_PER_SECOND;
    let timeout = app.body_timeout() + Duration::from_secs(beyond as u64);
    let reading = tokio::time::timeout(timeout, axum::body::to_bytes(body, limit));
    match reading.await {
        Err(_) => Err(Refusal::timed_out()),
        Ok(Err(_)) => Err(Refusal::too_large()),
        Ok(Ok(bytes)) => Ok((parts, bytes)),
    }
}

/// Checks that a paired, unrevoked device has signed the request just now, and only once.
pub(crate) async fn signed(app: &App, request: Request) -> Result<Signed, Refusal> {
    let reading = Reading {
        limit: SIGNED_BODY,
        held_in: None,
    };
    signed_within(app, request, reading).await
}

/// As [`signed`], with a limit of its own for the body.
pub(crate) async fn signed_within(
    app: &App,
    request: Request,
    reading: Reading,
) -> Result<Signed, Refusal> {
    let address = address_of(request.extensions());
    let checked = check(app, request, reading).await;
    match &checked {
        Ok(signed) if !app.device_limit.take(&signed.device.id, Instant::now()) => {
            Err(Refusal::too_many())
        }
        Err(refusal) if refusal.status == axum::http::StatusCode::UNAUTHORIZED => {
            // Guessing is what costs: a good request takes nothing from its address.
            if app.address_limit.take(&address, Instant::now()) {
                checked
            } else {
                Err(Refusal::too_many())
            }
        }
        _ => checked,
    }
}

// Meets: O.Auth_2, O.Auth_12, O.Ntwk_1, MASVS-AUTH-1
async fn check(app: &App, request: Request, reading: Reading) -> Result<Signed, Refusal> {
    let headers = headers_of(request.headers())?;
    let id = headers.device();
    let device = app.blocking(move |server| server.device(&id)).await?;
    let (limit, turn) = allowed(app, id, reading).await?;
    let (parts, body) = read_body(app, request, limit).await?;
    let target = parts.uri.path_and_query().map_or("/", |p| p.as_str());
    let now_at_ms = app.now_at_ms();
    let verified = verify_request(
        &device.sign_key,
        &headers,
        parts.method.as_str(),
        target,
        &body,
        now_at_ms,
    )?;
    app.nonces().remember(&verified, now_at_ms)?;
    if device.revoked_at_ms.is_some() {
        return Err(FeedRefused::Revoked.into());
    }
    Ok(Signed {
        device,
        parts,
        body,
        _turn: turn,
    })
}

fn headers_of(headers: &HeaderMap) -> Result<RequestHeaders, Refusal> {
    let header = |name: &str| {
        let value = headers.get(name).and_then(|v| v.to_str().ok());
        value.ok_or_else(Refusal::unauthenticated)
    };
    Ok(RequestHeaders::parse(
        header(SIGNATURE_INPUT)?,
        header(SIGNATURE)?,
        header(CONTENT_DIGEST)?,
    )?)
}

/// How long a body this device may send. Nobody has proved yet to be that device, so it is told nothing.
async fn allowed(
    app: &App,
    device: DeviceId,
    reading: Reading,
) -> Result<(usize, Option<OwnedSemaphorePermit>), Refusal> {
    if reading.limit <= SIGNED_BODY {
        return Ok((reading.limit, None));
    }
    let is_held = match reading.held_in {
        Some(space) => {
            app.blocking(move |server| server.is_in_faction(&device, &space))
                .await?
        }
        None => false,
    };
    if !is_held {
        return Ok((SIGNED_BODY, None));
    }
    let is_large = reading.limit > LARGE_BODY;
    let turn = is_large.then(|| app.large_turn()).transpose()?;
    Ok((reading.limit, turn))
}

/// Counts a request that nobody has signed.
pub(crate) fn unsigned(app: &App, request: &Request) -> Result<(), Refusal> {
    let allowed = app
        .address_limit
        .take(&address_of(request.extensions()), Instant::now());
    if allowed {
        Ok(())
    } else {
        Err(Refusal::too_many())
    }
}

/// The network address that a request came from, as limits count it.
pub(crate) fn address_of(extensions: &Extensions) -> IpAddr {
    let info = extensions.get::<ConnectInfo<SocketAddr>>();
    info.map_or(IpAddr::from([0, 0, 0, 0]), |info| household(info.0.ip()))
}
