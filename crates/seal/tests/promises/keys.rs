//! Wraps, and what a device plans to send.

use std::collections::BTreeSet;

use domain::{DeviceId, GroupId, MemberId, PublicKey};
use proptest::prelude::*;
use wire::Scope;

use super::seal::plan::{Due, Known, Posted, identity_wrap, wraps};
use super::seal::wrap::{Purpose, unwrap, wrap};
use super::seal::{DeviceWrap, Directory, EpochKey, KeyWrap, Keyring, Letter};
use super::{COUNCIL, beginning, device, listed, member, private, secret, shared};

fn purpose(n: u8) -> Purpose {
    Purpose::Epoch { council: COUNCIL, scope: shared(1), epoch: 2, device: device(n) }
}

proptest! {
    #[test]
    fn a_wrap_opens_for_its_device_alone(key in any::<[u8; 32]>(), random in any::<[u8; 32]>()) {
        let wrapped = wrap(&key, &secret(10).public(), &purpose(10), random).unwrap();
        prop_assert_eq!(*unwrap(&wrapped, &secret(10), &purpose(10)).unwrap(), key);
        prop_assert!(unwrap(&wrapped, &secret(11), &purpose(10)).is_err());
    }

    #[test]
    fn no_changed_bit_of_a_wrap_opens(at in 0usize..80, bit in 0u8..8) {
        let mut wrapped = wrap(&[7; 32], &secret(10).public(), &purpose(10), [1; 32]).unwrap();
        wrapped[at] ^= 1 << bit;
        // X25519 does not look at the highest bit of a key; HPKE binds its bytes all the same.
        prop_assert!(unwrap(&wrapped, &secret(10), &purpose(10)).is_err());
    }

    #[test]
    fn letters_are_read_as_they_were_written(epochs in prop::collection::vec(1u32.., 0..20), n: u8) {
        let key = |epoch: u32| KeyWrap {
            scope: if epoch.is_multiple_of(2) { private(n) } else { shared(n) },
            epoch,
            device: device(n),
            wrap: [n; 80],
        };
        let one = DeviceWrap { device: device(n), wrap: [n; 80] };
        let (a, b) = (PublicKey::from_bytes([n; 32]), PublicKey::from_bytes([1; 32]));
        for letter in [
            Letter::Keys(epochs.iter().copied().map(key).collect()),
            Letter::Request { signing: a, agreement: b },
            Letter::Identity { identity: a, wraps: vec![one; epochs.len()] },
            Letter::Welcome {
                group: GroupId::from_bytes([n; 16]),
                member: member(n),
                history: n % 2 == 0,
            },
            Letter::Decline { device: device(n), agreement: a },
        ] {
            prop_assert_eq!(Letter::from_bytes(&letter.to_bytes()).unwrap(), letter);
        }
    }
}

#[test]
fn a_wrap_opens_for_its_purpose_alone() {
    let wrapped = wrap(&[7; 32], &secret(10).public(), &purpose(10), [1; 32]).unwrap();
    let council = COUNCIL;
    for other in [
        Purpose::Epoch { council, scope: shared(2), epoch: 2, device: device(10) },
        Purpose::Epoch { council, scope: private(1), epoch: 2, device: device(10) },
        Purpose::Epoch { council, scope: shared(1), epoch: 3, device: device(10) },
        purpose(11),
        Purpose::Identity {
            council,
            member: member(1),
            identity: PublicKey::from_bytes([1; 32]),
            device: device(10),
        },
    ] {
        assert!(unwrap(&wrapped, &secret(10), &other).is_err(), "{other:?}");
    }
}

#[test]
fn nothing_is_wrapped_to_a_key_that_is_none() {
    // The point of order one: everybody would know what comes of it.
    let none = PublicKey::from_bytes([0; 32]);
    assert!(wrap(&[7; 32], &none, &purpose(10), [1; 32]).is_err());
}

/// Two members of a group, each with two devices, and what one of them has posted.
struct Group {
    directory: Directory,
    posted: Posted,
    keyring: Keyring,
    shut_out: BTreeSet<DeviceId>,
}

impl Group {
    fn new() -> Self {
        let mut directory = Directory::new(COUNCIL, Default::default());
        for (n, devices) in [(1, [10, 11]), (2, [20, 21])] {
            let (identity, list) = beginning(n, &devices);
            let bytes = identity.sign(list).unwrap().to_bytes();
            directory.take(member(n), &bytes).unwrap();
        }
        let mut keyring = Keyring::default();
        keyring.add(shared(1), 1, EpochKey::from_bytes([1; 32]));
        let (posted, shut_out) = (Posted::default(), BTreeSet::new());
        Self { directory, posted, keyring, shut_out }
    }

    fn known(&self) -> Known<'_> {
        Known {
            council: COUNCIL,
            me: member(1),
            directory: &self.directory,
            shut_out: &self.shut_out,
            posted: &self.posted,
            keyring: &self.keyring,
        }
    }

    fn due(&self) -> Vec<Due> {
        self.known().due(both)
    }

    fn post(&mut self) {
        for due in self.due() {
            self.posted.epochs.insert((due.scope, due.epoch, due.device));
        }
    }
}

fn both(_: Scope, _: u16) -> BTreeSet<MemberId> {
    BTreeSet::from([member(1), member(2)])
}

fn alone(_: Scope, _: u16) -> BTreeSet<MemberId> {
    BTreeSet::from([member(1)])
}

fn devices(due: &[Due]) -> BTreeSet<DeviceId> {
    due.iter().map(|due| due.device).collect()
}

#[test]
fn every_listed_device_of_every_reader_is_given_the_key_once() {
    let mut group = Group::new();
    let due = group.due();
    assert_eq!(devices(&due), [10, 11, 20, 21].map(device).into());
    let mut n = 0;
    for due in &due {
        let random = || {
            n += 1;
            [n; 32]
        };
        let wraps = wraps(COUNCIL, due, &group.keyring, random).unwrap();
        let purpose =
            Purpose::Epoch { council: COUNCIL, scope: shared(1), epoch: 1, device: due.device };
        let with = secret(due.device.to_bytes()[0]);
        assert_eq!(*unwrap(&wraps[0].wrap, &with, &purpose).unwrap(), [1; 32]);
    }
    group.post();
    assert_eq!(group.due(), []);
    // A log that lost its end is given it again.
    group.posted.epochs.remove(&(shared(1), 1, device(21)));
    assert_eq!(devices(&group.due()), [device(21)].into());
}

#[test]
fn a_device_outside_the_directory_or_shut_out_gets_nothing() {
    let mut group = Group::new();
    group.shut_out.insert(device(21));
    assert_eq!(devices(&group.due()), [10, 11, 20].map(device).into());
    assert_eq!(devices(&group.known().due(alone)), [10, 11].map(device).into());
    let stranger = |_, _| BTreeSet::from([member(1), member(3)]);
    assert_eq!(devices(&group.known().due(stranger)), [10, 11].map(device).into());
}

#[test]
fn an_epoch_ends_when_somebody_who_has_its_key_may_no_longer_read() {
    let mut group = Group::new();
    assert!(!group.known().must_renew(shared(1), 0, both));
    group.post();
    assert!(!group.known().must_renew(shared(1), 0, both));
    assert!(group.known().must_renew(shared(1), 0, alone));
    assert!(group.known().must_renew(private(1), 0, alone), "there is none yet");
    group.shut_out.insert(device(20));
    assert!(group.known().must_renew(shared(1), 0, both));
    group.keyring.add(shared(1), 2, EpochKey::from_bytes([2; 32]));
    assert!(!group.known().must_renew(shared(1), 0, both), "nobody else has the next one");
    let now = group.due().into_iter().filter(|due| due.epoch == 2).collect::<Vec<_>>();
    assert_eq!(devices(&now), [10, 11, 21].map(device).into());
}

#[test]
fn a_new_device_is_handed_what_the_old_ones_read() {
    let mut group = Group::new();
    group.keyring.add(shared(2), 4, EpochKey::from_bytes([4; 32]));
    group.post();
    let (identity, list) = beginning(1, &[10, 11]);
    let next = identity.sign(list.with(&[listed(12)])).unwrap().to_bytes();
    group.directory.take(member(1), &next).unwrap();
    let due = group.due();
    assert_eq!(devices(&due), [device(12)].into());
    let scopes: BTreeSet<Scope> = due.iter().map(|due| due.scope).collect();
    assert_eq!(scopes, [shared(1), shared(2)].into());
    // And the identity, with which it can take in the next one.
    let public = identity.public().unwrap();
    group.posted.identities.extend([10, 11].map(|n| (public, device(n))));
    let [new] = group.known().identity_due(public)[..] else { panic!() };
    let wrapped = identity_wrap(COUNCIL, member(1), &identity, &new, [1; 32]).unwrap();
    let purpose = Purpose::Identity {
        council: COUNCIL,
        member: member(1),
        identity: public,
        device: device(12),
    };
    assert_eq!(&*unwrap(&wrapped.wrap, &secret(12), &purpose).unwrap(), identity.seed());
}

#[test]
fn who_reads_from_an_era_on_is_given_no_key_of_the_one_before() {
    let mut group = Group::new();
    let second = wire::before_era(1) + 1;
    group.keyring.add(shared(1), second, EpochKey::from_bytes([2; 32]));
    // Member 2 reads from the second era on.
    let later = |_: Scope, era: u16| {
        if era == 0 { BTreeSet::from([member(1)]) } else { both(shared(1), era) }
    };
    let due = group.known().due(later);
    let of = |epoch: u32| {
        let some: Vec<Due> = due.iter().filter(|due| due.epoch == epoch).copied().collect();
        devices(&some)
    };
    assert_eq!(of(1), [10, 11].map(device).into());
    assert_eq!(of(second), [10, 11, 20, 21].map(device).into());
    for due in due {
        group.posted.epochs.insert((due.scope, due.epoch, due.device));
    }
    assert!(!group.known().must_renew(shared(1), 0, later));
    assert!(!group.known().must_renew(shared(1), 1, later));
    assert!(group.known().must_renew(shared(1), 2, later), "it has not begun");
    // What is written in the first era goes on there, under its own key.
    assert_eq!(group.keyring.newest_in(shared(1), 0).map(|found| found.0), Some(1));
    assert_eq!(group.keyring.newest_in(shared(1), 1).map(|found| found.0), Some(second));
    assert_eq!(group.keyring.newest(shared(1)).map(|found| found.0), Some(second));
    // Somebody leaves: each era in which they had the key ends an epoch, the others do not.
    assert!(!group.known().must_renew(shared(1), 0, alone));
    assert!(group.known().must_renew(shared(1), 1, alone));
}
