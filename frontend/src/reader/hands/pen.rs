//! What the pen says comes true, and what it is doing is drawn.

use ink::{PenAction, PenOutcome, Rect, StrokePoint, Tool};

use super::Hands;
use crate::reader::acts::selection;
use crate::reader::tools::{band, ink};

impl Hands {
    /// What the pen says happens.
    pub(super) fn comes_true(&mut self, outcome: PenOutcome) {
        if outcome.redraw {
            self.draw(&[]);
        }
        let Some(action) = outcome.action else { return };
        let page = self.page;
        match action {
            PenAction::Stroke(stroke) => {
                let width = self.acts.now().kit.points();
                let kind = ink::MarkKind::Ink { strokes: vec![stroke], width };
                let mark = self.acts.new_mark(page, kind);
                self.acts.add(mark);
            }
            PenAction::Highlight { from, to } => self.acts.highlight(page, from, to),
            PenAction::Erase { path, last } => {
                let radius = self.eraser_radius();
                self.acts.erase(page, &path, radius, last);
            }
            PenAction::Note(at) => self.acts.write(page, ink::MarkKind::Note { at }),
            PenAction::Text(rect) => {
                let kind = ink::MarkKind::Text { rect: text_frame(rect) };
                self.acts.write(page, kind);
            }
            PenAction::Cancelled => {}
        }
    }

    /// Draws what the hand is doing.
    pub(super) fn draw(&mut self, ahead: &[StrokePoint]) {
        let Some(under) = self.under else { return };
        let desk = self.acts.now();
        let colour = desk.kit.colour(desk.tool);
        if let Some(stroke) = self.pen.wet() {
            self.wet.stroke(&under, stroke, ahead, desk.kit.points(), ink(colour));
        } else if let Some((from, to)) = self.pen.span() {
            if desk.tool == Tool::Highlighter {
                let text = desk.texts.get(&self.page);
                let found = text.and_then(|text| selection(text, from, to));
                let bare = text.is_some_and(|text| text.lines.is_empty());
                let rects = match found {
                    Some(selection) => selection.rects,
                    None if bare => vec![Rect::from([from.x, from.y - 7.0, to.x, to.y + 7.0])],
                    None => Vec::new(),
                };
                self.wet.bands(&under, &rects, band(colour));
            } else {
                self.wet.frame(&under, Rect::from([from.x, from.y, to.x, to.y]), ink(colour));
            }
        } else if let Some(at) = self.pen.eraser() {
            let radius = self.eraser_radius();
            self.wet.eraser(&under, at, radius);
        } else {
            self.wet.clear();
        }
    }
}

/// A text box of a tap is given a size to write in.
fn text_frame(rect: Rect) -> Rect {
    let Rect { x0, y1, .. } = rect;
    if rect.width() < 40.0 || rect.height() < 14.0 {
        Rect { x0, y0: y1 - 48.0, x1: x0 + 200.0, y1 }
    } else {
        rect
    }
}
