//! Generated papers: ten kinds of edit, and a scan that a text replaces.

use std::time::Instant;

use ink::Carrier;

use super::press::{Block, Dice, EDITS, Kind, Laid, PLAIN, Paper, Style};
use super::tally::Tally;
use super::truth::{self, KINDS, Word};

/// The edit after which there is no text of the old version to go by.
pub(super) const SCAN: &str = "scan replaced by text";
/// Papers made for each kind of edit.
const PAPERS: u64 = 6;
/// Runs of words in each.
const RUNS: usize = 60;

/// Carries notes over every edit.
pub(super) fn measure(times: &mut Vec<f64>) -> Tally {
    let mut tally = Tally::default();
    for (name, edit) in EDITS {
        for seed in 1..=PAPERS {
            let paper = Paper::report(seed * 31, 14);
            let (mut revised, mut style) = (paper.clone(), PLAIN);
            edit(&mut revised, &mut Dice::new(seed * 101), &mut style);
            carry(name, &paper, &PLAIN, &revised, &style, &mut tally, times);
        }
    }
    let scan = Style { scan: true, ..PLAIN };
    let paper = Paper::report(7, 14);
    carry(SCAN, &paper, &scan, &paper, &PLAIN, &mut tally, times);
    tally
}

fn carry(
    name: &str,
    paper: &Paper,
    style: &Style,
    revised: &Paper,
    new_style: &Style,
    tally: &mut Tally,
    times: &mut Vec<f64>,
) {
    let (old, new) = (paper.set(style), revised.set(new_style));
    let seen = paper.set(&Style { scan: false, ..*style });
    let (before, after) = (old.sheets(), new.sheets());
    let started = Instant::now();
    let carrier = Carrier::new(&before, &after);
    let mut spent = started.elapsed();
    let known = tally.total().all();
    let mut dice = Dice::new(5);
    let blocks: Vec<&Block> =
        paper.sections.iter().flatten().filter(|block| block.kind != Kind::Title).collect();
    for run in 0..RUNS {
        let block = blocks[dice.roll(blocks.len())];
        let from = dice.roll(block.words.len());
        let to = (from + 1 + dice.roll(10)).min(block.words.len());
        let numbers: Vec<u32> = block.words[from..to].iter().map(|word| word.number).collect();
        let Some(words) = placed(&seen, &numbers) else { continue };
        if words.iter().any(|word| word.page != words[0].page) {
            continue;
        }
        let target = placed(&new, &numbers).filter(|_| follow(revised, &numbers));
        let gone = block.words.iter().all(|word| new.find(word.number).is_none());
        for kind in KINDS {
            if target.is_none() && kind != "highlight" && !gone {
                continue;
            }
            let mark = truth::mark(kind, run as u64, &words);
            let started = Instant::now();
            let carried = carrier.carry(&mark);
            spent += started.elapsed();
            let there = carried.on(&mark);
            let lands = target.as_ref().map(|target| {
                there.as_ref().is_some_and(|there| truth::lands(kind, &mark, &words, there, target))
            });
            tally.count(name, kind, carried.placement, lands, || {
                let place = there.map(|there| there.bounds());
                let run: Vec<&str> = words.iter().map(|word| word.text.as_str()).collect();
                format!("{} -> {} {place:?}: {}", mark.page, carried.page, run.join(" "))
            });
        }
    }
    let notes = (tally.total().all() - known).max(1);
    times.push(spent.as_secs_f64() * 1_000.0 / f64::from(notes));
}

/// Where these words stand; none when one is gone.
fn placed(laid: &Laid, numbers: &[u32]) -> Option<Vec<Word>> {
    numbers
        .iter()
        .map(|number| {
            let place = laid.find(*number)?;
            let set = &laid.0[place.page][place.line];
            let (_, from, to) = set.words.iter().find(|(n, ..)| n == number)?;
            Some(Word {
                text: set.text.chars().take(*to).skip(*from).collect(),
                page: place.page as u32 + 1,
                line: place.line,
                start: set.start + *from as u32,
                rect: place.rect,
                line_rect: set.rect,
            })
        })
        .collect()
}

/// Whether these words still follow each other.
fn follow(paper: &Paper, numbers: &[u32]) -> bool {
    paper.sections.iter().flatten().any(|block| {
        let all: Vec<u32> = block.words.iter().map(|word| word.number).collect();
        all.windows(numbers.len()).any(|window| window == numbers)
    })
}
