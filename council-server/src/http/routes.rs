//! The routes, but those of faction spaces: each reads its parameters, asks `feed` or `pairing`, and answers.

use std::collections::HashMap;

use axum::Router;
use axum::extract::{Query, Request, State};
use axum::middleware::{self, Next};
use axum::response::Response;
use axum::routing::{get, post};
use sync_protocol::cbor::from_cbor_lenient;
use sync_protocol::chain::MAX_PAGE_ENTRIES;
use sync_protocol::class_key::KeyEpoch;
use sync_protocol::ids::{AudienceId, BlobId};
use sync_protocol::pairing::{PairFinish, PairStart};
use sync_protocol::receipt::{MAX_BATCH, ReceiptBatch};
use sync_protocol::wire::{
    PATH_HEAD, PATH_KEYS, PATH_PAIR_FINISH, PATH_PAIR_START, PATH_RECEIPTS, PATH_ROOT,
};

use super::App;
use super::auth::{SMALL_BODY, Signed, read_body, signed, unsigned};
use super::blob;
use super::faction;
use super::oparl_out;
use super::reply::{Refusal, cbor, cbor_bytes};

pub(super) type Answer = Result<Response, Refusal>;

/// All routes of the server.
pub(crate) fn router(app: App) -> Router {
    let open = if app.oparl.is_some() {
        oparl_out::routes()
    } else {
        Router::new()
    };
    open.merge(faction::routes())
        .route(PATH_ROOT, get(root))
        .route(PATH_PAIR_START, post(pair_start))
        .route(PATH_PAIR_FINISH, post(pair_finish))
        .route(PATH_HEAD, get(head))
        .route("/v1/chain/{audience}", get(chain))
        .route("/v1/snapshot/{audience}", get(snapshot))
        .route(PATH_KEYS, get(keys))
        .route("/v1/blob/{blob}", get(blob_bytes))
        .route(PATH_RECEIPTS, get(receipts).post(take_receipts))
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

async fn root(State(app): State<App>, request: Request) -> Response {
    let counted = unsigned(&app, &request);
    let answer = async {
        counted?;
        let root = app.blocking(|server| server.signed_root()).await?;
        Ok(cbor_bytes(root.as_bytes().to_vec()))
    };
    let answer: Answer = answer.await;
    app.answer(answer)
}

async fn pair_start(State(app): State<App>, request: Request) -> Response {
    let answer = async {
        unsigned(&app, &request)?;
        let (_, body) = read_body(request, SMALL_BODY).await?;
        let start: PairStart = from_cbor_lenient(&body).map_err(|_| Refusal::bad_request())?;
        let hello = app
            .blocking(move |server| server.pair_start(&start))
            .await?;
        Ok(cbor(&hello))
    };
    let answer: Answer = answer.await;
    app.answer(answer)
}

async fn pair_finish(State(app): State<App>, request: Request) -> Response {
    let answer = async {
        unsigned(&app, &request)?;
        let (_, body) = read_body(request, SMALL_BODY).await?;
        let finish: PairFinish = from_cbor_lenient(&body).map_err(|_| Refusal::bad_request())?;
        let done = app
            .blocking(move |server| server.pair_finish(&finish))
            .await?;
        Ok(cbor(&done))
    };
    let answer: Answer = answer.await;
    app.answer(answer)
}

async fn head(State(app): State<App>, request: Request) -> Response {
    let answer = async {
        let device = signed(&app, request).await?.device.id;
        let head = app.blocking(move |server| server.head(&device)).await?;
        Ok(cbor_bytes(head.as_bytes().to_vec()))
    };
    let answer: Answer = answer.await;
    app.answer(answer)
}

async fn chain(State(app): State<App>, request: Request) -> Response {
    let answer = async {
        let asked = signed(&app, request).await?;
        let audience: AudienceId = last_segment(&asked)?;
        let after = number(&asked, "after")?.unwrap_or(0);
        let limit = number(&asked, "limit")?.unwrap_or(MAX_PAGE_ENTRIES as u64);
        let limit = usize::try_from(limit).unwrap_or(MAX_PAGE_ENTRIES);
        let device = asked.device.id;
        let page = app
            .blocking(move |server| server.chain(&device, &audience, after, limit))
            .await?;
        Ok(cbor_bytes(page.to_bytes()))
    };
    let answer: Answer = answer.await;
    app.answer(answer)
}

async fn snapshot(State(app): State<App>, request: Request) -> Response {
    let answer = async {
        let asked = signed(&app, request).await?;
        let audience: AudienceId = last_segment(&asked)?;
        let device = asked.device.id;
        let snapshot = app
            .blocking(move |server| server.snapshot(&device, &audience))
            .await?;
        Ok(cbor_bytes(snapshot.to_bytes()))
    };
    let answer: Answer = answer.await;
    app.answer(answer)
}

async fn keys(State(app): State<App>, request: Request) -> Response {
    let answer = async {
        let asked = signed(&app, request).await?;
        let of = match parameter(&asked, "audience")? {
            Some(text) => Some(
                text.parse::<AudienceId>()
                    .map_err(|_| Refusal::bad_request())?,
            ),
            None => None,
        };
        let after =
            number(&asked, "after_epoch")?.map(|n| KeyEpoch(u32::try_from(n).unwrap_or(u32::MAX)));
        let device = asked.device.id;
        let boxes = app
            .blocking(move |server| server.key_boxes(&device, of, after))
            .await?;
        Ok(cbor(&boxes))
    };
    let answer: Answer = answer.await;
    app.answer(answer)
}

async fn blob_bytes(State(app): State<App>, request: Request) -> Response {
    let answer = async {
        let asked = signed(&app, request).await?;
        let id: BlobId = last_segment(&asked)?;
        let device = asked.device.id;
        let granted = app
            .blocking(move |server| server.grant_blob(&device, &id))
            .await?;
        blob::answer(&app, granted, &asked.parts.headers).await
    };
    let answer: Answer = answer.await;
    app.answer(answer)
}

async fn take_receipts(State(app): State<App>, request: Request) -> Response {
    let answer = async {
        let asked = signed(&app, request).await?;
        let batch: ReceiptBatch =
            from_cbor_lenient(&asked.body).map_err(|_| Refusal::bad_request())?;
        if batch.0.len() > MAX_BATCH {
            return Err(Refusal::too_large());
        }
        let device = asked.device.id;
        let times = app
            .blocking(move |server| server.take_receipts(&device, &batch))
            .await?;
        Ok(cbor(&times))
    };
    let answer: Answer = answer.await;
    app.answer(answer)
}

async fn receipts(State(app): State<App>, request: Request) -> Response {
    let answer = async {
        let device = signed(&app, request).await?.device.id;
        let list = app
            .blocking(move |server| server.receipts_of(&device))
            .await?;
        Ok(cbor(&list))
    };
    let answer: Answer = answer.await;
    app.answer(answer)
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
