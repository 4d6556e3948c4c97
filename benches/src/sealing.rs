//! What sealed notes cost. A stroke: the payload of one pen stroke sealed and opened, an epoch's key
//! wrapped and unwrapped. No disk: it is what comes on top of everything else. A large council: [`crowd`].

mod crowd;

use std::time::Instant;

use anyhow::{Context, Result};
use domain::{CouncilId, DeviceId, MemberId};
use seal::wrap::{Purpose, unwrap, wrap};
use seal::{AgreementSecret, EpochKey};
use wire::{Audience, DocKey, Header, Kind, Scope};

use crate::figure::{Figure, Target};

const MEASURED: u64 = 2_000;
/// About what sixty points of a pen are as one change of a notes document, in bytes.
const STROKE: usize = 600;

pub(crate) fn measure() -> Result<Vec<Figure>> {
    let scope = Scope { owner: MemberId::from_bytes([1; 16]), audience: Audience::Private };
    let (council, device) = (CouncilId::from_bytes([2; 16]), DeviceId::from_bytes([3; 16]));
    let key = EpochKey::from_bytes([4; 32]);
    let payload: Vec<u8> = (0..STROKE).map(|n| (n * 31 % 251) as u8).collect();
    let (mut both, mut keys) = (Vec::new(), Vec::new());
    for device_seq in 0..MEASURED {
        let header = Header {
            council,
            scope,
            document: DocKey([5; 16]),
            device,
            device_seq,
            kind: Kind::Note,
            epoch: 1,
            made_ms: 0,
        };
        let mut nonce = [0; 24];
        nonce[..8].copy_from_slice(&device_seq.to_be_bytes());
        let start = Instant::now();
        let sealed = key.seal(&header, &payload, nonce)?;
        let opened = key.open(&header, &sealed)?;
        both.push(start.elapsed().as_secs_f64() * 1_000.0);
        anyhow::ensure!(*opened == payload, "it opens to something else");
    }
    let secret = AgreementSecret::from_bytes([6; 32]);
    let public = secret.public();
    let purpose = Purpose::Epoch { council, scope, epoch: 1, device };
    for n in 0..200_u8 {
        let start = Instant::now();
        let wrapped = wrap(key.as_bytes(), &public, &purpose, [n; 32])?;
        let found = unwrap(&wrapped, &secret, &purpose).context("a wrap")?;
        keys.push(start.elapsed().as_secs_f64() * 1_000.0);
        anyhow::ensure!(*found == *key.as_bytes(), "another key");
    }
    let mut figures = vec![
        Figure::of("sealing: one stroke sealed and opened", "ms", both, Target::P99(1.0)),
        Figure::of(
            "sealing: a key wrapped and unwrapped, per device",
            "ms",
            keys,
            Target::P99(5.0),
        ),
    ];
    figures.append(&mut crowd::measure()?);
    Ok(figures)
}
