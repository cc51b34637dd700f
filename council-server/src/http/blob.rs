//! `GET /v1/blob/{id}`: ciphertext, whole or from a place on, streamed from disk in pieces.
//! Whether the device may have it is decided in `feed`.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::ops::Range;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use sync_protocol::wire::BLOB_CONTENT_TYPE;

use super::App;
use super::reply::Refusal;
use crate::error::ServerError;
use crate::feed::GrantedBlob;

/// Bytes read from disk at once.
const PIECE_LEN: u64 = 256 * 1024;

/// How long a download that a story cuts off stays open after its last byte.
const CUT_DELAY: Duration = Duration::from_millis(100);

/// What a `Range` header asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Asked {
    Whole,
    Part(Range<u64>),
    Impossible,
}

/// The answer with the bytes.
pub(crate) async fn answer(
    app: &App,
    blob: GrantedBlob,
    headers: &HeaderMap,
) -> Result<Response, Refusal> {
    let path = app.server.inner.blobs.path(&blob.id);
    let (file, total) = blocking(move || {
        let file = File::open(&path)?;
        let total = file.metadata()?.len();
        Ok((file, total))
    })
    .await
    .map_err(ServerError::from)?;
    let range = headers
        .get(header::RANGE)
        .and_then(|value| value.to_str().ok());
    let (status, part) = match asked(range, total) {
        Asked::Whole => (StatusCode::OK, 0..total),
        Asked::Part(part) => (StatusCode::PARTIAL_CONTENT, part),
        Asked::Impossible => {
            let mut response = StatusCode::RANGE_NOT_SATISFIABLE.into_response();
            set(
                &mut response,
                header::CONTENT_RANGE,
                &format!("bytes */{total}"),
            );
            return Ok(response);
        }
    };
    let faults = app.server.faults();
    let pieces = Pieces {
        file,
        at: part.start,
        end: part.end,
        cut_at: faults
            .take_cut()
            .map(|byte_len| part.start.saturating_add(byte_len)),
        damage_at: faults.damage_of(&blob.id),
    };
    let mut response = (
        status,
        Body::from_stream(stream::unfold(Some(pieces), next)),
    )
        .into_response();
    response.headers_mut().insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static(BLOB_CONTENT_TYPE),
    );
    response
        .headers_mut()
        .insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    set(
        &mut response,
        header::CONTENT_LENGTH,
        &(part.end - part.start).to_string(),
    );
    if status == StatusCode::PARTIAL_CONTENT {
        let last = part.end.saturating_sub(1);
        set(
            &mut response,
            header::CONTENT_RANGE,
            &format!("bytes {}-{last}/{total}", part.start),
        );
    }
    Ok(response)
}

fn set(response: &mut Response, name: header::HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().insert(name, value);
    }
}

/// One range of bytes; anything else is answered whole, as RFC 9110 §14.2 allows.
pub(crate) fn asked(range: Option<&str>, total: u64) -> Asked {
    let Some(spec) = range.and_then(|r| r.trim().strip_prefix("bytes=")) else {
        return Asked::Whole;
    };
    let Some((first, last)) = spec.split_once('-') else {
        return Asked::Whole;
    };
    let part = match (first.trim().parse::<u64>(), last.trim()) {
        (Ok(start), "") => start..total,
        (Ok(start), last) => match last.parse::<u64>() {
            Ok(last) => start..last.saturating_add(1).min(total),
            Err(_) => return Asked::Whole,
        },
        (Err(_), last) if first.trim().is_empty() => match last.parse::<u64>() {
            Ok(suffix) => total.saturating_sub(suffix)..total,
            Err(_) => return Asked::Whole,
        },
        (Err(_), _) => return Asked::Whole,
    };
    if part.start < part.end {
        Asked::Part(part)
    } else {
        Asked::Impossible
    }
}

struct Pieces {
    file: File,
    at: u64,
    end: u64,
    cut_at: Option<u64>,
    damage_at: Option<u64>,
}

async fn next(state: Option<Pieces>) -> Option<(io::Result<Bytes>, Option<Pieces>)> {
    let mut pieces = state?;
    if pieces.at >= pieces.end {
        return None;
    }
    if pieces.cut_at.is_some_and(|cut| pieces.at >= cut) {
        // A planted fault: what was sent before must reach the tablet before the line breaks.
        tokio::time::sleep(CUT_DELAY).await;
        return Some((Err(io::Error::from(io::ErrorKind::ConnectionAborted)), None));
    }
    let end = pieces
        .end
        .min(pieces.cut_at.unwrap_or(u64::MAX))
        .min(pieces.at + PIECE_LEN);
    let (at, byte_len) = (pieces.at, end - pieces.at);
    let read = blocking(move || {
        let mut buffer = Vec::with_capacity(usize::try_from(byte_len).unwrap_or(0));
        pieces.file.seek(SeekFrom::Start(at))?;
        Read::by_ref(&mut pieces.file)
            .take(byte_len)
            .read_to_end(&mut buffer)?;
        Ok((pieces, buffer))
    })
    .await;
    let (mut pieces, mut buffer) = match read {
        Ok((_, buffer)) if buffer.len() as u64 != byte_len => {
            return Some((Err(io::ErrorKind::UnexpectedEof.into()), None));
        }
        Ok(read) => read,
        Err(error) => return Some((Err(error), None)),
    };
    let damage = pieces
        .damage_at
        .and_then(|place| place.checked_sub(pieces.at));
    if let Some(byte) = damage
        .and_then(|i| usize::try_from(i).ok())
        .and_then(|i| buffer.get_mut(i))
    {
        *byte ^= 0x55;
    }
    pieces.at = end;
    Some((Ok(Bytes::from(buffer)), Some(pieces)))
}

/// Runs file work on a thread that may wait.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> io::Result<T> {
    tokio::task::spawn_blocking(work)
        .await
        .unwrap_or_else(|panicked| Err(io::Error::other(panicked)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_read_as_the_rfc_says() {
        for (header, expected) in [
            (None, Asked::Whole),
            (Some("bytes=0-9"), Asked::Part(0..10)),
            (Some("bytes=90-"), Asked::Part(90..100)),
            (Some("bytes=90-500"), Asked::Part(90..100)),
            (Some("bytes=-5"), Asked::Part(95..100)),
            (Some("bytes=100-"), Asked::Impossible),
            (Some("bytes=9-3"), Asked::Impossible),
            (Some("bytes=0-1,5-6"), Asked::Whole),
            (Some("pages=1-2"), Asked::Whole),
            (Some("bytes=x-y"), Asked::Whole),
        ] {
            assert_eq!(asked(header, 100), expected, "{header:?}");
        }
    }
}
