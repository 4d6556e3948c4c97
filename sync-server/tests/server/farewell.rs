//! A device that is shut out and shall be emptied: what the server still hears from it.

use domain::Role;
use pupitre_server::config::key_file;
use ring::signature::{ED25519, Ed25519KeyPair, KeyPair as _, UnparsedPublicKey};
use wire::{
    Audience, AuditPage, Challenge, ChallengeRequest, DeviceEntry, Devices, DevicesRequest,
    Farewell, FarewellRequest, Op, Outcome, Problem, ProblemCode, RevokeRequest, WipeOrder,
};

use crate::scene::{Scene, Tablet, answer, refused};

fn order(by: &Tablet, whom: &Tablet) -> WipeOrder {
    let (council, me) = (by.council, by.signer.device);
    WipeOrder::signed(council, whom.signer.device, me, 5, |text| by.signer.sign(text))
}

async fn wipe(scene: &Scene, by: &Tablet, order: WipeOrder) -> Result<Devices, Problem> {
    let request = RevokeRequest { device: order.device, wipe: Some(order) };
    let path = if by.role == Role::Clerk { "/v1/devices/revoke" } else { "/v1/devices/own/revoke" };
    scene.post(path, Some(&by.token), &request).await
}

async fn farewell(
    scene: &Scene,
    tablet: &Tablet,
    outbox: Vec<Op>,
    emptied: bool,
) -> Result<Farewell, Problem> {
    let device = tablet.signer.device;
    let challenge: Challenge =
        scene.post("/v1/challenge", None, &ChallengeRequest { device }).await?;
    let answered = tablet.signer.answer(&challenge);
    let request = FarewellRequest { protocol: wire::PROTOCOL, answered, outbox, emptied };
    scene.post("/v1/farewell", None, &request).await
}

fn of<'a>(devices: &'a Devices, tablet: &Tablet) -> &'a DeviceEntry {
    devices.devices.iter().find(|entry| entry.device == tablet.signer.device).unwrap()
}

#[tokio::test]
async fn a_device_under_an_order_brings_its_private_notes_and_says_that_it_is_empty() {
    let scene = Scene::start().await;
    let mut clerk = scene.clerk().await;
    let mut lost = scene.member(&mut clerk, 10, Role::Official).await;
    let code = clerk.invite(&scene, lost.member).await;
    let mut second = Tablet::enrol(&scene, &code, 11).await.unwrap();
    assert_eq!(refused(farewell(&scene, &lost, Vec::new(), false).await), ProblemCode::NotFound);

    let given = order(&clerk, &lost);
    let devices = wipe(&scene, &clerk, given.clone()).await.unwrap();
    assert!(of(&devices, &lost).wipe_ms.is_some() && of(&devices, &lost).emptied_ms.is_none());
    let session = lost.login(&scene).await;
    assert_eq!(refused(session), ProblemCode::Revoked, "no session for that");
    let pull = lost.sync(&scene, Vec::new()).await;
    assert_eq!(refused(pull), ProblemCode::Revoked, "and the one before is over");

    let private = lost.note(Audience::Private, "jamais envoyée");
    let shared = lost.note(Audience::Council, "pour tous");
    let told = farewell(&scene, &lost, vec![private.clone(), shared], false).await.unwrap();
    assert_eq!(told.order, given);
    assert!(matches!(told.acks[0].outcome, Outcome::Accepted { .. }), "{:?}", told.acks);
    let forbidden = Outcome::Refused { code: ProblemCode::Forbidden };
    assert_eq!(told.acks[1].outcome, forbidden);
    // The office's signature over the same order: a card in the log says with which key.
    second.pull(&scene).await;
    assert_eq!(second.notes(), ["jamais envoyée"]);
    let vouched = told.vouched.unwrap();
    let office = std::fs::read(key_file(&scene.data())).unwrap();
    let office = Ed25519KeyPair::from_pkcs8(&office).unwrap();
    let key = UnparsedPublicKey::new(&ED25519, office.public_key().as_ref());
    key.verify(&given.signing_bytes(), &*vouched).unwrap();

    // Twice is once, and two things under one number do not bring it back as merely quarantined.
    let again = farewell(&scene, &lost, vec![private], false).await.unwrap();
    assert_eq!(again.acks[0].outcome, told.acks[0].outcome);
    lost.signer.next = 1;
    let other = lost.note(Audience::Private, "autre chose");
    let twice = farewell(&scene, &lost, vec![other], false).await.unwrap();
    assert_eq!(twice.acks[0].outcome, Outcome::Refused { code: ProblemCode::Untrue });
    assert_eq!(refused(lost.login(&scene).await), ProblemCode::Revoked);

    for _ in 0..2 {
        farewell(&scene, &lost, Vec::new(), true).await.unwrap();
    }
    let devices: Devices =
        scene.post("/v1/devices", Some(&clerk.token), &DevicesRequest {}).await.unwrap();
    assert!(of(&devices, &lost).emptied_ms.is_some());
    let url = format!("{}/v1/audit", scene.url);
    let request = scene.http.get(url).bearer_auth(&clerk.token).send().await.unwrap();
    let page: AuditPage = answer(request).await.unwrap();
    let done = |word| page.lines.iter().filter(|line| line.done == word).count();
    assert_eq!((done("device-revoked"), done("wipe-ordered"), done("emptied")), (1, 1, 1));
}

#[tokio::test]
async fn an_order_counts_only_when_whoever_may_has_signed_it() {
    let scene = Scene::start().await;
    let mut clerk = scene.clerk().await;
    let first = scene.member(&mut clerk, 10, Role::Official).await;
    let code = clerk.invite(&scene, first.member).await;
    let second = Tablet::enrol(&scene, &code, 11).await.unwrap();
    let other = scene.member(&mut clerk, 12, Role::Official).await;

    let mut forged = order(&clerk, &first);
    forged.signature[0] ^= 1;
    assert_eq!(refused(wipe(&scene, &clerk, forged).await), ProblemCode::Untrue);
    // Signed by another, for another, or for another device than the one that is named beside it.
    let borrowed = order(&second, &first);
    assert_eq!(refused(wipe(&scene, &clerk, borrowed).await), ProblemCode::Untrue);
    let request = RevokeRequest { device: other.signer.device, wipe: Some(order(&clerk, &first)) };
    let mixed: Result<Devices, Problem> =
        scene.post("/v1/devices/revoke", Some(&clerk.token), &request).await;
    assert_eq!(refused(mixed), ProblemCode::Untrue);
    // A member has no say over another's devices, nor over the one that asks.
    let theirs = order(&other, &first);
    assert_eq!(refused(wipe(&scene, &other, theirs).await), ProblemCode::NotFound);
    let oneself = order(&first, &first);
    assert_eq!(refused(wipe(&scene, &first, oneself).await), ProblemCode::Forbidden);
    // All of them still have what they had.
    for tablet in [&first, &second, &other] {
        let refusal = farewell(&scene, tablet, Vec::new(), false).await;
        assert_eq!(refused(refusal), ProblemCode::NotFound);
    }

    let own: Devices =
        scene.post("/v1/devices/own", Some(&second.token), &DevicesRequest {}).await.unwrap();
    assert_eq!(own.devices.len(), 2);
    let devices = wipe(&scene, &second, order(&second, &first)).await.unwrap();
    assert_eq!(devices.devices.len(), 2);
    assert!(of(&devices, &first).wipe_ms.is_some());
    let told = farewell(&scene, &first, Vec::new(), false).await.unwrap();
    assert_eq!(told.order.by, second.signer.device);
}

/// Challenges of a farewell are those of a session: forged, stale and borrowed ones open nothing.
#[tokio::test]
async fn nobody_says_farewell_for_another_device() {
    let scene = Scene::start().await;
    let mut clerk = scene.clerk().await;
    let lost = scene.member(&mut clerk, 10, Role::Official).await;
    let other = scene.member(&mut clerk, 12, Role::Official).await;
    wipe(&scene, &clerk, order(&clerk, &lost)).await.unwrap();
    let device = lost.signer.device;
    let challenge: Challenge =
        scene.post("/v1/challenge", None, &ChallengeRequest { device }).await.unwrap();
    let say = async |answered| {
        let request = FarewellRequest {
            protocol: wire::PROTOCOL,
            answered,
            outbox: Vec::new(),
            emptied: true,
        };
        let said: Result<Farewell, Problem> = scene.post("/v1/farewell", None, &request).await;
        said.map(drop).map_err(|problem| problem.code)
    };
    let mut forged = lost.signer.answer(&challenge);
    forged.signature[0] ^= 1;
    assert_eq!(say(forged).await, Err(ProblemCode::Untrue));
    let borrowed = wire::SessionRequest { device, ..other.signer.answer(&challenge) };
    assert_eq!(say(borrowed).await, Err(ProblemCode::Untrue));
    let made_up = lost.signer.answer(&Challenge { nonce: [9; 32] });
    assert_eq!(say(made_up).await, Err(ProblemCode::Session));
    let honest = lost.signer.answer(&challenge);
    scene.pass_ms(wire::limits::CHALLENGE_MS);
    assert_eq!(say(honest).await, Err(ProblemCode::Session));
    let devices: Devices =
        scene.post("/v1/devices", Some(&clerk.token), &DevicesRequest {}).await.unwrap();
    assert!(of(&devices, &lost).emptied_ms.is_none());
}
