//! Drafts, the outbox, the server's answers and the log.

use client::ports::{Conflict, Cursor, Store};
use wire::{Ack, LineEnd, Op, Outcome, ProblemCode, limits};

use crate::world::{
    NOW, Shelf, change, council, desk, logged, mark, member, mine, note_op, other_tablet, paper,
    record, seal, seal_all, sitting, tablet,
};

fn accepted(device_seq: u64, seq: u64) -> Ack {
    Ack { device_seq, outcome: Outcome::Accepted { seq } }
}

fn refused(device_seq: u64) -> Ack {
    Ack { device_seq, outcome: Outcome::Refused { code: ProblemCode::Forbidden } }
}

/// All change bytes of notes, in order.
fn changes(store: &dyn Store, n: u8) -> Vec<u8> {
    store.note_pieces(mine(n).key).unwrap().changes.concat()
}

fn numbers(ops: &[Op]) -> Vec<u64> {
    ops.iter().map(|op| op.header.device_seq).collect()
}

pub(crate) fn the_same_page_twice_changes_nothing(shelf: &dyn Shelf) {
    let mut store = shelf.open();
    let mut other = other_tablet();
    let page = [
        logged(1, 1, desk().record(council(), member(9), 0, &record(sitting(1, 5, Vec::new())))),
        logged(2, 0, note_op(&mut other, mine(1), b"one")),
        logged(4, 0, note_op(&mut other, mine(1), b"two")),
    ];
    let cursor = Cursor { seq: 4, view: 1 };
    let first = store.apply(&page, cursor, NOW).unwrap();
    assert_eq!((first.entries, first.catalogue), (3, true));
    assert_eq!(first.notes, [mine(1).key]);
    store.index_notes(&mine(1), &[mark(1, "note")], 0, NOW).unwrap();
    drop(store);
    let mut store = shelf.open();
    let again = store.apply(&page, cursor, NOW).unwrap();
    assert_eq!((again.entries, again.catalogue), (0, false));
    assert_eq!(again.notes, []);
    assert_eq!(changes(&*store, 1), b"onetwo");
    assert_eq!(store.stale_documents().unwrap(), []);
    assert_eq!(store.cursor().unwrap(), cursor);
}

pub(crate) fn the_log_again_from_the_beginning_changes_nothing(shelf: &dyn Shelf) {
    let mut store = shelf.open();
    let (mut own, mut other) = (tablet(), other_tablet());
    store.save_draft(&change(mine(1), b"mine")).unwrap();
    let op = seal_all(&mut *store, &mut own).remove(0);
    store.acknowledge(&[accepted(1, 1)], NOW).unwrap();
    let all = [logged(1, 0, op), logged(2, 0, note_op(&mut other, mine(1), b"theirs"))];
    store.apply(&all, Cursor { seq: 2, view: 1 }, NOW).unwrap();
    let before = store.note_pieces(mine(1).key).unwrap();
    // What the member may see has changed: the server starts again, with a new view.
    let again = store.apply(&all[..1], Cursor { seq: 1, view: 2 }, NOW).unwrap();
    assert_eq!(again.entries, 0);
    store.apply(&all[1..], Cursor { seq: 2, view: 2 }, NOW).unwrap();
    assert_eq!(store.note_pieces(mine(1).key).unwrap(), before);
    assert_eq!(store.cursor().unwrap(), Cursor { seq: 2, view: 2 });
}

pub(crate) fn drafts_are_gathered_by_document_oldest_first(shelf: &dyn Shelf) {
    let mut store = shelf.open();
    for (n, text) in [(2, b"a"), (1, b"b"), (2, b"c"), (3, b"d"), (1, b"e")] {
        store.save_draft(&change(mine(n), text)).unwrap();
    }
    drop(store);
    let store = shelf.open();
    let groups: Vec<_> =
        store.drafts().unwrap().into_iter().map(|g| (g.document, g.changes)).collect();
    let wanted = [(mine(2), b"ac".to_vec()), (mine(1), b"be".to_vec()), (mine(3), b"d".to_vec())];
    assert_eq!(groups, wanted);
    assert_eq!(store.pending().unwrap(), 5);
}

pub(crate) fn a_document_with_more_drafts_than_an_operation_holds_is_cut(shelf: &dyn Shelf) {
    let mut store = shelf.open();
    let big = vec![7; 100 * 1024];
    for _ in 0..5 {
        store.save_draft(&change(mine(1), &big)).unwrap();
    }
    let sizes: Vec<usize> = store.drafts().unwrap().iter().map(|g| g.drafts.len()).collect();
    assert_eq!(sizes, [2, 2, 1]);
    let ops = seal_all(&mut *store, &mut tablet());
    assert!(ops.iter().all(|op| op.payload.len() <= limits::OP_PAYLOAD));
    assert_eq!(changes(&*store, 1).len(), 5 * big.len());
}

pub(crate) fn numbers_count_from_one_without_gaps_through_closing(shelf: &dyn Shelf) {
    let mut own = tablet();
    for turn in 1..=4u64 {
        let mut store = shelf.open();
        assert_eq!(store.next_device_seq().unwrap(), turn);
        store.save_draft(&change(mine(1), &[u8::try_from(turn).unwrap()])).unwrap();
        seal_all(&mut *store, &mut own);
        // The number is not given again when the operation has left.
        store.acknowledge(&[accepted(turn, turn)], NOW).unwrap();
    }
    let store = shelf.open();
    assert_eq!(store.next_device_seq().unwrap(), 5);
    assert_eq!(changes(&*store, 1), [1, 2, 3, 4]);
}

pub(crate) fn an_operation_out_of_turn_is_refused_and_changes_nothing(shelf: &dyn Shelf) {
    let mut store = shelf.open();
    store.save_draft(&change(mine(1), b"kept")).unwrap();
    let drafts = store.drafts().unwrap();
    for wrong in [0, 2] {
        let mut own = tablet();
        own.next = wrong;
        let op = note_op(&mut own, mine(1), &drafts[0].changes);
        assert!(store.seal(&op, &drafts[0].drafts).is_err(), "{wrong}");
    }
    assert_eq!(store.drafts().unwrap(), drafts);
    assert_eq!(store.next_device_seq().unwrap(), 1);
    assert_eq!(store.outbox(usize::MAX).unwrap(), []);
}

pub(crate) fn an_operation_with_drafts_that_are_gone_changes_nothing(shelf: &dyn Shelf) {
    let mut store = shelf.open();
    let mut own = tablet();
    store.save_draft(&change(mine(1), b"first")).unwrap();
    let group = store.drafts().unwrap().remove(0);
    seal(&mut *store, &mut own, &group);
    own.next = 2;
    let twice = note_op(&mut own, mine(1), &group.changes);
    assert!(store.seal(&twice, &group.drafts).is_err());
    assert_eq!(numbers(&store.outbox(usize::MAX).unwrap()), [1]);
    assert_eq!(store.next_device_seq().unwrap(), 2);
    assert_eq!(changes(&*store, 1), b"first");
}

pub(crate) fn the_outbox_goes_out_in_order_and_in_pieces(shelf: &dyn Shelf) {
    let mut store = shelf.open();
    let mut own = tablet();
    for n in 1..=4 {
        store.save_draft(&change(mine(n), &[n; 10_000])).unwrap();
        seal_all(&mut *store, &mut own);
    }
    assert_eq!(numbers(&store.outbox(usize::MAX).unwrap()), [1, 2, 3, 4]);
    assert_eq!(numbers(&store.outbox(25_000).unwrap()), [1, 2]);
    assert_eq!(numbers(&store.outbox(1).unwrap()), [1]);
    store.acknowledge(&[accepted(1, 1), accepted(2, 2)], NOW).unwrap();
    drop(store);
    let store = shelf.open();
    let left = store.outbox(usize::MAX).unwrap();
    assert_eq!(numbers(&left), [3, 4]);
    assert!(left.iter().all(|op| op.verify(&tablet().public_key()).is_ok()));
}

pub(crate) fn an_accepted_operation_is_part_of_the_log(shelf: &dyn Shelf) {
    let mut store = shelf.open();
    store.save_draft(&change(mine(1), b"note")).unwrap();
    let op = seal_all(&mut *store, &mut tablet()).remove(0);
    assert_eq!(store.pending().unwrap(), 1);
    assert_eq!(store.acknowledge(&[accepted(1, 9)], NOW).unwrap(), []);
    assert_eq!(store.pending().unwrap(), 0);
    let back = store.apply(&[logged(9, 0, op)], Cursor { seq: 9, view: 1 }, NOW).unwrap();
    assert_eq!((back.entries, back.notes), (0, Vec::new()));
    assert_eq!(changes(&*store, 1), b"note");
}

pub(crate) fn an_own_operation_that_comes_back_before_its_answer_is_known(shelf: &dyn Shelf) {
    let mut store = shelf.open();
    store.save_draft(&change(mine(1), b"note")).unwrap();
    let op = seal_all(&mut *store, &mut tablet()).remove(0);
    // The answer was lost; the pull brings the operation first.
    store.apply(&[logged(9, 0, op)], Cursor { seq: 9, view: 1 }, NOW).unwrap();
    assert_eq!(changes(&*store, 1), b"note");
    drop(store);
    let mut store = shelf.open();
    assert_eq!(store.acknowledge(&[accepted(1, 9)], NOW).unwrap(), []);
    assert_eq!(store.pending().unwrap(), 0);
    assert_eq!(store.outbox(1).unwrap(), []);
    assert_eq!(changes(&*store, 1), b"note");
}

pub(crate) fn a_refused_note_stays_on_the_page_and_is_told(shelf: &dyn Shelf) {
    let mut store = shelf.open();
    let mut draft = change(mine(1), b"note");
    draft.put.push(mark(1, "à vérifier"));
    store.save_draft(&draft).unwrap();
    seal_all(&mut *store, &mut tablet());
    let told = store.acknowledge(&[refused(1)], NOW).unwrap();
    assert_eq!(told, [Conflict { device_seq: 1, subject: String::new(), current: None }]);
    drop(store);
    let store = shelf.open();
    assert_eq!(store.pending().unwrap(), 0);
    assert_eq!(store.outbox(1).unwrap(), []);
    assert_eq!(changes(&*store, 1), b"note");
    assert_eq!(store.notes(None).unwrap().len(), 1);
    assert_eq!(store.next_device_seq().unwrap(), 2);
}

pub(crate) fn a_conflict_names_the_record_and_the_version_that_stands(shelf: &dyn Shelf) {
    let mut store = shelf.open();
    let mut clerk = desk();
    let agenda = record(sitting(1, 5, vec![paper(1, &[1])]));
    let op = clerk.record(council(), member(9), 2, &agenda);
    store.seal(&op, &[]).unwrap();
    assert_eq!(store.sittings().unwrap(), [], "the log decides what the catalogue says");
    let conflict = Ack { device_seq: 1, outcome: Outcome::Conflict { current: 4 } };
    let told = store.acknowledge(&[conflict], NOW).unwrap();
    let subject = "Conseil 1".to_owned();
    assert_eq!(told, [Conflict { device_seq: 1, subject, current: Some(4) }]);
    assert_eq!(store.pending().unwrap(), 0);
}

pub(crate) fn the_same_answer_twice_does_no_harm(shelf: &dyn Shelf) {
    let mut store = shelf.open();
    let mut own = tablet();
    for n in 1..=3 {
        store.save_draft(&change(mine(n), &[n])).unwrap();
    }
    seal_all(&mut *store, &mut own);
    let answers = [accepted(1, 1), refused(2)];
    assert_eq!(store.acknowledge(&answers, NOW).unwrap().len(), 1);
    drop(store);
    let mut store = shelf.open();
    assert_eq!(store.acknowledge(&answers, NOW + 1).unwrap(), []);
    assert_eq!(numbers(&store.outbox(usize::MAX).unwrap()), [3]);
    for n in 1..=3 {
        assert_eq!(changes(&*store, n), [n]);
    }
}

pub(crate) fn an_answer_to_nothing_does_no_harm(shelf: &dyn Shelf) {
    let mut store = shelf.open();
    assert_eq!(store.acknowledge(&[accepted(7, 1), refused(u64::MAX)], NOW).unwrap(), []);
    assert_eq!(store.next_device_seq().unwrap(), 1);
}

pub(crate) fn an_outbox_that_the_servers_line_has_overtaken_gets_the_numbers_after_it(
    shelf: &dyn Shelf,
) {
    let mut store = shelf.open();
    let mut own = tablet();
    for n in 1..=2 {
        store.save_draft(&change(mine(n), &[n])).unwrap();
    }
    let sealed = seal_all(&mut *store, &mut own);
    // Another life of this tablet has come to number 7: this one is an earlier image of it.
    let foreign = note_op(&mut other_tablet(), mine(3), b"theirs").hash();
    let line = LineEnd { device_seq: 7, op: foreign };
    assert_eq!(store.overtaken(&line).unwrap().unwrap(), sealed);
    own.next = 8;
    let anew: Vec<Op> = (1..=2).map(|n| note_op(&mut own, mine(n), &[n])).collect();
    store.renumber(7, &anew).unwrap();
    drop(store);
    let mut store = shelf.open();
    assert_eq!(store.outbox(usize::MAX).unwrap(), anew);
    assert_eq!(store.next_device_seq().unwrap(), 10);
    store.acknowledge(&[accepted(8, 20), accepted(9, 21)], NOW).unwrap();
    assert_eq!((store.pending().unwrap(), changes(&*store, 1)), (0, vec![1]));
    let back = [logged(20, 0, anew[0].clone()), logged(21, 0, anew[1].clone())];
    assert_eq!(store.apply(&back, Cursor { seq: 21, view: 1 }, NOW).unwrap().entries, 0);
    // With nothing in the outbox, the numbers alone go on from there.
    let line = LineEnd { device_seq: 15, op: foreign };
    assert_eq!(store.overtaken(&line).unwrap(), Some(Vec::new()));
    store.renumber(15, &[]).unwrap();
    assert_eq!(store.next_device_seq().unwrap(), 16);
}

pub(crate) fn an_outbox_that_the_server_knows_keeps_its_numbers(shelf: &dyn Shelf) {
    let mut store = shelf.open();
    let mut own = tablet();
    for n in 1..=3 {
        store.save_draft(&change(mine(n), &[n])).unwrap();
    }
    let sealed = seal_all(&mut *store, &mut own);
    store.acknowledge(&[accepted(1, 1)], NOW).unwrap();
    for known in &sealed {
        // Answered and heard, or answered and the answer lost: either way it is the same line.
        let line = LineEnd { device_seq: known.header.device_seq, op: known.hash() };
        assert_eq!(store.overtaken(&line).unwrap(), None, "{}", line.device_seq);
    }
    assert_eq!(numbers(&store.outbox(usize::MAX).unwrap()), [2, 3]);
}

pub(crate) fn records_enter_the_outbox_all_or_none(shelf: &dyn Shelf) {
    let mut own = tablet();
    let mut records = |n: u8| {
        let text = record(sitting(n, 5, Vec::new()));
        own.record(council(), member(1), 0, &text)
    };
    let [first, second, third] = [records(1), records(2), records(3)];
    let mut store = shelf.open();
    // The second has no place in the line yet: the first must not stay alone.
    store.seal_all(&[first.clone(), third.clone()]).unwrap_err();
    drop(store);
    let mut store = shelf.open();
    assert_eq!((store.pending().unwrap(), store.next_device_seq().unwrap()), (0, 1));
    store.seal_all(&[first, second, third]).unwrap();
    drop(store);
    let store = shelf.open();
    assert_eq!(numbers(&store.outbox(usize::MAX).unwrap()), [1, 2, 3]);
    assert_eq!((store.pending().unwrap(), store.next_device_seq().unwrap()), (3, 4));
}
