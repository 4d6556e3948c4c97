//! Through the window: a clerk convenes, an official answers, the clerk sees it come back; and a clerk's
//! machine that dies in the middle of an import.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs,
    reason = "a test may stop at the first surprise"
)]

use std::collections::BTreeSet;
use std::time::Duration;

use anyhow::{Context, Result};
use pupitre_e2e::screen::Screen;
use pupitre_e2e::tablet::Scene;
use pupitre_e2e::{Tablet, papers};
use serde_json::{Value, json};

#[test]
fn in_the_window_a_clerk_convenes_an_official_answers_and_the_clerk_sees_it_come_back() -> Result<()>
{
    let scene = Scene::open()?;
    let (_, ines) = scene.official("Inès", "Baudry")?;
    let (_, marc) = scene.official("Marc", "Aubin")?;
    let by_post = ["members", "add", "--first", "Paule", "--last", "Roche", "--on-paper"];
    scene.clerk.ask(&by_post)?;
    let published = scene.publish_three_papers()?;
    let sitting = published["sitting"].as_str().context("a sitting")?;
    ines.sync()?;
    assert_eq!(ines.ask(&["sittings"])?[0]["state"], "published", "nobody is convened yet");

    let desk = Screen::window(&scene.clerk.profile)?;
    desk.press("Conseil municipal")?;
    desk.click("#convene")?;
    desk.sees("la convocation est dans les délais")?;
    desk.click("#confirm-convene")?;
    desk.wait("the tracking", "return document.querySelector('#tracking')")?;

    let answered = |screen: &Screen, n: u32| {
        screen.wait(
            "the answers counted",
            &format!(
                "return document.querySelectorAll('#tracking dd')[2].textContent.trim() === '{n}'"
            ),
        )
    };
    answered(&desk, 0)?;
    ines.sync()?;
    let tablet = Screen::browser(&ines.profile, 768, 1024)?;
    tablet.sees("Répondez avant")?;
    tablet.press("Présent")?;
    tablet.sees("Réponse transmise.")?;
    tablet.close()?;
    // The open window hears of it by itself.
    answered(&desk, 1)?;

    marc.sync()?;
    let other = Screen::browser(&marc.profile, 768, 1024)?;
    other.press("Pouvoir")?;
    other.press("Inès Baudry")?;
    other.sees("Pouvoir donné à Inès Baudry")?;
    other.close()?;
    // What was not sent before the tablet was put away leaves when it is taken up again.
    marc.sync()?;
    answered(&desk, 2)?;

    // Who asked for paper: the letter is printed, and its posting recorded.
    desk.click("#tracking summary")?;
    desk.sees("papier : rien encore")?;
    desk.click("#track-letters")?;
    let letters = desk.written("Écrit dans", "pdf")?;
    let printed = std::fs::read(&letters)?;
    assert!(printed.starts_with(b"%PDF-"), "{}", letters.display());
    desk.click("[data-post]")?;
    desk.sees("papier : envoyé")?;
    desk.wait("nothing more to post", "return !document.querySelector('[data-post]')")?;

    // The proof stands by itself, and has overwritten nothing.
    desk.click("#prove")?;
    let readable = desk.written("La preuve est écrite", "pdf")?;
    desk.close()?;
    assert_eq!(
        std::fs::read(&letters)?,
        printed,
        "{} and {}",
        letters.display(),
        readable.display()
    );
    let proof = readable.with_extension("pupitre");
    let proof = proof.to_str().context("a path")?;
    let nobody = Tablet::new(&scene.folder.path().join("nobody"));
    let said = nobody.ask(&["verify", proof])?;
    assert_eq!((&said["valid"], &said["convocations"]), (&true.into(), &1.into()), "{said}");
    let mut changed = std::fs::read(proof)?;
    let middle = changed.len() / 2;
    changed[middle] = if changed[middle] == b'0' { b'1' } else { b'0' };
    std::fs::write(proof, changed)?;
    assert_eq!(nobody.ask(&["verify", proof])?["valid"], false);

    let tracks = scene.clerk.ask(&["tracking", sitting])?;
    let states: BTreeSet<String> = tracks
        .as_array()
        .context("lines")?
        .iter()
        .filter(|line| line["channel"] == "app")
        .map(|line| format!("{} {}", line["name"], line["state"]))
        .collect();
    assert_eq!(
        states,
        ["\"Inès Baudry\" \"answered\"", "\"Marc Aubin\" \"answered\""].map(str::to_owned).into()
    );
    let posted = |line: &&Value| line["channel"] == "paper";
    let posted = tracks.as_array().context("lines")?.iter().find(posted).context("a letter")?;
    assert_eq!((&posted["name"], &posted["state"]), (&"Paule Roche".into(), &"dispatched".into()));
    Ok(())
}

/// Names of the files that wait for their place, as the screen shows them.
fn waiting(screen: &Screen) -> Result<Vec<String>> {
    let names = "return [...document.querySelectorAll('.waiting-files .paper-name strong')]\
                 .map(file => file.textContent)";
    Ok(serde_json::from_value(screen.script(names)?)?)
}

/// The same, once nothing more of an earlier life comes.
fn settled(screen: &Screen) -> Result<Vec<String>> {
    let mut before = waiting(screen)?;
    loop {
        std::thread::sleep(Duration::from_millis(800));
        let now = waiting(screen)?;
        if now == before {
            return Ok(now);
        }
        before = now;
    }
}

#[test]
fn a_clerk_killed_again_and_again_while_importing_keeps_what_was_whole_and_doubles_nothing()
-> Result<()> {
    const FILES: usize = 24;
    let scene = Scene::open()?;
    let mut paths = Vec::new();
    for n in 1..=FILES {
        let path = scene.folder.path().join(format!("{n:02}-rapport.pdf"));
        std::fs::write(&path, papers::heavy(&format!("Rapport {n}"), 600_000)?)?;
        paths.push(path.to_str().context("a path")?.to_owned());
    }
    let mut kept: BTreeSet<String> = BTreeSet::new();
    let screen = Screen::browser(&scene.clerk.profile, 1366, 1024)?;
    screen.click("#new-sitting")?;
    screen.press("Assemblée")?;
    screen.wait("the desk", "return document.querySelector('#files')")?;
    drop(screen);
    for round in 0..4_u64 {
        let screen = Screen::browser(&scene.clerk.profile, 1366, 1024)?;
        screen.press("Conseil municipal")?;
        screen.wait("the desk", "return document.querySelector('#files')")?;
        // What was whole before the kill is there, read or about to be, and once.
        let shown = settled(&screen)?;
        let found: BTreeSet<String> = shown.iter().cloned().collect();
        assert_eq!(found.len(), shown.len(), "nothing is there twice: {shown:?}");
        assert!(kept.is_subset(&found), "{kept:?} is lost of {found:?}");
        kept = found;
        let missing: Vec<&str> = paths
            .iter()
            .map(String::as_str)
            .filter(|path| !kept.iter().any(|name| path.ends_with(name.as_str())))
            .collect();
        if missing.is_empty() {
            break;
        }
        screen.types("#files", &missing.join("\n"))?;
        std::thread::sleep(Duration::from_millis(150 + 350 * round));
        // Files that the screen shows are durable.
        kept.extend(waiting(&screen)?);
        drop(screen);
    }

    // Brought to its end at last: every file once, read, and published whole.
    let screen = Screen::browser(&scene.clerk.profile, 1366, 1024)?;
    screen.press("Conseil municipal")?;
    screen.wait("the desk", "return document.querySelector('#files')")?;
    let found = settled(&screen)?;
    let missing: Vec<&str> = paths
        .iter()
        .map(String::as_str)
        .filter(|path| !found.iter().any(|name| path.ends_with(name.as_str())))
        .collect();
    if !missing.is_empty() {
        screen.types("#files", &missing.join("\n"))?;
    }
    screen.sees(&format!("{FILES} fichiers à placer"))?;
    screen.wait(
        "every file read",
        "return [...document.querySelectorAll('.waiting-files .paper-name .mute')]\
         .every(facts => facts.textContent.includes('page'))",
    )?;
    screen.click("#place-files")?;
    screen.wait(
        "every item",
        &format!("return document.querySelectorAll('.edit-item').length === {FILES}"),
    )?;
    // Twenty-four items are higher than the screen, and the button stays in sight at their end.
    screen.script("scrollTo(0, document.documentElement.scrollHeight)")?;
    screen.click("#publish")?;
    screen.click("#confirm-publish")?;
    screen.sees("La séance est publiée")?;
    screen.close()?;
    let sittings = scene.clerk.ask(&["sittings"])?;
    let whole = sittings.as_array().context("sittings")?.iter();
    let whole: Vec<&Value> = whole.filter(|card| card["documents"] == json!(FILES)).collect();
    assert_eq!(whole.len(), 1, "{sittings}");
    Ok(())
}
