//! `cargo xtask`: sets up a machine, builds, demonstrates, tests, measures and packs Pupitre.
//!
//! Each command is one file; each says what it does before it does it.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a program for people")]

mod advisories;
mod bench;
mod demo;
mod icons;
mod notices;
mod package;
mod places;
mod process;
mod sbom;
mod setup;
mod test;
mod web;

use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

use places::Places;

/// Builds, demonstrates and tests Pupitre. Whatever is missing is installed, and said.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    /// Install what is missing: system packages, the wasm target, libpdfium, fonts.
    Setup {
        /// Also what the tests need: a virtual display, browsers and their drivers.
        #[arg(long)]
        tests: bool,
    },
    /// Build the screens into dist/.
    Web {
        /// Optimised for size, as it is shipped.
        #[arg(long)]
        release: bool,
    },
    /// A fictional council: its server, a clerk, and two officials in their windows.
    Demo {
        /// Serve the officials' tablets to a browser instead of opening windows.
        #[arg(long)]
        browser: bool,
        /// Forget the council of the last demo and make a new one.
        #[arg(long)]
        fresh: bool,
    },
    /// Everything that must pass.
    Test,
    /// Measure what matters, beside its peers and the physical limit.
    Bench {
        /// Passed to the benchmark program: `--only GROUP`, `--json FILE`.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        words: Vec<String>,
    },
    /// Make the Debian package.
    Package,
    /// Look every linked crate up in RustSec's advisories; fails when one is known to be weak.
    Advisories,
    /// Write the bill of materials of each product (CycloneDX) into target/sbom.
    Sbom,
    /// Draw the icons from assets/icons/pupitre.svg.
    Icons,
}

fn main() -> ExitCode {
    match run(Arguments::parse().task) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(task: Task) -> Result<()> {
    process::end_all_on_interrupt()?;
    let places = Places::find()?;
    match task {
        Task::Setup { tests: false } => setup::for_building(&places),
        Task::Setup { tests: true } => setup::for_tests(&places),
        Task::Web { release } => {
            setup::for_building(&places)?;
            web::build(&places, release)
        }
        Task::Demo { browser, fresh } => demo::run(&places, browser, fresh),
        Task::Test => test::run(&places),
        Task::Bench { words } => bench::run(&places, &words),
        Task::Package => package::run(&places),
        Task::Advisories => advisories::run(&places),
        Task::Sbom => sbom::write(&places),
        Task::Icons => icons::draw(&places),
    }
}
