//! The shape of ink, and what the eraser meets.
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
use pupitre_ink::hit::touches;
use pupitre_ink::outline::{TOLERANCE, radius};
use pupitre_ink::{
    AnnotationId, Colour, Mark, MarkIndex, MarkKind, Markup, MarkupStyle, Nib, Point, Quote, Rect,
    Stroke, outline, simplify, tail_outline,
};

fn stroke(points: &[[f32; 2]]) -> Stroke {
    Stroke { points: points.iter().map(|[x, y]| [*x, *y, 0.5].into()).collect() }
}

fn mark(number: u64, kind: MarkKind) -> Mark {
    Mark {
        id: AnnotationId::new(number, [0; 10]),
        page: 1,
        kind,
        colour: Colour::Yellow,
        text: String::new(),
        created_ms: 0,
        modified_ms: 0,
        in_reply_to: None,
    }
}

fn drawn(number: u64, points: &[[f32; 2]]) -> Mark {
    mark(number, MarkKind::Ink { strokes: vec![stroke(points)], width: 2.0, nib: Nib::Pen })
}

/// How often the polygon winds round a place (crossing number with direction).
fn winding(polygon: &[Point], place: Point) -> i32 {
    let mut turns = 0;
    for (a, b) in polygon.iter().zip(polygon.iter().cycle().skip(1)) {
        let side = (b.x - a.x) * (place.y - a.y) - (place.x - a.x) * (b.y - a.y);
        if a.y <= place.y && b.y > place.y && side > 0.0 {
            turns += 1;
        } else if a.y > place.y && b.y <= place.y && side < 0.0 {
            turns -= 1;
        }
    }
    turns
}

fn point(x: f32, y: f32) -> Point {
    Point { x, y }
}

#[test]
fn a_straight_line_is_as_wide_as_the_pen() {
    let shape = outline(&stroke(&[[0.0, 0.0], [10.0, 0.0], [20.0, 0.0]]), 4.0);
    for (place, inside) in [
        (point(10.0, 1.9), true),
        (point(10.0, -1.9), true),
        (point(10.0, 2.1), false),
        (point(-1.9, 0.0), true),
        (point(21.9, 0.0), true),
        (point(22.1, 0.0), false),
        (point(-1.6, 1.6), false),
    ] {
        assert_eq!(winding(&shape, place) != 0, inside, "{place:?}");
    }
}

#[test]
fn a_dot_is_round_and_nothing_is_nothing() {
    let dot = outline(&stroke(&[[5.0, 5.0]]), 4.0);
    assert!(dot.iter().all(|p| ((p.x - 5.0).hypot(p.y - 5.0) - 2.0).abs() < 0.01));
    assert!(outline(&Stroke::default(), 4.0).is_empty());
}

#[test]
fn a_sharp_turn_stays_filled() {
    let shape = outline(&stroke(&[[0.0, 0.0], [30.0, 0.0], [0.0, 6.0]]), 3.0);
    for place in [point(30.0, 0.0), point(15.0, 0.0), point(30.9, 0.2)] {
        assert_ne!(winding(&shape, place), 0, "{place:?}");
    }
}

#[test]
fn pressing_harder_draws_wider() {
    assert!(radius(2.0, 0.0) < radius(2.0, 0.5) && radius(2.0, 0.5) < radius(2.0, 1.0));
    assert_eq!(radius(2.0, 0.5), 1.0);
}

#[test]
fn a_stroke_simplified_keeps_its_corners_and_its_pressure() {
    let mut line = stroke(&[[0.0, 0.0], [1.0, 0.05], [2.0, 0.0], [10.0, 0.0], [10.0, 10.0]]);
    assert_eq!(simplify(&line, TOLERANCE).points.len(), 3);
    line.points[1].pressure = 0.9;
    assert_eq!(simplify(&line, TOLERANCE).points.len(), 5, "a press in the middle of a line shows");
}

#[test]
fn the_eraser_meets_ink_and_not_its_bounding_box() {
    let diagonal = drawn(1, &[[0.0, 0.0], [100.0, 100.0]]);
    assert!(touches(&diagonal, &[point(50.0, 51.0)], 2.0));
    assert!(touches(&diagonal, &[point(0.0, 100.0), point(100.0, 0.0)], 0.0), "paths that cross");
    assert!(!touches(&diagonal, &[point(90.0, 10.0)], 10.0));
}

#[test]
fn the_eraser_meets_highlights_line_by_line() {
    let rects = vec![[10.0, 80.0, 100.0, 90.0].into(), [10.0, 60.0, 40.0, 70.0].into()];
    let quote = Quote::default();
    let style = MarkupStyle::Highlight;
    let markup = mark(1, MarkKind::Markup(Markup { style, rects, quote }));
    assert!(touches(&markup, &[point(99.0, 85.0)], 0.5));
    assert!(!touches(&markup, &[point(80.0, 65.0)], 3.0));
    assert!(touches(&markup, &[point(50.0, 65.0), point(0.0, 65.0)], 0.5));
}

#[test]
fn an_index_finds_replaces_and_forgets() {
    let mut index: MarkIndex =
        (0..1_000).map(|n| drawn(n, &[[n as f32, 0.0], [n as f32, 10.0]])).collect();
    let near: Vec<_> = index.hit(&[point(500.0, 5.0)], 1.0);
    assert_eq!(near.len(), 5, "two on either side come within width and radius");
    assert_eq!(index.within(Rect { x0: -9.0, y0: -9.0, x1: 0.5, y1: 99.0 }).len(), 3);
    index.insert(drawn(500, &[[-50.0, 0.0]]));
    assert_eq!(index.hit(&[point(500.0, 5.0)], 1.0).len(), 4);
    assert_eq!(index.at(point(-50.0, 0.0), 1.0).unwrap().id, AnnotationId::new(500, [0; 10]));
    assert!(index.remove(AnnotationId::new(500, [0; 10])).is_some());
    assert!(index.at(point(-50.0, 0.0), 1.0).is_none());
    assert_eq!(index.len(), 999);
}

fn any_stroke() -> impl Strategy<Value = Stroke> {
    prop::collection::vec((0.0_f32..60.0, 0.0_f32..60.0, 0.05_f32..1.0), 1..25).prop_map(|points| {
        Stroke { points: points.into_iter().map(|(x, y, p)| [x, y, p].into()).collect() }
    })
}

proptest! {
    #[test]
    fn every_sample_lies_in_the_ink_and_the_ink_near_the_samples(stroke in any_stroke()) {
        let shape = outline(&stroke, 3.0);
        for p in &stroke.points {
            // Beside the sample itself: a corner of the polygon may lie exactly on it.
            let inside = [(0.03, 0.011), (-0.03, 0.017), (0.013, -0.03), (-0.019, -0.03)]
                .iter().any(|(dx, dy)| winding(&shape, point(p.x + dx, p.y + dy)) != 0);
            prop_assert!(inside, "{p:?}");
        }
        let bounds = mark(1, MarkKind::Ink { strokes: vec![stroke], width: 3.0, nib: Nib::Pen }).bounds().grown(15.0);
        prop_assert!(shape.iter().all(|p| p.x.is_finite() && bounds.contains(*p)));
    }

    #[test]
    fn the_tail_covers_all_that_is_new(stroke in any_stroke(), drawn in 0_usize..25) {
        let drawn = drawn.min(stroke.points.len().saturating_sub(1));
        let tail = tail_outline(&stroke, drawn, 3.0);
        for p in &stroke.points[drawn..] {
            let inside = [(0.03, 0.011), (-0.03, 0.017), (0.013, -0.03), (-0.019, -0.03)]
                .iter().any(|(dx, dy)| winding(&tail, point(p.x + dx, p.y + dy)) != 0);
            prop_assert!(inside, "{p:?}");
        }
    }

    #[test]
    fn an_index_answers_what_looking_at_every_mark_does(
        strokes in prop::collection::vec(any_stroke(), 0..20),
        path in prop::collection::vec((0.0_f32..60.0, 0.0_f32..60.0), 1..4),
        reach in 0.0_f32..5.0,
    ) {
        let marks: Vec<_> = strokes.into_iter().enumerate()
            .map(|(n, s)| mark(n as u64, MarkKind::Ink { strokes: vec![s], width: 1.0, nib: Nib::Pen })).collect();
        let path: Vec<_> = path.into_iter().map(|(x, y)| point(x, y)).collect();
        let expected: Vec<_> =
            marks.iter().filter(|m| touches(m, &path, reach)).map(|m| m.id).collect();
        let index: MarkIndex = marks.into_iter().collect();
        prop_assert_eq!(index.hit(&path, reach), expected);
    }
}
