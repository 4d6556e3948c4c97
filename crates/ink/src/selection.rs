//! Selecting text on a page: from two places to the words between them.

use crate::geometry::{Point, Rect};
use crate::hyphen::rejoined;
use crate::mark::Quote;

/// Longest quote that is kept, in characters.
pub const MAX_EXACT: usize = 4_096;
/// Characters kept on either side of a quote.
pub const CONTEXT: usize = 32;

/// One line of text in user space; the fields are those of `ipc::TextLine`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Line<'a> {
    /// Index of its first character in the page's text, in characters.
    pub start: u32,
    /// Its characters, without the line's end.
    pub text: &'a str,
    /// Box of the line.
    pub rect: Rect,
    /// Edges of the characters along the line, one more than characters.
    pub edges: &'a [f32],
    /// Whether the line runs along y.
    pub vertical: bool,
}

/// A passage of a page.
#[derive(Debug, Clone, PartialEq)]
pub struct Selection {
    /// One rectangle per line.
    pub rects: Vec<Rect>,
    /// The words and what stands around them. Ends of lines are shown as spaces.
    pub quote: Quote,
    /// All the words as they are read, also those beyond what a quote keeps.
    pub words: String,
}

/// What a selection keeps whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Snap {
    /// Characters.
    Characters,
    /// Words: half a word is never marked.
    #[default]
    Words,
}

/// A place between two characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Caret {
    pub(crate) line: usize,
    pub(crate) character: usize,
}

/// The passage between two places, in either order; none when no character lies between them or
/// the page has no text.
#[must_use]
pub fn select(lines: &[Line<'_>], from: Point, to: Point, snap: Snap) -> Option<Selection> {
    let (a, b) = (caret_at(lines, from)?, caret_at(lines, to)?);
    let (mut a, mut b) = (a.min(b), a.max(b));
    if snap == Snap::Words && a != b {
        a = words(lines, a)?.0;
        b = words(lines, b)?.1;
    }
    passage(lines, a, b)
}

/// The word at a place; none beside the text or on a space.
#[must_use]
pub fn word_at(lines: &[Line<'_>], place: Point) -> Option<Selection> {
    let (line, character) = character_at(lines, place)?;
    let under = lines.get(line)?.text.chars().nth(character)?;
    if !under.is_alphanumeric() {
        return None;
    }
    let start = words(lines, Caret { line, character })?.0;
    let end = words(lines, Caret { line, character: character + 1 })?.1;
    passage(lines, start, end)
}

/// The line at a place; none beside the text.
#[must_use]
pub fn line_at(lines: &[Line<'_>], place: Point) -> Option<Selection> {
    let (index, _) = character_at(lines, place)?;
    let end = lines.get(index)?.text.chars().count();
    passage(lines, Caret { line: index, character: 0 }, Caret { line: index, character: end })
}

/// So many words from the one at or after a place on; none where no text is.
#[must_use]
pub fn words_from(lines: &[Line<'_>], place: Point, many: usize) -> Option<Selection> {
    let start = words(lines, caret_at(lines, place)?)?.0;
    let mut left = many.max(1);
    let mut end = start;
    for (index, line) in lines.iter().enumerate().skip(start.line) {
        let skipped = if index == start.line { start.character } else { 0 };
        let characters: Vec<char> = line.text.chars().collect();
        let ends = |i: usize| {
            characters.get(i).is_some_and(|c| !c.is_whitespace())
                && characters.get(i + 1).is_none_or(|c| c.is_whitespace())
        };
        for character in (skipped..characters.len()).filter(|i| ends(*i)) {
            end = Caret { line: index, character: character + 1 };
            left -= 1;
            if left == 0 {
                return passage(lines, start, end);
            }
        }
    }
    passage(lines, start, end)
}

/// The text of a page: its lines joined by spaces, a character for a character.
#[must_use]
pub fn page_text(lines: &[Line<'_>]) -> String {
    let mut text = String::with_capacity(lines.iter().map(|line| line.text.len() + 1).sum());
    for (index, line) in lines.iter().enumerate() {
        if index > 0 {
            text.push(' ');
        }
        text.push_str(line.text);
    }
    text
}

/// Rectangles and quote of what lies between two carets, white space at either end left out.
pub(crate) fn passage(lines: &[Line<'_>], a: Caret, b: Caret) -> Option<Selection> {
    let (a, b) = trimmed(lines, a, b)?;
    let mut rects = Vec::new();
    let mut exact = String::new();
    for (index, line) in lines.iter().enumerate().take(b.line + 1).skip(a.line) {
        let count = line.text.chars().count();
        let from = if index == a.line { a.character.min(count) } else { 0 };
        let to = if index == b.line { b.character.min(count) } else { count };
        if index > a.line {
            exact.push(' ');
        }
        if from < to {
            exact.extend(line.text.chars().take(to).skip(from));
            rects.extend(line.between(from, to));
        }
    }
    if rects.is_empty() {
        return None;
    }
    let words = rejoined(&exact).into_owned();
    let quote = Quote {
        exact: exact.chars().take(MAX_EXACT).collect(),
        prefix: before(lines, a),
        suffix: after(lines, b),
        start: lines.get(a.line)?.start + u32::try_from(a.character).ok()?,
    };
    Some(Selection { rects, quote, words })
}

fn trimmed(lines: &[Line<'_>], a: Caret, b: Caret) -> Option<(Caret, Caret)> {
    let shown = |line: usize| {
        let text = lines.get(line).map_or("", |line| line.text);
        text.chars().enumerate().filter(|(_, c)| !c.is_whitespace()).map(move |(i, _)| (line, i))
    };
    let first = (a.line..=b.line).flat_map(shown).find(|place| *place >= (a.line, a.character))?;
    let last = (first.0..=b.line)
        .rev()
        .find_map(|line| shown(line).filter(|place| *place < (b.line, b.character)).last())?;
    let start = Caret { line: first.0, character: first.1 };
    let end = Caret { line: last.0, character: last.1 + 1 };
    (start < end).then_some((start, end))
}

fn before(lines: &[Line<'_>], caret: Caret) -> String {
    let mut reversed: Vec<char> = Vec::with_capacity(CONTEXT);
    let own = lines.get(caret.line).map_or("", |line| line.text);
    let head: Vec<char> = own.chars().take(caret.character).collect();
    reversed.extend(head.iter().rev().take(CONTEXT));
    for line in lines.iter().take(caret.line).rev() {
        if reversed.len() >= CONTEXT {
            break;
        }
        reversed.push(' ');
        reversed.extend(line.text.chars().rev());
    }
    reversed.truncate(CONTEXT);
    reversed.into_iter().rev().collect()
}

fn after(lines: &[Line<'_>], caret: Caret) -> String {
    let own = lines.get(caret.line).map_or("", |line| line.text);
    let rest = lines.iter().skip(caret.line + 1);
    own.chars()
        .skip(caret.character)
        .chain(rest.flat_map(|line| std::iter::once(' ').chain(line.text.chars())))
        .take(CONTEXT)
        .collect()
}

/// The caret nearest to a place.
fn caret_at(lines: &[Line<'_>], place: Point) -> Option<Caret> {
    let (index, line) = nearest(lines, place)?;
    let along = line.along(place);
    let count = line.text.chars().count();
    let (character, _) = line
        .edges
        .iter()
        .take(count + 1)
        .enumerate()
        .map(|(i, edge)| (i, (edge - along).abs()))
        .min_by(|a, b| a.1.total_cmp(&b.1))?;
    Some(Caret { line: index, character })
}

/// The character at a place, as line and index in the line.
fn character_at(lines: &[Line<'_>], place: Point) -> Option<(usize, usize)> {
    let (index, line) = nearest(lines, place)?;
    if !line.rect.grown(2.0).contains(place) {
        return None;
    }
    let along = line.along(place);
    let under = line.edges.windows(2).position(|pair| {
        let &[a, b] = pair else { return false };
        a.min(b) <= along && along <= a.max(b)
    });
    under.map(|character| (index, character))
}

/// The line nearest to a place. Across the line counts double, so that the margin beside a line
/// belongs to it.
fn nearest<'l, 'a>(lines: &'l [Line<'a>], place: Point) -> Option<(usize, &'l Line<'a>)> {
    let far = |line: &Line<'_>| {
        let Rect { x0, y0, x1, y1 } = line.rect;
        let dx = (x0 - place.x).max(place.x - x1).max(0.0);
        let dy = (y0 - place.y).max(place.y - y1).max(0.0);
        let (along, across) = if line.vertical { (dy, dx) } else { (dx, dy) };
        along + 2.0 * across
    };
    lines
        .iter()
        .enumerate()
        .filter(|(_, line)| line.edges.len() > 1 && !line.text.is_empty())
        .min_by(|a, b| far(a.1).total_cmp(&far(b.1)))
}

/// Start of the word that a passage from this caret begins with, and end of the one that a passage
/// up to it ends with. Apostrophes and hyphens within a word belong to it no more than spaces do.
fn words(lines: &[Line<'_>], caret: Caret) -> Option<(Caret, Caret)> {
    let characters: Vec<char> = lines.get(caret.line)?.text.chars().collect();
    let in_word = |index: usize| characters.get(index).is_some_and(|c| c.is_alphanumeric());
    let (mut start, mut end) = (caret.character, caret.character);
    // Between two letters the word goes on on both sides.
    if start > 0 && in_word(start) {
        while start > 0 && in_word(start - 1) {
            start -= 1;
        }
    }
    if end > 0 && in_word(end - 1) {
        while in_word(end) {
            end += 1;
        }
    }
    Some((Caret { character: start, ..caret }, Caret { character: end, ..caret }))
}

impl Line<'_> {
    const fn along(&self, place: Point) -> f32 {
        if self.vertical { place.y } else { place.x }
    }

    /// The box of some of the line's characters.
    pub(crate) fn between(&self, from: usize, to: usize) -> Option<Rect> {
        let edges = self.edges.get(from..=to).unwrap_or(self.edges);
        let low = edges.iter().copied().reduce(f32::min)?;
        let high = edges.iter().copied().reduce(f32::max)?;
        let Rect { x0, y0, x1, y1 } = self.rect;
        Some(if self.vertical {
            Rect { x0, y0: low, x1, y1: high }
        } else {
            Rect { x0: low, y0, x1: high, y1 }
        })
    }
}
