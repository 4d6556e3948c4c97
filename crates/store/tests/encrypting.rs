//! A store of an earlier version is encrypted: killed anywhere, nothing is lost; and nothing of a
//! profile can be read on its disk.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs,
    reason = "a test may stop at the first surprise"
)]

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use client::ports::{Draft, Keys, NotedDocument, Store};
use domain::{CouncilId, MemberId, Sha256};
use ipc::Secret;
use pupitre_store::{FileKeys, SqliteStore};
use wire::{Audience, DocKey, Scope};

const MIGRATIONS: [&str; 8] = [
    include_str!("../../../migrations/client/0001_tablet.sql"),
    include_str!("../../../migrations/client/0002_audiences.sql"),
    include_str!("../../../migrations/client/0003_clerk.sql"),
    include_str!("../../../migrations/client/0004_carried.sql"),
    include_str!("../../../migrations/client/0005_convocations.sql"),
    include_str!("../../../migrations/client/0006_inspections.sql"),
    include_str!("../../../migrations/client/0007_changes_read.sql"),
    include_str!("../../../migrations/client/0008_messages.sql"),
];
const HELD: &str = include_str!("../../../migrations/client/fixtures/0008.sql");
/// Pages of text that make the plain store some ten megabytes large.
const TEXTS: i64 = 4_000;

/// A store as the version before encryption left it, its log included.
fn plain(profile: &Path) {
    fs::create_dir_all(profile).unwrap();
    let db = rusqlite::Connection::open(profile.join("pupitre.db")).unwrap();
    db.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(())).unwrap();
    for migration in MIGRATIONS {
        db.execute_batch(migration).unwrap();
    }
    db.execute_batch(HELD).unwrap();
    db.pragma_update(None, "user_version", 8).unwrap();
    db.pragma_update(None, "application_id", 0x5075_7054).unwrap();
    let text = "subvention aux associations sportives, ".repeat(60);
    db.execute_batch("BEGIN").unwrap();
    for page in 0..TEXTS {
        db.execute(
            "INSERT INTO page (page_no, pdf, page, words) SELECT ?1, pdf, ?1, ?2 FROM paper",
            (page + 100, format!("{page} {text}")),
        )
        .unwrap();
    }
    db.execute_batch("COMMIT").unwrap();
}

/// Everything of the plain store is there.
fn check(profile: &Path) {
    let store = SqliteStore::open(profile).unwrap();
    assert_eq!(store.profile().unwrap().unwrap().council_name, "Ville de Valbrune");
    assert_eq!(store.notes(None).unwrap().len(), 3);
    assert_eq!((store.outbox(9).unwrap().len(), store.drafts().unwrap().len()), (1, 1));
    drop(store);
    let pages = SqliteStore::decrypted(profile).unwrap();
    assert!(holds(&pages, format!("{} subvention", TEXTS - 1).as_bytes()));
}

/// By way of text, which the standard library searches a hundred times faster than windows of bytes.
fn holds(bytes: &[u8], word: &[u8]) -> bool {
    String::from_utf8_lossy(bytes).contains(std::str::from_utf8(word).unwrap())
}

/// Files of a folder, at any depth.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for file in files(from) {
        fs::copy(&file, to.join(file.file_name().unwrap())).unwrap();
    }
}

const PROFILE: &str = "PUPITRE_TEST_ENCRYPTING";

/// Not a scene: the tablet that the next scene kills.
#[test]
fn the_upgrade_that_is_cut_short() {
    let Some(profile) = env::var_os(PROFILE) else { return };
    drop(SqliteStore::open(Path::new(&profile)).unwrap());
}

#[test]
fn an_upgrade_killed_anywhere_keeps_everything_and_leaves_no_rest() {
    let folder = tempfile::tempdir().unwrap();
    let before = folder.path().join("before");
    plain(&before);
    let mut cut = 0;
    for cycle in 0..16_u64 {
        let profile = folder.path().join(format!("cycle-{cycle}"));
        copy(&before, &profile);
        let mut tablet = Command::new(env::current_exe().unwrap())
            .args(["--exact", "the_upgrade_that_is_cut_short"])
            .env(PROFILE, &profile)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        // So far, then the kill; the last ones come while the copy is read through, or too late.
        let beside = profile.join("pupitre.sealing");
        while tablet.try_wait().unwrap().is_none()
            && fs::metadata(&beside).map_or(0, |about| about.len()) < cycle * 1_200_000
        {
            std::thread::sleep(Duration::from_millis(1));
        }
        tablet.kill().unwrap();
        tablet.wait().unwrap();
        cut += u32::from(beside.exists());
        check(&profile);
        let names: Vec<String> = files(&profile)
            .iter()
            .map(|file| file.file_name().unwrap().to_string_lossy().into_owned())
            .filter(|name| name.contains("sealing"))
            .collect();
        assert!(names.is_empty(), "{names:?} stay behind");
        fs::remove_dir_all(&profile).unwrap();
    }
    assert!(cut > 0, "no kill came while the copy was made");
}

#[test]
fn a_plain_store_that_is_damaged_is_set_aside_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    plain(folder.path());
    let path = folder.path().join("pupitre.db");
    let mut bytes = fs::read(&path).unwrap();
    let half = bytes.len() / 2;
    bytes[half..].fill(0x5a);
    fs::write(&path, &bytes).unwrap();
    let store = SqliteStore::open(folder.path()).unwrap();
    assert!(store.mended().is_some());
    drop(store);
    assert!(fs::read(folder.path().join("aside/1/pupitre.db")).unwrap() == bytes);
    assert!(!fs::read(&path).unwrap().starts_with(b"SQLite format 3"), "the new one is encrypted");
    assert!(!folder.path().join("pupitre.sealing").exists());
}

#[test]
fn nothing_of_an_upgraded_or_a_new_store_can_be_read_on_the_disk() {
    let folder = tempfile::tempdir().unwrap();
    plain(folder.path());
    let key = DocKey::of_notes(
        CouncilId::from_bytes([1; 16]),
        Scope { owner: MemberId::from_bytes([2; 16]), audience: Audience::Private },
        &Sha256::from_bytes([3; 32]),
    );
    let scope = Scope { owner: MemberId::from_bytes([2; 16]), audience: Audience::Private };
    let document = NotedDocument { key, scope, pdf: Sha256::from_bytes([3; 32]) };
    // Once while it is open, its log beside it, and once closed.
    let mut store = SqliteStore::open(folder.path()).unwrap();
    store
        .save_draft(&Draft {
            document,
            change: b"note tout a fait confidentielle".to_vec(),
            put: Vec::new(),
            removed: Vec::new(),
            carried: Vec::new(),
        })
        .unwrap();
    let keys = FileKeys::open(folder.path()).unwrap();
    keys.public_key().unwrap();
    keys.keep_password(&document.pdf, &Secret::new("motdepasse huis clos")).unwrap();
    let words: [&[u8]; 8] = [
        b"SQLite format 3",
        b"CREATE TABLE",
        b"confidentielle",
        b"subvention",
        b"Valbrune",
        b"Morel",
        b"Qui paie",
        b"motdepasse",
    ];
    let seen = |when: &str| {
        for file in files(folder.path()) {
            let bytes = fs::read(&file).unwrap();
            for word in words {
                let told = String::from_utf8_lossy(word);
                assert!(!holds(&bytes, word), "{told} stands in {} ({when})", file.display());
            }
        }
    };
    assert!(folder.path().join("pupitre.db-wal").metadata().unwrap().len() > 0);
    seen("open");
    drop(store);
    seen("closed");
    // They are there for whoever holds the keys: the search would find them.
    let pages = SqliteStore::decrypted(folder.path()).unwrap();
    for word in &words[..7] {
        assert!(holds(&pages, word), "{}", String::from_utf8_lossy(word));
    }
}
