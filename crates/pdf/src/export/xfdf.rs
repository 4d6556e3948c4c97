//! The notes as XFDF (ISO 19444-1), for programs that put them on their own copy of the paper.

use std::fmt::Write;

use ink::{Form, Mark, MarkKind, MarkupStyle, Point, Rect, Shape, Sign};
use jiff::Timestamp;

use crate::worker::{bounds, stamp_name};

/// The file's text.
pub(super) fn xfdf(title: &str, marks: &[(Mark, String)]) -> String {
    let mut out = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <xfdf xmlns=\"http://ns.adobe.com/xfdf/\" xml:space=\"preserve\">\n<annots>\n",
    );
    for (mark, author) in marks {
        annotation(&mut out, mark, author);
    }
    put(&mut out, format_args!("</annots>\n<f href=\"{}.pdf\"/>\n</xfdf>\n", escaped(title)));
    out
}

fn annotation(out: &mut String, mark: &Mark, author: &str) {
    let element = element(&mark.kind);
    let bounds = bounds(mark);
    let Rect { x0, y0, x1, y1 } = bounds;
    let marker = matches!(&mark.kind, MarkKind::Ink { nib: ink::Nib::Highlighter, .. });
    let band = marker || element == "highlight";
    let [r, g, b] = if band { mark.colour.band() } else { mark.colour.ink() };
    put(
        out,
        format_args!(
            "<{element} page=\"{}\" rect=\"{x0:.3},{y0:.3},{x1:.3},{y1:.3}\" \
             color=\"#{r:02X}{g:02X}{b:02X}\" opacity=\"{}\" flags=\"print\" name=\"{}\" title=\"{}\"",
            mark.page.saturating_sub(1),
            if marker { "0.5" } else { "1" },
            mark.id,
            escaped(author),
        ),
    );
    for (name, when) in [("date", mark.modified_ms), ("creationdate", mark.created_ms)] {
        if let Some(when) = date(when) {
            put(out, format_args!(" {name}=\"{when}\""));
        }
    }
    if let Some(answered) = mark.in_reply_to {
        put(out, format_args!(" inreplyto=\"{answered}\" replyType=\"reply\""));
    }
    own(out, mark, bounds);
    out.push('>');
    let words = match &mark.kind {
        MarkKind::Stamp(stamp) if mark.text.is_empty() => stamp.word.clone(),
        MarkKind::Stamp(stamp) => format!("{} : {}", stamp.word, mark.text),
        MarkKind::Markup(_) if mark.text.is_empty() => mark.kind.words().into_owned(),
        MarkKind::Markup(_)
        | MarkKind::Ink { .. }
        | MarkKind::Shape(_)
        | MarkKind::Note { .. }
        | MarkKind::Text { .. } => mark.text.clone(),
    };
    if let MarkKind::Ink { strokes, .. } = &mark.kind {
        out.push_str("<inklist>");
        for stroke in strokes {
            let places: Vec<String> =
                stroke.points.iter().map(|p| format!("{:.2},{:.2}", p.x, p.y)).collect();
            put(out, format_args!("<gesture>{}</gesture>", places.join(";")));
        }
        out.push_str("</inklist>");
    }
    if matches!(mark.kind, MarkKind::Text { .. }) {
        let [r, g, b] = mark.colour.ink().map(|part| f32::from(part) / 255.0);
        let size = ink::mark::TEXT_SIZE;
        put(
            out,
            format_args!(
                "<defaultappearance>{r:.3} {g:.3} {b:.3} rg /Helv {size} Tf</defaultappearance>"
            ),
        );
    }
    put(out, format_args!("<contents>{}</contents></{element}>\n", escaped(&words)));
}

/// Attributes that only some kinds have.
fn own(out: &mut String, mark: &Mark, bounds: Rect) {
    match &mark.kind {
        MarkKind::Markup(markup) => {
            let corner = |rect: &Rect| {
                let Rect { x0, y0, x1, y1 } = *rect;
                format!("{x0:.3},{y1:.3},{x1:.3},{y1:.3},{x0:.3},{y0:.3},{x1:.3},{y0:.3}")
            };
            let corners: Vec<String> = markup.rects.iter().map(corner).collect();
            put(out, format_args!(" coords=\"{}\"", corners.join(",")));
        }
        MarkKind::Ink { width, .. } => put(out, format_args!(" width=\"{width}\"")),
        MarkKind::Shape(shape) => shaped(out, shape, bounds),
        MarkKind::Stamp(stamp) => put(out, format_args!(" icon=\"{}\"", icon(stamp.sign))),
        MarkKind::Note { .. } => out.push_str(" icon=\"Comment\""),
        MarkKind::Text { .. } => out.push_str(" width=\"0\""),
    }
}

fn shaped(out: &mut String, shape: &Shape, bounds: Rect) {
    let Shape { form, from, to, width } = *shape;
    put(out, format_args!(" width=\"{width}\""));
    let place = |p: Point| format!("{:.3},{:.3}", p.x, p.y);
    match form {
        Form::Line | Form::Arrow => {
            let tail = if form == Form::Arrow { "OpenArrow" } else { "None" };
            let (from, to) = (place(from), place(to));
            put(out, format_args!(" start=\"{from}\" end=\"{to}\" head=\"None\" tail=\"{tail}\""));
        }
        Form::Rectangle | Form::Ellipse => {
            let inner = shape.frame().grown(width / 2.0);
            put(
                out,
                format_args!(
                    " fringe=\"{:.3},{:.3},{:.3},{:.3}\"",
                    inner.x0 - bounds.x0,
                    inner.y0 - bounds.y0,
                    bounds.x1 - inner.x1,
                    bounds.y1 - inner.y1
                ),
            );
        }
    }
}

const fn icon(sign: Sign) -> &'static str {
    stamp_name(sign)
}

const fn element(kind: &MarkKind) -> &'static str {
    match kind {
        MarkKind::Markup(markup) => match markup.style {
            MarkupStyle::Highlight => "highlight",
            MarkupStyle::Underline => "underline",
            MarkupStyle::Strikeout => "strikeout",
        },
        MarkKind::Ink { .. } => "ink",
        MarkKind::Shape(shape) => match shape.form {
            Form::Line | Form::Arrow => "line",
            Form::Rectangle => "square",
            Form::Ellipse => "circle",
        },
        MarkKind::Stamp(_) => "stamp",
        MarkKind::Note { .. } => "text",
        MarkKind::Text { .. } => "freetext",
    }
}

fn date(ms: i64) -> Option<String> {
    let when = Timestamp::from_millisecond(ms).ok()?;
    Some(when.strftime("D:%Y%m%d%H%M%SZ").to_string())
}

/// Text that is safe in an element or attribute; what XML cannot hold is left out.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' | '\t' => out.push(c),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => {}
            c => out.push(c),
        }
    }
    out
}

fn put(out: &mut String, words: std::fmt::Arguments<'_>) {
    // Writing to a string cannot fail.
    out.write_fmt(words).unwrap_or_default();
}
