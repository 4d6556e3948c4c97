//! What every log promises of the post: what is queued once, carried in order, and told.

use std::sync::Arc;

use domain::convocation::{Channel, Convocation, Happening, Receipt, Recipient};
use domain::{
    ConvocationId, MemberId, Message, MessageId, Record, Sha256, Sitting, SittingId, SittingState,
    Statement, Timestamp,
};
use pupitre_server::log::Log;
use pupitre_server::log::post::{About, Decision, End, Fate, Outgoing, Post, Subject};
use pupitre_server::log::sqlite::{Options, SqliteLog};
use testkit::convening;
use wire::{Audience, DocKey, Kind, Outcome, Scope};

use crate::world::{NOW, World};

/// A world and the post of its log.
pub(crate) struct Office {
    pub(crate) world: World,
    pub(crate) post: Arc<dyn Post>,
}

impl Office {
    pub(crate) async fn of<L: Log + Post>(log: Arc<L>, dir: Option<tempfile::TempDir>) -> Self {
        let post = Arc::clone(&log) as Arc<dyn Post>;
        assert!(post.is_ours().await.unwrap());
        Self { world: World::of(log, dir).await, post }
    }

    async fn sqlite() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("log.sqlite");
        let log = SqliteLog::open(&file, Options::default(), Arc::default()).unwrap();
        Self::of(Arc::new(log), Some(dir)).await
    }

    async fn due(&self, now_ms: i64) -> Vec<Outgoing> {
        self.post.due(now_ms, 100).await.unwrap()
    }
}

macro_rules! post_contract {
    ($($promise:ident),+ $(,)?) => {
        mod sqlite {
            $(#[tokio::test] async fn $promise() { super::$promise(super::Office::sqlite().await).await; })+
        }
        /// The same on another log.
        pub(crate) async fn promises(mut office: impl AsyncFnMut() -> Office) {
            $($promise(office().await).await;)+
        }
    };
}

post_contract!(
    a_convocation_is_queued_once_for_everyone_who_can_be_reached,
    what_fails_falls_back_once_and_what_passes_is_tried_again_later,
    a_new_convocation_drops_what_waits_and_leaves_messages_alone,
    a_message_goes_by_mail_and_at_once_by_text_when_it_presses,
    a_reminder_is_a_message_of_its_own,
    what_may_have_left_before_a_restore_is_held_until_somebody_decides,
);

const SITTING: SittingId = SittingId::from_bytes([50; 16]);
const MESSAGE: MessageId = MessageId::from_bytes([60; 16]);

fn recipient(n: u8, email: bool, phone: bool) -> Recipient {
    Recipient {
        member: MemberId::from_bytes([n; 16]),
        name: format!("Camille {n}"),
        channels: vec![Channel::App],
        email: email.then(|| format!("m{n}@valbrune.example")),
        phone: phone.then(|| format!("+3360000000{n}")),
    }
}

fn everyone() -> Vec<Recipient> {
    vec![
        recipient(1, true, true),
        recipient(2, true, false),
        recipient(3, false, true),
        recipient(4, false, false),
    ]
}

async fn convene(office: &mut Office, number: u32) {
    let world = &mut office.world;
    let sitting = Sitting {
        title: "Conseil municipal".to_owned(),
        starts: "2026-12-10T17:30:00Z".parse().unwrap(),
        place: format!("Salle {number}"),
        state: SittingState::Convened,
        ..Sitting::untitled(SITTING)
    };
    let record = Record::Sitting(Box::new(sitting.clone()));
    let published = world.clerk.record(world.council, u64::from(number) - 1, &record);
    let drawn = convening::convocation(&sitting, number, published.hash(), world.clerk.member);
    let convocation = Record::Convocation(Box::new(Convocation {
        made: Timestamp::from_millisecond(NOW + i64::from(number)).unwrap(),
        recipients: everyone(),
        ..drawn
    }));
    let convened = world.clerk.record(world.council, 0, &convocation);
    let outcomes = world.append_by_clerk(vec![published, convened]).await;
    assert!(outcomes.iter().all(|o| matches!(o, Outcome::Accepted { .. })), "{outcomes:?}");
}

fn id(number: u32) -> ConvocationId {
    convening::id(SITTING, number)
}

async fn say(office: &mut Office, statement: &Statement) {
    let world = &mut office.world;
    let scope = Scope { owner: world.clerk.member, audience: Audience::Person(statement.reader()) };
    let (document, json) = (DocKey::of_statement(statement), statement.to_json().unwrap());
    let op = world.clerk.signer.seal(world.council, scope, document, Kind::Receipt, json);
    let outcomes = world.append_by_clerk(vec![op]).await;
    assert!(matches!(outcomes[..], [Outcome::Accepted { .. }]), "{outcomes:?}");
}

async fn tell(office: &mut Office, recipient: Recipient, pressing: bool) {
    let message = Message {
        message: MESSAGE,
        to: "Tous".to_owned(),
        copies: 1,
        author: office.world.clerk.member,
        author_name: "Greffe".to_owned(),
        made: Timestamp::from_millisecond(NOW).unwrap(),
        council: "Valbrune".to_owned(),
        subject: "Tempête".to_owned(),
        text: "La séance aura lieu au gymnase.".to_owned(),
        pressing,
        recipient,
    };
    say(office, &Statement::Message(Box::new(message))).await;
}

fn addresses(due: &[Outgoing]) -> Vec<(Channel, &str, u32)> {
    due.iter().map(|m| (m.channel, m.address.as_str(), m.attempts)).collect()
}

async fn a_convocation_is_queued_once_for_everyone_who_can_be_reached(mut office: Office) {
    convene(&mut office, 1).await;
    assert_eq!(office.post.gather(NOW).await.unwrap(), 3);
    assert_eq!(office.post.gather(NOW).await.unwrap(), 0, "looking again adds nothing");
    assert!(office.due(NOW - 1).await.is_empty());
    let due = office.due(NOW).await;
    assert_eq!(
        addresses(&due),
        [
            (Channel::Email, "m1@valbrune.example", 0),
            (Channel::Email, "m2@valbrune.example", 0),
            (Channel::Sms, "+33600000003", 0)
        ]
    );
    assert!(due.iter().all(|m| matches!(&m.about, About::Convocation(c) if c.id == id(1))));
    assert_eq!(office.post.due(NOW, 2).await.unwrap().len(), 2);
    assert_eq!(office.post.next_due().await.unwrap(), Some(NOW));
}

async fn what_fails_falls_back_once_and_what_passes_is_tried_again_later(mut office: Office) {
    convene(&mut office, 1).await;
    office.post.gather(NOW).await.unwrap();
    let due = office.due(NOW).await;
    let [first, second, third] = &due[..] else { panic!("{due:?}") };
    let instead = Some((Channel::Sms, "+33600000001".to_owned()));
    let failed = |instead| Fate::Failed { reason: "550".to_owned(), instead };
    office.post.leaving(first.number).await.unwrap();
    office.post.left(first.number, failed(instead.clone()), NOW + 1).await.unwrap();
    office.post.left(first.number, failed(instead), NOW + 1).await.unwrap();
    // On its way when the process ends: it is due again, and the attempt counted.
    office.post.leaving(second.number).await.unwrap();
    office.post.leaving(third.number).await.unwrap();
    let later = Fate::Later { next_ms: NOW + 60_000, reason: "451".to_owned() };
    office.post.left(third.number, later, NOW + 2).await.unwrap();
    let due = office.due(NOW + 10).await;
    assert_eq!(
        addresses(&due),
        [(Channel::Email, "m2@valbrune.example", 1), (Channel::Sms, "+33600000001", 0)]
    );
    let taken = Fate::Sent { answer: "250 ok".to_owned() };
    office.post.left(due[0].number, taken.clone(), NOW + 3).await.unwrap();
    office.post.left(due[1].number, taken, NOW + 4).await.unwrap();
    assert!(office.due(NOW + 10).await.is_empty());
    assert_eq!(office.post.next_due().await.unwrap(), Some(NOW + 60_000));
    assert_eq!(office.due(NOW + 60_000).await[0].attempts, 1);

    let done = office.post.unwitnessed(10).await.unwrap();
    let told: Vec<_> = done.iter().map(|d| (d.end, d.address.as_str(), d.at_ms - NOW)).collect();
    assert_eq!(
        told,
        [
            (End::Failed, "m1@valbrune.example", 1),
            (End::Sent, "m2@valbrune.example", 3),
            (End::Sent, "+33600000001", 4)
        ]
    );
    assert!(done.iter().all(|d| d.about == Subject::Convocation(SITTING, id(1))));
    let numbers = done.iter().take(2).map(|d| d.number).collect();
    office.post.witnessed(numbers).await.unwrap();
    assert_eq!(office.post.unwitnessed(10).await.unwrap().len(), 1);
}

async fn a_new_convocation_drops_what_waits_and_leaves_messages_alone(mut office: Office) {
    convene(&mut office, 1).await;
    tell(&mut office, recipient(1, true, false), false).await;
    office.post.gather(NOW).await.unwrap();
    let first = office.due(NOW).await[0].number;
    office.post.leaving(first).await.unwrap();
    convene(&mut office, 2).await;
    office.post.gather(NOW + 1).await.unwrap();
    let due = office.due(NOW + 1).await;
    let old = due.iter().filter(|m| matches!(&m.about, About::Convocation(c) if c.number == 1));
    assert_eq!(old.count(), 1, "what was on its way may have left: it is told, and carried on");
    let messages = due.iter().filter(|m| matches!(&m.about, About::Message(_)));
    assert_eq!((messages.count(), due.len()), (1, 5));
}

async fn a_message_goes_by_mail_and_at_once_by_text_when_it_presses(mut office: Office) {
    tell(&mut office, recipient(1, true, true), false).await;
    tell(&mut office, recipient(2, true, true), true).await;
    tell(&mut office, recipient(3, false, true), false).await;
    tell(&mut office, recipient(4, false, false), true).await;
    assert_eq!(office.post.gather(NOW).await.unwrap(), 4);
    let due = office.due(NOW).await;
    assert_eq!(
        addresses(&due),
        [
            (Channel::Email, "m1@valbrune.example", 0),
            (Channel::Email, "m2@valbrune.example", 0),
            (Channel::Sms, "+33600000002", 0),
            (Channel::Sms, "+33600000003", 0)
        ]
    );
    let named =
        |m: &Outgoing| matches!(&m.about, About::Message(w) if w.recipient.member == m.member);
    assert!(due.iter().all(named), "everyone their own copy");
    let refused = Fate::Failed {
        reason: "550".to_owned(),
        instead: Some((Channel::Sms, "+33600000002".to_owned())),
    };
    office.post.left(due[1].number, refused, NOW).await.unwrap();
    assert_eq!(office.due(NOW).await.len(), 3, "the text message is there already");
    let done = office.post.unwitnessed(10).await.unwrap();
    assert_eq!((done.len(), done[0].about), (1, Subject::Message(MESSAGE)));
    assert_eq!(done[0].end, End::Failed);
}

async fn a_reminder_is_a_message_of_its_own(mut office: Office) {
    convene(&mut office, 1).await;
    office.post.gather(NOW).await.unwrap();
    let reminded = Receipt {
        sitting: SITTING,
        convocation: id(1),
        member: MemberId::from_bytes([2; 16]),
        happening: Happening::Reminded { nth: 1 },
        at: Timestamp::from_millisecond(NOW).unwrap(),
        after: None,
        previous: Sha256::from_bytes([1; 32]),
    };
    say(&mut office, &Statement::Receipt(Box::new(reminded))).await;
    assert_eq!(office.post.gather(NOW).await.unwrap(), 1);
    let due = office.due(NOW).await;
    let reminders: Vec<_> = due.iter().filter(|m| m.reminder == 1).collect();
    assert_eq!((reminders.len(), reminders[0].address.as_str()), (1, "m2@valbrune.example"));
}

async fn what_may_have_left_before_a_restore_is_held_until_somebody_decides(mut office: Office) {
    convene(&mut office, 1).await;
    office.post.gather(NOW).await.unwrap();
    let due = office.due(NOW).await;
    let [first, second, third] = &due[..] else { panic!("{due:?}") };
    office.post.leaving(first.number).await.unwrap();
    let taken = Fate::Sent { answer: "250 ok".to_owned() };
    office.post.left(third.number, taken, NOW).await.unwrap();
    assert_eq!(office.post.hold(NOW + 2).await.unwrap(), 2, "what was sent is not held");
    // Written before, and known to the log only afterwards.
    tell(&mut office, recipient(4, true, false), false).await;
    assert_eq!(office.post.gather(NOW + 3).await.unwrap(), 1);
    assert!(office.due(NOW + 1_000_000).await.is_empty());
    assert_eq!(office.post.next_due().await.unwrap(), None);

    // The log is told once, and what was sent is told as ever.
    let told = office.post.unwitnessed(10).await.unwrap();
    let ends: Vec<_> = told.iter().map(|d| (d.end, d.address.as_str(), d.at_ms - NOW)).collect();
    assert_eq!(
        ends,
        [
            (End::Held, "m1@valbrune.example", 2),
            (End::Held, "m2@valbrune.example", 2),
            (End::Sent, "+33600000003", 0),
            (End::Held, "m4@valbrune.example", 2),
        ]
    );
    office.post.witnessed(told.iter().map(|d| d.number).collect()).await.unwrap();
    assert!(office.post.unwitnessed(10).await.unwrap().is_empty());
    // Another restore changes nothing about it.
    assert_eq!(office.post.hold(NOW + 1).await.unwrap(), 0);
    let held = office.post.held().await.unwrap();
    assert_eq!(held.len(), 3);

    let decide = |number, decision| office.post.decide(vec![number], decision, NOW + 4);
    assert_eq!(decide(first.number, Decision::Send).await.unwrap(), 1);
    assert_eq!(decide(first.number, Decision::Drop).await.unwrap(), 0, "it is held no more");
    assert_eq!(decide(held[2].number, Decision::Drop).await.unwrap(), 1);
    let due = office.due(NOW + 4).await;
    assert_eq!(addresses(&due), [(Channel::Email, "m1@valbrune.example", 1)]);
    let again = Fate::Sent { answer: "250 ok".to_owned() };
    office.post.left(first.number, again, NOW + 5).await.unwrap();
    assert_eq!(office.post.unwitnessed(10).await.unwrap()[0].end, End::Sent);

    // What is written from then on leaves by itself; what it replaces is held no longer.
    convene(&mut office, 2).await;
    office.post.gather(NOW + 6).await.unwrap();
    let due = office.due(NOW + 6).await;
    assert!(due.iter().all(|m| matches!(&m.about, About::Convocation(c) if c.number == 2)));
    assert_eq!((due.len(), office.post.held().await.unwrap().len()), (3, 0));
    assert_eq!(second.address, "m2@valbrune.example");
}
