//! Simulated evenings: how many were played and judged, and how fast. A broken promise ends the
//! measurement with the number that shows it again.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use anyhow::{Result, bail};
use testkit::simulation::{check, play};

use crate::figure::{Figure, Target};

/// Evenings of a measurement, unless `PUPITRE_SCHEDULES` says otherwise.
const SCHEDULES: u64 = 1_000_000;
/// Evenings a thread takes at a time.
const SHEAF: u64 = 500;

pub(crate) fn measure() -> Result<Vec<Figure>> {
    let wanted = crate::wished("PUPITRE_SCHEDULES", SCHEDULES)?;
    let (next, start) = (AtomicU64::new(0), Instant::now());
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let broken = std::thread::scope(|scope| {
        let work = || {
            loop {
                let first = next.fetch_add(SHEAF, Ordering::Relaxed);
                if first >= wanted {
                    return None;
                }
                for seed in first..(first + SHEAF).min(wanted) {
                    if let Err(violation) = check(&play(seed)) {
                        next.store(wanted, Ordering::Relaxed);
                        return Some((seed, violation));
                    }
                }
            }
        };
        let running: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        running.into_iter().filter_map(|thread| thread.join().ok().flatten()).next()
    });
    if let Some((seed, violation)) = broken {
        bail!("{violation}; SIMULATION_SEED={seed} in the tests of pupitre-testkit shows it again");
    }
    let each = start.elapsed().as_secs_f64() * 1e6 / wanted.max(1) as f64;
    Ok(vec![
        Figure::of(
            "simulation: evenings that kept every promise",
            "",
            vec![wanted as f64],
            Target::None,
        ),
        Figure::of("simulation: an evening played and judged", "µs", vec![each], Target::None),
    ])
}
