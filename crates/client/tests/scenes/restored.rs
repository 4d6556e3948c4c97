//! A server put back to an older state: what the tablets hold comes back to it.

use std::collections::BTreeSet;

use sync_server::commands::backup::{backup, restore};

use crate::council::{Council, Tablet, note};

async fn texts(tablet: &Tablet) -> BTreeSet<String> {
    tablet.note_texts().await.into_iter().collect()
}

/// Exchanges until nothing waits any more.
async fn rest(tablet: &Tablet) {
    for _ in 0..6 {
        if tablet.sync().await.pending == 0 {
            return;
        }
    }
    panic!("the outbox does not empty");
}

#[tokio::test(flavor = "multi_thread")]
async fn notes_that_a_restored_server_has_lost_come_back_from_the_tablets() {
    let council = Council::open().await;
    let clerk = council.clerk().await;
    clerk.publish(&council.sitting()).await;
    let (ines, sofa) = council.official(&clerk, "Inès").await;
    let desk = council.tablet(&clerk, ines, "Inès 2").await;
    let (_, other) = council.official(&clerk, "Marc").await;
    for tablet in [&sofa, &desk, &other] {
        tablet.sync().await;
    }
    let budget = sofa.document("Budget").await;
    sofa.mark(note(budget, 1, "avant la sauvegarde")).await;
    rest(&sofa).await;
    let (data, copy) = (council.path("server"), council.path("copie.tar"));
    backup(&data, &copy).unwrap();

    // Acknowledged after the copy was taken, on both of her tablets, one of which knows both.
    for text in ["après", "encore après"] {
        sofa.mark(note(budget, 1, text)).await;
        rest(&sofa).await;
    }
    desk.sync().await;
    desk.mark(note(budget, 2, "sur le bureau")).await;
    rest(&desk).await;
    assert_eq!(texts(&desk).await.len(), 4);

    council.stop().await;
    std::fs::remove_dir_all(&data).unwrap();
    restore(&data, &copy, 0).unwrap();
    council.start().await;

    // The numbers of what was lost are given to somebody else's notes first.
    for text in ["un", "deux", "trois", "quatre"] {
        other.mark(note(budget, 1, text)).await;
        rest(&other).await;
    }
    // And her tablets write on before they have noticed anything.
    sofa.mark(note(budget, 2, "depuis")).await;
    for tablet in [&sofa, &desk, &sofa, &desk] {
        rest(tablet).await;
    }
    let whole: BTreeSet<String> =
        ["avant la sauvegarde", "après", "encore après", "sur le bureau", "depuis"]
            .map(str::to_owned)
            .into();
    assert_eq!(texts(&sofa).await, whole);
    assert_eq!(texts(&desk).await, whole);
    // A third tablet, which was not there, gets all of it from the server alone.
    let late = council.tablet(&clerk, ines, "Inès 3").await;
    late.sync().await;
    assert_eq!(texts(&late).await, whole);
    assert_eq!(texts(&other).await.len(), 4, "and nobody else does");
    // Once it is back, nothing is sent again.
    for tablet in [&sofa, &desk] {
        assert_eq!(tablet.sync().await.pushed, 0);
    }
    assert_eq!(sync_server::commands::doctor::doctor(&data, i64::MAX).unwrap().problems.len(), 0);
}
