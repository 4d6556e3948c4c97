//! Who may write and who may read.

use domain::{GroupId, Member, Record, Role, SittingState};
use pupitre_server::commands::revoke::revoke;
use wire::{Ack, Audience, Op, Outcome, ProblemCode, Scope};

use crate::scene::{NOW, Scene, Tablet, person, refused, sitting};

async fn outcome(tablet: &mut Tablet, scene: &Scene, op: Op) -> Outcome {
    let response = tablet.sync(scene, vec![op]).await.unwrap();
    let [Ack { outcome, .. }] = response.acks.as_slice() else {
        panic!("one answer to one operation, not {:?}", response.acks)
    };
    outcome.clone()
}

fn refusal(code: ProblemCode) -> Outcome {
    Outcome::Refused { code }
}

#[tokio::test]
async fn a_group_sees_its_members_notes_and_nobody_else_does() {
    let scene = Scene::start().await;
    let mut clerk = scene.clerk().await;
    let (majority, opposition) = (GroupId::from_bytes([1; 16]), GroupId::from_bytes([2; 16]));
    let mut a = scene.member_of(&mut clerk, 10, Role::Official, vec![opposition]).await;
    let mut b = scene.member_of(&mut clerk, 11, Role::Official, vec![opposition]).await;
    let mut c = scene.member_of(&mut clerk, 12, Role::Official, vec![majority]).await;

    let op = a.note(Audience::Group(opposition), "notre ligne");
    assert!(matches!(outcome(&mut a, &scene, op).await, Outcome::Accepted { .. }));
    for (tablet, expected) in [(&mut b, 1), (&mut c, 0), (&mut clerk, 0)] {
        tablet.pull(&scene).await;
        assert_eq!(tablet.notes().len(), expected);
    }

    let op = c.note(Audience::Group(opposition), "espion");
    assert_eq!(outcome(&mut c, &scene, op).await, refusal(ProblemCode::Forbidden));
}

#[tokio::test]
async fn who_changes_groups_sees_the_log_anew() {
    let scene = Scene::start().await;
    let mut clerk = scene.clerk().await;
    let group = GroupId::from_bytes([1; 16]);
    let mut a = scene.member_of(&mut clerk, 10, Role::Official, vec![group]).await;
    let mut b = scene.member(&mut clerk, 11, Role::Official).await;
    let op = a.note(Audience::Group(group), "notre ligne");
    a.sync(&scene, vec![op]).await.unwrap();
    b.pull(&scene).await;
    let view = b.view;
    assert!(b.notes().is_empty());

    // Joins: what was passed over before comes with the rest, from the beginning.
    let joined = Record::Member(person(11, Role::Official, vec![group]));
    clerk.publish(&scene, 1, &joined).await;
    b.pull(&scene).await;
    assert_ne!(b.view, view);
    assert_eq!(b.notes(), ["notre ligne"]);
    assert_eq!(b.entries[0].seq, 1);

    // Leaves: the group's notes are not there any more.
    let left = Record::Member(person(11, Role::Official, Vec::new()));
    clerk.publish(&scene, 2, &left).await;
    b.pull(&scene).await;
    assert_eq!(b.view, view);
    assert!(b.notes().is_empty());
}

#[tokio::test]
async fn a_draft_is_for_clerks_until_it_is_published_and_never_again() {
    let scene = Scene::start().await;
    let mut clerk = scene.clerk().await;
    let mut official = scene.member(&mut clerk, 10, Role::Official).await;
    let mut second = scene.member(&mut clerk, 11, Role::Clerk).await;

    clerk.publish(&scene, 0, &sitting(50, SittingState::Draft)).await;
    official.pull(&scene).await;
    second.pull(&scene).await;
    assert!(!official.records().iter().any(|record| matches!(record, Record::Sitting(_))));
    assert!(second.records().contains(&sitting(50, SittingState::Draft)));

    clerk.publish(&scene, 1, &sitting(50, SittingState::Published)).await;
    official.pull(&scene).await;
    assert!(official.records().contains(&sitting(50, SittingState::Published)));
    assert_eq!(official.entries.last().unwrap().record_version, 2);

    let hidden = clerk.record(2, &sitting(50, SittingState::Draft));
    assert_eq!(outcome(&mut clerk, &scene, hidden).await, refusal(ProblemCode::Forbidden));
}

#[tokio::test]
async fn a_draft_shown_to_everyone_or_a_sitting_hidden_from_them_is_refused() {
    let scene = Scene::start().await;
    let mut clerk = scene.clerk().await;
    for (state, audience) in [
        (SittingState::Draft, Audience::Council),
        (SittingState::Published, Audience::Administration),
        (SittingState::Published, Audience::Private),
    ] {
        let honest = clerk.record(0, &sitting(50, state));
        let scope = clerk.scope(audience);
        clerk.signer.next -= 1;
        let header = honest.header;
        let op =
            clerk.signer.seal(header.council, scope, header.document, header.kind, honest.payload);
        let answer = outcome(&mut clerk, &scene, op).await;
        assert_eq!(answer, refusal(ProblemCode::Forbidden), "{state:?} {audience:?}");
    }
}

#[tokio::test]
async fn officials_and_guests_write_no_records_and_guests_no_notes() {
    let scene = Scene::start().await;
    let mut clerk = scene.clerk().await;
    let mut official = scene.member(&mut clerk, 10, Role::Official).await;
    let mut guest = scene.member(&mut clerk, 11, Role::Guest).await;

    let op = official.record(0, &sitting(50, SittingState::Published));
    assert_eq!(outcome(&mut official, &scene, op).await, refusal(ProblemCode::Forbidden));
    let op = official.note(Audience::Administration, "aux services");
    assert_eq!(outcome(&mut official, &scene, op).await, refusal(ProblemCode::Forbidden));
    let op = guest.record(0, &sitting(50, SittingState::Published));
    assert_eq!(outcome(&mut guest, &scene, op).await, refusal(ProblemCode::Forbidden));
    let op = guest.note(Audience::Private, "pour moi");
    assert_eq!(outcome(&mut guest, &scene, op).await, refusal(ProblemCode::Forbidden));

    guest.pull(&scene).await;
    assert!(!guest.records().is_empty(), "a guest reads");
}

#[tokio::test]
async fn nobody_writes_into_anothers_scope_or_with_anothers_device() {
    let scene = Scene::start().await;
    let mut clerk = scene.clerk().await;
    let mut a = scene.member(&mut clerk, 10, Role::Official).await;
    let mut b = scene.member(&mut clerk, 11, Role::Official).await;

    let theirs = Scope { owner: b.member, audience: Audience::Private };
    let op = a.signer.note(a.council, theirs, domain::Sha256::from_bytes([7; 32]), b"x");
    assert_eq!(outcome(&mut a, &scene, op).await, refusal(ProblemCode::Forbidden));

    let op = b.note(Audience::Private, "de b");
    assert_eq!(outcome(&mut a, &scene, op).await, refusal(ProblemCode::Untrue));

    let mut op = a.note(Audience::Private, "à moi");
    op.payload.push(0);
    assert_eq!(outcome(&mut a, &scene, op).await, refusal(ProblemCode::Untrue), "altered");

    let elsewhere = domain::CouncilId::from_bytes([9; 16]);
    let scope = a.scope(Audience::Private);
    let op = a.signer.note(elsewhere, scope, domain::Sha256::from_bytes([7; 32]), b"x");
    assert_eq!(outcome(&mut a, &scene, op).await, refusal(ProblemCode::Untrue), "other council");

    // None of this blocks the line: the next honest note goes in.
    let op = a.note(Audience::Private, "à moi");
    assert!(matches!(outcome(&mut a, &scene, op).await, Outcome::Accepted { .. }));
    b.pull(&scene).await;
    assert!(b.notes().is_empty());
}

#[tokio::test]
async fn a_revoked_device_and_a_revoked_member_are_out_at_once() {
    let scene = Scene::start().await;
    let mut clerk = scene.clerk().await;
    let mut first = scene.member(&mut clerk, 10, Role::Official).await;
    let code = clerk.invite(&scene, first.member).await;
    let mut second = Tablet::enrol(&scene, &code, 11).await.unwrap();
    let unused = clerk.invite(&scene, first.member).await;

    // The command runs beside the server, as an operator would call it.
    revoke(&scene.data(), Some(first.signer.device), None, NOW).await.unwrap();
    assert_eq!(refused(first.sync(&scene, Vec::new()).await), ProblemCode::Revoked);
    assert_eq!(refused(first.login(&scene).await), ProblemCode::Revoked);
    second.sync(&scene, Vec::new()).await.unwrap();

    revoke(&scene.data(), None, Some(first.member), NOW).await.unwrap();
    assert_eq!(refused(second.sync(&scene, Vec::new()).await), ProblemCode::Revoked);
    let late = Tablet::enrol(&scene, &unused, 12).await.map(|_| ());
    assert_eq!(refused(late), ProblemCode::Invitation);
    assert!(
        revoke(&scene.data(), None, Some(domain::MemberId::from_bytes([99; 16])), NOW)
            .await
            .is_err()
    );
}

#[tokio::test]
async fn the_last_clerk_cannot_stop_being_one() {
    let scene = Scene::start().await;
    let mut clerk = scene.clerk().await;
    let Some(Record::Member(greffe)) = clerk.records().pop() else { panic!("the clerk's record") };
    let demoted = Record::Member(Member { role: Role::Official, ..greffe });

    let op = clerk.record(1, &demoted);
    assert_eq!(outcome(&mut clerk, &scene, op).await, refusal(ProblemCode::Forbidden));

    scene.member(&mut clerk, 10, Role::Clerk).await;
    clerk.publish(&scene, 1, &demoted).await;
    let op = clerk.record(0, &sitting(50, SittingState::Published));
    assert_eq!(outcome(&mut clerk, &scene, op).await, refusal(ProblemCode::Forbidden));
}

#[tokio::test]
async fn a_clerk_sees_the_devices_and_shuts_one_out_and_nobody_else_does() {
    use wire::{DeviceStanding, Devices, DevicesRequest, RevokeRequest};
    let scene = Scene::start().await;
    let mut clerk = scene.clerk().await;
    let mut lost = scene.member(&mut clerk, 10, Role::Official).await;
    lost.sync(&scene, Vec::new()).await.unwrap();

    let ask = RevokeRequest { device: clerk.signer.device, wipe: None };
    let by_official = scene.post::<_, Devices>("/v1/devices/revoke", Some(&lost.token), &ask).await;
    assert_eq!(refused(by_official), ProblemCode::Forbidden);
    let list = scene.post::<_, Devices>("/v1/devices", Some(&lost.token), &DevicesRequest {}).await;
    assert_eq!(refused(list), ProblemCode::Forbidden);
    let own = scene.post::<_, Devices>("/v1/devices/revoke", Some(&clerk.token), &ask).await;
    assert_eq!(refused(own), ProblemCode::Forbidden);
    let nobody = RevokeRequest { device: domain::DeviceId::from_bytes([99; 16]), wipe: None };
    let none = scene.post::<_, Devices>("/v1/devices/revoke", Some(&clerk.token), &nobody).await;
    assert_eq!(refused(none), ProblemCode::NotFound);

    let ask = RevokeRequest { device: lost.signer.device, wipe: None };
    let devices: Devices =
        scene.post("/v1/devices/revoke", Some(&clerk.token), &ask).await.unwrap();
    let standing = |id| devices.devices.iter().find(|d| d.device == id).map(|d| d.standing);
    assert_eq!(devices.devices.len(), 2, "the server's own device is nobody's tablet");
    assert_eq!(standing(lost.signer.device), Some(DeviceStanding::Revoked));
    assert_eq!(standing(clerk.signer.device), Some(DeviceStanding::Good));
    assert!(devices.devices.iter().all(|device| device.seen_ms.is_some()));
    assert_eq!(refused(lost.sync(&scene, Vec::new()).await), ProblemCode::Revoked);
}

#[tokio::test]
async fn whoever_leaves_the_council_comes_in_no_more_until_invited_anew() {
    let scene = Scene::start().await;
    let mut clerk = scene.clerk().await;
    let mut official = scene.member(&mut clerk, 10, Role::Official).await;
    let unused = clerk.invite(&scene, official.member).await;
    official.sync(&scene, Vec::new()).await.unwrap();

    let stays =
        Member { id: official.member, ..crate::scene::person(10, Role::Official, Vec::new()) };
    let leaves = Member { left: Some("2026-09-28".parse().unwrap()), ..stays.clone() };
    clerk.publish(&scene, 1, &Record::Member(leaves)).await;
    assert_eq!(refused(official.sync(&scene, Vec::new()).await), ProblemCode::Revoked);
    assert_eq!(refused(official.login(&scene).await), ProblemCode::Revoked);
    let late = Tablet::enrol(&scene, &unused, 11).await.map(|_| ());
    assert_eq!(refused(late), ProblemCode::Invitation);

    clerk.publish(&scene, 2, &Record::Member(stays)).await;
    assert_eq!(refused(official.sync(&scene, Vec::new()).await), ProblemCode::Revoked);
    let code = clerk.invite(&scene, official.member).await;
    let mut again = Tablet::enrol(&scene, &code, 12).await.unwrap();
    again.sync(&scene, Vec::new()).await.unwrap();
}

#[tokio::test]
async fn the_last_clerk_cannot_leave() {
    let scene = Scene::start().await;
    let mut clerk = scene.clerk().await;
    let Some(Record::Member(greffe)) = clerk.records().pop() else { panic!("the clerk's record") };
    let gone = Record::Member(Member { left: Some("2026-09-28".parse().unwrap()), ..greffe });
    let op = clerk.record(1, &gone);
    assert_eq!(outcome(&mut clerk, &scene, op).await, refusal(ProblemCode::Forbidden));
}
