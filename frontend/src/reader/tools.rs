//! What lies in the hand: the tool, and for each tool its colour and width.

use ink::{Colour, Tool};
use serde::{Deserialize, Serialize};

/// Colours of the highlighter and of notes.
const BRIGHT: [Colour; 4] = [Colour::Yellow, Colour::Green, Colour::Blue, Colour::Pink];
/// Colours of the pen.
const INKS: [Colour; 4] = [Colour::Blue, Colour::Black, Colour::Red, Colour::Green];
/// Widths of the pen at half pressure, in points.
pub(crate) const WIDTHS: [f32; 3] = [1.2, 2.0, 4.0];

/// Colours and width, as they are remembered.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(crate) struct Kit {
    highlighter: Colour,
    pen: Colour,
    note: Colour,
    pub(crate) width: usize,
}

impl Default for Kit {
    fn default() -> Self {
        Self { highlighter: Colour::Yellow, pen: Colour::Blue, note: Colour::Yellow, width: 1 }
    }
}

impl Kit {
    /// The colour a tool would leave.
    pub(crate) const fn colour(&self, tool: Tool) -> Colour {
        match tool {
            Tool::Pen => self.pen,
            Tool::Note | Tool::Text => self.note,
            Tool::Highlighter | Tool::Hand | Tool::Eraser => self.highlighter,
        }
    }

    /// The same with another colour for a tool.
    pub(crate) const fn with_colour(mut self, tool: Tool, colour: Colour) -> Self {
        match tool {
            Tool::Pen => self.pen = colour,
            Tool::Note | Tool::Text => self.note = colour,
            Tool::Highlighter | Tool::Hand | Tool::Eraser => self.highlighter = colour,
        }
        self
    }

    /// Width of the pen, in points.
    pub(crate) fn points(&self) -> f32 {
        WIDTHS.get(self.width).copied().unwrap_or(2.0)
    }
}

/// Colours to choose from with a tool.
pub(crate) const fn colours(tool: Tool) -> [Colour; 4] {
    match tool {
        Tool::Pen => INKS,
        Tool::Highlighter | Tool::Hand | Tool::Note | Tool::Text | Tool::Eraser => BRIGHT,
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

    #[test]
    fn each_tool_remembers_its_colour() {
        let kit = Kit::default().with_colour(Tool::Pen, Colour::Red);
        let kit = kit.with_colour(Tool::Highlighter, Colour::Green);
        assert_eq!(kit.colour(Tool::Pen), Colour::Red);
        assert_eq!(kit.colour(Tool::Highlighter), Colour::Green);
        assert_eq!(kit.colour(Tool::Note), Colour::Yellow);
    }
}
