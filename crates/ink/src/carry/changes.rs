//! What changed between two versions, for every reader.
//!
//! Words are compared in reading order (patience over the words that stand once, then Myers; crate
//! `similar`). A passage that was taken away here and stands there, at least eight words long, has
//! moved. Running heads and page numbers are left out.

use std::ops::Range;

use serde::{Deserialize, Serialize};
use similar::{Algorithm, DiffOp, capture_diff_slices};

use super::letters::Edition;
use crate::geometry::Rect;
use crate::selection::passage;

/// Fewest words of a passage that is said to have moved.
const MOVED: usize = 8;
/// Words that may stay between two changes of one passage.
const JOINED: usize = 2;
/// Longest excerpt, in characters.
const SHOWN: usize = 400;

/// What became of a passage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ChangeKind {
    /// It is new.
    Added,
    /// It is gone.
    Removed,
    /// Other words stand there.
    Changed,
    /// It stands elsewhere.
    Moved,
}

/// One change.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Change {
    /// What became of the passage.
    pub kind: ChangeKind,
    /// The passage of the old version; none when it is new.
    pub old: Option<Passage>,
    /// The passage of the new version; none when it is gone.
    pub new: Option<Passage>,
}

/// A passage, which may go over several pages.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Passage {
    /// Its words, cut after 400 characters.
    pub text: String,
    /// How many words.
    pub words: u32,
    /// Where it stands: pages from 1, each with one rectangle per line.
    pub places: Vec<(u32, Vec<Rect>)>,
}

/// Words of a version, as ranges of letters.
struct Words<'a> {
    edition: &'a Edition<'a>,
    ranges: Vec<Range<usize>>,
}

impl<'a> Words<'a> {
    fn of(edition: &'a Edition<'a>) -> Self {
        let end = edition.pages.last().map_or(0, |last| last.end);
        let mut ranges: Vec<Range<usize>> = Vec::new();
        for index in 0..end {
            // A word split between two lines is one.
            let goes_on = |last: &Range<usize>| !edition.begins(index) || edition.goes_on(last.end);
            match ranges.last_mut() {
                Some(last) if goes_on(last) => last.end = index + 1,
                _ => ranges.push(index..index + 1),
            }
        }
        Self { edition, ranges }
    }

    fn letters(&self) -> Vec<&'a [char]> {
        self.ranges.iter().map(|range| self.edition.slice(range)).collect()
    }

    fn passage(&self, words: &Range<usize>) -> Option<Passage> {
        let ranges = self.ranges.get(words.clone())?;
        let (first, last) = (ranges.first()?, ranges.last()?);
        let mut places: Vec<(u32, Vec<Rect>)> = Vec::new();
        let mut text = String::new();
        let mut from = first.start;
        while from < last.end {
            let page = self.edition.page_of(from)?;
            let until = self.edition.pages.get(page)?.end.min(last.end);
            let (_, a, b) = self.edition.carets(&(from..until))?;
            if let Some(found) = passage(&self.edition.sheets.get(page)?.lines, a, b) {
                if !text.is_empty() {
                    text.push(' ');
                }
                text.push_str(&found.quote.exact);
                places.push((u32::try_from(page + 1).ok()?, found.rects));
            }
            from = until;
        }
        if text.chars().count() > SHOWN {
            text = text.chars().take(SHOWN).collect();
            text.push('…');
        }
        Some(Passage { text, words: u32::try_from(words.len()).ok()?, places })
    }
}

/// Everything that changed, in the order of the new version.
pub(super) fn changes(old: &Edition<'_>, new: &Edition<'_>) -> Vec<Change> {
    let (ours, theirs) = (Words::of(old), Words::of(new));
    let (our_letters, their_letters) = (ours.letters(), theirs.letters());
    let spans = joined(&capture_diff_slices(Algorithm::Patience, &our_letters, &their_letters));
    let moved = moves(&spans, &our_letters, &their_letters);
    let mut changes: Vec<(usize, Change)> = Vec::new();
    for (gone, come) in &moved {
        let (old, new) = (ours.passage(gone), theirs.passage(come));
        changes.push((come.start, Change { kind: ChangeKind::Moved, old, new }));
    }
    for (gone, come) in spans {
        // What has moved is not also added or removed.
        let left = without(gone, moved.iter().map(|pair| &pair.0));
        let right = without(come.clone(), moved.iter().map(|pair| &pair.1));
        let at = come.start;
        match (left.as_slice(), right.as_slice()) {
            ([gone], [come]) => {
                let (old, new) = (ours.passage(gone), theirs.passage(come));
                changes.push((at, Change { kind: ChangeKind::Changed, old, new }));
            }
            (gone, come) => {
                for range in gone {
                    let old = ours.passage(range);
                    changes.push((at, Change { kind: ChangeKind::Removed, old, new: None }));
                }
                for range in come {
                    let new = theirs.passage(range);
                    changes.push((range.start, Change { kind: ChangeKind::Added, old: None, new }));
                }
            }
        }
    }
    changes.sort_by_key(|(at, _)| *at);
    let whole = |change: &Change| change.old.is_some() || change.new.is_some();
    changes.into_iter().map(|(_, change)| change).filter(whole).collect()
}

/// The differing spans, those with next to nothing between them as one.
fn joined(operations: &[DiffOp]) -> Vec<(Range<usize>, Range<usize>)> {
    let mut spans: Vec<(Range<usize>, Range<usize>)> = Vec::new();
    for operation in operations {
        if matches!(operation, DiffOp::Equal { .. }) {
            continue;
        }
        let (old, new) = (operation.old_range(), operation.new_range());
        match spans.last_mut() {
            Some(last)
                if old.start.saturating_sub(last.0.end) <= JOINED
                    && new.start.saturating_sub(last.1.end) <= JOINED =>
            {
                last.0.end = old.end;
                last.1.end = new.end;
            }
            _ => spans.push((old, new)),
        }
    }
    spans
}

/// Passages that stand in an old span and in a new one elsewhere, the longest first.
fn moves(
    spans: &[(Range<usize>, Range<usize>)],
    old: &[&[char]],
    new: &[&[char]],
) -> Vec<(Range<usize>, Range<usize>)> {
    use std::collections::BTreeMap;
    let mut known: BTreeMap<&[&[char]], Vec<usize>> = BTreeMap::new();
    for (_, come) in spans {
        let words = new.get(come.clone()).unwrap_or_default();
        for (index, eight) in words.windows(MOVED).enumerate() {
            known.entry(eight).or_default().push(come.start + index);
        }
    }
    let mut found: Vec<(Range<usize>, Range<usize>)> = Vec::new();
    for (gone, _) in spans {
        let mut at = gone.start;
        while at + MOVED <= gone.end {
            let eight = old.get(at..at + MOVED).unwrap_or_default();
            // In several places: which one it went to is a guess.
            let place = match known.get(eight).map(Vec::as_slice) {
                Some([place]) => *place,
                _ => {
                    at += 1;
                    continue;
                }
            };
            let most = gone.end - at;
            let end = spans.iter().find(|(_, c)| c.contains(&place)).map_or(place, |(_, c)| c.end);
            let length = (0..most.min(end.saturating_sub(place)))
                .take_while(|i| old.get(at + i) == new.get(place + i))
                .count();
            found.push((at..at + length, place..place + length));
            at += length.max(1);
        }
    }
    found
}

/// A range without the parts that others take.
fn without<'r>(
    range: Range<usize>,
    taken: impl Iterator<Item = &'r Range<usize>>,
) -> Vec<Range<usize>> {
    let mut taken: Vec<&Range<usize>> =
        taken.filter(|t| t.start < range.end && range.start < t.end).collect();
    taken.sort_by_key(|t| t.start);
    let mut left = Vec::new();
    let mut from = range.start;
    for part in taken {
        if part.start > from {
            left.push(from..part.start);
        }
        from = from.max(part.end);
    }
    if from < range.end {
        left.push(from..range.end);
    }
    left
}
