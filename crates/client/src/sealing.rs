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
mod reading;
mod settle;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use domain::{DeviceId, MemberId, Sha256};
use seal::plan::Known;
use seal::{AgreementSecret, EpochKey, Identity, Keyring, Letter, OpenError, WRAPS};
use wire::{Audience, DocKey, Header, Kind, NotePayload, Op, Scope};

use crate::catalogue::Catalogue;
use crate::core::Core;
use crate::ports::{
    DeviceSecret, Drafted, Keys, NotedDocument, Profile, SealedTally, Store, StoreError,
    StoreErrorKind, World,
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

    /// Who is given the keys of a scope. A newcomer whom the office has put into a group is not before
    /// somebody in it has let them in.
    fn readers(&self, state: &State, scope: Scope) -> BTreeSet<MemberId> {
        let members = self.members(scope);
        match scope.audience {
            Audience::Group(group) if scope.owner == self.profile.member => {
                state.let_into(scope, group, &members)
            }
            Audience::Group(_)
            | Audience::Private
            | Audience::Council
            | Audience::Administration
            | Audience::Person(_) => members,
        }
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

    /// Seals everything that was drafted into operations, one per document; what waits for its keys
    /// stays a draft.
    pub(crate) fn seal_drafts(&self, store: &mut dyn Store, now_ms: i64) -> Result<(), StoreError> {
        let drafted = store.drafts()?;
        if drafted.is_empty() {
            return Ok(());
        }
        let mut unwrapped = self.unwrapped();
        let (at, mut state) = self.stands(store, &mut unwrapped)?;
        for one in drafted {
            match self.way(&state, &unwrapped.ring, one.document.scope) {
                Way::Plain => self.seal_plain(store, one, now_ms)?,
                Way::Waits => {}
                Way::Sealed => {
                    self.seal_one(store, &mut state, &mut unwrapped.ring, one, now_ms)?;
                }
            }
        }
        unwrapped.state = Some((at, state));
        Ok(())
    }

    /// How what is written in a scope leaves this device.
    fn way(&self, state: &State, ring: &Keyring, scope: Scope) -> Way {
        let sealable = matches!(scope.audience, Audience::Private | Audience::Group(_));
        if !sealable || !state.is_on() {
            return Way::Plain;
        }
        let begun =
            ring.newest(scope).is_some() || state.posted.epochs.iter().any(|p| p.0 == scope);
        let missing = self.members(scope).into_iter().any(|who| state.directory.of(who).is_none());
        if missing && !begun {
            Way::Plain
        } else if state.is_taken_in() {
            Way::Sealed
        } else {
            Way::Waits
        }
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

    fn seal_plain(
        &self,
        store: &mut dyn Store,
        one: Drafted,
        now_ms: i64,
    ) -> Result<(), StoreError> {
        let NotedDocument { key, scope, .. } = one.document;
        let header = self.header(store, Kind::Note, scope, key, 0, now_ms)?;
        let note = NotePayload { pdf: one.document.pdf, changes: one.changes };
        let payload = note.close(&header);
        let op = crate::exchange::seal(&*self.keys, header, payload)?;
        store.seal(&op, &one.drafts)
    }

    fn seal_one(
        &self,
        store: &mut dyn Store,
        state: &mut State,
        ring: &mut Keyring,
        one: Drafted,
        now_ms: i64,
    ) -> Result<(), StoreError> {
        let NotedDocument { key: document, scope, .. } = one.document;
        if self.must_renew(state, ring, scope) {
            self.begin_epoch(store, state, ring, scope)?;
        }
        let Some((epoch, key)) = ring.newest(scope) else { return Ok(()) };
        let header = self.header(store, Kind::Note, scope, document, epoch, now_ms)?;
        let note = NotePayload { pdf: one.document.pdf, changes: one.changes };
        let plain = wire::encode(&note).map_err(|error| failed(&error))?;
        let payload = key.seal(&header, &plain, self.nonce());
        let op = crate::exchange::seal(&*self.keys, header, payload)?;
        store.seal_closed(&op, &note, &one.drafts)
    }

    /// Seals what waits for an answer anew, in its order, under the numbers from `first` on. What travels
    /// sealed stays in its epoch.
    pub(crate) fn seal_anew(
        &self,
        store: &dyn Store,
        first: u64,
        waiting: Vec<Op>,
    ) -> Result<Vec<Op>, StoreError> {
        let mut unwrapped = self.unwrapped();
        // Unwraps what stands in the letters; the rest of what they say is of no use here.
        State::read(self, store, &mut unwrapped)?;
        let anew = (first..).zip(waiting).map(|(device_seq, op)| {
            let header = Header { device_seq, ..op.header };
            let payload = match header.kind {
                // Closed for its header, so opened and closed again.
                Kind::Note if header.epoch == 0 => {
                    let note = NotePayload::open(&op).map_err(|error| failed(&error))?;
                    note.close(&header).map_err(|error| failed(&error))
                }
                Kind::Note => {
                    let keys = unwrapped.ring.of(header.scope, header.epoch);
                    let opened = keys
                        .iter()
                        .find_map(|key| Some((key, key.open(&op.header, &op.payload).ok()?)));
                    let (key, plain) = opened.ok_or_else(|| failed(&OpenError::NoKey))?;
                    key.seal(&header, &plain, self.nonce()).map_err(|error| failed(&error))
                }
                Kind::Record | Kind::Receipt | Kind::Directory | Kind::Keys => Ok(op.payload),
            };
            crate::exchange::seal(&*self.keys, header, payload)
        });
        anew.collect()
    }

    fn must_renew(&self, state: &State, ring: &Keyring, scope: Scope) -> bool {
        // An epoch that only a device which is listed no more has vouched for is nobody's to seal
        // under.
        let vouched = |(epoch, _): (u32, &EpochKey)| state.vouched.contains(&(scope, epoch));
        !ring.newest(scope).is_some_and(vouched)
            || self.known(state, ring).must_renew(scope, |scope| self.readers(state, scope))
    }

    /// Begins the next epoch of an own scope. Its key is wrapped to every reader in an operation that
    /// comes before everything that is sealed under it.
    fn begin_epoch(
        &self,
        store: &mut dyn Store,
        state: &mut State,
        ring: &mut Keyring,
        scope: Scope,
    ) -> Result<(), StoreError> {
        let epoch = ring.newest(scope).map_or(0, |(epoch, _)| epoch).saturating_add(1);
        ring.add(scope, epoch, EpochKey::from_bytes(self.random()));
        state.vouched.insert((scope, epoch));
        self.send_due(store, state, ring)
    }

    /// Sends the wraps that are due.
    fn send_due(
        &self,
        store: &mut dyn Store,
        state: &mut State,
        ring: &Keyring,
    ) -> Result<(), StoreError> {
        let due = self.known(state, ring).due(|scope| self.readers(state, scope));
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

/// How something leaves this device.
enum Way {
    /// As it was before: its audience is everybody, or has not turned sealing on.
    Plain,
    /// Not yet: this device has not been taken in.
    Waits,
    /// Sealed.
    Sealed,
}

fn failed(error: &impl std::fmt::Display) -> StoreError {
    StoreError { kind: StoreErrorKind::Failed, doing: "sealing notes", detail: error.to_string() }
}
