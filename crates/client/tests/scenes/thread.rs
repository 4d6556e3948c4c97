//! The thread of Pupitre through the client: clerk, official, second tablet, and nobody else.

use crate::council::{Council, Tablet, highlight, note};
use ink::MarkKind;
use ipc::{Command, ErrorCode, Placement, Reply};
use testkit::Authority;

#[tokio::test(flavor = "multi_thread")]
async fn notes_made_offline_reach_the_officials_second_tablet_and_nobody_elses() {
    let council = Council::open().await;
    let clerk = council.clerk().await;
    let published = clerk.publish(&council.sitting()).await;
    assert_eq!((published.items, published.documents), (3, 3));

    let (ines, tablet) = council.official(&clerk, "Inès").await;
    let synced = tablet.sync().await;
    assert_eq!((synced.documents_fetched, synced.pending), (3, 0));

    council.stop().await;
    let paper = tablet.document("Garantie").await;
    let quote = "le montant garanti est porté à 2 240 000 euros";
    let command = highlight(paper, 1, "LE MONTANT garanti est porté à\n2 240 000", "À vérifier");
    let Reply::Marked(marked) = tablet.ask(command).await else { panic!("marked") };
    assert!(marked.mine && marked.can_undo && marked.placement == Placement::Exact);
    assert_eq!(marked.author, "Inès Baudry");
    let MarkKind::Markup(markup) = &marked.mark.kind else { panic!("markup") };
    assert!(quote.starts_with(&markup.quote.exact), "{:?}", markup.quote);
    assert!(markup.rects[0].width() > 100.0, "{:?}", markup.rects);
    tablet.mark(note(paper, 2, "Je prends la parole")).await;
    assert_eq!(tablet.pending().await, 2);
    assert_eq!(tablet.refused(Command::Sync).await.code, ErrorCode::Offline);

    // Closed and opened again without a network: everything is there.
    let tablet = tablet.reopen().await;
    assert_eq!(tablet.note_texts().await, ["À vérifier", "Je prends la parole"]);
    assert_eq!(tablet.pending().await, 1, "sealed into one operation");

    council.start().await;
    let synced = tablet.sync().await;
    assert_eq!((synced.pushed, synced.pending), (1, 0), "two changes in one operation");

    let second = council.tablet(&clerk, ines, "Inès 2").await;
    second.sync().await;
    assert_eq!(second.note_texts().await, ["À vérifier", "Je prends la parole"]);
    assert_eq!(second.marks(paper).await, without_undo(tablet.marks(paper).await));

    let (_, karim) = council.official(&clerk, "Karim").await;
    karim.sync().await;
    clerk.sync().await;
    assert_eq!(karim.note_texts().await, Vec::<String>::new());
    assert_eq!(clerk.note_texts().await, Vec::<String>::new());
}

fn without_undo(mut marks: Vec<ipc::MarkView>) -> Vec<ipc::MarkView> {
    marks.iter_mut().for_each(|mark| mark.can_undo = false);
    marks
}

#[tokio::test(flavor = "multi_thread")]
async fn what_two_tablets_of_one_official_do_offline_meets_without_loss() {
    let council = Council::open().await;
    let clerk = council.clerk().await;
    clerk.publish(&council.sitting()).await;
    let (ines, first) = council.official(&clerk, "Inès").await;
    let second = council.tablet(&clerk, ines, "Inès 2").await;
    first.sync().await;
    second.sync().await;
    let paper = first.document("Budget").await;
    // Both have the paper open while the other writes.
    first.ask(Command::Document { document: paper }).await;
    let shared = first.mark(note(paper, 1, "commun")).await.mark.id;
    first.sync().await;
    second.sync().await;

    let change = |text: &str| Command::ChangeMark {
        document: paper,
        annotation: shared,
        text: Some(text.to_owned()),
        colour: None,
    };
    first.ask(change("changé dans le train")).await;
    first.mark(note(paper, 1, "dans le train")).await;
    second.mark(note(paper, 1, "au bureau")).await;
    second.ask(Command::Erase { document: None, annotations: vec![shared] }).await;
    for tablet in [&first, &second, &first] {
        tablet.sync().await;
    }
    let mut here = first.note_texts().await;
    here.sort();
    assert_eq!(here, ["au bureau", "dans le train"], "erased wins over changed");
    assert_eq!(first.notes().await, second.notes().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tablet_without_a_council_says_so_and_one_that_has_joined_does_not_join_again() {
    let council = Council::open().await;
    let stray = Tablet::open(&council.path("stray"));
    for command in [Command::Sync, Command::Publish { path: council.sitting(), password: None }] {
        assert_eq!(stray.refused(command).await.code, ErrorCode::NotEnrolled);
    }
    let Reply::Home(home) = stray.ask(Command::Home).await else { panic!("home") };
    assert!(home.next.is_none() && home.notes.is_empty());
    let join = |code: &str| council.join(code, None);
    let wrong = stray.refused(join("AAAA-BBBB-CCCC")).await;
    assert_eq!(wrong.code, ErrorCode::InvitationRefused);
    stray.ask(join(&council.clerk_code)).await;
    let again = stray.refused(join(&council.clerk_code)).await;
    assert_eq!(again.code, ErrorCode::AlreadyEnrolled);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_official_cannot_do_the_clerks_work() {
    let council = Council::open().await;
    let clerk = council.clerk().await;
    let (member, tablet) = council.official(&clerk, "Inès").await;
    for command in
        [Command::Publish { path: council.sitting(), password: None }, Command::Invite { member }]
    {
        assert_eq!(tablet.refused(command).await.code, ErrorCode::Forbidden);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_no_known_authority_vouches_for_gets_nothing() {
    let council = Council::open_encrypted(&Authority::new()).await;
    let stray = Tablet::open(&council.path("stray"));
    let another = Authority::new().pem();
    for authority in [None, Some(another)] {
        let refused = stray.refused(council.join(&council.clerk_code, authority)).await;
        assert_eq!(refused.code, ErrorCode::Untrusted);
    }
    let damaged = stray.refused(council.join(&council.clerk_code, Some("PEM".to_owned()))).await;
    assert_eq!(damaged.code, ErrorCode::FileUnreadable);
    // The invitation was not given away: it still serves.
    stray.enrol(&council, &council.clerk_code).await;
    let stray = stray.reopen().await;
    stray.sync().await;
}
