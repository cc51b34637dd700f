//! Linux: what the page's own process may keep.

use webkit2gtk::{CacheModel, WebContextExt, WebViewExt};

// Meets: O.Plat_11
/// Lets WebKit forget what is not on the screen: page images come from this device and are made anew as quickly, and
/// without this each page scrolled past leaves its image behind.
///
/// Errors: the webview is gone.
pub(crate) fn keep_no_cache(window: &tauri::WebviewWindow) -> anyhow::Result<()> {
    window.with_webview(|webview| {
        if let Some(context) = webview.inner().context() {
            context.set_cache_model(CacheModel::DocumentViewer);
        }
    })?;
    Ok(())
}

// Meets: O.Plat_11, MASVS-STORAGE-2
/// Ends the page's process, with all texts and images that it holds, and loads the page into a new one.
///
/// Errors: the webview is gone.
pub(crate) fn begin_anew(window: &tauri::WebviewWindow) -> anyhow::Result<()> {
    window.with_webview(|webview| {
        let page = webview.inner();
        page.terminate_web_process();
        page.reload();
    })?;
    Ok(())
}
