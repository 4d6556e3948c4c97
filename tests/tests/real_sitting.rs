//! A whole real sitting: 42 papers published, fetched, searched and read.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs,
    reason = "a test may stop at the first surprise"
)]

use anyhow::{Context, Result};
use pupitre_e2e::real_papers;
use pupitre_e2e::tablet::Scene;

#[test]
fn forty_two_real_papers_are_published_fetched_searched_and_read() -> Result<()> {
    let Some(data) = real_papers("council/montpellier") else { return Ok(()) };
    let scene = Scene::open()?;
    // The sitting is 41 deliberations in a folder and their minutes beside it.
    let folder = scene.folder.path().join("real");
    std::fs::create_dir_all(&folder)?;
    std::fs::copy(data.join("PV_CM_24_04_2014.pdf"), folder.join("PV_CM_24_04_2014.pdf"))?;
    for entry in std::fs::read_dir(data.join("seance_2014-04"))? {
        let entry = entry?;
        std::fs::copy(entry.path(), folder.join(entry.file_name()))?;
    }
    let published = scene.clerk.ask(&["publish", folder.to_str().context("a path")?])?;
    assert_eq!(published["documents"], 42, "{published}");
    let (_, tablet) = scene.official("Inès", "Baudry")?;
    let synced = tablet.sync()?;
    assert_eq!(synced["documents_fetched"], 42, "{synced}");

    let sittings = tablet.ask(&["sittings"])?;
    assert_eq!(sittings[0]["available"], 42);
    let found = tablet.ask(&["search", "delegation conseil", "--in", "documents"])?;
    assert!(found["hits"].as_array().context("hits")?.len() > 5, "accents are folded: {found}");

    let documents = tablet.ask(&["documents", sittings[0]["sitting"].as_str().unwrap()])?;
    for document in documents.as_array().context("papers")? {
        let id = document["document"].as_str().context("an id")?;
        let image = scene.folder.path().join("page.png");
        let out = image.to_str().context("a path")?;
        tablet.ask(&["page", id, "--page", "1", "--width", "200", "--out", out])?;
        assert!(std::fs::read(&image)?.starts_with(b"\x89PNG"), "{document}");
        std::fs::remove_file(&image)?;
    }
    Ok(())
}
