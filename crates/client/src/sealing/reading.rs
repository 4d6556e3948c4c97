//! What stands in the log about keys. Nothing is remembered beside it but what follows from it: see
//! [`super::Unwrapped`].

use std::collections::{BTreeMap, BTreeSet};

use domain::{CouncilId, DeviceId, GroupId, MemberId, PublicKey, Sha256};
use seal::directory::Refused;
use seal::plan::Posted;
use seal::wrap::{Purpose, unwrap};
use seal::{
    AgreementSecret, DeviceWrap, Directory, EpochKey, Holder, Identity, KeyWrap, Letter, SignedList,
};
use wire::{Audience, Scope};

use super::heard::{Heard, One, Says};
use super::{Sealer, Unwrapped};
use crate::ports::{KeyOp, KeyOpState, Store, StoreError};

/// A device that asks to be taken in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Asked {
    pub(super) signing: PublicKey,
    pub(super) agreement: PublicKey,
}

/// What stands.
#[derive(Debug)]
pub(super) struct State {
    pub(super) me: MemberId,
    device: DeviceId,
    pub(super) directory: Directory,
    /// What a person must be told.
    pub(super) alarms: BTreeSet<(MemberId, Refused)>,
    pub(super) shut_out: BTreeSet<DeviceId>,
    pub(super) posted: Posted,
    /// Epochs that a device which is listed now has vouched for.
    pub(super) vouched: BTreeSet<(Scope, u32)>,
    /// Every wrap that was ever sent, also those that a log has lost since: who once had a key has it.
    pub(super) given: BTreeSet<(Scope, u32, DeviceId)>,
    /// Who let whom into which group, and whether with what was written before.
    pub(super) welcomes: BTreeMap<(GroupId, MemberId, MemberId), bool>,
    /// Own devices that were declined, with the key they asked with.
    pub(super) declined: BTreeSet<(DeviceId, PublicKey)>,
    /// Own devices that ask.
    pub(super) requests: BTreeMap<DeviceId, Asked>,
    /// Wraps of the own identity.
    identity_wraps: Vec<(PublicKey, DeviceWrap)>,
    /// Own lists that the log has lost, oldest first.
    pub(super) lost_lists: Vec<Vec<u8>>,
    pub(super) agreement: Option<AgreementSecret>,
    pub(super) identity: Option<Identity>,
}

impl State {
    /// Reads what stands. Of lists and letters that were read before, only where they are is looked at.
    pub(super) fn read(
        sealer: &Sealer,
        store: &dyn Store,
        unwrapped: &mut Unwrapped,
    ) -> Result<Self, StoreError> {
        let stands = store.key_states()?;
        let (me, device) = (sealer.profile.member, sealer.profile.device);
        for (hash, _) in &stands {
            unwrapped.heard.take(store, hash, device)?;
        }
        // Lost lists too: what was true of a member's devices stays true when a log loses its end.
        let lists = stands.iter().filter(|(_, state)| *state != KeyOpState::Refused);
        let lists = lists.filter_map(|(hash, _)| {
            let one = unwrapped.heard.one(hash)?;
            let Says::List(list) = &one.says else { return None };
            Some((one.owner, list.as_ref()))
        });
        let (directory, alarms) = Directory::read(sealer.profile.council, store.agreed()?, lists);
        let mut state = Self {
            me,
            device,
            directory,
            alarms,
            shut_out: BTreeSet::new(),
            posted: Posted::default(),
            vouched: BTreeSet::new(),
            given: BTreeSet::new(),
            welcomes: BTreeMap::new(),
            declined: BTreeSet::new(),
            requests: BTreeMap::new(),
            identity_wraps: Vec::new(),
            lost_lists: Vec::new(),
            agreement: None,
            identity: None,
        };
        if stands.is_empty() {
            return Ok(state);
        }
        state.agreement = sealer.agreement()?;
        state.identity = sealer.identity()?;
        // A list of another identity stands in the member's name. Either another device of the member
        // was first, and takes this one in; or somebody put it there.
        if let Some(own) = state.own_identity()
            && let Some(stands) = state.directory.identity(me)
            && own != stands
        {
            state.alarms.insert((me, Refused::OtherIdentity(stands)));
            state.identity = None;
        }
        state.find_lost(&stands, &unwrapped.heard);
        for (hash, at) in &stands {
            state.hear(sealer, store, hash, *at, unwrapped)?;
        }
        Ok(state)
    }

    /// Own lists that must be sent again.
    fn find_lost(&mut self, stands: &[(Sha256, KeyOpState)], heard: &Heard) {
        let own: Vec<(&SignedList, KeyOpState)> = stands
            .iter()
            .filter_map(|(hash, state)| {
                let one = heard.one(hash).filter(|one| one.owner == self.me)?;
                let Says::List(Some(list)) = &one.says else { return None };
                Some((list.signed(), *state))
            })
            .collect();
        let kept = |list: &SignedList| {
            own.iter().any(|(other, state)| *state != KeyOpState::Lost && *other == list)
        };
        let mine = self.directory.identity(self.me);
        let mut lost: Vec<(u64, Vec<u8>)> = own
            .iter()
            .filter(|(list, _)| Some(list.list.identity) == mine && !kept(list))
            .map(|(list, _)| (list.list.generation, list.to_bytes()))
            .collect();
        lost.sort();
        lost.dedup();
        self.lost_lists = lost.into_iter().map(|(_, bytes)| bytes).collect();
    }

    fn hear(
        &mut self,
        sealer: &Sealer,
        store: &dyn Store,
        hash: &Sha256,
        at: KeyOpState,
        unwrapped: &mut Unwrapped,
    ) -> Result<(), StoreError> {
        // It is looked at twice: whether it is signed by whom it must, then what it says.
        let Some(one) = unwrapped.heard.one(hash) else { return Ok(()) };
        let (owner, device) = (one.owner, one.device);
        let signer = match &one.says {
            Says::Short(Letter::Request { signing, .. }) => {
                let known = self.directory.device(self.me, device).is_some();
                Some(*signing).filter(|_| owner == self.me && !known)
            }
            // A device that its owner lists, or did.
            Says::Short(_) | Says::Keys { .. } | Says::Identity { .. } => {
                self.directory.signer(owner, device)
            }
            Says::List(_) | Says::Nothing => None,
        };
        let Some(signer) = signer else { return Ok(()) };
        if !unwrapped.heard.is_signed(store, hash, signer)? {
            return Ok(());
        }
        let Unwrapped { heard, letters, ring, .. } = unwrapped;
        let Some(one) = heard.one(hash) else { return Ok(()) };
        let stands = at != KeyOpState::Lost;
        match &one.says {
            Says::Short(Letter::Request { signing, agreement }) => {
                let asked = Asked { signing: *signing, agreement: *agreement };
                self.requests.insert(device, asked);
            }
            Says::Short(Letter::Welcome { group, member, history }) => {
                if one.audience == Audience::Group(*group) {
                    let at = (*group, owner, *member);
                    *self.welcomes.entry(at).or_default() |= history;
                }
            }
            Says::Short(Letter::Decline { device, agreement }) => {
                if owner == self.me {
                    self.declined.insert((*device, *agreement));
                }
            }
            Says::Keys { places, own } => {
                self.take(one, places, stands);
                if let Some(with) = &self.agreement
                    && letters.insert(*hash)
                {
                    for wrap in own.iter().filter(|wrap| self.is_theirs(one, wrap.scope)) {
                        if let Some(key) = open(sealer, wrap, with) {
                            ring.add(wrap.scope, wrap.epoch, key);
                        }
                    }
                }
            }
            Says::Identity { identity, wraps } => {
                if owner == self.me {
                    for wrap in wraps {
                        if stands {
                            self.posted.identities.insert((*identity, wrap.device));
                        }
                        self.identity_wraps.push((*identity, *wrap));
                    }
                }
            }
            Says::Short(Letter::Keys(_) | Letter::Identity { .. })
            | Says::List(_)
            | Says::Nothing => {}
        }
        Ok(())
    }

    /// Whether a letter may carry keys of this scope: of one's own scopes; or of others', handed on
    /// between one's own devices.
    fn is_theirs(&self, letter: &One, scope: Scope) -> bool {
        let handed = letter.audience == Audience::Private && letter.owner == self.me;
        scope.owner == letter.owner || handed
    }

    fn take(&mut self, letter: &One, places: &[(Scope, u32, DeviceId)], stands: bool) {
        let listed = self.directory.device(letter.owner, letter.device).is_some();
        for (scope, epoch, device) in places {
            if !self.is_theirs(letter, *scope) {
                continue;
            }
            self.given.insert((*scope, *epoch, *device));
            if stands {
                self.posted.epochs.insert((*scope, *epoch, *device));
            }
            if listed && scope.owner == letter.owner {
                self.vouched.insert((*scope, *epoch));
            }
        }
    }

    /// Every wrap for one of the member's devices, or for the recovery code, that a letter carries
    /// which counts. Read anew: nobody needs them twice.
    pub(super) fn wraps_for(
        &self,
        store: &dyn Store,
        device: DeviceId,
    ) -> Result<Vec<KeyWrap>, StoreError> {
        let mut found = Vec::new();
        for KeyOp { op, .. } in store.key_ops()? {
            let Scope { owner, audience } = op.header.scope;
            let signer = self.directory.signer(owner, op.header.device);
            let Ok(Letter::Keys(wraps)) = Letter::from_bytes(&op.payload) else { continue };
            if signer.is_none_or(|key| op.verify(key.as_bytes()).is_err()) {
                continue;
            }
            let handed = audience == Audience::Private && owner == self.me;
            let wraps = wraps.into_iter().filter(|one| one.device == device);
            found.extend(wraps.filter(|one| one.scope.owner == owner || handed));
        }
        Ok(found)
    }

    /// Whether a list of the member's devices stands.
    pub(super) fn is_on(&self) -> bool {
        self.directory.of(self.me).is_some()
    }

    /// Whether this device is in it, with its own key.
    pub(super) fn is_taken_in(&self) -> bool {
        let Some(agreement) = &self.agreement else { return false };
        let listed = self.directory.device(self.me, self.device);
        listed.is_some_and(|listed| listed.agreement == agreement.public())
    }

    /// The identity that this device holds.
    pub(super) fn own_identity(&self) -> Option<PublicKey> {
        self.identity.as_ref().and_then(|identity| identity.public().ok())
    }

    /// The member's identity as it is wrapped to a device or a recovery code, if this opens it.
    pub(super) fn find_identity(
        &self,
        council: CouncilId,
        device: DeviceId,
        with: &AgreementSecret,
    ) -> Option<Identity> {
        let (member, identity) = (self.me, self.directory.identity(self.me)?);
        let purpose = Purpose::Identity { council, member, identity, device };
        let wraps = self.identity_wraps.iter();
        let wraps = wraps.filter(|(of, one)| *of == identity && one.device == device);
        wraps.filter_map(|(_, one)| unwrap(&one.wrap, with, &purpose).ok()).find_map(|seed| {
            let found = Identity::from_seed(*seed);
            (found.public() == Ok(identity)).then_some(found)
        })
    }

    /// Whether the member has sealed anything.
    pub(super) fn has_sealed(&self) -> bool {
        self.given.iter().any(|(scope, _, _)| scope.owner == self.me)
    }

    /// Whether the member has a recovery code.
    pub(super) fn has_code(&self) -> bool {
        self.directory.of(self.me).is_some_and(|list| list.code().is_some())
    }

    /// Devices of the member, with the code.
    pub(super) fn holders(&self) -> impl Iterator<Item = (DeviceId, Holder)> {
        let listed = self.directory.of(self.me).map_or(&[][..], |list| &list.devices);
        listed.iter().map(|listed| (listed.device, listed.holder))
    }
}

/// The key in a wrap.
pub(super) fn open(sealer: &Sealer, one: &KeyWrap, with: &AgreementSecret) -> Option<EpochKey> {
    let council = sealer.profile.council;
    let KeyWrap { scope, epoch, device, .. } = *one;
    let purpose = Purpose::Epoch { council, scope, epoch, device };
    unwrap(&one.wrap, with, &purpose).ok().map(|key| EpochKey::from_bytes(*key))
}
