//! Where things lie in the checkout. Pure path arithmetic, no I/O.

use std::path::PathBuf;

/// The checkout's top folder.
pub fn root() -> PathBuf {
    let own = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    own.parent().map(PathBuf::from).unwrap_or(own)
}

/// The folder cargo builds into.
pub fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from)
}

/// A debug program built by `build_everything`.
pub fn program(name: &str) -> PathBuf {
    target()
        .join("debug")
        .join(format!("{name}{}", std::env::consts::EXE_SUFFIX))
}

/// A release program built for the measurements.
pub fn release_program(name: &str) -> PathBuf {
    target()
        .join("release")
        .join(format!("{name}{}", std::env::consts::EXE_SUFFIX))
}

/// Downloaded helpers that are not part of the build: PDFium, the typesetter.
pub fn tools() -> PathBuf {
    root().join("target").join("tools")
}

/// The Android project.
pub fn android() -> PathBuf {
    root().join("src-tauri").join("gen").join("android")
}

/// The PDFium library for development and tests.
pub fn pdfium() -> PathBuf {
    tools().join("pdfium").join("lib").join("libpdfium.so")
}
