//! A deadline, computed and explained day by day.

use std::time::Instant;

use anyhow::Result;
use domain::law::{Procedure, Question, deadline};
use domain::{BodyKind, CouncilKind};
use jiff::civil::date;
use jiff::tz::TimeZone;

use crate::figure::{Figure, Target};

const RUNS: u32 = 200;
/// Deadlines per run: one alone is too short for the clock.
const EACH: u32 = 1_000;

pub(crate) fn measure() -> Result<Vec<Figure>> {
    let question = Question {
        kind: CouncilKind::Departement,
        population: 600_000,
        local_law: None,
        zone: TimeZone::get("Europe/Paris")?,
        body: BodyKind::Council,
        procedure: Procedure::Ordinary,
        sitting: date(2026, 12, 28),
        after: None,
        dispatch: Some(date(2026, 12, 16)),
        house_days: None,
        strict: false,
    };
    // The file of rules is read once.
    deadline(&question)?;
    let mut samples = Vec::new();
    for _ in 0..RUNS {
        let start = Instant::now();
        for _ in 0..EACH {
            std::hint::black_box(deadline(std::hint::black_box(&question))?);
        }
        samples.push(start.elapsed().as_secs_f64() * 1e6 / f64::from(EACH));
    }
    Ok(vec![Figure::of("a deadline, explained day by day", "µs", samples, Target::P99(50.0))])
}
