//! The wet canvas: what the hand is just doing, over all that is dry.

use std::rc::Rc;

use ink::{MarkKind, Nib, PageTransform, Point, Rect, Shape, Step, Stroke, StrokePoint};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, Path2d};

use super::layout::{Port, matrix};
use super::marks::Placed;
use super::paths::trace;
use super::tools::{band, ink};

/// A loop's colour: the page is white in both themes.
const LOOP: &str = "#1f3a8a";

/// Longer strokes are not drawn whole at each move, in samples.
const WHOLE: usize = 300;

/// The canvas over the desk.
#[derive(Debug)]
pub(crate) struct Wet {
    canvas: HtmlCanvasElement,
    context: CanvasRenderingContext2d,
    /// Samples of the stroke that are drawn for good.
    drawn: usize,
}

/// Where a page lies under the canvas.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Under {
    pub(crate) page: PageTransform,
    /// Its corner, in CSS pixels from the canvas's.
    pub(crate) corner: (f64, f64),
    pub(crate) ratio: f64,
}

impl Wet {
    pub(crate) fn new(canvas: HtmlCanvasElement) -> Option<Self> {
        let options = js_sys::Object::new();
        // The shortest way to the screen, where the system has one.
        drop(js_sys::Reflect::set(&options, &"desynchronized".into(), &JsValue::TRUE));
        let context = canvas.get_context_with_context_options("2d", &options).ok()??;
        let context = context.dyn_into().ok()?;
        Some(Self { canvas, context, drawn: 0 })
    }

    /// Fits the canvas to the desk; empties it.
    pub(crate) fn begin(&mut self, port: &Port) {
        let pixels = |length: f64| (length * port.ratio).round() as u32;
        let (width, height) = (pixels(port.width), pixels(port.height));
        if self.canvas.width() != width || self.canvas.height() != height {
            self.canvas.set_width(width);
            self.canvas.set_height(height);
        }
        self.clear();
    }

    pub(crate) fn clear(&mut self) {
        self.drawn = 0;
        let (width, height) = (self.canvas.width(), self.canvas.height());
        // The identity is always a transform.
        drop(self.context.set_transform(1.0, 0.0, 0.0, 1.0, 0.0, 0.0));
        self.context.clear_rect(0.0, 0.0, f64::from(width), f64::from(height));
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
        if stroke.points.len() <= WHOLE {
            self.clear();
            self.enter(under, colour);
            let mut whole = stroke.clone();
            whole.points.extend(ahead);
            self.fill(&ink::outline(&whole, width));
        } else {
            // What was drawn ahead last is wiped once; then only the end is added.
            if self.drawn < WHOLE {
                self.clear();
            }
            self.enter(under, colour);
            self.fill(&ink::tail_outline(stroke, self.drawn, width));
        }
        self.drawn = stroke.points.len();
    }

    /// Draws the free highlighter's stroke; it shows the page through, and so is drawn whole.
    pub(crate) fn marker(&mut self, under: &Under, stroke: &Stroke, width: f32, colour: &str) {
        self.clear();
        self.enter(under, colour);
        self.context.set_global_alpha(0.55);
        self.fill(&ink::outline(stroke, width));
        self.context.set_global_alpha(1.0);
    }

    /// Draws a form as it is so far.
    pub(crate) fn shape(&mut self, under: &Under, shape: &Shape, colour: &str) {
        self.clear();
        self.enter(under, colour);
        self.line(&shape.path(), f64::from(shape.width), colour);
    }

    /// Draws a loop around marks.
    pub(crate) fn lasso(&mut self, under: &Under, stroke: &Stroke) {
        self.clear();
        self.enter(under, LOOP);
        let mut steps = stroke.points.iter().map(|p| Point { x: p.x, y: p.y });
        let Some(first) = steps.next() else { return };
        let path: Vec<_> =
            std::iter::once(Step::Move(first)).chain(steps.map(Step::Line)).collect();
        let pixel = f64::from(1.0 / under.page.scale());
        let dash = js_sys::Array::of2(&(6.0 * pixel).into(), &(5.0 * pixel).into());
        drop(self.context.set_line_dash(&dash));
        self.line(&path, 2.0 * pixel, LOOP);
        drop(self.context.set_line_dash(&js_sys::Array::new()));
    }

    /// Draws marks so far from where they are.
    pub(crate) fn carried(&mut self, under: &Under, marks: &[Rc<Placed>], by: Point) {
        self.clear();
        self.enter(under, LOOP);
        drop(self.context.translate(f64::from(by.x), f64::from(by.y)));
        self.context.set_global_alpha(0.75);
        for placed in marks {
            let colour = ink(placed.mark.colour);
            match &placed.mark.kind {
                MarkKind::Ink { strokes, width, nib } => {
                    let marker = *nib == Nib::Highlighter;
                    let colour = if marker { band(placed.mark.colour) } else { colour };
                    self.context.set_fill_style_str(colour);
                    for stroke in strokes {
                        self.fill(&ink::outline(stroke, *width));
                    }
                }
                MarkKind::Shape(shape) => {
                    self.line(&shape.path(), f64::from(shape.width), colour);
                }
                MarkKind::Markup(_)
                | MarkKind::Stamp(_)
                | MarkKind::Note { .. }
                | MarkKind::Text { .. } => {
                    self.context.set_fill_style_str(band(placed.mark.colour));
                    for rect in placed.mark.kind.rects() {
                        let (x, y) = (f64::from(rect.x0), f64::from(rect.y0));
                        let (width, height) = (rect.width(), rect.height());
                        self.context.fill_rect(x, y, width.into(), height.into());
                    }
                }
            }
        }
        self.context.set_global_alpha(1.0);
    }

    fn line(&self, steps: &[Step], width: f64, colour: &str) {
        let Ok(path) = Path2d::new() else { return };
        trace(&path, steps);
        self.context.set_stroke_style_str(colour);
        self.context.set_line_width(width);
        self.context.set_line_cap("round");
        self.context.set_line_join("round");
        self.context.stroke_with_path(&path);
    }

    /// Draws the bands of a passage.
    pub(crate) fn bands(&mut self, under: &Under, rects: &[Rect], colour: &str) {
        self.clear();
        self.enter(under, colour);
        self.context.set_global_alpha(0.55);
        for rect in rects {
            let (x, y) = (f64::from(rect.x0), f64::from(rect.y0));
            self.context.fill_rect(x, y, f64::from(rect.width()), f64::from(rect.height()));
        }
        self.context.set_global_alpha(1.0);
    }

    /// Draws the frame of a text box.
    pub(crate) fn frame(&mut self, under: &Under, rect: Rect, colour: &str) {
        self.clear();
        self.enter(under, colour);
        self.context.set_stroke_style_str(colour);
        self.context.set_line_width(f64::from(1.5 / under.page.scale()));
        let (x, y) = (f64::from(rect.x0), f64::from(rect.y0));
        self.context.stroke_rect(x, y, f64::from(rect.width()), f64::from(rect.height()));
    }

    /// Draws the eraser.
    pub(crate) fn eraser(&mut self, under: &Under, at: Point, radius: f32) {
        self.clear();
        self.enter(under, "rgba(120, 116, 106, .25)");
        self.context.begin_path();
        let (x, y) = (f64::from(at.x), f64::from(at.y));
        // A circle of a positive radius.
        drop(self.context.arc(x, y, f64::from(radius), 0.0, std::f64::consts::TAU));
        self.context.fill();
    }

    fn enter(&self, under: &Under, colour: &str) {
        let [a, b, c, d, e, f] = matrix(&under.page, under.corner.0, under.corner.1);
        let r = under.ratio;
        drop(self.context.set_transform(a * r, b * r, c * r, d * r, e * r, f * r));
        self.context.set_fill_style_str(colour);
    }

    fn fill(&self, polygon: &[Point]) {
        let Some((first, rest)) = polygon.split_first() else { return };
        self.context.begin_path();
        self.context.move_to(f64::from(first.x), f64::from(first.y));
        for point in rest {
            self.context.line_to(f64::from(point.x), f64::from(point.y));
        }
        self.context.fill();
    }
}
