//! Time and chance.

use std::path::PathBuf;

use super::BootTime;

/// The clock and the dice, so that tests own both.
pub trait World: Send + Sync + 'static {
    /// Unix milliseconds of the tablet's clock, which may jump.
    fn now_ms(&self) -> i64;

    /// Where files go that a person asked for without saying where.
    fn downloads(&self) -> PathBuf {
        std::env::temp_dir()
    }

    /// The machine's own clock, for waits that setting the other one must not shorten.
    fn boot(&self) -> BootTime {
        BootTime { boot: String::new(), ms: 0 }
    }

    /// Fills the bytes from a source fit for keys.
    fn fill(&self, bytes: &mut [u8]);
}
