//! Each kind of operation, written by everyone who could.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use domain::{
    Body, BodyId, BodyKind, Channel, ConvocationId, Council, CouncilKind, DeviceCard, Entity,
    Group, GroupId, Happening, MemberId, Message, MessageId, MessageReceipt, PublicKey, Receipt,
    Recipient, Record, Role, Sha256, Sitting, SittingId, SittingState, Statement, Timestamp,
};
use testkit::{Signer, convening};
use wire::{Audience, DocKey, Kind, Op, Outcome, Scope};

use super::{Cast, OURS, THEIRS};
use crate::scene::{person, sitting};

/// Who writes operations; all of them write to our council.
const AUTHORS: [&str; 7] =
    ["guest", "official", "clerk", "quarantined", "revoked", "expired", "clerk elsewhere"];

/// One of each kind of record, new, with what it is called in the table.
fn records(seed: u8, council: Council) -> Vec<(&'static str, u64, Record)> {
    let all = [
        ("the council", 1, Record::Council(council)),
        ("a member", 0, Record::Member(person(seed, Role::Official, Vec::new()))),
        (
            "a group",
            0,
            Record::Group(Group {
                id: GroupId::from_bytes([seed; 16]),
                name: "Ensemble".into(),
                colour: "#336699".into(),
            }),
        ),
        (
            "a body",
            0,
            Record::Body(Body {
                id: BodyId::from_bytes([seed; 16]),
                name: "Finances".into(),
                kind: BodyKind::Committee,
                members: Vec::new(),
                chair: None,
                substitutes: Vec::new(),
            }),
        ),
        ("a draft", 0, sitting(seed, SittingState::Draft)),
        ("a sitting", 0, sitting(seed.wrapping_add(1), SittingState::Published)),
        ("a sitting over a version", 7, sitting(seed.wrapping_add(2), SittingState::Published)),
        ("a device's card", 0, card(seed)),
        ("a convocation", 0, convocation(seed.wrapping_add(1))),
    ];
    // A new kind of record must be thought of here.
    for (_, _, record) in &all {
        match record.entity() {
            Entity::Council
            | Entity::Member
            | Entity::Group
            | Entity::Body
            | Entity::Sitting
            | Entity::Device
            | Entity::Convocation => {}
        }
    }
    all.to_vec()
}

fn card(seed: u8) -> Record {
    Record::Device(DeviceCard {
        id: Signer::new(seed).device,
        member: person(seed, Role::Official, Vec::new()).id,
        signing_key: PublicKey::from_bytes([seed; 32]),
        agreement_key: None,
        enrolled: Timestamp::UNIX_EPOCH,
        revoked: None,
    })
}

/// A convocation that was drawn from no agenda of the log.
fn convocation(seed: u8) -> Record {
    let title = "Conseil municipal".to_owned();
    let sitting = Sitting { title, ..Sitting::untitled(SittingId::from_bytes([seed; 16])) };
    let author = person(seed, Role::Clerk, Vec::new()).id;
    let drawn = convening::convocation(&sitting, 1, Sha256::from_bytes([seed; 32]), author);
    Record::Convocation(Box::new(drawn))
}

/// What can be said of convocations and messages: of oneself, of another, and what only the office
/// knows. The convocation is one that was never sent.
fn statements(me: MemberId, other: MemberId) -> Vec<(&'static str, Statement)> {
    let id = MessageId::from_bytes(me.to_bytes());
    let message = |author, member| {
        Statement::Message(Box::new(Message {
            message: id,
            to: "Finances".into(),
            copies: 1,
            author,
            author_name: "Greffe".into(),
            made: Timestamp::UNIX_EPOCH,
            council: "Valbrune".into(),
            subject: "Changement de salle".into(),
            text: "Gymnase".into(),
            pressing: false,
            recipient: Recipient {
                member,
                name: "Camille Martin".into(),
                channels: vec![Channel::App],
                email: None,
                phone: None,
            },
        }))
    };
    let of_message = |member, happening| {
        Statement::MessageReceipt(Box::new(MessageReceipt {
            message: id,
            member,
            happening,
            at: Timestamp::UNIX_EPOCH,
            after: None,
            previous: Sha256::from_bytes([1; 32]),
        }))
    };
    let of_convocation = |member, happening| {
        let sitting = SittingId::from_bytes([9; 16]);
        Statement::Receipt(Box::new(Receipt {
            sitting,
            convocation: ConvocationId::from_bytes(DocKey::of_convocation(sitting, 1).0),
            member,
            happening,
            at: Timestamp::UNIX_EPOCH,
            after: None,
            previous: Sha256::from_bytes([1; 32]),
        }))
    };
    let sent = || Happening::Failed { channel: Channel::Email, to: None, reason: "550".into() };
    vec![
        ("a message to myself", message(me, me)),
        ("a message to another", message(me, other)),
        ("a message in another's name", message(other, me)),
        ("a message: I opened it", of_message(me, Happening::Opened)),
        ("a message: another did", of_message(other, Happening::Opened)),
        ("a message: it was sent", of_message(me, sent())),
        ("a convocation: I opened it", of_convocation(me, Happening::Opened)),
        ("a convocation: another did", of_convocation(other, Happening::Opened)),
        ("a convocation: it was sent", of_convocation(me, sent())),
    ]
}

/// One number for each kind of operation: a new kind must be thought of here and in the table.
const fn number(kind: Kind) -> u8 {
    match kind {
        Kind::Note => 0,
        Kind::Record => 1,
        Kind::Receipt => 2,
        Kind::Directory => 3,
        Kind::Keys => 4,
    }
}

#[tokio::test]
async fn every_operation_by_everyone() {
    let mut cast = Cast::gather().await;
    let council = cast.scene.council;
    let other_council = cast.foreign_clerk.council;
    let other = cast.second.member;
    let ours = Council {
        id: council,
        name: "Valbrune".into(),
        kind: CouncilKind::Commune,
        population: 9_000,
        zone: "Europe/Paris".into(),
        local_law: None,
        letterhead: None,
        law: Default::default(),
        stamp: None,
    };
    let mut rows: Vec<(String, Vec<String>)> = Vec::new();
    for (column, author) in AUTHORS.iter().enumerate() {
        let tablet = match *author {
            "guest" => &mut cast.guest,
            "official" => &mut cast.official,
            "clerk" => &mut cast.clerk,
            "quarantined" => &mut cast.quarantined,
            "revoked" => &mut cast.revoked,
            "expired" => &mut cast.expired,
            _ => &mut cast.foreign_clerk,
        };
        let home = std::mem::replace(&mut tablet.council, council);
        let member = tablet.member;
        let mut tried: Vec<(String, Op)> = Vec::new();
        for (name, audience) in [
            ("for me", Audience::Private),
            ("for my group", Audience::Group(OURS)),
            ("for another group", Audience::Group(THEIRS)),
            ("for the council", Audience::Council),
            ("for the clerks", Audience::Administration),
        ] {
            tried.push((format!("a note {name}"), tablet.note(audience, name)));
        }
        let pdf = Sha256::from_bytes([7; 32]);
        let theirs = Scope { owner: other, audience: Audience::Private };
        let own = tablet.scope(Audience::Private);
        let signer = &mut tablet.signer;
        tried.push(("a note in another's scope".into(), signer.note(council, theirs, pdf, b"x")));
        tried.push(("a note elsewhere".into(), signer.note(other_council, own, pdf, b"x")));
        let mut altered = signer.note(council, own, pdf, b"x");
        altered.payload.push(0);
        tried.push(("a note, altered".into(), altered));
        let mut stranger = Signer::new(92);
        stranger.device = signer.device;
        stranger.next = signer.next;
        signer.next += 1;
        tried.push(("a note by another's key".into(), stranger.note(council, own, pdf, b"x")));
        let huge = signer.seal(
            council,
            own,
            DocKey([1; 16]),
            Kind::Note,
            vec![0; wire::limits::OP_PAYLOAD + 1],
        );
        tried.push(("a note, too large".into(), huge));
        let place = DocKey::of_devices(member);
        for (name, kind, audience, bytes) in [
            ("keys for me", Kind::Keys, Audience::Private, 100),
            ("keys for my group", Kind::Keys, Audience::Group(OURS), 100),
            ("keys for another group", Kind::Keys, Audience::Group(THEIRS), 100),
            ("keys for the council", Kind::Keys, Audience::Council, 100),
            ("keys, too large", Kind::Keys, Audience::Private, wire::limits::KEYS_PAYLOAD + 1),
            ("a list of devices", Kind::Directory, Audience::Council, 100),
            ("a list for me alone", Kind::Directory, Audience::Private, 100),
            (
                "a list, too large",
                Kind::Directory,
                Audience::Council,
                wire::limits::DIRECTORY_PAYLOAD + 1,
            ),
        ] {
            let scope = Scope { owner: member, audience };
            let op = signer.seal(council, scope, place, kind, vec![0; bytes]);
            tried.push((name.to_owned(), op));
        }
        let list = signer.seal(
            council,
            Scope { owner: other, audience: Audience::Council },
            DocKey::of_devices(other),
            Kind::Directory,
            vec![0; 100],
        );
        tried.push(("a list in another's name".into(), list));
        let stray = signer.seal(council, own, DocKey([1; 16]), Kind::Keys, vec![0; 100]);
        tried.push(("keys in another place".into(), stray));
        // Each author's records are new ones; the council's own stands at version 1.
        let seed = 100 + u8::try_from(column).unwrap() * 10;
        for (name, version, record) in records(seed, ours.clone()) {
            tried.push((name.to_owned(), signer.record(council, member, version, &record)));
        }
        let open = sitting(seed + 5, SittingState::Published);
        let as_draft = signer.record(council, member, 0, &open);
        signer.next -= 1;
        for (name, audience) in [
            ("a sitting for me alone", Audience::Private),
            ("a sitting for clerks", Audience::Administration),
        ] {
            let scope = Scope { owner: member, audience };
            let header = as_draft.header.clone();
            let op =
                signer.seal(council, scope, header.document, header.kind, as_draft.payload.clone());
            tried.push((name.to_owned(), op));
        }
        let elsewhere = Record::Council(Council { id: other_council, ..ours.clone() });
        tried.push(("another council".into(), signer.record(council, member, 0, &elsewhere)));
        let garbled =
            signer.seal(council, own, DocKey([1; 16]), Kind::Record, b"not a record".to_vec());
        tried.push(("a record, garbled".into(), garbled));

        for (name, statement) in statements(member, other) {
            let audience = Audience::Person(statement.reader());
            let (scope, document) =
                (Scope { owner: member, audience }, DocKey::of_statement(&statement));
            let json = statement.to_json().unwrap();
            tried.push((name.into(), signer.seal(council, scope, document, Kind::Receipt, json)));
        }
        let kinds: BTreeSet<u8> = tried.iter().map(|(_, op)| number(op.header.kind)).collect();
        assert_eq!(kinds.len(), 5, "a kind of operation is not in the table");
        tablet.council = home;

        for (row, (name, op)) in tried.into_iter().enumerate() {
            let outcome = match tablet.sync(&cast.scene, vec![op]).await {
                Err(problem) => format!("{:?}", problem.code),
                Ok(response) => match &response.acks[..] {
                    [ack] => match &ack.outcome {
                        Outcome::Accepted { .. } => "accepted".to_owned(),
                        Outcome::Conflict { current } => format!("conflict with {current}"),
                        Outcome::Refused { code } => format!("{code:?}"),
                    },
                    other => panic!("{name}: {other:?}"),
                },
            };
            if rows.len() == row {
                rows.push((name.clone(), Vec::new()));
            }
            assert_eq!(rows[row].0, name);
            rows[row].1.push(outcome);
        }
    }
    let mut table = format!("{:<27}", "");
    for author in AUTHORS {
        write!(table, " {author:<16}").unwrap();
    }
    for (name, outcomes) in rows {
        write!(table, "\n{name:<27}").unwrap();
        for outcome in outcomes {
            write!(table, " {outcome:<16}").unwrap();
        }
    }
    let table: String = table.lines().map(|line| format!("{}\n", line.trim_end())).collect();
    insta::assert_snapshot!("operations", table);
    // Nothing of another council ever came here, nor ours there.
    cast.foreign_official.pull(&cast.scene).await;
    assert!(cast.foreign_official.entries.iter().all(|e| e.op.header.council == other_council));
}
