//! `cargo xtask setup`: installs what is missing, and says what.
//!
//! Everything done is written down in `vendor/`, so that the next run does nothing. Delete that
//! folder to start over.

mod fonts;
mod mail;
mod packages;
mod pdfium;
mod peers;
mod tools;
mod viewers;

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};

use crate::places::Places;

pub(crate) use pdfium::LIBRARY;

/// Changes whenever the list of what is set up does.
const LIST: &str = "3";

/// What building and the demo need.
pub(crate) fn for_building(places: &Places) -> Result<()> {
    once(places, "building", || {
        packages::install(packages::BUILD)?;
        tools::wasm_target()?;
        pdfium::install(places)?;
        fonts::install(places)
    })
}

/// What the tests need besides.
pub(crate) fn for_tests(places: &Places) -> Result<()> {
    for_building(places)?;
    once(places, "testing", || {
        packages::install(packages::TESTS)?;
        mail::install(places)?;
        viewers::install(places)?;
        tools::cargo_tool(places, "tauri-driver", "2.1.0")?;
        tools::cargo_tool(places, "cargo-deny", tools::CARGO_DENY)
    })
}

/// What the benchmarks need besides; answers where the programs are that they run beside ours.
pub(crate) fn for_benches(places: &Places) -> Result<PathBuf> {
    for_tests(places)?;
    once(places, "measuring", || peers::install(places))?;
    Ok(peers::folder(places))
}

/// What making a package needs besides a build.
pub(crate) fn for_packing(places: &Places) -> Result<()> {
    once(places, "packing", || tools::npm_tools(places))
}

fn once(places: &Places, what: &str, work: impl FnOnce() -> Result<()>) -> Result<()> {
    let stamp = places.vendor.join(format!(".{what}"));
    let list = format!("{LIST} {}", places.tools.display());
    if fs::read_to_string(&stamp).is_ok_and(|done| done == list) {
        return Ok(());
    }
    println!("setup: looking for what {what} needs");
    work().with_context(|| format!("setting up {what}"))?;
    fs::create_dir_all(&places.vendor)?;
    fs::write(stamp, list)?;
    Ok(())
}
