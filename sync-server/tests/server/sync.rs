//! The one request: answers, order, repeats, conflicts, pages.

use domain::{Record, Role, SittingState};
use wire::limits::{BATCH, BATCH_OPS, OP_PAYLOAD};
use wire::{Ack, Audience, Outcome, ProblemCode, SyncRequest, SyncResponse};

use crate::scene::{Scene, refused, sitting};

fn outcomes(response: &SyncResponse) -> Vec<&Outcome> {
    response.acks.iter().map(|ack| &ack.outcome).collect()
}

#[tokio::test]
async fn a_repeat_gets_the_same_answer_and_adds_nothing() {
    let scene = Scene::start().await;
    let mut clerk = scene.clerk().await;
    let mut tablet = scene.member(&mut clerk, 10, Role::Official).await;
    let outbox =
        vec![tablet.note(Audience::Private, "un"), tablet.note(Audience::Administration, "deux")];

    let first = tablet.sync(&scene, outbox.clone()).await.unwrap();
    let second = tablet.sync(&scene, outbox).await.unwrap();

    assert_eq!(first.acks, second.acks);
    assert_eq!(first.head, second.head);
    assert!(second.items.is_empty());
}

#[tokio::test]
async fn a_gap_is_answered_up_to_it_and_closes_when_the_rest_comes() {
    let scene = Scene::start().await;
    let mut clerk = scene.clerk().await;
    let mut tablet = scene.member(&mut clerk, 10, Role::Official).await;
    let one = tablet.note(Audience::Private, "un");
    let two = tablet.note(Audience::Private, "deux");
    let three = tablet.note(Audience::Private, "trois");

    let response = tablet.sync(&scene, vec![one.clone(), three.clone()]).await.unwrap();
    assert_eq!(response.acks.iter().map(|ack| ack.device_seq).collect::<Vec<_>>(), [1]);
    let response = tablet.sync(&scene, vec![two, three]).await.unwrap();
    assert_eq!(response.acks.iter().map(|ack| ack.device_seq).collect::<Vec<_>>(), [2, 3]);
    assert_eq!(tablet.notes(), ["un", "deux", "trois"]);
}

#[tokio::test]
async fn two_operations_under_one_number_quarantine_the_device_which_reads_on() {
    let scene = Scene::start().await;
    let mut clerk = scene.clerk().await;
    let mut tablet = scene.member(&mut clerk, 10, Role::Official).await;
    let one = tablet.note(Audience::Private, "un");
    tablet.sync(&scene, vec![one.clone()]).await.unwrap();

    // The tablet was put back to an older state and counts from 1 again.
    tablet.signer.next = 1;
    let other = tablet.note(Audience::Private, "autre");
    let next = tablet.note(Audience::Private, "suite");
    let response = tablet.sync(&scene, vec![other, next]).await.unwrap();
    let untrue = Outcome::Refused { code: ProblemCode::Untrue };
    assert_eq!(outcomes(&response), [&untrue, &untrue]);

    // It still reads, and what was acknowledged is acknowledged.
    let response = tablet.sync(&scene, vec![one]).await.unwrap();
    assert!(matches!(outcomes(&response)[..], [Outcome::Accepted { .. }]));
    tablet.pull(&scene).await;
    assert_eq!(tablet.notes(), ["un"]);
    // After a new login as well.
    tablet.login(&scene).await.unwrap();
    tablet.pull(&scene).await;
}

#[tokio::test]
async fn a_record_is_replaced_only_over_the_version_its_author_saw() {
    let scene = Scene::start().await;
    let mut clerk = scene.clerk().await;
    let mut colleague = scene.member(&mut clerk, 10, Role::Clerk).await;
    let record = sitting(50, SittingState::Published);
    clerk.publish(&scene, 0, &record).await;

    let stale = colleague.record(0, &record);
    let good = colleague.record(1, &record);
    let response = colleague.sync(&scene, vec![stale.clone(), good]).await.unwrap();
    assert!(matches!(
        outcomes(&response)[..],
        [Outcome::Conflict { current: 1 }, Outcome::Accepted { .. }]
    ));
    // The answer to the first stays what it was, though the version has moved on.
    let response = colleague.sync(&scene, vec![stale]).await.unwrap();
    assert_eq!(outcomes(&response), [&Outcome::Conflict { current: 1 }]);

    let ahead = clerk.record(7, &record);
    let response = clerk.sync(&scene, vec![ahead]).await.unwrap();
    assert_eq!(outcomes(&response), [&Outcome::Conflict { current: 2 }]);
}

#[tokio::test]
async fn a_record_that_cannot_be_read_or_names_another_is_refused() {
    let scene = Scene::start().await;
    let mut clerk = scene.clerk().await;
    let honest = clerk.record(0, &sitting(50, SittingState::Published));
    let other = clerk.record(0, &sitting(51, SittingState::Published));
    clerk.signer.next = 1;
    let scope = honest.header.scope;
    let (council, document, kind) = (clerk.council, honest.header.document, honest.header.kind);

    let garbage = clerk.signer.seal(council, scope, document, kind, b"garbage".to_vec());
    let mislabelled = clerk.signer.seal(council, scope, document, kind, other.payload);
    let foreign = Record::Council(domain::Council {
        id: domain::CouncilId::from_bytes([9; 16]),
        name: "Autre".to_owned(),
        kind: domain::CouncilKind::Commune,
        population: 1,
        zone: "Europe/Paris".to_owned(),
        local_law: None,
        letterhead: None,
        law: Default::default(),
        stamp: None,
    });
    let foreign = clerk.record(0, &foreign);
    let response = clerk.sync(&scene, vec![garbage, mislabelled, foreign]).await.unwrap();
    let codes: Vec<_> = outcomes(&response).into_iter().cloned().collect();
    assert_eq!(
        codes,
        [ProblemCode::Malformed, ProblemCode::Malformed, ProblemCode::Forbidden]
            .map(|code| Outcome::Refused { code })
    );
}

#[tokio::test]
async fn a_long_log_comes_in_pages_that_pass_over_what_is_not_for_the_reader() {
    let scene = Scene::start().await;
    let mut clerk = scene.clerk().await;
    let mut author = scene.member(&mut clerk, 10, Role::Official).await;
    let mut reader = scene.member(&mut clerk, 11, Role::Official).await;
    let large = "a".repeat(OP_PAYLOAD - 1_000);
    for _ in 0..3 {
        let outbox = vec![
            author.note(Audience::Private, &large),
            author.note(Audience::Council, &large),
            author.note(Audience::Council, &large),
        ];
        author.sync(&scene, outbox).await.unwrap();
    }

    let mut pages = Vec::new();
    loop {
        let response = reader.sync(&scene, Vec::new()).await.unwrap();
        let bytes: usize = response.items.iter().map(|entry| entry.op.payload.len()).sum();
        assert!(bytes <= BATCH);
        pages.push(response.items.len());
        if !response.more {
            assert_eq!(response.cursor, response.head);
            break;
        }
        assert_eq!(Some(response.cursor), response.items.last().map(|entry| entry.seq));
    }
    assert!(pages.len() >= 2, "{pages:?}");
    assert_eq!(reader.notes().len(), 6);
    assert!(reader.entries.is_sorted_by_key(|entry| entry.seq));
}

#[tokio::test]
async fn nothing_new_costs_less_than_a_kilobyte() {
    let scene = Scene::start().await;
    let clerk = scene.clerk().await;
    let request = SyncRequest {
        protocol: wire::PROTOCOL,
        cursor: clerk.cursor,
        view: clerk.view,
        outbox: Vec::new(),
        next: None,
    };
    let request_bytes = wire::encode(&request).unwrap().len();
    let response: SyncResponse =
        scene.post("/v1/sync", Some(&clerk.token), &request).await.unwrap();
    let bytes = wire::encode(&response).unwrap().len();
    assert!(request_bytes + bytes < 100, "{request_bytes} + {bytes}");
}

#[tokio::test]
async fn a_batch_beyond_the_limits_is_refused_whole() {
    let scene = Scene::start().await;
    let mut clerk = scene.clerk().await;
    let mut tablet = scene.member(&mut clerk, 10, Role::Official).await;

    let many = (0..=BATCH_OPS).map(|_| tablet.note(Audience::Private, "x")).collect();
    assert_eq!(refused(tablet.sync(&scene, many).await), ProblemCode::TooLarge);
    tablet.signer.next = 1;
    let large = "a".repeat(OP_PAYLOAD - 1_000);
    let heavy = (0..5).map(|_| tablet.note(Audience::Private, &large)).collect();
    assert_eq!(refused(tablet.sync(&scene, heavy).await), ProblemCode::TooLarge);

    // One operation too large is an answer to that operation, and the line goes on.
    tablet.signer.next = 1;
    let too_large = tablet.note(Audience::Private, &"a".repeat(OP_PAYLOAD));
    let next = tablet.note(Audience::Private, "suite");
    let response = tablet.sync(&scene, vec![too_large, next]).await.unwrap();
    assert!(matches!(
        response.acks.as_slice(),
        [
            Ack { outcome: Outcome::Refused { code: ProblemCode::TooLarge }, .. },
            Ack { outcome: Outcome::Accepted { .. }, .. }
        ]
    ));
}

#[tokio::test]
async fn another_protocol_version_is_told_apart() {
    let scene = Scene::start().await;
    let clerk = scene.clerk().await;
    for protocol in [0, wire::PROTOCOL + 1] {
        let request = SyncRequest { protocol, cursor: 0, view: 0, outbox: Vec::new(), next: None };
        let refusal = scene.post::<_, SyncResponse>("/v1/sync", Some(&clerk.token), &request).await;
        assert_eq!(refused(refusal), ProblemCode::Outdated);
    }
}
