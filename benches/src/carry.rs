//! What becomes of notes when a paper is replaced: carried right, to check, lost rightly, lost
//! wrongly, placed wrongly, by kind of note and kind of edit.
//!
//! Truth without labelling. In the real pairs of `../shared/data/versions` a note stands on a run of
//! eight words that occurs once in the old version: if it occurs once in the new one it must land
//! there, if it is gone it must not be placed. In generated papers every word has a number, which
//! says where it went. The truth is read with words of its own, not with the engine's letters.

mod made;
mod pairs;
#[allow(dead_code, missing_docs, unreachable_pub, clippy::unwrap_used, reason = "a test's")]
#[path = "../../crates/ink/tests/carry/press.rs"]
mod press;
mod tally;
mod truth;

use ::ink;
use anyhow::Result;

use crate::figure::{Figure, Target};
use tally::Tally;

/// Measures both sets, prints the tables, gives the two figures that count and the time.
pub(crate) fn measure() -> Result<Vec<Figure>> {
    let mut all = Tally::default();
    let mut times = Vec::new();
    if let Some(found) = pairs::measure(&mut times)? {
        println!("{}", found.table("real pairs"));
        all.add(&found);
    } else {
        println!("real pairs: skipped, no test data");
    }
    let made = made::measure(&mut times);
    println!("{}", made.table("generated papers"));
    all.add(&made);
    let share = |part: u32, whole: u32| f64::from(part) * 100.0 / f64::from(whole.max(1));
    let total = all.total();
    let wrong = share(total.wrong, total.all());
    let text = all.only("highlight", made::SCAN);
    let missed = 100.0 - share(text.right, text.there());
    let placed = "notes placed wrongly on a new version";
    let found = "marked text that still stands, not found again";
    let spent = "a note carried, reading both papers included";
    Ok(vec![
        Figure::of(placed, "%", vec![wrong], Target::Median(0.5)),
        Figure::of(found, "%", vec![missed], Target::Median(2.0)),
        Figure::of(spent, "ms", times, Target::P99(10.0)),
    ])
}
