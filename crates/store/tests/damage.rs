//! Real damage to a tablet's encrypted database: the header or the salt gone, pages overwritten, the file cut or
//! gone, a write-ahead log torn. What was damaged is set aside as it was; what had not been sent
//! is carried over; a kill in the middle of that loses nothing. A key that is not the store's is no damage.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs,
    reason = "a test may stop at the first surprise"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use client::ports::{
    Cursor, Draft, Lock, LockError, Mended, NotedDocument, Profile, Reading, Store, StoreErrorKind,
};
use domain::{CouncilId, DeviceId, DocumentId, MemberId, Role, Sha256};
use ipc::Secret;
use pupitre_store::{SqliteStore, Vault};
use rusqlite::Connection;
use testkit::Signer;
use wire::{Ack, Audience, DocKey, Logged, Op, Outcome, Scope};

const COUNCIL: CouncilId = CouncilId::from_bytes([1; 16]);
const MEMBER: MemberId = MemberId::from_bytes([2; 16]);
const SCOPE: Scope = Scope { owner: MEMBER, audience: Audience::Private };
const PAGE: usize = 4_096;

fn pdf(n: u8) -> Sha256 {
    Sha256::from_bytes([n; 32])
}

fn document(n: u8) -> NotedDocument {
    NotedDocument { key: DocKey::of_notes(COUNCIL, SCOPE, &pdf(n)), scope: SCOPE, pdf: pdf(n) }
}

fn draft(n: u8, change: Vec<u8>) -> Draft {
    Draft {
        document: document(n),
        change,
        put: Vec::new(),
        removed: Vec::new(),
        carried: Vec::new(),
    }
}

/// What a tablet had and had not sent.
struct Held {
    outbox: Vec<Op>,
    drafts: BTreeMap<DocKey, Vec<u8>>,
    next: u64,
}

/// A tablet in use: forty notes in the log, eight operations that wait, eight drafts, and so much of
/// each that every table has pages of its own.
fn used(folder: &Path) -> Held {
    let mut store = SqliteStore::open(folder).unwrap();
    let mut own = Signer::new(1);
    let profile = Profile {
        server: "https://valbrune.example".to_owned(),
        authority: None,
        council: COUNCIL,
        council_name: "Ville de Valbrune".to_owned(),
        member: MEMBER,
        role: Role::Official,
        device: own.device,
        device_name: "Tablette".to_owned(),
    };
    store.save_profile(&profile).unwrap();
    let mut sealed = |store: &mut SqliteStore, n: u8| {
        store.save_draft(&draft(n, vec![n; 1_500])).unwrap();
        let group = store.drafts().unwrap().remove(0);
        own.next = store.next_device_seq().unwrap();
        let op = own.note(COUNCIL, SCOPE, pdf(n), &group.changes);
        store.seal(&op, &group.drafts).unwrap();
        op
    };
    for n in 0..40 {
        let op = sealed(&mut store, n);
        let (device_seq, seq) = (op.header.device_seq, u64::from(n) + 1);
        store.acknowledge(&[Ack { device_seq, outcome: Outcome::Accepted { seq } }], 0).unwrap();
        let entry = Logged { seq, received_ms: 0, record_version: 0, op };
        store.apply(&[entry], Cursor { seq, view: 7 }, 0).unwrap();
    }
    let outbox: Vec<Op> = (50..58).map(|n| sealed(&mut store, n)).collect();
    let mut drafts = BTreeMap::new();
    for n in 60..68 {
        store.save_draft(&draft(n, vec![n; 1_500])).unwrap();
        drafts.insert(document(n).key, vec![n; 1_500]);
    }
    for n in (0..40).chain(50..58).chain(60..68) {
        store.paper_arrived(&pdf(n)).unwrap();
    }
    let document = DocumentId::from_bytes([9; 16]);
    let reading = Reading { document, version: 1, page: 12, at_ms: 5, since: 0, seen: 0 };
    store.save_reading(&reading).unwrap();
    Held { outbox, drafts, next: store.next_device_seq().unwrap() }
}

fn drafts_of(store: &SqliteStore) -> BTreeMap<DocKey, Vec<u8>> {
    store.drafts().unwrap().into_iter().map(|group| (group.document.key, group.changes)).collect()
}

/// Everything that had not been sent is there as it was, and the rest comes from the beginning.
fn assert_all_is_back(store: &SqliteStore, held: &Held, what: &str) {
    assert_eq!(store.mended(), Some(Mended { unsent: 16, enrolled: true }), "{what}");
    assert_eq!(store.outbox(usize::MAX).unwrap(), held.outbox, "{what}");
    assert_eq!(drafts_of(store), held.drafts, "{what}");
    assert_eq!(store.next_device_seq().unwrap(), held.next, "{what}");
    assert_eq!(store.profile().unwrap().unwrap().device, Signer::new(1).device, "{what}");
    assert_eq!(store.cursor().unwrap(), Cursor::default(), "{what}");
}

fn assert_it_works(mut store: SqliteStore, folder: &Path, what: &str) {
    store.save_draft(&draft(70, b"after".to_vec())).unwrap();
    let before = (store.outbox(usize::MAX).unwrap(), drafts_of(&store));
    drop(store);
    // Looked through whole: every seal, every index.
    std::fs::write(folder.join("doubtful"), b"").unwrap();
    let store = SqliteStore::open(folder).unwrap();
    assert_eq!(store.mended(), None, "{what}: mended once");
    assert_eq!((store.outbox(usize::MAX).unwrap(), drafts_of(&store)), before, "{what}");
}

/// A folder like another.
fn copy_of(origin: &Path) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for entry in std::fs::read_dir(origin).unwrap() {
        let entry = entry.unwrap();
        if entry.file_type().unwrap().is_file() {
            std::fs::copy(entry.path(), folder.path().join(entry.file_name())).unwrap();
        }
    }
    folder
}

/// A copy of a tablet with other bytes for its database, in doubt as the app leaves it when an answer was damage.
fn with_bytes(origin: &Path, bytes: &[u8]) -> tempfile::TempDir {
    let folder = copy_of(origin);
    std::fs::write(folder.path().join("pupitre.db"), bytes).unwrap();
    std::fs::write(folder.path().join("doubtful"), b"").unwrap();
    folder
}

/// Damages the database of a used tablet.
fn damaged(damage: impl FnOnce(&mut Vec<u8>)) -> (tempfile::TempDir, Held, Vec<u8>) {
    let folder = tempfile::tempdir().unwrap();
    let held = used(folder.path());
    let path = folder.path().join("pupitre.db");
    let mut bytes = std::fs::read(&path).unwrap();
    damage(&mut bytes);
    std::fs::write(&path, &bytes).unwrap();
    (folder, held, bytes)
}

fn aside(folder: &Path) -> Vec<u8> {
    std::fs::read(folder.join("aside/1/pupitre.db")).unwrap()
}

#[test]
fn a_header_of_zeros_costs_nothing_that_was_not_sent() {
    let (folder, held, bytes) = damaged(|bytes| bytes[..100].fill(0));
    let store = SqliteStore::open(folder.path()).unwrap();
    assert_eq!(aside(folder.path()), bytes, "it stands aside as it was");
    assert_all_is_back(&store, &held, "header");
    assert_eq!(store.readings().unwrap()[0].page, 12);
    assert_it_works(store, folder.path(), "header");
}

#[test]
fn a_first_page_of_zeros_costs_nothing_that_was_not_sent() {
    let (folder, held, _) = damaged(|bytes| bytes[..PAGE].fill(0));
    let store = SqliteStore::open(folder.path()).unwrap();
    assert_all_is_back(&store, &held, "first page");
    assert_it_works(store, folder.path(), "first page");
}

#[test]
fn a_salt_that_is_spoiled_costs_nothing_that_was_not_sent() {
    let (folder, held, _) = damaged(|bytes| bytes[..16].fill(0x33));
    let store = SqliteStore::open(folder.path()).unwrap();
    assert_all_is_back(&store, &held, "salt");
    assert_it_works(store, folder.path(), "salt");
}

#[test]
fn a_file_of_which_nothing_is_left_is_set_aside_and_its_tablet_is_still_whose_it_was() {
    let nothing_left: [fn(&mut Vec<u8>); 3] =
        [|bytes| bytes.fill(0x5a), |bytes| bytes.truncate(100), |bytes| bytes.clear()];
    for nothing in nothing_left {
        let (folder, _, bytes) = damaged(nothing);
        let store = SqliteStore::open(folder.path()).unwrap();
        assert_eq!(store.mended(), Some(Mended { unsent: 0, enrolled: true }));
        assert_eq!(aside(folder.path()), bytes);
        assert_eq!(store.profile().unwrap().unwrap().member, MEMBER);
        assert_it_works(store, folder.path(), "nothing left");
    }
    let (folder, _, _) = damaged(|_| {});
    std::fs::remove_file(folder.path().join("pupitre.db")).unwrap();
    let store = SqliteStore::open(folder.path()).unwrap();
    assert_eq!(store.mended(), Some(Mended { unsent: 0, enrolled: true }));
}

/// Every file of a folder but the lock.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.file_type().unwrap().is_file() && entry.file_name() != "lock")
        .map(|entry| {
            (entry.file_name().into_string().unwrap(), std::fs::read(entry.path()).unwrap())
        })
        .collect()
}

#[test]
fn a_key_that_is_not_the_stores_is_no_damage_and_nothing_is_touched() {
    // The vault of another tablet, as after a copy of half a folder; with this one's chart, and without.
    let other = tempfile::tempdir().unwrap();
    drop(SqliteStore::open(other.path()).unwrap());
    let origin = tempfile::tempdir().unwrap();
    let held = used(origin.path());
    for chart in [true, false] {
        let folder = copy_of(origin.path());
        for name in ["vault.json", "vault.key"] {
            std::fs::copy(other.path().join(name), folder.path().join(name)).unwrap();
        }
        if !chart {
            std::fs::remove_file(folder.path().join("pupitre.chart")).unwrap();
        }
        let before = files(folder.path());
        let error = SqliteStore::open(folder.path()).unwrap_err();
        assert_eq!(error.kind, StoreErrorKind::Corrupt, "{error}");
        assert_eq!(files(folder.path()), before);
        assert!(!folder.path().join("aside").exists());
        // With its own vault again it is as it was.
        for name in ["vault.json", "vault.key"] {
            std::fs::copy(origin.path().join(name), folder.path().join(name)).unwrap();
        }
        let store = SqliteStore::open(folder.path()).unwrap();
        assert_eq!((store.mended(), drafts_of(&store)), (None, held.drafts.clone()));
    }
}

#[test]
fn a_wrong_pin_before_a_damaged_store_sets_nothing_aside() {
    let (folder, held, _) = damaged(|bytes| bytes[..PAGE].fill(0));
    let vault = Vault::open(folder.path()).unwrap();
    vault.set_pin(Some(&Secret::new("493827"))).unwrap();
    drop(vault);
    let vault = Vault::open(folder.path()).unwrap();
    let now = client::ports::World::boot(&client::SystemWorld::default());
    assert!(matches!(vault.unlock(&Secret::new("111111"), &now), Err(LockError::Wrong)));
    let refused = SqliteStore::open_with(folder.path(), &vault).unwrap_err();
    assert_eq!(refused.kind, StoreErrorKind::Locked);
    assert!(!folder.path().join("aside").exists());
    vault.unlock(&Secret::new("493827"), &now).unwrap();
    let store = SqliteStore::open_with(folder.path(), &vault).unwrap();
    assert_all_is_back(&store, &held, "after the right one");
}

/// The plain pages of a database, for questions about where its tables stand.
fn plain(folder: &Path) -> Connection {
    let mut pages = SqliteStore::decrypted(folder).unwrap();
    pages[18..20].copy_from_slice(&[1, 1]); // Kept in memory it has no log.
    let mut db = Connection::open_in_memory().unwrap();
    db.deserialize_read_exact("main", pages.as_slice(), pages.len(), true).unwrap();
    db
}

/// The pages of each table and index, as SQLite counts them.
fn pages_of(folder: &Path, names: &[&str]) -> BTreeSet<usize> {
    let db = plain(folder);
    let mut all = db.prepare("SELECT name, pageno FROM dbstat").unwrap();
    let rows = all.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get(1)?))).unwrap();
    rows.map(Result::unwrap)
        .filter(|(name, _)| names.contains(&name.as_str()))
        .map(|(_, page): (String, u32)| page as usize)
        .collect()
}

#[test]
fn any_one_page_overwritten_costs_at_most_what_stood_on_it() {
    let origin = tempfile::tempdir().unwrap();
    let held = used(origin.path());
    let precious = pages_of(origin.path(), &["piece", "outbox"]);
    let bytes = std::fs::read(origin.path().join("pupitre.db")).unwrap();
    let (mut mended, mut whole) = (0, 0);
    for page in 1..=bytes.len() / PAGE {
        let what = format!("page {page}");
        let mut bytes = bytes.clone();
        // Bytes of no meaning, the same in every run.
        for (at, byte) in bytes[(page - 1) * PAGE..page * PAGE].iter_mut().enumerate() {
            *byte = (at * 89 + page * 7 + at * at / 13) as u8;
        }
        let folder = with_bytes(origin.path(), &bytes);
        let store = SqliteStore::open(folder.path()).unwrap();
        mended += u32::from(store.mended().is_some());
        assert_eq!(aside(folder.path()), bytes, "{what}");
        if precious.contains(&page) {
            // Nothing that was not there, nothing twice, nothing changed.
            let outbox = store.outbox(usize::MAX).unwrap();
            assert!(outbox.iter().all(|op| held.outbox.contains(op)), "{what}");
            let numbers: BTreeSet<u64> = outbox.iter().map(|op| op.header.device_seq).collect();
            assert_eq!(numbers.len(), outbox.len(), "{what}");
            let next = store.next_device_seq().unwrap();
            assert!(numbers.iter().all(|number| *number < next), "{what}");
            let drafts = drafts_of(&store);
            assert!(drafts.iter().all(|(doc, changes)| held.drafts.get(doc) == Some(changes)));
            let lost = held.drafts.len() - drafts.len();
            assert!(lost <= 3, "{what}: {lost} drafts are lost");
        } else {
            assert_all_is_back(&store, &held, &what);
            whole += 1;
        }
        assert_it_works(store, folder.path(), &what);
    }
    assert_eq!(mended as usize, bytes.len() / PAGE);
    assert!(mended > 30 && whole > 20, "{mended} mended, {whole} of them whole");
}

#[test]
fn a_damaged_page_of_sealed_notes_costs_none_that_also_wait_in_the_outbox() {
    let origin = tempfile::tempdir().unwrap();
    let held = used(origin.path());
    let bytes = std::fs::read(origin.path().join("pupitre.db")).unwrap();
    for table in ["piece", "outbox"] {
        for page in pages_of(origin.path(), &[table]) {
            let mut bytes = bytes.clone();
            bytes[(page - 1) * PAGE..page * PAGE].fill(0xff);
            let folder = with_bytes(origin.path(), &bytes);
            let store = SqliteStore::open(folder.path()).unwrap();
            assert!(store.mended().is_some(), "{table} {page}");
            assert_eq!(store.outbox(usize::MAX).unwrap(), held.outbox, "{table} {page}");
        }
    }
}

#[test]
fn a_file_cut_anywhere_opens_and_stands_aside() {
    let origin = tempfile::tempdir().unwrap();
    let held = used(origin.path());
    let bytes = std::fs::read(origin.path().join("pupitre.db")).unwrap();
    for length in (0..bytes.len()).step_by(PAGE * 9 + 17) {
        let folder = with_bytes(origin.path(), &bytes[..length]);
        let store = SqliteStore::open(folder.path()).unwrap();
        assert_eq!(aside(folder.path()), bytes[..length], "{length}");
        let outbox = store.outbox(usize::MAX).unwrap();
        assert!(outbox.iter().all(|op| held.outbox.contains(op)), "{length}");
        assert!(store.profile().unwrap().is_some(), "{length}");
        assert_it_works(store, folder.path(), &format!("cut at {length}"));
    }
}

#[test]
fn damage_that_is_met_in_the_middle_of_the_day_ends_neither_the_day_nor_what_it_holds() {
    let folder = tempfile::tempdir().unwrap();
    let held = used(folder.path());
    let path = folder.path().join("pupitre.db");
    let page =
        *pages_of(folder.path(), &["sqlite_autoindex_reading_1", "reading"]).first().unwrap();
    let mut bytes = std::fs::read(&path).unwrap();
    bytes[(page - 1) * PAGE..page * PAGE].fill(0xee);
    std::fs::write(&path, &bytes).unwrap();
    let mut store = SqliteStore::open(folder.path()).unwrap();
    assert_eq!(store.mended(), None, "what is looked at in a start is whole");
    assert_eq!(store.readings().unwrap_err().kind, StoreErrorKind::Corrupt);
    assert!(store.pending().is_err(), "that ended the connection");
    store.doubted();
    // All else goes on, and is durable.
    store.save_draft(&draft(61, b"more".to_vec())).unwrap();
    assert_eq!(store.pending().unwrap(), 17);
    drop(store);
    let store = SqliteStore::open(folder.path()).unwrap();
    assert_eq!(store.mended(), Some(Mended { unsent: 17, enrolled: true }));
    assert_eq!(store.outbox(usize::MAX).unwrap(), held.outbox);
    assert_it_works(store, folder.path(), "in the middle of the day");
}

#[test]
fn what_stands_in_the_write_ahead_log_alone_is_carried_over_too() {
    let origin = tempfile::tempdir().unwrap();
    drop(used(origin.path()));
    let mut store = SqliteStore::open(origin.path()).unwrap();
    store.save_draft(&draft(90, vec![9; 5_000])).unwrap();
    // As a kill leaves it: the log is not folded in.
    let folder = copy_of(origin.path());
    drop(store);
    assert!(folder.path().join("pupitre.db-wal").metadata().unwrap().len() > 5_000);
    let path = folder.path().join("pupitre.db");
    let mut bytes = std::fs::read(&path).unwrap();
    bytes[..PAGE].fill(0);
    std::fs::write(&path, &bytes).unwrap();
    std::fs::remove_file(folder.path().join("pupitre.db-shm")).ok();
    let store = SqliteStore::open(folder.path()).unwrap();
    let drafts = drafts_of(&store);
    assert_eq!(drafts.get(&document(90).key), Some(&vec![9; 5_000]));
    assert_eq!(drafts.len(), 9);
    assert!(store.mended().is_some());
}

#[test]
fn a_write_ahead_log_torn_anywhere_keeps_a_prefix_and_is_no_damage() {
    let origin = tempfile::tempdir().unwrap();
    let mut store = SqliteStore::open(origin.path()).unwrap();
    for n in 0..30_u8 {
        store.save_draft(&draft(1, vec![n; 64])).unwrap();
    }
    // As a power cut finds it: the store is open.
    let files = ["pupitre.db", "pupitre.db-wal"]
        .map(|name| (name, std::fs::read(origin.path().join(name)).unwrap()));
    let wal = files[1].1.len();
    assert!(wal > 30 * PAGE);
    let mut most = 0;
    for cut in (0..=wal).step_by(1_013).chain([wal]) {
        let folder = tempfile::tempdir().unwrap();
        for name in ["vault.json", "vault.key", "pupitre.chart"] {
            std::fs::copy(origin.path().join(name), folder.path().join(name)).unwrap();
        }
        std::fs::write(folder.path().join(files[0].0), &files[0].1).unwrap();
        std::fs::write(folder.path().join(files[1].0), &files[1].1[..cut]).unwrap();
        let torn = SqliteStore::open(folder.path()).unwrap();
        assert_eq!(torn.mended(), None, "{cut}");
        let kept = torn.note_pieces(document(1).key).unwrap().changes;
        let expected: Vec<Vec<u8>> =
            (0..kept.len()).map(|n| vec![u8::try_from(n).unwrap(); 64]).collect();
        assert_eq!(kept, expected, "{cut}: a prefix of what was done");
        assert!(kept.len() >= most, "{cut}: more of the log gives no less");
        most = kept.len();
    }
    assert_eq!(most, 30);
}

#[test]
fn a_kill_in_the_middle_of_mending_loses_nothing() {
    let (folder, held, bytes) = damaged(|bytes| bytes[..100].fill(0));
    // What a kill before the last step leaves: the new one whole, the damaged one in its place with a
    // log of its own, copies half made.
    let other = copy_of(folder.path());
    std::fs::write(other.path().join("pupitre.db"), &bytes).unwrap();
    drop(SqliteStore::open(other.path()).unwrap());
    std::fs::copy(other.path().join("pupitre.db"), folder.path().join("mended.db")).unwrap();
    std::fs::write(folder.path().join("pupitre.db-wal"), b"of the damaged one").unwrap();
    std::fs::create_dir(folder.path().join("mending")).unwrap();
    std::fs::write(folder.path().join("mending/half"), b"half").unwrap();
    let store = SqliteStore::open(folder.path()).unwrap();
    assert_eq!(store.mended(), None, "it only had to take its place");
    assert_eq!(store.outbox(usize::MAX).unwrap(), held.outbox);
    assert_eq!(drafts_of(&store), held.drafts);
    assert!(!folder.path().join("mending").exists() && !folder.path().join("mended.db").exists());

    // And one that comes earlier: copies lie there, nothing has taken a place.
    let (folder, held, _) = damaged(|bytes| bytes[..100].fill(0));
    std::fs::create_dir(folder.path().join("mending")).unwrap();
    std::fs::write(folder.path().join("mending/mended.db"), b"half").unwrap();
    let store = SqliteStore::open(folder.path()).unwrap();
    assert_all_is_back(&store, &held, "half mended");
}

#[test]
fn a_second_damage_is_set_aside_beside_the_first() {
    let (folder, held, _) = damaged(|bytes| bytes[..100].fill(0));
    drop(SqliteStore::open(folder.path()).unwrap());
    let path = folder.path().join("pupitre.db");
    let mut bytes = std::fs::read(&path).unwrap();
    bytes[..100].fill(0);
    std::fs::write(&path, &bytes).unwrap();
    let store = SqliteStore::open(folder.path()).unwrap();
    assert_all_is_back(&store, &held, "again");
    assert!(folder.path().join("aside/2/pupitre.db").exists());
}

#[test]
fn what_the_log_gives_again_after_the_damage_is_not_there_twice() {
    let (folder, _, _) = damaged(|bytes| bytes[..100].fill(0));
    let mut store = SqliteStore::open(folder.path()).unwrap();
    let mut own = Signer::new(1);
    for n in 0..40_u8 {
        own.next = u64::from(n) + 1;
        let op = own.note(COUNCIL, SCOPE, pdf(n), &vec![n; 1_500]);
        let seq = u64::from(n) + 1;
        let entry = Logged { seq, received_ms: 0, record_version: 0, op };
        let applied = store.apply(&[entry], Cursor { seq, view: 7 }, 0).unwrap();
        assert_eq!(applied.entries, 0, "{n} was carried over");
    }
    assert_eq!(store.bring_back(MEMBER).unwrap(), 0, "and none is thought lost");
    assert_eq!(store.note_pieces(document(3).key).unwrap().changes.concat(), vec![3; 1_500]);
    assert_ne!(own.device, DeviceId::from_bytes([0; 16]));
}
