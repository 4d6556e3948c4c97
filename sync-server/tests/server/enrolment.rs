//! Coming in: invitations, challenges, sessions.

use domain::Role;
use testkit::Signer;
use wire::limits::{CHALLENGE_MS, INVITATION_MS, SESSION_MS};
use wire::{
    Challenge, ChallengeRequest, Enrolled, InviteRequest, ProblemCode, Session, SessionRequest,
};

use crate::scene::{Scene, Tablet, enrol_request, refused};

#[tokio::test]
async fn an_invitation_enrols_one_device_and_repeats_its_answer_to_that_device_alone() {
    let scene = Scene::start().await;
    let first = Signer::new(1);
    let request = enrol_request(&first, &scene.clerk_code.to_lowercase().replace('-', " "));

    let enrolled: Enrolled = scene.post("/v1/enrol", None, &request).await.unwrap();
    assert_eq!((enrolled.role, enrolled.council_name.as_str()), (Role::Clerk, "Valbrune"));
    assert_eq!(enrolled.council, scene.council);

    // The answer was lost: asking again costs nothing, even long after.
    scene.pass_ms(INVITATION_MS + 1);
    let again: Enrolled = scene.post("/v1/enrol", None, &request).await.unwrap();
    assert_eq!(again, enrolled);

    // Another device, or the same with another key, is refused.
    let other = enrol_request(&Signer::new(2), &scene.clerk_code);
    assert_eq!(
        refused(scene.post::<_, Enrolled>("/v1/enrol", None, &other).await),
        ProblemCode::Invitation
    );
    let mut changed = request.clone();
    changed.signing_key = Signer::new(2).public_key();
    assert_eq!(
        refused(scene.post::<_, Enrolled>("/v1/enrol", None, &changed).await),
        ProblemCode::Invitation
    );
}

#[tokio::test]
async fn an_invitation_expires_and_a_guess_is_refused() {
    let scene = Scene::start().await;
    scene.pass_ms(INVITATION_MS);
    for code in [scene.clerk_code.as_str(), "AAAA-BBBB-CCCC-DDDD", "", &"A".repeat(5_000)] {
        let request = enrol_request(&Signer::new(1), code);
        let refusal = scene.post::<_, Enrolled>("/v1/enrol", None, &request).await;
        assert_eq!(refused(refusal), ProblemCode::Invitation);
    }
}

#[tokio::test]
async fn a_device_identifier_that_is_taken_leaves_the_invitation_usable() {
    let scene = Scene::start().await;
    let mut clerk = scene.clerk().await;
    let member = scene.member(&mut clerk, 10, Role::Official).await;
    let code = clerk.invite(&scene, member.member).await;

    let taken = enrol_request(&Signer::new(1), &code);
    let refusal = scene.post::<_, Enrolled>("/v1/enrol", None, &taken).await;
    assert_eq!(refused(refusal), ProblemCode::Untrue);

    Tablet::enrol(&scene, &code, 11).await.unwrap();
}

#[tokio::test]
async fn only_a_clerk_invites_and_only_members_of_the_council() {
    let scene = Scene::start().await;
    let mut clerk = scene.clerk().await;
    let official = scene.member(&mut clerk, 10, Role::Official).await;

    let invite = InviteRequest { member: official.member };
    let by_official =
        scene.post::<_, wire::Invitation>("/v1/invitations", Some(&official.token), &invite).await;
    assert_eq!(refused(by_official), ProblemCode::Forbidden);

    let nobody = InviteRequest { member: domain::MemberId::from_bytes([99; 16]) };
    let of_nobody =
        scene.post::<_, wire::Invitation>("/v1/invitations", Some(&clerk.token), &nobody).await;
    assert_eq!(refused(of_nobody), ProblemCode::NotFound);
}

#[tokio::test]
async fn a_challenge_is_answered_once_within_a_minute_by_the_right_key() {
    let scene = Scene::start().await;
    let clerk = scene.clerk().await;
    let device = clerk.signer.device;
    let ask = || async {
        let asked: Challenge =
            scene.post("/v1/challenge", None, &ChallengeRequest { device }).await.unwrap();
        asked
    };
    let open = |request: SessionRequest| {
        let scene = &scene;
        async move { scene.post::<_, Session>("/v1/session", None, &request).await }
    };

    let challenge = ask().await;
    let answer = clerk.signer.answer(&challenge);
    open(answer.clone()).await.unwrap();
    assert_eq!(refused(open(answer).await), ProblemCode::Session, "a second time");

    let late = clerk.signer.answer(&ask().await);
    scene.pass_ms(CHALLENGE_MS);
    assert_eq!(refused(open(late).await), ProblemCode::Session, "too late");

    let mut forged = clerk.signer.answer(&ask().await);
    forged.signature = Signer::new(2).answer(&Challenge { nonce: forged.nonce }).signature;
    assert_eq!(refused(open(forged).await), ProblemCode::Untrue, "another key");

    let invented = clerk.signer.answer(&Challenge { nonce: [5; 32] });
    assert_eq!(refused(open(invented).await), ProblemCode::Session, "not the server's challenge");
}

#[tokio::test]
async fn an_unknown_device_gets_a_challenge_like_any_other() {
    let scene = Scene::start().await;
    let stranger = Signer::new(66);
    let device = stranger.device;
    let challenge: Challenge =
        scene.post("/v1/challenge", None, &ChallengeRequest { device }).await.unwrap();
    let refusal = scene.post::<_, Session>("/v1/session", None, &stranger.answer(&challenge)).await;
    assert_eq!(refused(refusal), ProblemCode::Untrue);
}

#[tokio::test]
async fn a_session_ends_after_its_time_and_survives_a_restart() {
    let mut scene = Scene::start().await;
    let mut clerk = scene.clerk().await;

    scene.restart().await;
    clerk.sync(&scene, Vec::new()).await.unwrap();

    scene.pass_ms(SESSION_MS);
    assert_eq!(refused(clerk.sync(&scene, Vec::new()).await), ProblemCode::Session);
    clerk.login(&scene).await.unwrap();
    clerk.sync(&scene, Vec::new()).await.unwrap();
}

#[tokio::test]
async fn a_request_without_a_session_is_refused_everywhere() {
    let scene = Scene::start().await;
    let digest = "ab".repeat(32);
    for (method, path) in [
        ("POST", "/v1/sync".to_owned()),
        ("POST", "/v1/invitations".to_owned()),
        ("GET", "/v1/poke".to_owned()),
        ("GET", format!("/v1/blobs/{digest}")),
        ("HEAD", format!("/v1/blobs/{digest}")),
        ("PUT", format!("/v1/blobs/{digest}")),
    ] {
        for authorization in ["", "Bearer nonsense", "Basic abc"] {
            let response = scene
                .http
                .request(method.parse().unwrap(), format!("{}{path}", scene.url))
                .header("authorization", authorization)
                .send()
                .await
                .unwrap();
            assert_eq!(response.status(), 401, "{method} {path} {authorization}");
        }
    }
}
