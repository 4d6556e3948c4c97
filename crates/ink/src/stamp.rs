//! Stamps: what an official thinks of a passage, in one sign and one word.

use serde::{Deserialize, Serialize};

use crate::geometry::{Point, Rect};
use crate::shape::{Step, ellipse};

/// Height of a stamp, in points.
pub const HEIGHT: f32 = 22.0;
/// Size of its letters, in points.
pub const LETTERS: f32 = 11.0;
/// Width of its lines, in points.
pub const LINE: f32 = 1.4;
/// Width that a letter takes about, in points.
const LETTER: f32 = 6.3;

/// What is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Sign {
    /// A question to be asked.
    Question,
    /// Agreed.
    Agree,
    /// Not agreed.
    Disagree,
    /// To be raised in the sitting.
    Raise,
}

impl Sign {
    /// All, in the order in which they are offered.
    pub const ALL: [Self; 4] = [Self::Question, Self::Agree, Self::Disagree, Self::Raise];
}

/// A stamp on the page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Stamp {
    /// Its sign.
    pub sign: Sign,
    /// Its word, in the language of who stamped.
    pub word: String,
    /// Its frame, as long in the page's reading direction as the word asks for.
    pub rect: Rect,
}

/// Length of a stamp with this word, in points; it is [`HEIGHT`] high.
#[must_use]
pub fn length(word: &str) -> f32 {
    let letters = u16::try_from(word.chars().count().min(64)).unwrap_or(64);
    HEIGHT + f32::from(letters) * LETTER + 8.0
}

/// The lines of a sign in a square of `side` whose bottom left corner is the origin, y upwards.
#[must_use]
pub fn lines(sign: Sign, side: f32) -> Vec<Step> {
    let at = |x: f32, y: f32| Point { x: x * side, y: y * side };
    let mut path = ellipse([0.14 * side, 0.14 * side, 0.86 * side, 0.86 * side].into());
    match sign {
        Sign::Question => path.extend([
            Step::Move(at(0.39, 0.59)),
            Step::Curve(at(0.39, 0.75), at(0.63, 0.75), at(0.62, 0.59)),
            Step::Curve(at(0.62, 0.5), at(0.5, 0.5), at(0.5, 0.41)),
            Step::Move(at(0.5, 0.29)),
            Step::Line(at(0.5, 0.295)),
        ]),
        Sign::Agree => path.extend([
            Step::Move(at(0.34, 0.5)),
            Step::Line(at(0.46, 0.37)),
            Step::Line(at(0.68, 0.62)),
        ]),
        Sign::Disagree => path.extend([
            Step::Move(at(0.37, 0.37)),
            Step::Line(at(0.63, 0.63)),
            Step::Move(at(0.37, 0.63)),
            Step::Line(at(0.63, 0.37)),
        ]),
        Sign::Raise => path.extend([
            Step::Move(at(0.5, 0.3)),
            Step::Line(at(0.5, 0.69)),
            Step::Move(at(0.35, 0.54)),
            Step::Line(at(0.5, 0.69)),
            Step::Line(at(0.65, 0.54)),
        ]),
    }
    path
}
