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
