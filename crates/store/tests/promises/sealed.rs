//! Sealed notes and the keys they wait for.

use client::ports::{Cursor, KeyOpState, Opened, Sight, Store, StoredEdit};
use domain::Role;
use testkit::Signer;
use wire::{
    Ack, Audience, DocKey, Header, Kind, Logged, NotePayload, Op, Outcome, ProblemCode, Scope,
};

use crate::world::{
    NOW, Shelf, change, council, group, logged, member, mine, other_tablet, shared, tablet,
};

/// What somebody sealed: the store neither opens nor closes it.
fn sealed(signer: &mut Signer, document: client::ports::NotedDocument, bytes: &[u8]) -> Op {
    let op = signer.seal(council(), document.scope, document.key, Kind::Note, bytes.to_vec());
    let header = Header { epoch: 1, ..op.header };
    Op::seal(header, op.payload, |text| signer.sign(text))
}

fn keys(signer: &mut Signer, kind: Kind, owner: u8, audience: Audience) -> Op {
    let scope = Scope { owner: member(owner), audience };
    let document = DocKey::of_devices(member(owner));
    let bytes = signer.next.to_be_bytes().to_vec();
    signer.seal(council(), scope, document, kind, bytes)
}

fn apply(store: &mut dyn Store, view: u64, items: &[Logged]) -> u64 {
    let seq = items.last().map_or(0, |item| item.seq);
    store.apply(items, Cursor { seq, view }, NOW).unwrap().entries
}

fn open(document: client::ports::NotedDocument, changes: &[u8]) -> Opened {
    Opened::Note(NotePayload { pdf: document.pdf, changes: changes.to_vec() })
}

fn changes(store: &dyn Store, document: client::ports::NotedDocument) -> Vec<u8> {
    store.note_pieces(document.key).unwrap().changes.concat()
}

pub(crate) fn a_sealed_note_waits_and_is_let_in_when_it_is_open(shelf: &dyn Shelf) {
    let theirs = shared(2, 1, group(1));
    let mut other = other_tablet();
    let ops = [sealed(&mut other, theirs, b"???"), sealed(&mut other, theirs, b"!!!")];
    let page = [logged(1, 0, ops[0].clone()), logged(2, 0, ops[1].clone())];
    let mut store = shelf.open();
    assert_eq!(apply(&mut *store, 1, &page), 2);
    assert_eq!(apply(&mut *store, 1, &page), 0, "a repeat is nothing new");
    drop(store);
    let mut store = shelf.open();
    assert_eq!((store.waiting().unwrap(), store.unreadable().unwrap()), (2, 0));
    assert!(store.stale_documents().unwrap().is_empty());
    let closed: Vec<Op> = store.closed_notes().unwrap().into_iter().map(|note| note.op).collect();
    assert_eq!(closed, ops);
    let opened = [(ops[0].hash(), open(theirs, b"one;")), (ops[1].hash(), open(theirs, b"two;"))];
    store.let_in(&opened).unwrap();
    store.let_in(&opened).unwrap();
    assert_eq!(store.waiting().unwrap(), 0);
    assert_eq!(store.stale_documents().unwrap(), [theirs]);
    assert_eq!(changes(&*store, theirs), b"one;two;");
    // The log read again brings nothing new.
    assert_eq!(apply(&mut *store, 2, &page), 0);
    assert_eq!((store.waiting().unwrap(), changes(&*store, theirs)), (0, b"one;two;".to_vec()));
}

pub(crate) fn a_note_that_no_key_opens_is_kept_and_told(shelf: &dyn Shelf) {
    let theirs = shared(2, 1, group(1));
    let op = sealed(&mut other_tablet(), theirs, b"???");
    let mut store = shelf.open();
    apply(&mut *store, 1, &[logged(1, 0, op.clone())]);
    store.let_in(&[(op.hash(), Opened::Untrue)]).unwrap();
    assert_eq!((store.waiting().unwrap(), store.unreadable().unwrap()), (0, 1));
    assert!(store.closed_notes().unwrap()[0].untrue);
    // Another key of its epoch may come yet.
    store.let_in(&[(op.hash(), open(theirs, b"one;"))]).unwrap();
    assert_eq!((store.unreadable().unwrap(), changes(&*store, theirs)), (0, b"one;".to_vec()));
}

pub(crate) fn an_own_sealed_note_stays_open_here(shelf: &dyn Shelf) {
    let mut store = shelf.open();
    store.save_draft(&change(mine(1), b"one;")).unwrap();
    let drafted = store.drafts().unwrap().remove(0);
    let op = sealed(&mut tablet(), mine(1), b"???");
    let note = NotePayload { pdf: mine(1).pdf, changes: b"one;".to_vec() };
    store.seal_closed(&op, &note, &drafted.drafts).unwrap();
    assert_eq!(store.outbox(9).unwrap(), std::slice::from_ref(&op));
    assert_eq!(changes(&*store, mine(1)), b"one;");
    // It comes back before its answer.
    apply(&mut *store, 1, &[logged(1, 0, op.clone())]);
    store
        .acknowledge(&[Ack { device_seq: 1, outcome: Outcome::Accepted { seq: 1 } }], NOW)
        .unwrap();
    assert_eq!((store.waiting().unwrap(), store.pending().unwrap()), (0, 0));
    assert_eq!(changes(&*store, mine(1)), b"one;");
}

pub(crate) fn of_keys_is_told_where_they_are(shelf: &dyn Shelf) {
    let mut store = shelf.open();
    let (mut me, mut other) = (tablet(), other_tablet());
    let theirs = keys(&mut other, Kind::Directory, 2, Audience::Council);
    let own = [Kind::Directory, Kind::Keys, Kind::Keys]
        .map(|kind| keys(&mut me, kind, 1, audience_of(kind)));
    store.seal_all(&own).unwrap();
    assert_eq!(apply(&mut *store, 1, &[logged(3, 0, theirs.clone())]), 1);
    let refused = Outcome::Refused { code: ProblemCode::Forbidden };
    store
        .acknowledge(
            &[
                Ack { device_seq: 1, outcome: Outcome::Accepted { seq: 2 } },
                Ack { device_seq: 2, outcome: refused },
            ],
            NOW,
        )
        .unwrap();
    drop(store);
    let mut store = shelf.open();
    let states = |store: &dyn Store| -> Vec<(Op, KeyOpState)> {
        store.key_ops().unwrap().into_iter().map(|key| (key.op, key.state)).collect()
    };
    let [list, refused, waiting] = own;
    assert_eq!(
        states(&*store),
        [
            (list.clone(), KeyOpState::Logged(2)),
            (theirs.clone(), KeyOpState::Logged(3)),
            (waiting.clone(), KeyOpState::Waiting),
            (refused, KeyOpState::Refused),
        ]
    );
    // A log that was put back: what it has lost is still here.
    apply(&mut *store, 2, &[logged(2, 0, theirs.clone())]);
    let now = states(&*store);
    assert_eq!(now[0], (theirs, KeyOpState::Logged(2)));
    assert_eq!(now[1], (waiting, KeyOpState::Waiting));
    assert!(now.contains(&(list, KeyOpState::Lost)));
}

pub(crate) fn whose_key_a_person_agreed_to_is_remembered(shelf: &dyn Shelf) {
    let mut store = shelf.open();
    let [first, then] = [1, 2].map(|n| domain::PublicKey::from_bytes([n; 32]));
    assert!(store.agreed().unwrap().is_empty());
    store.agree(member(2), first).unwrap();
    store.agree(member(3), first).unwrap();
    store.agree(member(2), then).unwrap();
    drop(store);
    let agreed = shelf.open().agreed().unwrap();
    assert_eq!(agreed, [(member(2), then), (member(3), first)].into());
}

fn audience_of(kind: Kind) -> Audience {
    if kind == Kind::Directory { Audience::Council } else { Audience::Private }
}

pub(crate) fn sealed_notes_and_keys_of_a_group_left_are_erased(shelf: &dyn Shelf) {
    let mut store = shelf.open();
    let mut other = other_tablet();
    let page = [
        logged(1, 0, sealed(&mut other, shared(2, 1, group(1)), b"???")),
        logged(2, 0, keys(&mut other, Kind::Keys, 2, group(1))),
        logged(3, 0, keys(&mut other, Kind::Directory, 2, Audience::Council)),
    ];
    apply(&mut *store, 1, &page);
    let sight = Sight { member: member(1), role: Role::Official, groups: Default::default() };
    store.forget_unseen(&sight).unwrap();
    assert_eq!((store.waiting().unwrap(), store.key_ops().unwrap().len()), (0, 1));
}

pub(crate) fn a_change_about_keys_is_counted_and_nothing_else(shelf: &dyn Shelf) {
    let mut store = shelf.open();
    let (mut me, mut other) = (tablet(), other_tablet());
    let mut last = store.sealed_tally().unwrap();
    // Whether keys, and whether closed notes, were counted since this was asked last.
    let mut counted = |store: &dyn Store| {
        let now = store.sealed_tally().unwrap();
        let changed = (now.keys != last.keys, now.closed != last.closed);
        last = now;
        changed
    };
    let own = keys(&mut me, Kind::Keys, 1, Audience::Private);
    store.seal_all(&[own]).unwrap();
    assert_eq!(counted(&*store), (true, false), "a letter is written");
    store
        .acknowledge(&[Ack { device_seq: 1, outcome: Outcome::Accepted { seq: 1 } }], NOW)
        .unwrap();
    assert_eq!(counted(&*store), (true, false), "it has its place");
    let list = logged(2, 0, keys(&mut other, Kind::Directory, 2, Audience::Council));
    apply(&mut *store, 1, std::slice::from_ref(&list));
    assert_eq!(counted(&*store), (true, false), "a list comes");
    apply(&mut *store, 1, &[list]);
    assert_eq!(counted(&*store), (false, false), "it comes once more");
    apply(&mut *store, 1, &[logged(3, 0, sealed(&mut other, shared(2, 1, group(1)), b"???"))]);
    assert_eq!(counted(&*store), (false, true), "a sealed note comes");
    let drafts = vec![change(mine(1), b"drafted;")];
    store.save_edit(&StoredEdit { drafts, ..StoredEdit::default() }).unwrap();
    store.key_ops().unwrap();
    store.save_last_sync(NOW).unwrap();
    apply(&mut *store, 1, &[]);
    assert_eq!(counted(&*store), (false, false), "nothing about keys");
    store.agree(member(2), domain::PublicKey::from_bytes([1; 32])).unwrap();
    assert_eq!(counted(&*store), (true, false), "a person agreed");
    let sight = Sight { member: member(1), role: Role::Official, groups: Default::default() };
    store.forget_unseen(&sight).unwrap();
    counted(&*store);
    apply(&mut *store, 2, &[]);
    assert_eq!(counted(&*store), (true, false), "the log is read anew");
}

pub(crate) fn what_comes_after_the_last_look_is_erased_too(shelf: &dyn Shelf) {
    let mut store = shelf.open();
    let mut other = other_tablet();
    let in_group = Sight {
        member: member(1),
        role: Role::Official,
        groups: [domain::GroupId::from_bytes([1; 16])].into(),
    };
    let outside = Sight { groups: Default::default(), ..in_group.clone() };
    let count = |store: &dyn Store| (store.waiting().unwrap(), store.key_ops().unwrap().len());
    apply(&mut *store, 1, &[logged(1, 0, sealed(&mut other, shared(2, 1, group(1)), b"???"))]);
    store.forget_unseen(&in_group).unwrap();
    assert_eq!(count(&*store), (1, 0));
    // The same things, and somebody else who looks.
    store.forget_unseen(&outside).unwrap();
    assert_eq!(count(&*store), (0, 0));
    // The same who looks, and more things.
    apply(&mut *store, 1, &[logged(2, 0, keys(&mut other, Kind::Keys, 2, group(1)))]);
    assert_eq!(count(&*store), (0, 1));
    store.forget_unseen(&outside).unwrap();
    assert_eq!(count(&*store), (0, 0));
}

pub(crate) fn in_which_era_one_writes_for_a_group_is_remembered(shelf: &dyn Shelf) {
    let mut store = shelf.open();
    assert!(store.eras().unwrap().is_empty());
    let eras = [(domain::GroupId::from_bytes([1; 16]), 2)].into();
    store.save_eras(&eras).unwrap();
    drop(store);
    let mut store = shelf.open();
    assert_eq!(store.eras().unwrap(), eras);
    store.save_eras(&Default::default()).unwrap();
    assert!(store.eras().unwrap().is_empty());
}
