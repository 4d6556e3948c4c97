//! Finding words on a page as a reader means them.
//!
//! Case, accents, ligatures and the kind of space, apostrophe or hyphen do not matter. A word that a
//! hyphen cuts at a line's end is whole, and its two parts stand there as well: nobody can tell from
//! the page whether "rendez-" and "vous" were one word or two. What is typed matches from the
//! beginning of a word; its last word may be unfinished. These are the rules of the tablet's search
//! index, so that what the search names is what is marked on the page.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::geometry::Rect;
use crate::selection::{Caret, Line, passage};

/// What stands before a letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Gap {
    /// Another letter of the same word.
    None,
    /// A hyphen at the end of a line: the word may go on or end there.
    Cut,
    /// Space, punctuation or a line's end.
    Apart,
}

#[derive(Debug, Clone, Copy)]
struct Letter {
    bare: char,
    at: Caret,
    gap: Gap,
}

/// A letter that is looked for, and whether a new word begins with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Wanted {
    bare: char,
    begins: bool,
}

/// The text of a page, made ready for many questions.
#[derive(Debug)]
pub struct Findable<'a> {
    lines: &'a [Line<'a>],
    letters: Vec<Letter>,
}

impl<'a> Findable<'a> {
    /// From the lines of a page.
    #[must_use]
    pub fn new(lines: &'a [Line<'a>]) -> Self {
        let mut letters = Vec::new();
        let mut gap = Gap::Apart;
        for (line, text) in lines.iter().enumerate() {
            let mut last = None;
            for (character, shown) in text.text.chars().enumerate() {
                if shown == '\u{ad}' {
                    // Only a hyphen where a line ends.
                    last = Some(shown);
                    continue;
                }
                let before = letters.len();
                for bare in bare(shown) {
                    // "vice-" and "Présidente" are two words: a capital begins one of its own.
                    if gap == Gap::Cut && shown.is_uppercase() {
                        gap = Gap::Apart;
                    }
                    letters.push(Letter { bare, at: Caret { line, character }, gap });
                    gap = Gap::None;
                }
                if letters.len() == before && !is_combining_mark(shown) {
                    gap = Gap::Apart;
                }
                last = Some(shown);
            }
            let cut = last.is_some_and(is_hyphen) && ends_in_letter(text.text);
            gap = if cut { Gap::Cut } else { Gap::Apart };
        }
        Self { lines, letters }
    }

    /// Every passage where these words stand one after another, in reading order and apart from
    /// each other, each as one rectangle per line.
    #[must_use]
    pub fn passages(&self, words: &str) -> Vec<Vec<Rect>> {
        let wanted = wanted(words);
        let mut found = Vec::new();
        if wanted.is_empty() {
            return found;
        }
        let mut from = 0;
        while let Some(window) = self.letters.get(from..from + wanted.len()) {
            if stands(window, &wanted) {
                found.extend(self.rects(window));
                from += wanted.len();
            } else {
                from += 1;
            }
        }
        found
    }

    /// Every single one of these words, wherever it stands on the page; the last one may be the
    /// beginning of a word.
    #[must_use]
    pub fn words(&self, words: &str) -> Vec<Rect> {
        let wanted = wanted(words);
        let starts: Vec<usize> =
            wanted.iter().enumerate().filter(|(_, w)| w.begins).map(|(at, _)| at).collect();
        let each = starts.iter().enumerate().map(|(n, start)| {
            let end = starts.get(n + 1).copied().unwrap_or(wanted.len());
            (wanted.get(*start..end).unwrap_or_default(), end == wanted.len())
        });
        let each: Vec<(&[Wanted], bool)> = each.collect();
        let mut rects = Vec::new();
        let mut from = 0;
        while from < self.letters.len() {
            let hit = each.iter().find_map(|(word, unfinished)| {
                let window = self.letters.get(from..from + word.len())?;
                let next = self.letters.get(from + word.len());
                let ends = *unfinished || next.is_none_or(|next| next.gap != Gap::None);
                (ends && stands(window, word)).then_some(window)
            });
            match hit {
                Some(window) => {
                    rects.extend(self.rects(window).into_iter().flatten());
                    from += window.len();
                }
                None => from += 1,
            }
        }
        rects
    }

    fn rects(&self, window: &[Letter]) -> Option<Vec<Rect>> {
        let (first, last) = (window.first()?, window.last()?);
        let end = Caret { character: last.at.character + 1, ..last.at };
        passage(self.lines, first.at, end).map(|selection| selection.rects)
    }
}

fn stands(window: &[Letter], wanted: &[Wanted]) -> bool {
    window.iter().zip(wanted).all(|(letter, wanted)| {
        letter.bare == wanted.bare
            && match letter.gap {
                Gap::None => !wanted.begins,
                Gap::Cut => true,
                Gap::Apart => wanted.begins,
            }
    })
}

fn wanted(words: &str) -> Vec<Wanted> {
    let mut wanted = Vec::new();
    let mut begins = true;
    for shown in words.chars().filter(|c| *c != '\u{ad}') {
        let before = wanted.len();
        for bare in bare(shown) {
            wanted.push(Wanted { bare, begins });
            begins = false;
        }
        begins |= wanted.len() == before && !is_combining_mark(shown);
    }
    wanted
}

const fn is_hyphen(shown: char) -> bool {
    matches!(shown, '-' | '\u{2010}' | '\u{ad}')
}

fn ends_in_letter(line: &str) -> bool {
    line.chars().rev().find(|c| !is_hyphen(*c)).is_some_and(char::is_alphabetic)
}

/// The bare letters and digits of a character: `É` gives `e`, `ﬁ` gives `f` and `i`, `œ` gives `o`
/// and `e`, `,` gives nothing.
pub(crate) fn bare(shown: char) -> impl Iterator<Item = char> {
    shown.nfkd().filter(|c| c.is_alphanumeric() && !is_combining_mark(*c)).flat_map(spelled_out)
}

fn spelled_out(letter: char) -> impl Iterator<Item = char> {
    let two = match letter {
        'œ' | 'Œ' => Some(['o', 'e']),
        'æ' | 'Æ' => Some(['a', 'e']),
        'ß' | 'ẞ' => Some(['s', 's']),
        _ => None,
    };
    let one = two.is_none().then(|| letter.to_lowercase());
    two.into_iter().flatten().chain(one.into_iter().flatten())
}
