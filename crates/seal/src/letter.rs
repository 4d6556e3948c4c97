//! What a member's devices write to each other, and to those who read with them: asking to be taken
//! in, and wraps.

use domain::{DeviceId, GroupId, MemberId, PublicKey};
use wire::Scope;

use crate::Malformed;
use crate::bytes::{Reader, put_count};
use crate::wrap::Wrap;

/// Most wraps in one letter; more go into another.
pub const WRAPS: usize = 400;

const TAG: &[u8] = b"pupitre/keys/1";

/// The key of an epoch, for one device.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeyWrap {
    /// The scope.
    pub scope: Scope,
    /// The epoch, from 1.
    pub epoch: u32,
    /// For which device.
    pub device: DeviceId,
    /// The wrapped key.
    pub wrap: Wrap,
}

/// The identity key, for one device.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DeviceWrap {
    /// For which device.
    pub device: DeviceId,
    /// The wrapped key.
    pub wrap: Wrap,
}

/// Payload of a `wire::Kind::Keys`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Letter {
    /// A device of the member asks to be taken into the member's list. The operation is signed with
    /// the key that is named here.
    Request {
        /// The device's Ed25519 key.
        signing: PublicKey,
        /// The device's X25519 key.
        agreement: PublicKey,
    },
    /// Keys of epochs: of the member's own scopes, or handed on to the member's own devices.
    Keys(Vec<KeyWrap>),
    /// The member's identity key, for the member's own devices.
    Identity {
        /// Its public half.
        identity: PublicKey,
        /// The wraps.
        wraps: Vec<DeviceWrap>,
    },
    /// A member of a group lets a newcomer read what the group writes. It counts when it is from somebody
    /// who was let in.
    Welcome {
        /// The group.
        group: GroupId,
        /// The newcomer.
        member: MemberId,
        /// Whether the newcomer reads what was written before too.
        history: bool,
    },
    /// The member does not know the device that asked with this key; it is asked about no more.
    Decline {
        /// The device.
        device: DeviceId,
        /// The X25519 key with which it asked.
        agreement: PublicKey,
    },
}

impl Letter {
    /// The bytes.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut text = TAG.to_vec();
        match self {
            Self::Request { signing, agreement } => {
                text.push(1);
                text.extend_from_slice(signing.as_bytes());
                text.extend_from_slice(agreement.as_bytes());
            }
            Self::Keys(wraps) => {
                text.push(2);
                put_count(&mut text, wraps.len());
                for one in wraps {
                    one.scope.append_to(&mut text);
                    text.extend_from_slice(&one.epoch.to_be_bytes());
                    text.extend_from_slice(&one.device.to_bytes());
                    text.extend_from_slice(&one.wrap);
                }
            }
            Self::Identity { identity, wraps } => {
                text.push(3);
                text.extend_from_slice(identity.as_bytes());
                put_count(&mut text, wraps.len());
                for one in wraps {
                    text.extend_from_slice(&one.device.to_bytes());
                    text.extend_from_slice(&one.wrap);
                }
            }
            Self::Welcome { group, member, history } => {
                // The form without the notes of before came later: whoever does not know it gives no key.
                text.push(if *history { 4 } else { 6 });
                text.extend_from_slice(&group.to_bytes());
                text.extend_from_slice(&member.to_bytes());
            }
            Self::Decline { device, agreement } => {
                text.push(5);
                text.extend_from_slice(&device.to_bytes());
                text.extend_from_slice(agreement.as_bytes());
            }
        }
        text
    }

    /// Reads the bytes.
    ///
    /// # Errors
    /// [`Malformed`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Malformed> {
        let mut rest = Reader::after(TAG, bytes)?;
        let letter = match rest.byte()? {
            1 => Self::Request { signing: rest.key()?, agreement: rest.key()? },
            2 => {
                let count = limited(rest.count()?)?;
                let mut wraps = Vec::with_capacity(count);
                for _ in 0..count {
                    let scope = rest.scope()?;
                    let epoch = u32::from_be_bytes(rest.take()?);
                    let (device, wrap) = (rest.device()?, rest.take()?);
                    // Epoch 0 is what is not sealed.
                    if epoch == 0 {
                        return Err(Malformed);
                    }
                    wraps.push(KeyWrap { scope, epoch, device, wrap });
                }
                Self::Keys(wraps)
            }
            3 => {
                let identity = rest.key()?;
                let count = limited(rest.count()?)?;
                let mut wraps = Vec::with_capacity(count);
                for _ in 0..count {
                    wraps.push(DeviceWrap { device: rest.device()?, wrap: rest.take()? });
                }
                Self::Identity { identity, wraps }
            }
            form @ (4 | 6) => Self::Welcome {
                group: GroupId::from_bytes(rest.take()?),
                member: rest.member()?,
                history: form == 4,
            },
            5 => Self::Decline { device: rest.device()?, agreement: rest.key()? },
            _ => return Err(Malformed),
        };
        rest.end()?;
        Ok(letter)
    }
}

const fn limited(count: usize) -> Result<usize, Malformed> {
    if count > WRAPS { Err(Malformed) } else { Ok(count) }
}
