//! The thread of Pupitre before a real screen: the window, and Chromium on the bridge, where a pen
//! has pressure.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs,
    reason = "a test may stop at the first surprise"
)]

use anyhow::{Context, Result};
use pupitre_e2e::screen::{PenSample, Screen};
use pupitre_e2e::tablet::Scene;
use pupitre_e2e::{Server, Tablet};
use serde_json::{Value, json};

/// The first sheet of the open paper, once something is drawn on it.
const SHEET: &str = ".sheet[data-page='1']";

/// Opens the paper of an item from the first screen, as a person does.
fn open_paper(screen: &Screen, title: &str) -> Result<()> {
    screen.sees("Conseil municipal")?;
    screen.press("Ouvrir la séance")?;
    screen.sees("Ordre du jour")?;
    screen.press(title)?;
    screen.wait(
        "the page's picture",
        "const i = document.querySelector(\".sheet[data-page='1'] img\"); \
         return i && i.complete && i.naturalWidth > 0",
    )?;
    Ok(())
}

/// A curve through the middle of the sheet whose pressure grows from 0.2 to 0.9.
fn curve(screen: &Screen) -> Result<Vec<PenSample>> {
    let (x, _) = screen.middle(SHEET)?;
    let samples = (0..30).map(|n| {
        let t = f64::from(n) / 29.0;
        (x - 120.0 + 240.0 * t, 420.0 + 40.0 * (t * 6.0).sin(), 0.2 + 0.7 * t)
    });
    Ok(samples.collect())
}

/// Kinds of the notes that a tablet holds.
fn kinds(tablet: &Tablet) -> Result<Vec<String>> {
    let notes = tablet.ask(&["notes"])?;
    let kinds = notes.as_array().context("notes")?.iter();
    Ok(kinds.filter_map(|note| note["kind"].as_str()).map(ToOwned::to_owned).collect())
}

/// Waits until nothing waits to be sent any more.
fn sent(screen: &Screen) -> Result<()> {
    screen.sees("À jour")
}

#[test]
fn in_the_window_an_official_draws_without_a_network_and_finds_it_on_the_second_tablet()
-> Result<()> {
    let mut scene = Scene::open()?;
    scene.publish_three_papers()?;
    let (ines, tablet) = scene.official("Inès", "Baudry")?;
    tablet.sync()?;
    let second = scene.another_tablet(&ines, "Inès 2")?;
    let (_, karim) = scene.official("Karim", "Ozenne")?;

    scene.server.kill()?;
    let screen = Screen::window(&tablet.profile)?;
    open_paper(&screen, "Garantie")?;
    screen.click("[data-tool='pen']")?;
    screen.drag(&curve(&screen)?)?;
    screen.sees("1 note en attente")?;
    drop(screen);
    assert_eq!(kinds(&tablet)?, ["ink"], "the stroke outlives a window that was killed");

    let address = scene.server.address.trim_start_matches("http://").to_owned();
    scene.server = Server::start_at(&scene.server.data, &address)?;
    let screen = Screen::window(&tablet.profile)?;
    sent(&screen)?;
    screen.close()?;
    second.sync()?;
    assert_eq!(kinds(&second)?, ["ink"]);
    karim.sync()?;
    assert_eq!(kinds(&karim)?, Vec::<String>::new());
    Ok(())
}

#[test]
fn in_the_browser_a_pen_keeps_its_pressure_and_undo_and_redo_reach_the_other_tablet() -> Result<()>
{
    let scene = Scene::open()?;
    scene.publish_three_papers()?;
    let (ines, tablet) = scene.official("Inès", "Baudry")?;
    tablet.sync()?;
    let screen = Screen::browser(&tablet.profile, 1366, 1024)?;
    open_paper(&screen, "Garantie")?;
    screen.click("[data-tool='pen']")?;
    screen.pen(&curve(&screen)?)?;

    let marks = screen.wait("the stroke", &marks_of(&screen)?)?;
    let points = marks[0]["mark"]["kind"]["strokes"][0].as_array().context("points")?.clone();
    let pressure = |point: &Value| point[2].as_f64().unwrap_or_default();
    let (first, last) = (pressure(&points[0]), pressure(points.last().context("a point")?));
    assert!(first < 0.4 && last > 0.7, "pressure from {first} to {last}");

    let nothing = format!("return ({}).then(m => m.length === 0)", promise_of(&screen)?);
    screen.press("Annuler")?;
    screen.wait("undo", &nothing)?;
    screen.press("Rétablir")?;
    screen.wait("redo", &marks_of(&screen)?)?;
    sent(&screen)?;
    drop(screen);
    tablet.sync()?;
    let second = scene.another_tablet(&ines, "Inès 2")?;
    second.sync()?;
    assert_eq!(kinds(&second)?, ["ink"]);
    Ok(())
}

#[test]
fn an_app_killed_in_the_middle_of_a_stroke_keeps_every_stroke_before_it() -> Result<()> {
    let scene = Scene::open()?;
    scene.publish_three_papers()?;
    let (_, tablet) = scene.official("Inès", "Baudry")?;
    tablet.sync()?;
    let screen = Screen::browser(&tablet.profile, 1366, 1024)?;
    open_paper(&screen, "Budget")?;
    screen.click("[data-tool='pen']")?;
    let curve = curve(&screen)?;
    screen.pen(&curve)?;
    screen.wait("the stroke", &marks_of(&screen)?)?;
    let lower: Vec<PenSample> = curve.iter().map(|(x, y, p)| (*x, y + 90.0, *p)).collect();
    screen.pen_without_lifting(&lower)?;
    drop(screen);
    assert_eq!(kinds(&tablet)?, ["ink"]);
    // And the tablet opens again as if nothing had happened.
    let screen = Screen::browser(&tablet.profile, 768, 1024)?;
    open_paper(&screen, "Budget")?;
    Ok(())
}

#[test]
fn words_dragged_over_with_the_highlighter_are_quoted_and_a_sticky_note_is_kept() -> Result<()> {
    let scene = Scene::open()?;
    scene.publish_three_papers()?;
    let (_, tablet) = scene.official("Inès", "Baudry")?;
    tablet.sync()?;
    let screen = Screen::browser(&tablet.profile, 1366, 1024)?;
    open_paper(&screen, "Garantie")?;
    screen.click("[data-tool='highlighter']")?;
    // The line of text stands 142 points under the top of an A4 page and begins at 72 points.
    let sheet = screen.script(
        "const r = document.querySelector(\".sheet[data-page='1']\").getBoundingClientRect(); \
         return [r.x, r.y, r.width]",
    )?;
    let [x, y, width] = [0, 1, 2].map(|n| sheet[n].as_f64().unwrap());
    let scale = width / 595.0;
    let at = |left: f64| (x + left * scale, y + 138.0 * scale, 0.5);
    screen.drag(&[at(74.0), at(120.0), at(200.0), at(300.0)])?;
    let marks = screen.wait("the highlight", &marks_of(&screen)?)?;
    let quote = marks[0]["mark"]["kind"]["quote"]["exact"].as_str().context("a quote")?.to_owned();
    assert!("Garantie: le montant garanti est porté à 2 240 000 euros".contains(&quote), "{quote}");
    assert!(quote.starts_with("Garantie"), "{quote}");

    screen.click("[data-tool='note']")?;
    let place = (x + 300.0 * scale, y + 300.0 * scale, 0.5);
    screen.drag(&[place, place])?;
    screen.types("textarea", "Demander l’échéancier")?;
    screen.key("\u{E00C}", false)?;
    let two = format!("return ({}).then(m => m.length === 2 && m)", promise_of(&screen)?);
    screen.wait("the note", &two)?;
    drop(screen);
    let mut texts = tablet.note_texts()?;
    texts.retain(|text| !text.is_empty());
    assert_eq!(texts, ["Demander l’échéancier"]);
    Ok(())
}

#[test]
fn a_new_tablet_joins_from_its_first_screen_and_the_papers_arrive() -> Result<()> {
    let scene = Scene::open()?;
    scene.publish_three_papers()?;
    let added = scene.clerk.ask(&["members", "add", "--first", "Paul", "--last", "Astier"])?;
    let invited = scene.clerk.ask(&["invite", added["member"].as_str().unwrap()])?;
    let profile = scene.folder.path().join("new");
    let screen = Screen::browser(&profile, 768, 1024)?;
    screen.sees("Rejoindre votre conseil")?;
    screen.types("#server", &scene.server.address)?;
    screen.types("#code", invited["code"].as_str().unwrap())?;
    screen.click("#join")?;
    screen.sees("Conseil municipal")?;
    screen.sees("3 documents sur la tablette")?;
    Ok(())
}

/// A script that answers the marks of the open paper, asked from the app itself.
fn marks_of(screen: &Screen) -> Result<String> {
    Ok(format!("return ({}).then(m => m.length > 0 && m)", promise_of(screen)?))
}

fn promise_of(screen: &Screen) -> Result<String> {
    let document = screen.wait(
        "the paper's address",
        "const m = location.hash.match(/[0-9a-f-]{36}/g); return m && m[m.length - 1]",
    )?;
    let body = json!({ "command": "marks", "with": { "document": document } });
    Ok(format!(
        "fetch('api/call', {{ method: 'POST', headers: {{ 'content-type': 'application/json' }}, \
         body: JSON.stringify({body}) }}).then(r => r.json()).then(r => r.marks)"
    ))
}

#[test]
fn a_tablet_with_a_code_shows_its_lock_alone_until_the_code_is_typed() -> Result<()> {
    let scene = Scene::open()?;
    scene.publish_three_papers()?;
    let (_, tablet) = scene.official("Inès", "Baudry")?;
    tablet.sync()?;
    let screen = Screen::browser(&tablet.profile, 768, 1024)?;
    screen.sees("Conseil municipal")?;
    screen.press("Réglages")?;
    screen.types("#pin-new", "482915")?;
    screen.types("#pin-again", "482915")?;
    screen.click("#pin-set")?;
    screen.sees("Le code est posé")?;
    screen.click("#lock-now")?;
    screen.sees("Tablette verrouillée")?;
    screen.wait(
        "a screen that tells nothing",
        "return !document.body.textContent.includes('Conseil municipal') \
         && document.activeElement.id === 'pin'",
    )?;
    screen.types("#pin", "000000")?;
    screen.click("#unlock")?;
    screen.sees("Ce code n’ouvre pas la tablette")?;
    screen.types("#pin", "482915")?;
    screen.click("#unlock")?;
    screen.sees("Conseil municipal")?;
    drop(screen);

    let screen = Screen::browser(&tablet.profile, 768, 1024)?;
    screen.sees("Tablette verrouillée")?;
    screen.types("#pin", "482915")?;
    screen.click("#unlock")?;
    screen.sees("Conseil municipal")?;
    Ok(())
}

/// How many pixels of two pictures of the screen (PNG in base64) are not alike.
fn unlike(screen: &Screen, one: &str, other: &str) -> Result<u64> {
    let script = format!(
        "const pixels = async (png) => {{ \
             const image = new Image(); \
             image.src = 'data:image/png;base64,' + png; \
             await image.decode(); \
             const canvas = document.createElement('canvas'); \
             [canvas.width, canvas.height] = [image.width, image.height]; \
             const context = canvas.getContext('2d'); \
             context.drawImage(image, 0, 0); \
             return context.getImageData(0, 0, image.width, image.height).data; \
         }}; \
         const [a, b] = await Promise.all([pixels('{one}'), pixels('{other}')]); \
         let unlike = 0; \
         for (let i = 0; i < a.length; i += 4) {{ \
             if ([0, 1, 2].some(n => Math.abs(a[i + n] - b[i + n]) > 96)) unlike += 1; \
         }} \
         return unlike;"
    );
    screen.promise(&script)?.as_u64().context("a number of pixels")
}

#[test]
fn a_stroke_dries_where_it_was_wet_at_every_zoom_and_turn_of_the_page() -> Result<()> {
    let scene = Scene::open()?;
    scene.publish_three_papers()?;
    let (_, tablet) = scene.official("Inès", "Baudry")?;
    tablet.sync()?;
    let screen = Screen::browser(&tablet.profile, 1366, 1024)?;
    open_paper(&screen, "Garantie")?;
    screen.click("[data-tool='pen']")?;
    let (x, _) = screen.middle(SHEET)?;
    // Wider than one piece of the wet layer, and over several of them.
    let wave = |up: f64| -> Vec<PenSample> {
        let place = |n: u8| f64::from(n) * 12.0;
        (0..42).map(|n| (x - 250.0 + place(n), up + 40.0 * (place(n) / 36.0).sin(), 0.6)).collect()
    };
    let clip = json!({ "x": x - 270.0, "y": 280, "width": 540, "height": 420, "scale": 1 });
    let picture = || -> Result<String> {
        let taken = screen.devtools("Page.captureScreenshot", &json!({ "clip": clip }))?;
        Ok(taken["data"].as_str().context("a picture")?.to_owned())
    };
    let still = "return !document.querySelector('.wet canvas') \
                 && [...document.querySelectorAll('.sheet img')].every(i => i.complete)";
    for (up, keys) in [(340.0, [].as_slice()), (480.0, &["+", "+"]), (600.0, &["r"])] {
        for key in keys {
            screen.key(key, false)?;
        }
        // The former, less sharp picture of a page goes after a second and a half.
        std::thread::sleep(std::time::Duration::from_secs(2));
        screen.wait("the page's pictures", still)?;
        let before = picture()?;
        screen.pen_without_lifting(&wave(up))?;
        let wet = picture()?;
        screen.lift()?;
        screen.wait("the dry stroke", still)?;
        screen.wait("the stroke", "return !!document.querySelector('canvas.dry')")?;
        let dry = picture()?;
        let inked = unlike(&screen, &before, &wet)?;
        assert!(inked > 600, "{inked} pixels of ink after {keys:?}");
        let moved = unlike(&screen, &wet, &dry)?;
        assert!(moved * 20 < inked, "{moved} of {inked} pixels have moved after {keys:?}");
    }
    Ok(())
}
