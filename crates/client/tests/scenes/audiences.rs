//! Who sees which note: on every tablet, in every list, before and after groups change.

use std::collections::BTreeSet;

use domain::{DocumentId, Role};
use ipc::{Audience, Command, ErrorCode, Event, MarkView, NewMark, Reply, SearchIn, SearchResults};

use crate::chamber::{Chamber, LEFT, RIGHT, set};
use crate::council::{Tablet, note};

fn group(name: &str) -> Audience {
    Audience::Group(name.to_owned())
}

fn shared(document: DocumentId, text: &str, audience: Audience) -> NewMark {
    NewMark { audience, ..note(document, 1, text) }
}

impl Chamber {
    async fn sync(&self) {
        for tablet in [&self.ada.1, &self.ines.1, &self.karim.1, &self.clerk] {
            tablet.sync().await;
        }
        for tablet in [&self.ada.1, &self.ines.1, &self.karim.1, &self.clerk] {
            tablet.sync().await;
        }
    }
}

async fn texts(tablet: &Tablet) -> BTreeSet<String> {
    tablet.note_texts().await.into_iter().collect()
}

async fn search(tablet: &Tablet, text: &str) -> SearchResults {
    let command = Command::Search { text: text.to_owned(), within: SearchIn::Notes, places: true };
    let Reply::Found(found) = tablet.ask(command).await else { panic!("found") };
    found
}

async fn share(tablet: &Tablet, mark: &MarkView, audience: Audience) -> MarkView {
    let annotation = mark.mark.id;
    let command = Command::ChangeAudience { document: None, annotation, audience };
    let Reply::Marked(view) = tablet.ask(command).await else { panic!("marked") };
    *view
}

/// Whether the tablet's database, once decrypted, has a word anywhere in its bytes.
fn holds(tablet: &Tablet, word: &str) -> bool {
    let bytes = store::SqliteStore::decrypted(&tablet.profile).unwrap();
    bytes.windows(word.len()).any(|window| window == word.as_bytes())
}

#[tokio::test(flavor = "multi_thread")]
async fn every_note_reaches_those_it_is_for_and_nobody_else() {
    let chamber = Chamber::open().await;
    let Chamber { council, clerk, ada, ines, karim, paper } = &chamber;
    let (_, guest) = council.person(clerk, "Gus", None, Role::Guest).await;
    // Of each audience one note of each who may write it; every word stands in one note alone.
    let mut made = Vec::new();
    for (name, tablet, own) in [
        ("ada", &ada.1, Some(LEFT)),
        ("ines", &ines.1, Some(LEFT)),
        ("karim", &karim.1, Some(RIGHT)),
        ("greffe", clerk, None),
    ] {
        let audiences = [Some(Audience::Private), own.map(group), Some(Audience::Council)];
        for (audience, kind) in audiences.into_iter().zip(["seule", "groupe", "conseil"]) {
            let Some(audience) = audience else { continue };
            let text = format!("{name}{kind}");
            tablet.mark(shared(*paper, &text, audience.clone())).await;
            made.push((name, own, audience, text));
        }
    }
    chamber.sync().await;
    guest.sync().await;
    let tablets = [
        ("ada", &ada.1, Some(LEFT)),
        ("ines", &ines.1, Some(LEFT)),
        ("karim", &karim.1, Some(RIGHT)),
        ("greffe", clerk, None),
        ("gus", &guest, None),
    ];
    for (reader, tablet, group) in tablets {
        let mut expected = BTreeSet::new();
        for (author, of, audience, text) in &made {
            let sees = match audience {
                Audience::Private => *author == reader,
                Audience::Group(_) => *of == group,
                Audience::Council => true,
            };
            if sees {
                expected.insert(text.clone());
            }
            let hits = search(tablet, text).await.hits.len();
            assert_eq!(hits, usize::from(sees), "{reader} searches {text}");
            assert_eq!(holds(tablet, text), sees, "{reader} has {text} on the disk");
        }
        assert_eq!(texts(tablet).await, expected, "{reader}");
        let marks = tablet.marks(*paper).await;
        let on_page: BTreeSet<String> = marks.iter().map(|view| view.mark.text.clone()).collect();
        assert_eq!(on_page, expected, "{reader}");
        for view in &marks {
            let (author, _, audience, _) =
                made.iter().find(|(.., text)| *text == view.mark.text).unwrap();
            assert_eq!((view.mine, &view.audience), (*author == reader, audience), "{reader}");
            assert_eq!(view.fresh, *author != reader, "{reader}");
            let name = view.author.split(' ').next().unwrap().to_lowercase().replace('è', "e");
            assert_eq!(name, *author, "the author's name");
        }
        // Home, counts and lists by audience are of the own notes, or of those asked for.
        let mine = made.iter().filter(|(author, ..)| *author == reader).count();
        let Reply::Home(home) = tablet.ask(Command::Home).await else { panic!("home") };
        assert_eq!(home.notes.len(), mine, "{reader}");
        let counted = tablet.documents().await.iter().map(|paper| paper.notes).sum::<u32>();
        assert_eq!(counted as usize, mine, "{reader}");
        let command = Command::Notes { document: None, audience: Some(Audience::Council) };
        let Reply::Notes(council) = tablet.ask(command).await else { panic!("notes") };
        assert_eq!(council.len(), 4, "{reader}");
    }
    // A paper that is opened is no longer news.
    ines.1.ask(Command::RememberPage { document: *paper, page: 1 }).await;
    assert!(ines.1.marks(*paper).await.iter().all(|view| !view.fresh));
    // Who reads only writes nothing, and is told so at once.
    let problem = guest.refused(Command::Mark(note(*paper, 1, "non"))).await;
    assert_eq!(problem.code, ErrorCode::Forbidden);
    assert_eq!(guest.pending().await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_group_one_is_not_in_is_refused_by_its_name() {
    let Chamber { ada, paper, .. } = &Chamber::open().await;
    for name in [RIGHT, "Personne"] {
        let problem = ada.1.refused(Command::Mark(shared(*paper, "x", group(name)))).await;
        assert_eq!((problem.code, problem.subject.as_str()), (ErrorCode::NotInGroup, name));
    }
    // Capitals do not matter, and the name that is shown is the group's own.
    let view = ada.1.mark(shared(*paper, "x", group("gauche UNIE"))).await;
    assert_eq!(view.audience, group(LEFT));
    let Reply::Status(status) = ada.1.ask(Command::Status).await else { panic!("status") };
    let audiences = status.session.unwrap().audiences;
    let shown: Vec<_> = audiences.iter().map(|a| (&a.audience, a.readers.len())).collect();
    assert_eq!(
        shown,
        [(&Audience::Private, 0), (&group(LEFT), 1), (&Audience::Council, 3)],
        "who would see a note"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_audience_changes_in_one_step_for_all_and_can_be_taken_back() {
    let chamber = Chamber::open().await;
    let Chamber { clerk, ada, ines, karim, paper, .. } = &chamber;
    let made = ada.1.mark(note(*paper, 1, "question")).await;
    chamber.sync().await;
    assert_eq!(texts(&ines.1).await, set([]));

    let view = share(&ada.1, &made, group(LEFT)).await;
    assert_eq!((view.mark.id, view.audience), (made.mark.id, group(LEFT)));
    assert_eq!(ada.1.note_texts().await, ["question"], "once, not twice");
    assert_eq!(ada.1.documents().await[0].notes, 1);
    chamber.sync().await;
    assert_eq!(texts(&ines.1).await, set(["question"]));
    assert_eq!(texts(&karim.1).await, set([]));

    let view = share(&ada.1, &made, Audience::Council).await;
    assert_eq!(view.mark.created_ms, made.mark.created_ms);
    chamber.sync().await;
    assert_eq!(texts(&karim.1).await, set(["question"]));

    // One step back is one audience back, also for those who had it.
    ada.1.ask(Command::Undo { document: *paper }).await;
    chamber.sync().await;
    assert_eq!((texts(&ines.1).await, texts(&karim.1).await), (set(["question"]), set([])));
    ada.1.ask(Command::Undo { document: *paper }).await;
    chamber.sync().await;
    assert_eq!(texts(&ines.1).await, set([]));
    let mine = ada.1.notes().await;
    assert_eq!((mine.len(), &mine[0].view.audience), (1, &Audience::Private));
    ada.1.ask(Command::Redo { document: *paper }).await;
    ada.1.ask(Command::Redo { document: *paper }).await;
    chamber.sync().await;
    assert_eq!(texts(&karim.1).await, set(["question"]));

    // Nobody shares the note of another.
    let annotation = made.mark.id;
    let theirs =
        Command::ChangeAudience { document: None, annotation, audience: Audience::Private };
    assert_eq!(karim.1.refused(theirs).await.code, ErrorCode::NotYours);
    assert_eq!(clerk.note_texts().await, ["question"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_tablets_that_share_a_note_differently_show_it_once_as_all_see_it() {
    let Chamber { council, clerk, ada, paper, karim, .. } = &Chamber::open().await;
    let second = council.tablet(clerk, ada.0, "Ada 2").await;
    let made = ada.1.mark(note(*paper, 1, "question")).await;
    ada.1.sync().await;
    second.sync().await;
    share(&ada.1, &made, group(LEFT)).await;
    share(&second, &made, Audience::Council).await;
    for tablet in [&ada.1, &second, &ada.1] {
        tablet.sync().await;
    }
    for tablet in [&ada.1, &second] {
        let notes = tablet.notes().await;
        assert_eq!((notes.len(), &notes[0].view.audience), (1, &Audience::Council));
        assert_eq!(tablet.documents().await[0].notes, 1);
    }
    // The next change settles it everywhere.
    share(&ada.1, &made, Audience::Private).await;
    for tablet in [&ada.1, &second, &karim.1] {
        tablet.sync().await;
    }
    assert_eq!(second.notes().await[0].view.audience, Audience::Private);
    assert!(karim.1.notes().await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn who_leaves_a_group_keeps_the_own_notes_and_no_others() {
    let chamber = Chamber::open().await;
    let paper = chamber.paper;
    chamber.ada.1.mark(shared(paper, "notrestratégie", group(LEFT))).await;
    chamber.ines.1.mark(shared(paper, "mapart", group(LEFT))).await;
    chamber.ines.1.mark(note(paper, 1, "privée")).await;
    chamber.karim.1.mark(shared(paper, "leurstratégie", group(RIGHT))).await;
    chamber.sync().await;
    assert_eq!(texts(&chamber.ines.1).await, set(["notrestratégie", "mapart", "privée"]));

    let Chamber { council, clerk, ada, ines, karim, .. } = chamber;
    let clerk = council.put_into(clerk, ines.0, &[RIGHT]).await;
    // Off line nothing has changed yet.
    assert_eq!(ines.1.notes().await.len(), 3);
    ines.1.sync().await;
    assert_eq!(texts(&ines.1).await, set(["leurstratégie", "mapart", "privée"]));
    assert_eq!(search(&ines.1, "notrestratégie").await.hits.len(), 0);
    assert!(!holds(&ines.1, "notrestratégie"), "no trace on the disk");
    // The group keeps what was shared with it, and what was shared is not changed from outside it.
    ada.1.sync().await;
    assert_eq!(texts(&ada.1).await, set(["notrestratégie", "mapart"]));
    let shown = ines.1.notes().await;
    let mine = shown.iter().find(|card| card.view.mark.text == "mapart").unwrap();
    assert_eq!(mine.view.audience, group(LEFT));
    let erase = Command::Erase { document: None, annotations: vec![mine.annotation] };
    let problem = ines.1.refused(erase).await;
    assert_eq!((problem.code, problem.subject.as_str()), (ErrorCode::NotInGroup, LEFT));

    // Who comes back sees everything again; a new tablet has the own notes of both groups.
    let clerk = council.put_into(clerk, ines.0, &[LEFT]).await;
    ines.1.sync().await;
    assert_eq!(texts(&ines.1).await, set(["notrestratégie", "mapart", "privée"]));
    let second = council.tablet(&clerk, ines.0, "Inès 2").await;
    second.sync().await;
    assert_eq!(texts(&second).await, set(["notrestratégie", "mapart", "privée"]));
    karim.1.sync().await;
    assert_eq!(texts(&karim.1).await, set(["leurstratégie"]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_note_that_the_server_refuses_is_kept_private_and_says_so() {
    let chamber = Chamber::open().await;
    let paper = chamber.paper;
    let first = chamber.ines.1.mark(shared(paper, "partagée", group(LEFT))).await;
    chamber.sync().await;
    let Chamber { council, clerk, ada, ines, .. } = chamber;
    // Without network the tablet does not know that its member has left the group.
    let clerk = council.put_into(clerk, ines.0, &[]).await;
    let late = ines.1.mark(shared(paper, "trop tard", group(LEFT))).await;
    let change = |annotation, text: &str| Command::ChangeMark {
        document: paper,
        annotation,
        text: Some(text.to_owned()),
        colour: None,
    };
    ines.1.ask(change(first.mark.id, "partagée, revue")).await;
    ines.1.ask(change(late.mark.id, "trop tard, hélas")).await;
    let mut events = ines.1.client.subscribe();
    ines.1.sync().await;

    let marks = ines.1.marks(paper).await;
    let shown: BTreeSet<(String, bool, bool)> = marks
        .iter()
        .map(|view| {
            let private = view.audience == Audience::Private;
            (view.mark.text.clone(), private, view.not_shared.is_some())
        })
        .collect();
    let expected = [
        ("partagée", false, false),
        ("partagée, revue", true, true),
        ("trop tard, hélas", true, true),
    ];
    assert_eq!(shown, expected.map(|(text, a, b)| (text.to_owned(), a, b)).into());
    let kept = marks.iter().find(|view| view.mark.id == late.mark.id).unwrap();
    let why = kept.not_shared.as_ref().unwrap();
    assert_eq!((&why.audience, why.reason), (&group(LEFT), ErrorCode::NotInGroup));
    let mut told = false;
    while let Ok(event) = events.try_recv() {
        told |= matches!(event, Event::NotShared { document, notes: 2, .. } if document == paper);
    }
    assert!(told);
    assert_eq!(ines.1.pending().await, 0, "what was kept is sent, as private notes");

    // It survives, is on the other tablet as a private note, and the group reads what follows.
    let ines = (ines.0, ines.1.reopen().await);
    let second = council.tablet(&clerk, ines.0, "Inès 2").await;
    second.sync().await;
    assert_eq!(texts(&second).await, set(["partagée", "partagée, revue", "trop tard, hélas"]));
    let clerk = council.put_into(clerk, ines.0, &[LEFT]).await;
    ines.1.sync().await;
    ines.1.ask(change(first.mark.id, "partagée, relue")).await;
    ines.1.mark(shared(paper, "à temps", group(LEFT))).await;
    ines.1.sync().await;
    ada.1.sync().await;
    assert_eq!(texts(&ada.1).await, set(["partagée, relue", "à temps"]));
    let Reply::Status(status) = ada.1.ask(Command::Status).await else { panic!("status") };
    assert_eq!(status.sync.unreadable, 0);

    // One gesture keeps it private for good, another shares it after all.
    let marks = ines.1.marks(paper).await;
    let of = |text: &str| marks.iter().find(|view| view.mark.text == text).unwrap();
    let view = share(&ines.1, of("partagée, revue"), Audience::Private).await;
    assert_eq!(view.not_shared, None);
    let view = share(&ines.1, of("trop tard, hélas"), group(LEFT)).await;
    assert_eq!((view.not_shared, view.mark.id), (None, late.mark.id));
    let ines = (ines.0, ines.1.reopen().await);
    assert!(ines.1.marks(paper).await.iter().all(|view| view.not_shared.is_none()));
    ines.1.sync().await;
    ada.1.sync().await;
    assert_eq!(texts(&ada.1).await, set(["partagée, relue", "à temps", "trop tard, hélas"]));
    drop(clerk);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_goes_to_those_who_see_the_note() {
    let chamber = Chamber::open().await;
    let Chamber { ada, ines, karim, paper, .. } = &chamber;
    let asked = ada.1.mark(shared(*paper, "combien ?", group(LEFT))).await;
    chamber.sync().await;
    let reply = |annotation, text: &str| Command::Reply {
        document: None,
        annotation,
        text: text.to_owned(),
        id: None,
    };
    let Reply::Marked(answer) = ines.1.ask(reply(asked.mark.id, "240 000")).await else {
        panic!("marked")
    };
    assert_eq!(answer.mark.in_reply_to, Some(asked.mark.id));
    assert_eq!((answer.audience.clone(), answer.mark.page), (group(LEFT), asked.mark.page));
    chamber.sync().await;
    // An answer to an answer belongs to the same thread.
    let Reply::Marked(again) = ada.1.ask(reply(answer.mark.id, "merci")).await else {
        panic!("marked")
    };
    assert_eq!(again.mark.in_reply_to, Some(asked.mark.id));
    chamber.sync().await;
    assert_eq!(texts(&ines.1).await, set(["combien ?", "240 000", "merci"]));
    assert_eq!(texts(&karim.1).await, set([]));
    assert_eq!(karim.1.refused(reply(asked.mark.id, "?")).await.code, ErrorCode::NotFound);
    // Undo takes the answer back, and the answer of another stays his.
    ada.1.ask(Command::Undo { document: *paper }).await;
    chamber.sync().await;
    assert_eq!(texts(&ines.1).await, set(["combien ?", "240 000"]));
    let erase = Command::Erase { document: None, annotations: vec![answer.mark.id] };
    assert_eq!(ada.1.refused(erase).await.code, ErrorCode::NotYours);
    assert_eq!(ada.1.refused(reply(asked.mark.id, "  ")).await.code, ErrorCode::BadInput);
}
