//! Known weaknesses of what is linked: RustSec's advisories, looked up by cargo-deny.
//!
//! The database is fetched whenever there is a network, and kept. Without one the kept database is used,
//! for as long as deny.toml calls it fresh. Without either nothing is known, and that is what is said.

use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::places::Places;

/// For so long a kept database says something; deny.toml says the same.
const FRESH: Duration = Duration::from_hours(90 * 24);

/// What was found out.
pub(crate) enum Looked {
    /// Every crate was looked up, and none is known to be weak.
    Up,
    /// Some crate is known to be weak; what is known was printed.
    Weak,
    /// There is neither a network nor a kept database.
    Nowhere,
}

/// Looks every crate up and fails when one is known to be weak, or when nothing can be known.
pub(crate) fn run(places: &Places) -> Result<()> {
    match look_up(places)? {
        Looked::Up => Ok(()),
        Looked::Weak => bail!("A crate that is linked is known to be weak: see above."),
        Looked::Nowhere => bail!("There is no network, and no database younger than 90 days."),
    }
}

/// Looks every crate of the lock up.
pub(crate) fn look_up(places: &Places) -> Result<Looked> {
    let deny = |words: &[&str]| {
        let mut deny = Command::new(places.tools.join("bin/cargo-deny"));
        deny.current_dir(&places.root).args(["--log-level", "error"]).args(words);
        deny
    };
    let fetched = deny(&["fetch", "db"]).stdout(Stdio::null()).stderr(Stdio::null()).status();
    if !fetched.context("cargo-deny cannot be started")?.success() {
        if !is_kept()? {
            return Ok(Looked::Nowhere);
        }
        println!("advisories: the database cannot be fetched; the one that is kept is used");
    }
    let checked = deny(&["--offline", "check", "advisories"]).status();
    Ok(if checked.context("cargo-deny cannot be started")?.success() {
        Looked::Up
    } else {
        Looked::Weak
    })
}

/// Whether a database was fetched lately, at the place where cargo-deny keeps it.
fn is_kept() -> Result<bool> {
    let home = std::env::var_os("CARGO_HOME")
        .map(PathBuf::from)
        .or_else(|| Some(PathBuf::from(std::env::var_os("HOME")?).join(".cargo")))
        .context("HOME is not set")?;
    let Ok(kept) = std::fs::read_dir(home.join("advisory-dbs")) else { return Ok(false) };
    let is_fresh = |entry: std::fs::DirEntry| {
        let fetched =
            std::fs::metadata(entry.path().join(".git/FETCH_HEAD")).ok()?.modified().ok()?;
        Some(fetched.elapsed().is_ok_and(|age| age < FRESH))
    };
    Ok(kept.flatten().any(|entry| is_fresh(entry).unwrap_or(false)))
}
