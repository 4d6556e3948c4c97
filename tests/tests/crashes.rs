//! Kills at bad moments: nothing that was acknowledged is lost, and work goes on by itself.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs,
    reason = "a test may stop at the first surprise"
)]

use std::time::Duration;

use anyhow::{Context, Result};
use pupitre_e2e::tablet::Scene;
use pupitre_e2e::{Server, Tablet, papers};

fn annotate(tablet: &Tablet, paper: &str, text: &str) -> Result<()> {
    tablet.ask(&[
        "annotate", paper, "--page", "1", "--kind", "note", "--at", "90,300", "--text", text,
    ])?;
    Ok(())
}

#[test]
fn a_tablet_killed_in_the_middle_of_a_download_resumes_it_and_verifies_the_paper() -> Result<()> {
    let scene = Scene::open()?;
    let folder = scene.folder.path().join("heavy");
    std::fs::create_dir_all(&folder)?;
    std::fs::write(folder.join("01-plan.pdf"), papers::heavy("Plan", 60_000_000)?)?;
    scene.clerk.ask(&["publish", folder.to_str().context("a path")?])?;
    let (_, tablet) = scene.official("Inès", "Baudry")?;

    let parts = tablet.profile.join("papers/parts");
    let mut killed_in_the_middle = 0;
    for _ in 0..40 {
        let mut sync = tablet.start(&["sync"])?;
        // Kill as soon as a part of the paper is on the disk.
        let mut seen = false;
        while sync.try_wait()?.is_none() {
            let length = std::fs::read_dir(&parts)
                .into_iter()
                .flatten()
                .filter_map(|entry| entry.ok()?.metadata().ok())
                .map(|meta| meta.len())
                .max();
            if length.is_some_and(|length| length > 200_000) {
                seen = true;
                break;
            }
        }
        sync.kill()?;
        sync.wait()?;
        killed_in_the_middle += u32::from(seen);
        if seen {
            break;
        }
    }
    assert!(killed_in_the_middle > 0, "the download was always over before the kill");
    let resumed = tablet.sync()?;
    assert_eq!(resumed["documents_fetched"], 1, "{resumed}");
    let received = resumed["bytes_down"].as_u64().context("bytes")?;
    assert!(received < 59_900_000, "{received} bytes: it began again from the start");
    let sittings = tablet.ask(&["sittings"])?;
    assert_eq!(sittings[0]["available"], 1);
    Ok(())
}

#[test]
fn a_server_killed_in_the_middle_of_pushes_loses_no_acknowledged_note() -> Result<()> {
    let mut scene = Scene::open()?;
    scene.publish_three_papers()?;
    let (ines, tablet) = scene.official("Inès", "Baudry")?;
    tablet.sync()?;
    let paper = tablet.document("Budget")?;
    let mut expected = Vec::new();
    for round in 0..6 {
        let text = format!("note {round}");
        annotate(&tablet, &paper, &text)?;
        expected.push(text);
        let mut sync = tablet.start(&["sync"])?;
        std::thread::sleep(Duration::from_millis(15 * round));
        scene.server = scene.server.kill_and_restart()?;
        // The exchange may have failed; its own process ends either way.
        sync.wait()?;
    }
    tablet.sync()?;
    assert_eq!(tablet.ask(&["status"])?["pending"], 0);
    let second = scene.another_tablet(&ines, "Inès 2")?;
    second.sync()?;
    let mut texts = second.note_texts()?;
    texts.sort();
    assert_eq!(texts, expected);
    scene.server.kill()?;
    let health = Server::doctor(&scene.server.data)?;
    assert_eq!(health["ok"], true, "{health}");
    Ok(())
}

#[test]
fn a_tablet_killed_in_the_middle_of_pushes_neither_loses_nor_doubles_a_note() -> Result<()> {
    let scene = Scene::open()?;
    scene.publish_three_papers()?;
    let (ines, tablet) = scene.official("Inès", "Baudry")?;
    tablet.sync()?;
    let paper = tablet.document("Budget")?;
    let mut expected = Vec::new();
    for round in 0..6u64 {
        let text = format!("note {round}");
        annotate(&tablet, &paper, &text)?;
        expected.push(text);
        let mut sync = tablet.start(&["sync"])?;
        std::thread::sleep(Duration::from_millis(7 + 11 * round));
        sync.kill()?;
        sync.wait()?;
    }
    tablet.sync()?;
    let second = scene.another_tablet(&ines, "Inès 2")?;
    second.sync()?;
    let mut texts = second.note_texts()?;
    texts.sort();
    assert_eq!(texts, expected);
    Ok(())
}

#[test]
fn a_clerk_killed_in_the_middle_of_a_publication_publishes_nothing_or_everything() -> Result<()> {
    let scene = Scene::open()?;
    let folder = scene.folder.path().join("sitting");
    std::fs::create_dir_all(&folder)?;
    for number in 1..=8 {
        let name = format!("{number:02}-rapport.pdf");
        std::fs::write(folder.join(name), papers::heavy(&format!("Rapport {number}"), 3_000_000)?)?;
    }
    let path = folder.to_str().context("a path")?;
    let (_, tablet) = scene.official("Inès", "Baudry")?;
    for delay in [60, 180, 300, 420] {
        let mut publish = scene.clerk.start(&["publish", path])?;
        std::thread::sleep(Duration::from_millis(delay));
        publish.kill()?;
        publish.wait()?;
        tablet.sync()?;
        let sittings = tablet.ask(&["sittings"])?;
        let sittings = sittings.as_array().context("sittings")?;
        assert!(sittings.iter().all(|sitting| sitting["documents"] == 8), "{sittings:?}");
    }
    scene.clerk.ask(&["publish", path])?;
    tablet.sync()?;
    let sittings = tablet.ask(&["sittings"])?;
    assert_eq!(sittings.as_array().context("sittings")?.len(), 1, "{sittings}");
    assert_eq!(sittings[0]["available"], 8);
    Ok(())
}

#[test]
fn tablets_and_servers_killed_at_moments_that_nobody_chose_keep_what_they_answered() -> Result<()> {
    let killed = pupitre_e2e::killing::cycles(30, 7)?;
    assert!(killed.tablets > 3 && killed.servers > 3 && killed.notes > 3, "{killed:?}");
    Ok(())
}
