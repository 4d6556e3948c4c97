//! A note as a standard annotation.

use ink::{Form, Mark, MarkKind, MarkupStyle, Nib, Rect, Shape, Sign};
use jiff::Timestamp;
use lopdf::{Dictionary, Object, ObjectId, dictionary, text_string};

use super::appearance::{TEXT_SIZE, Upright, is_highlight, rgb};
use super::rectangle;

/// To be printed.
const PRINT: i64 = 4;

/// Its dictionary, but for the popup.
pub(super) fn annotation(
    mark: &Mark,
    author: &str,
    page: ObjectId,
    bounds: Rect,
    appearance: ObjectId,
    upright: Upright,
) -> Dictionary {
    let colour = rgb(mark.colour, is_highlight(mark));
    let mut annotation = dictionary! {
        "Type" => "Annot",
        "Subtype" => subtype(&mark.kind),
        "Rect" => rectangle(bounds),
        "P" => page,
        "NM" => text_string(&mark.id.to_string()),
        "T" => text_string(author),
        "Contents" => text_string(&contents(mark)),
        "C" => Object::Array(colour.map(Object::Real).to_vec()),
        "CA" => Object::Real(opacity(mark)),
        "F" => PRINT,
        "AP" => dictionary! { "N" => appearance },
    };
    if let Some(when) = date(mark.modified_ms) {
        annotation.set("M", when);
    }
    if let Some(when) = date(mark.created_ms) {
        annotation.set("CreationDate", when);
    }
    match &mark.kind {
        MarkKind::Markup(markup) => {
            let quads = markup
                .rects
                .iter()
                .flat_map(|rect| upright.corners(*rect))
                .flat_map(|corner| [corner.x, corner.y])
                .map(Object::Real)
                .collect();
            annotation.set("QuadPoints", Object::Array(quads));
        }
        MarkKind::Ink { strokes, width, .. } => {
            let lists = strokes
                .iter()
                .map(|stroke| {
                    let points = stroke.points.iter().flat_map(|p| [p.x, p.y]);
                    Object::Array(points.map(Object::Real).collect())
                })
                .collect();
            annotation.set("InkList", Object::Array(lists));
            annotation.set("BS", dictionary! { "W" => Object::Real(*width), "S" => "S" });
        }
        MarkKind::Shape(shape) => {
            annotation.set("BS", dictionary! { "W" => Object::Real(shape.width), "S" => "S" });
            shaped(&mut annotation, shape, bounds);
        }
        MarkKind::Stamp(stamp) => annotation.set("Name", stamp_name(stamp.sign)),
        MarkKind::Note { .. } => {
            annotation.set("Name", "Comment");
            annotation.set("Open", false);
        }
        MarkKind::Text { .. } => {
            let [r, g, b] = colour;
            let appearance = format!("{r:.3} {g:.3} {b:.3} rg /Helv {TEXT_SIZE} Tf");
            annotation.set("DA", Object::string_literal(appearance));
            annotation.set("BS", dictionary! { "W" => 0 });
            // In a text box C is the colour of its paper, which stays clear.
            annotation.remove(b"C");
        }
    }
    annotation
}

/// How much a reader that draws anew lets through: a highlighter's stroke must not hide its words.
fn opacity(mark: &Mark) -> f32 {
    match mark.kind {
        MarkKind::Ink { nib: Nib::Highlighter, .. } => 0.5,
        MarkKind::Ink { nib: Nib::Pen, .. }
        | MarkKind::Markup(_)
        | MarkKind::Shape(_)
        | MarkKind::Stamp(_)
        | MarkKind::Note { .. }
        | MarkKind::Text { .. } => 1.0,
    }
}

/// What tells a form's place within its rectangle.
fn shaped(annotation: &mut Dictionary, shape: &Shape, bounds: Rect) {
    let Shape { form, from, to, width } = *shape;
    match form {
        Form::Line | Form::Arrow => {
            let ends = [from.x, from.y, to.x, to.y].map(Object::Real).to_vec();
            annotation.set("L", Object::Array(ends));
            let head = if form == Form::Arrow { "OpenArrow" } else { "None" };
            annotation.set("LE", Object::Array(vec!["None".into(), head.into()]));
        }
        Form::Rectangle | Form::Ellipse => {
            // Readers that draw anew put the line's outer edge there.
            let inner = shape.frame().grown(width / 2.0);
            let apart = [
                inner.x0 - bounds.x0,
                inner.y0 - bounds.y0,
                bounds.x1 - inner.x1,
                bounds.y1 - inner.y1,
            ];
            let apart = apart.map(|length| Object::Real(length.max(0.0))).to_vec();
            annotation.set("RD", Object::Array(apart));
        }
    }
}

/// The nearest of the names that every reader knows.
pub(crate) const fn stamp_name(sign: Sign) -> &'static str {
    match sign {
        Sign::Question => "ForComment",
        Sign::Agree => "Approved",
        Sign::Disagree => "NotApproved",
        Sign::Raise => "ForPublicRelease",
    }
}

/// The window in which readers show a sticky note's text.
pub(super) fn popup(parent: ObjectId, page: ObjectId, beside: Rect) -> Dictionary {
    let rect = Rect { x0: beside.x1, y0: beside.y1 - 120.0, x1: beside.x1 + 200.0, y1: beside.y1 };
    dictionary! {
        "Type" => "Annot",
        "Subtype" => "Popup",
        "Rect" => rectangle(rect),
        "P" => page,
        "Parent" => parent,
        "F" => PRINT,
        "Open" => false,
    }
}

/// What was written, else the words that are marked: readers list annotations by it.
fn contents(mark: &Mark) -> String {
    match &mark.kind {
        MarkKind::Markup(_) if mark.text.is_empty() => mark.kind.words().into_owned(),
        MarkKind::Stamp(stamp) if mark.text.is_empty() => stamp.word.clone(),
        MarkKind::Stamp(stamp) => format!("{} : {}", stamp.word, mark.text),
        MarkKind::Markup(_)
        | MarkKind::Ink { .. }
        | MarkKind::Shape(_)
        | MarkKind::Note { .. }
        | MarkKind::Text { .. } => mark.text.clone(),
    }
}

const fn subtype(kind: &MarkKind) -> &'static str {
    match kind {
        MarkKind::Markup(markup) => match markup.style {
            MarkupStyle::Highlight => "Highlight",
            MarkupStyle::Underline => "Underline",
            MarkupStyle::Strikeout => "StrikeOut",
        },
        MarkKind::Ink { .. } => "Ink",
        MarkKind::Shape(shape) => match shape.form {
            Form::Line | Form::Arrow => "Line",
            Form::Rectangle => "Square",
            Form::Ellipse => "Circle",
        },
        MarkKind::Stamp(_) => "Stamp",
        MarkKind::Note { .. } => "Text",
        MarkKind::Text { .. } => "FreeText",
    }
}

fn date(ms: i64) -> Option<Object> {
    let when = Timestamp::from_millisecond(ms).ok()?;
    Some(Object::string_literal(when.strftime("D:%Y%m%d%H%M%SZ").to_string()))
}
