//! The lock before a profile.

use ipc::Secret;

use super::StoreError;

/// Where the machine's own clock stands. It goes on while the machine sleeps, and nobody can set it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BootTime {
    /// Names this run of the machine.
    pub boot: String,
    /// Milliseconds since it began.
    pub ms: u64,
}

/// How the lock stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct LockStanding {
    /// Whether there is a PIN.
    pub pin: bool,
    /// Whether the keys are out of memory, so that only the PIN brings them back.
    pub locked: bool,
    /// PINs in a row that were wrong.
    pub wrong: u32,
    /// How long until the next one is looked at, in milliseconds.
    pub wait_ms: u64,
}

/// What is left of a tablet that was emptied by order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Emptied {
    /// When the order was given, Unix milliseconds.
    pub ordered_ms: i64,
    /// Whether the member gave it, on another device; the office otherwise.
    pub own: bool,
    /// Changes that could not be sent before; 0 as a rule.
    pub unsent: u32,
}

/// Keeps the keys of a profile behind a PIN.
pub trait Lock: Send + Sync + 'static {
    /// How it stands.
    ///
    /// # Errors
    /// It cannot be read.
    fn standing(&self, now: &BootTime) -> Result<LockStanding, StoreError>;

    /// Looks at a PIN, and opens when it is right. The attempt is counted, durably, before it is
    /// judged. Without a PIN any is right.
    ///
    /// # Errors
    /// [`LockError`].
    fn unlock(&self, pin: &Secret, now: &BootTime) -> Result<(), LockError>;

    /// Gives it a PIN, or takes it away. It must be open.
    ///
    /// # Errors
    /// It is locked, or cannot be written; the PIN is then what it was.
    fn set_pin(&self, pin: Option<&Secret>) -> Result<(), StoreError>;

    /// Destroys the profile, its keys first and then its files, and begins an empty one; whoever had parts
    /// of it open has given them back. Interrupted anywhere, the next opening goes on with it.
    ///
    /// # Errors
    /// It cannot be written; what is left is destroyed at the next opening.
    fn empty(&self, notice: &Emptied) -> Result<(), StoreError>;

    /// What is told after the profile was emptied, until it is emptied again.
    ///
    /// # Errors
    /// It cannot be read.
    fn emptied(&self) -> Result<Option<Emptied>, StoreError>;

    /// Takes the keys out of memory; nothing happens when there is no PIN.
    ///
    /// # Errors
    /// It cannot be read.
    fn lock(&self) -> Result<(), StoreError>;
}

/// A PIN was not taken.
#[derive(Debug, thiserror::Error)]
pub enum LockError {
    /// It is wrong.
    #[error("a wrong PIN")]
    Wrong,
    /// It was not looked at: PINs were wrong, and the wait is not over.
    #[error("a PIN before {wait_ms} ms are over")]
    TooSoon {
        /// How much longer, in milliseconds.
        wait_ms: u64,
    },
    /// The lock cannot be read or written.
    #[error(transparent)]
    Store(#[from] StoreError),
}
