//! `cargo xtask test`: everything that must pass, and how long each part took.

use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};

use crate::advisories::Looked;
use crate::places::Places;
use crate::process::run as run_to_end;
use crate::{advisories, setup, web};

/// Runs every step, also after one that failed, and says at the end which did.
pub(crate) fn run(places: &Places) -> Result<()> {
    let mut steps = Steps::default();
    steps.take("set-up", || setup::for_tests(places));
    steps.cargo(places, "format", &["fmt", "--all", "--check"]);
    steps.take("licences and bans", || {
        // `PATH` of this program does not matter: the tool is found by its place.
        run_to_end(
            Command::new(places.tools.join("bin/cargo-deny")).current_dir(&places.root).args([
                "--log-level",
                "error",
                "check",
                "licenses",
                "bans",
                "sources",
            ]),
        )
    });
    steps.advisories(places);
    steps.take("screens", || web::build(places, false));
    const STRICT: [&str; 3] = ["--", "-D", "warnings"];
    steps.cargo(places, "clippy", &[&["clippy", "--all-targets"], &STRICT[..]].concat());
    let screens = ["clippy", "--package", "pupitre-frontend", "--target", "wasm32-unknown-unknown"];
    steps.cargo(places, "clippy of the screens", &[&screens[..], &STRICT].concat());
    // With the tests: alone, the products would be built on dependencies with other features.
    steps.cargo(places, "build", &["build", "--all-targets"]);
    steps.cargo(places, "tests of the screens", &["test", "--package", "pupitre-frontend"]);
    // The stories run the products that "build" made.
    steps.cargo(places, "tests", &["test", "--no-fail-fast"]);
    steps.report()
}

#[derive(Default)]
struct Steps {
    done: Vec<(&'static str, Duration, Verdict)>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Passed,
    Failed,
    /// What it needs is not there; that is said, and is no failure.
    NotRun,
    /// The world has changed, not this tree: it is said, and `cargo xtask advisories` fails.
    Warns,
}

impl Steps {
    fn cargo(&mut self, places: &Places, name: &'static str, words: &[&str]) {
        self.take(name, || {
            let mut cargo = places.cargo();
            run_to_end(places.with_pdfium(&mut cargo).args(words).env("PATH", places.path()?))
        });
    }

    fn advisories(&mut self, places: &Places) {
        self.judge("advisories", || {
            Ok(match advisories::look_up(places)? {
                Looked::Up => Verdict::Passed,
                Looked::Weak => Verdict::Warns,
                Looked::Nowhere => {
                    println!(
                        "advisories: NOT RUN. There is no network, and no database of an earlier run: \
                         whether a crate is known to be weak was not looked up."
                    );
                    Verdict::NotRun
                }
            })
        });
    }

    fn take(&mut self, name: &'static str, step: impl FnOnce() -> Result<()>) {
        self.judge(name, || step().map(|()| Verdict::Passed));
    }

    fn judge(&mut self, name: &'static str, step: impl FnOnce() -> Result<Verdict>) {
        println!("== {name}");
        let start = Instant::now();
        let verdict = step().unwrap_or_else(|error| {
            println!("{name}: {error:#}");
            Verdict::Failed
        });
        self.done.push((name, start.elapsed(), verdict));
    }

    fn report(&self) -> Result<()> {
        println!("\n== summary");
        for (name, time, verdict) in &self.done {
            let verdict = match verdict {
                Verdict::Passed => "passed ",
                Verdict::Failed => "FAILED ",
                Verdict::NotRun => "NOT RUN",
                Verdict::Warns => "WARNING",
            };
            println!("{verdict}  {:>7.1} s  {name}", time.as_secs_f64());
        }
        let count = |wanted| self.done.iter().filter(|(_, _, known)| *known == wanted).count();
        let (failed, passed) = (count(Verdict::Failed), count(Verdict::Passed));
        print!("{passed} steps passed, {failed} failed");
        match count(Verdict::NotRun) + count(Verdict::Warns) {
            0 => println!(),
            others => {
                println!(", {others} to be looked at: see above what was not there or is weak");
            }
        }
        if failed > 0 {
            bail!("Not everything passed.");
        }
        Ok(())
    }
}
