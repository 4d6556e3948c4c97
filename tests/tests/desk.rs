//! The clerk before a real screen: a sitting is made, filled, killed in the middle, published, and
//! read by an official; and changed afterwards.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs,
    reason = "a test may stop at the first surprise"
)]

use anyhow::{Context, Result};
use pupitre_e2e::papers;
use pupitre_e2e::screen::Screen;
use pupitre_e2e::tablet::Scene;
use serde_json::Value;

/// Titles of the agenda as the desk shows them, in order.
const TITLES: &str =
    "return [...document.querySelectorAll('.edit-item .t')].map(t => t.textContent)";

fn titles(screen: &Screen) -> Result<Vec<String>> {
    let titles = screen.script(TITLES)?;
    let titles = titles.as_array().context("titles")?.iter();
    Ok(titles.filter_map(Value::as_str).map(ToOwned::to_owned).collect())
}

fn until(screen: &Screen, wanted: &[&str]) -> Result<()> {
    let wanted = serde_json::to_string(wanted)?;
    let script = format!(
        "return JSON.stringify([...document.querySelectorAll('.edit-item .t')]\
         .map(t => t.textContent)) === JSON.stringify({wanted})"
    );
    screen.wait("the agenda in this order", &script)?;
    Ok(())
}

/// Chooses files as the machine's own dialog does.
fn choose(screen: &Screen, folder: &std::path::Path, files: &[(&str, Vec<u8>)]) -> Result<()> {
    let mut paths = Vec::new();
    for (name, bytes) in files {
        let path = folder.join(name);
        std::fs::write(&path, bytes)?;
        paths.push(path.to_str().context("a path")?.to_owned());
    }
    screen.types("#files", &paths.join("\n"))
}

#[test]
fn in_the_window_a_clerk_makes_a_sitting_is_killed_and_publishes_it_whole() -> Result<()> {
    let scene = Scene::open()?;
    let (_, official) = scene.official("Inès", "Baudry")?;
    let screen = Screen::window(&scene.clerk.profile)?;
    screen.sees("Aucune séance pour l’instant")?;
    screen.click("#new-sitting")?;
    screen.press("Assemblée")?;
    screen.click("#paste-list")?;
    screen.types(
        "#pasted",
        // The key Enter: a bare line end is no key in this window.
        "1. Budget primitif (Mme Inès Baudry)\u{E007}2. Voirie\u{E007}3. Vœu (pour information)",
    )?;
    screen.click("#add-list")?;
    until(&screen, &["Budget primitif", "Voirie", "Vœu"])?;
    let files = [
        ("01-budget.pdf", papers::text(&["Budget primitif", "seconde page"])?),
        ("02-voirie.pdf", papers::text(&["Voirie"])?),
        ("02-annexe.pdf", b"%PDF-1.7 not really".to_vec()),
    ];
    choose(&screen, scene.folder.path(), &files)?;
    screen.sees("2 fichiers à placer")?;
    screen.sees("Un fichier ne peut pas être publié")?;
    screen.click("#place-files")?;
    screen.sees("Rapport, 2 pages")?;
    drop(screen);
    official.sync()?;
    assert_eq!(official.ask(&["sittings"])?, serde_json::json!([]), "a draft is the clerk's own");

    let screen = Screen::window(&scene.clerk.profile)?;
    screen.press("Conseil municipal")?;
    until(&screen, &["Budget primitif", "Voirie", "Vœu"])?;
    screen.click("#publish")?;
    screen.click("#confirm-publish")?;
    screen.sees("La séance est publiée")?;
    screen.close()?;

    official.sync()?;
    let sittings = official.ask(&["sittings"])?;
    assert_eq!((&sittings[0]["documents"], &sittings[0]["available"]), (&2.into(), &2.into()));
    let documents = official.ask(&["documents", sittings[0]["sitting"].as_str().unwrap()])?;
    assert_eq!(documents[0]["title"], "Budget primitif");
    Ok(())
}

#[test]
fn on_the_desk_items_move_by_hand_and_by_key_and_everything_can_be_taken_back() -> Result<()> {
    let scene = Scene::open()?;
    scene.publish_three_papers()?;
    let screen = Screen::browser(&scene.clerk.profile, 1366, 1024)?;
    screen.press("Conseil municipal")?;
    until(&screen, &["Budget", "Garantie", "Convention"])?;

    let at = |screen: &Screen, n: usize| screen.middle(&format!(".edit-item:nth-child({n}) .grip"));
    let ((x, from), (_, to)) = (at(&screen, 1)?, at(&screen, 3)?);
    screen.drag(&[
        (x, from, 0.5),
        (x, from + 40.0, 0.5),
        (x, to - 10.0, 0.5),
        (x, to + 30.0, 0.5),
    ])?;
    until(&screen, &["Garantie", "Convention", "Budget"])?;
    screen.script("document.querySelector('.edit-item:nth-child(3) .grip').focus()")?;
    screen.key("\u{E013}", false)?;
    until(&screen, &["Garantie", "Budget", "Convention"])?;
    // The grip that moved keeps the focus: the next key moves the same item.
    screen.wait(
        "the focus on the moved item",
        "const row = document.activeElement && document.activeElement.closest('.edit-item'); \
         return row && row.querySelector('.t').textContent === 'Budget'",
    )?;
    screen.key("\u{E011}", false)?;
    until(&screen, &["Budget", "Garantie", "Convention"])?;
    screen.click("#undo")?;
    until(&screen, &["Garantie", "Budget", "Convention"])?;
    screen.click(".edit-item:nth-child(3) .edit-title")?;
    screen.press("Retirer le point")?;
    until(&screen, &["Garantie", "Budget"])?;
    // The message offers it, beside the button that stays in sight.
    screen.click(".toast button:not(.icon)")?;
    until(&screen, &["Garantie", "Budget", "Convention"])?;
    drop(screen);

    // The window was killed: the draft stands, and the command line finds it unpublished.
    let sittings = scene.clerk.ask(&["sittings"])?;
    let documents = scene.clerk.ask(&["documents", sittings[0]["sitting"].as_str().unwrap()])?;
    assert_eq!(documents[0]["title"], "Budget", "nothing was published by itself");
    let screen = Screen::browser(&scene.clerk.profile, 768, 1024)?;
    screen.press("Conseil municipal")?;
    until(&screen, &["Garantie", "Budget", "Convention"])?;
    assert_eq!(titles(&screen)?.len(), 3);
    Ok(())
}
