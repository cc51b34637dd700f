//! Where the PDF library lies. Whether it works is found out by `reader`.

use std::path::PathBuf;

use tauri::{AppHandle, Manager};

#[cfg(target_os = "windows")]
const FILE_NAME: &str = "pdfium.dll";
#[cfg(any(target_os = "macos", target_os = "ios"))]
const FILE_NAME: &str = "libpdfium.dylib";
#[cfg(not(any(target_os = "windows", target_os = "macos", target_os = "ios")))]
const FILE_NAME: &str = "libpdfium.so";

/// The first that is there: `RATSMAPPE_PDFIUM`, the resource folder, the build's tools folder. When none is, the bare
/// name, which Android's loader finds among the package's libraries.
pub(crate) fn find(app: &AppHandle) -> PathBuf {
    let named = std::env::var_os("RATSMAPPE_PDFIUM").map(PathBuf::from);
    let resource = app
        .path()
        .resource_dir()
        .ok()
        .map(|dir| dir.join("resources/pdfium").join(FILE_NAME));
    let built = std::env::current_exe().ok().and_then(|program| {
        let target = program.parent()?.parent()?;
        Some(target.join("tools/pdfium/lib").join(FILE_NAME))
    });
    [named, resource, built]
        .into_iter()
        .flatten()
        .find(|path| path.is_file())
        .unwrap_or_else(|| FILE_NAME.into())
}
