//! The shape of a stroke on the page: a polygon as wide as the pen was pressed.
//!
//! The samples are joined by centripetal Catmull-Rom curves, which go through every one of them
//! without loops; each place on the curve is widened by the pressure there; ends and sharp turns are
//! round. Fill the polygon with the non-zero rule: a stroke crosses itself.
//!
//! A live stroke need not be drawn whole on each event: [`tail_outline`] gives the shape of its end,
//! which overlaps what is already drawn.

use crate::geometry::Point;
use crate::stroke::{Stroke, StrokePoint};

/// How far a simplified stroke may lie from the drawn one, in points: the hand does not see it.
pub const TOLERANCE: f32 = 0.15;
/// What a whole step of pressure weighs against a way, in points, when a stroke is simplified.
const PRESSURE_WEIGHT: f32 = 2.0;
/// Longest straight piece of a curve, in points.
const PIECE: f32 = 1.5;
/// Most pieces between two samples.
const PIECES: usize = 64;

/// Radius of the pen at a pressure: `width` is the width at pressure 0.5.
#[must_use]
pub fn radius(width: f32, pressure: f32) -> f32 {
    width / 2.0 * (0.4 + 1.2 * pressure.clamp(0.0, 1.0))
}

/// The polygon of a whole stroke, closed (the last point joins the first); empty for no points.
/// `width` is the width at pressure 0.5, in points.
#[must_use]
pub fn outline(stroke: &Stroke, width: f32) -> Vec<Point> {
    outline_of(&curve(&stroke.points), width)
}

/// The polygon of the end of a live stroke: of all that changed when samples were added after the
/// first `drawn` ones. Drawn over what stands there, it gives the same picture as the whole.
#[must_use]
pub fn tail_outline(stroke: &Stroke, drawn: usize, width: f32) -> Vec<Point> {
    // A curve between two samples depends on one sample on either side.
    let from = drawn.saturating_sub(3);
    outline_of(&curve(stroke.points.get(from..).unwrap_or_default()), width)
}

/// The stroke with fewer samples: none of those left out lay farther than `tolerance` points from
/// the new line, nor did its pressure show (Ramer, Douglas and Peucker).
#[must_use]
pub fn simplify(stroke: &Stroke, tolerance: f32) -> Stroke {
    let points = &stroke.points;
    if points.len() < 3 {
        return stroke.clone();
    }
    let mut kept = vec![false; points.len()];
    let mut work = vec![(0, points.len() - 1)];
    for end in [0, points.len() - 1] {
        if let Some(keep) = kept.get_mut(end) {
            *keep = true;
        }
    }
    while let Some((from, to)) = work.pop() {
        let (Some(a), Some(b)) = (points.get(from), points.get(to)) else { continue };
        let farthest = points
            .iter()
            .enumerate()
            .take(to)
            .skip(from + 1)
            .map(|(index, point)| (index, deviation(*point, *a, *b)))
            .max_by(|x, y| x.1.total_cmp(&y.1));
        if let Some((index, far)) = farthest
            && far > tolerance
        {
            if let Some(keep) = kept.get_mut(index) {
                *keep = true;
            }
            work.push((from, index));
            work.push((index, to));
        }
    }
    Stroke { points: points.iter().zip(kept).filter(|(_, keep)| *keep).map(|(p, _)| *p).collect() }
}

/// How far a sample lies from the straight piece a-b, its pressure counted as a third axis.
fn deviation(p: StrokePoint, a: StrokePoint, b: StrokePoint) -> f32 {
    let axes = |q: StrokePoint| [q.x, q.y, q.pressure * PRESSURE_WEIGHT];
    let (p, a, b) = (axes(p), axes(a), axes(b));
    let [px, py, pz] = minus(p, a);
    let [bx, by, bz] = minus(b, a);
    let length = bx * bx + by * by + bz * bz;
    let along = if length > 0.0 { (px * bx + py * by + pz * bz) / length } else { 0.0 };
    let along = along.clamp(0.0, 1.0);
    let [dx, dy, dz] = minus([px, py, pz], [bx * along, by * along, bz * along]);
    (dx * dx + dy * dy + dz * dz).sqrt()
}

fn minus([ax, ay, az]: [f32; 3], [bx, by, bz]: [f32; 3]) -> [f32; 3] {
    [ax - bx, ay - by, az - bz]
}

/// The samples with curves between them, as short straight pieces.
fn curve(points: &[StrokePoint]) -> Vec<StrokePoint> {
    let mut out: Vec<StrokePoint> = Vec::with_capacity(points.len() * 2);
    out.extend(points.first());
    for (index, pair) in points.windows(2).enumerate() {
        let &[from, to] = pair else { continue };
        let before = index.checked_sub(1).and_then(|i| points.get(i)).copied().unwrap_or(from);
        let after = points.get(index + 2).copied().unwrap_or(to);
        let length = way(from, to);
        let pieces = ((length / PIECE).ceil() as usize).clamp(1, PIECES);
        for piece in 1..pieces {
            out.push(between([before, from, to, after], piece as f32 / pieces as f32));
        }
        out.push(to);
    }
    out
}

/// The place at `t` (0 to 1) on the centripetal Catmull-Rom curve from the second to the third of
/// four places (Barry and Goldman's pyramid).
fn between([p0, p1, p2, p3]: [StrokePoint; 4], t: f32) -> StrokePoint {
    let knot = |a, b| way(a, b).sqrt().max(1e-3);
    let t1 = knot(p0, p1);
    let t2 = t1 + knot(p1, p2);
    let t3 = t2 + knot(p2, p3);
    let at = t1 + (t2 - t1) * t;
    let mix = |a: StrokePoint, b: StrokePoint, ta: f32, tb: f32| {
        let share = (at - ta) / (tb - ta);
        let blend = |a: f32, b: f32| a + (b - a) * share;
        StrokePoint {
            x: blend(a.x, b.x),
            y: blend(a.y, b.y),
            pressure: blend(a.pressure, b.pressure),
        }
    };
    let (a1, a2, a3) = (mix(p0, p1, 0.0, t1), mix(p1, p2, t1, t2), mix(p2, p3, t2, t3));
    let (b1, b2) = (mix(a1, a2, 0.0, t2), mix(a2, a3, t1, t3));
    let place = mix(b1, b2, t1, t2);
    // Pressure does not swing beyond what the hand did.
    let pressure = p1.pressure + (p2.pressure - p1.pressure) * t;
    StrokePoint { pressure, ..place }
}

fn way(a: StrokePoint, b: StrokePoint) -> f32 {
    (b.x - a.x).hypot(b.y - a.y)
}

fn outline_of(line: &[StrokePoint], width: f32) -> Vec<Point> {
    let mut places: Vec<StrokePoint> = Vec::with_capacity(line.len());
    for place in line {
        if places.last().is_none_or(|last| way(*last, *place) > 1e-3) {
            places.push(*place);
        }
    }
    let (Some(first), Some(last)) = (places.first().copied(), places.last().copied()) else {
        return Vec::new();
    };
    if places.len() == 1 {
        let mut dot = Vec::new();
        arc(&mut dot, first, radius(width, first.pressure), 0.0, std::f32::consts::TAU);
        return dot;
    }
    let headings: Vec<f32> = places
        .windows(2)
        .filter_map(|pair| {
            let &[a, b] = pair else { return None };
            Some((b.y - a.y).atan2(b.x - a.x))
        })
        .collect();
    let mut left = Vec::with_capacity(places.len() + 16);
    let mut right = Vec::with_capacity(places.len());
    for (index, place) in places.iter().enumerate() {
        let r = radius(width, place.pressure);
        let into = index.checked_sub(1).and_then(|i| headings.get(i)).copied();
        let out = headings.get(index).copied();
        let (Some(into), Some(out)) = (into.or(out), out.or(into)) else { continue };
        let turn = wrapped(out - into);
        if turn.abs() > std::f32::consts::FRAC_PI_4 {
            // A sharp turn: round on its outer side, straight through on the inner one.
            let quarter = std::f32::consts::FRAC_PI_2;
            if turn > 0.0 {
                arc(&mut right, *place, r, into - quarter, out - quarter);
                left.extend([spot(*place, r, into + quarter), spot(*place, r, out + quarter)]);
            } else {
                arc(&mut left, *place, r, into + quarter, out + quarter);
                right.extend([spot(*place, r, into - quarter), spot(*place, r, out - quarter)]);
            }
        } else {
            let heading = into + turn / 2.0;
            left.push(spot(*place, r, heading + std::f32::consts::FRAC_PI_2));
            right.push(spot(*place, r, heading - std::f32::consts::FRAC_PI_2));
        }
    }
    let (Some(start), Some(end)) = (headings.first(), headings.last()) else { return left };
    let half = std::f32::consts::FRAC_PI_2;
    arc_by(&mut left, last, radius(width, last.pressure), end + half, -std::f32::consts::PI);
    left.extend(right.into_iter().rev());
    arc_by(&mut left, first, radius(width, first.pressure), start - half, -std::f32::consts::PI);
    left
}

/// An arc from one angle to another, the shorter way round unless it is a full turn.
fn arc(out: &mut Vec<Point>, centre: StrokePoint, radius: f32, from: f32, to: f32) {
    let sweep =
        if (to - from).abs() >= std::f32::consts::TAU { to - from } else { wrapped(to - from) };
    arc_by(out, centre, radius, from, sweep);
}

fn arc_by(out: &mut Vec<Point>, centre: StrokePoint, radius: f32, from: f32, sweep: f32) {
    // The corners of the arc stay within about 1/50 point of the circle.
    let step = (0.02 / radius.max(0.02)).sqrt().max(0.1) * 2.0;
    let steps = ((sweep.abs() / step).ceil() as usize).clamp(1, 64);
    for index in 0..=steps {
        out.push(spot(centre, radius, from + sweep * index as f32 / steps as f32));
    }
}

fn spot(centre: StrokePoint, radius: f32, angle: f32) -> Point {
    Point { x: centre.x + radius * angle.cos(), y: centre.y + radius * angle.sin() }
}

/// An angle brought between minus and plus half a turn.
fn wrapped(angle: f32) -> f32 {
    use std::f32::consts::{PI, TAU};
    let turned = angle % TAU;
    if turned > PI {
        turned - TAU
    } else if turned < -PI {
        turned + TAU
    } else {
        turned
    }
}
