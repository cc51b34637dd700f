//! The shell: a window around `desk`. It forwards one command, serves page images, passes events on, guards the screen
//! and keeps the page from leaving. What the app can do stands in `desk`.

#[cfg(desktop)]
mod arguments;
#[cfg(target_os = "linux")]
mod environment;
mod folders;
mod library;
#[cfg(target_os = "linux")]
mod no_dump;
mod outside;
#[cfg(target_os = "linux")]
mod page_memory;
mod page_scheme;
mod screen_guard;
mod window;

use std::alloc::System;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::Context;
use desk::{Desk, DeskConfig, DeskError, DeskEvent};
use screen_guard::{Change, Shown};
use serde_json::Value;
use serde_json::value::RawValue;
use tauri::webview::PageLoadEvent;
use tauri::{AppHandle, Emitter, Manager, RunEvent};
use tokio::sync::broadcast::error::RecvError;
use zeroizing_alloc::ZeroAlloc;

// Meets: O.Plat_12, MASVS-STORAGE-2
/// What papers, notes and answers to the page have taken of the heap is overwritten when it is given back.
#[global_allocator]
static HEAP: ZeroAlloc<System> = ZeroAlloc(System);

/// The name under which the page hears [`desk::DeskEvent`]s.
const EVENT: &str = "desk-event";

/// Runs one command of the desk away from the main thread.
#[tauri::command]
async fn desk_call(
    app: AppHandle,
    name: String,
    request: Option<Value>,
) -> Result<Box<RawValue>, DeskError> {
    let desk = Arc::clone(&app.state::<Arc<Desk>>());
    let worker = Arc::clone(&desk);
    tauri::async_runtime::spawn_blocking(move || {
        worker.call_text(&name, request.unwrap_or(Value::Null))
    })
    .await
    .unwrap_or_else(|_| Err(desk.internal_error()))
}

/// The page says what is on the screen.
#[tauri::command]
async fn screen_shows(app: AppHandle, shown: Shown) -> Result<(), DeskError> {
    let changed = change_guard(app.clone(), Change::PageSays(shown)).await;
    changed.map_err(|()| app.state::<Arc<Desk>>().internal_error())
}

/// Changes the guard of the screen away from the main thread, which may be the one that sets it. A failure is told.
async fn change_guard(app: AppHandle, change: Change) -> Result<(), ()> {
    let changed =
        tauri::async_runtime::spawn_blocking(move || screen_guard::change(&app, change)).await;
    changed.and_then(|done| done).map_err(|error| {
        eprintln!("Ratsmappe: the screen's guard: {error}");
    })
}

/// Opens the window and stays until it is closed.
#[cfg_attr(mobile, tauri::mobile_entry_point)]
pub fn run() {
    #[cfg(target_os = "linux")]
    if let Err(error) = environment::settle() {
        eprintln!("Ratsmappe: settings of memory and painting: {error}");
    }
    #[cfg(target_os = "linux")]
    if let Err(error) = no_dump::refuse(window::is_driven_by_a_test()) {
        eprintln!("Ratsmappe: a crash may leave a dump of the memory: {error}");
    }
    if let Err(error) = start() {
        eprintln!("Ratsmappe: {error:#}");
        std::process::exit(1);
    }
}

fn start() -> anyhow::Result<()> {
    // No tablet starts an app with words of its own.
    #[cfg(desktop)]
    let named_data_dir = arguments::parse(std::env::args_os().skip(1))?.data_dir;
    #[cfg(mobile)]
    let named_data_dir: Option<PathBuf> = None;
    tauri::Builder::default()
        .plugin(screen_guard::plugin())
        .invoke_handler(tauri::generate_handler![desk_call, screen_shows])
        .on_page_load(|webview, payload| {
            if payload.event() == PageLoadEvent::Started {
                let app = webview.app_handle().clone();
                tauri::async_runtime::spawn(change_guard(app, Change::PageStarts));
            }
        })
        .register_asynchronous_uri_scheme_protocol(page_scheme::SCHEME, page_scheme::answer)
        .setup(move |app| {
            let data_dir = match &named_data_dir {
                Some(dir) => dir.clone(),
                None => folders::data(app.handle())?,
            };
            let desk = open_desk(app.handle(), data_dir.clone())?;
            forward_events(app.handle().clone(), &desk);
            lock_when_idle(Arc::clone(&desk));
            app.manage(desk);
            window::open(app, &data_dir)?;
            Ok(())
        })
        .build(tauri::generate_context!())
        .context("the window could not be opened")?
        .run(|app, event| match event {
            RunEvent::Exit => lock_vault(app),
            #[cfg(mobile)]
            RunEvent::WindowEvent {
                event: tauri::WindowEvent::Suspended,
                ..
            } => leave(app),
            _ => {}
        });
    Ok(())
}

/// Asks the desk again and again whether nobody has done anything for long, as long as the program runs.
fn lock_when_idle(desk: Arc<Desk>) {
    tauri::async_runtime::spawn(async move {
        loop {
            let asked = Arc::clone(&desk);
            let next = tauri::async_runtime::spawn_blocking(move || asked.lock_if_idle()).await;
            // A look that ended without an answer is followed by the next one all the same.
            tokio::time::sleep(next.unwrap_or(Duration::from_secs(1))).await;
        }
    });
}

/// The app goes to the background: locks at once, after the moment that the page needs to store what is being written.
#[cfg(mobile)]
fn leave(app: &AppHandle) {
    let Some(desk) = app.try_state::<Arc<Desk>>().map(|desk| Arc::clone(&desk)) else {
        return;
    };
    tauri::async_runtime::spawn(async move {
        tokio::time::sleep(desk.leave()).await;
        let locked =
            tauri::async_runtime::spawn_blocking(move || desk.call("vault_lock", Value::Null));
        if let Ok(Err(error)) = locked.await {
            eprintln!("Ratsmappe: {}", error.message);
        }
    });
}

/// Ends what works in the background and lets go of every key, as locking does, before the process ends.
fn lock_vault(app: &AppHandle) {
    if let Some(desk) = app.try_state::<Arc<Desk>>()
        && let Err(error) = desk.call("vault_lock", Value::Null)
    {
        eprintln!("Ratsmappe: {}", error.message);
    }
}

fn open_desk(app: &AppHandle, data_dir: PathBuf) -> anyhow::Result<Arc<Desk>> {
    let config = DeskConfig {
        data_dir,
        pdfium: library::find(app),
        pdf_helper: library::helper(),
        export_dir: folders::export(app)?,
        clock: Arc::new(now_ms),
        locale: locale(),
        open_address: outside::opener(),
        key_store: key_store::of_platform(),
    };
    Ok(Arc::new(
        Desk::new(config).context("the data folder could not be opened")?,
    ))
}

/// The device's clock in ms UTC; 0 before 1970.
fn now_ms() -> i64 {
    let since_1970 = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    i64::try_from(since_1970.as_millis()).unwrap_or(i64::MAX)
}

/// The device's language where the system tells it in the usual variables; elsewhere the member chooses.
fn locale() -> Option<String> {
    let mut set = ["LC_ALL", "LC_MESSAGES", "LANG"]
        .into_iter()
        .filter_map(|name| std::env::var(name).ok());
    set.find(|value| !value.is_empty())
}

fn forward_events(app: AppHandle, desk: &Desk) {
    let mut events = desk.events();
    tauri::async_runtime::spawn(async move {
        loop {
            match events.recv().await {
                Ok(DeskEvent::VaultLocked) => {
                    // Told where it failed; the page asks for it too.
                    let _ = change_guard(app.clone(), Change::VaultLocked).await;
                    drop(app.emit(EVENT, DeskEvent::VaultLocked));
                    if let Err(error) = window::begin_anew(&app) {
                        eprintln!("Ratsmappe: the page's memory after locking: {error:#}");
                    }
                }
                // A page that is not there yet misses nothing: it asks for the status when it starts.
                Ok(event) => drop(app.emit(EVENT, event)),
                Err(RecvError::Lagged(_)) => {}
                Err(RecvError::Closed) => break,
            }
        }
    });
}
