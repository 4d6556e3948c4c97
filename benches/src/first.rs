//! The first page of a paper on the screen: text, a report of 105 MB, scans.
//!
//! - *worker*: from the request to the last encoded tile of the whole page, through the worker
//!   process that is ready and has never seen the paper; beside libraries that draw the page to pixels
//!   in their own process and encode nothing, and programs that are started for the page.
//! - *Chromium*: from the change of the address to the frame after the last tile in sight was
//!   decoded, over the bridge; beside pdf.js, whose worker is ready too, on a canvas as wide.

use std::path::Path;
use std::time::Instant;

use anyhow::Result;
use client::ports::{PaperPage, Papers, RenderArea};
use futures_util::future::try_join_all;
use ipc::Look;
use pdf::{PdfConfig, PdfReader};

use crate::browser;
use crate::council::{self, Reports};
use crate::figure::{Figure, Target};
use crate::memory::WIDTH;
use crate::peers::{self, Peer};
use crate::plain::{self, Encode};
use crate::reports::Report;

const RUNS: u32 = 7;

pub(crate) fn measure() -> Result<Vec<Figure>> {
    let scene = council::with_reports(&Report::ALL)?;
    let mut figures = Vec::new();
    for kind in Report::ALL {
        figures.push(worker(&scene, kind)?);
    }
    let files = Report::ALL.map(|kind| scene.file(kind));
    let mut peer = browser::pdfjs(&files)?;
    for kind in Report::ALL {
        let (mut whole, mut small, mut theirs) = (Vec::new(), Vec::new(), Vec::new());
        let document = scene.document(kind)?;
        for _ in 0..RUNS {
            // A tablet that has never drawn this paper: its process is new.
            let screen = browser::app(&scene.official, false)?;
            let bring = format!("location.hash = '#/document/{document}?page=1'");
            let (ms, first, width) = browser::shows(&screen, &bring, 1)?;
            whole.push(ms);
            small.extend(first);
            drop(screen);
            if let Some(peer) = &mut peer {
                let call = format!("opens('{}', {width})", browser::address(kind));
                theirs.push(browser::pdfjs_ms(peer, &call)?);
            }
        }
        let name = |what: &str| format!("first page, {}: {what}", kind.name());
        let there = Figure::of(name("Chromium"), "ms", whole, Target::None);
        let theirs = (!theirs.is_empty()).then_some(theirs);
        figures.push(there.at_most_of("pdf.js", theirs, 0.5).limit("one frame", 16.7));
        let first = Figure::of(name("small image, Chromium"), "ms", small, Target::None);
        figures.push(first.limit("one frame", 16.7));
    }
    Ok(figures)
}

fn worker(scene: &Reports, kind: Report) -> Result<Figure> {
    let file = scene.file(kind);
    let mut samples = Vec::new();
    tokio::runtime::Runtime::new()?.block_on(async {
        let reader = PdfReader::start(PdfConfig::find())?;
        while reader.workers().len() < 2 {
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
        for run in 0..RUNS {
            // Another name is another paper: nothing of it is known.
            let paper = scene.folder.path().join(format!("{run}.pdf"));
            std::fs::copy(&file, &paper)?;
            samples.push(page_ms(&reader, &paper, 1).await?);
            std::fs::remove_file(paper)?;
        }
        anyhow::Ok(())
    })?;
    let pages = [1; RUNS as usize];
    let first = |job: &plain::Job| anyhow::Ok(plain::run(job)?.first_ms);
    let mut raw = Vec::new();
    for _ in 0..RUNS {
        raw.push(first(&plain::job(&file, WIDTH, vec![1], Encode::Nothing))?);
    }
    let python = |peer| {
        let mut samples = Vec::new();
        for _ in 0..RUNS {
            match peers::python(peer, &file, WIDTH, &[1], false)? {
                Some(timed) => samples.push(timed.first_ms),
                None => return Ok::<_, anyhow::Error>(None),
            }
        }
        Ok(Some(samples))
    };
    let name = format!("first page, {}: worker, all tiles encoded", kind.name());
    Ok(Figure::of(name, "ms", samples, Target::None)
        .beside("pypdfium2", python(Peer::Pypdfium2)?)
        .beside("pymupdf", python(Peer::Pymupdf)?)
        .beside("pdftoppm, process", peers::pdftoppm(&file, WIDTH, &pages)?)
        .beside("xournalpp, process", peers::xournalpp(&file, WIDTH, &pages)?)
        .limit_of("raw pdfium, pixels", raw))
}

/// Milliseconds until a page has been looked at and all its tiles are encoded.
pub(crate) async fn page_ms(reader: &PdfReader, paper: &Path, page: u32) -> Result<f64> {
    let start = Instant::now();
    let size = reader.glance(paper, page).await?.sizes.get(page as usize - 1).copied();
    tiles(reader, paper, page, &size.unwrap_or(A4)).await?;
    Ok(start.elapsed().as_secs_f64() * 1_000.0)
}

pub(crate) const A4: ipc::PageSize =
    ipc::PageSize { width: 595.0, height: 842.0, rotation: 0, left: 0.0, bottom: 0.0 };

/// Draws all tiles of a page, as many at a time as a reader asks for.
pub(crate) async fn tiles(
    reader: &PdfReader,
    paper: &Path,
    page: u32,
    size: &ipc::PageSize,
) -> Result<()> {
    let tile = ipc::page::TILE;
    let height = (WIDTH as f32 * size.height / size.width).round() as u32;
    let (columns, rows) = (WIDTH.div_ceil(tile), height.div_ceil(tile));
    let all = (0..rows).flat_map(|row| (0..columns).map(move |column| (column, row)));
    let drawn = all.map(|(column, row)| {
        let (x, y) = (column * tile, row * tile);
        let area = RenderArea::Pixels { x, y, width: tile, height: tile };
        let (generation, look, ahead) = (1, Look::Paper, false);
        let part = PaperPage { page, width: WIDTH, area, generation, look, ahead };
        reader.render(paper, part)
    });
    try_join_all(drawn).await?;
    Ok(())
}
