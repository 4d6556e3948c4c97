//! A profile that is in use, and a disk that is full.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs,
    reason = "a test may stop at the first surprise"
)]

use client::ports::{Draft, NotedDocument, Store, StoreErrorKind};
use domain::{CouncilId, MemberId, Sha256};
use pupitre_store::SqliteStore;
use wire::{Audience, DocKey, Scope};

const SCOPE: Scope = Scope { owner: MemberId::from_bytes([2; 16]), audience: Audience::Private };
const PDF: Sha256 = Sha256::from_bytes([3; 32]);

/// A draft of so many bytes.
fn draft(bytes: usize) -> Draft {
    let key = DocKey::of_notes(CouncilId::from_bytes([1; 16]), SCOPE, &PDF);
    let document = NotedDocument { key, scope: SCOPE, pdf: PDF };
    Draft {
        document,
        change: vec![7; bytes],
        put: Vec::new(),
        removed: Vec::new(),
        carried: Vec::new(),
    }
}

#[test]
fn a_second_process_waits_and_is_then_told_that_the_profile_is_in_use() {
    let folder = tempfile::tempdir().unwrap();
    let first = SqliteStore::open(folder.path()).unwrap();
    assert_eq!(SqliteStore::open(folder.path()).unwrap_err().kind, StoreErrorKind::Busy);
    drop(first);
    SqliteStore::open(folder.path()).unwrap();
}

#[test]
fn a_full_disk_is_said_so_and_loses_nothing_that_was_answered() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = SqliteStore::open(folder.path()).unwrap();
    store.save_draft(&draft(4)).unwrap();
    // Room for a few hundred pages: SQLite answers beyond them exactly as on a full disk.
    store.limit_pages(400).unwrap();
    let mut answered = 1;
    let full = loop {
        match store.save_draft(&draft(100_000)) {
            Ok(()) => answered += 1,
            Err(error) => break error,
        }
        assert!(answered < 100, "the disk never filled");
    };
    assert_eq!(full.kind, StoreErrorKind::Full);
    assert_eq!(store.pending().unwrap(), answered);

    // Room again: everything is there, and writing goes on.
    store.limit_pages(1 << 30).unwrap();
    store.save_draft(&draft(100_000)).unwrap();
    drop(store);
    assert_eq!(SqliteStore::open(folder.path()).unwrap().pending().unwrap(), answered + 1);
}
