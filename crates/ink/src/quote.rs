//! Finding a quoted passage on a page again.
//!
//! White space, line breaks, hyphenation, ligatures, punctuation, case and accents do not matter:
//! both sides are brought to their bare letters and digits first. A quote that begins and ends
//! where words do is preferred to the same letters inside other words.

use unicode_normalization::char::is_combining_mark;

use crate::find::bare;
use crate::selection::{Caret, Line, Selection, passage};

/// Why a quote was not found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum QuoteError {
    /// The quote has no letter or digit.
    #[error("The quote has no letter or digit to look for.")]
    Empty,
    /// The words do not stand on the page.
    #[error("These words do not stand on this page.")]
    NotFound,
    /// The words stand there more than once.
    #[error("These words stand {count} times on this page: quote more of the passage.")]
    Ambiguous {
        /// How often.
        count: usize,
    },
}

/// Finds the one place of the page where these words stand.
///
/// # Errors
/// [`QuoteError`] unless they stand there exactly once.
pub fn find(lines: &[Line<'_>], quote: &str) -> Result<Selection, QuoteError> {
    let wanted: Vec<char> = quote.chars().flat_map(bare).collect();
    if wanted.is_empty() {
        return Err(QuoteError::Empty);
    }
    let page = letters(lines);
    let all: Vec<usize> = page
        .windows(wanted.len())
        .enumerate()
        .filter(|(_, window)| window.iter().map(|letter| letter.bare).eq(wanted.iter().copied()))
        .map(|(start, _)| start)
        .collect();
    let whole: Vec<usize> =
        all.iter().copied().filter(|start| is_whole(&page, *start, wanted.len())).collect();
    let found = if whole.is_empty() { all } else { whole };
    match *found.as_slice() {
        [] => Err(QuoteError::NotFound),
        [start] => {
            let matched = page.get(start..start + wanted.len()).unwrap_or_default();
            let (Some(first), Some(last)) = (matched.first(), matched.last()) else {
                return Err(QuoteError::NotFound);
            };
            let end = Caret { character: last.at.character + 1, ..last.at };
            passage(lines, first.at, end).ok_or(QuoteError::NotFound)
        }
        _ => Err(QuoteError::Ambiguous { count: found.len() }),
    }
}

struct Letter {
    bare: char,
    at: Caret,
    /// Whether something that is no letter stands before it.
    begins: bool,
}

fn letters(lines: &[Line<'_>]) -> Vec<Letter> {
    let mut out = Vec::new();
    let mut begins = true;
    for (line, text) in lines.iter().enumerate() {
        for (character, shown) in text.text.chars().enumerate() {
            let before = out.len();
            for letter in bare(shown) {
                out.push(Letter { bare: letter, at: Caret { line, character }, begins });
                begins = false;
            }
            // A lone accent belongs to the letter before it.
            begins |= out.len() == before && !is_combining_mark(shown);
        }
        begins = true;
    }
    out
}

fn is_whole(page: &[Letter], start: usize, length: usize) -> bool {
    page.get(start).is_some_and(|letter| letter.begins)
        && page.get(start + length).is_none_or(|letter| letter.begins)
}
