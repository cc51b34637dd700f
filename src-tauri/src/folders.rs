//! Which folders of the system are the app's. What lies in them is `desk`'s.

use std::path::PathBuf;

use tauri::path::PathResolver;
use tauri::{AppHandle, Manager, Wry};

/// Where the vault lies: the platform's folder for the app's data.
///
/// Errors: the system names no such folder.
#[cfg(not(target_os = "android"))]
pub(crate) fn data(app: &AppHandle) -> tauri::Result<PathBuf> {
    app.path().app_data_dir()
}

/// Where the vault lies: in the folder that Android never backs up (`Context.getNoBackupFilesDir`), whatever the rules in
/// the package say.
///
/// Errors: the system names no such folder.
#[cfg(target_os = "android")]
pub(crate) fn data(app: &AppHandle) -> tauri::Result<PathBuf> {
    Ok(app.path().app_data_dir()?.join("no_backup"))
}

/// Where files go that the member takes out: the folder for downloads; where a system has none, the one for documents,
/// or else the home folder. On Android these are the app's own, on the part of the storage that a computer can see.
///
/// Errors: the system names no such folder.
pub(crate) fn export(app: &AppHandle) -> tauri::Result<PathBuf> {
    let paths: &PathResolver<Wry> = app.path();
    paths
        .download_dir()
        .or_else(|_| paths.document_dir())
        .or_else(|_| paths.home_dir())
}
