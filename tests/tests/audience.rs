//! A note for a group, through the real products: chosen before it is written, read by those it is for
//! and nobody else, answered, spoken, taken back.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs,
    reason = "a test may stop at the first surprise"
)]

use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use pupitre_e2e::Tablet;
use pupitre_e2e::screen::Screen;
use pupitre_e2e::tablet::Scene;
use serde_json::Value;

/// A tablet of a new official of a group.
fn of_group(scene: &Scene, first: &str, group: &str) -> Result<Tablet> {
    let words = ["members", "add", "--first", first, "--last", "Baudry", "--group", group];
    let added = scene.clerk.ask(&words)?;
    scene.another_tablet(added["member"].as_str().context("a member")?, first)
}

/// The first note of the group on a paper, once it has come by itself.
fn arrived(tablet: &Tablet, paper: &str) -> Result<Value> {
    let start = Instant::now();
    while start.elapsed() < Duration::from_secs(20) {
        tablet.sync()?;
        let notes = tablet.ask(&["notes", paper, "--audience", "group:Gauche unie"])?;
        if let Some(note) = notes.get(0) {
            return Ok(note.clone());
        }
    }
    bail!("the note does not arrive")
}

#[test]
fn a_note_for_a_group_is_read_and_answered_by_it_and_by_nobody_else() -> Result<()> {
    let scene = Scene::open()?;
    scene.publish_three_papers()?;
    let ines = of_group(&scene, "Inès", "Gauche unie")?;
    let ada = of_group(&scene, "Ada", "Gauche unie")?;
    let karim = of_group(&scene, "Karim", "Valbrune ensemble")?;
    for tablet in [&ines, &ada, &karim] {
        tablet.sync()?;
    }

    let screen = Screen::browser(&ines.profile, 1366, 1024)?;
    screen.press("Ouvrir la séance")?;
    screen.press("Garantie")?;
    screen.sees("page 1 sur 2")?;
    // Who will see it is chosen first, and said.
    screen.click("[data-tool='audience']")?;
    screen.press("Gauche unie")?;
    screen.sees("Verront vos notes : Ada Baudry.")?;
    screen.click("[data-tool='note']")?;
    let (x, _) = screen.middle(".sheet[data-page='1']")?;
    screen.drag(&[(x, 420.0, 0.5), (x, 420.0, 0.5)])?;
    screen.types("#editor textarea", "Qui garantit quoi ?")?;
    screen.press("Terminé")?;
    screen.sees("Vous, groupe Gauche unie")?;

    let paper = ada.document("Garantie")?;
    let asked = arrived(&ada, &paper)?;
    assert_eq!((&asked["author"], &asked["mine"]), (&"Inès Baudry".into(), &false.into()));
    let note = asked["annotation"].as_str().context("a note")?;
    ada.ask(&["reply", note, "--text", "La commune, à moitié."])?;
    ada.sync()?;
    karim.sync()?;
    assert_eq!(karim.note_texts()?, Vec::<String>::new());

    // The answer arrives by itself, under the note.
    screen.sees("La commune, à moitié.")?;
    screen.script("location.hash = '#/notes'")?;
    screen.press("Prendre la parole")?;
    screen.sees("Point 2, Garantie, page 1")?;
    screen.wait(
        "the note in large type",
        "const p = document.querySelector('.speak .said'); \
         return p && parseFloat(getComputedStyle(p).fontSize) >= 28",
    )?;
    screen.key("\u{E00C}", false)?;
    screen.close()?;

    ines.ask(&["share", note, "--audience", "private"])?;
    ines.sync()?;
    ada.sync()?;
    assert_eq!(ada.note_texts()?, ["La commune, à moitié."], "one's own answer stays");
    Ok(())
}
