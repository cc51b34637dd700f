//! How often and after which pauses a failed request is tried again.

use std::time::Duration;

use super::TransportError;

/// Pauses between attempts: the first one, doubled each time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Backoff {
    /// Attempts in all, at least 1.
    pub attempts: u32,
    pub first_pause_ms: u64,
    /// No pause is longer.
    pub longest_pause_ms: u64,
}

impl Backoff {
    /// For a tablet on a train: five attempts within about eight seconds.
    pub const NORMAL: Self = Self {
        attempts: 5,
        first_pause_ms: 500,
        longest_pause_ms: 8_000,
    };
    /// For tests and for the first contact: no pauses.
    pub const NONE: Self = Self {
        attempts: 2,
        first_pause_ms: 0,
        longest_pause_ms: 0,
    };

    /// The pause after a failed attempt (the first is 0); `None` when it was the last.
    pub(crate) fn pause_after(&self, attempt: u32) -> Option<Duration> {
        if attempt.saturating_add(1) >= self.attempts {
            return None;
        }
        let factor = 1_u64.checked_shl(attempt.min(32)).unwrap_or(u64::MAX);
        Some(Duration::from_millis(
            self.first_pause_ms
                .saturating_mul(factor)
                .min(self.longest_pause_ms),
        ))
    }
}

impl Default for Backoff {
    fn default() -> Self {
        Self::NORMAL
    }
}

/// Whether the same request may succeed a moment later.
pub(crate) fn is_worth_a_retry(error: &TransportError) -> bool {
    match error {
        TransportError::Offline(_) | TransportError::Interrupted(_) => true,
        TransportError::Refused(refusal) => refusal.status == 429 || refusal.status >= 500,
        TransportError::PinMismatch
        | TransportError::TlsRefused
        | TransportError::Address(_)
        | TransportError::TooLarge
        | TransportError::BadRange
        | TransportError::Setup
        | TransportError::Signing(_)
        | TransportError::Random(_)
        | TransportError::Cancelled => false,
    }
}

#[cfg(test)]
mod tests {
    use super::Backoff;

    #[test]
    fn pauses_double_up_to_the_longest_and_end() {
        let backoff = Backoff {
            attempts: 5,
            first_pause_ms: 500,
            longest_pause_ms: 1_500,
        };
        let pauses: Vec<_> = (0..6)
            .map(|n| backoff.pause_after(n).map(|pause| pause.as_millis()))
            .collect();
        assert_eq!(
            pauses,
            [Some(500), Some(1_000), Some(1_500), Some(1_500), None, None]
        );
    }
}
