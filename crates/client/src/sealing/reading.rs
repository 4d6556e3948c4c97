//! What stands in the log about keys, read anew each time: nothing is remembered beside it but the keys
//! that were unwrapped since the app was started.

use std::collections::{BTreeMap, BTreeSet};

use domain::{CouncilId, DeviceId, GroupId, MemberId, PublicKey, Sha256};
use seal::directory::Refused;
use seal::plan::Posted;
use seal::wrap::{Purpose, unwrap};
use seal::{AgreementSecret, DeviceWrap, Directory, EpochKey, Holder, Identity, KeyWrap, Letter};
use wire::{Audience, Kind, Op, Scope};

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
    me: MemberId,
    device: DeviceId,
    pub(super) directory: Directory,
    /// What a person must be told.
    pub(super) alarms: BTreeSet<(MemberId, Refused)>,
    pub(super) shut_out: BTreeSet<DeviceId>,
    pub(super) posted: Posted,
    /// Epochs that a device which is listed now has vouched for.
    pub(super) vouched: BTreeSet<(Scope, u32)>,
    /// Every wrap that was ever sent, also those that a log has lost since: who once had a key has it.
    given: BTreeSet<(Scope, u32, DeviceId)>,
    /// Who let whom into which group.
    welcomes: BTreeSet<(GroupId, MemberId, MemberId)>,
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
    /// Wraps for the member's own devices and recovery code.
    pub(super) wraps: Vec<KeyWrap>,
}

impl State {
    pub(super) fn read(
        sealer: &Sealer,
        store: &dyn Store,
        unwrapped: &mut Unwrapped,
    ) -> Result<Self, StoreError> {
        let ops = store.key_ops()?;
        let me = sealer.profile.member;
        let agreed = store.agreed()?;
        // Lost lists too: what was true of a member's devices stays true when a log loses its end.
        let lists = ops.iter().filter(|key| {
            key.op.header.kind == Kind::Directory && key.state != KeyOpState::Refused
        });
        let lists = lists.map(|key| (key.op.header.scope.owner, key.op.payload.as_slice()));
        let (directory, alarms) = Directory::read(sealer.profile.council, agreed, lists);
        let mut state = Self {
            me,
            device: sealer.profile.device,
            directory,
            alarms,
            shut_out: sealer.shut_out(),
            posted: Posted::default(),
            vouched: BTreeSet::new(),
            given: BTreeSet::new(),
            welcomes: BTreeSet::new(),
            declined: BTreeSet::new(),
            requests: BTreeMap::new(),
            identity_wraps: Vec::new(),
            lost_lists: Vec::new(),
            agreement: None,
            identity: None,
            wraps: Vec::new(),
        };
        if ops.is_empty() {
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
        state.find_lost(&ops);
        for key in &ops {
            if key.op.header.kind == Kind::Keys {
                state.hear(sealer, key, unwrapped);
            }
        }
        Ok(state)
    }

    /// Own lists that must be sent again.
    fn find_lost(&mut self, ops: &[KeyOp]) {
        let own = |key: &&KeyOp| {
            key.op.header.kind == Kind::Directory && key.op.header.scope.owner == self.me
        };
        let stands: BTreeSet<&[u8]> = (ops.iter().filter(own))
            .filter(|key| key.state != KeyOpState::Lost)
            .map(|key| key.op.payload.as_slice())
            .collect();
        let mut lost: Vec<(u64, Vec<u8>)> = (ops.iter().filter(own))
            .filter(|key| !stands.contains(key.op.payload.as_slice()))
            .filter_map(|key| {
                let signed = seal::SignedList::from_bytes(&key.op.payload).ok()?;
                let mine = Some(signed.list.identity) == self.directory.identity(self.me);
                mine.then(|| (signed.list.generation, key.op.payload.clone()))
            })
            .collect();
        lost.sort();
        lost.dedup();
        self.lost_lists = lost.into_iter().map(|(_, bytes)| bytes).collect();
    }

    fn hear(&mut self, sealer: &Sealer, key: &KeyOp, unwrapped: &mut Unwrapped) {
        let op = &key.op;
        let owner = op.header.scope.owner;
        let Ok(letter) = Letter::from_bytes(&op.payload) else { return };
        match letter {
            Letter::Request { signing, agreement } => {
                let known = self.directory.device(self.me, op.header.device).is_some();
                if owner == self.me && !known && op.verify(signing.as_bytes()).is_ok() {
                    self.requests.insert(op.header.device, Asked { signing, agreement });
                }
            }
            Letter::Welcome { group, member } => {
                if op.header.scope.audience == Audience::Group(group) && self.is_signed(op) {
                    self.welcomes.insert((group, owner, member));
                }
            }
            Letter::Decline { device, agreement } => {
                if owner == self.me && self.is_signed(op) {
                    self.declined.insert((device, agreement));
                }
            }
            Letter::Keys(wraps) => {
                if self.is_signed(op) {
                    self.take(sealer, key, wraps, unwrapped);
                }
            }
            Letter::Identity { identity, wraps } => {
                if owner == self.me && self.is_signed(op) {
                    let stands = key.state != KeyOpState::Lost;
                    for wrap in wraps {
                        if stands {
                            self.posted.identities.insert((identity, wrap.device));
                        }
                        self.identity_wraps.push((identity, wrap));
                    }
                }
            }
        }
    }

    /// Whether a letter is from a device that its owner lists, or did.
    fn is_signed(&self, op: &Op) -> bool {
        let signer = self.directory.signer(op.header.scope.owner, op.header.device);
        signer.is_some_and(|key| op.verify(key.as_bytes()).is_ok())
    }

    fn take(
        &mut self,
        sealer: &Sealer,
        key: &KeyOp,
        wraps: Vec<KeyWrap>,
        unwrapped: &mut Unwrapped,
    ) {
        let header = &key.op.header;
        let (owner, author) = (header.scope.owner, header.device);
        let listed = self.directory.device(owner, author).is_some();
        let hash: Sha256 = key.op.hash();
        let new = self.agreement.is_some() && unwrapped.letters.insert(hash);
        for one in wraps {
            // Keys of one's own scopes; or of others', handed on between one's own devices.
            let handed = header.scope.audience == Audience::Private && owner == self.me;
            if one.scope.owner != owner && !handed {
                continue;
            }
            self.given.insert((one.scope, one.epoch, one.device));
            if key.state != KeyOpState::Lost {
                self.posted.epochs.insert((one.scope, one.epoch, one.device));
            }
            if listed && one.scope.owner == owner {
                self.vouched.insert((one.scope, one.epoch));
            }
            if new
                && one.device == self.device
                && let Some(with) = &self.agreement
                && let Some(key) = open(sealer, &one, with)
            {
                unwrapped.ring.add(one.scope, one.epoch, key);
            }
            if self.directory.device(self.me, one.device).is_some() {
                self.wraps.push(one);
            }
        }
    }

    /// Of these, who has the key of a scope's newest epoch; none when none has begun.
    pub(super) fn had(
        &self,
        scope: Scope,
        whom: &BTreeSet<MemberId>,
    ) -> Option<BTreeSet<MemberId>> {
        let of_scope = || self.given.iter().filter(|(of, _, _)| *of == scope);
        let newest = of_scope().map(|(_, epoch, _)| *epoch).max()?;
        let devices = || of_scope().filter(|(_, epoch, _)| *epoch == newest);
        let has = |member: &MemberId| {
            devices().any(|(_, _, device)| self.directory.signer(*member, *device).is_some())
        };
        Some(whom.iter().copied().filter(has).collect())
    }

    /// Who of a group's members is given the keys of an own scope: those who have them; before the scope
    /// has begun, those whom nobody else in the group leaves out; and whom they have let in since.
    pub(super) fn let_into(
        &self,
        scope: Scope,
        group: GroupId,
        members: &BTreeSet<MemberId>,
    ) -> BTreeSet<MemberId> {
        let mut inside = self.had(scope, members).unwrap_or_else(|| {
            let others = members.iter().filter(|other| **other != scope.owner);
            let theirs = others.filter_map(|owner| {
                self.had(Scope { owner: *owner, audience: scope.audience }, members)
            });
            theirs.fold(members.clone(), |all, some| &all & &some)
        });
        inside.insert(scope.owner);
        loop {
            let before = inside.len();
            let welcome = self.welcomes.iter().filter(|(of, by, who)| {
                *of == group && inside.contains(by) && members.contains(who)
            });
            let more: Vec<MemberId> = welcome.map(|(_, _, who)| *who).collect();
            inside.extend(more);
            if inside.len() == before {
                return inside;
            }
        }
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
