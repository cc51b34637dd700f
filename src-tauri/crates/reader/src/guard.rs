//! What stands between a malicious document and the device, as it was found when PDFium was started.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

/// How PDFium is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Guard {
    /// In helper processes without files, network or other programs: file rules (Landlock), a list of allowed system calls
    /// (seccomp), limits on memory and time.
    Full,
    /// The kernel has no Landlock: as [`Self::Full`], but no file can be opened at all, not even the system's fonts; text whose
    /// font is not in the document is drawn with PDFium's own.
    WithoutFileRules,
    /// In the app's own process.
    InProcess,
}

/// Where the lanes tell each other what they found.
#[derive(Debug, Clone)]
pub(crate) struct KnownGuard(Arc<AtomicU8>);

impl KnownGuard {
    pub(crate) fn new(guard: Guard) -> Self {
        Self(Arc::new(AtomicU8::new(number(guard))))
    }

    pub(crate) fn get(&self) -> Guard {
        let found = self.0.load(Ordering::Relaxed);
        [Guard::Full, Guard::WithoutFileRules]
            .into_iter()
            .find(|guard| number(*guard) == found)
            .unwrap_or(Guard::InProcess)
    }

    #[cfg(target_os = "linux")]
    pub(crate) fn set(&self, guard: Guard) {
        self.0.store(number(guard), Ordering::Relaxed);
    }
}

const fn number(guard: Guard) -> u8 {
    match guard {
        Guard::Full => 0,
        Guard::WithoutFileRules => 1,
        Guard::InProcess => 2,
    }
}
