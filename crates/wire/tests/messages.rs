//! Every message survives the wire; no bytes whatever make a reader panic; what is signed is fixed.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs,
    reason = "a test may stop at the first surprise"
)]

use domain::{CouncilId, DeviceId, GroupId, MemberId, Role, Sha256};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use pupitre_wire as wire;
use ring::signature::{Ed25519KeyPair, KeyPair};
use wire::{
    Ack, Audience, Challenge, ChallengeRequest, DocKey, EnrolRequest, Enrolled, Header, Invitation,
    InviteRequest, Kind, LineEnd, Logged, NotePayload, Op, OpError, Outcome, Poke, Problem,
    ProblemCode, RecordPayload, Scope, Session, SessionRequest, SyncRequest, SyncResponse,
};

fn sixteen() -> impl Strategy<Value = [u8; 16]> {
    any::<[u8; 16]>()
}

fn member() -> impl Strategy<Value = MemberId> {
    sixteen().prop_map(MemberId::from_bytes)
}

fn device() -> impl Strategy<Value = DeviceId> {
    sixteen().prop_map(DeviceId::from_bytes)
}

fn council() -> impl Strategy<Value = CouncilId> {
    sixteen().prop_map(CouncilId::from_bytes)
}

fn sixty_four() -> impl Strategy<Value = [u8; 64]> {
    (any::<[u8; 32]>(), any::<[u8; 32]>()).prop_map(|(a, b)| {
        let mut bytes = [0; 64];
        bytes[..32].copy_from_slice(&a);
        bytes[32..].copy_from_slice(&b);
        bytes
    })
}

fn role() -> impl Strategy<Value = Role> {
    prop_oneof![Just(Role::Clerk), Just(Role::Official), Just(Role::Guest)]
}

fn audience() -> impl Strategy<Value = Audience> {
    prop_oneof![
        Just(Audience::Private),
        sixteen().prop_map(|group| Audience::Group(GroupId::from_bytes(group))),
        Just(Audience::Council),
        Just(Audience::Administration),
        member().prop_map(Audience::Person),
    ]
}

fn kind() -> impl Strategy<Value = Kind> {
    prop_oneof![
        Just(Kind::Note),
        Just(Kind::Record),
        Just(Kind::Receipt),
        Just(Kind::Directory),
        Just(Kind::Keys),
    ]
}

fn problem_code() -> impl Strategy<Value = ProblemCode> {
    prop_oneof![
        Just(ProblemCode::Malformed),
        Just(ProblemCode::Invitation),
        Just(ProblemCode::Session),
        Just(ProblemCode::Revoked),
        Just(ProblemCode::Forbidden),
        Just(ProblemCode::NotFound),
        Just(ProblemCode::TooLarge),
        Just(ProblemCode::TooMany),
        Just(ProblemCode::Conflict),
        Just(ProblemCode::Untrue),
        Just(ProblemCode::Outdated),
        Just(ProblemCode::Unavailable),
    ]
}

prop_compose! {
    fn header()(
        council in council(),
        owner in member(),
        audience in audience(),
        document in sixteen(),
        device in device(),
        device_seq in any::<u64>(),
        kind in kind(),
        epoch in any::<u32>(),
        made_ms in any::<i64>(),
    ) -> Header {
        Header {
            council,
            scope: Scope { owner, audience },
            document: DocKey(document),
            device,
            device_seq,
            kind,
            epoch,
            made_ms,
        }
    }
}

prop_compose! {
    fn op()(header in header(), payload in vec(any::<u8>(), 0..200), signature in sixty_four()) -> Op {
        Op { header, payload, signature }
    }
}

fn outcome() -> impl Strategy<Value = Outcome> {
    prop_oneof![
        any::<u64>().prop_map(|seq| Outcome::Accepted { seq }),
        any::<u64>().prop_map(|current| Outcome::Conflict { current }),
        problem_code().prop_map(|code| Outcome::Refused { code }),
    ]
}

prop_compose! {
    fn logged()(
        seq in any::<u64>(),
        received_ms in any::<i64>(),
        record_version in any::<u64>(),
        op in op(),
    ) -> Logged {
        Logged { seq, received_ms, record_version, op }
    }
}

prop_compose! {
    fn sync_request()(
        protocol in any::<u32>(),
        cursor in any::<u64>(),
        view in any::<u64>(),
        outbox in vec(op(), 0..5),
        next in option::of(any::<u64>()),
    ) -> SyncRequest {
        SyncRequest { protocol, cursor, view, outbox, next }
    }
}

prop_compose! {
    fn sync_response()(
        acks in vec((any::<u64>(), outcome()), 0..5),
        items in vec(logged(), 0..5),
        cursor in any::<u64>(),
        head in any::<u64>(),
        more in any::<bool>(),
        view in any::<u64>(),
        server_ms in any::<i64>(),
        line in option::of((any::<u64>(), any::<[u8; 32]>())),
    ) -> SyncResponse {
        let acks =
            acks.into_iter().map(|(device_seq, outcome)| Ack { device_seq, outcome }).collect();
        let line = line
            .map(|(device_seq, op)| LineEnd { device_seq, op: Sha256::from_bytes(op) });
        SyncResponse { acks, items, cursor, head, more, view, server_ms, line }
    }
}

fn survives<T>(message: &T) -> Result<(), TestCaseError>
where
    T: minicbor::Encode<()> + for<'b> minicbor::Decode<'b, ()> + PartialEq + std::fmt::Debug,
{
    let bytes = wire::encode(message).unwrap();
    prop_assert_eq!(&wire::decode::<T>(&bytes).unwrap(), message);
    // Cut anywhere, it is no message (or, cut after its last required field, still one), and never
    // a panic.
    for end in (0..bytes.len()).step_by(1 + bytes.len() / 64) {
        std::hint::black_box(wire::decode::<T>(&bytes[..end]).is_ok());
    }
    Ok(())
}

macro_rules! read_as_each {
    ($bytes:expr; $($message:ty),+ $(,)?) => {
        $(std::hint::black_box(wire::decode::<$message>($bytes).is_ok());)+
    };
}

fn read_as_every_message(bytes: &[u8]) {
    read_as_each!(bytes; SyncRequest, SyncResponse, Op, Logged, Ack, Outcome, Poke, Problem,
        EnrolRequest, Enrolled, ChallengeRequest, Challenge, SessionRequest, Session,
        InviteRequest, Invitation, NotePayload, RecordPayload, Header, Scope, Audience, Kind,
        DocKey, ProblemCode);
}

proptest! {
    #[test]
    fn sync_messages_survive_the_wire(request in sync_request(), response in sync_response()) {
        survives(&request)?;
        survives(&response)?;
    }

    #[test]
    fn payloads_and_pokes_survive_the_wire(
        pdf in any::<[u8; 32]>(),
        bytes in vec(any::<u8>(), 0..200),
        number in any::<u64>(),
    ) {
        survives(&NotePayload { pdf: Sha256::from_bytes(pdf), changes: bytes.clone() })?;
        survives(&RecordPayload { if_version: number, record: bytes })?;
        survives(&Poke { head: number })?;
    }

    #[test]
    fn problems_survive_the_wire(
        code in problem_code(),
        message in ".{0,40}",
        retry_after_ms in any::<Option<u64>>(),
    ) {
        survives(&Problem { code, message, retry_after_ms })?;
        prop_assert!((400..600).contains(&code.status()));
    }

    #[test]
    fn control_messages_survive_the_wire(
        ids in (council(), member(), device(), role()),
        text in ".{0,40}",
        key in any::<[u8; 32]>(),
        signature in sixty_four(),
        numbers in (any::<u32>(), any::<i64>()),
    ) {
        let (council, member, device, role) = ids;
        let (protocol, expires_ms) = numbers;
        survives(&EnrolRequest {
            protocol,
            code: text.clone(),
            device,
            device_name: text.clone(),
            signing_key: key,
        })?;
        survives(&Enrolled { council, council_name: text.clone(), member, role })?;
        survives(&ChallengeRequest { device })?;
        survives(&Challenge { nonce: key })?;
        survives(&SessionRequest { device, nonce: key, signature })?;
        survives(&Session { token: text.clone(), expires_ms, role })?;
        survives(&InviteRequest { member })?;
        survives(&Invitation { code: text, expires_ms })?;
    }

    #[test]
    fn no_bytes_make_a_reader_panic(bytes in vec(any::<u8>(), 0..300)) {
        read_as_every_message(&bytes);
    }

    #[test]
    fn a_true_message_with_false_bytes_makes_no_reader_panic(
        request in sync_request(),
        response in sync_response(),
        wounds in vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
    ) {
        for mut bytes in [wire::encode(&request).unwrap(), wire::encode(&response).unwrap()] {
            for (at, byte) in &wounds {
                let at = at.index(bytes.len());
                bytes[at] = *byte;
            }
            read_as_every_message(&bytes);
        }
    }

    #[test]
    fn a_signature_holds_for_its_operation_alone(
        header in header(),
        other in header(),
        payload in vec(any::<u8>(), 0..100),
        seed in any::<[u8; 32]>(),
    ) {
        let keys = Ed25519KeyPair::from_seed_unchecked(&seed).unwrap();
        let key: [u8; 32] = keys.public_key().as_ref().try_into().unwrap();
        let sign = |text: &[u8]| <[u8; 64]>::try_from(keys.sign(text).as_ref()).unwrap();
        let sealed = Op::seal(header.clone(), payload, sign);
        prop_assert_eq!(sealed.verify(&key), Ok(()));

        // Each field of the header counts.
        for changed in [
            Header { council: other.council, ..header.clone() },
            Header { scope: Scope { owner: other.scope.owner, ..header.scope }, ..header.clone() },
            Header {
                scope: Scope { audience: other.scope.audience, ..header.scope },
                ..header.clone()
            },
            Header { document: other.document, ..header.clone() },
            Header { device: other.device, ..header.clone() },
            Header { device_seq: other.device_seq, ..header.clone() },
            Header { kind: other.kind, ..header.clone() },
            Header { epoch: other.epoch, ..header.clone() },
            Header { made_ms: other.made_ms, ..header.clone() },
        ] {
            let same = changed == header;
            let changed = Op { header: changed, ..sealed.clone() };
            prop_assert_eq!(changed.verify(&key).is_ok(), same);
            prop_assert_eq!(changed.hash() == sealed.hash(), same);
        }
        let mut longer = sealed.clone();
        longer.payload.push(0);
        prop_assert_eq!(longer.verify(&key), Err(OpError::Signature));
        prop_assert_ne!(longer.hash(), sealed.hash());
    }
}

#[test]
fn an_operation_at_the_limit_is_believed_and_one_byte_more_is_not() {
    let keys = Ed25519KeyPair::from_seed_unchecked(&[1; 32]).unwrap();
    let key: [u8; 32] = keys.public_key().as_ref().try_into().unwrap();
    let sealed = |length: usize| {
        Op::seal(a_header(), vec![0; length], |text| keys.sign(text).as_ref().try_into().unwrap())
    };
    assert_eq!(sealed(wire::limits::OP_PAYLOAD).verify(&key), Ok(()));
    assert_eq!(sealed(wire::limits::OP_PAYLOAD + 1).verify(&key), Err(OpError::TooLarge));
}

#[test]
fn a_claim_of_a_thousand_million_operations_is_refused_without_room_for_them() {
    // An array of four, then an outbox that says it has 2^40 entries and holds none.
    let bytes = [0x84, 1, 0, 0, 0x9b, 0, 0, 1, 0, 0, 0, 0, 0];
    assert!(wire::decode::<SyncRequest>(&bytes).is_err());
    // Or is nested a hundred thousand deep.
    assert!(wire::decode::<SyncRequest>(&[0x81; 100_000]).is_err());
    let mut skipped = vec![0x85, 1, 0, 0, 0x80];
    skipped.extend([0x81; 100_000]);
    std::hint::black_box(wire::decode::<SyncRequest>(&skipped).is_ok());
}

#[test]
fn a_newer_peer_may_add_fields() {
    let poke = Poke { head: 7 };
    assert_eq!(wire::encode(&poke).unwrap(), [0x81, 7]);
    // Two more fields behind the one this version knows.
    assert_eq!(wire::decode::<Poke>(&[0x83, 7, 0x18, 42, 0x61, b'x']), Ok(poke));
}

#[test]
fn neither_codes_nor_tokens_nor_signatures_show_in_debug() {
    let secret = "SECRET";
    let session = Session { token: secret.to_owned(), expires_ms: 0, role: Role::Official };
    let invitation = Invitation { code: secret.to_owned(), expires_ms: 0 };
    let enrol = EnrolRequest {
        protocol: 1,
        code: secret.to_owned(),
        device: DeviceId::from_bytes([1; 16]),
        device_name: "Tablette".to_owned(),
        signing_key: [0; 32],
    };
    assert!(!format!("{session:?}{invitation:?}{enrol:?}").contains(secret));
}

fn a_header() -> Header {
    Header {
        council: CouncilId::from_bytes([1; 16]),
        scope: Scope {
            owner: MemberId::from_bytes([2; 16]),
            audience: Audience::Group(GroupId::from_bytes([3; 16])),
        },
        document: DocKey([4; 16]),
        device: DeviceId::from_bytes([5; 16]),
        device_seq: 6,
        kind: Kind::Note,
        epoch: 7,
        made_ms: 8,
    }
}

#[test]
fn a_request_and_an_answer_without_what_was_added_later_are_read_and_written_as_ever() {
    let request = SyncRequest { protocol: 1, cursor: 2, view: 3, outbox: Vec::new(), next: None };
    assert_eq!(hex(&wire::encode(&request).unwrap()), "8401020380");
    assert_eq!(wire::decode::<SyncRequest>(&[0x84, 1, 2, 3, 0x80]).unwrap(), request);
    // An older server passes over what it does not know.
    #[derive(Debug, PartialEq, minicbor::Decode)]
    struct Older {
        #[n(0)]
        protocol: u32,
        #[n(1)]
        cursor: u64,
    }
    let asks = wire::encode(&SyncRequest { next: Some(9), ..request }).unwrap();
    assert_eq!(minicbor::decode::<Older>(&asks).unwrap(), Older { protocol: 1, cursor: 2 });
}

/// Each era of a scope has a document of its own, which is that of the epochs of the era alone.
#[test]
fn notes_of_one_era_are_not_taken_for_those_of_another() {
    let Header { council, scope, .. } = a_header();
    let pdf = Sha256::from_bytes([6; 32]);
    let in_era = |era| DocKey::of_notes_in(council, scope, &pdf, era);
    assert_eq!(
        in_era(0),
        DocKey::of_notes(council, scope, &pdf),
        "as it was before there were eras"
    );
    let plain = wire::encode(&NotePayload { pdf, changes: Vec::new() }).unwrap();
    let eras = [0, 1, 2, wire::ERAS];
    for era in eras {
        assert_eq!(in_era(era).era_of_notes(council, scope, &pdf), Some(era));
        for other in eras {
            for epoch in [wire::before_era(other) + 1, wire::before_era(other) + 0xFFFF] {
                assert_eq!(wire::era(epoch), other);
                let header = Header { document: in_era(era), epoch, ..a_header() };
                assert_eq!(NotePayload::read(&header, &plain).is_ok(), era == other);
            }
        }
    }
    let elsewhere = DocKey::of_notes(council, scope, &Sha256::from_bytes([7; 32]));
    assert_eq!(elsewhere.era_of_notes(council, scope, &pdf), None);
}

/// What released versions have signed and sent never changes.
#[test]
fn the_bytes_of_version_one_are_fixed() {
    let header = a_header();
    let mut expected = b"pupitre/op/1".to_vec();
    expected.extend([1; 16]);
    expected.extend([2; 16]);
    expected.push(1);
    expected.extend([3; 16]);
    expected.extend([4; 16]);
    expected.extend([5; 16]);
    expected.extend(6_u64.to_be_bytes());
    expected.push(0);
    expected.extend(7_u32.to_be_bytes());
    expected.extend(8_i64.to_be_bytes());
    let digest = ring::digest::digest(&ring::digest::SHA256, b"payload");
    expected.extend(digest.as_ref());
    assert_eq!(header.signing_bytes(b"payload"), expected);

    let op = Op { header, payload: b"payload".to_vec(), signature: [9; 64] };
    assert_eq!(hex(&wire::encode(&op).unwrap()), OP_OF_VERSION_ONE);
    let challenge = Challenge { nonce: [1; 32] }.signing_bytes(DeviceId::from_bytes([2; 16]));
    assert_eq!(challenge, [&b"pupitre/session/1"[..], &[2; 16], &[1; 32]].concat());
}

const OP_OF_VERSION_ONE: &str = concat!(
    "8388500101010101010101010101010101010182500202020202020202020202020202020282018150030303",
    "0303030303030303030303030350040404040404040404040404040404045005050505050505050505050505",
    "05050506000708477061796c6f61645840090909090909090909090909090909090909090909090909090909",
    "09090909090909090909090909090909090909090909090909090909090909090909090909",
);

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
