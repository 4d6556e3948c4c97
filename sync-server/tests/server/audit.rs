//! A clerk reads what happened at the doors, and nothing that was to stay unread.

use domain::Role;
use pupitre_server::commands::audit::{AuditedLine, audit, log, note_backup};
use pupitre_server::connector::ConnectorConfig;
use pupitre_server::connector::accounts::Accounts;
use wire::{Audience, AuditPage, Devices, RevokeRequest};

use crate::scene::{NOW, Scene, Tablet, answer};

async fn page(scene: &Scene, clerk: &Tablet, query: &str) -> AuditPage {
    let url = format!("{}/v1/audit{query}", scene.url);
    answer(scene.http.get(url).bearer_auth(&clerk.token).send().await.unwrap()).await.unwrap()
}

#[tokio::test]
async fn a_clerk_reads_who_came_in_and_who_shut_whom_out() {
    let mut scene = Scene::start().await;
    scene.stop().await;
    let accounts = scene.dir.path().join("connector.json");
    let words = ["webdelib", "valbrune", "Webdelib"];
    let password = Accounts::grant(&accounts, scene.council, words).unwrap();
    let door = ConnectorConfig { accounts, largest: 10_000 };
    scene.run(|config| config.connector = Some(door)).await;
    let mut clerk = scene.clerk().await;
    let mut ines = scene.member(&mut clerk, 10, Role::Official).await;
    let note = ines.note(Audience::Private, "ma remarque");
    ines.sync(&scene, vec![note]).await.unwrap();
    let lost = RevokeRequest { device: ines.signer.device, wipe: None };
    let _: Devices = scene.post("/v1/devices/revoke", Some(&clerk.token), &lost).await.unwrap();

    let read = page(&scene, &clerk, "").await;
    // The file of accounts is looked at beside the requests, at a moment of its own.
    let mut lines = read.lines.clone();
    let account = lines.iter().position(|line| line.done == "account-opened").unwrap();
    let account = lines.remove(account);
    assert_eq!((account.device, &*account.detail), (None, "webdelib (valbrune)"));
    let told: Vec<&str> = lines.iter().rev().map(|line| &*line.done).collect();
    let expected = [
        "founded",
        "invited",
        "enrolled",
        "logged-in",
        "joined",
        "invited",
        "enrolled",
        "logged-in",
        "device-revoked",
    ];
    assert_eq!(told, expected);
    let revoked = &lines[0];
    assert_eq!(revoked.device, Some(clerk.signer.device.to_bytes().into()));
    assert_eq!(revoked.member, Some(clerk.member.to_bytes().into()));
    assert_eq!(revoked.subject, Some(ines.signer.device.to_bytes().into()));
    let invited = &lines[3];
    assert_eq!((&*invited.done, invited.device), ("invited", revoked.device), "by the clerk");
    let before = format!("?before={}", invited.number);
    let earlier = page(&scene, &clerk, &before).await.lines;
    assert!(earlier.iter().all(|line| line.number < invited.number) && earlier.len() >= 5);

    // No secret is in it, nor what anybody wrote.
    let all = format!("{read:?}");
    for secret in [&*password, &*scene.clerk_code, &*clerk.token, &*ines.token, "remarque"] {
        assert!(!all.contains(secret), "{secret}");
    }
    assert!(!all.contains(&scene.clerk_code.replace('-', "")));

    // The operator reads the same with names, and what the operator does is read by the clerk.
    let operators = log(&scene.data()).unwrap();
    note_backup(&*operators, NOW).await.unwrap();
    let lines = audit(&*operators).await.unwrap();
    let texts: Vec<String> = lines.iter().map(AuditedLine::text).collect();
    assert!(texts[0].ends_with("  backed-up  the operator"), "{texts:?}");
    assert!(texts[1].contains("device-revoked") && texts[1].ends_with("  Tablette"), "{texts:?}");
    assert!(texts[4].contains("invited  Greffe  Camille Martin 10"), "{texts:?}");
    assert_eq!(page(&scene, &clerk, "").await.lines[0].done, "backed-up");
}
