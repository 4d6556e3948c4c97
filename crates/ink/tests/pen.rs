//! A hand, a pen and a palm on one page.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::let_underscore_must_use,
    missing_docs,
    reason = "a test may stop at the first surprise"
)]

use proptest::prelude::*;
use pupitre_ink::{Device, Form, Held, Pen, PenAction, PenEvent, Point, StrokePoint, Tool};

const FINGER: i32 = 1;
const STYLUS: i32 = 2;

fn at(x: f32, y: f32) -> StrokePoint {
    [x, y, 0.5].into()
}

fn down(pointer: i32, device: Device, x: f32) -> PenEvent<'static> {
    with(Held::Tip, pointer, device, x)
}

fn with(held: Held, pointer: i32, device: Device, x: f32) -> PenEvent<'static> {
    PenEvent::Down { pointer, device, held, at: at(x, 0.0), glass: Point { x, y: 0.0 } }
}

fn up(pointer: i32, x: f32) -> PenEvent<'static> {
    PenEvent::Up { pointer, at: at(x, 0.0), glass: Point { x, y: 0.0 } }
}

#[test]
fn a_pen_draws_from_down_to_up_with_every_coalesced_sample() {
    let mut pen = Pen::new(Tool::Pen, false);
    let outcome = pen.handle(0, down(STYLUS, Device::Pen, 0.0));
    assert!(outcome.capture && outcome.redraw && outcome.action.is_none());
    let samples = [at(5.0, 5.0), at(10.0, 0.0), at(15.0, 5.0)];
    let outcome = pen.handle(8, PenEvent::Move { pointer: STYLUS, samples: &samples });
    assert!(outcome.redraw);
    assert_eq!(pen.wet().unwrap().points.len(), 4);
    let outcome = pen.handle(
        16,
        PenEvent::Up { pointer: STYLUS, at: [20.0, 0.0, 0.0].into(), glass: Point::default() },
    );
    let Some(PenAction::Stroke { stroke, marker: false }) = outcome.action else {
        panic!("no stroke")
    };
    assert_eq!(stroke.points.len(), 5);
    assert_eq!(stroke.points[4].pressure, 0.5, "a leaving pen tells no pressure");
    assert_eq!(pen.wet(), None);
}

#[test]
fn a_palm_under_a_writing_hand_neither_draws_nor_moves_the_page() {
    let mut pen = Pen::new(Tool::Pen, true);
    let _ = pen.handle(0, down(STYLUS, Device::Pen, 0.0));
    let palm = pen.handle(5, down(FINGER, Device::Touch, 50.0));
    assert!(palm.capture && palm.action.is_none());
    let _ = pen.handle(100, up(STYLUS, 30.0));
    let palm = pen.handle(599, down(FINGER, Device::Touch, 50.0));
    assert!(palm.capture && pen.wet().is_none(), "within 500 ms of pen-up it is still the palm");
    let finger = pen.handle(600, down(FINGER, Device::Touch, 50.0));
    assert!(
        !finger.capture && pen.wet().is_none(),
        "later a finger moves the page: a pen was seen"
    );
}

#[test]
fn a_palm_that_came_before_the_pen_leaves_no_ink() {
    let mut pen = Pen::new(Tool::Pen, true);
    assert!(pen.handle(0, down(FINGER, Device::Touch, 50.0)).capture);
    let outcome = pen.handle(20, down(STYLUS, Device::Pen, 0.0));
    assert_eq!(outcome.action, Some(PenAction::Cancelled));
    assert_eq!(pen.wet().unwrap().points.len(), 1, "the pen draws from its own first point");
    assert_eq!(pen.handle(30, up(FINGER, 50.0)).action, None);
    assert!(matches!(pen.handle(40, up(STYLUS, 9.0)).action, Some(PenAction::Stroke { .. })));
}

#[test]
fn a_finger_draws_when_asked_and_a_second_one_zooms() {
    let mut pen = Pen::new(Tool::Pen, false);
    assert!(!pen.handle(0, down(FINGER, Device::Touch, 0.0)).capture);
    let _ = pen.handle(1, PenEvent::FingerDraws(true));
    assert!(pen.touch_draws(1));
    assert!(pen.handle(2, down(FINGER, Device::Touch, 0.0)).capture);
    let outcome = pen.handle(3, down(9, Device::Touch, 80.0));
    assert_eq!((outcome.action, outcome.capture), (Some(PenAction::Cancelled), false));
    assert_eq!(pen.handle(4, up(FINGER, 0.0)).action, None);
}

#[test]
fn a_cancelled_stroke_is_forgotten_and_a_cancelled_erasure_stands() {
    let mut pen = Pen::new(Tool::Pen, false);
    let _ = pen.handle(0, down(STYLUS, Device::Pen, 0.0));
    let outcome = pen.handle(1, PenEvent::Cancel { pointer: STYLUS });
    assert_eq!(outcome.action, Some(PenAction::Cancelled));
    let _ = pen.handle(2, PenEvent::Choose(Tool::Eraser));
    let _ = pen.handle(3, down(STYLUS, Device::Pen, 0.0));
    let outcome = pen.handle(4, PenEvent::Cancel { pointer: STYLUS });
    assert!(matches!(outcome.action, Some(PenAction::Erase { last: true, .. })));
}

#[test]
fn the_turned_pen_erases_along_an_unbroken_path() {
    let mut pen = Pen::new(Tool::Pen, false);
    let _ = pen.handle(0, with(Held::Eraser, STYLUS, Device::Pen, 0.0));
    let mut ends = vec![Point { x: 0.0, y: 0.0 }];
    for x in [10.0, 20.0] {
        let samples = [at(x - 5.0, 0.0), at(x, 0.0)];
        let outcome = pen.handle(1, PenEvent::Move { pointer: STYLUS, samples: &samples });
        let Some(PenAction::Erase { path, last: false }) = outcome.action else { panic!() };
        assert_eq!(path.first(), ends.last(), "each path begins where the last one ended");
        ends.push(*path.last().unwrap());
    }
    let outcome = pen.handle(2, up(STYLUS, 21.0));
    assert!(matches!(outcome.action, Some(PenAction::Erase { last: true, .. })));
}

#[test]
fn highlighter_note_and_text_say_where() {
    let gesture = |tool, to| {
        let mut pen = Pen::new(tool, false);
        let _ = pen.handle(0, down(STYLUS, Device::Mouse, 1.0));
        let _ = pen.handle(1, PenEvent::Move { pointer: STYLUS, samples: &[at(to, 0.0)] });
        pen.handle(2, up(STYLUS, to)).action.unwrap()
    };
    let (one, ninety) = (Point { x: 1.0, y: 0.0 }, Point { x: 90.0, y: 0.0 });
    assert_eq!(gesture(Tool::Highlighter, 90.0), PenAction::Highlight { from: one, to: ninety });
    assert_eq!(gesture(Tool::Note, 90.0), PenAction::Note(one));
    assert_eq!(gesture(Tool::Text, 2.0), PenAction::Text([1.0, 0.0, 1.0, 0.0].into()));
    assert_eq!(gesture(Tool::Text, 90.0), PenAction::Text([1.0, 0.0, 90.0, 0.0].into()));
}

#[test]
fn a_finger_far_from_where_the_pen_left_moves_the_page_at_once() {
    let mut pen = Pen::new(Tool::Pen, false);
    let _ = pen.handle(0, down(STYLUS, Device::Pen, 0.0));
    assert!(pen.handle(50, down(FINGER, Device::Touch, 200.0)).capture, "the pen still writes");
    let _ = pen.handle(100, up(STYLUS, 0.0));
    assert!(pen.handle(200, down(FINGER, Device::Touch, 59.0)).capture, "beside the nib");
    assert!(!pen.handle(200, down(FINGER, Device::Touch, 61.0)).capture, "the other hand");
}

#[test]
fn the_pens_buttons_work_with_any_tool_in_hand() {
    let mut pen = Pen::new(Tool::Hand, false);
    let _ = pen.handle(0, PenEvent::BarrelDoes(Tool::Lasso));
    let _ = pen.handle(1, with(Held::Barrel, STYLUS, Device::Pen, 0.0));
    assert_eq!(pen.in_use(), Tool::Lasso);
    let samples = [at(40.0, 0.0), at(40.0, 40.0)];
    let _ = pen.handle(2, PenEvent::Move { pointer: STYLUS, samples: &samples });
    let outcome = pen.handle(3, up(STYLUS, 0.0));
    let Some(PenAction::Lasso(around)) = outcome.action else { panic!("no loop") };
    assert_eq!(around.len(), 4);
    assert_eq!(pen.in_use(), Tool::Hand, "the tool in hand has not changed");
    let _ = pen.handle(4, with(Held::Eraser, STYLUS, Device::Pen, 0.0));
    assert_eq!(pen.in_use(), Tool::Eraser);
}

#[test]
fn a_rest_at_the_end_of_a_stroke_straightens_it_and_its_end_still_follows() {
    let mut pen = Pen::new(Tool::Pen, false);
    let _ = pen.handle(0, down(STYLUS, Device::Pen, 0.0));
    let samples: Vec<_> = (1_u8..=20).map(|n| at(f32::from(n) * 5.0, f32::from(n % 3))).collect();
    let _ = pen.handle(1, PenEvent::Move { pointer: STYLUS, samples: &samples });
    assert!(pen.handle(600, PenEvent::Rest { width: 2.0 }).redraw);
    assert_eq!(pen.in_use(), Tool::Shape(Form::Line));
    assert!(pen.wet().is_none(), "the shaky line is gone");
    let _ = pen.handle(610, PenEvent::Move { pointer: STYLUS, samples: &[at(100.0, 52.0)] });
    let glass = Point::default();
    let up = PenEvent::Up { pointer: STYLUS, at: at(100.0, 60.0), glass };
    let Some(PenAction::Shape { form: Form::Line, from, to }) = pen.handle(620, up).action else {
        panic!("no line")
    };
    assert!(from.distance(Point { x: 0.0, y: 1.0 }) < 1.0, "{from:?}");
    assert!(to.distance(Point { x: 100.0, y: 60.0 }) < 3.0, "{to:?}");
}

#[test]
fn a_rest_in_the_middle_of_writing_changes_nothing() {
    let mut pen = Pen::new(Tool::Pen, false);
    let _ = pen.handle(0, down(STYLUS, Device::Pen, 0.0));
    let samples: Vec<_> =
        (1_u16..=40).map(|n| at(f32::from(n) * 2.0, f32::from(n * 37 % 29))).collect();
    let _ = pen.handle(1, PenEvent::Move { pointer: STYLUS, samples: &samples });
    let before = pen.wet().cloned();
    assert!(!pen.handle(600, PenEvent::Rest { width: 2.0 }).redraw);
    assert_eq!(pen.wet().cloned(), before);
}

#[test]
fn forms_stamps_and_the_free_highlighter_say_what_they_are() {
    let gesture = |tool, to: f32| {
        let mut pen = Pen::new(tool, false);
        let _ = pen.handle(0, down(STYLUS, Device::Pen, 1.0));
        let samples = [[to, 0.0, 0.9].into()];
        let _ = pen.handle(1, PenEvent::Move { pointer: STYLUS, samples: &samples });
        pen.handle(2, up(STYLUS, to)).action.unwrap()
    };
    let (one, ninety) = (Point { x: 1.0, y: 0.0 }, Point { x: 90.0, y: 0.0 });
    let arrow = PenAction::Shape { form: Form::Arrow, from: one, to: ninety };
    assert_eq!(gesture(Tool::Shape(Form::Arrow), 90.0), arrow);
    assert_eq!(gesture(Tool::Shape(Form::Arrow), 3.0), PenAction::Cancelled);
    assert_eq!(gesture(Tool::Stamp, 90.0), PenAction::Stamp(ninety));
    let PenAction::Stroke { stroke, marker: true } = gesture(Tool::Marker, 90.0) else { panic!() };
    assert!(stroke.points.iter().all(|p| p.pressure == 0.5), "pressed or not, it is as wide");
}

#[test]
fn the_hand_takes_no_pointer() {
    let mut pen = Pen::new(Tool::Hand, true);
    for device in [Device::Pen, Device::Touch, Device::Mouse] {
        let outcome = pen.handle(0, down(STYLUS, device, 0.0));
        assert!(!outcome.capture && !outcome.redraw && outcome.action.is_none());
        let _ = pen.handle(0, up(STYLUS, 0.0));
    }
}

fn any_event() -> impl Strategy<Value = (u64, u8, i32, f32)> {
    (0_u64..400, 0_u8..11, 0_i32..3, 0.0_f32..100.0)
}

proptest! {
    /// Whatever happens, ink is only stored from pointers that were down, and a gesture that has
    /// ended leaves nothing wet.
    #[test]
    fn any_events_leave_a_pen_that_works(events in prop::collection::vec(any_event(), 0..60)) {
        let mut pen = Pen::new(Tool::Pen, true);
        let mut now = 0;
        for (pause, what, pointer, x) in events {
            now += pause;
            let samples = [at(x, x), at(x + 1.0, x)];
            let tools = [
                Tool::Pen,
                Tool::Eraser,
                Tool::Text,
                Tool::Hand,
                Tool::Highlighter,
                Tool::Lasso,
                Tool::Shape(Form::Ellipse),
            ];
            let devices = [Device::Pen, Device::Touch, Device::Mouse];
            let before = pen.wet().is_some();
            let outcome = pen.handle(now, match what {
                0 => PenEvent::Choose(tools[x as usize % tools.len()]),
                1 => PenEvent::FingerDraws(x > 50.0),
                2..=4 => down(pointer, devices[pointer as usize], x),
                5..=7 => PenEvent::Move { pointer, samples: &samples },
                8 => up(pointer, x),
                9 => PenEvent::Rest { width: 2.0 },
                _ => PenEvent::Cancel { pointer },
            });
            if let Some(PenAction::Stroke { stroke, .. }) = outcome.action {
                prop_assert!(before && !stroke.points.is_empty());
            }
            let busy = [pen.wet().is_some(), pen.span().is_some(), pen.eraser().is_some()];
            prop_assert!(busy.into_iter().filter(|b| *b).count() <= 1);
        }
        for pointer in 0..3 {
            let _ = pen.handle(now, PenEvent::Cancel { pointer });
        }
        prop_assert!(pen.wet().is_none() && pen.span().is_none() && pen.eraser().is_none());
        let _ = pen.handle(now + 10_000, PenEvent::Choose(Tool::Pen));
        prop_assert!(pen.handle(now + 10_001, down(7, Device::Pen, 0.0)).capture);
    }
}
