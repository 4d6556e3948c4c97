//! What a loop drawn around marks has caught.

use crate::geometry::Point;
use crate::mark::{Mark, MarkKind};

/// Share of a drawing that must lie inside the loop.
const CAUGHT: f32 = 0.6;

/// Whether a loop, closed by a straight piece, has caught the mark: most of a drawing's samples, or
/// the middle of anything else.
#[must_use]
pub fn caught(mark: &Mark, around: &[Point]) -> bool {
    match &mark.kind {
        MarkKind::Ink { strokes, .. } => {
            let all = strokes.iter().flat_map(|stroke| &stroke.points);
            let (mut inside, mut count) = (0_u32, 0_u32);
            for point in all {
                count += 1;
                inside += u32::from(contains(around, Point { x: point.x, y: point.y }));
            }
            count > 0 && f64::from(inside) >= f64::from(count) * f64::from(CAUGHT)
        }
        MarkKind::Markup(markup) => {
            !markup.rects.is_empty()
                && markup.rects.iter().all(|rect| contains(around, rect.middle()))
        }
        MarkKind::Shape(_) | MarkKind::Stamp(_) | MarkKind::Note { .. } | MarkKind::Text { .. } => {
            contains(around, mark.bounds().middle())
        }
    }
}

/// Whether a place lies inside a polygon (even-odd rule).
#[must_use]
pub fn contains(polygon: &[Point], place: Point) -> bool {
    let next = polygon.iter().cycle().skip(1);
    let crossings = polygon
        .iter()
        .zip(next)
        .filter(|(a, b)| (a.y > place.y) != (b.y > place.y))
        .filter(|(a, b)| place.x < a.x + (place.y - a.y) / (b.y - a.y) * (b.x - a.x))
        .count();
    crossings % 2 == 1
}
