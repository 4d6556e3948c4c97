//! Paths of `ink` for the canvas and for SVG.

use std::fmt::Write;

use ink::{Point, Step};
use web_sys::Path2d;

/// Adds a path to one of the canvas.
pub(crate) fn trace(path: &Path2d, steps: &[Step]) {
    let wide = |p: &Point| (f64::from(p.x), f64::from(p.y));
    for step in steps {
        match step {
            Step::Move(p) => path.move_to(wide(p).0, wide(p).1),
            Step::Line(p) => path.line_to(wide(p).0, wide(p).1),
            Step::Curve(a, b, p) => {
                let ((ax, ay), (bx, by), (x, y)) = (wide(a), wide(b), wide(p));
                path.bezier_curve_to(ax, ay, bx, by, x, y);
            }
            Step::Close => path.close_path(),
        }
    }
}

/// The `d` of an SVG path. The steps count upwards from a box of this height, SVG downwards.
pub(crate) fn svg(steps: &[Step], height: f32) -> String {
    let mut d = String::new();
    for step in steps {
        // Writing to a string cannot fail.
        match step {
            Step::Move(p) => write!(d, "M{:.2} {:.2}", p.x, height - p.y),
            Step::Line(p) => write!(d, "L{:.2} {:.2}", p.x, height - p.y),
            Step::Curve(a, b, p) => write!(
                d,
                "C{:.2} {:.2} {:.2} {:.2} {:.2} {:.2}",
                a.x,
                height - a.y,
                b.x,
                height - b.y,
                p.x,
                height - p.y
            ),
            Step::Close => write!(d, "Z"),
        }
        .unwrap_or_default();
    }
    d
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn svg_counts_downwards() {
        let steps = [
            Step::Move(Point { x: 1.0, y: 2.0 }),
            Step::Line(Point { x: 3.0, y: 10.0 }),
            Step::Close,
        ];
        assert_eq!(svg(&steps, 10.0), "M1.00 8.00L3.00 0.00Z");
    }
}
