//! Turning to another page of the paper that is read.
//!
//! - *not prefetched, worker*: every third page, all its tiles encoded, beside plain pdfium with the
//!   same encoder in one process.
//! - *Chromium*: the next page after a rest, which the reader has fetched ahead; and a page far away;
//!   until the frame after its last tile in sight was decoded.

use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use pdf::{PdfConfig, PdfReader};

use crate::browser;
use crate::council::{self, Reports};
use crate::figure::{Figure, Target};
use crate::first::{A4, tiles};
use crate::memory::WIDTH;
use crate::peers::{self, Peer};
use crate::plain;
use crate::reports::Report;

/// Pages that are turned to, and how far they are apart: neighbours stay open.
const TURNS: u32 = 12;
const APART: u32 = 3;
/// One frame, in milliseconds.
const FRAME: f64 = 1_000.0 / 60.0;
/// How long a reader rests on a page.
const REST: Duration = Duration::from_millis(1_500);

pub(crate) fn measure() -> Result<Vec<Figure>> {
    let scene = council::with_reports(&Report::ALL)?;
    let mut figures = Vec::new();
    for kind in Report::ALL {
        figures.push(worker(&scene, kind)?);
    }
    let files = Report::ALL.map(|kind| scene.file(kind));
    let mut peer = browser::pdfjs(&files)?;
    for kind in Report::ALL {
        let screen = browser::app(&scene.official, false)?;
        let document = scene.document(kind)?;
        let go = |page: u32| format!("location.hash = '#/document/{document}?page={page}'");
        let (.., width) = browser::shows(&screen, &go(1), 1)?;
        let (mut near, mut far, mut theirs) = (Vec::new(), Vec::new(), Vec::new());
        for turn in 1..=TURNS {
            std::thread::sleep(REST);
            near.push(browser::shows(&screen, &go(turn + 1), turn + 1)?.0);
        }
        for turn in 1..=TURNS {
            let page = turn_to(kind, turn);
            far.push(browser::shows(&screen, &go(page), page)?.0);
        }
        drop(screen);
        if let Some(peer) = &mut peer {
            let open = format!("opens('{}', {width})", browser::address(kind));
            browser::pdfjs_ms(peer, &open)?;
            for turn in 1..=TURNS {
                let page = turn_to(kind, turn);
                theirs.push(browser::pdfjs_ms(peer, &format!("turns({page}, {width})"))?);
            }
        }
        let theirs = (!theirs.is_empty()).then_some(theirs);
        let name = |what: &str| format!("turn, {}: {what}", kind.name());
        let prefetched = name("prefetched, Chromium");
        figures.push(
            Figure::of(prefetched, "ms", near, Target::Median(2.0 * FRAME))
                .limit("one frame", FRAME),
        );
        figures.push(
            Figure::of(name("not prefetched, Chromium"), "ms", far, Target::None)
                .beside("pdf.js", theirs)
                .limit("one frame", FRAME),
        );
    }
    Ok(figures)
}

/// Far from every page that was shown, within the paper.
fn turn_to(kind: Report, turn: u32) -> u32 {
    16 + (turn * 2 * APART) % (kind.pages() - 18)
}

fn worker(scene: &Reports, kind: Report) -> Result<Figure> {
    let file = scene.file(kind);
    let pages: Vec<u32> = (1..=TURNS).map(|turn| turn * APART).collect();
    let samples = tokio::runtime::Runtime::new()?.block_on(async {
        let reader = PdfReader::start(PdfConfig::find())?;
        tiles(&reader, &file, 1, &A4).await?;
        let mut samples = Vec::new();
        for page in &pages {
            let start = Instant::now();
            tiles(&reader, &file, *page, &A4).await?;
            samples.push(start.elapsed().as_secs_f64() * 1_000.0);
        }
        anyhow::Ok(samples)
    })?;
    let plain = |encode| {
        let job =
            plain::job(&file, WIDTH, std::iter::once(1).chain(pages.clone()).collect(), encode);
        anyhow::Ok(plain::run(&job)?.pages_ms.split_off(1))
    };
    let python = |peer| {
        let timed = peers::python(peer, &file, WIDTH, &pages, false)?;
        anyhow::Ok(timed.map(|timed| timed.pages_ms))
    };
    let encoded = plain(plain::encoding(kind)).context("plain pdfium")?;
    let name = format!("turn, {}: not prefetched, worker", kind.name());
    Ok(Figure::of(name, "ms", samples, Target::None)
        .at_most_of("plain pdfium and encoding", Some(encoded), 1.3)
        .beside("pypdfium2", python(Peer::Pypdfium2)?)
        .beside("pymupdf", python(Peer::Pymupdf)?)
        .limit_of("raw pdfium, pixels", plain(plain::Encode::Nothing)?))
}
