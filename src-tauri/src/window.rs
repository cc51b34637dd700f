//! The one window: it leaves nothing on the disk, its page goes nowhere else and begins anew when the portfolio locks.

use std::path::Path;

use anyhow::Context;
use tauri::webview::NewWindowResponse;
use tauri::{App, AppHandle, Manager, Url, WebviewWindowBuilder};

/// Opens the window that `tauri.conf.json` describes.
pub(crate) fn open(app: &App, data_dir: &Path) -> anyhow::Result<()> {
    let config = app
        .config()
        .app
        .windows
        .first()
        .context("tauri.conf.json names no window")?;
    let builder = WebviewWindowBuilder::from_config(app, config)?
        .on_navigation(is_own_page)
        .on_new_window(|_, _| NewWindowResponse::Deny)
        .on_download(|_, _| false);
    // An ephemeral webview refuses to be driven; then its files lie where a test can search them, beside the data.
    let builder = builder
        .data_directory(data_dir.join("webview"))
        .incognito(!is_driven_by_a_test());
    let window = builder.build()?;
    #[cfg(target_os = "linux")]
    crate::page_memory::keep_no_cache(&window)?;
    #[cfg(not(target_os = "linux"))]
    drop(window);
    Ok(())
}

/// Loads the page anew, so that nothing stays of what the one before has shown.
///
/// Errors: the window is gone.
pub(crate) fn begin_anew(app: &AppHandle) -> anyhow::Result<()> {
    for window in app.webview_windows().into_values() {
        #[cfg(target_os = "linux")]
        if !is_driver_kept() {
            crate::page_memory::begin_anew(&window)?;
        }
        #[cfg(not(target_os = "linux"))]
        window.reload()?;
    }
    Ok(())
}

// Meets: O.Source_8
/// Only debug builds can be driven from outside.
pub(crate) fn is_driven_by_a_test() -> bool {
    cfg!(debug_assertions) && std::env::var_os("TAURI_WEBVIEW_AUTOMATION").is_some()
}

/// Whether a test goes on driving after the portfolio was locked: its driver takes the end of a process for a crash and lets go of
/// the window.
#[cfg(target_os = "linux")]
fn is_driver_kept() -> bool {
    is_driven_by_a_test() && std::env::var_os("RATSMAPPE_DRIVER_MAY_GO").is_none()
}

// Meets: O.Arch_8, O.Plat_8, O.Plat_10, MASVS-PLATFORM-2
/// Whether a URL belongs to the app's own page; in development also the server of Vite.
fn is_own_page(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    match url.scheme() {
        "tauri" => host == "localhost",
        "http" | "https" if host == "tauri.localhost" => url.port().is_none(),
        "http" => cfg!(debug_assertions) && host == "localhost" && url.port() == Some(5173),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // Shows: O.Arch_8, O.Plat_8, O.Plat_10, MASVS-PLATFORM-2
    #[test]
    fn the_page_stays_where_it_is() {
        for own in [
            "tauri://localhost/",
            "tauri://localhost/index.html#/today",
            "http://tauri.localhost/",
        ] {
            assert!(
                is_own_page(&own.parse().unwrap()),
                "{own} is the app's own page"
            );
        }
        let foreign = [
            "https://example.org/",
            "http://tauri.localhost:8080/",
            "http://localhost:80/",
            "https://localhost:5173/",
            "page://localhost/1/0",
            "file:///etc/passwd",
            "data:text/html,x",
            "about:blank",
            "tauri://localhost.example.org/",
        ];
        for url in foreign {
            assert!(
                !is_own_page(&url.parse().unwrap()),
                "{url} is not the app's own page"
            );
        }
    }
}
