//! The promises of `Log`.

use std::sync::Arc;

use domain::{GroupId, MemberId, Record, Role, Sha256};
use pupitre_server::log::audit::By;
use pupitre_server::log::sqlite::{Options, SqliteLog};
use pupitre_server::log::{Examined, Log, NewSession, Position, Revocation, Standing};
use testkit::Signer;
use wire::{Audience, DocKey, Kind, Outcome, ProblemCode, Scope, WipeOrder};

use crate::world::{
    NOW, START, World, a_council, append, device, log_contract, outcomes, person, refused,
};

log_contract!(
    a_founded_council_begins_with_its_own_record_and_its_clerks,
    numbers_follow_each_other_whoever_writes_at_the_same_time,
    councils_count_for_themselves,
    a_repeat_is_answered_as_the_first_time,
    a_gap_ends_the_answers,
    another_operation_under_a_used_number_quarantines,
    a_refused_operation_keeps_its_number,
    the_end_of_a_line_is_its_last_answered_operation,
    the_batch_is_judged_by_what_its_author_may_do_by_then,
    a_page_holds_at_least_one_entry_and_says_whether_more_wait,
    a_position_from_elsewhere_starts_again,
    an_invitation_serves_one_device,
    an_invitation_for_nobody_is_refused,
    a_person_has_so_many_devices,
    a_session_opens_once_per_challenge_and_ends,
    who_is_revoked_is_out,
    a_device_under_an_order_sends_private_notes_alone_and_is_empty_once,
    who_has_left_the_council_is_let_in_no_more,
    devices_are_listed_with_their_last_visit_for_their_own_council,
    a_paper_belongs_to_those_who_uploaded_it,
    keys_reach_those_they_are_for_as_they_were_sent,
);

async fn a_founded_council_begins_with_its_own_record_and_its_clerks(world: World) {
    let page = world.pull(&world.clerk, START).await;
    let records: Vec<Record> = page
        .items
        .iter()
        .map(|entry| {
            let payload: wire::RecordPayload = wire::decode(&entry.op.payload).unwrap();
            Record::from_json(&payload.record).unwrap()
        })
        .collect();
    assert!(matches!(&records[..], [Record::Council(_), Record::Member(clerk)]
        if clerk.id == world.clerk.member));
    assert_eq!((page.cursor, page.head, page.more), (2, 2, false));
    assert_eq!(world.log.councils().await.unwrap(), [world.council]);
    assert_eq!(world.log.head(world.council).await.unwrap(), 2);
}

async fn numbers_follow_each_other_whoever_writes_at_the_same_time(mut world: World) {
    let mut writers = Vec::new();
    for seed in 10..18 {
        let mut author = world.member(seed, Role::Official, &[]).await;
        let ops: Vec<_> = (0..25)
            .map(|n| author.note(world.council, Audience::Council, &format!("{seed} {n}")))
            .collect();
        writers.push((author, ops));
    }
    let before = world.log.head(world.council).await.unwrap();
    let writing = writers.into_iter().map(|(author, ops)| {
        let log = Arc::clone(&world.log);
        tokio::spawn(async move {
            let mut seqs = Vec::new();
            for op in ops {
                let appended = append(&*log, author.signer.device, vec![op]).await.unwrap();
                let [Outcome::Accepted { seq }] = outcomes(appended)[..] else { panic!() };
                seqs.push(seq);
            }
            assert!(seqs.is_sorted());
            seqs
        })
    });
    let mut seqs = Vec::new();
    for task in writing.collect::<Vec<_>>() {
        seqs.extend(task.await.unwrap());
    }
    seqs.sort_unstable();
    assert_eq!(seqs, (before + 1..=before + 200).collect::<Vec<_>>());
    let page = world.pull(&world.clerk, START).await;
    assert!(page.items.iter().map(|entry| entry.seq).eq(1..=before + 200));
}

async fn councils_count_for_themselves(mut world: World) {
    let (other, mut clerk) = a_council(&*world.log, 2).await;
    let op = clerk.note(other, Audience::Council, "là-bas");
    let appended = append(&*world.log, clerk.signer.device, vec![op]).await.unwrap();
    assert_eq!(outcomes(appended), [Outcome::Accepted { seq: 3 }]);

    let op = world.clerk.note(world.council, Audience::Council, "ici");
    assert_eq!(world.append_by_clerk(vec![op]).await, [Outcome::Accepted { seq: 3 }]);
    let page = world
        .pull(
            &world.clerk,
            Position { cursor: 2, view: world.pull(&world.clerk, START).await.view },
        )
        .await;
    assert_eq!(page.items.len(), 1);
    assert_eq!(page.items[0].op.header.council, world.council);
    // Nobody reads another council's log.
    let foreign = world.log.pull(other, world.clerk.member, START, 1).await;
    assert_eq!(refused(foreign), ProblemCode::Revoked);
}

async fn a_repeat_is_answered_as_the_first_time(mut world: World) {
    let record = Record::Member(person(10, Role::Official, &[]));
    let council = world.council;
    let ops = vec![
        world.clerk.note(council, Audience::Private, "un"),
        world.clerk.record(council, 7, &record),
        world.clerk.note(council, Audience::Administration, "non"),
        world.clerk.record(council, 0, &record),
    ];
    let first = world.append_by_clerk(ops.clone()).await;
    assert_eq!(
        first,
        [
            Outcome::Accepted { seq: 3 },
            Outcome::Conflict { current: 0 },
            Outcome::Refused { code: ProblemCode::Forbidden },
            Outcome::Accepted { seq: 4 },
        ]
    );
    assert_eq!(world.append_by_clerk(ops.clone()).await, first);
    assert_eq!(world.append_by_clerk(vec![ops[1].clone()]).await, first[1..2]);
    assert_eq!(world.log.head(council).await.unwrap(), 4);
}

async fn a_gap_ends_the_answers(mut world: World) {
    let council = world.council;
    let one = world.clerk.note(council, Audience::Private, "un");
    let two = world.clerk.note(council, Audience::Private, "deux");
    let three = world.clerk.note(council, Audience::Private, "trois");
    assert_eq!(world.append_by_clerk(vec![three.clone(), one.clone()]).await, []);
    assert_eq!(world.append_by_clerk(vec![one, three.clone()]).await.len(), 1);
    assert_eq!(world.append_by_clerk(vec![two, three]).await.len(), 2);
}

async fn another_operation_under_a_used_number_quarantines(mut world: World) {
    let council = world.council;
    let one = world.clerk.note(council, Audience::Private, "un");
    world.append_by_clerk(vec![one.clone()]).await;
    world.clerk.signer.next = 1;
    let other = world.clerk.note(council, Audience::Private, "autre");
    let next = world.clerk.note(council, Audience::Private, "suite");
    let untrue = Outcome::Refused { code: ProblemCode::Untrue };
    assert_eq!(world.append_by_clerk(vec![other, next]).await, [untrue.clone(), untrue]);
    assert_eq!(world.append_by_clerk(vec![one]).await, [Outcome::Accepted { seq: 3 }]);
    let device = world.log.device(world.clerk.signer.device).await.unwrap().unwrap();
    assert_eq!(device.standing, Standing::Quarantined);
}

async fn a_refused_operation_keeps_its_number(mut world: World) {
    let mut guest = world.member(10, Role::Guest, &[]).await;
    let council = world.council;
    let ops = vec![
        guest.note(council, Audience::Private, "un"),
        guest.note(council, Audience::Private, "deux"),
    ];
    let forbidden = Outcome::Refused { code: ProblemCode::Forbidden };
    let expected = [forbidden.clone(), forbidden];
    assert_eq!(world.append(&guest, ops.clone()).await, expected);
    // Even when the guest has become an official since: the answer was given.
    let official = Record::Member(person(10, Role::Official, &[]));
    let op = world.clerk.record(council, 1, &official);
    world.append_by_clerk(vec![op]).await;
    assert_eq!(world.append(&guest, ops).await, expected);
    let op = guest.note(council, Audience::Private, "trois");
    assert!(matches!(world.append(&guest, vec![op]).await[..], [Outcome::Accepted { .. }]));
}

async fn the_end_of_a_line_is_its_last_answered_operation(mut world: World) {
    let mut author = world.member(9, Role::Official, &[]).await;
    let device = author.signer.device;
    assert_eq!(world.log.line_end(device).await.unwrap(), None, "nothing was answered yet");
    let first = author.note(world.council, Audience::Private, "un");
    world.append(&author, vec![first.clone()]).await;
    let end = world.log.line_end(device).await.unwrap();
    assert_eq!(end, Some(wire::LineEnd { device_seq: 1, op: first.hash() }));
    // A refusal is an answer too.
    let refused = author.note(world.council, Audience::Administration, "deux");
    let outcomes = world.append(&author, vec![refused.clone()]).await;
    assert!(matches!(outcomes[..], [Outcome::Refused { .. }]), "{outcomes:?}");
    let end = world.log.line_end(device).await.unwrap();
    assert_eq!(end, Some(wire::LineEnd { device_seq: 2, op: refused.hash() }));
    assert_eq!(world.log.line_end(Signer::new(99).device).await.unwrap(), None);
}

async fn the_batch_is_judged_by_what_its_author_may_do_by_then(mut world: World) {
    let mut second = world.member(10, Role::Clerk, &[]).await;
    let group = GroupId::from_bytes([5; 16]);
    let council = world.council;
    let ops = vec![
        second.note(council, Audience::Group(group), "trop tôt"),
        second.record(council, 1, &Record::Member(person(10, Role::Clerk, &[group]))),
        second.note(council, Audience::Group(group), "dedans"),
        second.record(council, 2, &Record::Member(person(10, Role::Official, &[]))),
        second.record(council, 3, &Record::Member(person(10, Role::Clerk, &[]))),
    ];
    let forbidden = Outcome::Refused { code: ProblemCode::Forbidden };
    let got = world.append(&second, ops).await;
    assert!(
        matches!(
            &got[..],
            [a, Outcome::Accepted { .. }, Outcome::Accepted { .. }, Outcome::Accepted { .. }, e]
                if *a == forbidden && *e == forbidden
        ),
        "{got:?}"
    );
}

async fn a_page_holds_at_least_one_entry_and_says_whether_more_wait(mut world: World) {
    let mut author = world.member(10, Role::Official, &[]).await;
    let reader = world.member(11, Role::Official, &[]).await;
    let council = world.council;
    let ops = vec![
        author.note(council, Audience::Council, "un"),
        author.note(council, Audience::Private, "pas pour vous"),
        author.note(council, Audience::Council, "deux"),
        author.note(council, Audience::Private, "pas pour vous"),
    ];
    world.append(&author, ops).await;
    let head = world.log.head(council).await.unwrap();
    let mut position = START;
    let mut seqs = Vec::new();
    loop {
        let page = world.log.pull(council, reader.member, position, 1).await.unwrap();
        assert_eq!(page.items.len(), 1);
        seqs.push(page.items[0].seq);
        position = Position { cursor: page.cursor, view: page.view };
        if !page.more {
            break;
        }
        assert_eq!(page.cursor, page.items[0].seq);
    }
    // The last page's cursor is the head, past what was not for this reader.
    assert_eq!(position.cursor, head);
    assert_eq!(seqs, [1, 2, 3, 4, head - 3, head - 1]);
    let page = world.log.pull(council, reader.member, position, 1).await.unwrap();
    assert_eq!((page.items.len(), page.cursor, page.more), (0, head, false));
}

async fn a_position_from_elsewhere_starts_again(world: World) {
    let view = world.pull(&world.clerk, START).await.view;
    for (cursor, view, expected) in [
        (2, view, 0),
        (1, view, 1),
        (2, view + 1, 2),
        (2, 0, 2),
        (99, view, 2),
        (u64::MAX, view, 2),
    ] {
        let page = world.pull(&world.clerk, Position { cursor, view }).await;
        assert_eq!(page.items.len(), expected, "{cursor} {view}");
    }
    assert!(view > 0 && i64::try_from(view).is_ok());
}

async fn an_invitation_serves_one_device(world: World) {
    let code = Sha256::from_bytes([42; 32]);
    world
        .log
        .invite(world.council, world.clerk.member, code, NOW + 1, By::operator(NOW))
        .await
        .unwrap();
    let (first, second) = (Signer::new(20), Signer::new(21));

    let late = world.log.enrol(code, device(&first), NOW + 1).await;
    assert_eq!(refused(late), ProblemCode::Invitation);
    let taken = world.log.enrol(code, device(&world.clerk.signer), NOW).await;
    assert_eq!(refused(taken), ProblemCode::Untrue);

    let welcome = world.log.enrol(code, device(&first), NOW).await.unwrap();
    assert_eq!(world.log.enrol(code, device(&first), NOW + 99).await.unwrap(), welcome);
    let other = world.log.enrol(code, device(&second), NOW).await;
    assert_eq!(refused(other), ProblemCode::Invitation);
    let mut changed = device(&first);
    changed.key = second.public_key();
    let changed = world.log.enrol(code, changed, NOW).await;
    assert_eq!(refused(changed), ProblemCode::Invitation);
    let unknown = world.log.enrol(Sha256::from_bytes([43; 32]), device(&second), NOW).await;
    assert_eq!(refused(unknown), ProblemCode::Invitation);
}

async fn an_invitation_for_nobody_is_refused(world: World) {
    let nobody = MemberId::from_bytes([99; 16]);
    let code = Sha256::from_bytes([42; 32]);
    let refusal = world.log.invite(world.council, nobody, code, NOW + 1, By::operator(NOW)).await;
    assert_eq!(refused(refusal), ProblemCode::NotFound);
}

async fn a_person_has_so_many_devices(mut world: World) {
    let first = world.member(10, Role::Official, &[]).await;
    let limit = u8::try_from(pupitre_server::limits::DEVICES_PER_MEMBER).unwrap();
    for seed in 20..20 + limit - 1 {
        world.enrol(first.member, seed).await;
    }
    let code = Sha256::from_bytes([42; 32]);
    world.log.invite(world.council, first.member, code, NOW + 1, By::operator(NOW)).await.unwrap();
    let one_more = Signer::new(60);
    let refusal = world.log.enrol(code, device(&one_more), NOW).await;
    assert_eq!(refused(refusal), ProblemCode::Forbidden);
    world.log.revoke(Revocation::Device(first.signer.device), By::operator(NOW)).await.unwrap();
    world.log.enrol(code, device(&one_more), NOW).await.unwrap();
}

async fn a_session_opens_once_per_challenge_and_ends(world: World) {
    let session = |token: u8, nonce: u8| NewSession {
        token_hash: Sha256::from_bytes([token; 32]),
        device: world.clerk.signer.device,
        nonce: [nonce; 32],
        expires_ms: NOW + 100,
    };
    world.log.open_session(session(1, 1), NOW).await.unwrap();
    let again = world.log.open_session(session(2, 1), NOW).await;
    assert_eq!(refused(again), ProblemCode::Session);
    world.log.open_session(session(2, 2), NOW).await.unwrap();

    let token = Sha256::from_bytes([1; 32]);
    let bearer = world.log.bearer(token, NOW + 99).await.unwrap().unwrap();
    assert_eq!(bearer.device.id, world.clerk.signer.device);
    assert_eq!((bearer.expires_ms, bearer.device.role), (NOW + 100, Role::Clerk));
    assert_eq!(world.log.bearer(token, NOW + 100).await.unwrap(), None);
    assert_eq!(world.log.bearer(Sha256::from_bytes([9; 32]), NOW).await.unwrap(), None);
}

async fn who_is_revoked_is_out(mut world: World) {
    let author = world.member(10, Role::Official, &[]).await;
    let token_hash = Sha256::from_bytes([1; 32]);
    let session = |nonce| NewSession {
        token_hash,
        device: author.signer.device,
        nonce: [nonce; 32],
        expires_ms: NOW + 100,
    };
    world.log.open_session(session(1), NOW).await.unwrap();
    let second = world.enrol(author.member, 11).await;

    world.log.revoke(Revocation::Device(author.signer.device), By::operator(NOW)).await.unwrap();
    let bearer = world.log.bearer(token_hash, NOW).await.unwrap();
    assert!(bearer.is_none_or(|bearer| bearer.device.standing == Standing::Revoked));
    let login = world.log.open_session(session(2), NOW).await;
    assert_eq!(refused(login), ProblemCode::Revoked);
    let appended = world.log.append(author.signer.device, Vec::new(), NOW).await;
    assert_eq!(refused(appended), ProblemCode::Revoked);
    world.pull(&second, START).await;

    let whom = Revocation::Member(world.council, author.member);
    world.log.revoke(whom, By::operator(NOW)).await.unwrap();
    let pulled = world.log.pull(world.council, author.member, START, 1).await;
    assert_eq!(refused(pulled), ProblemCode::Revoked);
    let device = world.log.device(second.signer.device).await.unwrap().unwrap();
    assert_eq!(device.standing, Standing::Revoked);
    let nobody = Revocation::Member(world.council, MemberId::from_bytes([99; 16]));
    assert_eq!(refused(world.log.revoke(nobody, By::operator(NOW)).await), ProblemCode::NotFound);
}

async fn a_device_under_an_order_sends_private_notes_alone_and_is_empty_once(mut world: World) {
    let mut author = world.member(10, Role::Official, &[]).await;
    let (device, council) = (author.signer.device, world.council);
    let by = By::device(world.clerk.signer.device, NOW + 5);
    assert_eq!(world.log.wipe_order(device).await.unwrap(), None);
    let early = world.log.append_last(device, Vec::new(), NOW).await;
    assert_eq!(refused(early), ProblemCode::NotFound);
    let sign = |text: &[u8]| world.clerk.signer.sign(text);
    let clerk = world.clerk.signer.device;
    let order = WipeOrder::signed(council, device, clerk, 3, sign);
    world.log.order_wipe(order.clone(), by).await.unwrap();
    // A later order changes nothing.
    let later = WipeOrder::signed(council, device, clerk, 4, sign);
    world.log.order_wipe(later, by).await.unwrap();
    assert_eq!(world.log.wipe_order(device).await.unwrap(), Some(order.clone()));
    let known = world.log.device(device).await.unwrap().unwrap();
    assert_eq!(known.standing, Standing::Revoked);

    let ops = vec![
        author.note(council, Audience::Private, "à moi"),
        author.note(council, Audience::Council, "à tous"),
        author.note(council, Audience::Private, "encore à moi"),
    ];
    let examined: Vec<Examined> = ops.into_iter().map(|op| Examined::examine(op, &known)).collect();
    let plain = world.log.append(device, examined.clone(), NOW).await;
    assert_eq!(refused(plain), ProblemCode::Revoked, "not by the usual way");
    for _ in 0..2 {
        let answered =
            outcomes(world.log.append_last(device, examined.clone(), NOW).await.unwrap());
        let forbidden = Outcome::Refused { code: ProblemCode::Forbidden };
        assert!(
            matches!(&answered[..], [Outcome::Accepted { .. }, refusal, Outcome::Accepted { .. }]
            if *refusal == forbidden),
            "{answered:?}"
        );
    }
    author.signer.next = 1;
    let twice = Examined::examine(author.note(council, Audience::Private, "autre"), &known);
    let answered = outcomes(world.log.append_last(device, vec![twice], NOW).await.unwrap());
    assert_eq!(answered, [Outcome::Refused { code: ProblemCode::Untrue }]);
    let standing = world.log.device(device).await.unwrap().unwrap().standing;
    assert_eq!(standing, Standing::Revoked, "it is not let in again by that");

    let listed = async |world: &World| {
        let all = world.log.devices(council).await.unwrap();
        let known = all.into_iter().find(|known| known.id == device).unwrap();
        (known.wipe_ms, known.emptied_ms)
    };
    assert_eq!(listed(&world).await, (Some(NOW + 5), None));
    world.log.emptied(device, NOW + 7).await.unwrap();
    world.log.emptied(device, NOW + 8).await.unwrap();
    assert_eq!(listed(&world).await, (Some(NOW + 5), Some(NOW + 7)));
    // Nobody who is under no order is empty.
    world.log.emptied(clerk, NOW).await.unwrap();
    let lines = world.log.audit(council, None, 100).await.unwrap();
    let done = |word: &str| lines.iter().filter(|line| line.done == word).count();
    assert_eq!((done("wipe-ordered"), done("emptied")), (1, 1));
    let unknown = domain::DeviceId::from_bytes([99; 16]);
    let order = WipeOrder { device: unknown, ..order };
    assert_eq!(refused(world.log.order_wipe(order, by).await), ProblemCode::NotFound);
}

async fn who_has_left_the_council_is_let_in_no_more(mut world: World) {
    let group = GroupId::from_bytes([9; 16]);
    let mut ines = world.member(10, Role::Official, &[group]).await;
    let open = Sha256::from_bytes([99; 32]);
    world
        .log
        .invite(world.council, ines.member, open, NOW + 1_000, By::operator(NOW))
        .await
        .unwrap();
    let left = domain::Member {
        left: Some(jiff::civil::date(2026, 11, 27)),
        ..person(10, Role::Official, &[group])
    };
    let op = world.clerk.record(world.council, 1, &Record::Member(left));
    let outcome = world.append_by_clerk(vec![op]).await;
    assert!(matches!(outcome[..], [Outcome::Accepted { .. }]), "{outcome:?}");

    let known = world.log.device(ines.signer.device).await.unwrap().unwrap();
    assert_eq!((known.standing, known.role), (Standing::Revoked, Role::Guest));
    let note = ines.note(world.council, Audience::Group(group), "trop tard");
    let refused = append(&*world.log, ines.signer.device, vec![note]).await.unwrap_err();
    assert!(matches!(
        refused,
        pupitre_server::log::LogError::Refused { code: ProblemCode::Revoked, .. }
    ));
    let again = world.log.enrol(open, device(&Signer::new(98)), NOW).await.unwrap_err();
    assert!(matches!(
        again,
        pupitre_server::log::LogError::Refused { code: ProblemCode::Invitation, .. }
    ));
}

async fn devices_are_listed_with_their_last_visit_for_their_own_council(mut world: World) {
    let author = world.member(10, Role::Official, &[]).await;
    let second = world.enrol(author.member, 11).await;
    let (other, _) = a_council(&*world.log, 2).await;
    let session = NewSession {
        token_hash: Sha256::from_bytes([1; 32]),
        device: second.signer.device,
        nonce: [1; 32],
        expires_ms: NOW + 100,
    };
    world.log.open_session(session, NOW + 7).await.unwrap();
    world.log.revoke(Revocation::Device(author.signer.device), By::operator(NOW)).await.unwrap();

    let all = world.log.devices(world.council).await.unwrap();
    let of_author = all.iter().filter(|device| device.member == author.member);
    let mut seen: Vec<_> = of_author.map(|d| (d.id, d.seen_ms, d.standing)).collect();
    seen.sort_by_key(|(id, _, _)| *id != author.signer.device);
    assert_eq!(
        seen,
        [
            (author.signer.device, None, Standing::Revoked),
            (second.signer.device, Some(NOW + 7), Standing::Good),
        ]
    );
    let elsewhere = world.log.devices(other).await.unwrap();
    assert!(elsewhere.iter().all(|device| all.iter().all(|known| known.id != device.id)));
}

async fn a_paper_belongs_to_those_who_uploaded_it(world: World) {
    let (other, _) = a_council(&*world.log, 2).await;
    let paper = Sha256::from_bytes([5; 32]);
    world.log.hold_paper(world.council, paper, 1_000, NOW).await.unwrap();
    world.log.hold_paper(world.council, paper, 1_000, NOW).await.unwrap();
    assert_eq!(world.log.paper(world.council, paper).await.unwrap(), Some(1_000));
    assert_eq!(world.log.paper(other, paper).await.unwrap(), None);
}

/// The files as they lie there at the moment of the answer are all a power cut leaves.
#[tokio::test]
async fn what_is_acknowledged_is_in_the_files() {
    let mut world = World::sqlite().await;
    let dir = world.dir.as_ref().unwrap().path().to_owned();
    for n in 1..=20 {
        let op = world.clerk.note(world.council, Audience::Private, &format!("note {n}"));
        assert!(matches!(world.append_by_clerk(vec![op]).await[..], [Outcome::Accepted { .. }]));

        let copy = tempfile::tempdir().unwrap();
        for name in ["log.sqlite", "log.sqlite-wal"] {
            std::fs::copy(dir.join(name), copy.path().join(name)).unwrap();
        }
        let file = copy.path().join("log.sqlite");
        let log = SqliteLog::open(&file, Options::default(), Arc::default()).unwrap();
        assert_eq!(log.head(world.council).await.unwrap(), 2 + n);
    }
}

async fn keys_reach_those_they_are_for_as_they_were_sent(mut world: World) {
    let group = GroupId::from_bytes([3; 16]);
    let mut author = world.member(10, Role::Official, &[group]).await;
    let inside = world.member(11, Role::Official, &[group]).await;
    let outside = world.member(12, Role::Official, &[]).await;
    let document = DocKey::of_devices(author.member);
    let ops: Vec<_> = [
        (Kind::Directory, Audience::Council),
        (Kind::Keys, Audience::Group(group)),
        (Kind::Keys, Audience::Private),
    ]
    .into_iter()
    .map(|(kind, audience)| {
        let scope = Scope { owner: author.member, audience };
        author.signer.seal(world.council, scope, document, kind, b"not for the server".to_vec())
    })
    .collect();
    let outcomes = world.append(&author, ops.clone()).await;
    assert!(outcomes.iter().all(|outcome| matches!(outcome, Outcome::Accepted { .. })));
    for (who, seen) in [(&author, 3), (&inside, 2), (&outside, 1), (&world.clerk, 1)] {
        let page = world.pull(who, START).await;
        let got: Vec<_> = page
            .items
            .into_iter()
            .map(|entry| entry.op)
            .filter(|op| matches!(op.header.kind, Kind::Directory | Kind::Keys))
            .collect();
        assert_eq!(got, ops[..seen], "{:?}", who.member);
    }
}
