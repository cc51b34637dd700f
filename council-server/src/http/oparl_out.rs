//! `/oparl/`: GET and HEAD for everybody, JSON or a file's bytes. What there is to see is decided in `oparl_out`.

use std::time::Instant;

use axum::body::Body;
use axum::extract::{Query, Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::App;
use super::auth::address_of;
use super::oparl_file;
use crate::error::ServerError;
use crate::oparl_out::address::ROOT;
use crate::oparl_out::{Answer, Refused};

/// `type` of an error object. Source: OParl 1.1, chapter 2.9.
const ERROR_TYPE: &str = "https://schema.oparl.org/1.1/Error";

/// A route of the open interface; whatever the path, it is read in `oparl_out::address`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OpenRoute {
    /// Without the slash at the end: leads to the system.
    Bare,
    /// The system.
    System,
    /// Everything below.
    Below,
}

impl OpenRoute {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Bare, Self::System, Self::Below];

    /// Its path; `{*rest}` stands for all that may follow.
    #[must_use]
    pub const fn template(self) -> &'static str {
        match self {
            Self::Bare => "/oparl",
            Self::System => ROOT,
            Self::Below => "/oparl/{*rest}",
        }
    }
}

pub(super) async fn answer(State(app): State<App>, request: Request) -> Response {
    let (parts, _) = request.into_parts();
    let mut response = match respond(&app, &parts).await {
        Ok(response) => response,
        Err(trouble) => error(&app, trouble),
    };
    let headers = response.headers_mut();
    headers.insert(
        header::ACCESS_CONTROL_ALLOW_ORIGIN,
        HeaderValue::from_static("*"),
    );
    headers.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
    response
}

/// Why there is no answer.
enum Trouble {
    Method,
    TooMany,
    Refused(Refused),
}

async fn respond(app: &App, parts: &axum::http::request::Parts) -> Result<Response, Trouble> {
    if !app
        .open_limit
        .take(&address_of(&parts.extensions), Instant::now())
    {
        return Err(Trouble::TooMany);
    }
    if parts.method != Method::GET && parts.method != Method::HEAD {
        return Err(Trouble::Method);
    }
    let Some(interface) = app.oparl.clone() else {
        return Err(Trouble::Refused(Refused::NotFound));
    };
    if parts.uri.path() == "/oparl" {
        let mut moved = StatusCode::MOVED_PERMANENTLY.into_response();
        if let Ok(place) = HeaderValue::from_str(&interface.system_url()) {
            moved.headers_mut().insert(header::LOCATION, place);
        }
        return Ok(moved);
    }
    let parameters: Query<Vec<(String, String)>> = Query::try_from_uri(&parts.uri)
        .map_err(|_| Trouble::Refused(Refused::BadParameter("query")))?;
    let (server, path) = (app.server.clone(), parts.uri.path().to_owned());
    let found =
        tokio::task::spawn_blocking(move || interface.answer(&server, &path, &parameters.0));
    match found.await {
        Ok(Ok(Answer::Json(value))) => Ok(json_answer(StatusCode::OK, &value)),
        Ok(Ok(Answer::Access(file))) => Ok(oparl_file::answer(file, &parts.headers, false)),
        Ok(Ok(Answer::Download(file))) => Ok(oparl_file::answer(file, &parts.headers, true)),
        Ok(Err(refused)) => Err(Trouble::Refused(refused)),
        Err(_) => Err(Trouble::Refused(Refused::Server(ServerError::Io(
            std::io::ErrorKind::Interrupted.into(),
        )))),
    }
}

fn json_answer(status: StatusCode, value: &Value) -> Response {
    let mut response = (status, Body::from(value.to_string())).into_response();
    let headers: &mut HeaderMap = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/json"),
    );
    // Whoever withdraws a paper must not find it in somebody's cache.
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    response
}

fn error(app: &App, trouble: Trouble) -> Response {
    let (status, message, debug) = match &trouble {
        Trouble::Method => (
            StatusCode::METHOD_NOT_ALLOWED,
            "Diese Schnittstelle kann nur gelesen werden.",
            "only GET and HEAD",
        ),
        Trouble::TooMany => (
            StatusCode::TOO_MANY_REQUESTS,
            "Zu viele Anfragen; bitte etwas später noch einmal.",
            "too many requests",
        ),
        Trouble::Refused(Refused::NotFound) => (
            StatusCode::NOT_FOUND,
            "Das gibt es hier nicht.",
            "not found",
        ),
        Trouble::Refused(Refused::Gone) => (
            StatusCode::GONE,
            "Diese Datei wurde zurückgezogen.",
            "deleted",
        ),
        Trouble::Refused(Refused::BadParameter(name)) => (
            StatusCode::BAD_REQUEST,
            "Ein Parameter der Anfrage ist nicht lesbar.",
            *name,
        ),
        Trouble::Refused(Refused::Server(cause)) => {
            app.report(cause);
            (
                StatusCode::INTERNAL_SERVER_ERROR,
                "Der Server hat gerade selbst ein Problem.",
                "internal",
            )
        }
    };
    let value = json!({"type": ERROR_TYPE, "message": message, "debug": debug});
    let mut response = json_answer(status, &value);
    let hint = match status {
        StatusCode::METHOD_NOT_ALLOWED => Some((header::ALLOW, "GET, HEAD")),
        StatusCode::TOO_MANY_REQUESTS => Some((header::RETRY_AFTER, "2")),
        _ => None,
    };
    if let Some((name, value)) = hint {
        response
            .headers_mut()
            .insert(name, HeaderValue::from_static(value));
    }
    response
}
