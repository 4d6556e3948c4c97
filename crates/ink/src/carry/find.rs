//! Finding a passage of the old version in the new one.
//!
//! First the very letters. When they stand in several places, on either side, each old place is
//! given its own new one by what stands around and by the page it is on; without a clear winner
//! nothing is placed. Then letters like them: at least 0.8 alike and 0.1 better than the next best.

use std::ops::Range;

use super::approx::{self, similarity};
use super::letters::Edition;
use super::pages::Pages;

/// Least likeness of changed words that are shown in their new place, to be checked.
pub(super) const SIMILAR: f32 = 0.8;
/// How much better than the second best the best place must be.
pub(super) const MARGIN: f32 = 0.1;
/// Likeness from which a passage counts as rewritten where it stood, not as gone.
const REWRITTEN: f32 = 0.6;
/// Least support from around for one of several places.
const SUPPORT: f32 = 0.3;
/// Letters of a passage that stands once in either version and needs no support.
const SPEAKS_FOR_ITSELF: usize = 12;
/// Letters compared on either side.
const AROUND: usize = 48;
/// Places weighed on either side.
const WEIGHED: usize = 48;
/// Longest passage that is looked for with errors in the whole paper, in letters.
const LONG: usize = 640;

/// What is looked for.
pub(super) struct Wanted<'a> {
    pub(super) letters: &'a [char],
    /// Where it stands in the old version, when that is here.
    pub(super) place: Option<Range<usize>>,
    /// What stands around it.
    pub(super) around: (&'a [char], &'a [char]),
    /// Whether it begins, and ends, where a word does.
    pub(super) whole: (bool, bool),
}

/// What was found.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Found {
    /// Its very letters, without doubt.
    Same(Range<usize>),
    /// Its place, in some doubt: other letters, or too little around.
    Alike(Range<usize>),
    /// It stands somewhere on this page (index), but where is a guess.
    OnPage(usize),
    /// It is gone.
    Gone,
}

/// Two versions side by side.
pub(super) struct Pair<'a> {
    pub(super) old: Option<&'a Edition<'a>>,
    pub(super) new: &'a Edition<'a>,
    pub(super) pages: &'a Pages,
}

impl Pair<'_> {
    pub(super) fn find(&self, wanted: &Wanted<'_>) -> Found {
        if wanted.letters.is_empty() {
            return Found::Gone;
        }
        let whole = self.new.occurrences(wanted.letters, wanted.whole);
        let theirs = if whole.is_empty() {
            self.new.occurrences(wanted.letters, (false, false))
        } else {
            whole
        };
        let same = self.same(wanted, &theirs);
        if same == Found::Gone { self.alike(wanted) } else { same }
    }

    /// How much speaks for this place, 0 to 1: what stands around, and on which page.
    fn support(&self, place: Option<usize>, wanted: &Wanted<'_>, new: usize) -> f32 {
        let length = wanted.letters.len();
        let range = new..new + length;
        let theirs = self.new.around(&range, AROUND);
        let moved;
        let ours = match (self.old, place) {
            (Some(old), Some(at)) => {
                moved = old.around(&(at..at + length), AROUND);
                moved
            }
            _ => wanted.around,
        };
        let around = around(ours, theirs);
        let page = match (self.old.and_then(|old| old.page_of(place?)), self.new.page_of(new)) {
            (Some(old), Some(new)) => Some(self.pages.share(old, new)),
            _ => None,
        };
        match (around, page) {
            (Some(around), Some(page)) => 0.6 * around + 0.4 * page,
            (Some(around), None) => around,
            (None, Some(page)) => page,
            (None, None) => 0.0,
        }
    }

    fn same(&self, wanted: &Wanted<'_>, theirs: &[usize]) -> Found {
        let length = wanted.letters.len();
        let at = |new: usize| new..new + length;
        let own = wanted.place.as_ref().map(|place| place.start);
        let mut ours =
            self.old.map_or(Vec::new(), |old| old.occurrences(wanted.letters, wanted.whole));
        if let Some(own) = own
            && !ours.contains(&own)
        {
            ours.push(own);
            ours.sort_unstable();
        }
        match *theirs {
            [] => return Found::Gone,
            [only] if ours.len() <= 1 => {
                let sure = length >= SPEAKS_FOR_ITSELF
                    || self.support(own, wanted, only) >= SUPPORT + 0.05;
                return if sure { Found::Same(at(only)) } else { Found::Alike(at(only)) };
            }
            _ => {}
        }
        let Some(own) = own else { return self.quoted(wanted, theirs) };
        let rank = ours.iter().position(|place| *place == own).unwrap_or(0);
        let (near_ours, near_theirs) =
            (near(&ours, rank, ours.len()), near(theirs, rank, ours.len()));
        let mut table: Vec<(f32, usize, usize)> = Vec::new();
        for our in near_ours {
            for their in near_theirs {
                table.push((self.support(Some(*our), wanted, *their), *our, *their));
            }
        }
        table.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)).then(a.2.cmp(&b.2)));
        let score = |our: usize, their: usize| {
            table.iter().find(|(_, o, t)| (*o, *t) == (our, their)).map_or(0.0, |entry| entry.0)
        };
        let best = table.iter().find(|(_, our, _)| *our == own).map_or(0.0, |entry| entry.0);
        if best < SUPPORT {
            return Found::Gone;
        }
        // As many places as before and nothing that speaks against it: the order decides.
        if ours.len() == theirs.len()
            && let Some(their) = theirs.get(rank)
            && near_theirs.contains(their)
            && score(own, *their) >= best - MARGIN
        {
            return Found::Same(at(*their));
        }
        let given = assigned(&table);
        let Some(their) = given.iter().find(|(our, _)| *our == own).map(|(_, their)| *their) else {
            return Found::Gone;
        };
        let mine = score(own, their);
        // A rival that has a clearly better place of its own is none.
        let settled =
            |our: usize| given.iter().find(|(o, _)| *o == our).map_or(0.0, |(_, t)| score(our, *t));
        let other_place = near_theirs
            .iter()
            .filter(|t| **t != their)
            .filter(|t| {
                let holder = given.iter().find(|(_, given)| given == *t).map(|(our, _)| *our);
                holder.is_none_or(|our| score(our, **t) < score(own, **t) + MARGIN)
            })
            .map(|t| score(own, *t))
            .fold(0.0, f32::max);
        let other_claim = near_ours
            .iter()
            .filter(|our| **our != own && settled(**our) < score(**our, their) + MARGIN)
            .map(|our| score(*our, their))
            .fold(0.0, f32::max);
        if mine >= SUPPORT && mine - other_place >= MARGIN && mine - other_claim >= MARGIN {
            Found::Same(at(their))
        } else if mine < SUPPORT {
            Found::Gone
        } else {
            self.new.page_of(their).map_or(Found::Gone, Found::OnPage)
        }
    }

    /// Several places, and only the stored quote to choose by.
    fn quoted(&self, wanted: &Wanted<'_>, theirs: &[usize]) -> Found {
        let mut ranked: Vec<(f32, usize)> = (theirs.iter().take(WEIGHED * 8))
            .map(|new| (self.support(None, wanted, *new), *new))
            .collect();
        ranked.sort_by(|a, b| b.0.total_cmp(&a.0));
        match *ranked.as_slice() {
            [(score, new), ref rest @ ..] => {
                let second = rest.first().map_or(0.0, |entry| entry.0);
                if score >= SUPPORT && score - second >= MARGIN {
                    Found::Same(new..new + wanted.letters.len())
                } else {
                    self.new.page_of(new).map_or(Found::Gone, Found::OnPage)
                }
            }
            [] => Found::Gone,
        }
    }

    fn alike(&self, wanted: &Wanted<'_>) -> Found {
        let needle = wanted.letters;
        let most = (needle.len() as f32 * (1.0 - REWRITTEN)) as usize;
        let window = self.window(wanted);
        let hay = self.new.slice(&window);
        let found = approx::search(needle, hay, most, 6);
        let own = wanted.place.as_ref().map(|place| place.start);
        let mut ranked: Vec<(f32, f32, Range<usize>)> = found
            .into_iter()
            .map(|m| {
                let range = window.start + m.range.start..window.start + m.range.end;
                let like = 1.0 - m.errors as f32 / needle.len() as f32;
                (like, self.support_of(own, wanted, &range), range)
            })
            .filter(|(_, around, range)| !self.belongs_elsewhere(wanted, range, *around))
            .collect();
        let weight = |entry: &(f32, f32, Range<usize>)| 0.7 * entry.0 + 0.3 * entry.1;
        ranked.sort_by(|a, b| weight(b).total_cmp(&weight(a)));
        let Some(first) = ranked.first() else { return Found::Gone };
        let (like, around, range) = first;
        let second = ranked.get(1).map_or(0.0, weight);
        if *like >= SIMILAR && weight(first) - second >= MARGIN && (*around >= 0.1 || *like >= 0.9)
        {
            Found::Alike(range.clone())
        } else if *around >= SUPPORT || *like >= SIMILAR {
            self.new.page_of(range.start).map_or(Found::Gone, Found::OnPage)
        } else {
            Found::Gone
        }
    }

    /// Where to look for letters with errors: everywhere, or around the old page's new place.
    fn window(&self, wanted: &Wanted<'_>) -> Range<usize> {
        let all = 0..self.new.letters.len();
        if wanted.letters.len() <= LONG {
            return all;
        }
        let page =
            self.old.zip(wanted.place.as_ref()).and_then(|(old, place)| old.page_of(place.start));
        let Some(page) = page.and_then(|page| self.pages.pair(page)) else { return all };
        let first = self.new.pages.get(page.saturating_sub(2)).map_or(0, |range| range.start);
        let last = self.new.pages.get(page + 3).map_or(all.end, |range| range.start);
        first..last.max(first)
    }

    /// As [`Self::support`], for a passage of another length.
    fn support_of(&self, place: Option<usize>, wanted: &Wanted<'_>, range: &Range<usize>) -> f32 {
        let ours = match (self.old, &wanted.place) {
            (Some(old), Some(place)) => old.around(place, AROUND),
            _ => wanted.around,
        };
        let around = around(ours, self.new.around(range, AROUND)).unwrap_or(0.0);
        let page =
            match (self.old.and_then(|old| old.page_of(place?)), self.new.page_of(range.start)) {
                (Some(old), Some(new)) => self.pages.share(old, new),
                _ => around,
            };
        0.6 * around + 0.4 * page
    }

    /// Whether these letters of the new version stood in another place of the old one: then the
    /// passage there is not this one, changed.
    fn belongs_elsewhere(&self, wanted: &Wanted<'_>, range: &Range<usize>, around: f32) -> bool {
        let (Some(old), Some(own)) = (self.old, &wanted.place) else { return false };
        let letters = self.new.slice(range);
        let places = old.occurrences(letters, (false, false));
        let elsewhere =
            places.iter().filter(|at| **at + letters.len() <= own.start || **at >= own.end);
        elsewhere.take(WEIGHED).any(|at| {
            let there = old.around(&(*at..*at + letters.len()), AROUND);
            let theirs = self::around(there, self.new.around(range, AROUND)).unwrap_or(0.0);
            theirs >= around
        })
    }
}

/// Some places around the one of this rank.
fn near(places: &[usize], rank: usize, of: usize) -> &[usize] {
    let middle = rank * places.len() / of.max(1);
    let first = middle.saturating_sub(WEIGHED / 2).min(places.len().saturating_sub(WEIGHED));
    places.get(first..(first + WEIGHED).min(places.len())).unwrap_or_default()
}

/// Gives each place its own, the surest first.
fn assigned(table: &[(f32, usize, usize)]) -> Vec<(usize, usize)> {
    let mut given: Vec<(usize, usize)> = Vec::new();
    for (_, our, their) in table {
        if given.iter().all(|(o, t)| o != our && t != their) {
            given.push((*our, *their));
        }
    }
    given
}

/// How alike two surroundings are, 0 to 1; none when nothing stands around.
fn around(ours: (&[char], &[char]), theirs: (&[char], &[char])) -> Option<f32> {
    let side = |ours: &[char], theirs: &[char]| {
        let weight = ours.len() as f32;
        // Two texts that have nothing to do with each other share a good quarter of their letters.
        let like = ((similarity(ours, theirs) - 0.3) / 0.7).max(0.0);
        (weight * like, weight)
    };
    let before = theirs.0.get(theirs.0.len().saturating_sub(ours.0.len())..).unwrap_or_default();
    let after = theirs.1.get(..ours.1.len().min(theirs.1.len())).unwrap_or_default();
    let (before, after) = (side(ours.0, before), side(ours.1, after));
    let weight = before.1 + after.1;
    (weight > 0.0).then(|| (before.0 + after.0) / weight)
}
