//! A server put back to an older state, or lost altogether: what the tablets hold comes back to it. A
//! tablet put back: what the server holds comes back to that.

use std::collections::BTreeSet;
use std::path::Path;

use ipc::{Command, Reply, SealingCommand};
use store::SqliteStore;
use sync_server::commands::backup::{backup, restore};
use sync_server::commands::init::{init_again, readmit};

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

/// What officials are shown of the council's only sitting: its title, and its papers that are here.
async fn shown(tablet: &Tablet) -> Vec<(String, usize)> {
    let Reply::Sittings(cards) = tablet.ask(Command::Sittings).await else { panic!("cards") };
    cards.into_iter().map(|card| (card.title, card.available as usize)).collect()
}

/// Copies a profile as it lies on the disk.
fn copy_profile(from: &Path, to: &Path) {
    std::fs::remove_dir_all(to).ok();
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy_profile(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn sittings_and_papers_that_a_restored_server_has_lost_come_back_from_the_clerk() {
    let council = Council::open().await;
    let clerk = council.clerk().await;
    let (_, official) = council.official(&clerk, "Inès").await;
    official.sync().await;
    let (data, copy) = (council.path("server"), council.path("copie.tar"));
    backup(&data, &copy).unwrap();
    clerk.publish(&council.sitting()).await;
    // Published again with another title: a second version that the copy does not have either.
    let description = council.path("sitting").join("sitting.toml");
    let text = std::fs::read_to_string(&description).unwrap();
    std::fs::write(&description, text.replace("Conseil municipal", "Conseil du soir")).unwrap();
    clerk.publish(&council.path("sitting")).await;
    official.sync().await;

    council.stop().await;
    std::fs::remove_dir_all(&data).unwrap();
    restore(&data, &copy, 0).unwrap();
    council.start().await;

    rest(&official).await;
    assert_eq!(shown(&official).await, [("Conseil du soir".to_owned(), 3)], "nobody forgets");
    rest(&clerk).await;
    // Someone who comes only now gets everything, papers too.
    let (_, late) = council.official(&clerk, "Marc").await;
    late.sync().await;
    assert_eq!(shown(&late).await, [("Conseil du soir".to_owned(), 3)]);
    // And the clerk goes on as ever.
    let text = std::fs::read_to_string(&description).unwrap();
    std::fs::write(&description, text.replace("Conseil du soir", "Conseil de la nuit")).unwrap();
    clerk.publish(&council.path("sitting")).await;
    for tablet in [&official, &late] {
        rest(tablet).await;
        assert_eq!(shown(tablet).await, [("Conseil de la nuit".to_owned(), 3)]);
    }
    assert_eq!(sync_server::commands::doctor::doctor(&data, i64::MAX).unwrap().problems.len(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_lost_with_every_backup_is_founded_again_from_what_tablets_hold() {
    let council = Council::open().await;
    let clerk = council.clerk().await;
    clerk.publish(&council.sitting()).await;
    let (ines, sofa) = council.official(&clerk, "Inès").await;
    let desk = council.tablet(&clerk, ines, "Inès 2").await;
    for tablet in [&sofa, &desk, &clerk] {
        tablet.sync().await;
    }
    let budget = sofa.document("Budget").await;
    sofa.mark(note(budget, 1, "envoyée")).await;
    rest(&sofa).await;
    desk.sync().await;

    // The disk is gone, with every copy; meanwhile somebody writes on.
    council.stop().await;
    let data = council.path("server");
    std::fs::remove_dir_all(&data).unwrap();
    sofa.mark(note(budget, 2, "pas encore envoyée")).await;
    let clerk = {
        clerk.client.shutdown().await;
        let store = SqliteStore::open(&clerk.profile).unwrap();
        let ark = pupitre_client::ark(&store).unwrap().unwrap();
        let ark = domain::Ark::from_json(&ark.to_json().unwrap()).unwrap();
        assert_eq!(ark.devices.len(), 3, "and not the server's own");
        init_again(&data, &ark, 1_795_000_000_000).await.unwrap();
        assert!(init_again(&data, &ark, 0).await.is_err(), "once");
        drop(store);
        Tablet::open(&clerk.profile)
    };
    council.start().await;

    // The clerk's tablet gives back the catalogue and the papers, the others their notes.
    for tablet in [&clerk, &sofa, &desk, &clerk] {
        rest(tablet).await;
    }
    let whole: BTreeSet<String> = ["envoyée", "pas encore envoyée"].map(str::to_owned).into();
    assert_eq!((texts(&sofa).await, texts(&desk).await), (whole.clone(), whole.clone()));
    let late = council.tablet(&clerk, ines, "Inès 3").await;
    late.sync().await;
    assert_eq!(texts(&late).await, whole);
    assert_eq!(shown(&late).await, [("Conseil municipal".to_owned(), 3)], "with every paper");
    for tablet in [&clerk, &sofa, &desk] {
        assert_eq!(tablet.sync().await.pushed, 0, "nothing is sent again and again");
    }
    assert_eq!(sync_server::commands::doctor::doctor(&data, i64::MAX).unwrap().problems, [""; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tablet_that_came_after_the_backup_is_let_in_again() {
    let council = Council::open().await;
    let clerk = council.clerk().await;
    clerk.publish(&council.sitting()).await;
    let (data, copy) = (council.path("server"), council.path("copie.tar"));
    backup(&data, &copy).unwrap();
    let (_, ines) = council.official(&clerk, "Inès").await;
    ines.sync().await;
    clerk.sync().await;
    let budget = ines.document("Budget").await;
    ines.mark(note(budget, 1, "après la copie")).await;
    rest(&ines).await;

    council.stop().await;
    std::fs::remove_dir_all(&data).unwrap();
    restore(&data, &copy, 0).unwrap();
    clerk.client.shutdown().await;
    let store = SqliteStore::open(&clerk.profile).unwrap();
    let ark = pupitre_client::ark(&store).unwrap().unwrap();
    drop(store);
    assert_eq!(readmit(&data, &ark, 1_795_000_000_000).unwrap(), 1);
    assert_eq!(readmit(&data, &ark, 1_795_000_000_000).unwrap(), 0, "once");
    council.start().await;

    let clerk = Tablet::open(&clerk.profile);
    rest(&clerk).await;
    ines.mark(note(budget, 1, "depuis")).await;
    rest(&ines).await;
    assert_eq!(texts(&ines).await.len(), 2);
    assert_eq!(ines.sync().await.pushed, 0);
    assert_eq!(sync_server::commands::doctor::doctor(&data, i64::MAX).unwrap().problems, [""; 0]);
}

/// A tablet put back to an earlier image writes before it has heard of anything; `seals` its member's notes.
async fn put_back(seals: bool) {
    let council = Council::open().await;
    let clerk = council.clerk().await;
    clerk.publish(&council.sitting()).await;
    let (ines, tablet) = council.official(&clerk, "Inès").await;
    if seals {
        tablet.ask(Command::Sealing(SealingCommand::Begin)).await;
    }
    tablet.sync().await;
    let budget = tablet.document("Budget").await;
    tablet.mark(note(budget, 1, "avant l’image")).await;
    rest(&tablet).await;
    tablet.client.shutdown().await;
    let image = council.path("image");
    copy_profile(&tablet.profile, &image);
    let tablet = Tablet::open(&tablet.profile);
    for text in ["un", "deux"] {
        tablet.mark(note(budget, 1, text)).await;
        rest(&tablet).await;
    }
    tablet.client.shutdown().await;
    copy_profile(&image, &tablet.profile);

    let tablet = Tablet::open(&tablet.profile);
    tablet.mark(note(budget, 2, "après l’image")).await;
    rest(&tablet).await;
    let whole: BTreeSet<String> =
        ["avant l’image", "un", "deux", "après l’image"].map(str::to_owned).into();
    assert_eq!(texts(&tablet).await, whole);
    assert_eq!(tablet.pending().await, 0);
    tablet.client.shutdown().await;
    let tablet = Tablet::open(&tablet.profile);
    rest(&tablet).await;
    assert_eq!(texts(&tablet).await, whole, "and it opens what it reads anew");
    if !seals {
        let other = council.tablet(&clerk, ines, "Inès 2").await;
        other.sync().await;
        assert_eq!(texts(&other).await, whole);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tablet_put_back_to_an_earlier_image_goes_on_and_nothing_is_lost() {
    put_back(false).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn so_does_one_whose_member_seals() {
    put_back(true).await;
}
