//! The app without its window over a tablet's folder.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result, bail, ensure};
use desk::{Desk, DeskConfig, DeskEvent};
use reader::{Home, ReaderConfig};
use serde_json::Value;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;

/// A desk whose vault is still locked.
pub fn desk(tablet: &Path) -> Result<Desk> {
    Desk::new(DeskConfig {
        data_dir: tablet.to_path_buf(),
        pdfium: pdfium()?,
        pdf_helper: helper()?,
        export_dir: tablet.join("downloads"),
        clock: Arc::new(|| chrono::Utc::now().timestamp_millis()),
        locale: None,
        key_store: None,
        open_address: desk::opens_nothing(),
    })
    .map_err(|failure| anyhow::anyhow!("desk: {:?}", failure.code))
}

/// Runs a command; its error stops the measurement.
pub fn ask(desk: &Desk, name: &str, request: Value) -> Result<Value> {
    desk.call(name, request)
        .map_err(|error| anyhow::anyhow!("{name}: {}", error.message))
}

/// Until the run of indexing that unlocking has begun is over.
pub fn wait_for_index(mut events: Receiver<DeskEvent>) -> Result<()> {
    loop {
        match events.blocking_recv() {
            Ok(DeskEvent::IndexProgress {
                running: false,
                incomplete,
                ..
            }) => {
                ensure!(!incomplete, "the index is incomplete");
                return Ok(());
            }
            Ok(_) | Err(RecvError::Lagged(_)) => {}
            Err(RecvError::Closed) => bail!("the desk is gone"),
        }
    }
}

/// The program that PDFium runs in, built beside this one.
pub fn helper() -> Result<PathBuf> {
    let path = std::env::current_exe()?.with_file_name("ratsmappe-pdf");
    ensure!(path.is_file(), "{} is missing", path.display());
    Ok(path)
}

/// PDFium as the app uses it.
pub fn caged() -> Result<ReaderConfig> {
    Ok(ReaderConfig::new(pdfium()?, Home::of_platform(helper()?)))
}

pub fn pdfium() -> Result<PathBuf> {
    std::env::var_os("RATSMAPPE_PDFIUM")
        .map(PathBuf::from)
        .context("RATSMAPPE_PDFIUM names no library: start this by `cargo xtask bench`")
}
