//! What every store promises, as scenes; generic over the port, so that another store can be held to
//! the same.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs,
    reason = "a test may stop at the first surprise"
)]

use client::ports::{Cursor, Draft, NotedDocument, Profile, Reading, Store, StoreErrorKind};
use domain::{
    AgendaItem, BodyKind, CouncilId, DeviceId, Document, DocumentId, DocumentRole, DocumentVersion,
    ItemId, Member, MemberId, Record, Role, Sha256, Sitting, SittingId, SittingState, Timestamp,
};
use ink::{AnnotationId, Colour, Mark, MarkKind, Point, Stroke, StrokePoint};
use pupitre_store::SqliteStore;
use testkit::Signer;
use wire::{Ack, Audience, DocKey, Logged, Outcome, ProblemCode, Scope};

const COUNCIL: CouncilId = CouncilId::from_bytes([1; 16]);
const ME: MemberId = MemberId::from_bytes([2; 16]);
const PDF: Sha256 = Sha256::from_bytes([3; 32]);
const SCOPE: Scope = Scope { owner: ME, audience: Audience::Private };

fn document() -> NotedDocument {
    NotedDocument { key: DocKey::of_notes(COUNCIL, SCOPE, &PDF), scope: SCOPE, pdf: PDF }
}

fn note(n: u8, text: &str) -> Mark {
    Mark {
        id: AnnotationId::from_bytes([n; 16]),
        page: 1,
        kind: MarkKind::Note { at: Point { x: 10.0, y: 20.0 } },
        colour: Colour::Yellow,
        text: text.to_owned(),
        created_ms: i64::from(n),
        modified_ms: i64::from(n),
    }
}

fn draft(n: u8, text: &str) -> Draft {
    let change = vec![n; 3];
    Draft { document: document(), change, put: vec![note(n, text)], removed: Vec::new() }
}

fn logged(seq: u64, record_version: u64, op: wire::Op) -> Logged {
    Logged { seq, received_ms: 0, record_version, op }
}

fn sitting(n: u8, starts: i64, papers: &[u8]) -> Record {
    let documents = papers.iter().map(|paper| Document {
        id: DocumentId::from_bytes([*paper; 16]),
        title: format!("Rapport {paper}"),
        role: DocumentRole::Report,
        file_name: format!("{paper}.pdf"),
        versions: vec![DocumentVersion {
            number: 1,
            sha256: Sha256::from_bytes([*paper; 32]),
            bytes: 10,
            pages: 1,
            searchable: true,
            published: Timestamp::UNIX_EPOCH,
            note: None,
        }],
    });
    Record::Sitting(Box::new(Sitting {
        id: SittingId::from_bytes([n; 16]),
        title: format!("Séance {n}"),
        kind: BodyKind::Council,
        starts: Timestamp::from_second(starts).unwrap(),
        place: "Mairie".to_owned(),
        state: SittingState::Published,
        convocation: None,
        items: vec![AgendaItem {
            id: ItemId::from_bytes([n; 16]),
            title: "Point".to_owned(),
            documents: documents.collect(),
            theme: Vec::new(),
            rapporteur: None,
            closed_doors: false,
            deliberative: true,
        }],
    }))
}

/// Seals all drafts into operations, as an exchange does.
fn seal(store: &mut impl Store, device: &mut Signer) {
    for group in store.drafts().unwrap() {
        assert_eq!(store.next_device_seq().unwrap(), device.next);
        let op = device.note(COUNCIL, SCOPE, PDF, &group.changes);
        store.seal(&op, &group.drafts).unwrap();
    }
}

fn pieces(store: &impl Store) -> Vec<u8> {
    store.note_pieces(document().key).unwrap().changes.concat()
}

fn settings_survive(mut open: impl FnMut() -> Box<dyn Store>) {
    let mut store = open();
    assert_eq!(store.profile().unwrap(), None);
    assert_eq!(store.cursor().unwrap(), Cursor::default());
    let profile = Profile {
        server: "https://pupitre.example".to_owned(),
        council: COUNCIL,
        council_name: "Valbrune".to_owned(),
        member: ME,
        role: Role::Official,
        device: DeviceId::from_bytes([5; 16]),
        device_name: "Tablette".to_owned(),
    };
    store.save_profile(&profile).unwrap();
    let reading =
        Reading { document: DocumentId::from_bytes([6; 16]), version: 1, page: 7, at_ms: 8 };
    store.save_reading(&reading).unwrap();
    store.save_reading(&Reading { page: 9, ..reading }).unwrap();
    store.save_last_sync(42).unwrap();
    drop(store);
    let store = open();
    assert_eq!(store.profile().unwrap(), Some(profile));
    assert_eq!(store.readings().unwrap(), [Reading { page: 9, ..reading }]);
    assert_eq!(store.last_sync().unwrap(), Some(42));
}

fn a_newer_record_replaces_an_older_one_and_never_the_reverse(store: &mut impl Store) {
    let mut clerk = Signer::new(1);
    let first = clerk.record(COUNCIL, ME, 0, &sitting(1, 1_000, &[10, 11]));
    let second = clerk.record(COUNCIL, ME, 1, &sitting(1, 1_000, &[11, 12]));
    let items = [logged(1, 1, first), logged(2, 2, second)];
    let applied = store.apply(&items, Cursor { seq: 2, view: 1 }, 0).unwrap();
    assert_eq!((applied.entries, applied.catalogue), (2, true));
    let wanted = |store: &mut dyn Store| -> Vec<DocumentId> {
        store.wanted_papers(0).unwrap().iter().map(|paper| paper.document).collect()
    };
    let both = [DocumentId::from_bytes([11; 16]), DocumentId::from_bytes([12; 16])];
    assert_eq!(wanted(store), both);

    // The log read again from its beginning changes nothing.
    let applied = store.apply(&items, Cursor { seq: 2, view: 2 }, 0).unwrap();
    assert_eq!((applied.entries, applied.catalogue), (0, false));
    assert_eq!(wanted(store), both);
    assert_eq!(store.cursor().unwrap(), Cursor { seq: 2, view: 2 });
    assert!(store.sitting_of(both[0]).unwrap().is_some());
    assert!(store.sitting_of(DocumentId::from_bytes([10; 16])).unwrap().is_none());
}

fn papers_of_coming_sittings_come_first(store: &mut impl Store) {
    let day = 86_400;
    let mut clerk = Signer::new(1);
    let items: Vec<Logged> = [(1, 10), (2, 90), (3, 40), (4, 60)]
        .into_iter()
        .map(|(n, days)| {
            let op = clerk.record(COUNCIL, ME, 0, &sitting(n, days * day, &[n * 10, n * 10 + 1]));
            logged(u64::from(n), 1, op)
        })
        .collect();
    store.apply(&items, Cursor { seq: 4, view: 1 }, 0).unwrap();
    store.paper_arrived(&Sha256::from_bytes([91; 32])).unwrap();
    store.paper_arrived(&Sha256::from_bytes([41; 32])).unwrap();
    let wanted: Vec<u8> = store
        .wanted_papers(50 * day * 1_000)
        .unwrap()
        .iter()
        .map(|paper| paper.pdf.as_bytes()[0])
        .collect();
    assert_eq!(wanted, [40, 20, 21, 30, 31, 10, 11]);
}

fn a_draft_goes_through_the_outbox_into_the_log_and_is_never_twice(store: &mut impl Store) {
    let mut device = Signer::new(7);
    store.save_draft(&draft(1, "un")).unwrap();
    store.save_draft(&draft(2, "deux")).unwrap();
    assert_eq!((store.pending().unwrap(), pieces(store)), (2, vec![1, 1, 1, 2, 2, 2]));
    seal(store, &mut device);
    assert_eq!((store.pending().unwrap(), pieces(store)), (1, vec![1, 1, 1, 2, 2, 2]));
    let op = store.outbox(usize::MAX).unwrap().remove(0);

    // The pull may bring the own operation before its acknowledgement is read, and again later.
    let back = [logged(9, 0, op)];
    let applied = store.apply(&back, Cursor { seq: 9, view: 1 }, 0).unwrap();
    assert_eq!((applied.entries, applied.notes.len()), (0, 0));
    let ack = [Ack { device_seq: 1, outcome: Outcome::Accepted { seq: 9 } }];
    for _ in 0..2 {
        assert!(store.acknowledge(&ack, 0).unwrap().is_empty());
        store.apply(&back, Cursor { seq: 9, view: 1 }, 0).unwrap();
        assert_eq!((store.pending().unwrap(), pieces(store)), (0, vec![1, 1, 1, 2, 2, 2]));
    }
    assert!(store.stale_documents().unwrap().is_empty(), "the index knew every change");
}

fn what_the_server_refuses_is_set_aside_and_stays_to_be_seen(store: &mut impl Store) {
    let mut device = Signer::new(7);
    store.save_draft(&draft(1, "un")).unwrap();
    seal(store, &mut device);
    let record = device.record(COUNCIL, ME, 3, &sitting(1, 1_000, &[10]));
    store.seal(&record, &[]).unwrap();
    let acks = [
        Ack { device_seq: 1, outcome: Outcome::Refused { code: ProblemCode::Untrue } },
        Ack { device_seq: 2, outcome: Outcome::Conflict { current: 5 } },
    ];
    let conflicts = store.acknowledge(&acks, 0).unwrap();
    assert_eq!(conflicts[1].subject, "Séance 1");
    assert_eq!((conflicts[0].current, conflicts[1].current), (None, Some(5)));
    assert_eq!((store.pending().unwrap(), pieces(store)), (0, vec![1, 1, 1]));
    assert_eq!(store.notes(None).unwrap().len(), 1);
    assert_eq!(store.next_device_seq().unwrap(), 3, "a number is never used twice");
}

fn notes_of_another_device_wait_for_the_index(store: &mut impl Store) {
    store.save_draft(&draft(1, "ici")).unwrap();
    let op = Signer::new(8).note(COUNCIL, SCOPE, PDF, &[9, 9]);
    let applied = store.apply(&[logged(4, 0, op)], Cursor { seq: 4, view: 1 }, 0).unwrap();
    assert_eq!(applied.notes, [document().key]);
    assert_eq!(store.stale_documents().unwrap(), [document()]);
    // A change made meanwhile does not make the index pass for up to date.
    store.save_draft(&draft(2, "encore")).unwrap();
    assert_eq!(store.stale_documents().unwrap(), [document()]);
    store.index_notes(&document(), &[note(1, "ici"), note(3, "là-bas")], 1).unwrap();
    assert!(store.stale_documents().unwrap().is_empty());
    assert_eq!((store.notes(Some(&PDF)).unwrap().len(), store.unreadable().unwrap()), (2, 1));
    assert_eq!(store.noted_documents(&PDF).unwrap(), [document()]);
}

fn a_snapshot_stands_for_the_pieces_before_it(store: &mut impl Store) {
    store.save_draft(&draft(1, "un")).unwrap();
    let covers = store.note_pieces(document().key).unwrap().covers;
    store.save_draft(&draft(2, "deux")).unwrap();
    store.save_snapshot(document().key, b"snapshot", covers).unwrap();
    let pieces = store.note_pieces(document().key).unwrap();
    assert_eq!(pieces.snapshot.as_deref(), Some(&b"snapshot"[..]));
    assert_eq!(pieces.changes, [[2, 2, 2]]);
    assert!(pieces.covers > covers);
}

fn words_are_found_without_accents_ligatures_and_line_ends(store: &mut impl Store) {
    let mut clerk = Signer::new(1);
    let op = clerk.record(COUNCIL, ME, 0, &sitting(1, 1_000, &[3]));
    store.apply(&[logged(1, 1, op)], Cursor { seq: 1, view: 1 }, 0).unwrap();
    let pages = ["La délibé-\nration du Conseil".to_owned(), "une ﬁnance d’œuvres".to_owned()];
    store.paper_arrived(&PDF).unwrap();
    assert_eq!(store.unindexed_papers().unwrap(), [PDF]);
    store.index_text(&PDF, &pages).unwrap();
    store.index_text(&PDF, &pages).unwrap();
    assert!(store.unindexed_papers().unwrap().is_empty());
    let found = |store: &mut dyn Store, words: &str| -> Vec<u32> {
        store.search_pages(words, 10).unwrap().iter().map(|hit| hit.page).collect()
    };
    assert_eq!(found(store, "deliberation conseil"), [1]);
    assert_eq!(found(store, "finance oeuv"), [2]);
    assert!(found(store, "delib finance").is_empty());
    assert!(found(store, "\"); DROP TABLE page; --").is_empty());
    let snippet = store.search_pages("délibération", 10).unwrap().remove(0).snippet;
    assert_eq!(snippet, "La \u{2068}délibération\u{2069} du Conseil");

    store.save_draft(&draft(1, "l’échéance du prêt")).unwrap();
    assert_eq!(store.search_notes("echeance", 10).unwrap().len(), 1);
    let gone = Draft { put: Vec::new(), removed: vec![note(1, "").id], ..draft(2, "") };
    store.save_draft(&gone).unwrap();
    assert_eq!(store.search_notes("echeance", 10).unwrap().len(), 0);
}

fn ink_comes_back_as_it_was_drawn(store: &mut impl Store) {
    let points = (0..40u8)
        .map(|i| StrokePoint { x: f32::from(i), y: 50.0, pressure: f32::from(i) / 255.0 })
        .collect();
    let stroke = Stroke { points }.rounded();
    let kind = MarkKind::Ink { strokes: vec![stroke], width: 2.0 };
    let mark = Mark { kind, ..note(1, "") };
    store.save_draft(&Draft { put: vec![mark.clone()], ..draft(1, "") }).unwrap();
    assert_eq!(store.note(mark.id).unwrap().unwrap().mark, mark);
}

fn people_stand_in_the_order_of_their_names(store: &mut impl Store) {
    let mut clerk = Signer::new(1);
    let items: Vec<Logged> = [(1, "Zoé", "Astier"), (2, "Inès", "Baudry"), (3, "Paul", "Astier")]
        .into_iter()
        .map(|(n, first, last)| {
            let member = Member {
                id: MemberId::from_bytes([n; 16]),
                first_name: first.to_owned(),
                last_name: last.to_owned(),
                role: Role::Official,
                email: None,
                function: None,
                groups: Vec::new(),
            };
            logged(u64::from(n), 1, clerk.record(COUNCIL, ME, 0, &Record::Member(member)))
        })
        .collect();
    store.apply(&items, Cursor { seq: 3, view: 1 }, 0).unwrap();
    let names: Vec<String> = store.members().unwrap().iter().map(Member::full_name).collect();
    assert_eq!(names, ["Paul Astier", "Zoé Astier", "Inès Baudry"]);
}

macro_rules! store_contract {
    ($open:expr, $($scene:ident),* $(,)?) => {$(
        #[test]
        fn $scene() {
            let folder = tempfile::tempdir().unwrap();
            super::$scene(&mut $open(folder.path()));
        }
    )*};
}

mod sqlite {
    use super::SqliteStore;

    fn open(profile: &std::path::Path) -> SqliteStore {
        SqliteStore::open(profile).unwrap()
    }

    #[test]
    fn settings_survive() {
        let folder = tempfile::tempdir().unwrap();
        super::settings_survive(|| Box::new(open(folder.path())));
    }

    store_contract!(
        open,
        a_newer_record_replaces_an_older_one_and_never_the_reverse,
        papers_of_coming_sittings_come_first,
        a_draft_goes_through_the_outbox_into_the_log_and_is_never_twice,
        what_the_server_refuses_is_set_aside_and_stays_to_be_seen,
        notes_of_another_device_wait_for_the_index,
        a_snapshot_stands_for_the_pieces_before_it,
        words_are_found_without_accents_ligatures_and_line_ends,
        ink_comes_back_as_it_was_drawn,
        people_stand_in_the_order_of_their_names,
    );
}

#[test]
fn a_second_process_waits_and_is_then_told_that_the_profile_is_in_use() {
    let folder = tempfile::tempdir().unwrap();
    let first = SqliteStore::open(folder.path()).unwrap();
    assert_eq!(SqliteStore::open(folder.path()).unwrap_err().kind, StoreErrorKind::Busy);
    drop(first);
    SqliteStore::open(folder.path()).unwrap();
}
