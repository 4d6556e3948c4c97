//! Forms out of shaky strokes, the eraser that cuts, the loop that catches.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs,
    reason = "a test may stop at the first surprise"
)]

use proptest::prelude::*;
use pupitre_ink::hit::touches;
use pupitre_ink::lasso::caught;
use pupitre_ink::{
    AnnotationId, Colour, Form, Mark, MarkKind, Nib, Point, Rect, Shape, Stamp, Stroke,
    StrokePoint, cut, recognise,
};

fn point(x: f32, y: f32) -> Point {
    Point { x, y }
}

fn stroke(points: impl IntoIterator<Item = Point>) -> Stroke {
    let sample = |p: Point| StrokePoint { x: p.x, y: p.y, pressure: 0.5 };
    Stroke { points: points.into_iter().map(sample).collect() }
}

/// A hand goes from corner to corner, trembling by `tremor` points.
fn drawn(corners: &[Point], tremor: f32) -> Stroke {
    let mut way = Vec::new();
    let mut number = 0.0_f32;
    for (a, b) in corners.iter().zip(corners.iter().skip(1)) {
        let steps = (a.distance(*b) / 3.0).ceil() as u16;
        for step in 0..=steps {
            number += 1.0;
            let place = a.towards(*b, f32::from(step) / f32::from(steps));
            way.push(
                place.shifted(point(tremor * (number * 1.7).sin(), tremor * (number * 2.3).cos())),
            );
        }
    }
    stroke(way)
}

fn round(middle: Point, a: f32, b: f32, tremor: f32) -> Stroke {
    stroke((0_u8..=72).map(|n| {
        let angle = f32::from(n) / 72.0 * std::f32::consts::TAU;
        let swing = 1.0 + tremor * (angle * 5.0).sin();
        point(middle.x + a * swing * angle.cos(), middle.y + b * swing * angle.sin())
    }))
}

fn form(stroke: &Stroke) -> Option<Form> {
    recognise(stroke, 2.0).map(|shape| shape.form)
}

fn mark(kind: MarkKind) -> Mark {
    let id = AnnotationId::new(1, [0; 10]);
    let (colour, text) = (Colour::Black, String::new());
    Mark { id, page: 1, kind, colour, text, created_ms: 0, modified_ms: 0, in_reply_to: None }
}

#[test]
fn a_shaky_line_becomes_straight_and_level_when_it_nearly_is() {
    let shape = recognise(&drawn(&[point(10.0, 50.0), point(200.0, 54.0)], 1.5), 2.0).unwrap();
    assert_eq!((shape.form, shape.width), (Form::Line, 2.0));
    assert_eq!(shape.from.y, shape.to.y);
    let slanted = recognise(&drawn(&[point(10.0, 50.0), point(120.0, 130.0)], 1.5), 2.0).unwrap();
    assert!((slanted.to.y - slanted.from.y - 80.0).abs() < 4.0);
}

#[test]
fn a_line_with_one_or_two_arms_at_its_end_is_an_arrow() {
    let (from, tip) = (point(0.0, 0.0), point(150.0, 20.0));
    let one = [from, tip, point(122.0, 36.0)];
    let two = [from, tip, point(124.0, 38.0), tip, point(128.0, -4.0)];
    for corners in [&one[..], &two[..]] {
        let shape = recognise(&drawn(corners, 0.8), 2.0).unwrap();
        assert_eq!(shape.form, Form::Arrow, "{corners:?}");
        assert!(shape.from.distance(from) < 4.0 && shape.to.distance(tip) < 8.0, "{shape:?}");
    }
}

#[test]
fn closed_ways_become_rectangles_and_ellipses() {
    let corners = [[20.0, 20.0], [180.0, 22.0], [178.0, 100.0], [22.0, 98.0], [20.0, 24.0]];
    let shape = recognise(&drawn(&corners.map(Point::from), 1.5), 2.0).unwrap();
    assert_eq!(shape.form, Form::Rectangle);
    let Rect { x0, y0, x1, y1 } = shape.frame();
    assert!((x0 - 20.0).abs() < 4.0 && (y0 - 20.0).abs() < 4.0, "{shape:?}");
    assert!((x1 - 180.0).abs() < 4.0 && (y1 - 100.0).abs() < 4.0, "{shape:?}");
    assert_eq!(form(&round(point(100.0, 100.0), 80.0, 40.0, 0.03)), Some(Form::Ellipse));
    let circle = recognise(&round(point(100.0, 100.0), 40.0, 38.0, 0.03), 2.0).unwrap().frame();
    assert!((circle.width() - circle.height()).abs() < 0.01, "nearly round becomes round");
}

#[test]
fn writing_stays_writing() {
    let zigzag = [[0.0, 0.0], [10.0, 30.0], [20.0, 0.0], [30.0, 30.0], [40.0, 0.0]];
    let corner = [[0.0, 0.0], [100.0, 0.0], [100.0, 90.0]];
    let tick = [[0.0, 20.0], [20.0, 0.0], [70.0, 60.0]];
    for corners in [&zigzag[..], &corner[..], &tick[..]] {
        let corners: Vec<_> = corners.iter().copied().map(Point::from).collect();
        assert_eq!(form(&drawn(&corners, 0.5)), None, "{corners:?}");
    }
    assert_eq!(form(&round(point(5.0, 5.0), 3.0, 3.0, 0.0)), None, "the dot of an i");
    assert_eq!(form(&stroke([point(1.0, 1.0)])), None);
    assert_eq!(form(&Stroke::default()), None);
}

#[test]
fn the_eraser_cuts_a_line_in_two_where_it_crosses() {
    let line = stroke([point(0.0, 0.0), point(100.0, 0.0)]);
    let path = [point(50.0, 20.0), point(50.0, -20.0)];
    let rests = cut(std::slice::from_ref(&line), 2.0, &path, 5.0).unwrap();
    assert_eq!(rests.len(), 2);
    let (left, right) = (rests[0].points.last().unwrap(), rests[1].points.first().unwrap());
    assert!((left.x - 44.5).abs() < 0.6, "{left:?}");
    assert!((right.x - 55.5).abs() < 0.6, "{right:?}");
    assert_eq!((rests[0].points[0].x, rests[1].points.last().unwrap().x), (0.0, 100.0));
    assert_eq!(cut(&[line], 2.0, &[point(50.0, 20.0)], 5.0), None, "it did not touch");
}

#[test]
fn the_eraser_takes_a_whole_stroke_when_it_goes_along_it() {
    let line = stroke([point(0.0, 0.0), point(40.0, 0.0)]);
    let other = stroke([point(0.0, 50.0), point(40.0, 50.0)]);
    let path = [point(-2.0, 0.5), point(42.0, 0.5)];
    assert_eq!(cut(&[line, other.clone()], 2.0, &path, 4.0), Some(vec![other]));
    let dot = stroke([point(5.0, 5.0)]);
    assert_eq!(cut(&[dot], 2.0, &[point(5.0, 5.0)], 2.0), Some(vec![]));
}

#[test]
fn a_loop_catches_what_lies_mostly_in_it() {
    let around = [[0.0, 0.0], [100.0, 0.0], [100.0, 100.0], [0.0, 100.0]].map(Point::from);
    let ink = |from: f32, to: f32| {
        let points = (0_u8..=20).map(|n| point(from + (to - from) * f32::from(n) / 20.0, 50.0));
        mark(MarkKind::Ink { strokes: vec![stroke(points)], width: 2.0, nib: Nib::Pen })
    };
    assert!(caught(&ink(10.0, 120.0), &around));
    assert!(!caught(&ink(60.0, 180.0), &around));
    let note = |x| mark(MarkKind::Note { at: point(x, 60.0) });
    assert!(caught(&note(50.0), &around) && !caught(&note(95.0), &around));
}

#[test]
fn a_form_is_touched_on_its_line_and_not_through_it() {
    let (from, to) = (point(0.0, 0.0), point(100.0, 60.0));
    for form in [Form::Rectangle, Form::Ellipse] {
        let shape = mark(MarkKind::Shape(Shape { form, from, to, width: 2.0 }));
        assert!(touches(&shape, &[point(50.0, 1.0)], 2.0), "{form:?}");
        assert!(!touches(&shape, &[point(50.0, 30.0)], 2.0), "{form:?}");
        assert!(touches(&shape, &[point(50.0, 30.0), point(50.0, 80.0)], 2.0), "{form:?}");
    }
}

#[test]
fn every_kind_of_mark_moves_and_comes_back() {
    let rect = Rect::from([10.0, 10.0, 60.0, 30.0]);
    let sign = pupitre_ink::Sign::Agree;
    for kind in [
        MarkKind::Note { at: point(3.0, 4.0) },
        MarkKind::Text { rect },
        MarkKind::Stamp(Stamp { sign, word: "Pour".into(), rect }),
        MarkKind::Shape(Shape {
            form: Form::Arrow,
            from: point(1.0, 2.0),
            to: point(30.0, 40.0),
            width: 1.0,
        }),
        MarkKind::Ink { strokes: vec![stroke([point(1.0, 1.0)])], width: 2.0, nib: Nib::Pen },
    ] {
        let before = mark(kind);
        let mut moved = before.clone();
        moved.shift(point(12.5, -7.0));
        assert_eq!(moved.bounds(), before.bounds().shifted(point(12.5, -7.0)));
        moved.shift(point(-12.5, 7.0));
        assert_eq!(moved, before);
    }
}

proptest! {
    /// What the eraser leaves lies on the stroke and out of its reach, and it never grows.
    #[test]
    fn what_is_left_was_there_before(
        line in prop::collection::vec((0.0_f32..200.0, 0.0_f32..200.0), 2..20),
        path in prop::collection::vec((0.0_f32..200.0, 0.0_f32..200.0), 1..6),
        radius in 1.0_f32..12.0,
    ) {
        let line = stroke(line.into_iter().map(|(x, y)| point(x, y)));
        let path: Vec<_> = path.into_iter().map(|(x, y)| point(x, y)).collect();
        let length = |stroke: &Stroke| -> f32 {
            stroke.points.windows(2).map(|p| (p[1].x - p[0].x).hypot(p[1].y - p[0].y)).sum()
        };
        let before = mark(MarkKind::Ink {
            strokes: vec![line.clone()], width: 0.5, nib: Nib::Pen,
        });
        if let Some(rests) = cut(std::slice::from_ref(&line), 0.5, &path, radius) {
            prop_assert!(rests.iter().map(length).sum::<f32>() <= length(&line) + 0.5);
            for rest in &rests {
                for p in &rest.points {
                    prop_assert!(touches(&before, &[point(p.x, p.y)], 0.1));
                }
            }
            let after = mark(MarkKind::Ink { strokes: rests, width: 0.5, nib: Nib::Pen });
            prop_assert!(!touches(&after, &path, radius - 0.9));
        }
    }

    /// Any stroke is judged without a panic, and what is recognised has finite places near it.
    #[test]
    fn any_stroke_can_be_judged(
        points in prop::collection::vec((-1e5_f32..1e5, -1e5_f32..1e5), 0..40)
    ) {
        let stroke = stroke(points.into_iter().map(|(x, y)| point(x, y)));
        if let Some(shape) = recognise(&stroke, 2.0) {
            prop_assert!(shape.bounds().x0.is_finite() && shape.bounds().y1.is_finite());
            prop_assert!(!shape.path().is_empty());
        }
    }
}
