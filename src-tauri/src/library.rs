//! Where the PDF library lies, and the program that it runs in on Linux. Whether they work is found out by `reader`.

use std::path::PathBuf;

use tauri::AppHandle;
#[cfg(not(target_os = "android"))]
use tauri::Manager;

#[cfg(target_os = "windows")]
const FILE_NAME: &str = "pdfium.dll";
#[cfg(any(target_os = "macos", target_os = "ios"))]
const FILE_NAME: &str = "libpdfium.dylib";
#[cfg(not(any(target_os = "windows", target_os = "macos", target_os = "ios")))]
const FILE_NAME: &str = "libpdfium.so";

/// The bare name: the loader looks among the package's libraries for the device's kind of processor, inside the package
/// itself, where no path leads.
#[cfg(target_os = "android")]
pub(crate) fn find(_app: &AppHandle) -> PathBuf {
    FILE_NAME.into()
}

/// The first that is there: `RATSMAPPE_PDFIUM`, the resource folder, the build's tools folder. When none is, the bare
/// name, for the system's loader.
#[cfg(not(target_os = "android"))]
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

/// Beside the app's own program. Where that cannot be known, the bare name, which is no program.
pub(crate) fn helper() -> PathBuf {
    let own = std::env::current_exe().unwrap_or_default();
    own.with_file_name("ratsmappe-pdf")
}
