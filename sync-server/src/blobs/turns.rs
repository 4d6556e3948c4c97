//! Of several requests that carry on one upload, the latest goes on and the others stop.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::OwnedMutexGuard;

use super::BlobError;

/// Counts the requests that have carried on an upload; the latest has the turn.
type Turn = Arc<tokio::sync::Mutex<u64>>;

/// The uploads that requests of this process carry on now.
#[derive(Debug)]
pub(super) struct Turns<K>(Mutex<BTreeMap<K, Turn>>);

/// One request's part in an upload.
pub(super) struct Hold<'a, K: Ord> {
    turns: &'a Turns<K>,
    pub(super) upload: K,
    turn: Turn,
}

impl<K> Default for Turns<K> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<K: Ord + Clone> Turns<K> {
    pub(super) fn hold(&self, upload: K) -> Hold<'_, K> {
        let mut open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let turn = Arc::clone(open.entry(upload.clone()).or_default());
        Hold { turns: self, upload, turn }
    }
}

impl<K: Ord> Hold<'_, K> {
    /// Takes the upload over; the number is for [`Hold::turn_of`].
    pub(super) async fn begin(&self) -> (OwnedMutexGuard<u64>, u64) {
        let mut turn = Arc::clone(&self.turn).lock_owned().await;
        *turn += 1;
        let mine = *turn;
        (turn, mine)
    }

    /// The turn, unless a later request has taken the upload over.
    pub(super) async fn turn_of(&self, mine: u64) -> Result<OwnedMutexGuard<u64>, BlobError> {
        let turn = Arc::clone(&self.turn).lock_owned().await;
        if *turn == mine { Ok(turn) } else { Err(BlobError::Superseded) }
    }
}

impl<K: Ord> Drop for Hold<'_, K> {
    fn drop(&mut self) {
        let mut open = self.turns.0.lock().unwrap_or_else(PoisonError::into_inner);
        if Arc::strong_count(&self.turn) == 2 {
            open.remove(&self.upload);
        }
    }
}
