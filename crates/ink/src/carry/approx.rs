//! Looking for letters with errors in them.
//!
//! Bit-parallel search for all ends of matches within k errors: Myers, "A fast bit-vector algorithm
//! for approximate string matching based on dynamic programming", J. ACM 46 (1999), in the block form
//! of Hyyrö (2003).

use std::collections::BTreeMap;
use std::ops::Range;

/// A passage that is like the one looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Match {
    /// Where it stands.
    pub(super) range: Range<usize>,
    /// Insertions, deletions and substitutions that make one out of the other.
    pub(super) errors: usize,
}

/// The best passages within `most` errors that do not overlap each other, fewest errors first, at
/// most `count`.
pub(super) fn search(needle: &[char], hay: &[char], most: usize, count: usize) -> Vec<Match> {
    if needle.is_empty() {
        return Vec::new();
    }
    let mut ends: Vec<(usize, usize)> = Vec::new();
    scan(needle, hay.iter().copied(), |end, errors| {
        if errors <= most {
            ends.push((errors, end));
        }
    });
    ends.sort_unstable();
    let mut found: Vec<Match> = Vec::new();
    for (errors, end) in ends {
        let near = |known: &Match| {
            end + needle.len() / 2 > known.range.start && end <= known.range.end + needle.len() / 2
        };
        if found.iter().any(near) {
            continue;
        }
        let start = start_of(needle, hay, end, errors);
        found.push(Match { range: start..end, errors });
        if found.len() == count {
            break;
        }
    }
    found
}

/// Where the match that ends here begins.
fn start_of(needle: &[char], hay: &[char], end: usize, errors: usize) -> usize {
    let from = end.saturating_sub(needle.len() + errors);
    let back: Vec<char> = needle.iter().rev().copied().collect();
    let window = hay.get(from..end).unwrap_or_default();
    let mut start = end.saturating_sub(needle.len());
    let mut best = usize::MAX;
    scan(&back, window.iter().rev().copied(), |length, errors| {
        if errors < best {
            best = errors;
            start = end - length;
        }
    });
    start
}

/// Calls with every end (exclusive) and the fewest errors of a match that ends there.
fn scan(needle: &[char], hay: impl Iterator<Item = char>, mut give: impl FnMut(usize, usize)) {
    const WORD: usize = 64;
    let blocks = needle.len().div_ceil(WORD);
    let mut masks: BTreeMap<char, Vec<u64>> = BTreeMap::new();
    for (block, part) in needle.chunks(WORD).enumerate() {
        for (bit, letter) in part.iter().enumerate() {
            let mask = masks.entry(*letter).or_insert_with(|| vec![0; blocks]);
            if let Some(word) = mask.get_mut(block) {
                *word |= 1 << bit;
            }
        }
    }
    let nothing = vec![0; blocks];
    let mut state = vec![(u64::MAX, 0_u64); blocks];
    let last = 1_u64 << ((needle.len() - 1) % WORD);
    let mut errors = needle.len();
    for (index, letter) in hay.enumerate() {
        let mask = masks.get(&letter).unwrap_or(&nothing);
        let (mut plus_in, mut minus_in) = (0_u64, 0_u64);
        for (block, ((plus, minus), equal)) in state.iter_mut().zip(mask).enumerate() {
            let top = if block + 1 == blocks { last } else { 1 << (WORD - 1) };
            let vertical = equal | *minus;
            let equal = equal | minus_in;
            let horizontal = ((equal & *plus).wrapping_add(*plus) ^ *plus) | equal;
            let mut up = *minus | !(horizontal | *plus);
            let mut down = *plus & horizontal;
            let (plus_out, minus_out) = (u64::from(up & top != 0), u64::from(down & top != 0));
            up = (up << 1) | plus_in;
            down = (down << 1) | minus_in;
            *plus = down | !(vertical | up);
            *minus = up & vertical;
            (plus_in, minus_in) = (plus_out, minus_out);
        }
        errors = errors + plus_in as usize - minus_in as usize;
        give(index + 1, errors);
    }
}

/// How alike two short texts are, 1 when equal, 0 when nothing is shared: edit distance over the
/// longer length.
pub(super) fn similarity(a: &[char], b: &[char]) -> f32 {
    let longer = a.len().max(b.len());
    if longer == 0 {
        return 1.0;
    }
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut diagonal = i;
        let mut left = i + 1;
        if let Some(first) = row.first_mut() {
            *first = left;
        }
        for (cell, y) in row.iter_mut().skip(1).zip(b) {
            let here = (diagonal + usize::from(x != y)).min(left + 1).min(*cell + 1);
            diagonal = *cell;
            *cell = here;
            left = here;
        }
    }
    let distance = row.last().copied().unwrap_or(longer);
    1.0 - distance as f32 / longer as f32
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn chars(text: &str) -> Vec<char> {
        text.chars().collect()
    }

    #[test]
    fn a_passage_with_errors_is_found_whole() {
        let hay = chars("xxlemontantgarantiestporteà1260000eurosxx");
        let needle = chars("lemontantgarantiestporteà1240000euros");
        let found = search(&needle, &hay, 5, 3);
        assert_eq!(found, [Match { range: 2..39, errors: 1 }]);
    }

    #[test]
    fn likeness_is_one_for_the_same_and_falls_with_every_change() {
        assert_eq!(similarity(&chars("budget"), &chars("budget")), 1.0);
        assert!((similarity(&chars("budget"), &chars("budgets")) - 6.0 / 7.0).abs() < 1e-6);
        assert_eq!(similarity(&chars("abc"), &chars("xyz")), 0.0);
        assert_eq!(similarity(&[], &[]), 1.0);
    }

    /// The textbook table, for needles longer than one and two words.
    fn slow(needle: &[char], hay: &[char]) -> Vec<usize> {
        let mut column: Vec<usize> = (0..=needle.len()).collect();
        let mut ends = Vec::new();
        for letter in hay {
            let mut diagonal = 0;
            column[0] = 0;
            for (i, wanted) in needle.iter().enumerate() {
                let cell = (diagonal + usize::from(wanted != letter))
                    .min(column[i] + 1)
                    .min(column[i + 1] + 1);
                diagonal = column[i + 1];
                column[i + 1] = cell;
            }
            ends.push(column[needle.len()]);
        }
        ends
    }

    proptest! {
        #[test]
        fn the_bits_say_what_the_table_says(
            needle in prop::collection::vec(prop::char::range('a', 'd'), 1..150),
            hay in prop::collection::vec(prop::char::range('a', 'd'), 0..300),
        ) {
            let mut fast = Vec::new();
            scan(&needle, hay.iter().copied(), |_, errors| fast.push(errors));
            prop_assert_eq!(fast, slow(&needle, &hay));
        }
    }
}
