//! Programs that the benchmarks run beside ours. Pinned, in this person's cache of tools, never in what
//! is tested or shipped. One that cannot be had is left out: its figure says so.

use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;

use super::packages::{self, which};
use crate::places::Places;
use crate::process::run;

/// Wheels. PyMuPDF brings its own MuPDF; what else it names is for other uses.
const WHEELS: &[&str] = &["pypdfium2==5.15.2", "pymupdf==2.0"];
/// pdf.js as Firefox and most web readers have it.
const PDFJS: &str = "pdfjs-dist@6.5.438";
/// Programs of the system.
const PACKAGES: &[&str] = &["poppler-utils", "xournalpp"];

/// The folder of the peers: a Python environment with `node_modules` in it.
pub(super) fn folder(places: &Places) -> PathBuf {
    places.tools.join("peers")
}

/// Installs what is missing.
pub(super) fn install(places: &Places) -> Result<()> {
    for (what, installed) in [
        ("the wheels", wheels(places)),
        (PDFJS, pdfjs(places)),
        ("poppler and Xournal++", packages::install(PACKAGES)),
    ] {
        if let Err(error) = installed {
            println!("setup: {what} cannot be had, their figures will be absent: {error:#}");
        }
    }
    Ok(())
}

fn wheels(places: &Places) -> Result<()> {
    let folder = folder(places);
    println!("setup: installing {}", WHEELS.join(" "));
    run(Command::new("python3").args(["-m", "venv"]).arg(&folder))?;
    run(Command::new(folder.join("bin/python"))
        .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"])
        .args(["--no-deps", "--only-binary", ":all:"])
        .args(WHEELS))
}

fn pdfjs(places: &Places) -> Result<()> {
    if which("npm").is_none() {
        packages::install(&["npm"])?;
    }
    println!("setup: installing {PDFJS}");
    // What it names besides draws without a browser, and brings programs of its own.
    run(Command::new("npm")
        .args(["install", "--no-audit", "--no-fund", "--loglevel", "error", "--omit=optional"])
        .args(["--ignore-scripts", "--prefix"])
        .arg(folder(places))
        .arg(PDFJS))
}
