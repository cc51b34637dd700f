//! A process in which PDFium is not loaded: one test, alone in its file, because loading is for the process.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod common;

use std::path::Path;

use common::config;
use reader::{Reader, ReaderConfig, ReaderError};

#[test]
fn a_missing_library_is_named() {
    let path = Path::new("/nowhere/libpdfium.so");
    let error = Reader::start(ReaderConfig {
        library: path.to_owned(),
        ..config()
    })
    .unwrap_err();
    assert_eq!(error.code(), "pdfium_missing");
    let ReaderError::LibraryMissing { path: named, .. } = &error else {
        panic!("{error:?}");
    };
    assert_eq!(named, path);
    assert!(std::error::Error::source(&error).is_some());
}
