//! Answers: CBOR bodies, and errors with stable codes. Which error a refusal is stands here and nowhere else.

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use minicbor::Encode;
use sync_protocol::cbor::to_cbor;
use sync_protocol::request::RequestError;
use sync_protocol::wire::{CONTENT_TYPE, WireError, error_code};

use crate::error::ServerError;
use crate::faction::FactionRefused;
use crate::feed::FeedRefused;
use crate::pairing::PairingRefused;

/// A refused request.
#[derive(Debug)]
pub(crate) struct Refusal {
    pub status: StatusCode,
    pub code: &'static str,
    message: &'static str,
    /// What went wrong inside the server, for its own log only.
    pub cause: Option<ServerError>,
}

impl Refusal {
    pub(crate) const fn new(status: StatusCode, code: &'static str, message: &'static str) -> Self {
        Self {
            status,
            code,
            message,
            cause: None,
        }
    }

    pub(crate) const fn bad_request() -> Self {
        Self::new(
            StatusCode::BAD_REQUEST,
            error_code::BAD_REQUEST,
            "Die Anfrage ist nicht lesbar.",
        )
    }

    pub(crate) const fn too_large() -> Self {
        Self::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            error_code::BAD_REQUEST,
            "Die Anfrage ist zu groß.",
        )
    }

    pub(crate) const fn timed_out() -> Self {
        Self::new(
            StatusCode::REQUEST_TIMEOUT,
            error_code::BAD_REQUEST,
            "Die Anfrage kam nicht vollständig an.",
        )
    }

    pub(crate) const fn too_many() -> Self {
        Self::new(
            StatusCode::TOO_MANY_REQUESTS,
            error_code::TOO_MANY_REQUESTS,
            "Zu viele Anfragen; bitte etwas später noch einmal.",
        )
    }

    pub(crate) const fn unauthenticated() -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            error_code::UNAUTHENTICATED,
            "Die Anfrage ist nicht von einem bekannten Gerät unterschrieben.",
        )
    }

    pub(crate) const fn not_found() -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            error_code::NOT_FOUND,
            "Das gibt es hier nicht.",
        )
    }

    pub(crate) const fn internal() -> Self {
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            error_code::INTERNAL,
            "Der Server hat gerade selbst ein Problem.",
        )
    }

    /// The answer, with the server's time.
    pub(crate) fn into_answer(self, server_at_ms: i64) -> Response {
        let body = WireError {
            code: self.code.to_owned(),
            message: self.message.to_owned(),
            server_at_ms,
        };
        let mut response = cbor_with(self.status, &body);
        if self.status == StatusCode::TOO_MANY_REQUESTS {
            response
                .headers_mut()
                .insert(header::RETRY_AFTER, HeaderValue::from_static("2"));
        }
        response
    }
}

impl From<ServerError> for Refusal {
    fn from(error: ServerError) -> Self {
        Self {
            cause: Some(error),
            ..Self::internal()
        }
    }
}

impl From<FeedRefused> for Refusal {
    fn from(refused: FeedRefused) -> Self {
        match refused {
            FeedRefused::UnknownDevice => Self::unauthenticated(),
            FeedRefused::Revoked => Self::new(
                StatusCode::GONE,
                error_code::DEVICE_REVOKED,
                "Dieses Gerät wurde vom Sitzungsdienst gesperrt.",
            ),
            FeedRefused::NotEntitled => Self::new(
                StatusCode::FORBIDDEN,
                error_code::NOT_ENTITLED,
                "Dieses Gerät darf das nicht mehr lesen.",
            ),
            FeedRefused::NotFound => Self::not_found(),
            FeedRefused::BadReceipt => Self::bad_request(),
            FeedRefused::Server(error) => error.into(),
        }
    }
}

impl From<PairingRefused> for Refusal {
    fn from(refused: PairingRefused) -> Self {
        match refused {
            PairingRefused::CodeInvalid => Self::new(
                StatusCode::NOT_FOUND,
                error_code::CODE_INVALID,
                "Diesen Einladungscode gibt es nicht.",
            ),
            PairingRefused::CodeUsed => Self::new(
                StatusCode::GONE,
                error_code::CODE_USED,
                "Dieser Einladungscode wurde schon benutzt.",
            ),
            PairingRefused::CodeExpired => Self::new(
                StatusCode::GONE,
                error_code::CODE_EXPIRED,
                "Dieser Einladungscode ist abgelaufen.",
            ),
            PairingRefused::BadKeys => Self::bad_request(),
            PairingRefused::Server(error) => error.into(),
        }
    }
}

impl From<FactionRefused> for Refusal {
    fn from(refused: FactionRefused) -> Self {
        match refused {
            FactionRefused::NotMember => Self::new(
                StatusCode::FORBIDDEN,
                error_code::FACTION_NOT_MEMBER,
                "Dieses Gerät gehört nicht zu diesem Fraktionsraum.",
            ),
            FactionRefused::Conflict => Self::new(
                StatusCode::CONFLICT,
                error_code::FACTION_CONFLICT,
                "Im Fraktionsraum hat sich inzwischen etwas geändert.",
            ),
            FactionRefused::Links(_)
            | FactionRefused::Boxes
            | FactionRefused::Entry
            | FactionRefused::Envelope(_)
            | FactionRefused::ForeignEnvelope
            | FactionRefused::Snapshot(_)
            | FactionRefused::SnapshotBeyond
            | FactionRefused::Invitation => Self::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                error_code::FACTION_REFUSED,
                "Das passt nicht zu diesem Fraktionsraum.",
            ),
            FactionRefused::NoInvitation => Self::not_found(),
            FactionRefused::NoRoom => Self::new(
                StatusCode::INSUFFICIENT_STORAGE,
                error_code::FACTION_NO_ROOM,
                "Der Platz für diesen Fraktionsraum ist aufgebraucht.",
            ),
            FactionRefused::Device(refused) => refused.into(),
            FactionRefused::Server(error) => error.into(),
        }
    }
}

impl From<RequestError> for Refusal {
    fn from(error: RequestError) -> Self {
        match error {
            RequestError::ClockSkew { .. } => Self::new(
                StatusCode::UNAUTHORIZED,
                error_code::CLOCK_SKEW,
                "Die Uhr des Geräts geht mehr als fünf Minuten falsch.",
            ),
            RequestError::Replayed => Self::new(
                StatusCode::UNAUTHORIZED,
                error_code::REPLAYED,
                "Diese Anfrage kam schon einmal.",
            ),
            RequestError::TooManyRequests => Self::too_many(),
            RequestError::BadHeaders
            | RequestError::DigestMismatch
            | RequestError::BadSignature(_) => Self::unauthenticated(),
        }
    }
}

/// A CBOR answer.
pub(crate) fn cbor<T: Encode<()>>(value: &T) -> Response {
    cbor_with(StatusCode::OK, value)
}

/// An answer whose bytes are CBOR already.
pub(crate) fn cbor_bytes(bytes: Vec<u8>) -> Response {
    with_type(StatusCode::OK, bytes)
}

fn cbor_with<T: Encode<()>>(status: StatusCode, value: &T) -> Response {
    with_type(status, to_cbor(value))
}

fn with_type(status: StatusCode, bytes: Vec<u8>) -> Response {
    let mut response = (status, Body::from(bytes)).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(CONTENT_TYPE));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
