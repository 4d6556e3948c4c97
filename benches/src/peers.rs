//! Programs that do the same job: `cargo xtask bench` installs them, pinned, into its cache of tools
//! and names the folder in `PUPITRE_PEERS`. One that is not there is shown as absent.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use serde::Deserialize;

/// A Python library that draws PDFs.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Peer {
    Pypdfium2,
    Pymupdf,
}

/// What a peer took.
#[derive(Debug, Deserialize)]
pub(crate) struct Timed {
    /// Opening and the first page asked for, pixels only, in milliseconds.
    pub(crate) first_ms: f64,
    /// Each page asked for, in milliseconds.
    pub(crate) pages_ms: Vec<f64>,
    /// Most memory after any page (PSS), in KB; 0 when it was not weighed.
    pub(crate) peak_kb: u64,
}

/// The folder of the peers.
pub(crate) fn folder() -> Option<PathBuf> {
    std::env::var_os("PUPITRE_PEERS").map(PathBuf::from).filter(|folder| folder.is_dir())
}

/// Draws pages (all when none are named) with a Python library, in a process of its own.
pub(crate) fn python(
    peer: Peer,
    file: &Path,
    width: u32,
    pages: &[u32],
    weigh: bool,
) -> Result<Option<Timed>> {
    let wanted = serde_json::json!({
        "file": file, "width": width, "pages": pages, "weigh": weigh, "words": [],
    });
    ask(peer, &wanted)
}

/// Looks through the whole text of a paper for words, as often as there are words; milliseconds.
pub(crate) fn python_search(peer: Peer, file: &Path, words: &[&str]) -> Result<Option<Vec<f64>>> {
    let wanted = serde_json::json!({
        "file": file, "width": 0, "pages": [], "weigh": false, "words": words,
    });
    Ok(ask(peer, &wanted)?.map(|timed| timed.pages_ms))
}

fn ask(peer: Peer, wanted: &serde_json::Value) -> Result<Option<Timed>> {
    let name = match peer {
        Peer::Pypdfium2 => "pypdfium2",
        Peer::Pymupdf => "pymupdf",
    };
    let Some(python) = folder().map(|folder| folder.join("bin/python")) else { return Ok(None) };
    let there = Command::new(&python)
        .args(["-c", &format!("import {name}")])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    if !there.is_ok_and(|status| status.success()) {
        eprintln!("{name} is not here");
        return Ok(None);
    }
    let output = Command::new(python)
        .args(["-c", include_str!("../peers/draw.py"), name])
        .arg(wanted.to_string())
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()?;
    ensure!(output.status.success(), "{name} ended with {}", output.status);
    Ok(Some(serde_json::from_slice(&output.stdout).context(name)?))
}

/// poppler's `pdftoppm`: a process for one page; milliseconds, each time.
pub(crate) fn pdftoppm(file: &Path, width: u32, pages: &[u32]) -> Result<Option<Vec<f64>>> {
    let folder = tempfile::tempdir()?;
    processes(pages, |page| {
        let mut command = Command::new("pdftoppm");
        command.args(["-f", &page.to_string(), "-l", &page.to_string()]);
        command.args(["-scale-to-x", &width.to_string(), "-scale-to-y", "-1"]);
        command.arg(file).arg(folder.path().join("page"));
        Ok(command)
    })
}

/// Xournal++: a process that opens a journal over one page of the paper and draws it to a PNG file;
/// milliseconds, each time.
pub(crate) fn xournalpp(file: &Path, width: u32, pages: &[u32]) -> Result<Option<Vec<f64>>> {
    let folder = tempfile::tempdir()?;
    processes(pages, |page| {
        let journal = folder.path().join("page.xopp");
        let name = file.display();
        let text = format!(
            "<?xml version=\"1.0\" standalone=\"no\"?>\n<xournal creator=\"Xournal++ 1.1.3\" \
             fileversion=\"4\"><title>-</title><page width=\"595\" height=\"842\"><background \
             type=\"pdf\" domain=\"absolute\" filename=\"{name}\" pageno=\"{page}\"/><layer/>\
             </page></xournal>\n"
        );
        std::fs::write(&journal, text)?;
        let mut command = Command::new("xournalpp");
        command.arg(journal).arg("-i").arg(folder.path().join("page.png"));
        command.args(["--export-range=1", &format!("--export-png-width={width}")]);
        Ok(command)
    })
}

fn processes(pages: &[u32], command: impl Fn(u32) -> Result<Command>) -> Result<Option<Vec<f64>>> {
    let mut samples = Vec::new();
    for page in pages {
        let mut command = command(*page)?;
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let start = Instant::now();
        match command.status() {
            Ok(status) => ensure!(status.success(), "{command:?} ended with {status}"),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error.into()),
        }
        samples.push(start.elapsed().as_secs_f64() * 1_000.0);
    }
    Ok(Some(samples))
}
