//! What every log promises of messages to members and their receipts.

use domain::{
    Channel, Happening, MemberId, Message, MessageId, MessageReceipt, Recipient, Role, Sha256,
    Statement, Timestamp, message,
};
use wire::{Audience, DocKey, Kind, Op, Outcome, ProblemCode, Scope};

use crate::world::{Author, NOW, START, World, log_contract};

log_contract!(
    a_copy_is_taken_once_and_read_by_its_person_and_the_clerks,
    only_a_clerk_writes_and_in_nobody_elses_name,
    what_happens_to_a_copy_is_told_by_whoever_can_know_it,
);

const MESSAGE: MessageId = MessageId::from_bytes([60; 16]);

fn copy(author: MemberId, to: MemberId, text: &str) -> Statement {
    Statement::Message(Box::new(Message {
        message: MESSAGE,
        to: "Finances".to_owned(),
        copies: 2,
        author,
        author_name: "Greffe".to_owned(),
        made: Timestamp::from_millisecond(NOW).unwrap(),
        council: "Valbrune".to_owned(),
        subject: "Changement de salle".to_owned(),
        text: text.to_owned(),
        pressing: false,
        recipient: Recipient {
            member: to,
            name: "Camille Martin".to_owned(),
            channels: vec![Channel::App],
            email: None,
            phone: None,
        },
    }))
}

fn receipt(member: MemberId, happening: Happening) -> Statement {
    Statement::MessageReceipt(Box::new(MessageReceipt {
        message: MESSAGE,
        member,
        happening,
        at: Timestamp::from_millisecond(NOW).unwrap(),
        after: None,
        previous: Sha256::from_bytes([1; 32]),
    }))
}

fn sealed(author: &mut Author, world: &World, statement: &Statement) -> Op {
    let scope = Scope { owner: author.member, audience: Audience::Person(statement.reader()) };
    let json = statement.to_json().unwrap();
    let document = DocKey::of_statement(statement);
    author.signer.seal(world.council, scope, document, Kind::Receipt, json)
}

async fn say(world: &World, author: &mut Author, statement: &Statement) -> Option<ProblemCode> {
    let op = sealed(author, world, statement);
    match world.append(author, vec![op]).await[..] {
        [Outcome::Accepted { .. }] => None,
        [Outcome::Refused { code }] => Some(code),
        ref other => panic!("{other:?}"),
    }
}

async fn by_clerk(world: &mut World, statement: &Statement) -> Option<ProblemCode> {
    let mut clerk = world.another().clerk;
    clerk.signer.next = world.clerk.signer.next;
    let said = say(world, &mut clerk, statement).await;
    world.clerk.signer.next = clerk.signer.next;
    said
}

async fn a_copy_is_taken_once_and_read_by_its_person_and_the_clerks(mut world: World) {
    let mut ines = world.member(10, Role::Official, &[]).await;
    let karim = world.member(11, Role::Official, &[]).await;
    let author = world.clerk.member;
    let of_ines = copy(author, ines.member, "Gymnase");
    assert_eq!(by_clerk(&mut world, &of_ines).await, None);
    assert_eq!(by_clerk(&mut world, &of_ines).await, Some(ProblemCode::Conflict), "once");
    assert_eq!(by_clerk(&mut world, &copy(author, karim.member, "Gymnase")).await, None);
    let opened = receipt(ines.member, Happening::Opened);
    assert_eq!(say(&world, &mut ines, &opened).await, None);
    let seen = |page: pupitre_server::log::Page| {
        page.items.iter().filter(|entry| entry.op.header.kind == Kind::Receipt).count()
    };
    assert_eq!(seen(world.pull(&ines, START).await), 2, "her copy and her receipt");
    assert_eq!(seen(world.pull(&karim, START).await), 1, "his copy");
    assert_eq!(seen(world.pull(&world.clerk, START).await), 3);
}

async fn only_a_clerk_writes_and_in_nobody_elses_name(mut world: World) {
    let mut ines = world.member(10, Role::Official, &[]).await;
    let (author, member) = (world.clerk.member, ines.member);
    let own = copy(member, member, "Gymnase");
    assert_eq!(say(&world, &mut ines, &own).await, Some(ProblemCode::Forbidden));
    assert_eq!(by_clerk(&mut world, &own).await, Some(ProblemCode::Forbidden));
    let long = copy(author, member, &"m".repeat(message::TEXT + 1));
    assert_eq!(by_clerk(&mut world, &long).await, Some(ProblemCode::TooLarge));
    // A copy for other eyes than its person's.
    let statement = copy(author, member, "Gymnase");
    let scope = Scope { owner: author, audience: Audience::Council };
    let (document, json) = (DocKey::of_statement(&statement), statement.to_json().unwrap());
    let op = world.clerk.signer.seal(world.council, scope, document, Kind::Receipt, json);
    let outcomes = world.append_by_clerk(vec![op]).await;
    assert!(matches!(outcomes[..], [Outcome::Refused { code: ProblemCode::Forbidden }]));
}

async fn what_happens_to_a_copy_is_told_by_whoever_can_know_it(mut world: World) {
    let mut ines = world.member(10, Role::Official, &[]).await;
    let karim = world.member(11, Role::Official, &[]).await;
    let (author, member) = (world.clerk.member, ines.member);
    let opened = receipt(member, Happening::Opened);
    assert_eq!(say(&world, &mut ines, &opened).await, Some(ProblemCode::NotFound), "not sent yet");
    by_clerk(&mut world, &copy(author, member, "Gymnase")).await;
    by_clerk(&mut world, &copy(author, karim.member, "Gymnase")).await;
    let sent = Happening::Failed { channel: Channel::Email, to: None, reason: "550".to_owned() };
    let answer = Happening::Answered { answer: domain::Answer::Present };
    for (happening, of) in
        [(sent.clone(), member), (answer, member), (Happening::Opened, karim.member)]
    {
        let said = say(&world, &mut ines, &receipt(of, happening.clone())).await;
        assert_eq!(said, Some(ProblemCode::Forbidden), "{happening:?}");
    }
    assert_eq!(by_clerk(&mut world, &opened).await, Some(ProblemCode::Forbidden));
    let office = world.log.office(world.council).await.unwrap();
    let mut signer = testkit::Signer::new(201);
    signer.next = office.last_seq + 1;
    let mut office = Author { signer, member: office.device.member };
    assert_eq!(say(&world, &mut office, &receipt(member, sent)).await, None);
}
