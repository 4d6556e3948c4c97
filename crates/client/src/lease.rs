//! The lease: a tablet that has heard nothing of its council for thirty days locks what it holds.
//!
//! An order to empty a tablet reaches it at its next contact; this is for the tablet that never makes one.
//! What is spent is counted by the machine's own clock, which goes on in its sleep and which nobody can
//! set. Over a restart there is only the clock that can be set: it counts when it has gone on, and never for
//! less than the machine has run since. A clock that stands before what it has shown already is not
//! believed, and each such start costs a day: setting it back buys thirty starts, not eternity.
//!
//! Pure: time is an argument.

use serde::{Deserialize, Serialize};

use crate::ports::BootTime;

/// A day, in milliseconds.
pub const DAY_MS: u64 = 24 * 3_600_000;
/// How long a tablet works without any contact, in milliseconds.
pub const LEASE_MS: u64 = 30 * DAY_MS;
/// How long before its end the person is told, in milliseconds.
pub const WARNING_MS: u64 = 7 * DAY_MS;

/// How much of the lease is spent, and where the clocks stood when that was reckoned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lease {
    /// Milliseconds since the last contact.
    spent_ms: u64,
    /// The clock that people set, Unix milliseconds, when this was reckoned.
    wall_ms: i64,
    /// The furthest it has shown since the last contact.
    furthest_ms: i64,
    /// Names the run of the machine in which this was reckoned.
    boot: String,
    /// Milliseconds since it began.
    boot_ms: u64,
}

impl Lease {
    /// A lease that begins now: the council was reached.
    #[must_use]
    pub fn begun(now_ms: i64, boot: &BootTime) -> Self {
        Self {
            spent_ms: 0,
            wall_ms: now_ms,
            furthest_ms: now_ms,
            boot: boot.boot.clone(),
            boot_ms: boot.ms,
        }
    }

    /// The same, reckoned up to now.
    #[must_use]
    pub fn at(&self, now_ms: i64, boot: &BootTime) -> Self {
        let passed = if boot.boot == self.boot {
            boot.ms.saturating_sub(self.boot_ms)
        } else if now_ms >= self.furthest_ms {
            u64::try_from(now_ms.saturating_sub(self.wall_ms)).unwrap_or(0).max(boot.ms)
        } else {
            boot.ms.max(DAY_MS)
        };
        Self {
            spent_ms: self.spent_ms.saturating_add(passed),
            wall_ms: now_ms,
            furthest_ms: self.furthest_ms.max(now_ms),
            boot: boot.boot.clone(),
            boot_ms: boot.ms,
        }
    }

    /// Whether it has ended: only a contact begins another one.
    #[must_use]
    pub const fn is_over(&self) -> bool {
        self.spent_ms >= LEASE_MS
    }

    /// Whole days that are left, begun ones too, once the person is to be told; 0 when it has ended.
    #[must_use]
    pub fn days_left(&self) -> Option<u32> {
        let left = LEASE_MS.saturating_sub(self.spent_ms);
        (left <= WARNING_MS).then(|| u32::try_from(left.div_ceil(DAY_MS)).unwrap_or(u32::MAX))
    }

    /// Whether this is worth writing down in the place of what was: an hour more, or another start.
    #[must_use]
    pub fn is_news_to(&self, kept: &Self) -> bool {
        self.boot != kept.boot || self.spent_ms.saturating_sub(kept.spent_ms) >= DAY_MS / 24
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn boot(name: &str, ms: u64) -> BootTime {
        BootTime { boot: name.to_owned(), ms }
    }

    const NOW: i64 = 1_700_000_000_000;

    fn ms(days: u64) -> i64 {
        i64::try_from(days * DAY_MS).unwrap()
    }

    #[test]
    fn a_lease_warns_for_a_week_and_ends_after_thirty_days() {
        let lease = Lease::begun(NOW, &boot("a", 0));
        for (days, left) in
            [(0, None), (22, None), (23, Some(7)), (24, Some(6)), (29, Some(1)), (30, Some(0))]
        {
            let now = lease.at(NOW + ms(days), &boot("a", days * DAY_MS));
            assert_eq!((now.days_left(), now.is_over()), (left, left == Some(0)), "{days}");
        }
        let anew = Lease::begun(NOW + ms(31), &boot("a", 31 * DAY_MS));
        assert_eq!((anew.days_left(), anew.is_over()), (None, false));
    }

    #[test]
    fn a_clock_that_is_set_does_nothing_while_the_machine_runs() {
        let lease = Lease::begun(NOW, &boot("a", 0));
        for wall in [NOW - ms(400), NOW, NOW + ms(400)] {
            let now = lease.at(wall, &boot("a", 31 * DAY_MS));
            assert!(now.is_over());
            let early = lease.at(wall, &boot("a", DAY_MS));
            assert_eq!((early.days_left(), early.is_over()), (None, false));
        }
    }

    #[test]
    fn a_clock_that_is_set_back_between_two_starts_costs_a_day_each() {
        let mut lease = Lease::begun(NOW, &boot("0", 0)).at(NOW + ms(10), &boot("0", 10 * DAY_MS));
        for start in 1..20 {
            lease = lease.at(NOW, &boot(&start.to_string(), 60_000));
            assert!(!lease.is_over(), "{start}");
        }
        assert!(lease.at(NOW, &boot("20", 60_000)).is_over());
        // And a machine that runs on with it pays what it runs.
        let lease = Lease::begun(NOW, &boot("a", 0)).at(NOW - ms(9), &boot("b", 60_000));
        assert!(lease.at(NOW - ms(9), &boot("b", 60_000 + 29 * DAY_MS)).is_over());
    }

    #[test]
    fn a_machine_that_was_off_counts_what_the_clock_went_on() {
        let lease = Lease::begun(NOW, &boot("a", 500)).at(NOW + ms(29), &boot("b", 1_000));
        assert!(!lease.is_over());
        assert!(lease.at(NOW + ms(30), &boot("c", 1_000)).is_over());
    }

    proptest! {
        /// Whatever is done to the clock, the lease is never given back, and running time always counts.
        #[test]
        fn nothing_but_a_contact_gives_a_lease_back(
            steps in prop::collection::vec((any::<bool>(), any::<i64>(), 0..40 * DAY_MS), 1..40)
        ) {
            let mut lease = Lease::begun(NOW, &boot("0", 0));
            let (mut run, mut up, mut ran) = (0_u32, 0_u64, 0_u64);
            for (restart, wall, runs) in steps {
                if restart {
                    (run, up) = (run + 1, 0);
                }
                (up, ran) = (up + runs, ran + runs);
                let next = lease.at(wall, &boot(&run.to_string(), up));
                prop_assert!(next.spent_ms >= lease.spent_ms);
                lease = next;
                prop_assert!(lease.spent_ms >= ran, "{} {ran}", lease.spent_ms);
                prop_assert_eq!(lease.is_over(), lease.days_left() == Some(0));
            }
        }
    }
}
