//! Other programs that show a PDF, for the tests of what leaves the app: MuPDF and a plain pdfium from
//! PyPI in an environment of their own, pdf.js from npm (poppler and Chromium are system packages).

use std::process::Command;

use anyhow::Result;

use super::packages::{self, which};
use crate::places::Places;
use crate::process::run;

/// The releases that the tests were written against.
const PYPI: [&str; 2] = ["pymupdf==1.26.7", "pypdfium2==5.15.2"];
/// See above.
const PDF_JS: &str = "pdfjs-dist@5.6.205";

/// Installs them into `vendor/viewers`, unless they are there.
pub(super) fn install(places: &Places) -> Result<()> {
    let folder = places.vendor.join("viewers");
    let python = folder.join("bin/python");
    let there = Command::new(&python).args(["-c", "import pymupdf, pypdfium2"]).output();
    if !there.is_ok_and(|done| done.status.success()) {
        println!("setup: installing {}", PYPI.join(" "));
        run(Command::new("python3").args(["-m", "venv"]).arg(&folder))?;
        let pip = ["install", "--quiet", "--no-deps", "--only-binary", ":all:"];
        run(Command::new(folder.join("bin/pip")).args(pip).args(PYPI))?;
    }
    if folder.join("node_modules/pdfjs-dist/legacy/build/pdf.mjs").is_file() {
        return Ok(());
    }
    if which("npm").is_none() {
        packages::install(&["npm"])?;
    }
    println!("setup: installing {PDF_JS}");
    // What it only needs outside a browser is left out.
    run(Command::new("npm")
        .args(["install", "--no-audit", "--no-fund", "--omit=optional", "--loglevel", "error"])
        .arg("--prefix")
        .arg(&folder)
        .arg(PDF_JS))
}
