//! What a hand meant to draw: a line, an arrow, a rectangle or an ellipse.
//!
//! The hand says that it wants a straight form by holding still at the end of a stroke. Each form is
//! fitted to the samples and judged by how far they lie from it, as a share of its size; the best
//! one is taken when it is good enough, else the stroke stays as it is.

use crate::geometry::{Point, Rect};
use crate::shape::{Form, Shape};
use crate::stroke::Stroke;

/// Smaller drawings than this, in points, are writing.
const SMALLEST: f32 = 14.0;
/// How far a line may bend, as a share of its length.
const BEND: f32 = 0.07;
/// How far a rectangle or ellipse may lie from the samples on average, as a share of its size.
const MISS: f32 = 0.085;
/// How far apart the ends of a closed form may lie, as a share of its whole way.
const OPEN: f32 = 0.22;
/// Lines within this many radians of a direction of the page take it.
const SNAP: f32 = 0.07;
/// Sides within this share of each other become equal.
const EQUAL: f32 = 0.1;
/// Samples a stroke is brought to.
const SAMPLES: u16 = 96;

/// The form a stroke was meant to be, with a line of this width; none when it is like none.
#[must_use]
pub fn recognise(stroke: &Stroke, width: f32) -> Option<Shape> {
    let way = even(stroke)?;
    let (first, last) = (*way.first()?, *way.last()?);
    let frame = frame(&way);
    if frame.width().hypot(frame.height()) < SMALLEST {
        return None;
    }
    let shape = |form, from, to| Some(Shape { form, from, to, width });
    if let Some((from, to)) = line(&way) {
        return shape(Form::Line, from, to);
    }
    if let Some((from, to)) = arrow(&way) {
        return shape(Form::Arrow, from, to);
    }
    let length: f32 = way.iter().zip(way.iter().skip(1)).map(|(a, b)| a.distance(*b)).sum();
    if first.distance(last) > OPEN * length {
        return None;
    }
    let frame = evened(frame);
    let (rectangle, ellipse) = (rectangle_miss(&way, frame), ellipse_miss(&way, frame));
    let (form, miss) =
        if ellipse <= rectangle { (Form::Ellipse, ellipse) } else { (Form::Rectangle, rectangle) };
    if miss > MISS {
        return None;
    }
    shape(form, Point { x: frame.x0, y: frame.y0 }, Point { x: frame.x1, y: frame.y1 })
}

/// The stroke's way in samples of equal distance.
fn even(stroke: &Stroke) -> Option<Vec<Point>> {
    let points: Vec<Point> = stroke.points.iter().map(|p| Point { x: p.x, y: p.y }).collect();
    let total: f32 = points.iter().zip(points.iter().skip(1)).map(|(a, b)| a.distance(*b)).sum();
    if points.len() < 2 || total <= f32::EPSILON {
        return None;
    }
    let step = total / f32::from(SAMPLES);
    let mut way = vec![*points.first()?];
    let mut due = step;
    for (a, b) in points.iter().zip(points.iter().skip(1)) {
        let length = a.distance(*b);
        while length > 0.0 && due <= length {
            way.push(a.towards(*b, due / length));
            due += step;
        }
        due -= length;
    }
    way.push(*points.last()?);
    Some(way)
}

fn frame(way: &[Point]) -> Rect {
    way.iter()
        .map(|p| Rect { x0: p.x, y0: p.y, x1: p.x, y1: p.y })
        .reduce(Rect::union)
        .unwrap_or_default()
}

/// A line from the first sample to the last, when none strays.
fn line(way: &[Point]) -> Option<(Point, Point)> {
    let (from, to) = (*way.first()?, *way.last()?);
    is_straight(way, from, to).then(|| snapped(from, to))
}

fn is_straight(way: &[Point], from: Point, to: Point) -> bool {
    let length = from.distance(to);
    let travelled: f32 = way.iter().zip(way.iter().skip(1)).map(|(a, b)| a.distance(*b)).sum();
    length > 0.0
        && travelled < length * 1.25
        && way.iter().all(|p| crate::hit::to_piece(*p, (from, to)) <= BEND * length)
}

/// A line that goes on, after its tip, into one or two short arms back.
fn arrow(way: &[Point]) -> Option<(Point, Point)> {
    let from = *way.first()?;
    let reach = way.iter().map(|p| p.distance(from)).fold(0.0, f32::max);
    // The first sample that is nearly farthest: the tip is reached again after each arm.
    let tip_at = way.iter().position(|p| p.distance(from) >= reach * 0.97)?;
    let (shaft, head) = way.split_at_checked(tip_at + 1)?;
    let tip = *shaft.last()?;
    if !is_straight(shaft, from, tip) {
        return None;
    }
    let length = from.distance(tip);
    let back = head.iter().map(|p| along(*p, from, tip)).fold(1.0, f32::min);
    let aside = head.iter().map(|p| crate::hit::to_piece(*p, (from, tip))).fold(0.0, f32::max);
    let whole: f32 = head.iter().zip(head.iter().skip(1)).map(|(a, b)| a.distance(*b)).sum();
    let arms = (0.5..0.95).contains(&back) && aside > 0.04 * length && aside < 0.4 * length;
    (arms && whole < 1.6 * length).then(|| snapped(from, tip))
}

/// Share of the way from one place to another at which a third lies.
fn along(p: Point, from: Point, to: Point) -> f32 {
    let (dx, dy) = (to.x - from.x, to.y - from.y);
    ((p.x - from.x) * dx + (p.y - from.y) * dy) / (dx * dx + dy * dy)
}

/// A line that is nearly level or upright becomes so.
fn snapped(from: Point, to: Point) -> (Point, Point) {
    let (dx, dy) = ((to.x - from.x).abs(), (to.y - from.y).abs());
    if dy.atan2(dx) < SNAP {
        let y = (from.y + to.y) / 2.0;
        (Point { y, ..from }, Point { y, ..to })
    } else if dx.atan2(dy) < SNAP {
        let x = (from.x + to.x) / 2.0;
        (Point { x, ..from }, Point { x, ..to })
    } else {
        (from, to)
    }
}

/// A frame that is nearly square becomes so.
fn evened(frame: Rect) -> Rect {
    let (width, height) = (frame.width(), frame.height());
    if (width - height).abs() > EQUAL * width.max(height) {
        return frame;
    }
    let (middle, half) = (frame.middle(), (width + height) / 4.0);
    [middle.x - half, middle.y - half, middle.x + half, middle.y + half].into()
}

fn rectangle_miss(way: &[Point], frame: Rect) -> f32 {
    let size = frame.width().min(frame.height()).max(1.0) / 2.0;
    let miss = |p: &Point| {
        let inside = (p.x - frame.x0).min(frame.x1 - p.x).min(p.y - frame.y0).min(frame.y1 - p.y);
        inside.abs() / size
    };
    mean(way.iter().map(miss))
}

fn ellipse_miss(way: &[Point], frame: Rect) -> f32 {
    let middle = frame.middle();
    let (a, b) = (frame.width().max(1.0) / 2.0, frame.height().max(1.0) / 2.0);
    let miss = |p: &Point| (((p.x - middle.x) / a).hypot((p.y - middle.y) / b) - 1.0).abs();
    mean(way.iter().map(miss))
}

fn mean(values: impl Iterator<Item = f32>) -> f32 {
    let (sum, count) = values.fold((0.0, 0.0), |(sum, count), v| (sum + v, count + 1.0));
    if count > 0.0 { sum / count } else { f32::INFINITY }
}
