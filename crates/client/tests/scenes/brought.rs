//! Drafting software posts a sitting; the clerk finds it on the desk, publishes it, and officials read
//! it. Nothing is taken in twice or by halves, and nothing is published by a machine.

use domain::{BodyKind, SittingId, SittingState};
use ipc::{
    BoardCard, ClerkCommand, ClerkReply, Command, DraftView, Edit, ErrorCode, FileRead, Reply,
};
use serde_json::{Value, json};
use testkit::drafting::Form;

use crate::council::{Council, Tablet};
use crate::papers;

impl Council {
    /// Posts a form; answers the status and what is said.
    async fn post(&self, form: &Form) -> (u16, Value) {
        let http = reqwest::Client::new();
        let request = http.post(format!("{}/seances.json", self.address));
        let request = request.header("content-type", Form::content_type()).body(form.body());
        let response = request.send().await.unwrap();
        let status = response.status().as_u16();
        (status, serde_json::from_slice(&response.bytes().await.unwrap()).unwrap())
    }

    /// Posts the usual sitting; answers its identifier.
    async fn brings(&self) -> SittingId {
        let (status, said) = self.post(&self.form(&papers::text(&["Annexe", "2", "3"]))).await;
        assert_eq!(status, 200, "{said}");
        said["uuid"].as_str().unwrap().parse().unwrap()
    }

    fn form(&self, annex: &[u8]) -> Form {
        let described = json!({
            "date_seance": "2036-09-28 18:30",
            "type_seance": "Commission des finances",
            "place": "Salle Jaurès",
            "acteurs_convoques": [
                {"Acteur": {"nom": "BAUDRY", "prenom": "Ines", "email": "i@example.org"}},
                {"Acteur": {"nom": "DURAND", "prenom": "Thomas", "email": "t@example.org"}},
            ],
            "projets": [
                {"ordre": 0, "libelle": "Budget primitif", "theme": "Finances, Budget",
                 "annexes": [{"ordre": 0, "libelle": "Détail"}]},
                {"ordre": 1, "libelle": "Garantie d’emprunt", "theme": "Finances"},
            ],
        });
        Form::from("webdelib", &self.drafting, "valbrune")
            .file("convocation", &papers::text(&["Vous êtes convoqué"]))
            .file("projet_0_rapport", &papers::text(&["Budget", "seconde page"]))
            .file("projet_0_0_annexe", annex)
            .file("projet_1_rapport", &papers::text(&["Garantie"]))
            .field("jsonData", &described.to_string())
    }
}

impl Tablet {
    async fn at_the_desk(&self, command: ClerkCommand) -> ClerkReply {
        let Reply::Clerk(reply) = self.ask(Command::Clerk(command)).await else {
            panic!("a clerk")
        };
        reply
    }

    async fn board(&self) -> Vec<BoardCard> {
        let ClerkReply::Board(cards) = self.at_the_desk(ClerkCommand::Board).await else {
            panic!("a board")
        };
        cards
    }

    async fn opened(&self, id: SittingId) -> DraftView {
        let ClerkReply::Draft(view) = self.at_the_desk(ClerkCommand::Open(id)).await else {
            panic!("a draft")
        };
        *view
    }

    async fn published(&self, id: SittingId) -> DraftView {
        let command = ClerkCommand::Publish { sitting: id, correction: None, reason: None };
        let ClerkReply::Draft(view) = self.at_the_desk(command).await else { panic!("a draft") };
        *view
    }

    async fn sittings(&self) -> Vec<(SittingId, SittingState)> {
        let Reply::Sittings(cards) = self.ask(Command::Sittings).await else { panic!("cards") };
        cards.into_iter().map(|card| (card.sitting, card.state)).collect()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_posted_is_a_draft_with_its_papers_until_the_clerk_publishes_it() {
    let council = Council::open().await;
    let clerk = council.clerk().await;
    let (_, official) = council.official(&clerk, "Inès").await;
    let body = ClerkCommand::SaveBody {
        body: None,
        name: "Commission des Finances".to_owned(),
        kind: BodyKind::Committee,
        members: Vec::new(),
        seats: None,
    };
    clerk.at_the_desk(body).await;

    let id = council.brings().await;
    clerk.sync().await;

    let board = clerk.board().await;
    let [card] = &board[..] else { panic!("{board:?}") };
    let brought = card.brought.as_ref().unwrap();
    assert_eq!((card.card.sitting, card.drafted, card.published), (id, true, false));
    assert_eq!((card.card.documents, card.card.available, card.card.pages), (4, 4, 7));
    assert_eq!(
        (&*brought.by, &brought.strangers[..]),
        ("Webdelib", &["Thomas DURAND".to_owned()][..])
    );
    let view = clerk.opened(id).await;
    assert_eq!(view.sitting.items.len(), 2);
    let lead = &view.sitting.items[0];
    assert_eq!(
        (&*lead.title, lead.theme.join("/")),
        ("Budget primitif", "Finances/Budget".to_owned())
    );
    let annex = &lead.documents[1];
    assert_eq!(
        (&*annex.title, annex.versions[0].pages, annex.versions[0].searchable),
        ("Détail", 3, true)
    );
    assert_eq!(
        view.sitting.body.map(|body| body == view.bodies[0].id),
        Some(true),
        "the council's own"
    );
    assert!(view.changes.is_empty() && !view.overtaken && !view.can_undo);
    assert_eq!(clerk.sittings().await, [(id, SittingState::Draft)]);

    // Nobody else sees anything, and no machine convenes.
    official.sync().await;
    assert!(official.sittings().await.is_empty());
    let convene = Command::Convocation(ipc::ConvocationCommand::Convene(ipc::Convening::of(id)));
    assert_eq!(clerk.refused(convene).await.code, ErrorCode::NotFound);

    let edit = Edit::Title("Commission des finances et du budget".to_owned());
    clerk.at_the_desk(ClerkCommand::Edit { sitting: id, edit }).await;
    let view = clerk.published(id).await;
    assert!(view.published && view.kept.is_none() && view.brought.is_none(), "{view:?}");
    official.sync().await;
    let titles: Vec<String> =
        official.documents().await.into_iter().map(|paper| paper.title).collect();
    assert_eq!(titles, ["Budget primitif", "Détail", "Garantie d’emprunt"]);
    let Reply::Sitting(read) = official.ask(Command::Sitting { sitting: id }).await else {
        panic!()
    };
    assert_eq!(read.card.title, "Commission des finances et du budget");
    assert!(read.changes.is_empty(), "nothing has changed for whoever never saw the draft");
    assert_eq!((read.card.documents, read.card.available), (4, 4));

    let (status, said) = council.post(&council.form(&papers::text(&["Annexe"]))).await;
    assert_eq!((status, &said["code"]), (400, &"Seance.add.error".into()));
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_while_taking_it_in_a_tablet_takes_it_in_once_and_whole() {
    let council = Council::open().await;
    let clerk = council.clerk().await;
    let id = council.brings().await;
    let mut clerk = clerk;
    // The app is left to die at ever later moments of one exchange.
    for pause in [0, 5, 10, 20, 40, 80, 160] {
        let profile = clerk.profile.clone();
        let asked = tokio::time::timeout(
            std::time::Duration::from_millis(pause),
            clerk.client.handle(Command::Sync),
        );
        drop(asked.await);
        clerk.client.shutdown().await;
        clerk = Tablet::open(&profile);
        // Whatever is there is whole: the record, or the draft with every page counted.
        for card in clerk.board().await {
            let view = clerk.opened(card.card.sitting).await;
            assert_eq!(view.sitting.packet().count(), 4);
            let pages: Vec<u32> = view
                .sitting
                .packet()
                .map(|entry| entry.document.current().unwrap().pages)
                .collect();
            let expected = if card.drafted { vec![1, 2, 3, 1] } else { vec![0; 4] };
            assert_eq!(pages, expected, "after {pause} ms");
        }
    }
    clerk.sync().await;
    let board = clerk.board().await;
    assert_eq!(board.iter().map(|c| (c.card.sitting, c.drafted)).collect::<Vec<_>>(), [(id, true)]);
    clerk.sync().await;
    assert_eq!(clerk.board().await, board, "once more changes nothing");
    assert!(!clerk.opened(id).await.can_undo, "it was laid down once");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_paper_that_cannot_be_shown_waits_by_its_name_and_the_rest_is_taken_in() {
    let council = Council::open().await;
    let clerk = council.clerk().await;
    let (status, said) = council.post(&council.form(&papers::damaged())).await;
    assert_eq!(status, 200, "the server reads no paper: {said}");
    let id = said["uuid"].as_str().unwrap().parse().unwrap();
    clerk.sync().await;
    let view = clerk.opened(id).await;
    assert_eq!(view.sitting.packet().count(), 3);
    let [file] = &view.waiting[..] else { panic!("{:?}", view.waiting) };
    assert_eq!(file.name, "projet_0_0_annexe.pdf");
    assert!(
        matches!(&file.read, FileRead::Refused(p) if p.code == ErrorCode::PdfDamaged),
        "{file:?}"
    );
    assert!(clerk.published(id).await.published);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_put_away_is_put_away_for_every_clerk_and_may_be_brought_again() {
    let council = Council::open().await;
    let clerk = council.clerk().await;
    let Reply::Status(status) = clerk.ask(Command::Status).await else { panic!("a status") };
    let member = status.session.unwrap().member;
    let other = council.tablet(&clerk, member, "other").await;
    let id = council.brings().await;
    clerk.sync().await;
    other.sync().await;
    assert_eq!((clerk.board().await.len(), other.board().await.len()), (1, 1));

    let ClerkReply::Board(board) = clerk.at_the_desk(ClerkCommand::Discard(id)).await else {
        panic!("a board")
    };
    assert!(board.is_empty());
    other.sync().await;
    assert!(other.board().await.is_empty(), "the other clerk had not touched it");

    // By mistake: it is back with everything, for everybody.
    let ClerkReply::Draft(back) = clerk.at_the_desk(ClerkCommand::TakeBack(id)).await else {
        panic!("a draft")
    };
    assert_eq!((back.sitting.packet().count(), back.overtaken), (4, false));
    other.sync().await;
    assert_eq!(other.board().await.len(), 1);

    clerk.at_the_desk(ClerkCommand::Discard(id)).await;
    assert_eq!(council.brings().await, id, "the software may bring it again");
    clerk.sync().await;
    other.sync().await;
    assert_eq!((clerk.board().await.len(), other.board().await.len()), (1, 1));

    // One publishes; the other's untouched copy is none any more.
    assert!(clerk.published(id).await.published);
    other.sync().await;
    let board = other.board().await;
    assert_eq!(board.iter().map(|c| (c.published, c.drafted)).collect::<Vec<_>>(), [(true, false)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_whose_papers_are_still_on_their_way_is_not_published_by_halves() {
    let council = Council::open().await;
    let clerk = council.clerk().await;
    let id = council.brings().await;
    // The record alone: the exchange that precedes a publication fetches no paper.
    let refused = clerk
        .refused(Command::Clerk(ClerkCommand::Publish {
            sitting: id,
            correction: None,
            reason: None,
        }))
        .await;
    assert_eq!(refused.code, ErrorCode::NotHere);
    let board = clerk.board().await;
    assert_eq!((board[0].drafted, board[0].card.available), (false, 0));
    clerk.sync().await;
    assert!(clerk.published(id).await.published);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_deliberations_of_a_file_become_items_of_a_draft_or_none_does() {
    let council = Council::open().await;
    let clerk = council.clerk().await;
    let id = council.brings().await;
    clerk.sync().await;
    let head = "COLL_NOM;DELIB_ID;DELIB_DATE;DELIB_MATIERE_NOM;DELIB_OBJET\n";
    let file = council.path("delib.csv");
    let list = async |text: &str, skip_bad_rows: bool| {
        std::fs::write(&file, format!("{head}{text}")).unwrap();
        let command = ClerkCommand::ListDeliberations {
            sitting: id,
            file: file.clone(),
            on: None,
            skip_bad_rows,
        };
        let ClerkReply::Listing(listing) = clerk.at_the_desk(command).await else { panic!() };
        *listing
    };
    let dirty = "Valbrune;1;2036-09-28;Finances;Tarifs\nValbrune;2;2036-09-28\n\
                 Valbrune;3;2036-10-01;Finances;Autre jour\n";
    let refused = list(dirty, false).await;
    assert_eq!((refused.done, refused.added, refused.mistakes.len()), (false, 0, 1));
    assert_eq!(clerk.opened(id).await.sitting.items.len(), 2, "nothing of it was taken");
    let taken = list(dirty, true).await;
    assert_eq!((taken.done, taken.added), (true, 1));
    let view = clerk.opened(id).await;
    let last = view.sitting.items.last().unwrap();
    assert_eq!(
        (view.sitting.items.len(), &*last.title, &*last.theme[0]),
        (3, "Tarifs", "Finances")
    );
    assert!(view.can_undo);
}

#[tokio::test(flavor = "multi_thread")]
async fn people_whom_the_software_names_become_members_and_a_committee_in_one_gesture() {
    let council = Council::open().await;
    let clerk = council.clerk().await;
    let (ines, _) = council.official(&clerk, "Inès").await;
    let (_, _) = council.official(&clerk, "Marc").await;
    let id = council.brings().await;
    clerk.sync().await;
    let brought = clerk.opened(id).await.brought.unwrap();
    // No committee of this name is kept: everybody would be convened.
    assert_eq!(brought.strangers, ["Thomas DURAND"]);
    assert_eq!((&brought.outside[..], brought.new_body), (&[][..], true));
    assert!(brought.unnamed.len() == 1 && brought.unnamed[0].starts_with("Marc"), "{brought:?}");

    for _ in 0..2 {
        clerk.at_the_desk(ClerkCommand::TakeUpPeople(id)).await;
        let view = clerk.opened(id).await;
        let brought = view.brought.as_ref().unwrap();
        assert_eq!((&brought.strangers[..], brought.new_body), (&[][..], false));
        assert!(brought.unnamed.is_empty() && brought.outside.is_empty(), "{brought:?}");
        let [body] = &view.bodies[..] else { panic!("{:?}", view.bodies) };
        assert_eq!((&*body.name, body.kind), ("Commission des finances", BodyKind::Committee));
        assert_eq!((view.sitting.body, body.members.len()), (Some(body.id), 2));
        assert_eq!(body.members[0], ines, "found without regard to case and accents");
        let Reply::Members(members) = clerk.ask(Command::Members).await else { panic!() };
        let thomas: Vec<_> = members.iter().filter(|m| m.last_name == "DURAND").collect();
        assert_eq!(thomas.len(), 1, "once, however often it is asked");
        assert_eq!(thomas[0].email.as_deref(), Some("t@example.org"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_annex_that_is_no_pdf_is_taken_and_the_clerk_is_told_that_it_is_not_shown() {
    let council = Council::open().await;
    let clerk = council.clerk().await;
    let (status, said) = council.post(&council.form(b"PK\x03\x04 a spreadsheet")).await;
    assert_eq!((status, &said["code"]), (200, &"Seance.add.ok".into()), "{said}");
    let id = said["uuid"].as_str().unwrap().parse().unwrap();
    clerk.sync().await;
    let view = clerk.opened(id).await;
    assert_eq!(view.sitting.packet().count(), 3, "the papers are there");
    let [file] = &view.waiting[..] else { panic!("{:?}", view.waiting) };
    assert_eq!(file.name, "Détail (projet_0_0_annexe.odt)");
    let FileRead::Refused(problem) = &file.read else { panic!("{file:?}") };
    let said = ipc::Words::new(ipc::Language::Fr).problem(problem);
    assert!(said.contains("n’est pas un PDF"), "{said}");
    assert!(clerk.published(id).await.published);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_tablets_cannot_show_is_taken_out_byte_for_byte_with_no_network() {
    let council = Council::open().await;
    let clerk = council.clerk().await;
    let sheet: Vec<u8> = b"PK\x03\x04 a spreadsheet".repeat(40_000);
    let (status, said) = council.post(&council.form(&sheet)).await;
    assert_eq!(status, 200, "{said}");
    let id = said["uuid"].as_str().unwrap().parse().unwrap();
    clerk.sync().await;
    let profile = clerk.profile.clone();
    let view = clerk.opened(id).await;
    let file = view.waiting[0].clone();
    assert_eq!(file.own_name.as_deref(), Some("Détail.odt"));
    assert!(clerk.published(id).await.published);

    // The sitting is out, the server is gone, the app was begun anew: it is still here.
    council.stop().await;
    clerk.client.shutdown().await;
    let clerk = Tablet::open(&profile);
    let take = |out| ClerkCommand::TakeOut { sitting: id, file: file.file, out };
    let out = council.path("Détail.odt");
    let Reply::Written { file: written } = clerk.ask(Command::Clerk(take(Some(out.clone())))).await
    else {
        panic!("a file")
    };
    assert_eq!((&written, std::fs::read(&written).unwrap() == sheet), (&out, true));
    let nowhere = council.path("no such folder/Détail.odt");
    let refused = clerk.refused(Command::Clerk(take(Some(nowhere)))).await;
    assert_eq!(refused.code, ErrorCode::FileUnwritable);
    clerk.at_the_desk(ClerkCommand::Dismiss { sitting: id, files: vec![file.file] }).await;
    let refused = clerk.refused(Command::Clerk(take(Some(out)))).await;
    assert_eq!(refused.code, ErrorCode::NotFound);
}
