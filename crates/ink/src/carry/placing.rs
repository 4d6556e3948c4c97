//! From what was found to where the mark stands.

use std::ops::Range;

use super::anchor::{self, Anchor, Part, Relation};
use super::find::{Found, Pair, Wanted};
use super::letters::{Edition, letters_of};
use super::{Carried, Carrier, Place, Placement};
use crate::geometry::Rect;
use crate::mark::{Mark, MarkKind, Markup, NOTE_SIZE, Quote};
use crate::selection::{Caret, Selection, passage};

/// Nearer than this, in points, is the same place.
const SAME: f32 = 2.0;
/// Lines that a mark spans may part by this share of a line's height before it no longer fits.
const PARTED: f32 = 0.6;
/// Parts of one line lie at most this far apart afterwards, in heights of their letters: on two lines
/// with the usual room between them. Further, and the line itself was torn.
const BROKEN: f32 = 1.7;
/// Share of a page that must be kept for a mark whose line is gone to stay on it, to be checked.
const KEPT: f32 = 0.3;

/// Where a mark stands on the new version.
pub(super) fn place(carrier: &Carrier<'_>, mark: &Mark) -> Carried {
    let Carrier { old, new, pages, .. } = carrier;
    let page = page_index(mark.page);
    let placing = Placing { pair: Pair { old: old.as_ref(), new, pages }, mark, page };
    let MarkKind::Markup(markup) = &mark.kind else { return placing.rigid() };
    if letters_of(&markup.quote.exact).is_empty() {
        return placing.rigid();
    }
    let Some(old) = old else { return placing.text(markup, None) };
    if let Some(range) = anchor::quoted(old, page, &markup.quote) {
        return placing.text(markup, Some(range));
    }
    // The words may go from a running head into the text.
    let (straight, straight_new) = carrier.straight(old);
    if let Some(range) = anchor::quoted(straight, page, &markup.quote) {
        let pair = Pair { old: Some(straight), new: straight_new, pages };
        return Placing { pair, mark, page }.text(markup, Some(range));
    }
    // The page does not say what the quote says: what lies under the mark is looked for, in doubt.
    let carried = placing.text(markup, anchor::covered(old, page, &markup.rects));
    Carried { placement: carried.placement.max(Placement::Fuzzy), ..carried }
}

fn page_index(page: u32) -> usize {
    usize::try_from(page.saturating_sub(1)).unwrap_or(usize::MAX)
}

struct Placing<'a> {
    pair: Pair<'a>,
    mark: &'a Mark,
    page: usize,
}

impl Placing<'_> {
    fn carried(&self, page: usize, placement: Placement, place: Place) -> Carried {
        let page = u32::try_from(page + 1).unwrap_or(u32::MAX);
        Carried { id: self.mark.id, page, placement, place, settled: None }
    }

    /// The page that comes nearest to the old one.
    fn nearest_page(&self) -> usize {
        let last = self.pair.new.sheets.len().saturating_sub(1);
        self.pair.pages.pair(self.page).unwrap_or(self.page).min(last)
    }

    fn gone(&self) -> Carried {
        self.carried(self.nearest_page(), Placement::Orphan, Place::Nowhere)
    }

    /// Marked text goes with its words.
    fn text(&self, markup: &Markup, place: Option<Range<usize>>) -> Carried {
        let Quote { exact, prefix, suffix, .. } = &markup.quote;
        let spelled = letters_of(exact);
        let (letters, whole) = match (self.pair.old, &place) {
            (Some(old), Some(range)) => {
                (old.slice(range), (old.begins(range.start), old.begins(range.end)))
            }
            _ => (spelled.as_slice(), (false, false)),
        };
        let (before, after) = (letters_of(prefix), letters_of(suffix));
        let wanted = Wanted { letters, place, around: (&before, &after), whole };
        match self.pair.find(&wanted) {
            Found::Same(range) => self.on_words(markup, &range, true),
            Found::Alike(range) => self.on_words(markup, &range, false),
            Found::OnPage(page) => self.carried(page, Placement::Page, Place::Nowhere),
            Found::Gone => self.gone(),
        }
    }

    fn on_words(&self, markup: &Markup, range: &Range<usize>, same: bool) -> Carried {
        let new = self.pair.new;
        let part =
            if same { new.on_one_page(range) } else { whole_words(new, new.on_one_page(range)) };
        let Some((page, selection)) = self.selection(&part, same.then_some(&markup.quote)) else {
            return self.gone();
        };
        let placement = if !same || part.len() < range.len() {
            // On two pages now, or other words.
            Placement::Fuzzy
        } else if page == self.page && stays(&markup.rects, &selection.rects) {
            Placement::Exact
        } else {
            Placement::Moved
        };
        let Selection { rects, quote, .. } = selection;
        self.carried(page, placement, Place::Text { rects, quote })
    }

    /// The passage of some letters, with the signs at its ends that the old quote had.
    fn selection(&self, part: &Range<usize>, was: Option<&Quote>) -> Option<(usize, Selection)> {
        let (page, mut from, mut to) = self.pair.new.carets(part)?;
        let lines = &self.pair.new.sheets.get(page)?.lines;
        if let Some(was) = was {
            let sign = |c: &char| !c.is_alphanumeric() && !c.is_whitespace();
            let line = |caret: &Caret| -> Vec<char> {
                lines.get(caret.line).map_or(Vec::new(), |line| line.text.chars().collect())
            };
            let text = line(&to);
            let ending: Vec<char> = was.exact.chars().rev().take_while(sign).collect();
            for wanted in ending.iter().rev() {
                if text.get(to.character) == Some(wanted) {
                    to.character += 1;
                }
            }
            let text = line(&from);
            let beginning: Vec<char> = was.exact.chars().take_while(sign).collect();
            for wanted in beginning.iter().rev() {
                if from.character > 0 && text.get(from.character - 1) == Some(wanted) {
                    from.character -= 1;
                }
            }
        }
        Some((page, passage(lines, from, to)?))
    }

    /// Everything else goes with its line, as it is.
    fn rigid(&self) -> Carried {
        let Some(old) = self.pair.old else {
            return self.carried(
                self.nearest_page(),
                Placement::Page,
                Place::Shift { dx: 0.0, dy: 0.0 },
            );
        };
        // A sticky note stands where its corner does; its icon hides other words.
        let bounds = if let MarkKind::Note { at } = &self.mark.kind {
            Rect { x0: at.x - 1.0, y0: at.y - NOTE_SIZE, x1: at.x + 1.0, y1: at.y }
        } else {
            self.mark.bounds()
        };
        let covered = if let MarkKind::Markup(markup) = &self.mark.kind {
            anchor::covered(old, self.page, &markup.rects)
        } else {
            None
        };
        let anchors = covered
            .map_or_else(|| anchor::lines(old, self.page, bounds), |range| vec![Anchor::on(range)]);
        let mut shifts = Vec::new();
        for anchor in &anchors {
            match self.shift(old, anchor) {
                Outcome::Sure(shift) => shifts.push((shift, true)),
                Outcome::Doubtful(shift) => shifts.push((shift, false)),
                Outcome::OnPage(page) => return self.on_page(old, page),
                Outcome::Gone => {}
            }
        }
        let Some((first, sure)) = shifts.first().copied() else {
            return if anchors.is_empty() { self.free(old) } else { self.lost(old) };
        };
        let together = shifts.iter().all(|(shift, sure)| {
            *sure
                && shift.page == first.page
                && (shift.dy - first.dy).abs() <= PARTED * shift.height
        });
        let Shift { page, dx, dy, .. } = first;
        let placement = if !(sure && together) || shifts.len() < anchors.len() {
            Placement::Fuzzy
        } else if page == self.page && dx.abs() <= SAME && dy.abs() <= SAME {
            Placement::Exact
        } else {
            Placement::Moved
        };
        self.carried(page, placement, Place::Shift { dx, dy })
    }

    /// Where a line went: by the first of its parts that is found beyond doubt, when no other part
    /// went elsewhere.
    fn shift(&self, old: &Edition<'_>, anchor: &Anchor) -> Outcome {
        let mut best = Outcome::Gone;
        for (at, part) in anchor.parts.iter().enumerate() {
            let outcome = self.shift_by(old, anchor, part);
            if let Outcome::Sure(shift) = outcome {
                let others = anchor.parts.iter().skip(at + 1);
                let agree = others
                    .filter_map(|part| match self.shift_by(old, anchor, part) {
                        Outcome::Sure(other) => Some(other),
                        Outcome::Doubtful(_) | Outcome::OnPage(_) | Outcome::Gone => None,
                    })
                    .all(|other| shift.is_near(&other));
                return if agree { Outcome::Sure(shift) } else { Outcome::Doubtful(shift) };
            }
            if matches!(best, Outcome::Gone) {
                best = outcome;
            }
        }
        best
    }

    fn shift_by(&self, old: &Edition<'_>, anchor: &Anchor, part: &Part) -> Outcome {
        let Part { pivot, needle } = part;
        let relation = &anchor.relation;
        let wanted = Wanted {
            letters: old.slice(needle),
            place: Some(needle.clone()),
            around: (&[], &[]),
            whole: (old.begins(needle.start), old.begins(needle.end)),
        };
        let (range, same) = match self.pair.find(&wanted) {
            Found::Same(range) => (range, true),
            Found::Alike(range) => (range, false),
            Found::OnPage(page) => return Outcome::OnPage(page),
            Found::Gone => return Outcome::Gone,
        };
        // Where the pivot's letters went; as far in when the letters are others.
        let scale = range.len() as f32 / needle.len().max(1) as f32;
        let at =
            |index: usize| range.start + ((index - needle.start) as f32 * scale).round() as usize;
        let there = at(pivot.start)..at(pivot.end).max(at(pivot.start) + 1);
        let new = self.pair.new;
        let (Some(from), Some(to)) = (old.first_box(pivot), new.first_box(&there)) else {
            return Outcome::Gone;
        };
        let Some(spot) = new.spots.get(there.start) else { return Outcome::Gone };
        let split = new
            .spots
            .get(there.end - 1)
            .is_none_or(|last| (last.page, last.line) != (spot.page, spot.line));
        let dx = match relation {
            Relation::Over | Relation::Under if split => to.x0 - from.x0,
            Relation::Over | Relation::Under => to.middle().x - from.middle().x,
            Relation::Before => {
                to_margin(new, spot.page, spot.line, false)
                    - to_margin(old, self.page, anchor.line, false)
            }
            Relation::After => {
                to_margin(new, spot.page, spot.line, true)
                    - to_margin(old, self.page, anchor.line, true)
            }
        };
        let dy = to.middle().y - from.middle().y;
        let shift = Shift { page: spot.page, dx, dy, height: from.height() };
        // A line broken elsewhere carries what stood beside it; what stood on it no longer fits.
        let fits = !split || matches!(relation, Relation::Before | Relation::After);
        if same && fits { Outcome::Sure(shift) } else { Outcome::Doubtful(shift) }
    }

    /// Its line stands on this page, but where is a guess.
    fn on_page(&self, old: &Edition<'_>, page: usize) -> Carried {
        let place = self.as_far_from_the_corner(old, page);
        self.carried(page, Placement::Page, place)
    }

    /// Its line is gone: the page may still be there.
    fn lost(&self, old: &Edition<'_>) -> Carried {
        match self.pair.pages.pair(self.page) {
            Some(page) if self.pair.pages.kept(self.page) >= KEPT => self.on_page(old, page),
            _ => self.gone(),
        }
    }

    /// It stands on no text: it keeps its place on a page that has not changed.
    fn free(&self, old: &Edition<'_>) -> Carried {
        let new = self.pair.new;
        let Some(page) = self.pair.pages.pair(self.page) else { return self.gone() };
        let letters = |edition: &Edition<'_>, page: usize| {
            edition.pages.get(page).map(|range| edition.slice(range).to_vec()).unwrap_or_default()
        };
        let (ours, theirs) = (letters(old, self.page), letters(new, page));
        if ours.is_empty() || ours != theirs {
            return self.on_page(old, page);
        }
        let place = self.as_far_from_the_corner(old, page);
        let stays =
            matches!(place, Place::Shift { dx, dy } if dx.abs() <= SAME && dy.abs() <= SAME);
        let placement =
            if page == self.page && stays { Placement::Exact } else { Placement::Moved };
        self.carried(page, placement, place)
    }

    fn as_far_from_the_corner(&self, old: &Edition<'_>, page: usize) -> Place {
        let area = |edition: &Edition<'_>, page: usize| {
            edition.sheets.get(page).map_or(Rect::default(), |sheet| sheet.area)
        };
        let (from, to) = (area(old, self.page), area(self.pair.new, page));
        Place::Shift { dx: to.x0 - from.x0, dy: to.y1 - from.y1 }
    }
}

/// What became of a line.
enum Outcome {
    Sure(Shift),
    Doubtful(Shift),
    OnPage(usize),
    Gone,
}

#[derive(Clone, Copy)]
struct Shift {
    page: usize,
    dx: f32,
    dy: f32,
    height: f32,
}

impl Shift {
    /// Whether both lead to the same line or to one beside it: a line that was broken elsewhere.
    fn is_near(&self, other: &Self) -> bool {
        self.page == other.page && (self.dy - other.dy).abs() <= BROKEN * self.height
    }
}

impl Anchor {
    /// On exactly these letters.
    fn on(range: Range<usize>) -> Self {
        Self {
            relation: Relation::Over,
            parts: vec![Part { pivot: range.clone(), needle: range }],
            line: 0,
        }
    }
}

/// The edge of the column in which a line stands: margin notes keep to it, whatever the length of
/// their line.
fn to_margin(edition: &Edition<'_>, page: usize, line: usize, right: bool) -> f32 {
    let Some(sheet) = edition.sheets.get(page) else { return 0.0 };
    let Some(own) = sheet.lines.get(line) else { return 0.0 };
    if !right {
        return own.rect.x0;
    }
    let column =
        sheet.lines.iter().filter(|l| l.rect.x0 <= own.rect.x1 && own.rect.x0 <= l.rect.x1);
    column.map(|l| l.rect.x1).fold(own.rect.x1, f32::max)
}

fn whole_words(new: &Edition<'_>, range: Range<usize>) -> Range<usize> {
    let page = new.page_of(range.start);
    let on_page = |index: &usize| new.page_of(*index) == page;
    let start = (0..=range.start).rev().take_while(on_page).find(|i| new.begins(*i));
    let end = (range.end..=new.letters.len()).find(|i| new.begins(*i) || !on_page(i));
    start.unwrap_or(range.start)..end.unwrap_or(range.end)
}

/// Whether rectangles are where they were.
fn stays(old: &[Rect], new: &[Rect]) -> bool {
    let near = |a: &Rect, b: &Rect| {
        [a.x0 - b.x0, a.y0 - b.y0, a.x1 - b.x1, a.y1 - b.y1].iter().all(|gap| gap.abs() <= SAME)
    };
    old.len() == new.len() && old.iter().zip(new).all(|(a, b)| near(a, b))
}
