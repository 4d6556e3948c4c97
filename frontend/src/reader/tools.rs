//! What lies in the hand: the tool, and for each of the bar's six tools its variant, colour and
//! width.

use ink::{Colour, Form, MarkKind, MarkupStyle, Nib, Sign, Tool};
use serde::{Deserialize, Serialize};

/// Widths of the pen at half pressure, in points.
pub(crate) const WIDTHS: [f32; 4] = [0.8, 1.4, 2.4, 4.5];
/// Widths of the free highlighter, in points.
pub(crate) const BANDS: [f32; 4] = [6.0, 10.0, 14.0, 22.0];
/// Colours of the highlighter and of notes.
const BRIGHT: [Colour; 4] = [Colour::Yellow, Colour::Green, Colour::Blue, Colour::Pink];
/// Colours of all that is drawn with a line.
const INKS: [Colour; 5] = [Colour::Blue, Colour::Black, Colour::Red, Colour::Green, Colour::Pink];

/// The bar's tools; each has one or several variants.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Family {
    Hand,
    Highlighter,
    Pen,
    Note,
    Text,
    Eraser,
}

/// What a tool of the bar does exactly.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Variant {
    Hand,
    Lasso,
    /// Marks text.
    Markup(MarkupStyle),
    /// Highlights anywhere.
    Free,
    Pen,
    Shape(Form),
    Note,
    Stamp(Sign),
    Text,
    /// Erases whole strokes.
    Whole,
    /// Erases what it touches.
    Parts,
}

impl Family {
    /// All, in the bar's order.
    pub(crate) const ALL: [Self; 6] =
        [Self::Hand, Self::Highlighter, Self::Pen, Self::Note, Self::Text, Self::Eraser];

    /// The family of a tool.
    pub(crate) const fn of(tool: Tool) -> Self {
        match tool {
            Tool::Hand | Tool::Lasso => Self::Hand,
            Tool::Highlighter | Tool::Marker => Self::Highlighter,
            Tool::Pen | Tool::Shape(_) => Self::Pen,
            Tool::Note | Tool::Stamp => Self::Note,
            Tool::Text => Self::Text,
            Tool::Eraser => Self::Eraser,
        }
    }

    /// Its name in the page.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Hand => "hand",
            Self::Highlighter => "highlighter",
            Self::Pen => "pen",
            Self::Note => "note",
            Self::Text => "text",
            Self::Eraser => "eraser",
        }
    }

    /// Its variants, the usual one first.
    pub(crate) const fn variants(self) -> &'static [Variant] {
        match self {
            Self::Hand => &[Variant::Hand, Variant::Lasso],
            Self::Highlighter => &[
                Variant::Markup(MarkupStyle::Highlight),
                Variant::Markup(MarkupStyle::Underline),
                Variant::Markup(MarkupStyle::Strikeout),
                Variant::Free,
            ],
            Self::Pen => &[
                Variant::Pen,
                Variant::Shape(Form::Line),
                Variant::Shape(Form::Arrow),
                Variant::Shape(Form::Rectangle),
                Variant::Shape(Form::Ellipse),
            ],
            Self::Note => &[
                Variant::Note,
                Variant::Stamp(Sign::Question),
                Variant::Stamp(Sign::Agree),
                Variant::Stamp(Sign::Disagree),
                Variant::Stamp(Sign::Raise),
            ],
            Self::Text => &[Variant::Text],
            Self::Eraser => &[Variant::Whole, Variant::Parts],
        }
    }
}

impl Variant {
    /// What a mark was made with.
    pub(crate) const fn of(kind: &MarkKind) -> Self {
        match kind {
            MarkKind::Markup(markup) => Self::Markup(markup.style),
            MarkKind::Ink { nib: Nib::Highlighter, .. } => Self::Free,
            MarkKind::Ink { nib: Nib::Pen, .. } => Self::Pen,
            MarkKind::Shape(shape) => Self::Shape(shape.form),
            MarkKind::Stamp(stamp) => Self::Stamp(stamp.sign),
            MarkKind::Note { .. } => Self::Note,
            MarkKind::Text { .. } => Self::Text,
        }
    }

    pub(crate) const fn tool(self) -> Tool {
        match self {
            Self::Hand => Tool::Hand,
            Self::Lasso => Tool::Lasso,
            Self::Markup(_) => Tool::Highlighter,
            Self::Free => Tool::Marker,
            Self::Pen => Tool::Pen,
            Self::Shape(form) => Tool::Shape(form),
            Self::Note => Tool::Note,
            Self::Stamp(_) => Tool::Stamp,
            Self::Text => Tool::Text,
            Self::Whole | Self::Parts => Tool::Eraser,
        }
    }

    /// Its name for people, and in the page.
    pub(crate) const fn key(self) -> &'static str {
        match self {
            Self::Hand => "tool-hand",
            Self::Lasso => "tool-lasso",
            Self::Markup(MarkupStyle::Highlight) => "tool-highlighter",
            Self::Markup(MarkupStyle::Underline) => "tool-underline",
            Self::Markup(MarkupStyle::Strikeout) => "tool-strikeout",
            Self::Free => "tool-free",
            Self::Pen => "tool-pen",
            Self::Shape(Form::Line) => "tool-line",
            Self::Shape(Form::Arrow) => "tool-arrow",
            Self::Shape(Form::Rectangle) => "tool-rectangle",
            Self::Shape(Form::Ellipse) => "tool-ellipse",
            Self::Note => "tool-note",
            Self::Stamp(Sign::Question) => "tool-question",
            Self::Stamp(Sign::Agree) => "tool-agree",
            Self::Stamp(Sign::Disagree) => "tool-disagree",
            Self::Stamp(Sign::Raise) => "tool-raise",
            Self::Text => "tool-text",
            Self::Whole => "tool-eraser",
            Self::Parts => "tool-eraser-parts",
        }
    }

    /// Colours to choose from.
    pub(crate) const fn colours(self) -> &'static [Colour] {
        match self {
            Self::Hand | Self::Lasso | Self::Whole | Self::Parts => &[],
            Self::Markup(MarkupStyle::Highlight) | Self::Free | Self::Note | Self::Text => &BRIGHT,
            Self::Markup(MarkupStyle::Underline | MarkupStyle::Strikeout)
            | Self::Pen
            | Self::Shape(_)
            | Self::Stamp(_) => &INKS,
        }
    }

    /// Widths to choose from, in points.
    pub(crate) const fn widths(self) -> &'static [f32] {
        match self {
            Self::Pen | Self::Shape(_) => &WIDTHS,
            Self::Free => &BANDS,
            Self::Hand
            | Self::Lasso
            | Self::Markup(_)
            | Self::Note
            | Self::Stamp(_)
            | Self::Text
            | Self::Whole
            | Self::Parts => &[],
        }
    }

    /// How a colour looks in the hand.
    pub(crate) const fn swatch(self, colour: Colour) -> &'static str {
        match self {
            Self::Pen
            | Self::Shape(_)
            | Self::Stamp(_)
            | Self::Markup(MarkupStyle::Underline | MarkupStyle::Strikeout) => ink(colour),
            Self::Markup(MarkupStyle::Highlight)
            | Self::Free
            | Self::Note
            | Self::Text
            | Self::Hand
            | Self::Lasso
            | Self::Whole
            | Self::Parts => band(colour),
        }
    }
}

/// Variants, colours and widths, as they are remembered.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(crate) struct Kit {
    /// For each family of the bar.
    variants: [Variant; 6],
    /// Of bands over text and anywhere.
    highlighter: Colour,
    /// Of lines under and through text.
    lines: Colour,
    pen: Colour,
    note: Colour,
    stamp: Colour,
    /// Place in the widths of the pen.
    width: usize,
    /// Place in the widths of the free highlighter.
    band: usize,
}

impl Default for Kit {
    fn default() -> Self {
        Self {
            variants: [
                Variant::Hand,
                Variant::Markup(MarkupStyle::Highlight),
                Variant::Pen,
                Variant::Note,
                Variant::Text,
                Variant::Whole,
            ],
            highlighter: Colour::Yellow,
            lines: Colour::Red,
            pen: Colour::Blue,
            note: Colour::Yellow,
            stamp: Colour::Blue,
            width: 1,
            band: 2,
        }
    }
}

impl Kit {
    /// The variant of a family that is taken when its tool is.
    pub(crate) fn variant(&self, family: Family) -> Variant {
        let usual = family.variants().first().copied().unwrap_or(Variant::Hand);
        let kept = self.variants.get(family as usize).copied().unwrap_or(usual);
        if family.variants().contains(&kept) { kept } else { usual }
    }

    /// The tool that a family gives when it is taken. The hand is always the hand: it is where one
    /// comes back to.
    pub(crate) fn tool(&self, family: Family) -> Tool {
        if family == Family::Hand { Tool::Hand } else { self.variant(family).tool() }
    }

    /// The variant in hand with a tool.
    pub(crate) fn in_hand(&self, tool: Tool) -> Variant {
        match tool {
            Tool::Hand => Variant::Hand,
            Tool::Lasso => Variant::Lasso,
            Tool::Highlighter
            | Tool::Marker
            | Tool::Pen
            | Tool::Shape(_)
            | Tool::Note
            | Tool::Stamp
            | Tool::Text
            | Tool::Eraser => self.variant(Family::of(tool)),
        }
    }

    /// The same with another variant of its family.
    pub(crate) fn with_variant(mut self, variant: Variant) -> Self {
        let family = Family::of(variant.tool());
        if family != Family::Hand
            && let Some(kept) = self.variants.get_mut(family as usize)
        {
            *kept = variant;
        }
        self
    }

    /// The colour a variant would leave.
    pub(crate) const fn colour(&self, variant: Variant) -> Colour {
        match variant {
            Variant::Pen | Variant::Shape(_) => self.pen,
            Variant::Note | Variant::Text => self.note,
            Variant::Stamp(_) => self.stamp,
            Variant::Markup(MarkupStyle::Underline | MarkupStyle::Strikeout) => self.lines,
            Variant::Markup(MarkupStyle::Highlight)
            | Variant::Free
            | Variant::Hand
            | Variant::Lasso
            | Variant::Whole
            | Variant::Parts => self.highlighter,
        }
    }

    /// The same with another colour for a variant and its kind.
    pub(crate) const fn with_colour(mut self, variant: Variant, colour: Colour) -> Self {
        match variant {
            Variant::Pen | Variant::Shape(_) => self.pen = colour,
            Variant::Note | Variant::Text => self.note = colour,
            Variant::Stamp(_) => self.stamp = colour,
            Variant::Markup(MarkupStyle::Underline | MarkupStyle::Strikeout) => {
                self.lines = colour;
            }
            Variant::Markup(MarkupStyle::Highlight)
            | Variant::Free
            | Variant::Hand
            | Variant::Lasso
            | Variant::Whole
            | Variant::Parts => self.highlighter = colour,
        }
        self
    }

    /// Place of a variant's width among its widths.
    pub(crate) fn width(&self, variant: Variant) -> usize {
        if variant == Variant::Free { self.band } else { self.width }
    }

    /// The same with another width for a variant.
    pub(crate) fn with_width(mut self, variant: Variant, width: usize) -> Self {
        if variant == Variant::Free {
            self.band = width;
        } else {
            self.width = width;
        }
        self
    }

    /// Width of what a variant draws, in points.
    pub(crate) fn points(&self, variant: Variant) -> f32 {
        let widths = if variant == Variant::Free { BANDS } else { WIDTHS };
        widths.get(self.width(variant)).copied().unwrap_or(2.0)
    }
}

/// How a colour is multiplied into the page as a band over text.
pub(crate) const fn band(colour: Colour) -> &'static str {
    match colour {
        Colour::Yellow => "#ffe27a",
        Colour::Green => "#bfe9c4",
        Colour::Blue => "#c3dcff",
        Colour::Pink => "#ffcbe0",
        Colour::Black => "#d5d5da",
        Colour::Red => "#ffc9c2",
    }
}

/// How a colour is drawn as ink.
pub(crate) const fn ink(colour: Colour) -> &'static str {
    match colour {
        Colour::Yellow => "#d9a900",
        Colour::Green => "#1d7a46",
        Colour::Blue => "#1f3a8a",
        Colour::Pink => "#c2347a",
        Colour::Black => "#1b1b1f",
        Colour::Red => "#b3261e",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree;

    #[test]
    fn each_tool_remembers_its_colour_and_variant() {
        let band = Variant::Markup(MarkupStyle::Highlight);
        let arrow = Variant::Shape(Form::Arrow);
        let kit = Kit::default().with_colour(Variant::Pen, Colour::Red).with_variant(arrow);
        let kit = kit.with_colour(band, Colour::Green).with_width(Variant::Free, 0);
        assert_eq!(kit.colour(arrow), Colour::Red, "forms are drawn with the pen");
        assert_eq!((kit.colour(band), kit.colour(Variant::Free)), (Colour::Green, Colour::Green));
        assert_eq!(kit.colour(Variant::Note), Colour::Yellow);
        assert_eq!(kit.variant(Family::Pen), arrow);
        assert_eq!(kit.in_hand(Tool::Shape(Form::Line)), arrow);
        assert_eq!((kit.points(Variant::Free), kit.points(arrow)), (6.0, 1.4));
        let kept: Kit = tree::read(&serde_json::to_string(&kit).unwrap()).unwrap();
        assert_eq!(kept, kit);
    }

    #[test]
    fn every_variant_is_of_the_family_that_offers_it_and_has_a_name_of_its_own() {
        let all: Vec<_> = Family::ALL
            .into_iter()
            .flat_map(|family| family.variants().iter().map(move |variant| (family, *variant)))
            .collect();
        assert!(all.iter().all(|(family, variant)| Family::of(variant.tool()) == *family));
        let names: std::collections::BTreeSet<_> = all.iter().map(|(_, v)| v.key()).collect();
        assert_eq!(names.len(), all.len());
    }

    #[test]
    fn colours_on_the_screen_are_those_of_an_export() {
        let hex = |[r, g, b]: [u8; 3]| format!("#{r:02x}{g:02x}{b:02x}");
        for colour in Colour::ALL {
            assert_eq!((ink(colour), band(colour)), (&*hex(colour.ink()), &*hex(colour.band())));
        }
    }
}
