//! What the eraser or a finger touches, among thousands of marks.

use std::collections::BTreeMap;

use rstar::{AABB, RTree, RTreeObject};

use crate::geometry::{Point, Rect};
use crate::mark::{AnnotationId, Mark, MarkKind};
use crate::outline::radius as pen_radius;

/// The marks of one page, found by place.
#[derive(Debug, Default)]
pub struct MarkIndex {
    marks: BTreeMap<AnnotationId, Mark>,
    tree: RTree<Entry>,
}

#[derive(Debug, Clone, PartialEq)]
struct Entry {
    id: AnnotationId,
    bounds: Rect,
}

impl RTreeObject for Entry {
    type Envelope = AABB<[f32; 2]>;

    fn envelope(&self) -> Self::Envelope {
        envelope(self.bounds)
    }
}

fn envelope(rect: Rect) -> AABB<[f32; 2]> {
    AABB::from_corners([rect.x0, rect.y0], [rect.x1, rect.y1])
}

/// Rectangles found by place; each is known by its number in the order given.
#[derive(Debug, Default)]
pub struct Places(RTree<Numbered>);

#[derive(Debug)]
struct Numbered {
    number: usize,
    bounds: Rect,
}

impl RTreeObject for Numbered {
    type Envelope = AABB<[f32; 2]>;

    fn envelope(&self) -> Self::Envelope {
        envelope(self.bounds)
    }
}

impl FromIterator<Rect> for Places {
    fn from_iter<T: IntoIterator<Item = Rect>>(rects: T) -> Self {
        let numbered = rects.into_iter().enumerate();
        let all = numbered.map(|(number, bounds)| Numbered { number, bounds }).collect();
        Self(RTree::bulk_load(all))
    }
}

impl Places {
    /// Numbers of the rectangles that touch this one, lowest first.
    #[must_use]
    pub fn within(&self, rect: Rect) -> Vec<usize> {
        let found = self.0.locate_in_envelope_intersecting(envelope(rect));
        let mut numbers: Vec<_> = found.map(|entry| entry.number).collect();
        numbers.sort_unstable();
        numbers
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.size()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.size() == 0
    }
}

impl FromIterator<Mark> for MarkIndex {
    fn from_iter<T: IntoIterator<Item = Mark>>(marks: T) -> Self {
        let marks: BTreeMap<_, _> = marks.into_iter().map(|mark| (mark.id, mark)).collect();
        let entries = marks.values().map(Entry::of).collect();
        Self { tree: RTree::bulk_load(entries), marks }
    }
}

impl Entry {
    fn of(mark: &Mark) -> Self {
        Self { id: mark.id, bounds: mark.bounds() }
    }
}

impl MarkIndex {
    /// Adds a mark, or replaces the one with its identifier.
    pub fn insert(&mut self, mark: Mark) {
        self.remove(mark.id);
        self.tree.insert(Entry::of(&mark));
        self.marks.insert(mark.id, mark);
    }

    /// Takes a mark away.
    pub fn remove(&mut self, id: AnnotationId) -> Option<Mark> {
        let mark = self.marks.remove(&id)?;
        self.tree.remove(&Entry::of(&mark));
        Some(mark)
    }

    /// The mark with this identifier.
    #[must_use]
    pub fn get(&self, id: AnnotationId) -> Option<&Mark> {
        self.marks.get(&id)
    }

    /// All marks, oldest first.
    pub fn marks(&self) -> impl Iterator<Item = &Mark> {
        self.marks.values()
    }

    /// How many marks there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.marks.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.marks.is_empty()
    }

    /// Marks whose bounds touch the rectangle, oldest first: what a tile must draw.
    #[must_use]
    pub fn within(&self, rect: Rect) -> Vec<&Mark> {
        let mut ids: Vec<_> =
            self.tree.locate_in_envelope_intersecting(envelope(rect)).map(|e| e.id).collect();
        ids.sort_unstable();
        ids.into_iter().filter_map(|id| self.marks.get(&id)).collect()
    }

    /// Marks that come within `radius` points of the path, oldest first.
    #[must_use]
    pub fn hit(&self, path: &[Point], radius: f32) -> Vec<AnnotationId> {
        let around = path
            .iter()
            .map(|p| Rect { x0: p.x, y0: p.y, x1: p.x, y1: p.y })
            .reduce(Rect::union)
            .map(|rect| rect.grown(radius));
        let Some(around) = around else { return Vec::new() };
        self.within(around)
            .into_iter()
            .filter(|mark| touches(mark, path, radius))
            .map(|m| m.id)
            .collect()
    }

    /// The newest mark at a place.
    #[must_use]
    pub fn at(&self, place: Point, radius: f32) -> Option<&Mark> {
        let id = self.hit(&[place], radius).pop()?;
        self.marks.get(&id)
    }
}

/// Whether a mark comes within `radius` points of the path: a stroke by its ink, marked text and the
/// rest by their rectangles.
#[must_use]
pub fn touches(mark: &Mark, path: &[Point], radius: f32) -> bool {
    match &mark.kind {
        MarkKind::Ink { strokes, width, .. } => strokes.iter().any(|stroke| {
            let ink = stroke.points.iter().map(|p| p.pressure).fold(0.0, f32::max);
            let reach = radius + pen_radius(*width, ink);
            let places: Vec<Point> =
                stroke.points.iter().map(|p| Point { x: p.x, y: p.y }).collect();
            ways_meet(&places, path, reach)
        }),
        MarkKind::Markup(markup) => markup.rects.iter().any(|rect| way_meets(path, *rect, radius)),
        // A form is hollow: what it stands around can be touched through it.
        MarkKind::Shape(shape) => {
            let reach = radius + shape.width / 2.0;
            shape.polyline().iter().any(|line| ways_meet(line, path, reach))
        }
        MarkKind::Stamp(_) | MarkKind::Note { .. } | MarkKind::Text { .. } => {
            way_meets(path, mark.bounds(), radius)
        }
    }
}

fn pieces(way: &[Point]) -> impl Iterator<Item = (Point, Point)> + Clone {
    let alone = (way.len() == 1).then(|| way.first()).flatten();
    let pairs = way.iter().zip(way.iter().skip(1)).map(|(a, b)| (*a, *b));
    pairs.chain(alone.map(|p| (*p, *p)))
}

fn ways_meet(a: &[Point], b: &[Point], reach: f32) -> bool {
    pieces(a).any(|p| {
        let near = Rect::from([p.0.x, p.0.y, p.1.x, p.1.y]).grown(reach);
        pieces(b).any(|q| {
            near.touches(&Rect::from([q.0.x, q.0.y, q.1.x, q.1.y])) && distance(p, q) <= reach
        })
    })
}

fn way_meets(way: &[Point], rect: Rect, radius: f32) -> bool {
    let Rect { x0, y0, x1, y1 } = rect;
    let corners = [[x0, y0], [x1, y0], [x1, y1], [x0, y1], [x0, y0]].map(Point::from);
    way.iter().any(|p| rect.contains(*p)) || ways_meet(way, &corners, radius)
}

/// Shortest distance between two straight pieces.
fn distance(p: (Point, Point), q: (Point, Point)) -> f32 {
    if cross(p, q.0) * cross(p, q.1) < 0.0 && cross(q, p.0) * cross(q, p.1) < 0.0 {
        return 0.0;
    }
    [to_piece(q.0, p), to_piece(q.1, p), to_piece(p.0, q), to_piece(p.1, q)]
        .into_iter()
        .fold(f32::INFINITY, f32::min)
}

fn cross((a, b): (Point, Point), c: Point) -> f32 {
    (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x)
}

/// Shortest distance from a place to a straight piece.
pub(crate) fn to_piece(c: Point, (a, b): (Point, Point)) -> f32 {
    let (dx, dy) = (b.x - a.x, b.y - a.y);
    let length = dx * dx + dy * dy;
    let along = if length > 0.0 { ((c.x - a.x) * dx + (c.y - a.y) * dy) / length } else { 0.0 };
    let along = along.clamp(0.0, 1.0);
    (c.x - a.x - dx * along).hypot(c.y - a.y - dy * along)
}
