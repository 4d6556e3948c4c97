//! The eraser that takes away only what it touches: a stroke is never changed, so what is left of
//! it becomes new strokes.

use crate::geometry::Point;
use crate::hit::to_piece;
use crate::outline::radius as pen_radius;
use crate::stroke::{Stroke, StrokePoint};

/// Steps in which a piece of a stroke is looked at, in points.
const STEP: f32 = 0.4;
/// Shorter rests than this are taken away too, in points.
const CRUMB: f32 = 0.6;

/// What is left of strokes when an eraser of this radius has gone along a path; none when it
/// touched nothing. `width` is that of the strokes at pressure 0.5.
#[must_use]
pub fn cut(strokes: &[Stroke], width: f32, path: &[Point], radius: f32) -> Option<Vec<Stroke>> {
    let mut touched = false;
    let mut left = Vec::new();
    for stroke in strokes {
        let rests = rests(stroke, width, path, radius);
        match rests {
            Some(rests) => {
                touched = true;
                left.extend(rests);
            }
            None => left.push(stroke.clone()),
        }
    }
    touched.then_some(left)
}

fn rests(stroke: &Stroke, width: f32, path: &[Point], radius: f32) -> Option<Vec<Stroke>> {
    let gone = |p: &StrokePoint| {
        // Half of the ink's width: the edge of the rest lies where the eraser's edge was.
        let reach = radius + pen_radius(width, p.pressure) * 0.5;
        way_is_near(path, Point { x: p.x, y: p.y }, reach)
    };
    let mut touched = false;
    let mut rests: Vec<Stroke> = Vec::new();
    let mut rest: Vec<StrokePoint> = Vec::new();
    let mut last: Option<(StrokePoint, bool)> = None;
    for point in &stroke.points {
        if let Some((from, was_gone)) = last {
            let mut was_gone = was_gone;
            let mut before = from;
            for here in between(from, *point) {
                let is_gone = gone(&here);
                touched |= is_gone;
                match (was_gone, is_gone) {
                    (false, true) => {
                        rest.push(before);
                        rests.push(Stroke { points: std::mem::take(&mut rest) });
                    }
                    (true, false) => rest.push(here),
                    (true, true) | (false, false) => {}
                }
                (was_gone, before) = (is_gone, here);
            }
            if !was_gone && rest.last() != Some(point) {
                rest.push(*point);
            }
            last = Some((*point, was_gone));
        } else {
            let is_gone = gone(point);
            touched |= is_gone;
            if !is_gone {
                rest.push(*point);
            }
            last = Some((*point, is_gone));
        }
    }
    rests.push(Stroke { points: rest });
    rests.retain(|rest| match rest.points.as_slice() {
        [] => false,
        // A dot stays a dot.
        [_] => stroke.points.len() == 1,
        points => length(points) >= CRUMB,
    });
    touched.then_some(rests)
}

/// Places from one sample (left out) to the next (the last one).
fn between(from: StrokePoint, to: StrokePoint) -> impl Iterator<Item = StrokePoint> {
    let length = (to.x - from.x).hypot(to.y - from.y);
    let steps = (length / STEP).ceil().clamp(1.0, 10_000.0) as u16;
    (1..=steps).map(move |step| {
        if step == steps {
            return to;
        }
        let share = f32::from(step) / f32::from(steps);
        let mix = |a: f32, b: f32| a + (b - a) * share;
        StrokePoint {
            x: mix(from.x, to.x),
            y: mix(from.y, to.y),
            pressure: mix(from.pressure, to.pressure),
        }
    })
}

fn way_is_near(path: &[Point], place: Point, reach: f32) -> bool {
    match path {
        [] => false,
        [alone] => alone.distance(place) <= reach,
        path => {
            path.iter().zip(path.iter().skip(1)).any(|(a, b)| to_piece(place, (*a, *b)) <= reach)
        }
    }
}

fn length(points: &[StrokePoint]) -> f32 {
    points.iter().zip(points.iter().skip(1)).map(|(a, b)| (b.x - a.x).hypot(b.y - a.y)).sum()
}
