//! The app's page in Chromium over a desk in this process: the engine of Android's web view, on the machine and with the
//! painting that pdf.js has beside it. In place of Tauri stands a loopback server, which passes on the same three things:
//! the one command, events and page images.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result};
use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path as Named, State};
use axum::http::{StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::serve::ListenerExt;
use desk::{Desk, DeskEvent};
use serde_json::Value;
use stories::window::Window;
use tokio::sync::Mutex;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;

use super::app;

/// The page's part of Tauri: commands and events over the server below.
const HOST: &str = "const callbacks = new Map(); let last = 0; const listening = new Map(); \
    const transformCallback = (callback) => { callbacks.set(++last, callback); return last; }; \
    window.__TAURI_EVENT_PLUGIN_INTERNALS__ = { unregisterListener: (event, id) => listening.delete(id) }; \
    window.__TAURI_INTERNALS__ = { transformCallback, unregisterCallback: (id) => callbacks.delete(id), \
      invoke: async (command, args) => { \
        if (command === 'plugin:event|listen') { listening.set(args.handler, args.event); return args.handler; } \
        if (command !== 'desk_call') return null; \
        const answer = await fetch(`/call/${args.name}`, { method: 'POST', body: JSON.stringify(args.request ?? null) }); \
        const told = await answer.json(); if (!answer.ok) throw told; return told; } }; \
    const hear = async () => { for (;;) { const told = await (await fetch('/event')).json(); \
      for (const [id, event] of listening) if (event === 'desk-event') callbacks.get(id)?.({ event, id, payload: told }); } }; \
    hear();";

/// Where Android's web view finds the page and its images.
const PAGE: &str = "tauri.localhost";
const IMAGES: &str = "page.localhost";
/// What the page knows Android by; what follows is what the web view of a tablet says.
const ANDROID: &str = "Mozilla/5.0 (Linux; Android 15; Tablet; wv) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0 Safari/537.36";

struct Shell {
    desk: Arc<Desk>,
    events: Mutex<Receiver<DeskEvent>>,
    page: PathBuf,
}

/// Opens the page over the desk of a tablet. The server ends with the runtime that this is called on.
///
/// Errors: the page is not built, no chromedriver, no display.
pub async fn open(tablet: &Path, shots: &Path) -> Result<Window> {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../ui/dist");
    anyhow::ensure!(
        page.join("index.html").is_file(),
        "the page is not built: start this by `cargo xtask bench`"
    );
    let desk = Arc::new(app::desk(tablet)?);
    let events = Mutex::new(desk.events());
    let shell = Arc::new(Shell { desk, events, page });
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let port = listener.local_addr()?.port();
    let routes = Router::new()
        .route("/call/{name}", post(call))
        .route("/event", get(next_event))
        .fallback(file_or_image)
        .with_state(shell);
    // Head and body of an answer leave at once, as between an app and its web view.
    let listener = listener.tap_io(|stream| {
        if let Err(error) = stream.set_nodelay(true) {
            eprintln!("a connection waits before it sends: {error}");
        }
    });
    tokio::spawn(async move {
        if let Err(error) = axum::serve(listener, routes).await {
            eprintln!("the page's server ended: {error}");
        }
    });
    let here = |host: &str| format!("MAP {host}:80 127.0.0.1:{port}");
    let arguments = [
        "--no-sandbox".to_owned(),
        "--no-first-run".to_owned(),
        "--disable-sync".to_owned(),
        "--window-size=1366,1024".to_owned(),
        format!("--user-agent={ANDROID}"),
        format!("--host-resolver-rules={},{}", here(PAGE), here(IMAGES)),
        format!("--user-data-dir={}", shots.join("profile").display()),
    ];
    Window::in_chromium(&format!("http://{PAGE}/"), &arguments, shots).await
}

async fn call(
    State(shell): State<Arc<Shell>>,
    Named(name): Named<String>,
    request: Bytes,
) -> Response {
    let Ok(request) = serde_json::from_slice::<Value>(&request) else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    let answered = tokio::task::spawn_blocking(move || shell.desk.call_text(&name, request));
    let json = [(header::CONTENT_TYPE, "application/json")];
    match answered.await {
        Ok(Ok(answer)) => (json, answer.get().to_owned()).into_response(),
        Ok(Err(error)) => {
            let told = serde_json::to_string(&error).unwrap_or_default();
            (StatusCode::CONFLICT, json, told).into_response()
        }
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// Waits for the next event.
async fn next_event(State(shell): State<Arc<Shell>>) -> Response {
    let mut events = shell.events.lock().await;
    loop {
        match events.recv().await {
            Ok(event) => return axum::Json(event).into_response(),
            Err(RecvError::Lagged(_)) => {}
            Err(RecvError::Closed) => return StatusCode::GONE.into_response(),
        }
    }
}

async fn file_or_image(
    State(shell): State<Arc<Shell>>,
    head: axum::http::HeaderMap,
    uri: Uri,
) -> Response {
    let host = head.get(header::HOST).and_then(|host| host.to_str().ok());
    if host == Some(IMAGES) {
        return image(shell, uri).await;
    }
    match file(&shell.page, uri.path()) {
        Ok((kind, bytes)) => ([(header::CONTENT_TYPE, kind)], bytes).into_response(),
        Err(_) => StatusCode::NOT_FOUND.into_response(),
    }
}

async fn image(shell: Arc<Shell>, uri: Uri) -> Response {
    let drawn = tokio::task::spawn_blocking(move || {
        shell
            .desk
            .page_image(uri.path(), uri.query().unwrap_or_default())
    });
    let Ok(image) = drawn.await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let status = StatusCode::from_u16(image.status).unwrap_or_default();
    let head = [
        (header::CONTENT_TYPE, image.content_type),
        (
            header::ACCESS_CONTROL_ALLOW_ORIGIN,
            "http://tauri.localhost",
        ),
        (header::CACHE_CONTROL, "no-store"),
    ];
    (status, head, image.body).into_response()
}

/// A file of the built page and its type. The page alone asks here.
fn file(folder: &Path, path: &str) -> Result<(&'static str, Vec<u8>)> {
    if path == "/host.js" {
        return Ok(("text/javascript", HOST.into()));
    }
    let name = match path.trim_start_matches('/') {
        "" => "index.html",
        name => name,
    };
    let bytes = std::fs::read(folder.join(name)).with_context(|| name.to_owned())?;
    let kind = match name.rsplit('.').next() {
        Some("html") => "text/html",
        Some("js") => "text/javascript",
        Some("css") => "text/css",
        Some("svg") => "image/svg+xml",
        Some("woff2") => "font/woff2",
        _ => "application/octet-stream",
    };
    if name != "index.html" {
        return Ok((kind, bytes));
    }
    let text = String::from_utf8(bytes).context("index.html is no text")?;
    let with_host = text.replacen("<head>", "<head><script src=\"/host.js\"></script>", 1);
    Ok((kind, with_host.into_bytes()))
}
