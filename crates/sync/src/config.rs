//! How patient the engine is.

/// Times in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Config {
    /// How long after the last edit a batch is sent.
    pub gather_ms: u64,
    /// How long after the first edit of a batch it is sent at the latest.
    pub gather_at_most_ms: u64,
    /// How long between exchanges when nothing happens, give or take a quarter.
    pub poll_ms: u64,
    /// How long an exchange may take before it counts as failed.
    pub deadline_ms: u64,
    /// Longest wait after the first failure; it doubles with each further one, up to a poll.
    pub backoff_ms: u64,
    /// Over how long tablets spread when the network comes back to all of them at once.
    pub spread_ms: u64,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            gather_ms: 2_000,
            gather_at_most_ms: 5_000,
            poll_ms: 60_000,
            deadline_ms: 90_000,
            backoff_ms: 1_000,
            spread_ms: 3_000,
        }
    }
}
