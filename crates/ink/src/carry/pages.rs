//! Which page of a new version is which page of the old one.
//!
//! Pages are compared by their shingles (hashes of five words in a row). The heaviest chain of pairs
//! that keeps the order is the backbone; pages outside it that are much alike have moved; what is
//! left between two pages of the backbone, as many on either side, is paired in order.

use std::collections::BTreeMap;

use super::letters::Edition;

/// Words in a shingle.
const SHINGLE: usize = 5;
/// A shingle on more pages than this says nothing about any of them.
const COMMON: usize = 12;
/// Least share of a page's shingles that makes a pair.
const ALIKE: f32 = 0.1;

/// Pages side by side.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Pages {
    /// For every old page: shares of its shingles on new pages, best first.
    shares: Vec<Vec<(usize, f32)>>,
    /// For every old page: the new page that takes its place.
    pairs: Vec<Option<usize>>,
}

impl Pages {
    pub(super) fn align(old: &Edition<'_>, new: &Edition<'_>) -> Self {
        let (ours, theirs) = (shingles(old), shingles(new));
        let mut where_new: BTreeMap<u64, Vec<usize>> = BTreeMap::new();
        for (page, set) in theirs.iter().enumerate() {
            for shingle in set {
                where_new.entry(*shingle).or_default().push(page);
            }
        }
        let shares: Vec<Vec<(usize, f32)>> = ours
            .iter()
            .map(|set| {
                let mut counts: BTreeMap<usize, f32> = BTreeMap::new();
                for shingle in set {
                    let pages = where_new.get(shingle).map_or(&[][..], Vec::as_slice);
                    if pages.len() <= COMMON {
                        for page in pages {
                            *counts.entry(*page).or_default() += 1.0 / set.len() as f32;
                        }
                    }
                }
                let mut row: Vec<(usize, f32)> = counts.into_iter().collect();
                row.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
                row.truncate(16);
                row
            })
            .collect();
        let pairs = pairs(&shares, theirs.len());
        Self { shares, pairs }
    }

    /// How much of an old page stands on a new one, 0 to 1, against the page that has most of it.
    pub(super) fn share(&self, old: usize, new: usize) -> f32 {
        let row = self.shares.get(old).map_or(&[][..], Vec::as_slice);
        let Some((_, best)) = row.first() else {
            return if self.pairs.get(old).copied().flatten() == Some(new) { 1.0 } else { 0.0 };
        };
        row.iter().find(|(page, _)| *page == new).map_or(0.0, |(_, share)| share / best)
    }

    /// How much of an old page stands on the new page that has most of it, 0 to 1.
    pub(super) fn kept(&self, old: usize) -> f32 {
        self.shares.get(old).and_then(|row| row.first()).map_or(0.0, |(_, share)| share.min(1.0))
    }

    /// The new page that takes an old one's place.
    pub(super) fn pair(&self, old: usize) -> Option<usize> {
        self.pairs.get(old).copied().flatten()
    }
}

fn shingles(edition: &Edition<'_>) -> Vec<Vec<u64>> {
    let of_page = |range: &std::ops::Range<usize>| {
        let mut words: Vec<u64> = Vec::new();
        for index in range.clone() {
            let letter = edition.letters.get(index).map_or(0, |c| u64::from(u32::from(*c)));
            match words.last_mut() {
                Some(word) if !edition.begins(index) => *word = mixed(*word, letter),
                _ => words.push(mixed(0, letter)),
            }
        }
        let mut set: Vec<u64> = words
            .windows(SHINGLE)
            .map(|five| five.iter().fold(0, |hash, w| mixed(hash, *w)))
            .collect();
        if set.is_empty() && !words.is_empty() {
            set.push(words.iter().fold(0, |hash, word| mixed(hash, *word)));
        }
        set.sort_unstable();
        set.dedup();
        set
    };
    edition.pages.iter().map(of_page).collect()
}

/// A step of FNV-1a over whole words, with a final stir.
const fn mixed(hash: u64, value: u64) -> u64 {
    let hash = (hash ^ 0xcbf2_9ce4_8422_2325 ^ value).wrapping_mul(0x0000_0100_0000_01b3);
    hash ^ (hash >> 29)
}

fn pairs(shares: &[Vec<(usize, f32)>], new: usize) -> Vec<Option<usize>> {
    let candidates: Vec<(usize, usize, f32)> = shares
        .iter()
        .enumerate()
        .flat_map(|(old, row)| row.iter().map(move |(page, share)| (old, *page, *share)))
        .filter(|(.., share)| *share >= ALIKE)
        .collect();
    let mut pairs = vec![None; shares.len()];
    for (old, page) in heaviest_chain(&candidates) {
        if let Some(pair) = pairs.get_mut(old) {
            *pair = Some(page);
        }
    }
    // Moved: much alike, and nobody else's.
    for (old, page, share) in &candidates {
        let taken = pairs.contains(&Some(*page));
        if let Some(pair) = pairs.get_mut(*old)
            && pair.is_none()
            && !taken
            && *share >= 0.5
        {
            *pair = Some(*page);
        }
    }
    fill_gaps(&mut pairs, new);
    pairs
}

/// The chain of pairs, growing on both sides, with the greatest sum of shares.
fn heaviest_chain(candidates: &[(usize, usize, f32)]) -> Vec<(usize, usize)> {
    // Best sums by new page, as a Fenwick tree of (sum, candidate) over new pages.
    let mut order: Vec<usize> = (0..candidates.len()).collect();
    let key =
        |index: &usize| candidates.get(*index).map_or((0, 0), |(o, n, _)| (*o, usize::MAX - n));
    order.sort_by_key(key);
    let width = candidates.iter().map(|(_, n, _)| n + 2).max().unwrap_or(1);
    let mut tree: Vec<(f32, Option<usize>)> = vec![(0.0, None); width + 1];
    let mut before: Vec<Option<usize>> = vec![None; candidates.len()];
    let mut best: (f32, Option<usize>) = (0.0, None);
    for index in order {
        let Some((_, page, share)) = candidates.get(index).copied() else { continue };
        let mut reach = (0.0, None);
        let mut node = page;
        while node > 0 {
            if let Some(entry) = tree.get(node)
                && entry.0 > reach.0
            {
                reach = *entry;
            }
            node &= node - 1;
        }
        let sum = reach.0 + share;
        if let Some(slot) = before.get_mut(index) {
            *slot = reach.1;
        }
        if sum > best.0 {
            best = (sum, Some(index));
        }
        let mut node = page + 1;
        while let Some(entry) = tree.get_mut(node) {
            if sum > entry.0 {
                *entry = (sum, Some(index));
            }
            node += node & node.wrapping_neg();
        }
    }
    let mut chain = Vec::new();
    let mut at = best.1;
    while let Some(index) = at {
        if let Some((old, page, _)) = candidates.get(index) {
            chain.push((*old, *page));
        }
        at = before.get(index).copied().flatten();
    }
    chain
}

/// Pairs pages without likeness in order, where as many are left on either side.
fn fill_gaps(pairs: &mut [Option<usize>], new: usize) {
    let taken: Vec<usize> = pairs.iter().copied().flatten().collect();
    let mut start = 0;
    let mut from = 0;
    while start < pairs.len() {
        if let Some(page) = pairs.get(start).copied().flatten() {
            from = page + 1;
            start += 1;
            continue;
        }
        let end = (start..pairs.len()).find(|i| pairs.get(*i).copied().flatten().is_some());
        let until = end.and_then(|i| pairs.get(i).copied().flatten()).unwrap_or(new);
        let end = end.unwrap_or(pairs.len());
        let free: Vec<usize> = (from..until.max(from)).filter(|p| !taken.contains(p)).collect();
        if free.len() == end - start {
            for (index, page) in (start..end).zip(free) {
                if let Some(pair) = pairs.get_mut(index) {
                    *pair = Some(page);
                }
            }
        }
        start = end;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_heaviest_chain_keeps_the_order_and_leaves_the_moved_page_out() {
        let chain =
            heaviest_chain(&[(0, 0, 0.9), (1, 3, 0.9), (2, 1, 0.8), (3, 2, 0.7), (3, 3, 0.1)]);
        let mut chain = chain;
        chain.reverse();
        assert_eq!(chain, [(0, 0), (2, 1), (3, 2)]);
    }

    #[test]
    fn pages_without_text_are_paired_in_order_when_as_many_are_left() {
        let mut pairs = vec![Some(0), None, None, Some(3)];
        fill_gaps(&mut pairs, 4);
        assert_eq!(pairs, [Some(0), Some(1), Some(2), Some(3)]);
        let mut uneven = vec![Some(0), None, Some(3)];
        fill_gaps(&mut uneven, 4);
        assert_eq!(uneven, [Some(0), None, Some(3)]);
    }
}
