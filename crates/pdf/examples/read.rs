//! Reads a paper and says how long each part took: `read FILE.pdf [OUT_FOLDER]`.
#![allow(clippy::print_stdout, reason = "a tool for the terminal")]

use std::path::{Path, PathBuf};
use std::time::Instant;

use client::ports::{PaperPage, Papers, PdfError, RenderArea};
use pupitre_pdf::{PdfConfig, PdfReader};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), PdfError> {
    pupitre_pdf::worker_main_if_asked();
    let mut arguments = std::env::args_os().skip(1).map(PathBuf::from);
    let paper = arguments.next().unwrap_or_default();
    let out = arguments.next();
    let reader = PdfReader::start(PdfConfig::find())?;
    while reader.workers().is_empty() {
        tokio::task::yield_now().await;
    }
    let begin = Instant::now();
    let first = page(&reader, &paper, 1, RenderArea::Whole).await?;
    println!(
        "first page, 1600 px: {:?}, {} {} bytes",
        begin.elapsed(),
        first.mime,
        first.bytes.len()
    );
    let begin = Instant::now();
    let inspection = reader.inspect(&paper).await?;
    println!("inspect {} pages: {:?}", inspection.sizes.len(), begin.elapsed());
    println!(
        "{:?} searchable {} title {:?}",
        inspection.sizes.first(),
        inspection.searchable,
        inspection.title
    );
    let pages = u32::try_from(inspection.sizes.len()).unwrap_or(1);
    let mut turns = Vec::new();
    let before = ticks(&reader);
    for number in 2..=pages.min(40) {
        let begin = Instant::now();
        page(&reader, &paper, number, RenderArea::Whole).await?;
        turns.push(begin.elapsed());
    }
    turns.sort();
    let spent = (ticks(&reader) - before) * 10;
    println!("processor time: {} ms for {} pages", spent, turns.len());
    println!("page turns: median {:?}, longest {:?}", turns.get(turns.len() / 2), turns.last());
    let mut tiles = Vec::new();
    for number in 1..=pages.min(10) {
        for (x, y) in [(0, 0), (512, 0), (0, 512), (512, 512), (0, 1024)] {
            let begin = Instant::now();
            let area = RenderArea::Pixels { x, y, width: 512, height: 512 };
            page(&reader, &paper, number, area).await?;
            tiles.push(begin.elapsed());
        }
    }
    tiles.sort();
    println!("tiles of 512: median {:?}, longest {:?}", tiles.get(tiles.len() / 2), tiles.last());
    let begin = Instant::now();
    let text = reader.text(&paper, 1).await?;
    println!("text of page 1: {:?}, {} lines", begin.elapsed(), text.lines.len());
    for line in &text.lines {
        println!("  {:?} {}", line.rect, line.text);
    }
    let begin = Instant::now();
    let all = reader.all_text(&paper).await?.pages;
    println!(
        "all text: {:?}, {} characters",
        begin.elapsed(),
        all.iter().map(String::len).sum::<usize>()
    );
    println!("outline: {} entries", reader.outline(&paper).await?.len());
    if let Some(out) = out {
        write(&out.join(if first.mime == "image/png" { "1.png" } else { "1.jpg" }), &first.bytes);
    }
    Ok(())
}

async fn page(
    reader: &PdfReader,
    paper: &Path,
    page: u32,
    area: RenderArea,
) -> Result<client::ports::PaperImage, PdfError> {
    reader
        .render(
            paper,
            PaperPage {
                page,
                width: 1600,
                area,
                generation: 0,
                look: ipc::Look::Paper,
                ahead: false,
            },
        )
        .await
}

fn write(file: &Path, bytes: &[u8]) {
    if let Err(error) = std::fs::write(file, bytes) {
        println!("{}: {error}", file.display());
    }
}

/// Processor time of the workers, in hundredths of a second: what a busy machine does not blur.
fn ticks(reader: &PdfReader) -> u64 {
    let of = |worker: u32| {
        let stat = std::fs::read_to_string(format!("/proc/{worker}/stat")).ok()?;
        let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
        let [user, system] = [fields.get(11)?, fields.get(12)?];
        Some(user.parse::<u64>().ok()? + system.parse::<u64>().ok()?)
    };
    reader.workers().into_iter().filter_map(of).sum()
}
