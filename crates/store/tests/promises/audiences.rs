//! Notes of several audiences: moved, refused, taken back, and erased when they may no longer be seen.

use std::collections::BTreeSet;

use client::ports::{
    Apart, Cursor, HISTORY, HistoryEdit, Sight, Store, StoredEdit, StoredHistory, Turn,
};
use domain::{GroupId, Role, SittingState};
use ink::AnnotationId;
use pupitre_store::SqliteStore;
use wire::{Ack, Audience, Outcome, ProblemCode};

use crate::world::{
    Disk, NOW, Shelf, change, desk, group, logged, mark, member, mine, note_op, other_tablet,
    paper, paper_id, pdf, publish, record, seal_all, shared, sitting, tablet,
};

fn sight(role: Role, groups: &[u8]) -> Sight {
    let groups = groups.iter().map(|n| GroupId::from_bytes([*n; 16])).collect();
    Sight { member: member(1), role, groups }
}

fn shown(store: &dyn Store) -> BTreeSet<String> {
    store.notes(None).unwrap().into_iter().map(|note| note.mark.text).collect()
}

fn pull(store: &mut dyn Store, seq: u64, document: client::ports::NotedDocument, text: &str) {
    let op = note_op(&mut other_tablet(), document, text.as_bytes());
    store.apply(&[logged(seq, 0, op)], Cursor { seq, view: 1 }, NOW).unwrap();
    let number = u8::try_from(seq).unwrap();
    store.index_notes(&document, &[mark(number, text)], 0, NOW).unwrap();
}

pub(crate) fn an_edit_of_two_documents_is_kept_wholly_and_in_its_order(shelf: &dyn Shelf) {
    let mut store = shelf.open();
    let mut made = change(mine(1), b"made");
    made.put.push(mark(1, "question"));
    store.save_draft(&made).unwrap();
    let council = shared(1, 1, Audience::Council);
    let mut there = change(council, b"there");
    there.put.push(mark(1, "question"));
    let mut gone = change(mine(1), b"gone");
    gone.removed.push(mark(1, "").id);
    let edit = StoredEdit { drafts: vec![there, gone], ..StoredEdit::default() };
    store.save_edit(&edit).unwrap();
    drop(store);
    let mut store = shelf.open();
    let notes = store.notes_named(mark(1, "").id).unwrap();
    assert_eq!(notes.iter().map(|note| note.document).collect::<Vec<_>>(), [council]);
    assert_eq!(
        store.note_counts(member(1)).unwrap().into_iter().collect::<Vec<_>>(),
        [(pdf(1), 1)]
    );
    let ops = seal_all(&mut *store, &mut tablet());
    let scopes: Vec<Audience> = ops.iter().map(|op| op.header.scope.audience).collect();
    assert_eq!(scopes, [Audience::Private, Audience::Council]);
}

pub(crate) fn a_note_of_two_audiences_is_counted_once(shelf: &dyn Shelf) {
    let mut store = shelf.open();
    for document in [mine(1), shared(1, 1, Audience::Council)] {
        store.index_notes(&document, &[mark(1, "deux fois")], 0, NOW).unwrap();
    }
    assert_eq!(store.notes_named(mark(1, "").id).unwrap().len(), 2);
    assert_eq!(store.note_counts(member(1)).unwrap().into_values().collect::<Vec<_>>(), [1]);
}

fn remember(store: &mut dyn Store, turn: Turn, steps: &[u8]) {
    let history = Some(HistoryEdit { paper: paper_id(1), turn, steps: steps.to_vec() });
    store.save_edit(&StoredEdit { history, ..StoredEdit::default() }).unwrap();
}

fn history(undo: &[&[u8]], redo: &[&[u8]]) -> StoredHistory {
    let side = |side: &[&[u8]]| side.iter().map(|steps| steps.to_vec()).collect();
    StoredHistory { undo: side(undo), redo: side(redo) }
}

pub(crate) fn what_can_be_undone_outlives_the_app(shelf: &dyn Shelf) {
    let mut store = shelf.open();
    assert_eq!(store.history(paper_id(1)).unwrap(), StoredHistory::default());
    for steps in [b"1", b"2", b"3"] {
        remember(&mut *store, Turn::Done, steps);
    }
    // The last one had nothing left to take back: two leave, one goes over.
    remember(&mut *store, Turn::Undone(2), b"-2");
    drop(store);
    let mut store = shelf.open();
    assert_eq!(store.history(paper_id(1)).unwrap(), history(&[b"1"], &[b"-2"]));
    assert_eq!(store.history(paper_id(2)).unwrap(), StoredHistory::default());
    remember(&mut *store, Turn::Redone(1), b"2");
    assert_eq!(store.history(paper_id(1)).unwrap(), history(&[b"1", b"2"], &[]));
    remember(&mut *store, Turn::Undone(1), b"-2");
    remember(&mut *store, Turn::Undone(1), b"");
    assert_eq!(store.history(paper_id(1)).unwrap(), history(&[], &[b"-2"]));
    remember(&mut *store, Turn::Done, b"4");
    assert_eq!(store.history(paper_id(1)).unwrap(), history(&[b"4"], &[]));
}

pub(crate) fn the_oldest_edits_can_no_longer_be_undone(shelf: &dyn Shelf) {
    let mut store = shelf.open();
    for number in 0..HISTORY + 2 {
        remember(&mut *store, Turn::Done, number.to_string().as_bytes());
    }
    let undo = store.history(paper_id(1)).unwrap().undo;
    assert_eq!((undo.len(), undo[0].as_slice()), (HISTORY, b"2".as_slice()));
}

pub(crate) fn what_was_refused_stands_apart_once_it_is_kept_otherwise(shelf: &dyn Shelf) {
    let mut store = shelf.open();
    let mut own = tablet();
    let document = shared(1, 1, group(5));
    let mut stands = change(document, b"stands;");
    stands.put.push(mark(1, "lu par tous"));
    store.save_draft(&stands).unwrap();
    seal_all(&mut *store, &mut own);
    store
        .acknowledge(&[Ack { device_seq: 1, outcome: Outcome::Accepted { seq: 1 } }], NOW)
        .unwrap();
    let mut late = change(document, b"late;");
    late.put.push(mark(2, "trop tard"));
    store.save_draft(&late).unwrap();
    seal_all(&mut *store, &mut own);
    let covers = store.note_pieces(document.key).unwrap().covers;
    store.save_snapshot(document.key, b"[stands;late;]", covers).unwrap();
    store.save_draft(&change(document, b"later;")).unwrap();
    assert_eq!(store.refused_documents().unwrap(), []);
    let refused = Outcome::Refused { code: ProblemCode::Forbidden };
    store.acknowledge(&[Ack { device_seq: 2, outcome: refused }], NOW).unwrap();
    assert_eq!(store.refused_documents().unwrap(), [document]);
    assert_eq!(store.standing_pieces(document.key).unwrap().changes.concat(), b"stands;later;");

    let mut kept = change(mine(1), b"kept;");
    kept.put.push(mark(2, "trop tard"));
    let apart =
        Apart { document, marks: vec![mark(1, "lu par tous")], unshared: vec![mark(2, "").id] };
    let edit = StoredEdit { drafts: vec![kept], apart: Some(apart), ..StoredEdit::default() };
    store.save_edit(&edit).unwrap();
    drop(store);
    let mut store = shelf.open();
    assert_eq!(store.refused_documents().unwrap(), []);
    let pieces = store.note_pieces(document.key).unwrap();
    assert_eq!((pieces.snapshot, pieces.changes.concat()), (None, b"stands;".to_vec()));
    let unshared: Vec<(AnnotationId, Audience)> = store.unshared().unwrap().into_iter().collect();
    assert_eq!(unshared, [(mark(2, "").id, group(5))]);
    assert_eq!(shown(&*store), ["lu par tous", "trop tard"].map(String::from).into());
    assert_eq!(store.notes_named(mark(2, "").id).unwrap()[0].document, mine(1));
    let settled = StoredEdit { settled: vec![mark(2, "").id], ..StoredEdit::default() };
    store.save_edit(&settled).unwrap();
    assert!(store.unshared().unwrap().is_empty());
}

pub(crate) fn what_may_no_longer_be_seen_is_erased_and_own_notes_stay(shelf: &dyn Shelf) {
    let mut store = shelf.open();
    pull(&mut *store, 1, shared(2, 1, group(5)), "leur stratégie");
    pull(&mut *store, 2, shared(1, 1, group(5)), "la mienne");
    pull(&mut *store, 3, shared(2, 1, group(6)), "autre groupe");
    pull(&mut *store, 4, shared(2, 2, Audience::Council), "à tous");
    pull(&mut *store, 5, mine(3), "à moi");
    let mut unreadable = note_op(&mut other_tablet(), shared(2, 1, group(5)), b"?");
    unreadable.payload = b"?".to_vec();
    store.apply(&[logged(6, 0, unreadable)], Cursor { seq: 6, view: 1 }, NOW).unwrap();
    assert_eq!(store.unreadable().unwrap(), 1);

    let all = store.forget_unseen(&sight(Role::Official, &[5, 6])).unwrap();
    assert_eq!((all.pdfs.len(), shown(&*store).len()), (0, 5));
    let forgotten = store.forget_unseen(&sight(Role::Official, &[6])).unwrap();
    assert_eq!(forgotten.pdfs, [pdf(1)].into());
    drop(store);
    let mut store = shelf.open();
    let stays = ["la mienne", "autre groupe", "à tous", "à moi"].map(String::from);
    assert_eq!(shown(&*store), stays.into());
    assert_eq!(store.unreadable().unwrap(), 0);
    assert_eq!(store.search_notes("stratégie", 5).unwrap(), []);
    let key = shared(2, 1, group(5)).key;
    assert_eq!(store.note_pieces(key).unwrap().changes, Vec::<Vec<u8>>::new());
    // Who comes back into the group sees it all again.
    pull(&mut *store, 1, shared(2, 1, group(5)), "leur stratégie");
    assert_eq!(shown(&*store).len(), 5);
    assert_eq!(store.search_notes("stratégie", 5).unwrap().len(), 1);
}

pub(crate) fn drafts_of_sittings_leave_who_is_no_longer_a_clerk(shelf: &dyn Shelf) {
    let mut store = shelf.open();
    let mut draft = sitting(1, 5, vec![paper(1, &[1])]);
    draft.state = SittingState::Draft;
    publish(&mut *store, vec![record(draft), record(sitting(2, 6, vec![paper(2, &[2])]))]);
    assert!(!store.forget_unseen(&sight(Role::Clerk, &[])).unwrap().catalogue);
    assert_eq!(store.sittings().unwrap().len(), 2);
    assert!(store.forget_unseen(&sight(Role::Official, &[])).unwrap().catalogue);
    let titles: Vec<String> = store.sittings().unwrap().into_iter().map(|s| s.title).collect();
    assert_eq!(titles, ["Conseil 2"]);
    assert_eq!(store.wanted_papers(NOW).unwrap().len(), 1);
}

pub(crate) fn a_note_arrives_when_it_changed_not_when_it_is_read_anew(shelf: &dyn Shelf) {
    let mut store = shelf.open();
    let theirs = shared(2, 1, Audience::Council);
    let arrived = |store: &dyn Store| -> Vec<i64> {
        store.notes(None).unwrap().into_iter().map(|note| note.arrived_ms).collect()
    };
    store.index_notes(&theirs, &[mark(1, "a"), mark(2, "b")], 0, NOW).unwrap();
    store.index_notes(&theirs, &[mark(1, "a"), mark(2, "b, revu")], 0, NOW + 5).unwrap();
    assert_eq!(arrived(&*store), [NOW, NOW + 5]);
}

pub(crate) fn notes_put_forward_in_anothers_name_are_set_aside(shelf: &dyn Shelf) {
    let mut store = shelf.open();
    pull(&mut *store, 1, shared(2, 1, Audience::Council), "vrai");
    // Another member writes, in a scope of his own, into the document of the second.
    let mut forged = shared(3, 1, Audience::Council);
    forged.key = shared(2, 1, Audience::Council).key;
    let op = note_op(&mut desk(), forged, b"faux");
    let applied = store.apply(&[logged(2, 0, op)], Cursor { seq: 2, view: 1 }, NOW).unwrap();
    assert_eq!((applied.entries, applied.notes.len()), (0, 0));
    let pieces = store.note_pieces(forged.key).unwrap();
    assert_eq!(pieces.changes.concat(), "vrai".as_bytes());
    assert_eq!(store.unreadable().unwrap(), 1);
}

#[test]
fn what_is_erased_leaves_no_trace_on_the_disk() {
    let disk = Disk::new();
    let secret = "stratégie confidentielle du groupe";
    let mut store = disk.open();
    for n in 1..9 {
        let document = shared(2, n, group(5));
        let op = note_op(&mut other_tablet(), document, secret.as_bytes());
        let seq = u64::from(n);
        store.apply(&[logged(seq, 0, op)], Cursor { seq, view: 1 }, NOW).unwrap();
        store.index_notes(&document, &[mark(n, secret)], 0, NOW).unwrap();
    }
    let holds = |word: &str| {
        let bytes = SqliteStore::decrypted(disk.path()).unwrap();
        bytes.windows(word.len()).any(|window| window == word.as_bytes())
    };
    assert!(holds(secret) && holds("confidentielle"));
    store.forget_unseen(&sight(Role::Official, &[])).unwrap();
    let log = disk.path().join("pupitre.db-wal").metadata().unwrap().len();
    assert_eq!(log, 0, "the log keeps pages as they were");
    assert!(!holds(secret), "the note itself");
    assert!(!holds("confidentiel"), "its words in the index");
    store.apply(&[], Cursor { seq: 9, view: 2 }, NOW).unwrap();
    drop(store);
    assert!(!holds(secret) && !holds("confidentiel"));
}
