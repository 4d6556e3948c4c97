//! Copies, while tablets write and put back.

use domain::Role;
use pupitre_server::commands::backup::{backup, restore};
use pupitre_server::commands::doctor::doctor;
use wire::blob::{UPLOAD_LENGTH, UPLOAD_OFFSET};
use wire::{Audience, Outcome};

use crate::scene::{NOW, Scene, Tablet, a_pdf};

pub(crate) async fn upload(scene: &Scene, clerk: &Tablet, seed: u8) -> domain::Sha256 {
    let (pdf, digest) = a_pdf(seed, 50_000);
    let response = scene
        .http
        .put(format!("{}{}", scene.url, wire::blob::path(&digest)))
        .bearer_auth(&clerk.token)
        .header(UPLOAD_OFFSET, 0)
        .header(UPLOAD_LENGTH, pdf.len())
        .body(pdf)
        .send()
        .await
        .unwrap();
    assert_eq!(response.status(), 201);
    digest
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_taken_while_tablets_write_restores_a_server_that_serves_them() {
    let mut scene = Scene::start().await;
    let mut clerk = scene.clerk().await;
    let digest = upload(&scene, &clerk, 1).await;
    let mut tablet = scene.member(&mut clerk, 10, Role::Official).await;
    let op = tablet.note(Audience::Private, "avant");
    tablet.sync(&scene, vec![op]).await.unwrap();

    // Writes go on until the backup is there.
    let (data, out) = (scene.data(), scene.dir.path().join("backup.tar"));
    let copy = {
        let (data, out) = (data.clone(), out.clone());
        tokio::task::spawn_blocking(move || backup(&data, &out).unwrap())
    };
    while !copy.is_finished() {
        let op = tablet.note(Audience::Private, "pendant");
        tablet.sync(&scene, vec![op]).await.unwrap();
    }
    let made = copy.await.unwrap();
    assert_eq!((made.papers, made.missing.len()), (1, 0));
    let op = tablet.note(Audience::Private, "après");
    tablet.sync(&scene, vec![op]).await.unwrap();
    let written = tablet.notes().len();

    // The disk is lost.
    scene.stop().await;
    std::fs::remove_dir_all(&data).unwrap();
    let restored = restore(&data, &out, NOW).unwrap();
    assert_eq!((restored.councils, restored.papers), (vec![scene.council], 1));
    assert_eq!(doctor(&data, NOW).unwrap().problems, Vec::<String>::new());
    scene.restart().await;

    // Sessions are gone, enrolments are not. The tablet sees the log as it is now from its
    // beginning, although its cursor is beyond the end, and its next number is taken.
    tablet.login(&scene).await.unwrap();
    tablet.pull(&scene).await;
    let notes = tablet.notes();
    assert_eq!(notes[0], "avant");
    assert!(notes.len() < written && !notes.contains(&"après".to_owned()));
    let op = tablet.note(Audience::Private, "depuis");
    let response = tablet.sync(&scene, vec![op]).await.unwrap();
    assert!(matches!(response.acks[0].outcome, Outcome::Accepted { .. }));
    let url = format!("{}{}", scene.url, wire::blob::path(&digest));
    let paper = scene.http.get(url).bearer_auth(&tablet.token).send().await.unwrap();
    assert_eq!(paper.bytes().await.unwrap(), a_pdf(1, 50_000).0);
    assert_eq!(doctor(&data, NOW).unwrap().problems, Vec::<String>::new());
}

#[tokio::test]
async fn a_backup_or_restore_over_something_is_refused() {
    let scene = Scene::start().await;
    let out = scene.dir.path().join("backup.tar");
    backup(&scene.data(), &out).unwrap();
    let again = backup(&scene.data(), &out).unwrap_err().to_string();
    assert!(again.contains("exists already"), "{again}");

    let over = restore(&scene.data(), &out, NOW).unwrap_err().to_string();
    assert!(over.contains("not empty"), "{over}");
    assert_eq!(doctor(&scene.data(), NOW).unwrap().problems, Vec::<String>::new());
}

#[tokio::test]
async fn a_backup_that_is_cut_short_or_altered_restores_nothing() {
    let scene = Scene::start().await;
    let clerk = scene.clerk().await;
    upload(&scene, &clerk, 1).await;
    let out = scene.dir.path().join("backup.tar");
    backup(&scene.data(), &out).unwrap();
    let whole = std::fs::read(&out).unwrap();
    let target = scene.dir.path().join("elsewhere");

    let mut altered = whole.clone();
    let at = whole.len() - 10_000;
    altered[at] ^= 1;
    let traversal = {
        let mut tar = tar::Builder::new(Vec::new());
        let mut header = tar::Header::new_gnu();
        header.as_old_mut().name[..11].copy_from_slice(b"../evil.txt");
        header.set_size(4);
        header.set_cksum();
        tar.append(&header, &b"evil"[..]).unwrap();
        tar.into_inner().unwrap()
    };
    for bytes in [whole[..whole.len() / 2].to_vec(), altered, traversal, Vec::new()] {
        std::fs::write(&out, bytes).unwrap();
        let error = restore(&target, &out, NOW).unwrap_err().to_string();
        assert!(error.contains("nothing was restored"), "{error}");
        assert_eq!(std::fs::read_dir(&target).unwrap().count(), 0);
    }
    assert!(!scene.dir.path().join("evil.txt").exists());
}
