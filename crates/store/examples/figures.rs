//! What the store costs: `cargo run --release -p pupitre-store --example figures [FOLDER]`.
//!
//! FOLDER is where the profile is made (a folder on the disk that is to be measured); the system's
//! temporary folder when it is not given.
#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a program for developers, which may stop at the first surprise"
)]

use std::time::{Duration, Instant};

use client::ports::{Cursor, Draft, NotedDocument, Store};
use domain::{
    AgendaItem, BodyKind, CouncilId, Document, DocumentId, DocumentRole, DocumentVersion, ItemId,
    MemberId, Record, Sha256, Sitting, SittingId, SittingState, Timestamp,
};
use ink::{AnnotationId, Colour, Mark, MarkKind, Stroke, StrokePoint};
use pupitre_store::SqliteStore;
use testkit::Signer;
use wire::{Audience, DocKey, Logged, Scope};

const COUNCIL: CouncilId = CouncilId::from_bytes([1; 16]);
const OWNER: MemberId = MemberId::from_bytes([2; 16]);
const SCOPE: Scope = Scope { owner: OWNER, audience: Audience::Private };
const NOW: i64 = 1_795_000_000_000;
const SITTINGS: u32 = 200;
const PAPERS: u32 = 25;
const PAGES: u32 = 1_000;

fn main() {
    let folder = match std::env::args_os().nth(1) {
        Some(folder) => tempfile::tempdir_in(folder).unwrap(),
        None => tempfile::tempdir().unwrap(),
    };
    let mut store = SqliteStore::open(folder.path()).unwrap();
    strokes(&mut store);
    catalogue(&mut store);
    texts(&mut store);
    search(&store);
    drop(store);
    let opened = times(20, || drop(SqliteStore::open(folder.path()).unwrap()));
    tell(&format!("open, {SITTINGS} sittings and {PAGES} pages in it"), &opened);
    let bytes = std::fs::metadata(folder.path().join("pupitre.db")).unwrap().len();
    println!("{:52} {:.1} MB", "database", bytes as f64 / 1e6);
}

fn strokes(store: &mut SqliteStore) {
    for number in 1..=1_000 {
        store.save_draft(&stroke(number)).unwrap();
    }
    let drawn = times_of(1_001..2_001, |number| store.save_draft(&stroke(number)).unwrap());
    tell("save_draft of a stroke, with 1,000 to 2,000 there", &drawn);
    let pdf = noted().pdf;
    tell("notes(pdf), 2,000 strokes", &times(100, || drop(store.notes(Some(&pdf)).unwrap())));
    tell(
        "note_pieces, 2,000 drafts",
        &times(100, || drop(store.note_pieces(noted().key).unwrap())),
    );
    let mut own = Signer::new(1);
    let sealed = times(1, || {
        for group in store.drafts().unwrap() {
            own.next = store.next_device_seq().unwrap();
            let op = own.note(COUNCIL, SCOPE, noted().pdf, &group.changes);
            store.seal(&op, &group.drafts).unwrap();
        }
    });
    tell("drafts and seal, 2,000 drafts", &sealed);
    let mut other = Signer::new(2);
    let page: Vec<Logged> = (1..=1_000)
        .map(|seq| {
            let op = other.note(COUNCIL, SCOPE, noted().pdf, &[7; 400]);
            Logged { seq, received_ms: NOW, record_version: 0, op }
        })
        .collect();
    let cursor = Cursor { seq: 1_000, view: 1 };
    let applied = times(1, || drop(store.apply(&page, cursor, NOW).unwrap()));
    tell("apply, 1,000 note operations", &applied);
    let again = times(5, || drop(store.apply(&page, cursor, NOW).unwrap()));
    tell("apply, the same 1,000 again", &again);
}

fn catalogue(store: &mut SqliteStore) {
    let mut desk = Signer::new(9);
    let page: Vec<Logged> = (0..SITTINGS)
        .map(|number| {
            let record = Record::Sitting(Box::new(sitting(number)));
            let op = desk.record(COUNCIL, OWNER, 0, &record);
            Logged { seq: 2_000 + u64::from(number), received_ms: NOW, record_version: 1, op }
        })
        .collect();
    let cursor = Cursor { seq: 2_000 + u64::from(SITTINGS), view: 1 };
    let applied = times(1, || drop(store.apply(&page, cursor, NOW).unwrap()));
    tell(&format!("apply, {SITTINGS} sittings of {PAPERS} papers"), &applied);
    let read = times(100, || assert_eq!(store.sittings().unwrap().len(), SITTINGS as usize));
    tell(&format!("sittings(), {SITTINGS} of {PAPERS} papers"), &read);
    let id = DocumentId::from_bytes(name(7, 3));
    tell("sitting_of", &times(50, || assert!(store.sitting_of(id).unwrap().is_some())));
    let wanted = times(100, || drop(store.wanted_papers(NOW).unwrap()));
    tell(&format!("wanted_papers, {}", SITTINGS * PAPERS), &wanted);
}

fn texts(store: &mut SqliteStore) {
    let mut chance = Chance(1);
    let indexed = times_of(0..u64::from(PAGES / PAPERS), |paper| {
        let pages: Vec<String> = (0..PAPERS).map(|_| chance.page()).collect();
        let pdf = pdf(u32::try_from(paper).unwrap(), 0);
        store.index_text(&pdf, &pages).unwrap();
    });
    tell(&format!("index_text, {PAPERS} pages"), &indexed);
}

fn search(store: &SqliteStore) {
    for words in [
        word(1),
        word(200),
        format!("{} {}", word(2), word(3)),
        word(1).chars().take(1).collect(),
        { format!("{} {} {}", word(1), word(2), word(9).chars().take(2).collect::<String>()) },
    ] {
        let mut hits = 0;
        let took = times(100, || hits = store.search_pages(&words, 200).unwrap().len());
        tell(&format!("search_pages \"{words}\", {hits} of {PAGES} pages"), &took);
    }
}

/// How long each call took, and the processor's time of all together.
struct Took {
    each: Vec<Duration>,
    processor_ms: f64,
}

fn times(count: u64, mut work: impl FnMut()) -> Took {
    times_of(0..count, |_| work())
}

fn times_of(numbers: std::ops::Range<u64>, mut work: impl FnMut(u64)) -> Took {
    let before = processor_ms();
    let each = numbers
        .map(|number| {
            let start = Instant::now();
            work(number);
            start.elapsed()
        })
        .collect();
    Took { each, processor_ms: processor_ms() - before }
}

/// What this process has had of the processor, in steps of 10 ms; 0 where the system does not say.
/// On a busy machine the times by the clock tell of the others' work.
fn processor_ms() -> f64 {
    let Ok(stat) = std::fs::read_to_string("/proc/self/stat") else { return 0.0 };
    // After the program's name, in brackets: the twelfth and thirteenth are user and system time.
    let fields = stat.rsplit(')').next().unwrap().split_whitespace().skip(11).take(2);
    fields.map(|ticks| ticks.parse::<f64>().unwrap() * 10.0).sum()
}

fn tell(what: &str, took: &Took) {
    let mut ms: Vec<f64> = took.each.iter().map(|time| time.as_secs_f64() * 1e3).collect();
    ms.sort_by(f64::total_cmp);
    let at = |part: f64| ms[((ms.len() - 1) as f64 * part) as usize];
    let processor = took.processor_ms / ms.len() as f64;
    let (median, late, worst) = (at(0.5), at(0.99), at(1.0));
    println!(
        "{what:52} processor {processor:6.2} ms; by the clock: median {median:6.2}, p99 {late:6.2}, worst {worst:6.2}"
    );
}

fn name(a: u32, b: u32) -> [u8; 16] {
    let mut name = [3; 16];
    name[..4].copy_from_slice(&a.to_be_bytes());
    name[4..8].copy_from_slice(&b.to_be_bytes());
    name
}

fn pdf(sitting: u32, paper: u32) -> Sha256 {
    let mut bytes = [5; 32];
    bytes[..16].copy_from_slice(&name(sitting, paper));
    Sha256::from_bytes(bytes)
}

fn noted() -> NotedDocument {
    let pdf = pdf(0, 0);
    NotedDocument { key: DocKey::of_notes(COUNCIL, SCOPE, &pdf), scope: SCOPE, pdf }
}

/// A stroke of 120 points; its change is as large as Automerge makes it, about 500 bytes.
fn stroke(number: u64) -> Draft {
    let point = |step: u16| StrokePoint {
        x: 100.0 + f32::from(step),
        y: 300.0 + f32::from(step % 13),
        pressure: 0.5,
    };
    let mark = Mark {
        id: AnnotationId::from_bytes(name(u32::try_from(number).unwrap(), 0)),
        page: 1,
        kind: MarkKind::Ink {
            strokes: vec![Stroke { points: (0..120).map(point).collect() }],
            width: 1.5,
            nib: ink::Nib::Pen,
        },
        colour: Colour::Black,
        text: String::new(),
        created_ms: NOW,
        modified_ms: NOW,
        in_reply_to: None,
    };
    Draft {
        document: noted(),
        change: vec![9; 500],
        put: vec![mark],
        removed: Vec::new(),
        carried: Vec::new(),
    }
}

fn sitting(number: u32) -> Sitting {
    let document = |paper: u32| Document {
        id: DocumentId::from_bytes(name(number, paper)),
        title: format!("Rapport {paper} : garantie d’emprunt et plan de financement"),
        role: DocumentRole::Report,
        file_name: format!("{paper:02}-rapport-garantie-emprunt.pdf"),
        versions: vec![DocumentVersion {
            number: 1,
            sha256: pdf(number, paper),
            bytes: 400_000,
            pages: PAPERS,
            searchable: true,
            published: Timestamp::from_millisecond(NOW).unwrap(),
            note: None,
        }],
    };
    let item = |paper: u32| AgendaItem {
        id: ItemId::from_bytes(name(number, 100 + paper)),
        title: format!("Point {paper} : une garantie d’emprunt pour la régie municipale des eaux"),
        documents: vec![document(paper)],
        theme: vec!["Finances".to_owned()],
        rapporteur: Some("Élodie Morel".to_owned()),
        closed_doors: false,
        deliberative: true,
    };
    Sitting {
        id: SittingId::from_bytes(name(number, 0)),
        title: "Conseil municipal".to_owned(),
        kind: BodyKind::Council,
        starts: Timestamp::from_millisecond(NOW + i64::from(number) * 86_400_000).unwrap(),
        place: "Salle des fêtes".to_owned(),
        state: SittingState::Published,
        convocation: None,
        items: (0..PAPERS).map(item).collect(),
        ..Sitting::untitled(SittingId::from_bytes(name(number, 0)))
    }
}

/// Pseudo-random numbers (Knuth's constants), so that each run measures the same texts.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        self.0 >> 33
    }

    /// 450 words, the frequent ones as frequent as in any language.
    fn page(&mut self) -> String {
        let words: Vec<String> = (0..450)
            .map(|_| {
                let part = (self.next() % 1_000_000) as f64 / 1e6;
                word(9_000f64.powf(part) as u64)
            })
            .collect();
        words.join(" ")
    }
}

/// The word of this rank, of 3 to 11 letters, one in six with an accent.
fn word(rank: u64) -> String {
    let mut chance = Chance(rank.wrapping_mul(0x9e37_79b9).wrapping_add(7));
    let length = 3 + chance.next() % 9;
    (0..length)
        .map(|_| {
            ['a', 'b', 'c', 'd', 'e', 'é', 'i', 'l', 'm', 'n', 'o', 'p', 'r', 's', 't', 'u']
                [(chance.next() % 16) as usize]
        })
        .collect()
}
