//! Papers that are no good: named, refused whole, and never in the way of the others.
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

#[test]
fn a_damaged_and_an_empty_paper_are_refused_by_name_and_nothing_is_published() -> Result<()> {
    let scene = Scene::open()?;
    for (name, bytes) in [("02-abime.pdf", papers::damaged()?), ("03-vide.pdf", Vec::new())] {
        let folder = scene.folder.path().join(name).with_extension("");
        std::fs::create_dir_all(&folder)?;
        std::fs::write(folder.join("01-bon.pdf"), papers::text(&["Bon"])?)?;
        std::fs::write(folder.join(name), bytes)?;
        let sentence = scene.clerk.refused(&["publish", folder.to_str().context("a path")?])?;
        assert!(sentence.contains(name), "{sentence}");
    }
    let (_, tablet) = scene.official("Inès", "Baudry")?;
    tablet.sync()?;
    assert_eq!(tablet.ask(&["sittings"])?.as_array().context("sittings")?.len(), 0);
    Ok(())
}

#[test]
fn an_encrypted_paper_is_refused_with_a_sentence_about_its_password() -> Result<()> {
    let scene = Scene::open()?;
    let folder = scene.folder.path().join("encrypted");
    std::fs::create_dir_all(&folder)?;
    std::fs::write(folder.join("01-secret.pdf"), papers::encrypted("Secret", "sésame")?)?;
    let sentence = scene.clerk.refused(&["publish", folder.to_str().context("a path")?])?;
    assert!(sentence.contains("01-secret.pdf") && sentence.contains("password"), "{sentence}");
    Ok(())
}

#[test]
fn a_page_that_is_missing_says_so_and_the_others_are_read() -> Result<()> {
    let scene = Scene::open()?;
    let folder = scene.folder.path().join("manque");
    std::fs::create_dir_all(&folder)?;
    std::fs::write(folder.join("01-manque.pdf"), papers::without_second_page()?)?;
    scene.clerk.ask(&["publish", folder.to_str().context("a path")?])?;
    let (_, tablet) = scene.official("Inès", "Baudry")?;
    tablet.sync()?;
    let screen = Screen::browser(&tablet.profile, 1180, 820)?;
    screen.press("Ouvrir la séance")?;
    screen.press("Manque")?;
    screen.wait(
        "the second page's sentence, and no other",
        "const said = [...document.querySelectorAll('.unshown')]; \
         return said.length === 1 && said[0].closest('.sheet').dataset.page === '2' \
             && said[0].textContent.includes('Vos notes sont gardées')",
    )?;
    screen.wait(
        "the first page's picture, and small pages beside it",
        "const tile = document.querySelector(\".sheet[data-page='1'] img.tile\"); \
         return tile && tile.complete && tile.naturalWidth > 0 \
             && document.querySelectorAll('.thumbs li').length === 3",
    )?;
    screen.close()?;
    Ok(())
}
