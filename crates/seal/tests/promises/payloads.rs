//! Payloads under an epoch key.

use proptest::collection::vec;
use proptest::prelude::*;

use super::seal::{BUCKET, EpochKey, Keyring, OVERHEAD, OpenError};
use super::{device, header, member, private, shared};
use wire::{Audience, DocKey, Header, Kind, Op, Scope};

fn key(n: u8) -> EpochKey {
    EpochKey::from_bytes([n; 32])
}

/// The same header with one thing in it changed.
fn altered(header: &Header, which: u8) -> Header {
    let mut other = header.clone();
    match which {
        0 => other.council = domain::CouncilId::from_bytes([1; 16]),
        1 => other.scope.owner = member(99),
        2 => other.scope.audience = Audience::Council,
        3 => other.document = DocKey([4; 16]),
        4 => other.device = device(99),
        5 => other.device_seq += 1,
        6 => other.kind = Kind::Record,
        7 => other.epoch += 1,
        _ => other.made_ms += 1,
    }
    other
}

proptest! {
    #[test]
    fn what_was_sealed_opens_to_the_same(
        payload in vec(any::<u8>(), 0..2_000),
        nonce in any::<[u8; 24]>(),
    ) {
        let header = header(private(1), 1);
        let sealed = key(1).seal(&header, &payload, nonce).unwrap();
        prop_assert_eq!(&*key(1).open(&header, &sealed).unwrap(), &payload);
        prop_assert!(sealed.len() <= payload.len() + OVERHEAD);
        prop_assert_eq!((sealed.len() - 41) % BUCKET, 0);
    }

    #[test]
    fn a_size_tells_only_its_bucket(a in 0usize..252, b in 0usize..252) {
        let size = |length: usize| {
            key(1).seal(&header(private(1), 1), &vec![7; length], [0; 24]).unwrap().len()
        };
        prop_assert_eq!(size(a), size(b));
        prop_assert_eq!(size(253), size(252) + BUCKET);
    }

    #[test]
    fn no_changed_bit_opens(
        payload in vec(any::<u8>(), 0..600),
        at in any::<prop::sample::Index>(),
        bit in 0u8..8,
    ) {
        let header = header(private(1), 1);
        let mut sealed = key(1).seal(&header, &payload, [5; 24]).unwrap();
        let at = at.index(sealed.len());
        sealed[at] ^= 1 << bit;
        prop_assert!(key(1).open(&header, &sealed).is_err());
    }

    #[test]
    fn no_other_header_opens(payload in vec(any::<u8>(), 0..300), which in 0u8..9) {
        let header = header(shared(1), 3);
        let sealed = key(1).seal(&header, &payload, [5; 24]).unwrap();
        prop_assert!(key(1).open(&altered(&header, which), &sealed).is_err());
    }

    #[test]
    fn no_bytes_whatever_open_or_panic(bytes in vec(any::<u8>(), 0..600)) {
        prop_assert!(key(1).open(&header(private(1), 1), &bytes).is_err());
    }
}

#[test]
fn what_is_cut_short_does_not_open() {
    let header = header(private(1), 1);
    let sealed = key(1).seal(&header, b"note", [5; 24]).unwrap();
    for length in 0..sealed.len() {
        assert!(key(1).open(&header, &sealed[..length]).is_err(), "{length}");
    }
}

fn op(header: Header, payload: Vec<u8>) -> Op {
    Op { header, payload, signature: [0; 64] }
}

#[test]
fn a_ring_tells_a_key_that_is_still_to_come_from_a_note_that_is_untrue() {
    let header = header(shared(1), 2);
    let sealed = op(header.clone(), key(2).seal(&header, b"note", [1; 24]).unwrap());
    let mut ring = Keyring::default();
    ring.add(shared(1), 1, key(1));
    assert_eq!(ring.open(&sealed).unwrap_err(), OpenError::NoKey);
    ring.add(shared(1), 2, key(3));
    assert_eq!(ring.open(&sealed).unwrap_err(), OpenError::Untrue);
    assert!(ring.add(shared(1), 2, key(2)) && !ring.add(shared(1), 2, key(2)));
    assert_eq!(&**ring.open(&sealed).unwrap(), b"note");
}

#[test]
fn two_devices_that_began_one_epoch_seal_under_the_same_key_once_both_are_known() {
    let (mut one, mut other) = (Keyring::default(), Keyring::default());
    for (ring, order) in [(&mut one, [1, 2]), (&mut other, [2, 1])] {
        ring.add(private(1), 7, key(order[0]));
        ring.add(private(1), 7, key(order[1]));
        ring.add(private(1), 6, key(0));
        ring.add(Scope { owner: member(2), ..private(1) }, 9, key(0));
    }
    let (epoch, sealing) = one.newest(private(1)).unwrap();
    assert_eq!(other.newest(private(1)).unwrap(), (epoch, sealing));
    assert_eq!(epoch, 7);
    assert_eq!(one.newest(shared(1)), None);
}
