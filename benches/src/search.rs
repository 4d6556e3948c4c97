//! Search over a paper of 1,000 dense pages and 2,000 notes, as it is typed; beside libraries that
//! look through the paper's text each time.

use anyhow::{Context, Result, bail};
use ink::{Colour, MarkKind, Point};
use ipc::{Audience, Command, NewMark, Reply, SearchIn};

use crate::council;
use crate::figure::{Figure, Target};
use crate::peers::{self, Peer};
use crate::reports::Report;

const NOTES: u32 = 2_000;
const ROUNDS: u32 = 20;
/// What is looked for: words on every page, on none, in the notes, and beginnings of words.
const WORDS: [&str; 7] =
    ["budget", "conv", "commission finances", "subvention euros", "échéancier", "m", "introuvable"];

pub(crate) fn measure() -> Result<Vec<Figure>> {
    let kind = Report::Text;
    let scene = council::with_reports(&[kind])?;
    let document = scene.document(kind)?;
    let (samples, hits, scan) = tokio::runtime::Runtime::new()?.block_on(async {
        let client = council::open(&scene.official)?;
        for n in 0..NOTES {
            let at = Point { x: (n % 500) as f32 + 20.0, y: (n * 37 % 800) as f32 + 20.0 };
            let mark = NewMark {
                id: None,
                document,
                page: n % kind.pages() + 1,
                kind: MarkKind::Note { at },
                colour: Colour::Yellow,
                text: format!("Demander l’échéancier n° {n} de la subvention"),
                audience: Audience::Private,
            };
            client.handle(Command::Mark(mark)).await.context("a note")?;
        }
        let (mut samples, mut hits) = (Vec::new(), 0);
        // The first round fills the caches of a machine that has just started.
        for round in 0..=ROUNDS {
            for words in WORDS {
                let (text, within) = (words.to_owned(), SearchIn::All);
                let start = std::time::Instant::now();
                let reply = client.handle(Command::Search { text, within, places: false }).await?;
                let took = start.elapsed().as_secs_f64() * 1_000.0;
                let Reply::Found(found) = reply else { bail!("another reply") };
                if round > 0 {
                    samples.push(took);
                    hits += found.hits.len();
                }
            }
        }
        client.shutdown().await;
        anyhow::Ok((samples, hits, scan_ms(&scene.file(kind))?))
    })?;
    eprintln!("search: {} hits a search", hits / samples.len().max(1));
    let file = scene.file(kind);
    let live = |peer| peers::python_search(peer, &file, &["budget", "subvention euros"]);
    let name = "search, 1,000 pages and 2,000 notes";
    Ok(vec![
        Figure::of(name, "ms", samples, Target::Median(10.0))
            .beside("pypdfium2, live", live(Peer::Pypdfium2)?)
            .beside("pymupdf, live", live(Peer::Pymupdf)?)
            .limit("looking at every byte of the text once", scan),
    ])
}

/// Milliseconds to look at every byte of a file in memory.
fn scan_ms(file: &std::path::Path) -> Result<f64> {
    let bytes = std::fs::read(file)?;
    let start = std::time::Instant::now();
    std::hint::black_box(bytes.iter().filter(|byte| **byte == b'~').count());
    Ok(start.elapsed().as_secs_f64() * 1_000.0)
}
