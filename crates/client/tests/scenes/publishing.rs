//! The clerk's way in: whole or not at all, and again to update.

use ipc::{Command, ErrorCode, Placement, Reply};

use crate::council::{Council, note};
use crate::papers;

#[tokio::test(flavor = "multi_thread")]
async fn a_paper_that_cannot_be_read_is_named_and_nothing_is_published() {
    let council = Council::open().await;
    let clerk = council.clerk().await;
    for (file, bytes, code) in [
        ("02-abime.pdf", papers::damaged(), ErrorCode::PdfDamaged),
        ("03-vide.pdf", Vec::new(), ErrorCode::PdfEmpty),
    ] {
        let folder = council.path(file).with_extension("");
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("01-bon.pdf"), papers::text(&["Bon"])).unwrap();
        std::fs::write(folder.join(file), bytes).unwrap();
        let problem = clerk.refused(Command::Publish { path: folder, password: None }).await;
        assert_eq!((problem.code, problem.subject.as_str()), (code, file));
    }
    let Reply::Sittings(cards) = clerk.ask(Command::Sittings).await else { panic!("cards") };
    assert_eq!(cards, []);
    assert_eq!(clerk.pending().await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn publishing_again_keeps_identifiers_and_adds_a_version_of_what_changed() {
    let council = Council::open().await;
    let clerk = council.clerk().await;
    let folder = council.sitting();
    let first = clerk.publish(&folder).await;
    let before = clerk.documents().await;
    let (_, tablet) = council.official(&clerk, "Inès").await;
    tablet.sync().await;
    let paper = before[1].document;
    tablet.mark(note(paper, 1, "sur la première version")).await;

    assert_eq!(clerk.publish(&folder).await, first);
    assert_eq!(clerk.documents().await, before);
    assert_eq!(tablet.sync().await.pulled, 0, "nothing changed, nothing was sent");

    std::fs::write(folder.join("02.pdf"), papers::text(&["Garantie, revue", "2", "3"])).unwrap();
    assert_eq!(clerk.publish(&folder).await.sitting, first.sitting);
    assert_eq!(tablet.sync().await.documents_fetched, 1);
    let after = tablet.documents().await;
    let summary: Vec<_> = after.iter().map(|p| (p.document, p.version, p.pages)).collect();
    let expected: Vec<_> = [(0, 1, 2), (1, 2, 3), (2, 1, 2)]
        .map(|(index, version, pages): (usize, _, _)| (before[index].document, version, pages))
        .to_vec();
    assert_eq!(summary, expected);

    // Nothing of what the note stood on is left: it is kept, with where it was made.
    let notes = tablet.notes().await;
    let stands = (notes[0].view.placement, notes[0].view.is_placed());
    assert_eq!((notes.len(), notes[0].document, stands), (1, paper, (Placement::Orphan, false)));
    assert_eq!(notes[0].view.origin.map(|origin| origin.version), Some(1));
    assert_eq!(tablet.marks(paper).await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_corrected_date_updates_the_sitting_and_the_next_one_is_another() {
    let council = Council::open().await;
    let clerk = council.clerk().await;
    let folder = council.sitting();
    let description = folder.join("sitting.toml");
    let first = clerk.publish(&folder).await;
    let text = std::fs::read_to_string(&description).unwrap();

    let corrected = text.replace("18:30", "19:00").replace("Salle du conseil", "Halle");
    std::fs::write(&description, corrected).unwrap();
    assert_eq!(clerk.publish(&description).await, first);
    let Reply::Sittings(cards) = clerk.ask(Command::Sittings).await else { panic!("cards") };
    assert_eq!((cards.len(), cards[0].starts.hour, cards[0].place.as_str()), (1, 19, "Halle"));

    // The same folder, next month: other papers under the same names.
    std::fs::write(&description, text.replace("2036-09-28", "2036-10-26")).unwrap();
    for file in ["01.pdf", "02.pdf", "03.pdf"] {
        std::fs::write(folder.join(file), papers::text(&[format!("Octobre {file}")])).unwrap();
    }
    assert_ne!(clerk.publish(&folder).await.sitting, first.sitting);
    let Reply::Sittings(cards) = clerk.ask(Command::Sittings).await else { panic!("cards") };
    assert_eq!(cards.iter().map(|card| card.starts.month).collect::<Vec<_>>(), [9, 10]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_becomes_an_agenda_by_its_file_names() {
    let council = Council::open().await;
    let clerk = council.clerk().await;
    let folder = council.path("conseil du 2036-11-23");
    std::fs::create_dir_all(&folder).unwrap();
    for name in [
        "convocation.pdf",
        "1_Approbation du procès-verbal.pdf",
        "1_annexe-1.pdf",
        "10_Questions diverses.pdf",
        "2_Budget.pdf",
    ] {
        std::fs::write(folder.join(name), papers::text(&[name])).unwrap();
    }
    let published = clerk.publish(&folder).await;
    assert_eq!((published.items, published.documents), (3, 5));
    let command = Command::Sitting { sitting: published.sitting };
    let Reply::Sitting(view) = clerk.ask(command).await else { panic!("a sitting") };
    assert_eq!(view.card.title, "Conseil du 2036-11-23");
    assert_eq!((view.card.starts.day, view.card.starts.hour), (23, 18));
    assert_eq!(view.convocation.as_ref().map(|paper| paper.title.as_str()), Some("Convocation"));
    let titles: Vec<_> = view.items.iter().map(|item| item.title.as_str()).collect();
    assert_eq!(titles, ["Approbation du procès-verbal", "Budget", "Questions diverses"]);
    assert_eq!(view.items[0].documents[1].title, "Annexe 1");
    let pages: Vec<_> = view.items.iter().flat_map(|i| &i.documents).collect();
    assert_eq!(pages.iter().map(|p| p.first_packet_page).collect::<Vec<_>>(), [2, 3, 4, 5]);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_network_nothing_is_published_and_it_is_said() {
    let council = Council::open().await;
    let clerk = council.clerk().await;
    council.stop().await;
    let problem = clerk.refused(Command::Publish { path: council.sitting(), password: None }).await;
    assert_eq!(problem.code, ErrorCode::Offline);
    council.start().await;
    assert_eq!(clerk.sync().await.pushed, 0);
}
