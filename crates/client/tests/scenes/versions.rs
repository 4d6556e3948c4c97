//! A new version of a paper.

use domain::DocumentId;
use ink::{MarkKind, Point};
use ipc::{
    ChangeKind, Command, Comparison, ErrorCode, MarkChange, MarkView, NewMark, NoteCard, OfVersion,
    Placement, Replaced, Reply, Settle, Settled,
};

use crate::council::{Council, Tablet, highlight, note};
use crate::papers;

const FIRST: [&str; 2] = [
    "Garantie: le montant garanti est fixé à 2 240 000 euros pour vingt ans",
    "La commission des finances a émis un avis favorable à cette garantie",
];
/// A page before, the sum changed, and the last sentence gone.
const SECOND: [&str; 3] = [
    "Note du service des finances: le plan de financement est revu ici",
    "Garantie: le montant garanti est fixé à 2 260 000 euros pour vingt ans",
    "Le maire propose de suivre cet avis et de signer la convention jointe",
];

/// Replaces a paper's PDF.
async fn replace(clerk: &Tablet, title: &str, pages: &[&str], note: Option<&str>) -> Replaced {
    let document = clerk.document(title).await;
    let path = clerk.profile.with_extension("pdf");
    std::fs::write(&path, papers::text(pages)).unwrap();
    let command = Command::Replace { document, path, note: note.map(ToOwned::to_owned) };
    let Reply::Replaced(replaced) = clerk.ask(command).await else { panic!("replaced") };
    replaced
}

#[tokio::test(flavor = "multi_thread")]
async fn a_replaced_paper_gets_a_version_that_every_tablet_fetches() {
    let council = Council::open().await;
    let clerk = council.clerk().await;
    clerk.publish(&council.sitting()).await;
    let (_, tablet) = council.official(&clerk, "Inès").await;
    tablet.sync().await;
    let document = clerk.document("Garantie").await;

    let second = replace(&clerk, "Garantie", &["Garantie, revue"], Some(" montant corrigé ")).await;
    assert_eq!(second, Replaced { document, version: 2 });
    // The same bytes again change nothing.
    let again = replace(&clerk, "Garantie", &["Garantie, revue"], None).await;
    assert_eq!(again, second);
    assert_eq!(replace(&clerk, "Garantie", &["a", "b", "c"], None).await.version, 3);

    assert_eq!(tablet.sync().await.documents_fetched, 1);
    for reader in [&clerk, &tablet] {
        let all = reader.documents().await;
        let versions: Vec<_> = all.iter().map(|paper| (paper.version, paper.pages)).collect();
        assert_eq!(versions, [(1, 2), (3, 3), (1, 2)]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn only_a_clerk_replaces_and_only_by_a_paper_that_can_be_read() {
    let council = Council::open().await;
    let clerk = council.clerk().await;
    clerk.publish(&council.sitting()).await;
    let (_, tablet) = council.official(&clerk, "Inès").await;
    tablet.sync().await;
    let document = clerk.document("Budget").await;
    let path = council.path("corrige.pdf");
    std::fs::write(&path, papers::damaged()).unwrap();

    let command = Command::Replace { document, path: path.clone(), note: None };
    let problem = clerk.refused(command.clone()).await;
    assert_eq!((problem.code, problem.subject.as_str()), (ErrorCode::PdfDamaged, "corrige.pdf"));
    assert_eq!(tablet.refused(command).await.code, ErrorCode::Forbidden);
    let unknown = domain::DocumentId::from_bytes([7; 16]);
    let command = Command::Replace { document: unknown, path, note: None };
    assert_eq!(clerk.refused(command).await.code, ErrorCode::NotFound);
    assert_eq!(clerk.documents().await[0].version, 1);
}

/// A council whose official has a paper of two pages in its first version.
async fn with_a_first_version() -> (Council, Tablet, Tablet, domain::MemberId, DocumentId) {
    let council = Council::open().await;
    let clerk = council.clerk().await;
    let folder = council.sitting();
    std::fs::write(folder.join("02.pdf"), papers::text(&FIRST)).unwrap();
    clerk.publish(&folder).await;
    let (member, tablet) = council.official(&clerk, "Inès").await;
    tablet.sync().await;
    let document = tablet.document("Garantie").await;
    (council, clerk, tablet, member, document)
}

/// Notes on a paper, by what is written on them.
async fn notes(tablet: &Tablet, document: DocumentId) -> Vec<NoteCard> {
    let command = Command::Notes { document: Some(document), audience: None };
    let Reply::Notes(mut notes) = tablet.ask(command).await else { panic!("notes") };
    notes.sort_by(|a, b| a.view.mark.text.cmp(&b.view.mark.text));
    notes
}

fn placements(notes: &[NoteCard]) -> Vec<(&str, Placement, u32, u32)> {
    let of = |card: &NoteCard| (card.view.placement, card.view.mark.page, card.version);
    notes
        .iter()
        .map(|card| {
            let (placement, page, version) = of(card);
            (card.view.mark.text.as_str(), placement, page, version)
        })
        .collect()
}

async fn compare(tablet: &Tablet, document: DocumentId) -> Comparison {
    let command = Command::Compare { document, from: None };
    let Reply::Compared(comparison) = tablet.ask(command).await else { panic!("two versions") };
    *comparison
}

async fn settle(tablet: &Tablet, document: DocumentId, note: &NoteCard, how: Settle) -> MarkView {
    let command = Command::Settle { document, annotation: note.annotation, how };
    let Reply::Marked(view) = tablet.ask(command).await else { panic!("a mark") };
    *view
}

#[tokio::test(flavor = "multi_thread")]
async fn every_note_survives_a_new_version() {
    let (_council, clerk, tablet, _, document) = with_a_first_version().await;
    for (page, quote, text) in [
        (1, "pour vingt ans", "a reste"),
        (1, "fixé à 2 240 000 euros pour", "b changé"),
        (2, "a émis un avis favorable à cette garantie", "c parti"),
    ] {
        tablet.ask(highlight(document, page, quote, text)).await;
    }
    let sticky = NewMark {
        kind: MarkKind::Note { at: Point { x: 60.0, y: 716.0 } },
        ..note(document, 1, "d au bord")
    };
    let before = tablet.mark(sticky).await;
    replace(&clerk, "Garantie", &SECOND, Some("somme corrigée")).await;
    assert_eq!(tablet.sync().await.pending, 0, "what was carried is sent with the same exchange");

    let all = notes(&tablet, document).await;
    assert_eq!(
        placements(&all),
        [
            ("a reste", Placement::Moved, 2, 2),
            ("b changé", Placement::Fuzzy, 2, 2),
            ("c parti", Placement::Orphan, 3, 2),
            ("d au bord", Placement::Moved, 2, 2),
        ]
    );
    let origin = all[2].view.origin.unwrap();
    assert_eq!((origin.version, origin.page, origin.placed), (1, 2, false));
    assert_eq!(all[3].view.mark.bounds(), before.mark.bounds(), "the same place on its line");
    assert_eq!(tablet.marks(document).await.len(), 4, "each once");

    let seen = compare(&tablet, document).await;
    assert_eq!((seen.old.number, seen.new.number), (1, 2));
    assert_eq!(seen.new.note.as_deref(), Some("somme corrigée"));
    assert_eq!(seen.pages.first(), Some(&Some(2)));
    assert_eq!(seen.notes.len(), 4);
    let kinds: Vec<_> = seen.changes.iter().map(|change| change.kind).collect();
    assert!(
        kinds.contains(&ChangeKind::Added) && kinds.contains(&ChangeKind::Changed),
        "{kinds:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_doubt_is_settled_in_one_gesture_and_stays_settled() {
    let (council, clerk, tablet, member, document) = with_a_first_version().await;
    for (page, quote, text) in [
        (1, "fixé à 2 240 000 euros pour", "a accepté"),
        (2, "a émis un avis favorable à cette garantie", "b remis"),
        (2, "La commission des finances", "c gardé"),
    ] {
        tablet.ask(highlight(document, page, quote, text)).await;
    }
    replace(&clerk, "Garantie", &SECOND, None).await;
    tablet.sync().await;
    let all = notes(&tablet, document).await;
    settle(&tablet, document, &all[0], Settle::Accept).await;
    // The words that a finger points at: "Le maire propose…" begins at the left of page 3.
    let here = Settle::Here { page: 3, from: Point { x: 74.0, y: 703.0 }, to: None };
    let moved = settle(&tablet, document, &all[1], here).await;
    let MarkKind::Markup(markup) = &moved.mark.kind else { panic!("marked text") };
    assert_eq!(markup.quote.exact, "Le maire propose de suivre cet avis et");
    settle(&tablet, document, &all[2], Settle::Keep).await;
    let expected = [
        ("a accepté", Placement::Moved, 2, 2),
        ("b remis", Placement::Moved, 3, 2),
        ("c gardé", Placement::Orphan, 3, 2),
    ];
    assert_eq!(placements(&notes(&tablet, document).await), expected);

    // It is so on the member's other tablet, which never had the first version, and after a restart.
    tablet.sync().await;
    let other = council.tablet(&clerk, member, "autre").await;
    other.sync().await;
    assert_eq!(placements(&notes(&other, document).await), expected);
    let tablet = tablet.reopen().await;
    let again = notes(&tablet, document).await;
    assert_eq!(placements(&again), expected);
    let settled: Vec<_> = again.iter().map(|card| card.view.origin.unwrap().settled).collect();
    assert_eq!(settled, [Some(Settled::Accepted), Some(Settled::ByHand), Some(Settled::Kept)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_settled_is_taken_back_and_done_again() {
    let (_council, clerk, tablet, _, document) = with_a_first_version().await;
    for (quote, text) in
        [("a émis un avis favorable à cette garantie", "a"), ("La commission", "b")]
    {
        tablet.ask(highlight(document, 2, quote, text)).await;
    }
    let sticky = NewMark {
        kind: MarkKind::Note { at: Point { x: 60.0, y: 716.0 } },
        ..note(document, 1, "c")
    };
    tablet.mark(sticky).await;
    replace(&clerk, "Garantie", &SECOND, None).await;
    tablet.sync().await;
    let all = notes(&tablet, document).await;
    let found = placements(&all);
    let here = Settle::Here { page: 3, from: Point { x: 74.0, y: 703.0 }, to: None };
    settle(&tablet, document, &all[0], Settle::Keep).await;
    settle(&tablet, document, &all[0], here).await;
    settle(&tablet, document, &all[1], Settle::Keep).await;
    // A lasso moves a carried note: that is settled by hand too.
    let by = Point { x: 40.0, y: -8.0 };
    let change = vec![MarkChange { shift: Some(by), ..MarkChange::of(all[2].annotation) }];
    tablet.ask(Command::Edit { document, put: vec![], erase: vec![], change }).await;
    let moved = notes(&tablet, document).await[2].view.mark.bounds();
    assert_ne!(moved, all[2].view.mark.bounds());

    let tablet = tablet.reopen().await;
    let settled = |notes: &[NoteCard]| -> Vec<Option<Settled>> {
        notes.iter().map(|card| card.view.origin.unwrap().settled).collect()
    };
    let undo = Command::Undo { document };
    tablet.ask(undo.clone()).await;
    let now = notes(&tablet, document).await;
    assert_eq!(now[2].view.mark.bounds(), all[2].view.mark.bounds());
    assert_eq!(settled(&now), [Some(Settled::ByHand), Some(Settled::Kept), None]);
    tablet.ask(undo.clone()).await;
    tablet.ask(undo.clone()).await;
    let now = notes(&tablet, document).await;
    assert_eq!(settled(&now), [Some(Settled::Kept), None, None], "the choice before it");
    let Reply::Marks(views) = tablet.ask(undo).await else { panic!("marks") };
    assert!(views.iter().all(|view| view.origin.unwrap().settled.is_none()));
    assert_eq!(placements(&notes(&tablet, document).await), found);
    for _ in 0..4 {
        tablet.ask(Command::Redo { document }).await;
    }
    let again = notes(&tablet, document).await;
    assert_eq!(
        settled(&again),
        [Some(Settled::ByHand), Some(Settled::Kept), Some(Settled::ByHand)]
    );
    assert_eq!(again[2].view.mark.bounds(), moved);
}

/// Asks about a version of a paper.
async fn earlier(tablet: &Tablet, document: DocumentId, version: u32, ask: OfVersion) -> Reply {
    tablet.ask(Command::Earlier { document, version, ask }).await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_earlier_version_is_read_with_its_notes_as_they_stood() {
    let (council, clerk, tablet, member, document) = with_a_first_version().await;
    tablet.ask(highlight(document, 2, "a émis un avis favorable à cette garantie", "parti")).await;
    tablet.ask(highlight(document, 1, "pour vingt ans", "resté")).await;
    replace(&clerk, "Garantie", &SECOND, None).await;
    tablet.sync().await;
    tablet.ask(highlight(document, 3, "Le maire propose", "nouveau")).await;
    tablet.sync().await;
    // Also on a tablet that came later and never had that version.
    let late = council.tablet(&clerk, member, "plus tard").await;
    late.sync().await;
    for tablet in [&tablet, &late] {
        let Reply::Document(paper) = earlier(tablet, document, 1, OfVersion::Paper).await else {
            panic!("a paper")
        };
        assert_eq!((paper.version, paper.pages, paper.sizes.len()), (1, 2, 2));
        assert!(!paper.can_undo && !paper.can_redo);
        let Reply::Marks(marks) = earlier(tablet, document, 1, OfVersion::Marks).await else {
            panic!("marks")
        };
        let stood: Vec<_> = marks
            .iter()
            .map(|view| (view.mark.text.as_str(), view.mark.page, view.placement))
            .collect();
        assert_eq!(stood, [("parti", 2, Placement::Exact), ("resté", 1, Placement::Exact)]);
        let text = earlier(tablet, document, 1, OfVersion::Text { page: 2 }).await;
        let Reply::PageText(text) = text else { panic!("text") };
        assert!(text.lines[0].text.starts_with("La commission des finances"));
        let find = OfVersion::Find { text: "2 240 000".to_owned() };
        let Reply::FoundPages(found) = earlier(tablet, document, 1, find).await else {
            panic!("pages")
        };
        assert_eq!(found.pages, [1]);
        let nothing = Command::Earlier { document, version: 7, ask: OfVersion::Outline };
        assert_eq!(tablet.refused(nothing).await.code, ErrorCode::NotFound);
        let page = OfVersion::Text { page: 3 };
        let beyond = Command::Earlier { document, version: 1, ask: page };
        assert_eq!(tablet.refused(beyond).await.code, ErrorCode::NoSuchPage);
    }
    // The present version is asked for by its number too, with all its notes.
    let Reply::Marks(marks) = earlier(&tablet, document, 2, OfVersion::Marks).await else {
        panic!("marks")
    };
    assert_eq!(marks.len(), 2, "what has no place there is in the tray of the reader alone");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_changed_is_told_from_the_version_that_was_read_until_it_has_been_looked_at() {
    let (_council, clerk, tablet, _, document) = with_a_first_version().await;
    let since = |view: &[ipc::DocumentView]| view[1].changed_since;
    replace(&clerk, "Garantie", &["jamais lue"], None).await;
    tablet.sync().await;
    assert_eq!(since(&tablet.documents().await), None, "whoever never read it reads it as it is");
    tablet.ask(Command::RememberPage { document, page: 1 }).await;
    replace(&clerk, "Garantie", &FIRST, None).await;
    replace(&clerk, "Garantie", &SECOND, None).await;
    tablet.sync().await;
    assert_eq!(since(&tablet.documents().await), Some(2));
    // Reading the new version is not to have seen what changed in it; it lasts over a restart.
    tablet.ask(Command::RememberPage { document, page: 2 }).await;
    let tablet = tablet.reopen().await;
    assert_eq!(since(&tablet.documents().await), Some(2));
    tablet.ask(Command::Compare { document, from: Some(3) }).await;
    assert_eq!(since(&tablet.documents().await), Some(2), "not all of it was looked at");
    let seen = compare(&tablet, document).await;
    assert_eq!((seen.old.number, seen.new.number), (2, 4));
    assert_eq!(since(&tablet.documents().await), None);
    replace(&clerk, "Garantie", &["cinquième"], None).await;
    tablet.sync().await;
    assert_eq!(since(&tablet.documents().await), Some(4));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_goes_where_its_note_goes() {
    let (council, clerk, tablet, _, document) = with_a_first_version().await;
    let Reply::Marked(asked) =
        tablet.ask(highlight(document, 1, "pour vingt ans", "pourquoi ?")).await
    else {
        panic!("a mark")
    };
    let annotation = asked.mark.id;
    let reply = |text: &str| Command::Reply {
        document: Some(document),
        annotation,
        text: text.to_owned(),
        id: None,
    };
    tablet.ask(reply("parce que")).await;
    replace(&clerk, "Garantie", &SECOND, None).await;
    tablet.sync().await;
    let seen = compare(&tablet, document).await;
    assert_eq!(seen.notes.len(), 1, "an answer is not settled by itself");
    let out = council.path("avec-reponse.pdf");
    let mode = ipc::ExportMode::Editable;
    tablet.ask(Command::Export { document, mode, out: Some(out.clone()) }).await;
    let pdf = lopdf::Document::load(&out).unwrap();
    let on = |page: u32| pdf.get_page_annotations(pdf.get_pages()[&page]).unwrap();
    assert!(on(1).is_empty());
    let answers = on(2).iter().filter(|note| note.has(b"IRT")).count();
    assert_eq!((answers, on(2).iter().filter(|note| note.has(b"NM")).count()), (1, 2));
}

#[tokio::test(flavor = "multi_thread")]
async fn two_tablets_that_carry_offline_do_not_double_and_lose_nothing() {
    let (council, clerk, one, member, document) = with_a_first_version().await;
    let two = council.tablet(&clerk, member, "seconde").await;
    one.ask(highlight(document, 1, "fixé à 2 240 000 euros pour", "des deux")).await;
    one.sync().await;
    two.sync().await;
    replace(&clerk, "Garantie", &SECOND, None).await;
    // Both carry by themselves; one settles, the other writes, neither has heard of the other.
    one.sync().await;
    let kept = notes(&one, document).await;
    settle(&one, document, &kept[0], Settle::Accept).await;
    two.sync().await;
    let annotation = kept[0].annotation;
    let text = Some("écrit sur la seconde".to_owned());
    two.ask(Command::ChangeMark { document, annotation, text, colour: None }).await;
    for tablet in [&two, &one, &two] {
        tablet.sync().await;
    }
    for tablet in [&one, &two] {
        let all = notes(tablet, document).await;
        assert_eq!(placements(&all), [("écrit sur la seconde", Placement::Moved, 2, 2)]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_note_made_late_on_the_old_version_is_carried_too_and_a_third_version_follows() {
    let (council, clerk, one, member, document) = with_a_first_version().await;
    let two = council.tablet(&clerk, member, "seconde").await;
    two.sync().await;
    replace(&clerk, "Garantie", &SECOND, None).await;
    one.sync().await;
    // The second tablet has been away: it still reads the first version.
    two.ask(highlight(document, 1, "pour vingt ans", "en retard")).await;
    two.sync().await;
    one.sync().await;
    for tablet in [&one, &two] {
        let all = notes(tablet, document).await;
        assert_eq!(placements(&all), [("en retard", Placement::Moved, 2, 2)]);
    }
    replace(&clerk, "Garantie", &FIRST, None).await;
    one.sync().await;
    let all = notes(&one, document).await;
    assert_eq!(placements(&all), [("en retard", Placement::Exact, 1, 3)], "the same bytes again");
    assert!(all[0].view.origin.is_none());
}
