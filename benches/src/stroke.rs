//! Pen-up to durable: `Command::Mark` with an ink stroke, on a page that has 10,000 strokes already.

use std::path::Path;
use std::time::Instant;

use anyhow::{Context, Result};
use client::Client;
use domain::DocumentId;
use ink::{Colour, MarkKind, Stroke, StrokePoint};
use ipc::{Audience, Command, NewMark};

use crate::council;
use crate::figure::{Figure, Target};

const ALREADY: u32 = 10_000;
const MEASURED: u32 = 1_000;

pub(crate) fn measure() -> Result<Vec<Figure>> {
    let scene = council::with_one_paper()?;
    fill(&scene, ALREADY)?;
    let samples = tokio::runtime::Runtime::new()?.block_on(async {
        let client = council::open(&scene.official)?;
        draw(&client, scene.document, ALREADY).await?;
        let mut samples = Vec::new();
        for n in 0..MEASURED {
            let start = Instant::now();
            draw(&client, scene.document, n).await?;
            samples.push(start.elapsed().as_secs_f64() * 1_000.0);
        }
        client.shutdown().await;
        anyhow::Ok(samples)
    })?;
    let limit = one_commit_ms(scene.folder.path())?;
    let name = "stroke: pen-up to durable, 10,000 strokes on the page";
    Ok(vec![
        Figure::of(name, "ms", samples, Target::P99(10.0))
            .limit("SQLite, one row of 400 bytes, FULL", limit),
    ])
}

/// Draws so many strokes all over the page.
pub(crate) fn fill(scene: &council::Scene, strokes: u32) -> Result<()> {
    tokio::runtime::Runtime::new()?.block_on(async {
        let client = council::open(&scene.official)?;
        for n in 0..strokes {
            draw(&client, scene.document, n).await?;
        }
        client.shutdown().await;
        Ok(())
    })
}

async fn draw(client: &Client, document: DocumentId, n: u32) -> Result<()> {
    let kind = MarkKind::Ink { strokes: vec![stroke(n)], width: 1.6, nib: ink::Nib::Pen };
    let mark = NewMark {
        id: None,
        document,
        page: 1,
        kind,
        colour: Colour::Blue,
        text: String::new(),
        audience: Audience::Private,
    };
    client.handle(Command::Mark(mark)).await.context("a mark")?;
    Ok(())
}

/// Sixty points of a hand's curve somewhere on the page.
fn stroke(n: u32) -> Stroke {
    let (x0, y0) = ((n * 37 % 450) as f32 + 40.0, (n * 91 % 700) as f32 + 60.0);
    let points = (0..60u8)
        .map(|i| {
            let t = f32::from(i) / 8.0;
            StrokePoint { x: x0 + t * 6.0, y: y0 + t.sin() * 9.0, pressure: 0.4 + t.cos() * 0.2 }
        })
        .collect();
    Stroke { points }
}

/// Median time of one small durable commit on the same disk.
fn one_commit_ms(folder: &Path) -> Result<f64> {
    let db = rusqlite::Connection::open(folder.join("limit.db"))?;
    db.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE t (b BLOB) STRICT;",
    )?;
    let mut samples = Vec::new();
    for _ in 0..500 {
        let start = Instant::now();
        db.execute("INSERT INTO t VALUES (?1)", [vec![7u8; 400]])?;
        samples.push(start.elapsed().as_secs_f64() * 1_000.0);
    }
    samples.sort_by(f64::total_cmp);
    samples.get(250).copied().context("samples")
}
