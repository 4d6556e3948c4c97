//! What the pen says comes true, and what it is doing is drawn.

use gloo_timers::callback::Timeout;
use ink::{
    MarkKind, PenAction, PenEvent, PenOutcome, Point, Rect, Shape, Stamp, StrokePoint, Tool,
};

use super::{HELD, HOLD_MS, Hands};
use crate::dom;
use crate::reader::acts::selection;
use crate::reader::layout::upright;
use crate::reader::state::{Caught, Move};
use crate::reader::tools::{Variant, band, ink};

/// Width and height of a text box that a tap makes, in points.
const TEXT_BOX: (f32, f32) = (200.0, 40.0);

impl Hands {
    /// What the pen says happens.
    pub(super) fn comes_true(&mut self, outcome: PenOutcome) {
        if outcome.redraw {
            self.draw(&[]);
        }
        let Some(action) = outcome.action else { return };
        let page = self.page;
        match action {
            PenAction::Stroke { stroke, marker } => {
                let variant = if marker { Variant::Free } else { Variant::Pen };
                let width = self.acts.now().kit.points(variant);
                let nib = if marker { ink::Nib::Highlighter } else { ink::Nib::Pen };
                self.makes(MarkKind::Ink { strokes: vec![stroke], width, nib });
            }
            PenAction::Shape { form, from, to } => {
                let width = self.acts.now().kit.points(Variant::Shape(form));
                self.makes(MarkKind::Shape(Shape { form, from, to, width }));
            }
            PenAction::Lasso(around) => {
                let ids = self.acts.now().marks.page(page).caught(&around).into();
                self.acts.desk.dispatch(Move::Catch(Some(Caught { page, ids })));
                if self.acts.now().caught.is_none() {
                    self.acts.say("said-nothing-caught");
                } else {
                    // The pen's button may have drawn the loop with another tool in hand.
                    self.acts.desk.dispatch(Move::Tool(Tool::Lasso));
                }
            }
            PenAction::Highlight { from, to } => self.acts.highlight(page, from, to),
            PenAction::Erase { path, last } => {
                let radius = self.eraser_radius();
                self.acts.erase(page, &path, radius, last);
            }
            PenAction::Note(at) => self.acts.write(page, MarkKind::Note { at }),
            PenAction::Stamp(at) => self.stamps(at),
            PenAction::Text(rect) => {
                let rect = self.text_frame(rect);
                self.acts.write(page, MarkKind::Text { rect });
            }
            PenAction::Cancelled => {}
        }
    }

    fn makes(&self, kind: MarkKind) {
        let mark = self.acts.new_mark(self.page, kind);
        self.acts.add(mark);
    }

    /// A stamp whose middle is here, upright as the page is shown.
    fn stamps(&self, at: Point) {
        let desk = self.acts.now();
        let Variant::Stamp(sign) = desk.kit.in_hand(Tool::Stamp) else { return };
        let Some(size) = desk.size(self.page) else { return };
        let word = self.acts.words().sign(sign);
        let (length, height) = (ink::stamp::length(&word), ink::stamp::HEIGHT);
        let rect = upright(size, at, (-length / 2.0, -height / 2.0), (length, height));
        self.makes(MarkKind::Stamp(Stamp { sign, word, rect }));
    }

    /// A text box of a tap is given a size to write in.
    fn text_frame(&self, rect: Rect) -> Rect {
        let desk = self.acts.now();
        let Some(size) = desk.size(self.page) else { return rect };
        if rect.width() >= 40.0 && rect.height() >= 14.0 {
            return rect;
        }
        let at = Point { x: rect.x0, y: rect.y1 };
        upright(size, at, (0.0, -TEXT_BOX.1 / 2.0), TEXT_BOX)
    }

    /// The pen that draws is here: when it holds still, what it has drawn is straightened.
    pub(super) fn hold(&mut self, at: (f64, f64)) {
        if self.pen.in_use() != Tool::Pen || self.pen.wet().is_none() {
            self.held = None;
            return;
        }
        if let Some((since, _)) = &self.held
            && (at.0 - since.0).hypot(at.1 - since.1) < HELD
        {
            return;
        }
        let me = self.me.clone();
        let timer = Timeout::new(HOLD_MS, move || {
            let Some(hands) = me.upgrade() else { return };
            let mut hands = hands.borrow_mut();
            let width = hands.acts.now().kit.points(Variant::Pen);
            let outcome = hands.pen.handle(dom::now_ms(), PenEvent::Rest { width });
            hands.comes_true(outcome);
        });
        self.held = Some((at, timer));
    }

    /// Draws what the hand is doing.
    pub(super) fn draw(&mut self, ahead: &[StrokePoint]) {
        let Some(under) = self.under else { return };
        let desk = self.acts.now();
        let tool = self.pen.in_use();
        // A stroke that became a form is still the pen's.
        let variant = if let Tool::Shape(form) = tool {
            Variant::Shape(form)
        } else {
            desk.kit.in_hand(tool)
        };
        let colour = desk.kit.colour(variant);
        if let Some(stroke) = self.pen.wet() {
            match tool {
                Tool::Lasso => self.wet.lasso(&under, stroke),
                Tool::Marker => {
                    self.wet.marker(&under, stroke, desk.kit.points(variant), band(colour));
                }
                Tool::Hand
                | Tool::Highlighter
                | Tool::Pen
                | Tool::Shape(_)
                | Tool::Note
                | Tool::Stamp
                | Tool::Text
                | Tool::Eraser => {
                    self.wet.stroke(&under, stroke, ahead, desk.kit.points(variant), ink(colour));
                }
            }
        } else if let Some((from, to)) = self.pen.span() {
            match tool {
                Tool::Highlighter => {
                    let text = desk.texts.get(&self.page);
                    let found = text.and_then(|text| selection(text, from, to));
                    let bare = text.is_some_and(|text| text.lines.is_empty());
                    let rects = match found {
                        Some(selection) => selection.rects,
                        None if bare => vec![Rect::from([from.x, from.y - 7.0, to.x, to.y + 7.0])],
                        None => Vec::new(),
                    };
                    self.wet.bands(&under, &rects, band(colour));
                }
                Tool::Shape(form) => {
                    let shape = Shape { form, from, to, width: desk.kit.points(variant) };
                    self.wet.shape(&under, &shape, ink(colour));
                }
                Tool::Hand
                | Tool::Lasso
                | Tool::Marker
                | Tool::Pen
                | Tool::Note
                | Tool::Stamp
                | Tool::Text
                | Tool::Eraser => {
                    let frame = Rect::from([from.x, from.y, to.x, to.y]);
                    self.wet.frame(&under, frame, ink(colour));
                }
            }
        } else if let Some(at) = self.pen.eraser() {
            let radius = self.eraser_radius();
            self.wet.eraser(&under, at, radius);
        } else {
            self.wet.clear();
        }
    }
}
