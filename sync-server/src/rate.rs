//! Token buckets in memory, one per device or address.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use crate::limits::Rate;

/// Buckets remembered at most; full ones are forgotten first, they grant the same.
const KEPT: usize = 100_000;

#[derive(Debug, Clone, Copy)]
struct Bucket {
    tokens: f64,
    at_ms: i64,
}

/// One bucket per key.
#[derive(Debug)]
pub(crate) struct Buckets<K> {
    rate: Rate,
    buckets: Mutex<BTreeMap<K, Bucket>>,
}

impl<K: Ord> Buckets<K> {
    pub(crate) fn new(rate: Rate) -> Self {
        Self { rate, buckets: Mutex::default() }
    }

    /// Whether there is a token to take.
    ///
    /// # Errors
    /// There is none: how long until there is one, in milliseconds.
    pub(crate) fn has(&self, key: &K, now_ms: i64) -> Result<(), u64> {
        let buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        buckets.get(key).map_or(Ok(()), |bucket| self.rate.wait_of(bucket, now_ms))
    }

    /// Takes one token.
    ///
    /// # Errors
    /// There is none: how long until there is one, in milliseconds.
    pub(crate) fn take(&self, key: K, now_ms: i64) -> Result<(), u64> {
        let rate = self.rate;
        let refill = |bucket: &Bucket| rate.refill(bucket, now_ms);
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() >= KEPT && !buckets.contains_key(&key) {
            buckets.retain(|_, bucket| refill(bucket) < rate.burst);
        }
        if buckets.len() >= KEPT && !buckets.contains_key(&key) {
            return Err(1_000);
        }
        let bucket = buckets.entry(key).or_insert(Bucket { tokens: rate.burst, at_ms: now_ms });
        *bucket = Bucket { tokens: refill(bucket), at_ms: now_ms };
        rate.wait_of(bucket, now_ms)?;
        bucket.tokens -= 1.0;
        Ok(())
    }
}

impl Rate {
    fn refill(self, bucket: &Bucket, now_ms: i64) -> f64 {
        let passed = now_ms.saturating_sub(bucket.at_ms).max(0) as f64 / 1_000.0;
        (bucket.tokens + passed * self.per_second).min(self.burst)
    }

    fn wait_of(self, bucket: &Bucket, now_ms: i64) -> Result<(), u64> {
        let tokens = self.refill(bucket, now_ms);
        if tokens >= 1.0 {
            return Ok(());
        }
        Err(((1.0 - tokens) / self.per_second * 1_000.0).ceil() as u64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_is_granted_then_the_rate() {
        let buckets = Buckets::new(Rate { burst: 3.0, per_second: 2.0 });
        for _ in 0..3 {
            assert_eq!(buckets.take("a", 0), Ok(()));
        }
        assert_eq!(buckets.take("a", 0), Err(500));
        assert_eq!(buckets.take("b", 0), Ok(()), "another key has its own bucket");
        assert_eq!(buckets.take("a", 500), Ok(()));
        assert_eq!(buckets.take("a", 500), Err(500));
    }

    #[test]
    fn a_clock_that_steps_back_takes_nothing_away() {
        let buckets = Buckets::new(Rate { burst: 2.0, per_second: 1.0 });
        assert_eq!(buckets.take("a", 10_000), Ok(()));
        assert_eq!(buckets.take("a", 0), Ok(()));
        assert!(buckets.take("a", 0).is_err());
    }
}
