//! A simple rate limit: a bucket of tokens per address or device that fills again with time.
//! It keeps no log.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Most buckets kept; beyond it, full ones are forgotten.
const MAX_BUCKETS: usize = 10_000;

/// How much is allowed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Allowance {
    /// Requests at once.
    pub burst: u32,
    /// Requests per second in the long run.
    pub per_second: u32,
}

/// Buckets for one kind of asker.
#[derive(Debug)]
pub(crate) struct RateLimit<K> {
    allowance: Allowance,
    buckets: Mutex<HashMap<K, Bucket>>,
}

#[derive(Clone, Copy, Debug)]
struct Bucket {
    /// Thousandths of a request.
    level: u64,
    at: Instant,
}

impl<K: Eq + Hash + Clone> RateLimit<K> {
    pub(crate) fn new(allowance: Allowance) -> Self {
        Self {
            allowance,
            buckets: Mutex::new(HashMap::new()),
        }
    }

    /// Takes one request's token at the moment `now`. False: refused.
    pub(crate) fn take(&self, asker: &K, now: Instant) -> bool {
        let full = u64::from(self.allowance.burst) * 1000;
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() >= MAX_BUCKETS {
            let allowance = self.allowance;
            buckets.retain(|_, bucket| refilled(*bucket, allowance, now) < full);
        }
        let bucket = buckets.entry(asker.clone()).or_insert(Bucket {
            level: full,
            at: now,
        });
        bucket.level = refilled(*bucket, self.allowance, now);
        bucket.at = now;
        if bucket.level < 1000 {
            return false;
        }
        bucket.level -= 1000;
        true
    }
}

fn refilled(bucket: Bucket, allowance: Allowance, now: Instant) -> u64 {
    let waited: Duration = now.saturating_duration_since(bucket.at);
    let gained = u64::try_from(waited.as_millis())
        .unwrap_or(u64::MAX)
        .saturating_mul(u64::from(allowance.per_second));
    bucket
        .level
        .saturating_add(gained)
        .min(u64::from(allowance.burst) * 1000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_empties_and_fills_again() {
        let limit = RateLimit::new(Allowance {
            burst: 3,
            per_second: 2,
        });
        let start = Instant::now();
        assert!(
            (0..3).all(|_| limit.take(&"a", start)),
            "the burst is allowed"
        );
        assert!(!limit.take(&"a", start), "one more is not");
        assert!(
            limit.take(&"b", start),
            "another asker has a bucket of her own"
        );
        assert!(
            limit.take(&"a", start + Duration::from_millis(500)),
            "half a second gives one at two per second"
        );
        assert!(!limit.take(&"a", start + Duration::from_millis(500)));
    }
}
