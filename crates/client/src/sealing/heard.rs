//! Lists and letters as they were read: each is taken from the store, decoded and checked once.

use std::collections::BTreeMap;

use domain::{DeviceId, MemberId, PublicKey, Sha256};
use seal::{CheckedList, DeviceWrap, KeyWrap, Letter};
use wire::{Audience, Kind, Op, Scope};

use crate::ports::{Store, StoreError};

/// Everything that was read so far, by the hash of its operation.
#[derive(Debug, Default)]
pub(super) struct Heard {
    all: BTreeMap<Sha256, One>,
    /// How many operations were taken from the store.
    pub(super) reads: u64,
}

/// One list or letter.
#[derive(Debug)]
pub(super) struct One {
    /// Whose scope it stands in.
    pub(super) owner: MemberId,
    /// Who reads it.
    pub(super) audience: Audience,
    /// The device that wrote it.
    pub(super) device: DeviceId,
    pub(super) says: Says,
    /// By which keys it was found to be signed, and by which not.
    signed: BTreeMap<PublicKey, bool>,
}

/// What it says.
#[derive(Debug)]
pub(super) enum Says {
    /// A list; none when somebody made it up or changed it.
    List(Option<CheckedList>),
    /// Wraps of epochs: of which, for whom; and those for this device whole.
    Keys { places: Vec<(Scope, u32, DeviceId)>, own: Vec<KeyWrap> },
    /// Wraps of an identity.
    Identity { identity: PublicKey, wraps: Vec<DeviceWrap> },
    /// Anything else that a letter says.
    Short(Letter),
    /// Nothing that this version reads.
    Nothing,
}

impl Heard {
    /// Reads an operation if it was not read before. `me` is this device.
    pub(super) fn take(
        &mut self,
        store: &dyn Store,
        hash: &Sha256,
        me: DeviceId,
    ) -> Result<(), StoreError> {
        if self.all.contains_key(hash) {
            return Ok(());
        }
        if let Some(op) = self.fetch(store, hash)? {
            self.all.insert(*hash, One::of(&op, me));
        }
        Ok(())
    }

    pub(super) fn one(&self, hash: &Sha256) -> Option<&One> {
        self.all.get(hash)
    }

    /// Whether an operation is signed with this key.
    pub(super) fn is_signed(
        &mut self,
        store: &dyn Store,
        hash: &Sha256,
        key: PublicKey,
    ) -> Result<bool, StoreError> {
        if let Some(known) = self.all.get(hash).and_then(|one| one.signed.get(&key)) {
            return Ok(*known);
        }
        let Some(op) = self.fetch(store, hash)? else { return Ok(false) };
        let is = op.verify(key.as_bytes()).is_ok();
        if let Some(one) = self.all.get_mut(hash) {
            one.signed.insert(key, is);
        }
        Ok(is)
    }

    fn fetch(&mut self, store: &dyn Store, hash: &Sha256) -> Result<Option<Op>, StoreError> {
        self.reads = self.reads.saturating_add(1);
        store.key_op(hash)
    }
}

impl One {
    fn of(op: &Op, me: DeviceId) -> Self {
        let says = match op.header.kind {
            Kind::Directory => Says::List(CheckedList::of(&op.payload)),
            Kind::Keys => match Letter::from_bytes(&op.payload) {
                Ok(Letter::Keys(wraps)) => Says::Keys {
                    places: wraps.iter().map(|one| (one.scope, one.epoch, one.device)).collect(),
                    own: wraps.into_iter().filter(|one| one.device == me).collect(),
                },
                Ok(Letter::Identity { identity, wraps }) => Says::Identity { identity, wraps },
                Ok(
                    letter @ (Letter::Request { .. }
                    | Letter::Welcome { .. }
                    | Letter::Decline { .. }),
                ) => Says::Short(letter),
                Err(_) => Says::Nothing,
            },
            Kind::Note | Kind::Record | Kind::Receipt => Says::Nothing,
        };
        let header = &op.header;
        Self {
            owner: header.scope.owner,
            audience: header.scope.audience,
            device: header.device,
            says,
            signed: BTreeMap::new(),
        }
    }
}
