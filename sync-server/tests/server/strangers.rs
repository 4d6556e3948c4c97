//! A stranger learns nothing from what is refused, and has nothing parsed before it is counted.

use domain::Role;
use pupitre_server::commands::revoke::revoke;
use pupitre_server::limits::Rate;
use testkit::Signer;
use wire::limits::INVITATION_MS;
use wire::{Challenge, ChallengeRequest};

use crate::scene::{NOW, Scene, Tablet, enrol_request};

/// An answer as it comes over the wire: status, headers, body; the date is left out.
#[derive(Debug, PartialEq)]
struct Answer {
    status: u16,
    headers: Vec<(String, Vec<u8>)>,
    body: Vec<u8>,
}

async fn post(scene: &Scene, path: &str, message: &impl minicbor::Encode<()>) -> Answer {
    let url = format!("{}{path}", scene.url);
    let response = scene.http.post(url).body(wire::encode(message).unwrap()).send().await.unwrap();
    let mut headers: Vec<(String, Vec<u8>)> = response
        .headers()
        .iter()
        .filter(|(name, _)| *name != "date")
        .map(|(name, value)| (name.to_string(), value.as_bytes().to_vec()))
        .collect();
    headers.sort();
    let status = response.status().as_u16();
    Answer { status, headers, body: response.bytes().await.unwrap().to_vec() }
}

#[tokio::test]
async fn whether_a_device_is_enrolled_is_told_to_nobody_who_does_not_hold_its_key() {
    let scene = Scene::start().await;
    let mut clerk = scene.clerk().await;
    let known = scene.member(&mut clerk, 10, Role::Official).await.signer;
    let lost = scene.member(&mut clerk, 11, Role::Official).await.signer;
    revoke(&scene.data(), Some(lost.device), None, NOW).await.unwrap();
    let thief = Signer::new(99);
    let mut answers = Vec::new();
    for device in [known.device, lost.device, thief.device] {
        let asked = post(&scene, "/v1/challenge", &ChallengeRequest { device }).await;
        let challenge: Challenge = wire::decode(&asked.body).unwrap();
        let request =
            wire::SessionRequest { device, ..thief.answer(&Challenge { nonce: challenge.nonce }) };
        let session = post(&scene, "/v1/session", &request).await;
        answers.push((asked.status, asked.headers, asked.body.len(), session));
    }
    // The thief's own signature is genuine for a device that nobody knows, and not one for the others.
    assert_eq!(answers[0].3.status, 400);
    assert_eq!(answers[0], answers[1], "a device that was shut out");
    assert_eq!(answers[0], answers[2], "a device that was never let in");
}

#[tokio::test]
async fn every_wrong_invitation_is_wrong_in_the_same_way() {
    let scene = Scene::start().await;
    let mut clerk = scene.clerk().await;
    let official = scene.member(&mut clerk, 10, Role::Official).await;
    let old = clerk.invite(&scene, official.member).await;
    scene.pass_ms(INVITATION_MS);
    clerk.login(&scene).await.unwrap();
    let used = clerk.invite(&scene, official.member).await;
    Tablet::enrol(&scene, &used, 11).await.unwrap();
    let gone = scene.member(&mut clerk, 12, Role::Official).await;
    let of_somebody_gone = clerk.invite(&scene, gone.member).await;
    revoke(&scene.data(), None, Some(gone.member), NOW).await.unwrap();

    let stranger = Signer::new(99);
    let mut answers = Vec::new();
    for code in ["AAAA-BBBB-CCCC-DDDD", &*old, &*used, &*of_somebody_gone] {
        answers.push(post(&scene, "/v1/enrol", &enrol_request(&stranger, code)).await);
    }
    assert_eq!(answers[0].status, 403);
    for answer in &answers[1..] {
        assert_eq!(*answer, answers[0]);
    }
}

#[tokio::test]
async fn what_comes_too_often_or_from_nobody_is_not_read() {
    let scene = Scene::start_with(|config| {
        config.limits.address_rate = Rate { burst: 3.0, per_second: 0.001 };
        config.limits.device_rate = Rate { burst: 1.0, per_second: 0.001 };
    })
    .await;
    let clerk = scene.clerk().await;
    let junk = async |path: &str, token: &str| {
        let url = format!("{}{path}", scene.url);
        let request = scene.http.post(url).bearer_auth(token).body(&b"\x9f\x9f"[..]);
        request.send().await.unwrap().status().as_u16()
    };
    // The clerk's arrival took the address's three turns and the device's one.
    for path in ["/v1/enrol", "/v1/challenge", "/v1/session"] {
        assert_eq!(junk(path, "").await, 429, "{path}");
    }
    for path in ["/v1/sync", "/v1/invitations", "/v1/devices", "/v1/devices/revoke", "/v1/calendar"]
    {
        assert_eq!(junk(path, &clerk.token).await, 429, "{path}");
        assert_eq!(junk(path, "nobody").await, 401, "{path}");
    }
}
