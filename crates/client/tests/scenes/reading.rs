//! Papers arrive, resume, open, are searched and exported; offline is the normal state.

use domain::Sha256;
use ipc::{
    Audience, Availability, Command, ErrorCode, ExportMode, PageArea, PageImage, Reply, SearchIn,
    Secret,
};

use crate::council::{Council, Tablet, highlight, note};
use crate::papers;

fn image(paper: &ipc::DocumentView, page: u32) -> PageImage {
    let (document, version) = (paper.document, paper.version);
    PageImage {
        document,
        version,
        page,
        width: 300,
        area: PageArea::Whole,
        generation: 0,
        look: ipc::Look::Paper,
        ahead: false,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_download_that_broke_off_goes_on_where_it_stopped() {
    let council = Council::open().await;
    let clerk = council.clerk().await;
    let folder = council.path("heavy");
    std::fs::create_dir_all(&folder).unwrap();
    let bytes = papers::heavy("Plan", 3_000_000);
    std::fs::write(folder.join("01-plan.pdf"), &bytes).unwrap();
    clerk.publish(&folder).await;
    let (_, tablet) = council.official(&clerk, "Inès").await;

    // What a killed app leaves: the first two megabytes.
    let digest = ring::digest::digest(&ring::digest::SHA256, &bytes);
    let pdf = Sha256::from_bytes(digest.as_ref().try_into().unwrap());
    let profile = tablet.profile.clone();
    tablet.client.shutdown().await;
    let files = store::FilePapers::open(&profile).unwrap();
    pupitre_client::ports::PaperFiles::append(&files, &pdf, &bytes[..2_000_000]).unwrap();
    drop(files);
    let tablet = Tablet::open(&profile);

    let synced = tablet.sync().await;
    assert_eq!(synced.documents_fetched, 1);
    assert!((1_000_000..1_100_000).contains(&synced.bytes_down), "{synced:?}");
    let paper = tablet.documents().await.remove(0);
    assert_eq!(paper.availability, Availability::Here);
    let shown = tablet.client.page_image(image(&paper, 1)).await.unwrap();
    assert!(!shown.bytes.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_paper_whose_file_is_damaged_is_not_shown_and_is_fetched_again() {
    let council = Council::open().await;
    let clerk = council.clerk().await;
    let folder = council.path("heavy");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("01-plan.pdf"), papers::heavy("Plan", 1_000_000)).unwrap();
    clerk.publish(&folder).await;
    let (_, tablet) = council.official(&clerk, "Inès").await;
    tablet.sync().await;
    let paper = tablet.documents().await.remove(0);
    let files = store::FilePapers::open(&tablet.profile).unwrap();
    let pdf = {
        let bytes = std::fs::read(folder.join("01-plan.pdf")).unwrap();
        let digest = ring::digest::digest(&ring::digest::SHA256, &bytes);
        Sha256::from_bytes(digest.as_ref().try_into().unwrap())
    };
    let sealed = pupitre_client::ports::PaperFiles::path(&files, &pdf).unwrap();
    let whole = std::fs::read(&sealed).unwrap();
    let turned = || {
        let mut bytes = whole.clone();
        for place in (1_000..bytes.len()).step_by(10_000) {
            bytes[place] ^= 1;
        }
        bytes
    };
    let swapped = || {
        let mut bytes = whole.clone();
        let stride = pupitre_client::sealed::RECORD + pupitre_client::sealed::MORE;
        let (first, second) = bytes.split_at_mut(stride);
        first.swap_with_slice(&mut second[..stride]);
        bytes
    };
    for damaged in [turned(), swapped(), whole[..whole.len() / 2].to_vec()] {
        let sealed = pupitre_client::ports::PaperFiles::path(&files, &pdf).unwrap();
        std::fs::write(&sealed, damaged).unwrap();
        let refused = tablet.client.page_image(image(&paper, 1)).await.unwrap_err();
        assert_eq!(refused.code, ErrorCode::PaperBroken);
        // Before it is told, it is out of the way; the next exchange brings it back.
        let mut tries = 0;
        while tablet.sync().await.documents_fetched == 0 {
            tries += 1;
            assert!(tries < 50, "it is never fetched again");
        }
        assert!(tablet.client.page_image(image(&paper, 1)).await.is_ok());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn half_a_paper_that_is_false_is_thrown_away_and_fetched_anew() {
    let council = Council::open().await;
    let clerk = council.clerk().await;
    clerk.publish(&council.sitting()).await;
    let (_, tablet) = council.official(&clerk, "Inès").await;
    let bytes = std::fs::read(council.sitting().join("01.pdf")).unwrap();
    let digest = ring::digest::digest(&ring::digest::SHA256, &bytes);
    let pdf = Sha256::from_bytes(digest.as_ref().try_into().unwrap());
    let profile = tablet.profile.clone();
    tablet.client.shutdown().await;
    let files = store::FilePapers::open(&profile).unwrap();
    pupitre_client::ports::PaperFiles::append(&files, &pdf, &[7; 70_000]).unwrap();
    drop(files);
    let tablet = Tablet::open(&profile);
    let first = tablet.sync().await.documents_fetched;
    let second = tablet.sync().await.documents_fetched;
    assert_eq!((first, second), (2, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tablet_without_network_opens_reads_and_remembers_its_place() {
    let council = Council::open().await;
    let clerk = council.clerk().await;
    clerk.publish(&council.sitting()).await;
    let (_, tablet) = council.official(&clerk, "Inès").await;
    tablet.sync().await;
    council.stop().await;
    let tablet = tablet.reopen().await;

    let Reply::Home(home) = tablet.ask(Command::Home).await else { panic!("home") };
    let next = home.next.unwrap();
    assert_eq!((next.documents, next.available, next.unread, next.pages), (3, 3, 3, 6));
    assert!(next.upcoming && home.others.is_empty());
    assert_eq!((next.starts.weekday, next.starts.hour, next.starts.minute), (7, 18, 30));

    let document = tablet.document("Convention").await;
    let Reply::Document(paper) = tablet.ask(Command::Document { document }).await else {
        panic!("a paper")
    };
    assert_eq!((paper.sizes.len(), paper.last_page, paper.read), (2, 1, false));
    assert!((paper.sizes[0].width - 595.0).abs() < 0.5);
    assert_eq!(paper.measured, None);
    tablet.ask(Command::RememberPage { document, page: 2 }).await;
    assert!(tablet.client.page_image(image(&paper, 2)).await.is_ok());
    let missing = tablet.client.page_image(image(&paper, 3)).await.unwrap_err();
    assert_eq!((missing.code, missing.subject.as_str()), (ErrorCode::NoSuchPage, "3"));

    let tablet = tablet.reopen().await;
    let command = Command::Sitting { sitting: next.sitting };
    let Reply::Sitting(view) = tablet.ask(command).await else { panic!("a sitting") };
    let paper = &view.items[2].documents[0];
    assert_eq!((paper.last_page, paper.read, view.resume), (2, true, Some(3)));
    assert_eq!(view.card.unread, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_paper_opens_at_a_glance_and_what_reading_it_told_is_kept() {
    let council = Council::open().await;
    let clerk = council.clerk().await;
    let folder = council.path("long");
    std::fs::create_dir_all(&folder).unwrap();
    let lines: Vec<String> = (1..=60).map(|page| format!("Page {page} du budget")).collect();
    std::fs::write(folder.join("01-budget.pdf"), papers::text(&lines)).unwrap();
    clerk.publish(&folder).await;
    // What publishing found is in memory alone, and nothing is indexed before an exchange.
    let clerk = clerk.reopen().await;
    let document = clerk.documents().await.remove(0).document;
    clerk.ask(Command::RememberPage { document, page: 40 }).await;

    let open = Command::Document { document };
    let Reply::Document(glanced) = clerk.ask(open.clone()).await else { panic!("a paper") };
    let (first, last) = glanced.measured.expect("only some pages were looked at");
    assert!((first..=last).contains(&40) && last - first < 12);
    let Reply::Document(whole) = clerk.ask(Command::Measure { document }).await else {
        panic!("a paper")
    };
    assert_eq!((whole.measured, &whole.sizes), (None, &glanced.sizes));

    // Both ways of reading it through leave it known for good: this one, and indexing it.
    let clerk = clerk.reopen().await;
    let Reply::Document(known) = clerk.ask(open.clone()).await else { panic!("a paper") };
    assert_eq!((known.measured, known.sizes.len()), (None, 60));
    let (_, tablet) = council.official(&clerk, "Inès").await;
    tablet.sync().await;
    let tablet = tablet.reopen().await;
    let Reply::Document(known) = tablet.ask(open).await else { panic!("a paper") };
    assert_eq!((known.measured, known.sizes.len()), (None, 60));
}

#[tokio::test(flavor = "multi_thread")]
async fn papers_and_notes_are_found_without_accents_and_with_their_places() {
    let council = Council::open().await;
    let clerk = council.clerk().await;
    clerk.publish(&council.sitting()).await;
    let (_, tablet) = council.official(&clerk, "Inès").await;
    tablet.sync().await;
    let document = tablet.document("Garantie").await;
    tablet.mark(note(document, 2, "Échéancier à demander")).await;
    let search =
        |text: &str, within| Command::Search { text: text.to_owned(), within, places: true };

    let Reply::Found(found) = tablet.ask(search("montant PORTE", SearchIn::Documents)).await else {
        panic!("hits")
    };
    assert_eq!(found.hits.len(), 3);
    for hit in &found.hits {
        assert_eq!((hit.page, hit.rects.len()), (1, 2), "{hit:?}");
        assert!(hit.snippet.contains('\u{2068}'));
    }
    let Reply::Found(found) = tablet.ask(search("echeanc", SearchIn::All)).await else {
        panic!("hits")
    };
    assert_eq!(found.hits.len(), 1);
    assert!(found.hits[0].annotation.is_some() && found.hits[0].document == document);
    let Reply::Found(none) = tablet.ask(search("...", SearchIn::All)).await else { panic!() };
    assert!(none.hits.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_paper_leaves_with_its_notes_as_a_pdf() {
    let council = Council::open().await;
    let clerk = council.clerk().await;
    clerk.publish(&council.sitting()).await;
    let document = clerk.document("Budget").await;
    clerk.ask(highlight(document, 1, "montant garanti", "à vérifier")).await;
    let out = council.path("sortie.pdf");
    let export = |out| Command::Export { document, mode: ExportMode::Editable, out: Some(out) };
    assert_eq!(clerk.ask(export(out.clone())).await, Reply::Written { file: out.clone() });
    let pdf = lopdf::Document::load(&out).unwrap();
    let page = pdf.get_pages()[&1];
    assert!(!pdf.get_page_annotations(page).unwrap().is_empty());
    let nowhere = council.path("absent/sortie.pdf");
    assert_eq!(clerk.refused(export(nowhere)).await.code, ErrorCode::FileUnwritable);
}

#[tokio::test(flavor = "multi_thread")]
async fn notes_leave_in_a_file_and_are_taken_in_elsewhere_with_their_answers() {
    let council = Council::open().await;
    let clerk = council.clerk().await;
    clerk.publish(&council.sitting()).await;
    let (_, writer) = council.official(&clerk, "Karim").await;
    let (_, tablet) = council.official(&clerk, "Inès").await;
    writer.sync().await;
    tablet.sync().await;
    let document = writer.document("Budget").await;
    let question = writer.mark(note(document, 1, "Pourquoi ?")).await.mark.id;
    let (reply, text) = (Some(document), "Parce que.".to_owned());
    writer.ask(Command::Reply { document: reply, annotation: question, text, id: None }).await;
    assert!(tablet.marks(document).await.is_empty(), "they are private");
    for (mode, name) in [(ExportMode::Xfdf, "notes.xfdf"), (ExportMode::Editable, "copie.pdf")] {
        let file = council.path(name);
        let out = Some(file.clone());
        writer.ask(Command::Export { document, mode, out }).await;
        let audience = Audience::Private;
        let taken = tablet.ask(Command::Import { document, file, audience }).await;
        let Reply::Imported { made, known, left_out } = taken else { panic!("taken in") };
        assert_eq!((made.len() + known as usize, left_out), (2, 0), "{name}");
        let marks = tablet.marks(document).await;
        assert_eq!(marks.len(), 2, "twice is once");
        let asked = marks.iter().find(|view| view.mark.in_reply_to.is_none()).unwrap();
        let answer = marks.iter().find(|view| view.mark.in_reply_to.is_some()).unwrap();
        assert_eq!(answer.mark.in_reply_to, Some(asked.mark.id));
        assert_eq!(asked.mark.text, "Karim Baudry : Pourquoi ?");
    }
    tablet.ask(Command::Undo { document }).await;
    assert!(tablet.marks(document).await.is_empty(), "one step of undo");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_encrypted_paper_asks_once_and_is_read_and_found_from_then_on() {
    let council = Council::open().await;
    let clerk = council.clerk().await;
    let folder = council.path("huis-clos");
    std::fs::create_dir_all(&folder).unwrap();
    let pages = ["Protection fonctionnelle", "Avis du maire"].map(str::to_owned);
    std::fs::write(folder.join("01-protection.pdf"), papers::locked(&pages, "Valbrune 26"))
        .unwrap();
    let publish = |password: Option<&str>| Command::Publish {
        path: folder.clone(),
        password: password.map(Secret::new),
    };
    assert_eq!(clerk.refused(publish(None)).await.code, ErrorCode::PublishPassword);
    assert_eq!(clerk.refused(publish(Some("faux"))).await.code, ErrorCode::WrongPassword);
    clerk.ask(publish(Some("Valbrune 26"))).await;
    let document = clerk.documents().await.remove(0).document;
    // The clerk has said it already.
    clerk.ask(Command::Document { document }).await;

    let (_, tablet) = council.official(&clerk, "Inès").await;
    tablet.sync().await;
    let asks = tablet.refused(Command::Document { document }).await;
    assert_eq!(asks.code, ErrorCode::PdfPassword);
    let unlock = |word: &str| Command::Unlock { document, password: Secret::new(word) };
    assert_eq!(tablet.refused(unlock("valbrune 26")).await.code, ErrorCode::WrongPassword);
    assert_eq!(tablet.refused(Command::Document { document }).await.code, ErrorCode::PdfPassword);
    let Reply::Document(paper) = tablet.ask(unlock("Valbrune 26")).await else { panic!("a paper") };
    assert_eq!(paper.sizes.len(), 2);

    council.stop().await;
    let tablet = tablet.reopen().await;
    let Reply::Document(paper) = tablet.ask(Command::Document { document }).await else {
        panic!("a paper")
    };
    assert!(tablet.client.page_image(image(&paper, 2)).await.is_ok());
    let find = Command::FindPages { document, text: "avis du mair".to_owned() };
    let Reply::FoundPages(found) = tablet.ask(find).await else { panic!("pages") };
    assert_eq!((found.pages, found.bare), (vec![2], 0));
    let text = "protection".to_owned();
    let search = Command::Search { text, within: SearchIn::Documents, places: true };
    let Reply::Found(found) = tablet.ask(search).await else { panic!("hits") };
    assert_eq!((found.hits.len(), found.hits[0].rects.len()), (1, 1));
}
