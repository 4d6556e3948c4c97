//! Fixed layouts, read piece by piece: what is signed or sealed has one form in bytes and no other.

use domain::{CouncilId, DeviceId, GroupId, MemberId, PublicKey, Sha256};
use wire::{Audience, Scope};

use crate::Malformed;

/// What is left to be read.
pub(crate) struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    /// Reads bytes that must begin with `tag`.
    pub(crate) fn after(tag: &[u8], bytes: &'a [u8]) -> Result<Self, Malformed> {
        bytes.strip_prefix(tag).map(Self).ok_or(Malformed)
    }

    pub(crate) fn take<const N: usize>(&mut self) -> Result<[u8; N], Malformed> {
        let (taken, rest) = self.0.split_first_chunk().ok_or(Malformed)?;
        self.0 = rest;
        Ok(*taken)
    }

    pub(crate) fn byte(&mut self) -> Result<u8, Malformed> {
        let [byte] = self.take()?;
        Ok(byte)
    }

    /// A count of things that follow.
    pub(crate) fn count(&mut self) -> Result<usize, Malformed> {
        Ok(usize::from(u16::from_be_bytes(self.take()?)))
    }

    pub(crate) fn key(&mut self) -> Result<PublicKey, Malformed> {
        Ok(PublicKey::from_bytes(self.take()?))
    }

    pub(crate) fn device(&mut self) -> Result<DeviceId, Malformed> {
        Ok(DeviceId::from_bytes(self.take()?))
    }

    pub(crate) fn member(&mut self) -> Result<MemberId, Malformed> {
        Ok(MemberId::from_bytes(self.take()?))
    }

    pub(crate) fn council(&mut self) -> Result<CouncilId, Malformed> {
        Ok(CouncilId::from_bytes(self.take()?))
    }

    pub(crate) fn digest(&mut self) -> Result<Sha256, Malformed> {
        Ok(Sha256::from_bytes(self.take()?))
    }

    /// A scope that has keys.
    pub(crate) fn scope(&mut self) -> Result<Scope, Malformed> {
        let owner = self.member()?;
        let tag = self.byte()?;
        let whom: [u8; 16] = self.take()?;
        let audience = match tag {
            0 if whom == [0; 16] => Audience::Private,
            1 => Audience::Group(GroupId::from_bytes(whom)),
            _ => return Err(Malformed),
        };
        Ok(Scope { owner, audience })
    }

    /// Nothing may be left.
    pub(crate) fn end(self) -> Result<(), Malformed> {
        if self.0.is_empty() { Ok(()) } else { Err(Malformed) }
    }
}

/// Writes a count of things that follow.
pub(crate) fn put_count(text: &mut Vec<u8>, count: usize) {
    // More are never written: see the limits where the lists are made.
    let count = u16::try_from(count).unwrap_or(u16::MAX);
    text.extend_from_slice(&count.to_be_bytes());
}

/// SHA-256.
pub(crate) fn sha256(text: &[u8]) -> [u8; 32] {
    let digest = ring::digest::digest(&ring::digest::SHA256, text);
    let mut bytes = [0; 32];
    for (to, from) in bytes.iter_mut().zip(digest.as_ref()) {
        *to = *from;
    }
    bytes
}
