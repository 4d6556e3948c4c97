//! Chance, from a seed that the driver gives: the same seed and events give the same effects.

/// SplitMix64.
#[derive(Debug, Clone)]
pub(crate) struct Jitter(u64);

impl Jitter {
    pub(crate) const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A number from 0 to `below`, which is left out unless it is 0.
    pub(crate) fn below(&mut self, below: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)).checked_rem(below).unwrap_or(0)
    }

    /// `around`, give or take a quarter.
    pub(crate) fn around(&mut self, around: u64) -> u64 {
        around - around / 4 + self.below(around / 2)
    }

    /// The wait after the `failures`th failure in a row (from 1): anything up to `first` doubled
    /// `failures - 1` times, at most `longest`, and never so short that it hammers.
    pub(crate) fn backoff(&mut self, first: u64, longest: u64, failures: u32) -> u64 {
        let doubled = first.saturating_mul(1_u64 << (failures.saturating_sub(1)).min(20));
        let ceiling = doubled.min(longest);
        self.below(ceiling).max(first / 4).min(longest)
    }
}
