//! Power cuts. What a disk may hold after one is made from what SQLite had written and what it had
//! synced: the tail of the write-ahead log that was not synced is cut, torn, dropped in pieces or filled
//! with something else; a checkpoint had written any of its pages or none, while the log still stood.
//! Every such disk opens, is sound, and has all that was answered before the last sync.
//!
//! (A VFS that records each write would find the same states; the ready-made one needs libclang to be
//! built. With WAL and `synchronous=FULL` each commit is one sync of the log, and the database file is
//! written only by checkpoints, so that the states can be made from copies of the two files.)
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stderr,
    missing_docs,
    reason = "a test may stop at the first surprise"
)]

use std::path::Path;

use client::ports::{Draft, NotedDocument, Store};
use domain::{CouncilId, MemberId, Sha256};
use pupitre_store::SqliteStore;
use rusqlite::Connection;
use testkit::Signer;
use wire::{Ack, Audience, DocKey, Outcome, Scope};

const COUNCIL: CouncilId = CouncilId::from_bytes([1; 16]);
const SCOPE: Scope = Scope { owner: MemberId::from_bytes([2; 16]), audience: Audience::Private };
const PDF: Sha256 = Sha256::from_bytes([3; 32]);
const PAGE: usize = 4_096;
/// A frame of the log: its header and a page.
const FRAME: usize = 24 + PAGE;
const LOG_HEADER: usize = 32;

fn document() -> NotedDocument {
    NotedDocument { key: DocKey::of_notes(COUNCIL, SCOPE, &PDF), scope: SCOPE, pdf: PDF }
}

/// One step of a tablet's day: changes, now and then a seal and its answer. A page and more of each, so
/// that a commit is several frames.
fn step(store: &mut SqliteStore, own: &mut Signer, number: u64) {
    let mut change = number.to_be_bytes().to_vec();
    change.resize(5_000, 7);
    let draft = Draft {
        document: document(),
        change,
        put: Vec::new(),
        removed: Vec::new(),
        carried: Vec::new(),
    };
    store.save_draft(&draft).unwrap();
    if number % 4 == 3 {
        for group in store.drafts().unwrap() {
            own.next = store.next_device_seq().unwrap();
            let op = own.note(COUNCIL, SCOPE, PDF, &group.changes);
            store.seal(&op, &group.drafts).unwrap();
            let (device_seq, seq) = (op.header.device_seq, op.header.device_seq);
            let answer = Ack { device_seq, outcome: Outcome::Accepted { seq } };
            store.acknowledge(&[answer], 0).unwrap();
        }
    }
}

/// The numbers of the changes, in order.
fn numbers(store: &SqliteStore) -> Vec<u64> {
    let changes = store.note_pieces(document().key).unwrap().changes.concat();
    changes.chunks(5_000).map(|one| u64::from_be_bytes(one[..8].try_into().unwrap())).collect()
}

/// The database and its log as they lie on the disk, and the vault that opens them.
#[derive(Clone)]
struct Disk {
    db: Vec<u8>,
    log: Vec<u8>,
    vault: [(&'static str, Vec<u8>); 2],
}

impl Disk {
    fn of(folder: &Path) -> Self {
        let read = |name: &str| std::fs::read(folder.join(name)).unwrap_or_default();
        let vault = ["vault.json", "vault.key"].map(|name| (name, read(name)));
        Self { db: read("pupitre.db"), log: read("pupitre.db-wal"), vault }
    }

    /// Opens a tablet on this disk; at least so many changes are there, none twice, in order.
    fn holds(&self, at_least: usize, at_most: usize, what: &str) {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("pupitre.db"), &self.db).unwrap();
        if !self.log.is_empty() {
            std::fs::write(folder.path().join("pupitre.db-wal"), &self.log).unwrap();
        }
        for (name, bytes) in &self.vault {
            std::fs::write(folder.path().join(name), bytes).unwrap();
        }
        let store = SqliteStore::open(folder.path()).unwrap_or_else(|e| panic!("{what}: {e}"));
        let kept = numbers(&store);
        assert!(kept.iter().copied().eq(0..kept.len() as u64), "{what}: {kept:?}");
        assert!((at_least..=at_most).contains(&kept.len()), "{what}: {} changes", kept.len());
        drop(store);
        // Every page is what was sealed, and every index what its table says.
        let mut pages = SqliteStore::decrypted(folder.path()).unwrap();
        pages[18..20].copy_from_slice(&[1, 1]); // Kept in memory it has no log.
        let mut db = Connection::open_in_memory().unwrap();
        db.deserialize_read_exact("main", pages.as_slice(), pages.len(), true).unwrap();
        let sound: String = db.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
        assert_eq!(sound, "ok", "{what}");
    }
}

/// Numbers that look thrown, the same in every run.
struct Dice(u64);

impl Dice {
    fn throw(&mut self, below: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 16).unwrap() % below.max(1)
    }
}

#[test]
fn whatever_becomes_of_what_was_not_synced_what_was_answered_is_there() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = SqliteStore::open(folder.path()).unwrap();
    let mut own = Signer::new(1);
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    let mut states = 0;
    let mut synced = Disk::of(folder.path());
    for number in 0..30_u64 {
        step(&mut store, &mut own, number);
        let now = Disk::of(folder.path());
        let (before, after) =
            (usize::try_from(number).unwrap(), usize::try_from(number).unwrap() + 1);
        now.holds(after, after, "after the sync");
        let from = synced.log.len();
        assert_eq!(now.db, synced.db, "no checkpoint yet");
        assert!(now.log.len() >= from + FRAME, "a commit is in the log");
        let what = |kind: &str| format!("change {number}, {kind}");

        // Cut after any frame, and within frames.
        for _ in 0..4 {
            let mut torn = now.clone();
            torn.log.truncate(from + dice.throw(now.log.len() - from));
            torn.holds(before, after, &what("torn"));
            // The file has its length, and the rest never came: zeros, or what lay there before.
            let filler = if dice.throw(2) == 0 { 0 } else { 0xa5 };
            let cut = torn.log.len();
            torn.log.resize(now.log.len(), filler);
            torn.holds(before, after, &what("not written"));
            // Or a whole frame of it never came, while later ones did.
            let mut gap = now.clone();
            let frames = (now.log.len() - from.max(LOG_HEADER)) / FRAME;
            let frame = from.max(LOG_HEADER) + dice.throw(frames) * FRAME;
            gap.log[frame..(frame + FRAME).min(now.log.len())].fill(filler);
            gap.holds(before, after, &what("a frame missing"));
            // Or half a sector of one.
            let mut spoilt = now.clone();
            let at = from + dice.throw(now.log.len() - from - 512);
            spoilt.log[at..at + 256].fill(0x11);
            spoilt.holds(before, after, &what("a torn sector"));
            states += 4;
            assert!(cut <= now.log.len());
        }
        synced = now;
    }
    eprintln!("{states} disks after a power cut");
}

#[test]
fn a_checkpoint_cut_anywhere_loses_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = SqliteStore::open(folder.path()).unwrap();
    let mut own = Signer::new(1);
    let mut dice = Dice(0x2545_f491_4f6c_dd1d);
    let mut states = 0;
    for round in 0..6_u64 {
        for number in round * 10..(round + 1) * 10 {
            step(&mut store, &mut own, number);
        }
        let changes = usize::try_from((round + 1) * 10).unwrap();
        let before = Disk::of(folder.path());
        // As SQLite does it when the last one closes the database: every page of the log is written into
        // it, and the log goes when they are synced.
        drop(store);
        let after = Disk::of(folder.path());
        assert_ne!(before.db, after.db, "pages were written");
        for _ in 0..12 {
            let mut disk = before.clone();
            disk.db.resize(after.db.len().max(before.db.len()), 0);
            for page in 0..after.db.len() / PAGE {
                let range = page * PAGE..(page + 1) * PAGE;
                match dice.throw(3) {
                    0 => disk.db[range.clone()].copy_from_slice(&after.db[range]),
                    // Half of it came.
                    1 => {
                        let half = page * PAGE..page * PAGE + 2_048;
                        disk.db[half.clone()].copy_from_slice(&after.db[half]);
                    }
                    _ => {}
                }
            }
            disk.holds(changes, changes, &format!("round {round}, pages of a checkpoint"));
            states += 1;
        }
        // And when it was done: with the log, and without it.
        let with_log = Disk { log: before.log.clone(), ..after.clone() };
        with_log.holds(changes, changes, "after the checkpoint");
        assert!(after.log.is_empty(), "the log is gone");
        after.holds(changes, changes, "the database alone");
        store = SqliteStore::open(folder.path()).unwrap();
    }
    eprintln!("{states} disks in the middle of a checkpoint");
}
