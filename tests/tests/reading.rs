//! Reading before a real screen: words found in a paper, a jump and the way back, the page last read
//! after a restart, notes taken back after a restart, and a paper that the clerk replaced.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs,
    reason = "a test may stop at the first surprise"
)]

use anyhow::{Context, Result};
use pupitre_e2e::screen::Screen;
use pupitre_e2e::tablet::Scene;
use pupitre_e2e::{Tablet, papers};
use serde_json::{Value, json};

/// The key Enter, and the key End.
const ENTER: &str = "\u{E007}";
const END: &str = "\u{E010}";

/// A council whose three papers lie on an official's tablet.
fn council() -> Result<(Scene, Tablet)> {
    let scene = Scene::open()?;
    scene.publish_three_papers()?;
    let (_, tablet) = scene.official("Inès", "Baudry")?;
    tablet.sync()?;
    Ok((scene, tablet))
}

/// Opens the paper of an item from the first screen.
fn open_paper(screen: &Screen, title: &str) -> Result<()> {
    screen.press("Ouvrir la séance")?;
    screen.press(title)?;
    screen.wait(
        "a page's picture",
        "const i = document.querySelector('.sheet img'); \
         return i && i.complete && i.naturalWidth > 0",
    )?;
    Ok(())
}

#[test]
fn words_are_found_a_jump_is_taken_back_and_the_last_page_is_there_after_a_restart() -> Result<()> {
    let (_scene, tablet) = council()?;
    let document = tablet.document("Garantie")?;
    let paper = json!({ "command": "document", "with": { "document": document } });
    let screen = Screen::browser(&tablet.profile, 1024, 1366)?;
    open_paper(&screen, "Garantie")?;
    screen.click("#find")?;
    // Accents and capitals are the person's affair.
    screen.types("#find-text", "EMIS")?;
    screen.sees("1 sur 1")?;
    screen.sees("page 2 sur 2")?;
    screen.types("#find-text", " nulle part")?;
    screen.sees("Rien dans ce document")?;
    screen.key("\u{E00C}", false)?;

    screen.click("#where")?;
    screen.types("#go-page", &format!("\u{E009}a\u{E000}1{ENTER}"))?;
    screen.sees("page 1 sur 2, page 3 du dossier")?;
    screen.press("Revenir page 2")?;
    screen.sees("page 2 sur 2, page 4 du dossier")?;
    // A page counts as read once somebody rests on it.
    screen.wait(
        "the page kept",
        &format!(
            "return fetch('api/call', {{ method: 'POST', body: JSON.stringify({paper}), \
             headers: {{ 'content-type': 'application/json' }} }}) \
             .then(r => r.json()).then(r => r.document.last_page === 2)"
        ),
    )?;
    screen.close()?;

    let screen = Screen::browser(&tablet.profile, 768, 1024)?;
    open_paper(&screen, "Garantie")?;
    screen.sees("page 2 sur 2")?;
    Ok(())
}

#[test]
fn what_was_drawn_is_chosen_moved_and_taken_back_also_after_a_restart() -> Result<()> {
    let (_scene, tablet) = council()?;
    let screen = Screen::browser(&tablet.profile, 1366, 1024)?;
    open_paper(&screen, "Budget")?;
    screen.click("[data-tool='pen']")?;
    let (x, _) = screen.middle(".sheet[data-page='1']")?;
    screen.pen(&[(x, 420.0, 0.5), (x + 30.0, 430.0, 0.6), (x + 60.0, 420.0, 0.5)])?;
    screen.wait("the stroke", "return !document.querySelector('[data-tool=undo]').disabled")?;
    screen.close()?;
    let drawn = tablet.ask(&["notes"])?;
    assert_eq!(drawn.as_array().context("notes")?.len(), 1);

    let screen = Screen::browser(&tablet.profile, 1366, 1024)?;
    open_paper(&screen, "Budget")?;
    screen.click("[data-tool='undo']")?;
    screen.wait("undo", "return document.querySelector('[data-tool=undo]').disabled")?;
    screen.close()?;
    assert_eq!(tablet.ask(&["notes"])?, Value::Array(Vec::new()));
    Ok(())
}

#[test]
fn a_replaced_paper_keeps_every_note_and_a_lost_one_is_put_back_in_one_gesture() -> Result<()> {
    let (scene, tablet) = council()?;
    let paper = tablet.document("Garantie")?;
    let mark = |page: &str, quote: &str, text: &str| {
        let words = ["annotate", &paper, "--page", page, "--kind", "highlight"];
        let rest = ["--quote", quote, "--text", text, "--audience", "private"];
        tablet.ask(&[words.as_slice(), rest.as_slice()].concat())
    };
    mark("1", "le montant garanti", "Combien ?")?;
    mark("2", "la commission a émis un avis", "Lequel ?")?;
    tablet.sync()?;

    let file = scene.folder.path().join("garantie-2.pdf");
    let pages = [
        "Rapport modifié en séance",
        "Garantie: le montant garanti est porté à 2 240 000 euros",
        "Le conseil délibère",
    ];
    std::fs::write(&file, papers::text(&pages)?)?;
    let file = file.to_str().context("a path")?;
    scene.clerk.ask(&["replace", &paper, file, "--note", "Une page est ajoutée"])?;
    tablet.sync()?;

    let screen = Screen::browser(&tablet.profile, 1366, 1024)?;
    open_paper(&screen, "Garantie")?;
    screen.click("#versions")?;
    screen.sees("Une page est ajoutée")?;
    screen.sees("Retrouvées ailleurs")?;
    screen.sees("Page 1, maintenant page 2")?;
    screen.sees("Passage supprimé")?;
    screen.sees("Lequel ?")?;
    // Put aside, and taken back: nothing is settled by mistake.
    screen.press("Garder de côté")?;
    screen.sees("Gardées de côté")?;
    screen.click("#vs-undo")?;
    screen.sees("Passage supprimé")?;
    // By the keyboard alone, on the last word of a line.
    screen.press("Déplacer")?;
    screen.sees("Touchez le nouvel endroit")?;
    screen.wait("the cursor", "return !!document.querySelector('.vs-leaf.asked .cursor')")?;
    screen.key(END, false)?;
    screen.key(ENTER, false)?;
    screen.sees("La note est en place.")?;
    screen.close()?;

    let notes = tablet.ask(&["notes", &paper])?;
    let place = |text: &str| {
        let all = notes.as_array().unwrap().iter();
        let found: Vec<_> = all.filter(|note| note["text"] == text).collect();
        (found.len(), found[0]["version"].clone(), found[0]["page"].clone())
    };
    assert_eq!(place("Combien ?"), (1, 2.into(), 2.into()));
    assert_eq!(place("Lequel ?").0, 1);
    assert_eq!(place("Lequel ?").1, 2);
    Ok(())
}
