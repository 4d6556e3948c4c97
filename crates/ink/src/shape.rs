//! Lines, arrows, rectangles and ellipses.

use serde::{Deserialize, Serialize};

use crate::geometry::{Point, Rect};

/// How far the arms of an arrow's head are spread from its line, in radians.
const SPREAD: f32 = 0.45;
/// Length of an arrow's head over the width of its line, and its shortest and longest share.
const HEAD: (f32, f32, f32) = (6.0, 8.0, 0.4);
/// Where the handles of a quarter of an ellipse stand, as a share of its radius.
const QUARTER: f32 = 0.552_284_8;

/// The forms.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Form {
    /// A straight line.
    Line,
    /// A line with a head at its end.
    Arrow,
    /// An upright rectangle.
    Rectangle,
    /// An upright ellipse.
    Ellipse,
}

/// A drawn form.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Shape {
    /// Which.
    pub form: Form,
    /// Where the line begins; one corner of the others.
    pub from: Point,
    /// Where the line ends; the opposite corner of the others.
    pub to: Point,
    /// Width of its line, in points.
    pub width: f32,
}

/// One step of a path that is drawn with a line.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Step {
    /// Begins here.
    Move(Point),
    /// Straight to here.
    Line(Point),
    /// A cubic Bézier curve: two handles and where it ends.
    Curve(Point, Point, Point),
    /// Back to where the path began.
    Close,
}

impl Shape {
    /// The rectangle between its two places, without the width of the line.
    #[must_use]
    pub fn frame(&self) -> Rect {
        [self.from.x, self.from.y, self.to.x, self.to.y].into()
    }

    /// The rectangle around all that is drawn.
    #[must_use]
    pub fn bounds(&self) -> Rect {
        let head = self.head().into_iter().flatten();
        head.map(|p| Rect { x0: p.x, y0: p.y, x1: p.x, y1: p.y })
            .fold(self.frame(), Rect::union)
            .grown(self.width / 2.0 + 0.5)
    }

    /// The path of its line; ends and corners are round.
    #[must_use]
    pub fn path(&self) -> Vec<Step> {
        let Rect { x0, y0, x1, y1 } = self.frame();
        let at = |x: f32, y: f32| Point { x, y };
        match self.form {
            Form::Line => vec![Step::Move(self.from), Step::Line(self.to)],
            Form::Arrow => {
                let mut path = vec![Step::Move(self.from), Step::Line(self.to)];
                if let Some([left, right]) = self.head() {
                    path.extend([Step::Move(left), Step::Line(self.to), Step::Line(right)]);
                }
                path
            }
            Form::Rectangle => vec![
                Step::Move(at(x0, y0)),
                Step::Line(at(x1, y0)),
                Step::Line(at(x1, y1)),
                Step::Line(at(x0, y1)),
                Step::Close,
            ],
            Form::Ellipse => ellipse(self.frame()),
        }
    }

    /// The path as straight pieces, for what must know where the line runs.
    #[must_use]
    pub fn polyline(&self) -> Vec<Vec<Point>> {
        flattened(&self.path())
    }

    /// The two ends of an arrow's head.
    fn head(&self) -> Option<[Point; 2]> {
        let length = self.from.distance(self.to);
        if self.form != Form::Arrow || length <= f32::EPSILON {
            return None;
        }
        let (times, least, share) = HEAD;
        let arm = (self.width * times).max(least).min(length * share);
        let heading = (self.to.y - self.from.y).atan2(self.to.x - self.from.x);
        let end = |turn: f32| {
            let angle = heading + std::f32::consts::PI + turn;
            self.to.shifted(Point { x: arm * angle.cos(), y: arm * angle.sin() })
        };
        Some([end(-SPREAD), end(SPREAD)])
    }
}

/// The path of the ellipse in a rectangle.
#[must_use]
pub fn ellipse(frame: Rect) -> Vec<Step> {
    let Point { x, y } = frame.middle();
    let (a, b) = (frame.width() / 2.0, frame.height() / 2.0);
    let at = |u: f32, v: f32| Point { x: x + a * u, y: y + b * v };
    let k = QUARTER;
    vec![
        Step::Move(at(1.0, 0.0)),
        Step::Curve(at(1.0, k), at(k, 1.0), at(0.0, 1.0)),
        Step::Curve(at(-k, 1.0), at(-1.0, k), at(-1.0, 0.0)),
        Step::Curve(at(-1.0, -k), at(-k, -1.0), at(0.0, -1.0)),
        Step::Curve(at(k, -1.0), at(1.0, -k), at(1.0, 0.0)),
        Step::Close,
    ]
}

/// A path as straight pieces.
fn flattened(path: &[Step]) -> Vec<Vec<Point>> {
    const PIECES: u8 = 12;
    let mut lines: Vec<Vec<Point>> = Vec::new();
    for step in path {
        let line = match (step, lines.last_mut()) {
            (Step::Move(start), _) | (Step::Line(start) | Step::Curve(_, _, start), None) => {
                lines.push(vec![*start]);
                continue;
            }
            (Step::Close, None) => continue,
            (Step::Line(_) | Step::Curve(..) | Step::Close, Some(line)) => line,
        };
        let Some(from) = line.last().copied() else { continue };
        match step {
            Step::Move(to) | Step::Line(to) => line.push(*to),
            Step::Curve(first, second, to) => line.extend((1..=PIECES).map(|piece| {
                let t = f32::from(piece) / f32::from(PIECES);
                let (a, b) = (from.towards(*first, t), first.towards(*second, t));
                let (b, c) = (b, second.towards(*to, t));
                a.towards(b, t).towards(b.towards(c, t), t)
            })),
            Step::Close => line.extend(line.first().copied()),
        }
    }
    lines
}
