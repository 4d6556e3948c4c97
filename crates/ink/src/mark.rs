//! A mark: one thing an official has put on a page.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::geometry::{Point, Rect};
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

/// What was put on the page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum MarkKind {
    /// Marked text.
    Markup(Markup),
    /// One gesture of the pen: a stroke or several drawn together.
    Ink {
        /// The strokes.
        strokes: Vec<Stroke>,
        /// Width at pressure 0.5, in points.
        width: f32,
    },
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
    /// The rectangle around everything that is drawn.
    #[must_use]
    pub fn bounds(&self) -> Rect {
        match &self.kind {
            MarkKind::Markup(markup) => {
                markup.rects.iter().copied().reduce(Rect::union).unwrap_or_default()
            }
            MarkKind::Ink { strokes, width } => strokes
                .iter()
                .flat_map(|stroke| &stroke.points)
                .map(|p| Rect { x0: p.x, y0: p.y, x1: p.x, y1: p.y })
                .reduce(Rect::union)
                .unwrap_or_default()
                .grown(*width),
            MarkKind::Note { at } => {
                Rect { x0: at.x, y0: at.y - NOTE_SIZE, x1: at.x + NOTE_SIZE, y1: at.y }
            }
            MarkKind::Text { rect } => *rect,
        }
    }
}

/// Side of a sticky note's icon, in points; `at` is its top left corner.
pub const NOTE_SIZE: f32 = 20.0;
