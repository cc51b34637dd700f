//! The URI scheme `page`: images of document pages, made by `desk`, never as JSON and never on the main thread.

use std::sync::Arc;

use desk::Desk;
use tauri::http::{HeaderValue, Request, Response, header};
use tauri::{Manager, Runtime, UriSchemeContext, UriSchemeResponder};

pub(crate) const SCHEME: &str = "page";

/// The spellings of the page's own origin: WebKit, WebView2 and Android; in development the server of Vite.
const ORIGINS: &[&str] = &[
    "tauri://localhost",
    "http://tauri.localhost",
    "https://tauri.localhost",
    #[cfg(debug_assertions)]
    "http://localhost:5173",
];

/// Answers one image request on a thread that may wait.
pub(crate) fn answer<R: Runtime>(
    context: UriSchemeContext<'_, R>,
    request: Request<Vec<u8>>,
    responder: UriSchemeResponder,
) {
    let Some(desk) = context
        .app_handle()
        .try_state::<Arc<Desk>>()
        .map(|desk| Arc::clone(&desk))
    else {
        responder.respond(Response::new(Vec::new()));
        return;
    };
    let origin = allowed_origin(request.headers().get(header::ORIGIN));
    tauri::async_runtime::spawn_blocking(move || {
        let answer = desk.page_image(
            request.uri().path(),
            request.uri().query().unwrap_or_default(),
        );
        let mut response = Response::new(answer.body);
        *response.status_mut() =
            tauri::http::StatusCode::from_u16(answer.status).unwrap_or_default();
        let headers = response.headers_mut();
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static(answer.content_type),
        );
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        headers.insert(header::VARY, HeaderValue::from_static("Origin"));
        // Page images are plaintext: no cache may keep them.
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        headers.insert(
            header::X_CONTENT_TYPE_OPTIONS,
            HeaderValue::from_static("nosniff"),
        );
        responder.respond(response);
    });
}

// Meets: O.Arch_8, MASVS-PLATFORM-2
/// The asking origin when it is the page's own; its first spelling otherwise, which a foreign page cannot use.
fn allowed_origin(asking: Option<&HeaderValue>) -> HeaderValue {
    asking
        .filter(|asking| {
            ORIGINS
                .iter()
                .any(|own| own.as_bytes() == asking.as_bytes())
        })
        .cloned()
        .unwrap_or_else(|| HeaderValue::from_static("tauri://localhost"))
}

#[cfg(test)]
mod tests {
    use super::*;

    // Shows: O.Arch_8, MASVS-PLATFORM-2
    #[test]
    fn only_the_own_page_is_allowed_to_read_images() {
        for own in ORIGINS {
            assert_eq!(allowed_origin(Some(&HeaderValue::from_static(own))), own);
        }
        assert_eq!(
            allowed_origin(Some(&HeaderValue::from_static("https://example.org"))),
            "tauri://localhost"
        );
        assert_eq!(allowed_origin(None), "tauri://localhost");
    }
}
