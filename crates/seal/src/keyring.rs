//! The keys of epochs that a device has.

use std::collections::BTreeMap;

use wire::{Op, Scope};
use zeroize::Zeroizing;

use crate::EpochKey;

/// Keys by scope and epoch. Two devices of one owner, both offline, may begin the same epoch with
/// different keys: both are kept, and what is sealed says which of them it is by opening.
#[derive(Debug, Clone, Default)]
pub struct Keyring(BTreeMap<(Scope, u32), Vec<EpochKey>>);

/// Why an operation does not open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// No key of its epoch has come yet; it can be tried again.
    #[error("The key of these notes has not come to this tablet yet.")]
    NoKey,
    /// A key of its epoch is here, and does not open it.
    #[error("These notes were sealed under another key, or changed since.")]
    Untrue,
}

impl Keyring {
    /// Keeps a key; whether it was new.
    pub fn add(&mut self, scope: Scope, epoch: u32, key: EpochKey) -> bool {
        let keys = self.0.entry((scope, epoch)).or_default();
        let new = !keys.contains(&key);
        if new {
            keys.push(key);
            // All devices seal under the same one.
            keys.sort_by(|a, b| a.as_bytes().cmp(b.as_bytes()));
        }
        new
    }

    /// The newest epoch of a scope and the key to seal under.
    #[must_use]
    pub fn newest(&self, scope: Scope) -> Option<(u32, &EpochKey)> {
        let of_scope = self.0.range((scope, 0)..=(scope, u32::MAX));
        of_scope.last().and_then(|((_, epoch), keys)| Some((*epoch, keys.first()?)))
    }

    /// The newest epoch within an era of a scope and the key to seal under there.
    #[must_use]
    pub fn newest_in(&self, scope: Scope, era: u16) -> Option<(u32, &EpochKey)> {
        let first = wire::before_era(era);
        let of_era = self.0.range((scope, first)..=(scope, first | u32::from(u16::MAX)));
        of_era.last().and_then(|((_, epoch), keys)| Some((*epoch, keys.first()?)))
    }

    /// The keys of an epoch.
    #[must_use]
    pub fn of(&self, scope: Scope, epoch: u32) -> &[EpochKey] {
        self.0.get(&(scope, epoch)).map_or(&[], Vec::as_slice)
    }

    /// Every scope and epoch that has a key, with its keys.
    pub fn all(&self) -> impl Iterator<Item = (Scope, u32, &[EpochKey])> {
        self.0.iter().map(|((scope, epoch), keys)| (*scope, *epoch, keys.as_slice()))
    }

    /// The payload of a sealed operation.
    ///
    /// # Errors
    /// [`OpenError`].
    pub fn open(&self, op: &Op) -> Result<Zeroizing<Vec<u8>>, OpenError> {
        let keys = self.of(op.header.scope, op.header.epoch);
        if keys.is_empty() {
            return Err(OpenError::NoKey);
        }
        let opened = keys.iter().find_map(|key| key.open(&op.header, &op.payload).ok());
        opened.ok_or(OpenError::Untrue)
    }
}
