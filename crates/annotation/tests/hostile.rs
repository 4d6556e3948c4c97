//! Bytes that lie: whatever a broken or hostile device sends, the other notes stay.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs,
    reason = "a test may stop at the first surprise"
)]

use ink::{AnnotationId, Colour, Mark, MarkKind, Point};
use proptest::prelude::*;
use pupitre_annotation::limits::{self, DEADLINE};
use pupitre_annotation::{NoteDoc, Piece, Reason, Unreadable};

const SOFA: [u8; 16] = [1; 16];
const DESK: [u8; 16] = [2; 16];

fn note(number: u64) -> Mark {
    Mark {
        id: AnnotationId::new(number, [7; 10]),
        page: 1,
        kind: MarkKind::Note { at: Point { x: 1.0, y: 2.0 } },
        colour: Colour::Blue,
        text: format!("note {number}"),
        created_ms: 5,
        modified_ms: 5,
        in_reply_to: None,
    }
}

fn leb128(mut value: usize) -> Vec<u8> {
    let mut out = Vec::new();
    while value > 127 {
        out.push((value & 127) as u8 | 128);
        value >>= 7;
    }
    out.push(value as u8);
    out
}

/// A chunk with a true checksum over whatever it holds.
fn chunk(kind: u8, data: &[u8]) -> Vec<u8> {
    let mut hashed = vec![kind];
    hashed.extend(leb128(data.len()));
    hashed.extend(data);
    let digest = ring::digest::digest(&ring::digest::SHA256, &hashed);
    let mut out = vec![0x85, 0x6f, 0x4a, 0x83];
    out.extend(&digest.as_ref()[..4]);
    out.extend(hashed);
    out
}

fn deflated(plain: &[u8]) -> Vec<u8> {
    use std::io::Write;
    let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(plain).unwrap();
    encoder.finish().unwrap()
}

/// The data of a plain change chunk.
fn data_of(payload: &[u8]) -> &[u8] {
    assert_eq!(payload[8], 1, "a small change is not deflated");
    let length = payload[9..].iter().take_while(|b| **b & 128 != 0).count() + 1;
    &payload[9 + length..]
}

fn refused(payload: &[u8]) -> Reason {
    let mut doc = NoteDoc::new(SOFA);
    doc.put(&note(1), 5).unwrap();
    let (heads, marks) = (doc.heads(), doc.marks());
    let error = doc.apply(payload, DEADLINE).unwrap_err();
    assert_eq!((doc.heads(), doc.marks()), (heads, marks), "the notes stand as before");
    doc.put(&note(2), 6).unwrap();
    error.reason
}

#[test]
fn documents_bundles_and_noise_are_refused_unread() {
    let mut other = NoteDoc::new(DESK);
    let change = other.put(&note(9), 5).unwrap();
    assert_eq!(refused(&other.snapshot().unwrap()), Reason::Malformed, "a whole document");
    assert_eq!(refused(&chunk(3, data_of(&change))), Reason::Malformed, "a bundle");
    assert_eq!(refused(&chunk(0, b"")), Reason::Malformed);
    assert_eq!(refused(b"%PDF-1.7"), Reason::Malformed);
    assert_eq!(refused(&change[..change.len() - 1]), Reason::Malformed, "cut short");
    let mut spoilt = change.clone();
    *spoilt.last_mut().unwrap() ^= 1;
    assert_eq!(refused(&spoilt), Reason::Malformed, "its checksum tells");
    let mut followed = change;
    followed.push(0);
    assert_eq!(refused(&followed), Reason::Malformed);
}

#[test]
fn what_is_too_large_is_refused_before_it_is_inflated() {
    assert_eq!(refused(&vec![0; limits::PAYLOAD + 1]), Reason::TooLarge);
    let bomb = deflated(&vec![0; 64 * 1024 * 1024]);
    assert!(bomb.len() < limits::PAYLOAD);
    assert_eq!(refused(&chunk(2, &bomb)), Reason::TooLarge);
    let many: Vec<u8> = std::iter::repeat_n(chunk(1, b""), limits::CHANGES + 1).flatten().collect();
    assert_eq!(refused(&many), Reason::TooLarge);
    let mut endless = vec![0x85, 0x6f, 0x4a, 0x83, 0, 0, 0, 0, 1];
    endless.extend([0xff; 12]);
    assert_eq!(refused(&endless), Reason::TooLarge);
}

#[test]
fn one_bad_payload_among_many_costs_only_itself() {
    let mut desk = NoteDoc::new(DESK);
    let mut payloads: Vec<_> = (0..40).map(|n| desk.put(&note(n), 5).unwrap()).collect();
    payloads.insert(17, chunk(1, &[0; 40]));
    payloads.insert(29, b"noise".to_vec());
    let (doc, unreadable) = NoteDoc::load(SOFA, None, payloads.iter().map(Vec::as_slice), DEADLINE);
    let pieces: Vec<_> = unreadable.iter().map(|u| u.piece).collect();
    assert_eq!(pieces, vec![Piece::Payload(17), Piece::Payload(29)]);
    assert_eq!(doc.marks(), desk.marks());
}

#[test]
fn a_damaged_snapshot_is_reported_and_the_changes_after_it_wait() {
    let mut desk = NoteDoc::new(DESK);
    desk.put(&note(1), 5).unwrap();
    let mut snapshot = desk.snapshot().unwrap();
    let after = desk.put(&note(2), 6).unwrap();
    let middle = snapshot.len() / 2;
    snapshot[middle] ^= 0x40;
    let (doc, unreadable) = NoteDoc::load(SOFA, Some(&snapshot), [after.as_slice()], DEADLINE);
    assert!(matches!(unreadable[..], [Unreadable { piece: Piece::Snapshot, .. }]));
    assert_eq!((doc.marks().len(), doc.waiting()), (0, 1));
}

#[test]
fn orphans_do_not_pile_up() {
    let mut desk = NoteDoc::new(DESK);
    desk.put(&note(0), 5).unwrap();
    let orphans: Vec<_> = (1..=65).map(|n| desk.put(&note(n), 5).unwrap()).collect();
    let mut doc = NoteDoc::new(SOFA);
    for orphan in &orphans[..64] {
        doc.apply(orphan, DEADLINE).unwrap();
    }
    let error = doc.apply(&orphans[64], DEADLINE).unwrap_err();
    assert_eq!(error.reason, Reason::TooManyWaiting);
    assert_eq!(doc.waiting(), 64);
}

#[test]
fn kinds_and_keys_of_a_later_version_are_kept_and_ignored() {
    use automerge::transaction::Transactable;
    use automerge::{ActorId, Automerge, ObjType, ROOT, ReadDoc};
    let mut newer = Automerge::new().with_actor(ActorId::from(DESK));
    let payload = {
        let mut tx = newer.transaction();
        let stamp = tx.put_object(ROOT, format!("a:{}", note(50).id), ObjType::Map).unwrap();
        tx.put(&stamp, "k", "stamp").unwrap();
        tx.put(ROOT, "layers", 3_i64).unwrap();
        tx.commit();
        newer.save_after(&[])
    };
    let mut doc = NoteDoc::new(SOFA);
    doc.put(&note(1), 5).unwrap();
    doc.apply(&payload, DEADLINE).unwrap();
    assert_eq!(doc.marks().len(), 1);
    let kept = Automerge::load(&doc.snapshot().unwrap()).unwrap();
    assert_eq!(kept.get(ROOT, "layers").unwrap().unwrap().0.as_i64(), Some(3));
    assert!(kept.get(ROOT, format!("a:{}", note(50).id)).unwrap().is_some());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    /// The dangerous case: a change whose checksum is true and whose content is not.
    #[test]
    fn a_change_that_lies_is_refused_or_harmless(
        edits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..5),
        compressed in any::<bool>(),
    ) {
        let mut desk = NoteDoc::new(DESK);
        let first = desk.put(&note(1), 5).unwrap();
        let second = desk.change(note(1).id, Some("b"), None, 6).unwrap();
        let mut data = data_of(&second).to_vec();
        for (at, byte) in &edits {
            let at = at.index(data.len());
            data[at] = *byte;
        }
        let mut lie = chunk(1, &data);
        if compressed {
            // The checksum of a deflated change is that of the plain one.
            let packed = deflated(&data);
            let mut framed = lie[..8].to_vec();
            framed.push(2);
            framed.extend(leb128(packed.len()));
            framed.extend(packed);
            lie = framed;
        }
        let mut sofa = NoteDoc::new(SOFA);
        sofa.put(&note(2), 5).unwrap();
        sofa.apply(&first, DEADLINE).unwrap();
        let before = (sofa.heads(), sofa.marks());
        if sofa.apply(&lie, DEADLINE).is_err() {
            prop_assert_eq!((sofa.heads(), sofa.marks()), before);
        }
        // Whatever it was, the notes go on: written, saved, read again.
        prop_assert!(sofa.mark(note(2).id).is_some());
        sofa.put(&note(3), 7).unwrap();
        if sofa.waiting() == 0 {
            let snapshot = sofa.snapshot().unwrap();
            let (again, unreadable) = NoteDoc::load(SOFA, Some(&snapshot), [], DEADLINE);
            prop_assert!(unreadable.is_empty());
            prop_assert_eq!(again.marks(), sofa.marks());
        }
    }

    #[test]
    fn any_bytes_are_refused_or_harmless(
        kind in 0_u8..4, data in prop::collection::vec(any::<u8>(), 0..200), framed in any::<bool>(),
    ) {
        let payload = if framed { chunk(kind, &data) } else { data };
        let mut doc = NoteDoc::new(SOFA);
        doc.put(&note(1), 5).unwrap();
        if doc.apply(&payload, DEADLINE).is_err() {
            prop_assert_eq!(doc.marks().len(), 1);
        }
    }
}
