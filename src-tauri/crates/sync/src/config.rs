//! What a synchronisation takes from outside: the clock and the patience.

use std::sync::Arc;

use crate::transport::Backoff;

/// This device's clock: ms UTC.
pub type Clock = Arc<dyn Fn() -> i64 + Send + Sync>;

/// The clock of the operating system.
#[must_use]
pub fn system_clock() -> Clock {
    Arc::new(|| chrono::Utc::now().timestamp_millis())
}

/// How a synchronisation behaves.
#[derive(Clone)]
pub struct SyncConfig {
    pub clock: Clock,
    pub backoff: Backoff,
    /// How many files are fetched at once.
    pub parallel_files: usize,
}

impl Default for SyncConfig {
    fn default() -> Self {
        Self {
            clock: system_clock(),
            backoff: Backoff::NORMAL,
            parallel_files: 4,
        }
    }
}

impl std::fmt::Debug for SyncConfig {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SyncConfig")
            .field("backoff", &self.backoff)
            .field("parallel_files", &self.parallel_files)
            .finish_non_exhaustive()
    }
}
