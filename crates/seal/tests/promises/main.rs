//! What sealing promises: those who may read do, nobody else does, and no changed bit passes.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs,
    reason = "a test may stop at the first surprise"
)]

mod devices;
mod golden;
mod keys;
mod payloads;
mod recovery;

use domain::{CouncilId, DeviceId, GroupId, MemberId, PublicKey};
use pupitre_seal as seal;
use seal::directory::Holder;
use seal::{AgreementSecret, DeviceList, Identity, ListedDevice};
use wire::{Audience, DocKey, Header, Kind, Scope};

const COUNCIL: CouncilId = CouncilId::from_bytes([9; 16]);
const GROUP: GroupId = GroupId::from_bytes([8; 16]);

fn member(n: u8) -> MemberId {
    MemberId::from_bytes([n; 16])
}

fn device(n: u8) -> DeviceId {
    DeviceId::from_bytes([n; 16])
}

fn private(n: u8) -> Scope {
    Scope { owner: member(n), audience: Audience::Private }
}

fn shared(n: u8) -> Scope {
    Scope { owner: member(n), audience: Audience::Group(GROUP) }
}

fn header(scope: Scope, epoch: u32) -> Header {
    Header {
        council: COUNCIL,
        scope,
        document: DocKey([3; 16]),
        device: device(4),
        device_seq: 5,
        kind: Kind::Note,
        epoch,
        made_ms: 1_700_000_000_000,
    }
}

/// The X25519 secret of a test's device.
fn secret(n: u8) -> AgreementSecret {
    AgreementSecret::from_bytes([n; 32])
}

fn listed(n: u8) -> ListedDevice {
    let signing = PublicKey::from_bytes([n; 32]);
    ListedDevice {
        device: device(n),
        holder: Holder::Device { signing },
        agreement: secret(n).public(),
    }
}

/// The identity of a test's member and the first list of these devices.
fn beginning(n: u8, devices: &[u8]) -> (Identity, DeviceList) {
    let identity = Identity::from_seed([n; 32]);
    let devices = devices.iter().map(|device| listed(*device)).collect();
    let list = DeviceList::first(COUNCIL, member(n), identity.public().unwrap(), devices);
    (identity, list)
}
