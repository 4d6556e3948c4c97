//! Known weaknesses of what is linked: RustSec's advisories, looked up by cargo-deny.
//!
//! The database is fetched whenever there is a network, and kept. Without one the kept database is used,
//! for as long as deny.toml calls it fresh. Without either nothing is known, and that is what is said.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Context, Result};

use crate::places::Places;
use crate::process::run;

/// What was found out.
pub(crate) enum Looked {
    /// Every crate was looked up, and none is known to be weak.
    Up,
    /// There is neither a network nor a kept database.
    Nowhere,
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
    run(&mut deny(&["--offline", "check", "advisories"]))?;
    Ok(Looked::Up)
}

/// Whether a database was fetched before, at the place where cargo-deny keeps it.
fn is_kept() -> Result<bool> {
    let home = std::env::var_os("CARGO_HOME")
        .map(PathBuf::from)
        .or_else(|| Some(PathBuf::from(std::env::var_os("HOME")?).join(".cargo")))
        .context("HOME is not set")?;
    let Ok(kept) = std::fs::read_dir(home.join("advisory-dbs")) else { return Ok(false) };
    Ok(kept.flatten().any(|entry| entry.path().join(".git").is_dir()))
}
