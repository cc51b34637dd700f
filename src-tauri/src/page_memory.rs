//! Linux: how the page's own processes give memory back. Nothing of this reaches the app's own process, which has started.

use webkit2gtk::{CacheModel, WebContextExt, WebViewExt};

/// A page image is larger than this, so it is mapped by itself and goes back to the system the moment it is dropped.
///
/// glibc begins with this bound but raises it whenever such an image is freed; then all later ones stay in its arenas, and
/// scrolling through a 400-page budget kept 100 MB more (docs/BENCHMARKS.md). A fixed bound is not raised. Source: mallopt(3).
const OWN_MAPPING_FROM_BYTES: &str = "131072";

/// Tells the processes that the window starts later; what the member's system says itself stands.
///
/// Errors: the environment cannot be changed.
pub(crate) fn keep_small() -> anyhow::Result<()> {
    glib::setenv("MALLOC_MMAP_THRESHOLD_", OWN_MAPPING_FROM_BYTES, false)?;
    Ok(())
}

/// Lets WebKit forget what is not on the screen: page images come from this device and are made anew as quickly.
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
