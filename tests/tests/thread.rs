//! The thread of Pupitre, through the real server and the real command line.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs,
    reason = "a test may stop at the first surprise"
)]

use anyhow::Result;
use pupitre_e2e::tablet::Scene;
use serde_json::json;

#[test]
fn a_sitting_goes_from_the_clerks_desk_to_two_tablets_of_one_official_and_nobody_elses()
-> Result<()> {
    let scene = Scene::open()?;
    let published = scene.publish_three_papers()?;
    assert_eq!((&published["items"], &published["documents"]), (&json!(3), &json!(3)));

    let (ines, tablet) = scene.official("Inès", "Baudry")?;
    let synced = tablet.sync()?;
    assert_eq!(synced["documents_fetched"], 3, "{synced}");

    // Without a network from here on: the tablet speaks to nobody.
    let paper = tablet.document("Garantie")?;
    let quote = "le montant garanti est porté à 2 240 000 euros";
    tablet.ask(&[
        "annotate",
        &paper,
        "--page",
        "1",
        "--kind",
        "highlight",
        "--quote",
        quote,
        "--text",
        "Demander le tableau des échéances",
        "--audience",
        "private",
    ])?;
    tablet.ask(&[
        "annotate",
        &paper,
        "--page",
        "2",
        "--kind",
        "note",
        "--at",
        "72,600",
        "--text",
        "Je prends la parole",
        "--audience",
        "private",
    ])?;
    assert_ne!(tablet.ask(&["status"])?["pending"], 0);
    assert_eq!(tablet.ask(&["search", "tableau échéances"])?["hits"].as_array().unwrap().len(), 1);

    let synced = tablet.sync()?;
    assert_eq!(synced["pending"], 0, "{synced}");

    let second = scene.another_tablet(&ines, "Inès 2")?;
    second.sync()?;
    let notes = second.ask(&["notes"])?;
    assert_eq!(notes[0]["text"], "Demander le tableau des échéances");
    assert_eq!(notes[0]["quote"], quote);
    assert_eq!(notes[0]["page"], 1);
    assert_eq!(notes[1]["text"], "Je prends la parole");

    let (_, karim) = scene.official("Karim", "Ozenne")?;
    karim.sync()?;
    assert_eq!(karim.note_texts()?, Vec::<String>::new());
    scene.clerk.sync()?;
    assert_eq!(scene.clerk.note_texts()?, Vec::<String>::new());
    Ok(())
}

#[test]
fn two_tablets_of_one_official_annotate_the_same_page_offline_and_keep_both_notes() -> Result<()> {
    let scene = Scene::open()?;
    scene.publish_three_papers()?;
    let (ines, first) = scene.official("Inès", "Baudry")?;
    let second = scene.another_tablet(&ines, "Inès 2")?;
    first.sync()?;
    second.sync()?;
    let paper = first.document("Budget")?;
    for (tablet, text) in [(&first, "dans le train"), (&second, "au bureau")] {
        for at in ["100,500", "100,400"] {
            tablet.ask(&[
                "annotate", &paper, "--page", "1", "--kind", "note", "--at", at, "--text", text,
            ])?;
        }
    }
    first.sync()?;
    second.sync()?;
    first.sync()?;
    let mut here = first.note_texts()?;
    here.sort();
    assert_eq!(here, ["au bureau", "au bureau", "dans le train", "dans le train"]);
    assert_eq!(first.note_texts()?, second.note_texts()?);

    // What one erases leaves the other as well.
    let notes = first.ask(&["notes"])?;
    first.ask(&["erase", notes[0]["annotation"].as_str().unwrap()])?;
    first.sync()?;
    second.sync()?;
    assert_eq!(second.note_texts()?.len(), 3);
    Ok(())
}

#[test]
fn publishing_again_updates_the_sitting_and_keeps_its_papers_identifiers() -> Result<()> {
    let scene = Scene::open()?;
    let first = scene.publish_three_papers()?;
    let before = scene.clerk.document("Budget")?;
    let again = scene.publish_three_papers()?;
    assert_eq!(first["sitting"], again["sitting"]);
    assert_eq!(scene.clerk.document("Budget")?, before);
    assert_eq!(scene.clerk.ask(&["sittings"])?.as_array().unwrap().len(), 1);
    Ok(())
}

#[test]
fn a_word_of_the_council_reaches_nobody_outside_it() -> Result<()> {
    let (here, elsewhere) = (Scene::open()?, Scene::open()?);
    here.publish_three_papers()?;
    let (_, stranger) = elsewhere.official("Hors", "Commune")?;
    stranger.sync()?;
    assert_eq!(stranger.ask(&["sittings"])?, json!([]));
    // An invitation of one council opens no other.
    let invitation = here.clerk.ask(&["members", "add", "--first", "A", "--last", "B"])?;
    let code = here.clerk.ask(&["invite", invitation["member"].as_str().unwrap()])?;
    let intruder = pupitre_e2e::Tablet::new(&here.folder.path().join("intruder"));
    let words = ["enrol", &elsewhere.server.address, code["code"].as_str().unwrap()];
    intruder.refused(&[words[0], words[1], words[2], "--device", "X"])?;
    Ok(())
}
