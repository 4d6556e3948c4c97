//! A mark: one thing an official has put on a page.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::geometry::{Point, Rect};
use crate::hyphen::rejoined;
use crate::shape::Shape;
use crate::stamp::Stamp;
use crate::stroke::Stroke;

/// One annotation, for ever.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AnnotationId(Uuid);

impl AnnotationId {
    /// A new identifier (UUID version 7) from Unix milliseconds and ten random bytes.
    #[must_use]
    pub fn new(now_ms: u64, random: [u8; 10]) -> Self {
        Self(uuid::Builder::from_unix_timestamp_millis(now_ms, &random).into_uuid())
    }

    /// An identifier made of bytes of one's own (UUID version 8): a digest, of which six bits are not
    /// kept.
    #[must_use]
    pub const fn custom(bytes: [u8; 16]) -> Self {
        Self(uuid::Builder::from_custom_bytes(bytes).into_uuid())
    }

    /// The sixteen bytes as they are stored.
    #[must_use]
    pub const fn to_bytes(self) -> [u8; 16] {
        self.0.into_bytes()
    }

    /// The identifier of those bytes.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(Uuid::from_bytes(bytes))
    }
}

impl fmt::Display for AnnotationId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for AnnotationId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AnnotationId({})", self.0)
    }
}

impl FromStr for AnnotationId {
    type Err = uuid::Error;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self)
    }
}

/// Colours of the desk; the styles say how each looks in light and dark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Colour {
    /// Highlighter and pen.
    #[default]
    Yellow,
    /// Highlighter and pen.
    Green,
    /// Highlighter and pen.
    Blue,
    /// Highlighter and pen.
    Pink,
    /// Pen.
    Black,
    /// Pen.
    Red,
}

impl Colour {
    /// All, in the order in which they are offered.
    pub const ALL: [Self; 6] =
        [Self::Yellow, Self::Green, Self::Blue, Self::Pink, Self::Black, Self::Red];

    /// Red, green and blue of its ink on paper, dark enough to read on white.
    #[must_use]
    pub const fn ink(self) -> [u8; 3] {
        match self {
            Self::Yellow => [0xD9, 0xA9, 0x00],
            Self::Green => [0x1D, 0x7A, 0x46],
            Self::Blue => [0x1F, 0x3A, 0x8A],
            Self::Pink => [0xC2, 0x34, 0x7A],
            Self::Black => [0x1B, 0x1B, 0x1F],
            Self::Red => [0xB3, 0x26, 0x1E],
        }
    }

    /// Red, green and blue of its band over text, to be multiplied into the page.
    #[must_use]
    pub const fn band(self) -> [u8; 3] {
        match self {
            Self::Yellow => [0xFF, 0xE2, 0x7A],
            Self::Green => [0xBF, 0xE9, 0xC4],
            Self::Blue => [0xC3, 0xDC, 0xFF],
            Self::Pink => [0xFF, 0xCB, 0xE0],
            Self::Black => [0xD5, 0xD5, 0xDA],
            Self::Red => [0xFF, 0xC9, 0xC2],
        }
    }
}

/// How text is marked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MarkupStyle {
    /// A translucent band over the text.
    Highlight,
    /// A line under the text.
    Underline,
    /// A line through the text.
    Strikeout,
}

/// The words a mark stands on, with enough around them to find them again in another version
/// (W3C Web Annotation, `TextQuoteSelector` and `TextPositionSelector`).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Quote {
    /// The marked words as the page shows them, at most 4,096 characters.
    pub exact: String,
    /// Up to 32 characters before.
    pub prefix: String,
    /// Up to 32 characters after.
    pub suffix: String,
    /// Index of the first marked character in the page's text, in characters.
    pub start: u32,
}

/// Marked text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Markup {
    /// Highlight, underline or strike-out.
    pub style: MarkupStyle,
    /// One rectangle per line of text.
    pub rects: Vec<Rect>,
    /// The words; empty when drawn freely.
    pub quote: Quote,
}

/// What ink is drawn with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Nib {
    /// A pen: opaque, as wide as it is pressed.
    #[default]
    Pen,
    /// A highlighter: the page shows through, and pressure does not matter.
    Highlighter,
}

impl Nib {
    /// Whether it is the pen, which need not be said.
    #[must_use]
    pub fn is_pen(&self) -> bool {
        *self == Self::Pen
    }
}

/// What was put on the page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum MarkKind {
    /// Marked text.
    Markup(Markup),
    /// One gesture of the pen or the free highlighter: a stroke or several drawn together.
    Ink {
        /// The strokes.
        strokes: Vec<Stroke>,
        /// Width at pressure 0.5, in points.
        width: f32,
        /// What it is drawn with.
        #[serde(default, skip_serializing_if = "Nib::is_pen")]
        nib: Nib,
    },
    /// A line, arrow, rectangle or ellipse.
    Shape(Shape),
    /// A stamp: a sign with a word.
    Stamp(Stamp),
    /// A sticky note at a place.
    Note {
        /// Where its icon stands.
        at: Point,
    },
    /// A text box.
    Text {
        /// Its frame.
        rect: Rect,
    },
}

impl MarkKind {
    /// The words that are on the page, as they are read: those it stands on, or a stamp's own.
    #[must_use]
    pub fn words(&self) -> Cow<'_, str> {
        match self {
            Self::Markup(markup) => rejoined(&markup.quote.exact),
            Self::Stamp(stamp) => Cow::Borrowed(&stamp.word),
            Self::Ink { .. } | Self::Shape(_) | Self::Note { .. } | Self::Text { .. } => {
                Cow::Borrowed("")
            }
        }
    }

    /// The two ends that can be taken hold of: where a line begins and ends, two opposite corners of
    /// another form or of a text box. What was written or drawn by hand, and a stamp, has none.
    #[must_use]
    pub fn ends(&self) -> Option<[Point; 2]> {
        match self {
            Self::Shape(Shape { from, to, .. }) => Some([*from, *to]),
            Self::Text { rect: Rect { x0, y0, x1, y1 } } => {
                Some([Point { x: *x0, y: *y1 }, Point { x: *x1, y: *y0 }])
            }
            Self::Markup(_) | Self::Ink { .. } | Self::Stamp(_) | Self::Note { .. } => None,
        }
    }

    /// Gives it other ends; whether it has any. A text box never gets smaller than a word.
    pub fn reshape(&mut self, [a, b]: [Point; 2]) -> bool {
        match self {
            Self::Shape(Shape { from, to, .. }) => (*from, *to) = (a, b),
            Self::Text { rect } => {
                let Rect { x0, y0, x1, y1 } = [a.x, a.y, b.x, b.y].into();
                *rect = Rect { x0, y0: y0.min(y1 - LEAST_BOX.1), x1: x1.max(x0 + LEAST_BOX.0), y1 };
            }
            Self::Markup(_) | Self::Ink { .. } | Self::Stamp(_) | Self::Note { .. } => {
                return false;
            }
        }
        true
    }

    /// Its rectangles on the page: one per line of marked text, else the one around it.
    #[must_use]
    pub fn rects(&self) -> Vec<Rect> {
        match self {
            Self::Markup(markup) => markup.rects.clone(),
            Self::Text { .. }
            | Self::Stamp(_)
            | Self::Ink { .. }
            | Self::Shape(_)
            | Self::Note { .. } => vec![self.bounds()],
        }
    }

    /// The rectangle around everything that is drawn.
    #[must_use]
    pub fn bounds(&self) -> Rect {
        match self {
            Self::Markup(markup) => {
                markup.rects.iter().copied().reduce(Rect::union).unwrap_or_default()
            }
            Self::Ink { strokes, width, .. } => strokes
                .iter()
                .flat_map(|stroke| &stroke.points)
                .map(|p| Rect { x0: p.x, y0: p.y, x1: p.x, y1: p.y })
                .reduce(Rect::union)
                .unwrap_or_default()
                .grown(*width),
            Self::Shape(shape) => shape.bounds(),
            Self::Stamp(stamp) => stamp.rect,
            Self::Note { at } => {
                Rect { x0: at.x, y0: at.y - NOTE_SIZE, x1: at.x + NOTE_SIZE, y1: at.y }
            }
            Self::Text { rect } => *rect,
        }
    }
}

/// One annotation on one page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Mark {
    /// Its identifier.
    pub id: AnnotationId,
    /// Page from 1.
    pub page: u32,
    /// What it is.
    pub kind: MarkKind,
    /// Its colour.
    pub colour: Colour,
    /// What the official wrote: the text of a note or text box, a comment on a highlight.
    #[serde(default)]
    pub text: String,
    /// When it was made, Unix milliseconds of the tablet's clock.
    pub created_ms: i64,
    /// When it was last changed.
    pub modified_ms: i64,
    /// The note that it answers; the first of its thread.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub in_reply_to: Option<AnnotationId>,
}

impl Mark {
    /// The same mark, everything drawn moved by so many points.
    #[must_use]
    pub fn shifted(&self, dx: f32, dy: f32) -> Self {
        let mut moved = self.clone();
        moved.shift(Point { x: dx, y: dy });
        moved
    }

    /// The rectangle around everything that is drawn.
    #[must_use]
    pub fn bounds(&self) -> Rect {
        self.kind.bounds()
    }

    /// Moves the whole mark by so much.
    pub fn shift(&mut self, by: Point) {
        let moved = |rect: &mut Rect| *rect = rect.shifted(by);
        match &mut self.kind {
            MarkKind::Markup(markup) => markup.rects.iter_mut().for_each(moved),
            MarkKind::Ink { strokes, .. } => {
                for point in strokes.iter_mut().flat_map(|stroke| &mut stroke.points) {
                    point.x += by.x;
                    point.y += by.y;
                }
            }
            MarkKind::Shape(Shape { from, to, .. }) => {
                (*from, *to) = (from.shifted(by), to.shifted(by));
            }
            MarkKind::Note { at } => *at = at.shifted(by),
            MarkKind::Text { rect } | MarkKind::Stamp(Stamp { rect, .. }) => moved(rect),
        }
    }
}

/// Size of the letters in a text box, in points.
pub const TEXT_SIZE: f32 = 12.0;
/// Width and height of the smallest text box, in points: a short word of [`TEXT_SIZE`].
const LEAST_BOX: (f32, f32) = (3.0 * TEXT_SIZE, 1.5 * TEXT_SIZE);
/// Side of a sticky note's icon, in points; `at` is its top left corner.
pub const NOTE_SIZE: f32 = 20.0;
