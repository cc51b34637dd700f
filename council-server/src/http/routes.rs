//! All routes of the server, in one list that router and tests share, and the handlers of those of the council: each reads its
//! parameters, asks `feed` or `pairing`, and answers.

use std::collections::HashMap;

use axum::Router;
use axum::extract::{Query, Request, State};
use axum::middleware::{self, Next};
use axum::response::Response;
use axum::routing::{MethodFilter, MethodRouter, any, on};
use sync_protocol::cbor::from_cbor_lenient;
use sync_protocol::chain::MAX_PAGE_ENTRIES;
use sync_protocol::class_key::KeyEpoch;
use sync_protocol::faction::wire::FactionRoute;
use sync_protocol::ids::{AudienceId, BlobId};
use sync_protocol::pairing::{PairFinish, PairStart};
use sync_protocol::receipt::{MAX_BATCH, ReceiptBatch};
use sync_protocol::wire::CouncilRoute;

use super::App;
use super::auth::{SMALL_BODY, Signed, read_body, signed, unsigned};
use super::blob;
use super::faction;
use super::oparl_out::{self, OpenRoute};
use super::reply::{Refusal, cbor, cbor_bytes};

pub(super) type Answer = Result<Response, Refusal>;

/// A route of the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Route {
    /// Of the council's papers and devices.
    Council(CouncilRoute),
    /// Of faction spaces.
    Faction(FactionRoute),
    /// Of the open interface, for everybody; only where the operator has turned it on.
    Open(OpenRoute),
}

impl Route {
    /// Every route there is: the router is made of these and of nothing else.
    pub fn all() -> impl Iterator<Item = Self> {
        let council = CouncilRoute::ALL.into_iter().map(Self::Council);
        let faction = FactionRoute::ALL.into_iter().map(Self::Faction);
        let open = OpenRoute::ALL.into_iter().map(Self::Open);
        council.chain(faction).chain(open)
    }

    /// Its path, with names in braces where ids stand.
    #[must_use]
    pub const fn template(self) -> &'static str {
        match self {
            Self::Council(route) => route.template(),
            Self::Faction(route) => route.template(),
            Self::Open(route) => route.template(),
        }
    }

    fn handler(self) -> MethodRouter<App> {
        match self {
            Self::Council(route) => {
                let handler = move |State(app): State<App>, request: Request| async move {
                    let answer = respond(&app, route, request).await;
                    app.answer(answer)
                };
                on(method(route.is_post()), handler)
            }
            Self::Faction(route) => {
                let handler = move |State(app): State<App>, request: Request| async move {
                    let answer = faction::respond(&app, route, request).await;
                    app.answer(answer)
                };
                on(method(route.is_post()), handler)
            }
            Self::Open(_) => any(oparl_out::answer),
        }
    }
}

fn method(is_post: bool) -> MethodFilter {
    match is_post {
        true => MethodFilter::POST,
        false => MethodFilter::GET,
    }
}

// Meets: O.Arch_5
/// All routes of the server.
pub(crate) fn router(app: App) -> Router {
    let is_open = app.oparl.is_some();
    Route::all()
        .filter(|route| is_open || !matches!(route, Route::Open(_)))
        .fold(Router::new(), |router, route| {
            router.route(route.template(), route.handler())
        })
        .fallback(nothing_here)
        .layer(middleware::from_fn_with_state(app.clone(), planted_fault))
        .with_state(app)
}

/// Answers 500 where a story has asked for it.
async fn planted_fault(State(app): State<App>, request: Request, next: Next) -> Response {
    if app.server.faults().take_failure(request.uri().path()) {
        return app.answer(Err(Refusal::internal()));
    }
    next.run(request).await
}

async fn nothing_here(State(app): State<App>, request: Request) -> Response {
    app.answer(unsigned(&app, &request).and(Err(Refusal::not_found())))
}

async fn respond(app: &App, route: CouncilRoute, request: Request) -> Answer {
    match route {
        CouncilRoute::Root => {
            unsigned(app, &request)?;
            let root = app.blocking(|server| server.signed_root()).await?;
            Ok(cbor_bytes(root.as_bytes().to_vec()))
        }
        CouncilRoute::PairStart => {
            unsigned(app, &request)?;
            let (_, body) = read_body(app, request, SMALL_BODY).await?;
            let start: PairStart = from_cbor_lenient(&body).map_err(|_| Refusal::bad_request())?;
            let hello = app.blocking(move |server| server.pair_start(&start));
            Ok(cbor(&hello.await?))
        }
        CouncilRoute::PairFinish => {
            unsigned(app, &request)?;
            let (_, body) = read_body(app, request, SMALL_BODY).await?;
            let finish: PairFinish =
                from_cbor_lenient(&body).map_err(|_| Refusal::bad_request())?;
            let done = app.blocking(move |server| server.pair_finish(&finish));
            Ok(cbor(&done.await?))
        }
        _ => respond_to_device(app, route, signed(app, request).await?).await,
    }
}

/// The requests that a paired device has signed.
async fn respond_to_device(app: &App, route: CouncilRoute, asked: Signed) -> Answer {
    let device = asked.device.id;
    match route {
        CouncilRoute::Head => {
            let head = app.blocking(move |server| server.head(&device)).await?;
            Ok(cbor_bytes(head.as_bytes().to_vec()))
        }
        CouncilRoute::Chain => chain(app, &asked).await,
        CouncilRoute::Snapshot => {
            let audience: AudienceId = last_segment(&asked)?;
            let snapshot = app.blocking(move |server| server.snapshot(&device, &audience));
            Ok(cbor_bytes(snapshot.await?.to_bytes()))
        }
        CouncilRoute::Keys => keys(app, &asked).await,
        CouncilRoute::Blob => {
            let id: BlobId = last_segment(&asked)?;
            let granted = app.blocking(move |server| server.grant_blob(&device, &id));
            blob::answer(app, granted.await?, &asked.parts.headers).await
        }
        CouncilRoute::ReadReceipts => {
            let list = app.blocking(move |server| server.receipts_of(&device));
            Ok(cbor(&list.await?))
        }
        CouncilRoute::SendReceipts => take_receipts(app, &asked).await,
        CouncilRoute::Root | CouncilRoute::PairStart | CouncilRoute::PairFinish => {
            Err(Refusal::not_found())
        }
    }
}

async fn chain(app: &App, asked: &Signed) -> Answer {
    let audience: AudienceId = last_segment(asked)?;
    let after = number(asked, "after")?.unwrap_or(0);
    let limit = number(asked, "limit")?.unwrap_or(MAX_PAGE_ENTRIES as u64);
    let limit = usize::try_from(limit).unwrap_or(MAX_PAGE_ENTRIES);
    let device = asked.device.id;
    let page = app.blocking(move |server| server.chain(&device, &audience, after, limit));
    Ok(cbor_bytes(page.await?.to_bytes()))
}

async fn keys(app: &App, asked: &Signed) -> Answer {
    let of = match parameter(asked, "audience")? {
        Some(text) => Some(
            text.parse::<AudienceId>()
                .map_err(|_| Refusal::bad_request())?,
        ),
        None => None,
    };
    let after =
        number(asked, "after_epoch")?.map(|n| KeyEpoch(u32::try_from(n).unwrap_or(u32::MAX)));
    let device = asked.device.id;
    let boxes = app.blocking(move |server| server.key_boxes(&device, of, after));
    Ok(cbor(&boxes.await?))
}

async fn take_receipts(app: &App, asked: &Signed) -> Answer {
    let batch: ReceiptBatch = from_cbor_lenient(&asked.body).map_err(|_| Refusal::bad_request())?;
    if batch.0.len() > MAX_BATCH {
        return Err(Refusal::too_large());
    }
    let device = asked.device.id;
    let times = app.blocking(move |server| server.take_receipts(&device, &batch));
    Ok(cbor(&times.await?))
}

/// The id at the end of the path; one that cannot be an id names nothing.
fn last_segment<T: std::str::FromStr>(asked: &Signed) -> Result<T, Refusal> {
    let segment = asked
        .parts
        .uri
        .path()
        .rsplit('/')
        .next()
        .unwrap_or_default();
    segment.parse().map_err(|_| Refusal::not_found())
}

pub(super) fn parameter(asked: &Signed, name: &str) -> Result<Option<String>, Refusal> {
    let query: Query<HashMap<String, String>> =
        Query::try_from_uri(&asked.parts.uri).map_err(|_| Refusal::bad_request())?;
    Ok(query.0.get(name).cloned())
}

pub(super) fn number(asked: &Signed, name: &str) -> Result<Option<u64>, Refusal> {
    match parameter(asked, name)? {
        Some(text) => text.parse().map(Some).map_err(|_| Refusal::bad_request()),
        None => Ok(None),
    }
}
