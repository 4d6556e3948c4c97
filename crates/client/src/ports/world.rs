//! Time and chance.

use std::path::PathBuf;

/// The clock and the dice, so that tests own both.
pub trait World: Send + Sync + 'static {
    /// Unix milliseconds of the tablet's clock, which may jump.
    fn now_ms(&self) -> i64;

    /// Where files go that a person asked for without saying where.
    fn downloads(&self) -> PathBuf {
        std::env::temp_dir()
    }

    /// Fills the bytes from a source fit for keys.
    fn fill(&self, bytes: &mut [u8]);
}
