//! A disk without room: it is said in one sentence, nothing is lost, and work goes on when there is
//! room again.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs,
    reason = "a test may stop at the first surprise"
)]

use std::process::Command;

use anyhow::{Context, Result};
use pupitre_e2e::tablet::Scene;
use pupitre_e2e::{Tablet, papers};

/// Runs a tablet's command where no file may grow beyond so many kilobytes: writing more fails as it
/// does on a full disk.
fn cramped(tablet: &Tablet, kilobytes: u32, words: &[&str]) -> Result<(bool, String)> {
    let command = tablet.command(words)?;
    let output = Command::new("bash")
        // Without the signal the write answers an error, as the system does for a full disk.
        .args(["-c", &format!("trap '' XFSZ; ulimit -f {kilobytes}; exec \"$@\""), "bash"])
        .arg(command.get_program())
        .args(command.get_args())
        .output()?;
    Ok((output.status.success(), String::from_utf8(output.stderr)?))
}

#[test]
fn a_tablet_without_room_says_so_keeps_every_note_and_goes_on_when_there_is_room() -> Result<()> {
    let scene = Scene::open()?;
    scene.publish_three_papers()?;
    let (_, tablet) = scene.official("Inès", "Baudry")?;
    tablet.sync()?;
    let paper = tablet.document("Budget")?;
    tablet.ask(&[
        "annotate", &paper, "--page", "1", "--kind", "note", "--at", "90,300", "--text", "avant",
    ])?;

    let folder = scene.folder.path().join("heavy");
    std::fs::create_dir_all(&folder)?;
    std::fs::write(folder.join("01-plan.pdf"), papers::heavy("Plan", 20_000_000)?)?;
    scene.clerk.ask(&["publish", folder.to_str().context("a path")?])?;
    let (done, said) = cramped(&tablet, 8_192, &["sync"])?;
    assert!(!done && said.contains("no room"), "{said}");

    // What was here before can still be read and written, and the paper comes when there is room.
    assert_eq!(tablet.note_texts()?, ["avant"]);
    let synced = tablet.sync()?;
    assert_eq!(synced["documents_fetched"], 1, "{synced}");
    assert_eq!(synced["pending"], 0, "{synced}");
    Ok(())
}
