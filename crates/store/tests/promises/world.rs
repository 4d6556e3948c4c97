//! The council that the promises are tried on.

use std::path::Path;

use client::ports::{Cursor, Draft, NotedDocument, Store};
use domain::{
    AgendaItem, BodyKind, CouncilId, Document, DocumentId, DocumentRole, DocumentVersion, GroupId,
    ItemId, MemberId, Record, Sha256, Sitting, SittingId, SittingState, Timestamp,
};
use ink::{AnnotationId, Colour, Mark, MarkKind, Markup, MarkupStyle, Point, Quote, Rect};
use pupitre_store::SqliteStore;
use testkit::Signer;
use wire::{Audience, DocKey, Kind, Logged, NotePayload, Op, Scope};

/// Noon of a day in November 2026, Unix milliseconds.
pub(crate) const NOW: i64 = 1_795_000_000_000;
pub(crate) const DAY: i64 = 24 * 3_600_000;

/// Where a store stands between being closed and opened again.
pub(crate) trait Shelf {
    fn open(&self) -> Box<dyn Store>;
}

/// A profile folder on the disk.
pub(crate) struct Disk(tempfile::TempDir);

impl Disk {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }
    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }
}

impl Shelf for Disk {
    fn open(&self) -> Box<dyn Store> {
        Box::new(SqliteStore::open(self.0.path()).unwrap())
    }
}

pub(crate) fn council() -> CouncilId {
    CouncilId::from_bytes([0xc0; 16])
}

pub(crate) fn member(n: u8) -> MemberId {
    MemberId::from_bytes([n; 16])
}

pub(crate) fn pdf(n: u8) -> Sha256 {
    Sha256::from_bytes([n; 32])
}

pub(crate) fn paper_id(n: u8) -> DocumentId {
    DocumentId::from_bytes([n; 16])
}

/// The private notes of a member on a PDF.
pub(crate) fn notes_of(owner: MemberId, pdf: Sha256) -> NotedDocument {
    let scope = Scope { owner, audience: Audience::Private };
    NotedDocument { key: DocKey::of_notes(council(), scope, &pdf), scope, pdf }
}

/// The notes of the tablet's owner on paper `n`.
pub(crate) fn mine(n: u8) -> NotedDocument {
    notes_of(member(1), pdf(n))
}

/// The notes of a member on paper `n` for an audience.
pub(crate) fn shared(owner: u8, n: u8, audience: Audience) -> NotedDocument {
    let (scope, pdf) = (Scope { owner: member(owner), audience }, pdf(n));
    NotedDocument { key: DocKey::of_notes(council(), scope, &pdf), scope, pdf }
}

pub(crate) fn group(n: u8) -> Audience {
    Audience::Group(GroupId::from_bytes([n; 16]))
}

/// This tablet.
pub(crate) fn tablet() -> Signer {
    Signer::new(1)
}

/// The owner's other tablet.
pub(crate) fn other_tablet() -> Signer {
    Signer::new(2)
}

/// The clerk's computer.
pub(crate) fn desk() -> Signer {
    Signer::new(9)
}

/// A paper whose versions are these PDFs, one page each.
pub(crate) fn paper(id: u8, versions: &[u8]) -> Document {
    Document {
        id: paper_id(id),
        title: format!("Rapport {id}"),
        role: DocumentRole::Report,
        file_name: format!("{id}.pdf"),
        versions: (1..)
            .zip(versions)
            .map(|(number, n)| DocumentVersion {
                number,
                sha256: pdf(*n),
                bytes: u64::from(*n) * 1_000,
                pages: 1,
                searchable: true,
                published: Timestamp::from_millisecond(NOW).unwrap(),
                note: None,
            })
            .collect(),
    }
}

/// A sitting that starts `days` from now, one item per paper.
pub(crate) fn sitting(id: u8, days: i64, papers: Vec<Document>) -> Sitting {
    Sitting {
        id: SittingId::from_bytes([id; 16]),
        title: format!("Conseil {id}"),
        kind: BodyKind::Council,
        starts: Timestamp::from_millisecond(NOW + days * DAY).unwrap(),
        place: "Salle des fêtes".to_owned(),
        state: SittingState::Published,
        convocation: None,
        items: (0..)
            .zip(papers)
            .map(|(number, paper): (u8, _)| AgendaItem {
                id: ItemId::from_bytes([id, number, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7]),
                title: format!("Point {number}"),
                documents: vec![paper],
                theme: Vec::new(),
                rapporteur: None,
                closed_doors: false,
                deliberative: true,
            })
            .collect(),
        ..Sitting::untitled(SittingId::from_bytes([id; 16]))
    }
}

pub(crate) fn record(sitting: Sitting) -> Record {
    Record::Sitting(Box::new(sitting))
}

/// An entry of the log.
pub(crate) fn logged(seq: u64, record_version: u64, op: Op) -> Logged {
    Logged { seq, received_ms: NOW, record_version, op }
}

/// Publishes records, each as its first version, from the log's beginning.
pub(crate) fn publish(store: &mut dyn Store, records: Vec<Record>) {
    let mut desk = desk();
    let items: Vec<Logged> = (1..)
        .zip(records)
        .map(|(seq, record)| logged(seq, 1, desk.record(council(), member(9), 0, &record)))
        .collect();
    let seq = items.len() as u64;
    store.apply(&items, Cursor { seq, view: 1 }, NOW).unwrap();
}

/// A sticky note that says something.
pub(crate) fn mark(n: u8, text: &str) -> Mark {
    Mark {
        id: AnnotationId::from_bytes([n; 16]),
        page: 1,
        kind: MarkKind::Note { at: Point { x: 10.0, y: 20.0 } },
        colour: Colour::Yellow,
        text: text.to_owned(),
        created_ms: NOW,
        modified_ms: NOW + i64::from(n),
        in_reply_to: None,
    }
}

/// Marked words.
pub(crate) fn highlight(n: u8, exact: &str) -> Mark {
    let quote = Quote { exact: exact.to_owned(), start: 3, ..Quote::default() };
    let rects = vec![Rect { x0: 1.0, y0: 2.0, x1: 3.0, y1: 4.0 }];
    let markup = Markup { style: MarkupStyle::Highlight, rects, quote };
    Mark { kind: MarkKind::Markup(markup), ..mark(n, "") }
}

/// A change to notes, with no mark of its own in the index.
pub(crate) fn change(document: NotedDocument, change: &[u8]) -> Draft {
    Draft {
        document,
        change: change.to_vec(),
        put: Vec::new(),
        removed: Vec::new(),
        carried: Vec::new(),
    }
}

/// Seals everything that is drafted, as the client does; the operations.
pub(crate) fn seal_all(store: &mut dyn Store, tablet: &mut Signer) -> Vec<Op> {
    let drafted = store.drafts().unwrap();
    drafted.iter().map(|group| seal(store, tablet, group)).collect()
}

/// Seals one group of drafts.
pub(crate) fn seal(
    store: &mut dyn Store,
    tablet: &mut Signer,
    group: &client::ports::Drafted,
) -> Op {
    tablet.next = store.next_device_seq().unwrap();
    let op = note_op(tablet, group.document, &group.changes);
    store.seal(&op, &group.drafts).unwrap();
    op
}

/// An operation of notes.
pub(crate) fn note_op(tablet: &mut Signer, document: NotedDocument, changes: &[u8]) -> Op {
    let payload = NotePayload { pdf: document.pdf, changes: changes.to_vec() };
    let payload = wire::encode(&payload).unwrap();
    tablet.seal(council(), document.scope, document.key, Kind::Note, payload)
}
