//! Signed operations that are kept whole.

use client::ports::{Cursor, EvidenceOf, Store};
use domain::{
    ConvocationId, DeviceCard, Happening, MessageId, MessageReceipt, PublicKey, Receipt, Record,
    Sha256, SittingId, Statement, Timestamp,
};
use testkit::Signer;
use wire::{Ack, Audience, DocKey, Kind, Logged, Op, Outcome, ProblemCode, Scope};

use crate::world::{NOW, Shelf, council, desk, member, tablet};

fn sitting(n: u8) -> SittingId {
    SittingId::from_bytes([n; 16])
}

fn receipt(signer: &mut Signer, n: u8, happening: Happening) -> Op {
    let convocation = ConvocationId::from_bytes([n; 16]);
    let receipt = Receipt {
        sitting: sitting(n),
        convocation,
        member: member(1),
        happening,
        at: Timestamp::from_millisecond(NOW).unwrap(),
        after: None,
        previous: Sha256::from_bytes([n; 32]),
    };
    let scope = Scope { owner: member(1), audience: Audience::Person(member(1)) };
    let document = DocKey::of_record(convocation.to_bytes());
    signer.seal(council(), scope, document, Kind::Receipt, receipt.to_json().unwrap())
}

fn card(n: u8) -> Record {
    Record::Device(DeviceCard {
        id: Signer::new(n).device,
        member: member(n),
        signing_key: PublicKey::from_bytes(Signer::new(n).public_key()),
        agreement_key: None,
        enrolled: Timestamp::from_millisecond(NOW + i64::from(n)).unwrap(),
        revoked: None,
    })
}

fn logged(seq: u64, record_version: u64, op: Op) -> Logged {
    Logged { seq, received_ms: NOW + 10, record_version, op }
}

fn cursor(seq: u64) -> Cursor {
    Cursor { seq, view: 1 }
}

fn places(store: &dyn Store, of: EvidenceOf) -> Vec<Option<u64>> {
    let all = store.evidence(of).unwrap();
    all.into_iter().map(|evidence| evidence.logged.map(|place| place.seq)).collect()
}

pub(crate) fn what_was_signed_is_kept_whole_in_the_order_of_the_log(shelf: &dyn Shelf) {
    let mut store = shelf.open();
    let (mut office, mut other) = (desk(), Signer::new(5));
    let opened = receipt(&mut other, 1, Happening::Opened);
    let page = [
        logged(1, 1, office.record(council(), member(9), 0, &card(5))),
        logged(2, 0, receipt(&mut other, 2, Happening::Delivered)),
        logged(4, 0, opened.clone()),
        logged(5, 1, office.record(council(), member(9), 0, &card(6))),
    ];
    let applied = store.apply(&page, cursor(5), NOW).unwrap();
    assert!(applied.catalogue);
    drop(store);
    let mut store = shelf.open();
    assert_eq!(store.devices().unwrap().len(), 2);
    assert_eq!(places(&*store, EvidenceOf::Devices), [Some(1), Some(5)]);
    assert_eq!(places(&*store, EvidenceOf::Sittings), [Some(2), Some(4)]);
    let of_one = store.evidence(EvidenceOf::Sitting(sitting(1))).unwrap();
    assert_eq!(of_one.len(), 1);
    assert_eq!(of_one[0].op, opened, "as it was signed");
    assert_eq!(of_one[0].logged.unwrap().received_ms, NOW + 10);
    let again = store.apply(&page, cursor(5), NOW).unwrap();
    assert_eq!((again.entries, again.catalogue), (0, false));
}

pub(crate) fn an_own_receipt_is_known_at_once_and_gets_its_place_once(shelf: &dyn Shelf) {
    let mut store = shelf.open();
    let op = receipt(&mut tablet(), 1, Happening::Opened);
    store.seal(&op, &[]).unwrap();
    drop(store);
    let mut store = shelf.open();
    assert_eq!(places(&*store, EvidenceOf::Sittings), [None]);
    assert_eq!(store.pending().unwrap(), 1);
    let accepted = Ack { device_seq: 1, outcome: Outcome::Accepted { seq: 7 } };
    store.acknowledge(&[accepted], NOW).unwrap();
    let first = store.apply(&[logged(7, 0, op.clone())], cursor(7), NOW).unwrap();
    let again = store.apply(&[logged(7, 0, op)], cursor(7), NOW).unwrap();
    assert_eq!((first.catalogue, again.catalogue), (true, false));
    assert_eq!(places(&*store, EvidenceOf::Sittings), [Some(7)]);
}

pub(crate) fn a_refused_receipt_did_not_happen(shelf: &dyn Shelf) {
    let mut store = shelf.open();
    let op = receipt(&mut tablet(), 1, Happening::Opened);
    store.seal(&op, &[]).unwrap();
    let outcome = Outcome::Refused { code: ProblemCode::Conflict };
    let told = store.acknowledge(&[Ack { device_seq: 1, outcome }], NOW).unwrap();
    assert_eq!(told.len(), 1);
    assert_eq!(places(&*store, EvidenceOf::Sittings), []);
}

pub(crate) fn a_log_put_back_gives_its_numbers_to_others(shelf: &dyn Shelf) {
    let mut store = shelf.open();
    let mut other = Signer::new(5);
    let lost = receipt(&mut other, 1, Happening::Delivered);
    let kept = receipt(&mut other, 1, Happening::Opened);
    store.apply(&[logged(3, 0, lost)], cursor(3), NOW).unwrap();
    store.apply(&[logged(3, 0, kept)], cursor(3), NOW).unwrap();
    assert_eq!(places(&*store, EvidenceOf::Sittings), [Some(3), None]);
}

pub(crate) fn what_is_said_of_messages_is_kept_apart_from_sittings_and_cards(shelf: &dyn Shelf) {
    let mut store = shelf.open();
    let statement = Statement::MessageReceipt(Box::new(MessageReceipt {
        message: MessageId::from_bytes([7; 16]),
        member: member(1),
        happening: Happening::Delivered,
        at: Timestamp::from_millisecond(NOW).unwrap(),
        after: None,
        previous: Sha256::from_bytes([1; 32]),
    }));
    let scope = Scope { owner: member(1), audience: Audience::Person(member(1)) };
    let document = DocKey::of_statement(&statement);
    let json = statement.to_json().unwrap();
    let op = tablet().seal(council(), scope, document, Kind::Receipt, json);
    store.seal(&op, &[]).unwrap();
    let of_sitting = receipt(&mut Signer::new(5), 1, Happening::Opened);
    store.apply(&[logged(3, 0, op), logged(4, 0, of_sitting)], cursor(4), NOW).unwrap();
    assert_eq!(places(&*store, EvidenceOf::Messages), [Some(3)]);
    assert_eq!(places(&*store, EvidenceOf::MessagesTo(member(1))), [Some(3)]);
    assert_eq!(places(&*store, EvidenceOf::MessagesTo(member(2))), []);
    assert_eq!(places(&*store, EvidenceOf::Sittings), [Some(4)]);
    assert_eq!(places(&*store, EvidenceOf::Devices), []);
}
