//! A simple rate limit: a bucket of tokens per address or device that fills again with time.
//! It keeps no log.

use std::collections::HashMap;
use std::hash::Hash;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Most buckets kept; beyond it, full ones are forgotten, and of the others the fuller half.
const MAX_BUCKETS: usize = 10_000;

/// Who asks from a network address: of IPv6 the first 64 bits, since one household has all that follow.
pub(crate) fn household(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => IpAddr::V4(address),
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            IpAddr::from([a, b, c, d, 0, 0, 0, 0])
        }
    }
}

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
            make_room(&mut buckets, self.allowance, now);
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

/// Forgets those who have asked least: a flood of askers neither fills the memory nor frees those who ask without end.
fn make_room<K: Eq + Hash + Clone>(
    buckets: &mut HashMap<K, Bucket>,
    allowance: Allowance,
    now: Instant,
) {
    let full = u64::from(allowance.burst) * 1000;
    buckets.retain(|_, bucket| refilled(*bucket, allowance, now) < full);
    if buckets.len() < MAX_BUCKETS {
        return;
    }
    let mut levels: Vec<(u64, K)> = buckets
        .iter()
        .map(|(asker, bucket)| (refilled(*bucket, allowance, now), asker.clone()))
        .collect();
    levels.sort_by_key(|(level, _)| *level);
    for (_, asker) in levels.into_iter().skip(MAX_BUCKETS / 2) {
        buckets.remove(&asker);
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
    #[test]
    fn a_flood_of_askers_fills_no_memory_and_frees_nobody() {
        let limit = RateLimit::new(Allowance {
            burst: 3,
            per_second: 1,
        });
        let start = Instant::now();
        while limit.take(&u64::MAX, start) {}
        for asker in 0..3 * MAX_BUCKETS as u64 {
            assert!(limit.take(&asker, start), "each may ask once");
        }
        let kept = limit.buckets.lock().unwrap().len();
        assert!(kept <= MAX_BUCKETS, "{kept}");
        assert!(
            !limit.take(&u64::MAX, start),
            "who asked too much still did"
        );
    }

    #[test]
    fn a_household_is_one_asker() {
        let of = |text: &str| household(text.parse().unwrap());
        assert_eq!(of("2001:db8:1:2::1"), of("2001:db8:1:2:ffff::9"));
        assert_ne!(of("2001:db8:1:2::1"), of("2001:db8:1:3::1"));
        assert_eq!(of("::ffff:192.0.2.7"), of("192.0.2.7"));
        assert_ne!(of("192.0.2.7"), of("192.0.2.8"));
    }
}
