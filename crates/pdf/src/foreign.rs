//! Notes that other programs made: annotations in a PDF, or an XFDF file (ISO 19444-1).
//!
//! Both say the same things in two spellings; each is first brought to a [`Raw`] annotation, and
//! that to the mark that is most like it. What has no such mark (sound, caret, redaction) keeps its
//! words and its place.

mod annots;
mod xfdf;

pub(crate) use annots::annots;
pub(crate) use xfdf::{text_of, xfdf};

use ink::{
    Colour, Form, MarkKind, Markup, MarkupStyle, Nib, Point, Quote, Rect, Shape, Sign, Stamp,
    Stroke,
};
use ipc::ForeignNote;
use jiff::civil::DateTime;
use jiff::tz::Offset;

/// Most notes that are read from one file.
const MOST: usize = 20_000;
/// Opacity below which a stroke is taken for a highlighter's.
const TRANSLUCENT: f32 = 0.7;

/// An annotation as it is written, lengths in points of user space.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Raw {
    /// In lower case: `highlight`, `strikeout`, `freetext`.
    pub(crate) subtype: String,
    /// Page from 1.
    pub(crate) page: u32,
    pub(crate) rect: Rect,
    /// Between `rect` and what is drawn: left, bottom, right, top.
    pub(crate) apart: [f32; 4],
    /// Corners, four to a quadrilateral.
    pub(crate) quads: Vec<Point>,
    pub(crate) inks: Vec<Vec<Point>>,
    pub(crate) line: Option<[Point; 2]>,
    /// Whether the line has a head at its end.
    pub(crate) head: bool,
    pub(crate) width: Option<f32>,
    pub(crate) opacity: Option<f32>,
    /// Red, green, blue from 0 to 1.
    pub(crate) colour: Option<[f32; 3]>,
    pub(crate) icon: String,
    pub(crate) name: String,
    /// The name of the note that it answers.
    pub(crate) answers: String,
    pub(crate) author: String,
    pub(crate) words: String,
    pub(crate) modified: String,
}

impl Raw {
    /// The note; none for what is no note at all (a link, a form field, the window of another note).
    pub(crate) fn note(self) -> Option<ForeignNote> {
        if self.page == 0 || matches!(self.subtype.as_str(), "" | "link" | "widget" | "popup") {
            return None;
        }
        let kind = self.kind();
        let words: String = self.words.replace("\r\n", "\n").replace('\r', "\n");
        Some(ForeignNote {
            page: self.page,
            kind,
            colour: self.colour.map_or(Colour::Yellow, nearest),
            name: self.name,
            answers: self.answers,
            author: self.author.trim().to_owned(),
            text: words.trim().chars().filter(|c| !c.is_control() || *c == '\n').collect(),
            rect: self.rect,
            modified_ms: moment(&self.modified),
            subtype: self.subtype,
        })
    }

    fn kind(&self) -> Option<MarkKind> {
        let width = self.width.filter(|w| w.is_finite() && (0.05..=200.0).contains(w));
        let width = width.unwrap_or(1.0);
        let markup = |style| {
            let rects: Vec<Rect> = self.quads.chunks_exact(4).filter_map(around).collect();
            let rects = if rects.is_empty() { vec![self.rect] } else { rects };
            MarkKind::Markup(Markup { style, rects, quote: Quote::default() })
        };
        let framed = |form| {
            let [left, bottom, right, top] = self.apart;
            let half = width / 2.0;
            let Rect { x0, y0, x1, y1 } = self.rect;
            let from = Point { x: x0 + left + half, y: y0 + bottom + half };
            let to = Point { x: x1 - right - half, y: y1 - top - half };
            (from.x < to.x && from.y < to.y).then_some(MarkKind::Shape(Shape {
                form,
                from,
                to,
                width,
            }))
        };
        match self.subtype.as_str() {
            "highlight" => Some(markup(MarkupStyle::Highlight)),
            "underline" | "squiggly" => Some(markup(MarkupStyle::Underline)),
            "strikeout" => Some(markup(MarkupStyle::Strikeout)),
            "ink" => {
                let sample = |p: &Point| [p.x, p.y, 0.5].into();
                let strokes: Vec<Stroke> = self
                    .inks
                    .iter()
                    .filter(|points| !points.is_empty())
                    .map(|points| Stroke { points: points.iter().map(sample).collect() })
                    .collect();
                let marker = self.opacity.is_some_and(|opacity| opacity < TRANSLUCENT);
                let nib = if marker { Nib::Highlighter } else { Nib::Pen };
                (!strokes.is_empty()).then_some(MarkKind::Ink { strokes, width, nib })
            }
            "line" => {
                let [from, to] = self.line?;
                let form = if self.head { Form::Arrow } else { Form::Line };
                (from != to).then_some(MarkKind::Shape(Shape { form, from, to, width }))
            }
            "square" => framed(Form::Rectangle),
            "circle" => framed(Form::Ellipse),
            "text" => Some(MarkKind::Note { at: Point { x: self.rect.x0, y: self.rect.y1 } }),
            "freetext" => Some(MarkKind::Text { rect: self.rect }),
            "stamp" => {
                let sign = match self.icon.as_str() {
                    "ForComment" => Sign::Question,
                    "Approved" => Sign::Agree,
                    "NotApproved" => Sign::Disagree,
                    "ForPublicRelease" => Sign::Raise,
                    _ => return None,
                };
                let word = self.words.split(" : ").next().unwrap_or_default().trim();
                let word = if word.is_empty() { &self.icon } else { word };
                let word = word.chars().take(60).collect();
                Some(MarkKind::Stamp(Stamp { sign, word, rect: self.rect }))
            }
            _ => None,
        }
    }
}

/// The rectangle around corners.
fn around(corners: &[Point]) -> Option<Rect> {
    let corner = |p: &Point| Rect { x0: p.x, y0: p.y, x1: p.x, y1: p.y };
    corners.iter().map(corner).reduce(Rect::union)
}

/// The colour of the desk that is most like it, as ink or as a band.
fn nearest(rgb: [f32; 3]) -> Colour {
    let far = |wanted: [u8; 3]| -> f32 {
        wanted.iter().zip(rgb).map(|(w, c)| (f32::from(*w) / 255.0 - c).powi(2)).sum()
    };
    let far = |colour: &Colour| far(colour.ink()).min(far(colour.band()));
    Colour::ALL.into_iter().min_by(|a, b| far(a).total_cmp(&far(b))).unwrap_or_default()
}

/// A PDF date, `D:20261127181500+01'00'`, as Unix milliseconds; parts after the day may lack.
fn moment(date: &str) -> Option<i64> {
    let date = date.trim().trim_start_matches("D:");
    let digits = date.bytes().take_while(u8::is_ascii_digit).count();
    let (day, zone) = date.split_at_checked(digits)?;
    let part = |from: usize, to: usize, least: i8| -> Option<i8> {
        day.get(from..to).map_or(Some(least), |part| part.parse().ok())
    };
    let year: i16 = day.get(..4)?.parse().ok()?;
    let civil = DateTime::new(
        year,
        part(4, 6, 1)?,
        part(6, 8, 1)?,
        part(8, 10, 0)?,
        part(10, 12, 0)?,
        part(12, 14, 0)?,
        0,
    )
    .ok()?;
    let seconds = match zone.bytes().next() {
        Some(sign @ (b'+' | b'-')) => {
            let mut parts = zone.get(1..)?.split('\'');
            let hours: i32 = parts.next()?.parse().ok()?;
            let minutes: i32 = parts.next().and_then(|part| part.parse().ok()).unwrap_or(0);
            (hours * 3_600 + minutes * 60) * if sign == b'-' { -1 } else { 1 }
        }
        Some(_) | None => 0,
    };
    let offset = Offset::from_seconds(seconds).ok()?;
    Some(offset.to_timestamp(civil).ok()?.as_millisecond())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_with_their_zone_and_without_their_end() {
        assert_eq!(moment("D:20261127181500+01'00'"), moment("D:20261127171500Z"));
        assert_eq!(moment("D:20261127"), moment("20261127000000"));
        assert_eq!(moment("D:19700101000001Z"), Some(1_000));
        assert_eq!((moment("yesterday"), moment("D:20261399"), moment("")), (None, None, None));
    }

    #[test]
    fn colours_find_their_like() {
        assert_eq!(nearest([1.0, 1.0, 0.0]), Colour::Yellow);
        assert_eq!(nearest([1.0, 0.0, 0.0]), Colour::Red);
        assert_eq!(nearest([0.0, 0.0, 0.0]), Colour::Black);
        assert_eq!(nearest([0.0, 0.0, 1.0]), Colour::Blue);
        for colour in Colour::ALL {
            assert_eq!(nearest(colour.ink().map(|part| f32::from(part) / 255.0)), colour);
        }
    }
}
