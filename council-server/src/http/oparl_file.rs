//! The bytes of a public file on the wire: whole or a range, decrypted piece by piece while they are sent.

use std::io;
use std::ops::Range;

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures_util::stream;

use super::blob::{Asked, asked};
use crate::oparl_out::file::PublicFile;

/// What a browser may show inline with full rights; everything else is shown in a sandbox, since a council's papers
/// come from many hands and the interface shares its name with the tablets' server.
const PDF: &str = "application/pdf";
const SANDBOX: &str = "sandbox; default-src 'none'";

/// The answer with the bytes. `is_download`: the browser shall save it under its name.
pub(crate) fn answer(file: PublicFile, headers: &HeaderMap, is_download: bool) -> Response {
    let tag = format!("\"{}\"", file.blob);
    let header = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    let is_known = header(header::IF_NONE_MATCH).is_some_and(|known| names(known, &tag));
    // A range of what has become another file is of no use.
    let is_same = header(header::IF_RANGE).is_none_or(|known| known == tag);
    let range = header(header::RANGE).filter(|_| is_same);
    let total = file.byte_len();
    let (status, part) = match asked(range, total) {
        _ if is_known => (StatusCode::NOT_MODIFIED, 0..0),
        Asked::Whole => (StatusCode::OK, 0..total),
        Asked::Part(part) => (StatusCode::PARTIAL_CONTENT, part),
        Asked::Impossible => (StatusCode::RANGE_NOT_SATISFIABLE, 0..0),
    };
    let mut out = HeaderMap::new();
    put(&mut out, header::ETAG, &tag);
    put(&mut out, header::ACCEPT_RANGES, "bytes");
    put(&mut out, header::CACHE_CONTROL, "no-cache");
    match status {
        StatusCode::NOT_MODIFIED => return (status, out).into_response(),
        StatusCode::RANGE_NOT_SATISFIABLE => {
            put(&mut out, header::CONTENT_RANGE, &format!("bytes */{total}"));
            return (status, out).into_response();
        }
        StatusCode::PARTIAL_CONTENT => {
            let (first, last) = (part.start, part.end.saturating_sub(1));
            put(
                &mut out,
                header::CONTENT_RANGE,
                &format!("bytes {first}-{last}/{total}"),
            );
        }
        _ => {}
    }
    put(&mut out, header::CONTENT_TYPE, "application/octet-stream");
    put(&mut out, header::CONTENT_TYPE, &file.mime_type);
    put(
        &mut out,
        header::CONTENT_LENGTH,
        &(part.end - part.start).to_string(),
    );
    if file.mime_type != PDF {
        put(&mut out, header::CONTENT_SECURITY_POLICY, SANDBOX);
    }
    if is_download {
        put(
            &mut out,
            header::CONTENT_DISPOSITION,
            &attachment(&file.name),
        );
    }
    let body = Body::from_stream(stream::unfold(Some((file, part)), next));
    (status, out, body).into_response()
}

/// Whether one of the tags of `If-None-Match` is this one.
fn names(known: &str, tag: &str) -> bool {
    known
        .split(',')
        .map(|one| one.trim().trim_start_matches("W/"))
        .any(|one| one == tag || one == "*")
}

/// A value that cannot stand in a header is left out.
fn put(headers: &mut HeaderMap, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}

/// Name for saving: in ASCII for old clients, in UTF-8 for all others. Source: RFC 6266, RFC 8187.
fn attachment(name: &str) -> String {
    let plain: String = name
        .chars()
        .map(|c| match c {
            '"' | '\\' | '/' | '%' => '_',
            c if c.is_ascii_graphic() || c == ' ' => c,
            _ => '_',
        })
        .collect();
    let encoded: String = name
        .bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'.' | b'-' | b'_' => {
                char::from(byte).to_string()
            }
            byte => format!("%{byte:02X}"),
        })
        .collect();
    format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{encoded}")
}

type Rest = Option<(PublicFile, Range<u64>)>;

async fn next(state: Rest) -> Option<(io::Result<Bytes>, Rest)> {
    let (mut file, part) = state?;
    if part.is_empty() {
        return None;
    }
    let read = tokio::task::spawn_blocking(move || {
        let piece = file.read_piece(part.start, part.end);
        piece
            .map(|piece| (file, part, piece))
            .map_err(io::Error::other)
    });
    match read.await {
        Ok(Ok((file, part, piece))) if !piece.is_empty() => {
            let at = part.start + piece.len() as u64;
            Some((Ok(Bytes::from(piece)), Some((file, at..part.end))))
        }
        Ok(Ok(_)) => Some((Err(io::ErrorKind::UnexpectedEof.into()), None)),
        Ok(Err(error)) => Some((Err(error), None)),
        Err(panicked) => Some((Err(io::Error::other(panicked)), None)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_for_saving_break_no_header() {
        assert_eq!(
            attachment("Plan \"Süd\".pdf"),
            "attachment; filename=\"Plan _S_d_.pdf\"; filename*=UTF-8''Plan%20%22S%C3%BCd%22.pdf"
        );
        assert!(!attachment("a\r\nSet-Cookie: b").contains(['\r', '\n']));
    }

    #[test]
    fn a_known_tag_is_recognised() {
        assert!(names("\"a\", W/\"b\"", "\"b\""));
        assert!(names("*", "\"b\""));
        assert!(!names("\"a\"", "\"b\""));
    }
}
