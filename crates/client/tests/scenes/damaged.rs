//! A tablet whose disk has spoiled its store: the store is set aside, what was not sent is sent, and
//! everything else comes again.

use ipc::{Command, Mended, Reply, Status};

use crate::council::{Council, Tablet, note};

const PAGE: usize = 4_096;

async fn status(tablet: &Tablet) -> Status {
    let Reply::Status(status) = tablet.ask(Command::Status).await else { panic!("a status") };
    *status
}

async fn texts(tablet: &Tablet) -> Vec<String> {
    let mut texts = tablet.note_texts().await;
    texts.sort();
    texts
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

/// Has the tablet's database damaged while the app is closed, in doubt as the app leaves it when an answer was
/// damage.
async fn damaged(tablet: Tablet, damage: impl FnOnce(&mut Vec<u8>)) -> Tablet {
    tablet.client.shutdown().await;
    let path = tablet.profile.join("pupitre.db");
    let mut bytes = std::fs::read(&path).unwrap();
    damage(&mut bytes);
    std::fs::write(&path, &bytes).unwrap();
    std::fs::write(tablet.profile.join("doubtful"), b"").unwrap();
    let again = Tablet::open(&tablet.profile);
    let aside: Vec<_> = std::fs::read_dir(tablet.profile.join("aside")).unwrap().collect();
    let newest = tablet.profile.join(format!("aside/{}/pupitre.db", aside.len()));
    assert_eq!(std::fs::read(newest).unwrap(), bytes, "it stands aside as it was");
    again
}

/// What happens to the bytes of a store.
type Damage = fn(&mut Vec<u8>);

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_store_gives_up_what_was_not_sent_and_the_rest_comes_again() {
    let council = Council::open().await;
    let clerk = council.clerk().await;
    clerk.publish(&council.sitting()).await;
    let (ines, mut tablet) = council.official(&clerk, "Inès").await;
    tablet.sync().await;
    let budget = tablet.document("Budget").await;
    tablet.mark(note(budget, 1, "envoyée")).await;
    rest(&tablet).await;
    let mut expected = vec!["envoyée".to_owned()];
    // The salt; the first page; the second, on which the settings stand.
    let damages: [(&str, Damage); 3] = [
        ("le sel", |bytes| bytes[..16].fill(9)),
        ("la première page", |bytes| bytes[..PAGE].fill(0)),
        ("les réglages", |bytes| bytes[PAGE..2 * PAGE].fill(0xa5)),
    ];
    for (what, damage) in damages {
        let text = format!("pas envoyée avant {what}");
        tablet.mark(note(budget, 2, &text)).await;
        expected.push(text);
        expected.sort();
        tablet = damaged(tablet, damage).await;
        let told = status(&tablet).await;
        assert_eq!(told.mended, Some(Mended { unsent: 1, enrolled: true }), "{what}");
        assert_eq!(texts(&tablet).await, expected, "{what}: with no network");
        assert_eq!(tablet.document("Budget").await, budget, "{what}: with no network");
        rest(&tablet).await;
        assert_eq!(texts(&tablet).await, expected, "{what}");
        assert_eq!(tablet.sync().await.pushed, 0, "{what}: nothing is sent twice");
    }
    // Whatever stood on the last page: what was sent comes again.
    let again = damaged(tablet, |bytes| {
        let last = bytes.len() - PAGE;
        bytes[last..].fill(0xa5);
    })
    .await;
    rest(&again).await;
    assert_eq!(texts(&again).await, expected);
    let again = again.reopen().await;
    assert_eq!(status(&again).await.mended, None, "it is told once");
    // The server has each of them once.
    let other = council.tablet(&clerk, ines, "Inès 2").await;
    other.sync().await;
    assert_eq!(texts(&other).await, expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tablet_of_whose_store_nothing_is_left_goes_on_as_the_device_that_it_was() {
    let council = Council::open().await;
    let clerk = council.clerk().await;
    clerk.publish(&council.sitting()).await;
    let (ines, tablet) = council.official(&clerk, "Inès").await;
    tablet.sync().await;
    let budget = tablet.document("Budget").await;
    tablet.mark(note(budget, 1, "envoyée")).await;
    rest(&tablet).await;
    let tablet = damaged(tablet, |bytes| bytes.fill(0x5a)).await;
    assert_eq!(status(&tablet).await.mended, Some(Mended { unsent: 0, enrolled: true }));
    rest(&tablet).await;
    assert_eq!(texts(&tablet).await, ["envoyée"]);
    // Its numbers go on after those that the server knows.
    tablet.mark(note(budget, 2, "depuis")).await;
    rest(&tablet).await;
    let other = council.tablet(&clerk, ines, "Inès 2").await;
    other.sync().await;
    assert_eq!(texts(&other).await, ["depuis", "envoyée"]);
}
