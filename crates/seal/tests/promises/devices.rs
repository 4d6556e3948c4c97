//! The directory: what follows what, and what a person must be told.

use std::collections::{BTreeMap, BTreeSet};

use domain::{MemberId, PublicKey};
use proptest::prelude::*;

use super::seal::directory::{Refused, Taken};
use super::seal::words::{Asking, Language, of_device};
use super::seal::{CheckedList, DeviceList, Directory, Identity, Letter, SignedList};
use super::{COUNCIL, beginning, device, listed, member};

fn empty() -> Directory {
    Directory::new(COUNCIL, BTreeMap::new())
}

fn signed(identity: &Identity, list: &DeviceList) -> Vec<u8> {
    identity.sign(list.clone()).unwrap().to_bytes()
}

#[test]
fn each_list_follows_the_one_before() {
    let (me, first) = beginning(1, &[10]);
    let second = first.with(&[listed(11)]);
    let third = second.without(&BTreeSet::from([device(10)]));
    let mut directory = empty();
    assert_eq!(directory.take(member(1), &signed(&me, &second)), Err(Refused::Early));
    assert_eq!(directory.take(member(1), &signed(&me, &first)), Ok(Taken::First));
    assert_eq!(directory.take(member(1), &signed(&me, &third)), Err(Refused::Early));
    let taken = directory.take(member(1), &signed(&me, &second));
    assert_eq!(taken, Ok(Taken::Next { added: vec![device(11)], removed: vec![] }));
    let taken = directory.take(member(1), &signed(&me, &third));
    assert_eq!(taken, Ok(Taken::Next { added: vec![], removed: vec![device(10)] }));
    for list in [&first, &second, &third] {
        assert_eq!(directory.take(member(1), &signed(&me, list)), Ok(Taken::Known));
    }
    assert_eq!(directory.of(member(1)), Some(&third));
}

#[test]
fn a_device_that_a_server_puts_in_is_found() {
    let (me, first) = beginning(1, &[10]);
    let mut directory = empty();
    directory.take(member(1), &signed(&me, &first)).unwrap();
    // In place of the device's own key, under the member's signature.
    let mut swapped = SignedList::from_bytes(&signed(&me, &first.with(&[listed(11)]))).unwrap();
    swapped.list.devices[0].agreement = PublicKey::from_bytes([66; 32]);
    assert_eq!(directory.take(member(1), &swapped.to_bytes()), Err(Refused::Forged));
    // With an identity of the server's own.
    let (other, theirs) = beginning(99, &[66]);
    let theirs = DeviceList { member: member(1), ..theirs };
    let refused = directory.take(member(1), &signed(&other, &theirs)).unwrap_err();
    assert_eq!(refused, Refused::OtherIdentity(other.public().unwrap()));
    assert!(refused.is_alarming());
    // Another member's list, or another council's.
    assert_eq!(directory.take(member(2), &signed(&me, &first)), Err(Refused::Forged));
    let elsewhere = DeviceList { council: domain::CouncilId::from_bytes([1; 16]), ..first.clone() };
    assert_eq!(directory.take(member(1), &signed(&me, &elsewhere)), Err(Refused::Forged));
    assert_eq!(directory.of(member(1)), Some(&first));
    assert_eq!(directory.device(member(1), device(66)), None);
}

#[test]
fn of_two_lists_made_at_one_time_the_first_stands() {
    let (me, first) = beginning(1, &[10]);
    let (one, other) = (first.with(&[listed(11)]), first.with(&[listed(12)]));
    let mut directory = empty();
    directory.take(member(1), &signed(&me, &first)).unwrap();
    directory.take(member(1), &signed(&me, &one)).unwrap();
    let late = directory.take(member(1), &signed(&me, &other)).unwrap_err();
    assert!(late == Refused::Late && !late.is_alarming());
    assert_eq!(directory.of(member(1)), Some(&one));
}

#[test]
fn whoever_begins_anew_is_believed_once_a_person_agrees() {
    let (me, first) = beginning(1, &[10]);
    let (anew, theirs) = beginning(99, &[20]);
    let theirs = DeviceList { member: member(1), ..theirs };
    let lists = [signed(&me, &first), signed(&anew, &theirs)].map(|list| CheckedList::of(&list));
    let of = |agreed: BTreeMap<MemberId, PublicKey>| {
        let lists = lists.iter().map(|list| (member(1), list.as_ref()));
        Directory::read(COUNCIL, agreed, lists)
    };
    let key = anew.public().unwrap();
    let (before, alarms) = of(BTreeMap::new());
    assert_eq!(before.of(member(1)), Some(&first));
    assert_eq!(alarms, BTreeSet::from([(member(1), Refused::OtherIdentity(key))]));
    let (after, alarms) = of(BTreeMap::from([(member(1), key)]));
    assert_eq!(after.of(member(1)), Some(&theirs));
    assert_eq!(alarms, BTreeSet::new());
}

#[test]
fn six_words_tell_every_exchanged_key() {
    let keys: Vec<PublicKey> = (1..4).map(|n| PublicKey::from_bytes([n; 32])).collect();
    let other = PublicKey::from_bytes([77; 32]);
    let asking = Asking {
        council: COUNCIL,
        member: member(1),
        identity: &keys[0],
        device: device(10),
        signing: &keys[1],
        agreement: &keys[2],
    };
    let words = of_device(&asking, Language::French);
    assert_eq!(words.len(), 6);
    assert_eq!(of_device(&asking, Language::French), words);
    assert_ne!(of_device(&asking, Language::English), words);
    for changed in [
        Asking { identity: &other, ..asking },
        Asking { signing: &other, ..asking },
        Asking { agreement: &other, ..asking },
        Asking { device: device(11), ..asking },
        Asking { member: member(2), ..asking },
    ] {
        assert_ne!(of_device(&changed, Language::French), words, "{changed:?}");
    }
}

proptest! {
    /// Lists arrive in any order: the directory is the same.
    #[test]
    fn the_order_of_arrival_does_not_matter(order in Just((0usize..5).collect::<Vec<_>>()).prop_shuffle()) {
        let (me, first) = beginning(1, &[10]);
        let mut lists = vec![first];
        for n in 11..15 {
            let next = lists.last().unwrap().with(&[listed(n)]);
            lists.push(next);
        }
        let checked: Vec<_> =
            lists.iter().map(|list| CheckedList::of(&signed(&me, list))).collect();
        let shuffled = order.iter().map(|at| (member(1), checked[*at].as_ref()));
        let (directory, alarms) = Directory::read(COUNCIL, BTreeMap::new(), shuffled);
        prop_assert_eq!(directory.of(member(1)), lists.last());
        prop_assert!(alarms.is_empty());
    }

    #[test]
    fn no_changed_bit_of_a_list_is_believed(at in any::<prop::sample::Index>(), bit in 0u8..8) {
        let (me, first) = beginning(1, &[10, 11]);
        let mut bytes = signed(&me, &first);
        let at = at.index(bytes.len());
        bytes[at] ^= 1 << bit;
        prop_assert_eq!(empty().take(member(1), &bytes), Err(Refused::Forged));
    }

    #[test]
    fn no_bytes_make_a_reader_panic(bytes in prop::collection::vec(any::<u8>(), 0..400), tagged: bool) {
        let with = |tag: &[u8]| if tagged { [tag, &bytes].concat() } else { bytes.clone() };
        if let Ok(list) = SignedList::from_bytes(&with(b"pupitre/devices/1")) {
            prop_assert_eq!(list.to_bytes(), with(b"pupitre/devices/1"));
        }
        if let Ok(letter) = Letter::from_bytes(&with(b"pupitre/keys/1")) {
            prop_assert_eq!(letter.to_bytes(), with(b"pupitre/keys/1"));
        }
    }
}
