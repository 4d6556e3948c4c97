//! What every log promises of what it writes down about the doors.

use domain::{BodyKind, MemberId, Record, Role, Sha256, Sitting, SittingId, SittingState};
use pupitre_server::log::audit::{ANEW_MS, By, Deed, Done, KEPT_MS, Line};
use pupitre_server::log::{NewSession, Revocation};
use wire::{Audience, Outcome, ProblemCode};

use crate::world::{NOW, World, a_council, append, log_contract, outcomes, person, refused};

log_contract!(
    every_deed_at_the_doors_is_written_down_once,
    sessions_that_follow_each_other_are_one_line,
    a_council_reads_its_own_lines_page_by_page,
    what_is_refused_and_what_is_private_leaves_no_line,
    a_line_is_forgotten_after_a_year_and_not_before,
);

/// What was done since the founding, in order: word, by whom, to what, detail.
async fn told(world: &World) -> Vec<(String, Option<MemberId>, Option<[u8; 16]>, String)> {
    let lines = world.log.audit(world.council, None, 1_000).await.unwrap();
    let founded = lines.iter().rev().skip_while(|line| line.done != "enrolled").skip(1);
    founded
        .map(|line| (line.done.clone(), line.member, line.subject, line.detail.clone()))
        .collect()
}

async fn words(world: &World) -> Vec<String> {
    told(world).await.into_iter().map(|(done, ..)| done).collect()
}

async fn by_clerk(world: &mut World, if_version: u64, record: &Record) {
    let op = world.clerk.record(world.council, if_version, record);
    let outcomes = world.append_by_clerk(vec![op]).await;
    assert!(matches!(outcomes[..], [Outcome::Accepted { .. }]), "{outcomes:?}");
}

async fn every_deed_at_the_doors_is_written_down_once(mut world: World) {
    let clerk = Some(world.clerk.member);
    let mut ines = world.member(10, Role::Official, &[]).await;
    let (member, device) = (ines.member.to_bytes(), ines.signer.device.to_bytes());
    by_clerk(&mut world, 1, &Record::Member(person(10, Role::Clerk, &[]))).await;
    let mayor = domain::Member { function: Some("Maire".into()), ..person(10, Role::Clerk, &[]) };
    by_clerk(&mut world, 2, &Record::Member(mayor)).await;
    let id = SittingId::from_bytes([20; 16]);
    let sitting = |state| {
        Record::Sitting(Box::new(Sitting {
            state,
            kind: BodyKind::Council,
            title: "Conseil".into(),
            starts: domain::Timestamp::from_millisecond(NOW).unwrap(),
            ..Sitting::untitled(id)
        }))
    };
    by_clerk(&mut world, 0, &sitting(SittingState::Draft)).await;
    by_clerk(&mut world, 1, &sitting(SittingState::Published)).await;
    // A copy of her tablet writes under a number of hers.
    ines.signer.next = 1;
    for text in ["un", "deux"] {
        ines.signer.next = 1;
        let op = ines.note(world.council, Audience::Private, text);
        world.append(&ines, vec![op]).await;
    }
    let by = By::device(world.clerk.signer.device, NOW);
    world.log.revoke(Revocation::Device(ines.signer.device), by).await.unwrap();
    let whom = Revocation::Member(world.council, ines.member);
    world.log.revoke(whom, By::operator(NOW)).await.unwrap();
    let account = Deed::of(Done::AccountOpened).with("webdelib (valbrune)");
    world.log.note(world.council, account, By::operator(NOW)).await.unwrap();

    let her = Some(ines.member);
    let expected = [
        ("joined", clerk, Some(member), "official"),
        ("invited", None, Some(member), ""),
        ("enrolled", her, Some(device), "Tablette"),
        ("role-changed", clerk, Some(member), "clerk"),
        ("published", clerk, Some([20; 16]), ""),
        ("quarantined", her, Some(device), ""),
        ("device-revoked", clerk, Some(device), "Tablette"),
        ("member-revoked", None, Some(member), ""),
        ("account-opened", None, None, "webdelib (valbrune)"),
    ];
    let expected =
        expected.map(|(done, by, to, detail)| (done.to_owned(), by, to, detail.to_owned()));
    assert_eq!(told(&world).await, expected);
}

async fn sessions_that_follow_each_other_are_one_line(world: World) {
    let open = async |nth: u8, now_ms: i64| {
        let session = NewSession {
            token_hash: Sha256::from_bytes([nth; 32]),
            device: world.clerk.signer.device,
            nonce: [nth; 32],
            expires_ms: now_ms + 1,
        };
        world.log.open_session(session, now_ms).await.unwrap();
    };
    open(1, NOW).await;
    open(2, NOW + 1_000).await;
    open(3, NOW + ANEW_MS).await;
    assert_eq!(words(&world).await, ["logged-in"], "seen a day before but for a second");
    open(4, NOW + 2 * ANEW_MS).await;
    assert_eq!(words(&world).await, ["logged-in", "logged-in"]);
    let lines = world.log.audit(world.council, None, 1).await.unwrap();
    assert_eq!(
        (lines[0].at_ms, lines[0].device),
        (NOW + 2 * ANEW_MS, Some(world.clerk.signer.device))
    );
}

async fn a_council_reads_its_own_lines_page_by_page(world: World) {
    let (other, _) = a_council(&*world.log, 2).await;
    for n in 0..7 {
        let deed = Deed::of(Done::BackedUp).with(&n.to_string());
        world.log.note(world.council, deed.clone(), By::operator(NOW + n)).await.unwrap();
        world.log.note(other, deed.with("not yours"), By::operator(NOW)).await.unwrap();
    }
    let mut read: Vec<Line> = Vec::new();
    loop {
        let before = read.last().map(|line| line.number);
        let page = world.log.audit(world.council, before, 3).await.unwrap();
        if page.is_empty() {
            break;
        }
        assert!(page.len() <= 3);
        read.extend(page);
    }
    assert!(read.windows(2).all(|two| two[0].number > two[1].number), "the last first");
    let details: Vec<&str> = read.iter().map(|line| &*line.detail).take(7).collect();
    assert_eq!(details, ["6", "5", "4", "3", "2", "1", "0"]);
    assert!(read.iter().all(|line| line.detail != "not yours"));
    assert_eq!(read.last().unwrap().done, "founded");
    let nowhere = domain::CouncilId::from_bytes([9; 16]);
    let lost = world.log.note(nowhere, Deed::of(Done::BackedUp), By::operator(NOW)).await;
    assert!(lost.is_err(), "a council that is not here");
}

async fn what_is_refused_and_what_is_private_leaves_no_line(mut world: World) {
    let mut ines = world.member(10, Role::Official, &[]).await;
    let before = words(&world).await;
    let note = ines.note(world.council, Audience::Private, "ma remarque");
    let promoted = Record::Member(person(10, Role::Clerk, &[]));
    let record = ines.record(world.council, 1, &promoted);
    let answers =
        outcomes(append(&*world.log, ines.signer.device, vec![note, record]).await.unwrap());
    assert!(matches!(answers[..], [Outcome::Accepted { .. }, Outcome::Refused { .. }]));
    let stale = world.clerk.record(world.council, 7, &promoted);
    world.append_by_clerk(vec![stale]).await;
    let nobody = Revocation::Member(world.council, MemberId::from_bytes([99; 16]));
    let refusal = world.log.revoke(nobody, By::operator(NOW)).await;
    assert_eq!(refused(refusal), ProblemCode::NotFound);
    assert_eq!(words(&world).await, before);
}

async fn a_line_is_forgotten_after_a_year_and_not_before(world: World) {
    let all = async || world.log.audit(world.council, None, 1_000).await.unwrap().len();
    let founded = all().await;
    assert_eq!(
        world.log.forget_audit(NOW + 10 * KEPT_MS).await.unwrap(),
        0,
        "a clock that is wrong"
    );
    let later = By::operator(NOW + KEPT_MS - 1);
    world.log.note(world.council, Deed::of(Done::BackedUp), later).await.unwrap();
    assert_eq!(world.log.forget_audit(NOW + KEPT_MS - 1).await.unwrap(), 0);
    let later = By::operator(NOW + KEPT_MS);
    world.log.note(world.council, Deed::of(Done::BackedUp), later).await.unwrap();
    assert_eq!(world.log.forget_audit(NOW + KEPT_MS).await.unwrap(), founded as u64);
    assert_eq!(all().await, 2);
}

/// The database itself refuses what no code of the server does.
#[tokio::test]
async fn a_line_cannot_be_rewritten_or_taken_out_of_the_file() {
    let world = World::sqlite().await;
    let file = world.dir.as_ref().unwrap().path().join("log.sqlite");
    let database = rusqlite::Connection::open(file).unwrap();
    let lines = || -> i64 {
        database.query_row("SELECT count(*) FROM audit", [], |row| row.get(0)).unwrap()
    };
    let before = lines();
    for sql in ["UPDATE audit SET detail = 'x'", "DELETE FROM audit", "UPDATE audit SET at_ms = 0"]
    {
        let error = database.execute(sql, []).unwrap_err().to_string();
        assert!(error.contains("the audit log is"), "{sql}: {error}");
    }
    assert!(before > 0 && lines() == before);
}
