//! Loading PDFium, once per process. Nothing else here.
//!
//! pdfium-render keeps PDFium's functions in one global, and PDFium's own state is global too. So the
//! first path loaded stays for the life of the process, and later starts share it; their threads take
//! turns at the lock that the feature `thread_safe` puts round every call.

use std::path::Path;
use std::sync::{Arc, Mutex, OnceLock};

use pdfium_render::prelude::{Pdfium, PdfiumLibraryBindingsAccessor};

use crate::error::{ReaderError, Result};
use crate::pdfium::Bindings;
use crate::reply::lock;

static LOADED: OnceLock<Pdfium> = OnceLock::new();
static LOADING: Mutex<()> = Mutex::new(());

/// PDFium, loaded from `library` unless it is loaded already.
///
/// Errors: `LibraryMissing` when there is no loadable PDFium at the path; it can be tried again.
pub(crate) fn load(library: &Path) -> Result<Bindings> {
    let _one_at_a_time = lock(&LOADING);
    if let Some(pdfium) = LOADED.get() {
        return Ok(pdfium.bindings());
    }
    let bindings =
        Pdfium::bind_to_library(library).map_err(|source| ReaderError::LibraryMissing {
            path: library.to_owned(),
            source: Arc::new(source),
        })?;
    Ok(LOADED.get_or_init(|| Pdfium::new(bindings)).bindings())
}
