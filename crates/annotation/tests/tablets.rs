//! Two tablets of one official, one PDF, no network.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs,
    reason = "a test may stop at the first surprise"
)]

use ink::{
    AnnotationId, Carried, Colour, Form, Mark, MarkKind, Markup, MarkupStyle, Nib, Place,
    Placement, Point, Quote, Rect, Settled, Shape, Sign, Stamp, Stroke,
};
use proptest::prelude::*;
use pupitre_annotation::limits::{self, DEADLINE};
use pupitre_annotation::{NoteDoc, NoteError, SnapshotError};

const SOFA: [u8; 16] = [1; 16];
const DESK: [u8; 16] = [2; 16];

fn id(number: u64) -> AnnotationId {
    AnnotationId::new(number, [number as u8; 10])
}

fn mark(number: u64, kind: MarkKind) -> Mark {
    Mark {
        id: id(number),
        page: 1 + number as u32 % 3,
        kind,
        colour: Colour::Green,
        text: format!("à dire {number}"),
        created_ms: 1_000,
        modified_ms: 1_000,
        in_reply_to: None,
    }
}

fn highlight(number: u64) -> Mark {
    let quote = Quote {
        exact: "le budget primitif".to_owned(),
        prefix: "approuve ".to_owned(),
        suffix: " de l’exercice".to_owned(),
        start: 17,
    };
    let rects = vec![Rect { x0: 70.1, y0: 600.25, x1: 260.0, y1: 612.0 }];
    mark(number, MarkKind::Markup(Markup { style: MarkupStyle::Highlight, rects, quote }))
}

fn note(number: u64) -> Mark {
    mark(number, MarkKind::Note { at: Point { x: 30.0, y: 500.5 } })
}

fn drawing(number: u64) -> Mark {
    let points = (0..60).map(|i| {
        let t = i as f32;
        [100.0 + t, 300.0 + (t * 0.4).sin() * 8.0, 0.5 + (t * 0.1).sin() * 0.2].into()
    });
    let stroke = Stroke { points: points.collect() }.rounded();
    mark(number, MarkKind::Ink { strokes: vec![stroke], width: 1.5, nib: Nib::Pen })
}

fn any_mark(number: u64) -> Mark {
    match number % 7 {
        0 => highlight(number),
        1 => note(number),
        2 => drawing(number),
        3 => {
            let MarkKind::Ink { strokes, width, .. } = drawing(number).kind else { panic!() };
            mark(number, MarkKind::Ink { strokes, width, nib: Nib::Highlighter })
        }
        4 => {
            // From the lower right to the upper left: the direction is kept.
            let (from, to) = (Point { x: 200.0, y: 80.5 }, Point { x: 40.25, y: 300.0 });
            mark(number, MarkKind::Shape(Shape { form: Form::Arrow, from, to, width: 1.2 }))
        }
        5 => {
            let (sign, word) = (Sign::Raise, "À soulever".to_owned());
            let rect = [40.0, 700.0, 140.0, 722.0].into();
            mark(number, MarkKind::Stamp(Stamp { sign, word, rect }))
        }
        _ => mark(number, MarkKind::Text { rect: [10.0, 20.0, 110.0, 60.0].into() }),
    }
}

fn load(actor: [u8; 16], snapshot: Option<&[u8]>, payloads: &[Vec<u8>]) -> NoteDoc {
    let payloads = payloads.iter().map(Vec::as_slice);
    let (doc, unreadable) = NoteDoc::load(actor, snapshot, payloads, DEADLINE);
    assert_eq!(unreadable, vec![]);
    doc
}

#[test]
fn every_kind_of_mark_comes_back_as_it_was_put() {
    let mut doc = NoteDoc::new(SOFA);
    let marks: Vec<_> = (0..14).map(any_mark).collect();
    let payloads: Vec<_> = marks.iter().map(|mark| doc.put(mark, 1_000).unwrap()).collect();
    assert_eq!(doc.marks(), marks);
    assert_eq!(doc.mark(id(3)).as_ref(), Some(&marks[3]));
    assert_eq!(load(SOFA, None, &payloads).marks(), marks);
}

#[test]
fn a_move_leaves_the_stroke_as_it_is_stored_and_comes_back_exactly() {
    for number in 0..7 {
        let made = any_mark(number);
        let mut doc = NoteDoc::new(SOFA);
        let mut payloads = vec![doc.put(&made, 1_000).unwrap()];
        let by = Point { x: 33.333, y: -7.77 };
        let change = doc.shift(made.id, by, 1_000).unwrap();
        assert!(change.len() < 160, "kind {number}: {} bytes", change.len());
        payloads.push(change);
        let moved = doc.mark(made.id).unwrap();
        let way = moved.bounds().middle().distance(made.bounds().middle());
        assert!((way - 34.23).abs() < 0.05, "kind {number}: {way}");
        assert_eq!(load(DESK, None, &payloads).mark(made.id), Some(moved));
        let back = Point { x: -33.34, y: 7.78 };
        payloads.push(doc.shift(made.id, back, 1_000).unwrap());
        let there = doc.mark(made.id).unwrap();
        if let (MarkKind::Ink { .. }, MarkKind::Ink { .. }) = (&there.kind, &made.kind) {
            assert_eq!(there, made);
        }
        assert_eq!(load(DESK, None, &payloads).mark(made.id), Some(there));
    }
}

#[test]
fn ink_is_saved_in_at_most_two_and_a_half_bytes_a_point() {
    let mut doc = NoteDoc::new(SOFA);
    let (strokes, samples) = (300_u64, 120_u8);
    for number in 0..strokes {
        // Half a second of a hand that trembles, 240 times a second.
        let tremor = |n: u64| (n * 2_654_435_761 % 1_000) as f32 / 1_000.0 - 0.5;
        let phase = number as f32;
        let points = (0..samples).map(|i| {
            let (t, seed) = (f32::from(i) / 240.0, number * 997 + 3 * u64::from(i));
            let x = 100.0 + 60.0 * t + 6.0 * (t * 17.0 + phase).cos() + 0.04 * tremor(seed);
            let y = 400.0 + 9.0 * (t * 21.0 + phase).sin() + 0.04 * tremor(seed + 1);
            [x, y, 0.5 + 0.25 * (t * 9.0).sin() + 0.01 * tremor(seed + 2)].into()
        });
        let strokes = vec![Stroke { points: points.collect() }];
        let ink = MarkKind::Ink { strokes, width: 1.4, nib: Nib::Pen };
        doc.put(&Mark { text: String::new(), ..mark(number, ink) }, 1_000).unwrap();
    }
    let saved = doc.snapshot().unwrap().len() as f64;
    let each = saved / (strokes as f64 * f64::from(samples));
    eprintln!("{each:.2} bytes a point, identifiers and keys included");
    assert!(each <= 2.5, "{each}");
}

#[test]
fn two_moves_of_one_note_end_at_one_of_the_two_places() {
    let (mut sofa, mut desk) = (NoteDoc::new(SOFA), NoteDoc::new(DESK));
    let made = sofa.put(&note(1), 1).unwrap();
    desk.apply(&made, DEADLINE).unwrap();
    let up = sofa.shift(id(1), Point { x: 0.0, y: 100.0 }, 2).unwrap();
    let right = desk.shift(id(1), Point { x: 50.0, y: 0.0 }, 2).unwrap();
    sofa.apply(&right, DEADLINE).unwrap();
    desk.apply(&up, DEADLINE).unwrap();
    let (here, there) = (sofa.mark(id(1)).unwrap(), desk.mark(id(1)).unwrap());
    assert_eq!(here, there);
    let MarkKind::Note { at } = here.kind else { panic!() };
    let places = [Point { x: 30.0, y: 600.5 }, Point { x: 80.0, y: 500.5 }];
    assert!(places.contains(&at), "{at:?} is where nobody put it");
}

#[test]
fn a_note_is_not_moved_off_every_page() {
    let mut doc = NoteDoc::new(SOFA);
    doc.put(&note(1), 1).unwrap();
    let far = Point { x: 1e9, y: 0.0 };
    assert_eq!(doc.shift(id(1), far, 2), Err(NoteError::OutOfBounds));
    assert_eq!(doc.shift(id(2), Point::default(), 2), Err(NoteError::Unknown(id(2))));
    assert_eq!(doc.mark(id(1)), Some(Mark { modified_ms: 1, ..note(1) }));
}

#[test]
fn two_tablets_offline_on_the_same_page_merge_fully() {
    let (mut sofa, mut desk) = (NoteDoc::new(SOFA), NoteDoc::new(DESK));
    let from_sofa = [sofa.put(&highlight(1), 1).unwrap(), sofa.put(&note(2), 2).unwrap()];
    let from_desk = [desk.put(&drawing(3), 1).unwrap(), desk.put(&note(4), 2).unwrap()];
    for payload in &from_sofa {
        desk.apply(payload, DEADLINE).unwrap();
    }
    for payload in &from_desk {
        sofa.apply(payload, DEADLINE).unwrap();
    }
    assert_eq!(sofa.marks().len(), 4);
    assert_eq!((sofa.marks(), sofa.heads()), (desk.marks(), desk.heads()));
}

#[test]
fn a_note_erased_on_one_tablet_and_changed_on_the_other_is_erased_and_can_be_restored() {
    let (mut sofa, mut desk) = (NoteDoc::new(SOFA), NoteDoc::new(DESK));
    let made = sofa.put(&note(1), 1).unwrap();
    desk.apply(&made, DEADLINE).unwrap();
    let erased = sofa.erase(id(1), 2).unwrap();
    let changed = desk.change(id(1), Some("plus clair"), Some(Colour::Pink), 3).unwrap();
    sofa.apply(&changed, DEADLINE).unwrap();
    desk.apply(&erased, DEADLINE).unwrap();
    assert_eq!((sofa.marks(), desk.marks()), (vec![], vec![]));
    let restored = sofa.restore(id(1), 4).unwrap();
    desk.apply(&restored, DEADLINE).unwrap();
    let there = desk.mark(id(1)).unwrap();
    assert_eq!((there.text.as_str(), there.colour), ("plus clair", Colour::Pink));
    assert_eq!(sofa.mark(id(1)), Some(there));
}

#[test]
fn what_was_put_and_erased_can_be_put_again() {
    let mut doc = NoteDoc::new(SOFA);
    doc.put(&note(1), 1).unwrap();
    doc.erase(id(1), 2).unwrap();
    assert_eq!(doc.mark(id(1)), None);
    assert_eq!(doc.erase(id(1), 3), Err(NoteError::Unknown(id(1))));
    assert_eq!(doc.change(id(1), Some(""), None, 3), Err(NoteError::Unknown(id(1))));
    let mut again = note(1);
    again.text = String::new();
    doc.put(&again, 4).unwrap();
    again.modified_ms = 4;
    assert_eq!(doc.marks(), vec![again]);
}

#[test]
fn a_snapshot_and_the_changes_after_it_give_the_same_notes() {
    let mut doc = NoteDoc::new(SOFA);
    for number in 0..20 {
        doc.put(&any_mark(number), 1).unwrap();
    }
    let snapshot = doc.snapshot().unwrap();
    let after = vec![doc.erase(id(3), 2).unwrap(), doc.put(&note(30), 3).unwrap()];
    let mut again = load(SOFA, Some(&snapshot), &after);
    assert_eq!((again.marks(), again.heads()), (doc.marks(), doc.heads()));
    again.put(&note(31), 4).unwrap();
    assert_eq!(again.marks().len(), 21, "the same device goes on where it was");
}

#[test]
fn a_change_that_came_before_its_parent_waits_for_it() {
    let (mut sofa, mut desk) = (NoteDoc::new(SOFA), NoteDoc::new(DESK));
    let first = sofa.put(&note(1), 1).unwrap();
    let second = sofa.put(&note(2), 2).unwrap();
    assert_eq!(desk.apply(&second, DEADLINE).unwrap().waiting, 1);
    assert!(desk.marks().is_empty());
    assert_eq!(desk.snapshot(), Err(SnapshotError::Waiting), "it would lose what waits");
    assert_eq!(desk.apply(&first, DEADLINE).unwrap().applied, 2);
    assert_eq!(desk.marks(), sofa.marks());
}

#[test]
fn a_note_too_large_or_off_the_page_is_refused_before_anything_changes() {
    let mut doc = NoteDoc::new(SOFA);
    let mut long = note(1);
    long.text = "x".repeat(limits::TEXT + 1);
    assert_eq!(doc.put(&long, 1), Err(NoteError::TooLarge));
    let mut nowhere = note(2);
    nowhere.page = 0;
    assert_eq!(doc.put(&nowhere, 1), Err(NoteError::OutOfBounds));
    let lost = mark(3, MarkKind::Note { at: Point { x: f32::NAN, y: 0.0 } });
    assert_eq!(doc.put(&lost, 1), Err(NoteError::OutOfBounds));
    assert!(doc.heads().is_empty());
}

#[test]
fn the_longest_stroke_fits_into_one_payload() {
    let points = (0..50_000).map(|i| [(i % 500) as f32, (i / 500) as f32, 0.5].into());
    let strokes = vec![Stroke { points: points.collect() }];
    let mut doc = NoteDoc::new(SOFA);
    let payload =
        doc.put(&mark(1, MarkKind::Ink { strokes, width: 1.0, nib: Nib::Pen }), 1).unwrap();
    assert!(payload.len() < limits::PAYLOAD, "{}", payload.len());
    assert_eq!(load(DESK, None, &[payload]).marks(), doc.marks());
}

#[derive(Debug, Clone)]
enum Act {
    Put(u64),
    Change(u64, u8),
    Erase(u64),
    Restore(u64),
    /// The other tablet gets what this one has made so far.
    Meet,
}

fn any_act() -> impl Strategy<Value = Act> {
    prop_oneof![
        3 => (0_u64..6).prop_map(Act::Put),
        2 => (0_u64..6, any::<u8>()).prop_map(|(n, text)| Act::Change(n, text)),
        1 => (0_u64..6).prop_map(Act::Erase),
        1 => (0_u64..6).prop_map(Act::Restore),
        1 => Just(Act::Meet),
    ]
}

/// What a device does, and the payloads it made.
fn perform(doc: &mut NoteDoc, act: &Act, now: i64, out: &mut Vec<Vec<u8>>) {
    let made = match act {
        Act::Put(n) => doc.put(&any_mark(*n), now),
        Act::Change(n, text) => doc.change(id(*n), Some(&text.to_string()), None, now),
        Act::Erase(n) => doc.erase(id(*n), now),
        Act::Restore(n) => doc.restore(id(*n), now),
        Act::Meet => return,
    };
    match made {
        Ok(payload) => out.push(payload),
        Err(NoteError::Unknown(_)) => {}
        Err(error) => panic!("{error}"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    /// Two tablets work and sometimes meet; whoever then gets all payloads, in any order and some
    /// of them twice, sees the same notes.
    #[test]
    fn order_and_repetition_of_payloads_do_not_matter(
        acts in prop::collection::vec((any::<bool>(), any_act()), 1..30),
        order in prop::collection::vec(any::<prop::sample::Index>(), 30..60),
    ) {
        let mut devices = [NoteDoc::new(SOFA), NoteDoc::new(DESK)];
        let mut made: [Vec<Vec<u8>>; 2] = Default::default();
        let mut met = [0, 0];
        for (now, (who, act)) in acts.iter().enumerate() {
            let (me, other) = (usize::from(*who), usize::from(!*who));
            if matches!(act, Act::Meet) {
                for payload in &made[me][met[me]..] {
                    devices[other].apply(payload, DEADLINE).unwrap();
                }
                met[me] = made[me].len();
            }
            perform(&mut devices[me], act, now as i64, &mut made[me]);
        }
        let all: Vec<Vec<u8>> = made.into_iter().flatten().collect();
        let straight = load([3; 16], None, &all);
        let mut shuffled: Vec<Vec<u8>> = Vec::new();
        if !all.is_empty() {
            shuffled.extend(order.iter().map(|at| all[at.index(all.len())].clone()));
        }
        shuffled.extend(all.iter().rev().cloned());
        let mixed = load([4; 16], None, &shuffled);
        prop_assert_eq!(mixed.marks(), straight.marks());
        prop_assert_eq!(mixed.heads(), straight.heads());
        let mut one_by_one = NoteDoc::new([5; 16]);
        for payload in &shuffled {
            one_by_one.apply(payload, DEADLINE).unwrap();
        }
        prop_assert_eq!(one_by_one.heads(), straight.heads());
        let again = load([6; 16], Some(&straight.snapshot().unwrap()), &[]);
        prop_assert_eq!(again.marks(), straight.marks());
    }
}

fn stands(number: u64, dy: f32, settled: Option<Settled>) -> Carried {
    Carried {
        id: id(number),
        page: 4,
        placement: if settled.is_some() { Placement::Moved } else { Placement::Fuzzy },
        place: Place::Shift { dx: 0.0, dy },
        settled,
    }
}

#[test]
fn what_a_hand_settled_goes_before_what_was_found_whichever_came_last() {
    let (mut sofa, mut desk) = (NoteDoc::new(SOFA), NoteDoc::new(DESK));
    let found = sofa.carry(&stands(1, 10.0, None), 1_000).unwrap();
    let settled = sofa.carry(&stands(1, 40.0, Some(Settled::ByHand)), 2_000).unwrap();
    // The other tablet finds the same, later, and has heard of nothing.
    let again = desk.carry(&stands(1, 10.0, None), 9_000).unwrap();
    for payload in [&found, &settled] {
        desk.apply(payload, DEADLINE).unwrap();
    }
    sofa.apply(&again, DEADLINE).unwrap();
    for notes in [&sofa, &desk] {
        assert_eq!(notes.carried(), [stands(1, 40.0, Some(Settled::ByHand))]);
        assert_eq!(notes.carried_note(id(1)), notes.carried().pop());
        assert_eq!(notes.marks(), [], "the note itself stays where it was made");
    }
    let snapshot = desk.snapshot().unwrap();
    let (loaded, unreadable) = NoteDoc::load(SOFA, Some(&snapshot), [], DEADLINE);
    assert_eq!((loaded.carried(), unreadable.len()), (desk.carried(), 0));
}

#[test]
fn carrying_again_costs_nothing_and_a_place_off_every_page_is_refused() {
    let mut notes = NoteDoc::new(SOFA);
    assert!(!notes.carry(&stands(1, 10.0, None), 1_000).unwrap().is_empty());
    assert_eq!(notes.carry(&stands(1, 10.0, None), 2_000).unwrap(), Vec::<u8>::new());
    assert_eq!(notes.carry(&stands(2, 1e9, None), 3_000), Err(NoteError::OutOfBounds));
    assert_eq!(notes.carried().len(), 1);
}
