//! The clerk's desk.

use client::ports::{DRAFT_STEPS, KeptFile, KeptRead, Store};
use domain::{Sitting, SittingId};
use uuid::Uuid;

use crate::world::{NOW, Shelf, pdf, sitting};

const ID: SittingId = SittingId::from_bytes([4; 16]);

fn titled(title: &str) -> Sitting {
    Sitting { title: title.to_owned(), ..sitting(4, 10, Vec::new()) }
}

fn title(store: &dyn Store) -> (String, bool, bool) {
    let draft = store.sitting_draft(ID).unwrap().unwrap();
    (draft.sitting.title, draft.can_undo, draft.can_redo)
}

pub(crate) fn a_draft_goes_back_and_forth_through_closing(shelf: &dyn Shelf) {
    let mut store = shelf.open();
    for (n, title) in (0..).zip(["un", "deux", "trois"]) {
        store.keep_sitting_draft(&titled(title), 7, NOW + n).unwrap();
    }
    drop(store);
    let mut store = shelf.open();
    assert_eq!(title(&*store), ("trois".to_owned(), true, false));
    assert!(store.turn_sitting_draft(ID, false, NOW + 9).unwrap());
    assert!(store.turn_sitting_draft(ID, false, NOW + 9).unwrap());
    assert!(!store.turn_sitting_draft(ID, false, NOW + 9).unwrap());
    drop(store);
    let mut store = shelf.open();
    assert_eq!(title(&*store), ("un".to_owned(), false, true));
    assert!(store.turn_sitting_draft(ID, true, NOW + 9).unwrap());
    assert_eq!(title(&*store), ("deux".to_owned(), true, true));
    let draft = store.sitting_draft(ID).unwrap().unwrap();
    assert_eq!((draft.base, draft.at_ms), (7, NOW + 9));
}

pub(crate) fn a_further_change_forgets_what_could_be_done_again(shelf: &dyn Shelf) {
    let mut store = shelf.open();
    for title in ["un", "deux", "trois"] {
        store.keep_sitting_draft(&titled(title), 0, NOW).unwrap();
    }
    store.turn_sitting_draft(ID, false, NOW).unwrap();
    store.turn_sitting_draft(ID, false, NOW).unwrap();
    store.keep_sitting_draft(&titled("autre"), 0, NOW).unwrap();
    assert_eq!(title(&*store), ("autre".to_owned(), true, false));
    assert!(store.turn_sitting_draft(ID, false, NOW).unwrap());
    assert_eq!(title(&*store), ("un".to_owned(), false, true));
}

pub(crate) fn the_oldest_states_make_room(shelf: &dyn Shelf) {
    let mut store = shelf.open();
    for n in 0..DRAFT_STEPS + 5 {
        store.keep_sitting_draft(&titled(&n.to_string()), 0, NOW).unwrap();
    }
    let mut steps = 0;
    while store.turn_sitting_draft(ID, false, NOW).unwrap() {
        steps += 1;
    }
    assert_eq!((steps, title(&*store).0), (DRAFT_STEPS, "4".to_owned()));
}

pub(crate) fn a_draft_that_is_put_away_can_be_taken_back(shelf: &dyn Shelf) {
    let mut store = shelf.open();
    store.keep_sitting_draft(&titled("un"), 0, NOW).unwrap();
    store.put_sitting_draft_away(ID, true).unwrap();
    assert_eq!(store.sitting_drafts().unwrap(), []);
    assert!(store.sitting_draft(ID).unwrap().unwrap().away);
    store.put_sitting_draft_away(ID, false).unwrap();
    assert_eq!(store.sitting_drafts().unwrap().len(), 1);
    store.forget_sitting_draft(ID).unwrap();
    assert_eq!(store.sitting_draft(ID).unwrap(), None);
    // And nothing of it comes back with a new one.
    store.keep_sitting_draft(&titled("neuf"), 0, NOW).unwrap();
    assert_eq!(title(&*store), ("neuf".to_owned(), false, false));
}

pub(crate) fn files_keep_their_order_and_belong_to_their_sitting(shelf: &dyn Shelf) {
    let mut store = shelf.open();
    let other = SittingId::from_bytes([5; 16]);
    let file = |n: u8, read| KeptFile {
        file: Uuid::from_bytes([n; 16]),
        name: format!("{n}.pdf"),
        read,
        target: None,
        shelved: None,
    };
    store.keep_desk_file(ID, &file(9, KeptRead::Waiting)).unwrap();
    store.keep_desk_file(other, &file(8, KeptRead::Waiting)).unwrap();
    store.keep_desk_file(ID, &file(1, KeptRead::Waiting)).unwrap();
    let paper = KeptRead::Paper { pdf: pdf(3), bytes: 10, pages: 2, searchable: true, title: None };
    store.keep_desk_file(ID, &file(9, paper.clone())).unwrap();
    drop(store);
    let mut store = shelf.open();
    assert_eq!(store.desk_files(ID).unwrap(), [file(9, paper), file(1, KeptRead::Waiting)]);
    store.drop_desk_files(&[Uuid::from_bytes([9; 16]), Uuid::from_bytes([77; 16])]).unwrap();
    assert_eq!(store.desk_files(ID).unwrap(), [file(1, KeptRead::Waiting)]);
    assert_eq!(store.desk_files(other).unwrap().len(), 1);
}

pub(crate) fn the_changes_seen_last_replace_those_before(shelf: &dyn Shelf) {
    let mut store = shelf.open();
    assert!(store.changes_seen().unwrap().is_empty());
    store.save_changes_seen(ID, NOW).unwrap();
    store.save_changes_seen(ID, NOW + 5).unwrap();
    drop(store);
    assert_eq!(shelf.open().changes_seen().unwrap().get(&ID), Some(&(NOW + 5)));
}
