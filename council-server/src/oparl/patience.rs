//! How often and how long a portal is asked, and why something could not be had. No network.

use std::time::Duration;

/// Tries of one request.
const TRIES: u32 = 3;
/// Longest time for one JSON answer, the first byte to the last. Milliseconds.
pub(crate) const JSON_TIMEOUT_MS: u64 = 5 * 60_000;
/// Longest time for one file: the longest one over a line of two megabits. Milliseconds.
pub(crate) const FILE_TIMEOUT_MS: u64 = 40 * 60_000;

/// How often and how patiently a portal is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Manners {
    /// Before the second try; twice that before the third.
    pub retry_pause_ms: u64,
    /// Between the beginnings of two requests, in the long run.
    pub request_interval_ms: u64,
    /// For one JSON answer.
    pub json_timeout_ms: u64,
    /// For one file.
    pub file_timeout_ms: u64,
}

/// Why something could not be had; without the address, which stands beside it anyway.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Failure {
    pub status: Option<u16>,
    pub reason: String,
    pub pause_ms: Option<u64>,
    /// Asking again in this import will not help.
    is_settled: bool,
}

impl Failure {
    pub(crate) fn new(reason: impl Into<String>) -> Self {
        Self {
            status: None,
            reason: reason.into(),
            pause_ms: None,
            is_settled: false,
        }
    }

    /// One that is not tried again in this import.
    pub(crate) fn settled(reason: impl Into<String>) -> Self {
        Self {
            is_settled: true,
            ..Self::new(reason)
        }
    }

    /// The portal answered with `status`, but not what was asked for.
    pub(crate) fn answered(status: u16, reason: impl Into<String>, pause_ms: Option<u64>) -> Self {
        Self {
            status: Some(status),
            pause_ms,
            ..Self::new(reason)
        }
    }

    /// The portal answered, but not what was asked for.
    pub(crate) fn is_answer(&self) -> bool {
        self.status.is_some()
    }

    fn is_final(&self) -> bool {
        let is_refused = |s: u16| (300..500).contains(&s) && ![408, 425, 429].contains(&s);
        self.is_settled || self.status.is_some_and(is_refused)
    }
}

/// Counts the tries of one request.
pub(crate) struct Tries {
    manners: Manners,
    made: u32,
}

impl Tries {
    pub(crate) fn new(manners: Manners) -> Self {
        Self { manners, made: 0 }
    }

    /// Waits before the next try. Errors: the failure itself, where there is none.
    pub(crate) async fn wait(&mut self, failure: Failure) -> Result<(), Failure> {
        self.made += 1;
        if self.made >= TRIES || failure.is_final() {
            return Err(failure);
        }
        let own = self.manners.retry_pause_ms << (self.made - 1);
        // In tests nobody waits, whatever a portal asks for.
        let asked = failure.pause_ms.filter(|_| own > 0).unwrap_or(0);
        tokio::time::sleep(Duration::from_millis(own.max(asked))).await;
        Ok(())
    }
}
