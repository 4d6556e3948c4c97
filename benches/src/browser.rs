//! Chromium before the app's screens, before pdf.js and before a bare canvas.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use e2e::screen::{Chromium, Screen};
use serde_json::Value;

use crate::serve::{self, Served};
use crate::{peers, reports};

/// The window's size, in CSS pixels: a tablet held upright.
pub(crate) const WINDOW: Chromium = Chromium { width: 1280, height: 1000, traced: false };

/// The app's screens on a profile, ready for a paper: its workers have started.
pub(crate) fn app(profile: &Path, traced: bool) -> Result<Screen> {
    let screen = Screen::chromium(profile, Chromium { traced, ..WINDOW })?;
    screen.wait("the first screen", "return !!document.querySelector('main h1, main h2')")?;
    std::thread::sleep(std::time::Duration::from_millis(1_500));
    Ok(screen)
}

/// pdf.js with its worker started, and papers under their files' names; none when it is not here.
pub(crate) fn pdfjs(papers: &[std::path::PathBuf]) -> Result<Option<Screen>> {
    let Some(build) = peers::folder().map(|it| it.join("node_modules/pdfjs-dist/build")) else {
        return Ok(None);
    };
    if !build.join("pdf.min.mjs").is_file() {
        eprintln!("pdf.js is not here");
        return Ok(None);
    }
    let page = include_str!("../peers/pdfjs.html").to_owned();
    let mut served = BTreeMap::from([("/".to_owned(), Served::Text("text/html", page))]);
    for name in ["pdf.min.mjs", "pdf.worker.min.mjs"] {
        let file = Served::File("text/javascript", build.join(name));
        served.insert(format!("/pdfjs/{name}"), file);
    }
    for paper in papers {
        let name = paper.file_name().context("a name")?.to_string_lossy();
        served.insert(format!("/{name}"), Served::File("application/pdf", paper.clone()));
    }
    let screen = Screen::page(&serve::start(served)?, WINDOW)?;
    screen.wait("pdf.js", "return !!window.ready")?;
    Ok(Some(screen))
}

/// A canvas that does nothing but follow the pen.
pub(crate) fn canvas() -> Result<Screen> {
    let page = include_str!("../peers/canvas.html").to_owned();
    let served = BTreeMap::from([("/".to_owned(), Served::Text("text/html", page))]);
    let screen = Screen::page(&serve::start(served)?, Chromium { traced: true, ..WINDOW })?;
    screen.wait("the canvas", "return !!window.ready")?;
    Ok(screen)
}

/// What both measurements of the app's reader need: when all tiles of a page that are in sight have
/// been decoded and a frame has passed. `small` tells when the small image was there.
const SHOWN: &str = r"
    const shown = async (number) => {
        const start = performance.now();
        const frame = () => new Promise(done => requestAnimationFrame(done));
        const port = () => document.querySelector('.scroller')?.getBoundingClientRect();
        let small = null;
        for (;;) {
            const sheet = document.querySelector(`.sheet[data-page='${number}']`);
            const whole = sheet?.querySelector('img.whole');
            if (small === null && whole?.complete && whole.naturalWidth) {
                small = performance.now() - start;
            }
            const tiles = [...(sheet?.querySelectorAll('img.tile') ?? [])].filter(tile => {
                const a = tile.getBoundingClientRect(), b = port();
                return a.bottom > b.top && a.top < b.bottom && a.right > b.left && a.left < b.right;
            });
            if (tiles.length && tiles.every(tile => tile.complete && tile.naturalWidth)) {
                await Promise.all(tiles.map(tile => tile.decode()));
                await frame();
                await new Promise(done => setTimeout(done));
                return { ms: performance.now() - start, small, tiles: tiles.length,
                         width: sheet.getBoundingClientRect().width };
            }
            if (performance.now() - start > 20000) throw new Error('the page never came');
            await frame();
        }
    };";

/// Milliseconds until the page that the script brings is on the screen; until its small image was;
/// width of the page in CSS pixels.
pub(crate) fn shows(screen: &Screen, bring: &str, page: u32) -> Result<(f64, Option<f64>, f64)> {
    let shown = screen.promise(&format!("{SHOWN} {bring}; return await shown({page});"))?;
    ensure!(shown["error"].is_null(), "{}", shown["error"]);
    let ms = shown["ms"].as_f64().context("a time")?;
    Ok((ms, shown["small"].as_f64(), shown["width"].as_f64().context("a width")?))
}

/// Milliseconds that a function of the page of pdf.js took.
pub(crate) fn pdfjs_ms(screen: &Screen, call: &str) -> Result<f64> {
    let ms = screen.promise(&format!("return await {call};"))?;
    ms.as_f64().with_context(|| format!("{call}: {ms}"))
}

/// The file's name as pdf.js asks for it.
pub(crate) fn address(kind: reports::Report) -> String {
    format!("/{}", kind.file())
}

/// Begin and end of every input event's handling, and every frame that was displayed, in
/// microseconds of the browser's clock.
#[derive(Debug, Default)]
pub(crate) struct Trace {
    /// When the browser got a move of the pen, and when the page had handled it.
    pub(crate) moves: Vec<(f64, f64)>,
    pub(crate) frames: Vec<f64>,
}

/// Reads what was traced, and leaves the page.
pub(crate) fn trace(screen: &Screen) -> Result<Trace> {
    let mut trace = Trace::default();
    let mut open = BTreeMap::<String, f64>::new();
    for entry in screen.trace()? {
        let at = entry["ts"].as_f64().unwrap_or(0.0);
        match (entry["name"].as_str(), entry["ph"].as_str()) {
            (Some("Display::FrameDisplayed"), _) => trace.frames.push(at),
            (Some("EventLatency"), Some("b")) => {
                let kind = entry["args"]["event_latency"]["event_type"].as_str();
                if kind.is_some_and(|kind| kind == "MOUSE_DRAGGED") {
                    open.insert(identity(&entry), at);
                }
            }
            (Some("EventLatency"), Some("e")) => {
                if let Some(begin) = open.remove(&identity(&entry)) {
                    trace.moves.push((begin, at));
                }
            }
            _ => {}
        }
    }
    trace.frames.sort_by(f64::total_cmp);
    Ok(trace)
}

fn identity(entry: &Value) -> String {
    format!("{} {}", entry["pid"], entry["id2"]["local"])
}
