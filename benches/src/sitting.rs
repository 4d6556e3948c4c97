//! One whole sitting of real papers (or the demo council's, where there are none): publish, first
//! sync, search.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context, Result};

use crate::figure::{Figure, Target};
use crate::products::{Server, tablet};

const RUNS: usize = 5;
const WORDS: [&str; 6] =
    ["délibération", "convention de partenariat", "budget", "delegation", "montant euros", "vote"];

pub(crate) fn measure() -> Result<Vec<Figure>> {
    let gathered = tempfile::tempdir()?;
    let papers = papers(gathered.path())?;
    let files = pdfs(&papers)?;
    let (mut publish, mut first_sync, mut search) = (Vec::new(), Vec::new(), Vec::new());
    for run in 0..RUNS {
        let folder = tempfile::tempdir()?;
        let server = Server::start(&folder.path().join("server"))?;
        let clerk = folder.path().join("clerk");
        let invitation = server.clerk_invitation.as_str();
        tablet(&clerk, &["enrol", &server.address, invitation, "--device", "Greffe"])?;
        let path = papers.to_str().context("a path")?;
        publish.push(tablet(&clerk, &["publish", path])?.1);

        let (added, _) = tablet(&clerk, &["members", "add", "--first", "Inès", "--last", "B"])?;
        let member = added["member"].as_str().context("a member")?;
        let (invited, _) = tablet(&clerk, &["invite", member])?;
        let code = invited["code"].as_str().context("a code")?;
        let official = folder.path().join("official");
        tablet(&official, &["enrol", &server.address, code, "--device", "Tablette"])?;
        first_sync.push(tablet(&official, &["sync"])?.1);
        if run == 0 {
            for _ in 0..8 {
                for words in WORDS {
                    let (found, _) = tablet(&official, &["search", words])?;
                    search.push(found["took_ms"].as_f64().context("a time")?);
                }
            }
        }
    }
    let bytes = copy_ms(&files)?;
    let live = live_search_ms(&files)?;
    let mut found = Figure::of("search over the sitting", "ms", search, Target::Median(10.0));
    if let Some(live) = live {
        found = found.peer("pdftotext over the same papers", live);
    }
    Ok(vec![
        Figure::of("publish a sitting of 42 papers", "ms", publish, Target::Median(5_000.0))
            .limit("hash, copy and sync the same bytes", bytes),
        Figure::of("first sync of that sitting", "ms", first_sync, Target::Median(2_000.0))
            .limit("hash, copy and sync the same bytes", bytes),
        found,
    ])
}

/// The folder to publish: 41 real deliberations and their minutes, gathered in `into`.
fn papers(into: &Path) -> Result<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let real = root.join("../../shared/data/council/montpellier");
    if real.is_dir() {
        let mut files = pdfs(&real.join("seance_2014-04"))?;
        files.push(real.join("PV_CM_24_04_2014.pdf"));
        for file in files {
            std::fs::copy(&file, into.join(file.file_name().context("a name")?))?;
        }
        return Ok(into.to_owned());
    }
    eprintln!("no real papers here: measuring with the demo council's sitting");
    let made = root.join("../.demo/council/seance-prochaine");
    made.is_dir().then_some(made).context("run `cargo xtask demo` once to make papers")
}

fn pdfs(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|end| end.eq_ignore_ascii_case("pdf")) {
            files.push(path);
        }
    }
    Ok(files)
}

/// What the machine needs to hash, copy and sync these bytes once.
pub(crate) fn copy_ms(files: &[PathBuf]) -> Result<f64> {
    let folder = tempfile::tempdir()?;
    let start = Instant::now();
    for (number, file) in files.iter().enumerate() {
        let bytes = std::fs::read(file)?;
        std::hint::black_box(ring::digest::digest(&ring::digest::SHA256, &bytes));
        let copy = folder.path().join(number.to_string());
        std::fs::write(&copy, &bytes)?;
        std::fs::File::open(&copy)?.sync_all()?;
    }
    Ok(start.elapsed().as_secs_f64() * 1_000.0)
}

/// What a search without an index needs: poppler's text of every paper.
fn live_search_ms(files: &[PathBuf]) -> Result<Option<f64>> {
    let start = Instant::now();
    for file in files {
        let text = Command::new("pdftotext")
            .arg(file)
            .arg("-")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
        match text {
            Ok(_) => {}
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error.into()),
        }
    }
    Ok(Some(start.elapsed().as_secs_f64() * 1_000.0))
}
