//! What every log promises of convocations, receipts and the directory of devices.

use domain::{
    Answer, Convocation, ConvocationId, DeviceCard, Happening, MemberId, PublicKey, Receipt,
    Record, Role, Sha256, Sitting, SittingId, SittingState, Timestamp,
};
use pupitre_server::log::Revocation;
use pupitre_server::log::audit::By;
use testkit::{Signer, convening};
use wire::{Audience, DocKey, Kind, Op, Outcome, ProblemCode, Scope};

use crate::world::{Author, NOW, START, World, log_contract};

log_contract!(
    a_convocation_is_drawn_from_the_standing_agenda_and_never_replaced,
    receipts_are_read_by_their_person_and_the_clerks,
    nobody_witnesses_for_another,
    nobody_bears_two_proxies,
    a_move_of_the_sitting_frees_the_bearers,
    only_the_office_lists_devices,
    a_calendar_has_one_address_and_follows_the_convocations,
    the_office_brings_drafts_and_a_record_is_found_as_it_stands,
    the_office_knows_which_cards_are_wanting,
);

const SITTING: SittingId = SittingId::from_bytes([50; 16]);

fn sitting(place: &str) -> Sitting {
    Sitting {
        title: "Conseil municipal".to_owned(),
        starts: "2026-12-10T17:30:00Z".parse().unwrap(),
        place: place.to_owned(),
        state: SittingState::Convened,
        ..Sitting::untitled(SITTING)
    }
}

fn convocation(number: u32, place: &str, sitting_op: Sha256) -> Record {
    let author = MemberId::from_bytes([151; 16]);
    let drawn = convening::convocation(&sitting(place), number, sitting_op, author);
    let made = Timestamp::from_millisecond(NOW).unwrap();
    Record::Convocation(Box::new(Convocation { made, ..drawn }))
}

/// Publishes the sitting and convenes it; answers the sitting's operation.
async fn convene(world: &mut World, number: u32, place: &str) -> Vec<Outcome> {
    let council = world.council;
    let version = u64::from(number) - 1;
    let published =
        world.clerk.record(council, version, &Record::Sitting(Box::new(sitting(place))));
    let convened = world.clerk.record(council, 0, &convocation(number, place, published.hash()));
    world.append_by_clerk(vec![published, convened]).await
}

fn receipt(author: &mut Author, world: &World, member: MemberId, happening: Happening) -> Op {
    let convocation = convening::id(SITTING, 1);
    let receipt = Receipt {
        sitting: SITTING,
        convocation,
        member,
        happening,
        at: Timestamp::from_millisecond(NOW).unwrap(),
        after: None,
        previous: Sha256::from_bytes([1; 32]),
    };
    let scope = Scope { owner: author.member, audience: Audience::Person(receipt.reader()) };
    let document = DocKey::of_record(convocation.to_bytes());
    let json = receipt.to_json().unwrap();
    author.signer.seal(world.council, scope, document, Kind::Receipt, json)
}

fn refused(outcomes: &[Outcome]) -> Option<ProblemCode> {
    match outcomes {
        [Outcome::Refused { code }] => Some(*code),
        _ => None,
    }
}

async fn say(world: &World, author: &mut Author, happening: Happening) -> Vec<Outcome> {
    let member = author.member;
    let op = receipt(author, world, member, happening);
    world.append(author, vec![op]).await
}

async fn a_convocation_is_drawn_from_the_standing_agenda_and_never_replaced(mut world: World) {
    let council = world.council;
    let accepted = convene(&mut world, 1, "Salle").await;
    assert!(matches!(accepted[..], [Outcome::Accepted { .. }, Outcome::Accepted { .. }]));
    // The same number again, by another clerk at the same time.
    let again =
        world.clerk.record(council, 0, &convocation(1, "Salle", Sha256::from_bytes([2; 32])));
    let outcomes = world.append_by_clerk(vec![again]).await;
    assert!(matches!(outcomes[..], [Outcome::Conflict { current: 1 }]), "{outcomes:?}");
    let over =
        world.clerk.record(council, 1, &convocation(1, "Salle", Sha256::from_bytes([2; 32])));
    assert_eq!(refused(&world.append_by_clerk(vec![over]).await), Some(ProblemCode::Forbidden));
    // Drawn from another agenda than the log's, or with a number left out.
    let other =
        world.clerk.record(council, 0, &convocation(2, "Salle", Sha256::from_bytes([2; 32])));
    assert_eq!(refused(&world.append_by_clerk(vec![other]).await), Some(ProblemCode::Untrue));
    let changed = world.clerk.record(council, 1, &Record::Sitting(Box::new(sitting("Gymnase"))));
    let third = world.clerk.record(council, 0, &convocation(3, "Gymnase", changed.hash()));
    let outcomes = world.append_by_clerk(vec![changed, third]).await;
    assert_eq!(refused(&outcomes[1..]), Some(ProblemCode::Untrue));
    // A name that is not its own.
    let Record::Convocation(mut false_name) =
        convocation(2, "Gymnase", Sha256::from_bytes([2; 32]))
    else {
        panic!("a convocation")
    };
    false_name.id = ConvocationId::from_bytes([9; 16]);
    let op = world.clerk.record(council, 0, &Record::Convocation(false_name));
    assert_eq!(refused(&world.append_by_clerk(vec![op]).await), Some(ProblemCode::Malformed));
}

async fn receipts_are_read_by_their_person_and_the_clerks(mut world: World) {
    let mut ines = world.member(10, Role::Official, &[]).await;
    let karim = world.member(11, Role::Official, &[]).await;
    assert_eq!(
        refused(&say(&world, &mut ines, Happening::Opened).await),
        Some(ProblemCode::NotFound),
        "there is no convocation yet"
    );
    convene(&mut world, 1, "Salle").await;
    let opened = say(&world, &mut ines, Happening::Opened).await;
    assert!(matches!(opened[..], [Outcome::Accepted { .. }]), "{opened:?}");
    let seen = |page: pupitre_server::log::Page| {
        page.items.iter().filter(|entry| entry.op.header.kind == Kind::Receipt).count()
    };
    assert_eq!(seen(world.pull(&ines, START).await), 1);
    assert_eq!(seen(world.pull(&world.clerk, START).await), 1);
    assert_eq!(seen(world.pull(&karim, START).await), 0);
}

async fn nobody_witnesses_for_another(mut world: World) {
    let mut ines = world.member(10, Role::Official, &[]).await;
    let karim = world.member(11, Role::Official, &[]).await;
    let mut guest = world.member(12, Role::Guest, &[]).await;
    convene(&mut world, 1, "Salle").await;
    let op = receipt(&mut ines, &world, karim.member, Happening::Opened);
    assert_eq!(refused(&world.append(&ines, vec![op]).await), Some(ProblemCode::Forbidden));
    let sent = Happening::Dispatched {
        channel: domain::Channel::Email,
        to: None,
        proof: None,
        message: None,
        reminder: false,
    };
    assert_eq!(refused(&say(&world, &mut ines, sent).await), Some(ProblemCode::Forbidden));
    assert_eq!(
        refused(&say(&world, &mut guest, Happening::Opened).await),
        Some(ProblemCode::Forbidden)
    );
    // A receipt for other eyes than its person's.
    let me = ines.member;
    let mut op = receipt(&mut ines, &world, me, Happening::Opened);
    let scope = Scope { owner: ines.member, audience: Audience::Council };
    ines.signer.next -= 1;
    op = ines.signer.seal(world.council, scope, op.header.document, Kind::Receipt, op.payload);
    assert_eq!(refused(&world.append(&ines, vec![op]).await), Some(ProblemCode::Forbidden));
}

async fn nobody_bears_two_proxies(mut world: World) {
    let mut ines = world.member(10, Role::Official, &[]).await;
    let mut karim = world.member(11, Role::Official, &[]).await;
    let mut maud = world.member(12, Role::Official, &[]).await;
    convene(&mut world, 1, "Salle").await;
    let to_maud = Happening::Answered { answer: Answer::Proxy(maud.member) };
    let taken = |outcomes: &[Outcome]| matches!(outcomes, [Outcome::Accepted { .. }]);
    assert!(taken(&say(&world, &mut ines, to_maud.clone()).await));
    let second = say(&world, &mut karim, to_maud.clone()).await;
    assert_eq!(refused(&second), Some(ProblemCode::Conflict));
    // The bearer refuses: there is room again, and the first cannot be taken any more.
    let word = |accepts| Happening::Borne { giver: ines.member, accepts };
    assert!(taken(&say(&world, &mut maud, word(false)).await));
    assert!(taken(&say(&world, &mut karim, to_maud.clone()).await));
    assert_eq!(refused(&say(&world, &mut maud, word(true)).await), Some(ProblemCode::Conflict));
    // Given back.
    assert!(taken(&say(&world, &mut karim, Happening::Answered { answer: Answer::Present }).await));
    assert!(taken(&say(&world, &mut ines, to_maud).await));
}

async fn a_move_of_the_sitting_frees_the_bearers(mut world: World) {
    let mut ines = world.member(10, Role::Official, &[]).await;
    let mut karim = world.member(11, Role::Official, &[]).await;
    let maud = world.member(12, Role::Official, &[]).await;
    convene(&mut world, 1, "Salle").await;
    let to_maud = Happening::Answered { answer: Answer::Proxy(maud.member) };
    say(&world, &mut ines, to_maud.clone()).await;
    convene(&mut world, 2, "Salle").await;
    let still = say(&world, &mut karim, to_maud.clone()).await;
    assert_eq!(refused(&still), Some(ProblemCode::Conflict), "the same day and place");
    convene(&mut world, 3, "Gymnase").await;
    let free = say(&world, &mut karim, to_maud).await;
    assert!(matches!(free[..], [Outcome::Accepted { .. }]), "{free:?}");
}

fn card(signer: &Signer, member: MemberId, revoked: bool) -> Record {
    Record::Device(DeviceCard {
        id: signer.device,
        member,
        signing_key: PublicKey::from_bytes(signer.public_key()),
        agreement_key: None,
        enrolled: Timestamp::from_millisecond(NOW).unwrap(),
        revoked: revoked.then(|| Timestamp::from_millisecond(NOW).unwrap()),
    })
}

/// The device the council was founded with, counting on from its records.
async fn office(world: &World) -> Author {
    let office = world.log.office(world.council).await.unwrap();
    let mut signer = Signer::new(201);
    assert_eq!(signer.device, office.device.id);
    signer.next = office.last_seq + 1;
    Author { signer, member: office.device.member }
}

async fn only_the_office_lists_devices(mut world: World) {
    let ines = world.member(10, Role::Official, &[]).await;
    let council = world.council;
    let card = card(&ines.signer, ines.member, false);
    let by_clerk = world.clerk.record(council, 0, &card);
    assert_eq!(refused(&world.append_by_clerk(vec![by_clerk]).await), Some(ProblemCode::Forbidden));
    let mut office = office(&world).await;
    // Also when the clerk in whose name it writes has left.
    world.log.revoke(Revocation::Member(council, office.member), By::operator(NOW)).await.unwrap();
    let op = office.record(council, 0, &card);
    let listed = world.append(&office, vec![op]).await;
    assert!(matches!(listed[..], [Outcome::Accepted { .. }]), "{listed:?}");
}

async fn a_calendar_has_one_address_and_follows_the_convocations(mut world: World) {
    let ines = world.member(10, Role::Official, &[]).await;
    let (council, member) = (world.council, ines.member);
    let log = std::sync::Arc::clone(&world.log);
    let hash = |n: u8| Sha256::from_bytes([n; 32]);
    assert_eq!(log.calendar(council, member).await.unwrap(), 0);
    log.give_calendar(council, member, 1, hash(1), NOW).await.unwrap();
    let at = |found: Option<pupitre_server::log::Subscribed>| found.map(|f| (f.member, f.latest));
    assert_eq!(at(log.calendar_at(hash(1)).await.unwrap()), Some((member, 0)));
    assert!(log.convocations(council).await.unwrap().is_empty());

    convene(&mut world, 1, "Salle").await;
    convene(&mut world, 2, "Mairie").await;
    let head = log.head(council).await.unwrap();
    assert_eq!(at(log.calendar_at(hash(1)).await.unwrap()), Some((member, head)));
    let all = log.convocations(council).await.unwrap();
    let all: Vec<_> = all.iter().map(|(c, sent_ms)| (c.number, &*c.place, *sent_ms)).collect();
    assert_eq!(all, [(1, "Salle", NOW), (2, "Mairie", NOW)]);

    // Another address: the one before leads nowhere, and an old one does not come back.
    log.give_calendar(council, member, 2, hash(2), NOW).await.unwrap();
    log.give_calendar(council, member, 1, hash(1), NOW).await.unwrap();
    log.give_calendar(council, member, 2, hash(9), NOW).await.unwrap();
    assert_eq!(log.calendar(council, member).await.unwrap(), 2);
    assert_eq!(log.calendar_at(hash(1)).await.unwrap(), None);
    assert_eq!(log.calendar_at(hash(9)).await.unwrap(), None);
    assert_eq!(at(log.calendar_at(hash(2)).await.unwrap()), Some((member, head)));

    // Who has left has none; who comes back is given another.
    let mut person = crate::world::person(10, Role::Official, &[]);
    person.left = Some(jiff::civil::date(2026, 11, 27));
    let op = world.clerk.record(council, 1, &Record::Member(person.clone()));
    world.append_by_clerk(vec![op]).await;
    assert_eq!(log.calendar_at(hash(2)).await.unwrap(), None);
    assert_eq!(log.calendar(council, member).await.unwrap(), 3);
    person.left = None;
    let op = world.clerk.record(council, 2, &Record::Member(person));
    world.append_by_clerk(vec![op]).await;
    assert_eq!(log.calendar_at(hash(2)).await.unwrap(), None);
    log.give_calendar(council, member, 3, hash(3), NOW).await.unwrap();
    assert_eq!(at(log.calendar_at(hash(3)).await.unwrap()).map(|(member, _)| member), Some(member));
    log.revoke(Revocation::Member(council, member), By::operator(NOW)).await.unwrap();
    assert_eq!(log.calendar_at(hash(3)).await.unwrap(), None);
}

async fn the_office_brings_drafts_and_a_record_is_found_as_it_stands(mut world: World) {
    let council = world.council;
    let mut office = office(&world).await;
    let draft = domain::Sitting {
        title: "Conseil municipal".to_owned(),
        ..domain::Sitting::untitled(SittingId::from_bytes([77; 16]))
    };
    let id = draft.id.to_bytes();
    let find = async |world: &World, council| {
        world.log.record(council, domain::Entity::Sitting, id).await.unwrap()
    };
    assert_eq!(find(&world, council).await, None);
    let record = Record::Sitting(Box::new(draft.clone()));
    let op = office.record(council, 0, &record);
    let brought = world.append(&office, vec![op]).await;
    assert!(matches!(brought[..], [Outcome::Accepted { .. }]), "{brought:?}");
    assert_eq!(find(&world, council).await, Some((1, record)));

    // The office publishes nothing, a clerk does.
    let state = domain::SittingState::Published;
    let published = Record::Sitting(Box::new(domain::Sitting { state, ..draft }));
    let op = office.record(council, 1, &published);
    assert_eq!(refused(&world.append(&office, vec![op]).await), Some(ProblemCode::Forbidden));
    let op = world.clerk.record(council, 1, &published);
    world.append_by_clerk(vec![op]).await;
    assert_eq!(find(&world, council).await, Some((2, published)));
    let (elsewhere, _) = crate::world::a_council(&*world.log, 7).await;
    assert_eq!(find(&world, elsewhere).await, None, "another council's record");
}

async fn the_office_knows_which_cards_are_wanting(mut world: World) {
    let ines = world.member(10, Role::Official, &[]).await;
    let council = world.council;
    let wanting = |world: &World| {
        let log = std::sync::Arc::clone(&world.log);
        async move {
            let all = log.uncarded(council).await.unwrap();
            all.into_iter().map(|it| (it.device.id, it.version)).collect::<Vec<_>>()
        }
    };
    let before = wanting(&world).await;
    assert_eq!(before.len(), 3, "the office, the clerk's tablet and Inès's");
    assert!(before.contains(&(ines.signer.device, 0)));
    let mut office = office(&world).await;
    let op = office.record(council, 0, &card(&ines.signer, ines.member, false));
    world.append(&office, vec![op]).await;
    assert!(!wanting(&world).await.iter().any(|(device, _)| *device == ines.signer.device));
    world.log.revoke(Revocation::Device(ines.signer.device), By::operator(NOW)).await.unwrap();
    assert!(wanting(&world).await.contains(&(ines.signer.device, 1)), "that it is shut out");
    let op = office.record(council, 1, &card(&ines.signer, ines.member, true));
    world.append(&office, vec![op]).await;
    assert!(!wanting(&world).await.iter().any(|(device, _)| *device == ines.signer.device));
}
