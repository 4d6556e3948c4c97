//! Which devices are a member's: lists that the member's identity key signs, each naming the one
//! before.

use std::collections::{BTreeMap, BTreeSet};

use domain::{CouncilId, DeviceId, MemberId, PublicKey, Sha256};
use ring::signature::{ED25519, Ed25519KeyPair, KeyPair as _, UnparsedPublicKey};
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::Malformed;
use crate::bytes::{Reader, put_count, sha256};

/// Most devices of one member.
pub const DEVICES: usize = 32;

const TAG: &[u8] = b"pupitre/devices/1";

/// A member's identity key (Ed25519), as its seed.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct Identity([u8; 32]);

impl std::fmt::Debug for Identity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Identity")
    }
}

impl Identity {
    /// The identity of this seed, which nobody can guess.
    #[must_use]
    pub const fn from_seed(seed: [u8; 32]) -> Self {
        Self(seed)
    }

    /// Its seed, to be kept or wrapped.
    #[must_use]
    pub const fn seed(&self) -> &[u8; 32] {
        &self.0
    }

    /// What others know it by.
    ///
    /// # Errors
    /// [`Malformed`] when the seed is none, which 32 bytes always are.
    pub fn public(&self) -> Result<PublicKey, Malformed> {
        let pair = Ed25519KeyPair::from_seed_unchecked(&self.0).map_err(|_| Malformed)?;
        let bytes: [u8; 32] = pair.public_key().as_ref().try_into().map_err(|_| Malformed)?;
        Ok(PublicKey::from_bytes(bytes))
    }

    /// Signs a list of devices, which names this identity.
    ///
    /// # Errors
    /// [`Malformed`] when the list names another identity, or too many devices.
    pub fn sign(&self, list: DeviceList) -> Result<SignedList, Malformed> {
        if list.identity != self.public()? || list.devices.len() > DEVICES {
            return Err(Malformed);
        }
        let pair = Ed25519KeyPair::from_seed_unchecked(&self.0).map_err(|_| Malformed)?;
        let signature = pair.sign(&list.text()).as_ref().try_into().map_err(|_| Malformed)?;
        Ok(SignedList { list, signature })
    }
}

/// Who holds a key of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Holder {
    /// A device, which signs with this Ed25519 key.
    Device {
        /// The key.
        signing: PublicKey,
    },
    /// The recovery code.
    Code {
        /// Shows whoever has the code that the identity is the member's ([`crate::RecoveryCode::mark`]).
        mark: [u8; 32],
    },
}

/// One device in the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct ListedDevice {
    /// The device; a made-up identifier for the recovery code.
    pub device: DeviceId,
    /// Who holds it.
    pub holder: Holder,
    /// X25519 key to which secrets are wrapped.
    pub agreement: PublicKey,
}

/// The devices of one member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceList {
    /// The council.
    pub council: CouncilId,
    /// Whose.
    pub member: MemberId,
    /// The member's identity key.
    pub identity: PublicKey,
    /// Counts the lists of this identity from 1.
    pub generation: u64,
    /// Digest of the list before; none for the first.
    pub previous: Option<Sha256>,
    /// The devices, each once.
    pub devices: Vec<ListedDevice>,
}

impl DeviceList {
    /// The first list of an identity.
    #[must_use]
    pub const fn first(
        council: CouncilId,
        member: MemberId,
        identity: PublicKey,
        devices: Vec<ListedDevice>,
    ) -> Self {
        Self { council, member, identity, generation: 1, previous: None, devices }
    }

    /// The next list: these devices besides, in the place of those with the same identifier.
    #[must_use]
    pub fn with(&self, more: &[ListedDevice]) -> Self {
        let mut next = self.next();
        next.devices.retain(|listed| more.iter().all(|new| new.device != listed.device));
        next.devices.extend_from_slice(more);
        next
    }

    /// The next list, without these devices.
    #[must_use]
    pub fn without(&self, gone: &BTreeSet<DeviceId>) -> Self {
        let mut next = self.next();
        next.devices.retain(|listed| !gone.contains(&listed.device));
        next
    }

    fn next(&self) -> Self {
        Self {
            generation: self.generation.saturating_add(1),
            previous: Some(self.digest()),
            ..self.clone()
        }
    }

    /// The device of this name.
    #[must_use]
    pub fn device(&self, device: DeviceId) -> Option<&ListedDevice> {
        self.devices.iter().find(|listed| listed.device == device)
    }

    /// The recovery code's place, when there is a code.
    #[must_use]
    pub fn code(&self) -> Option<&ListedDevice> {
        self.devices.iter().find(|listed| matches!(listed.holder, Holder::Code { .. }))
    }

    /// Names this list.
    #[must_use]
    pub fn digest(&self) -> Sha256 {
        Sha256::from_bytes(sha256(&self.text()))
    }

    fn text(&self) -> Vec<u8> {
        let mut text = TAG.to_vec();
        text.extend_from_slice(&self.council.to_bytes());
        text.extend_from_slice(&self.member.to_bytes());
        text.extend_from_slice(self.identity.as_bytes());
        text.extend_from_slice(&self.generation.to_be_bytes());
        text.extend_from_slice(&self.previous.map_or([0; 32], |digest| *digest.as_bytes()));
        put_count(&mut text, self.devices.len());
        for listed in &self.devices {
            text.extend_from_slice(&listed.device.to_bytes());
            let (kind, held) = match &listed.holder {
                Holder::Device { signing } => (0, signing.as_bytes()),
                Holder::Code { mark } => (1, mark),
            };
            text.push(kind);
            text.extend_from_slice(held);
            text.extend_from_slice(listed.agreement.as_bytes());
        }
        text
    }
}

/// A list as it travels: its fixed layout and the identity's signature over it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedList {
    /// The list.
    pub list: DeviceList,
    /// Ed25519 signature of the identity.
    pub signature: [u8; 64],
}

impl SignedList {
    /// The bytes.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = self.list.text();
        bytes.extend_from_slice(&self.signature);
        bytes
    }

    /// Reads the bytes; says nothing of the signature.
    ///
    /// # Errors
    /// [`Malformed`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Malformed> {
        let mut rest = Reader::after(TAG, bytes)?;
        let (council, member) = (rest.council()?, rest.member()?);
        let identity = rest.key()?;
        let generation = u64::from_be_bytes(rest.take()?);
        let previous = Some(rest.digest()?).filter(|digest| digest.as_bytes() != &[0; 32]);
        let count = rest.count()?;
        if count > DEVICES || (generation == 1) != previous.is_none() {
            return Err(Malformed);
        }
        let mut devices: Vec<ListedDevice> = Vec::with_capacity(count);
        for _ in 0..count {
            let device = rest.device()?;
            let holder = match (rest.byte()?, rest.take()?) {
                (0, key) => Holder::Device { signing: PublicKey::from_bytes(key) },
                (1, mark) => Holder::Code { mark },
                _ => return Err(Malformed),
            };
            let agreement = rest.key()?;
            if devices.iter().any(|listed| listed.device == device) {
                return Err(Malformed);
            }
            devices.push(ListedDevice { device, holder, agreement });
        }
        let signature = rest.take()?;
        rest.end()?;
        let list = DeviceList { council, member, identity, generation, previous, devices };
        Ok(Self { list, signature })
    }

    fn is_signed(&self) -> bool {
        UnparsedPublicKey::new(&ED25519, self.list.identity.as_bytes())
            .verify(&self.list.text(), &self.signature)
            .is_ok()
    }
}

/// A list whose signature was checked: by the identity that it names, whosever that is. To check is what
/// costs; so it is done once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckedList {
    signed: SignedList,
    digest: Sha256,
}

impl CheckedList {
    /// Reads and checks the bytes of a list; none when somebody made it up or changed it.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Option<Self> {
        let signed = SignedList::from_bytes(bytes).ok().filter(SignedList::is_signed)?;
        let digest = signed.list.digest();
        Some(Self { signed, digest })
    }

    /// The list as it travels.
    #[must_use]
    pub const fn signed(&self) -> &SignedList {
        &self.signed
    }
}

/// What taking a list changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Taken {
    /// The member had none before.
    First,
    /// It follows the one that stood.
    Next {
        /// Devices that are new, or have other keys.
        added: Vec<DeviceId>,
        /// Devices that are gone.
        removed: Vec<DeviceId>,
    },
    /// The member has another identity, as this tablet's person agreed to.
    Anew,
    /// It was taken before.
    Known,
}

/// Why a list is not taken. The one that stood stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
pub enum Refused {
    /// It is no list, or not signed by the identity it names, or another member's: somebody made it up
    /// or changed it.
    #[error("This list of devices was not signed by the person whose devices it lists.")]
    Forged,
    /// It is signed by another identity than the member's. The member has lost all devices and begun
    /// anew; or somebody is putting devices of their own in the member's place.
    #[error("The devices of this person are vouched for by another key than before.")]
    OtherIdentity(PublicKey),
    /// The list before it has not come yet; it can be tried again.
    #[error("This list of devices follows one that has not come yet.")]
    Early,
    /// Another list of the same identity stands in its place: two devices changed it at one time.
    #[error("Another list of devices was there first.")]
    Late,
}

impl Refused {
    /// Whether a person must be told: no honest server and no honest device brings this about alone.
    #[must_use]
    pub const fn is_alarming(&self) -> bool {
        matches!(self, Self::Forged | Self::OtherIdentity(_))
    }
}

#[derive(Debug, Clone)]
struct Standing {
    list: DeviceList,
    past: BTreeSet<Sha256>,
    /// Keys of every device that was ever listed.
    signers: BTreeMap<DeviceId, PublicKey>,
}

/// The lists that stand: one for each member that has any.
#[derive(Debug, Clone)]
pub struct Directory {
    council: CouncilId,
    standing: BTreeMap<MemberId, Standing>,
    agreed: BTreeMap<MemberId, PublicKey>,
}

impl Directory {
    /// An empty directory. A member's first identity is believed. `agreed` names those that a person
    /// has agreed to in the place of another; for the member of this tablet, the own one.
    #[must_use]
    pub const fn new(council: CouncilId, agreed: BTreeMap<MemberId, PublicKey>) -> Self {
        Self { council, standing: BTreeMap::new(), agreed }
    }

    /// The directory of all these lists, given in the order of the log, whatever of them came first;
    /// and what a person must be told. None stands for one that somebody made up or changed.
    #[must_use]
    pub fn read<'a>(
        council: CouncilId,
        agreed: BTreeMap<MemberId, PublicKey>,
        lists: impl IntoIterator<Item = (MemberId, Option<&'a CheckedList>)>,
    ) -> (Self, BTreeSet<(MemberId, Refused)>) {
        let mut directory = Self::new(council, agreed);
        let mut alarms = BTreeSet::new();
        let mut waiting: Vec<(MemberId, Option<&CheckedList>)> = lists.into_iter().collect();
        loop {
            let before = waiting.len();
            waiting.retain(|(owner, list)| match directory.take_checked(*owner, *list) {
                Err(Refused::Early) => true,
                Err(refused) => {
                    if refused.is_alarming() {
                        alarms.insert((*owner, refused));
                    }
                    false
                }
                Ok(_) => false,
            });
            if waiting.len() == before || waiting.is_empty() {
                break;
            }
        }
        // What was another identity than the member's when it came may be agreed to since.
        alarms.retain(|(member, refused)| match refused {
            Refused::OtherIdentity(other) => directory.identity(*member) != Some(*other),
            Refused::Forged | Refused::Early | Refused::Late => true,
        });
        (directory, alarms)
    }

    /// Takes one list, put forward as `owner`'s.
    ///
    /// # Errors
    /// [`Refused`].
    pub fn take(&mut self, owner: MemberId, bytes: &[u8]) -> Result<Taken, Refused> {
        self.take_checked(owner, CheckedList::of(bytes).as_ref())
    }

    /// The same with a list that was checked before; none for one that did not stand the check.
    ///
    /// # Errors
    /// [`Refused`].
    pub fn take_checked(
        &mut self,
        owner: MemberId,
        checked: Option<&CheckedList>,
    ) -> Result<Taken, Refused> {
        let CheckedList { signed: SignedList { list, .. }, digest } =
            checked.ok_or(Refused::Forged)?;
        if list.council != self.council || list.member != owner {
            return Err(Refused::Forged);
        }
        let digest = *digest;
        let agreed = self.agreed.get(&owner);
        let Some(standing) = self.standing.get_mut(&owner) else {
            // Later lists of an identity wait for the first; a log always has it.
            if list.generation > 1 {
                return Err(Refused::Early);
            }
            self.standing.insert(owner, Standing::of(list.clone(), digest));
            return Ok(Taken::First);
        };
        if standing.past.contains(&digest) {
            return Ok(Taken::Known);
        }
        if list.identity != standing.list.identity {
            if agreed != Some(&list.identity) {
                return Err(Refused::OtherIdentity(list.identity));
            }
            if list.generation > 1 {
                return Err(Refused::Early);
            }
            // What the former devices wrote stays the member's word.
            let mut anew = Standing::of(list.clone(), digest);
            for (device, key) in &standing.signers {
                anew.signers.entry(*device).or_insert(*key);
            }
            *standing = anew;
            return Ok(Taken::Anew);
        }
        if list.generation <= standing.list.generation {
            return Err(Refused::Late);
        }
        if list.generation > standing.list.generation.saturating_add(1) {
            return Err(Refused::Early);
        }
        if list.previous != Some(standing.list.digest()) {
            return Err(Refused::Late);
        }
        let added = list.devices.iter().filter(|new| !standing.list.devices.contains(new));
        let added = added.map(|new| new.device).collect();
        let removed = standing.list.devices.iter().map(|old| old.device);
        let removed = removed.filter(|old| list.device(*old).is_none()).collect();
        standing.past.insert(digest);
        standing.signers.extend(signers(list));
        standing.list = list.clone();
        Ok(Taken::Next { added, removed })
    }

    /// The list of a member.
    #[must_use]
    pub fn of(&self, member: MemberId) -> Option<&DeviceList> {
        self.standing.get(&member).map(|standing| &standing.list)
    }

    /// The identity of a member.
    #[must_use]
    pub fn identity(&self, member: MemberId) -> Option<PublicKey> {
        self.of(member).map(|list| list.identity)
    }

    /// The Ed25519 key of a device that is listed as the member's, or was: what it wrote then is still
    /// the member's word, so that notes of before can be read.
    #[must_use]
    pub fn signer(&self, member: MemberId, device: DeviceId) -> Option<PublicKey> {
        self.standing.get(&member)?.signers.get(&device).copied()
    }

    /// Every member that has a list.
    pub fn members(&self) -> impl Iterator<Item = MemberId> {
        self.standing.keys().copied()
    }

    /// A device of a member.
    #[must_use]
    pub fn device(&self, member: MemberId, device: DeviceId) -> Option<&ListedDevice> {
        self.of(member).and_then(|list| list.device(device))
    }
}

impl Standing {
    fn of(list: DeviceList, digest: Sha256) -> Self {
        let signers = signers(&list).collect();
        Self { list, past: BTreeSet::from([digest]), signers }
    }
}

fn signers(list: &DeviceList) -> impl Iterator<Item = (DeviceId, PublicKey)> {
    list.devices.iter().filter_map(|listed| match listed.holder {
        Holder::Device { signing } => Some((listed.device, signing)),
        Holder::Code { .. } => None,
    })
}
