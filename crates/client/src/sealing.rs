//! Notes sealed for those who may read them.
//!
//! Once a member has turned it on, a list of the member's devices stands in the log, and what the
//! member writes for themself or for a group travels sealed. Everything that must be sent for that
//! (lists, wraps) follows from what stands in the log, after each exchange: see [`settle`].
//!
//! What is written for a group whose members have not all turned it on stays plain until they have, so
//! that nobody in the group loses sight of it; once a scope was sealed it is never plain again.

mod commands;
mod heard;
mod inside;
mod reading;
mod settle;
mod writing;

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use domain::{DeviceId, GroupId, MemberId, Sha256};
use seal::plan::Known;
use seal::{AgreementSecret, Identity, Keyring, Letter, WRAPS};
use wire::{Audience, DocKey, Header, Kind, Op, Scope};

use crate::catalogue::Catalogue;
use crate::core::Core;
use crate::ports::{
    DeviceSecret, Keys, Profile, SealedTally, Store, StoreError, StoreErrorKind, World,
};

pub(crate) use commands::answer;
pub(crate) use settle::settle;

use heard::Heard;
use reading::State;

/// What was worked out since the app was started: keys that were unwrapped, and from which letters, so
/// that each wrap is opened once; lists and letters as they were read; and what stood when it was last
/// looked at, which stands as long as the store counts no change.
#[derive(Debug, Default)]
pub(crate) struct Unwrapped {
    ring: Keyring,
    letters: BTreeSet<Sha256>,
    heard: Heard,
    state: Option<(u64, State)>,
    /// What stood, and whose catalogue it was, when what was due was last sent.
    sent: Option<(u64, Arc<Catalogue>)>,
    /// What had changed when notes were last let in.
    let_in: Option<SealedTally>,
    /// How often what stands was worked out.
    looks: u64,
}

/// What the device has done about keys since it was started: how tests and measurements see that an
/// exchange with nothing new does nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SealingWork {
    /// How often what stands was worked out.
    pub looks: u64,
    /// Lists and letters taken from the store.
    pub reads: u64,
}

impl Unwrapped {
    pub(crate) const fn work(&self) -> SealingWork {
        SealingWork { looks: self.looks, reads: self.heard.reads }
    }
}

/// Seals and opens for this device. Cheap to make; what it does, it does on the store's thread.
#[derive(Clone)]
pub(crate) struct Sealer {
    keys: Arc<dyn Keys>,
    world: Arc<dyn World>,
    profile: Arc<Profile>,
    catalogue: Arc<Catalogue>,
    unwrapped: Arc<Mutex<Unwrapped>>,
}

impl Sealer {
    pub(crate) fn of(core: &Core, profile: &Arc<Profile>) -> Self {
        Self {
            keys: Arc::clone(&core.keys),
            world: Arc::clone(&core.world),
            profile: Arc::clone(profile),
            catalogue: Arc::clone(&core.now().catalogue),
            unwrapped: Arc::clone(&core.unwrapped),
        }
    }

    fn unwrapped(&self) -> MutexGuard<'_, Unwrapped> {
        self.unwrapped.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What stands, and at which count. It is given away: whoever has changed nothing of it that does
    /// not follow from what was sent gives it back, so that it is not worked out again.
    fn stands(
        &self,
        store: &dyn Store,
        unwrapped: &mut Unwrapped,
    ) -> Result<(u64, State), StoreError> {
        let keys = store.sealed_tally()?.keys;
        let known = unwrapped.state.take().filter(|(at, _)| *at == keys);
        let mut state = match known {
            Some((_, state)) => state,
            None => {
                unwrapped.looks = unwrapped.looks.saturating_add(1);
                State::read(self, store, unwrapped)?
            }
        };
        // It follows from the catalogue, not from what stands.
        state.shut_out = self.shut_out();
        Ok((keys, state))
    }

    /// An own scope.
    fn scope(&self, audience: Audience) -> Scope {
        Scope { owner: self.profile.member, audience }
    }

    /// Who is given the keys of a scope, and from which era on. A newcomer whom the office has put into a
    /// group is not before somebody in it has let them in.
    fn readers(&self, state: &State, scope: Scope) -> BTreeMap<MemberId, u16> {
        let members = self.members(scope);
        match scope.audience {
            Audience::Group(group) if scope.owner == self.profile.member => {
                state.let_into(scope, group, &members)
            }
            Audience::Group(_)
            | Audience::Private
            | Audience::Council
            | Audience::Administration
            | Audience::Person(_) => members.into_iter().map(|member| (member, 0)).collect(),
        }
    }

    /// The eras in which this member writes for groups; those that are the first are left out.
    fn eras(&self, state: &State) -> BTreeMap<GroupId, u16> {
        let me = self.catalogue.member(self.profile.member);
        let groups = me.map(|me| me.groups.as_slice()).unwrap_or_default();
        let era = |group: &GroupId| {
            let scope = self.scope(Audience::Group(*group));
            (*group, state.era(scope, *group, &self.members(scope)))
        };
        groups.iter().map(era).filter(|(_, era)| *era > 0).collect()
    }

    /// Who reads a scope, by the catalogue.
    fn members(&self, scope: Scope) -> BTreeSet<MemberId> {
        let group = match scope.audience {
            Audience::Group(group) => Some(group),
            Audience::Private
            | Audience::Council
            | Audience::Administration
            | Audience::Person(_) => None,
        };
        let members = self.catalogue.members.iter().filter(|member| {
            member.left.is_none() && group.is_some_and(|group| member.groups.contains(&group))
        });
        members.map(|member| member.id).chain([scope.owner]).collect()
    }

    /// Devices that the council's office has shut out.
    fn shut_out(&self) -> BTreeSet<DeviceId> {
        let cards = self.catalogue.devices.iter().filter(|card| card.revoked.is_some());
        cards.map(|card| card.id).collect()
    }

    /// This device's keys.
    pub(crate) fn keys(&self) -> &dyn Keys {
        &*self.keys
    }

    fn random(&self) -> [u8; 32] {
        let mut bytes = [0; 32];
        self.world.fill(&mut bytes);
        bytes
    }

    fn nonce(&self) -> [u8; 24] {
        let [nonce @ .., _, _, _, _, _, _, _, _] = self.random();
        nonce
    }

    fn agreement(&self) -> Result<Option<AgreementSecret>, StoreError> {
        let secret = self.keys.secret(DeviceSecret::Agreement).map_err(|error| failed(&error))?;
        Ok(secret.map(|secret| AgreementSecret::from_bytes(*secret)))
    }

    fn identity(&self) -> Result<Option<Identity>, StoreError> {
        let secret = self.keys.secret(DeviceSecret::Identity).map_err(|error| failed(&error))?;
        Ok(secret.map(|seed| Identity::from_seed(*seed)))
    }

    fn known<'a>(&self, state: &'a State, ring: &'a Keyring) -> Known<'a> {
        Known {
            council: self.profile.council,
            me: self.profile.member,
            directory: &state.directory,
            shut_out: &state.shut_out,
            posted: &state.posted,
            keyring: ring,
        }
    }

    /// An operation that carries a list or a letter.
    fn op(
        &self,
        store: &dyn Store,
        kind: Kind,
        audience: Audience,
        payload: Vec<u8>,
    ) -> Result<Op, StoreError> {
        let document = DocKey::of_devices(self.profile.member);
        let (scope, now_ms) = (self.scope(audience), self.world.now_ms());
        let header = self.header(store, kind, scope, document, 0, now_ms)?;
        crate::exchange::seal(&*self.keys, header, Ok::<_, StoreError>(payload))
    }

    /// Sends a list or a letter.
    fn send(
        &self,
        store: &mut dyn Store,
        kind: Kind,
        audience: Audience,
        payload: Vec<u8>,
    ) -> Result<(), StoreError> {
        let op = self.op(store, kind, audience, payload)?;
        store.seal_all(&[op])
    }

    /// The header of this device's next operation.
    fn header(
        &self,
        store: &dyn Store,
        kind: Kind,
        scope: Scope,
        document: DocKey,
        epoch: u32,
        made_ms: i64,
    ) -> Result<Header, StoreError> {
        Ok(Header {
            council: self.profile.council,
            scope,
            document,
            device: self.profile.device,
            device_seq: store.next_device_seq()?,
            kind,
            epoch,
            made_ms,
        })
    }

    /// Who reads an era of a scope; each scope is looked at once.
    fn reading(&self, state: &State) -> impl Fn(Scope, u16) -> BTreeSet<MemberId> {
        let known: RefCell<BTreeMap<Scope, BTreeMap<MemberId, u16>>> = RefCell::default();
        move |scope, era| {
            let mut known = known.borrow_mut();
            let readers = known.entry(scope).or_insert_with(|| self.readers(state, scope));
            let readers = readers.iter().filter(|(_, since)| **since <= era);
            readers.map(|(member, _)| *member).collect()
        }
    }

    /// Sends the wraps that are due.
    fn send_due(
        &self,
        store: &mut dyn Store,
        state: &mut State,
        ring: &Keyring,
    ) -> Result<(), StoreError> {
        let due = self.known(state, ring).due(self.reading(state));
        // Those of a group's scope are for the group; what is handed on, for the own devices.
        let mut letters: BTreeMap<Audience, Vec<seal::KeyWrap>> = BTreeMap::new();
        for one in &due {
            let wraps = seal::plan::wraps(self.profile.council, one, ring, || self.random());
            // A key that nothing can be wrapped to is its owner's own affair.
            let Ok(wraps) = wraps else { continue };
            let audience = self.letterbox(one.scope);
            letters.entry(audience).or_default().extend(wraps);
            state.posted.epochs.insert((one.scope, one.epoch, one.device));
        }
        for (audience, wraps) in letters {
            for some in wraps.chunks(WRAPS) {
                let letter = Letter::Keys(some.to_vec());
                self.send(store, Kind::Keys, audience, letter.to_bytes())?;
            }
        }
        Ok(())
    }

    /// Where the wraps of a scope's keys are laid.
    fn letterbox(&self, scope: Scope) -> Audience {
        let me = self.catalogue.member(self.profile.member);
        match scope.audience {
            Audience::Group(group)
                if scope.owner == self.profile.member
                    && me.is_some_and(|me| me.groups.contains(&group)) =>
            {
                scope.audience
            }
            Audience::Group(_)
            | Audience::Private
            | Audience::Council
            | Audience::Administration
            | Audience::Person(_) => Audience::Private,
        }
    }
}

fn failed(error: &impl std::fmt::Display) -> StoreError {
    StoreError { kind: StoreErrorKind::Failed, doing: "sealing notes", detail: error.to_string() }
}
