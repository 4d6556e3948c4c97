//! What happens by itself: edits leave, pokes bring them, papers come.

use std::time::Duration;

use ipc::{Command, Event, Reply};
use testkit::Authority;
use tokio::sync::broadcast::Receiver;

use crate::council::{Council, Tablet, note};

/// Waits for an event; a hang is ended by the deadline, which no good run meets.
async fn until(events: &mut Receiver<Event>, wanted: impl Fn(&Event) -> bool) {
    let waiting = async {
        loop {
            match events.recv().await {
                Ok(event) if wanted(&event) => return,
                Ok(_) => {}
                Err(error) => panic!("{error}"),
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(30), waiting).await.expect("the event");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_note_reaches_the_other_tablet_by_itself_and_so_do_new_papers() {
    // Through TLS: the poke socket is upgraded within it.
    let council = Council::open_encrypted(&Authority::new()).await;
    let clerk = council.clerk().await;
    let (ines, tablet) = council.official(&clerk, "Inès").await;
    let second = council.tablet(&clerk, ines, "Inès 2").await;
    let (profile, second_profile) = (tablet.profile.clone(), second.profile.clone());
    tablet.client.shutdown().await;
    second.client.shutdown().await;
    let tablet = Tablet::open_with(&profile, true);
    let second = Tablet::open_with(&second_profile, true);
    let (mut here, mut there) = (tablet.client.subscribe(), second.client.subscribe());

    clerk.publish(&council.sitting()).await;
    let whole = |event: &Event| matches!(event, Event::Arriving { available, documents, .. } if available == documents);
    until(&mut here, whole).await;
    until(&mut there, whole).await;

    let document = tablet.document("Budget").await;
    tablet.mark(note(document, 1, "vu d'ici")).await;
    until(&mut there, |event| matches!(event, Event::Marks { document: d } if *d == document))
        .await;
    assert_eq!(second.note_texts().await, ["vu d'ici"]);
    until(
        &mut here,
        |event| matches!(event, Event::Sync(sync) if sync.pending == 0 && sync.online),
    )
    .await;

    // Without a network the mark is made all the same; it leaves when the network is back.
    council.stop().await;
    second.mark(note(document, 2, "hors ligne")).await;
    council.start().await;
    second.client.hint(pupitre_client::Hint::NetworkReturned);
    until(&mut here, |event| matches!(event, Event::Marks { .. })).await;
    assert_eq!(tablet.note_texts().await, ["vu d'ici", "hors ligne"]);
    tablet.client.shutdown().await;
    second.client.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_is_dropped_lets_go_of_its_folder() {
    let council = Council::open().await;
    let tablet = Tablet::open(&council.path("tablet"));
    let profile = tablet.profile.clone();
    let Reply::Status(_) = tablet.ask(Command::Status).await else { panic!("a status") };
    drop(tablet);
    let opened = async {
        while store::SqliteStore::open(&profile).is_err() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), opened).await.expect("the folder is free");
}
