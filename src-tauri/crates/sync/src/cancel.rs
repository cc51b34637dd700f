//! A flag that ends a running synchronisation at its next step.
//!
//! It is not a time limit and undoes nothing: what was applied before stays applied,
//! a half-fetched file stays as a part that the next run resumes.

use std::sync::Arc;
use tokio::sync::watch;

/// Shared by the one who may cancel and the run that listens.
#[derive(Clone, Debug)]
pub struct CancelFlag {
    sender: Arc<watch::Sender<bool>>,
}

impl CancelFlag {
    /// A flag that is not set.
    #[must_use]
    pub fn new() -> Self {
        Self {
            sender: Arc::new(watch::Sender::new(false)),
        }
    }

    /// Sets the flag; it cannot be taken back.
    pub fn cancel(&self) {
        self.sender.send_replace(true);
    }

    /// Whether somebody has set the flag.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        *self.sender.borrow()
    }

    /// Returns once the flag is set.
    pub async fn cancelled(&self) {
        let mut receiver = self.sender.subscribe();
        // The sender lives as long as `self`, so waiting cannot fail.
        let _ = receiver.wait_for(|set| *set).await;
    }
}

impl Default for CancelFlag {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::CancelFlag;

    #[tokio::test]
    async fn a_clone_hears_of_it() {
        let flag = CancelFlag::new();
        let other = flag.clone();
        assert!(!other.is_cancelled());
        flag.cancel();
        other.cancelled().await;
        assert!(other.is_cancelled());
    }
}
