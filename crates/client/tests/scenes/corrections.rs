//! A convened sitting changes on the desk: why is told to everyone, and a sitting that is cancelled
//! there is called off; what the law leaves to the council is settled by it.

use domain::law::{Counting, Procedure};
use domain::{BodyKind, SittingId, SittingState};
use ipc::{
    Civil, ClerkCommand, Command, Convened, Convening, ConvocationCommand, Correction,
    DeadlineView, Edit, Planned, Reply,
};

use crate::council::{Council, Tablet};

async fn desk(clerk: &Tablet, command: ClerkCommand) {
    clerk.ask(Command::Clerk(command)).await;
}

async fn convened(clerk: &Tablet, convening: Convening) -> Convened {
    let command = Command::Convocation(ConvocationCommand::Convene(convening));
    let Reply::Convened(done) = clerk.ask(command).await else { panic!("convened") };
    *done
}

async fn state(clerk: &Tablet, sitting: SittingId) -> SittingState {
    let Reply::Sittings(cards) = clerk.ask(Command::Sittings).await else { panic!("cards") };
    cards.into_iter().find(|card| card.sitting == sitting).unwrap().state
}

async fn deadline(clerk: &Tablet, body: BodyKind, procedure: Procedure) -> DeadlineView {
    let planned = Planned::Draft { starts: "2036-06-22T16:00:00Z".parse().unwrap(), body };
    let command = Command::Deadline { planned, procedure, after: None, dispatch: None };
    let Reply::Deadline(view) = clerk.ask(command).await else { panic!("a deadline") };
    *view
}

#[tokio::test(flavor = "multi_thread")]
async fn why_a_sitting_is_corrected_or_cancelled_stands_in_what_everybody_is_sent() {
    let council = Council::open().await;
    let clerk = council.clerk().await;
    let (_, tablet) = council.official(&clerk, "Inès").await;
    let sitting = clerk.publish(&council.sitting()).await.sitting;
    convened(&clerk, Convening::of(sitting)).await;

    let civil = Civil { year: 2036, month: 9, day: 29, hour: 18, minute: 30 };
    desk(&clerk, ClerkCommand::Edit { sitting, edit: Edit::Starts(civil) }).await;
    let (correction, reason) = (Some(Correction::Convene), Some("  Salle  prise ".to_owned()));
    desk(&clerk, ClerkCommand::Publish { sitting, correction, reason }).await;
    assert_eq!(state(&clerk, sitting).await, SittingState::Published);
    let again = convened(&clerk, Convening::of(sitting)).await;
    assert_eq!((again.number, again.already), (2, false));
    tablet.sync().await;
    let Reply::Sitting(view) = tablet.ask(Command::Sitting { sitting }).await else {
        panic!("a sitting")
    };
    assert_eq!(view.card.reply.unwrap().note, "Salle prise", "in the convocation");
    assert_eq!(view.changes[0].change.note.as_deref(), Some("Salle prise"), "and on the sitting");

    // Cancelled on the desk: everybody who was convened is sent it, once.
    let edit = Edit::Cancelled(Some("Alerte météo".to_owned()));
    desk(&clerk, ClerkCommand::Edit { sitting, edit }).await;
    desk(&clerk, ClerkCommand::Publish { sitting, correction: None, reason: None }).await;
    tablet.sync().await;
    let Reply::Sittings(cards) = tablet.ask(Command::Sittings).await else { panic!("cards") };
    let reply = cards[0].reply.clone().unwrap();
    assert_eq!((reply.number, reply.cancelled, reply.note.as_str()), (3, true, "Alerte météo"));
    let out = council.path("seance.ics");
    let calendar = ConvocationCommand::Calendar { sitting, out: out.clone() };
    tablet.ask(Command::Convocation(calendar)).await;
    let entry = std::fs::read_to_string(out).unwrap();
    // A file for one's own calendar is published; the letter is what cancels by METHOD (`post.rs`).
    assert!(entry.contains("STATUS:CANCELLED") && entry.contains("SEQUENCE:2"), "{entry}");

    // It takes place after all: convened anew.
    desk(&clerk, ClerkCommand::Edit { sitting, edit: Edit::Cancelled(None) }).await;
    desk(&clerk, ClerkCommand::Publish { sitting, correction: None, reason: None }).await;
    assert_eq!(convened(&clerk, Convening::of(sitting)).await.number, 4);
    let Reply::Proved(proved) = clerk
        .ask(Command::Convocation(ConvocationCommand::Prove {
            sitting,
            out: Some(council.path("p")),
        }))
        .await
    else {
        panic!("proved")
    };
    let text = std::fs::read_to_string(proved.file).unwrap();
    let found = pupitre_client::proof::verify(text.as_bytes());
    assert!(found.valid && found.convocations == 4, "{:?}", found.findings);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_call_is_ruled_as_one_and_the_councils_own_choices_count() {
    let council = Council::open().await;
    let clerk = council.clerk().await;
    council.official(&clerk, "Inès").await;
    let sitting = clerk.publish(&council.sitting()).await.sitting;
    let again = Convening {
        procedure: Procedure::SecondCall,
        after: Some("2036-09-21".parse().unwrap()),
        ..Convening::of(sitting)
    };
    let ruling = convened(&clerk, again).await.ruling.deadline;
    assert_eq!((ruling.rule.as_str(), ruling.procedure), ("R11", Procedure::SecondCall));

    // A committee: no legal delay, then the council's own.
    let committee = deadline(&clerk, BodyKind::Committee, Procedure::Ordinary).await.deadline;
    assert!(committee.house && committee.days == 0);
    // The primitive budget: twelve days that can be counted in two ways.
    let budget = deadline(&clerk, BodyKind::Council, Procedure::Budget).await.deadline;
    assert!(!budget.strict && budget.latest_dispatch > budget.safe_dispatch);
    let settle = |house_days, strict| ClerkCommand::SaveLawChoices { house_days, strict };
    desk(&clerk, settle(Some(3), None)).await;
    desk(&clerk, settle(None, Some(true))).await;
    let committee = deadline(&clerk, BodyKind::Committee, Procedure::Ordinary).await.deadline;
    assert_eq!((committee.days, committee.counting), (3, Counting::Clear));
    let strict = deadline(&clerk, BodyKind::Council, Procedure::Budget).await.deadline;
    assert_eq!((strict.strict, strict.latest_dispatch), (true, budget.safe_dispatch));
    let said = ipc::Words::new(ipc::Language::Fr).deadline(&strict).join(" ");
    assert!(said.contains("Votre conseil a choisi"), "the screen says so: {said}");
    desk(&clerk, settle(Some(0), Some(false))).await;
    let committee = deadline(&clerk, BodyKind::Committee, Procedure::Ordinary).await.deadline;
    assert_eq!(committee.days, 0);
}
