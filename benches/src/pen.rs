//! Ink: from the pen's event to the pixel in Chromium, on an empty page and on one with 10,000
//! strokes, beside a bare canvas in the same browser; and what a stroke weighs.
//!
//! The time runs from the browser's receipt of the event (its trace event `EventLatency`) to the first
//! frame that it displayed after the page had handled it (`Display::FrameDisplayed`). The moves are
//! several frames apart and nothing else moves, so that this is the frame with the ink; that there is
//! ink is looked up in the canvas. Xournal++ has no such clock inside, and polling an X display for
//! its pixels would measure another path to the screen: it is left out.

use std::time::Duration;

use annotation::NoteDoc;
use anyhow::{Context, Result, ensure};
use e2e::screen::Screen;
use ink::{AnnotationId, Colour, Mark, MarkKind, Nib, Stroke};
use serde_json::json;

use crate::figure::{Figure, Target};
use crate::{browser, council, stroke};

/// Moves that are measured each time.
const MOVES: u32 = 90;
const STROKES: u32 = 10_000;

pub(crate) fn measure() -> Result<Vec<Figure>> {
    let scene = council::with_one_paper()?;
    let open = |screen: &Screen| {
        let bring = format!("location.hash = '#/document/{}?page=1'", scene.document);
        browser::shows(screen, &bring, 1)?;
        screen.click("[data-tool='pen']")?;
        // Text, notes and the rail's pictures come after the page.
        std::thread::sleep(Duration::from_secs(3));
        anyhow::Ok(())
    };
    let screen = browser::app(&scene.official, true)?;
    open(&screen)?;
    let empty = event_to_pixel(&screen, ".wet canvas")?;
    drop(screen);
    stroke::fill(&scene, STROKES)?;
    let screen = browser::app(&scene.official, true)?;
    open(&screen)?;
    screen.wait("the strokes", "return document.querySelectorAll('canvas.dry').length > 0")?;
    std::thread::sleep(Duration::from_secs(5));
    let full = event_to_pixel(&screen, ".wet canvas")?;
    drop(screen);
    let screen = browser::canvas()?;
    let bare = event_to_pixel(&screen, "#ink")?;
    let median = Figure::of("", "ms", empty.clone(), Target::None).median;
    let name = |what: &str| format!("ink, event to pixel: {what}, Chromium");
    Ok(vec![
        Figure::of(name("empty page"), "ms", empty, Target::None)
            .at_most_of("bare canvas", Some(bare.clone()), 1.0)
            .limit("one frame", 16.7),
        Figure::of(name("10,000 strokes"), "ms", full, Target::Median(median * 1.1))
            .peer("our empty page", median)
            .beside("bare canvas", Some(bare))
            .limit("one frame", 16.7),
        weight()?,
    ])
}

/// Moves a pen and reads from the browser's trace when its ink was on the screen; milliseconds. Leaves
/// the page.
fn event_to_pixel(screen: &Screen, canvas: &str) -> Result<Vec<f64>> {
    let pen = |kind: &str, x: u32, y: u32| {
        let pressed = u32::from(kind != "mouseReleased");
        screen.devtools(
            "Input.dispatchMouseEvent",
            &json!({ "type": kind, "x": x, "y": y, "button": "left", "buttons": pressed,
                     "pointerType": "pen", "force": 0.5, "clickCount": pressed }),
        )
    };
    let (x, y) = (500, 300);
    pen("mousePressed", x, y)?;
    for step in 1..=MOVES {
        pen("mouseMoved", x + step * 2, y + (step % 9) * 6)?;
        // Never in step with the frames.
        std::thread::sleep(Duration::from_millis(u64::from(55 + step * 7 % 17)));
    }
    let inked = screen.script(&format!(
        "const inked = canvas => canvas.getContext('2d') \
             .getImageData(0, 0, canvas.width, canvas.height).data.some(p => p > 0); \
         return [...document.querySelectorAll({})].some(inked)",
        json!(canvas)
    ))?;
    pen("mouseReleased", x + MOVES * 2, y)?;
    ensure!(inked == true, "the pen left no ink");
    let trace = browser::trace(screen)?;
    let samples: Vec<f64> = trace
        .moves
        .iter()
        .filter_map(|(begin, handled)| {
            let shown = trace.frames.iter().find(|frame| *frame > handled)?;
            Some((shown - begin) / 1_000.0)
        })
        .collect();
    ensure!(samples.len() as u32 > MOVES / 2, "only {} moves were traced", samples.len());
    Ok(samples)
}

/// Bytes a point of ink as it is saved, identifiers and keys included: strokes of a hand that
/// trembles, half a second each, 240 samples a second.
fn weight() -> Result<Figure> {
    let (strokes, samples) = (1_000_u32, 120_u8);
    let mut doc = NoteDoc::new([7; 16]);
    let mut sent = 0;
    for number in 0..strokes {
        let strokes = vec![trembling(number, samples)];
        let (made, kind) = (1_000, MarkKind::Ink { strokes, width: 1.4, nib: Nib::Pen });
        let mut id = [0; 16];
        for (to, from) in id.iter_mut().zip(number.to_be_bytes().into_iter().cycle()) {
            *to = from;
        }
        let mark = Mark {
            id: AnnotationId::from_bytes(id),
            page: 1,
            kind,
            colour: Colour::Blue,
            text: String::new(),
            created_ms: made,
            modified_ms: made,
            in_reply_to: None,
        };
        sent += doc.put(&mark, made)?.len();
    }
    let points = f64::from(strokes) * f64::from(samples);
    let saved = doc.snapshot().context("a snapshot")?.len() as f64 / points;
    let name = "ink, saved, identifiers and keys included";
    Ok(Figure::of(name, "bytes a point", vec![saved], Target::Median(2.5))
        .peer("each stroke as it is sent", sent as f64 / points)
        .peer("three 32-bit numbers", 12.0))
}

fn trembling(number: u32, samples: u8) -> Stroke {
    let tremor = |n: u64| (n * 2_654_435_761 % 1_000) as f32 / 1_000.0 - 0.5;
    let phase = number as f32;
    let points = (0..samples).map(|i| {
        let (t, seed) = (f32::from(i) / 240.0, u64::from(number) * 997 + 3 * u64::from(i));
        let x = 100.0 + 60.0 * t + 6.0 * (t * 17.0 + phase).cos() + 0.04 * tremor(seed);
        let y = 400.0 + 9.0 * (t * 21.0 + phase).sin() + 0.04 * tremor(seed + 1);
        [x, y, 0.5 + 0.25 * (t * 9.0).sin() + 0.01 * tremor(seed + 2)].into()
    });
    Stroke { points: points.collect() }
}
