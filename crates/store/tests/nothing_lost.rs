//! Whatever is killed and whenever: what was answered stays.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs,
    reason = "a test may stop at the first surprise"
)]

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use client::ports::{Cursor, Draft, NotedDocument, Store, StoreErrorKind};
use domain::{CouncilId, MemberId, Sha256};
use proptest::prelude::*;
use pupitre_store::SqliteStore;
use testkit::Signer;
use wire::{Ack, Audience, DocKey, Logged, Op, Outcome, ProblemCode, Scope};

const COUNCIL: CouncilId = CouncilId::from_bytes([1; 16]);
const SCOPE: Scope = Scope { owner: MemberId::from_bytes([2; 16]), audience: Audience::Private };
const PDF: Sha256 = Sha256::from_bytes([3; 32]);

fn document() -> NotedDocument {
    NotedDocument { key: DocKey::of_notes(COUNCIL, SCOPE, &PDF), scope: SCOPE, pdf: PDF }
}

/// A draft whose change is this number.
fn draft(number: u32) -> Draft {
    let change = number.to_be_bytes().to_vec();
    Draft { document: document(), change, put: Vec::new(), removed: Vec::new() }
}

/// All numbers that the store holds, in order and each once.
fn numbers(store: &impl Store) -> Vec<u32> {
    let changes = store.note_pieces(document().key).unwrap().changes.concat();
    let mut numbers: Vec<u32> =
        changes.chunks_exact(4).map(|four| u32::from_be_bytes(four.try_into().unwrap())).collect();
    numbers.sort_unstable();
    numbers
}

#[derive(Debug, Clone)]
enum Step {
    Draft,
    Seal,
    Answer { take: usize, refuse: bool, lose_answer: bool },
    Foreign,
    ReadAgain,
    Reopen,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => Just(Step::Draft),
        2 => Just(Step::Seal),
        3 => (1usize..4, prop::bool::weighted(0.2), prop::bool::weighted(0.3))
            .prop_map(|(take, refuse, lose_answer)| Step::Answer { take, refuse, lose_answer }),
        1 => Just(Step::Foreign),
        1 => Just(Step::ReadAgain),
        1 => Just(Step::Reopen),
    ]
}

/// A server in miniature: it answers a number once and for ever.
#[derive(Default)]
struct Server {
    log: Vec<Logged>,
    answers: Vec<Outcome>,
}

impl Server {
    fn take(&mut self, op: &Op, refuse: bool) -> Ack {
        let device_seq = op.header.device_seq;
        let place = usize::try_from(device_seq).unwrap() - 1;
        if place == self.answers.len() {
            let seq = self.log.len() as u64 + 1;
            let outcome = if refuse {
                Outcome::Refused { code: ProblemCode::Untrue }
            } else {
                self.add(op.clone());
                Outcome::Accepted { seq }
            };
            self.answers.push(outcome);
        }
        Ack { device_seq, outcome: self.answers[place].clone() }
    }

    fn add(&mut self, op: Op) {
        let seq = self.log.len() as u64 + 1;
        self.log.push(Logged { seq, received_ms: 0, record_version: 0, op });
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]
    #[test]
    fn no_order_of_drafts_answers_pulls_and_restarts_loses_or_doubles_a_change(
        steps in prop::collection::vec(step(), 1..40),
    ) {
        let folder = tempfile::tempdir().unwrap();
        let mut store = SqliteStore::open(folder.path()).unwrap();
        let (mut device, mut other) = (Signer::new(1), Signer::new(2));
        let mut server = Server::default();
        let (mut expected, mut next) = (Vec::new(), 0u32);
        for step in steps {
            match step {
                Step::Draft => {
                    store.save_draft(&draft(next)).unwrap();
                    expected.push(next);
                    next += 1;
                }
                Step::Seal => for group in store.drafts().unwrap() {
                    prop_assert_eq!(store.next_device_seq().unwrap(), device.next);
                    let op = device.note(COUNCIL, SCOPE, PDF, &group.changes);
                    store.seal(&op, &group.drafts).unwrap();
                },
                Step::Answer { take, refuse, lose_answer } => {
                    let ops = store.outbox(usize::MAX).unwrap();
                    let acks: Vec<Ack> =
                        ops.iter().take(take).map(|op| server.take(op, refuse)).collect();
                    if !lose_answer {
                        store.acknowledge(&acks, 0).unwrap();
                    }
                }
                Step::Foreign => {
                    server.add(other.note(COUNCIL, SCOPE, PDF, &next.to_be_bytes()));
                    let after = store.cursor().unwrap().seq;
                    let seq = server.log.len() as u64;
                    let items = &server.log[usize::try_from(after).unwrap()..];
                    store.apply(items, Cursor { seq, view: 1 }, 0).unwrap();
                    expected.push(next);
                    next += 1;
                }
                Step::ReadAgain => {
                    let seq = server.log.len() as u64;
                    store.apply(&server.log, Cursor { seq, view: 1 }, 0).unwrap();
                }
                Step::Reopen => {
                    drop(store);
                    store = SqliteStore::open(folder.path()).unwrap();
                }
            }
            prop_assert_eq!(&numbers(&store), &expected);
            let waiting = store.outbox(usize::MAX).unwrap();
            let first = waiting.first().map(|op| op.header.device_seq);
            let in_line = waiting.iter().zip(first.unwrap_or(1)..);
            prop_assert!(in_line.clone().all(|(op, n)| op.header.device_seq == n));
        }
    }
}

/// Not a scene: the process that the next scene kills. It writes drafts and says each number that
/// the store has answered.
#[test]
fn the_writer_that_is_killed() {
    let Some(profile) = std::env::var_os("PUPITRE_TEST_WRITER") else { return };
    let mut store = SqliteStore::open(Path::new(&profile)).unwrap();
    let first = numbers(&store).last().map_or(0, |last| last + 1);
    let mut out = std::io::stdout();
    for number in first..first + 100_000 {
        store.save_draft(&draft(number)).unwrap();
        writeln!(out, "kept {number}").unwrap();
        out.flush().unwrap();
    }
}

#[test]
fn a_writer_killed_at_any_moment_keeps_every_draft_that_was_answered() {
    let folder = tempfile::tempdir().unwrap();
    let mut kept = 0;
    for cycle in 0..20u64 {
        let mut writer = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "the_writer_that_is_killed", "--nocapture"])
            .env("PUPITRE_TEST_WRITER", folder.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(writer.stdout.take().unwrap()).lines();
        let mut said = None;
        // Some drafts first, so that the kill falls among writes and not before them.
        for _ in 0..(cycle % 7 + 1) {
            said = lines
                .by_ref()
                .map_while(Result::ok)
                .find_map(|line| line.split("kept ").nth(1)?.parse::<u32>().ok());
        }
        std::thread::sleep(Duration::from_micros(cycle * 137 % 1_500));
        writer.kill().unwrap();
        writer.wait().unwrap();
        let rest = lines.map_while(Result::ok);
        let last = rest
            .filter_map(|line| line.split("kept ").nth(1)?.parse::<u32>().ok())
            .last()
            .or(said)
            .unwrap();
        let store = SqliteStore::open(folder.path()).unwrap();
        let numbers = numbers(&store);
        assert!(numbers.contains(&last), "draft {last} was answered and is gone");
        assert!(numbers.iter().enumerate().all(|(i, n)| i == *n as usize), "a gap or a double");
        kept = numbers.len();
    }
    assert!(kept >= 40, "only {kept} drafts: the kills fell before the writes");
}

#[test]
fn a_full_disk_is_said_so_and_loses_nothing_that_was_answered() {
    let folder = tempfile::tempdir().unwrap();
    let profile = folder.path().join("profile");
    let mut store = SqliteStore::open(&profile).unwrap();
    store.save_draft(&draft(0)).unwrap();
    drop(store);

    // A disk with room for some 300 pages more: SQLite answers exactly as on a full one.
    let db = rusqlite::Connection::open(profile.join("pupitre.db")).unwrap();
    let pages: i64 = db.pragma_query_value(None, "page_count", |row| row.get(0)).unwrap();
    drop(db);
    let mut store = SqliteStore::open(&profile).unwrap();
    store.limit_pages(pages + 300).unwrap();
    let big = |number: u32| {
        let mut change = number.to_be_bytes().to_vec();
        change.resize(100_000, 0);
        Draft { change, ..draft(0) }
    };
    let mut answered = 0;
    let full = loop {
        match store.save_draft(&big(answered)) {
            Ok(()) => answered += 1,
            Err(error) => break error,
        }
        assert!(answered < 100, "the disk never filled");
    };
    assert_eq!(full.kind, StoreErrorKind::Full);
    assert_eq!(store.pending().unwrap(), answered + 1);

    // Room again: everything is there, and writing goes on.
    store.limit_pages(1 << 30).unwrap();
    store.save_draft(&big(answered)).unwrap();
    drop(store);
    assert_eq!(SqliteStore::open(&profile).unwrap().pending().unwrap(), answered + 2);
}
