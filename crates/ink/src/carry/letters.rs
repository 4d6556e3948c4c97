//! The text of a version as one run of letters, with the place of each.
//!
//! White space, line ends, hyphenation, ligatures, punctuation and case are gone, accents and the
//! signs within numbers stay. Lines that stand on many pages (running heads, page numbers) are taken
//! out of the run and kept behind it, so that a sentence goes on across a page's end.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::{compose, is_combining_mark};

use super::Sheet;
use crate::geometry::Rect;
use crate::selection::{Caret, Line};

/// Stands between lines that are no part of the running text.
pub(super) const WALL: char = '\0';
/// Outer part of a page's height in which running heads and feet stand.
const EDGE: f32 = 0.14;
/// Lines looked at from either end of a page.
const LOOKED_AT: usize = 3;
/// Fewest pages on which a line stands before it counts as a running head.
const REPEATED: usize = 3;

/// Where a letter stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Spot {
    /// Index of the page.
    pub(super) page: usize,
    /// Index of the line on its page.
    pub(super) line: usize,
    /// Index of the character in its line.
    pub(super) character: usize,
    /// Whether something that is no letter stands before it.
    pub(super) begins: bool,
}

/// The text of one version.
pub(super) struct Edition<'a> {
    pub(super) sheets: &'a [Sheet<'a>],
    pub(super) letters: Vec<char>,
    pub(super) spots: Vec<Spot>,
    /// The running text of each page, as a range of letters.
    pub(super) pages: Vec<Range<usize>>,
    /// The letters once more, for the search, and where each begins in it.
    text: String,
    bytes: Vec<usize>,
}

impl<'a> Edition<'a> {
    /// Reads a version, running heads and feet apart.
    pub(super) fn read(sheets: &'a [Sheet<'a>]) -> Self {
        Self::with(sheets, running_heads(sheets))
    }

    /// Reads a version as it stands, running heads and feet in their place: for words that go from
    /// one into the text.
    pub(super) fn straight(sheets: &'a [Sheet<'a>]) -> Self {
        Self::with(sheets, BTreeSet::new())
    }

    fn with(sheets: &'a [Sheet<'a>], heads: BTreeSet<(usize, usize)>) -> Self {
        let mut edition = Self {
            sheets,
            letters: Vec::new(),
            spots: Vec::new(),
            pages: Vec::with_capacity(sheets.len()),
            text: String::new(),
            bytes: Vec::new(),
        };
        for (page, sheet) in sheets.iter().enumerate() {
            let start = edition.letters.len();
            for (index, line) in sheet.lines.iter().enumerate() {
                if !heads.contains(&(page, index)) {
                    edition.take(page, index, line);
                }
            }
            edition.pages.push(start..edition.letters.len());
        }
        for (page, line) in heads {
            if let Some(text) = sheets.get(page).and_then(|sheet| sheet.lines.get(line)) {
                edition.letters.push(WALL);
                edition.spots.push(Spot { page, line, character: 0, begins: true });
                edition.take(page, line, text);
            }
        }
        for letter in &edition.letters {
            edition.bytes.push(edition.text.len());
            edition.text.push(*letter);
        }
        edition
    }

    fn take(&mut self, page: usize, line: usize, text: &Line<'_>) {
        let mut out = Vec::new();
        spell(text.text, |character, letter, begins| {
            out.push((letter, Spot { page, line, character, begins }));
        });
        for (letter, spot) in out {
            self.letters.push(letter);
            self.spots.push(spot);
        }
    }

    /// Every place where these letters stand, oldest first; only whole words when `whole` says that
    /// the passage begins, and ends, where a word does.
    pub(super) fn occurrences(&self, needle: &[char], whole: (bool, bool)) -> Vec<usize> {
        let wanted: String = needle.iter().collect();
        if wanted.is_empty() {
            return Vec::new();
        }
        let mut found = Vec::new();
        let mut from = 0;
        while let Some(at) = self.text.get(from..).and_then(|rest| rest.find(&wanted)) {
            let byte = from + at;
            if let Ok(index) = self.bytes.binary_search(&byte)
                && (!whole.0 || self.begins(index))
                && (!whole.1 || self.begins(index + needle.len()))
            {
                found.push(index);
            }
            from = byte + wanted.chars().next().map_or(1, char::len_utf8);
        }
        found
    }

    /// Whether a word begins at this letter, or the text ends there.
    pub(super) fn begins(&self, index: usize) -> bool {
        self.spots.get(index).is_none_or(|spot| spot.begins)
    }

    /// Whether the word whose last letter stands before this one is split there by a hyphen: its line
    /// ends in one, and the next begins with a small letter.
    pub(super) fn goes_on(&self, index: usize) -> bool {
        let (Some(before), Some(after)) =
            (index.checked_sub(1).and_then(|i| self.spots.get(i)), self.spots.get(index))
        else {
            return false;
        };
        let line = |spot: &Spot| self.sheets.get(spot.page).and_then(|s| s.lines.get(spot.line));
        let rest =
            line(before).map(|l| l.text.chars().skip(before.character + 1).collect::<String>());
        let first = line(after).and_then(|l| l.text.chars().nth(after.character));
        (before.page, before.line) != (after.page, after.line)
            && rest.is_some_and(|rest| rest.trim_end() == "-")
            && first.is_some_and(char::is_lowercase)
    }

    pub(super) fn slice(&self, range: &Range<usize>) -> &[char] {
        self.letters.get(range.clone()).unwrap_or_default()
    }

    /// Index of the page on which a letter stands.
    pub(super) fn page_of(&self, index: usize) -> Option<usize> {
        self.spots.get(index).map(|spot| spot.page)
    }

    /// Letters before and after a range, up to a wall.
    pub(super) fn around(&self, range: &Range<usize>, many: usize) -> (&[char], &[char]) {
        let before = self.letters.get(range.start.saturating_sub(many)..range.start);
        let after = self.letters.get(range.end..(range.end + many).min(self.letters.len()));
        let before = before.unwrap_or_default();
        let after = after.unwrap_or_default();
        let wall = before.iter().rposition(|c| *c == WALL).map_or(0, |at| at + 1);
        let end = after.iter().position(|c| *c == WALL).unwrap_or(after.len());
        (before.get(wall..).unwrap_or_default(), after.get(..end).unwrap_or_default())
    }

    /// The letters of some characters of a page, as a range; none when they do not follow each other.
    pub(super) fn letters_at(
        &self,
        page: usize,
        inside: impl Fn(&Line<'_>, &Spot) -> bool,
    ) -> Option<Range<usize>> {
        let sheet = self.sheets.get(page)?;
        let fits = |index: &usize| {
            self.spots.get(*index).is_some_and(|spot| {
                spot.page == page
                    && self.letters.get(*index) != Some(&WALL)
                    && sheet.lines.get(spot.line).is_some_and(|line| inside(line, spot))
            })
        };
        let main = self.pages.get(page)?.clone();
        let behind = self.pages.last().map_or(0, |last| last.end)..self.letters.len();
        for region in [main, behind] {
            let first = region.clone().find(fits);
            let last = region.rev().find(fits);
            if let (Some(first), Some(last)) = (first, last) {
                return Some(first..last + 1);
            }
        }
        None
    }

    /// The carets around a range, when it lies on one page; and that page.
    pub(super) fn carets(&self, range: &Range<usize>) -> Option<(usize, Caret, Caret)> {
        let first = self.spots.get(range.start)?;
        let last = self.spots.get(range.end.checked_sub(1)?)?;
        (first.page == last.page).then_some((
            first.page,
            Caret { line: first.line, character: first.character },
            Caret { line: last.line, character: last.character + 1 },
        ))
    }

    /// The part of a range that lies on the page that has most of it.
    pub(super) fn on_one_page(&self, range: &Range<usize>) -> Range<usize> {
        let mut best = range.start..range.start;
        let mut from = range.start;
        for index in range.clone() {
            if self.page_of(index) != self.page_of(from) {
                from = index;
            }
            if index + 1 - from > best.len() {
                best = from..index + 1;
            }
        }
        best
    }

    /// Box of one line's part of a range: of the line on which it begins.
    pub(super) fn first_box(&self, range: &Range<usize>) -> Option<Rect> {
        let first = self.spots.get(range.start)?;
        let same = |index: &usize| {
            self.spots.get(*index).is_some_and(|s| (s.page, s.line) == (first.page, first.line))
        };
        let last = range.clone().take_while(same).last()?;
        let line = self.sheets.get(first.page)?.lines.get(first.line)?;
        line.between(first.character, self.spots.get(last)?.character + 1)
    }
}

/// The letters of a text, in order.
pub(super) fn letters_of(text: &str) -> Vec<char> {
    let mut letters = Vec::new();
    spell(text, |_, letter, _| letters.push(letter));
    letters
}

/// Gives each letter of a text with the index of its character and whether a word begins there.
fn spell(text: &str, mut give: impl FnMut(usize, char, bool)) {
    let characters: Vec<char> = text.chars().collect();
    let digit = |index: Option<usize>| {
        index.and_then(|i| characters.get(i)).is_some_and(char::is_ascii_digit)
    };
    let mut begins = true;
    let mut pending: Option<(usize, char, bool)> = None;
    for (index, shown) in characters.iter().enumerate() {
        if is_combining_mark(*shown) {
            if let Some((at, base, first)) = pending {
                pending = Some((at, compose(base, *shown).unwrap_or(base), first));
            }
            continue;
        }
        if matches!(shown, '.' | ',') && digit(index.checked_sub(1)) && digit(Some(index + 1)) {
            if let Some((at, letter, first)) = pending.take() {
                give(at, letter, first);
            }
            pending = Some((index, *shown, false));
            continue;
        }
        let mut any = false;
        for letter in std::iter::once(*shown).nfkc().filter(|c| c.is_alphanumeric()) {
            for letter in spelled_out(letter) {
                if let Some((at, letter, first)) = pending.take() {
                    give(at, letter, first);
                }
                pending = Some((index, letter, begins));
                begins = false;
                any = true;
            }
        }
        begins |= !any;
    }
    if let Some((at, letter, first)) = pending {
        give(at, letter, first);
    }
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

/// Lines as (page, line).
type Places = Vec<(usize, usize)>;

/// Lines that stand at the top or foot of many pages; numbers in them may differ.
fn running_heads(sheets: &[Sheet<'_>]) -> BTreeSet<(usize, usize)> {
    let mut known: BTreeMap<(bool, Vec<char>), Places> = BTreeMap::new();
    for (page, sheet) in sheets.iter().enumerate() {
        let height = sheet.area.height().max(1.0);
        let mut order: Vec<(usize, f32)> = (sheet.lines.iter().enumerate())
            .filter(|(_, line)| !line.vertical)
            .map(|(index, line)| (index, (line.rect.y0 + line.rect.y1) / 2.0))
            .collect();
        order.sort_by(|a, b| b.1.total_cmp(&a.1));
        let top = order.iter().take(LOOKED_AT).map(|entry| (true, entry));
        let foot = order.iter().rev().take(LOOKED_AT).map(|entry| (false, entry));
        for (is_top, (index, y)) in top.chain(foot) {
            let from_edge = if is_top { sheet.area.y1 - y } else { y - sheet.area.y0 };
            let Some(line) = sheet.lines.get(*index) else { continue };
            if from_edge <= height * EDGE {
                let places = known.entry((is_top, without_numbers(line.text))).or_default();
                if !places.contains(&(page, *index)) {
                    places.push((page, *index));
                }
            }
        }
    }
    let enough = REPEATED.max(sheets.len().div_ceil(8));
    let repeated = known.into_values().filter(|places| {
        let mut pages: Vec<usize> = places.iter().map(|(page, _)| *page).collect();
        pages.dedup();
        pages.len() >= enough
    });
    repeated.flatten().collect()
}

/// A line's letters, every number as one zero.
fn without_numbers(text: &str) -> Vec<char> {
    let mut out: Vec<char> = Vec::new();
    for letter in letters_of(text).into_iter().take(120) {
        let shown = if letter.is_numeric() { '0' } else { letter };
        if shown != '0' || out.last() != Some(&'0') {
            out.push(shown);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spelled(text: &str) -> String {
        letters_of(text).into_iter().collect()
    }

    #[test]
    fn letters_are_bare_of_all_but_accents_and_the_signs_in_numbers() {
        assert_eq!(spelled("Les ﬁnances : l’œuvre,\u{a0}50 %"), "lesfinancesloeuvre50");
        assert_eq!(spelled("élan e\u{301}lan ELAN"), "élanélanelan");
        assert_eq!(spelled("12,5 ; 12, 5. 1 240,00"), "12,51251240,00");
        assert_eq!(spelled("– … ! %"), "");
    }

    #[test]
    fn a_word_begins_where_something_that_is_no_letter_stands_before() {
        let mut begins = Vec::new();
        spell("l’avis ﬁnal", |character, _, first| begins.push((character, first)));
        let first: Vec<usize> = begins.iter().filter(|(_, b)| *b).map(|(c, _)| *c).collect();
        assert_eq!(first, [0, 2, 7]);
    }
}
