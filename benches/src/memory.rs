//! Memory while a report of 500 pages and 105 MB is read from its first page to its last: the app
//! without its web view, and its workers, beside plain pdfium in one process.
//!
//! The figure is the proportional set size (PSS): what is a process's own and its share of what
//! several have, summed over the processes; the most after any page.

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use client::Client;
use domain::DocumentId;
use futures_util::future::try_join_all;
use ipc::{Command, Look, PageArea, PageImage, Reply};
use pdf::{PdfConfig, PdfReader};
use serde::{Deserialize, Serialize};

use crate::again;
use crate::council;
use crate::figure::{Figure, Target};
use crate::peers::{self, Peer};
use crate::plain::{self, Encode};
use crate::reports::Report;

/// Width of a page, in pixels: a tablet's.
pub(crate) const WIDTH: u32 = 1600;

/// A tablet that is to read a paper through.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Job {
    profile: PathBuf,
    document: DocumentId,
}

/// What it took, in KB.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Weight {
    /// App and workers together, the most after any page.
    peak_kb: u64,
    /// The app's part of it.
    app_kb: u64,
}

pub(crate) fn measure() -> Result<Vec<Figure>> {
    let kind = Report::Pictures;
    let scene = council::with_reports(&[kind])?;
    let document = scene.document(kind)?;
    let job = Job { profile: scene.official.clone(), document };
    let weight: Weight = again::run(again::READ, &job)?;
    let file = scene.file(kind);
    let mut plain = plain::job(&file, WIDTH, (1..=kind.pages()).collect(), Encode::Jpeg);
    plain.weigh = true;
    let plain = plain::run(&plain)?.peak_kb;
    let mb = |kb: u64| kb as f64 / 1_024.0;
    let python = |peer| {
        Ok::<_, anyhow::Error>(peers::python(peer, &file, WIDTH, &[], true)?.as_ref().map(mb_of))
    };
    let name = "memory, 500 pages of a 105 MB report read: app and workers, PSS";
    Ok(vec![
        Figure::of(name, "MB", vec![mb(weight.peak_kb)], Target::Median(mb(plain) * 0.5))
            .peer("plain pdfium, one process", mb(plain))
            .beside("pypdfium2", python(Peer::Pypdfium2)?)
            .beside("pymupdf", python(Peer::Pymupdf)?),
        Figure::of("the app's part of it", "MB", vec![mb(weight.app_kb)], Target::None),
    ])
}

fn mb_of(timed: &peers::Timed) -> Vec<f64> {
    vec![timed.peak_kb as f64 / 1_024.0]
}

/// Reads every page as the reader does: the small image, the tiles, the text and its order.
pub(crate) fn work(job: &Job) -> Result<Weight> {
    tokio::runtime::Runtime::new()?.block_on(async {
        let reader = Arc::new(PdfReader::start(PdfConfig::find())?);
        let client = council::open_with(&job.profile, reader.clone())?;
        let document = job.document;
        let opened = client.handle(Command::Document { document }).await.context("the paper")?;
        let Reply::Document(paper) = opened else { bail!("another reply") };
        let mut weight = Weight { peak_kb: 0, app_kb: 0 };
        for page in 1..=paper.pages {
            read(&client, &paper, page).await?;
            let app = pss_kb(&[std::process::id()])?;
            let all = app + pss_kb(&reader.workers())?;
            if all > weight.peak_kb {
                weight = Weight { peak_kb: all, app_kb: app };
            }
        }
        client.shutdown().await;
        Ok(weight)
    })
}

/// One page as the reader asks for it.
async fn read(client: &Client, paper: &ipc::DocumentView, page: u32) -> Result<()> {
    let size = paper.sizes.get(page as usize - 1).context("a size")?;
    let height = (WIDTH as f32 * size.height / size.width).round() as u32;
    let (columns, rows) = (WIDTH.div_ceil(ipc::page::TILE), height.div_ceil(ipc::page::TILE));
    let image = |width, area| PageImage {
        document: paper.document,
        version: paper.version,
        page,
        width,
        area,
        generation: 1,
        look: Look::Paper,
        ahead: false,
    };
    let tiles = (0..rows).flat_map(|row| (0..columns).map(move |column| (column, row)));
    let tiles = tiles.map(|(column, row)| image(WIDTH, PageArea::Tile { column, row }));
    let first = std::iter::once(image(ipc::page::FIRST, PageArea::Whole));
    try_join_all(first.chain(tiles).map(|image| client.page_image(image))).await?;
    let document = paper.document;
    client.handle(Command::PageText { document, page }).await?;
    client.handle(Command::PageReading { document, page }).await?;
    Ok(())
}

/// Proportional set size of these processes, in KB.
pub(crate) fn pss_kb(processes: &[u32]) -> Result<u64> {
    let mut all = 0;
    for process in processes {
        let about = std::fs::read_to_string(format!("/proc/{process}/smaps_rollup"))?;
        let line = about.lines().find_map(|line| line.strip_prefix("Pss:")).context("a Pss")?;
        all += line.trim().trim_end_matches("kB").trim().parse::<u64>()?;
    }
    Ok(all)
}
