//! What a device must still send so that everybody who may read can, and when an epoch ends. All of it
//! follows from what stands in the log: nothing is remembered beside it, so that a lost answer or a
//! log that lost its end costs nothing but another letter.

use std::collections::BTreeSet;

use domain::{CouncilId, DeviceId, MemberId, PublicKey};
use wire::Scope;

use crate::wrap::{Purpose, wrap};
use crate::{DeviceWrap, Directory, Identity, KeyWrap, Keyring, ListedDevice, Sealed};

/// Wraps that stand in the log, or are on their way there.
#[derive(Debug, Clone, Default)]
pub struct Posted {
    /// Scope and epoch, whose wrap, and to which key it is.
    pub epochs: BTreeSet<(Scope, u32, DeviceId)>,
    /// Identities, and to whom they are wrapped.
    pub identities: BTreeSet<(PublicKey, DeviceId)>,
}

/// What a device knows.
#[derive(Debug)]
pub struct Known<'a> {
    /// The council.
    pub council: CouncilId,
    /// The device's member.
    pub me: MemberId,
    /// The lists that stand.
    pub directory: &'a Directory,
    /// Devices that the council's office has shut out.
    pub shut_out: &'a BTreeSet<DeviceId>,
    /// The wraps that stand.
    pub posted: &'a Posted,
    /// The keys that are here.
    pub keyring: &'a Keyring,
}

/// A wrap that is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Due {
    /// The scope.
    pub scope: Scope,
    /// The epoch.
    pub epoch: u32,
    /// For which device.
    pub device: DeviceId,
    /// The device's X25519 key.
    pub to: PublicKey,
}

impl Known<'_> {
    /// The devices of a member that may be given keys: listed by the member, not shut out.
    pub fn devices(&self, member: MemberId) -> impl Iterator<Item = &ListedDevice> {
        let listed = self.directory.of(member).map_or(&[][..], |list| &list.devices);
        listed.iter().filter(|listed| !self.shut_out.contains(&listed.device))
    }

    /// Wraps of epochs that are due: of the own scopes to every device of whoever reads them, of
    /// others' scopes to the member's own devices. `readers` names who reads an era of a scope.
    #[must_use]
    pub fn due(&self, readers: impl Fn(Scope, u16) -> BTreeSet<MemberId>) -> Vec<Due> {
        let mut due = Vec::new();
        for (scope, epoch, _) in self.keyring.all() {
            let to = if scope.owner == self.me {
                readers(scope, wire::era(epoch))
            } else {
                BTreeSet::from([self.me])
            };
            for listed in to.into_iter().flat_map(|member| self.devices(member)) {
                if !self.posted.epochs.contains(&(scope, epoch, listed.device)) {
                    due.push(Due { scope, epoch, device: listed.device, to: listed.agreement });
                }
            }
        }
        due
    }

    /// Own devices, and the recovery code, to which the identity is not wrapped yet.
    #[must_use]
    pub fn identity_due(&self, identity: PublicKey) -> Vec<ListedDevice> {
        self.devices(self.me)
            .filter(|listed| !self.posted.identities.contains(&(identity, listed.device)))
            .copied()
            .collect()
    }

    /// Whether the next thing sealed in an era of one of the own scopes needs another epoch: there is
    /// none, or somebody has the key of the newest who may no longer read.
    #[must_use]
    pub fn must_renew(
        &self,
        scope: Scope,
        era: u16,
        readers: impl Fn(Scope, u16) -> BTreeSet<MemberId>,
    ) -> bool {
        let Some((epoch, _)) = self.keyring.newest_in(scope, era) else { return true };
        let may: BTreeSet<DeviceId> = readers(scope, era)
            .into_iter()
            .flat_map(|member| self.devices(member).map(|listed| listed.device))
            .collect();
        let mut have = self
            .posted
            .epochs
            .range((scope, epoch, DeviceId::from_bytes([0; 16]))..)
            .take_while(|(of, at, _)| (*of, *at) == (scope, epoch));
        have.any(|(_, _, device)| !may.contains(device))
    }
}

/// Wraps the keys of an epoch for a device, each with random bytes of its own.
///
/// # Errors
/// [`Sealed`] when the device's key is none that anything can be wrapped to.
pub fn wraps(
    council: CouncilId,
    due: &Due,
    keyring: &Keyring,
    mut random: impl FnMut() -> [u8; 32],
) -> Result<Vec<KeyWrap>, Sealed> {
    let Due { scope, epoch, device, to } = *due;
    let purpose = Purpose::Epoch { council, scope, epoch, device };
    let one = |key: &crate::EpochKey| {
        wrap(key.as_bytes(), &to, &purpose, random()).map(|wrap| KeyWrap {
            scope,
            epoch,
            device,
            wrap,
        })
    };
    keyring.of(scope, epoch).iter().map(one).collect()
}

/// Wraps a member's identity for one of the member's devices.
///
/// # Errors
/// [`Sealed`] as for [`wraps`].
pub fn identity_wrap(
    council: CouncilId,
    member: MemberId,
    identity: &Identity,
    listed: &ListedDevice,
    random: [u8; 32],
) -> Result<DeviceWrap, Sealed> {
    let public = identity.public().map_err(|_| Sealed)?;
    let device = listed.device;
    let purpose = Purpose::Identity { council, member, identity: public, device };
    let wrap = wrap(identity.seed(), &listed.agreement, &purpose, random)?;
    Ok(DeviceWrap { device, wrap })
}
