//! What a mark stands on: the words under it, or the line it stands on, under or beside.

use std::ops::Range;

use super::letters::{Edition, Spot, letters_of};
use crate::geometry::Rect;
use crate::mark::Quote;
use crate::selection::Line;

/// Fewest letters by which a line is looked for again.
const ENOUGH: usize = 28;
/// Further from any line than this, in points, a mark stands on nothing.
const FREE: f32 = 40.0;
/// So near to a line's end, in points, a mark belongs to its last word, not to the margin.
const AT_ITS_END: f32 = 10.0;
/// Letters that a free highlight must cover to stand on them.
const COVERED: usize = 6;

/// How a mark stands to its line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Relation {
    /// On it.
    Over,
    /// Below it: an underline, a note between two lines.
    Under,
    /// In the margin before it.
    Before,
    /// In the margin after it.
    After,
}

/// A line that a mark stands to.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Anchor {
    pub(super) relation: Relation,
    /// Parts of the line by which it can be found again, the best first.
    pub(super) parts: Vec<Part>,
    pub(super) line: usize,
}

/// A part of a line.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Part {
    /// The letters nearest to the mark: where these go, it goes.
    pub(super) pivot: Range<usize>,
    /// The pivot with enough around to be found again.
    pub(super) needle: Range<usize>,
}

/// The letters that a quote marks on a page: of several such places the one nearest to where it says
/// it begins.
pub(super) fn quoted(old: &Edition<'_>, page: usize, quote: &Quote) -> Option<Range<usize>> {
    let letters = letters_of(&quote.exact);
    let sheet = old.sheets.get(page)?;
    let start = usize::try_from(quote.start).ok()?;
    let offset = |spot: &Spot| {
        let line = sheet.lines.get(spot.line)?;
        Some(usize::try_from(line.start).ok()? + spot.character)
    };
    let places = old.occurrences(&letters, (false, false));
    let on_page = places.iter().copied().filter(|at| old.page_of(*at) == Some(page));
    let nearest = on_page.min_by_key(|at| {
        old.spots.get(*at).and_then(offset).map_or(usize::MAX, |offset| offset.abs_diff(start))
    });
    nearest.map(|at| at..at + letters.len())
}

/// The letters under rectangles.
pub(super) fn covered(old: &Edition<'_>, page: usize, rects: &[Rect]) -> Option<Range<usize>> {
    let range = old.letters_at(page, |line, spot| {
        line.between(spot.character, spot.character + 1).is_some_and(|letter| {
            let middle = letter.middle();
            rects.iter().any(|rect| rect.contains(middle))
        })
    })?;
    (range.len() >= COVERED).then_some(range)
}

/// The lines a mark stands to: the nearest, and the last of those it spans.
pub(super) fn lines(old: &Edition<'_>, page: usize, bounds: Rect) -> Vec<Anchor> {
    let Some(sheet) = old.sheets.get(page) else { return Vec::new() };
    let mut near: Vec<(f32, usize, &Line<'_>)> = sheet
        .lines
        .iter()
        .enumerate()
        .filter(|(_, line)| !letters_of(line.text).is_empty())
        .map(|(index, line)| (distance(bounds, line.rect), index, line))
        .filter(|(distance, ..)| *distance <= FREE)
        .collect();
    near.sort_by(|a, b| {
        a.0.total_cmp(&b.0)
            .then_with(|| centre_gap(bounds, a.2).total_cmp(&centre_gap(bounds, b.2)))
    });
    let Some((_, nearest, first)) = near.first().copied() else { return Vec::new() };
    let relation = relation(bounds, first.rect);
    // A mark over or beside several lines is held by the first and the last of them.
    let spanned: Vec<(usize, &Line<'_>)> = near
        .iter()
        .filter(|(_, _, line)| {
            let middle = (line.rect.y0 + line.rect.y1) / 2.0;
            (bounds.y0..=bounds.y1).contains(&middle)
                && self::relation(bounds, line.rect) == relation
        })
        .map(|(_, index, line)| (*index, *line))
        .collect();
    let upper = spanned.iter().max_by(|a, b| a.1.rect.y1.total_cmp(&b.1.rect.y1)).map(|(i, _)| *i);
    let lower = spanned.iter().min_by(|a, b| a.1.rect.y0.total_cmp(&b.1.rect.y0)).map(|(i, _)| *i);
    let mut held = match (upper, lower) {
        (Some(upper), Some(lower)) if relation != Relation::Under => vec![upper, lower],
        _ => vec![nearest],
    };
    held.dedup();
    held.into_iter().filter_map(|line| anchor(old, page, line, bounds, relation)).collect()
}

fn anchor(
    old: &Edition<'_>,
    page: usize,
    line: usize,
    bounds: Rect,
    relation: Relation,
) -> Option<Anchor> {
    let whole = old.letters_at(page, |_, spot| spot.line == line)?;
    let part = |pivot: Range<usize>| Part { needle: widened(old, &pivot), pivot };
    let parts = match relation {
        Relation::Over | Relation::Under => {
            let under = nearest_letters(old, page, line, &whole, bounds)?;
            vec![part(words(old, under, &whole))]
        }
        // Whatever becomes of the line, a note in the margin stands beside its middle.
        Relation::Before | Relation::After => [1, 0, 2]
            .into_iter()
            .map(|third| {
                let at = whole.start + (whole.len() - 1) * third / 2;
                part(words(old, at..at + 1, &whole))
            })
            .collect(),
    };
    Some(Anchor { relation, parts, line })
}

/// The letters of a line that lie over or under a mark; the nearest one when none does.
fn nearest_letters(
    old: &Edition<'_>,
    page: usize,
    line: usize,
    whole: &Range<usize>,
    bounds: Rect,
) -> Option<Range<usize>> {
    let text = old.sheets.get(page)?.lines.get(line)?;
    let gap = |index: &usize| {
        let character = old.spots.get(*index).map_or(0, |spot| spot.character);
        text.between(character, character + 1).map_or(f32::MAX, |letter| {
            let (dx, dy) = gaps(bounds, letter);
            if text.vertical { dy } else { dx }
        })
    };
    let under = |index: &usize| gap(index) <= 0.0;
    let first = whole.clone().find(under);
    let last = whole.clone().rev().find(under);
    match (first, last) {
        (Some(first), Some(last)) => Some(first..last + 1),
        _ => whole.clone().min_by(|a, b| gap(a).total_cmp(&gap(b))).map(|at| at..at + 1),
    }
}

/// Whole words around a range, within a line.
fn words(old: &Edition<'_>, range: Range<usize>, within: &Range<usize>) -> Range<usize> {
    let start = (within.start..=range.start).rev().find(|i| old.begins(*i)).unwrap_or(range.start);
    let end = (range.end..=within.end).find(|i| old.begins(*i)).unwrap_or(range.end);
    start..end
}

/// A range with words before and after it, until there are enough letters.
fn widened(old: &Edition<'_>, range: &Range<usize>) -> Range<usize> {
    let (before, after) = old.around(range, ENOUGH);
    let missing = ENOUGH.saturating_sub(range.len());
    if missing == 0 {
        return range.clone();
    }
    let mut start = range.start - before.len().min(missing.div_ceil(2));
    let end = range.end + after.len().min(missing - (range.start - start));
    start = start.min(range.start - before.len().min(ENOUGH.saturating_sub(end - range.start)));
    let least = range.start - before.len();
    let most = range.end + after.len();
    let start = (least..=start).rev().find(|i| old.begins(*i)).unwrap_or(least);
    let end = (end..=most).find(|i| old.begins(*i)).unwrap_or(most);
    start..end
}

fn gaps(a: Rect, b: Rect) -> (f32, f32) {
    ((b.x0 - a.x1).max(a.x0 - b.x1).max(0.0), (b.y0 - a.y1).max(a.y0 - b.y1).max(0.0))
}

/// How far a mark is from a line; across the lines counts double, so that a note in the margin
/// belongs to the line beside it.
fn distance(mark: Rect, line: Rect) -> f32 {
    let (dx, dy) = gaps(mark, line);
    dx.hypot(2.0 * dy)
}

fn centre_gap(mark: Rect, line: &Line<'_>) -> f32 {
    (mark.middle().y - line.rect.middle().y).abs()
}

fn relation(mark: Rect, line: Rect) -> Relation {
    let (dx, _) = gaps(mark, line);
    let height = line.height();
    if dx > AT_ITS_END {
        return if mark.x1 <= line.x0 { Relation::Before } else { Relation::After };
    }
    if mark.y1 <= line.y0 + 0.35 * height { Relation::Under } else { Relation::Over }
}
