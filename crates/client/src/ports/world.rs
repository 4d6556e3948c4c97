//! Time and chance.

/// The clock and the dice, so that tests own both.
pub trait World: Send + Sync + 'static {
    /// Unix milliseconds of the tablet's clock, which may jump.
    fn now_ms(&self) -> i64;

    /// Fills the bytes from a source fit for keys.
    fn fill(&self, bytes: &mut [u8]);
}
