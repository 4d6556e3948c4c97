//! The lock before a tablet: a PIN of its owner's choice.

use serde::{Deserialize, Serialize};

use crate::secret::Secret;

/// Fewest signs of a PIN.
pub const SHORTEST_PIN: usize = 6;

/// What can be asked while the tablet is locked, and about the lock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LockCommand {
    /// How the lock stands. Answers [`Reply::Lock`](crate::Reply::Lock), as all of these do.
    Standing,
    /// Opens the tablet.
    Unlock {
        /// What was typed.
        pin: Secret,
    },
    /// Gives the tablet a PIN, or another one.
    Set {
        /// The new one.
        pin: Secret,
        /// The present one, when there is one.
        old: Option<Secret>,
    },
    /// Takes the PIN away.
    Remove {
        /// The present one.
        old: Secret,
    },
    /// Locks the tablet now; nothing happens when it has no PIN.
    Now,
}

/// How the lock stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct LockView {
    /// Whether there is a PIN.
    pub pin: bool,
    /// Whether the tablet is locked.
    pub locked: bool,
    /// PINs in a row that were wrong.
    pub wrong: u32,
    /// How long until the next one is looked at, in milliseconds.
    pub wait_ms: u64,
}
