//! Lists of devices and letters of keys.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use client::ports::{KeyOpState, SealedTally};
use domain::Sha256;
use wire::Op;

use super::State;

impl State {
    /// A count for each state of things: the same for the same.
    pub(super) fn tally(&self) -> SealedTally {
        let of = |what: String| {
            let mut hasher = DefaultHasher::new();
            what.hash(&mut hasher);
            hasher.finish()
        };
        let waiting: Vec<_> = self.outbox.values().map(Op::hash).collect();
        SealedTally {
            keys: of(format!("{:?}{:?}{waiting:?}", self.key_ops, self.agreed)),
            closed: of(format!("{:?}", self.closed)),
        }
    }

    pub(super) fn key_states(&self) -> Vec<(Sha256, KeyOpState)> {
        let of = |(op, seq, refused): &(Op, Option<u64>, bool)| {
            let waiting = self.outbox.values().any(|other| other == op);
            let is = match (seq, refused) {
                (Some(seq), _) => KeyOpState::Logged(*seq),
                (None, true) => KeyOpState::Refused,
                (None, false) if waiting => KeyOpState::Waiting,
                (None, false) => KeyOpState::Lost,
            };
            (op.header.device_seq, op.hash(), is)
        };
        let mut all: Vec<_> = self.key_ops.iter().map(of).collect();
        all.sort_by_key(|(device_seq, hash, is)| match is {
            KeyOpState::Logged(seq) => (0, *seq, *hash),
            KeyOpState::Waiting => (1, *device_seq, *hash),
            KeyOpState::Refused | KeyOpState::Lost => (2, 0, *hash),
        });
        all.into_iter().map(|(_, hash, is)| (hash, is)).collect()
    }
}
