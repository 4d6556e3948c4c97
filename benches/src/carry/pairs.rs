//! Really revised papers.

use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, Result};
use client::ports::Papers;
use ink::{Carrier, Line, Rect, Sheet};
use ipc::PageText;
use pdf::{PdfConfig, PdfReader};

use super::tally::Tally;
use super::truth::{self, KINDS};

/// Words of a run.
const RUN: usize = 8;
/// Runs taken of each pair, at most.
const TAKEN: usize = 400;

struct Version {
    texts: Vec<PageText>,
    areas: Vec<Rect>,
}

impl Version {
    async fn read(reader: &PdfReader, path: &Path) -> Result<Self> {
        let inspected = reader.inspect(path).await.with_context(|| path.display().to_string())?;
        let mut texts = Vec::new();
        for page in 1..=u32::try_from(inspected.sizes.len())? {
            texts.push(reader.text(path, page).await?);
        }
        let areas = inspected.sizes.iter().map(|size| {
            [size.left, size.bottom, size.left + size.width, size.bottom + size.height].into()
        });
        Ok(Self { texts, areas: areas.collect() })
    }

    fn sheets(&self) -> Vec<Sheet<'_>> {
        let pages = self.texts.iter().zip(&self.areas);
        pages
            .map(|(text, area)| Sheet {
                lines: text.lines.iter().map(Line::from).collect(),
                area: *area,
            })
            .collect()
    }
}

/// Carries notes over every pair; none without the test data.
pub(super) fn measure(times: &mut Vec<f64>) -> Result<Option<Tally>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data/versions");
    if !folder.is_dir() {
        return Ok(None);
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let reader = PdfReader::start(PdfConfig::find())?;
    let mut tally = Tally::default();
    let mut pairs: Vec<PathBuf> = std::fs::read_dir(&folder)?
        .filter_map(|entry| Some(entry.ok()?.path()).filter(|path| path.is_dir()))
        .collect();
    pairs.sort();
    for pair in pairs {
        let name = pair.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let old = runtime.block_on(Version::read(&reader, &pair.join("v1.pdf")))?;
        let new = runtime.block_on(Version::read(&reader, &pair.join("v2.pdf")))?;
        carry(&name, &old, &new, &mut tally, times);
    }
    Ok(Some(tally))
}

fn carry(name: &str, old: &Version, new: &Version, tally: &mut Tally, times: &mut Vec<f64>) {
    let (ours, theirs) = (truth::words(&old.texts), truth::words(&new.texts));
    let (our_letters, their_letters) = (truth::letters(&ours), truth::letters(&theirs));
    let (our_ends, their_ends) = (truth::ends(&ours), truth::ends(&theirs));
    let once: Vec<(String, usize)> = (0..ours.len().saturating_sub(RUN))
        .filter(|place| {
            let run = &ours[*place..*place + RUN];
            run.iter().all(|word| word.page == run[0].page)
        })
        .map(|place| (truth::letters(&ours[place..place + RUN]), place))
        .collect();
    let step = once.len().div_ceil(TAKEN).max(1);
    let (before, after) = (old.sheets(), new.sheets());
    let known = tally.total().all();
    let started = Instant::now();
    let carrier = Carrier::new(&before, &after);
    let mut spent = started.elapsed();
    for (number, (run, place)) in once.iter().step_by(step).enumerate() {
        let words = &ours[*place..*place + RUN];
        if truth::find(&our_letters, &our_ends, run).len() > 1 {
            continue;
        }
        let target = match truth::find(&their_letters, &their_ends, run).as_slice() {
            [] => None,
            [(first, last, true)] => Some(&theirs[*first..=*last]),
            // In several places, or cut within a word: the rule says nothing.
            _ => continue,
        };
        // Over two pages it cannot be marked whole: to be checked, or on either.
        let parted = target.is_some_and(|t| t.iter().any(|word| word.page != t[0].page));
        for kind in KINDS {
            let mark = truth::mark(kind, number as u64, words);
            let started = Instant::now();
            let carried = carrier.carry(&mark);
            spent += started.elapsed();
            let there = carried.on(&mark);
            let lands = target.map(|target| {
                there.as_ref().is_some_and(|there| truth::lands(kind, &mark, words, there, target))
            });
            // A line that lost only these words is still there: the rule is about the words.
            if target.is_none() && kind != "highlight" {
                continue;
            }
            if parted && carried.placement.is_doubtful() {
                continue;
            }
            tally.count(name, kind, carried.placement, lands, || {
                let place = there.map(|there| there.bounds());
                format!("{} -> {} {place:?}: {run}", mark.page, carried.page)
            });
        }
    }
    let notes = (tally.total().all() - known).max(1);
    times.push(spent.as_secs_f64() * 1_000.0 / f64::from(notes));
}
