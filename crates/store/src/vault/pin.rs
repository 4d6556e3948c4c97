//! A PIN before the vault: stretched by Argon2id, its wrong tries counted.
//!
//! The counting holds back whoever tries PINs at the tablet. Whoever has the disk tries elsewhere, at
//! the cost of one stretching (64 MiB, three passes) for each.

use argon2::{Algorithm, Argon2, Params, Version};
use client::ports::{BootTime, StoreError};
use ipc::Secret;
use serde::{Deserialize, Serialize};

use super::form::{hex, unhex};
use super::{Key, SALT, fill};
use crate::error::failed;

/// What a PIN is stretched by: 64 MiB, three passes, four lanes.
const COST: Cost = Cost { memory_kib: 64 << 10, passes: 3, lanes: 4 };
/// The most that a file may ask for: a hostile one must not take all memory or an hour.
const MOST: Cost = Cost { memory_kib: 256 << 10, passes: 10, lanes: 16 };
/// Wrong tries that cost no wait.
const FREE: u32 = 4;
/// The wait after the first try that costs one; it doubles with every further one.
const FIRST_MS: u64 = 30_000;
/// The longest wait: an hour.
const LONGEST_MS: u64 = 3_600_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Cost {
    memory_kib: u32,
    passes: u32,
    lanes: u32,
}

/// How a PIN is stretched, and how often it was wrong. Not the PIN.
#[derive(Debug)]
pub(super) struct Pin {
    salt: [u8; 16],
    cost: Cost,
    pub(super) tries: Tries,
}

/// The same as it is written.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Written {
    salt: String,
    memory_kib: u32,
    passes: u32,
    lanes: u32,
    wrong: u32,
    boot: String,
    at_ms: u64,
}

/// Wrong tries in a row, and when the last was made.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Tries {
    pub(super) wrong: u32,
    /// The run of the machine in which the last was made.
    boot: String,
    /// Milliseconds into that run.
    at_ms: u64,
}

impl Tries {
    /// One more, which is wrong until it turns out to be right.
    pub(super) fn one_more(&self, now: &BootTime) -> Self {
        Self { wrong: self.wrong.saturating_add(1), boot: now.boot.clone(), at_ms: now.ms }
    }

    /// How long until another try is looked at. The clock that people set plays no part; after a
    /// restart of the machine the wait begins anew with it.
    pub(super) fn wait_ms(&self, now: &BootTime) -> u64 {
        let Some(beyond) = self.wrong.checked_sub(FREE + 1) else { return 0 };
        let doubled = 1_u64.checked_shl(beyond).and_then(|times| times.checked_mul(FIRST_MS));
        let wait = doubled.unwrap_or(LONGEST_MS).min(LONGEST_MS);
        let waited = if self.boot == now.boot { now.ms.saturating_sub(self.at_ms) } else { now.ms };
        wait.saturating_sub(waited)
    }
}

impl Pin {
    /// For a PIN that is chosen now.
    pub(super) fn new() -> Result<Self, StoreError> {
        let mut salt = [0; 16];
        fill(&mut salt)?;
        Ok(Self { salt, cost: COST, tries: Tries::default() })
    }

    /// What the PIN gives to the wrapping of the vault.
    pub(super) fn stretch(&self, typed: &Secret) -> Result<Key, StoreError> {
        let refused = |error: argon2::Error| failed("stretching a PIN", error.to_string());
        let Cost { memory_kib, passes, lanes } = self.cost;
        let params = Params::new(memory_kib, passes, lanes, None).map_err(refused)?;
        let mut key = Key::default();
        Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
            .hash_password_into(typed.expose().as_bytes(), &self.salt, &mut *key)
            .map_err(refused)?;
        Ok(key)
    }

    /// What the wrapped key is authenticated with, so that nobody makes the stretching cheaper or takes
    /// the PIN away unnoticed.
    pub(super) fn about(pin: Option<&Self>) -> Vec<u8> {
        let mut about = SALT.to_vec();
        if let Some(Self { salt, cost: Cost { memory_kib, passes, lanes }, .. }) = pin {
            about.extend_from_slice(b"pin");
            about.extend_from_slice(salt);
            for number in [memory_kib, passes, lanes] {
                about.extend_from_slice(&number.to_le_bytes());
            }
        }
        about
    }

    pub(super) fn written(&self) -> Written {
        let Cost { memory_kib, passes, lanes } = self.cost;
        let Tries { wrong, boot, at_ms } = self.tries.clone();
        Written { salt: hex(&self.salt), memory_kib, passes, lanes, wrong, boot, at_ms }
    }
}

impl Written {
    /// None when it asks for what no vault of ours does.
    pub(super) fn read(self) -> Option<Pin> {
        let cost = Cost { memory_kib: self.memory_kib, passes: self.passes, lanes: self.lanes };
        let within = (COST.memory_kib..=MOST.memory_kib).contains(&cost.memory_kib)
            && (1..=MOST.passes).contains(&cost.passes)
            && (1..=MOST.lanes).contains(&cost.lanes);
        let salt = unhex(&self.salt)?;
        let tries = Tries { wrong: self.wrong, boot: self.boot, at_ms: self.at_ms };
        within.then_some(Pin { salt, cost, tries })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(boot: &str, ms: u64) -> BootTime {
        BootTime { boot: boot.to_owned(), ms }
    }

    fn after(wrong: u32) -> Tries {
        (0..wrong).fold(Tries::default(), |tries, _| tries.one_more(&at("first", 1_000_000)))
    }

    #[test]
    fn the_wait_grows_from_the_fifth_wrong_try_to_an_hour_and_no_further() {
        let waits = [4, 5, 6, 7, 11, 12, 40, 100, u32::MAX].map(|wrong| {
            let tries = Tries { wrong, ..after(1) };
            tries.wait_ms(&at("first", 1_000_000)) / 1_000
        });
        assert_eq!(waits, [0, 30, 60, 120, 1_920, 3_600, 3_600, 3_600, 3_600]);
    }

    #[test]
    fn a_wait_ends_with_the_time_the_machine_ran_and_begins_anew_with_a_restart() {
        let tries = after(5);
        assert_eq!(tries.wait_ms(&at("first", 1_010_000)), 20_000);
        assert_eq!(tries.wait_ms(&at("first", 1_030_000)), 0);
        // A clock that goes back earns nothing.
        assert_eq!(tries.wait_ms(&at("first", 5)), 30_000);
        assert_eq!(tries.wait_ms(&at("second", 4_000)), 26_000);
        assert_eq!(tries.wait_ms(&at("second", 2_000_000)), 0);
    }

    #[test]
    fn the_same_pin_gives_the_same_key_and_another_salt_another_one() {
        let cheap = |salt| Pin {
            salt: [salt; 16],
            cost: Cost { memory_kib: 64, passes: 1, lanes: 2 },
            tries: Tries::default(),
        };
        let word = Secret::new("482915");
        let key = cheap(1).stretch(&word).unwrap();
        assert_eq!(cheap(1).stretch(&word).unwrap(), key);
        assert_ne!(cheap(2).stretch(&word).unwrap(), key);
        assert_ne!(cheap(1).stretch(&Secret::new("482916")).unwrap(), key);
    }
}
