//! A disk that fails at every call in turn: full, faulty, or with the end of the process before or in the middle of it.
//! What was answered is there, what was refused is said, nothing panics, the store goes on when the disk does, and none
//! of it passes for damage. The same in the middle of every migration of every past version.
//!
//! Some calls of each kind are tried, spread over all; `PUPITRE_FAULTS=all` tries each.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stderr,
    missing_docs,
    reason = "a test may stop at the first surprise"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::env;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output};

use client::ports::{
    Cursor, Draft, Keys, NotedDocument, PaperFiles, Store, StoreError, StoreErrorKind,
};
use domain::{CouncilId, MemberId, Sha256};
use pupitre_store::{FileKeys, FilePapers, SqliteStore};
use rusqlite::Connection;
use testkit::Signer;
use testkit::faults::{Fault, Faults, Kind};
use wire::{Ack, Audience, DocKey, Logged, Outcome, Scope};

const COUNCIL: CouncilId = CouncilId::from_bytes([1; 16]);
const SCOPE: Scope = Scope { owner: MemberId::from_bytes([2; 16]), audience: Audience::Private };
const PDF: Sha256 = Sha256::from_bytes([3; 32]);

fn document() -> NotedDocument {
    NotedDocument { key: DocKey::of_notes(COUNCIL, SCOPE, &PDF), scope: SCOPE, pdf: PDF }
}

/// A change of more than a page, that begins with its number.
const CHANGE: usize = 5_000;

fn draft(number: u64) -> Draft {
    let mut change = number.to_be_bytes().to_vec();
    change.resize(CHANGE, 0);
    Draft {
        document: document(),
        change,
        put: Vec::new(),
        removed: Vec::new(),
        carried: Vec::new(),
    }
}

fn numbers(store: &impl Store) -> Vec<u64> {
    let changes = store.note_pieces(document().key).unwrap().changes.concat();
    changes.chunks(CHANGE).map(|one| u64::from_be_bytes(one[..8].try_into().unwrap())).collect()
}

fn say(what: &str) {
    let mut out = std::io::stdout();
    writeln!(out, "@ {what}").unwrap();
    out.flush().unwrap();
}

/// This test program once more, for one test, which sees `name` set to `value`.
fn myself(test: &str, name: &str, value: &Path) -> Command {
    let mut command = Command::new(env::current_exe().unwrap());
    command.args(["--exact", test, "--nocapture", "--test-threads=1"]).env(name, value);
    command
}

const DAY: &str = "PUPITRE_TEST_FAULTY_DAY";
/// Drafts of a day.
const DRAFTS: u64 = 8;

/// Not a scene: the tablet whose disk fails. It says what was answered, and how.
#[test]
fn the_day_on_a_failing_disk() {
    let Some(profile) = env::var_os(DAY) else { return };
    let profile = Path::new(&profile);
    // As the app does when it could not be opened: it is opened again.
    let opened = SqliteStore::open(profile).or_else(|error| {
        say(&format!("unopened {:?}", error.kind));
        SqliteStore::open(profile)
    });
    let mut store = match opened {
        Ok(store) => store,
        Err(error) => return say(&format!("unopened {:?}", error.kind)),
    };
    let mut own = Signer::new(1);
    // As the client's shelf does.
    let tell = |store: &mut SqliteStore, what: &str, done: Result<(), StoreError>| match done {
        Ok(()) => say(what),
        Err(error) => {
            say(&format!("refused {:?} {what}", error.kind));
            if error.kind == StoreErrorKind::Corrupt {
                store.doubted();
            }
        }
    };
    for number in 0..DRAFTS {
        let done = store.save_draft(&draft(number));
        tell(&mut store, &format!("draft {number}"), done);
        if number % 3 == 2 {
            let done = sealed(&mut store, &mut own);
            tell(&mut store, "seal", done);
            let done = answered(&mut store);
            tell(&mut store, "answer", done);
        }
    }
    let files = FilePapers::open(profile).and_then(|files| {
        files.append(&PDF, &[7; 131_072])?;
        files.received(&PDF).map(drop)
    });
    tell(&mut store, "paper", files);
    let key = FileKeys::open(profile).map(|keys| keys.public_key().is_ok());
    say(&format!("key {}", key.is_ok_and(|made| made)));
    say("end");
}

fn sealed(store: &mut SqliteStore, own: &mut Signer) -> Result<(), StoreError> {
    for group in store.drafts()? {
        own.next = store.next_device_seq()?;
        let op = own.note(COUNCIL, SCOPE, PDF, &group.changes);
        store.seal(&op, &group.drafts)?;
    }
    Ok(())
}

fn answered(store: &mut SqliteStore) -> Result<(), StoreError> {
    let Cursor { seq, .. } = store.cursor()?;
    let sent = store.outbox(usize::MAX)?;
    let acks: Vec<Ack> = (seq + 1..)
        .zip(&sent)
        .map(|(seq, op)| Ack {
            device_seq: op.header.device_seq,
            outcome: Outcome::Accepted { seq },
        })
        .collect();
    store.acknowledge(&acks, 0)?;
    let items: Vec<Logged> = (seq + 1..)
        .zip(sent)
        .map(|(seq, op)| Logged { seq, received_ms: 0, record_version: 0, op })
        .collect();
    let cursor = Cursor { seq: seq + items.len() as u64, view: 1 };
    store.apply(&items, cursor, 0).map(drop)
}

/// What a process said.
fn said(ran: &Output) -> Vec<String> {
    let out = String::from_utf8_lossy(&ran.stdout);
    let lines = out.lines().filter_map(|line| line.split_once("@ "));
    lines.map(|(_, said)| said.to_owned()).collect()
}

/// How many calls lie between two that are tried, when so many are to be tried of all.
fn stride(calls: u64, tried: u64) -> usize {
    let all = env::var("PUPITRE_FAULTS").is_ok_and(|wish| wish == "all");
    if all { 1 } else { usize::try_from(calls / tried).unwrap().max(1) }
}

/// The tablet looked at on a sound disk.
fn check(profile: &Path, said: &[String], what: &str) {
    // Looked through whole; a tablet may have been killed before it had a folder.
    std::fs::create_dir_all(profile).unwrap();
    std::fs::write(profile.join("doubtful"), b"").unwrap();
    let mut store = SqliteStore::open(profile).unwrap_or_else(|e| panic!("{what}: {e}"));
    assert_eq!(store.mended(), None, "{what}: a fault is no damage");
    let kept = numbers(&store);
    let answered: BTreeSet<u64> = said
        .iter()
        .filter_map(|line| line.strip_prefix("draft "))
        .map(|number| number.parse().unwrap())
        .collect();
    let held: BTreeSet<u64> = kept.iter().copied().collect();
    assert!(held.is_superset(&answered), "{what}: answered {answered:?}, kept {kept:?}");
    assert!(kept.is_sorted() && held.len() == kept.len(), "{what}: {kept:?}");
    // A change that was refused may stand all the same, when the refusal was that of the last step; another may not.
    let refused = said.iter().filter(|line| line.contains(" draft ")).count();
    let killed = !said.iter().any(|line| line == "end");
    assert!(held.len() <= answered.len() + refused + usize::from(killed), "{what}: {kept:?}");
    let seals = said.iter().filter(|line| *line == "seal").count() as u64;
    assert!(store.next_device_seq().unwrap() > seals, "{what}: a number is given again");
    store.save_draft(&draft(100)).unwrap();
    assert_eq!(numbers(&store).last(), Some(&100), "{what}: it goes on");
    assert!(FileKeys::open(profile).unwrap().public_key().is_ok(), "{what}");
    let files = FilePapers::open(profile).unwrap();
    let received = files.received(&PDF).unwrap();
    assert!(received <= 131_072, "{what}");
    if said.iter().any(|line| line == "paper") {
        assert_eq!(received, 131_072, "{what}");
    }
}

#[test]
fn a_disk_that_fails_at_any_call_costs_nothing_that_was_answered() {
    let workshop = tempfile::tempdir().unwrap();
    let Some(faults) = Faults::new(workshop.path()) else {
        eprintln!("skipped: no faults can be made on this system");
        return;
    };
    let mut tried = BTreeMap::new();
    let run = |fault: Fault| {
        let folder = tempfile::tempdir().unwrap();
        let profile = folder.path().canonicalize().unwrap().join("profile");
        let mut day = myself("the_day_on_a_failing_disk", DAY, &profile);
        faults.lay(&mut day, &profile, fault);
        let ran = day.output().unwrap();
        let what = format!("{fault:?}");
        let said = said(&ran);
        let errors = String::from_utf8_lossy(&ran.stderr);
        assert!(!errors.contains("panicked"), "{what}: {errors}");
        if fault.kind.is_end() && fault.at > 0 {
            assert!(!ran.status.success(), "{what}: it outlived it");
        } else {
            assert!(ran.status.success(), "{what}: {said:?} {errors}");
        }
        check(&profile, &said, &what);
        said
    };
    for kind in Kind::ALL {
        let quiet = run(Fault { kind, at: 0, many: 1 });
        assert!(quiet.ends_with(&["paper".into(), "key true".into(), "end".into()]), "{quiet:?}");
        let calls = faults.counted();
        assert!(calls > 60, "{kind:?}: {calls} calls");
        for at in (1..=calls).step_by(stride(calls, 14)) {
            let said = run(Fault { kind, at, many: 1 });
            *tried.entry((kind, "one call")).or_insert(0) += 1;
            // What one call was refused is said, and all else is done.
            if !kind.is_end() {
                let amiss = |line: &&String| {
                    line.starts_with("refused")
                        || line.starts_with("unopened")
                        || **line == "key false"
                };
                let troubles = said.iter().filter(amiss).count();
                assert!(troubles <= 2, "{kind:?} {at}: {said:?}");
            }
        }
        if kind == Kind::Full {
            // It stays full for a while, and then there is room again. (What is met while the tablet closes is told
            // to nobody: the log is folded in at the next start.)
            let mut told = 0;
            for at in (1..=calls).step_by(stride(calls, 5)) {
                let said = run(Fault { kind, at, many: 12 });
                let full = |line: &&String| line.contains("Full") || **line == "key false";
                // SQLite says of a journal that finds no room for its name that it cannot be opened.
                let other = |line: &&String| {
                    let told = line.contains("Full") || line.ends_with(" paper");
                    line.starts_with("refused") && !told
                };
                told += u32::from(said.iter().any(|line| full(&line)));
                assert_eq!(said.iter().find(other), None, "{at}: {said:?}");
                *tried.entry((kind, "twelve calls")).or_insert(0) += 1;
            }
            assert!(told >= 3, "a disk that is full was told {told} times");
        }
    }
    eprintln!("{tried:?}");
}

const MIGRATIONS: [&str; 9] = [
    include_str!("../../../migrations/client/0001_tablet.sql"),
    include_str!("../../../migrations/client/0002_audiences.sql"),
    include_str!("../../../migrations/client/0003_clerk.sql"),
    include_str!("../../../migrations/client/0004_carried.sql"),
    include_str!("../../../migrations/client/0005_convocations.sql"),
    include_str!("../../../migrations/client/0006_inspections.sql"),
    include_str!("../../../migrations/client/0007_changes_read.sql"),
    include_str!("../../../migrations/client/0008_messages.sql"),
    include_str!("../../../migrations/client/0009_sealed.sql"),
];
const HELD: [&str; 9] = [
    include_str!("../../../migrations/client/fixtures/0001.sql"),
    include_str!("../../../migrations/client/fixtures/0002.sql"),
    include_str!("../../../migrations/client/fixtures/0003.sql"),
    include_str!("../../../migrations/client/fixtures/0004.sql"),
    include_str!("../../../migrations/client/fixtures/0005.sql"),
    include_str!("../../../migrations/client/fixtures/0006.sql"),
    include_str!("../../../migrations/client/fixtures/0007.sql"),
    include_str!("../../../migrations/client/fixtures/0008.sql"),
    include_str!("../../../migrations/client/fixtures/0009.sql"),
];

/// A store of a past version, plain as it was then.
fn past(profile: &Path, version: usize) {
    std::fs::create_dir_all(profile).unwrap();
    let db = Connection::open(profile.join("pupitre.db")).unwrap();
    db.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(())).unwrap();
    for migration in &MIGRATIONS[..version] {
        db.execute_batch(migration).unwrap();
    }
    db.execute_batch(HELD[version - 1]).unwrap();
    db.pragma_update(None, "user_version", i64::try_from(version).unwrap()).unwrap();
    db.pragma_update(None, "application_id", 0x5075_7054).unwrap();
}

const UPGRADE: &str = "PUPITRE_TEST_UPGRADE";

/// Not a scene: the app that opens a store of a past version.
#[test]
fn the_upgrade_that_is_cut_short() {
    let Some(profile) = env::var_os(UPGRADE) else { return };
    match SqliteStore::open(Path::new(&profile)) {
        Ok(_) => say("opened"),
        Err(error) => say(&format!("unopened {:?}", error.kind)),
    }
}

#[test]
fn an_upgrade_from_any_version_that_is_cut_short_anywhere_loses_nothing() {
    let workshop = tempfile::tempdir().unwrap();
    let Some(faults) = Faults::new(workshop.path()) else {
        eprintln!("skipped: no faults can be made on this system");
        return;
    };
    let mut tried = 0;
    for version in 1..=MIGRATIONS.len() {
        for kind in Kind::ALL {
            let run = |at: u64| {
                let folder = tempfile::tempdir().unwrap();
                let profile = folder.path().canonicalize().unwrap().join("profile");
                past(&profile, version);
                let mut upgrade = myself("the_upgrade_that_is_cut_short", UPGRADE, &profile);
                faults.lay(&mut upgrade, &profile, Fault { kind, at, many: 1 });
                let ran = upgrade.output().unwrap();
                let what = format!("from version {version}, {kind:?} at {at}");
                let errors = String::from_utf8_lossy(&ran.stderr);
                assert!(!errors.contains("panicked"), "{what}: {errors}");
                assert_eq!(ran.status.success(), at == 0 || !kind.is_end(), "{what}");
                let store = SqliteStore::open(&profile).unwrap_or_else(|e| panic!("{what}: {e}"));
                assert_eq!(store.mended(), None, "{what}");
                let profile = store.profile().unwrap().unwrap();
                assert_eq!(profile.council_name, "Ville de Valbrune", "{what}");
                assert_eq!(store.notes(None).unwrap().len(), 3, "{what}");
                let waiting = (store.outbox(9).unwrap().len(), store.drafts().unwrap().len());
                assert_eq!(waiting, (1, 1), "{what}");
                assert_eq!(store.next_device_seq().unwrap(), 4, "{what}");
                faults.counted()
            };
            let calls = run(0);
            // Each version begins elsewhere, so that together they meet all of them.
            for at in (1 + version as u64..=calls).step_by(stride(calls, 3)) {
                run(at);
                tried += 1;
            }
        }
    }
    eprintln!("{tried} upgrades cut short");
    assert!(tried > 80);
}
