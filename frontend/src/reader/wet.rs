//! The wet layer: what the hand is just doing, over all that is dry.

mod pieces;

use std::rc::Rc;

use ink::{MarkKind, Nib, PageTransform, Point, Rect, Shape, Step, Stroke, StrokePoint};
use web_sys::{CanvasRenderingContext2d, HtmlElement, Path2d};

use self::pieces::Pieces;
use super::layout::{Port, matrix};
use super::marks::Placed;
use super::paths::trace;
use super::tools::{band, ink};

/// A loop's colour: the page is white in both themes.
const LOOP: &str = "#1f3a8a";

/// Longer strokes are not drawn whole at each move, in samples.
const WHOLE: usize = 300;

/// What is drawn beyond a shape's own bounds by smoothed edges, in CSS pixels.
const SOFT: f32 = 2.0;

/// What is wet over the desk.
#[derive(Debug)]
pub(crate) struct Wet {
    pieces: Pieces,
    /// Samples of the stroke that are drawn for good.
    drawn: usize,
    /// The end of the stroke, which the next samples change; in CSS pixels of the desk.
    end: Option<Rect>,
    /// All that is drawn, likewise.
    all: Option<Rect>,
}

/// Where a page lies under the layer.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Under {
    pub(crate) page: PageTransform,
    /// Its corner, in CSS pixels from the layer's.
    pub(crate) corner: (f64, f64),
    pub(crate) ratio: f64,
}

impl Under {
    /// A rectangle of the page as it lies on the desk, with its soft edges.
    fn on_desk(&self, rect: Rect) -> Rect {
        let corner = Point { x: self.corner.0 as f32, y: self.corner.1 as f32 };
        self.page.rect_to_shown(rect).shifted(corner).grown(SOFT)
    }

    /// Makes a piece that begins here be drawn in points of the page.
    fn enter(&self, context: &CanvasRenderingContext2d, (left, top): (f64, f64)) {
        let [a, b, c, d, e, f] = matrix(&self.page, self.corner.0 - left, self.corner.1 - top);
        let r = self.ratio;
        drop(context.set_transform(a * r, b * r, c * r, d * r, e * r, f * r));
    }
}

impl Wet {
    pub(crate) fn new(layer: HtmlElement) -> Self {
        Self { pieces: Pieces::new(layer), drawn: 0, end: None, all: None }
    }

    /// Fits the layer to the desk; empties it.
    pub(crate) fn begin(&mut self, port: &Port) {
        self.clear();
        self.pieces.fit(port);
    }

    pub(crate) fn clear(&mut self) {
        (self.drawn, self.end, self.all) = (0, None, None);
        self.pieces.clear();
    }

    /// Draws what covers this part of the page in place of all that was drawn before.
    fn instead(
        &mut self,
        under: &Under,
        covers: Option<Rect>,
        paint: &dyn Fn(&CanvasRenderingContext2d),
    ) {
        let now = covers.map(|rect| under.on_desk(rect));
        let before = std::mem::replace(&mut self.all, now);
        (self.drawn, self.end) = (0, None);
        self.draw(under, before, now, true, paint);
    }

    /// Draws what has been drawn as far as `samples` once more, where its end was and is now.
    fn grow(
        &mut self,
        under: &Under,
        (samples, end): (usize, &[Point]),
        wipe: bool,
        paint: &dyn Fn(&CanvasRenderingContext2d),
    ) {
        let now = around(end).map(|rect| under.on_desk(rect));
        let before = std::mem::replace(&mut self.end, now);
        self.all = union(self.all, now);
        self.drawn = samples;
        self.draw(under, before, now, wipe, paint);
    }

    fn draw(
        &mut self,
        under: &Under,
        before: Option<Rect>,
        now: Option<Rect>,
        wipe: bool,
        paint: &dyn Fn(&CanvasRenderingContext2d),
    ) {
        let Some(area) = union(before, now) else { return };
        self.pieces.draw(area, wipe, &|context, corner| {
            under.enter(context, corner);
            paint(context);
        });
    }

    /// Samples of this gesture that are drawn already. One that has fewer is another: the pen has taken
    /// over from a finger.
    fn begun(&mut self, samples: usize) -> usize {
        if samples < self.drawn {
            self.clear();
        }
        self.drawn
    }

    /// Draws the stroke as it is, and where it is likely to go next.
    pub(crate) fn stroke(
        &mut self,
        under: &Under,
        stroke: &Stroke,
        ahead: &[StrokePoint],
        width: f32,
        colour: &str,
    ) {
        let samples = stroke.points.len();
        let drawn = self.begun(samples);
        // What is drawn ahead of a long stroke would have to be wiped again.
        let ahead = if samples <= WHOLE { ahead } else { &[] };
        let mut whole = stroke.clone();
        whole.points.extend(ahead);
        let tail = ink::tail_outline(&whole, drawn, width);
        // Of a short stroke all that the change touches is drawn anew, so that edges stay smooth; to a
        // long one its end is added, once the end that was drawn ahead is wiped.
        let wipe = drawn <= WHOLE;
        let shape = wipe.then(|| ink::outline(&whole, width));
        let shape = shape.as_deref().unwrap_or(&tail);
        self.grow(under, (samples, &tail), wipe, &|context| {
            context.set_fill_style_str(colour);
            fill(context, shape);
        });
    }

    /// Draws the free highlighter's stroke; it shows the page through, and so is drawn whole.
    pub(crate) fn marker(&mut self, under: &Under, stroke: &Stroke, width: f32, colour: &str) {
        let samples = stroke.points.len();
        let tail = ink::tail_outline(stroke, self.begun(samples), width);
        let shape = ink::outline(stroke, width);
        self.grow(under, (samples, &tail), true, &|context| {
            context.set_fill_style_str(colour);
            context.set_global_alpha(0.55);
            fill(context, &shape);
        });
    }

    /// Draws a form as it is so far.
    pub(crate) fn shape(&mut self, under: &Under, shape: &Shape, colour: &str) {
        self.instead(under, Some(shape.bounds()), &|context| {
            line(context, &shape.path(), f64::from(shape.width), colour);
        });
    }

    /// Draws a loop around marks.
    pub(crate) fn lasso(&mut self, under: &Under, stroke: &Stroke) {
        let places: Vec<Point> = stroke.points.iter().map(|p| Point { x: p.x, y: p.y }).collect();
        let Some((first, rest)) = places.split_first() else { return };
        let path: Vec<_> = std::iter::once(Step::Move(*first))
            .chain(rest.iter().copied().map(Step::Line))
            .collect();
        let pixel = f64::from(1.0 / under.page.scale());
        let dash = js_sys::Array::of2(&(6.0 * pixel).into(), &(5.0 * pixel).into());
        // Dashes run from the beginning: what is drawn stays, and only the end is new.
        let new = self.begun(places.len()).saturating_sub(2);
        let tail = places.get(new..).unwrap_or_default();
        self.grow(under, (places.len(), tail), true, &|context| {
            drop(context.set_line_dash(&dash));
            line(context, &path, 2.0 * pixel, LOOP);
        });
    }

    /// Draws marks so far from where they are.
    pub(crate) fn carried(&mut self, under: &Under, marks: &[Rc<Placed>], by: Point) {
        let covers = marks.iter().map(|placed| placed.bounds.shifted(by)).reduce(Rect::union);
        self.instead(under, covers, &|context| {
            drop(context.translate(f64::from(by.x), f64::from(by.y)));
            context.set_global_alpha(0.75);
            for placed in marks {
                carry(context, placed);
            }
        });
    }

    /// Draws the bands of a passage.
    pub(crate) fn bands(&mut self, under: &Under, rects: &[Rect], colour: &str) {
        let covers = rects.iter().copied().reduce(Rect::union);
        self.instead(under, covers, &|context| {
            context.set_fill_style_str(colour);
            context.set_global_alpha(0.55);
            for rect in rects {
                fill_rect(context, rect);
            }
        });
    }

    /// Draws the frame of a text box.
    pub(crate) fn frame(&mut self, under: &Under, rect: Rect, colour: &str) {
        let pixel = 1.0 / under.page.scale();
        self.instead(under, Some(rect.grown(pixel)), &|context| {
            context.set_stroke_style_str(colour);
            context.set_line_width(f64::from(1.5 * pixel));
            let (x, y) = (f64::from(rect.x0), f64::from(rect.y0));
            context.stroke_rect(x, y, f64::from(rect.width()), f64::from(rect.height()));
        });
    }

    /// Draws the eraser.
    pub(crate) fn eraser(&mut self, under: &Under, at: Point, radius: f32) {
        let covers = Rect::from([at.x, at.y, at.x, at.y]).grown(radius);
        self.instead(under, Some(covers), &|context| {
            context.set_fill_style_str("rgba(120, 116, 106, .25)");
            context.begin_path();
            let (x, y) = (f64::from(at.x), f64::from(at.y));
            // A circle of a positive radius.
            drop(context.arc(x, y, f64::from(radius), 0.0, std::f64::consts::TAU));
            context.fill();
        });
    }
}

/// Draws a mark that is carried elsewhere.
fn carry(context: &CanvasRenderingContext2d, placed: &Placed) {
    let colour = ink(placed.mark.colour);
    match &placed.mark.kind {
        MarkKind::Ink { strokes, width, nib } => {
            let marker = *nib == Nib::Highlighter;
            context.set_fill_style_str(if marker { band(placed.mark.colour) } else { colour });
            for stroke in strokes {
                fill(context, &ink::outline(stroke, *width));
            }
        }
        MarkKind::Shape(shape) => line(context, &shape.path(), f64::from(shape.width), colour),
        MarkKind::Markup(_)
        | MarkKind::Stamp(_)
        | MarkKind::Note { .. }
        | MarkKind::Text { .. } => {
            context.set_fill_style_str(band(placed.mark.colour));
            for rect in placed.mark.kind.rects() {
                fill_rect(context, &rect);
            }
        }
    }
}

fn line(context: &CanvasRenderingContext2d, steps: &[Step], width: f64, colour: &str) {
    let Ok(path) = Path2d::new() else { return };
    trace(&path, steps);
    context.set_stroke_style_str(colour);
    context.set_line_width(width);
    context.set_line_cap("round");
    context.set_line_join("round");
    context.stroke_with_path(&path);
}

fn fill(context: &CanvasRenderingContext2d, polygon: &[Point]) {
    let Some((first, rest)) = polygon.split_first() else { return };
    context.begin_path();
    context.move_to(f64::from(first.x), f64::from(first.y));
    for point in rest {
        context.line_to(f64::from(point.x), f64::from(point.y));
    }
    context.fill();
}

fn fill_rect(context: &CanvasRenderingContext2d, rect: &Rect) {
    let (x, y) = (f64::from(rect.x0), f64::from(rect.y0));
    context.fill_rect(x, y, f64::from(rect.width()), f64::from(rect.height()));
}

/// The smallest rectangle around what there is.
fn union(a: Option<Rect>, b: Option<Rect>) -> Option<Rect> {
    a.into_iter().chain(b).reduce(Rect::union)
}

/// The rectangle around places; none around nothing.
fn around(places: &[Point]) -> Option<Rect> {
    places.iter().map(|p| Rect { x0: p.x, y0: p.y, x1: p.x, y1: p.y }).reduce(Rect::union)
}
