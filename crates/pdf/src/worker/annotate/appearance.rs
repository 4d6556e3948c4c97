//! How a note looks: a form that draws it in the page's user space. Readers that would draw an
//! annotation by themselves do it differently from each other, and some not at all.

use std::fmt::Write;

use ink::{Colour, Mark, MarkKind, Markup, MarkupStyle, Nib, Point, Rect, Stamp, Step};
use lopdf::{Dictionary, IncrementalDocument, Object, ObjectId, Stream, dictionary};

use super::{Shared, rectangle};
use crate::typeset::{self, LEADING, shown, wrap};

/// Letters of a text box, in points.
pub(super) const TEXT_SIZE: f32 = ink::mark::TEXT_SIZE;
/// Space between a text box's frame and its letters, in points.
const MARGIN: f32 = 3.0;

/// The directions of the page as it is shown, in user space.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Upright {
    right: (f32, f32),
    up: (f32, f32),
}

impl Upright {
    /// For a page turned clockwise by so many degrees.
    pub(super) fn of(rotation: i64) -> Self {
        match rotation.rem_euclid(360) {
            90 => Self { right: (0.0, 1.0), up: (-1.0, 0.0) },
            180 => Self { right: (-1.0, 0.0), up: (0.0, -1.0) },
            270 => Self { right: (0.0, -1.0), up: (1.0, 0.0) },
            _ => Self { right: (1.0, 0.0), up: (0.0, 1.0) },
        }
    }

    /// Top left, top right, bottom left, bottom right of a rectangle as it is shown: the order of
    /// `QuadPoints` that readers have agreed on, against the letter of the standard.
    pub(super) fn corners(self, rect: Rect) -> [Point; 4] {
        [(0.0, 1.0), (1.0, 1.0), (0.0, 0.0), (1.0, 0.0)].map(|(x, y)| self.place(rect, x, y))
    }

    /// The place at these shares of the shown width and height, from the bottom left.
    fn place(self, rect: Rect, x: f32, y: f32) -> Point {
        let middle = ((rect.x0 + rect.x1) / 2.0, (rect.y0 + rect.y1) / 2.0);
        let (x, y) = ((x - 0.5) * self.width(rect), (y - 0.5) * self.height(rect));
        Point {
            x: middle.0 + self.right.0 * x + self.up.0 * y,
            y: middle.1 + self.right.1 * x + self.up.1 * y,
        }
    }

    fn width(self, rect: Rect) -> f32 {
        if self.right.0 == 0.0 { rect.height() } else { rect.width() }
    }

    fn height(self, rect: Rect) -> f32 {
        if self.right.0 == 0.0 { rect.width() } else { rect.height() }
    }
}

/// Red, green and blue from 0 to 1: of the pen, or of the highlighter's ink.
pub(super) fn rgb(colour: Colour, highlighter: bool) -> [f32; 3] {
    let parts = if highlighter { colour.band() } else { colour.ink() };
    parts.map(|part| f32::from(part) / 255.0)
}

/// Whether the mark is drawn with the highlighter's ink.
pub(super) fn is_highlight(mark: &Mark) -> bool {
    matches!(
        &mark.kind,
        MarkKind::Markup(Markup { style: MarkupStyle::Highlight, .. })
            | MarkKind::Ink { nib: Nib::Highlighter, .. }
    )
}

/// Adds the form that draws the mark.
pub(super) fn form(
    update: &mut IncrementalDocument,
    mark: &Mark,
    bounds: Rect,
    upright: Upright,
    shared: &mut Shared,
) -> ObjectId {
    let mut resources = Dictionary::new();
    let mut content = String::new();
    let [r, g, b] = rgb(mark.colour, is_highlight(mark));
    line(&mut content, format_args!("{r:.3} {g:.3} {b:.3} rg {r:.3} {g:.3} {b:.3} RG"));
    if is_highlight(mark) {
        let over = dictionary! { "Type" => "ExtGState", "BM" => "Multiply" };
        resources.set("ExtGState", dictionary! { "Over" => over });
        line(&mut content, format_args!("/Over gs"));
    }
    match &mark.kind {
        MarkKind::Markup(markup) => {
            for rect in &markup.rects {
                self::markup(&mut content, markup.style, *rect, upright);
            }
        }
        MarkKind::Ink { strokes, width, .. } => {
            for stroke in strokes {
                polygon(&mut content, &ink::outline(stroke, *width));
            }
        }
        MarkKind::Shape(shape) => drawn(&mut content, &shape.path(), shape.width),
        MarkKind::Stamp(stamp) => {
            let font = Object::Reference(shared.bold(update));
            resources.set("Font", dictionary! { "HeBo" => font });
            self::stamp(&mut content, stamp, upright);
        }
        MarkKind::Note { .. } => icon(&mut content, bounds, upright),
        MarkKind::Text { rect } => {
            let font = Object::Reference(shared.font(update));
            resources.set("Font", dictionary! { "Helv" => font });
            text(&mut content, &mark.text, *rect, upright);
        }
    }
    let form = dictionary! {
        "Type" => "XObject",
        "Subtype" => "Form",
        "BBox" => rectangle(bounds),
        "Resources" => resources,
        // Highlights mix with the page below, not with an empty sheet.
        "Group" => dictionary! { "S" => "Transparency" },
    };
    let mut stream = Stream::new(form, content.into_bytes());
    // A stream that cannot be compressed is written as it is.
    drop(stream.compress());
    update.new_document.add_object(stream)
}

fn markup(content: &mut String, style: MarkupStyle, rect: Rect, upright: Upright) {
    let thickness = (upright.height(rect) * 0.07).clamp(0.5, 3.0);
    let stroke = |content: &mut String, share: f32| {
        let (a, b) = (upright.place(rect, 0.0, share), upright.place(rect, 1.0, share));
        let (ax, ay, bx, by) = (a.x, a.y, b.x, b.y);
        line(content, format_args!("{thickness:.2} w {ax:.2} {ay:.2} m {bx:.2} {by:.2} l S"));
    };
    match style {
        MarkupStyle::Highlight => {
            let (x, y, w, h) = (rect.x0, rect.y0, rect.width(), rect.height());
            line(content, format_args!("{x:.2} {y:.2} {w:.2} {h:.2} re f"));
        }
        MarkupStyle::Underline => stroke(content, 0.08),
        MarkupStyle::Strikeout => stroke(content, 0.45),
    }
}

/// A filled polygon.
pub(crate) fn polygon(content: &mut String, points: &[Point]) {
    for (index, point) in points.iter().enumerate() {
        let (x, y, step) = (point.x, point.y, if index == 0 { 'm' } else { 'l' });
        line(content, format_args!("{x:.2} {y:.2} {step}"));
    }
    if !points.is_empty() {
        line(content, format_args!("h f"));
    }
}

/// A path drawn with a line whose ends and corners are round.
pub(crate) fn drawn(content: &mut String, path: &[Step], width: f32) {
    line(content, format_args!("{width:.2} w 1 J 1 j"));
    for step in path {
        match step {
            Step::Move(p) => line(content, format_args!("{:.2} {:.2} m", p.x, p.y)),
            Step::Line(p) => line(content, format_args!("{:.2} {:.2} l", p.x, p.y)),
            Step::Curve(a, b, p) => line(
                content,
                format_args!("{:.2} {:.2} {:.2} {:.2} {:.2} {:.2} c", a.x, a.y, b.x, b.y, p.x, p.y),
            ),
            Step::Close => line(content, format_args!("h")),
        }
    }
    line(content, format_args!("S"));
}

/// A framed sign with its word, upright as the page is shown.
fn stamp(content: &mut String, stamp: &Stamp, upright: Upright) {
    let rect = stamp.rect;
    let (right, up) = (upright.right, upright.up);
    let (width, height) = (upright.width(rect), upright.height(rect));
    let corner = upright.place(rect, 0.0, 0.0);
    // From here on the origin is the stamp's lower left corner as it is shown.
    let (a, b, c, d) = (right.0, right.1, up.0, up.1);
    line(content, format_args!("q {a} {b} {c} {d} {:.2} {:.2} cm", corner.x, corner.y));
    let edge = ink::stamp::LINE / 2.0;
    let (w, h) = (width - 2.0 * edge, height - 2.0 * edge);
    line(content, format_args!("q 1 g {edge:.2} {edge:.2} {w:.2} {h:.2} re f Q"));
    line(content, format_args!("{:.2} w {edge:.2} {edge:.2} {w:.2} {h:.2} re S", 2.0 * edge));
    drawn(content, &ink::stamp::lines(stamp.sign, height), ink::stamp::LINE);
    let room = (width - height - 6.0).max(1.0);
    let size = ink::stamp::LETTERS.min(room / typeset::width(&stamp.word, 1.0).max(0.01) / 1.06);
    let base = (height - size * 0.72) / 2.0;
    let words = shown(&stamp.word);
    line(content, format_args!("BT /HeBo {size:.2} Tf {height:.2} {base:.2} Td {words} Tj ET Q"));
}

/// A small sheet with three lines.
fn icon(content: &mut String, rect: Rect, upright: Upright) {
    let (x, y, w, h) = (rect.x0 + 1.0, rect.y0 + 1.0, rect.width() - 2.0, rect.height() - 2.0);
    line(content, format_args!("q 1 w 0.2 G {x:.2} {y:.2} {w:.2} {h:.2} re B"));
    for (share, end) in [(0.72, 0.8), (0.5, 0.8), (0.28, 0.55)] {
        let (a, b) = (upright.place(rect, 0.2, share), upright.place(rect, end, share));
        let (ax, ay, bx, by) = (a.x, a.y, b.x, b.y);
        line(content, format_args!("{ax:.2} {ay:.2} m {bx:.2} {by:.2} l S"));
    }
    line(content, format_args!("Q"));
}

/// The frame of a text box, grown down as the page is shown until all its words fit.
pub(super) fn fitted(rect: Rect, written: &str, upright: Upright) -> Rect {
    let room = (upright.width(rect) - 2.0 * MARGIN).max(TEXT_SIZE);
    let lines = u16::try_from(wrap(written, TEXT_SIZE, room).len()).unwrap_or(u16::MAX);
    let high = f32::from(lines) * TEXT_SIZE * LEADING + 2.0 * MARGIN;
    let lack = (high - upright.height(rect)).max(0.0);
    let (x, y) = upright.up;
    rect.union(rect.shifted(Point { x: -x * lack, y: -y * lack }))
}

/// Lines of text from the top of a box, upright as the page is shown.
fn text(content: &mut String, written: &str, rect: Rect, upright: Upright) {
    let (right, up) = (upright.right, upright.up);
    let top = upright.place(rect, 0.0, 1.0);
    let down = MARGIN + TEXT_SIZE;
    let x = top.x + right.0 * MARGIN - up.0 * down;
    let y = top.y + right.1 * MARGIN - up.1 * down;
    let (a, b, c, d) = (right.0, right.1, up.0, up.1);
    let leading = TEXT_SIZE * LEADING;
    line(content, format_args!("BT /Helv {TEXT_SIZE} Tf {leading:.2} TL"));
    line(content, format_args!("{a} {b} {c} {d} {x:.2} {y:.2} Tm"));
    for words in wrap(written, TEXT_SIZE, (upright.width(rect) - 2.0 * MARGIN).max(TEXT_SIZE)) {
        line(content, format_args!("{} Tj T*", shown(&words)));
    }
    line(content, format_args!("ET"));
}

pub(crate) fn line(content: &mut String, words: std::fmt::Arguments<'_>) {
    // Writing to a string cannot fail.
    writeln!(content, "{words}").unwrap_or_default();
}
