//! The main thread: a clerk publishes, an official reads and annotates on two tablets.

use domain::{Record, Role, SittingState};
use wire::blob::{UPLOAD_LENGTH, UPLOAD_OFFSET};
use wire::{Audience, Outcome};

use crate::scene::{Scene, Tablet, a_pdf, sitting};

#[tokio::test]
async fn a_clerk_publishes_and_an_official_annotates_on_two_tablets() {
    let scene = Scene::start().await;

    // The clerk enrols and finds the council and its clerk, written by the server itself.
    let mut clerk = scene.clerk().await;
    assert_eq!(clerk.role, Role::Clerk);
    assert!(matches!(
        clerk.records().as_slice(),
        [Record::Council(council), Record::Member(greffe)]
            if council.name == "Valbrune" && greffe.id == clerk.member
    ));

    // A paper goes up, then the sitting.
    let (pdf, digest) = a_pdf(1, 300_000);
    let put = scene
        .http
        .put(format!("{}{}", scene.url, wire::blob::path(&digest)))
        .bearer_auth(&clerk.token)
        .header(UPLOAD_OFFSET, 0)
        .header(UPLOAD_LENGTH, pdf.len())
        .body(pdf.clone())
        .send()
        .await
        .unwrap();
    assert_eq!(put.status(), 201);
    clerk.publish(&scene, 0, &sitting(50, SittingState::Published)).await;

    // An official reads both, and the paper is whole.
    let mut tablet = scene.member(&mut clerk, 10, Role::Official).await;
    tablet.pull(&scene).await;
    assert!(tablet.records().contains(&sitting(50, SittingState::Published)));
    let got = scene
        .http
        .get(format!("{}{}", scene.url, wire::blob::path(&digest)))
        .bearer_auth(&tablet.token)
        .send()
        .await
        .unwrap();
    assert_eq!(got.status(), 200);
    assert_eq!(got.bytes().await.unwrap(), pdf);

    // What is annotated on one tablet stands on the other, in order.
    let code = clerk.invite(&scene, tablet.member).await;
    let mut second_tablet = Tablet::enrol(&scene, &code, 11).await.unwrap();
    let outbox = vec![
        tablet.note(Audience::Private, "à demander"),
        tablet.note(Audience::Council, "voir page 3"),
    ];
    let response = tablet.sync(&scene, outbox).await.unwrap();
    assert_eq!(response.acks.len(), 2);
    assert!(response.acks.iter().all(|ack| matches!(ack.outcome, Outcome::Accepted { .. })));
    second_tablet.pull(&scene).await;
    assert_eq!(second_tablet.notes(), ["à demander", "voir page 3"]);

    // Another official gets the shared note and nothing else; the clerk likewise.
    let mut other = scene.member(&mut clerk, 12, Role::Official).await;
    other.pull(&scene).await;
    assert_eq!(other.notes(), ["voir page 3"]);
    clerk.pull(&scene).await;
    assert_eq!(clerk.notes(), ["voir page 3"]);
}
