//! One at a time: whoever says of blobs that they are here, and whoever takes them away. So a row says *present* only
//! while its blob is there, although downloads and freeing run on different threads.
//!
//! It orders the threads of this process; another process cannot have the vault open.

use std::sync::{Mutex, MutexGuard, PoisonError};

static ROWS_AND_BLOBS: Mutex<()> = Mutex::new(());

/// Waits for one's turn; it ends when the guard is dropped. Held for as long as it takes to write some rows, never for
/// a request.
pub(crate) fn hold() -> MutexGuard<'static, ()> {
    ROWS_AND_BLOBS
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
}
