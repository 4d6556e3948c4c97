//! Pieces of notes, their snapshots and their index.

use client::ports::{Cursor, NotePieces, Store};
use ink::{
    AnnotationId, Carried, Colour, Mark, MarkKind, Place, Placement, Rect, Stroke, StrokePoint,
};

use crate::world::{
    NOW, Shelf, change, highlight, logged, mark, member, mine, note_op, notes_of, other_tablet,
    pdf, seal, seal_all, tablet,
};

fn texts(store: &dyn Store, n: u8) -> Vec<String> {
    let notes = store.notes(Some(&pdf(n))).unwrap();
    notes.into_iter().map(|note| note.mark.text).collect()
}

fn pieces(store: &dyn Store, n: u8) -> NotePieces {
    store.note_pieces(mine(n).key).unwrap()
}

pub(crate) fn a_mark_is_in_pieces_and_index_at_once(shelf: &dyn Shelf) {
    let mut store = shelf.open();
    let mut draft = change(mine(1), b"made");
    draft.put = vec![mark(1, "avant le vote"), mark(2, "après")];
    store.save_draft(&draft).unwrap();
    let mut draft = change(mine(1), b"rewritten");
    draft.put = vec![mark(1, "pendant le vote")];
    store.save_draft(&draft).unwrap();
    drop(store);
    let store = shelf.open();
    assert_eq!(pieces(&*store, 1).changes.concat(), b"maderewritten");
    assert_eq!(texts(&*store, 1), ["pendant le vote", "après"]);
    assert_eq!(store.stale_documents().unwrap(), []);
    assert_eq!(store.noted_documents(&pdf(1)).unwrap(), [mine(1)]);
    assert_eq!(store.noted_documents(&pdf(2)).unwrap(), []);
}

pub(crate) fn an_erased_mark_leaves_the_index(shelf: &dyn Shelf) {
    let mut store = shelf.open();
    let mut draft = change(mine(1), b"made");
    draft.put = vec![mark(1, "reste"), mark(2, "part")];
    store.save_draft(&draft).unwrap();
    let mut draft = change(mine(1), b"erased");
    draft.removed = vec![mark(2, "").id, mark(3, "").id];
    store.save_draft(&draft).unwrap();
    assert_eq!(texts(&*store, 1), ["reste"]);
    assert_eq!(store.notes_named(mark(2, "").id).unwrap(), []);
    assert_eq!(pieces(&*store, 1).changes.concat(), b"madeerased");
}

pub(crate) fn pieces_keep_the_order_in_which_they_were_made(shelf: &dyn Shelf) {
    let mut store = shelf.open();
    let (mut own, mut other) = (tablet(), other_tablet());
    store.save_draft(&change(mine(1), b"1")).unwrap();
    store.save_draft(&change(mine(1), b"2")).unwrap();
    seal_all(&mut *store, &mut own);
    let theirs = logged(5, 0, note_op(&mut other, mine(1), b"3"));
    store.apply(&[theirs], Cursor { seq: 5, view: 1 }, NOW).unwrap();
    store.save_draft(&change(mine(1), b"4")).unwrap();
    store.save_draft(&change(mine(2), b"elsewhere")).unwrap();
    assert_eq!(pieces(&*store, 1).changes.concat(), b"1234");
    seal_all(&mut *store, &mut own);
    drop(store);
    let store = shelf.open();
    assert_eq!(pieces(&*store, 1).changes.concat(), b"1234");
}

pub(crate) fn half_sealed_drafts_keep_their_order(shelf: &dyn Shelf) {
    // A change is only good after the one it was made on, and a kill may come between two seals.
    let mut store = shelf.open();
    let (first, second) = (vec![1; 200 * 1024], vec![2; 200 * 1024]);
    store.save_draft(&change(mine(1), &first)).unwrap();
    store.save_draft(&change(mine(1), &second)).unwrap();
    let groups = store.drafts().unwrap();
    assert_eq!(groups.len(), 2);
    seal(&mut *store, &mut tablet(), &groups[0]);
    drop(store);
    let mut store = shelf.open();
    let read = pieces(&*store, 1).changes;
    assert!(read == [first.clone(), second.clone()]);
    seal_all(&mut *store, &mut tablet());
    assert!(pieces(&*store, 1).changes == [first, second]);
}

pub(crate) fn a_pulled_change_waits_for_the_index_through_closing(shelf: &dyn Shelf) {
    let mut store = shelf.open();
    let theirs = logged(1, 0, note_op(&mut other_tablet(), mine(1), b"theirs"));
    store.apply(&[theirs], Cursor { seq: 1, view: 1 }, NOW).unwrap();
    // Killed before the notes were read anew.
    drop(store);
    let mut store = shelf.open();
    assert_eq!(store.stale_documents().unwrap(), [mine(1)]);
    store.index_notes(&mine(1), &[mark(1, "lu")], 0, NOW).unwrap();
    drop(store);
    let store = shelf.open();
    assert_eq!(store.stale_documents().unwrap(), []);
    assert_eq!(texts(&*store, 1), ["lu"]);
}

pub(crate) fn a_draft_on_notes_that_wait_for_the_index_does_not_hide_that(shelf: &dyn Shelf) {
    let mut store = shelf.open();
    let theirs = logged(1, 0, note_op(&mut other_tablet(), mine(1), b"theirs"));
    store.apply(&[theirs], Cursor { seq: 1, view: 1 }, NOW).unwrap();
    store.save_draft(&change(mine(1), b"mine")).unwrap();
    assert_eq!(store.stale_documents().unwrap(), [mine(1)]);
    seal_all(&mut *store, &mut tablet());
    assert_eq!(store.stale_documents().unwrap(), [mine(1)]);
    store.index_notes(&mine(1), &[], 0, NOW).unwrap();
    assert_eq!(store.stale_documents().unwrap(), []);
}

pub(crate) fn a_snapshot_stands_for_what_it_covers(shelf: &dyn Shelf) {
    let mut store = shelf.open();
    store.save_draft(&change(mine(1), b"1")).unwrap();
    store.save_draft(&change(mine(2), b"elsewhere")).unwrap();
    store.save_draft(&change(mine(1), b"2")).unwrap();
    let covers = pieces(&*store, 1).covers;
    store.save_draft(&change(mine(1), b"3")).unwrap();
    store.save_snapshot(mine(1).key, b"[12]", covers).unwrap();
    let read = pieces(&*store, 1);
    assert_eq!(read.snapshot.as_deref(), Some(b"[12]".as_slice()));
    assert_eq!(read.changes.concat(), b"3");
    // Sealing may give a part of the snapshot again, never less than what came after it.
    seal_all(&mut *store, &mut tablet());
    let sealed = pieces(&*store, 1);
    assert!(sealed.changes.concat().ends_with(b"3"), "{sealed:?}");
    store.save_snapshot(mine(1).key, b"[123]", sealed.covers).unwrap();
    drop(store);
    let store = shelf.open();
    let read = pieces(&*store, 1);
    assert_eq!(read.snapshot.as_deref(), Some(b"[123]".as_slice()));
    assert_eq!(read.changes, Vec::<Vec<u8>>::new());
    assert_eq!(pieces(&*store, 2).changes.concat(), b"elsewhere");
    // What is to be sent is whole, whatever a snapshot covers.
    assert_eq!(store.outbox(usize::MAX).unwrap().len(), 2);
}

pub(crate) fn an_older_snapshot_never_replaces_a_newer_one(shelf: &dyn Shelf) {
    let mut store = shelf.open();
    store.save_draft(&change(mine(1), b"1")).unwrap();
    let early = pieces(&*store, 1).covers;
    store.save_draft(&change(mine(1), b"2")).unwrap();
    let late = pieces(&*store, 1).covers;
    store.save_snapshot(mine(1).key, b"[12]", late).unwrap();
    store.save_snapshot(mine(1).key, b"[1]", early).unwrap();
    let read = pieces(&*store, 1);
    assert_eq!(read.snapshot.as_deref(), Some(b"[12]".as_slice()));
    assert_eq!(read.changes, Vec::<Vec<u8>>::new());
}

pub(crate) fn notes_are_found_by_paper_by_name_and_by_owner(shelf: &dyn Shelf) {
    let mut store = shelf.open();
    let colleague = notes_of(member(2), pdf(1));
    store.index_notes(&mine(1), &[mark(1, "a"), mark(2, "b")], 0, NOW).unwrap();
    store.index_notes(&mine(2), &[mark(3, "c")], 0, NOW).unwrap();
    store.index_notes(&colleague, &[mark(9, "d")], 0, NOW).unwrap();
    assert_eq!(texts(&*store, 1), ["a", "b", "d"]);
    assert_eq!(store.notes(None).unwrap().len(), 4);
    let found = store.notes_named(mark(9, "").id).unwrap().pop().unwrap();
    assert_eq!((found.document, found.mark), (colleague, mark(9, "d")));
    assert_eq!(store.notes_named(AnnotationId::from_bytes([0; 16])).unwrap(), []);
    let counts: Vec<_> = store.note_counts(member(1)).unwrap().into_iter().collect();
    assert_eq!(counts, [(pdf(1), 2), (pdf(2), 1)]);
    let latest = store.latest_notes(member(1), 2).unwrap();
    let latest: Vec<_> = latest.into_iter().map(|note| note.mark.text).collect();
    assert_eq!(latest, ["c", "b"]);
    store.index_notes(&mine(1), &[mark(2, "b")], 0, NOW).unwrap();
    assert_eq!(texts(&*store, 1), ["b", "d"]);
}

pub(crate) fn where_a_note_stands_is_kept_with_its_draft_and_told_by_the_index(shelf: &dyn Shelf) {
    let stands = |n: u8, dy: f32| Carried {
        id: AnnotationId::from_bytes([n; 16]),
        page: 2,
        placement: Placement::Moved,
        place: Place::Shift { dx: 0.0, dy },
        settled: None,
    };
    let known = |store: &dyn Store| -> Vec<_> {
        let all = store.carried().unwrap().into_iter();
        all.map(|entry| (entry.document, entry.carried)).collect()
    };
    let mut store = shelf.open();
    let mut draft = change(mine(2), b"carried");
    draft.carried = vec![stands(1, -12.0), stands(2, 4.0)];
    store.save_draft(&draft).unwrap();
    let mut draft = change(mine(2), b"settled");
    draft.carried = vec![stands(2, 30.0)];
    store.save_draft(&draft).unwrap();
    drop(store);
    let mut store = shelf.open();
    assert_eq!(known(&*store), [(mine(2), stands(1, -12.0)), (mine(2), stands(2, 30.0))]);
    assert_eq!(pieces(&*store, 2).changes.concat(), b"carriedsettled");
    store.index_carried(&mine(2), &[stands(3, 1.0)]).unwrap();
    store.index_notes(&mine(2), &[], 0, NOW).unwrap();
    assert_eq!(known(&*store), [(mine(2), stands(3, 1.0))]);
}

pub(crate) fn every_kind_of_mark_survives_the_index(shelf: &dyn Shelf) {
    // Values that the stroke codec keeps exactly: fiftieths of a point, 255ths of pressure.
    let point = |x: f32| StrokePoint { x, y: 100.5, pressure: 1.0 };
    let stroke = Stroke { points: vec![point(10.0), point(12.24), point(15.5)] };
    let ink =
        MarkKind::Ink { strokes: vec![stroke.clone(), stroke], width: 1.5, nib: ink::Nib::Pen };
    let rect = Rect { x0: 1.0, y0: 2.0, x1: 30.0, y1: 40.0 };
    let marks = vec![
        mark(1, "Demander le plan de financement"),
        highlight(2, "garantie d’emprunt"),
        Mark { kind: ink, colour: Colour::Red, page: 4, ..mark(3, "") },
        Mark { kind: MarkKind::Text { rect }, page: 5, ..mark(4, "Oui\nnon") },
    ];
    let mut store = shelf.open();
    store.index_notes(&mine(1), &marks, 0, NOW).unwrap();
    drop(store);
    let store = shelf.open();
    let found: Vec<Mark> =
        store.notes(Some(&pdf(1))).unwrap().into_iter().map(|note| note.mark).collect();
    assert_eq!(found, marks);
}

pub(crate) fn what_could_not_be_read_is_counted(shelf: &dyn Shelf) {
    let mut store = shelf.open();
    store.index_notes(&mine(1), &[], 2, NOW).unwrap();
    store.index_notes(&mine(2), &[], 1, NOW).unwrap();
    assert_eq!(store.unreadable().unwrap(), 3);
    store.index_notes(&mine(1), &[], 0, NOW).unwrap();
    assert_eq!(store.unreadable().unwrap(), 1);
}
